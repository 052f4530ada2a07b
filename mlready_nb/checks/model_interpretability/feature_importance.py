"""Which columns the predictions rest on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.adapters.attribution import STABLE, Attribution, as_fitted, attribution
from mlready_nb.adapters.shuffled import agreement, shuffled_losses
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Estimate, Finding, Measure, Table, inconclusive, passed, warned
from mlready_nb.subjects import Budget, Task, Unusable

#: Columns that are shown; classes whose own importances are shown.
SHOWN, CLASSES = 20, 10


@check("INT-01.1", "INT-01.2", cost=Cost.SLOW, tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def feature_importance(
    predictor: Predictor,
    X_test: Any,
    budget: Budget,
    X_train: Any = None,
    y_test: Any = None,
    *,
    dominant: float = 0.5,
    min_agreement: float = 0.2,
) -> Finding:
    """Global importance by SHAP: the mean absolute SHAP value of each column on test rows.

    What it measures: SHAP values (Lundberg & Lee 2017) by the shap library: TreeExplainer for trees, forests and
    boosting, LinearExplainer for linear models, a sampled permutation explainer for everything else; on pipelines in
    terms of the original columns, one-hot parts summed back. The sample grows until the order of the first ten
    columns is the same in two halves (Kendall's tau >= 0.95) or the time is up; the message says which. Beside it the spread of
    the signed values, the importance for each class, and what the loss gains when a column is shuffled (permutation
    importance); when both orders hardly agree (tau below `min_agreement`) the message says so. One column with more
    than `dominant` of the whole is named and handed to the leakage item.

    Why it matters: A model that rests on the wrong column (an id, a consequence of the label, a proxy of a protected
    group) shows it here before it shows it in production.

    Blind spots: It explains the model, not the world: no cause is shown. Correlated columns share their importance
    arbitrarily. Tree and linear values are in the model's own units (log-odds for boosting and logistic models),
    permutation values in probability.

    How to mend: Ask of each leading column whether its value is known at the time of prediction and may be used; take
    it out and look what the score does.
    """
    predictor.predict(
        frames.take(X_test, np.arange(min(5, frames.n_rows(X_test))))
    )  # its refusal says best what is wrong
    known = X_train if X_train is not None and frames.n_rows(X_train) else X_test
    try:
        found = attribution(predictor, X_test, known, budget)
    except Unusable as error:
        return inconclusive(
            f"SHAP values could not be had: {error}",
            remedy="Explain a simpler model of the same predictions, or use sklearn.inspection.permutation_importance.",
        )
    total = sum(found.importance)
    if not math.isfinite(total):
        return inconclusive(
            f"{found.explainer} gave NaN or infinity on {found.rows:,} test rows: no order can be told",
            remedy="Look for gaps and infinite values in X_test, or use sklearn.inspection.permutation_importance.",
        )
    if total == 0:
        return warned(
            f"no column moves the prediction on {found.rows:,} of {found.of:,} test rows ({found.explainer}): the model "
            "gives one and the same answer",
            measured={"columns": len(found.names), "explainer": found.explainer},
            remedy="See whether the model has learnt anything: its training labels, its features, its regularisation.",
        )
    shuffled = _shuffled(predictor, X_test, y_test, budget)
    tau = agreement(dict(zip(found.names, found.importance, strict=True)), {n: v[0] for n, v in shuffled.items()})
    tables = tuple(_tables(found, total, shuffled, predictor.class_names))
    leading = ", ".join(
        f"{name} ({value / total:.0%})" for name, value in zip(found.names[:3], found.importance, strict=False)
    )
    settled = found.tau is None or found.tau >= STABLE
    order = "" if settled else f"; the order of the first ten is not settled yet (tau {found.tau:.2f})"
    aside = f". {'; '.join(found.notes)}" if found.notes else ""
    share = found.importance[0] / total
    if tau is not None and tau < min_agreement:
        aside += f". Shuffling columns gives another order (tau {tau:.2f}): correlated columns share their importance by chance"
    if share > dominant and len(found.names) > 2:
        aside += f". {found.names[0]} carries {share:.0%}: see DAT-03, whether it is known when a prediction is made"
    said = f"{leading} lead; {found.explainer} on {found.rows:,} of {found.of:,} test rows{order}{aside}"
    rest: dict[str, Any] = {
        "measured": {
            "columns": len(found.names),
            "first": found.names[0],
            "first_share": share,
            "explainer": found.explainer,
            "tau": found.tau,
            "tau_with_permutation": tau,
        },
        "tables": tables,
        "sampled": (found.rows, found.of) if found.rows < found.of else None,
    }
    return passed(said, **rest)


def _shuffled(predictor: Predictor, X_test: Any, y_test: Any, budget: Budget) -> dict[str, tuple[float, float, float]]:
    budget.check()
    if y_test is None or len(y_test) != frames.n_rows(X_test) or budget.left < 1:
        return {}
    try:
        return shuffled_losses(predictor, as_fitted(predictor, X_test), y_test)
    except Unusable:  # a model that refuses mixed rows
        return {}


def _tables(
    found: Attribution, total: float, shuffled: dict[str, tuple[float, float, float]], class_names: Any
) -> Iterator[Table]:
    shown = found.names[:SHOWN]
    note = f"{SHOWN} of {len(found.names):,} columns" if len(found.names) > SHOWN else None
    bars = tuple((n, round(v, 6), round(v / total, 4)) for n, v in zip(shown, found.importance, strict=False))
    yield Table(
        title="Mean |SHAP| by column", columns=("column", "mean |SHAP|", "share"), rows=bars, chart="bars", note=note
    )
    spread = tuple(
        (n, Estimate(value=round(middle, 5), low=round(low, 5), high=round(high, 5)))
        for n, (low, middle, high) in zip(shown, found.spread, strict=False)
    )
    towards = f" towards {class_names[-1]!s}" if class_names else ""
    yield Table(
        title=f"Spread of SHAP values{towards} (5 %, median, 95 %)",
        columns=("column", "SHAP"),
        rows=spread,
        chart="intervals",
        note=note,
    )
    if found.by_output is not None and class_names and len(found.by_output[0]) == len(class_names):
        head = ("column", *(str(k) for k in class_names[:CLASSES]))
        rows: tuple[tuple[Measure, ...], ...] = tuple(
            (n, *(round(v, 5) for v in row[:CLASSES])) for n, row in zip(shown, found.by_output, strict=False)
        )
        yield Table(title="Mean |SHAP| by class", columns=head, rows=rows)
    if shuffled:
        order = sorted(shuffled, key=lambda n: -shuffled[n][0])[:SHOWN]
        gains = tuple(
            (n, Estimate(value=round(shuffled[n][0], 5), low=round(shuffled[n][1], 5), high=round(shuffled[n][2], 5)))
            for n in order
        )
        yield Table(
            title="Loss gained when a column is shuffled", columns=("column", "gain"), rows=gains, chart="intervals"
        )
