"""The model against a constant answer and a simple linear model."""

import numpy as np
import polars as pl
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves, numbers

TEXT = np.array(["bad", "good"])


def grades(n, seed=0):
    """Three classes as text, that hang on a."""
    X = numbers(n, seed)
    noisy = X["a"] + 0.5 * X["b"]
    return X, noisy.gt(0.5).map({True: "top", False: "rest"}).where(noisy > -0.5, "low")


@pytest.mark.parametrize("make", ["binary", "text", "rare", "multiclass", "regression"])
def test_a_constant_model_fails_and_a_real_one_passes(make):
    """In every task, however the labels look; a rare class gives a constant answer its high accuracy."""
    X = numbers(600)
    data = {
        "binary": lambda: binary(600),
        "text": lambda: (X, binary(600)[1].map(dict(enumerate(TEXT)))),
        "rare": lambda: binary(2000, base=-4.0),
        "multiclass": lambda: grades(600),
        "regression": lambda: (X, X["a"] * 3 + X["b"]),
    }[make]()
    dummy = DummyRegressor() if make == "regression" else DummyClassifier(strategy="prior")
    constant, real = fitted(halves(*data), dummy), fitted(halves(*data))
    bad, good = find("no-better-than-baseline", **constant), find("no-better-than-baseline", **real)

    assert bad.outcome == "fail"
    assert bad.points["DEV-01.2"] == "fail"
    assert good.outcome == "pass"
    assert good.points == dict.fromkeys(("DEV-01.1", "DEV-01.2", "BUS-01.3", "BUS-02.3"), "pass")


@pytest.mark.parametrize("seed", range(5))
def test_labels_shuffled_against_rows_never_pass(seed):
    """Columns that carry nothing: fail, warn or undecided, not green."""
    X, y = numbers(800, seed), binary(800, seed + 50)[1]

    assert find("no-better-than-baseline", **fitted(halves(X, y))).outcome in ("fail", "warn", "inconclusive")


def test_a_regression_in_other_units_fails():
    """Predictions of metres for a target in kilometres."""
    X = numbers(400)
    split = fitted(halves(X, 3 * X["a"] + 10), Ridge())
    split["y_test"] = split["y_test"] / 1000

    assert find("no-better-than-baseline", **split).outcome == "fail"


def test_a_linear_model_that_does_better_warns():
    """A tree of one leaf too few on a linear target; the settled points differ."""
    X = numbers(800)
    split = fitted(halves(X, X.sum(axis=1)), DecisionTreeRegressor(max_depth=2))
    found = find("no-better-than-baseline", **split)

    assert found.outcome == "warn"
    assert found.points == {"DEV-01.1": "warn", "DEV-01.2": "pass", "BUS-01.3": "pass", "BUS-02.3": "warn"}
    assert "plain linear model" in found.message


@pytest.mark.parametrize("engine", ["polars", "numpy", "pipeline"])
def test_a_good_model_passes_in_every_style(engine):
    """Frames of another engine, arrays, a pipeline."""
    split = halves(*binary(600))
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(split["X_train"].to_numpy(), split["y_train"])
    make = {"polars": pl.from_pandas, "numpy": lambda X: X.to_numpy(), "pipeline": lambda X: X}[engine]
    split |= {n: make(split[n]) for n in ("X_train", "X_test")}

    assert find("no-better-than-baseline", **split, model=model).outcome == "pass"


def test_a_quantile_regression_is_not_held_against_the_middle():
    """The upper end of an interval is worse than the median by absolute error, and right; the median is judged."""
    from sklearn.ensemble import GradientBoostingRegressor

    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 3))
    y = 3 * np.abs(X[:, 0]) + rng.gamma(2, size=600)
    for level, expected in ((0.95, "not_applicable"), (0.5, "pass")):
        model = GradientBoostingRegressor(loss="quantile", alpha=level, random_state=0).fit(X[:400], y[:400])
        found = find(
            "no-better-than-baseline", model=model, X_train=X[:400], y_train=y[:400], X_test=X[400:], y_test=y[400:]
        )
        assert found.outcome == expected


def test_few_rows_decide_nothing():
    """A perfect score on two rows; six rows of a regression; one class."""
    split = fitted(halves(*binary(200, signal=9.0)))
    both = [int(np.flatnonzero(split["y_test"] == k)[0]) for k in (0, 1)]
    X = numbers(100)
    numeric = fitted(halves(X, X["a"] * 2, 0.94))

    for few in (
        {**split, **{n: split[n].iloc[both] for n in ("X_test", "y_test")}},
        numeric,
        split | {"y_test": 0 * split["y_test"]},
    ):
        assert find("no-better-than-baseline", **few).outcome == "inconclusive"


def test_a_class_that_training_lacks_breaks_nothing():
    """The test set has a label that the model cannot say."""
    split = fitted(halves(*grades(400)), RandomForestClassifier(20, random_state=0))
    split["y_test"] = split["y_test"].replace({"top": "new"})

    assert find("no-better-than-baseline", **split).outcome in ("pass", "warn")


def test_it_names_what_is_missing():
    """Absent, of another length, unfitted."""
    split = fitted(halves(*binary(100)))

    assert (
        "y_train=<variable>"
        in find("no-better-than-baseline", **{k: v for k, v in split.items() if k != "y_train"}).message
    )
    assert (
        "24 labels for 25 rows" in find("no-better-than-baseline", **split | {"y_test": split["y_test"][:24]}).message
    )
    assert "is not fitted" in find("no-better-than-baseline", **split | {"model": LogisticRegression()}).message
