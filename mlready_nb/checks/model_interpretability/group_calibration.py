"""Whether an answer means the same whoever it is about: precision and calibration by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.checks.model_interpretability.group_gaps import (
    LISTED,
    WORDS,
    Gap,
    enough_for,
    is_class,
    low_of,
    mean_gaps,
    share_gaps,
    shown,
)
from mlready_nb.checks.model_interpretability.groups_of import Grouping, comparisons, groupings, too_small
from mlready_nb.derived import matching
from mlready_nb.finding import Finding, Table, inconclusive, not_applicable, passed, warned
from mlready_nb.metrics import calibration, groups, intervals
from mlready_nb.metrics import classification as c
from mlready_nb.subjects import Task

Array = np.ndarray[Any, Any]


@check("INT-02.1", tasks=(Task.BINARY,))
def group_calibration(
    sensitive_features: Mapping[str, Any],
    y_test: Any,
    y_pred: Any,
    class_names: Any = None,
    y_proba: Any = None,
    *,
    max_difference: float = 0.1,
    min_group: int = 30,
) -> Finding:
    """Precision by group (predictive parity), and how far the probabilities are off in each group.

    What it measures: Precision by group with Wilson's interval, and the mean of observed minus predicted probability
    (calibration in the large) with Welch's; the expected calibration error of each group beside them. It warns when the
    largest gap between two groups lies beyond `max_difference`, interval (widened for the number of comparisons) and
    all; it never fails, because precision follows the base rates.

    Why it matters: A score of 0.7 that comes true in 0.8 of one group and 0.55 of another misprices one of them;
    calibration within groups and equal error rates cannot all hold where base rates differ (Chouldechova 2017, Kleinberg
    et al. 2017), so somebody has to choose.

    Blind spots: Groups with fewer than `min_group` positive answers (rows, for calibration) are left out. Labels may
    carry the unfairness themselves.

    How to mend: Calibrate by group where the law lets you use the attribute; add what explains the group's base rate;
    collect rows of the group that is off.
    """
    matching(y_test, y_pred)
    columns, _ = groupings(sensitive_features, len(y_test))
    if not columns:
        return not_applicable("each sensitive column has one group only in the test set")
    classes = c.classes_of(y_test, y_pred, known=class_names)
    if len(classes) != 2:
        return inconclusive(f"the test set and the answers hold {len(classes)} classes; two are needed")
    true, said = is_class(y_test, classes[1]), is_class(y_pred, classes[1])
    proba = y_proba[:, 1] if y_proba is not None and y_proba.shape[1] == 2 else None
    z = intervals.quantile(comparisons(columns, 1 if proba is None else 2, min_group))
    gaps: list[Gap] = []
    tables = []
    for of in columns:
        hits, trials = groups.precisions(groups.count(of.codes, true, said, len(of.levels)))
        gaps += share_gaps(of, "precision", hits, trials, z, min_group)
        if proba is not None:
            gaps += mean_gaps(of, "calibration", true - proba, z, min_group)
        tables.append(_table(of, true, said, proba))
    measured = {f"{g.rate}_difference ({g.column})": g.difference for g in gaps if g.largest}
    measured |= {f"{g.rate}_ratio ({g.column})": g.ratio for g in gaps if g.largest and g.ratio}
    rest: dict[str, Any] = {"measured": dict(list(measured.items())[:40]), "tables": tuple(tables[:8])}
    few = too_small(columns, min_group)
    surely = sorted((g for g in gaps if low_of(g) > max_difference), key=lambda g: -low_of(g))
    if surely:
        others = len({(g.column, g.rate) for g in surely}) - 1
        more = f"; {others} more gaps beyond {max_difference:g}" if others else ""
        return warned(
            f"{surely[0]}: the same answer does not mean the same{more}{few}",
            remedy="Compare the base rates of the two groups; add what explains them, or calibrate by group where that is lawful.",
            **rest,
        )
    unsure = [g for g in gaps if (g.difference.high or 1) > max_difference]
    if not gaps or unsure:
        why = (
            max(unsure, key=lambda g: g.difference.high or 0)
            if unsure
            else f"no two groups have {min_group} positive answers"
        )
        return inconclusive(
            f"{len(y_test):,} test rows cannot tell: {why}, and the limit is {max_difference:g}; about "
            f"{enough_for(max_difference):,} positive answers in each group would do{few}",
            **rest,
        )
    worst = max(gaps, key=lambda g: g.difference.value)
    return passed(
        f"answers mean the same by {', '.join(o.name for o in columns)}: the largest gap is {worst}{few}", **rest
    )


def _table(of: Grouping, true: Array, said: Array, proba: Array | None) -> Table:
    rows: list[tuple[Any, ...]] = []
    sizes = of.sizes
    for k in np.sort(np.argsort(-sizes, kind="stable")[:LISTED]).tolist():
        mine = of.codes == k
        n, chosen = int(mine.sum()), int((mine & said).sum())
        if n == 0:
            continue
        hits = int((mine & said & true).sum())
        precision = shown(hits / chosen, *intervals.wilson(hits, chosen), chosen) if chosen else None
        row: tuple[Any, ...] = (of.levels[k], precision)
        if proba is not None:
            off = true[mine] - proba[mine]
            mean = shown(float(off.mean()), *intervals.mean_interval(off), n)
            ece = calibration.binned(proba[mine], true[mine].astype(float)).ece
            row = (*row, mean, round(ece, 4))
        rows.append((*row, n))
    head = (
        ("group", "precision", WORDS["calibration"], "ECE", "n") if proba is not None else ("group", "precision", "n")
    )
    return Table(title=f"What an answer means, by {of.name}", columns=head, rows=tuple(rows), chart="intervals")
