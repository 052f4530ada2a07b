"""Rows made from other rows before the split: on straight lines between two of them (SMOTE), or repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.values.columns import Column
from mlready_nb.subjects import Budget

Array = np.ndarray[Any, Any]

#: Test rows a class that are tried, and rows a class that the ends of their lines are sought among.
ROWS, POOL = 150, 15_000
#: Share of a class's test rows that must be made from others.
SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Test rows of one class that were made from other rows, held against the other classes."""

    how: str
    label: Any
    hits: int
    tried: int
    others: int
    others_tried: int
    by_chance: float


def interpolated(columns: Sequence[Column], y_train: Array, y_test: Array, budget: Budget) -> Made | None:
    """The class whose test rows lie on straight lines between other rows, if there is one."""
    # samplers round the new rows' whole numbers, so only computed columns keep to the line
    spread = [
        c
        for c in columns
        if len(c.runs[0]) >= 20 and not c.tidy and np.isfinite(c.train).all() and np.isfinite(c.test).all()
    ]
    spread = sorted(spread, key=lambda c: -len(c.runs[0]))[:40]
    if len(spread) < 3:
        return None
    deviations = np.array([max(float(c.train.std()), 1e-300) for c in spread])
    train = np.column_stack([c.train for c in spread]) / deviations
    test = np.column_stack([c.test for c in spread]) / deviations
    close = 1e-8 if max(c.tolerance for c in spread) < 1e-7 else 5e-5
    if close > 1e-6 and len(spread) < 5:
        return None
    found = {}
    for label in _classes(y_train, y_test):
        budget.check()
        found[label] = _on_lines(train[y_train == label], test[y_test == label], close)
    return _stands_out(found, "interpolated")


def repeated(X_train: Any, X_test: Any, y_train: Array, y_test: Array) -> Made | None:
    """The class whose test rows are exact repeats of training rows, if there is one and the others' are not."""
    if frames.n_columns(X_train) != frames.n_columns(X_test):
        return None
    train, test = frames.row_hashes(X_train), frames.row_hashes(X_test)
    found = {}
    for label in _classes(y_train, y_test):
        ours, theirs = test[y_test == label], train[y_train == label]
        found[label] = int(np.isin(ours, theirs).sum()), len(ours)
    made = _stands_out(found, "repeated")
    if made is None or made.hits < 0.3 * made.tried:
        return None
    theirs = np.concatenate([train[y_train == made.label], test[y_test == made.label]])
    sampled = _levelled(y_train, y_test) or _multiplied(theirs)
    return made if sampled else None  # repeats by themselves are no sampling: another witness counts them


def _multiplied(rows: Array) -> bool:
    """Every row stands there equally often, as when a class is appended a few times over."""
    _, counts = np.unique(rows, return_counts=True)
    usual = int(np.median(counts))
    return usual >= 2 and bool((counts % usual == 0).mean() >= 0.95)


def _levelled(y_train: Array, y_test: Array) -> bool:
    """The classes of all rows are of one size, as a sampler leaves them, or in a round ratio."""
    _, counts = np.unique(np.concatenate([y_train, y_test]), return_counts=True)
    ratio = counts.min() / counts.max()
    return bool(any(abs(ratio - r) * counts.max() <= 1 for r in (1.0, 0.9, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25)))


def _classes(y_train: Array, y_test: Array) -> list[Any]:
    values = np.unique(y_train)
    if not 2 <= len(values) <= 20:
        return []
    return [v for v in values if (y_train == v).sum() >= 5 and (y_test == v).sum() >= 5]


def _stands_out(found: dict[Any, tuple[int, int]], how: str) -> Made | None:
    """A class whose rate is out of reach for the class that has the lowest."""
    from scipy.stats import binom, fisher_exact

    if len(found) < 2:
        return None
    rate = {label: hits / tried for label, (hits, tried) in found.items()}
    low, high = min(rate, key=lambda k: rate[k]), max(rate, key=lambda k: rate[k])
    (hits, tried), (others, others_tried) = found[high], found[low]
    if hits < 5 or rate[high] < SHARE or rate[low] > 0.2 * rate[high]:
        return None
    if (
        others == 0 and how == "interpolated"
    ):  # three rows on one line within rounding: geometry gives no more than this
        chance = float(binom.sf(hits - 1, tried, 1e-3))
    else:
        chance = float(fisher_exact([[hits, tried - hits], [others, others_tried - others]], alternative="greater")[1])
    if chance >= 1e-6:
        return None
    return Made(how=how, label=high, hits=hits, tried=tried, others=others, others_tried=others_tried, by_chance=chance)


def _on_lines(train: Array, test: Array, close: float) -> tuple[int, int]:
    """(test rows with two others of their class on one line through them, test rows tried)."""
    generator = np.random.default_rng(0)
    order = generator.permutation(len(test))
    tried = test[order[:ROWS]]
    rest = np.vstack([train, test[order[ROWS:]]])
    if len(rest) > POOL:
        rest = rest[generator.permutation(len(rest))[:POOL]]
    pool = np.vstack([tried, rest])
    views = generator.normal(size=(pool.shape[1], 2))
    hits = 0
    for i, row in enumerate(tried):
        steps = pool - row
        steps[i] = steps[-1]  # itself
        hits += _on_a_line(steps[:-1], views, close)
    return hits, len(tried)


def _on_a_line(steps: Array, views: Array, close: float) -> bool:
    """True when two of the steps from a row go along one line.

    Seen from two sides at random, steps along one line have the same slope, and hardly any others have; so sorting the
    slopes finds the pairs, which are then compared in full.
    """
    seen = steps @ views
    still = np.abs(seen).max(axis=1) <= 1e-9
    if still.any() and (np.abs(steps[still]).max(axis=1) <= 1e-9).any():
        return False  # the twin of a row that others may honestly have been made from
    slope = seen[:, 1] / np.where(seen[:, 0] == 0, 1e-300, seen[:, 0])
    order = np.argsort(slope)
    sorted_slope = slope[order]
    near = np.flatnonzero(np.diff(sorted_slope) <= 10 * close * (1 + np.abs(sorted_slope[1:])))
    for i in near[:500]:
        one, two = steps[order[i]], steps[order[i + 1]]
        if np.abs(one - two).max() <= 1e-9 or (np.abs(one) > 1e-9).sum() < 3:
            continue  # one row twice; or rows that differ in a column or two, which stand on lines by nature
        if _along(one, two, close):
            return True
    return False


def _along(one: Array, two: Array, close: float) -> bool:
    """One step is a multiple of the other in every column, small ones too: a far outlier would hide them."""
    widest = int(np.argmax(np.abs(two)))
    if two[widest] == 0:
        return False
    times = one[widest] / two[widest]
    if abs(times - 1) < (0.02 if close < 1e-6 else 0.4):
        return False  # two rows side by side are seen in one direction from anywhere
    other = two * times
    apart, size = np.abs(one - other), np.abs(one) + np.abs(other)
    rounding = 1e-12 if close < 1e-6 else 1e-6
    moved = size > 100 * rounding * (1 + size.max())
    return bool(moved.sum() >= 3 and (apart <= 10 * close * size + rounding * (1 + size.max())).all())
