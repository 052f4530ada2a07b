"""The usual metrics with their intervals, by the names that goals and the card use."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb.finding import Estimate
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals, regression
from mlready_nb.subjects import Task

Array = np.ndarray[Any, Any]

#: metrics of which less is better
LOWER_IS_BETTER = frozenset({"log_loss", "brier_score", "mae", "rmse"})

#: what people type -> our names
ALIASES = {
    "acc": "accuracy",
    "auc": "roc_auc",
    "auroc": "roc_auc",
    "auc_roc": "roc_auc",
    "average_precision": "pr_auc",
    "auprc": "pr_auc",
    "f1_score": "f1",
    "f1_macro": "f1",
    "logloss": "log_loss",
    "neg_log_loss": "log_loss",
    "brier": "brier_score",
    "r2_score": "r2",
    "mean_absolute_error": "mae",
    "root_mean_squared_error": "rmse",
    "sensitivity": "recall",
    "ppv": "precision",
}


def canonical(metric: str) -> str:
    """Our name of a metric: lower case, one underscore, aliases resolved."""
    name = metric.strip().lower().replace("-", "_").replace(" ", "_")
    return ALIASES.get(name, name)


def scores(
    task: Task,
    y_true: Array,
    y_pred: Array,
    *,
    y_proba: Array | None = None,
    ranking: Array | None = None,
    class_names: tuple[Any, ...] | None = None,
) -> dict[str, Estimate]:
    """Metric -> estimate with its 95 % interval.

    Precision, recall and F1 are those of the positive class for a binary task and macro averages else; ROC-AUC of
    several classes is the macro mean of one against the rest.

    Parameters
    ----------
    y_true, y_pred
        (n,) labels or numbers; (n, k) indicators for multi-label.
    y_proba
        (n, k) probabilities in the order of `class_names`.
    ranking
        (n,) scores of the positive class, where there are no probabilities.
    """
    if task is Task.REGRESSION:
        found = regression.all_with_intervals(np.asarray(y_true, float), np.asarray(y_pred, float))
        return {k: _estimate(v, low, high, len(y_true), "bootstrap") for k, (v, low, high) in found.items()}
    if task is Task.MULTILABEL:
        return _multilabel(np.asarray(y_true) > 0, np.asarray(y_pred) > 0)
    classes = c.classes_of(y_true, y_pred, known=class_names)
    true, predicted, k = c.encode(y_true, classes), c.encode(y_pred, classes), len(classes)
    counts = c.confusion(true, predicted, k)
    n = int(counts.sum())
    right = int(np.trace(counts))
    found_: dict[str, Estimate] = {"accuracy": _estimate(right / n, *intervals.wilson(right, n), n, "wilson")}
    draws = intervals.multinomial(counts, 1000 if k <= 30 else 200)
    low, high = intervals.percentiles(c.balanced_accuracy(draws))
    found_["balanced_accuracy"] = _estimate(float(c.balanced_accuracy(counts)), low, high, n, "bootstrap")
    positive = 1 if task is Task.BINARY and k == 2 else None
    drawn = c.averaged(draws, positive=positive)
    for name, value in c.averaged(counts, positive=positive).items():
        if positive is not None and name == "recall":
            hits, of = int(counts[1, 1]), int(counts[1].sum())
            found_[name] = _estimate(float(value), *intervals.wilson(hits, of), of, "wilson")
        elif positive is not None and name == "precision":
            hits, of = int(counts[1, 1]), int(counts[:, 1].sum())
            found_[name] = _estimate(float(value), *intervals.wilson(hits, of), of, "wilson")
        else:
            found_[name] = _estimate(float(value), *intervals.percentiles(drawn[name]), n, "bootstrap")
    return found_ | _of_probabilities(task, true, y_proba, ranking, k)


def _of_probabilities(
    task: Task, true: Array, proba: Array | None, ranking: Array | None, k: int
) -> dict[str, Estimate]:
    found: dict[str, Estimate] = {}
    n = len(true)
    if task is Task.BINARY and k == 2:
        if proba is not None:
            ranking = proba[:, 1]
        positive = true == 1
        if ranking is not None and positive.any() and not positive.all():
            found["roc_auc"] = _estimate(*intervals.delong(positive, ranking), n, "delong")
            low, high = intervals.bootstrap(c.average_precision, positive, ranking, strata=true)
            found["pr_auc"] = _estimate(c.average_precision(positive, ranking), low, high, n, "bootstrap")
    elif proba is not None and proba.shape[1] == k:
        low, high = (
            intervals.bootstrap(c.macro_auc, true, proba, strata=true) if n * k <= 2_000_000 else (-math.inf, math.inf)
        )
        found["roc_auc"] = _estimate(c.macro_auc(true, proba), low, high, n, "bootstrap")
    if proba is not None and proba.shape[1] == k and k >= 2 and not _unscaled(proba):
        losses, squares = c.log_losses(true, proba), c.brier_terms(true, proba)
        found["log_loss"] = _estimate(float(losses.mean()), *intervals.mean_interval(losses), n, "normal")
        found["brier_score"] = _estimate(float(squares.mean()), *intervals.mean_interval(squares), n, "normal")
    return {name: e for name, e in found.items() if math.isfinite(e.value)}


def _unscaled(proba: Array) -> bool:
    """True for scores that are no probabilities."""
    return bool((proba < -1e-6).any() or (proba > 1 + 1e-6).any() or np.abs(proba.sum(axis=1) - 1).max() > 1e-3)


def _multilabel(true: Array, predicted: Array) -> dict[str, Estimate]:
    n = len(true)
    exact = int((true == predicted).all(axis=1).sum())

    def f1(t: Array, p: Array, axis: int | None) -> float:
        hits, total = (t & p).sum(axis=axis), t.sum(axis=axis) + p.sum(axis=axis)
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.mean(np.nan_to_num(2 * hits / total)))

    found = {"subset_accuracy": _estimate(exact / n, *intervals.wilson(exact, n), n, "wilson")}
    for name, axis in (("f1", 0), ("f1_micro", None)):
        low, high = intervals.bootstrap(lambda t, p, axis=axis: f1(t, p, axis), true, predicted)
        found[name] = _estimate(f1(true, predicted, axis), low, high, n, "bootstrap")
    return found


def _estimate(value: float, low: float, high: float, n: int, method: str) -> Estimate:
    known = math.isfinite(low) and math.isfinite(high)
    return Estimate(
        value=float(value), low=float(low) if known else None, high=float(high) if known else None, n=n, method=method
    )
