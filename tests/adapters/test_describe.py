"""What models say of themselves, without being run: scikit-learn's, XGBoost's, LightGBM's, and anybody's."""

from unittest.mock import MagicMock

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from mlready_nb.adapters import describe, is_model
from mlready_nb.subjects import Task

X = np.random.default_rng(0).normal(size=(60, 3))
FRAME = pd.DataFrame(X, columns=["a", "b", "c"])
YES = np.where(X[:, 0] > 0, "yes", "no")
THREE = np.digitize(X[:, 0], [-0.4, 0.4])
TWO_LABELS = (X[:, :2] > 0).astype(int)
NUMBER = X @ [1.0, 2.0, 3.0]


def scaled(model):
    """The model behind a scaler."""
    return make_pipeline(StandardScaler(), model)


FITTED = {
    "classifier": (LogisticRegression().fit(X, YES), "LogisticRegression", Task.BINARY, ("no", "yes")),
    "three": (SVC().fit(X, THREE), "SVC", Task.MULTICLASS, (0, 1, 2)),
    "booleans": (LogisticRegression().fit(X, YES == "yes"), "LogisticRegression", Task.BINARY, (False, True)),
    "pipeline": (scaled(SVC()).fit(X, YES), "Pipeline > SVC", Task.BINARY, ("no", "yes")),
    "search": (
        GridSearchCV(scaled(LogisticRegression()), {"logisticregression__C": [1.0]}, cv=2).fit(X, YES),
        "GridSearchCV > Pipeline > LogisticRegression",
        Task.BINARY,
        ("no", "yes"),
    ),
    "calibrated": (
        CalibratedClassifierCV(LinearSVC(), cv=2).fit(X, YES),
        "CalibratedClassifierCV > LinearSVC",
        Task.BINARY,
        ("no", "yes"),
    ),
    "regressor": (LinearRegression().fit(X, NUMBER), "LinearRegression", Task.REGRESSION, None),
    "target": (
        TransformedTargetRegressor(scaled(Ridge())).fit(X, NUMBER),
        "TransformedTargetRegressor",
        Task.REGRESSION,
        None,
    ),
    "forest of labels": (RandomForestClassifier(2).fit(X, TWO_LABELS), "RandomForestClassifier", Task.MULTILABEL, None),
    "rest": (
        OneVsRestClassifier(LogisticRegression()).fit(X, TWO_LABELS),
        "OneVsRestClassifier",
        Task.MULTILABEL,
        (0, 1),
    ),
    "network": (
        MLPClassifier((2,), max_iter=500, tol=1.0).fit(X, TWO_LABELS),
        "MLPClassifier",
        Task.MULTILABEL,
        (0, 1),
    ),
}


@pytest.mark.parametrize("what", FITTED)
@pytest.mark.filterwarnings("ignore")
def test_fitted_models_of_scikit_learn(what):
    """Kind, task, classes and width of a fitted model, inside pipelines and searches too."""
    model, kind, task, classes = FITTED[what]
    info = describe(model)
    assert (info.kind, info.library, info.task, info.classes) == (kind, "sklearn", task, classes)
    assert (info.fitted, info.n_features, info.feature_names) == (True, 3, None)
    assert info.version
    assert all(isinstance(v, (str, int, float, bool, tuple, type(None))) for v in info.params.values())


@pytest.mark.parametrize("model", [LogisticRegression(), scaled(Ridge()), GridSearchCV(SVC(), {"C": [1.0, 2.0]}, cv=2)])
def test_names_are_those_of_the_data_handed_in(model):
    """Names are the columns that the whole model takes, not those between two steps."""
    assert describe(model.fit(FRAME, THREE)).feature_names == ("a", "b", "c")


def test_encoded_columns_do_not_hide_the_width():
    """A pipeline's own width is that of its first step, where its final estimator sees more columns."""
    from sklearn.preprocessing import PolynomialFeatures

    info = describe(make_pipeline(PolynomialFeatures(3), LinearRegression()).fit(X, NUMBER))
    assert info.n_features == 3
    assert info.final.n_features_in_ == 20


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (LogisticRegression(), "LogisticRegression"),
        (scaled(SVC()), "Pipeline > SVC"),
        (GridSearchCV(scaled(SVC()), {}), "GridSearchCV > Pipeline > SVC"),
        (TransformedTargetRegressor(Ridge()), "TransformedTargetRegressor"),
    ],
)
def test_unfitted(model, kind):
    """An unfitted model is told from a fitted one, and knows no width."""
    info = describe(model)
    assert (info.kind, info.fitted, info.n_features, info.classes) == (kind, False, None, None)


def test_clustering_has_no_task():
    """A model that is neither classifier nor regressor is not forced to be one."""
    assert describe(KMeans(2, n_init=1).fit(X)).task is None


@pytest.mark.parametrize(
    ("objective", "y", "task", "classes"),
    [
        ({"objective": "binary:logistic"}, YES == "yes", Task.BINARY, None),
        ({"objective": "multi:softprob", "num_class": 3}, THREE, Task.MULTICLASS, (0, 1, 2)),
        ({"objective": "reg:absoluteerror"}, NUMBER, Task.REGRESSION, None),
        ({"objective": "rank:pairwise"}, THREE, None, None),
    ],
)
def test_xgboost(objective, y, task, classes):
    """XGBoost's wrappers and raw boosters tell task, width and names."""
    xgboost = pytest.importorskip("xgboost")
    info = describe(xgboost.train(objective, xgboost.DMatrix(FRAME, y), 2))
    assert (info.kind, info.library, info.fitted) == ("xgboost.Booster", "xgboost", True)
    assert (info.task, info.classes, info.n_features, info.feature_names) == (task, classes, 3, ("a", "b", "c"))
    assert info.params["objective"] == objective["objective"]
    assert describe(xgboost.train(objective, xgboost.DMatrix(X, y), 1)).feature_names is None


@pytest.mark.parametrize(
    ("objective", "y", "task", "classes"),
    [
        ({"objective": "binary"}, YES == "yes", Task.BINARY, None),
        ({"objective": "multiclass", "num_class": 3}, THREE, Task.MULTICLASS, (0, 1, 2)),
        ({"objective": "multiclassova", "num_class": 3}, THREE, Task.MULTICLASS, (0, 1, 2)),
        ({"objective": "huber"}, NUMBER, Task.REGRESSION, None),
    ],
)
def test_lightgbm(objective, y, task, classes):
    """LightGBM's raw boosters tell task, width and names, also when loaded from text."""
    lightgbm = pytest.importorskip("lightgbm")
    booster = lightgbm.train({**objective, "verbose": -1}, lightgbm.Dataset(FRAME, y), 2)
    for model in (booster, lightgbm.Booster(model_str=booster.model_to_string())):
        info = describe(model)
        assert (info.kind, info.library, info.fitted) == ("lightgbm.Booster", "lightgbm", True)
        assert (info.task, info.classes, info.n_features, info.feature_names) == (task, classes, 3, ("a", "b", "c"))
    unnamed = lightgbm.train({**objective, "verbose": -1}, lightgbm.Dataset(X, y), 1)
    assert describe(unnamed).feature_names is None


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_wrappers(library):
    """The wrappers of scikit-learn's interface, fitted and not."""
    module = pytest.importorskip(library)
    quiet = {"verbose": -1} if library == "lightgbm" else {}
    prefix = "LGBM" if library == "lightgbm" else "XGB"
    make = getattr(module, f"{prefix}Classifier")
    info = describe(make(n_estimators=2, **quiet).fit(FRAME, THREE))
    assert (info.kind, info.library, info.task) == (f"{prefix}Classifier", library, Task.MULTICLASS)
    assert (info.classes, info.n_features, info.feature_names, info.fitted) == ((0, 1, 2), 3, ("a", "b", "c"), True)
    assert describe(make()).fitted is False
    assert (
        describe(getattr(module, f"{prefix}Regressor")(n_estimators=2, **quiet).fit(X, NUMBER)).task is Task.REGRESSION
    )


class Bare:
    """Whatever has a `predict`."""

    def predict(self, X):
        """Ones."""
        return np.ones(len(X))


class Proxy(Bare):
    """An object whose every other attribute raises."""

    def __getattr__(self, name):
        """Refuse."""
        raise RuntimeError(name)


class Sealed:
    """An object whose `predict` cannot even be looked at."""

    @property
    def predict(self):
        """Refuse."""
        raise RuntimeError


def test_any_object():
    """An object with nothing but `predict` is described as far as it goes."""
    for model in (Bare(), Proxy()):
        info = describe(model)
        assert (info.kind, info.fitted, info.n_features, info.task) == (type(model).__name__, None, None, None)
    assert describe(MagicMock()).n_features is None


def test_what_is_a_model():
    """Classes, transformers, modules, functions and frames are none; what predicts is one."""
    for value in (LogisticRegression(), scaled(SVC()), Bare(), Proxy(), KMeans()):
        assert is_model(value)
    for value in (
        LogisticRegression,
        StandardScaler(),
        make_pipeline(StandardScaler()),
        np,
        len,
        FRAME,
        None,
        Sealed(),
    ):
        assert not is_model(value)
