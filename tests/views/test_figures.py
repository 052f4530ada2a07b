"""Drawings: readable whatever the data, and matplotlib is left as it was."""

import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree as ET

import pytest

from mlready_nb.finding import Estimate, Table
from mlready_nb.views.figures import figure_png, figure_svg


def e(value, low=None, high=None):
    """An estimate."""
    return Estimate(value=value, low=low, high=high)


LONG = tuple(f"a very long name of a class, number {i}" for i in range(20))
DRAWN = {
    "confusion": Table(title="C", columns=("true", "a", "b"), rows=(("a", 3, 1), ("b", 0, 0)), chart="confusion"),
    "many": Table(title="C", columns=("true", *LONG), rows=tuple((n, *range(20)) for n in LONG), chart="confusion"),
    "bars": Table(title="B", columns=("c", "v"), rows=(("a", 2.0), ("b", math.nan), ("c", -1.0)), chart="bars"),
    "one bar": Table(title="B", columns=("c", "v"), rows=(("a", 0.0),), chart="bars"),
    "intervals": Table(title="I", columns=("g", "r", "n"), rows=(("a", e(0.5, 0.4, 0.6), 9), ("b", None, 0), ("c", e(math.nan), 1)), chart="intervals"),
    "three columns": Table(title="I", columns=("g", "v", "low", "high"), rows=(("a", 0.5, 0.4, 0.6),), chart="intervals"),
    "curve": Table(title="R", columns=("x", "y", "z"), rows=((0.0, e(0.1, 0.0, 0.2), 0), (1.0, e(0.9, 0.8, 1.0), None)), chart="curve"),
    "formula": Table(title="$\\frac{1", columns=("c", "$x_$"), rows=(("$\\alpha_{$", 1.0), ("<&\x00\u202e", 2.0), ("", 1.0)), chart="bars"),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_each_chart_is_drawn(name):
    """As PNG, and as well-formed SVG that runs nothing, in both modes and differing."""
    light, dark = figure_svg(DRAWN[name]), figure_svg(DRAWN[name], dark=True)
    for svg in (light, dark):
        tags = {node.tag.rpartition("}")[2] for node in ET.fromstring(svg).iter()}
        assert not tags & {"script", "foreignObject", "a"}
    assert light != dark
    png = figure_png(DRAWN[name])
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert 200 < width < 2500
    assert 100 < height < 2500


@pytest.mark.parametrize(
    "table",
    [
        Table(title="T", columns=("a", "b"), rows=(("x", 1.0),)),
        Table(title="T", columns=("a", "b"), rows=(("x", 1.0),), chart="pie"),
        Table(title="T", columns=("a", "b"), rows=(), chart="bars"),
        Table(title="T", columns=("a", "b"), rows=(("x", math.nan),), chart="bars"),
        Table(title="T", columns=("a",), rows=(("x",),), chart="bars"),
        Table(title="T", columns=("a",), rows=(("x",),), chart="confusion"),
        Table(title="T", columns=("a", "b"), rows=(("x", "y"),), chart="curve"),
        Table(title="T", columns=("a", "b"), rows=(("x", "y"),), chart="intervals"),
        Table(title="T", columns=("a", "b"), rows=(("x", 1), ("y",)), chart="confusion"),
    ],
)
def test_nothing_to_draw_is_none(table):
    """Not an empty frame, not an error."""
    assert figure_svg(table) is None
    assert figure_png(table) is None


def test_matplotlib_is_left_as_it_was():
    """No pyplot, no backend, no setting; a user's settings do not spoil the drawing."""
    code = """if True:
        import sys, matplotlib
        from mlready_nb.finding import Table
        from mlready_nb.views.figures import figure_png
        matplotlib.RcParams.update(matplotlib.rcParams, {"text.usetex": True, "font.size": 40, "savefig.transparent": True})
        before = {k: matplotlib.rcParams._get(k) for k in matplotlib.rcParams}
        png = figure_png(Table(title="T", columns=("a", "b"), rows=(("$x^", 1.0),), chart="bars"))
        assert png.startswith(b"\\x89PNG"), png[:20]
        assert before == {k: matplotlib.rcParams._get(k) for k in matplotlib.rcParams}
        assert "matplotlib.pyplot" not in sys.modules
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_threads_draw_side_by_side():
    """The panel asks while an export writes."""
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(figure_png, [DRAWN["bars"]] * 4 + [DRAWN["intervals"]] * 4))
    assert len({drawn[0], *drawn[1:4]}) == 1
    assert len(set(drawn)) == 2
