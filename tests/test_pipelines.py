"""The pre-commit hook and the GitHub workflow, run as their hosts run them."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mlready_nb.finding import Finding, Outcome, Run
from mlready_nb.state import State
from mlready_nb.stores.ipynb import IpynbStore
from tests.notebooks import FIT, LOAD, SCORE, write

ROOT = Path(__file__).parents[1]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


def saved(path, outcome=None):
    """A notebook, with a finding about leakage saved in it or with nothing."""
    write(path, LOAD)
    if outcome is not None:
        finding = Finding(outcome=outcome, message="m", check="row-overlap", items=("DAT-03",))
        IpynbStore(path).save(State(run=Run(findings=(finding,), started="2026-01-01T00:00:00+00:00")))
    return path


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """A folder for PATH in which `mlready` is this tree."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "mlready"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m mlready_nb.cli "$@"\n')
    script.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def hook(tools, folder, *notebooks, args=()):
    """As pre-commit does: the entry, the arguments, the staged files of the type, in the repository's root."""
    command = [*shlex.split(HOOK["entry"]), *args, *(p.name for p in notebooks)]
    return subprocess.run(command, cwd=folder, env=tools, capture_output=True, text=True, check=False)


def test_the_hook_says_what_pre_commit_needs():
    """Its keys, and the type of files that `identify` gives to notebooks."""
    assert {"id", "name", "entry", "language", "types"} <= set(HOOK)
    assert HOOK["types"] == ["jupyter"]
    assert HOOK["language"] == "python"


def test_the_hook_blocks_what_is_not_ready_and_passes_over_what_was_never_checked(tmp_path, tools):
    """Several files in one call, the worst of them decides."""
    bad, fresh = saved(tmp_path / "bad.ipynb", Outcome.FAIL), saved(tmp_path / "fresh.ipynb")
    done = hook(tools, tmp_path, fresh, bad)

    assert done.returncode == 1
    assert "bad.ipynb" in done.stderr
    assert hook(tools, tmp_path, fresh).returncode == 0


def test_what_is_not_known_blocks_unless_it_is_allowed(tmp_path, tools):
    """Exit 3, or 0 with the argument that the file's head names; tampered blocks in any case."""
    passing = saved(tmp_path / "nb.ipynb", Outcome.PASS)
    assert hook(tools, tmp_path, passing).returncode == 3
    assert hook(tools, tmp_path, passing, args=["--allow-unknown"]).returncode == 0
    raw = json.loads(passing.read_text())
    raw["metadata"]["mlready"]["run"]["findings"][0]["message"] = "all is well"
    passing.write_text(json.dumps(raw))
    done = hook(tools, tmp_path, passing, saved(tmp_path / "other.ipynb"), args=["--allow-unknown"])
    assert done.returncode == 2
    assert "edited" in done.stderr


def test_the_workflow_runs_as_it_is_printed(tmp_path, tools):
    """Each of its own commands in a shell, as Actions runs them; the job fails at the gate and nowhere before."""
    write(tmp_path / "loan model.ipynb", LOAD, FIT, SCORE)
    text = subprocess.run(
        ["mlready", "workflow", "loan model.ipynb"], env=tools, capture_output=True, text=True, check=True
    ).stdout
    (job,) = yaml.safe_load(text)["jobs"].values()
    summary = tmp_path / "summary.md"
    codes, said = {}, ""
    for step in job["steps"]:
        if "run" in step and step["name"] != "Install":
            done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=tmp_path, capture_output=True,
                                  text=True, env={**tools, "GITHUB_STEP_SUMMARY": str(summary)}, check=False)  # fmt: skip
            codes[step["name"]] = done.returncode
            said += done.stdout + done.stderr

    assert codes == {"Check": 0, "Documents": 0, "Gate": codes["Gate"]}, said
    assert codes["Gate"] in (1, 3)
    assert summary.read_text().startswith("# ")
    assert json.loads((tmp_path / "mlready.sarif").read_text())["version"] == "2.1.0"
    uploads = [
        s["with"]["path"].split() for s in job["steps"] if s.get("uses", "").startswith("actions/upload-artifact")
    ]
    for name in uploads[0]:
        assert (tmp_path / name).stat().st_size > 0
