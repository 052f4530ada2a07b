"""Labels that other rows contradict."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, make_classification

from mlready_nb.finding import Outcome, Strength
from mlready_nb.metrics import confident
from mlready_nb.testing import find


def sets(name):
    if name == "digits":
        return load_digits(return_X_y=True)
    if name == "cancer":
        return load_breast_cancer(return_X_y=True, as_frame=True)
    X, y = make_classification(1500, 12, n_informative=6, class_sep=1.5, random_state=0)
    return pd.DataFrame(X).add_prefix("f"), np.where(y, "yes", "no")


def flipped(y, share=0.12):
    rng, y = np.random.default_rng(1), np.array(y)
    classes = np.unique(y)
    hit = rng.random(len(y)) < share
    y[hit] = classes[(np.searchsorted(classes, y[hit]) + 1) % len(classes)]
    return y


@pytest.mark.parametrize("name", ["digits", "cancer", "made"])
def test_it_finds_flipped_labels(name):
    """12 % of the labels are wrong."""
    X, y = sets(name)

    found = find("label-errors", X_train=X, y_train=flipped(y))

    assert found.outcome is Outcome.WARN
    assert found.strength is Strength.HEURISTIC
    assert found.measured["candidates"] > 0.05 * len(y)
    assert found.tables[0].rows


@pytest.mark.parametrize("name", ["digits", "cancer", "made"])
def test_it_is_quiet_on_the_labels_as_they_are(name):
    """The clean twins."""
    X, y = sets(name)

    assert find("label-errors", X_train=X, y_train=y).outcome is Outcome.PASS


def test_hard_rows_are_not_accused():
    """Where the features decide little, nobody can tell."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1500, 5))

    for noise in (1.0, 3.0, 1e9):
        assert (
            find("label-errors", X_train=X, y_train=(X[:, 0] + noise * rng.normal(size=1500) > 0).astype(int)).outcome
            is Outcome.PASS
        )


def test_it_names_what_it_waits_for_and_what_is_too_little():
    """No labels; too few rows."""
    assert "y_train" in find("label-errors", X_train=np.zeros((5, 2)), task="binary", class_names=None).message
    assert find("label-errors", X_train=np.zeros((50, 2)), y_train=np.arange(50) % 2).outcome is Outcome.NOT_APPLICABLE


def test_candidates_follow_the_papers_rule():
    """The third row reaches the threshold of class 1 and is labelled 0."""
    proba = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.3, 0.7]])

    assert confident.candidates(proba, np.array([0, 0, 0, 1, 1])).tolist() == [False, False, True, False, False]
