"""Equal rows: how many are surplus, and whether they were copied or only agree by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.metrics.overlap import copied

Array = np.ndarray[Any, Any]

#: A column is spread out when two random rows agree in it less often than this; only such columns tell copies apart.
SPREAD = 0.2


def surplus(hashes: Array) -> int:
    """Rows that an equal row stands before."""
    return len(hashes) - len(np.unique(hashes))


def looks_copied(columns: Sequence[Array], labels: Sequence[Array], rows: Array) -> bool:
    """True when equal rows look copied: rows that agree in all spread-out columns but one agree in that one too.

    Parameters
    ----------
    columns, labels
        (n,) hashes of each feature and of the label (or none).
    rows
        (n,) hashes over all of them.
    """
    spread = []
    for i, hashes in enumerate(columns):
        counts = np.unique(hashes, return_counts=True)[1]
        collision = float(((counts / len(hashes)) ** 2).sum())
        if collision < SPREAD:
            spread.append((collision, i))
    if len(columns) < 3 or not spread:
        return False
    hashed = [_mixed([c for j, c in enumerate(columns) if j != i] + list(labels)) for _, i in sorted(spread)[:3]]
    return copied(hashed, rows)


def _mixed(columns: Sequence[Array]) -> Array:
    """One hash a row; for counting equal rows only."""
    rows = np.zeros(len(columns[0]), dtype=np.uint64)
    for position, hashes in enumerate(columns):
        rows = (rows ^ (hashes + np.uint64(position))) * np.uint64(0x9E3779B97F4A7C15)
        rows ^= rows >> np.uint64(29)
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Labels within groups of equal rows."""

    #: rows in groups that hold more than one label
    conflicting: int
    #: such groups
    groups: int
    #: rows that a rule which gives each group its commonest label gets wrong
    minority: int
    #: pairs of rows within groups, and the share that disagrees
    pairs: float
    rate: float
    #: of the rate, over groups as the units
    variance: float


def disagreement(rows: Array, codes: Array, apart: Array | None = None) -> Disagreement:
    """How far labels differ within groups of equal hashes.

    Parameters
    ----------
    rows, codes
        (n,) hashes and label codes.
    apart
        (n,) finer hashes: pairs that are equal by these are left out.
    """
    group = np.unique(rows, return_inverse=True)[1]
    size = np.bincount(group).astype(float)
    cells, home = _cells(group, codes)
    pairs, agree = _choose(size), np.bincount(home, weights=_choose(cells), minlength=len(size))
    if apart is not None:
        fine = np.unique(apart, return_inverse=True)[1]
        inner, owner = _cells(group, fine)
        pairs = pairs - np.bincount(owner, weights=_choose(inner), minlength=len(size))
        inner_cells, inner_home = _cells(_joined(group, fine), codes)
        agree = agree - np.bincount(owner[inner_home], weights=_choose(inner_cells), minlength=len(size))
    differ = np.maximum(pairs - agree, 0.0)
    total = float(pairs.sum())
    rate = float(differ.sum()) / total if total else 0.0
    commonest = np.zeros(len(size))
    np.maximum.at(commonest, home, cells)
    mixed = commonest < size
    return Disagreement(
        conflicting=int(size[mixed].sum()),
        groups=int(mixed.sum()),
        minority=int((size - commonest)[mixed].sum()),
        pairs=total,
        rate=rate,
        variance=float(((differ - rate * pairs) ** 2).sum()) / total**2 if total else 0.0,
    )


def _joined(a: Array, b: Array) -> Array:
    """(n,) one code for each combination of two codes."""
    return np.asarray(np.unique(a.astype(np.int64) * (int(b.max(initial=0)) + 2) + b + 1, return_inverse=True)[1])


def _cells(group: Array, codes: Array) -> tuple[Array, Array]:
    """Rows of each combination of group and code, and the group it lies in."""
    joined = _joined(group, codes)
    first = np.unique(joined, return_index=True)[1]
    return np.bincount(joined).astype(float), group[first]


def _choose(counts: Array) -> Array:
    """Pairs within each count."""
    return np.asarray(counts * (counts - 1) / 2)
