"""How much better the model is on its own rows."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves, numbers

DEEP = [DecisionTreeClassifier(random_state=0), make_pipeline(StandardScaler(), DecisionTreeClassifier(random_state=0))]


@pytest.mark.parametrize("model", DEEP)
def test_a_tree_that_learnt_its_rows_warns_and_a_pruned_one_passes(model):
    """Perfect on training, worse on new rows; its twin of depth two is as good on both."""
    deep = find("train-test-gap", **fitted(halves(*binary(4000, signal=0.8), 0.5), model))
    twin = DecisionTreeClassifier(max_depth=2, random_state=0)
    pruned = find("train-test-gap", **fitted(halves(*binary(4000, signal=0.8), 0.5), twin))

    assert deep.outcome == "warn"
    assert "1.000 on training" in deep.message
    assert deep.measured["gap"].low > 0.1
    assert pruned.outcome == "pass"


def test_three_text_classes_and_polars():
    """Balanced accuracy over all classes, in another engine."""
    X, _ = binary(3000)
    y = pd.Series(np.select([X["a"] > 0.5, X["a"] < -0.5], ["high", "low"], "mid"))
    split = halves(X, y, 0.5)
    model = LogisticRegression().fit(split["X_train"].to_numpy(), split["y_train"])
    split |= {n: pl.from_pandas(split[n]) for n in ("X_train", "X_test")}

    assert find("train-test-gap", **split, model=model).outcome == "pass"


def test_a_forest_is_shown_and_not_judged():
    """Bagged trees are perfect on their rows by design."""
    found = find(
        "train-test-gap", **fitted(halves(*binary(3000, signal=0.8), 0.5), RandomForestClassifier(20, random_state=0))
    )

    assert found.outcome == "pass"
    assert "by design" in found.message


def test_a_regression_with_as_many_columns_as_rows_warns():
    """Least squares on noise; ridge on a linear target passes."""
    rng = np.random.default_rng(0)
    X, noise = rng.normal(size=(240, 100)), rng.normal(size=240)
    given = {"X_train": X[:120], "X_test": X[120:]}
    bad = find(
        "train-test-gap",
        **given,
        model=LinearRegression().fit(X[:120], noise[:120]),
        y_train=noise[:120],
        y_test=noise[120:],
    )
    y = X[:, 0] + X[:, 1]
    good = find("train-test-gap", **given, model=Ridge(0.1).fit(X[:120], y[:120]), y_train=y[:120], y_test=y[120:])

    assert bad.outcome == "warn"
    assert good.outcome == "pass"


@pytest.mark.parametrize("seed", range(4))
def test_a_sound_model_on_few_rows_never_warns(seed):
    """Sixty rows: the gap is not known."""
    split = fitted(halves(*binary(60, seed)), LogisticRegression(C=0.1))

    assert find("train-test-gap", **split).outcome in ("pass", "inconclusive")


def test_few_rows_and_one_class_decide_nothing():
    """Two test rows, one training row, a class on one side only, four rows of a regression."""
    split = fitted(halves(*binary(400)))
    X = numbers(100)
    few = [
        split | {n: split[n][:2] for n in ("X_test", "y_test")},
        split | {n: split[n][:1] for n in ("X_train", "y_train")},
        split | {"y_test": 0 * split["y_test"]},
        split | {"y_train": 0 * split["y_train"]},
        fitted(halves(X, X["a"], 0.96), Ridge()),
    ]

    assert [find("train-test-gap", **given).outcome for given in few] == ["inconclusive"] * 5


def test_classes_on_one_side_only_do_not_make_a_gap():
    """A class that the test set lacks counts on neither side."""
    X, _ = binary(3000)
    y = pd.Series(np.select([X["a"] > 0.7, X["a"] < -0.7], [2, 0], 1))
    split = fitted(halves(X, y, 0.5), HistGradientBoostingClassifier(max_iter=20, max_depth=2))
    kept = (split["y_test"] != 2).to_numpy()
    split |= {n: split[n][kept] for n in ("X_test", "y_test")}

    assert find("train-test-gap", **split).outcome == "pass"


def test_it_names_what_is_missing():
    """No training labels; of another length."""
    split = fitted(halves(*binary(100)))

    assert "y_train=<variable>" in find("train-test-gap", **{k: v for k, v in split.items() if k != "y_train"}).message
    assert (
        "70 labels for 75 rows of X_train"
        in find("train-test-gap", **split | {"y_train": split["y_train"][:70]}).message
    )


def test_validation_rows_that_were_fitted_too():
    """A table in memory answers training and validation rows alike, and not the test rows; the twin has no such gap."""
    from sklearn.neighbors import KNeighborsClassifier

    X, y = binary(1500, signal=0.6)
    seen = KNeighborsClassifier(1).fit(X[:900], y[:900])
    sides = {
        "X_train": X[:100],
        "y_train": y[:100],
        "X_valid": X[100:900],
        "y_valid": y[100:900],
        "X_test": X[900:],
        "y_test": y[900:],
    }
    honest = {**sides, "X_valid": X[900:1200], "y_valid": y[900:1200], "X_test": X[1200:], "y_test": y[1200:]}
    linear = LogisticRegression().fit(X[:900], y[:900])

    found, twin = find("train-test-gap", model=seen, **sides), find("train-test-gap", model=linear, **honest)
    assert found.outcome == "warn"
    assert [row[0] for row in found.tables[0].rows] == ["training", "validation", "test"]
    assert twin.outcome in ("pass", "inconclusive")
    assert twin.measured["validation"] > 0.5


def test_only_the_validation_rows_were_fitted():
    """Training and test agree; validation is far above both."""
    X = np.arange(1200)[:, None]
    y = np.random.default_rng(0).integers(0, 2, 1200)

    class Known:
        classes_ = np.array([0, 1])

        def predict(self, X):
            rows = np.asarray(X)[:, 0]
            wrong = (rows % 10 < 3) & ((rows < 400) | (rows >= 800))
            return np.where(wrong, 1 - y[rows], y[rows])

    given = {
        "X_train": X[:400],
        "y_train": y[:400],
        "X_valid": X[400:800],
        "y_valid": y[400:800],
        "X_test": X[800:],
        "y_test": y[800:],
    }
    found = find("train-test-gap", model=Known(), **given, task=Task.BINARY, class_names=(0, 1))

    assert found.outcome == "warn"
    assert "validation rows were fitted too" in found.message
