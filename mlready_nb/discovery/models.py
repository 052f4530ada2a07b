"""Which object is the model: the one that was saved, or was scored last; never merely the one called `model`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlready_nb.adapters import ModelInfo, describe, is_model
from mlready_nb.discovery.candidates import Candidate, Question
from mlready_nb.discovery.data import tame
from mlready_nb.discovery.expressions import Unreadable, resolve
from mlready_nb.discovery.story import Story, Use

#: Entries of a container that are looked at.
ENTRIES = 50


@dataclass(kw_only=True)
class Held:
    """A model of the namespace with what the cells say of it."""

    variable: str
    value: Any
    info: ModelInfo
    uses: list[Use] = field(default_factory=list)
    #: uses of the search that found it, or of the estimator it found
    indirect: set[int] = field(default_factory=set)
    #: inside a pipeline, a search or an ensemble that is a candidate itself
    inner_of: str | None = None

    def last(self, *kinds: str) -> Use | None:
        """Its last use of these kinds."""
        return max((u for u in self.uses if u.kind in kinds), key=lambda u: u.order, default=None)


def held_models(namespace: Mapping[str, Any], story: Story) -> list[Held]:
    """Every model there is, each object once, with its uses in the cells."""
    found: dict[int, Held] = {}
    for variable, value in _walk(namespace):
        if id(value) in found or not tame(value) or not is_model(value):
            continue
        try:
            info = describe(value)
        except Exception:  # a proxy that raises on every attribute: nothing can be said of it
            info = ModelInfo(kind=type(value).__name__, library=type(value).__module__.partition(".")[0])
        found[id(value)] = Held(variable=variable, value=value, info=info)
    models = list(found.values())
    for model in models:
        for name, part in _parts(model.value):
            if id(part) in found and found[id(part)] is not model and name != "best_estimator_":
                found[id(part)].inner_of = model.variable
    at = {id(m.value): m for m in models}
    for use in story.uses:
        if story.rebound(use.model, use.order):
            continue  # the name stands for another object now
        for position, owner in enumerate(o for value in _meant(use, namespace) for o in _family(value, models)):
            if id(owner) in at:
                at[id(owner)].uses.append(use)
                if position and not str(use.model).startswith("*"):
                    at[id(owner)].indirect.add(use.order)
    for model in models:
        spoken = [u for u in model.uses if u.order not in model.indirect and u.model and not u.model.startswith("*")]
        if spoken and (model.variable in story.loops or len(spoken[-1].model or "") <= 40):
            model.variable = spoken[-1].model or model.variable
        elif model.variable in story.loops:
            model.variable = next(
                (v for v, value in _walk(namespace) if value is model.value and v not in story.loops), model.variable
            )
    return models


def _meant(use: Use, namespace: Mapping[str, Any]) -> list[Any]:
    """The objects that a use speaks of: one, or each entry of a container."""
    if use.model is None:
        return []
    try:
        value = resolve(use.model.removeprefix("*"), namespace)
    except Unreadable:
        return []
    if not use.model.startswith("*"):
        return [value]
    entries = (
        list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, (list, tuple)) else []
    )
    return [e[-1] if isinstance(e, tuple) and e else e for e in entries[:ENTRIES]]


def _family(value: Any, models: list[Held]) -> Iterator[Any]:
    """The object and, for a search, the estimator it found: a fit of the one is a fit of the other."""
    yield value
    best = _best(value)
    if best is not None:
        yield best
    yield from (m.value for m in models if _best(m.value) is value and value is not None)


def _best(value: Any) -> Any:
    try:
        return getattr(value, "best_estimator_", None)
    except Exception:
        return None


def _walk(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in namespace.items():
        if name.startswith("_") or name in ("In", "Out", "exit", "quit", "get_ipython"):
            continue
        yield name, value
    for name, value in namespace.items():  # names first: `rf` reads better than `models['rf']`
        if name.startswith("_") or name in ("In", "Out"):
            continue
        if type(value) is dict and len(value) <= ENTRIES:
            yield from ((f"{name}[{key!r}]", v) for key, v in value.items() if isinstance(key, (str, int)))
        elif type(value) in (list, tuple) and len(value) <= ENTRIES:
            for i, v in enumerate(value):
                yield f"{name}[{i}]", v
                if type(v) is tuple and len(v) == 2 and isinstance(v[0], str):
                    yield f"{name}[{i}][1]", v[1]
        elif (
            type(value).__module__ in ("__main__", "types")
            and hasattr(value, "__dict__")
            and not isinstance(value, type)
        ):
            yield from ((f"{name}.{key}", v) for key, v in vars(value).items() if not key.startswith("_"))


def _parts(model: Any) -> Iterator[tuple[str, Any]]:
    for name in ("steps", "transformers_", "estimators", "transformer_list"):
        for part in _listed(model, name):
            if isinstance(part, tuple) and len(part) >= 2:
                yield name, part[1]
                yield from _parts(part[1])
    for name in (
        "estimator",
        "base_estimator",
        "estimator_",
        "best_estimator_",
        "final_estimator",
        "regressor",
        "regressor_",
    ):
        part = getattr(model, "__dict__", {}).get(name)
        if part is not None and not isinstance(part, str):
            yield name, part
            if name != "best_estimator_":
                yield from _parts(part)
    for name in ("estimators_", "calibrated_classifiers_"):
        for part in _listed(model, name)[:20]:
            yield name, part


def _listed(model: Any, name: str) -> list[Any]:
    value = getattr(model, "__dict__", {}).get(name)
    return list(value) if isinstance(value, (list, tuple)) else []


def choose(models: list[Held]) -> tuple[Held | None, list[Candidate], list[Question], list[str]]:
    """The final model, or a question when two are equally good.

    A model that was saved wins; then the one scored or asked last, in a cell of its own; then the one fitted last.
    Models that are not fitted, clusterers, and parts of others come last.
    """
    able = [m for m in models if m.info.fitted is not False and not _helper(m)]
    whole = [m for m in able if m.inner_of is None] or able
    ranked = sorted(whole, key=_rank, reverse=True)
    rest = [m for m in models if m not in ranked]
    candidates = [_candidate(m) for m in [*ranked, *sorted(rest, key=_rank, reverse=True)]]
    if not ranked:
        notes = []
        if models:
            unfitted = [m.variable for m in models if m.info.fitted is False]
            if unfitted:
                notes = [f"{', '.join(unfitted[:3])} is there but not fitted: run .fit(X_train, y_train) first"]
            if len(models) == 1:  # so that the advice can be given where the model is asked
                return models[0], candidates, [], notes
        return None, candidates, [], notes
    first = ranked[0]
    equal = [m for m in ranked[1:] if _tied(first, m)]
    if equal:
        options = tuple(m.variable for m in [first, *equal])
        text = f"{len(options)} fitted models are equally likely to be the final one: {', '.join(options[:6])}. Which is it?"
        return None, candidates, [Question(subject="model", text=text, options=options)], []
    return first, candidates, [], []


def _rank(model: Held) -> tuple[int, int, int, int]:
    """Order of: the last save, the last look, the last look under its own name, the last fit."""
    saved, looked, fitted = model.last("save"), model.last("score", "predict"), model.last("fit")
    direct = max(
        (u.order for u in model.uses if u.kind in ("score", "predict") and u.order not in model.indirect), default=0
    )
    return (
        saved.order if saved else 0,
        looked.order if looked else 0,
        direct,
        fitted.order if fitted else 0,
    )


def _tied(first: Held, other: Held) -> bool:
    """Nothing tells them apart: no cell speaks of either, or one loop speaks of both."""
    return _rank(first) == _rank(other)


def _candidate(model: Held) -> Candidate:
    return Candidate(variable=model.variable, how=reason(model), value=model.value)


def reason(model: Held) -> str:
    """Why this one."""
    saved, looked, fitted = model.last("save"), model.last("score", "predict"), model.last("fit")
    if model.info.fitted is False:
        return f"{model.info.kind}, not fitted"
    if saved is not None:
        return f"{model.info.kind}, saved{_in(saved)}"
    if looked is not None:
        return f"{model.info.kind}, scored or asked last{_in(looked)}"
    if fitted is not None:
        return f"{model.info.kind}, fitted last{_in(fitted)}"
    if model.inner_of:
        return f"{model.info.kind}, inside {model.inner_of}"
    return f"{model.info.kind}, a fitted model of the notebook"


def _in(use: Use) -> str:
    return f" in cell {use.cell}" if use.cell else ""


def _helper(model: Held) -> bool:
    """Clusterers, outlier detectors and feature selectors predict too, but are hardly the model."""
    kind = getattr(model.value, "_estimator_type", None)
    if kind is None and hasattr(type(model.value), "__sklearn_tags__"):
        try:
            kind = model.value.__sklearn_tags__().estimator_type
        except Exception:
            kind = None
    names = ("RFE", "RFECV", "SelectFromModel", "SequentialFeatureSelector")
    return str(kind) in ("clusterer", "outlier_detector") or type(model.value).__name__ in names
