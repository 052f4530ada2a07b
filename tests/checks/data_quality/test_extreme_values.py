"""Numbers that stand apart."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mlready_nb.finding import Outcome
from mlready_nb.subjects import Task
from mlready_nb.testing import find


def frame(seed=0, n=1500):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": rng.integers(18, 90, n),
            "income": rng.lognormal(10, 1, n),
            "score": rng.normal(size=n),
            "visits": rng.poisson(1.5, n),
            "gain": np.where(rng.random(n) < 0.9, 0, rng.lognormal(8, 1, n)).round(),
        }
    )


def put(column, value, rows):
    X = frame()
    X[column] = X[column].astype(float)
    X.loc[X.index[rows], column] = value
    return X


@pytest.mark.parametrize(
    ("column", "value"),
    [("age", -999), ("age", 999), ("income", -9999), ("score", -99), ("visits", 9999), ("score", 1e6)],
)
def test_it_finds_a_code_for_missing(column, value):
    """One value in 2 % of the rows, out of reach of the others."""
    found = find("extreme-values", X_train=put(column, value, slice(0, 30)))

    assert found.outcome is Outcome.WARN
    assert repr(column) in found.message
    assert "replace" in found.remedy


@pytest.mark.parametrize(("column", "value"), [("age", 4400), ("score", 250.0), ("income", 1e11), ("visits", 5000)])
def test_it_finds_a_slip_of_the_unit(column, value):
    """A single absurd value, in a frame and in polars."""
    X = put(column, value, slice(7, 8))

    assert repr(column) in find("extreme-values", X_train=X).message
    assert find("extreme-values", X_train=pl.from_pandas(X)).outcome is Outcome.WARN


def test_it_finds_infinities_and_faults_of_the_test_set():
    """In either split."""
    assert "infinite" in find("extreme-values", X_train=put("score", np.inf, slice(0, 2))).message
    assert find("extreme-values", X_train=frame(), X_test=put("age", -999, slice(0, 30))).outcome is Outcome.WARN


def test_it_looks_at_the_target_of_a_regression():
    """A price of minus 9999."""
    y = np.random.default_rng(1).normal(200, 30, 1500)
    y[:20] = -9999

    assert (
        "the target"
        in find("extreme-values", X_train=frame(), y_train=y, task=Task.REGRESSION, class_names=None).message
    )


@pytest.mark.parametrize("seed", range(8))
def test_it_is_quiet_on_skewed_and_heavy_tails(seed):
    """Log-normal, Cauchy, Pareto, counts with many zeros: extreme by nature."""
    rng = np.random.default_rng(seed)
    X = frame(seed).assign(cauchy=rng.standard_cauchy(1500), pareto=rng.pareto(1.2, 1500), t=rng.standard_t(3, 1500))

    found = find("extreme-values", X_train=X)

    assert found.outcome is Outcome.PASS
    assert found.tables[0].rows


def test_it_waits_for_the_training_data():
    """The message names what is missing."""
    assert "X_train" in find("extreme-values").message
