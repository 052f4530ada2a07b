"""Methods of frames, columns and arrays: pandas, polars, NumPy."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, as_data, become, stats_in
from mlready_nb.leakage.cells.attributes import pick
from mlready_nb.leakage.cells.expressions import key_of, mask_of, mixed, opaque_mask, used
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.rows import END, START, Bound, Cut, Order
from mlready_nb.leakage.cells.values import (
    Col,
    Const,
    Data,
    Expr,
    Filter,
    Func,
    Groups,
    Map,
    Seq,
    Stat,
    Trace,
    Unknown,
    Value,
    fresh,
)

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

Handler = Callable[["Machine", Data, Args, str], Value]
METHODS: dict[str, Handler] = {}


def method(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler for these methods of data."""

    def put(handler: Handler) -> Handler:
        for name in names:
            METHODS[name] = handler
        return handler

    return put


def on_data(m: Machine, data: Data, name: str, args: Args) -> Value:
    """`data.name(...)`."""
    handler = METHODS.get(name)
    if handler is not None:
        result = handler(m, data, args, name)
    elif name in tables.STATS:
        result = statistic(m, data, name, args)
    elif name in tables.COUNTS:
        result = counted(m, data, args)
    elif name in tables.SAME:
        result = data.clone(mask=data.mask if name in ("astype", "to_numpy", "copy", "fillna") else None)
        if name in ("copy", "to_numpy", "clone"):
            result.site = m.site
        if name in ("contains", "startswith", "endswith"):
            result.mask = opaque_mask((name, data.whole().deps, m.text(args.node)))
            result.form = "mask"
    else:
        result = data.clone(sure=False) if data.form != "mask" else data.clone()
    if args.const(None, "inplace") is True and isinstance(result, Data):
        _in_place(m, data, result, args)
        return Const(None)
    return result


def _in_place(m: Machine, data: Data, result: Data, args: Args) -> None:
    """`df["a"].fillna(0, inplace=True)` changes the frame that the column belongs to."""
    func = args.node.func if isinstance(args.node, ast.Call) else None
    owner = func.value if isinstance(func, ast.Attribute) else None
    if isinstance(owner, (ast.Subscript, ast.Attribute)):
        m.bind(owner, result)
    else:
        become(data, result)


# -- statistics --------------------------------------------------------------
def statistic(m: Machine, data: Data, op: str, args: Args) -> Value:
    """A number over rows; over columns it stays data; of predictions put against labels it is a score."""
    axis = args.const(None, "axis")
    if axis is None and op in (
        "mean",
        "sum",
        "max",
        "min",
        "std",
        "median",
        "argmax",
        "idxmax",
        "argmin",
        "any",
        "var",
    ):
        axis = args.const(0) if data.form != "series" and not args.kw and len(args.pos) == 1 else None
    if (axis in (1, -1, "columns") and (data.form != "series" or data.pred is not None)) or data.label_only:
        return data.clone(cols={"row": data.whole()}, rest=None, form="series", mask=None)
    if data.pred is not None and data.versus:
        return scored(m, data, op)
    if data.nulls or data.form == "index":
        return Stat()
    if data.pred is not None:
        return Stat()
    whole = data.whole()
    of = frozenset(name for name, _ in whole.deps) | frozenset(data.cols)
    said = m.text(args.node) or f"{op} of {data.name}"
    trace = Trace(
        "statistic",
        data.rows,
        m.site,
        f"`{said}` was computed",
        of=of,
        op=op,
        names=(data.name,) if data.name else (),
        sure=data.sure,
    )
    if any(f.form == "filter" and f.of for f in data.filters):
        trace = replace(trace, grouped=True)  # one class or category of rows
    return Stat(frozenset({trace}) | whole.traces, names=tuple(data.cols) if data.rest is None else (), of=of)


def scored(m: Machine, data: Data, text: str) -> Stat:
    """Predictions were put against labels and summed up: the model was scored."""
    assert data.pred is not None
    seen = data.seen or data
    event = m.saw("metric", data.pred, seen.clone(rows=data.rows, filters=_filters(seen, data)), text)
    return Stat(events=(event,))


def _filters(a: Data, b: Data) -> tuple[Filter, ...]:
    return tuple(dict.fromkeys((*a.filters, *b.filters)))


def counted(m: Machine, data: Data, args: Args) -> Value:
    """A size or a set of categories: tells nothing of single rows."""
    if data.pred is not None and data.versus:
        return scored(m, data, "count")
    if args.const(None, "axis") == 1 or args.const(0) == 1:
        return data.clone(form="series")
    return Names(data)


def ahead(m: Machine, data: Data, words: str, kind: str = "ahead") -> Data:
    """Values of later rows went into these."""
    whole = data.whole()
    of = frozenset(n for n, _ in whole.deps)
    return data.traced({Trace(kind, data.rows, m.site, words, of=of, sure=data.sure)})


# -- columns -----------------------------------------------------------------
def _names(value: Value) -> list[str] | None:
    """Literal column names; `None` when they are not known."""
    if isinstance(value, Const) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, Seq) and not value.open and all(isinstance(i, Const) for i in value.items):
        return [i.value for i in value.items if isinstance(i.value, str)]
    return None


@method("repeat", "repeat_by")
def _repeat(m: Machine, data: Data, args: Args, _name: str) -> Value:
    note = Trace("repeats", data.rows, m.site, f"`{m.text(m.statement_node)}` repeats rows", names=(data.name,))
    return data.clone(repeats=(*data.repeats, note))


@method("backward")
def _backward(m: Machine, data: Data, args: Args, _name: str) -> Value:
    from mlready_nb.leakage.cells.models import backward

    return backward(m, data)


@method("drop")
def _drop(m: Machine, data: Data, args: Args, _name: str) -> Value:
    columns = args.get(None, "columns")
    labels = args.get(0, "labels")
    axis = args.const(1, "axis")
    index = args.get(None, "index")
    if (
        columns is None
        and labels is not None
        and (axis in (1, "columns") or (_names(labels) is not None and len(args.pos) >= 1 and axis is None))
    ):
        columns = labels
        if len(args.pos) > 1 and axis is None:  # polars: drop("a", "b")
            columns = Seq(list(args.pos))
    if columns is not None:
        return drop_columns(m, data, columns)
    labels = index if index is not None else labels
    if isinstance(labels, Unknown) and labels.is_data:
        labels = labels.data()
    if isinstance(labels, Data):
        rows = data.rows.cut(Cut(("member", labels.rows), "member", (labels.rows, False)))
        out = data.clone(rows=rows)
        for f in labels.filters:
            if f.form != "member":
                shape = f"not {f.shape}"
                out.filters = (*out.filters, Filter(m.site, data.rows, f.form, m.text(m.statement_node), shape, f.of))
        return out
    if isinstance(labels, Names):
        return data.clone(partial=True)
    return data.clone(rows=data.rows.cut(Cut(("dropped", fresh()), "mask", True)), partial=axis in (1, "columns"))


def drop_columns(m: Machine, data: Data, columns: Value) -> Data:
    """Without these columns; a choice that was learnt leaves its trace."""
    names = _names(columns)
    traces = used(stats_in(columns), "feature_selection")
    if names is None or traces:
        known = names or []
        if isinstance(columns, Seq):
            known = [i.value for i in columns.items if isinstance(i, Const) and isinstance(i.value, str)]
        out = data.traced(traces).blurred() if names is None else data.traced(traces)
    else:
        known, out = names, data.clone()
    for name in known:
        out.cols.pop(name, None)
    out.gone = out.gone | frozenset(known)
    out.site = m.site
    if data.form == "series":
        out.form = "frame"
    return out


@method("pop")
def _pop(m: Machine, data: Data, args: Args, _name: str) -> Value:
    name = args.const(0, "item")
    if not isinstance(name, str):
        return Unknown()
    out = pick(data, name)
    data.cols.pop(name, None)
    data.gone = data.gone | {name}
    return out


@method("insert")
def _insert(m: Machine, data: Data, args: Args, _name: str) -> Value:
    from mlready_nb.leakage.cells.assign import column

    if len(args.pos) > 2:
        column(m, data, args.pos[1], args.pos[2])
    return Const(None)


@method("rename")
def _rename(m: Machine, data: Data, args: Args, _name: str) -> Value:
    how = args.get(0, "columns", "mapping")
    out = data.clone()
    if isinstance(how, Map):
        for old, new in how.items.items():
            if isinstance(new, Const) and isinstance(new.value, str) and isinstance(old, str):
                col = data.column(old)
                out.cols[new.value] = replace(col, deps=col.deps | {(new.value, 0)})
                out.cols.pop(old, None)
                out.gone = (out.gone | {old}) - {new.value}
    elif isinstance(how, Const) and isinstance(how.value, str) and data.form == "series" and len(data.cols) == 1:
        out.cols = {how.value: next(iter(data.cols.values()))}
    return out


@method("assign")
def _assign(m: Machine, data: Data, args: Args, _name: str) -> Value:
    from mlready_nb.leakage.cells.assign import column
    from mlready_nb.leakage.cells.calls import apply

    out = data.clone()
    for name, value in args.kw.items():
        column(m, out, Const(name), apply(m, value, [out.clone()]) if isinstance(value, Func) else value)
    return out


@method("filter")
def _filter(m: Machine, data: Data, args: Args, _name: str) -> Value:
    from mlready_nb.leakage.cells.subscripts import chosen

    names = args.get(None, "items")
    if names is not None or "like" in args.kw or "regex" in args.kw:
        known = _names(names) if names is not None else None
        return data.clone(cols={n: data.column(n) for n in known}, rest=None) if known else data.clone(partial=True)
    out = data
    for value in args.pos:
        held = value.build(data) if isinstance(value, Expr) else value
        if isinstance(held, Data):
            out = chosen(m, out, held)
        elif _names(held):
            return data.clone(cols={n: data.column(n) for n in _names(held) or ()}, rest=None)
        else:
            out = out.clone(rows=out.rows.cut(Cut(("opaque", fresh()), "mask", True)))
    return out


@method("select", "with_columns", "with_column", "select_dtypes")
def _select(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name == "select_dtypes":
        return data.clone(partial=True)
    out = data.clone() if name != "select" else data.clone(cols={}, rest=None)
    flat: list[Value] = []
    for value in args.pos:
        flat += value.items if isinstance(value, Seq) else [value]
    for value in flat:
        _put(m, data, out, value, None)
    for key, value in args.kw.items():
        _put(m, data, out, value, key)
    built = [v.build(data) if isinstance(v, Expr) else v for v in (*flat, *args.kw.values())] if name == "select" else []
    if built and all(isinstance(v, Stat) for v in built):
        return Stat(frozenset().union(*(v.traces for v in built)), names=tuple(n for v in built for n in v.names))
    if not out.cols and name == "select":
        out.rest, out.partial = data.rest, True
    return out


def _put(m: Machine, data: Data, out: Data, value: Value, name: str | None) -> None:
    from mlready_nb.leakage.cells.assign import made

    if isinstance(value, Const) and isinstance(value.value, str) and name is None:
        out.cols[value.value] = data.column(value.value)
        return
    held = value.build(data) if isinstance(value, Expr) else value
    if isinstance(held, Data) and name is None and not (isinstance(value, Expr) and value.name):
        if held.rest is None:
            for key, col in held.cols.items():
                plain = key not in data.cols and col.deps == {(key, 0)} and not col.traces
                out.cols[key] = col if plain or col is data.cols.get(key) else replace(col, site=m.site)
            return
        out.cols |= {k: c for k, c in held.cols.items() if k in data.cols}
        out.rest = held.rest
        out.partial = out.partial or held.partial
        if isinstance(value, Expr) and not held.partial:
            out.gone = out.gone | data.gone
        return
    label = name or (value.name if isinstance(value, Expr) else None)
    if label is not None:
        out.cols[label] = made(m, data, label, held)
    else:
        out.rest = (out.rest or Col()).traced(used(stats_in(held), "preprocessing"))
        out.partial = True


# -- rows --------------------------------------------------------------------
@method(
    "dropna", "drop_nulls", "drop_duplicates", "unique", "drop_nans", "query", "nlargest", "nsmallest", "where", "mask"
)
def _taken(m: Machine, data: Data, args: Args, name: str) -> Value:
    from mlready_nb.leakage.cells.subscripts import chosen

    if name in ("where", "mask"):
        return _where(m, data, args)
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
    of = frozenset(_names(args.get(1, "columns", "subset", "by")) or ())
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
    from mlready_nb.leakage.cells.machine import Scope

    names = {n.id: pick(data, n.id) for n in ast.walk(tree) if isinstance(n, ast.Name)}
    kept = m.scope
    m.scope = Scope(dict(names), kept)
    try:
        if isinstance(tree, ast.BoolOp):
            from mlready_nb.leakage.cells.expressions import _joined_masks

            parts = [m.eval(v) for v in tree.values]
            out = parts[0]
            for other in parts[1:]:
                out = _joined_masks(out, other, isinstance(tree.op, ast.And))
        else:
            out = m.eval(tree)
    finally:
        m.scope = kept
    return out if isinstance(out, Data) and out.mask is not None else None


def _where(m: Machine, data: Data, args: Args) -> Value:
    condition, other = args.get(0, "cond"), args.get(1, "other")
    if isinstance(condition, Expr):
        condition = condition.build(data)
    nulls = isinstance(condition, Data) and condition.nulls
    out = mixed(m, data, condition) if isinstance(condition, Data) and not nulls else data.clone()
    found = other.traces() if isinstance(other, Data) else stats_in(other)
    return out.traced(used(found, "imputation" if nulls else "preprocessing"))


@method("sample")
def _sample(m: Machine, data: Data, args: Args, _name: str) -> Value:
    frac = args.const(None, "frac", "fraction")
    whole = isinstance(frac, (int, float))
    again = args.const(None, "replace", "with_replacement") is True
    if whole and frac == 1 and not again:
        return data.clone(rows=data.rows.ordered(Order("shuffled", mark=fresh())))
    if again or (whole and float(str(frac)) > 1):
        words = f"`{m.text(m.statement_node)}` draws rows with repetition"
        return data.clone(repeats=(*data.repeats, Trace("repeats", data.rows, m.site, words, op="drawn")))
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
        return statistic(m, data, name, args)
    by = args.get(0, "by")
    names = _names(by) or (list(data.cols) if data.form == "series" else [])
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


@method("set_index", "sort_index", "asfreq")
def _indexed(m: Machine, data: Data, args: Args, name: str) -> Value:
    names = _names(args.get(0, "keys")) or []
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
    "rolling",
    "expanding",
    "ewm",
    "resample",
    "groupby_dynamic",
    "rolling_mean",
    "rolling_sum",
    "rolling_std",
    "rolling_max",
    "rolling_min",
    "ewm_mean",
)
def _windows(m: Machine, data: Data, args: Args, name: str) -> Value:
    from mlready_nb.leakage.cells.groups import windowed

    if name in ("resample", "groupby_dynamic"):
        m.timed += [p.source for p in data.rows.pieces]
        return Groups(data, form="resample")
    centred = args.const(None, "center") is True
    groups = Groups(data, form="centred" if centred else "window")
    return windowed(m, groups, name) if "_" in name else groups


@method(
    "shift",
    "diff",
    "pct_change",
    "cumsum",
    "cummax",
    "cummin",
    "cumprod",
    "cum_sum",
    "cum_max",
    "cum_min",
    "lag",
    "lead",
)
def _shifted(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name.startswith("cum"):
        lag = -1 if data.rows.order.descending and data.rows.order.form != "sorted" else 0
        return data.each(lambda c: replace(c, folded=True, deps=frozenset((n, min(k, k + lag)) for n, k in c.deps)))
    by = args.get(0, "periods", "n")
    steps = by.value if isinstance(by, Const) and isinstance(by.value, int) else 1
    if by is not None and not isinstance(by, Const):
        steps = 1
    if name == "lead":
        steps = -steps
    if data.rows.order.descending:
        steps = -steps
    if name in ("diff", "pct_change"):
        return data.each(lambda c: replace(c, deps=c.deps | frozenset((n, k + steps) for n, k in c.deps)))
    return data.each(lambda c: replace(c, deps=frozenset((n, k + steps) for n, k in c.deps)))


# -- values ------------------------------------------------------------------
@method(
    "fillna",
    "fill_null",
    "fill_nan",
    "ffill",
    "bfill",
    "backfill",
    "pad",
    "interpolate",
    "forward_fill",
    "backward_fill",
)
def _fill(m: Machine, data: Data, args: Args, name: str) -> Value:
    how = str(args.const(None, "method", "strategy", "limit_direction") or "")
    value = args.get(0, "value")
    words = f"`{m.text(m.statement_node)}` filled gaps"
    if name in ("bfill", "backfill", "backward_fill") or how in ("bfill", "backfill", "backward"):
        return ahead(m, data, f"{words} with values of later rows", "filled")
    if name == "interpolate":
        return ahead(m, data, f"{words} between earlier and later rows", "filled")
    if how in ("mean", "min", "max", "median"):
        return data.traced({Trace("imputation", data.rows, m.site, f"{words} with the {how}", op=how, sure=data.sure)})
    if isinstance(value, Expr):
        value = value.build(data)
    if isinstance(value, Map):
        out = data.clone()
        for key, held in value.items.items():
            if isinstance(key, str) and data.form == "frame":
                out.cols[key] = data.column(key).traced(used(stats_in(held), "imputation"))
        return out.traced(used(stats_in(value.rest), "imputation")) if value.rest is not None else out
    found = value.traces() if isinstance(value, Data) else stats_in(value)
    return data.traced(
        used(
            frozenset(
                replace(t, kind="statistic")
                if t.kind == "preprocessing" and isinstance(value, Data) and t.grouped
                else t
                for t in found
            ),
            "imputation",
        )
    )


@method(
    "map",
    "apply",
    "applymap",
    "transform",
    "pipe",
    "map_elements",
    "map_batches",
    "progress_apply",
    "replace",
    "clip",
    "agg_",
)
def _applied(m: Machine, data: Data, args: Args, name: str) -> Value:
    from mlready_nb.leakage.cells.combine import applied

    return applied(m, data, args, name)


@method("rank", "qcut", "cut")
def _ranked(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name == "rank" and (args.const(0, "axis") == 1):
        return data.clone()
    words = f"`{m.text(m.statement_node)}` ranked the rows"
    return data.traced({Trace("preprocessing", data.rows, m.site, words, op=name, names=(data.name,), sure=data.sure)})


@method(
    "isin",
    "between",
    "is_in",
    "is_between",
    "isnull",
    "isna",
    "notnull",
    "notna",
    "is_null",
    "is_not_null",
    "is_nan",
    "duplicated",
    "is_duplicated",
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "ge",
)
def _tested(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name in ("eq", "ne", "lt", "gt", "le", "ge"):
        sign = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}[name]
        other = args.get(0)
        if isinstance(other, Data):
            return mixed(m, data, other).clone(
                form="mask", mask=opaque_mask((name, data.whole().deps, other.whole().deps))
            )
        return mask_of(data, sign, other)
    given = args.get(0, "values", "other")
    if name in ("isin", "is_in"):
        if isinstance(given, Unknown) and given.is_data:
            given = given.data()
        if isinstance(given, Data):
            yes = Cut(("member", given.rows), "member", (given.rows, True))
            no = Cut(("member", given.rows), "member", (given.rows, False))
            if data.form == "index" or given.form == "index" or data.whole().deps == given.whole().deps:
                return data.clone(form="mask", mask=((yes,), (no,)))
            return data.clone(form="mask", mask=opaque_mask(("isin", data.whole().deps, id(given))))
        return mask_of(data, "in", given)
    if name in ("between", "is_between"):
        low, high = mask_of(data, ">=", args.get(0, "left")), mask_of(data, "<=", args.get(1, "right"))
        from mlready_nb.leakage.cells.expressions import _joined_masks

        return _joined_masks(low, high, True)
    out = data.clone(form="mask", nulls=name not in ("duplicated", "is_duplicated"))
    pair = opaque_mask(("null" if out.nulls else name, data.whole().deps))
    out.mask = pair if "not" not in name else (pair[1], pair[0])
    return out


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
