"""Columns chosen by their scores over all rows, by hand."""

import numpy as np
import pandas as pd
import pytest

from mlready_nb.leakage.values import witness
from mlready_nb.subjects import Budget
from tests.leakage.tables import split, subjects


def wide(n=300, p=80):
    r = np.random.default_rng(10)
    X = pd.DataFrame(r.normal(size=(n, p)), columns=[f"g{i}" for i in range(p)])
    return X, pd.Series((X["g1"] + X["g2"] + r.normal(0, 2, n) > 0).astype(int), name="ill")


@pytest.mark.parametrize("form", ["frame", "array"])
def test_the_best_by_correlation_over_all_rows(form):
    """`df.corr()` before the split; the twin ranks by the training rows."""
    X, y = wide()
    best = X.corrwith(y).abs().nlargest(10).index
    a, b, c, d = split(X[best], y)
    if form == "array":
        a, b, rest = a.to_numpy(), b.to_numpy(), {"X": X.to_numpy()}
    else:
        rest = {"df": X.assign(ill=y)}
    (said,) = witness(subjects(a, b, c, d, **rest), Budget(30))
    assert said.kind == "feature_selection"
    assert said.by_chance < 1e-6
    assert set(said.columns) == (set(best) if form == "frame" else {f"x{int(n[1:])}" for n in best})

    a, b, c, d = split(X, y)
    best = a.corrwith(c).abs().nlargest(10).index
    assert witness(subjects(a[best], b[best], c, d, df=X.assign(ill=y)), Budget(30)) == []


def test_columns_chosen_by_a_person_are_quiet():
    """A list that no score explains."""
    X, y = wide()
    assert witness(subjects(*split(X[[f"g{i}" for i in range(20, 30)]], y), df=X.assign(ill=y)), Budget(30)) == []
