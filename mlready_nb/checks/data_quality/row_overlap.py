"""The same rows on both sides of the split, against what chance would put there."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.finding import Estimate, Finding, Outcome, Strength, failed, inconclusive, passed, warned
from mlready_nb.leakage.rows.order import refit_after_scoring
from mlready_nb.leakage.rows.repeats import repeats
from mlready_nb.leakage.rows.sides import Sides
from mlready_nb.metrics import intervals
from mlready_nb.metrics.overlap import Overlap
from mlready_nb.subjects import Subjects

#: Chance below which a clear excess is not called fair.
UNLIKELY = 0.01


@check("DAT-03", "EVA-02")
def row_overlap(
    X_train: Any,
    X_test: Any,
    y_train: Any = None,
    y_test: Any = None,
    y_pred: Any = None,
    subjects: Subjects | None = None,
    *,
    max_share: float = 0.01,
    fail_share: float = 0.05,
    certain: float = 1e-4,
) -> Finding:
    """Test rows that also stand in the training set, beyond what chance explains.

    What it measures: Rows of the test set that equal a training row in every column and in the label. Coarse data
    repeat rows by nature, so the share is held against the chance level: how often a training row has a twin among the
    other training rows. Rows copied across the split exceed it. Repeats that stand on both sides as often as within
    the training set are natural where rows that nearly agree are common, and copies made before the split where rows
    agree in everything or not at all. A row with the same index label and the same content is one and the same row.

    Why it matters: On a row that was learnt by heart the model looks better than it is (leak L1.4 of Kapoor &
    Narayanan 2023; overlap of Yang et al. 2022).

    Blind spots: Rows that were rounded, shuffled by column or changed in one cell are not equal. It sees neither
    scaling nor choices made with the test set. Features must be in the same form on both sides.

    How to mend: Drop duplicates before the split, or keep all copies of a row on one side (GroupShuffleSplit with a
    hash of the row as the group); fit and score again.
    """
    found = repeats(X_train, X_test, y_train, y_test, max_share=max_share, certain=certain)
    if found is None:
        return inconclusive("the training and the test set have no column in common: their rows cannot be compared")
    seen, same, low, high = found.seen, found.identical, found.low, found.high
    measured = {
        "shared_rows": seen.shared,
        "test_rows": seen.n,
        "share": Estimate(value=seen.shared / seen.n, low=low, high=high, n=seen.n, method="wilson"),
        "chance_share": seen.expected / seen.n,
        "p_value": seen.p_value,
        "identical_rows": same,
    }
    what = "label and all" if found.labelled else "in every column"
    head = (
        f"{seen.shared:,} of {seen.n:,} test rows ({seen.shared / seen.n:.1%}) also stand in the training set, {what}"
    )
    chance = f"{seen.expected / seen.n:.1%} is what chance gives in these data"
    if seen.shared == 0:
        return passed(
            f"none of the {seen.n:,} test rows stands in the training set", strength=Strength.PROVEN, measured=measured
        )

    excess = low - seen.expected / seen.n
    contaminated, copies = found.contaminated, found.copies
    if not contaminated and not copies:
        if excess > max_share and seen.p_value < UNLIKELY:
            return inconclusive(
                f"{head}; {chance}: more, yet too few rows to tell copies from luck (p = {seen.p_value:.2g})",
                measured=measured,
                remedy="Look at the repeated rows: X_test.merge(X_train.drop_duplicates()).",
            )
        fair = seen.shared <= 2 * seen.expected + 1
        why = "no more than a fair split" if fair else "more, but too few to weigh"
        return passed(f"{head}; {chance}: {why}", measured=measured)

    if subjects is not None and refit_after_scoring(Sides.of(subjects)):
        return passed(
            f"{head}, for the model was fitted on them after it was scored: the score is honest", measured=measured
        )
    beyond = max(excess, same / seen.n) if contaminated else low
    effect = _effect(seen, y_test, y_pred)
    outcome = failed if beyond > fail_share or effect is not None else warned
    points = dict.fromkeys(("DAT-03.1", "EVA-02.1"), Outcome.FAIL if outcome is failed else Outcome.WARN)
    why = f"; {same:,} of them carry the same index label too" if same else f"; {chance}"
    if copies:
        why = "; rows that nearly agree hardly occur, so these are copies made before the split"
    return outcome(
        f"{head}{why}" + (f". {effect}" if effect else ""),
        strength=Strength.PROVEN if same or (contaminated and seen.p_value < 1e-6) else Strength.MEASURED,
        measured=measured,
        points=points,
        remedy="Drop the repeats before splitting: df = df.drop_duplicates(), then train_test_split again, fit and score; "
        "or keep every copy on one side with GroupShuffleSplit.",
    )


def _effect(seen: Overlap, y_test: Any, y_pred: Any) -> str | None:
    """What the shared rows do to the score, where it is certain: one sentence, else `None`."""
    if y_test is None or y_pred is None or np.ndim(y_test) != 1 or len(y_pred) != seen.n or seen.shared in (0, seen.n):
        return None
    if np.asarray(y_pred).dtype.kind == "f" and len(np.unique(y_test)) > 20:
        return None
    right = np.asarray(y_test == y_pred)
    hits, fresh = int(right[seen.mask].sum()), int(right[~seen.mask].sum())
    low, _ = intervals.newcombe(hits, seen.shared, fresh, seen.n - seen.shared)
    everywhere, unseen = right.mean(), fresh / (seen.n - seen.shared)
    if low <= 0 or everywhere - unseen < 0.01:
        return None
    return f"Without them the accuracy is {unseen:.3f}, with them {everywhere:.3f}"
