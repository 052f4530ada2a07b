"""Changed copies of a table, in its own type: cells replaced, columns chosen. The original is left as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np

from mlready_nb.frames.native import array, column_names, is_frame, is_sparse, table


def replaced(X: Any, columns: Mapping[str, Any]) -> Any:
    """A copy with these columns' values; a new kind of value changes the column's type.

    Parameters
    ----------
    columns
        Name -> (n,) values.
    """
    names = column_names(X)
    if nw.dependencies.is_pandas_dataframe(X):
        return _pandas(X, {names.index(n): v for n, v in columns.items()})
    if is_frame(X):
        frame = table(X)
        implementation = nw.get_native_namespace(frame)
        new = [nw.new_series(n, _alike(v), backend=implementation) for n, v in columns.items()]
        return frame.with_columns(*new).to_native()
    values = array(X) if is_sparse(X) else array(X).copy()
    for name, given in columns.items():
        cells = np.asarray(given)
        if cells.dtype.kind not in "fiub" and values.dtype.kind != "O":
            values = values.astype(object)
        elif cells.dtype.kind == "f" and values.dtype.kind in "iub":
            values = values.astype(float)
        values[:, names.index(name)] = cells
    return values


def _alike(values: Any) -> list[Any]:
    """Typed engines hold one kind a column: numbers beside text become text."""
    cells = list(np.asarray(values, dtype=object))
    texts = any(isinstance(v, str) for v in cells)
    return [None if v is None else str(v) for v in cells] if texts else cells


def _pandas(X: Any, columns: Mapping[int, Any]) -> Any:
    import pandas as pd

    X = X.copy(deep=False)
    for position, values in columns.items():
        X.isetitem(position, pd.Series(_typed(X.iloc[:, position].dtype, values), index=X.index))
    return X


def _typed(dtype: Any, values: Any) -> Any:
    """The values as the column's own kind would hold them: a categorical learns new categories, objects stay objects."""
    import pandas as pd

    if isinstance(dtype, pd.CategoricalDtype):
        known = list(dtype.categories)
        new = [v for v in dict.fromkeys(values) if v not in known and not pd.isna(v)]
        return pd.Categorical(values, categories=[*known, *new], ordered=dtype.ordered)
    return np.array([*values, None], dtype=object)[:-1] if str(dtype) == "object" else values


def chosen(X: Any, columns: Sequence[int]) -> Any:
    """These columns by position, in this order."""
    if hasattr(X, "iloc"):
        return X.iloc[:, list(columns)]
    if is_frame(X):
        frame = table(X)
        return frame.select([frame.columns[i] for i in columns]).to_native()
    return X[:, list(columns)] if is_sparse(X) else array(X)[:, list(columns)]
