"""Whether the rows of one table are the rows of another: as they are, through a step, or written otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames

Array = np.ndarray[Any, Any]

#: Rows that are compared.
ROWS = 8
#: Rows of a table without index labels up to which the rows of another are looked for in it.
HASHED = 200_000


def aligned(table: Any, X: Any) -> tuple[Array, Array] | None:
    """(rows of the table, rows of X) that are the same rows: by index labels, else by position where both are as long."""
    n, m = frames.n_rows(table), frames.n_rows(X)
    at = np.linspace(0, m - 1, min(m, ROWS)).astype(np.intp)
    theirs, ours = getattr(X, "index", None), getattr(table, "index", None)
    if theirs is not None and ours is not None and hasattr(ours, "get_indexer") and ours.is_unique:
        found = ours.get_indexer(theirs[at])
        return (found, at) if (found >= 0).all() else None
    return (at, at) if n == m else None


def equals(made: Any, rows: Any, names: Any) -> bool:
    """Whether the made cells are cells of the rows: all of them, or the columns of these names."""
    a = numbers(made)
    if a is None:
        return False
    b = numbers(rows)
    if b is not None and a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True):
        return True
    if names is not None and frames.is_frame(rows) and a.shape[1] == len(names):
        ours = frames.column_names(rows)
        if all(str(n) in ours for n in names):
            part = numbers(frames.chosen(rows, [ours.index(str(n)) for n in names]))
            return part is not None and bool(np.allclose(a, part, rtol=1e-6, atol=1e-9, equal_nan=True))
    if b is not None and a.ndim == b.ndim == 2 and 0 < a.shape[1] < b.shape[1] and len(a) >= 3:
        varied = [j for j in range(a.shape[1]) if np.ptp(a[:, j]) > 0]
        return bool(varied) and all(
            any(np.allclose(a[:, j], b[:, k], rtol=1e-6, atol=1e-9) for k in range(b.shape[1])) for j in varied
        )
    return False


def unchanged(rows: Any, made: Any) -> bool:
    """True for a step that left these rows as they were: it proves nothing."""
    a, b = numbers(rows), numbers(made)
    return a is not None and b is not None and a.shape == b.shape and bool(np.allclose(a, b, equal_nan=True))


def numbers(table: Any) -> Array | None:
    """A table as floats; `None` where it holds anything else."""
    try:
        dense = (
            table.toarray()
            if frames.is_sparse(table)
            else frames.table(table).to_numpy()
            if frames.is_frame(table)
            else table
        )
        return np.asarray(dense, dtype=float)
    except (TypeError, ValueError):
        return None


def indicators(raw: Any, made: Any, column: str) -> bool:
    """True where each value of the raw column has its own column of truth values in the made table, cell by cell."""
    texts = np.array([str(v) for v in frames.column(raw, column)])
    hits = 0
    for name in frames.column_names(made):
        level = name[len(column) + 1 :] if name.startswith(column) else None
        if not level or level not in set(texts.tolist()):
            continue
        values = np.asarray(frames.column(made, name))
        if values.dtype.kind in "biuf" and bool(((values > 0) == (texts == level)).all()):
            hits += 1
    return hits >= 1


def holds(table: Any, X: Any) -> bool:
    """True where the rows of X stand in the table as they are, in the columns of X."""
    if table is X or frames.n_rows(table) <= frames.n_rows(X):
        return False
    part = table
    if frames.is_frame(table) and frames.is_frame(X):
        ours, theirs = frames.column_names(X), frames.column_names(table)
        if not set(ours) <= set(theirs):
            return False
        part = frames.chosen(table, [theirs.index(n) for n in ours])
    elif frames.n_columns(table) != frames.n_columns(X):
        return False
    same = aligned(table, X)
    if same is not None:
        return bool((frames.row_hashes(frames.take(part, same[0])) == frames.row_hashes(frames.take(X, same[1]))).all())
    if frames.n_rows(part) > HASHED:
        return False
    rows = frames.take(X, np.arange(min(frames.n_rows(X), ROWS)))
    return bool(np.isin(frames.row_hashes(rows), frames.row_hashes(part)).all())
