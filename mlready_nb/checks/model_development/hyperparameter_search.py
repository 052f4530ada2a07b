"""Whether hyperparameters were searched for, by cross-validation, wide enough, and whether the result is used."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from mlready_nb.adapters import Predictor
from mlready_nb.adapters.describe import attribute, final_estimator
from mlready_nb.adapters.searches import Edge, Search, searches
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Table, not_run, passed, warned
from mlready_nb.subjects import Cell

_FOLDS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict", "KFold", "StratifiedKFold", "GroupKFold", "TimeSeriesSplit", "RepeatedStratifiedKFold", "RepeatedKFold"})  # fmt: skip

#: Parameters whose natural end lies where a search often ends: no wider grid is possible or meant.
_ENDS = {"min_samples_leaf": 1, "min_samples_split": 2, "max_features": 1.0, "subsample": 1.0, "colsample_bytree": 1.0, "n_neighbors": 1, "degree": 1}  # fmt: skip


@check("DEV-03.1", "DEV-03.2", "DEV-03.3")
def hyperparameter_search(
    predictor: Predictor, namespace: Any = None, cells: Any = None, *, min_folds: int = 3, min_edge_gain: float = 0.005
) -> Finding:
    """The search that set the hyperparameters: its trials, its folds, its best values, and whether it was wide enough.

    What it measures: GridSearchCV and its kin, Optuna studies, and models that tune themselves (RidgeCV). It warns with
    fewer than `min_folds` folds; when the best value of a number is the last one tried and beats its neighbour over the
    folds by more than two standard errors and `min_edge_gain` (for a study: the best twentieth of the trials all lie in the
    last tenth of the range); and when the model in use, of the class that was searched, has other values than the
    best ones.

    Why it matters: A search whose best value lies at its edge has not ended; one without folds fits a single split
    (Bergstra & Bengio 2012; Cawley & Talbot 2010).

    Blind spots: Loops by hand and trials elsewhere leave no object: attest DEV-03.1. A best value at a natural end (one
    row in a leaf) is no edge.

    How to mend: Widen the range on the side where the best value lies; cv=5; refit with the best values.
    """
    found = searches(predictor.model, namespace or {})
    if not found:
        return not_run(
            "no search object was found (GridSearchCV, RandomizedSearchCV, an Optuna study). Keep it in a variable, or: "
            "%mlready attest DEV-03 --note <what was searched, with how many folds>"
        )
    kind = type(predictor.info.final).__name__
    mine = [s for s in found if _about(s, predictor, kind)] or found
    search = mine[0]
    known = search.folds is not None or not (search.kind.endswith("CV") or _folds_in(cells or ()))
    folds = search.folds if known else min_folds
    best = ", ".join(f"{name}={_short(value)}" for name, value in search.best.items())
    rows = tuple((name, _short(value), search.tried.get(name)) for name, value in search.best.items())
    table = Table(
        title=f"Best values of {search.variable} ({search.kind})",
        columns=("parameter", "best", "values tried"),
        rows=rows,
    )
    measured = {"trials": search.trials, "folds": search.folds, "best_score": search.score}
    rest: dict[str, Any] = {"measured": measured, "tables": (table,)}
    points = {"DEV-03.1": Outcome.PASS, "DEV-03.2": Outcome.PASS, "DEV-03.3": Outcome.PASS}
    said = f"{search.variable} ({search.kind}) tried {search.trials:,} settings" + (
        f" on {search.folds} folds" if search.folds else ""
    )
    if folds is None:
        points["DEV-03.2"] = Outcome.NOT_RUN
        said += " (whether by cross-validation cannot be seen)"
    if folds is not None and folds < min_folds:
        return warned(
            f"{said}: fewer than {min_folds} folds make the choice hang on one split",
            points={**points, "DEV-03.2": Outcome.WARN},
            remedy=f"{search.kind}(..., cv=5).fit(X_train, y_train)",
            **rest,
        )
    unused = _unused(search, predictor, kind)
    if unused:
        name, used = unused[0]
        return warned(
            f"{said}; its best {name}={_short(search.best[name])} is not what the model uses ({used}): the search came to nothing",
            points={**points, "DEV-03.3": Outcome.WARN},
            remedy=f"Use {search.variable}.best_estimator_, or set_params(**{search.variable}.best_params_) before the last fit.",
            **rest,
        )
    edges = [
        e
        for e in search.edges
        if _open(e) and e.gain > max(2 * e.error if e.gain != float("inf") else 0.0, min_edge_gain)
    ]
    if edges:
        edge = edges[0]
        by = (
            "the best trials all lie there"
            if edge.gain == float("inf")
            else f"better than its neighbour by {edge.gain:.3g} ± {edge.error:.2g}"
        )
        return warned(
            f"{said}; the best {edge.name}={_short(edge.best)} is the {edge.side} that was tried, {by}: the search has not ended",
            points={**points, "DEV-03.1": Outcome.WARN},
            remedy=f"Widen the range of {edge.name} {'above' if edge.side == 'largest' else 'below'} {_short(edge.best)} and search again.",
            **rest,
        )
    if search.trials < 2:
        return warned(f"{said}: a single setting is no search", points={**points, "DEV-03.1": Outcome.WARN}, **rest)
    return passed(f"{said}; best: {best[:200]}", points=points, **rest)


def _about(search: Search, predictor: Predictor, kind: str) -> bool:
    estimator = attribute(search.value, "best_estimator_")
    return search.value is predictor.model or (
        estimator is not None and type(final_estimator(estimator)).__name__ == kind
    )


def _unused(search: Search, predictor: Predictor, kind: str) -> list[tuple[str, str]]:
    """Best values that the model in use does not have, where it is of the class that was searched."""
    estimator = attribute(search.value, "best_estimator_")
    if search.value is predictor.model or estimator is None or estimator is predictor.model:
        return []
    if type(final_estimator(estimator)).__name__ != kind:
        return []
    try:
        theirs: Mapping[str, Any] = final_estimator(predictor.model).get_params(deep=False)
    except Exception:
        return []
    found = []
    for name, value in search.best.items():
        bare = name.rpartition("__")[2]
        in_final = name == bare or attribute(final_estimator(estimator), bare) is not None
        if bare in theirs and in_final and not _equal(theirs[bare], value):
            found.append((name, _short(theirs[bare])))
    return found


def _equal(a: Any, b: Any) -> bool:
    try:
        return bool(a == b) or repr(a) == repr(b)
    except Exception:
        return repr(a) == repr(b)


def _open(edge: Edge) -> bool:
    bare = edge.name.rpartition("__")[2]
    end = _ENDS.get(bare)
    return not (end is not None and float(edge.best) == float(end))


def _folds_in(cells: tuple[Cell, ...]) -> bool:
    """True where a cell names scikit-learn's cross-validation."""
    for cell in cells:
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        if any(
            (isinstance(n, ast.Name) and n.id in _FOLDS) or (isinstance(n, ast.Attribute) and n.attr in _FOLDS)
            for n in ast.walk(tree)
        ):
            return True
    return False


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
