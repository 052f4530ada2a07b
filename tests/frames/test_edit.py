"""Changed copies."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mlready_nb import frames

FORMS = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_cells_are_replaced_in_a_copy(form):
    """A gap in a column of whole numbers, a text among texts."""
    X = form({"a": [1, 2, 3], "b": ["x", "y", "z"]})

    new = frames.replaced(X, {"a": np.array([1.0, np.nan, 3.0]), "b": ["x", "new", None]})

    assert type(new) is type(X)
    assert np.isnan(frames.column(new, "a")[1].astype(float))
    assert frames.column(new, "b").tolist() == ["x", "new", None]
    assert frames.column(X, "a").tolist() == [1, 2, 3]
    assert frames.column_names(frames.chosen(X, [1, 0])) == ("b", "a")


def test_a_categorical_learns_the_new_category():
    """And keeps its kind and its index."""
    X = pd.DataFrame({"c": pd.Categorical(["a", "b"])}, index=[7, 9])

    new = frames.replaced(X, {"c": ["a", "unseen"]})

    assert str(new["c"].dtype) == "category"
    assert new.index.tolist() == [7, 9]
    assert X["c"].cat.categories.tolist() == ["a", "b"]


def test_arrays_become_what_the_cells_need():
    """Floats for NaN, objects for text."""
    X = np.array([[1, 2], [3, 4]])

    assert frames.replaced(X, {"x0": np.array([np.nan, 3])}).dtype == float
    assert frames.replaced(X, {"x1": np.array(["a", "b"])}).dtype == object
    assert X.dtype.kind == "i"
    assert frames.chosen(X, [1, 0]).tolist() == [[2, 1], [4, 3]]
