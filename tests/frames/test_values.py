"""Kinds, gaps, labels and codes: the same answers for the same data in every engine."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from mlready_nb import frames

pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

DAY = dt.datetime(2024, 1, 2)  # noqa: DTZ001
NS = np.array(["2024-01-02", "NaT"], dtype="datetime64[ns]")

#: What one value and one gap are, and the column they give.
COLUMNS = {
    "float": ([1.5, None], "numeric", np.array([1.5, np.nan])),
    "int": ([1, None], "numeric", np.array([1, np.nan])),
    "decimal": ([Decimal("1.5"), None], "numeric", np.array([1.5, np.nan])),
    "span": ([dt.timedelta(minutes=1), None], "numeric", np.array([60, np.nan])),
    "bool": ([True, None], "boolean", np.array([True, None])),
    "word": (["x", None], "text", np.array(["x", None])),
    "time": ([DAY, None], "datetime", NS),
    "zone": ([DAY.replace(tzinfo=dt.UTC), None], "datetime", NS),
    "date": ([DAY.date(), None], "datetime", NS),
    "hour": ([dt.time(1), None], "other", np.array([dt.time(1), None])),
    "bytes": ([b"x", None], "other", np.array([b"x", None], dtype=object)),
    "record": ([{"u": 1}, None], "other", np.array([{"u": 1}, None])),
    "nothing": ([None, None], "other", np.array([None, None])),
}


def engines(values):
    """One column of Python values as every engine would hold it."""
    return {
        "pandas": pd.DataFrame({"a": values}),
        "objects": pd.DataFrame({"a": pd.Series(values, dtype=object)}),
        "nullable": pd.DataFrame({"a": values}).convert_dtypes(),
        "arrow-backed": pd.DataFrame({"a": pd.Series(pd.arrays.ArrowExtensionArray(pa.array(values)))}),
        "polars": pl.DataFrame({"a": values}),
        "lazy": pl.LazyFrame({"a": values}),
        "pyarrow": pa.table({"a": values}),
        "numpy": np.array([[v] for v in values], dtype=object),
    }


@pytest.mark.parametrize("what", COLUMNS)
def test_engines_agree(what):
    """Kind, gaps and values of a column do not depend on the engine or on the dtype that it chose."""
    values, kind, expected = COLUMNS[what]
    for engine, X in engines(values).items():
        (name,) = frames.column_names(X)
        assert frames.kinds(X) == {name: kind}, engine
        assert frames.null_counts(X) == {name: values.count(None)}, engine
        got = frames.column(X, name)
        assert got.dtype == expected.dtype, engine
        np.testing.assert_array_equal(got, expected, err_msg=engine)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats()), min_size=1, max_size=6))
def test_gaps_are_counted_alike(values):
    """NaN and null are both gaps, in any mixture."""
    expected = sum(v is None or v != v for v in values)  # noqa: PLR0124
    array = np.array(values, dtype=float)
    for X in (
        array,
        pd.DataFrame(array),
        pl.DataFrame({"a": pl.Series(values, dtype=pl.Float64)}),
        pa.table({"a": pa.array(values, pa.float64())}),
        sp.csr_matrix(array[:, None]),
    ):
        assert sum(frames.null_counts(X).values()) == expected
        assert frames.missing_mask(frames.column(X, frames.column_names(X)[0])).sum() == expected


CATEGORIES = [
    pd.DataFrame({"a": pd.Categorical(["x", None])}),
    pl.DataFrame({"a": pl.Series(["x", None], dtype=pl.Categorical)}),
    pl.DataFrame({"a": pl.Series(["x", None], dtype=pl.Enum(["x"]))}),
    pa.table({"a": pa.array(["x", None]).dictionary_encode()}),
]


@pytest.mark.parametrize("X", CATEGORIES, ids=["pandas", "polars", "enum", "pyarrow"])
def test_categories(X):
    """Categorical columns keep their gaps, Arrow's dictionaries too."""
    assert frames.kinds(X) == {"a": "categorical"}
    assert frames.null_counts(X) == {"a": 1}
    assert frames.column(X, "a").tolist() == ["x", None]
    assert frames.labels(X).tolist() == ["x", None]


def test_nested_cells_are_other():
    """Lists in cells are one value each: of kind "other", missing only when the cell is."""
    values = [[1, None], None, [3, 4]]
    for X in (pd.DataFrame({"a": values}), pl.DataFrame({"a": values}), pa.table({"a": values})):
        assert frames.kinds(X) == {"a": "other"}
        assert frames.null_counts(X) == {"a": 1}
        assert frames.column(X, "a").shape == (3,)


def test_mixed_objects_are_other():
    """Numbers beside words are neither."""
    assert frames.kinds(pd.DataFrame({"a": [1, "x"]})) == {"a": "other"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "a"], ("a", "a.1")),
        ([0, "0"], ("0", "0.1")),
        ([("a", 1), ("a", 2)], ("a.1", "a.2")),
        (["a", None], ("a", "None")),
    ],
)
def test_odd_names_of_pandas(names, expected):
    """Every column is found by a name of its own; the user's frame keeps its names."""
    X = pd.DataFrame([[1, "x"]])
    X.columns = pd.Index(names, dtype=object, tupleize_cols=False)
    assert frames.column_names(X) == expected
    assert frames.kinds(X) == dict(zip(expected, ("numeric", "text"), strict=True))
    assert frames.column(X, expected[1]).tolist() == ["x"]
    assert list(X.columns) == names


@pytest.mark.parametrize(
    "X",
    [
        pd.DataFrame({"a": np.empty(0)}),
        pl.DataFrame({"a": pl.Series([], dtype=pl.Float64)}),
        pa.table({"a": pa.array([], pa.float64())}),
        np.empty((0, 1)),
        sp.csc_matrix((0, 1)),
    ],
    ids=["pandas", "polars", "pyarrow", "numpy", "sparse"],
)
def test_no_rows(X):
    """No rows: the kind of the type, no gaps, an empty column."""
    (name,) = frames.column_names(X)
    assert frames.shape(X) == (0, 1)
    assert frames.kinds(X) == {name: "numeric"}
    assert frames.null_counts(X) == {name: 0}
    assert frames.column(X, name).shape == (0,)


@pytest.mark.parametrize("make", [sp.csr_matrix, sp.csc_array, sp.coo_matrix])
def test_sparse(make):
    """Gaps and columns of sparse matrices, with empty columns at both ends."""
    X = make(np.array([[0, np.nan, 2, 0], [0, np.nan, 0, 0], [0, 0, np.nan, 0.0]]))
    assert list(frames.null_counts(X).values()) == [0, 2, 1, 0]
    np.testing.assert_array_equal(frames.column(X, "x2"), [2, 0, np.nan])
    assert set(frames.kinds(X).values()) == {"numeric"}
    assert frames.kinds(make(np.array([[True, False]])))["x0"] == "boolean"


def test_arrays_of_times():
    """NaT counts as a gap in arrays, too."""
    X = NS.astype("datetime64[s]").reshape(-1, 1)
    assert frames.kinds(X) == {"x0": "datetime"}
    assert frames.null_counts(X) == {"x0": 1}
    assert frames.column(X, "x0").dtype == NS.dtype


def test_never_stays_in_the_future():
    """A year that nanoseconds cannot hold (9999 for "never") stays later than today instead of wrapping round."""
    values = [dt.datetime(9999, 12, 31), DAY, dt.datetime(1, 1, 1)]  # noqa: DTZ001
    for X in (pd.DataFrame({"a": np.array(values, "M8[us]")}), pl.DataFrame({"a": values}), pa.table({"a": values})):
        never, day, first = frames.column(X, "a")
        assert first < day < never


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        ([1, 0], [1, 0]),
        (pd.Series([1, 0], dtype="Int64"), [1, 0]),
        (pd.Series(pd.Categorical([1, 0])), [1, 0]),
        (np.array([1, 0], dtype=object), [1, 0]),
        (np.array([[1], [0]]), [1, 0]),
        (pl.Series([1, 0]), [1, 0]),
        (pa.chunked_array([[1, 0]]), [1, 0]),
        (pd.DataFrame({"y": [1, 0]}), [1, 0]),
        (pd.Series([True, False], dtype="boolean"), [True, False]),
        (pl.Series(["b", "a"], dtype=pl.Categorical), ["b", "a"]),
        (["b", "a"], ["b", "a"]),
        ([], []),
    ],
)
def test_labels(y, expected):
    """Labels are a flat array of plain values wherever they come from."""
    got = frames.labels(y)
    assert got.shape == (len(expected),)
    assert got.tolist() == expected


def test_labels_with_gaps_agree():
    """Numbers with a gap are floats with NaN, from objects too."""
    for y in (
        pd.Series([1, None], dtype="Int64"),
        np.array([1, None], dtype=object),
        pl.Series([1, None]),
        [1.0, np.nan],
    ):
        np.testing.assert_array_equal(frames.labels(y), [1, np.nan])


def test_one_hot_labels():
    """Dummies are read as the class of their column, in the column's own type; a multi-label matrix is not."""
    y = pd.Series([3, 1, 2])
    assert frames.labels(pd.get_dummies(y), one_hot=True).tolist() == [3, 1, 2]
    assert frames.labels(pl.DataFrame({"n": [0, 1], "y": [1, 0]}), one_hot=True).tolist() == ["y", "n"]
    assert frames.labels(np.eye(2), one_hot=True, class_names=("n", "y")).tolist() == ["n", "y"]
    assert frames.labels(np.array([[1, 1], [0, 1]]), one_hot=True).shape == (2, 2)
    assert frames.labels(np.eye(2)).shape == (2, 2)
    assert frames.labels(sp.csr_matrix(np.eye(2))).shape == (2, 2)


@pytest.mark.parametrize(
    ("values", "codes", "distinct"),
    [
        (np.array([3, 1, 3]), [1, 0, 1], [1, 3]),
        (np.array(["b", "a", None], dtype=object), [1, 0, -1], ["a", "b"]),
        (np.array([1.0, np.nan, 0.0]), [1, -1, 0], [0, 1]),
        (np.array([2, "a", None, 1], dtype=object), [1, 2, -1, 0], [1, 2, "a"]),
        (np.array([[1], None, [1, 2]], dtype=object), [1, -1, 0], ["[1, 2]", "[1]"]),
        (np.array([]), [], []),
    ],
    ids=["ints", "words", "gaps", "mixed", "lists", "none"],
)
def test_codes(values, codes, distinct):
    """Codes count the sorted distinct values; gaps are -1, beside lists too."""
    got, found = frames.codes(values)
    assert (got.tolist(), found.tolist()) == (codes, distinct)


@pytest.mark.parametrize("rows", [[1, 0], np.array([False, True]), []])
def test_take(rows):
    """Rows are taken by position or by mask, none as well, in the data's own type."""
    kept = np.arange(2)[np.asarray(rows, dtype=bool if isinstance(rows, np.ndarray) else int)].tolist()
    data = [
        pd.DataFrame({"a": [0, 1]}, index=[5, 5]),
        pl.DataFrame({"a": [0, 1]}),
        pa.table({"a": [0, 1]}),
        np.array([[0], [1]]),
        sp.coo_matrix([[0], [1]]),
    ]
    for X in data:
        got = frames.take(X, rows)
        assert type(got) is type(X) or frames.is_sparse(got)
        assert frames.column(got, frames.column_names(got)[0]).tolist() == kept
    assert frames.take(["p", "q"], rows) == [["p", "q"][i] for i in kept]
