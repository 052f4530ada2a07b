"""The threshold in use, and what another would give."""

import itertools

import numpy as np

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.model_evaluation.test_miscalibrated import Prophet


def judged(proba, y, model=None):
    """The finding for these probabilities of the positive class."""
    return find(
        "decision-threshold", model=model or Prophet((0, 1)), X_test=np.column_stack([1 - proba, proba]), y_test=y,
        task=Task.BINARY, class_names=(0, 1),
    )  # fmt: skip


def scored(n, seed, share, shift):
    """Probabilities that rank well; `shift` moves them all in log-odds."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < share).astype(int)
    z = 2.5 * y + rng.normal(size=n) + shift
    return 1 / (1 + np.exp(-z)), y


def test_probabilities_far_below_the_threshold_warn_and_the_twin_passes():
    """All probabilities below one half: nearly nothing is found although the ranking is good."""
    bad, twin = judged(*scored(3000, 0, 0.2, -4.0)), judged(*scored(3000, 0, 0.4, -1.2))

    assert bad.outcome == "warn"
    assert "at 0.5 the model finds" in bad.message
    assert bad.measured["best_threshold"] < 0.4
    assert twin.outcome == "pass"


def test_the_gain_is_measured_on_other_rows_than_the_choice():
    """On probabilities without any information no threshold looks better than it is."""
    rng = np.random.default_rng(0)
    alarms = 0
    for _ in range(40):
        y = (rng.random(600) < 0.5).astype(int)
        alarms += judged(rng.uniform(0.3, 0.7, 600), y).outcome == "warn"

    assert alarms <= 1


def test_the_threshold_that_the_answers_follow_is_said():
    """A model that answers at 0.3."""

    class Tuned(Prophet):
        def predict(self, X):
            return (np.asarray(X)[:, 1] >= 0.3).astype(int)

    found = judged(*scored(2000, 1, 0.3, -2.0), model=Tuned((0, 1)))

    assert found.outcome == "pass"
    assert abs(found.measured["threshold"] - 0.3) < 0.02


def test_the_table_holds_the_rates():
    """Recall falls with the threshold; the selection rate is the share at or above it."""
    proba, y = scored(1000, 2, 0.5, -1.0)
    rows = judged(proba, y).tables[0].rows

    assert [r[0] for r in rows][:2] == [0.05, 0.1]
    assert all(a[2] >= b[2] for a, b in itertools.pairwise(rows))
    assert abs(rows[9][4] - np.mean(proba >= 0.5)) < 1e-4


def test_few_positives_and_missing_things():
    """Five positives decide nothing; no probabilities, no threshold; several classes do not arise."""
    few = judged(np.linspace(0.01, 0.99, 100), np.r_[np.ones(5, int), np.zeros(95, int)])
    assert few.outcome == "inconclusive"
    assert "5 positive" in few.message
    missing = find(
        "decision-threshold", model=Prophet((0, 1)), X_test=np.full((9, 2), 0.5), task=Task.BINARY, class_names=(0, 1)
    )
    assert "y_test=<variable>" in missing.message
    assert (
        find("decision-threshold", model=Prophet((0, 1, 2)), task=Task.MULTICLASS, class_names=(0, 1, 2)).outcome
        == "not_applicable"
    )
