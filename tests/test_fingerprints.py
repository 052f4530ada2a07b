"""A change in place, anywhere, of any sort, changes the fingerprint; the same content has the same one."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlready_nb.fingerprints import changed, fingerprint, of_frame, of_model
from mlready_nb.subjects import Subjects


def table(n=500):
    """Columns of every sort that pandas has."""
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "float": rng.normal(size=n),
            "gaps": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
            "int": rng.integers(0, 9, n),
            "small": rng.integers(0, 9, n).astype("int8"),
            "bool": rng.random(n) < 0.5,
            "str": rng.choice(["a", "b", "ünï"], n),
            "object": np.array([None if i % 7 == 0 else f"o{i % 5}" for i in range(n)], dtype=object),
            "mixed": np.array([(i, "x") if i % 3 else i for i in range(n)] + [0], dtype=object)[:n],
            "category": pd.Categorical(rng.choice(["lo", "hi"], n), categories=["lo", "hi", "never"]),
            "time": pd.date_range("2020", periods=n, freq="h"),
            "zone": pd.date_range("2020", periods=n, freq="h", tz="Europe/Berlin"),
            "delta": pd.to_timedelta(np.arange(n), unit="s"),
            "nullable": pd.array([None if i % 9 == 0 else i for i in range(n)], dtype="Int64"),
            "flag": pd.array([None if i % 9 == 0 else i % 2 == 0 for i in range(n)], dtype="boolean"),
            "period": pd.period_range("2020", periods=n, freq="D"),
            "arrow": pd.array([None if i % 9 == 0 else i * 0.5 for i in range(n)], dtype="float64[pyarrow]"),
        }
    )


def put(column, row, value):
    """A change of one cell, in place."""

    def change(df):
        df.loc[row, column] = value

    change.__name__ = f"{column}[{row}]"
    return change


MUTATIONS = [
    put("float", 0, 1e9), put("float", 499, -1e-300), put("float", 250, np.nan), put("gaps", 3, 0.0), put("int", 77, 99),
    put("small", 5, -1), put("str", 499, "z"), put("str", 0, "A"), put("str", 1, ""), put("object", 1, None),
    put("object", 7, "None"), put("category", 10, "never"), put("time", 499, pd.Timestamp("1999")),
    put("zone", 0, pd.Timestamp("1999", tz="Europe/Berlin")), put("delta", 4, pd.Timedelta("1h")), put("nullable", 1, None),
    put("nullable", 9, 0), put("flag", 9, False), put("period", 2, pd.Period("1999-01-01", freq="D")), put("arrow", 1, None),
    put("arrow", 400, 0.25),
    lambda df: df.__setitem__("bool", ~df["bool"]),
    lambda df: df.drop(index=499, inplace=True),
    lambda df: df.rename(columns={"float": "Float"}, inplace=True),
    lambda df: df.insert(0, "new", 0),
    lambda df: df.drop(columns="small", inplace=True),
    lambda df: df.sort_values("float", inplace=True),
    lambda df: df.reset_index(inplace=True),
    lambda df: df.set_index("time", inplace=True),
    lambda df: df.fillna({"gaps": 0.0}, inplace=True),
    lambda df: df.__setitem__("int", df["int"].astype("int32")),
    lambda df: df.__setitem__("int", df["int"].astype(float)),
    lambda df: df.__setitem__("category", df["category"].cat.add_categories(["more"])),
    lambda df: df.__setitem__("mixed", df["mixed"].map(str)),
    lambda df: df.index.__setattr__("name", None) or df.__setattr__("index", pd.RangeIndex(1, 501)),
]  # fmt: skip


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda m: getattr(m, "__name__", "x"))
def test_every_change_in_place_is_seen(mutate):
    """No verdict stays fresh over data that were changed: each of these in a frame of every kind of column."""
    df = table()
    before = of_frame(df)
    assert before == of_frame(df)
    mutate(df)

    assert of_frame(df) != before


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.arange(3000, dtype=float).reshape(-1, 3), lambda: np.asfortranarray(np.arange(3000.0).reshape(-1, 3)),
        lambda: np.arange(6000.0).reshape(-1, 3)[::2], lambda: np.arange(3000).reshape(-1, 3), lambda: np.zeros(1000, dtype=bool),
        lambda: np.zeros((10, 4, 4), dtype=np.float32), lambda: np.array(["a", "bb"] * 500), lambda: np.array(["a", None] * 500, dtype=object),
        lambda: pd.DataFrame(np.zeros((1000, 3))), lambda: pd.Series(np.zeros(1000)), lambda: sparse.random(1000, 20, 0.1, "csr", random_state=0),
        lambda: sparse.random(1000, 20, 0.1, "csc", random_state=0),
    ],
)  # fmt: skip
def test_one_value_of_an_array_is_seen(make):
    """The first, a middle and the last value, in every layout."""
    for where in (0, 501, -1):
        data = make()
        before = of_frame(data)
        values = data.data if sparse.issparse(data) else data.values if hasattr(data, "iloc") else data
        values = values.copy() if hasattr(data, "iloc") else values
        flat = values.reshape(-1) if values.flags.c_contiguous else values
        at = (where % len(flat),) + (0,) * (flat.ndim - 1)
        flat[at] = {"b": True, "U": "cc", "O": "new"}.get(values.dtype.kind, 77)
        if hasattr(data, "iloc"):
            data = type(data)(values)

        assert of_frame(data) != before


def test_the_same_content_has_the_same_fingerprint():
    """A copy, a pickle, another layout of memory: nothing turns stale without a change."""
    df = table()
    again = pickle.loads(pickle.dumps(df))
    strings = [f"{'a' * 3}{i % 4}" for i in range(1000)]
    other = ["".join(list(s)) for s in strings]

    assert of_frame(again) == of_frame(df) == of_frame(df.copy())
    assert of_frame(df.iloc[10:20]) == of_frame(df.iloc[10:20].copy())
    assert of_frame(np.array(strings, dtype=object)) == of_frame(np.array(other, dtype=object))
    assert of_frame(pl.DataFrame({"a": [1, 2]})) == of_frame(pl.DataFrame({"a": [1, 2]}))
    assert of_frame(pl.DataFrame({"a": [1, 2]})) != of_frame(pl.DataFrame({"a": [1, 3]}))


@pytest.mark.parametrize(
    "model",
    [LogisticRegression(), RandomForestClassifier(5, random_state=0), HistGradientBoostingClassifier(max_iter=5),
     make_pipeline(StandardScaler(), LogisticRegression())],
    ids=lambda m: type(m).__name__,
)  # fmt: skip
def test_a_model_that_learnt_again_is_another(model):
    """The same fit has the same fingerprint; another one, or a setting that was changed, has not."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    y = (X[:, 0] > 0).astype(int)
    before = of_model(model.fit(X, y))

    assert of_model(model) == before
    assert of_model(model.fit(X[:100], y[:100])) != before


def test_only_what_changed_is_named():
    """Subjects that stayed are not touched."""
    X, y = table(50), np.zeros(50)
    then = fingerprint(Subjects(X_train=X, X_test=X.copy(), y_test=y))
    X.loc[3, "float"] = 0.0

    assert changed(then, fingerprint(Subjects(X_train=X, X_test=table(50), y_test=y))) == {"X_train"}
