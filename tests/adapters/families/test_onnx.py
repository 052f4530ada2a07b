"""ONNX sessions, by the real library."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from mlready_nb.adapters import as_predictor, describe, is_model
from mlready_nb.finding import Outcome
from mlready_nb.subjects import Task
from mlready_nb.testing import find

runtime = pytest.importorskip("onnxruntime")
skl2onnx = pytest.importorskip("skl2onnx")
types = pytest.importorskip("skl2onnx.common.data_types")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3)).astype(np.float32)
Y = np.where(X[:, 0] + RNG.normal(size=200) > 0, "yes", "no")


def session(model, inputs, options=None):
    made = skl2onnx.convert_sklearn(model, initial_types=inputs, options=options)
    return runtime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("zipmap", [True, False])
def test_a_classifier_gives_its_labels_and_probabilities(zipmap):
    """With and without the dicts that skl2onnx writes by default."""
    model = LogisticRegression().fit(X, Y)
    made = session(model, [("X", types.FloatTensorType([None, 3]))], None if zipmap else {id(model): {"zipmap": False}})
    asked = as_predictor(made, task=Task.BINARY, class_names=("no", "yes"))

    assert is_model(made)
    assert describe(made).n_features == 3
    assert asked.predict(X).tolist() == model.predict(X).tolist()
    assert np.allclose(asked.predict_proba(pd.DataFrame(X)), model.predict_proba(X), atol=1e-5)


def test_a_regression():
    """(n, 1) numbers become (n,)."""
    model = LinearRegression().fit(X, X[:, 1] * 2)
    made = session(model, [("X", types.FloatTensorType([None, 3]))])

    assert np.allclose(as_predictor(made, task=Task.REGRESSION).predict(X), X[:, 1] * 2, atol=1e-4)


def test_what_cannot_be_pickled_is_asked_harmless_things_only():
    """And saving says so, with the culprit."""
    made = session(LogisticRegression().fit(X, Y), [("X", types.FloatTensorType([None, 3]))])
    subjects = {"model": made, "X_train": X, "y_train": Y, "X_test": X, "y_test": Y}

    odd = find("odd-inputs", **subjects)
    assert odd.outcome in (Outcome.INCONCLUSIVE, Outcome.PASS)
    assert find("overall-metrics", **subjects).outcome is Outcome.PASS
