"""The usual metrics over the whole test set."""

from __future__ import annotations

from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Estimate, Finding, Table, inconclusive, passed
from mlready_nb.subjects import Task

TITLES = {
    "accuracy": "Accuracy",
    "balanced_accuracy": "Balanced accuracy",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "roc_auc": "ROC-AUC",
    "pr_auc": "PR-AUC",
    "log_loss": "Log loss",
    "brier_score": "Brier score",
    "r2": "R²",
    "mae": "MAE",
    "rmse": "RMSE",
    "subset_accuracy": "Subset accuracy",
    "f1_macro": "F1 (macro)",
    "f1_micro": "F1 (micro)",
}


@check("EVA-01.1")
def overall_metrics(scores: dict[str, Estimate], task: Task, y_proba: Any = None) -> Finding:
    """Several metrics over the whole test set, each with its 95 % interval.

    What it measures: Accuracy, balanced accuracy, precision, recall, F1, ROC-AUC, PR-AUC, log loss and Brier score;
    R², MAE and RMSE for a regression. Intervals are Wilson's for shares and what is made of shares, DeLong's for
    ROC-AUC, normal for means and bootstrap percentiles for the rest; below ten rows the last two are not given. Precision, recall and F1 are those of the positive (second) class in a binary
    task and macro averages else.

    Why it matters: One number hides what it does not measure: accuracy hides the rare class, ROC-AUC hides the
    threshold, both hide calibration (Mitchell et al. 2019).

    Blind spots: It cannot know which metric matters for the purpose: state a goal with %mlready target. Intervals
    cover the luck of the draw of the test rows, not a change of the world.

    How to mend: Where an interval is too wide to decide, test on more rows; where a metric falls short, look at the
    classes and groups below before tuning.
    """
    if not scores:
        return inconclusive("no metric could be computed on the test set")
    rows = tuple((TITLES.get(k, k), e, e.low, e.high, e.n, e.method) for k, e in scores.items())
    head = ["r2", "mae"] if task is Task.REGRESSION else ["accuracy", "roc_auc" if "roc_auc" in scores else "f1"]
    said = ", ".join(f"{TITLES[k]} {scores[k]}" for k in head if k in scores) or ", ".join(
        f"{k} {e}" for k, e in scores.items()
    )
    without = (
        ""
        if task is Task.REGRESSION or y_proba is not None or task is Task.MULTILABEL
        else "; the model gives no probabilities, so no log loss"
    )
    n = max(e.n or 0 for e in scores.values())
    return passed(
        f"{said} on {n:,} test rows{without}",
        measured=dict(scores),
        tables=(
            Table(
                title="Metrics on the test set", columns=("metric", "value", "low", "high", "n", "interval"), rows=rows
            ),
        ),
    )
