"""Saved, loaded in a fresh process, asked again."""

import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from mlready_nb.adapters import artefact
from mlready_nb.finding import Outcome, Strength
from mlready_nb.testing import find

N = 200


def data():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=N), "b": rng.normal(size=N), "city": rng.choice(list("xyz"), N)})
    return X, (X["a"] > 0).astype(int)


def ask(model, X, y):
    return find("loads-elsewhere", model=model, X_train=X, y_train=y, X_test=X, y_test=y)


def with_step(function):
    X, y = data()
    X = X[["a", "b"]]
    return make_pipeline(FunctionTransformer(function), LogisticRegression()).fit(X, y), X, y


def test_it_finds_a_lambda_and_its_path():
    """A lambda in a FunctionTransformer."""
    found = ask(*with_step(lambda X: X**2))

    assert found.outcome is Outcome.FAIL
    assert "model.steps[0][1].func is a lambda" in found.message
    assert "module" in found.remedy


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (threading.Lock, "a lock"),
        (Path(__file__).open, "an open file"),
        (lambda: (i for i in "ab"), "a generator"),
    ],
)
def test_it_finds_handles_and_locks(make, word):
    """An attribute that no pickle takes."""
    X, y = data()
    model = LogisticRegression().fit(X[["a"]], y)
    model.extra_ = {"inner": [make()]}

    found = ask(model, X[["a"]], y)

    assert found.outcome is Outcome.FAIL
    assert f"model.extra_['inner'][0] is {word}" in found.message


NOTEBOOK = """
import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from mlready_nb.testing import find

class Squarer(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        self.n_ = X.shape[1]
        return self
    def transform(self, X):
        return X ** 2

def halved(X):
    return X / 2

rng = np.random.default_rng(0)
X = rng.normal(size=(100, 2)); y = (X[:, 0] > 0).astype(int)
for step in (Squarer(), FunctionTransformer(halved)):
    model = make_pipeline(step, LogisticRegression()).fit(X, y)
    print(find("loads-elsewhere", model=model, X_train=X, y_train=y, X_test=X, y_test=y).message)
"""


def test_it_finds_what_only_the_notebook_defines():
    """A class and a function of `__main__`, each with its path."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(NOTEBOOK)], capture_output=True, text=True, check=True)
    one, two = done.stdout.splitlines()

    assert "cannot load it" in one
    assert "model.steps[0][1] is a class that this notebook defines (Squarer)" in one
    assert "model.steps[0][1].func is a function that this notebook defines (halved)" in two


class Forgets(LogisticRegression):
    """Loses its intercept on the way."""

    def __getstate__(self):
        return {**super().__getstate__(), "intercept_": np.array([3.0])}


def test_it_finds_answers_that_changed_on_the_way():
    """A __getstate__ that forgets."""
    X, y = data()

    found = ask(Forgets().fit(X[["a"]], y), X[["a"]], y)

    assert found.outcome is Outcome.FAIL
    assert "other answers" in found.message


def test_it_is_quiet_on_pipelines_and_regressions():
    """Named functions of installed libraries travel; versions are shown."""
    X, y = data()
    prepare = make_column_transformer((OneHotEncoder(), ["city"]), remainder=FunctionTransformer(np.arctan))
    for model, target in (
        (make_pipeline(prepare, LogisticRegression()), y),
        (make_pipeline(prepare, RandomForestRegressor(5)), X["a"]),
    ):
        found = ask(model.fit(X, target), X, target)
        assert found.outcome is Outcome.PASS, found.message
        assert found.strength is Strength.PROVEN
        assert "scikit-learn" in {row[0] for row in found.tables[1].rows}


@pytest.mark.parametrize("library", ["lightgbm", "xgboost"])
def test_boosters_are_saved_in_their_own_format_too(library):
    """Both sizes are shown."""
    module = pytest.importorskip(library)
    X, y = data()
    X = X[["a", "b"]]
    model = (
        module.LGBMClassifier(n_estimators=5, verbose=-1)
        if library == "lightgbm"
        else module.XGBClassifier(n_estimators=5)
    )

    found = ask(model.fit(X, y), X, y)

    assert found.outcome is Outcome.PASS, found.message
    assert found.measured["bytes_in_own_format"] > 0


def test_references_are_read_without_running_the_pickle():
    """Classes of all protocols."""
    import pickle

    for protocol in range(6):
        seen = artefact.references(pickle.dumps([threading.Event, {"x": np.float64(1)}], protocol=protocol))
        assert ("threading", "Event") in seen


def test_it_names_what_it_waits_for():
    """A model and test rows."""
    X, y = data()
    assert (
        "X_test"
        in find("loads-elsewhere", model=LogisticRegression().fit(X[["a"]], y), X_train=X[["a"]], y_train=y).message
    )


def test_a_model_that_cannot_answer_here_is_no_error():
    """Rows of another width: it says so, and what to type."""
    X, y = data()
    found = ask(LogisticRegression().fit(np.asarray(X)[:, :2], y), X, y)
    assert found.outcome == "not_run"
    assert "cannot answer" in found.message
