"""Two values put together row by row, and statistics put to use."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.values import Const, Data, Fit, Stat, Trace, Value
from mlready_nb.leakage.cells.waiting import Expr

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def both(left: Value, right: Value) -> Stat:
    """Two statistics (or one and something else) put together."""
    parts = [v for v in (left, right) if isinstance(v, Stat)]
    return Stat(
        frozenset().union(*(v.traces for v in parts)),
        events=tuple(e for v in parts for e in v.events),
        names=parts[0].names,
        of=frozenset().union(*(v.of for v in parts)),
        learnt=latest(*parts),
    )


def latest(*parts: Stat) -> Fit | None:
    """The latest fit of weights among these."""
    return max((v.learnt for v in parts if v.learnt is not None), key=lambda f: f.number, default=None)


def built(value: Value, frame: Data) -> Value:
    """A column expression, now that its frame is known."""
    return value.build(frame) if isinstance(value, Expr) else value


def mixed(m: Machine, a: Data, b: Data) -> Data:
    """Row by row from both."""
    align(a, b)
    other = b.whole()
    if a.form == "frame" and b.form == "frame" and set(a.cols) == set(b.cols):
        out = a.clone(mask=None)
        out.cols = {k: c.plus(b.cols[k]) for k, c in a.cols.items()}
        out.rest = a.rest.plus(b.rest) if a.rest and b.rest else a.rest
    else:
        out = a.each(lambda c: c.plus(other), mask=None)
    out.nulls = False
    out.sure = a.sure and b.sure
    if a.form == "index" or b.form == "index":
        out.form = "series"
    if (a.pred is None) != (b.pred is None):
        predicted, labels = (a, b) if a.pred is not None else (b, a)
        out.pred, out.seen = predicted.pred, predicted.seen
        out.rows = predicted.rows
        out.versus = predicted.versus or labels.form != "frame" or len(labels.cols) <= 1
    elif a.pred is not None and b.pred is not None:
        out.versus = a.versus or b.versus
    return out


def align(a: Data, b: Data) -> None:
    """Put two sources together when rows of one meet rows of the other row by row."""
    if len(a.rows.pieces) == len(b.rows.pieces) == 1:
        p, q = a.rows.pieces[0], b.rows.pieces[0]
        if p.source.root() is not q.source.root() and p.cuts == q.cuts:
            p.source.align(q.source) if not p.source.generated or q.source.generated else q.source.align(p.source)


def used(traces: frozenset[Trace], kind: str) -> frozenset[Trace]:
    """Statistics that are put to use: from now on they have a kind."""
    return frozenset(replace(t, kind=kind) if t.kind == "statistic" else t for t in traces)


def truth(value: Value) -> bool | None:
    """True or False where a constant decides."""
    if isinstance(value, Const) and isinstance(value.value, (bool, int, float, str, type(None))):
        return bool(value.value)
    return None
