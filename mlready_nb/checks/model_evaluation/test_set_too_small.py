"""Whether the test set is large enough for the claim."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.finding import Estimate, Finding, Outcome, inconclusive, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Task


@check("EVA-02.3")
def test_set_too_small(
    scores: dict[str, Estimate],
    y_test: Any,
    y_pred: Any,
    task: Task,
    *,
    max_half_width: float = 0.05,
    max_class_half_width: float = 0.15,
) -> Finding:
    """How wide the interval of the headline metric is, and the smallest difference this test set could show.

    What it measures: Half the width of the 95 % interval of accuracy (R² for a regression), the same for the recall
    of the rarest class, and the smallest difference between two models that this many rows can show with a
    power of 80 % (two independent proportions, Fleiss et al. 2003).

    Why it matters: On 100 rows, 0.90 and 0.82 are the same number; models are chosen and goals are missed by luck.

    Blind spots: Rows that hang together (of one patient, one day) count for less than their number.

    How to mend: Test on more rows, of the rarest class first; use repeated cross-validation where data are scarce.
    """
    n = len(y_test)
    head = "r2" if task is Task.REGRESSION else "subset_accuracy" if task is Task.MULTILABEL else "accuracy"
    found = scores.get(head)
    if found is None and task is Task.REGRESSION and n >= 2:
        return inconclusive(
            f"all {n:,} test rows have the same target value: no {head} can be taken, so its width says nothing",
            measured={"n": n},
        )
    if found is None or found.low is None or found.high is None:
        return warned(f"{n:,} test rows are too few for an interval at all", measured={"n": n})
    half = (found.high - found.low) / 2
    measured: dict[str, Any] = {"n": n, "half_width": half}
    said = f"{head} is known to ±{half:.3f} on {n:,} test rows"
    small = ""
    if task is not Task.REGRESSION:
        spread = math.sqrt(2 * found.value * (1 - found.value) / n) or math.sqrt(0.5 / n)
        measured["smallest_difference"] = difference = min(1.0, (intervals.Z + 0.8416) * spread)
        said += f"; differences below {difference:.3f} do not show"
    if task in (Task.BINARY, Task.MULTICLASS):
        classes, counts = np.unique(y_test, return_counts=True) if y_test.dtype.kind != "O" else _counts(y_test)
        k = int(np.argmin(counts))
        low, high = intervals.wilson(int(np.asarray(y_pred[y_test == classes[k]] == classes[k]).sum()), counts[k])
        measured["rarest_class_n"], measured["rarest_class_half_width"] = int(counts[k]), (high - low) / 2
        if (high - low) / 2 > max_class_half_width:
            small = f"; the rarest class {str(classes[k])!r} has {int(counts[k]):,} rows, its recall is known to ±{(high - low) / 2:.2f}"
    if half > max_half_width or small:
        return warned(
            f"{said}{small} (limit ±{max_half_width:g}, ±{max_class_half_width:g} for a class)",
            measured=measured,
            remedy="Test on more rows (half the width takes four times the rows), or report repeated cross-validation.",
            points={"EVA-02.3": Outcome.WARN},
        )
    return passed(said, measured=measured)


def _counts(y: Any) -> tuple[Any, Any]:
    values = list(dict.fromkeys(y.tolist()))
    return values, np.array([int((y == v).sum()) for v in values])
