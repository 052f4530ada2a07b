"""Equal rows hash equal in every engine and dtype; rows that differ do not."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlready_nb import frames

pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

DAY = dt.datetime(2024, 1, 2, 3, 4, 5)  # noqa: DTZ001
ZONED = DAY.replace(tzinfo=dt.UTC)


def boxed(*values):
    """A pandas column of plain objects."""
    return pd.DataFrame({"a": pd.Series(list(values), dtype=object)})


#: The same column of two values, in every dress that holds it.
SAME = {
    "zero and one": [
        np.array([[0], [1]]),
        np.array([[0.0], [1.0]], dtype=np.float32),
        np.array([[-0.0], [1.0]]),
        np.array([[False], [True]]),
        np.array([[0], [1]], dtype=object),
        [[0], [1]],
        pd.DataFrame({"a": [0, 1]}),
        pd.DataFrame({"a": pd.array([0, 1], dtype="Int64")}),
        pd.DataFrame({"a": pd.Categorical([0, 1])}),
        pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])}),
        pd.Series([0, 1]),
        pl.DataFrame({"a": [0, 1]}),
        pl.LazyFrame({"a": [False, True]}),
        pa.table({"a": [0, 1]}),
        pa.table({"a": pa.array([0, 1]).dictionary_encode()}),
    ],
    "a number and a gap": [
        np.array([[1.0], [np.nan]]),
        boxed(1, None),
        boxed(1.0, pd.NA),
        pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}),
        pd.DataFrame({"a": pd.array([1, None], dtype="int64[pyarrow]")}),
        pd.DataFrame({"a": pd.array([True, None], dtype="boolean")}),
        pl.DataFrame({"a": [1, None]}),
        pl.DataFrame({"a": [1.0, float("nan")]}),
        pa.table({"a": [1.0, None]}),
    ],
    "a word and a gap": [
        np.array([["x"], [None]], dtype=object),
        pd.DataFrame({"a": ["x", None]}),
        boxed("x", np.nan),
        pd.DataFrame({"a": pd.Categorical(["x", None])}),
        pd.DataFrame({"a": pd.array(["x", None], dtype="string[pyarrow]")}),
        pl.DataFrame({"a": ["x", None]}),
        pl.DataFrame({"a": pl.Series(["x", None], dtype=pl.Categorical)}),
        pl.DataFrame({"a": pl.Series(["x", None], dtype=pl.Enum(["y", "x"]))}),
        pa.table({"a": ["x", None]}),
        pa.table({"a": pa.array(["x", None]).dictionary_encode()}),
    ],
    "a moment and a gap": [
        np.array([[DAY], [None]], dtype="datetime64[s]"),
        pd.DataFrame({"a": pd.to_datetime([DAY, None])}),
        boxed(DAY, None),
        pl.DataFrame({"a": [DAY, None]}),
        pa.table({"a": [DAY, None]}),
    ],
    "a moment of a zone": [
        pd.DataFrame({"a": pd.to_datetime([ZONED, None])}),
        pd.DataFrame({"a": pd.to_datetime([ZONED, None]).tz_convert("Asia/Tokyo")}),
        boxed(ZONED, None),
        pl.DataFrame({"a": [ZONED, None]}),
        pa.table({"a": [ZONED, None]}),
    ],
    "a date and a gap": [
        pd.DataFrame({"a": pd.to_datetime([DAY.date(), None])}),
        boxed(DAY.date(), None),
        pl.DataFrame({"a": [DAY.date(), None]}),
        pa.table({"a": [DAY.date(), None]}),
    ],
    "decimals": [
        np.array([[1.5], [2.0]]),
        boxed(Decimal("1.5"), Decimal(2)),
        pl.DataFrame({"a": [Decimal("1.5"), Decimal("2.0")]}),
        pa.table({"a": [Decimal("1.5"), Decimal("2.0")]}),
    ],
    "a long id and a gap": [
        boxed(2**60 + 1, None),
        pd.DataFrame({"a": pd.array([2**60 + 1, None], dtype="Int64")}),
        pl.DataFrame({"a": [2**60 + 1, None]}),
        pa.table({"a": [2**60 + 1, None]}),
    ],
    "long whole numbers": [np.array([[2**60], [-(2**53)]]), np.array([[2.0**60], [-(2.0**53)]])],
    "lists": [
        boxed([1, 2], [3, 4]),
        boxed(np.array([1, 2]), np.array([3, 4])),
        pl.DataFrame({"a": [[1, 2], [3, 4]]}),
        pl.DataFrame({"a": np.array([[1, 2], [3, 4]])}),
        pa.table({"a": [[1, 2], [3, 4]]}),
    ],
    "records": [
        boxed({"u": 1, "v": [2]}, {"u": 3}),
        boxed({"v": [2], "u": 1}, {"u": 3}),
        pl.DataFrame({"a": [{"u": 1, "v": [2]}, {"u": 3, "v": None}]}),
        pa.table({"a": [{"u": 1, "v": [2]}, {"u": 3}]}),
    ],
}


@pytest.mark.parametrize("what", SAME)
def test_engines_and_dtypes_agree(what):
    """The same column hashes to the same two different numbers wherever it is held."""
    first, *others = (frames.row_hashes(X) for X in SAME[what])
    assert first.dtype == np.uint64
    assert len(set(first.tolist())) == 2
    for position, hashes in enumerate(others, start=1):
        assert hashes.tolist() == first.tolist(), SAME[what][position]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.uint8])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_random_tables_agree_and_keep_their_equalities(dtype, data):
    """Any numeric table: engines agree, and two rows hash equal exactly when they are equal."""
    X = data.draw(arrays(dtype, (6, 2), elements={"allow_nan": False} if np.dtype(dtype).kind == "f" else None))
    X[1] = X[0]
    hashes = frames.row_hashes(X)
    columns = {"a": X[:, 0], "b": X[:, 1]}
    for other in (pd.DataFrame(columns), pl.DataFrame(columns), pa.table(columns), X.astype(object)):
        assert frames.row_hashes(other).tolist() == hashes.tolist()
    equal = (X[:, None, :] == X[None, :, :]).all(axis=2)
    assert ((hashes[:, None] == hashes[None, :]) == equal).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=4)), min_size=1, max_size=8))
def test_random_words_agree(words):
    """Any words with gaps, surrogates of Unicode aside: pandas, polars and pyarrow agree."""
    there = [None if w is None else w.encode("utf-8", "ignore").decode() for w in words]
    one = frames.row_hashes(boxed(*there)).tolist()
    assert frames.row_hashes(pl.DataFrame({"a": pl.Series(there, dtype=pl.String)})).tolist() == one
    assert frames.row_hashes(pa.table({"a": pa.array(there, type=pa.string())})).tolist() == one
    assert len(set(one)) == len(set(there))


@pytest.mark.parametrize(
    "X",
    [
        boxed(1, "1", b"1", "one", None, Decimal("1.5"), float("inf"), 10**30, -(10**30), 1 + 1j, 1 + 2j),
        np.array([[1, 2], [2, 1], [1, 1], [2, 2]]),
        np.array([[1 + 1j], [1 + 2j]]),
        pl.DataFrame({"a": [2**60, 2**60 + 1, 2**60 + 2, None]}),
        pd.DataFrame({"a": pd.array([2**60, 2**60 + 1, None], dtype="Int64")}),
        boxed(2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -1),
        boxed("x", ["x"], [["x"]], ("x", "y"), {"x": 1}, {"x": 2}, {"x"}),
        boxed(np.zeros(5000), np.where(np.arange(5000) == 2500, 1, 0)),
        pl.DataFrame({"a": [DAY, DAY + dt.timedelta(microseconds=1), None]}),
    ],
    ids=["objects", "order", "complex", "ids-polars", "ids-pandas", "bounds", "nested", "embeddings", "moments"],
)
def test_different_rows_differ(X):
    """Rows that are not equal have hashes of their own, long ids and long arrays in cells too."""
    hashes = frames.row_hashes(X).tolist()
    assert len(set(hashes)) == len(hashes)


def test_one_nested_cell_leaves_its_neighbours_alone():
    """A list in one cell changes neither the hash of the words nor of the gaps beside it."""
    plain, mixed = frames.row_hashes(boxed("x", None, 1)), frames.row_hashes(boxed("x", None, 1, [1]))
    assert mixed[:3].tolist() == plain.tolist()


@pytest.mark.parametrize(
    "X",
    [
        np.empty((0, 3)),
        pd.DataFrame({"a": [], "b": []}),
        pl.DataFrame({"a": []}),
        pa.table({"a": pa.array([], pa.string())}),
        sp.csr_matrix((0, 3)),
        pd.DataFrame(),
        pl.DataFrame(),
    ],
)
def test_no_rows(X):
    """A table of no rows has no hashes."""
    assert frames.row_hashes(X).shape == (0,)


def test_no_columns_keep_their_rows():
    """A table without columns still has one hash a row."""
    assert len(frames.row_hashes(pd.DataFrame(index=range(3)))) == 3


def test_all_missing_is_missing_in_every_type():
    """A column of nothing but gaps hashes alike whatever type the engine gave it."""
    gone = [None, None]
    tables = [
        np.full((2, 1), np.nan),
        boxed(*gone),
        pd.DataFrame({"a": pd.to_datetime(gone)}),
        pl.DataFrame({"a": gone}),
        pa.table({"a": gone}),
    ]
    assert len({h for X in tables for h in frames.row_hashes(X).tolist()}) == 1


@pytest.mark.parametrize("names", [["a", "a"], [0, "0"], [("a", 1), ("a", 2)], [None, np.nan]])
def test_names_do_not_matter(names):
    """Duplicate, mixed and tuple names change no hash and raise nothing."""
    X = np.array([[1, 2], [3, 4]])
    assert frames.row_hashes(pd.DataFrame(X, columns=names)).tolist() == frames.row_hashes(X).tolist()


def test_duplicate_names_in_arrow():
    """An Arrow table may repeat a name, too."""
    X = pa.Table.from_arrays([pa.array([1, 3]), pa.array([2, 4])], names=["a", "a"])
    assert frames.row_hashes(X).tolist() == frames.row_hashes(np.array([[1, 2], [3, 4]])).tolist()


@pytest.mark.parametrize("make", [sp.csr_matrix, sp.csc_array, sp.coo_array])
def test_sparse_rows(make):
    """Sparse formats agree; stored zeros do not count; unequal rows differ."""
    X = np.array([[0, 1.5, 0], [0, 0, 1.5], [0, 1.5, 0], [0, 0, 0]])
    hashes = frames.row_hashes(make(X))
    assert hashes[0] == hashes[2]
    assert len(set(hashes.tolist())) == 3
    stored = sp.csr_matrix(X)
    stored.data[:] = 0
    assert len(set(frames.row_hashes(stored).tolist())) == 1
    assert stored.nnz == 3, "the user's matrix is left as it was"


def test_what_is_no_table_is_refused():
    """Ragged lists and 3-D arrays are refused, saying what was found."""
    with pytest.raises(frames.NotATable, match=r"\(2, 2, 2\)"):
        frames.row_hashes(np.zeros((2, 2, 2)))
    with pytest.raises(frames.NotATable, match="equal rows"):
        frames.row_hashes([[1], [1, 2]])
