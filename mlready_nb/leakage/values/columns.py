"""The numeric columns of both sides, and the row sets that a statistic may have been taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.subjects import Subjects

Array = np.ndarray[Any, Any]

#: Sparse data are unpacked up to this many cells.
DENSE_CELLS, DENSE_WIDTH = 20_000_000, 500
#: Decimals at which a value counts as written by hand rather than computed.
DECIMALS = 5


@dataclass(frozen=True, kw_only=True)
class Column:
    """One numeric column: its finite values by side."""

    name: str
    train: Array
    test: Array
    valid: Array | None = None
    #: what rounding alone does to a statistic of order one
    tolerance: float = 1e-9

    @cached_property
    def honest(self) -> list[Array]:
        """Row sets without a test row, finite values only."""
        sets = [self.train] if self.valid is None else [self.train, np.concatenate([self.train, self.valid])]
        return [_finite(s) for s in sets]

    @cached_property
    def leaky(self) -> list[Array]:
        """Row sets with the test rows in them."""
        sets = [np.concatenate([self.train, self.test])]
        if self.valid is not None:
            sets.append(np.concatenate([self.train, self.valid, self.test]))
        return [_finite(s) for s in sets]

    @cached_property
    def union(self) -> Array:
        """Every row there is, gaps included."""
        parts = [self.train, self.test] if self.valid is None else [self.train, self.valid, self.test]
        return np.concatenate(parts)

    @cached_property
    def tidy(self) -> bool:
        """True when every value is a short decimal: counts, codes, prices, percentages; no computed statistic."""
        values = self.leaky[-1]
        head = values[:: max(1, len(values) // 500)]
        return bool(len(head) == 0 or (np.abs(head - np.round(head, DECIMALS)) < 1e-12 * (1 + np.abs(head))).all())

    @cached_property
    def runs(self) -> tuple[Array, Array]:
        """(distinct values, how often) over all rows."""
        values, counts = np.unique(self.leaky[-1], return_counts=True)
        return values, counts

    def only_leaky(self, says: Callable[[Array], bool]) -> bool:
        """True when a test rings on a row set with test rows, and on none without."""
        return any(says(s) for s in self.leaky) and not any(says(s) for s in self.honest)


def _finite(values: Array) -> Array:
    return values if np.isfinite(values).all() else values[np.isfinite(values)]


def numeric_columns(X_train: Any, X_test: Any, X_valid: Any = None) -> Iterator[Column]:
    """Columns that are numbers on both sides; by name where both have names, else by position."""
    one, two = _numbers(X_train), _numbers(X_test)
    three = _numbers(X_valid) if X_valid is not None else {}
    if not (frames.is_frame(X_train) and frames.is_frame(X_test)):
        if frames.n_columns(X_train) != frames.n_columns(X_test):
            return
        names = dict(zip(frames.column_names(X_test), frames.column_names(X_train), strict=True))
        two = {names[k]: v for k, v in two.items()}
    whole = bool(three) and set(one) <= set(three)
    for name, (train, single) in one.items():
        if name in two:
            test, also = two[name]
            yield Column(
                name=name,
                train=train,
                test=test,
                valid=three[name][0] if whole else None,
                tolerance=1e-5 if single or also else 1e-9,
            )


def coded_columns(X_train: Any, X_test: Any, X_valid: Any = None, *, most: int = 60) -> Iterator[Column]:
    """Columns of few categories, as codes: what rows may have been grouped by."""
    sides = [X for X in (X_train, X_test, X_valid) if X is not None]
    if not all(frames.is_frame(X) for X in sides):
        return
    for name, kind in frames.kinds(X_train).items():
        if kind not in ("text", "categorical") or not all(name in frames.column_names(X) for X in sides):
            continue
        values = [frames.column(X, name) for X in sides]
        found, distinct = frames.codes(np.concatenate([v.astype(object) for v in values]))
        if 2 <= len(distinct) <= most:
            parts = np.split(found.astype(float), np.cumsum([len(v) for v in values])[:-1])
            yield Column(name=name, train=parts[0], test=parts[1], valid=parts[2] if len(parts) > 2 else None)


def _numbers(X: Any) -> dict[str, tuple[Array, bool]]:
    """Column -> (values as floats, whether they were stored in single precision)."""
    if frames.is_sparse(X):
        if X.shape[1] > DENSE_WIDTH or X.shape[0] * X.shape[1] > DENSE_CELLS:
            return {}
        X = X.toarray()
    if not frames.is_frame(X):
        try:
            values = np.asarray(X)
        except ValueError:  # rows of unequal length
            return {}
        if values.ndim == 1 and values.dtype.kind in "fiu":
            values = values.reshape(-1, 1)
        if values.ndim == 2 and values.dtype.kind in "fiu":
            single = values.dtype.kind == "f" and values.dtype.itemsize < 8
            columns = np.asfortranarray(values, dtype=float)
            return {name: (columns[:, j], single) for j, name in enumerate(frames.column_names(X))}
        if values.ndim != 2:
            return {}
    found = {}
    for name, kind in frames.kinds(X).items():
        if kind == "numeric":
            values = np.asarray(frames.column(X, name))
            if values.dtype.kind in "fiu":
                single = values.dtype.kind == "f" and values.dtype.itemsize < 8
                found[name] = (values.astype(float), single)
    return found


def validates(subjects: Subjects) -> bool:
    """The validation set has rows of its own: not those of the training or the test set under another name."""
    valid = subjects.X_valid
    if valid is None:
        return False
    ours = _ids(valid)
    for other in (subjects.X_train, subjects.X_test):
        if other is valid:
            return False
        theirs = _ids(other)
        if ours is not None and theirs is not None and len(ours.intersection(theirs)) > 0:
            return False
        if frames.n_rows(valid) == frames.n_rows(other) and (ours is None or theirs is None):
            two = _numbers(other)
            if any(n in two and np.array_equal(v, two[n][0], equal_nan=True) for n, (v, _) in _numbers(valid).items()):
                return False
    return True


def _ids(data: Any) -> Any:
    index = getattr(data, "index", None)
    usable = index is not None and not callable(index) and hasattr(index, "intersection")
    return index if usable and type(index).__name__ != "RangeIndex" else None
