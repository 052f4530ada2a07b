"""Kinds of rows on which the model is worse than its own answers let expect."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.checks.declare import Cost, check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, failed, inconclusive, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals, slices
from mlready_nb.subjects import Budget, Task

Array = np.ndarray[Any, Any]

#: Test rows and columns that are looked at, at most.
ROWS, COLUMNS = 50_000, 60
#: Test rows below which halves show nothing.
FEW = 120


@check("EVA-04.1", "EVA-04.2", cost=Cost.MODERATE, tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def weak_slices(
    predictor: Predictor,
    X_test: Any,
    y_test: Any,
    y_pred: Any,
    budget: Budget,
    y_proba: Any = None,
    *,
    min_gap: float = 0.1,
    fail_gap: float = 0.3,
    alpha: float = 0.1,
    min_share: float = 0.02,
) -> Finding:
    """Slices of one and two columns, and leaves of a shallow tree, in which the errors pile up.

    What it measures: Every column is cut into at most five bins (twelve categories); slices are single bins, crossings
    of two, and the leaves of a tree of depth three on the errors. Each row's error is held against the mean error of
    rows with about the same answer (ten bins of the highest probability, or of the predicted number), so that a slice
    that is hard and known to be hard does not count. Slices are looked for on a random half of the test rows and
    confirmed on the other half: Benjamini-Hochberg at `alpha`, at least `min_gap` more errors than elsewhere (for a
    regression: errors larger by ten times that share of the mean absolute error), and an interval, widened for all that
    were confirmed, above half of that. It fails when
    the whole interval lies beyond `fail_gap`. A category or an end of a number in which the model is wrong that much more often and has less
    than half the skill it has elsewhere (2 AUC - 1, or errors saved against the commonest class) is a warning too.

    Why it matters: Errors come in clusters: a branch, a device, an age group that the training data hardly held (Chung
    et al. 2019, Slice Finder; Eyuboglu et al. 2022).

    Blind spots: Only slices of the model's own columns; slices below `min_share` of the test rows cannot be confirmed.
    Where the model is unsure, right to be so and still tells something apart, nothing is said.

    How to mend: Look at labels and features of the slice first; then more training rows of it, or a feature that tells
    its rows apart; until then, do not answer there.
    """
    matching(y_test, y_pred)
    n = len(y_test)
    rows = np.arange(n)
    if n > ROWS:
        rows = np.sort(np.random.default_rng(0).choice(n, ROWS, replace=False))
        X_test = frames.take(X_test, rows)
    sampled = (len(rows), n) if len(rows) < n else None
    loss, answer, unit = _losses(predictor, y_test[rows], y_pred[rows], None if y_proba is None else y_proba[rows])
    share = unit == "errors"
    if n < FEW or not np.isfinite(loss).all() or (not share and float(loss.sum()) == 0):
        why = f"{n:,} test rows are too few to look for slices on one half and confirm them on the other; some {4 * FEW:,} would do"
        return inconclusive(why if n < FEW else "the errors of the test rows cannot be told apart")
    columns = [
        slices.Binned(name=name, codes=codes, labels=labels)
        for name, (codes, labels) in frames.binned(X_test, COLUMNS).items()
    ]
    budget.check()
    if not columns:
        return inconclusive("no column of the test set can be cut into slices (ids, free text or one value only)")
    first = np.random.default_rng(intervals.SEED).permutation(len(rows)) < len(rows) // 2
    least = max(25, math.ceil(min_share * len(rows) / 2))
    gap_, hard_ = (min_gap, fail_gap) if share else (10 * min_gap, 10 * fail_gap)
    found = slices.weakest(
        columns, loss, slices.expected_loss(answer, loss), first, min_rows=least, min_excess=gap_ / 2
    )
    weak = [s for s in found if s.p_value <= alpha and s.excess >= gap_ and s.low > gap_ / 2]
    overall = float(loss.mean())
    measured = {"rows": len(rows), "columns": len(columns), "slices_confirmed": len(weak), "overall": overall}
    tables = (_table(found[:10], unit),) if found else ()
    rest: dict[str, Any] = {"measured": measured, "tables": tables, "sampled": sampled}
    looked = f"{len(columns):,} columns, their pairs and a shallow tree, on {len(rows):,}{f' of {n:,}' if sampled else ''} test rows"
    unable = (
        [] if weak or not share else _blind(predictor, columns, y_test[rows], loss, answer, y_proba, least, min_gap)
    )
    if unable:
        b = unable[0]
        return warned(
            f"where {b.name} the model tells next to nothing apart: {b.wrong:.0%} errors against {b.wrong_elsewhere:.0%} elsewhere, "
            f"skill {b.skill:.2f} (at most {b.high:.2f}) against {b.elsewhere:.2f} (n = {b.n:,})",
            remedy=f"Look at rows where {b.name}: labels given at random, a feature that is missing there; do not answer there.",
            **{**rest, "measured": {**measured, "worst_skill": b.skill}},
        )
    if not weak:
        low = 2 * intervals.Z * math.sqrt(max(float(loss.var()), 1e-9) / least)
        if share and low > 4 * min_gap:
            return inconclusive(
                f"{len(rows):,} test rows are too few to see a slice of {min_share:.0%}: less than {low:.0%} more errors does not show",
                **rest,
            )
        return passed(f"no slice stands out: looked at {looked}", **rest)
    worst = weak[0]
    excess = Estimate(value=worst.excess, low=worst.low, high=worst.high, n=worst.n, method="welch, corrected")
    rate = (
        f"{worst.inside:.0%} errors against {worst.outside:.0%} elsewhere"
        if share
        else f"{worst.inside:.2f} times the mean absolute error against {worst.outside:.2f} elsewhere"
    )
    more = f"; {len(weak) - 1} more slices" if len(weak) > 1 else ""
    return (failed if worst.low > hard_ else warned)(
        f"where {worst} the model has {rate}, {excess} more than its answers let expect (n = {worst.n:,} confirming rows, "
        f"limit {gap_:g}){more}",
        remedy=f"Look at rows where {worst}: labels, gaps, how many training rows there are; then train on more of them.",
        **{**rest, "measured": {**measured, "worst_excess": excess}},
    )


def _blind(
    predictor: Predictor,
    columns: list[slices.Binned],
    y: Array,
    wrong: Array,
    answer: Array,
    proba: Array | None,
    least: int,
    min_gap: float,
) -> list[slices.Blind]:
    classes = c.classes_of(y, known=predictor.class_names)
    two = len(classes) == 2 and proba is not None and proba.shape[1] == 2
    true = c.encode(y, classes)
    return slices.blind(columns, true, wrong, answer if two else None, min_rows=2 * least, min_gap=min_gap)


def _losses(predictor: Predictor, y: Array, said: Array, proba: Array | None) -> tuple[Array, Array, str]:
    """(loss of each row, the answer that lets expect it, unit)."""
    if predictor.task is Task.REGRESSION:
        said = np.asarray(said, dtype=float)
        errors = np.abs(np.asarray(y, dtype=float) - said)
        typical = float(errors.mean())
        return errors / typical if typical > 0 else errors, said, "mean absolute errors"
    classes = c.classes_of(y, said, known=predictor.class_names)
    codes = c.encode(said, classes)
    wrong = (c.encode(y, classes) != codes).astype(float)
    if proba is None:
        return wrong, codes.astype(float), "errors"
    return wrong, (proba[:, 1] if proba.shape[1] == 2 else proba.max(axis=1)), "errors"


def _table(found: list[slices.Slice], unit: str) -> Table:
    rows = tuple(
        (
            str(s),
            Estimate(value=round(s.excess, 4), low=round(s.low, 4), high=round(s.high, 4), n=s.n),
            round(s.inside, 4),
            round(s.outside, 4),
            s.n,
            float(f"{s.p_value:.3g}"),
        )
        for s in found
    )
    head = ("slice", "more than expected", f"{unit} inside", "elsewhere", "n", "p, adjusted")
    return Table(
        title="Slices with the most errors",
        columns=head,
        rows=rows,
        chart="intervals",
        note="on the confirming half; Welch's intervals, widened for all that were confirmed",
    )
