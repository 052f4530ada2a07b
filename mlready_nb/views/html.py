"""HTML that stands alone: the report of a checklist, and a run as a notebook cell shows it. No script in either."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from mlready_nb.checklist import RAISED, Checklist, Entry
from mlready_nb.finding import Finding, Run, Table
from mlready_nb.views.payload import gate_reason
from mlready_nb.views.text import READ
from mlready_nb.views.todo import origin, things_to_do
from mlready_nb.views.words import FLAG, GATE, STATUS, clean, measure, shape


@cache
def _templates() -> Any:
    """Jinja2 escapes every text, whoever wrote it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("mlready_nb.views"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    env.filters.update(measure=lambda v: clean(measure(v)), shape=shape, clean=clean, place=_place, drawing=_drawing)
    env.globals.update(
        status=lambda s: STATUS[str(s)], flag=lambda s: FLAG[s], origin=origin, things_to_do=things_to_do
    )
    return env


def report_html(checklist: Checklist) -> str:
    """One file to mail: verdict, red flags, what to do, every item with its evidence and figures."""
    areas = [
        (area, entries, checklist.progress(area.key))
        for area in checklist.catalogue.areas
        if (entries := checklist.area(area.key))
    ]
    return str(
        _templates()
        .get_template("report.html.j2")
        .render(
            checklist=checklist,
            gate=GATE[checklist.gate],
            reason=gate_reason(checklist),
            progress=checklist.progress(),
            raised=[f for f in checklist.red_flags if f.status == RAISED],
            areas=areas,
            message=_message,
            run=checklist.run,
        )
    )


def run_html(run: Run) -> str:
    """The findings of a run, worst first, as a small table."""
    findings = sorted(run, key=lambda f: (READ.index(f.outcome), f.check))
    return str(_templates().get_template("run.html.j2").render(run=run, findings=findings))


def _message(entry: Entry) -> str:
    return clean(entry.message)


def _place(finding: Finding) -> str:
    where = finding.where
    if where is None or where.cell is None:
        return ""
    return f"cell {where.cell}" + (f", line {where.line}" if where.line else "")


def _drawing(table: Table) -> str | None:
    """The table's figure as a data address: inside an `img` nothing of it can run."""
    from mlready_nb.views.figures import figure_svg

    if table.chart is None:
        return None
    svg = figure_svg(table)
    return None if svg is None else "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
