"""How much better the model is on what it was trained on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb.adapters import Predictor
from mlready_nb.checks.declare import check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, inconclusive, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals, regression
from mlready_nb.subjects import Task

#: Ensembles whose members have seen each row: their training score says nothing.
BAGGED = ("RandomForest", "ExtraTrees", "Bagging")

#: Rows below which R² gets no interval.
FEW = 10


@check("TRN-02.2", tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def train_test_gap(
    predictor: Predictor,
    y_train: Any,
    y_pred_train: Any,
    y_test: Any,
    y_pred: Any,
    y_valid: Any = None,
    y_pred_valid: Any = None,
    *,
    max_gap: float = 0.03,
    max_relative_gap: float = 0.1,
) -> Finding:
    """Score on the training set minus score on the test set.

    What it measures: Balanced accuracy (R² for a regression) on both sides (and on validation rows where there are some), and the 95 % interval of their difference,
    combined from Wilson's (from the bootstrap's for R²). It warns when the whole interval lies beyond `max_gap` and beyond `max_relative_gap` times the
    training score. It never fails on the gap alone: what counts is the test score.

    Why it matters: A gap says that part of what was learnt are the rows themselves; the next change of the data will
    take it away.

    Blind spots: Bagged trees (random forests) fit their own rows by design; for them the gap is shown, not judged.
    Data augmentation, dropout and class weights move the training score too. A leak makes the gap vanish.

    How to mend: Regularise, prune, stop early on a validation set, add rows; look at the learning curve.
    """
    matching(y_train, y_pred_train, "train")
    matching(y_test, y_pred)
    if predictor.task is Task.REGRESSION:
        name, how, (train, test, (low, high)) = "R²", "bootstrap", _regression(y_train, y_pred_train, y_test, y_pred)
    else:
        name, how = "balanced accuracy", "wilson, combined"
        train, test, (low, high) = _classification(y_train, y_pred_train, y_test, y_pred)
    gap = train - test
    if not np.isfinite([train, test, low, high]).all():
        return inconclusive(
            f"{name} cannot be compared: {len(y_train):,} training and {len(y_test):,} test rows, which are too few or have "
            "not two classes (or values) in common"
        )
    limit = max(max_gap, max_relative_gap * abs(train))
    measured = {
        "train": train,
        "test": test,
        "gap": Estimate(value=gap, low=low, high=high, n=len(y_test), method=how),
    }
    rows = [("training", train, len(y_train)), ("test", test, len(y_test))]
    spent = None
    if y_valid is not None and y_pred_valid is not None and len(y_valid) == len(y_pred_valid):
        compare = _regression if predictor.task is Task.REGRESSION else _classification
        valid, same, (v_low, v_high) = compare(y_valid, y_pred_valid, y_test, y_pred)
        if np.isfinite([valid, same, v_low, v_high]).all():
            rows.insert(1, ("validation", valid, len(y_valid)))
            measured["validation"] = valid
            spent = Estimate(value=valid - same, low=v_low, high=v_high, n=len(y_valid) + len(y_test), method=how)
    tables = (Table(title=f"{name[0].upper()}{name[1:]} on both sides", columns=("side", name, "n"), rows=tuple(rows)),)
    said = f"{name} is {train:.3f} on training and {test:.3f} on test rows: a gap of {measured['gap']}"
    kind = type(predictor.info.final).__name__
    if low > limit and kind.startswith(BAGGED):
        return passed(
            f"{said}; a {kind} fits its own rows by design, so the gap is no evidence: its test score is what counts",
            measured=measured,
            tables=tables,
        )
    if low > limit:
        return warned(
            f"{said} (limit {limit:.3f})",
            measured=measured,
            tables=tables,
            remedy="Regularise more (depth, C, alpha, min_samples_leaf), stop early on a validation set, or train on more rows; "
            "choose by cross-validation, then score once on the test set.",
        )
    if spent is not None and spent.low is not None and spent.low > limit:
        return warned(
            f"{name} is {measured['validation']:.3f} on validation and {test:.3f} on test rows: {spent} less (limit {limit:.3f}), so the "
            "validation rows were fitted too, or the two sets differ",
            measured={**measured, "validation_gap": spent},
            tables=tables,
            remedy="Choose by cross-validation on training and validation rows together; compare how the two sets were drawn.",
        )
    if high > limit and high - low > 2 * limit:
        return inconclusive(
            f"{said}; with {len(y_test):,} test rows the limit of {limit:.3f} lies inside the interval",
            measured=measured,
            tables=tables,
        )
    return passed(f"{said} (limit {limit:.3f})", measured=measured, tables=tables)


def _classification(y_train: Any, p_train: Any, y_test: Any, p_test: Any) -> tuple[float, float, tuple[float, float]]:
    """Mean recall on both sides, over the classes that both have; not finite unless there are two of those."""
    classes = c.classes_of(y_train, p_train, y_test, p_test)
    k = len(classes)
    train, test = (
        c.confusion(c.encode(y, classes), c.encode(p, classes), k) for y, p in ((y_train, p_train), (y_test, p_test))
    )
    there = np.flatnonzero((train.sum(axis=1) > 0) & (test.sum(axis=1) > 0))
    if len(there) < 2:
        return math.nan, math.nan, (math.nan, math.nan)
    sides = [(np.diagonal(m)[there], m.sum(axis=1)[there]) for m in (train, test)]
    one, two = (float((hits / of).mean()) for hits, of in sides)
    (low, high), (low_, high_) = (intervals.mean_of_shares(hits, of) for hits, of in sides)
    ends = intervals.combined(
        np.array([1.0, -1.0]), np.array([one, two]), np.array([low, low_]), np.array([high, high_])
    )
    return one, two, ends


def _regression(y_train: Any, p_train: Any, y_test: Any, p_test: Any) -> tuple[float, float, tuple[float, float]]:
    y_train, y_test = np.asarray(y_train, float), np.asarray(y_test, float)
    if min(len(y_train), len(y_test)) < FEW:  # a bootstrap of a handful of rows sees no spread
        return math.nan, math.nan, (math.nan, math.nan)
    train, test = regression.r2(y_train, p_train), regression.r2(y_test, p_test)
    spread = intervals.bootstrap(regression.r2, y_test, np.asarray(p_test, float))
    wide = intervals.bootstrap(regression.r2, y_train, np.asarray(p_train, float))
    below = np.hypot(spread[1] - test, train - wide[0])
    above = np.hypot(test - spread[0], wide[1] - train)
    return train, test, (train - test - float(below), train - test + float(above))
