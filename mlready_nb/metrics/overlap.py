"""Rows on both sides of a split, and how many of them chance alone would put there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

#: Repeated rows from which their number on each side is near enough to normal.
MANY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What the hashes of two sides say."""

    #: test rows
    n: int
    #: test rows that stand in the training set too
    shared: int
    #: what a random split of the training set's own rows would give: rows that have a twin among the others
    expected: float
    #: chance of at least so many repeated rows being split between the two sides, were the split random
    p_value: float
    #: (n,) which test rows are shared
    mask: Array

    @property
    def excess(self) -> float:
        """Shared rows beyond chance."""
        return max(0.0, self.shared - self.expected)

    def over(self, mask: Array) -> Overlap:
        """The same counts with the mask of all test rows, where only some were hashed."""
        return replace(self, mask=mask)


def overlap(train: Array, test: Array, sizes: tuple[int, int] | None = None) -> Overlap:
    """Compare hashes of training rows with hashes of test rows.

    In a fair split the rows are exchangeable: a test row finds a twin in the training set as often as a training row
    finds one among the other training rows. That share, which rows copied into the test set cannot raise, is the
    chance level. The p-value asks, of all rows that occur more than once, whether they lie on both sides more often
    than a random split of the union would put them, or make up more of the test set.

    Parameters
    ----------
    train, test
        (m,) and (n,) hashes; rows that occur once only may be left out where `sizes` tells how many there were.
    sizes
        (all training rows, all test rows).
    """
    from scipy.stats import binom, norm

    k = len(train)
    m, n = sizes or (k, len(test))
    rows, inverse = np.unique(np.concatenate([train, test]), return_inverse=True)
    in_train = np.bincount(inverse[:k], minlength=len(rows))
    in_test = np.bincount(inverse[k:], minlength=len(rows))
    mask = in_train[inverse[k:]] > 0
    twins = float(in_train[in_train > 1].sum()) / max(m, 1)

    repeated = (in_train + in_test) > 1
    times, f = (in_train + in_test)[repeated], n / max(m + n, 1)
    split = int(((in_train > 0) & (in_test > 0))[repeated].sum())
    chance = float(np.mean(1 - f**times - (1 - f) ** times)) if len(times) else 0.0
    p_value = float(binom.sf(split - 1, len(times), chance)) if split else 1.0
    if len(times) >= MANY:
        excess, drawn = float(mask.sum()) / n - twins, _excess_by_chance(times, m, n)
        p_value = min(p_value, float(norm.sf((excess - drawn.mean()) / max(float(drawn.std()), 1e-12))))
    return Overlap(n=n, shared=int(mask.sum()), expected=twins * n, p_value=p_value, mask=mask)


def _excess_by_chance(times: Array, m: int, n: int, draws: int = 200) -> Array:
    """(draws,) share of test rows with a twin in training minus share of training rows with one, were rows dealt out.

    Where few distinct rows exist, nearly each stands on both sides anyhow; how many rows it stands for still tells.

    Parameters
    ----------
    times
        How often each repeated row occurs; rows that occur equally often are dealt out together.
    """
    from scipy.stats import binom

    rng, found = np.random.default_rng(0), np.zeros(draws)
    for size, rows in zip(*np.unique(times, return_counts=True), strict=True):
        if rows < 4 or size > 500:
            test = rng.binomial(size, n / (m + n), (draws, rows))
            train = size - test
            found += np.where(train > 0, test, 0).sum(axis=1) / n - np.where(train > 1, train, 0).sum(axis=1) / m
            continue
        test = np.arange(size + 1)
        train = size - test
        dealt = rng.multinomial(rows, binom.pmf(test, size, n / (m + n)), draws)
        found += dealt @ (np.where(train > 0, test, 0) / n - np.where(train > 1, train, 0) / m)
    return found


def copied(hashes_without: list[Array], hashes: Array, *, near: float = 0.5) -> bool:
    """True when rows that agree in all columns but one nearly always agree in that one too.

    Natural repeats in coarse data come with many near-repeats: rows equal but for one column. Copies do not.

    Parameters
    ----------
    hashes_without
        For some columns, (n,) hashes of the rows without that column.
    hashes
        (n,) hashes of the whole rows.
    near
        Share of agreement at and above which there are too few near-repeats for chance.
    """
    same = _pairs(hashes)
    return same > 0 and all(same / max(_pairs(h), 1) >= near for h in hashes_without)


def _pairs(hashes: Array) -> int:
    counts = np.unique(hashes, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())
