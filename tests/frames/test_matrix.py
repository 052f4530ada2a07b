"""A matrix that any baseline takes: finite, of one width, learnt on the training rows alone."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlready_nb import frames

pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

DAY = dt.datetime(2024, 1, 2)  # noqa: DTZ001
MIXED = {
    "number": [1.0, 3.0, None],
    "word": ["x", "y", None],
    "when": [DAY, None, DAY + dt.timedelta(days=2)],
    "flag": [True, False, None],
    "span": [dt.timedelta(1), None, dt.timedelta(2)],
    "gone": [None, None, None],
}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table, lambda d: pd.DataFrame(d, dtype=object)])
def test_engines_agree(make):
    """Mixed columns with gaps give the same numbers in every engine."""
    train, test, names = frames.numeric_matrix(make(MIXED), make(MIXED))
    assert names == ("number", "word=x", "word=y", "when", "flag", "span")
    np.testing.assert_array_equal(train, test)
    s = 1.5**0.5
    np.testing.assert_allclose(train[:, 0], [-s, s, 0])
    np.testing.assert_array_equal(train[:, 1:3], [[1, 0], [0, 1], [0, 0]])
    np.testing.assert_allclose(train[:, 3], [-s, 0, s])
    np.testing.assert_allclose(train[:, 4], [s, -s, 0])
    np.testing.assert_allclose(train[:, 5], [-s, 0, s])


@settings(max_examples=40, deadline=None)
@given(arrays(float, (7, 2)), arrays(float, (3, 2)))
@example(np.full((7, 2), 1.7e308), np.ones((3, 2)))
@example(np.full((7, 2), np.nan), np.full((3, 2), np.inf))
def test_always_finite(train, test):
    """Whatever floats come in, infinite and missing ones too, the training rows come out finite."""
    with np.errstate(all="ignore"):
        a, b, names = frames.numeric_matrix(train, test)
    assert a.shape == (7, 2)
    assert b.shape == (3, 2)
    assert names == ("x0", "x1")
    assert np.isfinite(a).all()
    assert not np.isnan(b).any()


@settings(max_examples=25, deadline=None)
@given(arrays(float, (6, 2), elements=st.floats(-1e6, 1e6)), arrays(float, (4, 2), elements=st.floats(-1e6, 1e6)))
def test_nothing_is_learnt_from_the_test_rows(X_train, X_test):
    """The training part does not depend on the test rows, and each test row not on the others."""
    train, test, _ = frames.numeric_matrix(X_train, X_test)
    alone, first, _ = frames.numeric_matrix(X_train, X_test[:1])
    np.testing.assert_array_equal(train, alone)
    np.testing.assert_array_equal(test[:1], first)


def test_rounding_noise_is_no_scale():
    """A column that is constant but for rounding is not blown up on the test rows."""
    _, test, _ = frames.numeric_matrix(np.full((3, 1), 0.1), np.array([[0.2]]))
    assert abs(test[0, 0]) <= 1


def test_columns_go_by_name():
    """Order does not matter, a column that the test set lacks is left out, one that it adds is not used."""
    X_train = pd.DataFrame({"a": [0.0, 2.0], "b": [1.0, 5.0], "c": [1.0, 2.0]})
    X_test = pl.DataFrame({"d": [9.0], "b": [3.0], "a": [2.0]})
    _, test, names = frames.numeric_matrix(X_train, X_test)
    assert names == ("a", "b")
    assert test.tolist() == [[1.0, 0.0]]


def test_an_array_beside_a_frame_goes_by_position():
    """A frame to train and a scaled array to test: columns pair by position when there are as many."""
    _, test, names = frames.numeric_matrix(pd.DataFrame({"a": [0.0, 2.0], "b": [1.0, 5.0]}), np.array([[2.0, 3.0]]))
    assert names == ("a", "b")
    assert test.tolist() == [[1.0, 0.0]]


def test_new_and_rare_categories():
    """A category not seen in training has no column; beyond the fifty most common neither."""
    words = [f"w{i % 60:02}" for i in range(600)] + ["w59"]
    train, test, names = frames.numeric_matrix(pd.DataFrame({"a": words}), pd.DataFrame({"a": ["new", "w59", None]}))
    assert train.shape == (601, 50)
    assert names[0] == "a=w59"
    assert test.sum(axis=1).tolist() == [0, 1, 0]


def test_identifiers_are_left_out():
    """Free text and ids make no columns; without any column there is a matrix of width 0."""
    X = pd.DataFrame({"id": [f"id{i}" for i in range(200)]})
    train, test, names = frames.numeric_matrix(X, X)
    assert (train.shape, test.shape, names) == ((200, 0), (200, 0), ())


def test_messy_frames():
    """Repeated names, nested cells and numbers among words come out finite; no test rows are no trouble."""
    X = pd.DataFrame([[1, "x", [1], 1], [2, "y", [2], "z"], [3, "y", None, None]], columns=["a", "a", "b", 0])
    train, test, names = frames.numeric_matrix(X, X.iloc[:0])
    assert names[:3] == ("a", "a.1=y", "a.1=x")
    assert test.shape == (0, len(names))
    assert np.isfinite(train).all()


def test_sparse_stays_sparse():
    """Sparse stays sparse, its gaps count as absent, and a dense test set is taken along."""
    X = sp.csr_matrix(np.array([[1, np.nan], [0, 2.0]]))
    train, test, names = frames.numeric_matrix(X, np.array([[np.inf, 3.0]]))
    assert sp.issparse(train)
    assert sp.issparse(test)
    assert names == ("x0", "x1")
    assert train.toarray().tolist() == [[1, 0], [0, 2]]
    assert test.toarray().tolist() == [[0, 3]]
    assert np.isnan(X.data).any(), "the user's matrix is left as it was"
