"""Gaps filled with a statistic of all rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

from mlready_nb.leakage.values import witness
from mlready_nb.subjects import Budget
from tests.leakage.tables import gaps, kinds, split, subjects, table


def heard(*sides, **rest):
    return witness(subjects(*sides, **rest), Budget(30))


def test_the_mean_of_all_rows_is_found():
    """`df.fillna(df.mean())` before the split."""
    X, y = table()
    holes = gaps(X)
    (said,) = heard(*split(holes.fillna(holes.mean()), y))
    assert said.kind == "imputation"
    assert {"age", "income", "height"} <= set(said.columns)
    assert said.by_chance < 1e-6


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_the_training_rows_own_statistic_is_quiet(statistic):
    """Filled after the split with what the training rows give."""
    X, y = table()
    a, b, c, d = split(gaps(X), y)
    fill = getattr(a, statistic)()
    assert heard(a.fillna(fill), b.fillna(fill), c, d) == []


def test_a_constant_is_quiet():
    """Filled with 0 or -1: no statistic."""
    X, y = table()
    assert heard(*split(gaps(X).fillna(-1), y)) == []


def test_found_behind_a_logarithm_and_a_scaler():
    """The model's table was changed again; the frame in which the gaps were filled is still there."""
    X, y = table()
    frame = X[["income", "dose", "height"]].assign(income=gaps(X)["income"])
    frame["income"] = frame["income"].fillna(frame["income"].mean())
    a, b, c, d = split(np.log1p(frame), y)
    scaler = StandardScaler().fit(a)
    (said,) = heard(scaler.transform(a), scaler.transform(b), c, d, frame=frame)
    assert said.kind == "imputation"
    assert said.columns == ("income",)
    assert "frame" in said.variables


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_filled_by_groups(statistic):
    """Each city's own statistic, over all rows; the twin's comes from the training rows."""
    X, y = table(n=3000)
    city = pd.Series(np.random.default_rng(2).choice(list("abcdefghijkl"), len(X)))
    frame = pd.DataFrame({"income": gaps(X)["income"], "dose": X["dose"], "city": city})
    whole = frame.assign(income=frame["income"].fillna(frame.groupby("city")["income"].transform(statistic)))
    (said,) = heard(*split(whole, y))
    assert said.kind == "imputation"
    assert "within groups of city" in said.message

    a, b, c, d = split(frame, y)
    by = a.groupby("city")["income"].agg(statistic)
    a, b = (p.assign(income=p["income"].fillna(p["city"].map(by))) for p in (a, b))
    assert kinds(heard(a, b, c, d)) == []
