"""What models do with odd inputs."""

# ruff: noqa: D102  (toy models have the methods that models have)

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_array
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mlready_nb.finding import Outcome
from mlready_nb.testing import find

N = 300


def frame(seed=0):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "age": rng.integers(18, 90, N),
            "income": rng.lognormal(10, 1, N),
            "score": rng.normal(size=N),
            "city": rng.choice(list("abc"), N),
        }
    )
    return X, (X["score"] + rng.normal(size=N) > 0).astype(int)


class Linear:
    """A classifier of one's own, all NumPy: NaN goes in, NaN comes out."""

    classes_ = np.array([0, 1])

    def fit(self, X, y):
        A = np.column_stack([np.asarray(X, float), np.ones(len(X))])
        self.w = np.linalg.lstsq(A, np.asarray(y, float), rcond=None)[0]
        return self

    def predict_proba(self, X):
        p = np.asarray(X, float) @ self.w[:-1] + self.w[-1]
        return np.column_stack([1 - p, p])

    def predict(self, X):
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)


class Swallows(Linear):
    """Puts 0 for whatever it does not understand and takes columns by position, though it knows their names."""

    def fit(self, X, y):
        self.feature_names_in_ = np.array(X.columns)
        return super().fit(X, y)

    def predict_proba(self, X):
        values = np.asarray(X.apply(pd.to_numeric, errors="coerce").fillna(0), float)
        values = np.pad(values, ((0, 0), (0, len(self.w) - 1 - values.shape[1])))
        p = np.clip(np.nan_to_num(values) @ self.w[:-1] + self.w[-1], 0, 1)
        return np.column_stack([1 - p, p])


class ScalesTheBatch(Linear):
    """Standardises with the rows that it is asked for."""

    def predict_proba(self, X):
        X = np.asarray(X, float)
        with np.errstate(all="ignore"):
            return super().predict_proba(np.nan_to_num((X - X.mean(axis=0)) / X.std(axis=0)))


def run(model, numeric=True):
    X, y = frame()
    X = X.drop(columns="city") if numeric else X
    model.fit(X, y)
    return find("odd-inputs", model=model, X_train=X, y_train=y, X_test=X[:100], y_test=y[:100])


def pipeline():
    prepare = make_column_transformer(
        (StandardScaler(), ["age", "income", "score"]), (OneHotEncoder(handle_unknown="ignore"), ["city"])
    )
    return make_pipeline(prepare, LogisticRegression())


def test_it_finds_nan_in_the_answers():
    """A gap in, a gap out, and no word."""
    found = run(Linear())

    assert found.outcome is Outcome.FAIL
    assert "NaN" in found.message
    assert found.points["EVA-03.3"] is Outcome.FAIL
    assert "SimpleImputer" in found.remedy


def test_it_finds_a_model_that_swallows_order_and_lost_columns():
    """Other columns, other answers, no word."""
    found = run(Swallows())

    assert found.outcome is Outcome.WARN
    assert "columns in another order" in found.message
    assert "a column left out" in found.message


def test_it_finds_answers_that_depend_on_the_batch():
    """A row alone gets another answer."""
    found = run(ScalesTheBatch())

    assert found.outcome is Outcome.FAIL
    assert "one row" in found.message


@pytest.mark.parametrize(
    "model",
    [pipeline(), make_pipeline(StandardScaler(), LogisticRegression()), HistGradientBoostingClassifier(max_iter=10)],
)
def test_it_is_quiet_on_models_that_answer_or_refuse(model):
    """scikit-learn's validation refuses; a column transformer takes columns by name."""
    found = run(model, numeric=not hasattr(model, "steps") or "columntransformer" not in dict(model.steps))

    assert found.outcome is Outcome.PASS
    assert found.points == {"EVA-03.1": Outcome.PASS, "EVA-03.3": Outcome.PASS}
    assert found.measured["refused"] > 0


def test_the_steps_are_shown():
    """One line an input, with what happened."""
    X, y = frame()
    found = find("odd-inputs", model=pipeline().fit(X, y), X_train=X, y_train=y, X_test=X, y_test=y)
    names = [row[0] for row in found.tables[0].rows]

    assert {
        "one row",
        "no row",
        "NaN",
        "infinity",
        "unseen category",
        "columns in another order",
        "a column left out",
    } <= set(names)


def test_arrays_polars_and_sparse_tables_are_tried_too():
    """Whatever form the model takes."""
    X, y = frame()
    numbers = X[["age", "score"]]
    for form in (np.asarray, csr_array, pl.from_pandas):
        data = form(numbers)
        found = find(
            "odd-inputs", model=LogisticRegression().fit(data, y), X_train=data, y_train=y, X_test=data, y_test=y
        )
        assert found.outcome is Outcome.PASS, found.message


def test_an_exponential_may_overflow():
    """A log target and absurd values: infinite, not wrong."""
    from sklearn.compose import TransformedTargetRegressor

    X, _ = frame()
    X = X[["age", "score"]]
    y = np.exp(X["score"] + X["age"] / 20)
    model = TransformedTargetRegressor(LinearRegression(), func=np.log, inverse_func=np.exp).fit(X, y)

    found = find("odd-inputs", model=model, X_train=X, y_train=y, X_test=X, y_test=y)

    assert found.outcome is Outcome.PASS
    assert found.measured["overflows"] >= 1


@pytest.mark.parametrize("library", ["lightgbm", "xgboost"])
def test_native_code_is_asked_in_a_child(library):
    """LightGBM takes columns in any order, by design: said, not graded; XGBoost compares the names."""
    module = pytest.importorskip(library)
    X, y = frame()
    X = X.drop(columns="city")
    model = (
        module.LGBMClassifier(n_estimators=5, verbose=-1)
        if library == "lightgbm"
        else module.XGBClassifier(n_estimators=5)
    )

    found = find("odd-inputs", model=model.fit(X, y), X_train=X, y_train=y, X_test=X, y_test=y)

    assert "child process" in found.tables[0].note
    assert found.outcome is Outcome.PASS, found.message
    assert ("by their place" in found.message) is (library == "lightgbm")


def test_it_changes_nothing_and_names_what_it_waits_for():
    """The test rows and the model are as before."""
    X, y = frame()
    model, before = pipeline().fit(X, y), X.copy()
    answers = model.predict_proba(X)
    find("odd-inputs", model=model, X_train=X, y_train=y, X_test=X, y_test=y)

    pd.testing.assert_frame_equal(X, before)
    assert np.array_equal(model.predict_proba(X), answers)
    assert "X_test" in find("odd-inputs", model=model, X_train=X, y_train=y).message
