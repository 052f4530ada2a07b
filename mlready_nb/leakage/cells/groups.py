"""`groupby`, `rolling`, `expanding`, `resample` and what is done to the groups."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args
from mlready_nb.leakage.cells.values import Col, Const, Data, Filter, Func, Map, Seq, Stat, Trace, Unknown, Value
from mlready_nb.leakage.cells.waiting import Expr, Groups

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

_ROWWISE = frozenset(["shift", "diff", "pct_change", "cumsum", "cumcount", "cummax", "cummin", "cumprod", "rank", "ffill", "bfill", "fillna", "head", "tail", "sample", "ngroup", "nth", "rolling", "expanding", "ewm", "interpolate", "filter"])  # fmt: skip


def choose(groups: Groups, key: Value) -> Value:
    """`groups["a"]`, `groups[["a", "b"]]`."""
    from mlready_nb.leakage.cells.attributes import pick

    if isinstance(key, Const) and isinstance(key.value, str):
        return replace(groups, chosen=pick(groups.data, key.value))
    names = [i.value for i in key.items if isinstance(i, Const)] if isinstance(key, Seq) else []
    if names:
        cols = {n: groups.data.column(n) for n in names}
        return replace(groups, chosen=groups.data.clone(cols=cols, rest=None))
    return groups


def windowed(m: Machine, groups: Groups, op: str) -> Data:
    """A window that ends at the row itself, or (centred) reaches behind it."""
    data = groups.chosen or groups.data
    reversed_ = data.rows.order.backwards
    lag = -1 if groups.form == "centred" or reversed_ else 0
    site = m.site

    def fold(col: Col) -> Col:
        deps = frozenset((n, k + lag) for n, k in col.deps) | frozenset(
            (n, k + (1 if lag == 0 else 0)) for n, k in col.deps
        )
        return replace(col, deps=deps, folded=True, site=site)

    return data.each(fold)


def on_groups(m: Machine, groups: Groups, name: str, args: Args) -> Value:
    """`groups.name(...)`."""
    from mlready_nb.leakage.cells.methods import on_data

    data = groups.chosen or groups.data
    if groups.form in ("window", "centred"):
        if name == "groupby":
            return groups
        return windowed(m, groups, name)
    if groups.form == "resample":
        return data.clone(rows=data.rows)
    if name == "transform":
        op = args.get(0, "func")
        if isinstance(op, Func):
            from mlready_nb.leakage.cells.calls import apply

            result = apply(m, op, [data.clone()])
            if isinstance(result, Data):
                return result.each(lambda c: replace(c, traces=frozenset(replace(t, grouped=True) for t in c.traces)))
            if isinstance(result, Stat):
                return _spread(m, groups, data, args, "a statistic", result)
        if isinstance(op, Const) and op.value in (*_ROWWISE, "count", "size", "nunique", "cumcount"):
            return (
                on_data(m, data, str(op.value), Args(node=args.node))
                if op.value in _ROWWISE
                else data.clone(rest=Col(), cols={})
            )
        return _spread(m, groups, data, args, str(op.value) if isinstance(op, Const) else "a statistic")
    if name in ("rolling", "expanding", "ewm"):
        centred = args.const(None, "center") is True
        return Groups(data, groups.keys, form="centred" if centred else "window")
    if name in ("sample", "head", "tail"):
        result = on_data(m, data, name, args)
        return balanced(m, groups, data, result) if isinstance(result, Data) else result
    if name in _ROWWISE:
        return (
            on_data(m, data, name, args)
            if name not in ("cumcount", "ngroup")
            else Data(data.rows, rest=None, form="series")
        )
    if name == "apply":
        return _apply(m, groups, data, args)
    if name in ("size", "ngroups", "groups", "get_group", "indices", "nunique"):
        return Stat()
    if name in tables.STATS or name in ("agg", "aggregate", "len", "count"):
        return aggregated(m, groups, data, name, args)
    return Unknown()


def _spread(m: Machine, groups: Groups, data: Data, args: Args, op: str, stat: Stat | None = None) -> Data:
    """A group's statistic on each of its rows."""
    trace = _trace(m, groups, data, op)
    found = {trace} if stat is None else {replace(t, grouped=True) for t in stat.traces}
    out = data.each(lambda c: Col(traces=c.traces, noisy=c.noisy))
    return out.traced(frozenset(replace(t, kind="preprocessing") if t.kind == "statistic" else t for t in found))


def _trace(m: Machine, groups: Groups, data: Data, op: str) -> Trace:
    whole = data.whole()
    return Trace(
        "statistic",
        data.rows,
        m.site,
        f"`{m.text(m.statement_node)}` used groups' statistics",
        of=frozenset(n for n, _ in whole.deps) | frozenset(data.cols),
        grouped=True,
        op=op,
        keys=groups.keys,
        names=(data.name,) if data.name else (),
        sure=data.sure,
    )


def aggregated(m: Machine, groups: Groups, data: Data, name: str, args: Args) -> Stat:
    """One row a group: a table of statistics, with the names of its columns where they are known."""
    names: list[str] = [*groups.keys]
    of: set[str] = set()
    used: list[Value] = []
    for key, value in args.kw.items():
        if key in ("axis", "numeric_only", "as_index"):
            continue
        names.append(key)
        if isinstance(value, Seq) and value.items and isinstance(value.items[0], Const):
            of.add(str(value.items[0].value))
            if len(value.items) > 1 and isinstance(value.items[1], Const):
                used.append(value.items[1])
    for value in args.pos:
        for part in value.items if isinstance(value, Seq) else [value]:
            if isinstance(part, Expr):
                held = part.build(data)
                if isinstance(held, Stat):
                    of |= held.of
                    names += [part.name] if part.name else sorted(held.names)
        used += [v for v in (value.items if isinstance(value, Seq) else [value]) if isinstance(v, Const)]
        if isinstance(value, Map):
            of |= {str(k) for k in value.items}
            names += [str(k) for k in value.items]
    if groups.chosen is not None:
        of |= set(data.cols)
        if not args.kw:
            names += list(data.cols)
    trace = _trace(m, groups, data, name)
    if of:
        trace = replace(trace, of=frozenset(of) | (trace.of if groups.chosen is not None else frozenset()))
    counts = {"size", "count", "len", "nunique"}
    if name in counts or (used and all(str(u.value) in counts for u in used)):
        return Stat(names=tuple(names))
    return Stat(frozenset({trace}), names=tuple(names), of=trace.of)


def _apply(m: Machine, groups: Groups, data: Data, args: Args) -> Value:
    from mlready_nb.leakage.cells.calls import apply

    func = args.get(0, "func")
    result = apply(m, func, [data.clone()]) if isinstance(func, Func) else Unknown()
    if isinstance(result, Data):
        return balanced(m, groups, data, result)
    if isinstance(result, Stat):
        return Stat(frozenset(replace(t, grouped=True) for t in result.traces), names=groups.keys, of=result.of)
    return Unknown()


def balanced(m: Machine, groups: Groups, data: Data, result: Data) -> Data:
    """As many rows from each group: the groups' shares were changed (a fraction of each leaves them)."""
    drawn = result.rows.cuts() - data.rows.cuts()
    fraction = any(isinstance(c.event, tuple) and c.event[0] == "sample" and c.event[2][0] == "frac" for c in drawn)
    if not drawn or fraction or not groups.keys or result.repeats != data.repeats:
        return result
    note = Filter(m.site, data.rows, "balance", m.text(m.statement_node), "balance", frozenset(groups.keys))
    return result.clone(filters=(*data.filters, note))


def over(m: Machine, stat: Stat, frame: Data) -> Data:
    """polars: `pl.col("x").mean().over("g")`."""
    found = frozenset(replace(t, grouped=True, kind="preprocessing") for t in stat.traces)
    return Data(frame.rows, cols={"over": Col(traces=found)}, rest=None, form="series")
