"""Training histories, in every shape in which a notebook keeps them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.neural_network import MLPClassifier

from mlready_nb.adapters import curves
from tests.checks.planted import binary

FALLING = np.exp(-np.arange(12) / 4)
RISING = np.r_[FALLING[:6], FALLING[5] + 0.05 * np.arange(1, 7)]


class History:
    """What Keras returns from fit."""

    def __init__(self, history):
        self.history = history


class Tensor:
    """A number as PyTorch keeps it."""

    def __init__(self, value):
        self._value = value

    def item(self):
        """The number."""
        return self._value


class Net:
    """A model of no library."""


@pytest.mark.parametrize(
    "namespace",
    [
        {"history": History({"loss": FALLING.tolist(), "val_loss": RISING.tolist()})},
        {"hist": {"loss": FALLING.tolist(), "val_loss": RISING.tolist()}},
        {"log": {"train_loss": FALLING.tolist(), "valid_loss": RISING.tolist()}},
        {"evals": {"train": {"logloss": FALLING.tolist()}, "eval": {"logloss": RISING.tolist()}}},
        {"evals": {"validation_0": {"rmse": FALLING.tolist()}, "validation_1": {"rmse": RISING.tolist()}}},
        {"train_losses": FALLING.tolist(), "val_losses": RISING.tolist()},
        {"trainLoss": FALLING, "valLoss": RISING},
        {"train_losses": [Tensor(v) for v in FALLING], "test_losses": [Tensor(v) for v in RISING]},
        {"metrics": pd.DataFrame({"epoch": range(12), "train_loss_epoch": FALLING, "val_loss": RISING})},
        {"tr_acc": (1 - FALLING).tolist(), "val_acc": (1 - RISING).tolist()},
    ],
    ids=["keras", "dict", "dict of sides", "nested", "xgboost", "lists", "camel", "tensors", "table", "accuracy"],
)
def test_both_sides_are_told_apart(namespace):
    """Less is better in all of them: accuracies are turned round."""
    (curve,) = curves.kept(Net(), namespace)

    assert np.allclose(np.diff(curve.train), np.diff(FALLING))
    assert np.allclose(np.diff(curve.valid), np.diff(RISING))


@pytest.mark.parametrize(
    "namespace",
    [
        {"ages": [1.0] * 9},
        {"loss": 0.3},
        {"val_scores": "abcdef"},
        {"x": {"a": {"b": [1, 2, 3, 4]}}},
        {"loss": [[1, 2]] * 5},
        {"train_losses": [1, 2]},
    ],
)
def test_other_things_are_no_curves(namespace):
    """Lists of other names, numbers, text, dicts of unknown words, matrices, two steps."""
    assert curves.kept(Net(), namespace) == []


def test_lists_beside_a_model_of_scikit_learn_are_not_its_own():
    """A forest keeps no curve; the losses belong to something else."""
    assert curves.kept(MLPClassifier(), {"train_losses": FALLING.tolist()}) == []


def test_early_stopping_tells_the_step_that_is_used():
    """scikit-learn's network goes back to its best step; restored weights are known by their callback."""
    X, y = binary(300)
    net = MLPClassifier((5,), early_stopping=True, max_iter=50, random_state=0).fit(X, y)
    restored = type("Stop", (), {"restore_best_weights": True})()
    (kept,) = curves.kept(
        Net(), {"h": History({"loss": FALLING.tolist(), "val_loss": RISING.tolist()}), "cb": restored}
    )

    assert all(c.used == int(np.argmax(net.validation_scores_)) for c in curves.kept(net, {}))
    assert kept.used == 5


def test_smoothing_keeps_the_length_and_the_ends():
    """Of short and of long curves."""
    for n in (4, 19, 40, 1000):
        values = np.linspace(3, 1, n)
        smooth = curves.smoothed(values)
        assert len(smooth) == n
        assert np.abs(smooth - values).max() < 0.2
