"""What stands in the rows stays there: no finding, no view, no saved state holds a value of a row; no secret is told whole."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from mlready_nb import runner, saved
from mlready_nb.checks.registry import load_checks
from mlready_nb.config import Config
from mlready_nb.finding import Outcome
from mlready_nb.state import State
from mlready_nb.subjects import Cell, Origin, Target
from mlready_nb.testing import subjects_of
from tests.fuzz.shown import VIEWS, figures
from tests.harm.cases import KINDS
from tests.harm.cases import subjects as whole

pytestmark = pytest.mark.filterwarnings("ignore")

ROWS = 240


def first_number(X):
    """All that the model reads."""
    return np.asarray(X["amount"], dtype=float).reshape(-1, 1)


def rows(style):
    """Rows of which every cell that could name a person or an amount is a value of its own, and those values."""
    rng = np.random.default_rng(1)
    X = pd.DataFrame(
        {
            "amount": rng.normal(size=ROWS) * 1000 + rng.random(ROWS),
            "account": rng.integers(10**12, 10**13, ROWS),
            "name": [f"Secretperson{i:04d}" for i in range(ROWS)],
            "mail": [f"row{i:04d}@secret.example" for i in range(ROWS)],
            "rare": ["common"] * (ROWS - 3) + ["Raresecret1", "Raresecret2", "Raresecret3"],
            "born": pd.Timestamp("1951-03-07 11:22:33.123456") + pd.to_timedelta(np.arange(ROWS) * 86_461, unit="s"),
            "mixed": [f"Mixedsecret{i}" if i % 9 == 0 else i + 0.123456789 for i in range(ROWS)],
        }
    )
    X.loc[5, "amount"], X.loc[7, "account"] = (
        98765.4321987,
        99_999_999_999_999,
    )  # far out: extremes are quoted most easily
    X = pd.concat([X, X.iloc[:20]], ignore_index=True)  # repeats invite showing them
    y = (X["amount"] > X["amount"].median()).astype(int)
    y[:6] = 1 - y[:6]  # wrong labels invite showing the rows
    planted = [
        *X["name"],
        *X["mail"],
        "Raresecret1",
        "Raresecret2",
        "Raresecret3",
        *(m for m in X["mixed"] if isinstance(m, str)),
    ]
    digits = [f"{v:.6f}"[:9] for v in X["amount"]] + list(map(str, X["account"]))
    times = [str(t)[:19] for t in X["born"]]
    if style == "polars":
        X = pl.from_pandas(X.drop(columns="mixed"))
    return X, y, [*planted, *digits, *times]


def run_on(style):
    """Everything the checks say of those rows, kept and read back."""
    X, y, planted = rows(style)
    half = ROWS // 2
    parts = {"X_train": X[:half], "X_test": X[half:], "y_train": y[:half], "y_test": y[half:]}
    model = make_pipeline(FunctionTransformer(first_number), LogisticRegression())
    parts["model"] = model.fit(pd.DataFrame({"amount": np.asarray(X["amount"][:half])}), y[:half])
    groups = {"rare": np.asarray(X["rare"][half:]), "name": np.asarray(X["name"][half:])}
    found = subjects_of(
        **parts, sensitive_features=groups, targets=(Target(metric="recall", op=">=", value=0.9),),
        cells=(Cell(number=1, source="model.fit(X_train, y_train)"),), origin={"model": Origin(variable="model", how="given")},
    )  # fmt: skip
    run = runner.run(found, load_checks(), config=Config(budget_seconds=4.0))
    assert sum(f.outcome in (Outcome.FAIL, Outcome.WARN) for f in run) >= 3  # there was something to be told
    return run, found, planted


@pytest.mark.parametrize("style", ["pandas", "polars"])
def test_no_value_of_a_row_reaches_any_view(style):
    """Names, mails, rare values, long numbers, times: none in the metadata, the documents, the pictures, the text.

    A value that three rows or more share is an aggregate; these are of one row each.
    """
    run, found, planted = run_on(style)
    kept = State.from_json(State(run=run, subjects=found.origin).to_json(), trust=False)
    checklist = saved.checklist(kept)
    texts = {name: write(checklist) for name, write in VIEWS.items()}
    texts["metadata"] = json.dumps(kept.to_json())
    texts["figures"] = "".join(svg or "" for svg in figures(checklist))
    texts["unsaved run"] = json.dumps(run.to_json())
    held = {value for value in set(planted) if any(value in text for text in texts.values())}
    guilty = [f.check for f in run if any(value in json.dumps(f.to_json()) for value in held)]

    assert held == set(), guilty


SECRETS = {
    "aws": "AKIA" + "QYLPMN5HDZ3KX7WT",
    "aws_secret": "9cVtq8Zk2LmXn4Rb7Wd1Ys6Pf3Hg5Jk0QzTbUeAo",
    "github": "ghp_" + "a8Kq2ZpL9xVb3Nm7Tw4Yc6Rd1Hs5Jf0Gu2Qe",
    "openai": "sk-proj-" + "T3BlbkFJx8Zq2LmV9nR4bW7dY1sP6fH3gJ5kQ0aUeZ",
    "slack": "xoxb-" + "210987654321-210987654322-kQ8ZpLmXnRbWdYsPfHgJkQzT",
    "password": "hunter2-Tr0ub4dor&3x",
    "url": "Zx9!kQ27pLm",
    "private": "MIIEpAIBAAKCAQEAx8Zq2LmV9nR4bW7dY1sP6fH3gJ5kQ0aUeZ",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
}
CELL = f"""
import boto3
AWS_ACCESS_KEY_ID = "{SECRETS["aws"]}"
aws_secret_access_key = "{SECRETS["aws_secret"]}"
token = "{SECRETS["github"]}"
client = OpenAI(api_key="{SECRETS["openai"]}")
headers = {{"Authorization": "Bearer {SECRETS["jwt"]}"}}
SLACK_TOKEN = '{SECRETS["slack"]}'
password = "{SECRETS["password"]}"
engine = create_engine("postgresql://admin:{SECRETS["url"]}@db.internal:5432/prod")
key = '''-----BEGIN RSA PRIVATE KEY-----
{SECRETS["private"]}
-----END RSA PRIVATE KEY-----'''
model.fit(X_train, y_train)
"""


def test_no_secret_of_a_cell_or_a_file_is_told_whole(tmp_path):
    """Whatever a scanner finds in code, in outputs, in the project's files: at most a masked part of it is said."""
    (tmp_path / ".env").write_text("\n".join(f"{k.upper()}={v}" for k, v in SECRETS.items()))
    (tmp_path / "settings.py").write_text(CELL)
    output = {"output_type": "stream", "name": "stdout", "text": [f"{v}\n" for v in SECRETS.values()]}
    cell = {"cell_type": "code", "id": "c1", "metadata": {}, "source": CELL, "execution_count": 1, "outputs": [output]}
    (tmp_path / "nb.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    found = whole(KINDS["pandas_pipeline"](), tmp_path)
    cells = (Cell(number=1, source=CELL, execution_count=1, cell_id="c1"),)
    found = type(found)(
        **{**vars(found), "cells": cells, "namespace": {"token": SECRETS["github"], "config": dict(SECRETS)}}
    )
    run = runner.run(found, load_checks(), config=Config(budget_seconds=3.0))
    checklist = saved.checklist(State(run=run))
    texts = {name: write(checklist) for name, write in VIEWS.items()}
    told = {name: [v for v, text in texts.items() if secret in text] for name, secret in SECRETS.items()}
    middles = {name: secret[6:-4] for name, secret in SECRETS.items() if len(secret) > 16}
    parts = {name: middle for name, middle in middles.items() if middle in texts["json"]}

    assert {name: where for name, where in told.items() if where} == {}
    assert parts == {}
