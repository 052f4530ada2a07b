"""A boosted model replayed step by step: its loss after 1, 2, ... members, on training and on other rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.curves import REPLAYED, Curve
from mlready_nb.adapters.describe import attribute, final_estimator
from mlready_nb.adapters.predict import Predictor
from mlready_nb.metrics import classification as c
from mlready_nb.subjects import Task

Array = np.ndarray[Any, Any]

#: Rows of each side, and stages that are looked at.
ROWS, STAGES = 1000, 25


def replayed(predictor: Predictor, train: tuple[Any, Array], other: tuple[Any, Array], side: str) -> Curve | None:
    """Loss on both sides after so many members; `None` for a model that cannot be replayed.

    Parameters
    ----------
    train, other
        X and y of the two sides.
    side
        What the other side is: "validation" or "test".
    """
    final = final_estimator(predictor.model)
    if not replayable(final) or predictor.task is Task.MULTILABEL:
        return None
    sides = []
    for X, y in (train, other):
        n = min(len(y), frames.n_rows(X))
        rows = np.arange(n) if n <= ROWS else np.sort(np.random.default_rng(0).choice(n, ROWS, replace=False))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                losses = list(_losses(predictor, final, frames.take(X, rows), y[rows]))
            except Exception:  # a step before it that cannot be walked: there is no curve then
                return None
        if len(losses) < 5:
            return None
        sides.append(np.array(losses))
    return Curve(source=REPLAYED, metric="loss", train=sides[0], valid=sides[1], side=side, epochs=False)


def replayable(final: Any) -> bool:
    """True for boosting of scikit-learn, XGBoost and LightGBM (scikit-learn's face)."""
    return (
        any(callable(attribute(final, n)) for n in ("staged_predict_proba", "staged_predict"))
        or _rounds(final) is not None
    )


def _rounds(final: Any) -> int | None:
    library = type(final).__module__.partition(".")[0]
    if library == "lightgbm" and hasattr(final, "booster_"):
        return int(final.booster_.current_iteration())
    if library == "xgboost" and callable(attribute(final, "get_booster")):
        return int(final.get_booster().num_boosted_rounds())
    return None


def _losses(predictor: Predictor, final: Any, X: Any, y: Array) -> Iterator[float]:
    Z = _before(predictor.model, X)
    classes = predictor.class_names or ()
    codes = c.encode(y, classes) if predictor.task.classifies else None
    for answer in _answers(final, Z, classifies=predictor.task.classifies):
        if codes is None:
            yield float(np.mean((np.asarray(answer, dtype=float).ravel() - np.asarray(y, dtype=float)) ** 2))
        else:
            proba = np.asarray(answer, dtype=float)
            proba = np.column_stack([1 - proba, proba]) if proba.ndim == 1 else proba
            seen = codes >= 0
            yield float(c.log_losses(codes[seen], proba[seen]).mean())


def _answers(final: Any, Z: Any, *, classifies: bool) -> Iterator[Any]:
    staged = attribute(final, "staged_predict_proba" if classifies else "staged_predict")
    if callable(staged):
        total = int(
            np.max(
                attribute(final, "n_iter_") or attribute(final, "n_estimators_") or len(attribute(final, "estimators_"))
            )
        )
        wanted = set(np.unique(np.linspace(0, total - 1, STAGES).astype(int)).tolist())
        yield from (answer for i, answer in enumerate(staged(Z)) if i in wanted)
        return
    rounds = _rounds(final) or 0
    ask = final.predict_proba if classifies else final.predict
    for stage in np.unique(np.linspace(1, rounds, min(STAGES, rounds)).astype(int)) if rounds else ():
        if type(final).__module__.startswith("xgboost"):
            yield ask(Z, iteration_range=(0, int(stage)))
        else:
            yield ask(Z, num_iteration=int(stage))


def _before(model: Any, X: Any) -> Any:
    """X as the final estimator sees it."""
    model = getattr(model, "best_estimator_", model)
    steps = getattr(model, "steps", None)
    if not isinstance(steps, list):
        return X
    for _, step in steps[:-1]:
        if step not in (None, "passthrough") and hasattr(step, "transform"):
            X = step.transform(X)
    return _before(steps[-1][1], X)
