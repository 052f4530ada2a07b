"""Models as nobody should write them: each way of answering wrongly, by name."""

import random
import sys

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor

from mlready_nb import frames


def _rows(X):
    try:
        return frames.n_rows(X)
    except frames.NotATable:
        return 1


def _raise(error):
    raise error


#: name -> (number of rows, number of classes) -> what predict gives
LABELS = {
    "sound": lambda n, k: np.arange(n) % k,
    "texts": lambda n, k: np.array([f"<b>{i % k}" for i in range(n)], dtype=object),
    "constant": lambda n, k: np.zeros(n, int),
    "unknown class": lambda n, k: np.full(n, 99),
    "too few": lambda n, k: np.zeros(max(n - 1, 0)),
    "too many": lambda n, k: np.zeros(n + 3),
    "NaN": lambda n, k: np.full(n, np.nan),
    "infinity": lambda n, k: np.full(n, -np.inf),
    "column": lambda n, k: np.zeros((n, 1)),
    "matrix": lambda n, k: np.zeros((n, 4)),
    "cube": lambda n, k: np.zeros((n, 2, 2)),
    "number": lambda n, k: 3,
    "nothing": lambda n, k: None,
    "text": lambda n, k: "yes",
    "list": lambda n, k: [0] * n,
    "ragged": lambda n, k: [[1], [1, 2]] * n,
    "generator": lambda n, k: (i for i in range(n)),
    "objects": lambda n, k: np.array([object()] * n + [None], dtype=object)[:n],
    "complex": lambda n, k: np.zeros(n, complex),
    "dates": lambda n, k: np.full(n, np.datetime64("2026-01-01")),
    "huge": lambda n, k: np.full(n, 1e308),
    "masked": lambda n, k: np.ma.masked_all(n),
    "error": lambda n, k: _raise(ValueError("<script>boom</script>")),
    "no text": lambda n, k: _raise(Mute()),
    "exit": lambda n, k: sys.exit(3),
    "interrupt": lambda n, k: _raise(KeyboardInterrupt()),
    "memory": lambda n, k: _raise(MemoryError()),
    "recursion": lambda n, k: LABELS["recursion"](n, k),
    "missing module": lambda n, k: _raise(ModuleNotFoundError("No module named 'x'", name="x")),
    "prints": lambda n, k: print("\x1b[31m noise") or np.arange(n) % k,
    "reseeds": lambda n, k: (np.random.seed(0), random.seed(0)) and np.arange(n) % k,
    "group": lambda n, k: _raise(ExceptionGroup("many", [ValueError("a")])),
}
PROBABILITIES = {
    "none": None,
    "sound": lambda n, k: np.eye(k)[np.arange(n) % k] * 0.8 + 0.2 / k,
    "negative": lambda n, k: np.full((n, k), -0.5),
    "above one": lambda n, k: np.full((n, k), 1.7),
    "no sum": lambda n, k: np.full((n, k), 0.9),
    "NaN": lambda n, k: np.full((n, k), np.nan),
    "zeros": lambda n, k: np.zeros((n, k)),
    "flat": lambda n, k: np.full(n, 0.3),
    "wide": lambda n, k: np.full((n, k + 2), 1 / (k + 2)),
    "short": lambda n, k: np.full((max(n - 1, 0), k), 1 / k),
    "list of arrays": lambda n, k: [np.full((n, 2), 0.5)] * 3,
    "cube": lambda n, k: np.zeros((n, k, 2)),
    "texts": lambda n, k: np.full((n, k), "x"),
    "error": lambda n, k: _raise(AttributeError("probability=False")),
    "nothing": lambda n, k: None,
}


class Mute(Exception):
    """An error that cannot even be shown."""

    def __str__(self):
        raise RuntimeError("no text")


class Scripted:
    """Answers as it was told to."""

    def __init__(self, labels, proba, k, classes):
        self.labels, self.proba, self.k = labels, proba, k
        if classes is not None:
            self.classes_ = classes
        if proba != "none":
            self.predict_proba = self._proba

    def predict(self, X):
        """Labels, or what goes for them."""
        return LABELS[self.labels](_rows(X), self.k)

    def _proba(self, X):
        return PROBABILITIES[self.proba](_rows(X), self.k)


class Proxy:
    """Says yes to every attribute, as mocks and remote objects do."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *a, **k: self


class Raiser:
    """Raises at every attribute."""

    @property
    def classes_(self):
        """Not today."""
        raise OSError("gone")

    feature_names_in_ = n_features_in_ = steps = best_estimator_ = classes_

    def predict(self, X):
        """Labels."""
        return np.zeros(_rows(X))


class Shy:
    """Cannot be printed, compared or pickled."""

    def __repr__(self):
        raise RuntimeError("no text")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None

    def __reduce_ex__(self, protocol):
        raise RuntimeError("no pickle")

    def predict(self, X):
        """Labels."""
        return np.arange(_rows(X)) % 2


def fitted(kind, n, y):
    """A library's model that has been fitted on nothing much."""
    model = DummyRegressor() if kind == "regressor" else DummyClassifier(strategy="stratified", random_state=0)
    try:
        return model.fit(np.zeros((len(y), 1)), y)
    except Exception:
        return model
