"""A model as bytes: how it is saved, what keeps it from being loaded elsewhere, what it needs there."""

from __future__ import annotations

import importlib.metadata
import io
import pickle
import pickletools
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Depth and members that the search for a culprit looks into.
DEPTH, MEMBERS = 12, 200
#: Modules whose distribution has another name.
_RENAMED = {"sklearn": "scikit-learn", "imblearn": "imbalanced-learn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprit:
    """What cannot be saved, or not be found elsewhere."""

    #: `model.steps[0][1].func`
    path: str
    #: "a lambda", "a class of this notebook (Squarer)", "an open file"...
    what: str


def pickled(value: Any, *, by_value: bool = False) -> bytes:
    """The value as pickle has it; by value, functions and classes of the notebook travel along (cloudpickle)."""
    if by_value:
        import cloudpickle  # the user's own choice: seen in a cell

        return bytes(cloudpickle.dumps(value))
    stream = io.BytesIO()
    pickle.Pickler(stream, protocol=5).dump(value)
    return stream.getvalue()


def culprits(value: Any, path: str = "model") -> Iterator[Culprit]:
    """The innermost parts that cannot be pickled, or that only this notebook can unpickle."""
    yield from _search(value, path, set(), DEPTH)


def _trouble(value: Any) -> str | None:
    """Why a value is in the way; empty when something inside it is."""
    try:
        data = pickled(value)
    except Exception:
        return ""
    return "" if b"__main__" in data and _of_main(data) else None


def _of_main(data: bytes) -> bool:
    return any(module == "__main__" for module, _ in references(data))


def _search(value: Any, path: str, seen: set[int], depth: int) -> Iterator[Culprit]:
    if id(value) in seen or depth == 0 or _trouble(value) is None:
        return
    seen.add(id(value))
    found = False
    for step, part in _parts(value):
        for culprit in _search(part, path + step, seen, depth - 1):
            found = True
            yield culprit
    if not found or _is_main(value):
        yield Culprit(path=path, what=_what(value))


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((f"[{k!r}]", v) for k, v in list(value.items())[:MEMBERS])
    elif isinstance(value, (list, tuple)):
        yield from ((f"[{i}]", v) for i, v in enumerate(value[:MEMBERS]))
    elif not isinstance(value, type) and not callable(getattr(value, "__code__", None)):
        own = getattr(value, "__dict__", None)
        if isinstance(own, dict):
            yield from ((f".{k}", v) for k, v in list(own.items())[:MEMBERS])


def _is_main(value: Any) -> bool:
    home = value if isinstance(value, type) or hasattr(value, "__qualname__") else type(value)
    return getattr(home, "__module__", None) == "__main__"


def _what(value: Any) -> str:
    name = getattr(value, "__qualname__", "")
    if hasattr(value, "__next__") and not isinstance(value, io.IOBase):
        return "a generator"
    if name.endswith("<lambda>"):
        return "a lambda"
    if "<locals>" in name:
        return f"a function inside a function ({name.rpartition('.')[2]})"
    if isinstance(value, io.IOBase):
        return "an open file"
    kind = type(value)
    if "lock" in kind.__name__.lower():
        return "a lock"
    if _is_main(value):
        word = "class" if isinstance(value, type) or not name else "function"
        return f"a {word} that this notebook defines ({name or kind.__qualname__})"
    return f"{kind.__module__}.{kind.__qualname__}"


def references(data: bytes) -> set[tuple[str, str]]:
    """(module, name) of every class and function that a pickle needs, without running it."""
    found: set[tuple[str, str]] = set()
    texts: list[str] = []
    memo: dict[int, str] = {}
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name == "GLOBAL":
            module, _, name = str(argument).partition(" ")
            found.add((module, name))
        elif "UNICODE" in opcode.name or opcode.name == "UNICODE":
            texts.append(str(argument))
        elif opcode.name == "MEMOIZE":
            memo[len(memo)] = texts[-1] if texts else ""
        elif opcode.name in ("BINGET", "LONG_BINGET", "GET"):
            texts.append(memo.get(int(argument or 0), ""))
        elif opcode.name == "STACK_GLOBAL" and len(texts) >= 2:
            found.add((texts[-2], texts[-1]))
    return found


def needs(data: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """(library -> version, modules of one's own) that must be there when it is loaded."""
    names = {module.partition(".")[0] for module, _ in references(data)} - {"", "__main__"}
    libraries, own = {}, []
    for name in sorted(names - sys.stdlib_module_names):
        distribution = _distribution(name)
        if distribution is not None:
            libraries[distribution] = importlib.metadata.version(distribution)
        elif _is_file(name):
            own.append(name)
    return libraries, tuple(own)


def _distribution(name: str) -> str | None:
    """The installed distribution that a module comes from; the long way only where the names differ."""
    for candidate in (name, _RENAMED.get(name, name)):
        try:
            return str(importlib.metadata.metadata(candidate)["Name"])
        except importlib.metadata.PackageNotFoundError:
            continue
    found = importlib.metadata.packages_distributions().get(name)
    return found[0] if found else None


def _is_file(name: str) -> bool:
    file = getattr(sys.modules.get(name), "__file__", None)
    return bool(file) and not str(Path(str(file))).startswith(sysconfig.get_paths()["stdlib"])


def native(model: Any) -> tuple[str, bytes] | None:
    """(format, bytes) of the library's own format: XGBoost's UBJSON, LightGBM's text; `None` for other models."""
    home = type(model).__module__.partition(".")[0]
    if home == "xgboost":
        booster = model.get_booster() if hasattr(model, "get_booster") else model
        return "XGBoost's UBJSON", bytes(booster.save_raw("ubj"))
    if home == "lightgbm":
        booster = getattr(model, "booster_", model)
        return "LightGBM's text", booster.model_to_string(num_iteration=-1).encode()
    return None
