"""The score without the leak."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

from mlready_nb.finding import Outcome, Strength
from mlready_nb.leakage import refit
from mlready_nb.leakage.consequence import effect
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.merge import findings
from mlready_nb.subjects import Budget, Task
from tests.leakage.tables import split, subjects, table


def said(kind, **rest):
    return Evidence(kind=kind, witness=Witness.ROWS, message="x", strength=Strength.PROVEN, **rest)


def test_selection_over_noise():
    """A coin-flip label among three thousand columns: chosen over all rows it looks learnt, afterwards it is a coin."""
    r = np.random.default_rng(0)
    X = pd.DataFrame(r.normal(size=(120, 3000))).add_prefix("g")
    y = pd.Series(r.integers(0, 2, 120), name="y")
    best = SelectKBest(k=20)
    a, b, c, d = split(pd.DataFrame(best.fit_transform(X, y), index=X.index), y)
    there = subjects(a, b, c, d, model=LogisticRegression().fit(a, c), genes=X, y=y, best=best)
    (one,) = findings(refit.witness(there, Budget(30)), effect=partial(effect, subjects=there, budget=Budget(30)))
    assert one.kind == "feature_selection"
    assert one.outcome is Outcome.FAIL
    assert one.measured["reported_score"] > 0.7 > one.measured["score_without_leak"].value + 0.05
    assert "without the leak" in one.message


def test_a_scaler_hardly_moves_the_score():
    """Still a leak, and only warned of."""
    X, y = table()
    scaler = StandardScaler()
    a, b, c, d = split(pd.DataFrame(scaler.fit_transform(X), index=X.index), y)
    there = subjects(a, b, c, d, model=LogisticRegression().fit(a, c), X=X, scaler=scaler)
    (one,) = findings(refit.witness(there, Budget(30)), effect=partial(effect, subjects=there, budget=Budget(30)))
    assert one.outcome is Outcome.WARN
    assert abs(one.measured["reported_score"] - one.measured["score_without_leak"].value) <= 0.01


def test_without_the_proxy():
    """The column that is the label, dropped; classes and numbers."""
    X, y = table()
    leaky = X.assign(outcome=y)
    a, b, c, d = split(leaky, y)
    there = subjects(a, b, c, d, model=RandomForestClassifier(20, random_state=0).fit(a, c))
    found = effect([said(Kind.TARGET_PROXY, columns=("outcome",))], there, Budget(30))
    assert found.reported == 1.0
    assert found.moves
    assert found.honest.value < 0.9

    a, b, c, d = split(leaky.assign(cost=X["income"] * 2), X["income"])
    there = subjects(a, b, c, d, model=Ridge().fit(a, c), task=Task.REGRESSION)
    found = effect([said(Kind.TARGET_PROXY, columns=("cost", "income"))], there, Budget(30))
    assert found.metric == "R²"
    assert found.moves


def test_without_the_shared_rows():
    """Test rows that the model has learnt by heart."""
    r = np.random.default_rng(1)
    X, y = pd.DataFrame(r.normal(size=(300, 4))), pd.Series(r.integers(0, 2, 300))
    b, d = pd.concat([X[200:], X[:100]]), pd.concat([y[200:], y[:100]])
    there = subjects(X[:200], b, y[:200], d, model=RandomForestClassifier(30, random_state=0).fit(X[:200], y[:200]))
    found = effect([said(Kind.DUPLICATES)], there, Budget(30))
    assert found.honest.n == 100
    assert found.reported - found.honest.value > 0.1


@pytest.mark.parametrize("kind", [Kind.MULTI_TEST, Kind.TARGET_PROXY])
def test_what_cannot_be_had_is_not_said(kind):
    """No way to undo it, no column named, no time."""
    X, y = table()
    a, b, c, d = split(X, y)
    there = subjects(a, b, c, d, model=LogisticRegression().fit(a[["height"]], c))
    assert effect([said(kind)], there, Budget(30)) is None
    assert effect([said(Kind.TARGET_PROXY, columns=("age",))], there, Budget(0)) is None
