"""How far two samples of one column lie apart, and how far chance alone would put them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

#: Bins of a number at most, and rows that each should hold on the smaller side.
BINS, PER_BIN = 10, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Distances between two histograms over the same bins."""

    #: population stability index, as it is computed everywhere
    psi: float
    #: what it would be on average were both sides drawn from one population
    chance: float
    #: chance of so large a distance in that case (G test)
    p_value: float
    #: 95 % lower bound of the index beyond chance
    low: float
    #: Jensen-Shannon distance, base 2: 0 alike, 1 disjoint
    js: float
    bins: int

    @property
    def beyond(self) -> float:
        """The index less what chance gives."""
        return max(0.0, self.psi - self.chance)


def shift(a: Array, b: Array, n_a: float | None = None, n_b: float | None = None) -> Shift:
    """Compare (k,) counts of two sides; weighted counts with their effective sizes.

    Under one population PSI is about chi-square with k - 1 degrees of freedom times (1/n_a + 1/n_b)
    (Yurdakul & Naranjo 2020), so its mean, its quantiles and its spread are known.
    """
    from scipy.stats import chi2

    used = (a + b) > 0
    a, b = a[used].astype(float), b[used].astype(float)
    k = len(a)
    n_a, n_b = float(a.sum()) if n_a is None else n_a, float(b.sum()) if n_b is None else n_b
    if k < 2 or n_a <= 0 or n_b <= 0:
        return Shift(psi=0.0, chance=0.0, p_value=1.0, low=0.0, js=0.0, bins=k)
    a, b = a * n_a / a.sum(), b * n_b / b.sum()
    p, q = (a + 0.5) / (n_a + 0.5 * k), (b + 0.5) / (n_b + 0.5 * k)
    psi = float(((p - q) * np.log(p / q)).sum())
    unit = 1 / n_a + 1 / n_b
    chance = (k - 1) * unit
    low = psi - chance - 1.96 * math.sqrt(2 * (k - 1) * unit**2 + 4 * max(psi - chance, 0.0) * unit)
    middle = (a + b) / (n_a + n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        g = 2 * float(np.nansum(a * np.log(a / (n_a * middle))) + np.nansum(b * np.log(b / (n_b * middle))))
    half = (a / n_a + b / n_b) / 2
    return Shift(
        psi=psi,
        chance=chance,
        p_value=float(chi2.sf(max(g, 0.0), k - 1)),
        low=max(0.0, low),
        js=math.sqrt(max(0.0, (_entropy(half) - (_entropy(a / n_a) + _entropy(b / n_b)) / 2) / math.log(2))),
        bins=k,
    )


def _entropy(p: Array) -> float:
    p = p[p > 0]
    return float(-(p * np.log(p)).sum())


def binned(a: Array, b: Array, weights: Array | None = None) -> tuple[Array, Array]:
    """Counts of two samples of numbers in bins of about equal weight; a value that fills a bin has its own.

    Gaps get a bin of their own. The edges are quantiles of both sides together, so that no bin is empty on both.
    """
    one, two = a[np.isfinite(a)], b[np.isfinite(b)]
    k = int(min(BINS, max(2, min(len(one), len(two)) // PER_BIN)))
    step = max(1, len(one) // max(len(two), 1))
    pool = np.concatenate([one[::step], two]) if len(one) > len(two) else np.concatenate([one, two])
    edges = np.unique(np.quantile(pool, np.linspace(0, 1, k + 1)[1:-1])) if len(pool) else np.zeros(0)
    at_a, at_b = np.searchsorted(edges, a, side="right"), np.searchsorted(edges, b, side="right")
    at_a[~np.isfinite(a)] = at_b[~np.isfinite(b)] = len(edges) + 1
    size = len(edges) + 2
    return np.bincount(at_a, weights=weights, minlength=size), np.bincount(at_b, minlength=size)


def counted(a: Array, b: Array, weights: Array | None = None, most: int = 20) -> tuple[Array, Array]:
    """Counts of codes on two sides; all but the commonest share one bin."""
    size = int(max(a.max(initial=-1), b.max(initial=-1))) + 2
    one, two = np.bincount(a + 1, weights=weights, minlength=size), np.bincount(b + 1, minlength=size)
    order = np.argsort(-(one / max(one.sum(), 1) + two / max(two.sum(), 1)), kind="stable")
    kept, rest = order[:most], order[most:]
    if not len(rest):
        return one[kept], two[kept]
    return np.append(one[kept], one[rest].sum()), np.append(two[kept], two[rest].sum())


def wasserstein(a: Array, b: Array) -> float:
    """Distance of the quantile functions in standard deviations of the first side; NaN without spread."""
    one, two = a[np.isfinite(a)], b[np.isfinite(b)]
    scale = float(one.std()) if len(one) else 0.0
    if not len(two) or scale == 0:
        return math.nan
    at = (np.arange(200) + 0.5) / 200
    return float(np.abs(np.quantile(one, at) - np.quantile(two, at)).mean() / scale)
