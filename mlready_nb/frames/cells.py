"""One cell or a column of plain Python objects: what they are once unpacked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

_NUMBER = (int, float, Decimal, np.number, np.bool_)
_SPAN = (timedelta, np.timedelta64)


def hashable(value: Any) -> Any:
    """Lists, arrays and records as text, whole and alike in every engine; other values as they are."""
    if isinstance(value, dict):
        return repr(sorted((str(k), hashable(v)) for k, v in value.items() if v is not None))
    if isinstance(value, (set, frozenset)):
        return repr(sorted(map(repr, value)))
    if hasattr(value, "tolist") and getattr(value, "ndim", True):
        value = value.tolist()
    elif hasattr(value, "to_list"):  # polars
        value = value.to_list()
    if isinstance(value, (list, tuple)):
        return repr([hashable(v) for v in value])
    try:
        hash(value)
    except Exception:
        return f"{type(value).__qualname__} {value!r}"
    return value


def boxed(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    """(n,) objects as they are: NumPy would stack lists of one length into a matrix."""
    cells = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        cells[i] = value
    return cells


def kind(values: Sequence[Any]) -> str:
    """The kind of the values that are there: "boolean", "numeric", "datetime", "text" or "other"."""
    if not len(values):
        return "other"
    if all(isinstance(v, str) for v in values):
        return "text"
    if all(isinstance(v, (bool, np.bool_)) for v in values):
        return "boolean"
    if all(isinstance(v, _NUMBER) for v in values) or all(isinstance(v, _SPAN) for v in values):
        return "numeric"
    return "datetime" if all(isinstance(v, (date, np.datetime64)) for v in values) else "other"


def unboxed(values: np.ndarray[Any, Any], gaps: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """(n,) objects in the type of their kind: gaps are NaN or NaT there, and `None` where it has none."""
    there = values[~gaps]
    found = kind(there)
    if found == "boolean" and len(there) == len(values):
        return values.astype(bool)
    if found == "datetime":
        return nanoseconds(
            np.array([None if gap else instant(v) for v, gap in zip(values, gaps, strict=True)], "M8[us]")
        )
    if found == "numeric" and isinstance(there[0], _SPAN):
        return seconds(np.array([None if gap else v for v, gap in zip(values, gaps, strict=True)], "m8[ns]"))
    if found == "numeric" and not any(isinstance(v, (complex, np.complexfloating)) for v in there):
        plain = np.array([_float(v) if isinstance(v, (int, Decimal)) and _far(v) else v for v in there.tolist()])
        if len(there) == len(values) and plain.dtype.kind in "iuf":
            return plain
        numbers = np.full(len(values), np.nan)
        numbers[~gaps] = plain.astype(float)
        return numbers
    values = values.copy()
    values[gaps] = None
    return values


def _far(value: Any) -> bool:
    """True for what no machine number holds exactly: decimals, integers of more than 64 bits."""
    return isinstance(value, Decimal) or not -(2**63) <= value < 2**64


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # 10**400
        return math.inf if value > 0 else -math.inf


def instant(value: Any) -> Any:
    """A time without its zone, in UTC."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def nanoseconds(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """datetime64[ns]; what that cannot hold (9999-12-31 for "never") becomes its first or last day, not another year."""
    if values.dtype == "M8[ns]":
        return values
    first, last = np.datetime64("1677-09-22", "us"), np.datetime64("2262-04-11", "us")
    return np.asarray(np.clip(values.astype("M8[us]"), first, last).astype("M8[ns]"))


def seconds(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Spans of time as seconds, NaN for NaT."""
    return np.asarray(values / np.timedelta64(1, "s"), dtype=float)
