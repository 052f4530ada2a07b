"""Every view there is, by name: what can be shown of a checklist."""

import json

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checklist import Checklist
from mlready_nb.checks.registry import load_checks
from mlready_nb.views import github, payload
from mlready_nb.views.card import model_card
from mlready_nb.views.export import TEXTS
from mlready_nb.views.figures import figure_svg
from mlready_nb.views.html import run_html
from mlready_nb.views.junit import junit
from mlready_nb.views.sarif import sarif
from mlready_nb.views.snapshot import snapshot_html
from mlready_nb.views.text import run_text, status_text

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": ["x = 1\n", "y = 2"]}], "nbformat": 4}, indent=1)
CHECKS = load_checks()
CATALOGUE = load_catalogue()


def _details(checklist: Checklist):
    checks = {c.name: c for c in CHECKS}
    return json.dumps([payload.detail(checklist, e.item.code, checks, {}) for e in checklist.entries])


#: name -> checklist -> text
VIEWS = {
    **TEXTS,
    "status": status_text,
    "snapshot": snapshot_html,
    "live": lambda c: json.dumps(payload.live(c)),
    "details": _details,
    "run text": lambda c: run_text(c.run) if c.run else "",
    "run html": lambda c: run_html(c.run) if c.run else "",
    "frame": lambda c: c.run.to_frame().to_csv() if c.run else "",
    "sarif": lambda c: json.dumps(sarif(c, CHECKS, uri="nb.ipynb", text=NOTEBOOK)),
    "junit": lambda c: junit(c, c.gate),
    "github": lambda c: github.workflow_commands(c, uri="nb.ipynb", text=NOTEBOOK) + github.summary(c),
}


def figures(checklist: Checklist):
    """Each figure's drawing."""
    tables = [t for f in checklist.run or () for t in f.tables]
    return [figure_svg(t) for t in tables] + [figure_svg(f.table) for f in model_card(checklist).figures()]
