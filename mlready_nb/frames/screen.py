"""Which rows may occur more than once: a quick sieve, so that only they are hashed in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlready_nb.frames.native import array, column_names, is_frame, is_sparse, n_rows, table
from mlready_nb.frames.values import series_values

Array = np.ndarray[Any, Any]

_ODD = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
#: Below this many rows the sieve costs more than it saves; a column sieves when this share of a sample is distinct.
WORTH, DISTINCT = 2_000, 0.9


def may_repeat(X_train: Any, X_test: Any, *, columns: int = 4) -> tuple[Array, Array]:
    """(rows of X_train, rows of X_test) outside which no row equals another one of either side.

    A row that repeats, repeats in every column: rows whose value of one column occurs once are out, and what is left
    goes through the next column. Without a column of mostly distinct numbers all rows are left.
    """
    m, n = n_rows(X_train), n_rows(X_test)
    rows: Array | None = None
    if m + n >= WORTH:
        for used, (a, b) in enumerate(_spread(X_train, X_test)):
            before = m + n if rows is None else len(rows)
            rows = _again(rows, a, b, m)
            if used + 1 >= columns or len(rows) < 64 or len(rows) > 0.9 * before:
                break
    if rows is None:
        return np.arange(m), np.arange(n)
    return rows[rows < m], rows[rows >= m] - m


def _again(rows: Array | None, a: Array, b: Array, m: int) -> Array:
    """Those of the rows (all, without) whose value occurs more than once; a few others slip through."""
    if rows is not None:
        a, b = a[rows[rows < m]], b[rows[rows >= m] - m]
    values = np.empty(len(a) + len(b))
    np.add(a, 0.0, out=values[: len(a)])  # -0.0 is 0.0
    np.add(b, 0.0, out=values[len(a) :])
    gaps = np.isnan(values)
    if gaps.any():
        values[gaps] = np.nan  # one pattern of bits
    keys = _keys(values)
    ordered = np.sort(keys)  # quicker than any table: NumPy sorts numbers with the processor's vectors
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    shift = np.uint32(32 - int(np.clip(np.ceil(np.log2(len(repeated) + 1)) + 4, 10, 24)))
    taken = np.zeros(1 << int(32 - shift), dtype=bool)
    taken[repeated >> shift] = True
    found = np.flatnonzero(taken[keys >> shift])
    return found if rows is None else rows[found]


def _keys(values: Array) -> Array:
    """(n,) 32 mixed bits of each number: half the memory to sort, and few numbers share them."""
    halves = values.view(np.uint32).reshape(-1, 2)
    return np.asarray(halves[:, 0] * _ODD[0] ^ halves[:, 1] * _ODD[1])


def _spread(X_train: Any, X_test: Any) -> Iterator[tuple[Array, Array]]:
    """Columns of mostly distinct numbers on both sides, as floats."""
    for a, b in _pairs(X_train, X_test):
        if a.dtype.kind not in "fiu" or b.dtype.kind not in "fiu":
            continue
        sample = a[:: max(1, len(a) // 500)]
        if len(np.unique(sample)) > DISTINCT * len(sample):
            yield np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)


def _pairs(X_train: Any, X_test: Any) -> Iterator[tuple[Array, Array]]:
    if is_sparse(X_train) or is_sparse(X_test):
        return
    if is_frame(X_train) and is_frame(X_test):
        one, two = table(X_train), table(X_test)
        for name in one.columns:
            if name in two.columns and one[name].dtype.is_numeric() and two[name].dtype.is_numeric():
                yield series_values(one[name]), series_values(two[name])
    elif len(column_names(X_train)) == len(column_names(X_test)):
        left, right = ((table(X).to_numpy() if is_frame(X) else array(X)) for X in (X_train, X_test))
        for i in range(left.shape[1]):
            yield left[:, i], right[:, i]
