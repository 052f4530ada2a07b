"""A plain numeric matrix for simple baselines; everything is learnt on the training rows alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.frames.memory import afford
from mlready_nb.frames.native import column_names, is_frame, is_sparse, n_columns, n_rows
from mlready_nb.frames.values import column, kinds, missing_mask

#: Categories of a column that get a column of their own; the rest share one.
LEVELS = 50


def numeric_matrix(X_train: Any, X_test: Any) -> tuple[Any, Any, tuple[str, ...]]:
    """(train, test, names): gaps filled by the median, numbers standardised, categories one-hot, times as numbers.

    Columns are taken by name (by position against an array of the same width); one that the test set lacks, or that holds free text, is left out. Sparse stays sparse.
    """
    if is_sparse(X_train):
        width = min(n_columns(X_train), n_columns(X_test))
        return _filled(X_train, width), _filled(X_test, width), column_names(X_train)[:width]
    width = sum(1 if kind in ("numeric", "boolean", "datetime") else LEVELS for kind in kinds(X_train).values())
    afford(24.0 * (n_rows(X_train) + n_rows(X_test)) * width, "a numeric copy of both splits")
    train: list[np.ndarray[Any, Any]] = []
    test: list[np.ndarray[Any, Any]] = []
    names: list[str] = []
    theirs = column_names(X_test)
    named = is_frame(X_train) and is_frame(X_test)
    where = dict(
        zip(theirs if named or len(theirs) != n_columns(X_train) else column_names(X_train), theirs, strict=True)
    )
    for name, kind in kinds(X_train).items():
        if name not in where:
            continue
        a, b = column(X_train, name), column(X_test, where[name])
        if kind in ("numeric", "boolean", "datetime"):
            one, two = _numbers(a, b)
            made = [(name, one, two)]
        else:
            made = _categories(name, a, b)
        for label, one, two in made:
            names.append(label)
            train.append(one)
            test.append(two)
    if not names:
        return np.zeros((n_rows(X_train), 0)), np.zeros((n_rows(X_test), 0)), ()
    return np.column_stack(train), np.column_stack(test), tuple(names)


def _filled(X: Any, width: int) -> Any:
    """A copy as CSR without its NaN: what is not known counts as absent."""
    from scipy.sparse import csr_array

    rows = (X.tocsr() if is_sparse(X) else csr_array(np.asarray(X, dtype=float)))[:, :width].astype(float)
    rows.data[~np.isfinite(rows.data)] = 0.0
    return rows


def _numbers(a: Any, b: Any) -> tuple[Any, Any]:
    a, b = floats(a), floats(b)
    seen = a[np.isfinite(a)]
    middle = float(np.median(seen)) if len(seen) else 0.0
    a, b = np.where(np.isfinite(a), a, middle), np.where(np.isfinite(b), b, middle)
    largest = float(np.abs(a).max(initial=0.0))
    if largest > 1e100:  # squares would overflow
        a, b = a / largest, b / largest
    scale, centre = float(a.std()), float(a.mean())
    if scale <= 10 * np.finfo(float).eps * abs(centre):  # constant but for rounding
        scale = 1.0
    return (a - centre) / scale, (b - centre) / scale


def floats(values: Any) -> np.ndarray[Any, Any]:
    """(n,) floats: times in seconds, what is no number as NaN."""
    values = np.asarray(values)
    if values.dtype.kind == "M":
        whole = values.astype("datetime64[s]").astype(float)
        return np.where(np.isnat(values), np.nan, whole)
    if values.dtype.kind == "O":
        gaps = missing_mask(values)
        out = np.full(len(values), np.nan)
        for i in np.flatnonzero(~gaps):
            try:
                out[i] = float(values[i])
            except (TypeError, ValueError):
                continue
        return out
    return np.asarray(values, dtype=float)


def _categories(name: str, a: Any, b: Any) -> list[tuple[str, Any, Any]]:
    a, b = (
        np.array([None if m else str(v) for v, m in zip(c, missing_mask(c), strict=True)], dtype=object) for c in (a, b)
    )
    known, counts = np.unique(np.array([v for v in a if v is not None], dtype="U"), return_counts=True)
    if len(known) > 0.5 * max(len(a), 1) and len(known) > LEVELS:
        return []  # an id or free text: one-hot would only memorise rows
    kept = [str(v) for v in known[np.argsort(-counts, kind="stable")][:LEVELS]]
    return [(f"{name}={v}", (a == v).astype(float), (b == v).astype(float)) for v in kept]
