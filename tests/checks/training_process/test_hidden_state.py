"""Whether the cells alone come to the state of the kernel."""

import pytest

from mlready_nb.finding import Outcome
from mlready_nb.subjects import Cell
from mlready_nb.testing import find


def ran(*steps):
    """(number, source) in the order of execution."""
    return tuple(
        Cell(number=n, source=s, execution_count=i, cell_id=f"c{n}" if n else None) for i, (n, s) in enumerate(steps, 1)
    )


def ask(*steps, namespace=None):
    return find("hidden-state", cells=ran(*steps), namespace=namespace or {"df": 1, "x": 1, "scale": 1, "f": 1})


def test_it_finds_a_name_that_is_defined_below_its_use():
    """Cell 1 ran after cell 2."""
    found = ask((2, "scale = 3"), (1, "x = 2\ny = x * scale"))

    assert found.outcome is Outcome.WARN
    assert "cell 1 uses 'scale', which cell 2 defines below it" in found.message
    assert (found.where.cell, found.where.line) == (1, 2)


@pytest.mark.parametrize(
    "use",
    [
        "y = scale",
        "print(f'{scale}')",
        "z = [i * scale for i in range(3)]",
        "scale += 1",
        "def g(a=scale):\n    return a",
    ],
)
def test_it_finds_a_name_of_a_cell_that_is_gone(use):
    """A deleted cell defined it."""
    found = ask((None, "scale = 3"), (1, "x = 2"), (2, use))

    assert found.outcome is Outcome.WARN
    assert "gone or was changed" in found.message


def test_it_finds_a_cell_that_was_changed_and_run_again_later():
    """What cell 2 shows comes from the old cell 1."""
    found = ask((1, "x = 2"), (2, "y = x * 2"), (1, "x = 5"))

    assert found.outcome is Outcome.WARN
    assert "changed and run again" in found.message


def test_it_finds_a_cell_that_ran_too_late():
    """Cell 1 was inserted above, and run after its user, which took x from a cell that is gone."""
    assert ask((None, "x = 1"), (2, "y = x"), (1, "x = 2")).outcome is Outcome.WARN


CLEAN = [
    (1, "import numpy as np\nfrom pandas import DataFrame as D\n%matplotlib inline"),
    (2, "def f(a):\n    return later(a)\nclass K(object):\n    pass"),
    (3, "def later(a):\n    return a\ntry:\n    x = f(1)\nexcept ValueError as e:\n    print(e)"),
    (
        4,
        "with open('f') as h:\n    text = h.read()\nfor i, (j, k) in enumerate([(1, 2)]):\n    total = i + j\nprint(text, total, i)",
    ),
    (
        5,
        "squares = {n: n**2 for n in range(3) if n}\nname: int = 3\n(walrus := 4)\nprint(walrus, name, squares, __name__)",
    ),
    (6, "x += 1\ng = lambda q: q + x\n!ls\nfiles = !ls\nprint(files)"),
]


def test_it_is_quiet_on_cells_in_order():
    """All the ways to bind a name."""
    found = ask(*CLEAN)

    assert found.outcome is Outcome.PASS, found.message


def test_running_a_cell_again_as_it_was_is_no_fault():
    """Nor what a star import, a magic or the start-up file may have defined."""
    assert ask((1, "x = 2"), (2, "y = x"), (1, "x = 2")).outcome is Outcome.PASS
    assert ask((1, "from numpy import *"), (2, "a = array([1])")).outcome is Outcome.PASS
    assert (
        ask(
            (1, "y = x"),
        ).outcome
        is Outcome.PASS
    )
    assert ask((1, "x = 1"), (2, "y = x"), (None, "z = 5")).outcome is Outcome.PASS


def test_it_needs_cells_whose_place_is_known():
    """None at all; none with a number."""
    assert "cells" in find("hidden-state", namespace={"x": 1}).message
    assert ask((None, "x = 1")).outcome is Outcome.NOT_APPLICABLE
