"""Whether answers hold when numbers move by less than anybody would notice."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Estimate, Finding, Table, inconclusive, not_applicable, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Budget, Task

Array = np.ndarray[Any, Any]

#: Test rows that are moved; attempts a row at the larger noise.
ROWS, ATTEMPTS = 400, 5
#: Distinct values from which a column of numbers is a quantity and not a code.
QUANTITY = 20
#: Movement below which a whole number stays what it is.
STEP = 0.25


@check("EVA-03.2", "SEC-04.1", cost=Cost.MODERATE, tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def small_perturbations(
    predictor: Predictor,
    X_test: Any,
    budget: Budget,
    *,
    noise: float = 0.01,
    attack: float = 0.1,
    max_flips: float = 0.05,
) -> Finding:
    """Share of answers that change when every quantity moves by a hundredth of its spread, and under the worst of five tries.

    What it measures: Columns of quantities (numbers with 20 or more distinct values) are moved by normal noise of
    `noise` standard deviations: the share of changed labels (for a regression, of answers that move by more than a
    quarter of their spread), with Wilson's interval. It warns beyond `max_flips` (Giskard's limit of 5 %). Then each
    row is moved five times by `attack` standard deviations up or down in every column, and the share that changes in
    any of them is shown, not judged: rows near the threshold change by right. Standard deviations are those of the
    middle half of the values.

    Why it matters: A label that turns on the third decimal of a measurement is a coin's throw, and somebody who gains
    from it finds the coin (Goodfellow et al. 2015; Ribeiro et al. 2020).

    Blind spots: Random tries find fewer flips than an attack that follows gradients. Categories are not changed.
    Columns that depend on one another are moved independently.

    How to mend: Regularise or prune; drop columns that number the rows; average several models; monitor answers near
    the threshold and treat them as undecided.
    """
    if frames.is_sparse(X_test):
        return not_applicable("a sparse table of counts has no quantities to move")
    n = frames.n_rows(X_test)
    rows = np.linspace(0, n - 1, min(n, ROWS)).astype(np.intp)
    moved = _quantities(X_test, noise)
    if not moved:
        return not_applicable(
            f"none of {frames.n_columns(X_test):,} columns is a quantity of {QUANTITY} distinct values or more"
        )
    part = frames.take(X_test, rows)
    base = predictor.predict(part)
    rng = np.random.default_rng(0)
    flips = _changed(predictor, base, predictor.predict(_moved(part, moved, noise, rng, normal=True)))
    attacked, tries = np.zeros(len(rows), dtype=bool), 0
    for _ in range(ATTEMPTS):
        budget.check()
        if budget.left < 0.2 * budget.seconds:
            break
        attacked |= _changed(predictor, base, predictor.predict(_moved(part, moved, attack, rng, normal=False)))
        tries += 1
    count, hit = int(flips.sum()), int(attacked.sum())
    low, high = intervals.wilson(count, len(rows))
    low_hit, high_hit = intervals.wilson(hit, len(rows))
    share = Estimate(value=count / len(rows), low=low, high=high, n=len(rows), method="wilson")
    worst = Estimate(value=hit / len(rows), low=low_hit, high=high_hit, n=len(rows), method="wilson")
    what = (
        "answers move by more than a quarter of their spread" if predictor.task is Task.REGRESSION else "labels change"
    )
    table = Table(
        title="Answers that change",
        columns=("movement", "share", "limit"),
        rows=(
            (f"noise of {noise:g} sd", share, max_flips),
            (f"worst of {tries} tries at {attack:g} sd", worst, None),
        ),
        note=f"{len(moved)} of {frames.n_columns(X_test):,} columns were moved",
    )
    rest: dict[str, Any] = {
        "measured": {"flips": share, "attacked": worst, "columns_moved": len(moved)},
        "tables": (table,),
        "sampled": (len(rows), n) if len(rows) < n else None,
    }
    said = f"{share} of {what} under noise of {noise:g} standard deviations (limit {max_flips:.0%}), {worst} under the worst of {tries} tries at {attack:g}"
    if low > max_flips:
        return warned(
            said,
            remedy="Look for a column that the model knows by heart (an id, a timestamp), regularise or prune, or average several models.",
            **rest,
        )
    if tries == 0 or (high > max_flips and share.value > max_flips):
        return inconclusive(f"{said}: too few rows or too little time to tell", **rest)
    return passed(said, **rest)


def _quantities(X: Any, noise: float) -> dict[str, float]:
    """Column -> its standard deviation; whole numbers that such a noise leaves as they are do not count."""
    found = {}
    for name, kind in frames.kinds(X).items():
        if kind != "numeric":
            continue
        values = np.asarray(frames.column(X, name))
        if values.dtype.kind not in "fiu":
            continue
        values = values[np.isfinite(values)] if values.dtype.kind == "f" else values
        if len(values) < QUANTITY or len(np.unique(values[:5000])) < QUANTITY:
            continue
        low, high = np.quantile(values, [0.25, 0.75])
        spread = min(float(high - low) / 1.349, float(values.std()))  # of the middle half: a heavy tail has no say
        if _whole(values) and noise * spread < STEP:
            continue
        if spread > 0 and np.isfinite(spread):
            found[name] = spread
    return found


def _whole(values: Array) -> bool:
    return values.dtype.kind in "iu" or bool((values[np.isfinite(values)] % 1 == 0).all())


def _moved(X: Any, columns: dict[str, float], by: float, rng: np.random.Generator, *, normal: bool) -> Any:
    cells = {}
    for name, spread in columns.items():
        old = frames.column(X, name)
        step = rng.standard_normal(len(old)) if normal else rng.choice([-1.0, 1.0], len(old))
        values = np.asarray(old, dtype=float)
        new = values + by * spread * step
        # a count, a rank or a code between two whole numbers is nothing that a new row could bring
        cells[name] = (np.round(new) if _whole(values) else new).astype(old.dtype if old.dtype.kind == "f" else float)
    return frames.replaced(X, cells)


def _changed(predictor: Predictor, base: Array, said: Array) -> Array:
    if predictor.task is Task.REGRESSION:
        return np.asarray(np.abs(said - base) > 0.25 * max(float(np.std(base)), 1e-300))
    return np.asarray(said != base)
