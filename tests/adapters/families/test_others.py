"""Functions, pyfunc models, networks: what is asked, and how answers are read."""

import sys
import types

import numpy as np
import pandas as pd
import pytest

from mlready_nb.adapters import as_predictor, askable, describe, is_model
from mlready_nb.adapters.families.face import probabilities
from mlready_nb.discovery import discover
from mlready_nb.subjects import Task

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(50, 2)), columns=["a", "b"])
Y = (X["a"] > 0).astype(int)


def score(rows):
    """A probability a row."""
    return 1 / (1 + np.exp(-np.asarray(rows)[:, 0]))


def test_a_function_is_a_model_when_it_is_named():
    """A notebook is full of functions: it is not found by itself."""
    space = {"score": score, "X_train": X, "X_test": X, "y_train": Y, "y_test": Y}
    found = discover(space, (), overrides={"model": "score", "task": "binary"}).subjects

    assert not is_model(score)
    assert askable(score)
    assert found.model is score
    assert discover(space, ()).subjects.model is None
    assert as_predictor(score, task=Task.BINARY).predict(X).tolist() == Y.tolist()
    assert as_predictor(score, task=Task.BINARY).predict_proba(X).shape == (50, 2)
    assert as_predictor(
        lambda rows: np.where(rows["a"] > 0, "x", "y"), task=Task.BINARY, class_names=("x", "y")
    ).predict(X)[0] in ("x", "y")


def made(module, name, base=object, **members):
    """A class as another library would have it."""
    kind = type(name, (base,), members)
    kind.__module__ = module
    return kind


def test_a_pyfunc_tells_its_columns():
    """Names from the signature, where there is one."""
    schema = types.SimpleNamespace(input_names=lambda: ["a", "b"])
    metadata = types.SimpleNamespace(get_input_schema=lambda: schema)
    model = made(
        "mlflow.pyfunc", "PyFuncModel", predict=lambda _, rows: (rows["a"] > 0).astype(int), metadata=metadata
    )()

    assert describe(model).feature_names == ("a", "b")
    assert describe(model).kind == "MLflow pyfunc"
    assert as_predictor(model, task=Task.BINARY).predict(X).tolist() == Y.tolist()


def test_keras_is_asked_without_a_progress_bar():
    """verbose=0, and (n, 1) becomes (n,)."""
    seen = {}

    def predict(self, rows, verbose=1):
        seen["verbose"] = verbose
        return score(rows).reshape(-1, 1)

    base = made("keras.src.models.model", "Model", predict=predict, input_shape=(None, 2))
    model = made("keras.src.models.sequential", "Sequential", base)()

    assert as_predictor(model, task=Task.BINARY).predict(X).tolist() == Y.tolist()
    assert seen == {"verbose": 0}
    assert describe(model).n_features == 2


@pytest.mark.parametrize(
    ("scores", "final", "expected"),
    [
        (np.array([[0.0], [100.0]]), "Linear", [0.5, 1.0]),
        (np.array([[0.2], [0.7]]), "Sigmoid", [0.2, 0.7]),
        (np.array([[0.0, 0.0]]), "Linear", [[0.5, 0.5]]),
        (np.array([[0.3, 0.7]]), "Softmax", [[0.3, 0.7]]),
        (np.log([[0.3, 0.7]]), "LogSoftmax", [[0.3, 0.7]]),
        (np.array([[0.3, 0.7]]), None, [[0.3, 0.7]]),
        (np.array([1000.0, -1000.0]), "Linear", [1.0, 0.0]),
    ],
)
def test_scores_of_a_last_layer_become_probabilities(scores, final, expected):
    """Logits go through the sigmoid or the softmax; what is one already stays."""
    assert np.allclose(probabilities(scores, final), expected)


def test_a_torch_module_is_asked_in_evaluation_mode():
    """By the real library, where it is."""
    torch = pytest.importorskip("torch")
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 4), torch.nn.ReLU(), torch.nn.Dropout(0.9), torch.nn.Linear(4, 1)
    ).double()
    net.train()
    asked = as_predictor(net, task=Task.BINARY)

    assert is_model(net)
    assert not is_model(torch.nn.CrossEntropyLoss())
    assert np.array_equal(asked.predict_proba(X), asked.predict_proba(X))
    assert net.training
    assert net[2].training


def test_no_library_is_imported_for_others_objects():
    """Asking what an estimator is brings none of them in."""
    from sklearn.linear_model import LogisticRegression

    before = {"torch", "keras", "onnxruntime", "mlflow", "statsmodels"} & set(sys.modules)
    describe(LogisticRegression().fit(X, Y))

    assert {"torch", "keras", "onnxruntime", "mlflow", "statsmodels"} & set(sys.modules) == before
