"""The sieve never loses a row that repeats."""

import numpy as np
import pandas as pd
import pytest

from mlready_nb import frames


def sides(seed, kind, n=3000):
    """Two tables of mostly distinct numbers, with copies across, within, and odd values."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(n, 4)), rng.normal(size=(n // 2, 4))
    b[:40], a[10:20], b[50:55] = a[100:140], a[200:210], b[60:65]
    a[:6, 0] = [0.0, -0.0, np.nan, np.nan, np.inf, 1e300]
    b[100:103] = a[:3]
    b[100, 0] = -0.0
    if kind == "frame":
        return (pd.DataFrame(x, columns=list("abcd")).assign(e=np.arange(len(x)) % 3) for x in (a, b))
    return (x.round(4) for x in (a, b)) if kind == "rounded" else (a, b)


@pytest.mark.parametrize("kind", ["array", "frame", "rounded"])
@pytest.mark.parametrize("seed", range(3))
def test_every_row_that_repeats_is_let_through(seed, kind):
    """The sieve's rows hold all rows that occur twice on either side; most others are out."""
    X_train, X_test = sides(seed, kind)
    train, test = frames.row_hashes(X_train), frames.row_hashes(X_test)
    values, counts = np.unique(np.concatenate([train, test]), return_counts=True)
    again = values[counts > 1]
    ours, theirs = frames.may_repeat(X_train, X_test)
    assert set(np.flatnonzero(np.isin(train, again))) <= set(ours)
    assert set(np.flatnonzero(np.isin(test, again))) <= set(theirs)
    assert len(ours) + len(theirs) < 0.2 * (len(train) + len(test))


def test_a_whole_number_equals_the_same_float():
    """Integers on one side and floats on the other are the same."""
    a = np.arange(5000)
    ours, theirs = frames.may_repeat(pd.DataFrame({"x": a}), pd.DataFrame({"x": a[::10].astype(float)}))
    assert len(theirs) == 500
    assert set(a[::10]) <= set(ours)


def test_without_distinct_numbers_all_rows_are_left():
    """Categories sieve nothing."""
    X = pd.DataFrame({"a": ["x", "y"] * 2000})
    ours, theirs = frames.may_repeat(X, X[:100])
    assert (len(ours), len(theirs)) == (4000, 100)
