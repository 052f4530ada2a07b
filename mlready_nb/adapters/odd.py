"""Odd inputs made from ordinary rows: what production sends in its first hour. Copies only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames

Array = np.ndarray[Any, Any]

#: A category and a text that nobody has seen.
UNSEEN = "mlready-unseen"
#: Columns that are taken out one at a time, at most.
LEFT_OUT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One odd input."""

    #: "one row", "NaN"... shown to the reader
    name: str
    #: "boundary" or "out of distribution"
    kind: str
    X: Any
    #: column that was changed in each row, where it is one a row; or in all
    columns: tuple[str, ...] = ()
    #: the answer must be the one to the ordinary rows at these positions, or it is nonsense; else any will do
    same_as: Array | None = None
    #: silently answering this is a fault unless the answer does not change (the column is not read)
    suspect: bool = False


def probes(
    X: Any, kinds: dict[str, str], low: dict[str, float], high: dict[str, float], *, named: bool
) -> Iterator[Probe]:
    """Every odd input that these rows allow.

    Parameters
    ----------
    low, high
        Smallest and largest training value of each column of numbers.
    named
        The model was fitted on names, so it could notice columns in another order.
    """
    n, every = frames.n_rows(X), np.arange(frames.n_rows(X))
    yield Probe(name="one row", kind="boundary", X=frames.take(X, every[:1]), same_as=every[:1])
    yield Probe(name="no row", kind="boundary", X=frames.take(X, every[:0]))
    if frames.is_sparse(X):
        return
    numbers = [c for c in low if n]
    if numbers:
        yield from _numbers(X, numbers, low, high)
    texts = [c for c, kind in kinds.items() if kind in ("text", "categorical")]
    if texts:
        yield _each(X, texts, "unseen category", "out of distribution", lambda _: UNSEEN)
        yield _each(X, texts, "missing category", "boundary", lambda _: None)
    names = frames.column_names(X)
    if not frames.is_frame(X) or len(names) < 2:
        return
    back = list(range(len(names)))[::-1]
    yield Probe(
        name="columns in another order", kind="boundary", X=frames.chosen(X, back), same_as=every, suspect=named
    )
    for i in _spread(len(names), LEFT_OUT):
        left = [j for j in range(len(names)) if j != i]
        yield Probe(
            name="a column left out",
            kind="boundary",
            X=frames.chosen(X, left),
            columns=(names[i],),
            same_as=every,
            suspect=True,
        )


def _numbers(X: Any, numbers: list[str], low: dict[str, float], high: dict[str, float]) -> Iterator[Probe]:
    n = frames.n_rows(X)
    yield _each(X, numbers, "NaN", "boundary", lambda _: np.nan)
    yield _each(X, numbers, "infinity", "boundary", lambda _: np.inf)
    if frames.is_frame(X):
        yield _each(X, numbers[:1], "text in a column of numbers", "boundary", lambda _: UNSEEN)
    for name, ends in (("the smallest training values", low), ("the largest training values", high)):
        yield Probe(
            name=name, kind="boundary", X=frames.replaced(X, {c: _as(X, c, np.full(n, ends[c])) for c in numbers})
        )
    for name, far in (("far beyond the training range", 10.0), ("absurdly large", 1e6)):
        cells = {}
        for c in numbers:
            width = max(high[c] - low[c], abs(high[c]), 1e-6)
            cells[c] = _as(X, c, np.where(np.arange(n) % 2, high[c] + far * width, low[c] - far * width))
        yield Probe(name=name, kind="out of distribution", X=frames.replaced(X, cells))


def _each(X: Any, columns: list[str], name: str, kind: str, cell: Any) -> Probe:
    """Row i is changed in column i mod k: one question covers them all."""
    n = frames.n_rows(X)
    picked = columns[:n]
    changed = {}
    for at, column in enumerate(picked):
        values = frames.column(X, column)
        values = values.astype(float) if isinstance(cell(0), float) else values.astype(object)
        values[np.arange(n) % len(picked) == at] = cell(0)
        changed[column] = values
    return Probe(name=name, kind=kind, X=frames.replaced(X, changed), columns=tuple(picked))


def _as(X: Any, column: str, values: Array) -> Array:
    """Whole numbers where the column holds those: a float would be another oddity."""
    old = frames.column(X, column)
    if old.dtype.kind in "iu":
        info = np.iinfo(old.dtype)
        return np.clip(np.round(values), float(info.min), min(float(info.max), 2.0**62)).astype(old.dtype)
    return values.astype(old.dtype if old.dtype.kind == "f" else float)


def _spread(n: int, most: int) -> list[int]:
    return sorted({int(i) for i in np.linspace(0, n - 1, min(n, most))})
