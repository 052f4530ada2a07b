# ruff: noqa: D102  (toy models have the methods that models have)
"""Bytes of the model and of predicting."""

import pickle
import tracemalloc

import numpy as np
from sklearn.linear_model import LogisticRegression

from mlready_nb.finding import Outcome
from mlready_nb.subjects import Target
from mlready_nb.testing import find

X = np.random.default_rng(0).normal(size=(500, 3))
Y = (X[:, 0] > 0).astype(int)


class Greedy(LogisticRegression):
    """Takes 30 MB to answer."""

    def predict_proba(self, X):
        np.ones(30 * 1024 * 1024, dtype=np.int8).sum()
        return super().predict_proba(X)


def ask(model, *targets):
    return find("memory-needed", model=model.fit(X, Y), X_train=X, y_train=Y, X_test=X, y_test=Y, targets=targets)


def test_it_finds_a_goal_that_is_missed():
    """20 MB are allowed."""
    found = ask(Greedy(), Target(metric="peak_memory_mb", op="<=", value=20))

    assert found.outcome is Outcome.FAIL
    assert "peak_memory_mb <= 20 is missed: 30" in found.message


def test_it_is_quiet_on_a_goal_that_is_met_and_counts_the_bytes_of_the_pickle():
    """The size is that of the pickle, to the byte."""
    model = LogisticRegression()
    found = ask(model, Target(metric="model_size_mb", op="<=", value=1), Target(metric="memory_mb", op="<=", value=20))

    assert found.outcome is Outcome.PASS
    assert found.measured["model_bytes"] == len(pickle.dumps(model, protocol=5))


def test_a_trace_of_the_users_own_goes_on():
    """Tracing is not stopped under them."""
    tracemalloc.start()
    try:
        ask(LogisticRegression())
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


def test_it_names_what_it_waits_for():
    """Test rows."""
    assert "X_test" in find("memory-needed", model=LogisticRegression().fit(X, Y), X_train=X, y_train=Y).message
