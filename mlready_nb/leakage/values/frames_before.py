"""Tables of the notebook that hold the rows of both sides, as they were before the split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.values.columns import Column, numeric_columns

Array = np.ndarray[Any, Any]

#: Tables that are looked at.
TABLES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A table, and where the rows of both sides stand in it."""

    name: str
    data: Any
    train: Array
    test: Array

    @property
    def others(self) -> int:
        """Rows of neither side."""
        return frames.n_rows(self.data) - len(self.train) - len(self.test)


def befores(namespace: Mapping[str, Any], sides: tuple[Any, Any], labels: tuple[Any, Any]) -> Iterator[Before]:
    """Tables whose index has the labels of all rows of both sides."""
    for one, two in (sides, labels):
        a, b = _index(one), _index(two)
        if a is not None and b is not None and len(a.intersection(b)) == 0:
            break
    else:
        return
    seen: set[int] = set()
    for name, value in namespace.items():
        if name.startswith("_") or id(value) in seen or value is sides[0] or value is sides[1]:
            continue
        index = _index(value)
        if index is None or np.ndim(value) != 2 or len(index) < len(a) + len(b):
            continue
        train, test = index.get_indexer(a), index.get_indexer(b)
        if (train >= 0).all() and (test >= 0).all():
            seen.add(id(value))
            yield Before(name=name, data=value, train=train, test=test)
        if len(seen) >= TABLES:
            return


def _index(data: Any) -> Any:
    """A pandas index that tells rows apart."""
    index = getattr(data, "index", None)
    if index is None or callable(index) or not getattr(index, "is_unique", False) or isinstance(data, type):
        return None
    return index if hasattr(index, "get_indexer") else None


def columns_before(before: Before, now: Sequence[Column]) -> Iterator[Column]:
    """Columns of the table that are not among the model's as they are."""
    if not frames.is_frame(before.data):
        return
    same = {column_key(c.train) for c in now}
    for column in numeric_columns(before.data.iloc[before.train], before.data.iloc[before.test]):
        if column_key(column.train) not in same:
            yield column


def kept(column: Column, value: float, now: Sequence[Column]) -> bool:
    """The rows that were filled share one value in a spread-out column of the model too: the filled one went into it."""
    filled = column.train == value
    if filled.sum() < 3:
        return False
    for other in now:
        there, rest = other.train[filled], other.train[~filled]
        if (
            np.isfinite(there).all()
            and np.ptp(there) <= 1e-9 * (1 + abs(float(there[0])))
            and len(np.unique(rest)) >= 20
        ):
            return True
    return False


def column_key(values: Array) -> bytes:
    """Tells a column again."""
    return np.ascontiguousarray(values, dtype=float).tobytes()
