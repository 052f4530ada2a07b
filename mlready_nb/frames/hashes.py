"""A 64-bit hash of each row: equal rows hash equal in every engine and dtype that holds the same values."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.frames.native import array, is_frame, is_sparse, table

_NULL = np.uint64(0x9E3779B97F4A7C15)
_EXACT = 2**53


def row_hashes(X: Any) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """(n,) hashes over all columns, in their order.

    1 equals 1.0 and True, -0.0 equals 0.0, missing equals missing, a category equals its label.
    """
    if is_sparse(X):
        return _sparse(X)
    if is_frame(X):
        frame = table(X)
        columns = [_column(frame[name]) for name in frame.columns]
        n = len(frame)
    else:
        values = array(X)
        columns = [value_hashes(values[:, i]) for i in range(values.shape[1])]
        n = len(values)
    mixed = np.full(n, np.uint64(len(columns)), dtype=np.uint64)
    for position, hashes in enumerate(columns):
        mixed = _mix(mixed * np.uint64(31) + hashes + np.uint64(position))
    return mixed


def value_hashes(values: Any) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """(n,) hashes of one column of values."""
    values = np.asarray(values)
    kind = values.dtype.kind
    if kind in "fc":
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
    if dtype.is_numeric() or dtype == nw.Boolean:
        if series.null_count():
            return value_hashes(series.cast(nw.Float64).fill_null(float("nan")).to_numpy())
        return value_hashes(series.to_numpy())
    if dtype == nw.Datetime and dtype.time_zone:  # type: ignore[attr-defined]
        series = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if dtype in (nw.Datetime, nw.Date):
        return value_hashes(np.asarray(series.to_numpy(), dtype="datetime64[ns]"))
    if isinstance(dtype, (nw.Categorical, nw.Enum)):
        series = series.cast(nw.String)
    return _objects(np.asarray(series.to_numpy(), dtype=object))


def _mix(h: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The finaliser of splitmix64: every input bit reaches every output bit."""
    h = h ^ (h >> np.uint64(30))
    h = h * np.uint64(0xBF58476D1CE4E5B9)
    h = h ^ (h >> np.uint64(27))
    h = h * np.uint64(0x94D049BB133111EB)
    return h ^ (h >> np.uint64(31))


def _floats(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    bits = (values + 0.0).view(np.uint64)  # -0.0 + 0.0 is 0.0
    return _mix(np.where(np.isnan(values), _NULL, bits))


def _integers(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    hashes = _floats(values.astype(np.float64))
    if values.dtype.itemsize < 8:
        return hashes
    big = (values >= _EXACT) | (values <= -_EXACT) if values.dtype.kind == "i" else values >= _EXACT
    return np.where(big, _mix(values.view(np.uint64) ^ np.uint64(0xA5A5)), hashes) if big.any() else hashes


def _objects(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import pandas as pd

    values = np.asarray(values, dtype=object)
    try:
        codes, uniques = pd.factorize(values)
    except TypeError:  # lists, dicts, arrays in cells
        codes, uniques = pd.factorize(np.array([repr(v) for v in values], dtype=object))
    hashed = np.fromiter((_one(v) for v in uniques), dtype=np.uint64, count=len(uniques))
    return np.where(codes < 0, _mix(np.array([_NULL]))[0], np.append(hashed, _NULL)[codes])


def _one(value: Any) -> int:
    import hashlib

    if isinstance(value, (bool, int, float, np.number, np.bool_)):
        return int(value_hashes(np.array([value], dtype=np.float64 if abs(value) < _EXACT else None))[0])
    text = value if isinstance(value, str) else repr(value)
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _sparse(X: Any) -> np.ndarray[Any, Any]:
    rows = X.tocsr().copy()
    rows.eliminate_zeros()
    rows.sum_duplicates()
    cells = _mix(_floats(np.asarray(rows.data, dtype=np.float64)) + rows.indices.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    total = np.concatenate([[np.uint64(0)], np.cumsum(cells, dtype=np.uint64)])
    return _mix(total[rows.indptr[1:]] - total[rows.indptr[:-1]] + np.uint64(rows.shape[1]))
