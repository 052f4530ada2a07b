"""`owner[key]`: columns, slices of rows, masks, positions."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args, events_in
from mlready_nb.leakage.cells.attributes import pick
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.masks import as_condition
from mlready_nb.leakage.cells.mixing import align, used
from mlready_nb.leakage.cells.rows import END, START, Bound, Cut, Order, Rows
from mlready_nb.leakage.cells.values import (
    Col,
    Const,
    Data,
    Est,
    Filter,
    Func,
    Length,
    Lib,
    Map,
    Method,
    Obj,
    Seq,
    Slice,
    Stat,
    Unknown,
    Value,
    fresh,
)
from mlready_nb.leakage.cells.waiting import Boxed, Expr, Groups

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def subscript(m: Machine, node: ast.Subscript) -> Value:
    """The value of `owner[key]`."""
    owner = m.eval(node.value)
    key = node.slice
    if isinstance(owner, Unknown) and not isinstance(owner, Names):
        as_rows = isinstance(key, ast.Slice) or (isinstance(key, ast.Constant) and isinstance(key.value, str))
        if owner.is_data or as_rows or (isinstance(key, ast.List) and key.elts):
            name = key.value if isinstance(key, ast.Constant) else None
            if name is not None and name in owner.parts and not owner.is_data:
                return owner.parts[name]
            owner = owner.data(m.site)
    if isinstance(owner, Lib) and owner.last in ("r_", "c_"):
        from mlready_nb.leakage.cells.calls import invoke

        given = m.eval(key) if isinstance(key, ast.Tuple) else Seq([m.eval(key)])
        return invoke(m, Lib("numpy.vstack" if owner.last == "r_" else "numpy.column_stack"), Args([given], node=node))
    match owner:
        case Data():
            return item(m, owner, key)
        case Method(owner=Data() as data, name="loc" | "iloc" | "at" | "iat" as how):
            return located(m, data, key, how)
        case Method(owner=Stat() as stat):
            m.eval(key)
            return stat
        case Stat():
            return _of_stat(m, owner, key)
        case Names():
            inner = m.eval(key)
            if isinstance(inner, Stat):
                return Stat(used(inner.traces, "feature_selection"), events=inner.events)
            if isinstance(inner, Names) and inner.asked is None:
                return inner
            return owner.less((), exact=False)
        case Seq():
            return _of_seq(m, owner, key)
        case Map():
            inner = m.eval(key)
            if isinstance(inner, Const) and inner.value.__hash__ is not None and inner.value in owner.items:
                return owner.items[inner.value]
            if owner.rest is not None:
                return owner.rest
            held = list(owner.items.values())
            if isinstance(inner, Stat):
                return Stat(inner.traces, events=inner.events, kept=held[0] if held else None)
            return held[0] if held and not isinstance(inner, Const) else Unknown()
        case Groups():
            from mlready_nb.leakage.cells.groups import choose

            return choose(owner, m.eval(key))
        case Est():
            inner = m.eval(key)
            found = [s for s in owner.steps if isinstance(s, Est)]
            named = next((s for s in found if isinstance(inner, Const) and s.name == inner.value), None)
            return named or (found[-1] if found and isinstance(inner, Const) and inner.value == -1 else owner)
        case Boxed():
            return owner
        case Expr():
            return owner
        case Obj():
            inner = m.eval(key)
            return owner.attrs.get(inner.value, Unknown()) if isinstance(inner, Const) else Unknown()
        case Unknown():
            inner = m.eval(key)
            if isinstance(inner, Data) and inner.form in ("mask", "index"):
                return by_key(m, owner.data(m.site), inner)
            if isinstance(inner, Stat):
                return Stat(inner.traces, events=inner.events)
            mark = inner.value if isinstance(inner, Const) else ("key", getattr(inner, "number", id(inner)))
            try:
                return owner.parts.setdefault(mark, Unknown())
            except TypeError:
                return Unknown()
    m.eval(key)
    return Unknown()


def _of_stat(m: Machine, stat: Stat, key: ast.expr) -> Value:
    inner = m.eval(key) if not isinstance(key, ast.Slice) else Unknown()
    if stat.ranked and stat.events and (isinstance(inner, Const) or isinstance(key, ast.Slice)):
        m.choose(stat.events, m.text(key))
    if isinstance(inner, Data) and inner.mask is None and any(t.grouped for t in stat.traces):
        return inner.clone(form="series").traced(used(stat.traces, "preprocessing"))  # each row gets its group's value
    if isinstance(inner, Stat):
        traces = stat.traces | inner.traces
        return Stat(traces, events=(*stat.events, *inner.events))
    traces = stat.traces
    if isinstance(inner, Const) and isinstance(inner.value, str) and inner.value in stat.of:
        traces = frozenset(replace(t, of=frozenset({inner.value})) if t.grouped else t for t in traces)
    return Stat(traces, names=(), events=stat.events, ranked=stat.ranked, of=stat.of, learnt=stat.learnt)


def _of_seq(m: Machine, seq: Seq, key: ast.expr) -> Value:
    if isinstance(key, ast.Slice):
        low, high = m.eval(key.lower), m.eval(key.upper)
        if not seq.open and all(isinstance(b, Const) for b in (low, high)) and key.step is None:
            return Seq(seq.items[low.value : high.value], fixed=seq.fixed)
        if seq.open or not seq.items:
            from mlready_nb.leakage.cells.args import as_data

            data = as_data(m, seq)
            return sliced(m, data, key) if data is not None else seq
        return Seq(list(seq.items), open=True)
    inner = m.eval(key)
    if seq.ranked:
        m.choose(events_in(seq), m.text(key), "best")
    if (
        isinstance(inner, Const)
        and isinstance(inner.value, int)
        and -len(seq.items) <= inner.value < len(seq.items)
        and not seq.open
    ):
        return seq.items[inner.value]
    if isinstance(inner, Stat):
        events = tuple(e for v in seq.items if isinstance(v, Stat) for e in v.events)
        return Stat(inner.traces, events=(*inner.events, *events), kept=seq.items[0] if seq.items else None)
    if isinstance(inner, Data) and not seq.items:
        from mlready_nb.leakage.cells.args import as_data

        data = as_data(m, seq)
        return by_key(m, data, inner) if data is not None else Unknown()
    return seq.items[0] if seq.items else Unknown()


# -- data --------------------------------------------------------------------
def item(m: Machine, data: Data, key: ast.expr) -> Value:
    """`df[key]`, `X[key]`."""
    if isinstance(key, ast.Slice):
        return sliced(m, data, key)
    if isinstance(key, ast.Call) and ast.unparse(key.func).rpartition(".")[2] == "ix_":
        key = ast.Tuple(elts=key.args, ctx=ast.Load())
    if isinstance(key, ast.Tuple) and data.form != "index":
        return located(m, data, key, "array")
    return by_key(m, data, m.eval(key))


def located(m: Machine, data: Data, key: ast.expr, how: str) -> Value:
    """`df.loc[rows, columns]`, `df.iloc[...]`, `X[rows, columns]`."""
    parts = key.elts if isinstance(key, ast.Tuple) else [key]
    first = parts[0]
    out: Value
    if isinstance(first, ast.Slice):
        out = sliced(m, data, first)
    else:
        value = m.eval(first)
        if isinstance(value, Func) and how == "loc":
            value = m.enter(value, {value.node.args.args[0].arg: data})
        out = by_key(m, data, value, rows=True) if how != "array" or not _everything(value) else data.clone()
    if len(parts) > 1 and isinstance(out, Data):
        out = _columns(m, out, parts[1], how)
    return out


def _everything(value: Value) -> bool:
    return isinstance(value, Const) and value.value in (None, Ellipsis)


def _columns(m: Machine, data: Data, key: ast.expr, how: str) -> Value:
    if isinstance(key, ast.Slice):
        if key.lower is None and key.upper is None:
            return data
        return _column_slice(m, data, key)
    value = m.eval(key)
    if isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool):
        if how in ("array", "iloc"):
            rest = data.rest or data.whole()
            name = f"#{value.value}"
            return data.clone(cols={name: replace(rest, deps=rest.deps | {(name, 0)})}, rest=None, form="series")
        return data
    if _everything(value):
        return data
    return by_key(m, data, value, columns=True)


def _column_slice(m: Machine, data: Data, key: ast.Slice) -> Data:
    """`[:, :-1]` leaves the last column out: `#-1` is gone; anything else leaves some out."""
    low, high = m.eval(key.lower), m.eval(key.upper)
    out = data.blurred()
    if isinstance(low, Const) and isinstance(high, Const) and low.value in (None, 0) and high.value == -1:
        out.gone = data.gone | {"#-1"}
    return out


def by_key(m: Machine, data: Data, key: Value, *, rows: bool = False, columns: bool = False) -> Value:
    """What a key that was evaluated picks."""
    match key:
        case Const(value=str() as name) if not rows:
            return pick(data, name)
        case Const():
            if data.pred is not None or not rows:
                return data if _everything(key) else Unknown()
            return Unknown()
        case Seq():
            return _listed(m, data, key, rows)
        case Data() if columns:
            return data.blurred()
        case Data():
            return chosen(m, data, key)
        case Stat():
            if rows or data.form in ("series", "index"):
                return Stat(key.traces, events=key.events)
            return data.traced(used(key.traces, "feature_selection")).blurred()
        case Names():
            out = key.of_data(data)
            out.site = m.site
            return out
        case Unknown() if key.is_data:
            return chosen(m, data, key.data())
        case Unknown():
            if rows or data.form != "frame":
                cut = Cut(("key", key.number), "mask", True)
                return data.clone(rows=data.rows.cut(cut), sure=False)
            return data.blurred(sure=data.sure and key.name == "text")
        case Slice(low=low, high=high):
            return between(m, data, low, high)
        case Length():
            return Unknown()
    return data.blurred(sure=False)


def _listed(m: Machine, data: Data, key: Seq, rows: bool) -> Data:
    names = [i.value for i in key.items if isinstance(i, Const) and isinstance(i.value, str)]
    traces = used(key.traces, "feature_selection").union(
        *(used(i.traces, "feature_selection") for i in key.items if isinstance(i, Stat))
    )
    if rows or not names:
        if key.items and not any(isinstance(i, Const) for i in key.items):
            return data.traced(traces).blurred()
        if rows:
            return data.clone(rows=data.rows.cut(Cut(("list", id(key)), "mask", True)), sure=False)
        return data.traced(traces).blurred()
    cols = {n: data.column(n).traced(traces) for n in names}
    whole = len(names) == len(key.items) and not key.open
    return data.clone(
        cols=cols,
        rest=None if whole else (data.rest or Col()).traced(traces),
        partial=not whole,
        form="frame",
        site=m.site,
    )


def chosen(m: Machine, data: Data, key: Data) -> Data:
    """Rows by a mask, or by the positions or labels of other rows."""
    key = as_condition(key)
    if key.mask is not None:
        align(data, key)
        before = data.rows
        after = before
        for cut in key.mask[0]:
            after = after.cut(cut)
        of = frozenset(name for name, _ in key.whole().deps)
        shape = repr(sorted((c.form, str(c.part), str(sorted(of))) for c in key.mask[0]))
        note = Filter(m.site, before, "filter", m.text(m.statement_node), shape, of)
        if key.nulls:
            note = replace(note, form="dropna", shape="dropna")
        single = any(
            c.form == "mask" and not c.part and c.event[1][:1] == ("duplicated",)
            for c in key.mask[0]
            if c.event[0] == "opaque"
        )
        out = data.clone(rows=after, filters=(*data.filters, note), repeats=() if single else data.repeats)
        if key.rows.cuts() - before.cuts() and key.form != "mask":
            out.rows = out.rows.and_of(key.rows)
        return out
    if key.form == "index":
        # drawn again and again while data are made up: levels of groups, not copies of rows
        made_up = all(p.source.label == "random" for p in data.rows.pieces)
        more = tuple(r for r in key.repeats if r.op or not made_up)
        out = data.clone(rows=data.rows.and_of(key.rows), repeats=data.repeats + more)
        out.filters = (*data.filters, *(f for f in key.filters if f not in data.filters))
        out.sure = data.sure and key.sure
        return out
    cut = Cut(("opaque", key.whole().deps, fresh()), "mask", True)
    note = Filter(m.site, data.rows, "opaque", m.text(m.statement_node), "", frozenset())
    return data.clone(rows=data.rows.cut(cut), filters=(*data.filters, note), sure=False)


def bound(m: Machine, value: Value, at: Bound, rows: Rows | None = None) -> Bound:
    """A slice's end as a position."""
    match value:
        case Const(value=None):
            return at
        case Const(value=int() | float() as number):
            return Bound(0.0, float(number)) if number >= 0 else Bound(1.0, float(number))
        case Length(bound=found, rows=counted) if rows is not None and counted is not None and not counted.equals(rows):
            return Bound(unknown=("length", counted, found))
        case Length(bound=found):
            if found.of_length < 0 or (found.of_length == 0 and found.plus < 0):
                return Bound(round(1.0 + found.of_length, 9), found.plus)
            return Bound(round(found.of_length, 9), found.plus, found.unknown)
        case Const(value=other):
            return Bound(unknown=("const", repr(other)))
        case Unknown():
            return Bound(unknown=("unknown", value.number))
    return Bound(unknown=("value", id(value)))


def sliced(m: Machine, data: Data, key: ast.Slice) -> Data:
    """`[low:high:step]` over rows."""
    low, high = m.eval(key.lower), m.eval(key.upper)
    step = m.eval(key.step) if key.step is not None else Const(None)
    if isinstance(step, Const) and isinstance(step.value, int):
        if step.value == -1:
            order = data.rows.order
            return data.clone(
                rows=data.rows.ordered(replace(order, descending=not order.descending, turned=not order.turned))
            )
        if step.value > 1:
            first = low.value or 0 if isinstance(low, Const) else fresh()
            cut = Cut(("stride", data.rows), "stride", (first, step.value))
            return data.clone(rows=data.rows.cut(cut))
    return between(m, data, low, high)


def between(m: Machine, data: Data, low: Value, high: Value) -> Data:
    """The rows from one position (or label) to another."""
    if any(isinstance(b, Const) and isinstance(b.value, str) for b in (low, high)):
        return _labelled(data, low, high)
    whole = _of_union(data.rows, low, high)
    if whole is not None:
        return data.clone(rows=whole)
    start, end = bound(m, low, START, data.rows), bound(m, high, END, data.rows)
    if start == START and end == END:
        return data.clone()
    cut = Cut(("slice", data.rows), "slice", (start, end))
    rows = data.rows.cut(cut)
    m.parts.setdefault(cut.event, {})[cut.part] = m.site
    return data.clone(rows=rows)


def _labelled(data: Data, low: Value, high: Value) -> Data:
    rows = data.rows
    for value, sign in ((low, ">="), (high, "<=")):
        if isinstance(value, Const) and value.value is not None:
            rows = rows.cut(Cut(("index", "labels"), "range", (sign, value.value)))
    return data.clone(rows=rows)


def _of_union(rows: Rows, low: Value, high: Value) -> Rows | None:
    """`both[:len(train)]` of two that were put together."""
    if len(rows.pieces) < 2:
        return None
    for value, first in ((high, True), (low, False)):
        if isinstance(value, Length) and value.bound == END and value.rows is not None:
            count = len(value.rows.pieces)
            if count < len(rows.pieces) and rows.pieces[:count] == value.rows.pieces:
                other = low if first else high
                if isinstance(other, Const) and other.value in (None, 0):
                    return Rows(rows.pieces[:count] if first else rows.pieces[count:], Order(mark=rows.order.mark))
    return None
