"""Searches over hyperparameters: scikit-learn's, Optuna's, and models that tune themselves, behind one face."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlready_nb.adapters.describe import attribute, final_estimator
from mlready_nb.adapters.held import values

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A parameter whose best value is the last one that was tried, while the score still rises towards it."""

    name: str
    best: Any
    side: str
    #: how much better the last value is than the one before, and the standard error over the folds
    gain: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was tried, and what came out."""

    variable: str
    kind: str
    value: Any
    trials: int
    best: Mapping[str, Any]
    score: float | None = None
    #: folds; `None` where it cannot be told
    folds: int | None = None
    edges: tuple[Edge, ...] = ()
    #: parameter -> how many values of it were tried
    tried: Mapping[str, int] = field(default_factory=dict)


def searches(model: Any, namespace: Mapping[str, Any]) -> list[Search]:
    """Every finished search, the model's own first."""
    found: list[Search] = []
    seen: set[int] = set()
    for variable, value in (("model", model), *values(namespace)):
        if id(value) in seen or isinstance(value, type):
            continue
        seen.add(id(value))
        name = next((n for n, v in namespace.items() if v is value), variable)
        made = _sklearn(name, value) or _optuna(name, value)
        if made is None and value is model:
            made = _self_tuned(name, final_estimator(value))
        if made is not None:
            found.append(made)
    return found


def _sklearn(variable: str, value: Any) -> Search | None:
    results, best = attribute(value, "cv_results_"), attribute(value, "best_params_")
    if not isinstance(results, Mapping) or not isinstance(best, Mapping) or "params" not in results:
        return None
    suffix = next((k.removeprefix("mean_test_") for k in _metrics(value, results)), "score")
    means = np.asarray(results.get(f"mean_test_{suffix}"), dtype=float)
    folds = attribute(value, "n_splits_")
    splits = [
        np.asarray(results[f"split{i}_test_{suffix}"], dtype=float)
        for i in range(folds or 0)
        if f"split{i}_test_{suffix}" in results
    ]
    params = list(results["params"])
    score = attribute(value, "best_score_")
    return Search(
        variable=variable,
        kind=type(value).__name__,
        value=value,
        trials=len(params),
        best=dict(best),
        score=float(score) if isinstance(score, (float, int, np.floating)) else None,
        folds=int(folds) if folds is not None else None,
        edges=tuple(_edges(params, means, np.array(splits), best)),
        tried={n: len({repr(p.get(n)) for p in params}) for n in best},
    )


def _metrics(value: Any, results: Mapping[str, Any]) -> Iterator[str]:
    refit = attribute(value, "refit")
    if isinstance(refit, str) and f"mean_test_{refit}" in results:
        yield f"mean_test_{refit}"
    yield from sorted(k for k in results if k.startswith("mean_test_"))


def _edges(params: list[Mapping[str, Any]], means: Array, splits: Array, best: Mapping[str, Any]) -> Iterator[Edge]:
    """Parameters with three numbers or more of which the best is the first or last, and surely better than its neighbour."""
    if len(means) != len(params) or len(splits) < 2:
        return
    for name in best:
        numbers = sorted({float(p[name]) for p in params if _number(p.get(name))})
        if len(numbers) < 3 or not _number(best[name]):
            continue
        chosen = float(best[name])
        if chosen not in (numbers[0], numbers[-1]):
            continue
        beside = numbers[1] if chosen == numbers[0] else numbers[-2]
        top = [
            max(
                (i for i, p in enumerate(params) if _number(p.get(name)) and float(p[name]) == v),
                key=lambda i: -math.inf if math.isnan(means[i]) else means[i],
            )
            for v in (chosen, beside)
        ]
        gains = splits[:, top[0]] - splits[:, top[1]]
        if np.isfinite(gains).all():
            error = float(gains.std(ddof=1)) / math.sqrt(len(gains))
            yield Edge(
                name=name,
                best=best[name],
                side="largest" if chosen == numbers[-1] else "smallest",
                gain=float(gains.mean()),
                error=error,
            )


def _number(value: Any) -> bool:
    return (
        isinstance(value, (int, float, np.integer, np.floating))
        and not isinstance(value, (bool, np.bool_))
        and math.isfinite(value)
    )


def _optuna(variable: str, value: Any) -> Search | None:
    """Anything with trials that have parameters, values and distributions, as an Optuna study has."""
    trials = attribute(value, "trials")
    best = attribute(value, "best_params")
    if not isinstance(trials, (list, tuple)) or not trials or not isinstance(best, Mapping):
        return None
    done = [t for t in trials if attribute(t, "value") is not None and isinstance(attribute(t, "params"), Mapping)]
    if not done:
        return None
    score = attribute(value, "best_value")
    return Search(
        variable=variable,
        kind=f"{type(value).__module__.partition('.')[0]}.{type(value).__name__}",
        value=value,
        trials=len(done),
        best=dict(best),
        score=float(score) if score is not None else None,
        edges=tuple(_study_edges(done, best, float(score or 0.0))),
        tried={n: len({repr(t.params.get(n)) for t in done}) for n in best},
    )


def _study_edges(trials: list[Any], best: Mapping[str, Any], score: float) -> Iterator[Edge]:
    """Parameters of which the best trials all lie in the last tenth of the range."""
    ranked = sorted(trials, key=lambda t: abs(float(t.value) - score))[: max(3, len(trials) // 20)]
    spread = float(np.std([float(t.value) for t in ranked])) or 0.0
    for name in best:
        distribution = attribute(ranked[0], "distributions")
        range_ = distribution.get(name) if isinstance(distribution, Mapping) else None
        low, high = attribute(range_, "low"), attribute(range_, "high")
        if not _number(low) or not _number(high) or low >= high or len(trials) < 10:
            continue
        scale = math.log if attribute(range_, "log") and low > 0 else float
        ends = scale(low), scale(high)
        places = [
            (scale(t.params[name]) - ends[0]) / (ends[1] - ends[0]) for t in ranked if _number(t.params.get(name))
        ]
        if len(places) < 3:
            continue
        if min(places) > 0.9 or max(places) < 0.1:
            yield Edge(
                name=name,
                best=best[name],
                side="largest" if min(places) > 0.9 else "smallest",
                gain=math.inf,
                error=spread,
            )


def _self_tuned(variable: str, final: Any) -> Search | None:
    """RidgeCV, LassoCV, LogisticRegressionCV: they try their own list by cross-validation."""
    for chosen, listed in (("alpha_", "alphas_"), ("alpha_", "alphas"), ("C_", "Cs_")):
        best, tried = attribute(final, chosen), attribute(final, listed)
        if best is None or tried is None or not type(final).__name__.endswith("CV"):
            continue
        values_ = np.ravel(np.asarray(tried, dtype=float))
        cv = attribute(final, "cv")
        folds = (
            cv if isinstance(cv, int) else 5 if cv is None and not type(final).__name__.startswith("Ridge") else None
        )
        return Search(
            variable=variable,
            kind=type(final).__name__,
            value=final,
            trials=len(values_),
            best={chosen.rstrip("_"): float(np.ravel(np.asarray(best, dtype=float))[0])},
            folds=folds,
        )
    return None
