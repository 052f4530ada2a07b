"""Quantiles of measured times, with intervals that assume nothing of their distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def quantile(values: Array, q: float) -> tuple[float, float, float]:
    """(value, low, high): the q-quantile with its 95 % interval from order statistics; infinite where n is too small.

    The number of values below the true quantile is binomial (Conover 1999, 3.2).
    """
    from scipy.stats import binom

    ordered, n = np.sort(np.asarray(values, dtype=float)), len(values)
    low, high = int(binom.ppf(0.025, n, q)), int(binom.ppf(0.975, n, q)) + 1
    return (
        float(np.quantile(ordered, q)),
        float(ordered[low - 1]) if low >= 1 else 0.0,
        float(ordered[high - 1]) if high <= n else math.inf,
    )
