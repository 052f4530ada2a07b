"""Gaps that differ between the sides, and gaps that do not."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from mlready_nb.testing import find
from tests.checks.planted import numbers


def gaps(X, column, share, seed=0):
    """A copy with that share of a column missing."""
    X = X.copy()
    X.loc[np.random.default_rng(seed).random(len(X)) < share, column] = np.nan
    return X


ENGINES = {"pandas": lambda X: X, "polars": pl.from_pandas, "numpy": lambda X: X.to_numpy()}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_is_empty_in_the_test_set_fails(engine):
    """It is named, with both shares; the twin with gaps on both sides passes."""
    make, train, test = ENGINES[engine], numbers(200), numbers(80, 1)
    name = "x1" if engine == "numpy" else "b"
    found = find("missing-values", X_train=make(train), X_test=make(gaps(test, "b", 1)))
    twin = find("missing-values", X_train=make(gaps(train, "b", 0.2)), X_test=make(gaps(test, "b", 0.2)))

    assert found.outcome == "fail"
    assert f"{name!r} (0% missing in training, 100% in test)" in found.message
    assert twin.outcome == "pass"


def test_a_shift_beyond_the_limit_warns():
    """40 % against 5 %, on rows enough; a limit of the project moves it."""
    train, test = gaps(numbers(600), "c", 0.05), gaps(numbers(300, 1), "c", 0.4, 1)

    assert find("missing-values", X_train=train, X_test=test).outcome == "warn"
    assert find("missing-values", X_train=train, X_test=test, thresholds={"max_shift": 0.6}).outcome == "pass"


def test_a_shift_on_few_rows_is_not_told_from_chance():
    """Three gaps in eight rows against one in thirty."""
    train, test = numbers(30), numbers(8, 1)
    train.loc[0, "a"], test.loc[:2, "a"] = np.nan, np.nan
    found = find("missing-values", X_train=train, X_test=test)

    assert found.outcome == "inconclusive"
    assert "8 rows" in found.message


@pytest.mark.parametrize("rows", [1, 3, 5])
def test_a_handful_of_rows_empties_no_column(rows):
    """A column with half its values missing is empty in a few rows by chance."""
    train, test = gaps(numbers(200), "a", 0.6), numbers(rows, 1)
    test["a"] = np.nan

    assert find("missing-values", X_train=train, X_test=test).outcome != "fail"


def test_a_mostly_empty_column_warns_on_both_sides():
    """Alike on both sides, and hardly filled."""
    found = find("missing-values", X_train=gaps(numbers(300), "d", 0.8), X_test=gaps(numbers(200, 1), "d", 0.8))

    assert found.outcome == "warn"
    assert "'d'" in found.message


@pytest.mark.parametrize("seed", range(8))
def test_gaps_at_random_pass(seed):
    """Five columns with a tenth missing each, split by chance, on sixty rows."""
    X = numbers(60, seed, "abcde")
    X = X.mask(np.random.default_rng(seed).random(X.shape) < 0.1)

    assert find("missing-values", X_train=X[:45], X_test=X[45:]).outcome in ("pass", "inconclusive")


def test_text_times_and_sparse_gaps_are_counted():
    """None, NaT and stored NaN are gaps."""
    X = pd.DataFrame({"s": ["a", None, "b", "c"] * 10, "t": pd.to_datetime(["2024-01-01", None, None, None] * 10)})
    found = find("missing-values", X_train=X, X_test=X)
    sparse = csr_matrix(np.array([[1, np.nan], [0, 2.0]] * 20))

    assert found.measured["columns_with_gaps"] == 2
    assert found.measured["largest_share"] == 0.75
    assert find("missing-values", X_train=sparse, X_test=sparse).measured["largest_share"] == 0.5


def test_it_names_what_is_missing():
    """Absent, empty, without columns."""
    X = numbers(20)

    assert "X_test=<variable>" in find("missing-values", X_train=X).message
    assert "X_test is empty" in find("missing-values", X_train=X, X_test=X[:0]).message
    assert find("missing-values", X_train=X[[]], X_test=X[[]]).outcome == "not_run"
