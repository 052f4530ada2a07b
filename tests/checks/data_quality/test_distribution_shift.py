"""Training against test."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from mlready_nb.finding import Outcome
from mlready_nb.metrics import drift
from mlready_nb.testing import find


def data(seed=0, n=1200):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "age": rng.normal(40, 10, n),
            "income": rng.lognormal(10, 1, n),
            "city": rng.choice(list("abcd"), n),
            "flag": rng.random(n) < 0.2,
        }
    )
    y = (X["age"] + rng.normal(0, 10, n) > 40).astype(int)
    return {
        "X_train": X[: n * 3 // 4],
        "y_train": y[: n * 3 // 4],
        "X_test": X[n * 3 // 4 :].copy(),
        "y_test": y[n * 3 // 4 :],
    }


def changed(change):
    data_ = data()
    data_["X_test"] = change(data_["X_test"])
    return data_


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("age", lambda X: X.assign(age=X["age"] + 8)),
        ("income", lambda X: X.assign(income=X["income"] * 12)),
        ("city", lambda X: X.assign(city=np.where(np.arange(len(X)) % 2, X["city"], "e"))),
        ("flag", lambda X: X.assign(flag=np.arange(len(X)) % 2 == 0)),
        ("age", lambda X: X.assign(age=X["age"] * 3 - 80)),
    ],
)
def test_it_finds_a_shifted_feature(column, change):
    """A mean, a unit, a new category, a share, a spread."""
    found = find("distribution-shift", **changed(change))

    assert found.outcome in (Outcome.WARN, Outcome.FAIL)
    assert repr(column) in found.message


def test_a_far_shift_fails_in_polars_and_arrays_too():
    """Two standard deviations."""
    d = changed(lambda X: X.assign(age=X["age"] + 20))
    arrays = {k: v[["age", "income"]].to_numpy() if k.startswith("X") else v for k, v in d.items()}
    frames = {k: pl.from_pandas(v) if k.startswith("X") else v for k, v in d.items()}

    assert find("distribution-shift", **arrays).outcome is Outcome.FAIL
    assert find("distribution-shift", **frames).outcome is Outcome.FAIL


def test_it_finds_shifted_labels():
    """The test set has few of the second class."""
    d = data()
    keep = np.flatnonzero((d["y_test"] == 0) | (np.arange(len(d["y_test"])) % 5 == 0))
    d["X_test"], d["y_test"] = d["X_test"].iloc[keep], d["y_test"].iloc[keep]

    assert "'labels'" in find("distribution-shift", **d).message


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("n", [200, 1200])
def test_it_is_quiet_on_a_fair_split(seed, n):
    """A random split, however small."""
    d = data(seed, n)
    model = LogisticRegression().fit(d["X_train"][["age"]], d["y_train"])

    assert find("distribution-shift", **d).outcome is not Outcome.WARN
    only = {k: v[["age"]] if k.startswith("X") else v for k, v in d.items()}
    assert find("distribution-shift", model=model, **only).outcome in (Outcome.PASS, Outcome.INCONCLUSIVE)


def test_resampled_training_rows_and_time_are_no_shift():
    """Classes made equal on purpose; a day that goes on."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.normal(size=2000)})
    y = (X["x"] + rng.normal(size=2000) > 2).astype(int).to_numpy()
    X["x2"] = X["x"] * 2 + rng.normal(size=2000)
    train = np.arange(1500)
    rare, common = train[y[:1500] == 1], train[y[:1500] == 0]
    equal = np.concatenate([common, rng.choice(rare, len(common))])
    resampled = {"X_train": X.iloc[equal], "y_train": y[equal], "X_test": X[1500:], "y_test": y[1500:]}
    d = data()
    d["X_train"], d["X_test"] = d["X_train"].assign(day=np.arange(900)), d["X_test"].assign(day=np.arange(900, 1200))

    assert find("distribution-shift", **resampled).outcome is Outcome.PASS
    time = find("distribution-shift", **d)
    assert time.outcome is Outcome.PASS
    assert "'day'" in time.message


def test_it_waits_for_both_sides():
    """The message names what is missing."""
    assert "X_test" in find("distribution-shift", X_train=data()["X_train"]).message


def test_the_chance_level_is_that_of_repeated_draws():
    """Mean PSI and rejections over draws from one population."""
    rng = np.random.default_rng(0)
    p = np.full(10, 0.1)
    seen = [drift.shift(rng.multinomial(900, p), rng.multinomial(300, p)) for _ in range(400)]

    assert np.mean([s.psi for s in seen]) == pytest.approx(seen[0].chance, rel=0.1)
    assert np.mean([s.p_value < 0.05 for s in seen]) == pytest.approx(0.05, abs=0.03)


def test_distances_are_the_textbooks():
    """Jensen-Shannon as SciPy has it, Wasserstein of two shifted normals."""
    from scipy.spatial.distance import jensenshannon

    a, b = np.array([50, 30, 20]), np.array([20, 30, 50])
    rng = np.random.default_rng(0)
    x = rng.normal(size=4000)

    assert drift.shift(a, b).js == pytest.approx(jensenshannon(a, b, 2))
    assert drift.wasserstein(x, x + 1.5 * x.std()) == pytest.approx(1.5, abs=1e-6)
