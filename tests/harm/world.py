"""A picture of everything that a check must leave as it was, taken without the package's own hashes."""

import gc
import hashlib
import os
import random
import sys
import threading
import warnings
from pathlib import Path

import numpy as np

ATOMS = (str, bytes, int, float, complex, bool, type(None), np.generic)


def deep(value):
    """A hash of all that an object holds, down to the last attribute, bit by bit."""
    hasher = hashlib.blake2b(digest_size=16)
    for part in _parts(value, {}):
        hasher.update(part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass"))
        hasher.update(b"\0")
    return hasher.hexdigest()


def _parts(value, seen):
    kind = type(value)
    home = kind.__module__.partition(".")[0]
    yield f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(value, ATOMS):
        yield value
        return
    if id(value) in seen:
        yield seen[id(value)][0]
        return
    seen[id(value)] = len(seen), value  # kept alive: an id is one object's only as long as it lives
    if isinstance(value, np.ndarray):
        yield from (value.dtype.str, value.shape, value.flags.writeable)
        if value.dtype.hasobject:
            for cell in value.ravel().tolist():
                yield from _parts(cell, seen)
        else:
            yield np.ascontiguousarray(value).tobytes()
    elif home == "pandas" and hasattr(value, "iloc"):
        yield from _parts(list(value.columns) if value.ndim == 2 else value.name, seen)
        yield from _parts((value.index.names, value.index.to_list(), dict(value.attrs)), seen)
        for i in range(value.shape[1] if value.ndim == 2 else 1):
            column = value.iloc[:, i] if value.ndim == 2 else value
            yield str(column.dtype)
            yield from _parts(
                np.asarray(column.array, dtype=object)
                if column.dtype.kind not in "iufbmM" or not isinstance(column.dtype, np.dtype)
                else column.to_numpy(),
                seen,
            )
    elif home == "polars" and hasattr(value, "to_arrow"):
        yield from _parts(value.to_arrow(), seen)
    elif home == "pyarrow" and hasattr(value, "to_pylist"):
        yield repr(getattr(value, "schema", None))
        yield from _parts(value.to_pylist(), seen)
    elif home == "scipy" and hasattr(value, "tocsr"):
        for name in ("data", "indices", "indptr", "row", "col", "shape"):
            yield from _parts(getattr(value, name, None), seen)
    elif kind.__name__ == "Booster":
        yield value.model_to_string(num_iteration=-1) if hasattr(value, "model_to_string") else bytes(value.save_raw())
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(key, seen)
            yield from _parts(item, seen)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _parts(item, seen)
    elif isinstance(value, (set, frozenset)):
        yield sorted(map(repr, value))
    elif isinstance(value, np.random.RandomState):
        yield from _parts(value.get_state(legacy=False), seen)
    elif isinstance(value, np.random.Generator):
        yield from _parts(value.bit_generator.state, seen)
    elif (
        hasattr(value, "__getstate__") and not callable(value) and type(value).__reduce_ex__ is not object.__reduce_ex__
    ):
        yield from _parts(value.__reduce_ex__(4)[1:], seen)
    elif getattr(value, "__dict__", None) and not isinstance(value, type):
        yield from _parts(dict(value.__dict__), seen)
    elif not callable(value) and hasattr(value, "__reduce_ex__"):
        try:
            yield from _parts(value.__reduce_ex__(4)[1:], seen)
        except TypeError:
            yield "opaque"


def open_files():
    """Paths of the files that this process holds open."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir() if Path("/proc/self/fd").is_dir() else ():
        try:
            found.add(os.readlink(entry))
        except OSError:
            continue
    return {f for f in found if f.startswith("/") and not f.startswith(("/dev", "/proc"))}


def world():
    """What a cell could notice outside of its own objects."""
    import matplotlib as mpl
    import pandas as pd

    state = np.random.get_state(legacy=False)
    return {
        "python's random state": hash(random.getstate()),
        "NumPy's random state": deep(state),
        "warnings filters": (id(warnings.filters), tuple(map(repr, warnings.filters))),
        "showwarning": id(warnings.showwarning),
        "pandas options": repr(pd._config.config._global_config),
        "NumPy's print options": repr(np.get_printoptions()),
        "NumPy's error handling": repr(np.geterr()),
        "rcParams": repr(sorted(dict.items(mpl.rcParams))),
        "matplotlib's backend": dict.get(mpl.rcParams, "backend"),
        "open figures": tuple(sys.modules["matplotlib.pyplot"].get_fignums())
        if "matplotlib.pyplot" in sys.modules
        else (),
        "folder": os.getcwd(),
        "files in it": tuple(sorted(os.listdir("."))),
        "environment": dict(os.environ),
        "standard streams": (id(sys.stdout), id(sys.stderr), id(sys.stdin)),
        "excepthook": (id(sys.excepthook), id(threading.excepthook)),
        "import path": tuple(sys.path),
        "recursion limit": sys.getrecursionlimit(),
        "garbage collector": (gc.isenabled(), gc.get_threshold()),
        "trace": (sys.gettrace() is None, sys.getprofile() is None) if not os.environ.get("COVERAGE_RUN") else None,
    }


def loose():
    """Threads, child processes and files that may not be left."""
    return {
        "threads": {t.name for t in threading.enumerate()},
        "files": open_files(),
        "children": set(_children()),
    }


def _children():
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return path.read_text().split() if path.is_file() else ()


def differences(before, after):
    """Names of what is not as it was."""
    return [name for name in before if before[name] != after[name]]
