"""Columns that hold one value."""

import numpy as np
import pandas as pd
import pytest

from mlready_nb.finding import Outcome
from mlready_nb.testing import find

RNG = np.random.default_rng(0)


def frame(n=600):
    return pd.DataFrame(
        {
            "age": RNG.integers(18, 90, n),
            "city": RNG.choice(list("abc"), n),
            "flag": RNG.random(n) < 0.05,
            "x": RNG.normal(size=n),
        }
    )


@pytest.mark.parametrize("value", [0, 3.5, "EUR", True, np.datetime64("2024-01-01")])
def test_it_finds_a_column_of_one_value(value):
    """A number, a text, a truth value, a day."""
    found = find("constant-columns", X_train=frame().assign(broken=value))

    assert found.outcome is Outcome.WARN
    assert "'broken'" in found.message
    assert "drop" in found.remedy


def test_it_finds_a_constant_column_of_an_array():
    """Arrays have positions for names."""
    X = RNG.normal(size=(300, 4))
    X[:, 2] = 7

    assert "'x2'" in find("constant-columns", X_train=X).message


def test_it_finds_a_column_that_is_nearly_constant():
    """One value in 99.95 % of the rows."""
    X = frame(4000)
    X["currency"] = "EUR"
    X.loc[[5, 9], "currency"] = "USD"

    found = find("constant-columns", X_train=X)

    assert found.outcome is Outcome.WARN
    assert found.measured["nearly_constant"] == 1


def test_it_is_quiet_where_all_columns_vary():
    """The same table without the broken column, on frames and arrays."""
    assert find("constant-columns", X_train=frame()).outcome is Outcome.PASS
    assert find("constant-columns", X_train=RNG.normal(size=(300, 4))).outcome is Outcome.PASS


def test_rare_dummies_and_empty_pixels_are_natural():
    """A category that no training row has, and the border of pictures."""
    cities = pd.Series(RNG.choice(list("abcd"), 3000)).astype(pd.CategoricalDtype(list("abcdef")))
    pixels = RNG.integers(0, 16, (400, 64)).astype(float)
    pixels[:, :8] = 0

    assert (
        find("constant-columns", X_train=frame(3000).join(pd.get_dummies(cities, prefix="city"))).outcome
        is Outcome.PASS
    )
    assert find("constant-columns", X_train=pixels).outcome is Outcome.PASS


def test_it_waits_for_the_training_data():
    """The message names what is missing."""
    found = find("constant-columns", X_test=frame())

    assert found.outcome is Outcome.NOT_RUN
    assert "X_train" in found.message
