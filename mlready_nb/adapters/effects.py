"""What asking a model does to the model and to the rows: tried on copies of both."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import io
import pickle
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.predict import Predictor, as_predictor

#: A model whose pickle is larger is not copied.
LARGEST = 50 * 1024 * 1024
#: Rows that are asked, and seconds after which no further question is put.
ROWS, PATIENCE = 40, 3.0
#: Changed attributes that are named; objects, and members of a list, that are looked into.
NAMED, NODES, MEMBERS = 5, 5_000, 500

_PLAIN = (str, bytes, int, float, complex, bool, type(None))
#: Where plain values live; other objects without attributes are compiled code's.
_DATA = frozenset({"builtins", "numpy", "pandas", "polars", "pyarrow", "scipy", "datetime", "decimal", "random"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What two rounds of questions changed."""

    #: attributes that each question changes: `model.seen_`
    changed: tuple[str, ...] = ()
    #: columns of the rows that were written into
    written: tuple[str, ...] = ()
    #: (rows whose answer differed when they were asked again, of how many)
    differing: tuple[int, int] = (0, 0)
    #: why it was not tried
    untried: str = ""


def effects(predictor: Predictor, X: Any) -> tuple[Effects, Predictor | None]:
    """What asking does, and a predictor on a copy that was never asked (`None` when the model cannot be copied)."""
    saved = _saved(predictor.raw)
    if isinstance(saved, str):
        return Effects(untried=saved), None
    trial = _anew(predictor, saved)
    n = min(frames.n_rows(X), 2 * ROWS)
    if n == 0:
        return Effects(untried="there are no rows to ask about"), None
    half = max(1, n // 2)
    first, second = frames.take(X, np.arange(half)), frames.take(X, np.arange(half, n) if n > 1 else np.arange(n))
    began = time.monotonic()
    one = _asked(trial, first)
    written = _written(trial, first)
    if time.monotonic() - began > PATIENCE:
        return Effects(written=written, untried=f"it takes {time.monotonic() - began:.0f} s to answer"), None
    middle, known = _state(trial.raw), dict(_leaves(trial.raw))
    _asked(trial, second)
    changed = _differences(known, dict(_leaves(trial.raw))) if _state(trial.raw) != middle else ()
    again = _asked(trial, first)
    return Effects(changed=changed, written=written, differing=(_unlike(one, again), half)), _anew(predictor, saved)


def _anew(predictor: Predictor, saved: Any) -> Predictor:
    return as_predictor(_copy(saved), task=predictor.task, class_names=predictor.class_names)


def _saved(model: Any) -> bytes | Any:
    """The model's pickle; where it has none, a copy; a text when there is neither."""
    stream = _Bounded()
    try:
        pickle.Pickler(stream, protocol=5).dump(model)
        pickle.loads(stream.getvalue())  # noqa: S301  (the user's own model, pickled in this very line)
        return stream.getvalue()
    except _TooLarge:
        return f"it takes more than {LARGEST // 2**20} MB"
    except Exception:
        try:
            return [copy.deepcopy(model)]
        except Exception as error:
            return f"it cannot be copied ({type(error).__name__}: {' '.join(str(error).split())[:120]})"


def _copy(saved: Any) -> Any:
    if isinstance(saved, bytes):
        return pickle.loads(saved)  # noqa: S301
    return copy.deepcopy(saved[0])


class _TooLarge(Exception):
    """More bytes than are worth it."""


class _Bounded(io.BytesIO):
    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > LARGEST:
            raise _TooLarge
        return super().write(data)


def _asked(predictor: Predictor, X: Any) -> Any:
    """Probabilities and labels, in one list."""
    proba = predictor.predict_proba(X)
    return [np.asarray(predictor.predict(X)), *([] if proba is None else [proba])]


def _written(predictor: Predictor, X: Any) -> tuple[str, ...]:
    """Columns of a private copy of the rows that are other afterwards, gone or new."""
    rows = frames.copied(X, deep=True)
    for method in ("predict", "predict_proba"):
        with contextlib.suppress(Exception):
            getattr(predictor.raw, method)(rows)
    before, after = _columns(X), _columns(rows)
    return tuple(n for n in {**before, **after} if before.get(n) != after.get(n))[:NAMED]


def _columns(X: Any) -> dict[str, bytes]:
    if frames.is_sparse(X):
        return {"the matrix": frames.row_hashes(X).tobytes()}
    hashes = frames.column_hashes(X)
    return {n: h.tobytes() for n, h in zip(frames.column_names(X), hashes, strict=True)}


def _unlike(one: Any, two: Any) -> int:
    """Rows whose answers are not the same."""
    unlike = np.zeros(len(one[0]), dtype=bool)
    for a, b in zip(one, two, strict=True):
        same = np.isclose(a, b, rtol=1e-6, atol=1e-9) if a.dtype.kind in "fc" else np.asarray(a == b)
        unlike |= ~(same.all(axis=1) if same.ndim > 1 else same)
    return int(unlike.sum())


# -- which attributes --------------------------------------------------------------
def _state(value: Any) -> bytes:
    try:
        return pickle.dumps(value, protocol=5)
    except Exception:
        return repr(sorted(_leaves(value))).encode("utf-8", "surrogatepass")


def _differences(old: dict[str, str], new: dict[str, str]) -> tuple[str, ...]:
    """Paths of what is not as it was; none when only a compiled object's own book-keeping differs."""
    return tuple(path for path in {**old, **new} if old.get(path) != new.get(path))[:NAMED]


def _leaves(root: Any) -> Iterator[tuple[str, str]]:
    """(path, value) of every attribute, down to plain values; the counters of compiled objects are their own matter."""
    seen: set[int] = set()
    queue = [("model", root)]
    while queue and len(seen) < NODES:
        path, value = queue.pop()
        own = getattr(value, "__dict__", None)
        if isinstance(value, type) or callable(getattr(value, "__code__", None)):
            continue
        parts: Any = ()
        if isinstance(own, dict) and not hasattr(value, "__array__"):
            parts = [(f"{path}.{k}", v) for k, v in own.items()]
        elif isinstance(value, dict):
            parts = [(f"{path}[{k!r}]", v) for k, v in value.items()]
        elif isinstance(value, (list, tuple)) and not all(isinstance(v, _PLAIN) for v in value[:MEMBERS]):
            parts = [(f"{path}[{i}]", v) for i, v in enumerate(value[:MEMBERS])]
        elif type(value).__module__.partition(".")[0] in _DATA:
            yield path, _hash(value)
            continue
        else:
            yield path, type(value).__qualname__
            continue
        if id(value) not in seen:
            seen.add(id(value))
            yield path, f"{type(value).__qualname__} of {len(parts)}"
            queue += parts


def _hash(value: Any) -> str:
    try:
        return hashlib.blake2b(pickle.dumps(value, protocol=5), digest_size=12).hexdigest()
    except Exception:
        return type(value).__qualname__
