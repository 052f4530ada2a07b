"""A key in code, in an output, in both; the twin that reads it from outside; a kernel without cells."""

import json

from mlready_nb.finding import Outcome
from mlready_nb.testing import find, findings
from tests.checks.shown import cells, notebook

KEY = "ghp_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA2bC5"
CLEAN = 'import os\nkey = os.environ["GITHUB_TOKEN"]'


def test_a_key_in_code_is_named_with_its_line_and_never_shown():
    """Cell 2, line 2; the finding may be published."""
    finding = find("hardcoded-credentials", cells=cells("x = 1", f"import os\nkey = '{KEY}'"))

    assert finding.outcome is Outcome.FAIL
    assert (finding.where.cell, finding.where.line) == (2, 2)
    assert KEY not in json.dumps(finding.to_json())
    assert KEY[:12] not in json.dumps(finding.to_json())


def test_a_key_in_an_output_is_found():
    """The code is clean, what it printed is not."""
    finding = find("hardcoded-credentials", cells=cells(CLEAN), notebook=notebook((CLEAN + "\nprint(key)", KEY)))

    assert finding.outcome is Outcome.FAIL
    assert "output of cell 1" in finding.message


def test_many_places_are_counted():
    """Ten are listed, the rest is a number."""
    sources = [f"password = 'Ab{n}!xyz{n}Q'" for n in range(14)]
    found = findings("hardcoded-credentials", cells=cells(*sources))

    assert len(found) == 11
    assert "4 more" in found[-1].message


def test_the_clean_twin_is_quiet():
    """Keys from the environment, hashes and pictures in outputs."""
    picture = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAAB" * 40
    finding = find(
        "hardcoded-credentials",
        cells=cells(CLEAN),
        notebook=notebook((CLEAN, f'<img src="{picture}"> 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b')),
    )

    assert finding.outcome is Outcome.PASS


def test_without_cells_it_does_not_run():
    """It says what it waits for."""
    finding = find("hardcoded-credentials")

    assert finding.outcome is Outcome.NOT_RUN
    assert "cells" in finding.message
