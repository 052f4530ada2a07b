"""Whether what a transformer makes of some rows is what the model was trained and scored on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.values.columns import numeric_columns

Array = np.ndarray[Any, Any]

#: Columns of the model's table that are looked for in an output.
LOOKED = 6
#: Distinct values a column needs to be told again.
DISTINCT = 20
#: Cells of a sparse table that are unpacked, column by column, to look for values.
WIDTH = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Shares of the model's training and test rows whose values stand in an output."""

    train: float = 0.0
    test: float = 0.0

    @property
    def used(self) -> bool:
        """The training set was made of it."""
        return self.train >= 1.0


def link(output: Any, X_train: Any, X_test: Any, unlike: Any = None) -> Link:
    """Look for the rows of both sides in the output: whole rows where the widths agree, else column by column.

    Parameters
    ----------
    unlike
        What the transformer was given: columns that it handed on unchanged prove nothing.
    """
    try:
        width = frames.n_columns(output)
        if width == frames.n_columns(X_train) == frames.n_columns(X_test) and not _unchanged(output, unlike):
            found = _whole(output, X_train, X_test)
            if found is not None and max(found.train, found.test) >= 1.0:
                return found
        return _by_column(output, X_train, X_test, unlike)
    except (TypeError, ValueError):
        return Link()


def _unchanged(output: Any, given: Any) -> bool:
    if given is None or isinstance(given, list) or frames.shape(output) != frames.shape(given):
        return False
    one, two = _matrix(output), _matrix(given)
    return one is not None and two is not None and bool(np.array_equal(one, two, equal_nan=True))


def selects(selector: Any, given: Any, output: Any, X_train: Any, X_test: Any) -> Link:
    """For a selector: the model's table has the chosen columns and none of the others."""
    chosen = np.asarray(selector.get_support())
    if chosen.all():
        return Link()
    if frames.n_columns(X_train) == int(chosen.sum()):
        found = _whole(output, X_train, X_test)
        if found is not None and found.used:
            return found
    if not (frames.is_frame(X_train) and frames.is_frame(given)):
        return Link()
    names, have = np.asarray(frames.column_names(given)), set(frames.column_names(X_train))
    if set(names[chosen]) <= have and not set(names[~chosen]) & have:
        found = _by_column(output, X_train, X_test, None)
        return found if found.used else Link(train=1.0, test=1.0)
    return Link()


def _whole(output: Any, X_train: Any, X_test: Any) -> Link | None:
    weights = np.random.default_rng(7).normal(size=frames.n_columns(output))
    there, train, test = (_projected(X, weights) for X in (output, X_train, X_test))
    if there is None or train is None or test is None or len(np.unique(train)) < DISTINCT:
        return None
    return Link(train=_share(train, there), test=_share(test, there))


def _projected(X: Any, weights: Array) -> Array | None:
    if frames.is_sparse(X):
        return np.asarray(X @ weights).ravel()
    values = _matrix(X)
    return None if values is None else np.nan_to_num(values) @ weights


def _matrix(X: Any) -> Array | None:
    if frames.is_sparse(X):
        X = X.toarray()
    values = X.to_numpy() if hasattr(X, "to_numpy") else np.asarray(X)
    if values.ndim == 1:
        values = values.reshape(-1, 1)
    if values.dtype.kind not in "fiub":
        try:
            values = values.astype(float)
        except (TypeError, ValueError):
            return None
    return np.asarray(values, dtype=float)


def _share(wanted: Array, there: Array) -> float:
    """How many values stand there, within rounding and no more often than there."""
    if len(wanted) == 0 or len(there) == 0:
        return 0.0
    there = np.sort(there[np.isfinite(there)])
    if len(there) == 0 or not np.isfinite(wanted).all():
        return 0.0
    at = np.clip(np.searchsorted(there, wanted), 1, max(1, len(there) - 1))
    near = np.abs(there[np.minimum(at, len(there) - 1)] - wanted)
    before = np.abs(there[at - 1] - wanted)
    size = max(1e-12, float(np.abs(there).max()))
    return float((np.minimum(near, before) <= 1e-6 * np.maximum(np.abs(wanted), 1e-3 * size)).mean())


def _by_column(output: Any, X_train: Any, X_test: Any, unlike: Any) -> Link:
    """At least one spread-out column of the model's table is a column of the output, on all its training rows."""
    sparse = frames.is_sparse(output) or frames.is_sparse(X_train)
    if sparse and max(frames.n_columns(output), frames.n_columns(X_train)) > WIDTH:
        return Link()
    numbers = numeric_columns(X_train, X_test)
    spread = sorted(((len(np.unique(c.train)), c.name, c.train, c.test) for c in numbers), key=lambda t: (-t[0], t[1]))
    kept = {_sum(c) for c in _columns(unlike)} if unlike is not None and not isinstance(unlike, list) else set()
    there = [np.sort(c) for c in _columns(output) if _sum(c) not in kept]
    best = Link()
    for distinct, _, train, test in spread[:LOOKED]:
        if distinct < DISTINCT:
            break
        for column in there:
            share = _share(train[:: max(1, len(train) // 2000)], column)
            if share >= 0.99:
                found = Link(train=_share(train, column), test=_share(test, column))
                if (found.train, found.test) > (best.train, best.test):
                    best = found
    return best


def _sum(values: Array) -> float:
    """One number that tells a column again."""
    return float(values @ np.cos(np.arange(len(values))))


def _columns(output: Any) -> list[Array]:
    try:
        values = _matrix(output)
    except (TypeError, ValueError):
        return []
    if values is None and frames.is_frame(output):
        return [c.train for c in numeric_columns(output, output)]
    return [] if values is None else [values[:, j] for j in range(min(values.shape[1], WIDTH))]
