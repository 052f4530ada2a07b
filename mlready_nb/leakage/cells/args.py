"""The arguments of a call, and turning values into data."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.rows import Piece, Rows, Source
from mlready_nb.leakage.cells.values import Col, Const, Data, Length, Map, Method, Seq, Stat, Trace, Unknown, Value
from mlready_nb.leakage.cells.waiting import Boxed

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine
    from mlready_nb.leakage.cells.state import Event


@dataclass(slots=True)
class Args:
    """Evaluated arguments with their nodes."""

    pos: list[Value] = field(default_factory=list)
    kw: dict[str, Value] = field(default_factory=dict)
    nodes: list[ast.expr] = field(default_factory=list)
    kwnodes: dict[str, ast.expr] = field(default_factory=dict)
    node: ast.AST | None = None
    #: `**options`
    more: Value = None

    def get(self, position: int | None, *names: str) -> Value:
        """The argument by position or by one of its names; `None` when it was not given."""
        for name in names:
            if name in self.kw:
                return self.kw[name]
        if position is not None and position < len(self.pos):
            return self.pos[position]
        return None

    def const(self, position: int | None, *names: str) -> object:
        """The argument's literal value, or `None`."""
        value = self.get(position, *names)
        return value.value if isinstance(value, Const) else None

    def node_of(self, position: int, *names: str) -> ast.expr | None:
        """The argument's node."""
        for name in names:
            if name in self.kwnodes:
                return self.kwnodes[name]
        return self.nodes[position] if position < len(self.nodes) else None

    def all(self) -> list[Value]:
        """Every value."""
        return [*self.pos, *self.kw.values()]

    def but_first(self) -> Args:
        """Without the first positional one: a function as a method."""
        return Args(self.pos[1:], self.kw, self.nodes[1:], self.kwnodes, self.node, self.more)


def arguments(m: Machine, node: ast.Call) -> Args:
    """Evaluate them in order."""
    out = Args(node=node)
    for part in node.args:
        if isinstance(part, ast.Starred):
            inner = m.eval(part.value)
            for item in inner.items if isinstance(inner, Seq) else [inner]:
                out.pos.append(item)
                out.nodes.append(part.value)
        else:
            out.pos.append(m.eval(part))
            out.nodes.append(part)
    for word in node.keywords:
        value = m.eval(word.value)
        if word.arg is None:
            out.more = value
            if isinstance(value, Map):
                for key, held in value.items.items():
                    if isinstance(key, str):
                        out.kw.setdefault(key, held)
        else:
            out.kw[word.arg] = value
            out.kwnodes[word.arg] = word.value
    return out


def as_data(m: Machine, value: Value, name: str = "") -> Data | None:
    """The value as data, where it can be such."""
    match value:
        case Data():
            return value
        case Unknown():
            if not value.name:
                value.name = name
            return value.data(m.site)
        case Boxed(X=inner):
            return as_data(m, inner, name)
        case Seq() | Map():
            return _gathered(m, value, name)
        case Stat():
            kept = as_data(m, value.kept, name) if value.kept is not None else None
            if kept is not None:
                return kept.traced(value.traces)
            rows = m.source(name or "table")
            return Data(rows, partial=True, rest=Col(traces=value.traces), name=name)
        case Length(rows=rows) if rows is not None:
            return Data(rows, form="index")
    return None


def _gathered(m: Machine, value: Seq | Map, name: str) -> Data | None:
    held = m.gathered.get(id(value))
    if held is not None and held[0] is value:
        return held[1]
    inner = [v for v in (value.items if isinstance(value, Seq) else value.items.values()) if isinstance(v, Data)]
    if inner and isinstance(value, Seq):
        out = inner[0].blurred(sure=False, mask=None)
        for other in inner[1:]:
            out = out.traced(other.traces())
    elif inner:
        out = inner[0].clone()
    else:
        if isinstance(value, Seq) and not value.items and not value.open:
            out = Data(Rows((Piece(Source(name or "list", site=m.site)),)), name=name, site=m.site)
            m.gathered[id(value)] = (value, out)
            return out
        traces = (
            frozenset().union(*(v.traces for v in value.items if isinstance(v, Stat)))
            if isinstance(value, Seq)
            else frozenset[Trace]()
        )
        out = Data(Rows((Piece(Source(name or "list", site=m.site)),)), rest=Col(traces=traces), name=name, site=m.site)
    m.gathered[id(value)] = (value, out)
    return out


def become(data: Data, other: Data) -> None:
    """A change in place."""
    for slot in Data.__slots__:  # type: ignore[attr-defined]
        if slot != "name":
            setattr(data, slot, getattr(other, slot))


def stats_in(value: Value) -> frozenset[Trace]:
    """Everything learnt inside of a value: a statistic, a dict or list of them."""
    match value:
        case Stat(traces=traces) | Method(owner=Stat(traces=traces)):
            return traces
        case Seq(items=parts, traces=traces):
            return traces.union(*(stats_in(p) for p in parts[:20]))
        case Map(items=parts, rest=rest):
            inner = [stats_in(p) for p in list(parts.values())[:20]]
            return frozenset().union(*inner, stats_in(rest) if rest is not None else frozenset())
    return frozenset()


def events_in(value: Value) -> tuple[Event, ...]:
    """Every look at a test set inside of a value."""
    match value:
        case Stat(events=events):
            return events
        case Seq(items=parts):
            return tuple(e for p in parts for e in events_in(p))
        case Map(items=parts, rest=rest):
            return (*(e for p in parts.values() for e in events_in(p)), *(events_in(rest) if rest is not None else ()))
    return ()
