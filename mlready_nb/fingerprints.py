"""What each subject was when it was read: a hash by name, so that a finding can turn stale.

Every byte counts: a finding that is shown fresh although its data were changed would be the worst of all. So the
hashes run over the very buffers of the data (xxHash, at the speed of memory) and nothing is sampled.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
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
            marks[name] = _hash(part for key in sorted(value) for part in (key, of_frame(value[key])))
        elif name in ("task", "class_names", "targets"):
            marks[name] = _hash([repr(value)])
        elif name == "cells":
            marks[name] = _hash(cell.source.strip() for cell in value if not cell.ours)
    return marks


def changed(then: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    """Names whose hash is not what it was (a subject that went or came counts)."""
    return frozenset(name for name in {*then, *now} if then.get(name) != now.get(name))


def of_frame(data: Any) -> str:
    """Hash of a frame or of labels: names, kinds, index and all values in their order."""
    try:
        return _hash(_parts(data))
    except Exception:
        try:  # nothing that we know by its buffers: by the values
            return _hash([repr(frames.column_names(data)), np.ascontiguousarray(frames.row_hashes(data))])
        except Exception:
            return _hash([type(data).__name__, repr(getattr(data, "shape", None))])


def of_model(model: Any) -> str:
    """Hash of what the model has learnt: its pickle, or its parameters and scalars where it cannot be pickled."""
    buffers: list[pickle.PickleBuffer] = []
    try:
        head = pickle.dumps(model, protocol=5, buffer_callback=buffers.append)
        return _hash([type(model).__qualname__, head, *(b.raw() for b in buffers)])
    except Exception:
        state = getattr(model, "__dict__", {})
        scalars = sorted((k, repr(v)) for k, v in state.items() if isinstance(v, (str, int, float, bool, tuple)))
        arrays = [part for k, v in sorted(state.items()) if isinstance(v, np.ndarray) for part in (k, of_frame(v))]
        return _hash([type(model).__qualname__, repr(scalars), *arrays, str(id(model))])


# -- buffers -------------------------------------------------------------------
def _hash(parts: Iterable[Any]) -> str:
    import xxhash

    hasher = xxhash.xxh3_128()
    for part in parts:
        hasher.update(part.encode(errors="surrogatepass") if isinstance(part, str) else part)
        hasher.update(b"\0")
    return str(hasher.hexdigest()[:18])


def _parts(data: Any) -> Iterator[Any]:
    """What a hash of these data runs over: texts and buffers."""
    if isinstance(data, np.ndarray):
        yield from _array(data)
    elif hasattr(data, "iloc") and hasattr(data, "index"):
        yield from _pandas(data)
    elif frames.is_sparse(data):
        yield repr((type(data).__name__, data.shape))
        for name in ("data", "indices", "indptr", "row", "col", "offsets"):
            if isinstance(getattr(data, name, None), np.ndarray):
                yield from _array(getattr(data, name))
    else:  # polars and pyarrow hash their rows themselves; a list is hashed by its values
        yield repr((type(data).__name__, frames.column_names(data), frames.kinds(data)))
        yield np.ascontiguousarray(frames.row_hashes(data))


def _array(values: np.ndarray[Any, Any]) -> Iterator[Any]:
    yield repr((values.dtype.str, values.shape))
    if values.dtype.kind == "O" or values.dtype.hasobject:
        yield from _objects(values)
        return
    if values.ndim > 1 and not values.flags.c_contiguous and values.T.flags.c_contiguous:
        values = values.T
    if values.dtype.kind in "mM":
        values = values.view(np.int64)
    yield np.ascontiguousarray(values).view(np.uint8).data if values.size else b""


def _objects(values: np.ndarray[Any, Any]) -> Iterator[Any]:
    """Python objects by what they hold, whether or not two cells share one object."""
    cells = values.ravel().tolist()
    try:
        yield "\0".join(cells)
    except TypeError:
        cells = [_text(cell) for cell in cells]
        yield "\0".join(cells)
    yield np.fromiter(map(len, cells), dtype=np.int64, count=len(cells))


def _text(cell: Any) -> str:
    if type(cell) is str:
        return "s" + cell
    if cell is None or type(cell) in (int, float, bool):
        return "n" + repr(cell)
    return "p" + pickle.dumps(cell, protocol=5).decode("latin-1")


def _pandas(data: Any) -> Iterator[Any]:
    from pandas import RangeIndex

    if data.ndim == 1:
        yield repr(("series", data.name))
    else:
        yield from _objects(np.asarray(data.columns, dtype=object))
    index = data.index
    if isinstance(index, RangeIndex):
        yield repr((index.start, index.stop, index.step))
    else:
        for level in range(index.nlevels):
            yield from _column(index.get_level_values(level))
    if data.ndim == 1:
        yield from _column(data)
        return
    kinds = set(data.dtypes)
    if len(kinds) == 1 and isinstance(next(iter(kinds)), np.dtype) and next(iter(kinds)).kind != "O":
        yield from _array(data.to_numpy(copy=False))
        return
    for position in range(data.shape[1]):
        yield from _column(data.iloc[:, position])


def _column(series: Any) -> Iterator[Any]:
    """A pandas column or level, whatever holds it."""
    yield str(series.dtype)
    held = series.array
    if isinstance(series.dtype, np.dtype):
        yield from _array(np.asarray(held))
    elif hasattr(held, "codes") and hasattr(held, "categories"):
        yield from _array(np.asarray(held.codes))
        yield from _objects(np.asarray(held.categories, dtype=object))
        yield str(held.ordered)
    elif isinstance(getattr(held, "asi8", None), np.ndarray):
        yield from _array(held.asi8)
    elif isinstance(getattr(held, "_data", None), np.ndarray) and isinstance(getattr(held, "_mask", None), np.ndarray):
        yield from _array(np.where(held._mask, held._data.dtype.type(0), held._data))  # noqa: SLF001
        yield from _array(held._mask)  # noqa: SLF001
    elif hasattr(held, "__arrow_array__") and str(series.dtype).find("interval") < 0:
        yield from _arrow(held.__arrow_array__())
    else:
        yield from _objects(np.asarray(held, dtype=object))


def _arrow(values: Any) -> Iterator[Any]:
    """Arrow's own buffers; a slice is copied first, since its buffers hold its neighbours too."""
    import pyarrow as pa

    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    whole = chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks) if chunks else pa.array([])
    if whole.offset:
        whole = whole.take(pa.array(np.arange(len(whole))))
    yield repr((str(whole.type), len(whole)))
    for buffer in whole.buffers():
        yield b"" if buffer is None else memoryview(buffer)
