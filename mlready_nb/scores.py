"""The usual metrics with their intervals, by the names that goals and the card use."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb.finding import Estimate
from mlready_nb.frames import afford
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals, regression
from mlready_nb.subjects import Task

Array = np.ndarray[Any, Any]

#: metrics of which less is better
LOWER_IS_BETTER = frozenset({"log_loss", "brier_score", "mae", "rmse"})

#: Rows below which a bootstrap or a normal interval says nothing.
FEW = 10
#: Probabilities beyond which a bootstrap of areas takes too long.
LARGE = 2_000_000
#: Classes from which only those that occur are tabled, and no tables are drawn.
MANY = 300

#: what people type -> our names
ALIASES = {
    "acc": "accuracy",
    "auc": "roc_auc",
    "auroc": "roc_auc",
    "auc_roc": "roc_auc",
    "average_precision": "pr_auc",
    "auprc": "pr_auc",
    "f1_score": "f1",
    "logloss": "log_loss",
    "neg_log_loss": "log_loss",
    "brier": "brier_score",
    "r2_score": "r2",
    "mean_absolute_error": "mae",
    "root_mean_squared_error": "rmse",
    "sensitivity": "recall",
    "ppv": "precision",
}

#: goals that are measured elsewhere: by the checks of latency and of memory -> how to read them
RESOURCES = {
    "p50_latency_ms": "p50_latency_ms",
    "p95_latency_ms": "p95_latency_ms",
    "p99_latency_ms": "p99_latency_ms",
    "latency_ms": "p95_latency_ms",
    "p50_ms": "p50_latency_ms",
    "p95_ms": "p95_latency_ms",
    "p99_ms": "p99_latency_ms",
    "throughput": "rows_per_second",
    "rows_per_second": "rows_per_second",
    "throughput_rows_per_second": "rows_per_second",
    "model_size_mb": "model_size_mb",
    "memory_mb": "peak_memory_mb",
    "peak_memory_mb": "peak_memory_mb",
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

    Precision, recall and F1 are those of the positive class for a binary task (`f1_macro` beside them) and macro
    averages else; ROC-AUC of several classes is the macro mean of one against the rest.

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
        return {
            k: _estimate(v, low, high, len(y_true), "bootstrap")
            for k, (v, low, high) in found.items()
            if math.isfinite(v)
        }
    if task is Task.MULTILABEL:
        return _multilabel(np.asarray(y_true) > 0, np.asarray(y_pred) > 0)
    classes = c.classes_of(y_true, y_pred, known=class_names)
    true, predicted, k = c.encode(y_true, classes), c.encode(y_pred, classes), len(classes)
    counts = c.confusion(*_occurring(true, predicted, k))
    n = int(counts.sum())
    right = int(np.trace(counts))
    found_: dict[str, Estimate] = {"accuracy": _estimate(right / n, *intervals.wilson(right, n), n, "wilson")}
    hits, support, called = np.diagonal(counts), counts.sum(axis=1), counts.sum(axis=0)
    low, high = intervals.mean_of_shares(hits, support)
    found_["balanced_accuracy"] = _estimate(float(c.balanced_accuracy(counts)), low, high, n, "wilson, combined")
    if task is Task.BINARY and k == 2:
        values = c.averaged(counts, positive=1)
        for name, of in (("precision", int(called[1])), ("recall", int(support[1]))):
            found_[name] = _estimate(float(values[name]), *intervals.wilson(int(hits[1]), of), of, "wilson")
        wrong = float(support[1] + called[1] - 2 * hits[1])
        found_["f1"] = _estimate(float(values["f1"]), *intervals.f1(float(hits[1]), wrong), n, "wilson of Jaccard")
        found_["f1_macro"] = _macro(counts)["f1"]
    else:
        found_ |= _macro(counts)
    return found_ | _of_probabilities(task, true, y_proba, ranking, k)


def _occurring(true: Array, predicted: Array, k: int) -> tuple[Array, Array, int]:
    """The codes of many classes, counted anew over those that occur: a table of 10,000 x 10,000 would be empty."""
    if k <= MANY:
        return true, predicted, k
    seen = np.unique(np.concatenate([true, predicted]))
    afford(8.0 * len(seen) ** 2, f"a table of {len(seen):,} classes against each other")
    return np.searchsorted(seen, true), np.searchsorted(seen, predicted), len(seen)


def _macro(counts: Array) -> dict[str, Estimate]:
    """Macro averages over the classes that occur; of bootstrap and combined intervals the wider, for few rows."""
    n, k = int(counts.sum()), len(counts)
    hits, support, called = np.diagonal(counts), counts.sum(axis=1), counts.sum(axis=0)
    occurs = np.flatnonzero(support + called > 0)
    values = c.averaged(counts)
    drawn = c.averaged(intervals.multinomial(counts, 1000 if k <= 30 else 200)) if k <= MANY else {}
    of_f1 = np.array([intervals.f1(hits[j], support[j] + called[j] - 2 * hits[j]) for j in occurs])
    of_shares = {
        name: np.array([intervals.wilson(hits[j], of[j]) for j in occurs])
        for name, of in (("precision", called), ("recall", support))
    }
    _, _, f1, _ = c.per_class(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = {"precision": np.nan_to_num(hits / called), "recall": np.nan_to_num(hits / support)}
    weights, found = np.full(len(occurs), 1 / max(len(occurs), 1)), {}
    for name, ends, each in (
        ("precision", of_shares["precision"], shares["precision"]),
        ("recall", of_shares["recall"], shares["recall"]),
        ("f1", of_f1, np.nan_to_num(f1)),
    ):
        one = intervals.combined(weights, each[occurs], ends[:, 0], ends[:, 1])
        two = intervals.percentiles(drawn[name]) if drawn else one
        low, high = max(0.0, min(one[0], two[0])), min(1.0, max(one[1], two[1]))
        found[name] = _estimate(float(values[name]), low, high, n, "wilson, combined")
    return found


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
        if n * k <= LARGE:
            low, high, how = *intervals.bootstrap(c.macro_auc, true, proba, strata=true), "bootstrap"
        else:  # as wide as if the classes' areas rose and fell together
            areas = np.array([intervals.delong(true == j, proba[:, j]) for j in np.unique(true)])
            low, high, how = float(areas[:, 1].mean()), float(areas[:, 2].mean()), "delong, mean"
        found["roc_auc"] = _estimate(c.macro_auc(true, proba), low, high, n, how)
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
    known = math.isfinite(low) and math.isfinite(high) and (n >= FEW or method not in ("bootstrap", "normal"))
    return Estimate(
        value=float(value), low=float(low) if known else None, high=float(high) if known else None, n=n, method=method
    )
