"""Scaling that was learnt from the test rows too, told from the arrays alone."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine, make_classification
from sklearn.decomposition import PCA
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from mlready_nb.leakage.values import witness
from mlready_nb.subjects import Budget
from tests.leakage.tables import split, subjects, table

SCALERS = [
    StandardScaler(),
    MinMaxScaler(),
    RobustScaler(),
    PowerTransformer(),
    QuantileTransformer(n_quantiles=600),
    PCA(3),
    PCA(3, whiten=True),
]


def heard(*sides, **rest):
    return witness(subjects(*sides, **rest), Budget(30))


@pytest.mark.parametrize("scaler", SCALERS, ids=lambda s: type(s).__name__)
def test_scaled_before_the_split_is_proven(scaler):
    """Statistics that hold over both sides and not over one are found, with a chance below one in a million."""
    X, y = table()
    said = heard(*split(scaler.fit_transform(X), y, seed=1))
    assert said
    assert {(str(e.kind), e.minor, e.by_chance < 1e-6) for e in said} == {("preprocessing", False, True)}
    assert all("training and test rows together" in e.message for e in said)


@pytest.mark.parametrize("scaler", [*SCALERS, MaxAbsScaler()], ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("single", [False, True], ids=["double", "single"])
def test_fitted_on_the_training_rows_is_quiet(scaler, single):
    """The same scalers, fitted where they should be."""
    X, y = table()
    a, b, c, d = split(X.astype("float32" if single else "float64"), y)
    scaler.set_params(**({"n_quantiles": 400} if isinstance(scaler, QuantileTransformer) else {})).fit(a)
    assert heard(scaler.transform(a), scaler.transform(b), c, d) == []


def test_polars_by_hand_in_single_precision():
    """Standardised in polars over all rows, kept in single precision, cut by position."""
    X, y = table()
    frame = pl.from_pandas(X[["income", "height", "dose"]])
    frame = frame.select(((pl.all() - pl.all().mean()) / pl.all().std()).cast(pl.Float32))
    (said,) = heard(frame[:450], frame[450:], y[:450], y[450:])
    assert said.kind == "preprocessing"
    assert set(said.columns) == {"income", "height", "dose"}


def test_each_side_by_itself_is_minor():
    """`fit_transform` on the test set too: told apart from scaling over both, and only warned of."""
    X, y = table()
    a, b, c, d = split(X, y)
    (said,) = heard(StandardScaler().fit_transform(a), StandardScaler().fit_transform(b), c, d)
    assert said.minor
    assert "by itself" in said.message


def test_a_training_and_a_validation_set_scaled_together_are_quiet():
    """Scaled over training and validation rows, of which the test set is no part."""
    X, y = table()
    rest, test, y_rest, y_test = split(X, y)
    scaler = StandardScaler().fit(rest)
    train, valid, y_train, y_valid = split(pd.DataFrame(scaler.transform(rest)), y_rest)
    there = subjects(train, pd.DataFrame(scaler.transform(test)), y_train, y_test)
    from dataclasses import replace

    assert witness(replace(there, X_valid=valid, y_valid=y_valid), Budget(30)) == []


@pytest.mark.parametrize("load", [load_diabetes, load_iris, load_wine, load_breast_cancer], ids=lambda f: f.__name__)
def test_data_as_they_are_loaded_are_quiet(load):
    """Toy data, some of them centred by their publisher."""
    X, y = load(return_X_y=True)
    assert heard(*split(X, y)) == []


def test_columns_with_natural_ends_are_quiet():
    """Shares, scores and counters that end at 0 and 1 by their nature, the last value on the test side."""
    r = np.random.default_rng(4)
    n = 400
    X = pd.DataFrame(
        {
            "clicks": r.binomial(7, 0.4, n) / 7,
            "clipped": np.clip(r.normal(0.5, 0.4, n), 0, 1),
            "sign": np.where(np.arange(n) % 2, 1.0, -1.0),
            "trend": np.arange(n) / (n - 1),
            "probability": np.round(r.beta(0.3, 0.3, n), 3),
        }
    )
    y = pd.Series(r.integers(0, 2, n))
    X.loc[300, "clicks"] = 1.0
    assert heard(X[:300], X[300:], y[:300], y[300:]) == []


def test_no_alarm_on_a_hundred_clean_splits():
    """Clean splits of clean data, many seeds."""
    for seed in range(100):
        X, y = make_classification(n_samples=120, n_features=6, random_state=seed)
        a, b, c, d = split(X, y, seed)
        scaler = StandardScaler().fit(a)
        assert heard(scaler.transform(a), scaler.transform(b), c, d) == [], seed


def test_large_tables_are_quick():
    """100 000 + 100 000 rows of 30 columns within seconds (3 on a quiet machine)."""
    import time

    r = np.random.default_rng(0)
    X, y = r.normal(size=(200_000, 30)), r.integers(0, 2, 200_000)
    X[:, 20:] = np.round(X[:, 20:], 1)
    began = time.process_time()
    assert heard(X[:100_000], X[100_000:], y[:100_000], y[100_000:]) == []
    assert time.process_time() - began < 8
