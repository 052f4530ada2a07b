"""Classification: everything from a table of counts where counts are enough; equal to scikit-learn's numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def encode(labels: Array, classes: Sequence[Any]) -> Array:
    """(n,) positions of labels among the classes; -1 for one that is not among them."""
    known = {_plain(c): i for i, c in enumerate(classes)}
    distinct, back = np.unique(labels, return_inverse=True) if labels.dtype.kind != "O" else _distinct(labels)
    codes = np.array([known.get(_plain(v), -1) for v in distinct], dtype=np.intp)
    return codes[back] if len(codes) else np.zeros(len(labels), dtype=np.intp)


def _distinct(labels: Array) -> tuple[Array, Array]:
    import pandas as pd

    codes, distinct = pd.factorize(labels, use_na_sentinel=False)
    return np.asarray(distinct, dtype=object), codes


def _plain(label: Any) -> Any:
    """1, 1.0, True and NumPy's own are one label; text is text."""
    return label.item() if hasattr(label, "item") else label


def classes_of(*labels: Array, known: Sequence[Any] | None = None) -> tuple[Any, ...]:
    """The known classes in their order, then what else occurs, sorted."""
    listed = [] if known is None else list(known)
    have = {_plain(c) for c in listed}
    extra = {
        _plain(v) for y in labels for v in (set(y.tolist()) if y.dtype.kind == "O" else np.unique(y).tolist())
    } - have
    try:
        return (*listed, *sorted(extra))
    except TypeError:
        return (*listed, *sorted(extra, key=lambda v: (type(v).__name__, str(v))))


def confusion(true: Array, predicted: Array, k: int) -> Array:
    """(k, k) counts from codes: rows true, columns predicted; codes of -1 are left out."""
    seen = (true >= 0) & (predicted >= 0)
    return np.bincount(true[seen] * k + predicted[seen], minlength=k * k).reshape(k, k)


def per_class(counts: Array) -> tuple[Array, Array, Array, Array]:
    """(precision, recall, F1, support) of each class from (..., k, k) counts; NaN where nothing divides.

    F1 is 0, as in scikit-learn, where a class occurs (or is predicted) but is never right.
    """
    right = np.diagonal(counts, axis1=-2, axis2=-1).astype(float)
    support, predicted = counts.sum(axis=-1), counts.sum(axis=-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return right / predicted, right / support, 2 * right / (support + predicted), support


def accuracy(counts: Array) -> Array:
    """Share of rows on the diagonal of (..., k, k) counts."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.trace(counts, axis1=-2, axis2=-1) / counts.sum(axis=(-2, -1)))


def balanced_accuracy(counts: Array) -> Array:
    """Mean recall over the classes that occur (Brodersen et al. 2010)."""
    recall = per_class(counts)[1]
    return _mean(recall)


def averaged(counts: Array, *, positive: int | None = None) -> dict[str, Array]:
    """Precision, recall and F1: of the positive class for a binary task, macro over the occurring classes else."""
    precision, recall, f1, support = per_class(counts)
    names = {"precision": precision, "recall": recall, "f1": f1}
    if positive is not None:
        return {name: np.nan_to_num(values[..., positive]) for name, values in names.items()}
    occurs = (support + counts.sum(axis=-2)) > 0
    return {name: _mean(np.where(occurs, np.nan_to_num(values), np.nan)) for name, values in names.items()}


def _mean(values: Array) -> Array:
    there = np.isfinite(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(there, values, 0).sum(axis=-1) / there.sum(axis=-1))


def macro_auc(true: Array, proba: Array) -> float:
    """Mean over the classes of one-against-rest ROC AUC; classes that do not occur are left out."""
    aucs = [auc(true == k, proba[:, k]) for k in range(proba.shape[1])]
    there = [a for a in aucs if math.isfinite(a)]
    return float(np.mean(there)) if there else math.nan


def auc(positive: Array, scores: Array) -> float:
    """ROC AUC by ranks; NaN with one class only."""
    from scipy.stats import rankdata

    m, n = int(positive.sum()), int((~positive).sum())
    if m == 0 or n == 0:
        return math.nan
    return float((rankdata(scores)[positive].sum() - m * (m + 1) / 2) / (m * n))


def average_precision(positive: Array, scores: Array) -> float:
    """Area under the precision-recall steps, as scikit-learn's `average_precision_score`."""
    total = int(positive.sum())
    if total == 0:
        return math.nan
    order = np.argsort(-scores, kind="stable")
    hits, ranked = np.cumsum(positive[order]), scores[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    precision, recall = hits[ends] / (ends + 1), hits[ends] / total
    return float(np.sum(np.diff(np.concatenate([[0.0], recall])) * precision))


def log_losses(true: Array, proba: Array) -> Array:
    """(n,) minus log of the probability of the true class, clipped as in scikit-learn."""
    eps = np.finfo(float).eps
    own = proba[np.arange(len(true)), true]
    return np.asarray(-np.log(np.clip(own, eps, 1 - eps)))


def brier_terms(true: Array, proba: Array) -> Array:
    """(n,) squared distances: (p - y)^2 of the positive class for two classes, summed over all for more."""
    if proba.shape[1] == 2:
        return np.asarray((proba[:, 1] - (true == 1)) ** 2)
    hot = np.eye(proba.shape[1])[true]
    return np.asarray(((proba - hot) ** 2).sum(axis=1))
