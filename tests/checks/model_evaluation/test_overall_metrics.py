"""The usual numbers, equal to scikit-learn's, each with its interval."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import LinearSVC

from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves, numbers


def test_binary_numbers_are_scikit_learns():
    """Text labels; precision, recall and F1 of the second class."""
    X, y = binary(600)
    split = fitted(halves(X, y.map({0: "no", 1: "yes"})))
    found = find("overall-metrics", **split)
    true, said = split["y_test"], split["model"].predict(split["X_test"])
    proba = split["model"].predict_proba(split["X_test"])
    expected = {
        "accuracy": metrics.accuracy_score(true, said),
        "balanced_accuracy": metrics.balanced_accuracy_score(true, said),
        "precision": metrics.precision_score(true, said, pos_label="yes"),
        "recall": metrics.recall_score(true, said, pos_label="yes"),
        "f1": metrics.f1_score(true, said, pos_label="yes"),
        "f1_macro": metrics.f1_score(true, said, average="macro"),
        "roc_auc": metrics.roc_auc_score(true, proba[:, 1]),
        "pr_auc": metrics.average_precision_score(true == "yes", proba[:, 1]),
        "log_loss": metrics.log_loss(true, proba),
        "brier_score": metrics.brier_score_loss(true == "yes", proba[:, 1]),
    }

    assert found.outcome == "pass"
    assert {k: e.value for k, e in found.measured.items()} == pytest.approx(expected, abs=1e-12)
    assert all(e.low < e.value < e.high for e in found.measured.values())


def test_macro_numbers_of_several_classes():
    """Equal to scikit-learn's macro averages."""
    X = numbers(800)
    split = fitted(halves(X, (X["a"] > -0.5).astype(int) + (X["b"] > 1)), RandomForestClassifier(20, random_state=0))
    found = find("overall-metrics", **split).measured
    true, said = split["y_test"], split["model"].predict(split["X_test"])
    proba = split["model"].predict_proba(split["X_test"])

    assert found["f1"].value == pytest.approx(metrics.f1_score(true, said, average="macro"), abs=1e-12)
    assert found["precision"].value == pytest.approx(metrics.precision_score(true, said, average="macro"), abs=1e-12)
    assert found["roc_auc"].value == pytest.approx(metrics.roc_auc_score(true, proba, multi_class="ovr"), abs=1e-12)
    assert "f1_macro" not in found
    assert all(e.low <= e.value <= e.high for e in found.values())


def test_regression_and_several_labels_a_row():
    """R², MAE and RMSE; subset accuracy and F1."""
    X = numbers(400)
    number = find("overall-metrics", **fitted(halves(X, X["a"] + 0.1 * X["b"]), Ridge()))
    Y = np.column_stack([X["a"] > 0, X["b"] > 0]).astype(int)
    forest = RandomForestClassifier(20, random_state=0).fit(X[:300], Y[:300])
    several = find("overall-metrics", model=forest, X_train=X[:300], y_train=Y[:300], X_test=X[300:], y_test=Y[300:])

    assert set(number.measured) == {"r2", "mae", "rmse"}
    assert several.measured["subset_accuracy"].value == pytest.approx(forest.score(X[300:], Y[300:]))
    assert several.measured["f1"].value == pytest.approx(
        metrics.f1_score(Y[300:], forest.predict(X[300:]), average="macro")
    )


def test_a_model_without_probabilities_says_so_and_one_with_does_not():
    """The ranking still gives ROC-AUC; a test set of one class has no ROC-AUC and breaks nothing."""
    split = halves(*binary(400))
    bare, whole = (find("overall-metrics", **fitted(split, m)) for m in (LinearSVC(), LogisticRegression()))
    one = find("overall-metrics", **fitted(split) | {"y_test": 0 * split["y_test"]})

    assert "no probabilities" in bare.message
    assert "roc_auc" in bare.measured
    assert "no probabilities" not in whole.message
    assert "roc_auc" not in one.measured


def test_one_row_has_wide_intervals_or_none():
    """A right answer of one is no certainty."""
    split = fitted(halves(*binary(100, signal=9.0)))
    found = find("overall-metrics", **split | {n: split[n][:1] for n in ("X_test", "y_test")}).measured

    assert all(e.low is None or e.high - e.low > 0.3 for e in found.values())
    X = numbers(100)
    few = fitted(halves(X, X["a"], 0.95), Ridge())
    assert all(e.low is None for e in find("overall-metrics", **few).measured.values())


@pytest.mark.parametrize("seed", range(3))
def test_the_intervals_hold_the_truth_about_as_often_as_they_say(seed):
    """F1 and balanced accuracy of a fixed model on small draws, against its values on many rows."""
    model = LogisticRegression().fit(*binary(500, 1))
    X, y = binary(40_000, 2 + seed)
    said = model.predict(X)
    truth = {"f1": metrics.f1_score(y, said), "balanced_accuracy": metrics.balanced_accuracy_score(y, said)}
    held = dict.fromkeys(truth, 0)
    from mlready_nb.scores import scores
    from mlready_nb.subjects import Task

    for i in range(300):
        rows = slice(40 * i, 40 * i + 40)
        found = scores(Task.BINARY, y.to_numpy()[rows], said[rows], class_names=(0, 1))
        for name, value in truth.items():
            held[name] += found[name].low <= value <= found[name].high

    assert all(n >= 0.92 * 300 for n in held.values()), held


def test_it_names_what_is_missing():
    """Absent, empty, with gaps."""
    split = fitted(halves(*binary(100)))
    gaps = split["y_test"].astype(float).where(split["y_test"].index > 3)

    assert "model=<variable>" in find("overall-metrics", X_test=split["X_test"], y_test=split["y_test"]).message
    assert "0 rows" in find("overall-metrics", **split | {"X_test": split["X_test"][:0]}).message
    assert "4 missing labels" in find("overall-metrics", **split | {"y_test": gaps}).message
