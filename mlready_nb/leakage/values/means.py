"""Columns that hold group means of the target, or group counts, taken over all rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.leakage.values.columns import Column

Array = np.ndarray[Any, Any]

#: A row's own label weighs this much in its encoding, on average, before it matters; and before it surely does.
OWN_WEIGHT, HEAVY = 0.1, 0.25
#: Groups below which an encoding without cross-fitting is not worth a word.
OWN_GROUPS = 10
#: Most distinct values a column of group statistics may have, as a share of the rows.
DISTINCT = 0.34
#: Share of the groups that must be explained, and categories that may share one value.
FITS, MERGED = 0.7, 8
#: Pairs of groups that the amount of smoothing is guessed from.
PAIRS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A column of group statistics."""

    column: str
    #: "target means", "counts"
    what: str
    groups: int
    #: over the training rows alone, yet with each row's own label in it
    own_label: bool
    minor: bool = False
    by_chance: float


def encoded(columns: Sequence[Column], y_train: Array, y_test: Array, y_valid: Array | None) -> Iterator[Encoded]:
    """Columns whose values are the target means (or the counts) of the rows that hold them."""
    y_all = np.concatenate([y_train, y_test] if y_valid is None else [y_train, y_valid, y_test])
    for column in columns:
        if (column.valid is None) != (y_valid is None) or len(column.union) != len(y_all):
            continue
        distinct = len(column.runs[0])
        if not 3 <= distinct <= DISTINCT * len(column.union) or (column.tidy and _whole(column)):
            continue
        everywhere = _targets(column.union, y_all)
        alone = _targets(column.train, y_train)
        if everywhere and not alone:
            yield Encoded(
                column=column.name, what="target means", groups=distinct, own_label=False, by_chance=everywhere
            )
        elif alone and not everywhere and distinct >= OWN_GROUPS and distinct / len(column.train) >= OWN_WEIGHT:
            yield Encoded(
                column=column.name,
                what="target means",
                groups=distinct,
                own_label=True,
                by_chance=alone,
                minor=distinct / len(column.train) < HEAVY,
            )


def counted(columns: Sequence[Column]) -> Iterator[Encoded]:
    """Columns whose values are how often they occur among all rows (frequency encoding)."""
    for column in columns:
        distinct = len(column.runs[0])
        if not 3 <= distinct <= DISTINCT * len(column.union):
            continue
        chance = _counts(column.leaky[-1])
        if chance < 1e-6 and all(_counts(s) > 1e-3 for s in column.honest):
            yield Encoded(column=column.name, what="counts", groups=distinct, own_label=False, by_chance=chance)


def _whole(column: Column) -> bool:
    values = column.runs[0]
    return bool((values == np.round(values)).all())


def _targets(values: Array, y: Array) -> float:
    """The chance that the values fit as (smoothed) group means of y though they are none; 0 when they do not fit.

    A smoothed mean is v = (S + k m) / (n + k) for a group of n rows with the sum S, and some k and m that all groups
    share; so v n - S is linear in v. With k = 0 it is the plain mean.
    """
    seen = np.isfinite(values)
    groups, at = np.unique(values[seen], return_inverse=True)
    n = np.bincount(at).astype(float)
    total = np.bincount(at, weights=y[seen])
    spread = float(y.std())
    if spread == 0 or len(groups) < 3:
        return 0.0
    size = float(np.abs(groups).max())
    tolerance = 1e-10 * (spread + size)
    if float(groups.std()) < 1e4 * tolerance or size > 1e3 * (spread + float(np.abs(y).max())):
        return 0.0  # nearly one value only: anything would fit
    plain = np.abs(groups - total / n)
    if (plain <= tolerance).all():
        return float((1e-9 * np.sqrt(len(values))) ** min(len(groups), 20))
    if len(groups) < 6:
        return 0.0
    middles = _medians(groups, at, y[seen])
    if middles:
        return middles
    fits = _smoothed(groups, n, total, tolerance, spread) | _shrunk(groups, y[seen], at, tolerance)
    if fits.mean() < FITS and set(np.unique(y[seen])) == {0.0, 1.0}:
        fits = _log_odds(groups, n, total)
    if fits.mean() < FITS:
        return 0.0
    return float((1e-8 * np.sqrt(len(values))) ** min(int(fits.sum()) - 2, 20))


def _medians(v: Array, at: Array, y: Array) -> float:
    """The chance that every value is the median of its group's labels; 0 when one is not."""
    chance = 1.0
    if len(np.unique(y)) < 3:
        return 0.0
    order = np.argsort(at, kind="stable")
    for value, labels in zip(v, np.split(y[order], np.cumsum(np.bincount(at))[:-1]), strict=True):
        if abs(np.median(labels) - value) > 1e-9 * (1 + abs(value)):
            return 0.0
        chance *= min(1.0, 2.0 / np.sqrt(len(labels)))
    return float(chance)


def _smoothed(v: Array, n: Array, total: Array, tolerance: float, spread: float) -> Array:
    """(groups,) True where one amount of smoothing, found from most groups, explains the value."""
    left = v * n - total  # = prior - k v, where no two categories share the value
    generator = np.random.default_rng(0)
    one, two = generator.integers(0, len(v), (2, PAIRS))
    one, two = one[v[one] != v[two]], two[v[one] != v[two]]
    ks = (left[two] - left[one]) / (v[one] - v[two])
    priors = left[one] + ks * v[one]
    best = np.zeros(len(v), dtype=bool)
    centre = priors / np.where(ks == 0, 1.0, ks)
    real = (
        (ks > 1e-6)
        & (ks < 1e4)
        & (centre >= total.sum() / n.sum() - spread)
        & (centre <= total.sum() / n.sum() + spread)
    )
    for k, prior in zip(ks[real], priors[real], strict=True):
        fits = np.abs((total + prior) / (n + k) - v) <= 10 * tolerance
        if fits.sum() >= 4:
            for together in range(2, MERGED + 1):
                fits |= np.abs((total / together + prior) / (n / together + k) - v) <= 10 * tolerance
        if fits.sum() > best.sum():
            best = fits
    return best


def _shrunk(v: Array, y: Array, at: Array, tolerance: float) -> Array:
    """(groups,) True where the empirical Bayes mean of scikit-learn's `TargetEncoder` explains the value."""
    n = np.bincount(at).astype(float)
    mean = np.bincount(at, weights=y) / n
    within = np.maximum(np.bincount(at, weights=y**2) / n - mean**2, 0.0)
    fits = np.zeros(len(v), dtype=bool)
    for together in range(1, MERGED + 1):
        size = n / together
        weight = y.var() * size / (y.var() * size + within)
        fits |= np.abs(weight * mean + (1 - weight) * y.mean() - v) <= 10 * tolerance
    return fits


def _log_odds(v: Array, n: Array, total: Array) -> Array:
    """(groups,) True where the value is the logarithm of the group's odds (weight of evidence), but for a constant."""
    best = np.zeros(len(v), dtype=bool)
    for pad in (0.0, 0.5, 1.0):
        for sign in (1.0, -1.0):
            fits = np.zeros(len(v), dtype=bool)
            shift = None
            for together in range(1, MERGED + 1):
                good, bad = (n - total) / together + pad, total / together + pad
                with np.errstate(divide="ignore", invalid="ignore"):
                    apart = v - sign * np.log(bad / good)
                usable = apart[np.isfinite(apart)]
                if shift is None:
                    if len(usable) < 4:
                        break
                    shift = _mode(usable)
                fits |= np.abs(apart - shift) <= 1e-8
            if fits.sum() > best.sum():
                best = fits
    return best


def _mode(values: Array) -> float:
    """The value that most agree on, within rounding."""
    rounded, counts = np.unique(np.round(values, 9), return_counts=True)
    return float(rounded[np.argmax(counts)])


def _counts(values: Array) -> float:
    """The chance that the values are counts (or shares) of the rows that hold them, though they are none."""
    n = len(values)
    distinct, held = np.unique(values, return_counts=True)
    if (distinct <= 0).any():
        return 1.0
    whole = bool((distinct == np.round(distinct)).all())
    if not whole and distinct.max() > 1:
        return 1.0
    size = distinct if whole else distinct * n
    if np.abs(size - np.round(size)).max() > 1e-6 * max(1.0, float(size.max())):
        return 1.0
    size = np.round(size)
    if (size < 1).any() or (held % size != 0).any():
        return 1.0
    return float(np.exp(-np.log(size).sum()))
