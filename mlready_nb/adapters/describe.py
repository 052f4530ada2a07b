"""What a model says of itself: kind, width, classes, parameters; by duck typing, without calling it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlready_nb.adapters.families import Face, family_of
from mlready_nb.subjects import Task

#: Estimators inside estimators that are looked into.
DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """Facts about a model; `None` where it does not tell."""

    #: "Pipeline > HistGradientBoostingClassifier"
    kind: str
    library: str
    version: str | None = None
    #: `None` when it cannot be told
    fitted: bool | None = None
    n_features: int | None = None
    feature_names: tuple[str, ...] | None = None
    classes: tuple[Any, ...] | None = None
    task: Task | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    #: the estimator at the end of pipelines and searches
    final: Any = None


def attribute(owner: Any, name: str) -> Any:
    """`getattr` or `None`, for `available_if`, properties that raise and proxies (an SVC without probability)."""
    try:
        return getattr(owner, name, None)
    except Exception:
        return None


def is_model(value: Any) -> bool:
    """True for an object that predicts: not a class, not a transformer, not a module."""
    if inspect.isclass(value) or inspect.ismodule(value) or inspect.isroutine(value):
        return False
    if callable(attribute(value, "predict")):
        return True
    family = family_of(value)
    return family is not None and bool(family.FOUND)


def askable(value: Any) -> bool:
    """True for what can be asked when somebody names it: every model, and any function of rows."""
    return is_model(value) or family_of(value) is not None


def describe(model: Any) -> ModelInfo:
    """Everything a model tells without being run."""
    foreign = family_of(model)
    if foreign is not None:
        return _foreign(foreign.face(model), model)
    family = _family(model)
    if family == "xgboost-booster":
        return _xgboost_booster(model)
    if family == "lightgbm-booster":
        return _lightgbm_booster(model)
    return _estimator(model)


def _family(model: Any) -> str:
    home = type(model).__module__.partition(".")[0]
    return f"{home}-booster" if type(model).__name__ == "Booster" and home in ("xgboost", "lightgbm") else "estimator"


def _last_step(model: Any) -> Any:
    """The last step of a pipeline, or `None`."""
    steps = attribute(model, "steps")
    return steps[-1][1] if isinstance(steps, list) and steps and isinstance(steps[-1], tuple) else None


def final_estimator(model: Any) -> Any:
    """The estimator that predicts, inside searches and pipelines."""
    for _ in range(DEPTH):
        inner = attribute(model, "best_estimator_")
        inner = _last_step(model) if inner is None else inner
        if inner is None and type(model).__name__ == "TransformedTargetRegressor":
            inner = attribute(model, "regressor_")
        if inner is None or isinstance(inner, str):
            break
        model = inner
    return model


def chain(model: Any) -> str:
    """Names from the outside in: GridSearchCV > Pipeline > LogisticRegression."""
    names = [type(model).__name__]
    for _ in range(DEPTH):
        inner = attribute(model, "best_estimator_")
        inner = _last_step(model) if inner is None else inner
        if inner is None and "cv" in getattr(model, "__dict__", {}):  # a search that was not fitted
            inner = attribute(model, "estimator")
        if inner is None or not callable(attribute(inner, "predict")):
            break
        names.append(type(inner).__name__)
        model = inner
    return " > ".join(names)


def _foreign(face: Face, model: Any) -> ModelInfo:
    return ModelInfo(
        kind=face.kind,
        library=face.library,
        version=getattr(sys.modules.get(face.library), "__version__", None),
        n_features=face.n_features,
        feature_names=face.feature_names,
        classes=face.classes,
        task=face.task,
        final=model,
    )


def _estimator(model: Any) -> ModelInfo:
    final = final_estimator(model)
    library = type(final).__module__.partition(".")[0]
    names = _first(model, final, "feature_names_in_")
    classes = _first(model, final, "classes_")
    width = _first(model, final, "n_features_in_")
    return ModelInfo(
        kind=chain(model),
        library=library,
        version=getattr(sys.modules.get(library), "__version__", None),
        fitted=_fitted(model),
        n_features=int(width) if isinstance(width, (int, np.integer)) else None,
        feature_names=tuple(map(str, names)) if isinstance(names, (list, tuple, np.ndarray)) else None,
        classes=_classes(classes),
        task=_task(model, final, classes),
        params=_params(model),
        final=final,
    )


def _first(model: Any, final: Any, name: str) -> Any:
    """The attribute of the whole; of the final estimator only where nothing stands before it."""
    best = attribute(model, "best_estimator_")
    for owner in (model, best, final if name == "classes_" else None):
        value = attribute(owner, name)
        if value is not None:
            return value
    if name != "classes_" and final is not model and _last_step(model if best is None else best) is None:
        return attribute(final, name)
    return None


def _classes(classes: Any) -> tuple[Any, ...] | None:
    if not isinstance(classes, (list, tuple, np.ndarray)):
        return None
    values = list(classes)
    if values and all(hasattr(v, "__len__") and not isinstance(v, (str, bytes)) for v in values):
        return None  # multi-label and multi-output: a list of arrays
    return tuple(v.item() if hasattr(v, "item") else v for v in values)


def _task(model: Any, final: Any, classes: Any) -> Task | None:
    kind = _estimator_type(model) or _estimator_type(final)
    if kind == "regressor":
        return Task.REGRESSION
    if kind not in (None, "classifier"):
        return None
    if classes is not None:
        known = _classes(classes)
        if known is None or _multilabel(final):
            return Task.MULTILABEL
        if len(known) > 0:
            return Task.BINARY if len(known) <= 2 else Task.MULTICLASS
    return None


def _multilabel(final: Any) -> bool:
    """Multi-label although `classes_` is flat: scikit-learn's one-vs-rest and networks."""
    several = attribute(final, "n_outputs_")
    sigmoid = attribute(final, "out_activation_") == "logistic" and isinstance(several, int) and several > 1
    return attribute(final, "multilabel_") is True or sigmoid


def _estimator_type(model: Any) -> str | None:
    """Classifier or regressor: scikit-learn's tags (1.6 and later), its older attribute, the name."""
    tagged = getattr(type(model), "__sklearn_tags__", None)
    if tagged is not None:
        try:
            kind = model.__sklearn_tags__().estimator_type
        except Exception:
            kind = None
        if kind is not None:
            return str(kind)
    old = attribute(model, "_estimator_type")
    if isinstance(old, str):
        return old
    name = type(model).__name__.lower()
    if name.endswith("classifier") or callable(attribute(model, "predict_proba")):
        return "classifier"
    return "regressor" if name.endswith("regressor") else None


def _fitted(model: Any) -> bool | None:
    """As scikit-learn tells: its own hook, else learnt attributes that end in an underscore."""
    hook = attribute(model, "__sklearn_is_fitted__")
    if callable(hook):
        try:
            return bool(hook())
        except Exception:
            return None
    last = _last_step(model)
    if last is not None:
        return _fitted(last)
    if not callable(attribute(model, "get_params")):
        return None
    try:
        return any(n.endswith("_") and not n.startswith("__") for n in vars(model))
    except TypeError:
        return None


def _params(model: Any) -> dict[str, Any]:
    try:
        params = dict(model.get_params(deep=True))
    except Exception:
        return {}
    simple = (str, int, float, bool, type(None), tuple)
    return {k: v for k, v in sorted(params.items()) if isinstance(v, simple)}


def _xgboost_booster(model: Any) -> ModelInfo:
    import json

    learner = json.loads(model.save_config())["learner"]
    objective = str(learner.get("objective", {}).get("name", ""))
    count = int(learner.get("learner_model_param", {}).get("num_class", "0") or 0)
    return ModelInfo(
        kind="xgboost.Booster",
        library="xgboost",
        version=getattr(sys.modules.get("xgboost"), "__version__", None),
        fitted=model.num_boosted_rounds() > 0,
        n_features=int(model.num_features()),
        feature_names=tuple(model.feature_names) if model.feature_names else None,
        task=_objective_task(objective, count),
        classes=tuple(range(count)) if count > 2 else None,
        params={"objective": objective, "num_boost_round": model.num_boosted_rounds()},
        final=model,
    )


def _lightgbm_booster(model: Any) -> ModelInfo:
    params = dict(getattr(model, "params", {}) or {})
    text = model.model_to_string(num_iteration=1)
    line = next((x for x in text.splitlines() if x.startswith("objective=")), "objective=")
    objective = line.partition("=")[2].partition(" ")[0]
    count = int(getattr(model, "num_model_per_iteration", lambda: 1)())
    return ModelInfo(
        kind="lightgbm.Booster",
        library="lightgbm",
        version=getattr(sys.modules.get("lightgbm"), "__version__", None),
        fitted=model.current_iteration() > 0,
        n_features=int(model.num_feature()),
        feature_names=_given_names(model.feature_name()),
        task=_objective_task(objective or str(params.get("objective", "")), count if count > 1 else 0),
        classes=tuple(range(count)) if count > 2 else None,
        params={k: v for k, v in sorted(params.items()) if isinstance(v, (str, int, float, bool))}
        | {"num_iterations": model.current_iteration()},
        final=model,
    )


def _given_names(names: list[str]) -> tuple[str, ...] | None:
    """LightGBM numbers columns that had no names."""
    return None if all(n == f"Column_{i}" for i, n in enumerate(names)) else tuple(names)


def _objective_task(objective: str, classes: int) -> Task | None:
    if classes > 2 or objective.startswith("multi"):
        return Task.MULTICLASS
    if objective.startswith(("binary", "cross_entropy")):
        return Task.BINARY
    regression = ("reg:", "regression", "l1", "l2", "huber", "fair", "poisson", "quantile", "mape", "gamma", "tweedie")
    return Task.REGRESSION if objective.startswith(regression) or objective.startswith("count:") else None
