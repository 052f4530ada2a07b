"""What stands in the columns: kinds, gaps, labels, codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlready_nb.frames.cells import boxed, hashable, kind, nanoseconds, seconds, unboxed
from mlready_nb.frames.errors import NotATable
from mlready_nb.frames.native import array, column_names, is_frame, is_sparse, one_column, table

#: The kinds that checks tell apart, the same in every engine.
KINDS = ("numeric", "boolean", "categorical", "text", "datetime", "other")


def kinds(X: Any) -> dict[str, str]:
    """Column -> "numeric", "boolean", "categorical", "text", "datetime" or "other"."""
    if not is_frame(X):
        stored = X.dtype.kind if is_sparse(X) else array(X).dtype.kind
        if stored in "fiub":
            return dict.fromkeys(column_names(X), "boolean" if stored == "b" else "numeric")
    frame = table(X)
    return {name: _kind(frame[name]) for name in frame.columns}


def _kind(series: Any) -> str:
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_numeric():
        return "numeric"
    if dtype == nw.Boolean:
        return "boolean"
    if isinstance(dtype, (nw.Categorical, nw.Enum)) or dtype in (nw.Categorical, nw.Enum):
        return "categorical"
    if dtype in (nw.Datetime, nw.Date):
        return "datetime"
    if dtype == nw.Duration:
        return "numeric"
    if dtype == nw.String and series.null_count() < len(series):
        return "text"
    if dtype == nw.String and str(getattr(series.to_native(), "dtype", "")) != "object":
        return "text"  # declared so; a pandas column of gaps alone is text by default only
    values = _objects(series)[:1000]
    return kind(values[~missing_mask(values)])


def _objects(series: Any) -> np.ndarray[Any, Any]:
    """(n,) Python objects; `to_list` where an engine's `to_numpy` stacks records or loses a category's gaps."""
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_nested() or isinstance(dtype, (nw.Categorical, nw.Enum)):
        return boxed(series.to_list())
    return np.asarray(series.to_numpy(), dtype=object)


def missing_mask(values: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """(n,) True where a value is missing: None, NaN, NaT, pd.NA; for (n, k) where any of a row is."""
    values = np.asarray(values)
    if values.dtype.kind in "fc":
        mask = np.isnan(values)
    elif values.dtype.kind in "mM":
        mask = np.isnat(values)
    elif values.dtype.kind == "O":
        import pandas as pd

        mask = np.asarray(pd.isna(values))
    else:
        mask = np.zeros(values.shape, dtype=bool)
    return np.asarray(mask.any(axis=1) if mask.ndim > 1 else mask, dtype=bool)


def null_counts(X: Any) -> dict[str, int]:
    """Column -> how many values are missing; NaN counts in every engine."""
    if is_sparse(X):
        rows = X.tocsc()
        gaps = np.isnan(rows.data) if rows.data.dtype.kind == "f" else np.zeros(len(rows.data), dtype=bool)
        per = (
            np.add.reduceat(np.append(gaps, False), rows.indptr[:-1].clip(max=len(gaps)))
            if len(gaps)
            else [0] * X.shape[1]
        )
        return {
            n: int(c) if rows.indptr[i + 1] > rows.indptr[i] else 0
            for i, (n, c) in enumerate(zip(column_names(X), per, strict=True))
        }
    if not is_frame(X) and array(X).dtype.kind != "O":
        values = array(X)
        return {name: int(missing_mask(values[:, i]).sum()) for i, name in enumerate(column_names(X))}
    frame = table(X)
    counts = {}
    for name in frame.columns:
        series = frame[name]
        count = int(series.null_count())
        if series.dtype.is_float():
            count += int(series.drop_nulls().is_nan().sum() or 0)
        elif not series.dtype.is_numeric() and _kind(series) == "other":
            count = int(missing_mask(_objects(series)).sum())
        counts[name] = count
    return counts


def column(X: Any, name: str) -> np.ndarray[Any, Any]:
    """(n,) values of one column; numbers with gaps as floats with NaN, times in UTC as datetime64[ns], spans as seconds."""
    if not is_frame(X):
        position = column_names(X).index(name)
        if is_sparse(X):
            return np.asarray(X.tocsc()[:, [position]].toarray()).ravel()
        values = array(X)[:, position]
        if values.dtype.kind == "M":
            return nanoseconds(values)
        return _unboxed(values)
    return series_values(one_column(X, name))


def series_values(series: Any) -> np.ndarray[Any, Any]:
    """A narwhals series as a NumPy array, alike in every engine."""
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_numeric():
        return _numbers(series) if series.null_count() else np.asarray(series.to_numpy())
    if dtype == nw.Boolean and not series.null_count():
        return np.asarray(series.to_numpy(), dtype=bool)
    if dtype == nw.Datetime:
        if dtype.time_zone:
            series = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        return nanoseconds(np.asarray(series.to_numpy(), dtype="datetime64"))
    if dtype == nw.Duration:
        return seconds(np.asarray(series.to_numpy()))
    values = _objects(series).copy()
    gaps = missing_mask(values)
    if dtype in (nw.Object, nw.Date, nw.Unknown):
        return unboxed(values, gaps)
    values[gaps] = None
    return values


def _numbers(series: Any) -> np.ndarray[Any, Any]:
    """Numbers with gaps as floats with NaN."""
    import narwhals as nw

    try:
        return np.asarray(series.cast(nw.Float64).fill_null(float("nan")).to_numpy())
    except Exception:  # pyarrow refuses integers that a float rounds
        return np.array([np.nan if v is None else float(v) for v in series.to_list()], dtype=float)


def labels(y: Any, one_hot: bool = False, class_names: Sequence[Any] | None = None) -> np.ndarray[Any, Any]:
    """Labels as (n,) values, or (n, k) indicators for multi-label.

    Parameters
    ----------
    one_hot
        Read an indicator matrix with one 1 a row (dummies) as the class of that column.
    class_names
        Classes in the order of the indicator's columns; a frame's own column names otherwise.
    """
    if is_frame(y):
        frame = table(y)
        if len(frame.columns) == 1:
            return _unboxed(series_values(frame[frame.columns[0]]))
        names: Sequence[Any] = list(y.columns) if hasattr(y, "iloc") else frame.columns  # pandas: classes as they are
        if not len(frame.columns):
            msg = f"expected labels, found {type(y).__name__} without a column"
            raise NotATable(msg)
        values = _stacked([series_values(frame[n]) for n in frame.columns])
    else:
        values = y.toarray() if is_sparse(y) else _array(y)
        if values.ndim == 0:
            values = values.reshape(1)
        if values.ndim > 2:
            msg = f"expected one label a row, found {type(y).__name__} of shape {values.shape}"
            raise NotATable(msg)
        if values.ndim > 1 and values.shape[1] == 1:
            values = values[:, 0]
        if values.ndim == 1:
            return _unboxed(values)
        names = range(values.shape[1])
    if one_hot and is_indicator(values):
        classes = np.asarray(
            list(class_names) if class_names is not None and len(class_names) == values.shape[1] else list(names)
        )
        return np.asarray(classes[np.argmax(values.astype(float), axis=1)])
    return np.asarray(values)


def _array(y: Any) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(y)
    except ValueError as error:
        msg = f"expected one label a row, found {type(y).__name__} that NumPy cannot read: {error}"
        raise NotATable(msg) from error


def _stacked(columns: Sequence[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """Columns side by side; as objects where their types have nothing in common."""
    try:
        return np.column_stack(columns)
    except TypeError:
        return np.column_stack([c.astype(object) for c in columns])


def is_indicator(values: Any) -> bool:
    """True for a matrix of zeros and ones with exactly one 1 a row."""
    values = np.asarray(values)
    if values.ndim != 2 or values.shape[1] == 0 or values.dtype.kind not in "biuf":
        return False
    return bool(np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all())


def _unboxed(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Objects that are all numbers, as numbers: labels compare by value in every engine."""
    return unboxed(values, missing_mask(values)) if values.dtype.kind == "O" else values


def codes(values: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """((n,) codes with -1 for missing, sorted distinct values)."""
    import pandas as pd

    values = np.asarray(values)
    try:
        found, distinct = pd.factorize(values)
    except TypeError:
        found, distinct = pd.factorize(boxed([hashable(v) for v in values]))
    try:
        order = np.argsort(distinct, kind="stable")
    except TypeError:  # numbers beside strings
        order = np.argsort(np.array([(type(v).__name__, str(v)) for v in distinct], dtype="U"), axis=0, kind="stable")[
            :, -1
        ]
    rank = np.empty(len(order) + 1, dtype=np.intp)
    rank[order] = np.arange(len(order))
    rank[-1] = -1
    return rank[found], np.asarray(distinct)[order]
