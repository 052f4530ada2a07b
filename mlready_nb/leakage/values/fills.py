"""Gaps filled with the mean or the median of all rows, test rows included; by groups too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.leakage.values.columns import Column

Array = np.ndarray[Any, Any]

#: Repeated values of a column that are tried as the filled-in one.
TRIED = 3
#: Groups that a filling by groups is looked for in.
GROUPS = 60
#: Columns that gaps may have been filled by, at most: those with most groups.
GROUPERS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A column whose repeated value is a statistic of all rows."""

    column: str
    statistic: str
    value: float
    over_train: float
    rows: int
    by_chance: float
    by: str | None = None


def filled(columns: Sequence[Column], groupers: Sequence[Column] = ()) -> Iterator[Fill]:
    """Columns filled with the mean of all rows; with their median where several columns agree.

    Parameters
    ----------
    groupers
        Columns of few values, by whose groups the gaps may have been filled.
    """
    medians = []
    for column in columns:
        fill = _fill(column)
        if fill is None:
            fill = _by_group(column, [*groupers, *columns])
        if fill is not None and fill.statistic == "median" and fill.by is None:
            medians.append(fill)
        elif fill is not None:
            yield fill
    chance = float(np.prod([f.by_chance for f in medians])) if medians else 1.0
    if chance < 1e-6:  # one median may fall on a neighbour's by chance; several may not
        for fill in medians:
            yield Fill(**{**{n: getattr(fill, n) for n in fill.__slots__}, "by_chance": chance})


def _candidates(column: Column) -> list[tuple[float, int]]:
    """Values that stand out by their repeats: no other value near them is as frequent."""
    values, counts = column.runs
    if len(values) < 20:
        return []
    order = np.argsort(-counts, kind="stable")[:TRIED]
    usual = float(np.median(counts))
    return [(float(values[i]), int(counts[i])) for i in order if counts[i] >= max(3, 3 * usual)]


def _fill(column: Column) -> Fill | None:
    for value, count in _candidates(column):
        tolerance = 1e-10 if column.tolerance < 1e-7 else 1e-6
        for rows in column.leaky:
            mean, spread = _mean_of_others(rows, value)
            if spread > 0 and abs(value - mean) <= tolerance * max(spread, abs(mean)):
                alone = [_mean_of_others(s, value)[0] for s in column.honest]
                if all(abs(value - a) > 1e-6 * spread for a in alone) and not _short(value) and not column.tidy:
                    chance = tolerance * np.sqrt(len(rows))
                    return _made(column, "mean", value, alone[0], count, float(chance))
        if _repeats(column) and any(_is_median(rows, value) for rows in column.leaky):
            alone = [_median_of_others(s, value) for s in column.honest]
            if not any(_is_median(s, value) for s in column.honest):
                chance = min(1.0, 2.0 / np.sqrt(len(column.leaky[0])))
                return _made(column, "median", value, alone[0], count, float(chance))
    return None


def _made(column: Column, statistic: str, value: float, alone: float, rows: int, chance: float) -> Fill:
    return Fill(column=column.name, statistic=statistic, value=value, over_train=alone, rows=rows, by_chance=chance)


def _short(value: float) -> bool:
    """A short decimal may be a value of the data; a mean over many rows hardly is."""
    return abs(value) > 1e-9 and abs(value - round(value, 3)) < 1e-12 * (1 + abs(value))


def _repeats(column: Column) -> bool:
    """True when one value alone is repeated in a column that is else spread out."""
    _, counts = column.runs
    return bool((counts > 1).sum() <= 0.02 * len(counts))


def _mean_of_others(rows: Array, value: float) -> tuple[float, float]:
    others = rows[rows != value]
    if len(others) < 10 or len(others) == len(rows):
        return np.nan, 0.0
    return float(others.mean()), float(others.std())


def _median_of_others(rows: Array, value: float) -> float:
    others = rows[rows != value]
    return float(np.median(others)) if len(others) else np.nan


def _is_median(rows: Array, value: float, least: int = 10) -> bool:
    """The value is the median of the others, or one of the repeats is itself the middle one."""
    others = rows[rows != value]
    if len(others) < least or (least == 10 and len(others) == len(rows)):
        return False
    close = 1e-12 * (1 + abs(value))
    return any(abs(float(np.median(m)) - value) <= close for m in (others, np.append(others, value)))


def _by_group(column: Column, groupers: Sequence[Column]) -> Fill | None:
    """Repeated values that are each the mean (or the median) of one group's others, over all rows."""
    values, counts = column.runs
    if len(values) < 20:
        return None
    repeated = counts >= 2
    if repeated.mean() > 0.3:  # whole numbers, codes: only a computed value among them stands out
        repeated &= np.abs(values - np.round(values, 5)) > 1e-12 * (1 + np.abs(values))
        if repeated.mean() > 0.3:
            return None
    odd = set(values[repeated].tolist())
    if not 2 <= len(odd) <= 5 * GROUPS:
        return None
    few = sorted((g for g in groupers if len(g.runs[0]) <= GROUPS), key=lambda g: len(g.runs[0]))
    for other in few[-GROUPERS:]:
        if other.name == column.name or not 2 <= len(other.runs[0]) <= GROUPS:
            continue
        if len(other.union) != len(column.union):
            continue
        for statistic in ("mean", "median"):
            hits, chance = _group_hits(column, other, odd, statistic)
            if len(hits) >= 2 and chance < 1e-6:
                value, alone = hits[0]
                rows = int(counts[np.isin(values, [h[0] for h in hits])].sum())
                return Fill(
                    column=column.name,
                    statistic=statistic,
                    value=value,
                    over_train=alone,
                    rows=rows,
                    by_chance=chance,
                    by=other.name,
                )
    return None


def _group_hits(
    column: Column, other: Column, odd: set[float], statistic: str
) -> tuple[list[tuple[float, float]], float]:
    """((value, what the training rows give) for each group that fits, the chance that they all do so by accident)."""
    hits, chance, tried = [], 1.0, 0
    n, held = len(column.train), column.union
    for group in np.unique(other.union[np.isfinite(other.union)]):
        mine = (other.union == group) & np.isfinite(held)
        inside, counts = np.unique(held[mine], return_counts=True)
        if len(counts) == 0:
            continue
        standing = inside[counts >= max(2.0, 2 * float(np.median(counts)))].tolist()
        for value in [v for v in standing if v in odd][:2]:
            others = mine & (held != value)
            if others.sum() < 5 or others[:n].sum() < 3:
                continue
            tried += 1
            alone = float(getattr(np, statistic)(held[:n][others[:n]]))
            if _agrees(held[others], value, statistic) and not _agrees(
                held[:n][others[:n]], value, statistic, loose=True
            ):
                hits.append((value, alone))
                exact = statistic == "mean" and not _short(value)
                chance *= 1e-10 * np.sqrt(len(held)) if exact else min(1.0, 4.0 / np.sqrt(others.sum()))
    # most groups must agree, else those that do were picked from many
    return (hits, float(chance)) if len(hits) >= 0.5 * tried else ([], 1.0)


def _agrees(others: Array, value: float, statistic: str, *, loose: bool = False) -> bool:
    if statistic == "median":
        return _is_median(others, value, least=3)
    scale = max(abs(float(others.mean())), float(others.std()), 1e-12)
    return bool(abs(value - others.mean()) <= (1e-6 if loose else 1e-10) * scale)
