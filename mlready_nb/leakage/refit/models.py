"""How many rows the model was fitted on, and whether a refit on training and test rows gives the same model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import attribute, final_estimator
from mlready_nb.leakage.refit.again import TooDear, refitted
from mlready_nb.leakage.refit.inputs import Sides
from mlready_nb.leakage.refit.learnt import DIFFERENT, SAME, compare, distance, learnt
from mlready_nb.subjects import Budget

#: Libraries whose models refit quietly, write no files and give the same twice.
HOMES = ("sklearn", "lightgbm", "xgboost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the model tells of the rows it was fitted on."""

    #: "rows": its own count; "refit": a refit that learnt the same
    how: str
    rows: int
    n_train: int
    n_test: int
    apart: float = 0.0


def seen_by(model: Any, sides: Sides, budget: Budget) -> Seen | None:
    """The fault, when the model was fitted on the test rows too; `None` when not, or when nothing tells."""
    valid = frames.n_rows(sides.X_valid) if sides.X_valid is not None else 0
    both = {sides.n_train + sides.n_test, sides.n_train + sides.n_test + valid}
    count = rows_seen(model)
    if count is not None:
        if count not in both or count in (sides.n_train, sides.n_train + valid):
            return None
        if sides.by_index(sides.X_train) is None and _refitted(model, sides, budget) is False:
            return None
        return Seen(how="rows", rows=count, n_train=sides.n_train, n_test=sides.n_test)
    if _refitted(model, sides, budget):
        return Seen(how="refit", rows=sides.n_train + sides.n_test, n_train=sides.n_train, n_test=sides.n_test)
    return None


def rows_seen(model: Any) -> int | None:
    """How many rows the final estimator was fitted on, where it tells so exactly."""
    final = final_estimator(model)
    tree = attribute(final, "tree_")
    if tree is not None:
        return int(tree.n_node_samples[0])
    for name in ("n_samples_fit_", "_n_samples"):
        count = attribute(final, name)
        if isinstance(count, (int, np.integer)):
            return int(count)
    shape = attribute(final, "shape_fit_")
    if isinstance(shape, tuple) and shape:
        return int(shape[0])
    if getattr(final, "sample_weight", None) is None and attribute(final, "class_count_") is not None:
        counted = float(np.sum(final.class_count_))
        return int(counted) if counted == round(counted) else None
    stages = attribute(final, "estimators_")
    if isinstance(stages, np.ndarray) and stages.ndim == 2 and attribute(final, "subsample") == 1.0:
        first = attribute(stages[0, 0], "tree_")
        if first is not None and attribute(final, "n_iter_no_change") is None:
            return int(first.n_node_samples[0])
    predictors = attribute(final, "_predictors")
    if isinstance(predictors, list) and predictors and not attribute(final, "do_early_stopping_"):
        return int(predictors[0][0].nodes["count"][0])
    return None


def _refitted(model: Any, sides: Sides, budget: Budget) -> bool | None:
    """True when a refit on both sides learns the same and one on the training rows does not; `None` unknown."""
    fitted = attribute(model, "best_estimator_")
    fitted = model if fitted is None else fitted
    if type(final_estimator(fitted)).__module__.partition(".")[0] not in HOMES:
        return None
    mine = _model_learnt(fitted)
    if not mine or sides.y_train is None or sides.y_test is None:
        return None
    try:
        alone = _model_learnt(refitted(fitted, sides.X_train, sides.y_train, budget))
        likeness = compare(mine, alone)
        if likeness.alike or not likeness.different:
            return False
        X = frames.stacked(sides.X_train, sides.X_test)
        y = np.concatenate([frames.labels(sides.y_train), frames.labels(sides.y_test)])
        return _nearer(mine, _model_learnt(refitted(fitted, X, y, budget)), alone)
    except TooDear:
        return None
    except Exception as error:
        if type(error).__name__ == "Cancelled":
            raise
        return None


def _nearer(mine: dict[str, Any], both: dict[str, Any], alone: dict[str, Any]) -> bool:
    """Equal to the refit on both sides, but for what a solver leaves open when the rows stand in another order."""
    told = False
    for name, value in mine.items():
        if name not in both or name not in alone:
            continue
        near, far = distance(value, both[name]), distance(value, alone[name])
        if near > SAME and (near > 1e-3 or near > 0.02 * far):
            return False
        told |= far >= DIFFERENT
    return told


def _model_learnt(model: Any) -> dict[str, Any]:
    """Learnt numbers of all steps; a tree by its thresholds."""
    found = learnt(model)
    found.pop("classes_", None)
    final = final_estimator(model)
    tree = attribute(final, "tree_")
    if tree is not None:
        found["tree_.threshold"] = np.asarray(tree.threshold, dtype=float)
        found["tree_.value"] = np.asarray(tree.value, dtype=float).ravel()
    return {k: v for k, v in found.items() if not k.endswith("classes_")}
