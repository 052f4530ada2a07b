"""What a leak does to the score: clones are fitted again without it, on copies, within the budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import attribute
from mlready_nb.finding import Estimate
from mlready_nb.leakage.evidence import Evidence, Kind
from mlready_nb.leakage.refit.again import TooDear, refitted
from mlready_nb.leakage.refit.found import transformers
from mlready_nb.leakage.refit.inputs import Sides, lists_of_names, tables
from mlready_nb.leakage.refit.trace import World, rows_in, trace
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Budget, Cancelled, Subjects

Array = np.ndarray[Any, Any]

#: A score that moves by less hardly moves.
MOVES = 0.01
#: Test rows that must be left to say anything.
ROWS = 20
#: Seconds that must be left to begin.
SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The score with the leak and without it."""

    metric: str
    reported: float
    honest: Estimate

    @property
    def moves(self) -> bool:
        """Whether the leak flatters the model by more than a trifle."""
        return self.reported - self.honest.value > MOVES

    def __str__(self) -> str:
        what = (
            f"the test {self.metric} without the leak is about {self.honest.value:.2f} (reported {self.reported:.2f})"
        )
        return what[0].upper() + what[1:]


def effect(group: Sequence[Evidence], subjects: Subjects, budget: Budget) -> Effect | None:
    """Score again without this leak; `None` where that cannot be done from the objects, or not in time."""
    way = _WAYS.get(group[0].kind)
    there = (subjects.model, subjects.X_train, subjects.y_train, subjects.X_test, subjects.y_test)
    if way is None or any(x is None for x in there) or budget.left < SECONDS:
        return None
    try:
        budget.check()
        return way(group, subjects, budget)
    except (Cancelled, KeyboardInterrupt):
        raise
    except Exception:
        return None  # a counterfactual that cannot be had is no finding


def _without_shared_rows(group: Sequence[Evidence], subjects: Subjects, budget: Budget) -> Effect | None:
    """The same model, scored on the test rows that do not stand in the training set."""
    del group, budget
    if frames.n_columns(subjects.X_train) != frames.n_columns(subjects.X_test):
        return None
    seen = np.isin(frames.row_hashes(subjects.X_test), frames.row_hashes(subjects.X_train))
    fresh = np.flatnonzero(~seen)
    if len(fresh) < ROWS or len(fresh) == len(seen):
        return None
    y = frames.labels(subjects.y_test)
    y_pred = np.asarray(subjects.model.predict(subjects.X_test)).ravel()
    return _effect(y, y_pred, y[fresh], y_pred[fresh])


def _without_columns(group: Sequence[Evidence], subjects: Subjects, budget: Budget) -> Effect | None:
    """A clone of the model, fitted without the columns that give the label away."""
    names = frames.column_names(subjects.X_train)
    out = {c for e in group for c in e.columns}
    left = [i for i, n in enumerate(names) if n not in out]
    if not left or len(left) == len(names):
        return None
    one, two = (_columns(X, left) for X in (subjects.X_train, subjects.X_test))
    return _fitted_again(one, two, subjects, budget)


def _columns(X: Any, at: Sequence[int]) -> Any:
    if hasattr(X, "iloc"):
        return X.iloc[:, list(at)]
    if frames.is_frame(X):
        frame = frames.table(X)
        return frame.select([frame.columns[i] for i in at]).to_native()
    return X[:, list(at)]


def _fitted_after_the_split(group: Sequence[Evidence], subjects: Subjects, budget: Budget) -> Effect | None:
    """The transformer fitted on the training rows alone, then a clone of the model on what it makes of them."""
    sides, namespace = Sides.of(subjects), subjects.namespace or {}
    names = {v for e in group for v in e.variables}
    world = World(
        sides=sides, tables=tables(namespace), names=lists_of_names(namespace), namespace=namespace, budget=budget
    )
    for found in transformers(namespace, subjects.model):
        if found.variable not in names:
            continue
        match = trace(found, world)
        if match is None or not match.used or match.rows != "both" or not match.source.variables:
            continue
        train, test = (rows_in(match.source, side, sides) for side in ("train", "test"))
        if train is None or test is None or frames.n_columns(match.output) != frames.n_columns(subjects.X_train):
            continue
        data = match.source.data
        step = refitted(found.value, frames.take(data, train), subjects.y_train, budget)
        one, two = (step.transform(frames.take(data, rows)) for rows in (train, test))
        return _fitted_again(one, two, subjects, budget)
    return None


def _fitted_again(X_train: Any, X_test: Any, subjects: Subjects, budget: Budget) -> Effect | None:
    best = attribute(subjects.model, "best_estimator_")
    model = subjects.model if best is None else best
    try:
        again = refitted(model, X_train, subjects.y_train, budget)
    except TooDear:
        return None
    y = frames.labels(subjects.y_test)
    before, after = (np.asarray(m.predict(X)).ravel() for m, X in ((subjects.model, subjects.X_test), (again, X_test)))
    return _effect(y, before, y, after)


def _effect(y: Array, y_pred: Array, y_fresh: Array, fresh_pred: Array) -> Effect | None:
    """Accuracy for classes, R² for numbers."""
    if y.ndim != 1 or len(y) != len(y_pred) or len(y_fresh) != len(fresh_pred):
        return None
    if _is_number(y) and _is_number(y_pred) and len(np.unique(y)) > 20:
        n = len(y_fresh)
        return Effect(metric="R²", reported=_r2(y, y_pred), honest=Estimate(value=_r2(y_fresh, fresh_pred), n=n))
    hits, n = int((y_fresh == fresh_pred).sum()), len(y_fresh)
    low, high = intervals.wilson(hits, n)
    honest = Estimate(value=hits / n, low=low, high=high, n=n, method="wilson")
    return Effect(metric="accuracy", reported=float((y == y_pred).mean()), honest=honest)


def _is_number(values: Array) -> bool:
    return values.dtype.kind in "fiu"


def _r2(y: Array, y_pred: Array) -> float:
    y = y.astype(float)
    return float(1 - ((y - y_pred) ** 2).sum() / ((y - y.mean()) ** 2).sum())


_WAYS: dict[Kind, Callable[[Sequence[Evidence], Subjects, Budget], Effect | None]] = {
    Kind.DUPLICATES: _without_shared_rows,
    Kind.OVERLAP: _without_shared_rows,
    Kind.TARGET_PROXY: _without_columns,
    Kind.PREPROCESSING: _fitted_after_the_split,
    Kind.IMPUTATION: _fitted_after_the_split,
    Kind.FEATURE_SELECTION: _fitted_after_the_split,
}
