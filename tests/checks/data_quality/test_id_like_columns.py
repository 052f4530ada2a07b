"""Columns that name the row."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from mlready_nb.finding import Outcome
from mlready_nb.testing import find

N = 800


def frame():
    rng = np.random.default_rng(0)
    return pd.DataFrame({"age": rng.integers(18, 90, N), "x": rng.normal(size=N), "city": rng.choice(list("abc"), N)})


def labels(X):
    return (X["x"] + np.random.default_rng(1).normal(size=N) > 0).astype(int)


def numbers():
    return np.random.default_rng(2).permutation(np.arange(5000, 5000 + 2 * N, 2))


def forest(X, columns):
    kinds = [c for c in columns if not pd.api.types.is_numeric_dtype(X[c])]
    prepare = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), kinds), ("passthrough", [c for c in columns if c not in kinds])
    )
    return make_pipeline(prepare, RandomForestClassifier(20, random_state=0)).fit(X, labels(X))


@pytest.mark.parametrize("ids", [numbers(), [f"C-{i:06d}" for i in numbers()], numbers().astype(float)])
def test_it_finds_a_key_that_the_model_reads(ids):
    """A running number, a customer's code, a number that became a float."""
    X = frame().assign(customer=ids)

    found = find("id-like-columns", model=forest(X, list(X)), X_train=X, y_train=labels(X))

    assert found.outcome is Outcome.WARN
    assert "'customer'" in found.message
    assert "the model reads it" in found.message
    assert "drop(columns=['customer'])" in found.remedy


def test_it_warns_without_a_model_too():
    """Heuristically: nobody can be asked."""
    assert find("id-like-columns", X_train=frame().assign(customer=numbers())).outcome is Outcome.WARN


def test_a_key_that_the_model_ignores_passes():
    """The pipeline drops it."""
    X = frame().assign(customer=numbers())

    found = find("id-like-columns", model=forest(X, ["age", "x", "city"]), X_train=X, y_train=labels(X))

    assert found.outcome is Outcome.PASS
    assert "does not read it" in found.message


def test_it_is_quiet_on_measurements_free_text_and_time():
    """Many distinct values are not yet names."""
    X = frame()
    rng = np.random.default_rng(3)
    X["price"] = rng.integers(100_000, 900_000_000, N)
    X["review"] = [" ".join(rng.choice(list("abcdefghij"), 8)) for _ in range(N)]
    later = X.assign(day=np.arange(N) + N)

    assert find("id-like-columns", X_train=X).outcome is Outcome.PASS
    assert find("id-like-columns", X_train=X.assign(day=np.arange(N)), X_test=later).outcome is Outcome.PASS


def test_it_waits_for_the_training_data():
    """The message names what is missing."""
    assert "X_train" in find("id-like-columns").message
