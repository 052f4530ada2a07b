"""Answers under movements that nobody would notice."""

# ruff: noqa: ARG002, D102  (toy models have the methods that models have)

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from mlready_nb.finding import Outcome
from mlready_nb.testing import find

N = 1000


def data(seed=0):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "a": rng.normal(size=N),
            "b": rng.normal(50, 12, N),
            "heavy": rng.standard_cauchy(N),
            "flag": rng.integers(0, 2, N),
        }
    )
    return X, (X["a"] + rng.normal(size=N) * 0.5 > 0).astype(int)


class LastDigit:
    """Answers by the second decimal: as brittle as can be."""

    classes_ = np.array([0, 1])

    def fit(self, X, y):
        return self

    def predict(self, X):
        return (np.floor(np.asarray(X, float)[:, 0] * 200).astype(int)) % 2


def ask(model, X, y):
    return find("small-perturbations", model=model, X_train=X, y_train=y, X_test=X[500:], y_test=y[500:])


@pytest.mark.parametrize("form", [lambda X: X, lambda X: X.to_numpy()])
def test_it_finds_labels_that_turn_on_a_decimal(form):
    """Half of them change under a hundredth of the spread."""
    X, y = data()

    found = ask(LastDigit(), form(X), y)

    assert found.outcome is Outcome.WARN
    assert found.measured["flips"].value > 0.2
    assert found.points["SEC-04.1"] is Outcome.WARN


@pytest.mark.parametrize(
    "model", [LogisticRegression(max_iter=2000), RandomForestClassifier(20, random_state=0), KNeighborsClassifier(5)]
)
def test_it_is_quiet_on_sound_models(model):
    """Linear, trees, neighbours."""
    X, y = data()

    assert ask(model.fit(X[:500], y[:500]), X, y).outcome is Outcome.PASS


def test_it_reads_regressions():
    """A forest's steps are smaller than a quarter of the spread."""
    X, _ = data()
    y = X["a"] * 3 + X["b"] / 10

    assert ask(RandomForestRegressor(20, random_state=0).fit(X[:500], y[:500]), X, y).outcome is Outcome.PASS


def test_it_needs_quantities_and_names_what_it_waits_for():
    """Codes are not moved; without test rows it waits."""
    X, y = data()
    model = LogisticRegression().fit(X[["flag"]], y)

    assert ask(model, X[["flag"]], y).outcome is Outcome.NOT_APPLICABLE
    assert "X_test" in find("small-perturbations", model=model, X_train=X[["flag"]], y_train=y).message


def test_whole_numbers_stay_whole():
    """Codes of many shops, each with its own level: between two codes there is no shop."""
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import TargetEncoder

    rng = np.random.default_rng(0)
    shop = rng.integers(0, 60, 3000)
    X = np.column_stack([shop, rng.normal(size=3000)]).astype(float)
    y = rng.normal(scale=3, size=60)[shop] + X[:, 1]
    model = make_pipeline(
        ColumnTransformer([("shop", TargetEncoder(random_state=0), [0])], remainder="passthrough"), LinearRegression()
    )
    found = ask(model.fit(X[:2000], y[:2000]), X[2000:], y[2000:])
    assert found.outcome == "pass"
    assert found.measured["columns_moved"] == 1
