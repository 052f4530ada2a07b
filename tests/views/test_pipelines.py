"""SARIF, JUnit, GitHub: findings where machines and code hosts look for them."""

import json
from xml.etree.ElementTree import fromstring

import nbformat
import pytest

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checklist import Gate
from mlready_nb.checks.registry import load_checks
from mlready_nb.finding import Place, Run, failed, inconclusive, passed, warned
from mlready_nb.rules import checklist_of
from mlready_nb.state import State
from mlready_nb.views.github import summary, workflow_commands
from mlready_nb.views.junit import junit
from mlready_nb.views.places import file_lines
from mlready_nb.views.sarif import sarif

CELLS = ["import os\n\nx = 1", '# "source": [\nprint("a")', "scaler.fit(X)\nscaler.transform(X)"]
HOSTILE = "<img src=x onerror=1> [a](http://x) | 100%\n::error::\x1b[31m\x00"


@pytest.fixture
def notebook(tmp_path):
    """A notebook whose outputs and texts try to look like source."""
    nb = nbformat.v4.new_notebook()
    nb.cells = [nbformat.v4.new_markdown_cell('say "source": ["x"]')] + [nbformat.v4.new_code_cell(c) for c in CELLS]
    nb.cells[2].outputs = [nbformat.v4.new_output("stream", text='"source": ["no"]\n')]
    path = tmp_path / "n.ipynb"
    nbformat.write(nb, path)
    return path


@pytest.fixture
def checklist():
    """One finding of each sort, the failing one in cell 3."""
    findings = (
        failed(
            "scaled before the split " + HOSTILE, check="leakage", kind="preprocessing", items=("DAT-03",),
            where=Place(cell=3, line=2), remedy="scaler.fit(X_train)",
        ),
        warned("a gap", check="missing-values", items=("DAT-01",)),
        inconclusive("too few rows", check="group-disparity", items=("INT-02",)),
        passed("fine", check="weak-class", items=("EVA-01",)),
    )  # fmt: skip
    run = Run(findings=findings, started="2026-01-02T03:04:05+00:00", seconds=1.5)
    return checklist_of(State(run=run), load_catalogue(), load_checks())


def test_a_line_of_a_cell_is_a_line_of_the_file(notebook):
    """Every source line of every code cell, past markdown, outputs and strings that hold the key's name."""
    text = notebook.read_text()
    lines = text.splitlines()
    found = file_lines(text)

    assert len(found) == sum(len(c.splitlines()) for c in CELLS)
    for (cell, line), at in found.items():
        assert json.dumps(CELLS[cell - 1].splitlines()[line - 1])[1:-1] in lines[at - 1]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"cells": [], "metadata": {"source": []}}'])
def test_another_layout_tells_no_line(text):
    """Nothing is guessed."""
    assert file_lines(text) == {}


def test_sarif(notebook, checklist):
    """What asks for something, at its place, in the form of SARIF 2.1.0."""
    text = notebook.read_text()
    log = sarif(checklist, load_checks(), uri="n.ipynb", text=text)
    (run,) = log["runs"]

    assert log["version"] == "2.1.0"
    assert [r["level"] for r in run["results"]] == ["error", "warning", "note"]
    place = run["results"][0]["locations"][0]
    line = place["physicalLocation"]["region"]["startLine"]
    assert "scaler.transform(X)" in text.splitlines()[line - 1]
    assert place["logicalLocations"][0]["name"] == "cell 3, line 2"
    assert {r["ruleId"] for r in run["results"]} == {r["id"] for r in run["tool"]["driver"]["rules"]}
    assert "\x1b" not in json.dumps(log)


def test_junit(checklist):
    """Valid XML whatever the messages hold, and counts that add up."""
    suite = fromstring(junit(checklist, Gate.NOT_READY)).find("testsuite")

    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "2", "1")
    assert len(suite.findall("testcase")) == 5
    assert len(suite.findall("testcase/failure")) == 2


def test_github(notebook, checklist):
    """A message from data starts no command of its own, and the summary holds no live markup."""
    said = workflow_commands(checklist, uri="a,b:c.ipynb", text=notebook.read_text())

    assert [line.split(" ", 1)[0] for line in said.splitlines()] == ["::error", "::warning", "::notice"]
    assert "file=a%2Cb%3Ac.ipynb,line=" in said.splitlines()[0]
    text = summary(checklist)
    assert "<img" not in text
    assert "[a](" not in text
    assert text.startswith("# ")
    assert text.count("\n| ") == 5
