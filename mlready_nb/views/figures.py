"""Drawings of a finding's tables: a `Table.chart` in, an SVG or a PNG out.

Only `matplotlib.figure.Figure` on an Agg canvas: no pyplot, no backend, no rcParams. What a user has set there (fonts,
TeX, colours) is overridden text by text, so that labels are never read as formulas.
"""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mlready_nb.finding import Estimate, Measure, Table
from mlready_nb.views.document import visible
from mlready_nb.views.words import measure, number

#: Bars and intervals in one drawing; the table has the rest.
ROWS = 24
#: Letters of a label.
LONGEST = 24
#: Panels beside one another.
PANELS = 4

#: Matplotlib's font cache is shared by all threads.
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Ink:
    """Colours after Okabe & Ito (2008): told apart by colour-blind eyes."""

    text: str
    faint: str
    grid: str
    main: str
    second: str
    #: of the ground under a transparent picture
    ground: str


LIGHT = _Ink("#222222", "#666666", "#dddddd", "#0072b2", "#d55e00", "#ffffff")
DARK = _Ink("#e6e6e6", "#a8a8a8", "#444444", "#56b4e9", "#e69f00", "#1e1e1e")


def figure_svg(table: Table, *, dark: bool = False) -> str | None:
    """The drawing as SVG on a transparent ground; `None` when the table has none."""
    made = _drawn(table, DARK if dark else LIGHT, "svg", transparent=True)
    return made.decode() if made is not None else None


def figure_png(table: Table) -> bytes | None:
    """The drawing as PNG on white; `None` when the table has none."""
    return _drawn(table, LIGHT, "png", transparent=False)


def _drawn(table: Table, ink: _Ink, form: str, *, transparent: bool) -> bytes | None:
    draw = _CHARTS.get(table.chart or "")
    if draw is None or not table.rows or len({len(table.columns), *map(len, table.rows)}) > 1:
        return None
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _LOCK:
        figure = Figure()
        figure.set_layout_engine("none")
        FigureCanvasAgg(figure)
        if not draw(figure, table, ink):
            return None
        _plain(figure, ink)
        out = io.BytesIO()
        ground = "none" if transparent else ink.ground
        # "tight" takes in labels of any length
        figure.savefig(
            out,
            format=form,
            dpi=150 if form == "png" else 72,
            facecolor=ground,
            edgecolor="none",
            transparent=transparent,
            bbox_inches="tight",
            pad_inches=0.08,
            metadata={"Date": None} if form == "svg" else {"Software": "mlready-nb"},
        )
        return out.getvalue()


def _plain(figure: Any, ink: _Ink) -> None:
    """Every text in our own font and ink, and none of them read as TeX or as a formula."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_parse_math(False)
        text.set_usetex(False)
        text.set_fontfamily("DejaVu Sans")
        if text.get_color() == "auto" or text.get_gid() != "own":
            text.set_color(ink.text)


# -- the charts -------------------------------------------------------------------
def _confusion(figure: Any, table: Table, ink: _Ink) -> bool:
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap

    counts = np.array([[_number(c) for c in row[1:]] for row in table.rows], dtype=float)
    if counts.ndim != 2 or counts.size == 0:
        return False
    true = [_label(row[0]) for row in table.rows]
    predicted = [_label(c) for c in table.columns[1:]]
    totals = np.nansum(counts, axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    k = max(counts.shape)
    side = min(7.5, max(2.6, 0.62 * k + 0.6))
    figure.set_size_inches(side, side * counts.shape[0] / counts.shape[1])
    axes = figure.add_axes((0, 0, 1, 1))
    colours = LinearSegmentedColormap.from_list("mlready", [ink.ground, ink.main])
    axes.imshow(np.nan_to_num(shares), cmap=colours, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    size = 10 if k <= 6 else 8 if k <= 12 else 6
    for i, j in np.ndindex(*counts.shape):
        if k > 12 and not counts[i, j]:
            continue
        share = f"\n{shares[i, j]:.0%}" if k <= 8 and totals[i] > 0 else ""
        text = axes.text(
            j, i, _short(float(counts[i, j]), k) + share, ha="center", va="center", fontsize=size, gid="own"
        )
        deep = shares[i, j] > (0.6 if ink is DARK else 0.75)
        text.set_color(ink.ground if deep else ink.text)
    _ticks(axes.xaxis, range(counts.shape[1]), predicted, size, turn=max(map(len, predicted)) > 5 or k > 8)
    _ticks(axes.yaxis, range(counts.shape[0]), true, size)
    axes.set_xlabel("predicted", fontsize=9)
    axes.set_ylabel("true", fontsize=9)
    _title(axes, table.title + ": rows, and share of the true class" if k <= 8 else table.title)
    axes.tick_params(length=0, colors=ink.text)
    _frame(axes, ink, ("left", "bottom", "top", "right"))
    axes.grid(visible=False)
    axes.set_facecolor("none")
    return True


def _bars(figure: Any, table: Table, ink: _Ink) -> bool:
    rows = [(_label(r[0]), _number(r[1])) for r in table.rows if len(r) > 1][:ROWS]
    if not any(math.isfinite(v) for _, v in rows):
        return False
    axes = _rows_of(figure, len(rows), 5.2)
    values = [v if math.isfinite(v) else 0.0 for _, v in rows]
    axes.barh(range(len(rows)), values, height=0.68, color=ink.main, linewidth=0)
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    for i, (_, value) in enumerate(rows):
        known = math.isfinite(value)
        end = value if known else 0.0
        left = known and value < 0
        axes.text(
            end + span * (-0.012 if left else 0.012),
            i,
            number(value) if known else "not known",
            va="center",
            ha="right" if left else "left",
            fontsize=8,
        )
    axes.set_xlim(low - (0.16 * span if low < 0 else 0), high + 0.16 * span)
    _finish(axes, [label for label, _ in rows], table.columns[1], ink)
    _title(axes, table.title + _left_out(table, len(rows)))
    if low < 0:
        axes.axvline(0, color=ink.faint, linewidth=0.8)
    return True


def _intervals(figure: Any, table: Table, ink: _Ink) -> bool:
    panels = _panels(table)
    if not panels:
        return False
    labels = [_label(r[0]) for r in table.rows[:ROWS]]
    sizes = _sizes(table)
    if sizes is not None:
        labels = [f"{label}  (n = {n})" for label, n in zip(labels, sizes, strict=True)]
    wide = {1: 5.2, 2: 3.0, 3: 2.3, 4: 1.9}[len(panels)]
    first = None
    for position, (title, estimates) in enumerate(panels):
        axes = _rows_of(figure, len(labels), wide, position, len(panels))
        _interval_panel(axes, estimates[:ROWS], ink)
        _finish(axes, labels if position == 0 else [""] * len(labels), title, ink, count=4 if len(panels) > 2 else 6)
        first = first or axes
    _title(first, table.title + ": 95 % intervals" + _left_out(table, len(labels)))
    return True


def _interval_panel(axes: Any, estimates: Sequence[Estimate | None], ink: _Ink) -> None:
    ends = []
    for i, e in enumerate(estimates):
        if e is None or not math.isfinite(e.value):
            axes.text(0.5, i, "–", transform=axes.get_yaxis_transform(), ha="center", va="center", fontsize=8)
            continue
        low, high = (x if x is not None and math.isfinite(x) else e.value for x in (e.low, e.high))
        axes.plot([low, high], [i, i], color=ink.main, linewidth=2.2, solid_capstyle="butt", marker="", linestyle="-")
        axes.plot([e.value], [i], color=ink.second, marker="o", markersize=5, linestyle="none", markeredgewidth=0)
        ends += [low, high]
    if not ends:
        axes.set_xlim(0, 1)
        return
    low, high = min(ends), max(ends)
    pad = 0.06 * (high - low) or 0.05 * (abs(high) or 1.0)
    inside = low >= 0 and high <= 1
    axes.set_xlim(max(low - pad, -0.02) if inside else low - pad, min(high + pad, 1.02) if inside else high + pad)


def _curve(figure: Any, table: Table, ink: _Ink) -> bool:
    points = [[_number(c) for c in row] for row in table.rows]
    figure.set_size_inches(5.0, 3.4)
    axes = figure.add_axes((0, 0, 1, 1))
    looks = [
        (ink.main, "-", "o"),
        (ink.second, "--", "s"),
        ("#009e73", ":", "^"),
        ("#cc79a7", "-.", "D"),
        (ink.faint, "-", "v"),
    ]
    drawn = 0
    for column, (colour, line, marker) in zip(range(1, len(table.columns)), looks, strict=False):
        seen = [(p[0], p[column]) for p in points if len(p) > column and all(map(math.isfinite, (p[0], p[column])))]
        if not seen:
            continue
        xs, ys = zip(*seen, strict=True)
        axes.plot(
            xs,
            ys,
            color=colour,
            linestyle=line,
            linewidth=1.8,
            marker=marker if len(seen) <= 30 else "",
            markersize=4,
            markeredgewidth=0,
            label=_label(table.columns[column]).lstrip("_") or "y",
        )
        bounds = [
            (p[0], r[column])
            for p, r in zip(points, table.rows, strict=True)
            if len(r) > column and isinstance(r[column], Estimate)
        ]
        band = [(x, e.low, e.high) for x, e in bounds if isinstance(e, Estimate) and None not in (e.low, e.high)]
        if len(band) > 1:
            axes.fill_between(*zip(*band, strict=True), color=colour, alpha=0.15, linewidth=0)
        drawn += 1
    if not drawn:
        return False
    axes.set_xlabel(_label(table.columns[0], 60), fontsize=9)
    if drawn == 1:
        axes.set_ylabel(_label(table.columns[1], 40), fontsize=9)
    else:
        axes.legend(fontsize=8, frameon=False)
    for axis in (axes.xaxis, axes.yaxis):
        _numbers(axis, 6)
    _frame(axes, ink, ("left", "bottom"))
    axes.tick_params(colors=ink.faint, labelsize=8)
    axes.grid(visible=True, color=ink.grid, linewidth=0.6, linestyle="-")
    axes.set_axisbelow(True)
    axes.set_facecolor("none")
    _title(axes, table.title)
    return True


_CHARTS: dict[str, Callable[[Any, Table, _Ink], bool]] = {
    "confusion": _confusion,
    "bars": _bars,
    "intervals": _intervals,
    "curve": _curve,
}


# -- what they share ---------------------------------------------------------------
def _panels(table: Table) -> list[tuple[str, list[Estimate | None]]]:
    """Each column of estimates; or value, low and high in three columns of their own."""
    width = len(table.columns)
    found = []
    for column in range(1, width):
        cells = [row[column] if column < len(row) else None for row in table.rows]
        if any(isinstance(c, Estimate) for c in cells):
            found.append((table.columns[column], [c if isinstance(c, Estimate) else None for c in cells]))
    if not found and width >= 4 and all(len(r) >= 4 for r in table.rows):
        triples = [tuple(map(_number, r[1:4])) for r in table.rows]
        found = [(table.columns[1], [Estimate(value=v, low=low, high=high) for v, low, high in triples])]
    return found[:PANELS]


def _sizes(table: Table) -> list[str] | None:
    if "n" not in table.columns:
        return None
    column = table.columns.index("n")
    return [measure(row[column]) for row in table.rows[:ROWS]]


def _rows_of(figure: Any, rows: int, wide: float, position: int = 0, of: int = 1) -> Any:
    """Axes with room for so many rows, each of the same height however many there are."""
    gap, tall = 0.28, 0.27 * rows + 0.15
    total = of * wide + (of - 1) * gap
    figure.set_size_inches(total, tall)
    axes = figure.add_axes((position * (wide + gap) / total, 0, wide / total, 1))
    axes.set_ylim(rows - 0.5, -0.5)
    return axes


def _finish(axes: Any, labels: Sequence[str], what: str, ink: _Ink, count: int = 6) -> None:
    _ticks(axes.yaxis, range(len(labels)), labels, 9)
    _numbers(axes.xaxis, count)
    axes.set_xlabel(_label(what, 40), fontsize=9)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", colors=ink.faint, labelsize=8, length=3)
    axes.grid(visible=False)
    axes.xaxis.grid(visible=True, color=ink.grid, linewidth=0.6, linestyle="-")
    axes.set_axisbelow(True)
    axes.set_facecolor("none")
    _frame(axes, ink, ("bottom",))


def _frame(axes: Any, ink: _Ink, sides: Sequence[str]) -> None:
    for side, spine in axes.spines.items():
        spine.set_visible(side in sides)
        spine.set_color(ink.grid)
        spine.set_linewidth(0.8)


def _ticks(axis: Any, places: Sequence[int], labels: Sequence[str], size: int, *, turn: bool = False) -> None:
    from matplotlib.ticker import FixedFormatter, FixedLocator

    axis.set_major_locator(FixedLocator(list(places)))
    axis.set_major_formatter(FixedFormatter(list(labels)))
    for text in axis.get_ticklabels():
        text.set_fontsize(size)
        if turn:
            text.set(rotation=40, ha="right", rotation_mode="anchor")


def _numbers(axis: Any, count: int) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=count))
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}" if abs(v) < 1e4 else number(v)))


def _title(axes: Any, text: str) -> None:
    axes.set_title(_label(text, 70), fontsize=10, loc="left", fontweight="bold", pad=8)


def _left_out(table: Table, shown: int) -> str:
    return f" (first {shown} of {len(table.rows)})" if len(table.rows) > shown else ""


def _label(value: Measure, limit: int = LONGEST) -> str:
    text = visible(measure(value) if not isinstance(value, str) else value).strip() or "(empty)"
    head = (limit - 1) * 2 // 3  # names that begin alike often end otherwise
    return text if len(text) <= limit else f"{text[:head]}…{text[head + 1 - limit :]}"


def _number(value: Measure) -> float:
    if isinstance(value, Estimate):
        value = value.value
    return float(value) if isinstance(value, (int, float)) else math.nan


def _short(value: float, k: int) -> str:
    """A count that fits a cell."""
    if not math.isfinite(value):
        return "–"
    return number(value) if k <= 8 or value < 10_000 else f"{value / 1000:.0f}k"
