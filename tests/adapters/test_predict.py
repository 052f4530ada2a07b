"""Any model gives labels and probabilities in one shape, or refuses with advice."""

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mlready_nb.adapters import as_predictor
from mlready_nb.adapters import predict as module
from mlready_nb.subjects import Task, Unusable

X = np.random.default_rng(0).normal(size=(80, 3))
FRAME = pd.DataFrame(X, columns=["a", "b", "c"])
POSITIVE = X[:, 0] > 0
YES = np.where(POSITIVE, "yes", "no")
THREE = np.digitize(X[:, 0], [-0.4, 0.4])
TWO_LABELS = (X[:, :2] > 0).astype(int)
NUMBER = X @ [1.0, 2.0, 3.0]
RAMP = np.linspace(0, 1, 80)


class Says:
    """Any object that predicts: what it is told to."""

    def __init__(self, said, proba=None):
        self.said = said
        if proba is not None:
            self.predict_proba = lambda X: proba(X) if callable(proba) else proba[: len(X)]

    def predict(self, X):
        """Repeat what was told."""
        return self.said(X) if callable(self.said) else self.said[: len(X)]


def test_classifier():
    """Labels, probabilities and scores are the model's own."""
    model = LogisticRegression().fit(X, YES)
    predictor = as_predictor(model, task=Task.BINARY, class_names=("yes", "no"))
    assert predictor.class_names == ("no", "yes"), "the model's classes win"
    np.testing.assert_array_equal(predictor.predict(X), model.predict(X))
    np.testing.assert_array_equal(predictor.predict_proba(X), model.predict_proba(X))
    np.testing.assert_array_equal(predictor.score_vector(X), model.predict_proba(X)[:, 1])


@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(StandardScaler(), LogisticRegression()),
        GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2),
    ],
)
def test_pipeline_and_search(model):
    """Pipelines and searches answer as a whole."""
    predictor = as_predictor(model.fit(FRAME, THREE), task=Task.MULTICLASS)
    np.testing.assert_array_equal(predictor.predict(FRAME), model.predict(FRAME))
    np.testing.assert_array_equal(predictor.predict_proba(FRAME), model.predict_proba(FRAME))
    assert predictor.score_vector(FRAME) is None


def test_regressor():
    """A regressor gives floats and no probabilities."""
    predictor = as_predictor(LinearRegression().fit(X, NUMBER), task=Task.REGRESSION)
    np.testing.assert_allclose(predictor.predict(X), NUMBER)
    assert predictor.predict_proba(X) is None
    assert predictor.score_vector(X) is None


def test_svc_without_probability():
    """Without probabilities the decision function ranks."""
    model = SVC().fit(X, YES)
    predictor = as_predictor(model, task=Task.BINARY)
    assert predictor.predict_proba(X) is None
    np.testing.assert_array_equal(predictor.score_vector(X), model.decision_function(X))


def test_one_class_seen():
    """A model that saw one class gives one column, which ranks nothing."""
    predictor = as_predictor(DummyClassifier().fit(X, np.ones(80)), task=Task.BINARY)
    assert predictor.predict_proba(X).tolist() == [[1.0]] * 80
    assert predictor.score_vector(X) is None


def test_multilabel():
    """Indicators and one probability a label; a label that training never saw has probability 0."""
    y = np.column_stack([TWO_LABELS, np.zeros(80, dtype=int), np.ones(80, dtype=int)])
    predictor = as_predictor(RandomForestClassifier(3, random_state=0).fit(X, y), task=Task.MULTILABEL)
    said, proba = predictor.predict(X), predictor.predict_proba(X)
    assert said.shape == proba.shape == (80, 4)
    assert set(np.unique(said)) <= {0, 1}
    assert proba[:, 2].tolist() == [0] * 80
    assert proba[:, 3].tolist() == [1] * 80
    np.testing.assert_array_equal(said[:, :2], (proba[:, :2] > 0.5).astype(int))
    rest = OneVsRestClassifier(LogisticRegression()).fit(X, TWO_LABELS)
    np.testing.assert_array_equal(as_predictor(rest, task=Task.MULTILABEL).predict_proba(X), rest.predict_proba(X))


def test_batches(monkeypatch):
    """Many rows are asked in batches and come back in order, from every kind of table."""
    monkeypatch.setattr(module, "BATCH", 33)
    model = LogisticRegression().fit(X, YES)
    predictor = as_predictor(model, task=Task.BINARY)
    np.testing.assert_array_equal(predictor.predict(X), model.predict(X))
    np.testing.assert_allclose(predictor.predict_proba(X.tolist()), model.predict_proba(X))
    forest = RandomForestClassifier(3, random_state=0).fit(X, TWO_LABELS)
    assert as_predictor(forest, task=Task.MULTILABEL).predict_proba(X).shape == (80, 2)


@pytest.mark.parametrize("engine", ["pandas", "polars", "pyarrow", "array"])
def test_engines(engine):
    """A model fitted on a frame answers the same in every engine that it takes."""
    model = LogisticRegression().fit(FRAME, YES)
    data = {"pandas": FRAME, "array": X}
    if engine not in data:
        table = pytest.importorskip(engine)
        data[engine] = (table.DataFrame if engine == "polars" else table.table)({n: FRAME[n].to_numpy() for n in FRAME})
    predictor = as_predictor(model, task=Task.BINARY)
    np.testing.assert_array_equal(predictor.predict(data[engine]), model.predict(FRAME))


# -- refusals --------------------------------------------------------------


@pytest.mark.parametrize(
    "model", [LogisticRegression(), make_pipeline(StandardScaler(), SVC()), GridSearchCV(SVC(), {})]
)
def test_unfitted(model):
    """An unfitted model is refused with what to run."""
    with pytest.raises(Unusable, match=r"not fitted: run \.fit\(X_train, y_train\)"):
        as_predictor(model, task=Task.BINARY).predict(X)


def test_wrong_width():
    """Data of another width are refused: how many, how many, and which are missing."""
    predictor = as_predictor(LogisticRegression().fit(FRAME, YES), task=Task.BINARY)
    with pytest.raises(Unusable, match=r"takes 3 columns, the data have 2; missing: 'c'.*%mlready use X_test="):
        predictor.predict(FRAME[["a", "b"]])
    with pytest.raises(Unusable, match="takes 3 columns, the data have 5"):
        as_predictor(LogisticRegression().fit(X, YES), task=Task.BINARY).predict_proba(np.ones((4, 5)))
    with pytest.raises(Unusable, match="same order"):
        predictor.predict(FRAME[["c", "b", "a"]])


def fail(X):
    """Raise, as a model does that was given words."""
    message = "could not convert string to float: 'x'"
    raise ValueError(message)


@pytest.mark.parametrize(
    ("said", "task", "found"),
    [
        (fail, Task.REGRESSION, "could not convert"),
        (lambda _: np.where(RAMP > 0.5, np.nan, 1.0), Task.REGRESSION, "NaN or infinity for 40 of 80"),
        (lambda _: np.where(RAMP > 0.5, np.inf, 1.0), Task.REGRESSION, "NaN or infinity for 40 of 80"),
        (lambda _: [None] * 80, Task.BINARY, "for 80 of 80"),
        (lambda _: np.ones(3), Task.REGRESSION, "3 answers for 80 rows"),
        (lambda _: None, Task.REGRESSION, "1 answers for 80 rows"),
        (lambda _: ["a"] * 80, Task.REGRESSION, "for a regression"),
        (lambda _: np.ones((80, 2)), Task.REGRESSION, r"shape \(80, 2\)"),
        (lambda _: np.ones((80, 2, 2)), Task.MULTICLASS, r"shape \(80, 2, 2\)"),
        (lambda _: [[1], [1, 2]] * 40, Task.BINARY, "inhomogeneous"),
    ],
)
def test_answers_that_are_none(said, task, found):
    """What is no answer for each row is refused, saying what it was."""
    with pytest.raises(Unusable, match=found):
        as_predictor(Says(said), task=task).predict(X)


@pytest.mark.parametrize(
    ("proba", "found"),
    [
        (fail, "could not convert"),
        (lambda _: None, "1 answers for 80 rows"),
        (lambda _: "none", "could not convert"),
        (lambda _: np.full((80, 2), np.nan), "NaN"),
        (lambda _: np.full((80, 5), 0.2), r"shape \(80, 5\) for the classes \(0, 1\)"),
        (lambda _: np.tile([-1.0, 2.0], (80, 1)), "-1 to 2: not probabilities"),
        (lambda _: np.full((3, 2), 0.5), "3 answers for 80 rows"),
    ],
)
def test_probabilities_that_are_none(proba, found):
    """What are no probabilities are refused; the labels of the same model still stand."""
    predictor = as_predictor(Says(POSITIVE.astype(int), proba), task=Task.BINARY)
    assert predictor.predict(X).tolist() == POSITIVE.astype(int).tolist()
    for ask in (predictor.predict_proba, predictor.score_vector):
        with pytest.raises(Unusable, match=found):
            ask(X)


# -- bare objects ----------------------------------------------------------


@pytest.mark.parametrize(
    "said", [YES, YES.tolist(), pd.Series(YES, index=range(80, 160)), YES[:, None], YES.astype(object)]
)
def test_bare_labels(said):
    """Labels of any container are labels, and no probabilities."""
    predictor = as_predictor(Says(said), task=Task.BINARY, class_names=("no", "yes"))
    assert predictor.predict(X).tolist() == YES.tolist()
    assert predictor.predict_proba(X) is None


@pytest.mark.parametrize("said", [RAMP, RAMP[:, None], np.column_stack([1 - RAMP, RAMP])])
def test_bare_probabilities(said):
    """A Keras-like `predict` of a binary task gives probabilities: labels from one half up."""
    predictor = as_predictor(Says(said), task=Task.BINARY, class_names=("no", "yes"))
    assert predictor.predict(X).tolist() == np.where(RAMP >= 0.5, "yes", "no").tolist()
    np.testing.assert_allclose(predictor.score_vector(X), RAMP)


def test_bare_softmax():
    """A row of shares is read as the class of the largest; one-hot rows as their class, without probabilities."""
    soft = np.eye(3)[THREE] * 0.4 + 0.2
    names = ("u", "v", "w")
    expected = np.array(names)[THREE].tolist()
    predictor = as_predictor(Says(soft), task=Task.MULTICLASS, class_names=names)
    assert predictor.predict(X).tolist() == expected
    np.testing.assert_array_equal(predictor.predict_proba(X), soft)
    hard = as_predictor(Says(np.eye(3)[THREE]), task=Task.MULTICLASS, class_names=names)
    assert hard.predict(X).tolist() == expected
    assert hard.predict_proba(X) is None
    with pytest.raises(Unusable, match=r"shape \(80, 3\)"):
        as_predictor(Says(soft), task=Task.MULTICLASS, class_names=("u", "v")).predict(X)


def test_bare_sigmoids():
    """Shares of several labels are indicators from one half up."""
    soft = np.column_stack([RAMP, 1 - RAMP])
    predictor = as_predictor(Says(soft), task=Task.MULTILABEL)
    np.testing.assert_array_equal(predictor.predict(X), (soft >= 0.5).astype(int))
    np.testing.assert_array_equal(predictor.predict_proba(X), soft)
    hard = as_predictor(Says(TWO_LABELS.astype(float)), task=Task.MULTILABEL)
    np.testing.assert_array_equal(hard.predict(X), TWO_LABELS)
    assert hard.predict_proba(X) is None


@pytest.mark.parametrize(
    "proba", [RAMP, RAMP[:, None], np.column_stack([1 - RAMP, RAMP]), pd.DataFrame({"n": 1 - RAMP, "y": RAMP})]
)
def test_probabilities_of_one_column(proba):
    """One column of `predict_proba` is the positive class."""
    predictor = as_predictor(Says(POSITIVE.astype(int), proba), task=Task.BINARY)
    np.testing.assert_allclose(predictor.predict_proba(X), np.column_stack([1 - RAMP, RAMP]))


# -- boosters --------------------------------------------------------------


def test_xgboost_binary():
    """Logistic, raw and hinge boosters give the same kind of labels; probabilities where there are some."""
    xgboost = pytest.importorskip("xgboost")
    data = xgboost.DMatrix(FRAME, POSITIVE)
    logistic = xgboost.train({"objective": "binary:logistic"}, data, 4)
    predictor = as_predictor(logistic, task=Task.BINARY, class_names=("no", "yes"))
    scores = logistic.predict(data)
    np.testing.assert_allclose(predictor.score_vector(FRAME), scores)
    assert predictor.predict(FRAME).tolist() == np.where(scores > 0.5, "yes", "no").tolist()
    raw = xgboost.train({"objective": "binary:logitraw"}, data, 4)
    margins = raw.predict(data)
    predictor = as_predictor(raw, task=Task.BINARY)
    np.testing.assert_allclose(predictor.score_vector(FRAME), 1 / (1 + np.exp(-margins)), rtol=1e-5)
    assert predictor.predict(FRAME).tolist() == (margins > 0).astype(int).tolist()
    hinge = as_predictor(xgboost.train({"objective": "binary:hinge"}, data, 4), task=Task.BINARY)
    assert set(hinge.predict(FRAME).tolist()) == {0, 1}
    assert hinge.predict_proba(FRAME) is None


@pytest.mark.parametrize("objective", ["multi:softprob", "multi:softmax"])
def test_xgboost_multiclass(objective):
    """Both multi-class objectives give classes and probabilities."""
    xgboost = pytest.importorskip("xgboost")
    booster = xgboost.train({"objective": objective, "num_class": 3}, xgboost.DMatrix(X, THREE), 8)
    predictor = as_predictor(booster, task=Task.MULTICLASS, class_names=("u", "v", "w"))
    assert np.mean(predictor.predict(X) == np.array(["u", "v", "w"])[THREE]) > 0.9
    np.testing.assert_allclose(predictor.predict_proba(X).sum(axis=1), 1, atol=1e-5)


def test_xgboost_columns():
    """Columns in another order or beside others go by name; an array by position; other names are refused."""
    xgboost = pytest.importorskip("xgboost")
    booster = xgboost.train({}, xgboost.DMatrix(FRAME, NUMBER), 8)
    predictor = as_predictor(booster, task=Task.REGRESSION)
    expected = booster.predict(xgboost.DMatrix(FRAME)).tolist()
    for data in (FRAME[["c", "a", "b"]], FRAME.assign(z=0.0), X):
        assert predictor.predict(data).tolist() == expected
    polars = pytest.importorskip("polars")
    assert predictor.predict(polars.DataFrame({n: FRAME[n].to_numpy() for n in "cba"})).tolist() == expected
    with pytest.raises(Unusable, match="missing: 'b', 'c'"):
        predictor.predict(FRAME[["a"]])
    with pytest.raises(Unusable, match="feature_names"):
        predictor.predict(FRAME.rename(columns=str.upper))
    with pytest.raises(Unusable, match="DMatrix"):
        predictor.predict(xgboost.DMatrix(FRAME))


def test_xgboost_stops_early():
    """A booster that stopped early is asked up to its best round, as its users do."""
    xgboost = pytest.importorskip("xgboost")
    train, valid = xgboost.DMatrix(X[:40], NUMBER[:40]), xgboost.DMatrix(X[40:], -NUMBER[40:])
    booster = xgboost.train({}, train, 20, evals=[(valid, "valid")], early_stopping_rounds=2, verbose_eval=False)
    assert booster.num_boosted_rounds() > booster.best_iteration + 1
    expected = booster.predict(xgboost.DMatrix(X), iteration_range=(0, booster.best_iteration + 1))
    assert as_predictor(booster, task=Task.REGRESSION).predict(X).tolist() == expected.tolist()


def test_lightgbm():
    """LightGBM's raw boosters: binary, multi-class and regression."""
    lightgbm = pytest.importorskip("lightgbm")
    quiet = {"verbose": -1, "min_data_in_leaf": 5}
    binary = lightgbm.train({"objective": "binary", **quiet}, lightgbm.Dataset(FRAME, POSITIVE), 5)
    predictor = as_predictor(binary, task=Task.BINARY, class_names=("no", "yes"))
    np.testing.assert_array_equal(predictor.score_vector(FRAME), binary.predict(FRAME))
    assert predictor.predict(FRAME).tolist() == np.where(binary.predict(FRAME) > 0.5, "yes", "no").tolist()
    polars = pytest.importorskip("polars")
    same = predictor.predict(polars.DataFrame({n: FRAME[n].to_numpy() for n in FRAME}))
    assert same.tolist() == predictor.predict(FRAME).tolist()
    three = lightgbm.train({"objective": "multiclass", "num_class": 3, **quiet}, lightgbm.Dataset(X, THREE), 5)
    many = as_predictor(three, task=Task.MULTICLASS, class_names=(0, 1, 2))
    assert many.predict(X).tolist() == np.argmax(three.predict(X), axis=1).tolist()
    assert many.predict_proba(X).shape == (80, 3)
    number = lightgbm.train({"objective": "regression", **quiet}, lightgbm.Dataset(X, NUMBER), 5)
    assert as_predictor(number, task=Task.REGRESSION).predict(X).tolist() == number.predict(X).tolist()


def test_scores_that_tell_no_class():
    """Margins of an unknown objective are not taken for classes."""
    xgboost = pytest.importorskip("xgboost")
    ranker = xgboost.train({"objective": "rank:pairwise"}, xgboost.DMatrix(X, POSITIVE), 5)
    predictor = as_predictor(ranker, task=Task.BINARY)
    assert predictor.predict_proba(X) is None
    with pytest.raises(Unusable, match="rank:pairwise"):
        predictor.predict(X)
    with pytest.raises(Unusable, match="do not tell the classes"):
        as_predictor(
            xgboost.train({}, xgboost.DMatrix(X, THREE), 2), task=Task.MULTICLASS, class_names=(0, 1, 2)
        ).predict(X)
