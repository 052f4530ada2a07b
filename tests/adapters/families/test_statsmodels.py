"""Results of statsmodels, by the real library."""

import numpy as np
import pandas as pd
import pytest

from mlready_nb.adapters import as_predictor, describe, is_model
from mlready_nb.finding import Outcome
from mlready_nb.subjects import Task
from mlready_nb.testing import find

sm = pytest.importorskip("statsmodels.api")
smf = pytest.importorskip("statsmodels.formula.api")

RNG = np.random.default_rng(0)
X = pd.DataFrame({"a": RNG.normal(size=300), "b": RNG.normal(size=300)})
Y = (X["a"] + RNG.logistic(size=300) > 0).astype(int)
C = sm.add_constant(X)


def test_a_logit_gives_labels_and_probabilities():
    """Its predict gives the probability of 1."""
    model = sm.Logit(Y, C).fit(disp=0)
    asked = as_predictor(model, task=Task.BINARY)

    assert is_model(model)
    assert describe(model).task is Task.BINARY
    assert describe(model).feature_names == ("const", "a", "b")
    assert np.allclose(asked.predict_proba(C)[:, 1], model.predict(C))
    assert asked.predict(C).tolist() == (model.predict(C) >= 0.5).astype(int).tolist()


def test_columns_are_taken_by_name():
    """The library itself takes them by position."""
    model = sm.OLS(X["a"] * 2 + 1, C).fit()
    asked = as_predictor(model, task=Task.REGRESSION)

    assert describe(model).task is Task.REGRESSION
    assert np.allclose(asked.predict(C[["b", "a", "const"]]), X["a"] * 2 + 1)


def test_formulas_and_several_classes():
    """A formula takes the raw frame; MNLogit gives a column a class."""
    df = X.assign(y=Y, z=RNG.integers(0, 3, 300))
    logit = smf.logit("y ~ a + np.exp(b)", df).fit(disp=0)
    several = sm.MNLogit(df["z"], C).fit(disp=0)

    assert as_predictor(logit, task=Task.BINARY).predict_proba(X).shape == (300, 2)
    assert as_predictor(several, task=Task.MULTICLASS, class_names=(0, 1, 2)).predict_proba(C).shape == (300, 3)
    assert describe(sm.GLM(Y, C, family=sm.families.Binomial()).fit()).task is Task.BINARY


def test_the_checks_take_it():
    """Odd inputs, metrics and saving run on it."""
    model = sm.Logit(Y, C).fit(disp=0)
    subjects = {"model": model, "X_train": C, "y_train": Y, "X_test": C, "y_test": Y}

    assert find("overall-metrics", **subjects).outcome is Outcome.PASS
    assert find("loads-elsewhere", **subjects).outcome is Outcome.PASS
