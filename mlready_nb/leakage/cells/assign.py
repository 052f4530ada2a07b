"""`df["a"] = ...`, `df.loc[mask, "a"] = ...`, `X[:, 0] = ...`, `results[name] = score`."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import as_data, events_in, stats_in
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.mixing import align, used
from mlready_nb.leakage.cells.values import (
    ANY,
    Col,
    Const,
    Data,
    Map,
    Method,
    Obj,
    Seq,
    Stat,
    Trace,
    Unknown,
    Value,
    fresh,
)
from mlready_nb.leakage.cells.waiting import Boxed

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def set_item(m: Machine, data: Data | None, target: Value | ast.Subscript, value: Value) -> None:
    """`owner[key] = value`."""
    if data is not None:
        column(m, data, target, value)
        return
    assert isinstance(target, ast.Subscript)
    owner = m.eval(target.value)
    key = target.slice
    if isinstance(owner, Unknown) and not isinstance(owner, Names):
        if not owner.is_data and not isinstance(value, Data):
            inner = m.eval(key)
            owner.parts[inner.value if isinstance(inner, Const) else "?"] = value
            return
        owner = owner.data(m.site)
    match owner:
        case Data():
            if isinstance(key, (ast.Tuple, ast.Slice)):
                _array(m, owner, key, value)
            else:
                column(m, owner, m.eval(key), value)
        case Method(owner=Data() as held, name="loc" | "iloc" | "at" | "iat"):
            _array(m, held, key, value)
        case Method(owner=Stat() as stat):
            stat.events = (*stat.events, *events_in(value))
        case Map():
            inner = m.eval(key)
            if isinstance(inner, Const) and inner.value.__hash__ is not None:
                owner.items[inner.value] = value
            owner.rest = value if not isinstance(inner, Const) else owner.rest
        case Obj():
            inner = m.eval(key)
            if isinstance(inner, Const) and isinstance(inner.value, str):
                owner.attrs[inner.value] = value
        case Seq():
            inner = m.eval(key)
            if isinstance(inner, Const) and isinstance(inner.value, int) and inner.value < len(owner.items):
                owner.items[inner.value] = value
            else:
                owner.items.append(value)
        case Stat():
            if isinstance(value, Data) and isinstance(target.value, ast.Name):
                # a table that was begun empty and gets its first column
                table = value.clone(
                    cols={}, rest=None, form="frame", gone=frozenset(), mask=None, pred=None, base=fresh()
                )
                column(m, table, m.eval(key), value)
                m.bind(target.value, table)
                return
            owner.traces |= stats_in(value)
            owner.events = (*owner.events, *events_in(value))
        case Boxed():
            pass


def set_attribute(m: Machine, data: Data, attr: str, value: Value) -> None:
    """`df.columns = [...]`, `y.name = "label"`, `df.a = ...`."""
    if attr == "columns":
        names = [i.value for i in value.items if isinstance(i, Const)] if isinstance(value, Seq) else []
        if isinstance(value, Seq) and names and len(names) == len(value.items) and not value.open:
            old = list(data.cols.values()) if data.rest is None and len(data.cols) == len(names) else None
            base = data.whole()
            data.cols = {
                n: replace(old[i] if old else base, deps=frozenset({(n, 0)}), site=None) for i, n in enumerate(names)
            }
            data.rest, data.gone, data.partial = None, frozenset(), False
        elif not isinstance(value, Names):
            blurred = data.blurred()
            data.cols, data.rest, data.partial = blurred.cols, blurred.rest, True
    elif attr == "name" and isinstance(value, Const) and isinstance(value.value, str) and data.form == "series":
        data.cols = {value.value: data.whole()}
    elif attr not in ("index", "dtype", "shape", "attrs", "flags"):
        column(m, data, Const(attr), value)


def column(m: Machine, data: Data, key: Value, value: Value) -> None:
    """`df[key] = value` for columns (or rows by a mask)."""
    if isinstance(key, Const) and isinstance(key.value, str):
        data.cols[key.value] = made(m, data, key.value, value)
        data.preds = {k: v for k, v in data.preds.items() if k != key.value}
        if isinstance(value, Data) and value.pred is not None:
            data.preds[key.value] = value.clone()
        data.gone = data.gone - {key.value}
    elif isinstance(key, Seq) and key.items and all(isinstance(i, Const) for i in key.items):
        given = value if isinstance(value, Data) else None
        for i in key.items:
            if given is not None and given.form == "frame":
                align(data, given)
                own = given.cols.get(i.value)
                col = own if own is not None else replace(given.rest or given.whole(), deps=frozenset({(i.value, 0)}))
                data.cols[i.value] = replace(col, site=m.site, deps=col.deps | {(i.value, 0)})
            else:
                data.cols[i.value] = made(m, data, i.value, value)
            data.gone = data.gone - {i.value}
    elif isinstance(key, Seq) and any(isinstance(i, Data) for i in key.items):
        _weakly(data, value, nulls=any(isinstance(i, Data) and i.nulls for i in key.items))
    elif isinstance(key, Data):
        if key.form == "mask" or key.mask is not None:
            _weakly(data, value, nulls=key.nulls)
    else:
        if isinstance(key, Stat) and isinstance(value, Data):
            # the same columns, transformed: which they are was learnt, but none was left out
            chosen = {replace(t, kind="feature_selection") for t in key.traces}
            value = value.each(lambda c: replace(c, traces=c.traces - chosen))
        if isinstance(value, Data) and data.rest is None and isinstance(key, Unknown):
            data.rest = Col(traces=value.traces())  # a column whose name is not known; no other one than this
            data.gone |= {ANY}
        _weakly(data, value)


def made(m: Machine, data: Data, name: str, value: Value) -> Col:
    """A new column from what was assigned."""
    decided = m.decided()
    if isinstance(value, Unknown) and value.is_data:
        value = value.data()
    if isinstance(value, Data):
        align(value, data) if data.rows.pieces and value.rows.pieces else None
        whole = value.whole()
        if value.nulls:
            whole = replace(whole, deps=frozenset())  # whether a value is there does not tell which
        return replace(whole, deps=whole.deps | {(name, 0)}, site=m.site, traces=whole.traces | decided)
    if isinstance(value, (Seq, Map)):
        held = as_data(m, value)
        if held is not None:
            whole = held.whole()
            traces = used(whole.traces | stats_in(value), "preprocessing") | decided
            return replace(whole, deps=whole.deps | {(name, 0)}, site=m.site, traces=traces)
    traces = used(stats_in(value), "preprocessing")
    return Col(deps=frozenset({(name, 0)}), traces=traces | decided, site=m.site, noisy=isinstance(value, Unknown))


def _weakly(data: Data, value: Value, *, nulls: bool = False) -> None:
    """Some columns (or some rows of them) get this value, unknown which."""
    found: frozenset[Trace] = stats_in(value)
    if isinstance(value, Data):
        found = value.traces()
    found = used(found, "imputation" if nulls else "preprocessing")
    if not found:
        return
    data.cols = {k: c.traced(found) for k, c in data.cols.items()}
    if data.rest is not None:
        data.rest = data.rest.traced(found)


def _array(m: Machine, data: Data, key: ast.expr, value: Value) -> None:
    """`df.loc[rows, columns] = value`, `X[rows, columns] = value`."""
    parts = key.elts if isinstance(key, ast.Tuple) else [key]
    first = None if isinstance(parts[0], ast.Slice) else m.eval(parts[0])
    second = m.eval(parts[1]) if len(parts) > 1 and not isinstance(parts[1], ast.Slice) else None
    nulls = isinstance(first, Data) and first.nulls
    names = [second.value] if isinstance(second, Const) else []
    if isinstance(second, Seq):
        names = [i.value for i in second.items if isinstance(i, Const)]
    names = [n for n in names if isinstance(n, str)]
    if not names:
        _weakly(data, value, nulls=nulls)
        return
    traces = used(
        value.traces() if isinstance(value, Data) else stats_in(value), "imputation" if nulls else "preprocessing"
    )
    for name in names:
        if isinstance(first, Data):
            before = data.column(name)
            deps = frozenset() if nulls else first.whole().deps
            more = value.whole() if isinstance(value, Data) else Col()
            col = replace(before, deps=before.deps | deps | more.deps, noisy=before.noisy or more.noisy)
            new = name not in data.cols or bool(col.deps - before.deps)
            data.cols[name] = replace(col.traced(traces), site=m.site if new or traces else before.site)
        else:
            data.cols[name] = made(m, data, name, value)
        data.gone = data.gone - {name}
