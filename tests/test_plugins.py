"""A plug-in that is installed for real, and broken ones: a check, an item, a derived subject; one line for what fails."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = Path(__file__).parent / "plugin_example"

RUN = """
import json, pandas as pd
import mlready_nb
from mlready_nb.rules import rules_of
from mlready_nb.views.text import status_text, explain_text
from mlready_nb.session import Session
from pathlib import Path
X = pd.DataFrame({"b": [1, 2, 3], "a": [3, 4, 5]})
run = mlready_nb.check(X_train=X, only=["column-order-agreed"])
session = Session(lambda: {"X_train": X})
session.use({"X_train": "X_train"})
session.check(["HSE-01"])
entry = session.checklist()["HSE-01"]
print(json.dumps({
    "outcome": run["column-order-agreed"].outcome, "message": run["column-order-agreed"].message,
    "status": entry.status, "points": [p.status for p in entry.points], "based_on": run.findings[0].based_on,
    "explain": explain_text("HSE-01", session.catalogue, session.checks), "notices": session.rules.notices,
}))
"""


def python(code, *paths):
    """Run code in a fresh interpreter that sees these folders; what it prints last, as JSON."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *paths)))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The example, built and installed by pip into a folder of its own, without a network."""
    target = tmp_path_factory.mktemp("plugin")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index",
               "--disable-pip-version-check", "--target", str(target), str(EXAMPLE)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return target


def test_an_installed_plug_in_brings_a_check_an_item_and_a_subject(installed):
    """It runs on live data, its item is on the list, a person's half of it stays open, and explain prints its manual."""
    said = json.loads(python(RUN, installed))

    assert said["outcome"] == "warn"
    assert "2 of 2 columns are out of place" in said["message"]
    assert said["status"] == "warn"
    assert said["points"] == ["warn", "open"]
    assert said["based_on"] == ["X_train"]
    assert "Columns stand in the agreed order" in said["explain"]
    assert said["notices"] == []


def test_without_it_nothing_of_it_is_there():
    """The same interpreter without the folder."""
    said = python(
        "from mlready_nb.rules import rules_of; from pathlib import Path; print('HSE-01' in rules_of(Path('.')).catalogue)"
    )

    assert said.strip() == "False"


BROKEN = {
    "mlready_nb.checks": {
        "no_module": "there_is_no_such_module:checks",
        "raises": "broken_rules:raises",
        "leaves": "broken_rules:leaves",
        "odd": "broken_rules:odd",
        "twice": "broken_rules:twice",
    },
    "mlready_nb.catalogues": {
        "bad_area": "broken_rules:BAD_AREA",
        "no_toml": "broken_rules:NO_TOML",
        "taken": "broken_rules:TAKEN",
    },
    "mlready_nb.subjects": {
        "y_pred": "broken_rules:subject",
        "strange": "broken_rules:strange",
        "number": "broken_rules:NUMBER",
    },
}

MODULE = """
from mlready_nb.checks.data_quality.missing_values import missing_values
def raises(): raise RuntimeError("out of order\\nsecond line")
def leaves(): raise SystemExit(3)
def odd(): return ["no check"]
def twice():
    from dataclasses import replace
    return [replace(missing_values)]
BAD_AREA = {"items": [{"area": "stage-9", "code": "X-01"}]}
NO_TOML = "items = ["
TAKEN = {"items": [{"area": "stage-1", "code": "BUS-01", "title": "T", "severity": "must", "why": "W."}]}
NUMBER = 7
def subject(X_train): return 1
def strange(no_such_subject): return 1
"""


def test_broken_plug_ins_cost_one_line_each(tmp_path):
    """Eleven ways to be broken: eleven lines in the status, no traceback, and our own checks are all there."""
    (tmp_path / "broken_rules.py").write_text(MODULE)
    info = tmp_path / "broken_rules-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-rules\nVersion: 0.1\n")
    points = "\n".join(f"[{g}]\n" + "\n".join(f"{k} = {v}" for k, v in p.items()) for g, p in BROKEN.items())
    (info / "entry_points.txt").write_text(points)
    said = python(
        "from mlready_nb.session import Session; from mlready_nb.views.text import status_text\n"
        "s = Session(); print(len(s.checks)); print(len(s.catalogue._items)); print(status_text(s.checklist()))\n"
        "from mlready_nb.views.report import report; print(len(report(s.checklist())['notices']))",
        tmp_path,
    )
    lines = said.splitlines()

    from mlready_nb.catalogue import load_catalogue
    from mlready_nb.checks.registry import load_checks

    assert int(lines[0]) == len(load_checks())
    assert int(lines[1]) == len(list(load_catalogue().items()))
    assert int(lines[-1]) == 11
    for names in BROKEN.values():
        for name in names:
            assert f"the plug-in '{name}' of broken-rules" in " ".join(said.split())
