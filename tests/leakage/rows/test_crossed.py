"""Cross-validations without a test set are judged by a fold of the same splitter."""

import numpy as np
import pandas as pd
import pytest

from mlready_nb.leakage.cells import foldings as told
from mlready_nb.leakage.evidence import Kind
from mlready_nb.leakage.rows import crossed
from mlready_nb.subjects import Budget, Cell, Subjects


def people(rng):
    who = np.repeat(np.arange(40), 12)
    trait = rng.normal(size=(40, 4))
    df = pd.DataFrame(trait[who] + rng.normal(scale=0.3, size=(480, 4)), columns=list("abcd"))
    return df.assign(person_id=who, y=rng.integers(0, 2, 40)[who]).sample(frac=1, random_state=0)


def series(rng):
    days = pd.date_range("2022-01-01", periods=500)
    level = 20 * np.sin(np.arange(500) / 40) + rng.normal(scale=1, size=500)
    return pd.DataFrame({"date": days, "a": rng.normal(size=500), "y": level})


def heard(call, df, features):
    names = {"df": df, "X": df[features], "y": df["y"]}
    source = f"import pandas as pd\ndf = pd.read_csv('a.csv')\nX, y = df[{features!r}], df['y']\n{call}"
    cells = (Cell(number=1, source=source),)
    found = crossed.foldings(Subjects(namespace=names, cells=cells), told(cells))
    return [e for one in found for e in crossed.witness(one, Budget())]


IMPORTS = "from sklearn.model_selection import *\nfrom sklearn.linear_model import Ridge\nm = Ridge()\n"
BLIND = [
    "cross_val_score(m, X, y, cv=5)",
    "cross_val_predict(m, X, df['y'])",
    "folds = list(KFold(4, shuffle=True).split(X, y))",
]


@pytest.mark.parametrize("call", BLIND)
def test_folds_that_part_people_are_a_fault_of_groups(call):
    """A splitter that minds no groups is named, with its statement."""
    (one,) = heard(IMPORTS + call, people(np.random.default_rng(0)), list("abcd"))
    assert one.kind is Kind.GROUP
    assert (one.place.cell, one.place.line) == (1, 7)


def test_folds_of_groups_are_quiet():
    """GroupKFold keeps people whole."""
    call = "cross_val_score(m, X, y, groups=df['person_id'], cv=GroupKFold(5))"
    assert heard(IMPORTS + call, people(np.random.default_rng(0)), list("abcd")) == []


def test_shuffled_folds_of_a_series_are_a_fault_of_time():
    """Neighbouring days stand on both sides of a shuffled fold; TimeSeriesSplit is quiet."""
    df = series(np.random.default_rng(1))
    (one,) = heard(IMPORTS + "cross_val_score(m, X, y, cv=KFold(5, shuffle=True, random_state=0))", df, ["a"])
    assert one.kind is Kind.TEMPORAL
    assert heard(IMPORTS + "cross_val_score(m, X, y, cv=TimeSeriesSplit(5))", df, ["a"]) == []


def test_independent_rows_are_quiet():
    """Rows without entity and time may be folded as one likes."""
    rng = np.random.default_rng(2)
    df = pd.DataFrame(rng.normal(size=(400, 3)), columns=list("abc")).assign(y=rng.integers(0, 2, 400))
    assert heard(IMPORTS + "cross_val_score(m, X, y, cv=5)", df, list("abc")) == []
