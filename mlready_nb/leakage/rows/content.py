"""Do these rows of one table hold what that table holds? Judged by content, on samples."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames

Array = np.ndarray[Any, Any]

#: Rows and columns that are compared.
SAMPLE, COLUMNS = 400, 12


def agrees(table: Any, rows: Array, X: Any, y: Any) -> bool | None:
    """Whether those rows of the table are the rows of X; `None` when nothing can be compared.

    One column that varies and agrees is enough: the others may have been scaled or encoded since.
    """
    n = len(rows)
    at = np.arange(n) if n <= SAMPLE else np.linspace(0, n - 1, SAMPLE).astype(np.intp)
    held = set(frames.column_names(table)) if frames.is_frame(table) else set()
    compared = 0
    pairs: list[tuple[Array, Array]] = []
    if held:
        small, part = frames.take(table, rows[at]), frames.take(X, at)
        if frames.is_frame(X):
            pairs += [(frames.column(small, c), frames.column(part, c)) for c in frames.column_names(X) if c in held][
                :COLUMNS
            ]
        elif _held_by_value(small, part):
            return True
        name = getattr(y, "name", None)
        if isinstance(name, str) and name in held and len(y) == n:
            pairs.append((frames.column(small, name), frames.labels(y)[at]))
    elif frames.n_columns(table) == frames.n_columns(X):
        small, part = np.asarray(frames.take(table, rows[at])), np.asarray(frames.take(X, at))
        pairs += [(small[:, i], part[:, i]) for i in range(min(small.shape[1], COLUMNS))]
    for a, b in pairs:
        if a.dtype.kind != b.dtype.kind and not {a.dtype.kind, b.dtype.kind} <= set("fiub"):
            continue
        gaps = frames.missing_mask(a) | frames.missing_mask(b)
        one, two = a[~gaps], b[~gaps]
        if len(one) < 2 or len(np.unique(one.astype(str))) < 2:
            continue
        compared += 1
        chance = float(np.mean(one == np.roll(one, 1)))
        if float(np.mean(one == two)) > max(0.98, min(0.999, chance + 0.01)):
            return True
    return False if compared and not _changed(pairs) else None


def _held_by_value(small: Any, part: Any) -> bool:
    """True when the array's first columns stand among the frame's columns, value for value."""
    values = [frames.column(small, c).astype(float) for c, k in frames.kinds(small).items() if k == "numeric"]
    found = 0
    ours = [frames.column(part, c) for c in frames.column_names(part)[:6]]
    for one in ours:
        if one.dtype.kind in "fiu" and len(np.unique(one)) > 10:
            found += any(np.array_equal(one.astype(float), other, equal_nan=True) for other in values)
    return found >= min(2, len(ours))


def _changed(pairs: list[tuple[Array, Array]]) -> bool:
    """True when a column was rescaled: it orders the rows alike though its values differ."""
    return any(a.dtype.kind in "fiu" and b.dtype.kind in "fiu" and _alike(a, b) for a, b in pairs)


def _alike(a: Array, b: Array) -> bool:
    """True when two columns of numbers order the rows in the same way."""
    there = np.isfinite(a.astype(float)) & np.isfinite(b.astype(float))
    a, b = a[there].astype(float), b[there].astype(float)
    if len(np.unique(a)) < 5 or len(np.unique(b)) < 5:
        return False
    order = np.argsort(a, kind="stable")
    steps, moves = np.diff(a[order]), np.diff(b[order])
    moving = steps > 0
    return bool(moving.any() and (moves[moving] >= -1e-9 * np.abs(b).max()).mean() > 0.99)


def same_order(table: Any, X: Any) -> bool:
    """True when a table of as many rows holds them unscaled, in the same order."""
    if frames.n_columns(table) != frames.n_columns(X):
        return False
    at = np.linspace(0, frames.n_rows(X) - 1, min(SAMPLE, frames.n_rows(X))).astype(np.intp)
    small, part = frames.take(table, at), frames.take(X, at)
    like = 0
    for a, b in list(zip(frames.column_names(table), frames.column_names(X), strict=True))[:COLUMNS]:
        one, two = frames.column(small, a), frames.column(part, b)
        if one.dtype.kind in "fiu" and two.dtype.kind in "fiu":
            like += _alike(one, two)
    return like >= 1


def by_content(table: Any, X: Any) -> Array | None:
    """(n,) positions of X's rows in the table, by their common columns; `None` unless each row is found."""
    if frames.is_frame(X) and frames.is_frame(table):
        held = frames.column_names(table)
        common = [c for c in frames.column_names(X) if c in held]
        if len(common) < min(2, frames.n_columns(X)):
            return None
        ours, theirs = (frames.table(t).select(common).to_native() for t in (X, table))
    elif frames.n_columns(X) == frames.n_columns(table):
        ours, theirs = X, table
    else:
        return None
    if frames.n_rows(table) < 2:
        return None
    few = frames.row_hashes(frames.take(ours, np.arange(min(50, frames.n_rows(X)))))
    there = frames.row_hashes(theirs)
    if not np.isin(few, there).all():
        return None
    wanted = frames.row_hashes(ours)
    distinct, first = np.unique(there, return_index=True)
    if len(distinct) < 0.9 * len(there):
        return None  # rows that repeat do not tell which one is meant
    at = np.searchsorted(distinct, wanted).clip(max=len(distinct) - 1)
    return first[at] if bool((distinct[at] == wanted).all()) else None
