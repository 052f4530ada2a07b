"""How much a test set of this size can show."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import Ridge

from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves, numbers


def test_a_hundred_rows_warn_and_two_thousand_pass():
    """The width is said; the same model on more rows is known well enough."""
    few, many = (find("test-set-too-small", **fitted(halves(*binary(400 + n), 400 / (400 + n)))) for n in (100, 2000))

    assert few.outcome == "warn"
    assert "on 100 test rows" in few.message
    assert few.points == {"EVA-02.3": "warn"}
    assert many.outcome == "pass"
    assert many.measured["half_width"] < 0.02


def test_a_rare_class_on_few_rows_warns_though_the_whole_is_large():
    """Two thousand rows, of which some ten are of the rare class; the class is named."""
    X, y = binary(4000, base=-8.5)
    split = fitted(halves(X, y.map({0: "fine", 1: "broken"}), 0.5))
    found = find("test-set-too-small", **split)

    assert found.outcome == "warn"
    assert "rarest class 'broken'" in found.message
    assert found.measured["rarest_class_n"] == (split["y_test"] == "broken").sum()


def test_the_smallest_difference_is_that_of_two_proportions():
    """(1.96 + 0.84) times the standard error of a difference, Fleiss et al."""
    split = fitted(halves(*binary(1000), 0.5))
    found = find("test-set-too-small", **split)
    p = split["model"].score(split["X_test"], split["y_test"])

    assert found.measured["smallest_difference"] == pytest.approx(2.8016 * np.sqrt(2 * p * (1 - p) / 500), rel=1e-3)


def test_a_regression_and_several_labels_a_row():
    """R² and subset accuracy are the heads there."""
    X = numbers(600)
    number = find("test-set-too-small", **fitted(halves(X, X["a"] + 0.1 * X["b"], 0.5), Ridge()))
    Y = np.column_stack([X["a"] > 0, X["b"] > 0]).astype(int)
    forest = RandomForestClassifier(20, random_state=0).fit(X[:580], Y[:580])
    several = find("test-set-too-small", model=forest, X_train=X, y_train=Y, X_test=X[580:], y_test=Y[580:])

    assert number.outcome == "pass"
    assert "r2" in number.message
    assert several.outcome == "warn"
    assert "subset_accuracy" in several.message


def test_a_constant_target_is_said():
    """No R² can be taken; that is not a matter of size."""
    X = numbers(200)
    split = fitted(halves(X, X["a"]), Ridge())
    found = find("test-set-too-small", **split | {"y_test": np.ones(50)})

    assert found.outcome == "inconclusive"
    assert "same target value" in found.message


def test_it_names_what_is_missing():
    """No model; no rows."""
    split = fitted(halves(*binary(100)))

    assert "model=<variable>" in find("test-set-too-small", **{k: v for k, v in split.items() if k != "model"}).message
    assert "0 rows" in find("test-set-too-small", **split | {"y_test": split["y_test"][:0]}).message
