"""Labels of a multi-label model on which it is useless while the average looks fine."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, failed, inconclusive, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Task

#: Labels that are listed.
SHOWN = 50


@check("EVA-01.2", "EVA-01.3", tasks=(Task.MULTILABEL,))
def weak_labels(
    y_test: Any, y_pred: Any, raw_labels: Any = None, *, min_recall: float = 0.3, dead: float = 0.1
) -> Finding:
    """Precision, recall and F1 of each label, and the label that the average hides.

    What it measures: For each label recall and precision with Wilson's interval and F1. A label is weak when the whole
    interval of its recall (widened for the number of labels) lies below `min_recall`, dead when it lies below `dead`;
    it is also dead when nearly every row gets it although less than half have it.

    Why it matters: Micro averages are ruled by the common labels; a rare one can be lost altogether and the average
    hardly moves (Zhang & Zhou 2014).

    Blind spots: A rare label that is hard for everybody is found as well. Labels that depend on each other are looked at
    one by one.

    How to mend: A threshold for each label, chosen on validation rows; more rows of the weak label; class weights.
    """
    matching(y_test, y_pred)
    true, said = np.asarray(y_test) > 0, np.asarray(y_pred) > 0
    if true.ndim != 2 or true.shape != said.shape:
        return inconclusive(
            f"the labels have the shape {true.shape} and the predictions {said.shape}: they cannot be compared"
        )
    n, k = true.shape
    names = _names(raw_labels, k)
    support, chosen, hits = true.sum(axis=0), said.sum(axis=0), (true & said).sum(axis=0)
    z = intervals.quantile(k)
    bounds = np.array([intervals.wilson(float(hits[j]), float(support[j]), z) for j in range(k)])
    rows = tuple(_row(names[j], int(hits[j]), int(support[j]), int(chosen[j])) for j in range(k))
    table = Table(
        title="Results by label",
        columns=("label", "recall", "precision", "F1", "n"),
        rows=tuple(sorted(rows, key=lambda r: -1.0 if r[1] is None else r[1].value))[:SHOWN],
        chart="intervals",
        note=f"the {SHOWN} weakest of {k:,}" if k > SHOWN else None,
    )
    present = [j for j in range(k) if support[j] > 0]
    flooded = [j for j in present if chosen[j] > 0.95 * n and support[j] < 0.5 * n]
    weak = [j for j in present if bounds[j, 1] < min_recall]
    lost = [j for j in weak if bounds[j, 1] < dead] + flooded
    rest: dict[str, Any] = {
        "measured": {"labels": len(present), "weak": len(weak), "dead": len(lost)},
        "tables": (table,),
    }
    if not present:
        return inconclusive(f"none of the {k} labels occurs in the {n:,} test rows", **rest)
    if weak or lost:
        j = (lost or sorted(weak, key=lambda i: bounds[i, 1]))[0]
        what = (
            f"is given to {chosen[j] / n:.0%} of the rows and true of {support[j] / n:.0%}"
            if j in flooded
            else f"has a recall of {rows[j][1]} on {int(support[j]):,} rows (limit {min_recall:g})"
        )
        return (failed if lost else warned)(
            f"{len({*weak, *lost})} of {len(present)} labels fall behind: {names[j]!r} {what}",
            remedy="Choose a threshold for each label on validation rows, and train with weights or more rows of the weak ones.",
            **rest,
        )
    unsure = [j for j in present if bounds[j, 0] < min_recall <= bounds[j, 1] and hits[j] < min_recall * support[j]]
    worst = min(present, key=lambda j: (hits[j] / support[j], j))
    said_ = f"the lowest recall is {rows[worst][1]} ({names[worst]!r}, {int(support[worst]):,} rows)"
    if unsure:
        return inconclusive(
            f"{len(unsure)} of {len(present)} labels cannot be judged: {said_}, and the limit is {min_recall:g}", **rest
        )
    return passed(f"no label falls behind: {said_}", **rest)


def _row(name: str, hits: int, support: int, chosen: int) -> tuple[Any, ...]:
    recall, precision = (
        Estimate(value=hits / of, low=ends[0], high=ends[1], n=of, method="wilson") if of else None
        for of, ends in ((support, intervals.wilson(hits, support)), (chosen, intervals.wilson(hits, chosen)))
    )
    low, high = intervals.f1(hits, support + chosen - 2 * hits)
    f1 = (
        Estimate(value=2 * hits / (support + chosen), low=low, high=high, n=support, method="wilson")
        if support + chosen
        else None
    )
    return name, recall, precision, f1, support


def _names(raw_labels: Any, k: int) -> list[str]:
    """Column names of the labels' frame, else their positions."""
    from mlready_nb import frames

    for raw in (raw_labels or {}).values():
        if frames.is_frame(raw) and frames.n_columns(raw) == k:
            return list(frames.column_names(raw))
    return [f"label {j}" for j in range(k)]
