"""Simulated data, as every tutorial has them: a label drawn around a column is no leak of that column."""

import pytest

from mlready_nb.leakage.cells import witness
from mlready_nb.subjects import Cell

HEAD = """
import numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
rng = np.random.default_rng(0)
n = 600
"""
TAIL = """
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
clf = LogisticRegression().fit(Xa, ya)
clf.score(Xb, yb)
"""

HONEST = {
    "noise added": "X = pd.DataFrame(rng.normal(size=(n, 3)), columns=list('abc'))\n"
    "y = (X['a'] + rng.normal(scale=.5, size=n) > 0).astype(int)",
    "a column of the table": "df = pd.DataFrame(rng.normal(size=(n, 3)), columns=list('abc'))\n"
    "df['y'] = (df['a'] + rng.normal(scale=.5, size=n) > 0).astype(int)\nX = df.drop(columns='y'); y = df['y']",
    "arrays": "X = rng.normal(size=(n, 3)); y = (X[:, 0] + 0.5 * rng.normal(size=n) > 0).astype(int)",
    "drawn by a probability": "df = pd.DataFrame({'income': rng.lognormal(size=n), 'age': rng.integers(18, 80, n)})\n"
    "p = 1 / (1 + np.exp(-(df['income'] - 1)))\ndf['default'] = (rng.random(n) < p).astype(int)\n"
    "X = df[['income', 'age']]; y = df['default']",
    "np.where": "X = pd.DataFrame({'income': rng.lognormal(size=n), 'age': rng.integers(18, 80, n)})\n"
    "y = np.where(X.income + rng.normal(size=n) > 1.5, 1, 0)",
    "a function": "def make(n):\n    X = pd.DataFrame(rng.normal(size=(n, 4)), columns=list('abcd'))\n"
    "    return X, (X['a'] - X['b'] + rng.normal(0, 1, n) > 0).astype(int)\nX, y = make(800)",
    "cut at the median": "X = pd.DataFrame(rng.normal(size=(n, 3)), columns=list('abc'))\n"
    "score = 1.2 * X['a'] + rng.normal(scale=.6, size=len(X))\ny = (score > score.median()).astype(int)",
}


@pytest.mark.parametrize("made", HONEST.values(), ids=HONEST)
def test_a_label_drawn_around_a_column_is_no_proxy(made):
    """The noise is what the model cannot know."""
    assert witness((Cell(number=1, source=HEAD + made + TAIL),)) == ()


def test_the_label_itself_among_simulated_features_is():
    """The same data, with the label's own column left in."""
    source = HEAD + HONEST["a column of the table"].replace("df.drop(columns='y')", "df.copy()") + TAIL
    (found,) = witness((Cell(number=1, source=source),))

    assert found.kind == "target_proxy"
