"""Which object is the model: the one that was saved, or was scored last; never merely the one called `model`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mlready_nb.adapters import ModelInfo, describe, is_model
from mlready_nb.discovery.candidates import Candidate, Question
from mlready_nb.discovery.data import tame
from mlready_nb.discovery.expressions import Unreadable, resolve
from mlready_nb.discovery.story import Story, Use

#: Entries of a container that are looked at.
ENTRIES = 50
_PLAIN = (str, bytes, int, float, bool, type(None), list, tuple, dict, set)
_SHELL = ("In", "Out", "exit", "quit", "get_ipython")


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
    #: there only as a pattern: what is inside is a copy of it
    copied: bool = False

    def last(self, *kinds: str) -> Use | None:
        """Its last use of these kinds."""
        return max((u for u in self.uses if u.kind in kinds), key=lambda u: u.order, default=None)


def held_models(namespace: Mapping[str, Any], story: Story) -> list[Held]:
    """Every model there is, each object once, with its uses in the cells."""
    places = list(_walk(namespace))
    found: dict[int, Held] = {}
    for variable, value in places:
        if id(value) in found or not _predicts(value):
            continue
        try:
            info = describe(value)
        except Exception:  # a proxy that raises on every attribute: nothing can be said of it
            info = ModelInfo(kind=type(value).__name__, library=type(value).__module__.partition(".")[0])
        found[id(value)] = Held(variable=variable, value=value, info=info)
    models = list(found.values())
    for model in models:
        for part, copied in _parts(model.value):
            inner = found.get(id(part))
            if inner is not None and inner is not model:
                inner.inner_of, inner.copied = model.variable, copied
    _give_uses(models, namespace, story)
    for model in models:
        inner = found.get(id(_frozen(model.value)))
        if inner is not None and inner is not model:  # calibrated on other data than it learnt from
            own = [replace(u, kind="watch") if u.kind == "fit" else u for u in model.uses]
            model.uses = [*(u for u in inner.uses if u.kind == "fit"), *own]
    for model in models:
        _name(model, places, story)
    return models


def _frozen(model: Any) -> Any:
    """The fitted model that a calibrator or a threshold was put on, and that it left as it was."""
    held = getattr(model, "__dict__", {})
    inner = held.get("estimator")
    if type(inner).__name__ == "FrozenEstimator":
        return getattr(inner, "estimator", None)
    return inner if held.get("cv") == "prefit" else None


def _predicts(value: Any) -> bool:
    return type(value) not in _PLAIN and tame(value) and is_model(value)


def _give_uses(models: list[Held], namespace: Mapping[str, Any], story: Story) -> None:
    at = {id(m.value): m for m in models}
    searches = [(m, best) for m in models if (best := _best(m.value)) is not None]
    meant: dict[str, list[Any]] = {}
    for use in story.uses:
        if use.model is None or story.rebound(use.model, use.order):
            continue  # the name stands for another object now
        if use.model not in meant:
            meant[use.model] = _meant(use.model, namespace)
        values = meant[use.model]
        read: list[Any] = []
        for name, (source, order) in story.loaded.items():
            if source == use.model and use.order < order:
                read += _meant(name, namespace)
        if use.kind != "save":
            values = [v for v in values if type(v) not in (dict, list, tuple)]
        spoken = [(e, False) for v in values for e in _entries(v)] + [(v, True) for v in read]
        for value, copied in spoken:
            for position, owner in enumerate(_family(value, searches)):
                model = at.get(id(owner))
                if model is not None and use not in model.uses[-1:]:
                    model.uses.append(use)
                    if (position or copied) and not use.model.startswith("*"):
                        model.indirect.add(use.order)


def _name(model: Held, places: list[tuple[str, Any]], story: Story) -> None:
    """Call it what the cells called it last, but never by a loop's variable."""
    spoken = [u for u in model.uses if u.order not in model.indirect and u.model and not u.model.startswith("*")]
    spoken = [u for u in spoken if u.kind != "save" or model.variable in story.loops]
    if spoken and (model.variable in story.loops or len(spoken[-1].model or "") <= 40):
        model.variable = spoken[-1].model or model.variable
    elif model.variable in story.loops:
        others = (v for v, value in places if value is model.value and v not in story.loops)
        model.variable = next(others, model.variable)


def _meant(expression: str, namespace: Mapping[str, Any]) -> list[Any]:
    """The objects that an expression speaks of: one, or each entry of a container."""
    try:
        value = resolve(expression.removeprefix("*"), namespace)
    except Unreadable:
        return []
    return list(_entries(value)) if expression.startswith("*") else [value]


def _entries(value: Any, depth: int = 0) -> Iterator[Any]:
    """What stands in a container: `{"rf": rf}`, `[("rf", rf)]`, `{"rf": {"model": rf}}`; else the object itself."""
    if type(value) not in (dict, list, tuple):
        yield value
    elif depth < 3:
        for entry in list(value.values() if type(value) is dict else value)[:ENTRIES]:
            yield from _entries(entry, depth + 1)


def _family(value: Any, searches: list[tuple[Held, Any]]) -> Iterator[Any]:
    """The object and, for a search, the estimator it found: a fit of the one is a fit of the other."""
    yield value
    for search, best in searches:
        if search.value is value:
            yield best
        elif best is value and value is not None:
            yield search.value


def _best(value: Any) -> Any:
    try:
        return getattr(value, "best_estimator_", None)
    except Exception:
        return None


def _walk(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Variables first (`rf` reads better than `models['rf']`), then what plain containers and objects hold."""
    open_ones = [(n, v) for n, v in namespace.items() if not n.startswith("_") and n not in _SHELL]
    yield from open_ones
    home = (namespace.get("__name__", "__main__"), "__main__", "types")
    for name, value in open_ones:
        yield from _held_by(name, value, home, 0)


def _held_by(name: str, value: Any, home: tuple[Any, ...], depth: int) -> Iterator[tuple[str, Any]]:
    inside: list[tuple[str, Any]] = []
    if type(value) is dict and len(value) <= ENTRIES:
        inside = [(f"{name}[{key!r}]", v) for key, v in value.items() if isinstance(key, (str, int))]
    elif type(value) in (list, tuple) and len(value) <= ENTRIES:
        inside = [(f"{name}[{i}]", v) for i, v in enumerate(value)]
    elif type(value).__module__ in home and hasattr(value, "__dict__") and not isinstance(value, type):
        inside = [(f"{name}.{key}", v) for key, v in vars(value).items() if not key.startswith("_")]
    yield from inside
    if depth < 2:
        for inner, held in inside:
            yield from _held_by(inner, held, home, depth + 1)


def _parts(model: Any, depth: int = 0) -> Iterator[tuple[Any, bool]]:
    """(part, False) for what the model asks itself; (part, True) for what it only took as a pattern and copied."""
    if depth > 5:
        return
    for name in ("steps", "transformers_", "transformer_list"):
        for step in _listed(model, name):
            if isinstance(step, tuple) and len(step) >= 2:
                yield step[1], False
                yield from _parts(step[1], depth + 1)
    for step in _listed(model, "estimators"):
        yield (step[1] if isinstance(step, tuple) and len(step) >= 2 else step), True
    held = getattr(model, "__dict__", {})
    for name in ("estimator", "base_estimator", "final_estimator", "regressor"):
        part = held.get(name)
        if part is not None and not isinstance(part, str):
            yield part, True
            yield from ((p, True) for p, _ in _parts(part, depth + 1))
    for name in ("estimator_", "regressor_", "final_estimator_"):
        if held.get(name) is not None:
            yield held[name], False
    for name in ("estimators_", "calibrated_classifiers_"):
        for part in _listed(model, name)[:20]:
            yield part, False
    if type(model).__module__ == "__main__":  # a wrapper of the notebook's own
        yield from ((v, False) for v in held.values() if type(v) not in _PLAIN)


def _listed(model: Any, name: str) -> list[Any]:
    value = getattr(model, "__dict__", {}).get(name)
    return list(value) if isinstance(value, (list, tuple)) else []


def choose(models: list[Held]) -> tuple[Held | None, list[Candidate], list[Question], list[str]]:
    """The final model, or a question when two are equally good.

    A model that was saved wins; then the one scored or asked last, in a cell of its own; then the one fitted last.
    Models that are not fitted, clusterers, and parts of others come last.
    """
    able = [m for m in models if m.info.fitted is not False and not _helper(m)]
    able = [m for m in able if not _dummy(m)] or able
    whole = [m for m in able if m.inner_of is None or m.copied] or able
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


def _rank(model: Held) -> tuple[int, int, int, int, bool]:
    """Order of: the last save, the last look, the last look under its own name, the last fit; patterns last."""
    saved, looked, fitted = model.last("save"), model.last("score", "predict"), model.last("fit")
    direct = max(
        (u.order for u in model.uses if u.kind in ("score", "predict") and u.order not in model.indirect), default=0
    )
    return (
        saved.order if saved else 0,
        looked.order if looked else 0,
        direct,
        fitted.order if fitted else 0,
        model.inner_of is None,
    )


def _tied(first: Held, other: Held) -> bool:
    """Nothing tells them apart: no cell speaks of either, or one loop speaks of both (which was fitted later is no word)."""
    one, two = _rank(first), _rank(other)
    return one == two or (any(one[:3]) and one[:3] == two[:3] and one[4] == two[4])


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


def _dummy(model: Held) -> bool:
    """A baseline that looks at no feature is there to be compared with."""
    return type(model.info.final or model.value).__module__.startswith("sklearn.dummy")


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
