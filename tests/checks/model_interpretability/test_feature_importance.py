"""SHAP through every explainer, in terms of the columns the user knows."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves, numbers

SPLIT = halves(*binary(240))
TASK = {"task": Task.BINARY, "class_names": (0, 1)}


def ranked(found):
    """Columns by importance."""
    return [row[0] for row in found.tables[0].rows]


@pytest.mark.parametrize(
    ("model", "explainer"),
    [
        (RandomForestClassifier(10, random_state=0), "TreeExplainer"),
        (GradientBoostingClassifier(n_estimators=10, random_state=0), "TreeExplainer"),
        (LogisticRegression(), "LinearExplainer"),
        (KNeighborsClassifier(), "PermutationExplainer"),
        (GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=2), "LinearExplainer"),
    ],
)
def test_the_columns_that_carry_the_label_lead(model, explainer):
    """The columns a and b by each explainer; the message says which, and on how many rows."""
    found = find("feature-importance", **fitted(SPLIT, model))

    assert found.outcome == "pass"
    assert set(ranked(found)[:2]) == {"a", "b"}
    assert found.measured["explainer"] == explainer
    assert f"{explainer} on 60 of 60 test rows" in found.message


@pytest.mark.parametrize(
    "model",
    [RandomForestClassifier(10, random_state=0), LogisticRegression(), GradientBoostingClassifier(n_estimators=4)],
)
def test_three_classes(model):
    """Also where shap's trees know two classes only: the permutation explainer takes over and says so."""
    X = numbers(160)
    y = pd.Series(np.select([X["a"] > 0.5, X["a"] < -0.5], ["hi", "lo"], "mid"))
    found = find("feature-importance", **fitted(halves(X, y), model))

    assert found.outcome == "pass"
    assert found.measured["first"] == "a"
    assert (found.measured["explainer"] == "PermutationExplainer") == ("explainer failed" in found.message)


def test_regressions():
    """A linear model and a forest agree on the leading column."""
    X = numbers(200)
    split = halves(X, 3 * X["c"] + X["d"])

    for model in (Ridge(), RandomForestRegressor(10, random_state=0)):
        assert ranked(find("feature-importance", **fitted(split, model)))[:2] == ["c", "d"]


@pytest.mark.parametrize("final", [LogisticRegression(), RandomForestClassifier(20, random_state=0)])
def test_a_pipeline_speaks_of_the_original_columns(final):
    """One-hot parts are summed back, also where one column's name starts like another's, or holds two underscores."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {
            "job": rng.choice(["x", "y", "z"], 300),
            "job_kind": rng.choice(["u", "v"], 300),
            "b": rng.normal(size=300),
            "raw__b": rng.normal(size=300),
        }
    )
    X.loc[::9, "b"] = np.nan
    y = pd.Series(((X["job_kind"] == "u") * 2.0 + X["raw__b"] + rng.normal(scale=0.3, size=300) > 1).astype(int))
    number = make_pipeline(SimpleImputer(), StandardScaler())
    steps = ColumnTransformer([("num", number, ["b", "raw__b"]), ("cat", OneHotEncoder(), ["job", "job_kind"])])
    found = find("feature-importance", **fitted(halves(X, y), make_pipeline(steps, final)))

    assert set(ranked(found)) == set(X.columns)
    assert set(ranked(found)[:2]) == {"job_kind", "raw__b"}


def test_a_step_that_mixes_columns_is_asked_as_a_whole():
    """Principal components are no columns of the user's."""
    found = find("feature-importance", **fitted(SPLIT, make_pipeline(StandardScaler(), PCA(3), LogisticRegression())))

    assert set(ranked(found)) == set("abcd")
    assert set(ranked(found)[:2]) == {"a", "b"}


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("order", ["abcd", "dcba"])
def test_raw_boosters(classes, order):
    """XGBoost's and LightGBM's own, with the test set's columns in another order: XGBoost goes by name."""
    lightgbm, xgboost = pytest.importorskip("lightgbm"), pytest.importorskip("xgboost")
    X = numbers(200)
    y = (X["a"] > 0).astype(int) + ((X["a"] > 1).astype(int) if classes == 3 else 0)
    given = {"task": Task.BINARY if classes == 2 else Task.MULTICLASS, "class_names": tuple(range(classes))}
    many = {"num_class": 3} if classes == 3 else {}
    objective = ("binary", "binary:logistic") if classes == 2 else ("multiclass", "multi:softprob")
    light = lightgbm.train({"objective": objective[0], "verbose": -1, **many}, lightgbm.Dataset(X, y), 5)
    extreme = xgboost.train({"objective": objective[1], "nthread": 1, **many}, xgboost.DMatrix(X, y), 5)
    models = [extreme] if order == "dcba" else [light, extreme]

    for model in models:
        found = find("feature-importance", model=model, X_test=X[list(order)], y_test=y, **given)
        assert found.outcome == "pass"
        assert found.measured["first"] == "a"
        assert found.measured["explainer"] == "TreeExplainer"


@pytest.mark.parametrize("make", [pl.from_pandas, lambda X: X.to_numpy()])
def test_other_engines(make):
    """Frames of polars and arrays, by trees and by permutation."""
    split = SPLIT | {n: make(SPLIT[n]) for n in ("X_train", "X_test")}
    for model in (RandomForestClassifier(10, random_state=0), KNeighborsClassifier()):
        model.fit(SPLIT["X_train"].to_numpy(), SPLIT["y_train"])
        found = find("feature-importance", **split, model=model)
        assert set(ranked(found)[:2]) in ({"a", "b"}, {"x0", "x1"})


def test_a_model_that_ignores_its_columns_warns():
    """One and the same answer for all."""
    found = find("feature-importance", **fitted(SPLIT, DummyClassifier()))

    assert found.outcome == "warn"
    assert "no column moves the prediction" in found.message


class Fickle:
    """Answers some times, then raises."""

    def __init__(self, times):
        self.times = times

    def predict(self, X):
        """Labels, while it lasts."""
        self.times -= 1
        if self.times < 0:
            raise RuntimeError("the GPU is gone")
        return (np.asarray(X)[:, 0] > 0).astype(int)


def test_a_model_that_raises_gives_its_reason():
    """At once: it cannot be run. Later: the values could not be had. Never an error of ours."""
    at_once = find("feature-importance", **SPLIT, model=Fickle(0), **TASK)
    later = find("feature-importance", **SPLIT, model=Fickle(2), **TASK)

    assert (at_once.outcome, later.outcome) == ("not_run", "inconclusive")
    assert "the GPU is gone" in at_once.message
    assert "the GPU is gone" in later.message


def test_values_that_do_not_add_up_are_taken_without_that_test(monkeypatch):
    """The library refuses forests whose rounding it dislikes; the order of the columns does not hang on it."""
    import shap

    asked = []
    known = shap.TreeExplainer.shap_values

    def picky(self, X, check_additivity=True, **rest):
        asked.append(check_additivity)
        if check_additivity:
            raise shap.utils._exceptions.ExplainerError("Additivity check failed in TreeExplainer!")
        return known(self, X, check_additivity=False, **rest)

    monkeypatch.setattr(shap.TreeExplainer, "shap_values", picky)
    found = find("feature-importance", **fitted(SPLIT, RandomForestClassifier(10, random_state=0)))

    assert found.measured["explainer"] == "TreeExplainer"
    assert asked[:2] == [True, False]
    assert set(ranked(found)[:2]) == {"a", "b"}


def test_it_names_what_is_missing():
    """Absent, unfitted, empty, too narrow."""
    split = fitted(SPLIT)

    assert "model=<variable>" in find("feature-importance", X_test=split["X_test"]).message
    assert "is not fitted" in find("feature-importance", **SPLIT, model=LogisticRegression()).message
    assert "0 rows" in find("feature-importance", **split | {"X_test": split["X_test"][:0]}).message
    assert "missing: 'd'" in find("feature-importance", **split | {"X_test": split["X_test"][list("abc")]}).message
