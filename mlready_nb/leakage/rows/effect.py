"""How much of the test labels another thing than the features tells: skill, with its interval and its null."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.finding import Estimate
from mlready_nb.metrics.intervals import SEED

Array = np.ndarray[Any, Any]

DRAWS = 200


def skill(told: Array, truth: Array, base: Array, clusters: Array | None = None) -> Estimate:
    """1 - squared error of what was told / squared error of the training mean, bootstrapped by cluster.

    Parameters
    ----------
    told, truth
        (n, k) numbers.
    base
        (k,) mean of the training labels.
    clusters
        (n,) codes of rows that belong together; rows stand alone without.
    """
    wrong = ((truth - told) ** 2).sum(axis=1)
    blind = ((truth - base) ** 2).sum(axis=1)
    codes = np.arange(len(wrong)) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    size = int(codes.max(initial=-1)) + 1
    a, b = np.bincount(codes, wrong, size), np.bincount(codes, blind, size)
    if size < 3 or b.sum() <= 0:
        return Estimate(value=0.0, low=-1.0, high=1.0, n=len(wrong))
    rng = np.random.default_rng(SEED)
    draws = []
    for _ in range(DRAWS):
        at = rng.integers(0, size, min(size, 5000))
        total = b[at].sum()
        draws.append(1 - a[at].sum() / total if total > 0 else 0.0)
    value = float(1 - a.sum() / b.sum())
    shrink = np.sqrt(min(size, 5000) / size)
    low, high = np.percentile(draws, [2.5, 97.5])
    return Estimate(
        value=value, low=float(value - (value - low) * shrink), high=float(value + (high - value) * shrink),
        n=len(wrong), method="bootstrap",
    )  # fmt: skip


def group_means(codes: Array, y: Array, size: int) -> tuple[Array, Array]:
    """((size, k) means of each group shrunk to the overall mean, (size,) rows of each): empirical Bayes."""
    counts = np.bincount(codes, minlength=size).astype(float)
    sums = np.column_stack([np.bincount(codes, y[:, j], size) for j in range(y.shape[1])])
    overall = y.mean(axis=0)
    raw = sums / np.maximum(counts, 1)[:, None]
    between, within = _components(codes, y, raw, counts)
    ratio = max(within / max(between, 1e-9), 1e-6) if between > 0 else 1e6
    shrunk = (sums + ratio * overall) / (counts + ratio)[:, None]
    return shrunk, counts


def icc(codes: Array, y: Array, size: int) -> float:
    """Share of the labels' variance that lies between groups (one-way ANOVA, ICC(1))."""
    counts = np.bincount(codes, minlength=size).astype(float)
    raw = np.column_stack([np.bincount(codes, y[:, j], size) for j in range(y.shape[1])])
    raw = raw / np.maximum(counts, 1)[:, None]
    between, within = _components(codes, y, raw, counts)
    return between / (between + within) if between + within > 0 else 0.0


def _components(codes: Array, y: Array, raw: Array, counts: Array) -> tuple[float, float]:
    """(variance between, variance within), summed over the columns of y."""
    n, there = len(codes), counts > 0
    groups = int(there.sum())
    if groups < 2 or n <= groups:
        return 0.0, 1.0
    inner = float(((y - raw[codes]) ** 2).sum()) / (n - groups)
    outer = float((counts[:, None] * (raw - y.mean(axis=0)) ** 2)[there].sum()) / (groups - 1)
    middle = (n - float((counts**2).sum()) / n) / (groups - 1)
    return max(0.0, (outer - inner) / max(middle, 1e-9)), inner


def permuted(statistic: Any, y: Array, draws: int = 99) -> tuple[float, float]:
    """(p-value of the statistic under shuffled rows, mean of the null); shuffles whole rows of y."""
    rng = np.random.default_rng(SEED)
    seen = statistic(y)
    null = np.array([statistic(y[rng.permutation(len(y))]) for _ in range(draws)])
    return (1 + int((null >= seen).sum())) / (1 + draws), float(null.mean())
