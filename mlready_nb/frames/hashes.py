"""A 64-bit hash of each row: equal rows hash equal in every engine and dtype that holds the same values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from mlready_nb.frames.cells import boxed, hashable, instant
from mlready_nb.frames.memory import afford
from mlready_nb.frames.native import array, is_frame, is_sparse, n_columns, n_rows, table

_NULL = np.uint64(0x9E3779B97F4A7C15)
_EXACT = 2**53
_LONG = 2**63


def row_hashes(X: Any) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """(n,) hashes over all columns, in their order.

    1 equals 1.0 and True, -0.0 equals 0.0, missing equals missing, a category equals its label.
    """
    if is_sparse(X):
        return _sparse(X)
    columns = column_hashes(X)
    return mixed(columns) if columns else np.zeros(n_rows(X), dtype=np.uint64)


def column_hashes(X: Any) -> list[np.ndarray[Any, np.dtype[np.uint64]]]:
    """For each column, (n,) hashes of its values."""
    afford(8.0 * n_rows(X) * n_columns(X), "a hash of each cell")
    if is_frame(X):
        frame = table(X)
        return [_column(frame[name]) for name in frame.columns]
    values = array(X)
    return [value_hashes(values[:, i]) for i in range(values.shape[1])]


def mixed(columns: Sequence[np.ndarray[Any, np.dtype[np.uint64]]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """(n,) one hash a row from the hashes of its columns, in their order."""
    n = len(columns[0]) if columns else 0
    rows = np.full(n, np.uint64(len(columns)), dtype=np.uint64)
    for position, hashes in enumerate(columns):
        rows = _mix(rows * np.uint64(31) + hashes + np.uint64(position))
    return rows


def value_hashes(values: Any) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """(n,) hashes of one column of values."""
    values = np.asarray(values)
    kind = values.dtype.kind
    if kind == "f":
        return _floats(values.astype(np.float64))
    if kind in "bui":
        return _integers(values)
    if kind in "mM":
        whole = values.astype(f"{kind}8[ns]").view(np.int64)
        hashes = _mix(whole.view(np.uint64) ^ np.uint64(0xD6E8FEB86659FD93))
        return np.where(np.isnat(values), _mix(np.full(len(values), _NULL)), hashes)
    return _objects(values)


def _column(series: Any) -> np.ndarray[Any, np.dtype[np.uint64]]:
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_integer() and series.null_count():  # floats with NaN would round long ids to one another
        hashes = value_hashes(series.fill_null(0).to_numpy())
        return np.where(series.is_null().to_numpy(), _mix(np.array([_NULL])), hashes)
    if dtype.is_numeric() or dtype == nw.Boolean:
        if series.null_count() or dtype.is_decimal():
            return value_hashes(series.cast(nw.Float64).fill_null(float("nan")).to_numpy())
        return value_hashes(series.to_numpy())
    if dtype == nw.Datetime and dtype.time_zone:  # type: ignore[attr-defined]
        series = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if dtype == nw.Datetime:
        return value_hashes(np.asarray(series.to_numpy(), dtype="datetime64[ns]"))
    if dtype.is_nested():
        return _objects(boxed(series.to_list()))
    if isinstance(dtype, (nw.Categorical, nw.Enum)):
        return _objects(np.array(series.to_list(), dtype=object))
    return _objects(np.asarray(series.to_numpy(), dtype=object))


def _mix(h: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The finaliser of splitmix64: every input bit reaches every output bit."""
    h = h ^ (h >> np.uint64(30))
    h = h * np.uint64(0xBF58476D1CE4E5B9)
    h = h ^ (h >> np.uint64(27))
    h = h * np.uint64(0x94D049BB133111EB)
    return np.asarray(h ^ (h >> np.uint64(31)))


def _floats(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    bits = (values + 0.0).view(np.uint64)  # -0.0 + 0.0 is 0.0
    hashes = _mix(np.where(np.isnan(values), _NULL, bits))
    big = (np.abs(values) >= _EXACT) & (np.abs(values) < _LONG)  # whole numbers: as `_integers` hashes them
    if big.any():
        hashes[big] = _long(values[big].astype(np.int64))
    return hashes


def _integers(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    hashes = _floats(values.astype(np.float64))
    if values.dtype.itemsize < 8:
        return hashes
    big = (values >= _EXACT) | (values <= -_EXACT) if values.dtype.kind == "i" else values >= _EXACT
    if big.any():
        hashes[big] = _long(values[big])
    return hashes


def _long(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Whole numbers that a float cannot tell from their neighbours."""
    bits = values.view(np.uint64)
    unsigned = values.dtype.kind == "u"
    return _mix(bits ^ np.where(unsigned & (bits >= _LONG), np.uint64(0x5A5A), np.uint64(0xA5A5)))


def _objects(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import pandas as pd

    values = np.asarray(values, dtype=object)
    try:
        codes, uniques = pd.factorize(values)
    except TypeError:  # lists, dicts, arrays in cells
        codes, uniques = pd.factorize(boxed([hashable(v) for v in values]))
    hashed = np.fromiter((_one(v) for v in uniques), dtype=np.uint64, count=len(uniques))
    return np.asarray(np.where(codes < 0, _mix(np.array([_NULL]))[0], np.append(hashed, _NULL)[codes]))


def _one(value: Any) -> int:
    import hashlib

    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, (bool, np.bool_, int, np.integer)) and -_LONG <= value < 2 * _LONG:
        return int(_integers(np.array([int(value)], dtype=np.int64 if value < _LONG else np.uint64))[0])
    if isinstance(value, (float, np.floating)):
        return int(_floats(np.array([value], dtype=np.float64))[0])
    if isinstance(value, (date, np.datetime64)):
        return int(value_hashes(np.array([instant(value)], dtype="M8[us]"))[0])
    text = value if isinstance(value, str) else repr(value)
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _sparse(X: Any) -> np.ndarray[Any, Any]:
    rows = X.tocsr().copy()
    rows.eliminate_zeros()
    rows.sum_duplicates()
    cells = _mix(
        _floats(np.asarray(rows.data, dtype=np.float64))
        + rows.indices.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    )
    total = np.concatenate([[np.uint64(0)], np.cumsum(cells, dtype=np.uint64)])
    return _mix(total[rows.indptr[1:]] - total[rows.indptr[:-1]] + np.uint64(rows.shape[1]))
