"""Whether rows that are equal came about by themselves or were copied."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from mlready_nb import frames

Array = np.ndarray[Any, Any]

#: A column is spread out when two random rows agree in it less often than this; only such columns tell copies apart.
SPREAD = 0.2
#: Of the pairs of equal rows in the training set, at least so many must be copies.
COPIED = 0.4


def copied(X_train: Any, labels: Array | None) -> bool:
    """True when repeats within the training set look copied rather than natural."""
    if frames.is_sparse(X_train):
        return _long_rows_repeat(X_train)
    columns = frames.column_hashes(X_train)
    if len(columns) < 3:
        return _long_text_repeats(X_train)
    rows = columns + ([labels] if labels is not None else [])
    spread, kept = _telling(columns)
    if not spread:
        return False
    share = copied_pairs([columns[i] for i in spread], [rows[i] for i in range(len(rows)) if i in kept])
    counts = np.unique(frames.mixed(rows), return_counts=True)[1].astype(np.int64)
    pairs = float((counts * (counts - 1) // 2).sum())
    natural = (1 - share) * pairs
    return share >= COPIED and pairs >= 5 and 2 * (share * pairs - 3 * np.sqrt(natural + 1)) >= 0.01 * len(columns[0])


def _telling(columns: list[Array], most: int = 4) -> tuple[list[int], set[int]]:
    """(columns in which rows seldom agree, the other ones); what another column determines is in neither."""
    n = len(columns[0])
    step = max(1, n // 20_000)
    few = [c[::step] for c in columns]
    counts = [np.unique(c, return_counts=True)[1] for c in few]
    collision = [float(((c / len(few[0])) ** 2).sum()) for c in counts]
    spread: list[int] = []
    tied: set[int] = set()
    for i in sorted(range(len(columns)), key=lambda i: collision[i]):
        if collision[i] >= SPREAD or len(spread) == most:
            break
        if len(counts[i]) < len(few[0]) / 3:
            for k in range(len(columns)):
                if k != i and k not in tied and len(counts[i]) <= len(counts[k]) < len(few[0]) / 3:
                    both = len(np.unique(frames.mixed([few[i], few[k]])))
                    if both <= 1.02 * len(counts[k]):
                        tied.add(i)  # k tells i
                        break
        if i not in tied:
            spread.append(i)
    return spread, set(range(len(columns) + 1)) - set(spread) - tied


def _long_rows_repeat(X: Any, *, cells: int = 8) -> bool:
    """Rows of many non-zero cells that repeat: word counts of one and the same text."""
    full = np.diff(X.tocsr().indptr) >= cells
    hashes = frames.row_hashes(X)[full]
    return full.mean() > 0.5 and len(np.unique(hashes)) < 0.98 * len(hashes)


def _long_text_repeats(X: Any, *, length: int = 25) -> bool:
    """Texts too long to be written twice by chance that repeat."""
    name = frames.column_names(X)[0]
    values = frames.column(X, name)
    some = [v for v in values[:: max(1, len(values) // 500)] if isinstance(v, str)]
    if len(some) < 20 or np.median([len(v) for v in some]) < length:
        return False
    hashes = frames.value_hashes(values[np.array([isinstance(v, str) and len(v) >= length for v in values])])
    return len(np.unique(hashes)) < 0.98 * len(hashes)


def copied_pairs(columns: Sequence[Array], rest: Sequence[Array]) -> float:
    """Share of the pairs of equal rows that were copied rather than came about by themselves.

    Natural repeats come with near-repeats. Of two rows that agree in all columns but j and differ in k, the share q
    that agrees in j tells how easily j agrees by itself; equal rows that came about by themselves would then be q of
    those that agree in all but j. What is beyond is copied. The highest q over all j and k counts.

    Parameters
    ----------
    columns
        Some columns, each (n,) hashes.
    rest
        The other columns, each (n,) hashes.
    """

    def pairs(without: tuple[int, ...]) -> float:
        kept = [c for i, c in enumerate(columns) if i not in without] + list(rest)
        if not kept:
            n = len(columns[0])
            return n * (n - 1) / 2
        counts = np.unique(frames.mixed(kept), return_counts=True)[1].astype(np.int64)
        return float((counts * (counts - 1) // 2).sum())

    same = pairs(())
    if not same:
        return 0.0
    if len(columns) == 1:
        return same / max(pairs((0,)), 1.0)
    one = [pairs((i,)) for i in range(len(columns))]
    shares = [1.0]
    for j, k in combinations(range(len(columns)), 2):
        differ = pairs((j, k)) - one[j] - one[k] + same  # these agree in all but j and k, and differ in both
        for a, b in ((j, k), (k, j)):
            agreeing = one[b] - same  # differ in b, agree in a
            q = (agreeing + 1) / (agreeing + differ + 1) if agreeing + differ else 0.0
            if q < 1:
                shares.append(max(0.0, (same - q * one[a]) / (1 - q) / same))
    return min(shares)
