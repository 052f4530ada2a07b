"""What the walk remembers: scopes, looks at data, choices."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.values import (
    Const,
    Data,
    Est,
    Fit,
    Func,
    Lib,
    Map,
    Method,
    Obj,
    Seq,
    Site,
    Stat,
    Unknown,
    Value,
    fresh,
)

if TYPE_CHECKING:
    pass


@dataclass(slots=True)
class Event:
    """A model met data: it was scored, or it predicted."""

    #: "metric", "score", "predict", "cross"
    how: str
    fit: Fit
    T: Data
    site: Site
    text: str
    loops: tuple[int, ...] = ()
    number: int = field(default_factory=fresh)
    certain: bool = True
    #: a curve over thresholds: to choose on it is to choose a threshold
    curve: bool = False
    #: the settings that belong to this look: a fit or a threshold
    key: int = 0


@dataclass(slots=True)
class Choice:
    """Something was chosen by scores."""

    events: tuple[Event, ...]
    site: Site
    text: str
    form: str = "choice"


@dataclass(slots=True)
class Scope:
    """Names, and where to look further."""

    names: dict[str, Value]
    parent: Scope | None = None
    #: declared `global` (or `nonlocal`) in here
    outer: set[str] = field(default_factory=set)

    def find(self, name: str) -> Value | None:
        """What the name stands for, or `None`."""
        here: Scope | None = self
        while here is not None:
            if name in here.names:
                return here.names[name]
            here = here.parent
        return None


class Returned(Exception):
    """A function's `return` was reached."""


def join(a: Value, b: Value) -> Value:
    """What a name stands for after two ways; the richer one where they cannot be put together."""
    if a is b:
        return a
    if isinstance(a, Data) and isinstance(b, Data):
        if a.rows.equals(b.rows):
            rows = b.rows
        else:
            rows = b.rows if b.rows.within(a.rows) else a.rows if a.rows.within(b.rows) else b.rows
        out = b.clone(rows=rows, sure=a.sure and b.sure and a.rows.equals(b.rows), gone=a.gone & b.gone)
        out.partial = a.partial or b.partial
        out.cols = {**a.cols, **{k: (c.plus(a.cols[k]) if k in a.cols else c) for k, c in b.cols.items()}}
        out.rest = a.rest.plus(b.rest) if a.rest and b.rest else (a.rest or b.rest)
        out.pred = b.pred or a.pred
        return out
    if isinstance(a, Stat) or isinstance(b, Stat):
        left = a if isinstance(a, Stat) else Stat()
        right = b if isinstance(b, Stat) else Stat()
        events = (*left.events, *right.events)
        return Stat(left.traces | right.traces, right.names or left.names, events, learnt=right.learnt or left.learnt)
    rank = {Est: 5, Data: 4, Obj: 4, Func: 3, Seq: 3, Map: 3, Method: 2, Lib: 2, Const: 1}
    return a if rank.get(type(a), 0) > rank.get(type(b), 0) else b


@lru_cache(maxsize=4096)
def unparsed(node: ast.AST) -> str:
    """The text of a node."""
    return ast.unparse(node)


def holds_data(value: Value) -> bool:
    """Data, or a list of them."""
    return (
        isinstance(value, Data)
        or (isinstance(value, Unknown) and value.is_data)
        or (isinstance(value, Seq) and any(isinstance(i, Data) for i in value.items))
    )
