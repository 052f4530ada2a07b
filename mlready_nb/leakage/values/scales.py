"""Columns scaled with the moments, the range, the quartiles or the ranks of all rows, test rows included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.leakage.values.columns import Column

Array = np.ndarray[Any, Any]

#: Fewer rows than these on a side, and a coincidence of two numbers says little.
ROWS = 10
#: How much further than rounding the training rows alone must miss.
CLEAR = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Columns that one test rings for."""

    #: what is true of all rows and not of the training rows: a clause
    what: str
    #: the transformer that does so
    like: str
    columns: tuple[str, ...]
    by_chance: float
    #: the statistic over all rows and over the training rows, of the first column
    over_all: float
    over_train: float
    separately: bool = False


def scaled(columns: Sequence[Column]) -> Iterator[Hit]:
    """Every family of scaling that the columns betray."""
    usable = [c for c in columns if min(len(c.honest[0]), len(c.test)) >= ROWS and not c.tidy]
    done: set[str] = set()
    for family in (_moments, _separate, _range, _quartiles, _largest, _ranks):
        hit = family([c for c in usable if c.name not in done])
        if hit is not None and hit.by_chance < 1e-6:
            done.update(hit.columns)
            yield hit
    left = [c for c in usable if c.name not in done]
    hit = _uncorrelated(left)
    if hit is not None and hit.by_chance < 1e-6:
        yield hit


def _moments(columns: Sequence[Column]) -> Hit | None:
    hits, chance = [], 1.0
    for column in columns:
        over_all = any(_standard(v, column.tolerance) for v in column.leaky)
        if over_all and not any(_standard(v, CLEAR * column.tolerance) for v in column.honest):
            hits.append(column)
            # a mean within t of 0 and a deviation within t of 1, were both as near as a sample of n can come
            n = len(column.leaky[0])
            if _fine(column):
                chance *= min(1.0, 0.8 * column.tolerance * np.sqrt(n)) * min(1.0, 1.2 * column.tolerance * np.sqrt(n))
            else:  # two row sets may hold few values in the same shares
                chance *= min(1.0, 2.0 / np.sqrt(n))
    if not hits:
        return None
    first = hits[0]
    return Hit(
        what="mean 0 and standard deviation 1 over the training and test rows together",
        like="StandardScaler",
        columns=tuple(c.name for c in hits),
        by_chance=float(chance),
        over_all=float(next(s for s in first.leaky if _standard(s, first.tolerance)).mean()),
        over_train=float(first.honest[0].mean()),
    )


def _fine(column: Column) -> bool:
    """Continuous enough that no other rows have the same statistic by accident."""
    values, counts = column.runs
    return len(values) >= 20 and len(values) >= 0.3 * counts.sum()


def _standard(values: Array, tolerance: float) -> bool:
    if len(values) < 2 or abs(values.mean()) > tolerance:
        return False
    return any(abs(values.std(ddof=d) - 1.0) <= tolerance for d in (0, 1))


def _separate(columns: Sequence[Column]) -> Hit | None:
    """The test rows were scaled by themselves (`fit_transform` on the test set)."""
    for says, what, like in (
        (_standard, "mean 0 and standard deviation 1", "StandardScaler"),
        (_middle, "median 0 and interquartile range 1", "RobustScaler"),
        (_filling, "range from exactly 0 to exactly 1", "MinMaxScaler"),
    ):
        hits, misses, chance = [], 0, 1.0
        for c in columns:
            values = c.test[np.isfinite(c.test)]
            if len(values) < ROWS or not says(c.honest[0], c.tolerance) or _same(c.train, c.test):
                continue
            if says is not _standard and not _fine(c):
                continue
            if not says(values, c.tolerance):
                misses += 1
                continue
            hits.append(c)
            if says is _filling:  # a scaler that clips gives a side both ends where it reaches beyond the other
                chance *= (len(values) / len(c.union)) ** 2
            else:
                chance *= min(1.0, c.tolerance * len(values)) ** 2 if _fine(c) else min(1.0, 2.0 / np.sqrt(len(values)))
        if hits and (says is not _filling or misses == 0):
            return Hit(
                what=f"{what} on each side by itself",
                like=like,
                columns=tuple(c.name for c in hits),
                by_chance=float(chance),
                over_all=float(hits[0].leaky[0].mean()),
                over_train=float(hits[0].honest[0].mean()),
                separately=True,
            )
    return None


def _middle(values: Array, tolerance: float) -> bool:
    low, middle, high = np.percentile(values, (25, 50, 75))
    return bool(abs(middle) <= tolerance and abs(high - low - 1.0) <= tolerance)


def _filling(values: Array, tolerance: float) -> bool:
    return bool(abs(values.min()) <= tolerance and abs(values.max() - 1.0) <= tolerance)


def _same(one: Array, two: Array) -> bool:
    """The same distinct values in the same shares: then both sides have the same moments anyway."""
    (a, m), (b, n) = (np.unique(x[np.isfinite(x)], return_counts=True) for x in (one, two))
    return len(a) == len(b) and bool(np.allclose(a, b, atol=1e-9)) and bool(np.allclose(m / m.sum(), n / n.sum()))


def _range(columns: Sequence[Column]) -> Hit | None:
    return _extremes(
        columns,
        lambda v: (float(v.min()), float(v.max())),
        ((0.0, 1.0), (-1.0, 1.0)),
        "range from exactly {0:g} to exactly {1:g} over the training and test rows together",
        "MinMaxScaler",
    )


def _largest(columns: Sequence[Column]) -> Hit | None:
    return _extremes(
        columns,
        lambda v: (float(np.abs(v).max()),),
        ((1.0,),),
        "largest absolute value exactly {0:g} over the training and test rows together",
        "MaxAbsScaler",
    )


def _extremes(
    columns: Sequence[Column],
    reach: Callable[[Array], tuple[float, ...]],
    bounds: Sequence[tuple[float, ...]],
    what: str,
    like: str,
) -> Hit | None:
    """Bounds that only a test row attains.

    A share or a score may end at 0 and 1 by its nature. There the ends are attained often, or the column has few
    values; so the ends must be single rows of a column that is spread out.
    """
    for bound in bounds:
        hits, chance = [], 1.0
        for c in columns:
            tolerance = 1e-12 if c.tolerance < 1e-7 else 1e-6

            def says(v: Array, bound: tuple[float, ...] = bound, tolerance: float = tolerance) -> bool:
                return len(v) > 1 and bool(np.allclose(reach(v), bound, rtol=0, atol=tolerance))

            if not c.only_leaky(says) or not _spread(c):
                continue
            reached = any(abs(float(v.max()) - 1.0) <= tolerance for v in c.honest)
            if bound[0] == 0.0 and reached and len(c.runs[0]) < 0.9 * c.runs[1].sum():
                continue  # divided by the training rows' maximum, and 0 is where counts end by nature
            gap = _gap(c, reach)
            if gap > 0:
                hits.append(c)
                chance *= min(1.0, 2 * tolerance / gap) ** len(bound)
        if hits:
            first = hits[0]
            return Hit(
                what=what.format(*bound),
                like=like,
                columns=tuple(c.name for c in hits),
                by_chance=float(chance),
                over_all=reach(first.leaky[-1])[-1],
                over_train=reach(first.honest[0])[-1],
            )
    return None


def _spread(column: Column) -> bool:
    """Continuous: nearly every row has a value of its own, the extreme ones too."""
    values, counts = column.runs
    if len(values) < max(20, 0.5 * counts.sum()):
        return False
    steps = np.diff(values)
    if (np.abs(steps - np.median(steps)) <= 1e-6 * np.median(steps)).mean() > 0.2:
        return False  # a row number, a grid of times
    return bool(counts[0] == 1 and counts[-1] == 1)


def _gap(column: Column, reach: Callable[[Array], tuple[float, ...]]) -> float:
    """Mean distance between the outermost values: what an end moves by when other rows are drawn."""
    values = column.runs[0]
    size = np.sort(np.abs(values)) if len(reach(values)) == 1 else values
    low, high = np.diff(size[:6]).mean(), np.diff(size[-6:]).mean()
    return float(high if len(reach(values)) == 1 else min(low, high))


def _quartiles(columns: Sequence[Column]) -> Hit | None:
    hits, chance = [], 1.0
    for c in columns:
        n = len(c.leaky[0])

        def says(v: Array, t: float = c.tolerance) -> bool:
            return len(v) >= 4 and _middle(v, t)

        if c.only_leaky(says) and _fine(c):
            hits.append(c)
            chance *= min(1.0, c.tolerance * np.sqrt(n)) ** 2
    if not hits:
        return None
    return Hit(
        what="median 0 and interquartile range 1 over the training and test rows together",
        like="RobustScaler",
        columns=tuple(c.name for c in hits),
        by_chance=float(chance),
        over_all=float(np.median(hits[0].leaky[0])),
        over_train=float(np.median(hits[0].honest[0])),
    )


def _ranks(columns: Sequence[Column]) -> Hit | None:
    """A column that is the rank of itself among all rows: `rank(pct=True)`, `QuantileTransformer`."""
    hits = [c for c in columns if c.only_leaky(_is_rank) and not _ordered(c)]
    tied = any(len(c.runs[0]) < len(c.leaky[-1]) for c in hits)
    orders = {np.argsort(c.union, kind="stable").tobytes() for c in hits}
    if not tied and len(orders) < 3:
        return None  # a shuffled row number, divided by its maximum, is its own rank too; there may be two
    n = len(hits[0].leaky[0])
    return Hit(
        what="values that are the ranks of the training and test rows together",
        like="QuantileTransformer",
        columns=tuple(c.name for c in hits),
        by_chance=float(10.0 ** -min(300, n)),
        over_all=float(np.median(hits[0].leaky[0])),
        over_train=float(np.median(hits[0].honest[0])),
    )


def _is_rank(values: Array) -> bool:
    n = len(values)
    if n < 30 or values.min() < 0 or values.max() > 1 or abs(values.mean() - 0.5) > 0.02:
        return False
    from scipy.stats import rankdata

    ranks = rankdata(values)
    if len(np.unique(ranks)) < 20:
        return False
    return bool(np.abs(ranks / n - values).max() < 1e-9 or np.abs((ranks - 1) / (n - 1) - values).max() < 1e-7)


def _ordered(column: Column) -> bool:
    """A row counter (a trend) is a grid too: each side then stands in its order, or nearly."""
    return all(bool((np.diff(side) > 0).mean() > 0.95) for side in (column.train, column.test) if len(side) > 1)


def _uncorrelated(columns: Sequence[Column]) -> Hit | None:
    """Principal components: centred and without any correlation, exactly, over all rows."""
    centred = [c for c in columns if _centre(c.leaky[0]) < c.tolerance and _centre(c.honest[0]) > CLEAR * c.tolerance]
    centred = [c for c in centred if len(c.leaky[0]) == len(c.train) + len(c.test)][:200]
    if len(centred) < 2:
        return None
    together = np.abs(_correlations(np.column_stack([c.leaky[0] for c in centred])))
    np.fill_diagonal(together, 0.0)
    tolerance = 1e-7 if max(c.tolerance for c in centred) < 1e-7 else 1e-5
    # components stand side by side: the ones that are free of all others
    keep = [i for i in range(len(centred)) if (together[i] < tolerance).all()]
    if len(keep) < 2:
        return None
    alone = np.abs(_correlations(np.column_stack([centred[i].honest[0] for i in keep])))
    np.fill_diagonal(alone, 0.0)
    if alone.max() < 20 * tolerance:
        return None
    n = len(centred[0].leaky[0])
    pairs = len(keep) * (len(keep) - 1) // 2
    chance = min(1.0, 0.8 * tolerance * np.sqrt(n)) ** min(pairs, 30) * min(1.0, 1e-9 * np.sqrt(n)) ** len(keep)
    return Hit(
        what="mean 0 and no correlation at all over the training and test rows together",
        like="PCA",
        columns=tuple(centred[i].name for i in keep),
        by_chance=float(chance),
        over_all=float(together[np.ix_(keep, keep)].max()),
        over_train=float(alone.max()),
    )


def _centre(values: Array) -> float:
    """Distance of the mean from 0 in standard deviations."""
    deviation = float(values.std()) if len(values) else 0.0
    return abs(float(values.mean())) / deviation if deviation > 0 else np.inf


def _correlations(matrix: Array) -> Array:
    return np.atleast_2d(np.corrcoef(matrix, rowvar=False))
