"""The frames floor takes whatever holds rows, or says that it is no table."""

import numpy as np
import pytest
from hypothesis import given

from mlready_nb import frames
from mlready_nb.fingerprints import of_frame
from tests.fuzz.conftest import cases
from tests.fuzz.hostile import tables

pytestmark = pytest.mark.filterwarnings("ignore")


@cases(1300)
@given(tables)
def test_every_question_is_answered_or_refused(tried, X):
    """One answer a row or a column; else `NotATable`."""
    tried()
    assert of_frame(X) == of_frame(X)
    try:
        n, k = frames.shape(X)
        names = frames.column_names(X)
        hashes = frames.row_hashes(X)
        kinds, gaps = frames.kinds(X), frames.null_counts(X)
    except frames.NotATable as refusal:
        assert "found" in str(refusal)
        return
    assert len(names) == k == len(set(names))
    assert len(hashes) == n
    assert tuple(kinds) == tuple(gaps) == names
    assert set(kinds.values()) <= set(frames.KINDS)
    assert all(0 <= g <= n for g in gaps.values())
    for name in names[:6]:
        values = frames.column(X, name)
        assert values.shape == (n,)
        frames.missing_mask(values)
        codes, distinct = frames.codes(values)
        assert len(codes) == n
        assert codes.max(initial=-1) < max(len(distinct), 1)
    part = frames.take(X, np.arange(n)[::-1])
    assert frames.n_rows(part) == n
    assert (frames.row_hashes(part)[::-1] == hashes).all()
    assert (frames.row_hashes(frames.copied(X)) == hashes).all()
    a, b, made = frames.numeric_matrix(X, part)
    assert a.shape == b.shape == (n, len(made))


@cases(2000)
@given(tables)
def test_labels_of_anything(tried, y):
    """An array, one entry or row for each row; else `NotATable`."""
    tried()
    for one_hot in (False, True):
        try:
            values = frames.labels(y, one_hot=one_hot)
        except frames.NotATable:
            return
        assert isinstance(values, np.ndarray)
        assert frames.missing_mask(values).shape == (len(values),)
