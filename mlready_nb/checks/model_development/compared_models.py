"""Whether more than one kind of model was tried, and whether the chosen one stands up beside the others."""

from __future__ import annotations

import ast
import math
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor, as_predictor
from mlready_nb.adapters.held import Other, fitted_models, is_estimator_class
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Estimate, Finding, Strength, Table, not_run, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals, regression
from mlready_nb.subjects import Budget, Cell, Task, Unusable

Array = np.ndarray[Any, Any]

#: Models that are scored, and rows they are scored on, at most.
MODELS, ROWS = 8, 5_000


@check("DEV-02.1", cost=Cost.MODERATE, tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def compared_models(
    predictor: Predictor,
    budget: Budget,
    namespace: Any = None,
    cells: Any = None,
    X_valid: Any = None,
    y_valid: Any = None,
    X_test: Any = None,
    y_test: Any = None,
    *,
    min_gain: float = 0.02,
) -> Finding:
    """Kinds of models that were fitted in the notebook, with score and speed of each on the same rows.

    What it measures: Fitted models of different classes among the variables (dummies and parts of pipelines left out);
    up to eight are scored on up to 5,000 validation rows (test rows where there are none): balanced accuracy or R², and
    microseconds a row in one batch. It warns when another model is surely better than the chosen one by `min_gain`, by
    accuracy (for a regression: share of the variance) with a paired 95 % interval widened for the number of models, and
    by balanced accuracy too. Where only one model is left, the classes that the cells name are counted.

    Why it matters: The runner-up is often a tenth of the cost; a choice that was never compared is a habit.

    Blind spots: Models that were tried elsewhere or overwritten. Other reasons for a choice (speed, law, habit of the
    team) are yours to say: attest DEV-02.2.

    How to mend: Fit a linear model and one of another kind on the same split, and keep them in variables or a dict.
    """
    models = [o for o in fitted_models(namespace or {}, predictor.model) if o.info.task in (None, predictor.task)]
    kinds = {o.kind for o in models} | {type(predictor.info.final).__name__}
    side, X, y = (
        ("validation", X_valid, y_valid) if X_valid is not None and y_valid is not None else ("test", X_test, y_test)
    )
    if len(kinds) < 2:
        named = _named(cells or (), namespace or {})
        if len(named | kinds) > 1:
            listed = ", ".join(sorted(named | kinds))
            return passed(
                f"the cells train {listed}; only {min(kinds)} is left to be scored",
                strength=Strength.HEURISTIC,
                measured={"kinds": len(named | kinds)},
            )
        return not_run(
            f"only one kind of model was found ({min(kinds)}): nothing was compared here. Fit another kind on the same split "
            "and keep it in a variable, or: %mlready attest DEV-02.1 --note <what was compared, and where>"
        )
    listed = ", ".join(sorted(kinds))
    if X is None or y is None or len(y) != frames.n_rows(X):
        return passed(f"{len(kinds)} kinds of models were fitted: {listed}", measured={"kinds": len(kinds)})
    rows = (
        np.arange(len(y)) if len(y) <= ROWS else np.sort(np.random.default_rng(0).choice(len(y), ROWS, replace=False))
    )
    X, y = frames.take(X, rows), y[rows]
    chosen = next((o for o in models if o.value is predictor.model), None)
    ours = _answers(predictor, X)
    if ours is None:
        return passed(f"{len(kinds)} kinds of models were fitted: {listed}", measured={"kinds": len(kinds)})
    own_name = chosen.variable if chosen else "model"
    own = _scored(predictor.task, y, ours[0])
    table = [(own, f"{own_name} ({type(predictor.info.final).__name__}, chosen)", ours[1])]
    others = [o for o in models if o.value is not predictor.model][:MODELS]
    better: list[tuple[Estimate, Other]] = []
    for other in others:
        budget.check()
        theirs = _answers(as_predictor(other.value, task=predictor.task, class_names=predictor.class_names), X)
        if theirs is None:
            continue
        score = _scored(predictor.task, y, theirs[0])
        table.append((score, f"{other.variable} ({other.kind})", theirs[1]))
        gain = _gain(predictor.task, y, ours[0], theirs[0], len(others))
        if gain.low is not None and gain.low > min_gain and score.value > own.value:
            better.append((gain, other))
    metric = "R²" if predictor.task is Task.REGRESSION else "balanced accuracy"
    shown = Table(
        title=f"Models on {len(y):,} {side} rows",
        columns=("model", metric, "n", "µs a row"),
        rows=tuple((name, score, len(y), speed) for score, name, speed in sorted(table, key=lambda r: -r[0].value)),
        chart="intervals",
    )
    rest: dict[str, Any] = {"measured": {"kinds": len(kinds), "scored": len(table)}, "tables": (shown,)}
    if better:
        gain, other = max(better, key=lambda b: b[0].value)
        return warned(
            f"{other.variable} ({other.kind}) does better than {own_name} on the same {len(y):,} {side} rows: by {gain} of "
            f"{'the variance' if predictor.task is Task.REGRESSION else 'accuracy'} (limit {min_gain:g})",
            remedy=f"Take {other.variable}, or write down why not (speed, size, law): %mlready attest DEV-02.2 --note ...",
            **rest,
        )
    return passed(
        f"{len(kinds)} kinds of models were compared ({listed}); none is surely better than {own_name} on {len(y):,} {side} rows",
        **rest,
    )


def _answers(predictor: Predictor, X: Any) -> tuple[Array, float] | None:
    """(answers, microseconds a row); `None` for a model that was trained on other columns."""
    began = time.perf_counter()
    try:
        said = predictor.predict(X)
    except Unusable:
        return None
    return said, 1e6 * (time.perf_counter() - began) / max(len(said), 1)


def _scored(task: Task, y: Array, said: Array) -> Estimate:
    n = len(y)
    if task is Task.REGRESSION:
        y, said = np.asarray(y, float), np.asarray(said, float)
        low, high = intervals.bootstrap(regression.r2, y, said)
        return Estimate(value=regression.r2(y, said), low=low, high=high, n=n, method="bootstrap")
    classes = c.classes_of(y, said)
    counts = c.confusion(c.encode(y, classes), c.encode(said, classes), len(classes))
    low, high = intervals.mean_of_shares(np.diagonal(counts), counts.sum(axis=1))
    return Estimate(value=float(c.balanced_accuracy(counts)), low=low, high=high, n=n, method="wilson, combined")


def _gain(task: Task, y: Array, ours: Array, theirs: Array, comparisons: int) -> Estimate:
    """How much more the other gets right, row by row (for a regression: squared errors saved, as a share of the variance)."""
    if task is Task.REGRESSION:
        y, ours, theirs = (np.asarray(a, float) for a in (y, ours, theirs))
        saved = ((ours - y) ** 2 - (theirs - y) ** 2) / max(float(y.var()), 1e-300)
    else:
        classes = c.classes_of(y, ours, theirs)
        true, a, b = (c.encode(v, classes) for v in (y, ours, theirs))
        saved = (b == true).astype(float) - (a == true)
    half = (
        intervals.quantile(comparisons) * float(np.std(saved, ddof=1)) / math.sqrt(len(saved))
        if len(saved) > 1
        else math.inf
    )
    mean = float(saved.mean())
    return Estimate(value=mean, low=mean - half, high=mean + half, n=len(saved), method="paired, corrected")


def _named(cells: tuple[Cell, ...], namespace: Mapping[str, Any]) -> set[str]:
    """Estimator classes that the cells call by a name that the kernel knows."""
    found: set[str] = set()
    for cell in cells:
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                value = _meant(node.func, namespace)
                if is_estimator_class(value):
                    found.add(value.__name__)
    return found


def _meant(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _meant(node.value, namespace)
        return vars(owner).get(node.attr) if type(owner).__name__ == "module" else None
    return None
