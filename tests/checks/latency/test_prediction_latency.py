# ruff: noqa: D102  (toy models have the methods that models have)
"""Time to predict."""

import time

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mlready_nb.finding import Outcome
from mlready_nb.metrics.quantiles import quantile
from mlready_nb.subjects import Target
from mlready_nb.testing import find

X = np.random.default_rng(0).normal(size=(200, 3))
Y = (X[:, 0] > 0).astype(int)


class Slow(LogisticRegression):
    """Takes five milliseconds."""

    def predict_proba(self, X):
        time.sleep(0.005)
        return super().predict_proba(X)


def ask(model, *targets):
    return find("prediction-latency", model=model.fit(X, Y), X_train=X, y_train=Y, X_test=X, y_test=Y, targets=targets)


def test_it_finds_a_goal_that_is_missed():
    """Five milliseconds a row, two are allowed."""
    found = ask(Slow(), Target(metric="p95_latency_ms", op="<=", value=2))

    assert found.outcome is Outcome.FAIL
    assert "p95_latency_ms <= 2 is missed" in found.message
    assert "in process" in found.message
    assert found.points["LAT-01.1"] is Outcome.FAIL
    assert found.measured["p50_latency_ms"].value >= 5


def test_it_is_quiet_on_a_goal_that_is_met():
    """A second is plenty; at least 200 calls tell so."""
    found = ask(
        LogisticRegression(),
        Target(metric="p95_latency_ms", op="<=", value=1000),
        Target(metric="throughput", op=">=", value=10),
    )

    assert found.outcome is Outcome.PASS
    assert found.measured["calls"] >= 200
    assert found.points == {"LAT-01.1": Outcome.PASS, "LAT-01.2": Outcome.PASS}


def test_a_goal_inside_the_interval_is_inconclusive():
    """Six of seven rows are fast."""
    times = np.r_[np.full(380, 1.0), np.full(20, 9.0)]
    assert quantile(times, 0.95)[1:] == (1.0, 9.0)


def test_without_a_goal_it_measures_and_decides_nothing():
    """The sub-bullets stay open."""
    found = ask(LogisticRegression())

    assert found.outcome is Outcome.PASS
    assert "No goal is stated" in found.message
    assert set(found.points.values()) == {Outcome.NOT_RUN}


def test_intervals_of_percentiles_cover():
    """In about 95 % of repeated draws."""
    rng = np.random.default_rng(0)
    truth = -np.log(0.05)
    hits = [low <= truth <= high for _, low, high in (quantile(rng.exponential(size=400), 0.95) for _ in range(300))]

    assert np.mean(hits) == pytest.approx(0.95, abs=0.03)


def test_it_names_what_it_waits_for():
    """Test rows."""
    assert "X_test" in find("prediction-latency", model=LogisticRegression().fit(X, Y), X_train=X, y_train=Y).message
