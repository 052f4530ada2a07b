"""Permutation importance, on a model's own columns, beside SHAP."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from mlready_nb.adapters import as_predictor
from mlready_nb.adapters.shuffled import agreement, shuffled_losses
from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import binary, fitted, halves, numbers


@pytest.mark.parametrize(
    "make", [lambda X: X, pl.from_pandas, lambda X: X.to_numpy()], ids=["pandas", "polars", "numpy"]
)
def test_the_columns_that_matter_lead(make):
    """Columns a and b matter, c and d do not: their interval holds 0."""
    X, y = binary(600)
    model = LogisticRegression().fit(X.to_numpy(), y)
    found = shuffled_losses(as_predictor(model, task=Task.BINARY, class_names=(0, 1)), make(X), y.to_numpy())
    order = sorted(found.values(), reverse=True)

    assert order[1][1] > 0.1
    assert all(low < 0.02 for _, low, _ in order[2:])


def test_regressions_and_too_many_columns():
    """Absolute errors; sixty-one columns are left out."""
    X = numbers(200)
    model = Ridge().fit(X, X["c"])
    wide = pd.DataFrame(np.zeros((50, 61)))

    assert (
        max(
            (v, k) for k, v in shuffled_losses(as_predictor(model, task=Task.REGRESSION), X, X["c"].to_numpy()).items()
        )[1]
        == "c"
    )
    assert shuffled_losses(as_predictor(model, task=Task.REGRESSION), wide, np.zeros(50)) == {}


def test_agreement():
    """Of the same order 1, of the opposite -1, of three columns nothing."""
    one = dict(zip("abcde", [5.0, 4.0, 3.0, 2.0, 1.0], strict=True))

    assert agreement(one, one) == pytest.approx(1)
    assert agreement(one, {k: -v for k, v in one.items()}) == pytest.approx(-1)
    assert agreement({k: one[k] for k in "abc"}, one) is None


def test_it_stands_beside_shap():
    """The finding has both orders, the spread, and names a column that carries nearly all."""
    found = find("feature-importance", **fitted(halves(*binary(500))))
    X = numbers(400)
    alone = find("feature-importance", **fitted(halves(X, pd.Series((X["c"] > 0).astype(int)))))

    assert [t.title.split(" (")[0] for t in found.tables] == [
        "Mean |SHAP| by column",
        "Spread of SHAP values towards 1",
        "Loss gained when a column is shuffled",
    ]
    assert found.measured["tau_with_permutation"] > 0
    assert alone.outcome == "pass"
    assert "c carries" in alone.message
    assert "DAT-03" in alone.message
