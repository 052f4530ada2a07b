"""What could be features or labels, and whether a model could take it."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import ModelInfo


def tame(value: Any) -> bool:
    """False for a proxy that raises as soon as it is asked for its class, or has every attribute there is."""
    try:
        _ = value.__class__
        odd = getattr(value, "mlready_asks_for_nothing", None)
    except Exception:
        return False
    return odd is None


def rows_of(value: Any) -> int | None:
    """Rows of what could be features or labels, else `None`."""
    if value is None or isinstance(value, (str, bytes, dict, int, float, type)) or callable(value):
        return None
    try:
        if isinstance(value, np.ndarray):
            return len(value) if value.ndim in (1, 2) else None
        if frames.is_frame(value) or frames.is_sparse(value):
            return frames.n_rows(value)
    except Exception:
        return None
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (str, int, float, bool, np.generic)):
        return len(value)
    return None


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape a person would name."""
    try:
        shape = getattr(value, "shape", None)
        if isinstance(shape, tuple) and all(isinstance(n, int) for n in shape):
            return tuple(shape)
        return (len(value),) if hasattr(value, "__len__") else None
    except Exception:
        return None


def is_table(value: Any) -> bool:
    """True for two-dimensional data with at least one column."""
    if rows_of(value) is None:
        return False
    if frames.is_sparse(value):
        return True
    shape: tuple[int, ...] = getattr(value, "shape", ())
    return len(shape) == 2 and shape[1] >= 1


def is_wide(value: Any) -> bool:
    """True for a table of several columns that are no dummies of one label."""
    shape: tuple[int, ...] = getattr(value, "shape", ())
    if len(shape) < 2 or shape[1] == 1:
        return False
    try:
        head = value.iloc[:2000] if hasattr(value, "iloc") else value[:2000]  # the whole of it would be copied
        return not frames.is_indicator(np.asarray(head))
    except Exception:
        return True


def columns(value: Any) -> int | str:
    """How many columns, for a sentence."""
    try:
        return frames.n_columns(value)
    except Exception:
        return "other"


def fits(value: Any, info: ModelInfo | None) -> bool:
    """True when the model could take these columns; only a pipeline may pick its own from a wider frame."""
    if info is None or info.n_features is None:
        return True
    try:
        if frames.is_frame(value) and info.feature_names and is_table(value):
            there = set(frames.column_names(value))
            wanted = set(info.feature_names)
            return wanted == there or (wanted < there and "Pipeline" in info.kind)
        return frames.n_columns(value) == info.n_features
    except Exception:
        return False


def narrowed(expression: str, value: Any, info: ModelInfo | None) -> str | None:
    """`test.drop(columns=["pred"])`, where columns were added to what the model takes."""
    if info is None or not info.feature_names or not frames.is_frame(value) or not is_table(value):
        return None
    there, wanted = frames.column_names(value), set(info.feature_names)
    extra = [n for n in there if n not in wanted]
    if not extra or not wanted < set(there) or not hasattr(value, "drop"):
        return None
    return f"{expression}.drop(columns={extra!r})" if hasattr(value, "iloc") else f"{expression}.drop({extra!r})"
