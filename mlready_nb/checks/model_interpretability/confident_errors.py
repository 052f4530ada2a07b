"""Which columns drive the errors that the model was sure of."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.adapters.attribution import explainers
from mlready_nb.checks.declare import Cost, check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, inconclusive, not_applicable, passed
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Budget, Cancelled, Task

Array = np.ndarray[Any, Any]

#: Rows that are explained of either kind, at most; errors below which there is no pattern; columns shown.
ROWS, FEW, SHOWN = 60, 10, 15


@check("EVA-04.2", "INT-01.2", cost=Cost.SLOW, tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def confident_errors(
    predictor: Predictor,
    X_test: Any,
    y_test: Any,
    y_pred: Any,
    budget: Budget,
    y_proba: Any = None,
    X_train: Any = None,
    *,
    confident: float = 0.8,
) -> Finding:
    """SHAP values of the worst errors beside those of rows that came out right: which columns lead astray.

    What it measures: For classes, the errors made with a probability of at least `confident`; for numbers, the largest
    twentieth of the errors. Up to sixty of them and as many other rows are explained (SHAP, in terms of the original
    columns); for each column its share of the explanation in both, and the difference with Welch's interval. Shares
    only: no row is shown.

    Why it matters: Errors made with confidence pass every threshold; what they have in common is usually one column
    that is wrong, stale or missing in a part of the data (Lundberg et al. 2020, on explaining a model's loss).

    Blind spots: A column that leads astray in a few rows only. Correlated columns share their values arbitrarily. It
    describes; it does not judge.

    How to mend: Look at rows of the leading column's range with `mlready_nb.explain_row(model, X_test, row)`.
    """
    matching(y_test, y_pred)
    wrong, right, what = _sides(predictor, y_test, y_pred, y_proba, confident)
    if wrong is None or right is None:
        return not_applicable("the model gives no probabilities, so no error can be called a confident one")
    n = len(y_test)
    if len(wrong) < FEW or len(right) < FEW:
        return passed(
            f"{len(wrong):,} of {n:,} test rows are {what}: too few to have a pattern", measured={"errors": len(wrong)}
        )
    notes: list[str] = []
    known = X_test if X_train is None or frames.n_rows(X_train) == 0 else X_train
    for explain, names, name in explainers(predictor, X_test, known, notes):
        try:
            sides = _explained(explain, wrong, right, budget)
        except Cancelled:
            raise
        except Exception as error:  # shap raises whatever it meets; the next explainer may do
            notes.append(f"{name}: {type(error).__name__}")
            continue
        if sides is None:
            return inconclusive(f"{name} is too slow on this model to explain {2 * FEW} rows in {budget.seconds:.0f} s")
        return _told(*sides, names, name, len(wrong), n, what)
    return inconclusive(f"SHAP values could not be had: {'; '.join(notes)[:300]}")


def _sides(
    predictor: Predictor, y: Array, said: Array, proba: Array | None, confident: float
) -> tuple[Array | None, Array | None, str]:
    """(positions of the worst errors, positions of right rows of the same confidence, what they are)."""
    if predictor.task is Task.REGRESSION:
        errors = np.abs(np.asarray(y, dtype=float) - np.asarray(said, dtype=float))
        order = np.argsort(-errors, kind="stable")
        twentieth = math.ceil(len(y) / 20)
        return order[:twentieth], _spread(order[len(y) // 2 :]), "among the largest twentieth of the errors"
    if proba is None:
        return None, None, ""
    classes = c.classes_of(y, said, known=predictor.class_names)
    wrong, top = c.encode(y, classes) != c.encode(said, classes), proba.max(axis=1)
    sure = top >= confident
    worst = np.flatnonzero(wrong & sure)
    return (
        worst[np.argsort(-top[worst], kind="stable")],
        _spread(np.flatnonzero(~wrong & sure)),
        f"wrong at a probability of {confident:g} or more",
    )


def _spread(rows: Array) -> Array:
    return np.random.default_rng(intervals.SEED).permutation(rows)


def _explained(explain: Any, wrong: Array, right: Array, budget: Budget) -> tuple[Array, Array] | None:
    """((a, columns), (b, columns)) shares of the explanation, as many rows as the time allows; `None` when too few."""
    began = time.monotonic()
    first = [explain(np.sort(rows[:FEW])) for rows in (wrong, right)]
    budget.check()
    per_row = (time.monotonic() - began) / (2 * FEW)
    if budget.left < 0.5:
        return None
    more = min(ROWS, FEW + int(0.1 * budget.left / max(per_row, 1e-6)))
    sides = []
    for part, rows in zip(first, (wrong, right), strict=True):
        rest = np.sort(rows[FEW:more])
        sides.append(np.concatenate([part, explain(rest)]) if len(rest) else part)
        budget.check()
    sizes = [np.abs(s).mean(axis=2) for s in sides]
    shares = [s / np.maximum(s.sum(axis=1, keepdims=True), 1e-300) for s in sizes]
    return shares[0], shares[1]


def _told(wrong: Array, right: Array, names: Any, explainer: str, errors: int, n: int, what: str) -> Finding:
    order = np.argsort(-wrong.mean(axis=0), kind="stable")
    z = intervals.quantile(len(names))
    rows: list[tuple[str, Estimate, float, float]] = []
    for j in order[:SHOWN].tolist():
        a, b = wrong[:, j], right[:, j]
        gap = float(a.mean() - b.mean())
        half = z * math.sqrt(float(a.var(ddof=1)) / len(a) + float(b.var(ddof=1)) / len(b))
        more = Estimate(
            value=round(gap, 4),
            low=round(gap - half, 4),
            high=round(gap + half, 4),
            n=len(a) + len(b),
            method="welch, corrected",
        )
        rows.append((names[j], more, round(float(a.mean()), 4), round(float(b.mean()), 4)))
    table = Table(
        title="Share of the explanation, in confident errors beside right answers",
        columns=("column", "more in errors", "share in errors", "share where right"),
        rows=tuple(rows),
        chart="intervals",
    )
    leading = ", ".join(f"{name} ({share:.0%})" for name, _, share, _ in rows[:3])
    apart = [r for r in rows if r[1].low is not None and r[1].low > 0]
    said = (
        f"; {apart[0][0]} weighs more there than in right answers, by {apart[0][1]}"
        if apart
        else "; no column weighs surely more there than in right answers"
    )
    return passed(
        f"{errors:,} of {n:,} test rows are {what}; {leading} drive them{said} ({explainer} on {len(wrong)} and {len(right)} rows)",
        measured={"errors": errors, "share": errors / n, "first": rows[0][0], "explained": len(wrong)},
        tables=(table,),
        remedy="Look at single rows: mlready_nb.explain_row(model, X_test, row=<position>).",
        sampled=(len(wrong) + len(right), n),
    )
