"""Equal rows with different labels, beyond what coarse data explain."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Estimate, Finding, Outcome, inconclusive, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.metrics.repeats import Disagreement, disagreement, looks_copied
from mlready_nb.subjects import Task, Unusable

#: Standard errors beyond which equal rows disagree more than nearly equal ones.
CERTAIN = 4.0


@check("DAT-01", "DRQ-01.2", tasks=(Task.BINARY, Task.MULTICLASS))
def conflicting_labels(X_train: Any, y_train: Any, *, max_share: float = 0.005, max_excess: float = 0.1) -> Finding:
    """Training rows that equal another one in every feature and carry another label.

    What it measures: The share of rows in groups of equal features whose labels differ, with Wilson's interval. In
    coarse data that is natural: the features do not decide the label. Where equal rows are copies (rows that agree in
    all columns but one agree in that one too) each conflict is a wrong label, and more than `max_share` warns; in
    coarse data it warns where equal rows disagree more often than rows that are equal but for one column.

    Why it matters: The model cannot be right on both; the score has a ceiling that no tuning lifts (Northcutt et al.
    2021, Pervasive Label Errors).

    Blind spots: A row that stands once cannot be in conflict. Copies with one changed cell are not compared.

    How to mend: Look the groups up at the source, decide which label holds, and drop or merge the rest before the
    split.
    """
    n = frames.n_rows(X_train)
    if n != len(y_train):
        msg = f"X_train has {n:,} rows for {len(y_train):,} labels. Hint: %mlready use X_train=<variable> y_train=<variable>"
        raise Unusable(msg)
    sparse = frames.is_sparse(X_train)
    columns = [frames.row_hashes(X_train)] if sparse else frames.column_hashes(X_train)
    rows = frames.mixed(columns)
    codes, _ = frames.codes(y_train)
    seen = disagreement(rows, codes)
    low, high = intervals.wilson(seen.conflicting, n)
    measured: dict[str, Any] = {
        "rows_in_conflict": Estimate(value=seen.conflicting / n, low=low, high=high, n=n, method="wilson"),
        "groups_in_conflict": seen.groups,
        "ceiling": Estimate(value=1 - seen.minority / n, n=n),
    }
    if not seen.conflicting:
        return passed(
            f"no two of {n:,} training rows are equal in every feature and differ in the label", measured=measured
        )
    said = f"{seen.conflicting:,} of {n:,} training rows ({seen.conflicting / n:.1%}) equal another one in every feature and carry another label"
    remedy = (
        "Look them up: df[df.duplicated(subset=list(X_train.columns), keep=False)].sort_values(list(X_train.columns)); "
        "decide which label holds, drop or merge the rest before the split."
    )
    points = {"DAT-01.4": Outcome.WARN}
    if looks_copied(columns, [], rows):
        if seen.groups >= 3 and low > max_share:
            return warned(
                f"{said}; rows that nearly agree hardly occur, so these are copies that contradict each other (limit {max_share:.1%})",
                measured=measured,
                points=points,
                remedy=remedy,
            )
        if seen.groups >= 3 and high > max_share and seen.conflicting / n > max_share:
            return inconclusive(
                f"{said}; the limit of {max_share:.1%} lies inside the interval", measured=measured, remedy=remedy
            )
        return passed(f"{said} (limit {max_share:.1%})", measured=measured)
    near = _near(columns, rows, codes)
    if near is not None and near.pairs >= 30:
        excess = seen.rate - near.rate
        spread = math.sqrt(seen.variance + near.variance)
        measured |= {"disagreement_of_equal_rows": seen.rate, "disagreement_of_near_rows": near.rate}
        if excess > max_excess and spread > 0 and excess > CERTAIN * spread:
            return warned(
                f"{said}; equal rows disagree in {seen.rate:.0%} of pairs, rows that are equal but for one column in {near.rate:.0%} only",
                measured=measured,
                points=points,
                remedy=remedy,
            )
    return passed(
        f"{said}: natural in data this coarse; the features alone allow an accuracy of {1 - seen.minority / n:.1%} on them at most",
        measured=measured,
    )


def _near(columns: list[Any], rows: Any, codes: Any) -> Disagreement | None:
    """How often rows disagree that are equal in all columns but one."""
    if len(columns) < 3:
        return None
    found = []
    spread = sorted(range(len(columns)), key=lambda i: -len(np.unique(columns[i])))[:3]
    for i in spread:
        rest = frames.mixed([c for j, c in enumerate(columns) if j != i])
        found.append(disagreement(rest, codes, apart=rows))
    return max(found, key=lambda d: d.pairs)
