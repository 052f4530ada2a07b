"""Kinds of rows on which the model is worse than its answers let expect."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression

from mlready_nb.subjects import Task
from mlready_nb.testing import find


def people(n, seed=0):
    """(X, latent): three numbers, a city that matters a little."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "age": rng.integers(18, 80, n),
            "income": rng.lognormal(10, 0.7, n),
            "tenure": rng.exponential(5, n),
            "city": rng.choice(4, n, p=[0.45, 0.25, 0.2, 0.1]),
        }
    )
    return X, 0.06 * (X["age"] - 45) + 1.5 * (np.log(X["income"]) - 10) + 0.4 * X["city"]


def split(X, y, model):
    """Subjects: a model trained on the first half."""
    cut = len(X) // 2
    model.fit(X[:cut], y[:cut])
    return {
        "model": model,
        "X_train": X[:cut],
        "y_train": y[:cut],
        "X_test": X[cut:].reset_index(drop=True),
        "y_test": y[cut:].reset_index(drop=True),
    }


def subjects(n=5000, seed=0, plant=None, task="binary", model=None):
    """A trained model; `plant(X, y, rng, test)` spoils labels in place."""
    X, latent = people(n, seed)
    rng = np.random.default_rng(seed + 77)
    if task == "binary":
        y = (latent + rng.logistic(size=n) > 0).astype(int)
    elif task == "multi":
        y = pd.Series(np.digitize(latent + rng.logistic(size=n) * 0.6, [-1.0, 0.8]))
    else:
        y = 10 * latent + rng.normal(size=n) * 6
    y = pd.Series(np.asarray(y))
    if plant:
        plant(X, y, rng, np.arange(n) >= n // 2)
    made = model or (
        HistGradientBoostingRegressor(max_iter=30)
        if task == "numbers"
        else HistGradientBoostingClassifier(max_iter=25, max_leaf_nodes=8)
    )
    return split(X, y, made)


def flipped(X, y, rng, test):
    """In city 2 the test labels are the other way round: something changed there after training."""
    rows = (X["city"] == 2).to_numpy() & test
    y[rows] = y.max() - y[rows]


def noisy_old(X, y, rng, test):
    """Labels of old people are random in the test set."""
    rows = (X["age"] > 65).to_numpy() & test
    y[rows] = rng.integers(0, int(y.max()) + 1, int(rows.sum()))


def crossing(X, y, rng, test):
    """Only young people in city 0 are off."""
    rows = ((X["city"] == 0) & (X["age"] < 35)).to_numpy() & test
    y[rows] = y.max() - y[rows]


@pytest.mark.parametrize(
    ("task", "plant", "column"),
    [
        ("binary", flipped, "city"),
        ("binary", noisy_old, "age"),
        ("binary", crossing, "city"),
        ("multi", flipped, "city"),
        ("multi", noisy_old, "age"),
    ],
)
def test_planted_slices_are_found_by_name(task, plant, column):
    """The leading slice names the planted column; n and the interval are said; the twin passes."""
    found, twin = find("weak-slices", **subjects(plant=plant, task=task)), find("weak-slices", **subjects(task=task))

    assert found.outcome in ("warn", "fail")
    assert column in found.message
    assert "confirming rows" in found.message or "n = " in found.message
    assert twin.outcome == "pass"


def test_a_linear_model_that_cannot_bend_is_found():
    """Labels hang on age the other way round in city 3; a linear model cannot know."""
    X, _ = people(6000, 4)
    rng = np.random.default_rng(5)
    slope = np.where(X["city"] == 3, -0.15, 0.15)
    y = pd.Series((slope * (X["age"] - 48) + rng.logistic(size=len(X)) > 0).astype(int))
    found = find("weak-slices", **split(X / [80, 30000, 5, 1], y, LogisticRegression()))

    assert found.outcome in ("warn", "fail")
    assert "city" in found.message


def test_a_regression_slice():
    """Numbers of city 1 are off by twenty in the test set."""

    def moved(X, y, rng, test):
        y[(X["city"] == 1).to_numpy() & test] += 25

    found, twin = (
        find("weak-slices", **subjects(plant=moved, task="numbers")),
        find("weak-slices", **subjects(task="numbers")),
    )

    assert found.outcome in ("warn", "fail")
    assert "city = 1" in found.message
    assert twin.outcome == "pass"


def test_random_labels_that_the_model_knows_of_are_found():
    """City 2 is noise in training and test: the model is unsure there, and tells nothing apart."""

    def noise(X, y, rng, test):
        rows = (X["city"] == 2).to_numpy()
        y[rows] = rng.integers(0, 2, int(rows.sum()))

    found = find("weak-slices", **subjects(n=10_000, plant=noise))

    assert found.outcome == "warn"
    assert "city = 2" in found.message


@pytest.mark.parametrize("task", ["binary", "multi", "numbers"])
def test_clean_models_are_quiet(task):
    """Three seeds of each task."""
    assert all(
        find("weak-slices", **subjects(n=2400, seed=s, task=task)).outcome in ("pass", "inconclusive") for s in range(8)
    )


def test_polars_and_arrays():
    """The same slice in other engines."""
    given = subjects(plant=flipped, model=LogisticRegression(max_iter=2000))
    model = given["model"]

    class Any:
        classes_ = np.array([0, 1])

        def predict(self, X):
            return model.predict(pd.DataFrame(np.asarray(X), columns=list(given["X_test"].columns)))

    for make in (pl.from_pandas, lambda X: X.to_numpy()):
        found = find(
            "weak-slices",
            model=Any(),
            X_test=make(given["X_test"]),
            y_test=given["y_test"],
            task=Task.BINARY,
            class_names=(0, 1),
        )
        assert found.outcome in ("warn", "fail"), found.message


def test_few_rows_and_missing_things():
    """Sixty rows decide nothing; no test set; only ids."""
    few = find("weak-slices", **subjects(n=120))
    assert few.outcome == "inconclusive"
    assert "rows are too few" in few.message
    assert (
        "X_test=<variable>"
        in find("weak-slices", model=LogisticRegression(), y_test=[0, 1], task=Task.BINARY, class_names=(0, 1)).message
    )


def test_the_table_holds_no_rows():
    """Bins and means only, at most ten."""
    table = find("weak-slices", **subjects(plant=flipped)).tables[0]

    assert len(table.rows) <= 10
    assert table.columns[0] == "slice"
