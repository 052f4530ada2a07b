"""The small tree, the last value in time, and the business items that baselines settle."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, Ridge

from mlready_nb import frames
from mlready_nb.checks.registry import select
from mlready_nb.metrics import intervals
from mlready_nb.runner import run
from mlready_nb.testing import find, subjects_of
from tests.checks.planted import binary, fitted, halves, numbers


def test_a_small_tree_that_does_better_warns():
    """Labels that hang on the square of a: a tree of depth four sees it, the linear model in use does not."""
    X = numbers(1500)
    hard = pd.Series(((X["a"] ** 2 > 1) | (X["b"] > 1.3)).astype(int))
    found = find("no-better-than-baseline", **fitted(halves(X, hard)))
    twin = find("no-better-than-baseline", **fitted(halves(*binary(1500))))

    assert found.outcome == "warn"
    assert "a plain small tree" in found.message
    assert found.points["BUS-02.3"] == "warn"
    assert twin.outcome == "pass"
    assert {row[0] for row in twin.tables[0].rows} == {"constant answer", "linear model", "small tree"}


def test_baselines_settle_the_business_items():
    """A model that a constant answer equals fails BUS-02, and BUS-01.3 (a baseline is established) passes all the same."""
    given = fitted(halves(*binary(500)), DummyClassifier(strategy="prior"))
    said = run(subjects_of(**given), select(["no-better-than-baseline"])).findings

    assert [(f.items, str(f.outcome)) for f in said] == [(("DEV-01", "BUS-02"), "fail"), (("BUS-01",), "pass")]
    assert said[1].points["BUS-01.3"] == "pass"


def series(n=600, seed=0):
    """A random walk with two columns that know only the season."""
    rng = np.random.default_rng(seed)
    when = pd.date_range("2020-01-01", periods=n, freq="D")
    season = np.sin(np.arange(n) / 58)
    y = pd.Series(10 * season + np.cumsum(rng.normal(size=n)), index=when)
    return pd.DataFrame({"season": season, "noise": rng.normal(size=n)}, index=when), y


def test_the_last_value_is_a_baseline_where_rows_follow_in_time():
    """A season alone loses against yesterday's value; with yesterday as a column it does not; shuffled rows have no yesterday."""
    X, y = series()
    cut = 450

    def judged(X):
        split = {"X_train": X[:cut], "y_train": y[:cut], "X_test": X[cut:], "y_test": y[cut:]}
        return find("no-better-than-baseline", **split, model=Ridge().fit(X[:cut], y[:cut]))

    bad, good = judged(X), judged(X.assign(yesterday=y.shift().fillna(0)))
    assert bad.outcome in ("warn", "fail")
    assert "last value" in {row[0] for row in bad.tables[0].rows}
    assert good.outcome == "pass"
    mixed = np.random.default_rng(0).permutation(len(X))
    assert not frames.follows_in_time(X.iloc[mixed[:cut]], X.iloc[mixed[cut:]])


def test_order_of_time_is_read_from_an_index_or_a_column():
    """Of pandas and polars; the other way round, or without times, it is none."""
    X, _ = series(60)
    column = X.reset_index(names="day")

    assert frames.follows_in_time(X[:40], X[40:])
    assert not frames.follows_in_time(X[40:], X[:40])
    assert frames.follows_in_time(column[:40], column[40:])
    assert frames.follows_in_time(pl.from_pandas(column[:40]), pl.from_pandas(column[40:]))
    assert not frames.follows_in_time(numbers(40), numbers(20))
    assert not frames.follows_in_time(np.zeros((3, 2)), np.zeros((3, 2)))


def test_many_test_rows_are_sampled_and_said(monkeypatch):
    """The simple models are compared on a part, the constant answer on all."""
    from mlready_nb.checks.model_development import no_better_than_baseline as module

    monkeypatch.setattr(module, "TEST_ROWS", 100)
    monkeypatch.setattr(module, "ROWS", 300)
    found = find("no-better-than-baseline", **fitted(halves(*binary(800))))

    assert found.outcome == "pass"
    assert "trained on 300 of 600 rows and compared on 100 of 200" in found.message


@pytest.mark.parametrize("seed", range(3))
def test_the_paired_interval_holds_and_is_narrower_than_two_alone(seed):
    """DeLong's for the difference of two areas on the same rows."""
    rng = np.random.default_rng(seed)
    y = rng.random(800) < 0.4
    base = y + rng.normal(size=800)
    one, two = base + 0.3 * rng.normal(size=800), base + 0.3 * rng.normal(size=800)
    a, b, low, high = intervals.delong_paired(y, one, two)
    alone = [intervals.delong(y, s) for s in (one, two)]

    assert a == pytest.approx(alone[0][0], abs=1e-12)
    assert b == pytest.approx(alone[1][0], abs=1e-12)
    assert low < a - b < high
    assert high - low < 0.6 * (alone[0][2] - alone[0][1])
    assert intervals.delong_paired(y, one, one)[2:] == pytest.approx((0, 0))


def test_a_linear_model_is_its_own_baseline():
    """No alarm when the model is the baseline."""
    assert all(
        find("no-better-than-baseline", **fitted(halves(*binary(600, s)), LogisticRegression())).outcome == "pass"
        for s in range(4)
    )
