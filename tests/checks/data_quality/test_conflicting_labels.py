"""Equal rows with different labels."""

import numpy as np
import pandas as pd
import pytest

from mlready_nb.finding import Outcome
from mlready_nb.metrics.repeats import disagreement
from mlready_nb.testing import find

N = 800


def data(seed=0):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"age": rng.integers(18, 90, N), "x": rng.normal(size=N), "z": rng.normal(size=N)})
    return X, np.where(X["x"] > 0, "yes", "no")


@pytest.mark.parametrize("form", [lambda X: X, np.asarray])
def test_it_finds_copies_that_contradict_each_other(form):
    """Thirty rows stand twice, with both answers."""
    X, y = data()
    X, y = pd.concat([X, X[:30]]), np.concatenate([y, np.where(y[:30] == "yes", "no", "yes")])

    found = find("conflicting-labels", X_train=form(X), y_train=y)

    assert found.outcome is Outcome.WARN
    assert "60 of 830" in found.message
    assert found.measured["groups_in_conflict"] == 30


def test_it_finds_conflicts_beyond_what_near_rows_show():
    """Coarse rows whose label is decided, but for those that stand more than once."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame({f"q{i}": rng.integers(0, 3, 3000) for i in range(5)})
    y = (X["q0"] + X["q1"] > 2).astype(int).to_numpy()
    hit = rng.random(3000) < 0.5
    again = X[hit].sample(1500, replace=True, random_state=0)
    flipped = 1 - (again["q0"] + again["q1"] > 2).astype(int).to_numpy()
    fine = find("conflicting-labels", X_train=X, y_train=y)
    found = find("conflicting-labels", X_train=pd.concat([X, again]), y_train=np.concatenate([y, flipped]))

    assert fine.outcome is Outcome.PASS
    assert found.measured["rows_in_conflict"].value > 0.3


def test_it_is_quiet_on_distinct_rows_and_on_coarse_ones():
    """In a table of three questions people with equal answers differ."""
    X, y = data()
    rng = np.random.default_rng(1)
    coarse = pd.DataFrame(
        {"sex": rng.choice(["f", "m"], N), "class": rng.integers(1, 4, N), "port": rng.choice(list("SCQ"), N)}
    )
    survived = (rng.random(N) < np.where(coarse["sex"] == "f", 0.7, 0.2)).astype(int)

    assert find("conflicting-labels", X_train=X, y_train=y).outcome is Outcome.PASS
    natural = find("conflicting-labels", X_train=coarse, y_train=survived)
    assert natural.outcome is Outcome.PASS
    assert "natural" in natural.message


def test_it_says_when_rows_and_labels_do_not_belong_together_or_are_missing():
    """Different lengths; no labels."""
    X, y = data()

    assert "800 rows for 700 labels" in find("conflicting-labels", X_train=X, y_train=y[:700]).message
    assert "y_train" in find("conflicting-labels", X_train=X, task="binary", class_names=None).message


def test_pairs_are_counted_by_hand():
    """Rows a a a b b: labels 0 0 1 0 1."""
    seen = disagreement(np.array([7, 7, 7, 9, 9]), np.array([0, 0, 1, 0, 1]))

    assert (seen.conflicting, seen.groups, seen.minority, seen.pairs) == (5, 2, 2, 4)
    assert seen.rate == pytest.approx(3 / 4)


def test_pairs_of_equal_rows_are_left_out_of_near_ones():
    """Of three near rows two are equal: two pairs are left."""
    seen = disagreement(np.array([7, 7, 7]), np.array([0, 1, 0]), apart=np.array([1, 1, 2]))

    assert seen.pairs == 2
    assert seen.rate == pytest.approx(1 / 2)
