"""Order of execution, cells that run again, looks at the test set, messages, and what must never break it."""

from __future__ import annotations

import time

import pytest

from mlready_nb.finding import Strength
from mlready_nb.leakage.cells import looks, witness
from mlready_nb.leakage.evidence import Kind, Witness
from mlready_nb.subjects import Cell

IMPORTS = """import pandas as pd
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
df = pd.read_csv("a.csv")
X, y = df.drop(columns="y"), df["y"]"""
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"
FIT = "clf = LogisticRegression().fit(X_train, y_train)"
SCORE = "print(clf.score(X_test, y_test))"
SCALE = "X = StandardScaler().fit_transform(X)"


def _cells(*sources, numbers=None):
    return [Cell(number=n, source=s) for n, s in zip(numbers or range(1, len(sources) + 1), sources, strict=True)]


def test_order_of_execution_decides():
    """A scaler fitted on all rows after the split and the score is no leak; run before the split, it is."""
    assert witness(_cells(IMPORTS, SPLIT, FIT, SCORE, SCALE)) == ()
    found = witness(_cells(IMPORTS, SCALE, SPLIT, FIT, SCORE, numbers=[1, 5, 2, 3, 4]))
    assert [(e.kind, e.place.cell) for e in found] == [(Kind.PREPROCESSING, 5)]


def test_a_cell_that_was_mended_and_run_again_is_clean():
    """The fault of an earlier run of the same cells is forgotten once they ran again without it."""
    first = [*_cells(IMPORTS, SCALE, SPLIT, FIT, SCORE)]
    again = _cells(IMPORTS, "pass", SPLIT, FIT, SCORE)
    assert witness(first)
    assert witness([*first, *again]) == ()


def test_a_cell_that_was_spoiled_and_run_again_is_found():
    """The latest source of a cell counts."""
    first = _cells(IMPORTS, "pass", SPLIT, FIT, SCORE)
    again = _cells(SCALE, SPLIT, FIT, SCORE, numbers=[2, 3, 4, 5])
    assert [(e.kind, e.place.cell) for e in witness([*first, *again])] == [(Kind.PREPROCESSING, 2)]


def test_evidence_says_what_the_others_need():
    """Kind, witness, strength, both places, names and a remedy with the notebook's own names."""
    (found,) = witness(_cells(IMPORTS, "sc = StandardScaler()\nX = sc.fit_transform(X)", SPLIT, FIT, SCORE))
    assert found.witness is Witness.CELLS
    assert found.strength is Strength.PROVEN
    assert (found.place.cell, found.place.line) == (2, 2)
    assert (found.split.cell, found.split.line) == (3, 1)
    assert "sc" in found.variables
    assert found.message.startswith("StandardScaler was fitted on X in cell 2, before the split in cell 3")
    assert "make_pipeline(StandardScaler(), clf)" in found.remedy


def test_looks_are_counted_with_their_cells():
    """Each score on the test set counts, also that of a cell that ran again; scores on training rows do not."""
    cells = _cells(
        IMPORTS, SPLIT, FIT, SCORE, "clf.score(X_train, y_train)", SCORE, SCORE, numbers=[1, 2, 3, 4, 5, 6, 4]
    )
    said = looks(cells)
    assert said.count == 3
    assert str(said) == "looked at 3 times: cells 4, 6"
    assert str(looks(_cells(IMPORTS, SPLIT, FIT))) == "the test set was not looked at"


def test_validation_scores_are_no_looks_at_the_test_set():
    """A part that is scored before another, final one is for choosing."""
    cells = _cells(
        IMPORTS,
        SPLIT,
        "X_a, X_v, y_a, y_v = train_test_split(X_train, y_train, random_state=1)\nclf = LogisticRegression().fit(X_a, y_a)",
        "clf.score(X_v, y_v)",
        SCORE,
    )
    assert looks(cells).cells == (5,)


def test_places_know_the_cells_id():
    """A view can jump to the cell."""
    cells = [
        Cell(number=c.number, source=c.source, cell_id=f"id-{c.number}")
        for c in _cells(IMPORTS, SCALE, SPLIT, FIT, SCORE)
    ]
    assert witness(cells)[0].place.cell_id == "id-2"


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\n!pip install x\nx = !ls\ndf.head?\n",
        "%%bash\nrm -rf /",
        "%%time\nX = StandardScaler().fit_transform(X)",
        "def broken(:\n",
        "",
        "for i in range(10**9): pass",
        "while True:\n    x = 1",
        "def f(n):\n    return f(n - 1)\nf(3)",
        "x = " + "+".join(["1"] * 3000),
        "a.b.c[d](e)[f].g(h=i, **j)",
        "lambda: (yield)",
        "class A(B):\n    @property\n    def x(self): return self.x\nA().x",
        "X = [[1, 2]] * 10**12\nX[0][1:2:3]",
        "match x:\n    case {'a': 1}: y = 2\n    case _: y = 3",
        "async def f():\n    async with a as b:\n        await c",
    ],
)
def test_nothing_breaks_it(source):
    """Magics, broken cells, endless loops and recursion are passed over; the rest is still read."""
    witness(_cells(source))
    found = witness(_cells(source, IMPORTS, SCALE, SPLIT, FIT, SCORE))
    assert any(e.kind is Kind.PREPROCESSING for e in found)


def test_timed_lines_are_read():
    """`%time clf.fit(...)` and `%%time` cells are this notebook's code."""
    found = witness(_cells(IMPORTS, "%%time\n" + SCALE, SPLIT, "%time " + FIT, SCORE))
    assert [(e.place.cell, e.place.line) for e in found] == [(2, 2)]


def test_nothing_of_the_users_is_executed(tmp_path):
    """A cell that would write a file writes none."""
    spot = tmp_path / "written"
    witness(_cells(f"open({str(spot)!r}, 'w').write('x')\n__import__('os').system('touch {spot}')"))
    assert not spot.exists()


def test_it_is_quick():
    """Sixty cells, read before, in a fraction of a second."""
    cells = _cells(
        IMPORTS, *[f"df['c{i}'] = df['a'] * {i}\nprint(df['c{i}'].mean())" for i in range(55)], SPLIT, FIT, SCORE
    )
    witness(cells)
    again = [*cells, Cell(number=60, source="clf.predict(X_test)")]
    started = time.perf_counter()
    witness(again)
    assert time.perf_counter() - started < 0.5
