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


def filled(columns: Sequence[Column]) -> Iterator[Fill]:
    """Columns filled with the mean of all rows; with their median where several columns agree."""
    medians = []
    for column in columns:
        fill = _fill(column)
        if fill is None:
            fill = _by_group(column, columns)
        if fill is not None and fill.statistic == "median":
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


def _is_median(rows: Array, value: float) -> bool:
    """The value is the median of the others, or one of the repeats is itself the middle one."""
    others = rows[rows != value]
    if len(others) < 10 or len(others) == len(rows):
        return False
    close = 1e-12 * (1 + abs(value))
    return abs(np.median(others) - value) <= close or abs(np.median(np.append(others, value)) - value) <= close


def _by_group(column: Column, columns: Sequence[Column]) -> Fill | None:
    """Repeated values that are each the mean of one group's others, over all rows."""
    values, counts = column.runs
    odd = [float(v) for v, c in zip(values, counts, strict=True) if c >= 2 and not _short(float(v))]
    if not 2 <= len(odd) <= GROUPS or len(values) < 20 or (not column.tidy and (counts > 1).mean() > 0.2):
        return None
    for other in columns:
        if other.name == column.name or not 2 <= len(other.runs[0]) <= GROUPS:
            continue
        hits = _group_hits(column, other, odd)
        if len(hits) >= 2:
            value, alone = hits[0]
            rows = int(sum(c for v, c in zip(values, counts, strict=True) if v in {h[0] for h in hits}))
            chance = (1e-10 * np.sqrt(len(column.union))) ** len(hits)
            return Fill(
                column=column.name,
                statistic="mean",
                value=value,
                over_train=alone,
                rows=rows,
                by_chance=float(chance),
                by=other.name,
            )
    return None


def _group_hits(column: Column, other: Column, odd: Sequence[float]) -> list[tuple[float, float]]:
    hits = []
    n = len(column.train)
    for value in odd:
        at = column.union == value
        groups = np.unique(other.union[at])
        if len(groups) != 1:
            continue
        inside = (other.union == groups[0]) & ~at & np.isfinite(column.union)
        if inside.sum() < 5 or inside[:n].sum() < 3:
            continue
        over_all, alone = float(column.union[inside].mean()), float(column.union[:n][inside[:n]].mean())
        scale = max(abs(over_all), float(column.union[inside].std()), 1e-12)
        if abs(value - over_all) <= 1e-10 * scale and abs(value - alone) > 1e-6 * scale:
            hits.append((value, alone))
    return hits
