"""Probabilities that do not mean what they say."""

import numpy as np
import pytest

from mlready_nb.subjects import Task
from mlready_nb.testing import find


class Prophet:
    """A model whose probabilities stand in the columns."""

    def __init__(self, classes):
        self.classes_ = np.asarray(classes)

    def predict_proba(self, X):
        """(n, k)."""
        return np.asarray(X, dtype=float)

    def predict(self, X):
        """The likeliest class."""
        return self.classes_[np.argmax(X, axis=1)]


def judged(proba, y, classes):
    """The finding for these probabilities and labels."""
    task = Task.BINARY if len(classes) == 2 else Task.MULTICLASS
    return find(
        "miscalibrated",
        model=Prophet(classes),
        X_test=proba,
        y_test=np.asarray(classes)[y],
        task=task,
        class_names=tuple(classes),
    )


def binary(n, seed=0, said=lambda p: p, names=(0, 1)):
    """Outcomes follow p; what is said is a function of p."""
    rng = np.random.default_rng(seed)
    p = rng.beta(0.8, 1.2, n)
    y = (rng.random(n) < p).astype(int)
    stated = said(p)
    return judged(np.column_stack([1 - stated, stated]), y, names)


def logit(p, slope, shift):
    """The probability with its log-odds stretched and shifted."""
    z = slope * np.log(p / (1 - p)) + shift
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize(
    ("slope", "shift", "word"),
    [(3, 0, "too far from one half"), (0.2, 0, "too near to one half"), (1, 1.5, "too high"), (1, -1.5, "too low")],
)
def test_four_ways_to_be_off(slope, shift, word):
    """Overconfident, underconfident, too high (class weights), too low; each is named, the twin passes."""
    found = binary(2000, said=lambda p: logit(p, slope, shift), names=("no", "yes"))

    assert found.outcome == "warn"
    assert word in found.message
    assert "P(yes)" in found.message
    assert binary(2000).outcome == "pass"


@pytest.mark.parametrize("k", [3, 5])
def test_several_classes_by_the_top_label(k):
    """Sharpened probabilities of several classes."""
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.full(k, 0.8), 2500)
    y = np.array([rng.choice(k, p=row) for row in p])
    sharp = p**4 / (p**4).sum(axis=1, keepdims=True)
    bad, twin = judged(sharp, y, list(range(k))), judged(p, y, list(range(k)))

    assert bad.outcome == "warn"
    assert twin.outcome == "pass"
    assert "classwise_ece" in twin.measured


def test_few_rows_do_not_decide():
    """Forty rows of a calibrated model show an error by chance alone."""
    found = [binary(40, seed) for seed in range(20)]

    assert sum(f.outcome in ("warn", "fail") for f in found) <= 1
    assert any(f.outcome == "inconclusive" and "rows would do" in f.message for f in found)


def test_clean_models_raise_no_alarm():
    """Sixty calibrated samples of 500 rows."""
    assert sum(binary(500, seed).outcome in ("warn", "fail") for seed in range(60)) <= 1


def test_the_curve_and_the_parts_are_there():
    """Ten bins, drawn as a curve; the parts of the Brier score add up."""
    found = binary(1000)
    m = found.measured

    assert found.tables[0].chart == "curve"
    assert sum(row[1].n for row in found.tables[0].rows) == 1000
    whole = m["reliability"] - m["resolution"] + m["uncertainty"] + m["within_bins"]
    assert whole == pytest.approx(m["brier_score"], abs=1e-12)


def test_it_names_what_is_missing():
    """No labels; a model without probabilities; a regression."""
    given = {"model": Prophet((0, 1)), "X_test": np.full((30, 2), 0.5), "task": Task.BINARY, "class_names": (0, 1)}

    assert "y_test=<variable>" in find("miscalibrated", **given).message
    given["y_test"] = np.zeros(30, int)
    assert find("miscalibrated", **given | {"task": Task.REGRESSION}).outcome == "not_applicable"

    class Bare:
        classes_ = np.array([0, 1])

        def predict(self, X):
            return np.zeros(len(X), int)

    assert find("miscalibrated", **given | {"model": Bare()}).outcome == "not_applicable"
