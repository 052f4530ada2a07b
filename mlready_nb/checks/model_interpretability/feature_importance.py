"""Which columns the predictions rest on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.adapters.attribution import STABLE, attribution
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Finding, Table, inconclusive, passed, warned
from mlready_nb.subjects import Budget, Task, Unusable

#: Columns that are shown.
SHOWN = 20


@check("INT-01.1", "INT-01.2", cost=Cost.SLOW, tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def feature_importance(predictor: Predictor, X_test: Any, budget: Budget, X_train: Any = None) -> Finding:
    """Global importance by SHAP: the mean absolute SHAP value of each column on test rows.

    What it measures: SHAP values (Lundberg & Lee 2017) by the shap library: TreeExplainer for trees, forests and
    boosting, LinearExplainer for linear models, a sampled permutation explainer for everything else; on pipelines in
    terms of the original columns, one-hot parts summed back. The sample grows until the order of the first ten
    columns is the same in two halves (Kendall's tau >= 0.95) or the time is up; the message says which.

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
    rows = tuple(
        (name, value, value / total) for name, value in zip(found.names[:SHOWN], found.importance, strict=False)
    )
    table = Table(
        title="Mean |SHAP| by column",
        columns=("column", "mean |SHAP|", "share"),
        rows=rows,
        chart="bars",
        note=f"{SHOWN} of {len(found.names):,} columns" if len(found.names) > SHOWN else None,
    )
    leading = ", ".join(
        f"{name} ({value / total:.0%})" for name, value in zip(found.names[:3], found.importance, strict=False)
    )
    settled = found.tau is None or found.tau >= STABLE
    order = "" if settled else f"; the order of the first ten is not settled yet (tau {found.tau:.2f})"
    aside = f". {'; '.join(found.notes)}" if found.notes else ""
    return passed(
        f"{leading} lead; {found.explainer} on {found.rows:,} of {found.of:,} test rows{order}{aside}",
        measured={
            "columns": len(found.names),
            "first": found.names[0],
            "first_share": found.importance[0] / total,
            "explainer": found.explainer,
            "tau": found.tau,
        },
        tables=(table,),
        sampled=(found.rows, found.of) if found.rows < found.of else None,
    )
