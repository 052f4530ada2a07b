"""How often each class occurs: in training, in the test set, and before they were drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.rows.sides import Sides

Array = np.ndarray[Any, Any]

#: Total variation between the shares of the classes that counts as a move.
MOVED = 0.12


def distinct_counts(sides: Sides, y: Array, classes: int) -> Array:
    """Counts of the classes over training rows without their copies: sampling up repeats rows of the rarer one."""
    first = np.unique(frames.row_hashes(sides.X_train), return_index=True)[1]
    return np.bincount(y[first], minlength=classes)


def moved_by(a: Array, b: Array) -> float:
    """Total variation between two lists of counts."""
    return 0.5 * float(np.abs(a / max(a.sum(), 1) - b / max(b.sum(), 1)).sum())


def class_names(sides: Sides, classes: int) -> list[str]:
    """The classes as text, in the order of their codes."""
    assert sides.y_train is not None and sides.y_test is not None  # noqa: PT018
    distinct = frames.codes(np.concatenate([sides.y_train.astype(object), sides.y_test.astype(object)]))[1]
    return [str(distinct[i]) for i in range(classes)]


def levelled(a: Array, b: Array) -> bool:
    """The training classes are exactly level and the test classes are not: resampling of training alone is honest."""
    there = (a > 0) | (b > 0)
    slack = max(1, 0.002 * a.sum())
    return bool(a[there].max() - a[there].min() <= slack and b[there].max() - b[there].min() > max(1, 0.05 * b.sum()))


def more_level(a: Array, b: Array) -> bool:
    """Two classes nearer to halves in training than in the test set: rows of the rarer one were added or others dropped."""
    there = (a > 0) | (b > 0)
    if there.sum() != 2:
        return False
    return bool(a[there].min() / a.sum() > b[there].min() / b.sum() and a.argmax() == b.argmax())


def raw_counts(sides: Sides) -> Array | None:
    """Counts of the classes over the raw table that holds both sides, in the order of their codes."""
    assert sides.y_train is not None and sides.y_test is not None  # noqa: PT018
    names = [getattr(y, "name", None) for y in (sides.subjects.y_train, sides.subjects.y_test)]
    both = np.concatenate([sides.y_train.astype(object), sides.y_test.astype(object)])
    distinct = frames.codes(both)[1]
    for train, test in sides.places.both:
        if not frames.is_frame(train.table):
            continue
        for name in (names[0], *frames.column_names(train.table)):
            if not isinstance(name, str) or name not in frames.column_names(train.table):
                continue
            values = frames.column(train.table, name)
            if not (same_values(values[train.rows], sides.y_train) and same_values(values[test.rows], sides.y_test)):
                continue
            counts = [int((values == d).sum()) for d in distinct]
            if sum(counts) == len(values):
                return np.array(counts)
    return None


def as_before(sides: Sides, b: Array) -> bool:
    """Labels before the split, somewhere in the namespace, have the shares of the test set: training was resampled.

    Rows that were scaled or made new are found in no table; the labels from which both sides were drawn often remain.
    """
    assert sides.y_train is not None and sides.y_test is not None  # noqa: PT018
    distinct = frames.codes(np.concatenate([sides.y_train.astype(object), sides.y_test.astype(object)]))[1]
    name = getattr(sides.subjects.y_test, "name", None)
    for values in _labels_before(sides, name):
        counts = np.array([int((values == d).sum()) for d in distinct])
        if counts.sum() == len(values) and moved_by(counts, b) < MOVED and (counts >= b).all():
            return True
    return False


def _labels_before(sides: Sides, name: object) -> Iterator[Array]:
    """Long enough label vectors and label columns of the namespace that are not the training labels themselves."""
    assert sides.y_train is not None
    mine = {id(v) for v in (sides.subjects.y_train, sides.subjects.y_test)}
    for key, value in list((sides.subjects.namespace or {}).items()):
        if key.startswith("_") or id(value) in mine:
            continue
        if frames.is_frame(value) and isinstance(name, str) and name in frames.column_names(value):
            found = np.asarray(frames.column(value, name))
        elif getattr(value, "ndim", 0) == 1 and hasattr(value, "dtype") and not frames.is_sparse(value):
            found = np.asarray(value)
        else:
            continue
        if len(found) >= 1.3 * sides.n_test and not (len(found) == sides.n_train and same_values(found, sides.y_train)):
            yield found


def same_values(a: Array, b: Array) -> bool:
    """Value for value the same."""
    try:
        return bool(np.asarray(a[:200] == b[:200]).all() and np.asarray(a == b).mean() > 0.999)
    except (TypeError, ValueError):
        return False
