"""What each subject was when it was read: a hash by name, so that a finding can turn stale."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.subjects import Subjects

_DATA = ("X_train", "y_train", "X_valid", "y_valid", "X_test", "y_test")


def fingerprint(subjects: Subjects) -> dict[str, str]:
    """Name of each subject that is there -> a short hash of all it holds (every row, every learnt attribute)."""
    marks = {}
    for name in subjects.present():
        value = getattr(subjects, name)
        if name in _DATA:
            marks[name] = of_frame(value)
        elif name == "model":
            marks[name] = of_model(value)
        elif name == "sensitive_features":
            marks[name] = _short(*(part for key in sorted(value) for part in (key, of_frame(value[key]))))
        elif name in ("task", "class_names", "targets"):
            marks[name] = _short(repr(value))
    return marks


def changed(then: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    """Names whose hash is not what it was (a subject that went or came counts)."""
    return frozenset(name for name in {*then, *now} if then.get(name) != now.get(name))


def of_frame(data: Any) -> str:
    """Hash of a frame or of labels: names, and all values in their order."""
    try:
        hashes = frames.row_hashes(data)
        names = repr(frames.column_names(data))
    except Exception:
        return _short(type(data).__name__, repr(getattr(data, "shape", None)))
    return _short(names, str(len(hashes)), np.ascontiguousarray(hashes).tobytes())


def of_model(model: Any) -> str:
    """Hash of what the model has learnt: its pickle, or its parameters and scalars where it cannot be pickled."""
    stream = io.BytesIO()
    try:
        pickle.Pickler(stream, protocol=5).dump(model)
        return _short(type(model).__qualname__, stream.getvalue())
    except Exception:
        state = getattr(model, "__dict__", {})
        scalars = sorted((k, repr(v)) for k, v in state.items() if isinstance(v, (str, int, float, bool, tuple)))
        return _short(type(model).__qualname__, repr(scalars), str(id(model)))


def _short(*parts: str | bytes) -> str:
    hasher = hashlib.blake2b(digest_size=9)
    for part in parts:
        hasher.update(part if isinstance(part, bytes) else part.encode())
        hasher.update(b"\0")
    return hasher.hexdigest()
