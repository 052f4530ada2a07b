"""Calibration: whether seven in ten of the rows given 0.7 come true. Bins hold equally many rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.metrics.intervals import SEED

Array = np.ndarray[Any, Any]


#: Share of perfectly calibrated models whose error lies below what is called chance.
CHANCE = 0.99
#: Rows of a bin.
FEWEST = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """(b,) rows, mean probability and share that came true of each bin, by rising probability."""

    n: Array
    predicted: Array
    observed: Array

    @property
    def weights(self) -> Array:
        """(b,) share of the rows."""
        return np.asarray(self.n / max(1, int(self.n.sum())))

    @property
    def ece(self) -> float:
        """Expected calibration error: mean distance of observed from predicted (Naeini et al. 2015)."""
        return float(self.weights @ np.abs(self.observed - self.predicted))

    def shift(self) -> float:
        """Mean of observed minus predicted: above 0 where the probabilities are too low."""
        return float(self.weights @ (self.observed - self.predicted))


def binned(proba: Array, hit: Array, bins: int = 10) -> Bins:
    """At most `bins` bins of equally many rows, fifteen at least; equal probabilities stay together.

    Parameters
    ----------
    proba, hit
        (n,) probabilities, and whether it came true.
    """
    bins = max(2, min(bins, len(proba) // FEWEST))
    edges = np.unique(np.quantile(proba, np.linspace(0, 1, bins + 1)[1:-1])) if len(proba) else np.array([])
    place = np.searchsorted(edges, proba, side="left")
    n = np.bincount(place, minlength=len(edges) + 1)
    seen = n > 0
    sums = [np.bincount(place, weights=v, minlength=len(edges) + 1)[seen] for v in (proba, hit)]
    # the last digits of a sum hang on how an engine lays out its memory; findings must not
    return Bins(n=n[seen], predicted=np.round(sums[0] / n[seen], 12), observed=np.round(sums[1] / n[seen], 12))


def ece_by_chance(bins: Bins, draws: int = 1000) -> Array:
    """(draws,) ECEs of a perfectly calibrated model on this many rows: a small sample is never at 0."""
    return _drawn(bins, np.clip(bins.predicted, 0, 1), draws)


def ece_interval(bins: Bins, draws: int = 1000) -> tuple[float, float]:
    """95 % interval by the basic bootstrap, which takes off the upward bias of small bins; from 0 where chance explains it."""
    redrawn = _drawn(bins, bins.observed, draws)
    upper, lower = np.quantile(redrawn, [0.975, 0.025])
    by_chance = float(np.quantile(ece_by_chance(bins, draws), CHANCE))
    return 0.0 if bins.ece <= by_chance else max(0.0, 2 * bins.ece - float(upper)), max(
        bins.ece, 2 * bins.ece - float(lower)
    )


def _drawn(bins: Bins, share: Array, draws: int) -> Array:
    rng = np.random.default_rng(SEED)
    observed = rng.binomial(bins.n, share, size=(draws, len(bins.n))) / bins.n
    return np.asarray(np.abs(observed - bins.predicted) @ bins.weights)


def brier_parts(proba: Array, hit: Array, bins: Bins) -> dict[str, float]:
    """Brier score = reliability - resolution + uncertainty + what varies within bins (Murphy 1973, Stephenson 2008)."""
    whole = round(float(np.mean((proba - hit) ** 2)), 12)
    base = float(np.mean(hit))
    reliability = float(bins.weights @ (bins.predicted - bins.observed) ** 2)
    resolution = float(bins.weights @ (bins.observed - base) ** 2)
    uncertainty = base * (1 - base)
    return {
        "brier_score": whole,
        "reliability": reliability,
        "resolution": resolution,
        "uncertainty": uncertainty,
        "within_bins": whole - (reliability - resolution + uncertainty),
    }
