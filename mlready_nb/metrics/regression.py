"""Regression: R2, MAE, RMSE with intervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb.metrics import intervals

Array = np.ndarray[Any, Any]


def r2(y_true: Array, y_pred: Array) -> float:
    """1 - residual over total sum of squares; NaN for a constant target."""
    if len(y_true) == 0 or y_true.min() == y_true.max():
        return math.nan
    total = float(np.sum((y_true - y_true.mean()) ** 2))
    return 1 - float(np.sum(_errors(y_true, y_pred) ** 2)) / total if total > 0 else math.nan


def mae(y_true: Array, y_pred: Array) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(_errors(y_true, y_pred))))


def rmse(y_true: Array, y_pred: Array) -> float:
    """Root mean squared error."""
    return math.sqrt(float(np.mean(_errors(y_true, y_pred) ** 2)))


def _errors(y_true: Array, y_pred: Array) -> Array:
    """As floats: small and unsigned integers would wrap round."""
    return np.asarray(np.asarray(y_true, dtype=float) - np.asarray(y_pred, dtype=float))


METRICS = {"r2": r2, "mae": mae, "rmse": rmse}


def all_with_intervals(y_true: Array, y_pred: Array) -> dict[str, tuple[float, float, float]]:
    """Metric -> (value, low, high) by the bootstrap."""
    return {
        name: (metric(y_true, y_pred), *intervals.bootstrap(metric, y_true, y_pred)) for name, metric in METRICS.items()
    }
