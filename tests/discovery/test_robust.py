"""Whatever stands in a kernel or in a cell: discovery answers, quickly."""

import ast
import time
import types

import numpy as np
import pytest

from mlready_nb.discovery import discover
from mlready_nb.discovery.cells import parse, read
from mlready_nb.subjects import Cell
from tests.discovery.notebook import RAW, SPLIT, XY, look, usual, variables

FIT = "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)"
SCORE = "print(accuracy_score(y_test, clf.predict(X_test)))"


class Proxy:
    """Raises on every look."""

    def __getattribute__(self, name):
        raise RuntimeError(name)


class Liar:
    """Has every attribute."""

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        """Itself."""
        return self


class Slow:
    """Refuses to be counted, compared, printed."""

    def __len__(self):
        raise ValueError

    def __eq__(self, other):
        raise ValueError

    __hash__ = None

    def __repr__(self):
        raise ValueError

    def __bool__(self):
        raise ValueError


ODD = {
    "proxy": Proxy, "liar": Liar, "slow": Slow, "module": lambda: types, "numpy": lambda: np, "class": lambda: Proxy,
    "builtin": lambda: len, "function": lambda: lambda x: x, "large": lambda: 10**400, "text": lambda: "x" * 10**6,
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_odd_objects_change_nothing(kind):
    """Proxies, modules, classes, functions, huge values beside a usual notebook."""
    odd = ODD[kind]()
    found = look(
        RAW, XY, SPLIT, FIT, SCORE, extra={"odd": odd, "X_odd": odd, "y_odd_test": odd, "held": {"m": odd, "l": [odd]}}
    )

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_things_that_contain_themselves():
    """Recursion in containers and objects."""
    ring = []
    ring.append(ring)
    loop = {}
    loop["loop"] = loop
    node = types.SimpleNamespace()
    node.node = node
    found = look(RAW, XY, SPLIT, FIT, SCORE, extra={"ring": ring, "loop": loop, "node": node})

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_functions_that_call_themselves_and_each_other():
    """Following functions ends."""
    found = look(
        RAW, XY, SPLIT,
        "def f(x, k):\n    return x if k == 0 else g(x, k - 1)\ndef g(x, k):\n    return f(f(x, 0), k)\nout = f(X_train, 5)",
        FIT, SCORE,
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


@pytest.mark.parametrize(
    "source",
    [
        "!pip install xgboost", "%matplotlib inline\nimport numpy", "?df", "df.head?", "df??", "x = !ls\nfor f in x:\n    print(f)",
        "files = %sx ls", "%%bash\nls | wc -l", "%%R\nx <- c(1, 2)\nmodel$fit", "%%html\n<b>hi</b>", "def broken(:\n", "print 'old'",
        "\x00", "", "# only a comment", "if True:\n    !ls\nelse:\n    %time 1", "%time clf.fit(X, y)", "lots = " + "(" * 300 + ")" * 300,
        "deep = " + "-" * 5000 + "1", "a = " + "+".join(["1"] * 5000), "x = f(" * 90 + ")" * 90, "match x:\n    case [1, *_]: pass",
        "lambda: (yield)", "async def f():\n    async with a as b:\n        await c", "df.pipe(lambda d: d.assign(k=d.a))", "\ufeffx = 1",
    ],
)  # fmt: skip
def test_cells_of_any_kind(source):
    """Magics, other languages, broken and deep code: passed over, the rest is read."""
    found = look(RAW, XY, SPLIT, FIT, SCORE)
    cells = [*found.subjects.cells[:3], Cell(number=9, source=source), *found.subjects.cells[3:]]
    again = discover(found.subjects.namespace, cells)

    assert variables(again) == usual("clf", "X_train", "y_train", "X_test", "y_test")


@pytest.mark.parametrize(
    "magic",
    [
        "%%time\n{}",
        "%%capture out\n{}",
        "%time {}",
        "%timeit {}",
        "  {}",
        "# a comment first\n%%time\n{}",
        "%%timeit -n1 -r1\n{}",
        "%%prun\n{}",
    ],
)
def test_code_behind_a_magic_is_read(magic):
    """`%time clf.fit(...)` and `%%time` are Python."""
    story = read([Cell(number=1, source=magic.format("clf.fit(A, b)"))])

    assert [(u.kind, u.model, u.X, u.y) for u in story.uses] == [("fit", "clf", "A", "b")]


def test_lines_stay_where_they_are():
    """A magic above does not shift the line that a message names."""
    (use,) = read([Cell(number=4, source="%matplotlib inline\n!ls\n\nclf.fit(A, b)")]).uses

    assert (use.cell, use.line) == (4, 4)


def test_a_modulo_at_the_start_of_a_line_is_no_magic():
    """A line that begins with a percent sign can be Python."""
    tree = parse("x = (7\n% 3)\nclf.fit(A, b)")

    assert isinstance(tree, ast.Module)
    assert len(tree.body) == 2


def test_nothing_at_all():
    """An empty kernel gives an empty answer."""
    found = discover({}, ())

    assert found.subjects.present() == ()
    assert found.questions == ()


def test_the_users_objects_are_left_alone():
    """Random state and data are as before."""
    found = look(RAW, XY, SPLIT, FIT, SCORE)
    namespace = found.subjects.namespace
    before = namespace["X_test"].copy(), namespace["rng"].bit_generator.state, np.random.get_state()[1].copy()
    discover(namespace, found.subjects.cells)

    assert namespace["X_test"].equals(before[0])
    assert namespace["rng"].bit_generator.state == before[1]
    assert (np.random.get_state()[1] == before[2]).all()


def test_three_hundred_cells_are_read_in_a_moment():
    """A long notebook with many variables: below 100 ms of processor time."""
    found = look(RAW, XY, SPLIT, FIT, SCORE)
    extra = "\n".join(
        f"part_{{0}}_{j} = df[['tenure', 'charges']].assign(k={j}).groupby('tenure').agg({{{{'k': 'mean'}}}}).reset_index()"
        for j in range(4)
    )
    step = (
        extra
        + "\nplt.plot(part_{0}_1['tenure'], part_{0}_1['k'], label='n {0}')\nscore_{0} = accuracy_score(y_test, clf.predict(X_test))"
    )
    cells = [*found.subjects.cells, *(Cell(number=6 + i, source=step.format(i)) for i in range(300))]
    namespace = {**found.subjects.namespace, **{f"part_{i}": found.subjects.namespace["df"] for i in range(300)}}
    discover(namespace, cells)
    took = []
    for _ in range(3):
        began = time.process_time()
        again = discover(namespace, cells)
        took.append(time.process_time() - began)

    assert variables(again) == usual("clf", "X_train", "y_train", "X_test", "y_test")
    assert min(took) < 0.1, took
