"""Fitted transformers of the notebook: by name, in containers, in objects."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlready_nb.adapters.describe import attribute, is_model

#: Entries of a container that are looked at.
ENTRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A fitted transformer and the name that leads to it."""

    variable: str
    value: Any


def walk(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every object by the expression that gives it: names first, then entries of containers and plain objects."""
    names = [(n, v) for n, v in namespace.items() if not n.startswith("_") and n not in ("In", "Out", "exit", "quit")]
    yield from names
    for name, value in names:
        if type(value) is dict and len(value) <= ENTRIES:
            yield from ((f"{name}[{k!r}]", v) for k, v in value.items() if isinstance(k, (str, int)))
        elif type(value) in (list, tuple) and len(value) <= ENTRIES:
            for i, v in enumerate(value):
                yield f"{name}[{i}]", v
                if type(v) is tuple and len(v) == 2 and isinstance(v[0], str):
                    yield f"{name}[{i}][1]", v[1]
        elif (
            type(value).__module__ in ("__main__", "types")
            and not isinstance(value, type)
            and not hasattr(value, "get_params")
            and hasattr(value, "__dict__")
        ):
            yield from ((f"{name}.{k}", v) for k, v in vars(value).items() if not k.startswith("_"))


def transformers(namespace: Mapping[str, Any], model: Any) -> list[Found]:
    """Fitted transformers that are not part of the model; each object once."""
    inner = {id(part) for part in parts(model)} if model is not None else set()
    found: dict[int, Found] = {}
    for variable, value in walk(namespace):
        if id(value) in found or id(value) in inner or value is model or not is_transformer(value):
            continue
        found[id(value)] = Found(variable=variable, value=value)
    inside = {id(part) for f in found.values() for part in parts(f.value)}
    return [f for f in found.values() if id(f.value) not in inside]


def is_transformer(value: Any) -> bool:
    """A fitted object with `transform` that can be cloned; a predictor only when it selects features."""
    if inspect.isclass(value) or inspect.ismodule(value) or inspect.isroutine(value):
        return False
    if not callable(attribute(value, "get_params")) or not callable(attribute(value, "fit")):
        return False
    if not callable(attribute(value, "transform")):
        return False
    if is_model(value) and attribute(value, "get_support") is None:
        return False
    if type(value).__name__ in ("LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer"):
        return False  # of the target: what classes there are
    return fitted(value)


def fitted(value: Any) -> bool:
    """It learnt something."""
    try:
        own = vars(value)
    except TypeError:
        return False
    if any(n.endswith("_") and not n.startswith("_") for n in own):
        return True
    steps = attribute(value, "steps") or attribute(value, "transformer_list")
    return isinstance(steps, list) and any(fitted(s[1]) for s in steps if not isinstance(s[1], str))


def parts(owner: Any, depth: int = 0) -> Iterator[Any]:
    """Everything fitted inside a pipeline, a search, a column transformer, an ensemble."""
    if depth > 6 or owner is None or isinstance(owner, str):
        return
    inside: list[Any] = []
    for name in ("steps", "transformers_", "transformers", "transformer_list", "estimators"):
        listed = getattr(owner, "__dict__", {}).get(name)
        if isinstance(listed, (list, tuple)):
            inside += [p[1] for p in listed if isinstance(p, tuple) and len(p) >= 2]
    for name in ("estimator", "estimator_", "best_estimator_", "final_estimator", "regressor", "regressor_"):
        inside.append(getattr(owner, "__dict__", {}).get(name))
    for part in inside:
        if part is not None and not isinstance(part, str):
            yield part
            yield from parts(part, depth + 1)


def leaves(owner: Any) -> list[Any]:
    """The transformers at the bottom."""
    steps: list[Any] = []
    for name in ("steps", "transformers_", "transformer_list"):
        listed = getattr(owner, "__dict__", {}).get(name)
        if isinstance(listed, (list, tuple)):
            steps += [p[1] for p in listed if isinstance(p, tuple) and len(p) >= 2 and not isinstance(p[1], str)]
    if not steps:
        return [owner]
    return [leaf for step in steps if step is not None for leaf in leaves(step)]
