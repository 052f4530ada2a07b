"""Checklists for the tests of documents."""

from dataclasses import replace

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checklist import build
from mlready_nb.finding import Estimate, Finding, Outcome, Run, Table
from mlready_nb.subjects import Origin

CATALOGUE = load_catalogue()


def e(value, low=None, high=None, n=500, method="wilson"):
    """An estimate."""
    return Estimate(value=value, low=low, high=high, n=n, method=method)


def found(check, outcome="pass", message="looked", items=("EVA-01",), **rest):
    """A finding of a check."""
    return Finding(outcome=Outcome(outcome), message=message, check=check, items=items, **rest)


BINARY = found(
    "overall-metrics",
    measured={
        "accuracy": e(0.912, 0.884, 0.934),
        "precision": e(0.81, 0.7, 0.89, n=61),
        "recall": e(0.77, 0.65, 0.86, n=64),
        "f1": e(0.79, 0.7, 0.86, method="bootstrap"),
        "roc_auc": e(0.951, 0.93, 0.97, method="delong"),
        "pr_auc": e(0.8, 0.7, 0.9, method="bootstrap"),
    },
)
REGRESSION = found(
    "overall-metrics",
    measured={n: e(v, v - 0.1, v + 0.1, method="bootstrap") for n, v in (("r2", 0.71), ("mae", 3.25), ("rmse", 4.5))},
)
CLASSES = found(
    "weak-class",
    "warn",
    "recall of 'yes' is 0.2",
    tables=(
        Table(
            title="Results by class",
            columns=("class", "recall", "n"),
            rows=(("no", e(0.9, 0.8, 0.95), 436), ("yes", e(0.2, 0.1, 0.3), 64)),
            chart="intervals",
        ),
        Table(title="Confusion matrix", columns=("true", "no", "yes"), rows=(("no", 400, 36), ("yes", 51, 13)), chart="confusion"),
    ),
)  # fmt: skip
GROUPS = found(
    "group-disparity",
    "fail",
    "true positive rate by sex differs",
    items=("INT-02",),
    measured={
        "accuracy_difference (sex)": e(0.4, 0.39, 0.41),
        "selection_rate_difference (sex)": e(0.3, 0.25, 0.35),
        "true_positive_rate_difference (sex)": e(0.22, 0.12, 0.31, n=321),
    },
    tables=(
        Table(title="By sex", columns=("group", "true positive rate", "n"), rows=(("f", e(0.5, 0.4, 0.6), 90), ("m", e(0.72, 0.6, 0.8), 95)), chart="intervals"),
        Table(title="By sex × age", columns=("group", "true positive rate", "n"), rows=tuple((f"g{i}", e(0.5, 0.4, 0.6), 9) for i in range(20)), chart="intervals"),
    ),
)  # fmt: skip
SHAP = found(
    "feature-importance",
    items=("INT-01",),
    tables=(
        Table(title="Mean |SHAP| by column", columns=("column", "mean |SHAP|"), rows=(("age", 0.5), ("income", 0.2)), chart="bars"),
    ),
)  # fmt: skip
LEAK = found(
    "row-overlap", "fail", "30 of 500 test rows stand on both sides", items=("DAT-03", "EVA-02"), kind="overlap"
)

SUBJECTS = {
    "model": Origin(variable="clf", how="scored last in cell 5"),
    "X_test": Origin(variable="Xb", how="passed to clf.score", shape=(500, 12)),
    "task": Origin(variable="binary", how="clf says so"),
}
FACTS = {"model_details.model_type": ("LogisticRegression (sklearn 1.9)", "clf"), "training_data.size": ("1,500 rows × 12 columns", "Xa")}  # fmt: skip


def checklist(*findings, marks=(), card=None, stale=(), **rest):
    """A checklist with these findings; those of the checks in `stale` are stale."""
    run = Run(
        findings=tuple(replace(f, stale=f.check in stale, based_on=("model",)) for f in findings),
        fingerprints={"model": "abc123"},
        versions={"python": "3.12.1", "scikit-learn": "1.9.0"},
        started="2026-11-25T10:20:30+00:00",
        seconds=3.2,
    )
    given = {"facts": FACTS, "subjects": SUBJECTS, **rest}
    return build(CATALOGUE, run=run if findings else None, marks={m.code: m for m in marks}, card=card, **given)
