"""Whatever holds a table, behind one face: pandas, polars, pyarrow, NumPy, SciPy sparse, lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np

from mlready_nb.frames.errors import NotATable
from mlready_nb.frames.memory import afford


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
        known = _known(X.columns)
        if not known.same:
            X = X.copy(deep=False)
            X.columns = list(known.names)
        return nw.from_native(X, eager_only=True)
    if nw.dependencies.is_into_dataframe(X):
        if type(X).__module__.startswith("pyarrow") and len(set(X.column_names)) < len(X.column_names):
            X = X.rename_columns(unique_names(X.column_names))
        return nw.from_native(X, eager_only=True)
    import pandas as pd

    values = array(X)
    names = column_names(X)
    try:
        frame = pd.DataFrame(values, columns=names)
    except UnicodeEncodeError:  # half a surrogate pair, which no string column can hold
        frame = pd.DataFrame(values, columns=names, dtype=object)
    return nw.from_native(frame, eager_only=True)


class _Names(NamedTuple):
    """The columns of a pandas frame under our names."""

    index: Any
    names: tuple[str, ...]
    positions: dict[str, int]
    #: they are called so already
    same: bool


#: The last one: checks ask a frame of 10,000 columns for one after the other.
_last: list[_Names] = []


def _known(columns: Any) -> _Names:
    for known in _last[:1]:
        if known.index.is_(columns):
            return known
    names = unique_names(list(columns))
    known = _Names(columns, tuple(names), {n: i for i, n in enumerate(names)}, list(columns) == names)
    _last[:] = [known]
    return known


def one_column(X: Any, name: str) -> nw.Series[Any]:
    """One column of a frame, without a look at the others."""
    if nw.dependencies.is_pandas_dataframe(X):
        return nw.from_native(X.iloc[:, _known(X.columns).positions[name]], series_only=True)
    return table(X)[name]


def array(X: Any) -> np.ndarray[Any, Any]:
    """A 2-D array of what is no frame."""
    if is_sparse(X):
        afford(8.0 * X.shape[0] * X.shape[1], f"a dense copy of a sparse table of {X.shape[0]:,} x {X.shape[1]:,}")
        return np.asarray(X.toarray())
    try:
        values = np.asarray(X)
    except ValueError as error:
        msg = f"expected a table of equal rows, found {type(X).__name__} that NumPy cannot read: {error}"
        raise NotATable(msg) from error
    if values.dtype.names:
        values = np.stack([values[name].astype(object) for name in values.dtype.names], axis=1)
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
    if shape:
        return int(shape[0])
    try:
        return len(X)
    except TypeError:
        msg = f"expected a table, found {type(X).__name__} without rows"
        raise NotATable(msg) from None


def column_names(X: Any) -> tuple[str, ...]:
    """Names of the columns, `x0`... for arrays."""
    if is_frame(X):
        if nw.dependencies.is_pandas_dataframe(X):
            return _known(X.columns).names
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
    names = getattr(getattr(X, "dtype", None), "names", None)
    if names:
        return len(names)
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
    rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.intp)
    if hasattr(X, "iloc"):
        return X.iloc[rows]
    if _is_lazy(X):
        X = X.collect()
    if type(X).__module__.startswith("pyarrow"):
        return X.take(rows)
    if isinstance(X, (list, tuple)):
        return [X[i] for i in rows]
    return X.tocsr()[rows] if is_sparse(X) else X[rows]


def copied(X: Any, *, deep: bool = False) -> Any:
    """A table of the same values to hand to somebody else's code: what that writes into it does not reach the original.

    Engines whose tables cannot be written into, or are copied when they are (pandas 3, polars, pyarrow), cost nothing.

    Parameters
    ----------
    deep
        Copy the values in every engine, to compare them afterwards.
    """
    if nw.dependencies.is_pandas_dataframe(X) or nw.dependencies.is_pandas_series(X):
        import pandas as pd

        return X.copy(deep=deep or int(pd.__version__.partition(".")[0]) < 3)
    if type(X).__module__.startswith("polars"):
        return X.clone()
    if isinstance(X, np.ndarray) or is_sparse(X):
        return X.copy()
    return [list(row) if isinstance(row, list) else row for row in X] if isinstance(X, list) else X


def row_ids(X: Any) -> np.ndarray[Any, Any] | None:
    """(n,) labels of a pandas index that tells rows apart and was not just counted up; `None` elsewhere."""
    index = getattr(X, "index", None) if nw.dependencies.is_pandas_dataframe(X) else None
    if index is None or type(index).__name__ == "RangeIndex" or not index.is_unique:
        return None
    ids = np.asarray(index)
    counted = ids.dtype.kind in "iu" and len(ids) > 0 and bool((np.diff(ids) == 1).all())
    return None if counted else ids


def stacked(one: Any, two: Any) -> Any:
    """The rows of both, one below the other, in their own type."""
    if is_frame(one) and is_frame(two):
        a, b = table(one), table(two)
        return nw.concat([a, b.select(a.columns)], how="vertical").to_native()
    if is_sparse(one):
        from scipy.sparse import vstack

        return vstack([one, two]).tocsr()
    return np.concatenate([array(one), array(two)])


def recombined(X: Any, rows: np.ndarray[Any, Any]) -> Any:
    """A table of X's type whose cell (i, j) is X's cell (rows[i, j], j).

    Parameters
    ----------
    rows
        (n, columns) positions.
    """
    if not is_frame(X):
        return array(X)[rows, np.arange(rows.shape[1])]
    frame = table(X)
    parts = [frame[name][rows[:, j]] for j, name in enumerate(frame.columns)]
    if nw.dependencies.is_pandas_dataframe(X):
        import pandas as pd

        native = pd.concat([p.to_native().reset_index(drop=True) for p in parts], axis=1)
        native.columns = X.columns
        return native
    return nw.concat([p.to_frame() for p in parts], how="horizontal").to_native()


def follows_in_time(first: Any, second: Any) -> bool:
    """True where the rows of both stand in the order of time, by an index or a column of times, and the second follows."""
    for one, two in _times(first, second):
        ends = [(t.min(), t.max()) for t in (one, two) if len(t)]
        rising = all(bool((np.diff(t.astype("int64")) >= 0).all()) for t in (one, two))
        if (
            len(ends) == 2
            and rising
            and ends[0][1] <= ends[1][0]
            and ends[0][0] < ends[0][1]
            and ends[1][0] < ends[1][1]
        ):
            return True
    return False


def _times(first: Any, second: Any) -> Iterator[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    if not is_frame(first) or not is_frame(second):
        return
    indexes = [getattr(X, "index", None) for X in (first, second)]
    if all(type(i).__name__ == "DatetimeIndex" for i in indexes):
        yield tuple(np.asarray(i.tz_localize(None) if i.tz is not None else i) for i in indexes)  # type: ignore[misc,union-attr]
    one, two = table(first), table(second)
    for name in one.columns:
        if name in two.columns and all(
            f[name].dtype in (nw.Datetime, nw.Date) and not f[name].null_count() for f in (one, two)
        ):
            yield tuple(np.asarray(f[name].to_numpy(), dtype="datetime64[ns]") for f in (one, two))  # type: ignore[misc]
