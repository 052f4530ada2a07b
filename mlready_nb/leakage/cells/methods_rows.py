"""Methods that take rows out, order, repeat or put them together."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args, as_data
from mlready_nb.leakage.cells.attributes import pick
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.masks import key_of
from mlready_nb.leakage.cells.methods_columns import names_of
from mlready_nb.leakage.cells.registry import method
from mlready_nb.leakage.cells.rows import END, START, Bound, Cut, Order
from mlready_nb.leakage.cells.values import Const, Data, Filter, Seq, Trace, Unknown, Value, fresh
from mlready_nb.leakage.cells.waiting import Groups

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


@method("pivot_table")
def _pivot(m: Machine, data: Data, args: Args, _name: str) -> Value:
    from mlready_nb.leakage.cells.groups import aggregated, choose

    keys, values = names_of(args.get(1, "index")) or [], args.get(0, "values")
    groups = Groups(data, tuple(keys))
    groups = choose(groups, values) if values is not None else groups
    return aggregated(
        m, groups, groups.chosen or data, str(args.const(None, "aggfunc") or "mean"), Args(node=args.node)
    )


@method("repeat", "repeat_by")
def _repeat(m: Machine, data: Data, args: Args, _name: str) -> Value:
    note = Trace("repeats", data.rows, m.site, f"`{m.text(m.statement_node)}` repeats rows", names=(data.name,))
    return data.clone(repeats=(*data.repeats, note))


@method("backward")
def _backward(m: Machine, data: Data, args: Args, _name: str) -> Value:
    from mlready_nb.leakage.cells.models import backward

    return backward(m, data)


# -- rows --------------------------------------------------------------------
@method("dropna", "drop_nulls", "drop_duplicates", "unique", "drop_nans", "query", "nlargest", "nsmallest")
def _taken(m: Machine, data: Data, args: Args, name: str) -> Value:
    from mlready_nb.leakage.cells.subscripts import chosen

    if name == "unique" and data.form == "index":
        return data.clone()
    if name == "unique" and data.form == "series":
        return Names(data)
    if name == "dropna" and args.const(0, "axis") in (1, "columns"):
        return data.clone(partial=True)
    if name == "query":
        mask = queried(m, data, args.const(0, "expr"))
        if mask is not None:
            return chosen(m, data, mask)
    form = {"dropna": "dropna", "drop_nulls": "dropna", "drop_nans": "dropna"}.get(name, "filter")
    if name in ("drop_duplicates", "unique"):
        form = "duplicates"
    key = (name, data.rows, frozenset(n for n, _ in data.whole().deps), m.text(args.node, 200).rpartition(".")[2])
    of = frozenset(names_of(args.get(1, "columns", "subset", "by")) or ())
    note = Filter(
        m.site, data.rows, form, m.text(m.statement_node), form if form != "filter" else f"{name} {sorted(of)}", of
    )
    repeats = () if form == "duplicates" else data.repeats
    return data.clone(rows=data.rows.cut(Cut(key, "mask", True)), filters=(*data.filters, note), repeats=repeats)


def queried(m: Machine, data: Data, text: object) -> Data | None:
    """A query string as a mask."""
    if not isinstance(text, str):
        return None
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    from mlready_nb.leakage.cells.state import Scope

    names = {n.id: pick(data, n.id) for n in ast.walk(tree) if isinstance(n, ast.Name)}
    kept = m.scope
    m.scope = Scope(dict(names), kept)
    try:
        if isinstance(tree, ast.BoolOp):
            from mlready_nb.leakage.cells.masks import joined_masks

            parts = [m.eval(v) for v in tree.values]
            out = parts[0]
            for other in parts[1:]:
                out = joined_masks(out, other, isinstance(tree.op, ast.And))
        else:
            out = m.eval(tree)
    finally:
        m.scope = kept
    return out if isinstance(out, Data) and out.mask is not None else None


def _of_a_class(data: Data) -> bool:
    return any(f.form == "filter" for f in data.filters)


@method("sample")
def _sample(m: Machine, data: Data, args: Args, _name: str) -> Value:
    frac = args.const(None, "frac", "fraction")
    whole = isinstance(frac, (int, float))
    again = args.const(None, "replace", "with_replacement") is True
    if whole and frac == 1 and not again:
        return data.clone(rows=data.rows.ordered(Order("shuffled", mark=fresh())))
    if again or (whole and float(str(frac)) > 1):
        words = f"`{m.text(m.statement_node)}` draws rows with repetition"
        rows = data.rows.cut(Cut(("drawn", fresh()), "mask", True, random=True))
        note = Trace("repeats", rows, m.site, words, op="class" if _of_a_class(data) else "drawn", names=(data.name,))
        return data.clone(rows=rows, repeats=(*data.repeats, note))
    seed = args.const(None, "random_state", "seed")
    size = ("frac", frac) if frac is not None else ("n", key_of(args.get(0, "n")))
    key = ("sample", data.rows, size, seed if seed is not None else fresh())
    rows = data.rows.cut(Cut(key, "mask", True, random=True))
    m.parts.setdefault(key, {})[True] = m.site
    return data.clone(rows=rows)


@method("head", "tail", "limit", "take", "slice")
def _ends(m: Machine, data: Data, args: Args, name: str) -> Value:
    from mlready_nb.leakage.cells.subscripts import bound, by_key

    if name == "take":
        return by_key(m, data, args.get(0, "indices"), rows=True)
    if name == "slice" and data.form == "series" and data.pred is None and data.rest is None and not args.pos:
        return data.clone()
    count = args.get(0, "n", "offset") or Const(5)
    if name == "slice":
        length = args.get(1, "length")
        low = bound(m, count, START)
        high = END if length is None else bound(m, length, END)
        if length is not None:
            high = Bound(round(low.of_length + high.of_length, 9), low.plus + high.plus, high.unknown or low.unknown)
        ends = (low, high)
    elif name == "tail":
        at = bound(m, count, START)
        ends = (
            (Bound(round(1 - at.of_length, 9), -at.plus, at.unknown), END)
            if at.of_length < 1 or at.plus >= 0
            else (Bound(0, -at.plus), END)
        )
    else:
        ends = (START, bound(m, count, END))
    cut = Cut(("slice", data.rows), "slice", ends)
    m.parts.setdefault(cut.event, {})[cut.part] = m.site
    return data.clone(rows=data.rows.cut(cut))


@method("sort_values", "sort", "sort_by", "argsort")
def _sort(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name == "argsort":
        return sorted_positions(data)
    by = args.get(0, "by")
    names = names_of(by) or (list(data.cols) if data.form == "series" else [])
    down = (
        args.const(None, "ascending") is False
        or args.const(None, "descending") is True
        or args.const(None, "reverse") is True
    )
    timed = any(m.timelike(n) for n in names)
    order = Order("sorted", names[0] if names else None, down, timed=timed)
    if timed:
        m.timed += [p.source for p in data.rows.pieces]
    return data.clone(rows=data.rows.ordered(order))


def sorted_positions(data: Data) -> Data:
    """`np.argsort(y)`: all rows, by their positions, in the order of one column; nothing is learnt from them."""
    by = next(iter(data.cols), None) if len(data.cols) == 1 else None
    return Data(data.rows.ordered(Order("sorted", by)), form="index")


@method("set_index", "sort_index", "asfreq")
def _indexed(m: Machine, data: Data, args: Args, name: str) -> Value:
    names = names_of(args.get(0, "keys")) or []
    out = data.clone()
    if name == "set_index":
        for n in names:
            out.cols.pop(n, None)
        out.gone = out.gone | frozenset(names)
    if name == "asfreq" or any(m.timelike(n) for n in names):
        m.timed += [p.source for p in data.rows.pieces]
    return out


@method("append", "concat", "vstack", "extend")
def _append(m: Machine, data: Data, args: Args, _name: str) -> Value:
    from mlready_nb.leakage.cells.combine import stacked

    return stacked(m, [data, *[v for v in (as_data(m, p) for p in args.pos) if v is not None]])


@method("merge", "join")
def _merge(m: Machine, data: Data, args: Args, _name: str) -> Value:
    from mlready_nb.leakage.cells.combine import merged

    if data.form == "series" and isinstance(args.get(0), Seq):
        return data.clone()
    return merged(m, data, args.get(0, "right", "other"), args)


@method("groupby", "group_by")
def _groupby(m: Machine, data: Data, args: Args, _name: str) -> Value:
    flat = [i for p in args.pos[:1] for i in (p.items if isinstance(p, Seq) else [p])] + args.pos[1:]
    by = args.get(None, "by")
    flat += by.items if isinstance(by, Seq) else [by] if by is not None else []
    keys = tuple(i.value for i in flat if isinstance(i, Const) and isinstance(i.value, str))
    return Groups(data, keys, series_keys=tuple(i for i in flat if isinstance(i, Data)))


@method(
    "iterrows",
    "itertuples",
    "items",
    "iteritems",
    "to_dict",
    "to_csv",
    "plot",
    "hist",
    "boxplot",
    "to_parquet",
    "to_excel",
    "get",
)
def _others(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name == "get" and isinstance(args.const(0), str):
        return pick(data, str(args.const(0)))
    return Names(data) if name in ("items", "iteritems") else Unknown()
