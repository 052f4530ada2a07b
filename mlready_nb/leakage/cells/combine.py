"""Data put together: concatenated, merged, mapped, built from parts."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args, as_data, events_in, stats_in
from mlready_nb.leakage.cells.mixing import align, mixed, used
from mlready_nb.leakage.cells.rows import Cut, Order, Piece, Rows
from mlready_nb.leakage.cells.values import (
    Class,
    Col,
    Const,
    Data,
    Est,
    Filter,
    Func,
    Map,
    Seq,
    Stat,
    Trace,
    Unknown,
    Value,
    fresh,
)
from mlready_nb.leakage.cells.waiting import Expr

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def stacked(m: Machine, parts: list[Data], *, sideways: bool = False) -> Data:
    """One below the other; beside each other when `sideways`."""
    if sideways:
        out = parts[0].clone()
        if out.form == "series":
            out.form = "frame"
        for other in parts[1:]:
            align(out, other)
            for key, col in other.cols.items():
                mine = out.cols.get(key)
                made = col if col.site else replace(col, site=m.site)
                out.cols[key] = made if mine is None else replace(mine.plus(made), site=mine.site or m.site)
            out.rest = out.rest.plus(other.rest) if out.rest and other.rest else (out.rest or other.rest)
            out.gone = out.gone - set(other.cols)
            if other.base == out.base and other.rest is not None:
                out.gone = out.gone & other.gone
            out.partial = out.partial or other.partial
        return out
    rows = parts[0].rows
    out = parts[0].clone(mask=None)
    for other in parts[1:]:
        if other.repeats:
            out.repeats = (*out.repeats, *other.repeats)
        elif other.rows.meets(rows) and not out.pred:
            out.repeats = (*out.repeats, _repeated(m, other, parts[0]))
        rows = rows.plus(other.rows)
        out.cols = {**out.cols, **{k: (c.plus(out.cols[k]) if k in out.cols else c) for k, c in other.cols.items()}}
        out.rest = out.rest.plus(other.rest) if out.rest and other.rest else (out.rest or other.rest)
        out.gone = (out.gone | other.gone) - set(other.cols) - set(out.cols)
        out.sure = out.sure and other.sure
    out.filters = _balanced(m, parts)
    out.rows = Rows(_merged_pieces(rows), Order("came", mark=fresh()))
    out.site = m.site
    return out


def _merged_pieces(rows: Rows) -> tuple[Piece, ...]:
    kept = [p for p in rows.pieces if not any(p is not q and p.within(q) and not q.within(p) for q in rows.pieces)]
    return tuple(kept)


def _repeated(m: Machine, other: Data, first: Data) -> Trace:
    words = f"`{m.text(m.statement_node)}` puts rows in that are there already"
    fresh_noise = any(n.startswith("@random") for n, _ in other.whole().deps - first.whole().deps)
    conditioned = any(f.form == "filter" for f in other.filters) or fresh_noise
    return Trace("repeats", other.rows, m.site, words, op="class" if conditioned else "", names=(other.name,))


def _balanced(m: Machine, parts: list[Data]) -> tuple[Filter, ...]:
    """Classes cut to size one by one and put together again: the shares were changed."""
    common = tuple(f for f in parts[0].filters if all(f in p.filters for p in parts[1:]))
    own = [tuple(f for f in p.filters if f not in common and f.form == "filter") for p in parts]
    if len(parts) > 1 and all(own) and not any(p.repeats for p in parts):
        firsts = [fs[0] for fs in own]
        columns = frozenset(firsts[0].of)
        same = all(f.of == columns and f.before.equals(firsts[0].before) for f in firsts)
        drawn = any(
            c.form in ("mask", "slice") and (c.random or c.form == "slice")
            for p in parts
            for c in p.rows.cuts() - firsts[0].before.cuts()
        )
        if same and drawn:
            note = Filter(m.site, firsts[0].before, "balance", m.text(m.statement_node), "balance", columns)
            return (*common, note)
        if same:
            return common
    return common


def merged(m: Machine, data: Data, other: Value, args: Args) -> Data:
    """`df.merge(other, on=...)`: columns of statistics, or of other data, come in."""
    if isinstance(other, Unknown) and other.is_data:
        other = other.data()
    out = data.clone()
    keys = {
        k
        for k in (args.const(None, "on"), args.const(None, "left_on"), args.const(None, "right_on"))
        if isinstance(k, str)
    }
    if isinstance(other, Stat):
        found = used(other.traces, "preprocessing")
        names = [n for n in other.names if n not in keys and n not in data.cols]
        if names:
            for name in names:
                out.cols[name] = Col(traces=found, site=m.site)
        elif found and out.rest is not None:
            out.rest = out.rest.traced(found)
        return out
    if isinstance(other, Data) and args.const(None, "how") in ("anti", "semi", "left_anti"):
        inside = args.const(None, "how") == "semi"  # rows whose keys the other has not, are never rows of the other
        return data.clone(rows=data.rows.cut(Cut(("member", other.rows), "member", (other.rows, inside))))
    if isinstance(other, Data):
        if (
            other.rows.pieces
            and data.rows.pieces
            and other.rows.pieces[0].source.root() is data.rows.pieces[0].source.root()
        ):
            for name, col in other.cols.items():
                out.cols.setdefault(name, col)
        else:
            for name, col in other.cols.items():
                out.cols.setdefault(name, Col(traces=col.traces, site=m.site))
            if other.rest is not None and out.rest is not None:
                out.rest = out.rest.traced(other.rest.traces)
        return out
    return out


def applied(m: Machine, data: Data, args: Args, name: str) -> Value:
    """`map`, `apply`, `replace`, `clip`, `transform`, `pipe`: row by row, unless a statistic is in it."""
    from mlready_nb.leakage.cells.calls import apply

    func = args.get(0, "func", "arg", "function")
    if name == "pipe":
        return apply(m, func, [data, *args.pos[1:]], args.kw)
    if isinstance(func, Expr):
        func = func.build(data)
    found: frozenset[Trace] = frozenset().union(*(stats_in(v) for v in args.all()))
    for value in args.all():
        held = value.build(data) if isinstance(value, Expr) else value
        if isinstance(held, Stat):
            found |= held.traces
        elif isinstance(held, Data) and name in ("replace", "clip"):
            found |= held.traces()
    if isinstance(func, Map) and func.rest is not None:
        found |= stats_in(func.rest)
    if isinstance(func, Func):
        return _by_function(m, data, func, args, name)
    if isinstance(func, Const) and isinstance(func.value, str):
        from mlready_nb.leakage.cells import tables
        from mlready_nb.leakage.cells.methods import on_data
        from mlready_nb.leakage.cells.registry import METHODS

        if (func.value in tables.STATS or func.value in METHODS) and name in ("transform", "apply", "agg"):
            result = on_data(m, data, func.value, Args(node=args.node))
            if name == "transform" and isinstance(result, Stat):
                return data.traced(used(result.traces, "preprocessing"))
            return result
    if isinstance(func, Est | Class):
        return data.clone()
    gaps = name == "replace" and not isinstance(func, (Map, Stat, Data)) and len(args.pos) > 1
    kind = "imputation" if gaps and found else "preprocessing"
    out = data.traced(used(found, kind))
    return out.clone(mask=None) if name != "clip" or found else out


def _by_function(m: Machine, data: Data, func: Func, args: Args, name: str) -> Value:
    """A function for each element, row or column."""
    from mlready_nb.leakage.cells.calls import apply

    body = func.node.body if isinstance(func.node, ast.Lambda) else func.node
    rowwise = (
        data.form == "series"
        or args.const(1, "axis") in (1, "columns")
        or name in ("map", "applymap", "map_elements", "progress_apply")
    )
    extra = args.get(None, "args")
    more = list(extra.items) if isinstance(extra, Seq) else []
    if not rowwise or name == "map_batches" or (name == "transform" and data.form != "series"):
        result = apply(m, func, [data.clone(), *more])
        return result if isinstance(result, (Data, Stat)) else data.clone()
    row = data.clone(label_only=True, form=data.form)
    result = apply(m, func, [row, *more])
    found = stats_in(result) if not isinstance(result, Data) else result.traces()
    nodes = list(ast.walk(body))
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            held = func.scope.find(node.id)
            if isinstance(held, (Stat, Map)):
                found |= stats_in(held)
    text = ast.unparse(body)
    nulls = "isnull" in text or "isna" in text or "isnan" in text or "is None" in text
    found = used(found, "imputation" if nulls else "preprocessing")
    first = func.node.args.args[0].arg if func.node.args.args else ""
    named = {
        n.slice.value
        for n in nodes
        if isinstance(n, ast.Subscript) and isinstance(n.value, ast.Name) and n.value.id == first
        and isinstance(n.slice, ast.Constant) and isinstance(n.slice.value, str)
    } | {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == first and n.attr in data.cols}  # fmt: skip
    if data.form == "frame" and named:
        col = Col(site=m.site)
        for key in named:
            col = col.plus(data.column(key))
        return data.clone(cols={"row": replace(col, site=m.site)}, rest=None, form="series").traced(found)
    if data.form == "frame":
        whole = result.whole() if isinstance(result, Data) and result.form != "frame" else Col(site=m.site)
        return data.clone(cols={"row": whole}, rest=None, form="series").traced(found)
    return data.clone(mask=None).traced(found)


def chosen_by(m: Machine, condition: Value, one: Value, other: Value) -> Value:
    """`np.where(condition, one, other)`."""
    parts = [v.data() if isinstance(v, Unknown) and v.is_data else v for v in (condition, one, other)]
    condition, one, other = parts
    if isinstance(condition, Data) and one is None:
        if condition.mask is not None:
            rows = condition.rows
            for cut in condition.mask[0]:
                rows = rows.cut(cut)
            of = frozenset(name for name, _ in condition.whole().deps)
            note = Filter(m.site, condition.rows, "filter", m.text(m.statement_node), f"where {sorted(of)}", of)
            return Seq([condition.clone(form="index", rows=rows, mask=None, filters=(*condition.filters, note))])
        return Seq([condition.clone(form="index", mask=None)])
    frames = [v for v in (one, other) if isinstance(v, Data)]
    found = frozenset().union(*(stats_in(v) for v in (one, other)))
    nulls = isinstance(condition, Data) and condition.nulls
    kind = "imputation" if nulls else "preprocessing"
    if frames:
        out = frames[0]
        for more in frames[1:]:
            out = mixed(m, out, more)
        if isinstance(condition, Data) and not nulls:
            out = mixed(m, out, condition)
        return out.clone(mask=None).traced(used(found, kind))
    if isinstance(condition, Data):
        out = condition.clone(mask=None, form="series" if condition.form == "mask" else condition.form, nulls=False)
        if condition.nulls:
            out.nulls = False
        return out.traced(used(found, kind))
    if isinstance(condition, Stat) or found:
        return Stat(found | stats_in(condition), events=condition.events if isinstance(condition, Stat) else ())
    return Unknown()


def table(m: Machine, value: Value, args: Args) -> Value:
    """`pd.DataFrame(...)`, `pl.DataFrame`, `np.column_stack`: columns from parts."""
    names = args.get(None, "columns", "schema")
    labels = [i.value for i in names.items if isinstance(i, Const)] if isinstance(names, Seq) else []
    if isinstance(value, Map):
        return _from_dict(m, value)
    if isinstance(value, Stat):
        return value
    data = as_data(m, value)
    if data is None:
        return Data(m.source("table", generated=True), site=m.site)
    if isinstance(value, Seq) and not any(isinstance(i, Data) for i in value.items):
        events = events_in(value)
        if events:
            return Stat(stats_in(value), events=events)
    out = data.clone(mask=None)
    if labels and data.form != "series":
        whole = data.whole()
        if data.rest is None and len(data.cols) == len(labels):
            out.cols = dict(zip(labels, data.cols.values(), strict=True))
        elif not set(labels) & set(data.cols):
            base = data.rest or whole
            out.cols = {n: replace(base, deps=base.deps | {(n, 0)}) for n in labels if isinstance(n, str)}
            out.rest = None
    out.form = "frame"
    return out


def _from_dict(m: Machine, value: Map) -> Value:
    events = events_in(value)
    held = {k: (v.data() if isinstance(v, Unknown) and v.is_data else v) for k, v in value.items.items()}
    frames = [v for v in held.values() if isinstance(v, Data)]
    if events and not frames:
        return Stat(stats_in(value), events=events, names=tuple(str(k) for k in held))
    stats = [v for v in held.values() if isinstance(v, Stat)]
    if stats and not frames:
        return Stat(stats_in(value), names=tuple(str(k) for k in held))
    if any(f.pred is not None for f in frames):
        base = next(f for f in frames if f.pred is not None)
    else:
        loaded = [f for f in frames if not f.rows.pieces[0].source.generated]
        base = (loaded or frames or [Data(m.source("table", generated=True))])[0]
    out = base.clone(
        cols={},
        rest=None,
        repeats=(),
        form="frame",
        mask=None,
        pred=None,
        seen=None,
        versus=False,
        site=m.site,
        gone=frozenset(),
    )
    for key, part in held.items():
        if isinstance(part, Data):
            align(base, part)
            whole = part.whole()
            out.cols[str(key)] = replace(whole, deps=whole.deps | {(str(key), 0)}, site=m.site)
        else:
            out.cols[str(key)] = Col(
                deps=frozenset({(str(key), 0)}),
                traces=used(stats_in(part), "preprocessing"),
                site=m.site,
                noisy=isinstance(part, Unknown),
            )
    return out
