"""Columns whose cells are of several kinds."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mlready_nb.finding import Outcome
from mlready_nb.testing import find

RNG = np.random.default_rng(0)
N = 500


def frame():
    return pd.DataFrame(
        {
            "age": RNG.integers(18, 90, N),
            "city": RNG.choice(["Bonn", "Ulm"], N),
            "postcode": RNG.integers(10_000, 99_999, N).astype(str),
            "income": RNG.normal(3000, 500, N).round(2),
        }
    )


def with_cells(column, change):
    X = frame()
    cells = X[column].astype(object)
    cells.iloc[::25] = [change(v) for v in cells.iloc[::25]]
    return X.assign(**{column: cells})


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("age", str),
        ("city", lambda _: 7),
        ("income", lambda _: "unknown"),
        ("age", lambda _: pd.Timestamp("2020-01-01")),
    ],
)
def test_it_finds_cells_of_another_kind(column, change):
    """Numbers as text, numbers among names, a word among numbers, a day among numbers."""
    found = find("mixed-types", X_train=with_cells(column, change))

    assert found.outcome is Outcome.WARN
    assert repr(column) in found.message
    assert "20 of 500" in found.message


@pytest.mark.parametrize("placeholder", ["?", " ", "n/k", "1,234.50", "12 kg"])
def test_it_finds_numbers_that_were_read_as_text(placeholder):
    """A placeholder, a thousands sign or a unit made text of them, in pandas and polars."""
    texts = frame()["income"].astype(str)
    texts.iloc[::50] = placeholder

    for X in (frame().assign(income=texts), pl.DataFrame({"income": texts.tolist(), "age": frame()["age"].to_numpy()})):
        found = find("mixed-types", X_train=X)
        assert found.outcome is Outcome.WARN
        assert "'income'" in found.message


def test_it_looks_at_the_test_set_too():
    """Only the test file was read badly."""
    found = find("mixed-types", X_train=frame(), X_test=with_cells("age", str))

    assert found.outcome is Outcome.WARN
    assert "(test)" in found.message


def test_it_is_quiet_on_plain_columns_gaps_and_codes():
    """Gaps are no kind; postcodes and diagnosis codes are codes."""
    X = frame()
    X["gaps"] = X["city"].where(X["age"] > 40, None)
    X["ages"] = X["age"].astype(object).where(X["age"] > 40, None)
    X["diagnosis"] = [f"{v:.1f}" if v % 7 else f"V{v}" for v in X["age"]]

    assert find("mixed-types", X_train=X, X_test=X).outcome is Outcome.PASS
    assert find("mixed-types", X_train=pl.from_pandas(frame())).outcome is Outcome.PASS
    assert find("mixed-types", X_train=RNG.normal(size=(100, 3))).outcome is Outcome.PASS


def test_it_waits_for_the_training_data():
    """The message names what is missing."""
    assert "X_train" in find("mixed-types").message
