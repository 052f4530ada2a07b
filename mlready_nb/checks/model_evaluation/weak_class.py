"""Classes on which the model is useless while the average looks fine."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Measure, Table, failed, inconclusive, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Task

#: Classes drawn in the confusion matrix; more cannot be read.
DRAWN = 20


@check("EVA-01.2", "EVA-01.3", tasks=(Task.BINARY, Task.MULTICLASS))
def weak_class(
    y_test: Any,
    y_pred: Any,
    class_names: Any = None,
    *,
    min_recall: float = 0.5,
    relative: float = 0.75,
    dead: float = 0.1,
) -> Finding:
    """Precision, recall and F1 of each class, and the class that the average hides.

    What it measures: For each class precision and recall with Wilson's interval and F1 with the one that follows from
    it; the confusion matrix. A class is weak when the whole interval of its recall, widened for the number of classes,
    lies below `min_recall` and below `relative` times the accuracy (or below half of chance); it is dead when it lies
    below `dead`.

    Why it matters: With 95 % of one class, a model that never finds the other is 95 % accurate (Brodersen et al.
    2010, on balanced accuracy).

    Blind spots: A low precision that was chosen (screening) is shown, not judged. Classes that the test set lacks
    cannot be judged. In a hard task with many classes all recalls may be low together: that is not weakness of one.

    How to mend: Weight the classes, move the threshold on the validation set, collect rows of the weak class; score
    with balanced accuracy or F1 while tuning.
    """
    matching(y_test, y_pred)
    classes = c.classes_of(y_test, y_pred, known=class_names)
    counts = c.confusion(c.encode(y_test, classes), c.encode(y_pred, classes), len(classes))
    precision, recall, f1, support = c.per_class(counts)
    predicted = counts.sum(axis=0)
    names = [str(k) for k in classes]
    present = [k for k in range(len(names)) if support[k] > 0]
    if len(present) < 2:
        return inconclusive(
            f"all {len(y_test):,} test rows are of the class {names[present[0]]!r}: no class can be held against another",
            remedy="Test on rows of every class: train_test_split(X, y, stratify=y).",
        )
    strict = intervals.quantile(len(present))
    rows: list[tuple[Measure, ...]] = []
    bounds, sure = [], []
    for k, name in enumerate(names):
        low, high = intervals.wilson(counts[k, k], support[k])
        bounds.append((low, high))
        p_low, p_high = intervals.wilson(counts[k, k], predicted[k])
        f_low, f_high = intervals.f1(counts[k, k], support[k] + predicted[k] - 2 * counts[k, k])
        sure.append(intervals.wilson(counts[k, k], support[k], strict)[1])
        rows.append(
            (
                name,
                Estimate(value=recall[k], low=low, high=high, n=int(support[k]), method="wilson"),
                Estimate(value=precision[k], low=p_low, high=p_high, n=int(predicted[k]), method="wilson"),
                Estimate(value=f1[k], low=f_low, high=f_high, n=int(support[k]), method="wilson of Jaccard"),
                int(support[k]),
            )
        )
    accuracy = float(c.accuracy(counts))
    limit = max(min(min_recall, relative * accuracy), 0.5 / len(present))  # a class below half of chance is lost anyhow
    weak = [k for k in present if sure[k] < limit]
    lost = [k for k in weak if sure[k] < dead]
    unsure = [k for k in present if bounds[k][0] < limit and k not in weak]
    tables = (
        Table(
            title="Results by class",
            columns=("class", "recall", "precision", "F1", "n"),
            rows=tuple(rows[:50]),
            chart="intervals",
        ),
        *_confusion(names, counts),
    )
    worst = min(present, key=lambda k: (recall[k], k))
    measured = {
        "accuracy": accuracy,
        "classes": len(present),
        "worst_class": names[worst],
        "worst_recall": rows[worst][1],
    }
    if lost or weak:
        k = min(weak, key=lambda j: bounds[j][1])
        pair = _mistaken_for(counts, k, names)
        return (failed if lost else warned)(
            f"{len(weak)} of {len(present)} classes fall behind: recall of {names[k]!r} is {rows[k][1]} on {int(support[k]):,} rows "
            f"while the accuracy is {accuracy:.3f}{pair}",
            measured=measured,
            tables=tables,
            remedy="Train with class_weight='balanced' or on more rows of this class, choose the threshold on the validation set, "
            "and tune by balanced accuracy.",
        )
    if unsure:
        k = min(unsure, key=lambda j: support[j])
        return inconclusive(
            f"{len(unsure)} of {len(present)} classes cannot be judged, {names[k]!r} for one: recall {rows[k][1]} on {int(support[k]):,} rows; "
            f"about {_enough(recall[k], limit):,} rows of it would do",
            measured=measured,
            tables=tables,
            remedy="Collect test rows of the rare classes, or merge classes that nobody needs apart.",
        )
    return passed(
        f"no class falls behind: the lowest recall is {rows[worst][1]} ({names[worst]!r}, {int(support[worst]):,} rows)",
        measured=measured,
        tables=tables,
    )


def _confusion(names: list[str], counts: Any) -> tuple[Table, ...]:
    if len(names) > DRAWN:
        off = counts.copy()
        np.fill_diagonal(off, 0)
        top = np.argsort(off, axis=None)[::-1][:DRAWN]
        pairs = [(names[i // len(names)], names[i % len(names)], int(off.flat[i])) for i in top if off.flat[i]]
        return (Table(title="Commonest confusions", columns=("true", "predicted", "rows"), rows=tuple(pairs)),)
    rows: tuple[tuple[Measure, ...], ...] = tuple(
        (name, *(int(n) for n in row)) for name, row in zip(names, counts, strict=True)
    )
    return (Table(title="Confusion matrix", columns=("true", *names), rows=rows, chart="confusion"),)


def _mistaken_for(counts: Any, k: int, names: list[str]) -> str:
    others = counts[k].copy()
    others[k] = 0
    j = int(np.argmax(others))
    return f"; mostly taken for {names[j]!r}" if others[j] else ""


def _enough(recall: float, limit: float) -> int:
    """Rows at which Wilson's interval around this recall would leave the limit out."""
    gap = max(abs(recall - limit), 0.05)
    variance = max(recall * (1 - recall), 0.05)
    return max(10, math.ceil(intervals.Z**2 * variance / gap**2))
