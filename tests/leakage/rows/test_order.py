"""The same rows on both sides are honest where the fit on all of them came after the score."""

import pytest

from mlready_nb.session import Session
from mlready_nb.subjects import Cell

DATA = """
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
X, y = make_classification(400, 6, random_state=0)
"""
FIRST = "m = LogisticRegression().fit(X, y)\nfirst = LogisticRegression()\nm.fit(X, y)\nm.predict(X)"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"
SCORE = "m = LogisticRegression()\nm.fit(X_train, y_train)\nprint(m.score(X_test, y_test))"
ALL = "m = LogisticRegression(C=2)\nm.fit(X, y)"
LATE = "print(m.score(X_test, y_test))"
ALIAS = "best = m\nprint(best.score(X_test, y_test))"


@pytest.mark.parametrize(
    ("cells", "honest"),
    [
        ((SPLIT, SCORE, ALL), True),
        ((FIRST, SPLIT, SCORE, ALL), True),
        ((SPLIT, SCORE, ALL, LATE), False),
        ((FIRST, SPLIT, LATE), False),
        ((SPLIT, ALL, ALIAS), False),
    ],
)
def test_the_order_of_fit_and_score_decides(cells, honest):
    """Played with on all rows at first, tested fairly, refitted for release: honest. Scored after that: not."""
    namespace = {}
    sources = (DATA, *cells)
    for source in sources:
        exec(source, namespace)
    del namespace["__builtins__"]
    history = tuple(Cell(number=n, source=s, execution_count=n) for n, s in enumerate(sources, 1))
    run = Session(lambda: namespace, lambda: history).check(["leakage", "row-overlap"])

    assert (run["row-overlap"].outcome == "pass") == honest
    assert (not any(f.kind == "overlap" for f in run)) == honest
