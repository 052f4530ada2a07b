"""Permutation importance: what the loss gains when one column is shuffled (Breiman 2001, Fisher et al. 2019)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.predict import Predictor
from mlready_nb.metrics import classification as c
from mlready_nb.metrics.intervals import SEED, mean_interval

Array = np.ndarray[Any, Any]

#: Rows that are shuffled, columns up to which it is done, and cells that are predicted at once.
ROWS, COLUMNS, CELLS = 400, 60, 600_000


def shuffled_losses(predictor: Predictor, X: Any, y: Array) -> dict[str, tuple[float, float, float]]:
    """Column -> (mean gain of the loss, low, high); empty where there are too many columns."""
    names, n = frames.column_names(X), min(len(y), frames.n_rows(X))
    if not 1 < len(names) <= COLUMNS or n < 20 or frames.is_sparse(X):
        return {}
    rng = np.random.default_rng(SEED)
    rows = np.arange(n) if n <= ROWS else np.sort(rng.choice(n, ROWS, replace=False))
    sample, labels = frames.take(X, rows), y[rows]
    plain = _loss(predictor, sample, labels)
    found: dict[str, tuple[float, float, float]] = {}
    size = len(rows)
    together = max(1, CELLS // (size * len(names)))
    for start in range(0, len(names), together):
        block = range(start, min(start + together, len(names)))
        where = np.tile(np.arange(size)[:, None], (len(block), len(names)))
        for i, j in enumerate(block):
            where[i * size : (i + 1) * size, j] = rng.permutation(size)
        losses = _loss(predictor, frames.recombined(sample, where), np.tile(labels, len(block)))
        for i, j in enumerate(block):
            gain = losses[i * size : (i + 1) * size] - plain
            found[names[j]] = (float(gain.mean()), *mean_interval(gain))
    return found


def _loss(predictor: Predictor, X: Any, y: Array) -> Array:
    if not predictor.task.classifies:
        return np.asarray(np.abs(np.asarray(y, dtype=float) - predictor.predict(X)))
    classes = predictor.class_names or ()
    proba, codes = predictor.predict_proba(X), c.encode(y, classes)
    if proba is None or (codes < 0).any():
        said = predictor.predict(X)
        return np.asarray(c.encode(said, classes) != codes, dtype=float)
    return c.log_losses(codes, np.clip(proba, 1e-6, 1.0))


def agreement(one: dict[str, float], two: dict[str, float], top: int = 10) -> float | None:
    """Kendall's tau of two importances over the columns that lead either; `None` with fewer than four."""
    from scipy.stats import kendalltau

    both = [n for n in one if n in two]
    leading = {n for scores in (one, two) for n in sorted(both, key=lambda k: -scores[k])[:top]}
    names = [n for n in both if n in leading]
    if len(names) < 4:
        return None
    tau = float(kendalltau([one[n] for n in names], [two[n] for n in names]).statistic)
    return tau if math.isfinite(tau) else None
