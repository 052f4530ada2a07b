"""Rows of each class against the customary minimum, and whether more would help."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Estimate, Finding, Table, inconclusive, not_applicable, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Budget, Task

Array = np.ndarray[Any, Any]

#: Rows that the small learning curve is drawn on at most, and repeated halves.
ROWS, HALVES = 3_000, 3


@check("DRQ-01.1", cost=Cost.MODERATE)
def too_few_rows(
    X_train: Any,
    y_train: Any,
    task: Task,
    budget: Budget,
    X_test: Any = None,
    y_test: Any = None,
    *,
    min_rows: int = 1_000,
    ideal_rows: int = 10_000,
    fewest: int = 100,
    min_gain: float = 0.02,
) -> Finding:
    """Training rows of the smallest class (all rows of a regression) against 1,000 and 10,000.

    What it measures: The count itself; and below `min_rows` a learning curve: a small forest trained on half of the
    rows and on all, scored on the test set (balanced accuracy, R²), with the 95 % bootstrap interval of the gain. It
    warns below `fewest` rows, and where doubling the rows gains more than `min_gain` for certain. Fewer rows than the
    minimum with a flat curve are inconclusive: the rule of thumb is not met, and no harm is shown.

    Why it matters: With a few dozen rows of a class, both what is learnt about it and what is measured on it are
    mostly luck. The limits are the checklist's rule of thumb.

    Blind spots: A forest on plain columns stands for the model; text, pictures and large networks need more. Rows
    that repeat each other count as rows.

    How to mend: Collect or label more rows of the smallest class first; a learning curve of the real model
    (sklearn.model_selection.learning_curve) tells what they would buy.
    """
    rows = _counts(y_train, task)
    if not rows:
        return not_applicable("there are no labels to count")
    name, smallest = min(rows, key=lambda r: r[1])
    what = "training rows" if task is Task.REGRESSION else f"training rows of the smallest class, {name!r}"
    measured: dict[str, Any] = {"smallest": smallest, "classes": len(rows), "rows": len(y_train)}
    tables = (
        Table(
            title="Training rows",
            columns=("class", "rows"),
            rows=tuple(sorted(rows, key=lambda r: r[1])[:30]),
            chart="bars",
        ),
    )
    head = f"{smallest:,} {what} (minimum {min_rows:,}, ideal {ideal_rows:,})"
    if smallest >= min_rows:
        return passed(head, measured=measured, tables=tables)
    remedy = "Collect or label more rows of it first; until then, judge it by intervals (test-set-too-small, weak-class), not by a single score."
    if smallest < fewest:
        return warned(
            f"{head}: what is learnt and measured on so few is mostly luck",
            measured=measured,
            tables=tables,
            remedy=remedy,
        )
    gain = _doubling(X_train, y_train, X_test, y_test, task, budget)
    if gain is None:
        return inconclusive(
            f"{head}; without comparable test rows a learning curve cannot tell whether they do",
            measured=measured,
            tables=tables,
        )
    measured["gain_of_doubling"] = gain
    curve = f"doubling the rows gains {gain} {'R²' if task is Task.REGRESSION else 'balanced accuracy'}"
    if gain.low is not None and gain.low > min_gain:
        return warned(
            f"{head}, and {curve}: more rows would still help", measured=measured, tables=tables, remedy=remedy
        )
    return inconclusive(
        f"{head}; {curve}: the rule of thumb is not met, yet the learning curve shows no certain harm",
        measured=measured,
        tables=tables,
    )


def _counts(y: Any, task: Task) -> list[tuple[str, int]]:
    if task is Task.REGRESSION:
        return [("all", len(y))]
    if np.ndim(y) == 2:
        positive = (np.asarray(y) > 0).sum(axis=0)
        return [(f"label {j}", int(c)) for j, c in enumerate(positive)]
    codes, classes = frames.codes(y)
    counts = np.bincount(codes[codes >= 0], minlength=len(classes))
    return [(str(c), int(n)) for c, n in zip(classes, counts, strict=True)]


def _doubling(X_train: Any, y_train: Any, X_test: Any, y_test: Any, task: Task, budget: Budget) -> Estimate | None:
    """What all rows gain over half of them, by a small forest on the test rows."""
    if (
        X_test is None
        or y_test is None
        or np.ndim(y_train) != 1
        or len(y_test) != frames.n_rows(X_test)
        or len(y_test) < 30
    ):
        return None
    if len(y_train) != frames.n_rows(X_train):
        return None
    rng = np.random.default_rng(0)
    n = len(y_train)
    chosen = np.sort(rng.choice(n, ROWS, replace=False)) if n > ROWS else np.arange(n)
    try:
        train, test, names = frames.numeric_matrix(frames.take(X_train, chosen), X_test)
    except Exception:  # nested objects
        return None
    if not names or len(names) > 2_000:
        return None
    y = np.asarray(y_train)[chosen]
    budget.check()
    right = _answers(train, y, test, y_test, task, np.arange(len(y)))
    halves: list[Array] = []
    for _ in range(HALVES):
        budget.check()
        rows = np.sort(rng.permutation(len(y))[: len(y) // 2])
        answers = _answers(train, y, test, y_test, task, rows)
        halves += [] if answers is None else [answers]
    if right is None or not halves:
        return None
    half = np.mean(halves, axis=0)
    weights = _weights(y_test, task)

    def gain(a: Array, b: Array, w: Array) -> float:
        return float(((a - b) * w).sum() / w.sum())

    low, high = intervals.bootstrap(gain, right, half, weights)
    return Estimate(value=gain(right, half, weights), low=low, high=high, n=len(y_test), method="bootstrap")


def _answers(train: Any, y: Array, test: Any, y_test: Any, task: Task, rows: Array) -> Array | None:
    """(n,) 1 where right; for numbers 1 less the squared error over the variance."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    forest = RandomForestRegressor if task is Task.REGRESSION else RandomForestClassifier
    labels = y[rows].astype(float) if task is Task.REGRESSION else y[rows].astype(str)
    if task.classifies and len(np.unique(labels)) < 2:
        return None
    said = forest(n_estimators=40, min_samples_leaf=2, random_state=0, n_jobs=1).fit(train[rows], labels).predict(test)
    if task.classifies:
        return np.asarray(said == np.asarray(y_test).astype(str), dtype=float)
    true = np.asarray(y_test, dtype=float)
    return np.asarray(1 - (true - said) ** 2 / max(float(true.var()), 1e-300))


def _weights(y_test: Any, task: Task) -> Array:
    """Weights that make a mean over rows a mean over classes."""
    if task is Task.REGRESSION:
        return np.ones(len(y_test))
    codes, classes = frames.codes(y_test)
    return np.asarray(1 / np.bincount(codes, minlength=len(classes))[codes])
