"""Whatever holds a table, behind one face: pandas, polars, pyarrow, NumPy, SciPy sparse, lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np

from mlready_nb.frames.errors import NotATable


def is_sparse(X: Any) -> bool:
    """True for SciPy's sparse matrices and arrays."""
    return type(X).__module__.startswith("scipy.sparse")


def is_frame(X: Any) -> bool:
    """True for what has named columns: pandas, polars, pyarrow... (a Series has one)."""
    return bool(nw.dependencies.is_into_dataframe(X) or nw.dependencies.is_into_series(X) or _is_lazy(X))


def _is_lazy(X: Any) -> bool:
    return type(X).__module__.startswith("polars") and type(X).__name__ == "LazyFrame"


def table(X: Any) -> nw.DataFrame[Any]:
    """An eager narwhals frame with unique string names; arrays get `x0`, `x1`...

    Raises
    ------
    NotATable
        For 0-D, 3-D and ragged data, with what was found.
    """
    if _is_lazy(X):
        X = X.collect()
    if isinstance(X, nw.DataFrame):
        return X
    if nw.dependencies.is_into_series(X):
        X = nw.from_native(X, series_only=True).to_frame().to_native()
    if nw.dependencies.is_pandas_dataframe(X):
        names = unique_names(X.columns)
        if list(X.columns) != names:
            X = X.copy(deep=False)
            X.columns = names
        return nw.from_native(X, eager_only=True)
    if nw.dependencies.is_into_dataframe(X):
        return nw.from_native(X, eager_only=True)
    import pandas as pd

    values = array(X)
    return nw.from_native(pd.DataFrame(values, columns=column_names(X)), eager_only=True)


def array(X: Any) -> np.ndarray[Any, Any]:
    """A 2-D array of what is no frame."""
    if is_sparse(X):
        return np.asarray(X.toarray())
    try:
        values = np.asarray(X)
    except ValueError as error:
        msg = f"expected a table of equal rows, found {type(X).__name__} that NumPy cannot read: {error}"
        raise NotATable(msg) from error
    if values.dtype.names:
        values = np.stack([values[name] for name in values.dtype.names], axis=1)
    if values.ndim == 1:
        values = values.reshape(-1, 1)
    if values.ndim != 2:
        msg = f"expected a table of 2 dimensions, found {type(X).__name__} of {values.ndim} with shape {values.shape}"
        raise NotATable(msg)
    return values


def unique_names(columns: Sequence[Any]) -> list[str]:
    """Column names as strings, repeated ones numbered: `a`, `a.1`; levels joined by a dot."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for column in columns:
        name = ".".join(map(str, column)) if isinstance(column, tuple) else str(column)
        while name in seen:
            seen[name] += 1
            name = f"{name}.{seen[name]}"
        seen[name] = 0
        names.append(name)
    return names


def n_rows(X: Any) -> int:
    """How many rows."""
    if _is_lazy(X):
        return int(X.collect().height)
    shape = getattr(X, "shape", None)
    return int(shape[0]) if shape else len(X)


def column_names(X: Any) -> tuple[str, ...]:
    """Names of the columns, `x0`... for arrays."""
    if is_frame(X):
        return tuple(table(X).columns) if nw.dependencies.is_into_series(X) else tuple(unique_names(_columns(X)))
    names = getattr(getattr(X, "dtype", None), "names", None)
    return tuple(names) if names else tuple(f"x{i}" for i in range(n_columns(X)))


def _columns(X: Any) -> Sequence[Any]:
    if type(X).__module__.startswith("pyarrow"):
        return list(X.column_names)
    return list(X.collect_schema().names()) if _is_lazy(X) else list(X.columns)


def n_columns(X: Any) -> int:
    """How many columns."""
    if is_frame(X):
        return len(column_names(X))
    shape = getattr(X, "shape", None)
    if shape is None:
        shape = array(X).shape
    return int(shape[1]) if len(shape) > 1 else 1


def shape(X: Any) -> tuple[int, int]:
    """(rows, columns)."""
    return n_rows(X), n_columns(X)


def take(X: Any, rows: Any) -> Any:
    """These rows in the data's own type, so that a model can still predict on them."""
    rows = np.asarray(rows)
    if hasattr(X, "iloc"):
        return X.iloc[rows]
    if _is_lazy(X):
        X = X.collect()
    if type(X).__module__.startswith("pyarrow"):
        return X.take(rows)
    if isinstance(X, (list, tuple)):
        return [X[i] for i in rows]
    return X[rows]
