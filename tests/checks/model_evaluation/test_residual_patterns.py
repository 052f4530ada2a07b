"""What a regression's errors have in common."""

import numpy as np
import pytest

from mlready_nb.subjects import Task
from mlready_nb.testing import find


class Number:
    """A regression whose answer stands in the first column."""

    def predict(self, X):
        """Numbers."""
        return np.asarray(X, dtype=float)[:, 0]


def judged(said, y):
    """The finding for these predictions."""
    return find(
        "residual-patterns",
        model=Number(),
        X_test=np.asarray(said)[:, None],
        y_test=y,
        task=Task.REGRESSION,
        class_names=None,
    )


def truth(n=800, seed=0):
    """(best prediction, noisy truth)."""
    rng = np.random.default_rng(seed)
    middle = rng.gamma(3, 10, n)
    return middle, middle + rng.normal(size=n) * 6


def test_a_bias_warns_with_its_direction():
    """All predictions too high by a third of a standard deviation; the twin passes."""
    middle, y = truth()
    found = judged(middle + 6, y)

    assert found.outcome == "warn"
    assert "too high by 0.3" in found.message
    assert judged(middle, y).outcome == "pass"


def test_a_log_that_was_undone_too_simply_bends():
    """Large values are predicted too low, the mean is right."""
    middle, y = truth(2000)
    bent = middle.mean() + 0.4 * (middle - middle.mean())
    found = judged(bent, y)

    assert found.outcome == "warn"
    assert "where the prediction is" in found.message


def test_a_growing_spread_is_said_and_not_judged():
    """Errors ten times as wide at the upper end."""
    rng = np.random.default_rng(0)
    middle = rng.uniform(1, 100, 3000)
    found = judged(middle, middle + rng.normal(size=3000) * middle * 0.1)

    assert found.outcome == "pass"
    assert "spread differs" in found.message


@pytest.mark.parametrize("seed", range(20))
def test_clean_models_are_quiet(seed):
    """A hundred rows of a model that is right on average."""
    assert judged(*truth(150, seed)).outcome == "pass"


def test_few_rows_and_missing_things():
    """Ten rows show no pattern; one value; classes do not arise."""
    assert judged(*truth(10)).outcome == "inconclusive"
    assert judged(np.arange(60.0), np.ones(60)).outcome == "inconclusive"
    assert (
        "y_test=<variable>"
        in find(
            "residual-patterns", model=Number(), X_test=np.ones((60, 1)), task=Task.REGRESSION, class_names=None
        ).message
    )
    assert (
        find(
            "residual-patterns",
            model=Number(),
            X_test=np.ones((60, 1)),
            y_test=np.ones(60),
            task=Task.BINARY,
            class_names=(0, 1),
        ).outcome
        == "not_applicable"
    )
