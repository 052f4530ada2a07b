"""Columns cut into bins: the same in every engine, with names a person can read."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mlready_nb import frames

FRAME = pd.DataFrame(
    {
        "age": np.arange(100.0),
        "flag": np.tile([0, 1], 50),
        "city": np.repeat(["Paris", "Rome", "Oslo", "Rome"], 25),
        "id": [f"k{i}" for i in range(100)],
        "same": 1,
        "on": [True, False] * 50,
        "day": pd.date_range("2024-01-01", periods=100),
    }
)


@pytest.mark.parametrize("make", [lambda X: X, pl.from_pandas], ids=["pandas", "polars"])
def test_every_kind_is_cut_and_ids_are_not(make):
    """Numbers into fifths, few values one by one, categories by name, times by day."""
    found = frames.binned(make(FRAME), 60)

    assert set(found) == {"age", "flag", "city", "on", "day"}
    assert found["age"][1][0] == "<= 19.8"
    assert np.bincount(found["age"][0]).tolist() == [20] * 5
    assert found["flag"][1] == ("= 0", "= 1")
    assert found["city"][1][0] == "= 'Rome'"
    assert found["day"][1][0].startswith("<= 2024-01")


def test_gaps_are_a_bin_of_their_own():
    """NaN and None."""
    X = pd.DataFrame({"a": [1.0, np.nan, 2.0, 3.0] * 5, "b": ["x", None, "y", "y"] * 5})
    found = frames.binned(X, 60)

    for codes, labels in found.values():
        assert labels[codes[1]] == "missing"
        assert (codes == labels.index("missing")).sum() == 5


def test_many_categories_share_other_and_columns_are_counted():
    """Forty categories in a thousand rows; at most so many columns as asked for."""
    X = pd.DataFrame({"c": np.arange(1000) % 40, "d": np.arange(1000) % 3}).astype(str)

    assert "= other" in frames.binned(X, 1)["c"][1]
    assert list(frames.binned(X, 1)) == ["c"]


def test_arrays():
    """Columns of an array are numbered."""
    assert set(frames.binned(np.random.default_rng(0).normal(size=(50, 3)), 60)) == {"x0", "x1", "x2"}
