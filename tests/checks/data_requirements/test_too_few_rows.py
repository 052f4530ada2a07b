"""Rows against the rule of thumb."""

import numpy as np
import pytest
from sklearn.datasets import make_classification, make_regression

from mlready_nb.finding import Outcome
from mlready_nb.subjects import Task
from mlready_nb.testing import find


def split(n, task="c", test=600):
    if task == "r":
        X, y = make_regression(n + test, 8, noise=20, random_state=0)
    else:
        X, y = make_classification(
            n + test, 10, n_informative=8, n_redundant=0, n_clusters_per_class=8, class_sep=2, flip_y=0, random_state=0
        )
    return {"X_train": X[:n], "y_train": y[:n], "X_test": X[n:], "y_test": y[n:]}


@pytest.mark.parametrize("n", [60, 150])
def test_it_finds_a_handful_of_rows(n):
    """Fewer than a hundred of a class."""
    found = find("too-few-rows", **split(n))

    assert found.outcome is Outcome.WARN
    assert "minimum 1,000" in found.message


def test_it_finds_a_rare_class_among_many_rows():
    """It is the smallest class that counts."""
    data = split(3000)
    data["y_train"] = np.where(np.arange(3000) < 40, "rare", data["y_train"].astype(str))

    assert "'rare'" in find("too-few-rows", **data).message


@pytest.mark.parametrize("task", ["c", "r"])
def test_it_finds_a_learning_curve_that_still_rises(task):
    """400 rows of a task that wants more."""
    found = find("too-few-rows", **split(400, task, test=2500))

    assert found.outcome is Outcome.WARN
    assert found.measured["gain_of_doubling"].low > 0.02


def test_it_is_quiet_on_enough_rows():
    """Above the minimum in every class; any task."""
    assert find("too-few-rows", **split(2500)).outcome is Outcome.PASS
    assert find("too-few-rows", **split(1500, "r")).outcome is Outcome.PASS
    several = (np.random.default_rng(0).random((2500, 3)) < 0.5).astype(int)
    assert (
        find(
            "too-few-rows", X_train=np.zeros((2500, 2)), y_train=several, task=Task.MULTILABEL, class_names=None
        ).outcome
        is Outcome.PASS
    )


def test_fewer_rows_with_a_flat_curve_are_inconclusive():
    """An easy task: the rule of thumb is not met, and no harm is shown."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 1))
    y = (X[:, 0] > 0).astype(int)

    assert (
        find("too-few-rows", X_train=X[:500], y_train=y[:500], X_test=X[500:], y_test=y[500:]).outcome
        is Outcome.INCONCLUSIVE
    )


def test_it_names_what_it_waits_for():
    """Labels."""
    assert "y_train" in find("too-few-rows", X_train=np.zeros((5, 2)), task=Task.BINARY, class_names=None).message
