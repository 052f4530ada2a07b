# ruff: noqa: D102  (toy models have the methods that models have)
"""Trained twice."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlready_nb.finding import Outcome
from mlready_nb.subjects import Cell
from mlready_nb.testing import find

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(400, 4)), columns=list("abcd"))
Y = (X["a"] + RNG.normal(size=400) > 0).astype(int)


def ask(model, y=Y, **more):
    return find("refit-differs", model=model.fit(X, y), X_train=X, y_train=y, **more)


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(10),
        make_pipeline(StandardScaler(), MLPClassifier((5,), max_iter=20)),
        GridSearchCV(RandomForestClassifier(5), {"max_depth": [2, 3]}, cv=2),
    ],
)
def test_it_finds_models_that_chance_governs(model):
    """A forest, a network in a pipeline, what a search found."""
    found = ask(model)

    assert found.outcome is Outcome.WARN
    assert "random_state=None" in found.message
    assert "DecisionTree" not in found.message
    assert "random_state=42" in found.remedy


class Clock(ClassifierMixin, BaseEstimator):
    """Draws from a generator that nobody seeds."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.w_ = np.random.default_rng().normal(size=X.shape[1])
        return self

    def predict(self, X):
        return (np.asarray(X) @ self.w_ > 0).astype(int)


def test_it_finds_chance_without_a_parameter():
    """A model of one's own."""
    found = ask(Clock())

    assert found.outcome is Outcome.WARN
    assert "Clock" in found.remedy


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(10, random_state=1),
        LogisticRegression(),
        HistGradientBoostingClassifier(max_iter=10),
        make_pipeline(StandardScaler(), MLPClassifier((5,), max_iter=20, random_state=0)),
    ],
)
def test_it_is_quiet_on_seeded_and_on_deterministic_models(model):
    """The clean twins."""
    assert ask(model).outcome is Outcome.PASS


def test_a_regression_and_a_global_seed():
    """NumPy's global seed in a cell counts; the user's random state is as before."""
    cells = (Cell(number=1, source="np.random.seed(7)"),)
    np.random.seed(5)
    before = np.random.get_state()[1].copy()

    assert ask(RandomForestRegressor(5), X["b"] * 2).outcome is Outcome.WARN
    np.random.seed(5)
    found = find(
        "refit-differs",
        model=RandomForestRegressor(5, random_state=0).fit(X, X["b"]).set_params(random_state=None),
        X_train=X,
        y_train=X["b"],
        cells=cells,
    )
    assert found.outcome is Outcome.PASS
    assert np.array_equal(np.random.get_state()[1], before)


def test_what_cannot_be_trained_again_is_said():
    """An object without fit; labels of another length; no data."""
    model = LogisticRegression().fit(X, Y)

    assert "y_train" in find("refit-differs", model=model, X_train=X).message
    assert find("refit-differs", model=model, X_train=X, y_train=Y[:300]).outcome is Outcome.NOT_APPLICABLE
