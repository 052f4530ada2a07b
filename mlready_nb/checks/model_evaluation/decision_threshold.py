"""Precision, recall and selection rate over the thresholds, and whether the one in use is a sensible one."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, inconclusive, not_applicable, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Task

Array = np.ndarray[Any, Any]

GRID = tuple(round(0.05 * i, 2) for i in range(1, 20))
#: Rows of the rarer class below which no threshold can be judged.
FEW = 20


@check("EVA-01.1", tasks=(Task.BINARY,))
def decision_threshold(
    y_test: Any, y_pred: Any, class_names: Any = None, y_proba: Any = None, *, min_gain: float = 0.2
) -> Finding:
    """Precision, recall, F1 and selection rate from 0.05 to 0.95, and what another threshold would gain.

    What it measures: The four rates at nineteen thresholds. The threshold with the best F1 is looked for on one random
    half of the test rows and held against the model's own answers on the other half; it warns when F1 is at least
    `min_gain` better there and the 95 % interval of the gain (bootstrap) lies above half of that, and when it tells
    the classes apart better too (true minus false positive rate): F1 alone is won by calling everything positive. A rare class that is well
    predicted often gains a tenth; that is shown, not judged.

    Why it matters: 0.5 is right when both errors cost the same and the probabilities are calibrated; with a rare class
    it mostly finds nothing (Lipton et al. 2014: the best threshold for F1 is half the best F1).

    Blind spots: F1 stands in for the real costs, which only you know. The table is of the test set: choose the
    threshold on validation rows, or the test set is spent.

    How to mend: TunedThresholdClassifierCV (scikit-learn 1.5), or choose it on the validation set from the costs of the
    two errors.
    """
    matching(y_test, y_pred)
    if y_proba is None or y_proba.shape[1] != 2:
        return not_applicable("the model gives no probabilities, so it has no threshold to be moved")
    classes = c.classes_of(y_test, y_pred, known=class_names)
    true, said, proba = c.encode(y_test, classes) == 1, c.encode(y_pred, classes) == 1, y_proba[:, 1]
    n, ones = len(true), int(true.sum())
    table = Table(
        title="Rates by threshold",
        columns=("threshold", "precision", "recall", "F1", "selection rate"),
        rows=tuple(_row(t, true, proba) for t in GRID),
        chart="curve",
    )
    if min(ones, n - ones) < FEW:
        return inconclusive(
            f"{ones:,} positive and {n - ones:,} negative test rows are too few to judge a threshold ({FEW} of each at least)",
            tables=(table,),
        )
    first = np.zeros(n, dtype=bool)
    for side in (True, False):
        rows = np.random.default_rng(intervals.SEED).permutation(np.flatnonzero(true == side))
        first[rows[: len(rows) // 2]] = True
    best = max(GRID, key=lambda t: _f1(true[first], proba[first] >= t))
    t, other, own = true[~first], proba[~first] >= best, said[~first]
    cells = intervals.multinomial(np.bincount(t * 4 + other * 2 + own, minlength=8))
    gains, better = _gains(cells)
    low, high = intervals.percentiles(gains)
    sharper = intervals.percentiles(better)[0]
    gain = Estimate(value=float(_f1(t, other) - _f1(t, own)), low=low, high=high, n=len(t), method="bootstrap")
    used = _used(proba, said)
    recall = float(said[true].mean())
    measured = {"threshold": used, "best_threshold": best, "f1_gain": gain, "recall": recall}
    now = f"at {used:g}" if used is not None else "with the threshold in use"
    if gain.value >= min_gain and low > min_gain / 2 and sharper > min_gain / 4:
        found = float((proba >= best)[true].mean())
        return warned(
            f"{now} the model finds {recall:.0%} of the positives; at {best:g} it would find {found:.0%}, and F1 would be "
            f"{gain} better on {len(t):,} other test rows (limit {min_gain:g})",
            measured=measured,
            tables=(table,),
            remedy="Choose the threshold on validation rows: TunedThresholdClassifierCV(model, scoring='f1').fit(X_train, y_train).",
        )
    return passed(
        f"{now} recall is {recall:.3f}; the best threshold by F1 is {best:g}, gain {gain} on {len(t):,} other rows "
        f"(limit {min_gain:g})",
        measured=measured,
        tables=(table,),
    )


def _row(threshold: float, true: Array, proba: Array) -> tuple[float | None, ...]:
    said = proba >= threshold
    hits, chosen, ones = int((true & said).sum()), int(said.sum()), int(true.sum())
    precision, recall = (hits / chosen if chosen else None), (hits / ones if ones else None)
    rates: tuple[float | None, ...] = (precision, recall, _f1(true, said), chosen / max(len(true), 1))
    return threshold, *(None if r is None else round(r, 4) for r in rates)


def _f1(true: Array, said: Array) -> float:
    total = int(true.sum()) + int(said.sum())
    return 2 * int((true & said).sum()) / total if total else 0.0


def _gains(cells: Array) -> tuple[Array, Array]:
    """(F1, true minus false positive rate) of the other threshold minus those of the answers in use, by draw.

    Parameters
    ----------
    cells
        (draws, 8) counts over true, other, own.
    """
    table = cells.reshape(-1, 2, 2, 2)
    ones, zeros = table[:, 1].sum(axis=(1, 2)), table[:, 0].sum(axis=(1, 2))
    f1, youden = [], []
    for of in (table.sum(axis=3), table.sum(axis=2)):
        hits, alarms = of[:, 1, 1], of[:, 0, 1]
        f1.append(2 * hits / np.maximum(ones + hits + alarms, 1))
        youden.append(hits / np.maximum(ones, 1) - alarms / np.maximum(zeros, 1))
    return np.asarray(f1[0] - f1[1]), np.asarray(youden[0] - youden[1])


def _used(proba: Array, said: Array) -> float | None:
    """The threshold that the answers follow: 0.5 where that explains them, else the middle of the gap; `None` where none does."""
    if (said == (proba >= 0.5)).all() or (said == (proba > 0.5)).all():
        return 0.5
    if not said.any() or said.all():
        return None
    lowest, highest = float(proba[said].min()), float(proba[~said].max())
    return round((lowest + highest) / 2, 3) if lowest >= highest else None
