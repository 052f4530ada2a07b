"""Methods that choose, drop, rename or make columns."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args, stats_in
from mlready_nb.leakage.cells.attributes import pick
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.mixing import used
from mlready_nb.leakage.cells.registry import method
from mlready_nb.leakage.cells.rows import Cut
from mlready_nb.leakage.cells.values import Col, Const, Data, Filter, Func, Map, Seq, Stat, Unknown, Value, fresh
from mlready_nb.leakage.cells.waiting import Expr

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


# -- columns -----------------------------------------------------------------
def names_of(value: Value) -> list[str] | None:
    """Literal column names; `None` when they are not known."""
    if isinstance(value, Const) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, Seq) and not value.open and all(isinstance(i, Const) for i in value.items):
        return [i.value for i in value.items if isinstance(i.value, str)]
    return None


@method("drop")
def _drop(m: Machine, data: Data, args: Args, _name: str) -> Value:
    columns = args.get(None, "columns")
    labels = args.get(0, "labels")
    axis = args.const(1, "axis")
    index = args.get(None, "index")
    if (
        columns is None
        and labels is not None
        and (axis in (1, "columns") or (names_of(labels) is not None and len(args.pos) >= 1 and axis is None))
    ):
        columns = labels
        if len(args.pos) > 1 and axis is None:  # polars: drop("a", "b")
            columns = Seq(list(args.pos))
    if columns is not None:
        return drop_columns(m, data, columns)
    labels = index if index is not None else labels
    if isinstance(labels, Unknown) and labels.is_data:
        labels = labels.data()
    if isinstance(labels, Data) and labels.index_id != data.index_id:
        return data.clone(rows=data.rows.cut(Cut(("dropped", fresh()), "mask", True)))  # labels of another numbering
    if isinstance(labels, Data):
        rows = data.rows.cut(Cut(("member", labels.rows), "member", (labels.rows, False)))
        drawn = [c for c in labels.rows.cuts() - data.rows.cuts() if c.random and c.part in m.parts.get(c.event, {})]
        if drawn:
            m.split_data.append((m.parts[drawn[0].event][drawn[0].part], data.clone(), True))
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
    names = names_of(columns)
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
        known = names_of(names) if names is not None else None
        return data.clone(cols={n: data.column(n) for n in known}, rest=None) if known else data.clone(partial=True)
    out = data
    for value in args.pos:
        held = value.build(data) if isinstance(value, Expr) else value
        if isinstance(held, Data):
            out = chosen(m, out, held)
        elif names_of(held):
            return data.clone(cols={n: data.column(n) for n in names_of(held) or ()}, rest=None)
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
    built = (
        [v.build(data) if isinstance(v, Expr) else v for v in (*flat, *args.kw.values())] if name == "select" else []
    )
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
    if isinstance(value, Stat) and name is None:
        picked = data.traced(used(value.traces, "feature_selection")).blurred()
        out.rest, out.partial = picked.rest, True
        return
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
