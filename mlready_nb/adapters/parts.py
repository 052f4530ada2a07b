"""The estimators inside a model: steps, branches, members, what a search found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlready_nb.adapters.describe import DEPTH, attribute

#: Attributes that hold one estimator, the fitted one before the recipe it was made from.
_ONE = (
    "best_estimator_",
    "estimator_",
    "final_estimator_",
    "regressor_",
    "classifier_",
    "base_estimator_",
    "estimator",
)
#: Attributes that hold several: lists of estimators or of (name, estimator, ...).
_MANY = ("steps", "transformers_", "estimators_", "transformer_list", "calibrated_classifiers_", "named_estimators_")
#: Members of an ensemble that are looked into: they are alike.
_MEMBERS = 3


def estimators(model: Any) -> Iterator[Any]:
    """The model and every estimator inside it, from the outside in; each object once."""
    yield from (part for _, part in named_estimators(model))


def named_estimators(model: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, estimator): `model.steps[1][1].estimators_[0]` without the first word."""
    yield from _walk(model, path, set(), DEPTH)


def _walk(model: Any, path: str, seen: set[int], depth: int) -> Iterator[tuple[str, Any]]:
    if model is None or isinstance(model, (str, bytes, int, float, type)) or id(model) in seen or depth == 0:
        return
    seen.add(id(model))
    yield path, model
    fitted = False
    for name in _ONE:
        inner = attribute(model, name)
        if inner is None or callable(getattr(type(model), name, None)):
            continue
        if name in ("estimator", "base_estimator", "estimator_") and (
            fitted or attribute(model, "estimators_") is not None
        ):
            continue  # the recipe of what was met already, or will be
        fitted = True
        yield from _walk(inner, f"{path}.{name}", seen, depth - 1)
    for name in _MANY:
        several = attribute(model, name)
        if several is None or isinstance(several, (str, dict)):
            continue
        try:
            parts = list(several)[: None if name in ("steps", "transformers_", "transformer_list") else _MEMBERS]
        except TypeError:
            continue
        for i, part in enumerate(parts):
            if isinstance(part, tuple) and len(part) >= 2:
                yield from _walk(part[1], f"{path}.{name}[{i}][1]", seen, depth - 1)
            elif callable(attribute(part, "fit")) or callable(attribute(part, "predict")):
                yield from _walk(part, f"{path}.{name}[{i}]", seen, depth - 1)
