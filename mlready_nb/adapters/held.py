"""Other fitted models and searches that lie in the notebook beside the chosen model."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlready_nb.adapters.describe import ModelInfo, attribute, describe, is_model

#: Entries of a dict or list that are looked into.
ENTRIES = 50
_WRAPPERS = ("sklearn.pipeline", "sklearn.model_selection", "sklearn.compose", "sklearn.dummy", "sklearn.calibration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A fitted model with the variable that holds it."""

    variable: str
    value: Any
    info: ModelInfo

    @property
    def kind(self) -> str:
        """The class of the estimator that predicts in the end."""
        return type(self.info.final if self.info.final is not None else self.value).__name__


def values(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(expression, value) of variables, then of the entries of dicts, lists and tuples; each object once."""
    seen: set[int] = set()
    mine = {n: v for n, v in namespace.items() if not n.startswith("_")}
    for name, value in mine.items():
        if id(value) not in seen:
            seen.add(id(value))
            yield name, value
    for name, value in mine.items():
        if type(value) is dict and len(value) <= ENTRIES:
            entries = [(f"{name}[{key!r}]", v) for key, v in value.items() if isinstance(key, (str, int))]
        elif type(value) in (list, tuple) and len(value) <= ENTRIES:
            entries = [(f"{name}[{i}]", v[-1] if type(v) is tuple and v else v) for i, v in enumerate(value)]
        else:
            continue
        for expression, v in entries:
            if id(v) not in seen:
                seen.add(id(v))
                yield expression, v


def fitted_models(namespace: Mapping[str, Any], model: Any) -> list[Other]:
    """Fitted models of any kind but dummies, the chosen one among them; parts of others are left out."""
    found: list[Other] = []
    for variable, value in values(namespace):
        if not is_model(value) or type(value).__module__ == "sklearn.dummy" or inspect.isclass(value):
            continue
        try:
            info = describe(value)
        except Exception:  # noqa: S112  (a proxy that raises on every attribute)
            continue
        if info.fitted is False or (info.fitted is None and value is not model and attribute(value, "fit") is None):
            continue
        found.append(Other(variable=variable, value=value, info=info))
    inside = {id(part) for other in found for part in _parts(other.value)}
    return [o for o in found if o.value is model or id(o.value) not in inside]


def _parts(model: Any) -> Iterator[Any]:
    for part in (attribute(model, "best_estimator_"), *(s[1] for s in _steps(model))):
        if part is not None and not isinstance(part, str):
            yield part
            yield from _parts(part)


def _steps(model: Any) -> list[tuple[str, Any]]:
    steps = attribute(model, "steps")
    return [s for s in steps if isinstance(s, tuple) and len(s) == 2] if isinstance(steps, list) else []


def is_estimator_class(value: Any) -> bool:
    """True for a class that can be fitted and predicts, and wraps no other."""
    if not inspect.isclass(value) or value.__module__.startswith(_WRAPPERS):
        return False
    return all(callable(getattr(value, n, None)) for n in ("fit", "predict")) and "Mixin" not in value.__name__
