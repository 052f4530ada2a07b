"""Rows that repeat another one within a split."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from mlready_nb.finding import Outcome
from mlready_nb.testing import find

N = 600


def data(seed=0):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "age": rng.integers(18, 90, N),
            "x": rng.normal(size=N),
            "z": rng.normal(size=N),
            "city": rng.choice(list("abc"), N),
        }
    )
    return X, (X["x"] > 0).astype(int)


def doubled(X, y, n=60):
    at = np.random.default_rng(1).integers(0, N, n)
    return pd.concat([X, X.iloc[at]], ignore_index=True), np.concatenate([y, np.asarray(y)[at]])


@pytest.mark.parametrize("form", [lambda X: X, lambda X: X[["age", "x", "z"]].to_numpy()])
def test_it_finds_copies_in_training(form):
    """A tenth of the rows again, in a frame and in an array."""
    X, y = doubled(*data())

    found = find("duplicate-rows", X_train=form(X), y_train=y)

    assert found.outcome is Outcome.WARN
    assert "60 of 660" in found.message
    assert "drop_duplicates" in found.remedy


def test_it_finds_copies_in_the_test_set():
    """They make intervals too narrow."""
    X, y = data()
    X_test, y_test = doubled(*data(5))

    assert "test rows" in find("duplicate-rows", X_train=X, y_train=y, X_test=X_test, y_test=y_test).message


def test_it_is_quiet_on_distinct_and_on_coarse_rows():
    """Three questions with few answers repeat by nature."""
    X, y = data()
    rng = np.random.default_rng(0)
    coarse = pd.DataFrame(
        {"sex": rng.choice(["f", "m"], N), "class": rng.integers(1, 4, N), "age": rng.integers(18, 60, N)}
    )

    assert find("duplicate-rows", X_train=X, y_train=y).outcome is Outcome.PASS
    natural = find("duplicate-rows", X_train=coarse, y_train=y)
    assert natural.outcome is Outcome.PASS
    assert natural.measured["training_repeats"].value > 0.1


def test_oversampling_on_purpose_is_no_fault():
    """The rare class was drawn with replacement until both are equal."""
    X, _ = data()
    y = (X["x"] > 1.2).astype(int)
    rare = np.flatnonzero(y == 1)
    again = np.concatenate([np.flatnonzero(y == 0), np.random.default_rng(0).choice(rare, int((y == 0).sum()))])

    assert find("duplicate-rows", X_train=X.iloc[again], y_train=np.asarray(y)[again]).outcome is Outcome.PASS


def test_it_reads_sparse_tables_and_names_what_it_waits_for():
    """Distinct sparse rows pass; without data it says so."""
    assert find("duplicate-rows", X_train=csr_array(np.random.default_rng(0).random((50, 4)))).outcome is Outcome.PASS
    assert "X_train" in find("duplicate-rows").message
