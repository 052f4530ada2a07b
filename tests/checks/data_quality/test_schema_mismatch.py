"""Columns and kinds of the test set against training and model."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves, numbers


def table(n=60):
    """One column of each kind, with gaps."""
    rng = np.random.default_rng(n)
    return pd.DataFrame(
        {
            "age": np.where(rng.random(n) < 0.2, np.nan, rng.integers(18, 80, n)),
            "city": rng.choice(["Rome", "Oslo", None], n),
            "paid": np.array([rng.choice([True, False, None]) for _ in range(n)], dtype=object),
            "code": np.array([rng.choice([1, "x", None]) for _ in range(n)], dtype=object),
            "day": pd.date_range("2024-01-01", periods=n),
        }
    )


@pytest.mark.parametrize(
    ("plant", "word"),
    [
        (lambda X: X.drop(columns="city"), "lacks 'city'"),
        (lambda X: X.assign(age=X["age"].astype(str)), "'age' is numeric in training and text"),
        (lambda X: X.assign(day=X["day"].astype(str)), "'day' is datetime in training and text"),
    ],
)
def test_a_column_that_is_gone_or_of_another_kind_fails(plant, word):
    """It is named with both kinds."""
    found = find("schema-mismatch", X_train=table(), X_test=plant(table(20)))

    assert found.outcome == "fail"
    assert word in found.message


@pytest.mark.parametrize(
    "plant",
    [
        lambda X: X,
        lambda X: X.assign(age=X["age"].fillna(0).astype(int)),
        lambda X: X.assign(city=X["city"].astype("category")),
        lambda X: X.assign(paid=X["paid"].fillna(False).astype(bool)),
        lambda X: X.assign(code=X["code"].fillna("x").astype(str)),
        lambda X: X.assign(city=None),
        lambda X: X[:1],
    ],
)
def test_what_a_reader_of_files_exchanges_passes(plant):
    """Whole numbers without gaps, categories for text, truth values without gaps, an empty column, one row."""
    assert find("schema-mismatch", X_train=table(), X_test=plant(table(20))).outcome == "pass"


@pytest.mark.parametrize("plant", [lambda X: X[X.columns[::-1]], lambda X: X.assign(more=1)])
def test_reordered_or_added_columns_warn(plant):
    """A model that reads by position would take the wrong ones."""
    found = find("schema-mismatch", X_train=table(), X_test=plant(table(20)))

    assert found.outcome == "warn"
    assert "X_test[X_train.columns]" in found.remedy


def test_arrays_are_compared_by_width_and_by_shape():
    """A column less fails; pictures of one size pass, of two sizes fail."""
    X = np.zeros((9, 4))

    assert find("schema-mismatch", X_train=X, X_test=X[:, :3]).outcome == "fail"
    assert find("schema-mismatch", X_train=X, X_test=X).outcome == "pass"
    assert find("schema-mismatch", X_train=np.zeros((9, 8, 8)), X_test=np.zeros((3, 8, 8))).outcome == "pass"
    assert find("schema-mismatch", X_train=np.zeros((9, 8, 8)), X_test=np.zeros((3, 8, 9))).outcome == "fail"


def test_polars_beside_pandas():
    """Engines may differ, kinds may not."""
    X = table()[["age", "city", "day"]]

    assert find("schema-mismatch", X_train=X, X_test=pl.from_pandas(X)).outcome == "pass"
    assert find("schema-mismatch", X_train=X, X_test=pl.from_pandas(X.astype(str))).outcome == "fail"


def test_the_names_the_model_was_fitted_with_count():
    """A column that only the model knows fails; columns of quite another table are the wrong variables."""
    split = fitted(halves(*binary(80)))
    fewer = {k: split[k].drop(columns="d") for k in ("X_train", "X_test")}
    other = {k: numbers(20, columns="wxyz") for k in ("X_train", "X_test")}

    assert "fitted with 'd'" in find("schema-mismatch", **split | fewer).message
    found = find("schema-mismatch", **split | other)
    assert found.outcome == "inconclusive"
    assert "%mlready use X_train=<variable>" in found.message
    unnamed = LogisticRegression().fit(split["X_train"].to_numpy(), split["y_train"])
    assert find("schema-mismatch", **split | fewer | {"model": unnamed}).outcome == "pass"


def test_it_names_what_is_missing():
    """Absent or empty."""
    assert "X_train=<variable>" in find("schema-mismatch", X_test=table()).message
    assert "X_test is empty" in find("schema-mismatch", X_train=table(), X_test=table()[:0]).message
