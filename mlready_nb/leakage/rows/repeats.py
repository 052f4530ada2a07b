"""Equal rows on both sides of a split, held against chance: the one core of the check and of the witness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.rows.natural import copied
from mlready_nb.metrics import intervals
from mlready_nb.metrics.overlap import Overlap, overlap

Array = np.ndarray[Any, Any]

#: Chance below which equal rows under equal index labels are the same rows.
CERTAIN_IDENTITY = 1e-6


@dataclass(frozen=True, kw_only=True)
class Repeats:
    """What equal rows say of a split."""

    seen: Overlap
    #: test rows whose index label and content both stand in the training set: one and the same row
    identical: int
    #: more test rows stand in the training set than a fair split would put there
    contaminated: bool
    #: as many as a fair split, but rows that nearly agree hardly occur: copies made before the split
    copies: bool
    #: the labels agree too
    labelled: bool
    #: 95 % interval of the share of shared rows
    low: float
    high: float
    #: (k, 2) row of the training set, row of the test set: one pair for each shared row
    pairs: Array

    @property
    def share(self) -> float:
        """Shared rows of all test rows."""
        return self.seen.shared / max(self.seen.n, 1)


def repeats(
    X_train: Any, X_test: Any, y_train: Any, y_test: Any, *, max_share: float = 0.01, certain: float = 1e-4
) -> Repeats | None:
    """Equal rows (label and all, where there are labels); `None` when the sides have no column in common.

    Parameters
    ----------
    y_train, y_test
        (n,) or (n, k) labels, or `None`.
    max_share
        Share of test rows below which copies made before the split are let be.
    certain
        Chance below which an excess over a fair split counts.
    """
    matched = _matched(X_train, X_test)
    if matched is None:
        return None
    labels = _labels(y_train, y_test, frames.n_rows(X_train), frames.n_rows(X_test))
    seen, pairs, agreement = _overlap(matched, labels)
    low, high = intervals.wilson(seen.shared, seen.n)
    same = _identical(X_train, X_test, pairs, agreement)
    contaminated = same > 0 or (seen.p_value < certain and seen.excess >= 3)
    copies = not contaminated and low > max_share and copied(matched[0], labels[0])
    return Repeats(
        seen=seen, identical=same, contaminated=contaminated, copies=copies, labelled=labels[0] is not None,
        low=low, high=high, pairs=pairs,
    )  # fmt: skip


def _matched(X_train: Any, X_test: Any) -> tuple[Any, Any] | None:
    """Both sides cut to the columns that they have in common, in the training set's order."""
    if frames.is_sparse(X_train) or frames.is_sparse(X_test):
        return (X_train, X_test) if frames.n_columns(X_train) == frames.n_columns(X_test) else None
    if not (frames.is_frame(X_train) and frames.is_frame(X_test)):
        if frames.n_columns(X_train) == frames.n_columns(X_test):
            return X_train, X_test  # an array has no names of its own: by position
        if not (frames.is_frame(X_train) or frames.is_frame(X_test)):
            return None
    a, b = frames.column_names(X_train), frames.column_names(X_test)
    common = [n for n in a if n in b]
    if not common:
        return None
    if tuple(common) == a == b:
        return X_train, X_test
    return frames.table(X_train).select(common).to_native(), frames.table(X_test).select(common).to_native()


def _labels(y_train: Any, y_test: Any, m: int, n: int) -> tuple[Array | None, Array | None]:
    """Hashes of the labels, where both sides have one for each row."""
    if y_train is None or y_test is None or len(y_train) != m or len(y_test) != n:
        return None, None
    return tuple(frames.row_hashes(np.asarray(y).reshape(len(y), -1)) for y in (y_train, y_test))  # type: ignore[return-value]


def _overlap(matched: tuple[Any, Any], labels: tuple[Array | None, Array | None]) -> tuple[Overlap, Array, float]:
    """Counts over all rows, though only those that the sieve lets through are hashed in full."""
    m, n = (frames.n_rows(X) for X in matched)
    rows = frames.may_repeat(*matched)
    hashes = []
    for X, ours, y, size in zip(matched, rows, labels, (m, n), strict=True):
        whole = frames.row_hashes(X if len(ours) == size else frames.take(X, ours))
        hashes.append(whole if y is None else frames.mixed([whole, y[ours]]))
    train, test = hashes
    found = overlap(train, test, sizes=(m, n))
    mask = np.zeros(n, dtype=bool)
    mask[rows[1][found.mask]] = True
    order = np.argsort(train, kind="stable")
    at = np.flatnonzero(found.mask)
    first = order[np.searchsorted(train, test[at], sorter=order)] if len(at) else at
    return found.over(mask), np.column_stack([rows[0][first], rows[1][at]]), _agreement(train, test, m, n)


def _agreement(train: Array, test: Array, m: int, n: int) -> float:
    """How often a random training row and a random test row are equal."""
    rows, counts = np.unique(train, return_counts=True)
    others, theirs = np.unique(test, return_counts=True)
    _, i, j = np.intersect1d(rows, others, return_indices=True)
    return min(1.0, float((counts[i] / max(m, 1)) @ (theirs[j] / max(n, 1))))


def _identical(X_train: Any, X_test: Any, pairs: Array, agreement: float) -> int:
    """Test rows whose index label and content both stand in the training set; 0 where an index says nothing.

    Two files that were numbered alike share labels and not contents; where few contents exist, they also share some
    of those, as often as any two of their rows.
    """
    from scipy.stats import binom

    a, b = _index(X_train), _index(X_test)
    if a is None or b is None or not len(pairs):
        return 0
    both, ours = np.flatnonzero(np.isin(b, a)), np.flatnonzero(np.isin(a, b))
    if not len(both) or frames.column_names(X_train) != frames.column_names(X_test):
        return 0
    train = frames.mixed([frames.row_hashes(frames.take(X_train, ours)), a[ours]])
    test = frames.mixed([frames.row_hashes(frames.take(X_test, both)), b[both]])
    same = int((np.isin(test, train) & np.isin(both, pairs[:, 1])).sum())
    by_chance = float(binom.sf(same - 1, len(both), agreement))
    return same if same >= 3 and same > 0.5 * len(both) and by_chance < CERTAIN_IDENTITY else 0


def _index(X: Any) -> Array | None:
    """(n,) hashes of a pandas index that was not just counted up; repeated labels are welcome: copies keep theirs."""
    if not hasattr(X, "iloc") or type(X.index).__name__ == "RangeIndex":
        return None
    labels = np.asarray(X.index)
    if labels.dtype.kind in "iu" and len(labels) and bool((np.diff(labels) == 1).all()):
        return None
    return frames.value_hashes(labels)
