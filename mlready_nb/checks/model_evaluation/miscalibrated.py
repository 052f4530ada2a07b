"""Probabilities that do not mean what they say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Outcome, Table, inconclusive, not_applicable, passed, warned
from mlready_nb.metrics import calibration, intervals
from mlready_nb.metrics import classification as c
from mlready_nb.subjects import Task

Array = np.ndarray[Any, Any]


@check("EVA-01.1", tasks=(Task.BINARY, Task.MULTICLASS))
def miscalibrated(
    y_test: Any, y_pred: Any, class_names: Any = None, y_proba: Any = None, *, max_ece: float = 0.1, bins: int = 10
) -> Finding:
    """Expected calibration error, the parts of the Brier score, and the reliability curve.

    What it measures: The expected calibration error (ECE) over ten bins of equally many rows (fewer below 150
    rows): of the positive class's
    probability for two classes, of the highest probability (top label) for more, with the mean over the classes beside
    it. It warns when the ECE is above `max_ece` and above what a perfectly calibrated model shows on so few rows (99 %
    of 1,000 draws). The interval is the basic bootstrap's, which takes off the upward bias of small bins. The Brier
    score is taken apart into reliability, resolution and uncertainty (Murphy 1973).

    Why it matters: Whoever sets a threshold, a price or a queue by a probability trusts it to be one; models that are
    accurate are often badly calibrated (Guo et al. 2017; no cut for the ECE is agreed upon, 0.05 and 0.1 are customary).

    Blind spots: A mean over bins: a rare region that is off is diluted. Weighting classes or resampling moves all
    probabilities on purpose; then only their order may be used.

    How to mend: CalibratedClassifierCV on rows that the model was not trained on (isotonic from some 1,000 rows, sigmoid
    below); leave class weights out, or correct for them.
    """
    matching(y_test, y_pred)
    if y_proba is None:
        return not_applicable("the model gives no probabilities, so there is nothing to be calibrated")
    classes = c.classes_of(y_test, y_pred, known=class_names)
    true, k = c.encode(y_test, classes), y_proba.shape[1]
    if len(classes) > k or not len(true):
        return inconclusive(
            f"the test set holds {len(classes):,} classes and the probabilities are of {k:,}", points=_point()
        )
    if k == 2:
        proba, hit, of = y_proba[:, 1], true == 1, f"P({classes[1]!s})" if len(classes) == 2 else "P(positive)"
    else:
        top = np.argmax(y_proba, axis=1)
        proba, hit, of = y_proba[np.arange(len(true)), top], true == top, "the highest probability"
    found = calibration.binned(proba, hit.astype(float), bins)
    low, high = calibration.ece_interval(found)
    chance = float(np.quantile(calibration.ece_by_chance(found), calibration.CHANCE))
    ece = Estimate(value=found.ece, low=low, high=high, n=len(true), method="bootstrap, basic")
    measured: dict[str, Any] = {"ece": ece, "bins": len(found.n), "ece_by_chance": chance, "shift": found.shift()}
    measured |= (
        calibration.brier_parts(proba, hit, found) if k == 2 else {"classwise_ece": _classwise(true, y_proba, bins)}
    )
    rest: dict[str, Any] = {"measured": measured, "tables": (_curve(found, of),)}
    said = f"ECE of {of} is {ece} over {len(found.n)} bins of {len(true):,} test rows"
    if found.ece > max_ece and found.ece > chance:
        way = "too high" if found.shift() < 0 else "too low"
        if k == 2 and abs(found.shift()) < 0.5 * found.ece:
            way = "too far from one half" if _overconfident(found) else "too near to one half"
        return warned(
            f"{said}, beyond {max_ece:g} and beyond the {chance:.3f} that chance gives: the probabilities are {way}",
            remedy="Calibrate on rows kept aside: CalibratedClassifierCV(FrozenEstimator(model), method='isotonic')"
            ".fit(X_valid, y_valid); class weights and resampling shift probabilities too.",
            **rest,
        )
    if high > max_ece:
        need = math.ceil(len(true) * (high / max_ece) ** 2)
        return inconclusive(f"{said}: {max_ece:g} lies inside; about {need:,} rows would do", points=_point(), **rest)
    return passed(f"{said} (limit {max_ece:g})", **rest)


def _point() -> dict[str, Outcome]:
    """Several metrics were calculated all the same."""
    return {"EVA-01.1": Outcome.PASS}


def _overconfident(found: calibration.Bins) -> bool:
    away = np.sign(found.predicted - 0.5) * (found.predicted - found.observed)
    return float(found.weights @ away) > 0


def _classwise(true: Array, proba: Array, bins: int) -> float:
    return float(
        np.mean([calibration.binned(proba[:, j], (true == j).astype(float), bins).ece for j in range(proba.shape[1])])
    )


def _curve(found: calibration.Bins, of: str) -> Table:
    rows = []
    for n, predicted, observed in zip(found.n, found.predicted, found.observed, strict=True):
        low, high = intervals.wilson(observed * n, n)
        seen = Estimate(value=round(float(observed), 4), low=round(low, 4), high=round(high, 4), n=int(n))
        rows.append((round(float(predicted), 4), seen, round(float(predicted), 4)))
    return Table(
        title=f"Reliability of {of}",
        columns=("mean probability", "came true", "perfect"),
        rows=tuple(rows),
        chart="curve",
        note="bins of equally many rows, Wilson's intervals",
    )
