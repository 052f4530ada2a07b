"""Sensitive columns as groups: codes, names, crossings, and which of them are large enough."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.metrics import groups
from mlready_nb.subjects import Unusable

Array = np.ndarray[Any, Any]

#: Groups of one column that are told apart; the rest are one group, "other".
LEVELS = 12
#: Where a column has more, share of the rows that a group needs to stand alone.
COMMON = 0.01
#: A number with more distinct values than this is cut at its quartiles.
DISTINCT = 12
#: Columns with more groups than this are not crossed: nearly all crossings would be tiny.
CROSSED = 6
#: Columns of which all crossings of three are looked at.
TRIPLES = 5
#: Small groups that are named; the rest are counted.
NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The test rows by one sensitive column, or by the crossing of two or three."""

    name: str
    #: (n,) positions among the levels, -1 where the column is missing
    codes: Array
    levels: tuple[str, ...]
    #: columns that are crossed in it
    order: int = 1

    @property
    def sizes(self) -> Array:
        """(levels,) rows of each group."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.levels))


def groupings(sensitive_features: Mapping[str, Any], n: int) -> tuple[list[Grouping], list[Grouping]]:
    """(columns with two groups or more, their crossings); raises `Unusable` for a column of another length."""
    columns = [_grouped(name, values, n) for name, values in sensitive_features.items()]
    columns = [c for c in columns if int((c.sizes > 0).sum()) > 1]
    return columns, list(_crossings([c for c in columns if len(c.levels) <= CROSSED]))


def _crossings(columns: list[Grouping]) -> Iterator[Grouping]:
    for of in (2, 3) if len(columns) <= TRIPLES else (2,):
        for parts in itertools.combinations(columns, of):
            codes, levels = parts[0].codes, list(parts[0].levels)
            for part in parts[1:]:
                codes, levels = groups.crossed(codes, levels, part.codes, list(part.levels))
            yield Grouping(name=" × ".join(p.name for p in parts), codes=codes, levels=tuple(levels), order=of)


def comparisons(of: list[Grouping], rates: int, min_group: int) -> int:
    """How many pairs of groups that are large enough are compared in all: what the intervals are widened for."""
    enough = [int((g.sizes >= min_group).sum()) for g in of]
    return max(1, rates * sum(k * (k - 1) // 2 for k in enough))


def too_small(of: list[Grouping], min_group: int) -> str:
    """A short clause on the groups that are too small to say anything of; empty without any."""
    tiny = [(g, k) for g in of for k in np.flatnonzero((g.sizes > 0) & (g.sizes < min_group)).tolist()]
    alone = [f"{g.name} = {g.levels[k]} (n = {int(g.sizes[k]):,})" for g, k in tiny if g.order == 1]
    crossed = len(tiny) - len(alone)
    parts = [", ".join(alone[:NAMED])] if alone else []
    if len(alone) > NAMED:
        parts.append(f"{len(alone) - NAMED:,} more")
    if crossed:
        parts.append(f"{crossed:,} crossings")
    return f". Too small to say (below {min_group}): {' and '.join(parts)}" if parts else ""


def _grouped(name: str, values: Any, n: int) -> Grouping:
    """Numbers with many values are cut at their quartiles, rare texts go together."""
    values = np.asarray(values, dtype=object) if isinstance(values, (list, tuple)) else frames.labels(values)
    if len(values) != n:
        msg = f"the sensitive column {name!r} has {len(values):,} values for {n:,} test rows. Hint: %mlready use sensitive=<column of X_test>"
        raise Unusable(msg)
    codes, levels = frames.codes(values)
    if len(levels) > DISTINCT and np.asarray(levels).dtype.kind in "fiu":
        numbers = np.asarray(levels, dtype=float)[np.maximum(codes, 0)]
        numbers[codes < 0] = np.nan
        edges = np.unique(np.nanquantile(numbers, [0.25, 0.5, 0.75]))
        cut = np.where(np.isnan(numbers), -1, np.searchsorted(edges, numbers, side="right"))
        names = [
            f"below {edges[0]:g}",
            *(f"{a:g} to {b:g}" for a, b in itertools.pairwise(edges)),
            f"{edges[-1]:g} and above",
        ]
        kept = [k for k in range(len(names)) if (cut == k).any()]
        codes = np.where(cut < 0, -1, np.searchsorted(kept, cut)).astype(np.intp)
        return Grouping(name=name, codes=codes, levels=tuple(names[k] for k in kept))
    if len(levels) > LEVELS:
        sizes = np.bincount(codes[codes >= 0], minlength=len(levels))
        common = np.flatnonzero(sizes >= COMMON * n)
        top = np.sort(common[np.argsort(-sizes[common], kind="stable")[: LEVELS - 1]])
        back = np.full(len(levels) + 1, len(top), dtype=np.intp)
        back[top] = np.arange(len(top))
        back[-1] = -1
        return Grouping(name=name, codes=back[codes], levels=(*(str(levels[k]) for k in top), "other"))
    return Grouping(name=name, codes=codes, levels=tuple(str(level) for level in levels))
