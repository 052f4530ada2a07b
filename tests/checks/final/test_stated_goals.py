"""Goals against the bound of the interval that counts."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from mlready_nb.subjects import Target, Task
from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves, numbers


def goal(text):
    """`recall >= 0.8` as a target."""
    metric, op, value = text.split()
    return Target(metric=metric, op=op, value=float(value))


@pytest.fixture(scope="module")
def subjects():
    """A model of about 0.9 accuracy on a thousand test rows."""
    return fitted(halves(*binary(2000, signal=4.0), 0.5))


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("accuracy >= 0.8", "pass"),
        ("accuracy >= 0.97", "fail"),
        ("accuracy >= 0.905", "inconclusive"),
        ("log_loss <= 0.4", "pass"),
        ("log_loss <= 0.05", "fail"),
        ("AUC >= 0.9", "pass"),
        ("sensitivity >= 0.5", "pass"),
        ("carbon_kg <= 50", "inconclusive"),
    ],
)
def test_each_goal_is_met_missed_or_cannot_be_told(subjects, text, outcome):
    """By the lower bound for >=, by the upper one for <=; what is not measured stays open."""
    found = find("stated-goals", **subjects, targets=(goal(text),))

    assert found.outcome == outcome
    assert text.replace("0.40", "0.4") in found.message


def test_the_worst_of_several_counts(subjects):
    """One missed among two met."""
    goals = tuple(map(goal, ("accuracy >= 0.8", "recall >= 0.99", "roc_auc >= 0.8")))
    found = find("stated-goals", **subjects, targets=goals)

    assert found.outcome == "fail"
    assert [row[2] for row in found.tables[0].rows] == ["met", "missed", "met"]


def test_a_perfect_score_on_few_rows_meets_nothing():
    """Two right answers of two: no metric's interval is a point."""
    split = fitted(halves(*binary(200, signal=9.0)))
    right = (split["model"].predict(split["X_test"]) == split["y_test"]).to_numpy()
    pick = [int(np.flatnonzero(right & (split["y_test"] == k))[0]) for k in (0, 1)]
    few = split | {"X_test": split["X_test"].iloc[pick], "y_test": split["y_test"].iloc[pick]}

    for metric in ("accuracy", "f1", "f1_macro", "balanced_accuracy", "roc_auc", "recall"):
        found = find("stated-goals", **few, targets=(goal(f"{metric} >= 0.9"),))
        assert found.outcome == "inconclusive", metric


def test_macro_f1_is_not_the_f1_of_the_positive_class():
    """With a rare positive class they are far apart; each goal is held against its own."""
    split = fitted(halves(*binary(3000, base=-3.0), 0.5))
    said = split["model"].predict(split["X_test"])
    found = find("stated-goals", **split, targets=(goal("f1_macro >= 0.1"), goal("f1 >= 0.1")))

    assert found.measured["f1"].value == pytest.approx(f1_score(split["y_test"], said), abs=1e-12)
    assert found.measured["f1_macro"].value == pytest.approx(
        f1_score(split["y_test"], said, average="macro"), abs=1e-12
    )


def test_a_goal_the_wrong_way_round_is_said(subjects):
    """log_loss >= 0.1 asks for a worse model."""
    assert "less log_loss is better" in find("stated-goals", **subjects, targets=(goal("log_loss >= 0.1"),)).message


def test_a_regression_has_its_own_metrics():
    """R² by name, accuracy not at all."""
    X = numbers(400)
    split = fitted(halves(X, 2 * X["a"] + 0.2 * X["b"], 0.5))

    assert find("stated-goals", **split, targets=(goal("r2 >= 0.9"),)).outcome == "pass"
    found = find("stated-goals", **split, targets=(goal("accuracy >= 0.9"),), task=Task.REGRESSION)
    assert found.outcome == "inconclusive"
    assert "known: r2, mae, rmse" in found.message


def test_it_names_what_is_missing(subjects):
    """No goal; no model."""
    assert "%mlready target" in find("stated-goals", **subjects).message
    found = find("stated-goals", X_test=subjects["X_test"], y_test=subjects["y_test"], targets=(goal("f1 >= 0.5"),))
    assert found.outcome == "not_run"
    assert "model=<variable>" in found.message


def test_goals_of_time_and_memory_are_held_elsewhere(subjects):
    """They neither block nor count here."""
    both = tuple(map(goal, ("accuracy >= 0.8", "p95_latency_ms <= 50")))

    assert find("stated-goals", **subjects, targets=both[1:]).outcome == "not_applicable"
    assert find("stated-goals", **subjects, targets=both).outcome == "pass"
