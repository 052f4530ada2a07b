"""Intervals: what a number could be, given how few rows it rests on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

#: Two-sided 95 %.
Z = 1.959963984540054
#: Draws of a bootstrap, and the seed that makes a finding repeatable.
DRAWS, SEED = 400, 20261124
#: Above this many rows a bootstrap's draws are taken from a subsample and its spread scaled by the root of n.
BOOTSTRAP_ROWS = 20_000

Array = np.ndarray[Any, Any]


def quantile(comparisons: int) -> float:
    """The z of 95 % intervals that hold together over this many comparisons (Bonferroni)."""
    from scipy.stats import norm

    return float(norm.isf(0.025 / max(comparisons, 1)))


def wilson(successes: float, n: float, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval of a proportion (Wilson 1927); (0, 1) without rows."""
    if n <= 0:
        return 0.0, 1.0
    p = successes / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, min(p, (centre - half) / scale)), min(1.0, max(p, (centre + half) / scale))  # p: against rounding


def newcombe(a: float, n_a: float, b: float, n_b: float, z: float = Z) -> tuple[float, float]:
    """Interval of p_a - p_b from the two Wilson intervals (Newcombe 1998, method 10)."""
    if n_a <= 0 or n_b <= 0:
        return -1.0, 1.0
    p_a, p_b = a / n_a, b / n_b
    (l_a, u_a), (l_b, u_b) = wilson(a, n_a, z), wilson(b, n_b, z)
    low = p_a - p_b - math.hypot(p_a - l_a, u_b - p_b)
    high = p_a - p_b + math.hypot(u_a - p_a, p_b - l_b)
    return max(-1.0, low), min(1.0, high)


def ratio(a: float, n_a: float, b: float, n_b: float, z: float = Z) -> tuple[float, float]:
    """Interval of p_a / p_b on the log scale (Katz 1978), with half a success added against zeros."""
    if n_a <= 0 or n_b <= 0:
        return 0.0, math.inf
    p_a, p_b = (a + 0.5) / (n_a + 0.5), (b + 0.5) / (n_b + 0.5)
    spread = z * math.sqrt(max(0.0, 1 / (a + 0.5) - 1 / (n_a + 0.5) + 1 / (b + 0.5) - 1 / (n_b + 0.5)))
    centre = math.log(p_a / p_b)
    return math.exp(centre - spread), math.exp(centre + spread)


def f1(right: float, wrong: float, z: float = Z) -> tuple[float, float]:
    """Interval of F1 = 2J / (1 + J) from Wilson's for J, the share of right ones among all rows that are or are called so.

    Parameters
    ----------
    right
        Rows of the class that were called so.
    wrong
        Rows of the class that were not, and rows of others that were.
    """
    low, high = wilson(right, right + wrong, z)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def combined(weights: Array, values: Array, lows: Array, highs: Array) -> tuple[float, float]:
    """Interval of a weighted sum from those of its independent terms (MOVER, Zou & Donner 2008).

    It keeps its width on few rows and at 0 and 1, where a bootstrap sees no spread.
    """
    weights, values = np.asarray(weights, dtype=float), np.asarray(values, dtype=float)
    ends = weights * np.asarray(lows), weights * np.asarray(highs)
    least, most = np.minimum(*ends), np.maximum(*ends)
    total = float(weights @ values)
    return total - float(np.linalg.norm(weights * values - least)), total + float(
        np.linalg.norm(most - weights * values)
    )


def mean_of_shares(successes: Array, trials: Array, z: float = Z) -> tuple[float, float]:
    """Interval of the mean of proportions, such as balanced accuracy; those without trials are left out."""
    there = np.flatnonzero(np.asarray(trials) > 0)
    if len(there) == 0:
        return -math.inf, math.inf
    bounds = np.array([wilson(float(successes[k]), float(trials[k]), z) for k in there])
    shares = np.asarray(successes)[there] / np.asarray(trials)[there]
    return combined(np.full(len(there), 1 / len(there)), shares, bounds[:, 0], bounds[:, 1])


def bootstrap(metric: Callable[..., float], *arrays: Array, strata: Array | None = None) -> tuple[float, float]:
    """Percentile interval of `metric(*arrays)` over resampled rows (Efron 1979), stratified when asked.

    Parameters
    ----------
    arrays
        Each (n, ...); the same rows are drawn from all.
    strata
        (n,) codes whose shares are kept in every draw.
    """
    rng, n = np.random.default_rng(SEED), len(arrays[0])
    if n == 0:
        return -math.inf, math.inf
    size = min(n, BOOTSTRAP_ROWS)
    groups = [np.arange(n)] if strata is None else [np.flatnonzero(strata == s) for s in np.unique(strata)]
    draws = []
    for _ in range(DRAWS if size < 5000 else DRAWS // 2):
        rows = np.concatenate([rng.choice(g, max(1, round(len(g) * size / n))) for g in groups])
        value = metric(*(a[rows] for a in arrays))
        if np.isfinite(value):
            draws.append(value)
    if len(draws) < 20:
        return -math.inf, math.inf
    low, high = np.percentile(draws, [2.5, 97.5])
    if size < n:
        whole, shrink = metric(*arrays), math.sqrt(size / n)
        low, high = whole - (whole - low) * shrink, whole + (high - whole) * shrink
    return float(low), float(high)


def multinomial(counts: Array, draws: int = 1000) -> Array:
    """(draws, *counts.shape) tables of the same n: the row bootstrap's distribution, without its rows."""
    rng = np.random.default_rng(SEED)
    flat = counts.ravel().astype(float)
    total = int(flat.sum())
    if total == 0:
        return np.zeros((draws, *counts.shape), dtype=np.int64)
    return rng.multinomial(total, flat / total, size=draws).reshape(draws, *counts.shape)


def percentiles(draws: Array) -> tuple[float, float]:
    """(2.5 %, 97.5 %) of the finite draws; the whole line when fewer than 20 are finite."""
    finite = np.asarray(draws)[np.isfinite(draws)]
    if len(finite) < 20:
        return -math.inf, math.inf
    low, high = np.percentile(finite, [2.5, 97.5])
    return float(low), float(high)


def mean_interval(values: Array) -> tuple[float, float]:
    """Normal interval of a mean of (n,) values."""
    n = len(values)
    if n < 2:
        return -math.inf, math.inf
    half = Z * float(np.std(values, ddof=1)) / math.sqrt(n)
    return float(np.mean(values)) - half, float(np.mean(values)) + half


def delong(y_positive: Array, scores: Array, z: float = Z) -> tuple[float, float, float]:
    """(AUC, low, high): DeLong et al. 1988, by mid-ranks (Sun & Xu 2014), on the logit scale near 1.

    Parameters
    ----------
    y_positive
        (n,) booleans.
    scores
        (n,) what ranks the positive class.
    """
    from scipy.stats import rankdata

    pos, neg = scores[y_positive], scores[~y_positive]
    m, n = len(pos), len(neg)
    if m == 0 or n == 0:
        return math.nan, 0.0, 1.0
    ranks = rankdata(np.concatenate([pos, neg]))
    auc = float((ranks[:m].sum() - m * (m + 1) / 2) / (m * n))
    v10 = (ranks[:m] - rankdata(pos)) / n
    v01 = 1 - (ranks[m:] - rankdata(neg)) / m
    variance = (float(v10.var(ddof=1)) / m if m > 1 else 0.25) + (float(v01.var(ddof=1)) / n if n > 1 else 0.25)
    if 0 < auc < 1 and variance > 0:
        logit, spread = math.log(auc / (1 - auc)), z * math.sqrt(variance) / (auc * (1 - auc))
        return auc, 1 / (1 + math.exp(-(logit - spread))), 1 / (1 + math.exp(-(logit + spread)))
    low, high = wilson(auc * min(m, n), min(m, n), z)  # no spread seen: as sure as the smaller class allows
    return auc, min(low, auc), max(high, auc)


def delong_paired(y_positive: Array, one: Array, two: Array) -> tuple[float, float, float, float]:
    """(AUC of one, AUC of two, low, high of their difference) on the same rows (DeLong et al. 1988)."""
    from scipy.stats import rankdata

    m, n = int(y_positive.sum()), int((~y_positive).sum())
    if m < 2 or n < 2:
        return math.nan, math.nan, -math.inf, math.inf
    areas, tens, ones = [], [], []
    for scores in (one, two):
        pos, neg = scores[y_positive], scores[~y_positive]
        ranks = rankdata(np.concatenate([pos, neg]))
        areas.append(float((ranks[:m].sum() - m * (m + 1) / 2) / (m * n)))
        tens.append((ranks[:m] - rankdata(pos)) / n)
        ones.append(1 - (ranks[m:] - rankdata(neg)) / m)
    variance = float((tens[0] - tens[1]).var(ddof=1)) / m + float((ones[0] - ones[1]).var(ddof=1)) / n
    gap, half = areas[0] - areas[1], Z * math.sqrt(variance)
    return *areas, gap - half, gap + half  # type: ignore[return-value]


def benjamini_hochberg(p_values: Sequence[float]) -> Array:
    """Adjusted p-values (Benjamini & Hochberg 1995), in the order given."""
    p = np.asarray(p_values, dtype=float)
    if p.size == 0:
        return p
    order = np.argsort(p)
    stepped = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.minimum.accumulate(stepped[::-1])[::-1].clip(max=1.0)
    back = np.empty_like(adjusted)
    back[order] = adjusted
    return back


def paired(draw: Callable[[Array], float], n: int) -> tuple[float, float]:
    """Percentile interval of `draw(rows)` over resampled rows: differences of two models on the same rows."""
    return bootstrap(draw, np.arange(n))
