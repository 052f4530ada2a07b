"""A clone of the model trained twice: the same answers, or not."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import attribute, final_estimator
from mlready_nb.adapters.parts import named_estimators
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Estimate, Finding, Outcome, Strength, Table, not_applicable, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.metrics.confident import stratified
from mlready_nb.subjects import Budget, Task

Array = np.ndarray[Any, Any]

#: Training rows of the first, quick pair of fits, and of the last one.
FIRST, MOST = 200, 1_000
#: Seconds that all fits together may take, as a share of the check's budget, and at most.
SHARE, SECONDS = 0.3, 1.0


@check("TRN-01.1", cost=Cost.MODERATE)
def refit_differs(
    model: Any, X_train: Any, y_train: Any, task: Task, budget: Budget, cells: Any = (), origin: Any = None
) -> Finding:
    """Train a clone twice on the same rows and compare the answers.

    What it measures: Two clones of the model (of what a search found) with its own parameters are trained on the same
    sample of training rows, and asked about those rows. Labels that differ, or probabilities and numbers that differ
    by more than rounding, show chance that no seed governs; the estimators without a random_state are named. Where a
    cell sets NumPy's global seed, it is set before both fits.

    Why it matters: A result that cannot be had twice can be neither debugged nor audited (Pineau et al. 2021).

    Blind spots: A sample of up to 1,000 rows: what sets in at larger sizes only (early stopping of histogram boosting
    above 10,000 rows) is not met. Other versions, other machines and threads may differ although two runs here agree.

    How to mend: random_state=42 in every estimator that draws (and in splits and searches); for networks the
    library's own seed and its deterministic mode.
    """
    name = origin["model"].variable if origin and "model" in origin else "model"
    recipe = attribute(model, "best_estimator_")
    recipe = model if recipe is None else recipe
    if not (
        callable(attribute(recipe, "get_params"))
        and callable(attribute(recipe, "fit"))
        and callable(attribute(recipe, "predict"))
    ):
        return not_applicable(
            f"{name} is no estimator that can be cloned and trained again here ({type(model).__name__})"
        )
    n = frames.n_rows(X_train)
    if n != len(y_train):
        return not_applicable(f"X_train has {n:,} rows for {len(y_train):,} labels: nothing to train on")
    seeded = _seeds_globally(cells)
    limit = min(SECONDS, SHARE * budget.seconds)
    size, spent, said = FIRST, 0.0, None
    while True:
        began = time.monotonic()
        try:
            said = _pair(recipe, X_train, y_train, task, min(size, n), seeded)
        except Exception as error:
            if said is None:
                return not_applicable(
                    f"a clone cannot be trained on a sample of {min(size, n):,} rows ({type(error).__name__}: {' '.join(str(error).split())[:120]})"
                )
            break
        budget.check()
        took = time.monotonic() - began
        spent += took
        differs = int(said[1].sum())
        if size >= min(n, MOST) or differs or spent + took * MOST / FIRST > limit:
            break
        size = MOST
    rows, differing, largest = said
    count, of = int(differing.sum()), len(differing)
    low, high = intervals.wilson(count, of)
    measured = {
        "rows": rows,
        "differing": Estimate(value=count / of, low=low, high=high, n=of, method="wilson"),
        "largest_difference": largest,
    }
    unseeded = [(path, type(part).__name__) for path, part in named_estimators(recipe, name) if _open(part)]
    tables = (
        (Table(title="Estimators without a random_state", columns=("where", "estimator"), rows=tuple(unseeded[:20])),)
        if unseeded
        else ()
    )
    sampled = (rows, n) if rows < n else None
    kind = type(final_estimator(recipe)).__name__
    if count:
        guilty = f": {unseeded[-1][1]} has random_state=None" if unseeded else ""
        return warned(
            f"trained twice on the same {rows:,} rows, a clone of {name} gives other answers for {count:,} of {of:,}{guilty}",
            strength=Strength.PROVEN,
            measured=measured,
            tables=tables,
            sampled=sampled,
            points={"TRN-01.1": Outcome.WARN},
            remedy=f"Seed it: {unseeded[-1][1]}(random_state=42)"
            if unseeded
            else f"Find where {kind} draws random numbers, and give it a seed of its own.",
        )
    how = ", with NumPy's global seed set before each as the notebook does" if seeded and unseeded else ""
    return passed(
        f"trained twice on the same {rows:,} rows, clones of {name} give the same answers{how}",
        measured=measured,
        tables=tables,
        sampled=sampled,
    )


def _pair(recipe: Any, X: Any, y: Array, task: Task, size: int, seeded: bool) -> tuple[int, Array, float]:
    """(rows, which answers differ, by how much at most)."""
    from sklearn.base import clone

    n = len(y)
    if size >= n:
        rows = np.arange(n)
    elif task.classifies and y.ndim == 1:
        rows = stratified(frames.codes(y)[0], size, seed=0)
    else:
        rows = np.sort(np.random.default_rng(0).choice(n, size, replace=False))
    part, labels = frames.take(X, rows), y[rows]
    answers = []
    for _ in range(2):
        if seeded:
            np.random.seed(0)  # noqa: NPY002  (the guard puts the user's state back)
        fitted = clone(recipe).fit(part, labels)
        answers.append(_ask(fitted, part, task))
    a, b = answers
    if a.dtype.kind in "fiub":
        gap = np.abs(a.astype(float) - b.astype(float)).reshape(len(a), -1).max(axis=1)
        scale = 1.0 if task.classifies else max(float(np.std(a)), 1e-300)
        return len(rows), gap > 1e-5 * scale, float(gap.max())
    return len(rows), np.asarray((a != b).reshape(len(a), -1).any(axis=1)), float("nan")


def _ask(fitted: Any, X: Any, task: Task) -> Array:
    if task.classifies and callable(attribute(fitted, "predict_proba")):
        proba = fitted.predict_proba(X)
        return np.column_stack(proba) if isinstance(proba, list) else np.asarray(proba)
    return np.asarray(fitted.predict(X))


def _open(part: Any) -> bool:
    try:
        params = part.get_params(deep=False)
    except Exception:
        return False
    return "random_state" in params and params["random_state"] is None


def _seeds_globally(cells: Any) -> bool:
    return any("random.seed(" in c.source or "set_random_seed(" in c.source for c in cells or ())
