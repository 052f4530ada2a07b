"""Models that change with each answer, and models that do not."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier

from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves


class Plain:
    """Answers, and nothing else."""

    def fit(self, X, _y):
        """Learn one number."""
        self.edge_ = float(np.asarray(X)[:, 0].mean())
        return self

    def predict(self, X):
        """Labels."""
        return (np.asarray(X)[:, 0] > self.edge_).astype(int)


class Counts(Plain):
    """Keeps a tally, deep inside."""

    def predict(self, X):
        """Labels."""
        self.__dict__.setdefault("tally_", {"calls": [0]})["calls"][0] += 1
        return super().predict(X)


class Drifts(Plain):
    """Learns from what it is asked."""

    def predict(self, X):
        """Labels."""
        self.edge_ = 0.5 * self.edge_ + 0.5 * float(np.asarray(X)[:, 0].max())
        return super().predict(X)


class Guesses(Plain):
    """Draws."""

    def predict(self, X):
        """Labels."""
        return np.random.default_rng().integers(0, 2, len(X))


class Writes(Plain):
    """Scales its input in place."""

    def predict(self, X):
        """Labels."""
        said = super().predict(X)
        X["b"] = 0.0
        X["new"] = 1
        return said


class Caches(Plain):
    """Works something out at the first question."""

    def predict(self, X):
        """Labels."""
        self.table_ = np.arange(5)
        return super().predict(X)


def side_effects(model):
    """The check's finding on it."""
    return find("predict-side-effects", **fitted(halves(*binary(300)), model))


@pytest.mark.parametrize(
    ("model", "outcome", "words"),
    [(Counts(), "warn", "model.tally_"), (Drifts(), "fail", "model.edge_"), (Guesses(), "fail", "by chance"),
     (Writes(), "warn", "(b, new)")],
)  # fmt: skip
def test_what_asking_changes_is_named(model, outcome, words):
    """The attribute, the column, or that the answers differ."""
    finding = side_effects(model)

    assert finding.outcome == outcome
    assert words in finding.message


@pytest.mark.parametrize(
    "model",
    [Plain(), Caches(), RandomForestClassifier(5), HistGradientBoostingClassifier(max_iter=5), KNeighborsClassifier(3)],
    ids=lambda m: type(m).__name__,
)
def test_sound_models_pass(model):
    """Libraries' models, and one that fills a cache."""
    assert side_effects(model).outcome == "pass"


def test_it_names_what_is_missing():
    """A model that cannot be copied, and no model at all."""
    model = Plain()
    model.lock = __import__("threading").Lock()

    assert "cannot be copied" in side_effects(model).message
    assert "model=<variable>" in find("predict-side-effects", X_test=binary(50)[0]).message
