"""The same data as pandas 2, pandas 3, polars, pyarrow and NumPy: the same findings, number for number."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import mlready_nb

ROOT = Path(__file__).parents[1]

#: Checks whose findings may differ by design: an array has no column names and no categories to compare.
NAMED_ONLY = {"numpy": {"schema-mismatch", "odd-inputs", "personal-columns"}}

#: Checks that hold a clock or a scale: their numbers differ from run to run.
CLOCKED = {"prediction-latency", "memory-needed", "loads-elsewhere", "refit-differs"}


def data():
    """Numbers with gaps in one column, a planted overlap, a group; as one table of floats."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 4)).round(3)
    y = (X[:, 0] + rng.normal(scale=0.8, size=600) > 0).astype(int)
    X[:, 3] = rng.integers(0, 2, 600)
    X_train, X_test, y_train, y_test = X[:400], X[400:], y[:400], y[400:]
    X_test[:30], y_test[:30] = X_train[:30], y_train[:30]
    model = LogisticRegression().fit(X_train, y_train)  # fitted on an array: takes every engine's frame
    return model, X_train, y_train, X_test, y_test


def as_engine(engine, X):
    """The table in another engine's clothes."""
    if engine == "numpy":
        return X
    columns = {f"x{i}": X[:, i] for i in range(X.shape[1])}
    if engine == "polars":
        return pytest.importorskip("polars").DataFrame(columns)
    if engine == "pyarrow":
        return pytest.importorskip("pyarrow").table(columns)
    return pd.DataFrame(columns)


def findings(engine):
    """Everything the run says, but for times; as JSON would hold it."""
    model, X_train, y_train, X_test, y_test = data()
    group = np.where(X_test[:, 3] > 0, "a", "b")
    run = mlready_nb.check(
        model,
        as_engine(engine, X_train),
        y_train,
        as_engine(engine, X_test),
        y_test,
        sensitive_features={"group": group},
    )
    skip = CLOCKED | NAMED_ONLY.get(engine, set())
    kept = [f for f in run.to_json()["findings"] if f["check"] not in skip and "project" not in f["based_on"]]
    return json.loads(json.dumps([{k: v for k, v in f.items() if k != "seconds"} for f in kept]))


@pytest.fixture(scope="module")
def expected():
    """What the run says on the pandas of this environment."""
    return findings("pandas")


def test_there_is_something_to_compare(expected):
    """Most checks ran, and the planted overlap was found: equal silence would prove nothing."""
    outcomes = {f["check"]: f["outcome"] for f in expected}

    assert outcomes["row-overlap"] == "fail"
    assert sum(o in ("pass", "warn", "fail", "inconclusive") for o in outcomes.values()) >= 8
    assert "error" not in outcomes.values()


@pytest.mark.parametrize("engine", ["polars", "pyarrow", "numpy"])
def test_every_engine_gives_the_same_findings(engine, expected):
    """Outcome, message, numbers and tables."""
    theirs = findings(engine)
    names = {f["check"] for f in theirs}

    assert theirs == [f for f in expected if f["check"] in names]


def test_the_other_pandas_gives_the_same_findings(expected, tmp_path):
    """Pandas 2 where 3 is installed, and the other way round, in a process of its own."""
    other = "pandas>=2.2,<3" if int(pd.__version__.split(".")[0]) >= 3 else "pandas>=3"
    where = tmp_path / "other"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(where), other, "python-dateutil", "pytz", "tzdata", "six"],
        check=True,
    )  # fmt: skip
    script = "import json, test_engines as t; import pandas; print(pandas.__version__); print(json.dumps(t.findings('pandas')))"
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(where), str(ROOT / "tests"), str(ROOT)])}
    said = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert said.returncode == 0, said.stderr[-2000:]
    version, theirs = said.stdout.splitlines()[-2:]

    assert version.split(".")[0] != pd.__version__.split(".")[0]
    assert json.loads(theirs) == expected
