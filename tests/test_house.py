"""The rules of the house: lint, types, floors, a light start, docs that say what the code does."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checks.declare import HEADINGS
from mlready_nb.checks.registry import load_checks

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(sysconfig.get_path("scripts"))


def tool(name, *arguments):
    """Run a development tool of this environment on the repository."""
    command = [str(SCRIPTS / name), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{name} {' '.join(arguments)}\n{done.stdout[-6000:]}{done.stderr[-2000:]}"


def test_lint():
    """Ruff has nothing to say."""
    tool("ruff", "check", ".")


def test_format():
    """Ruff's formatter would change nothing."""
    tool("ruff", "format", "--check", ".")


def test_types():
    """The package passes mypy in strict mode."""
    tool("mypy")


def test_floors():
    """Imports run downward only, and the lower floors know no front end."""
    tool("lint-imports", "--no-cache")


LIGHT = """
import sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
began = time.process_time()
import mlready_nb
mlready_nb.load_ipython_extension(shell)
took = time.process_time() - began
heavy = {"numpy", "pandas", "sklearn", "scipy", "matplotlib", "shap", "narwhals", "anywidget", "ipywidgets", "nbformat"}
print(sorted((set(sys.modules) - before) & heavy), took)
"""


def test_load_ext_imports_nothing_heavy():
    """`%load_ext mlready_nb` above bare IPython: none of the big libraries."""
    said = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert said.startswith("[] "), said


@pytest.mark.parametrize("check", load_checks(), ids=lambda c: c.name)
def test_every_check_is_its_own_manual(check):
    """Four headings, a summary, items that exist, a file of its name, thresholds with defaults."""
    catalogue = load_catalogue()

    assert tuple(check.manual.sections) == HEADINGS
    assert check.manual.summary
    assert all(check.manual.sections.values())
    for code in check.answers:
        assert catalogue.point(code) if "." in code else catalogue[code]
    assert check.func.__module__.rpartition(".")[2] == check.name.replace("-", "_")


def test_no_file_is_too_long():
    """Code files stay below 400 lines; data files and the panel's script may be longer."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "mlready_nb").rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }

    assert not long


def test_ci_runs_the_readme_command_and_nothing_else():
    """The line in .ci/run stands in the README."""
    readme, script = (ROOT / "README.md").read_text(), (ROOT / ".ci" / "run").read_text()
    (line,) = re.findall(r"^python3 .*$", script, flags=re.MULTILINE)

    assert line in readme


def test_the_readme_table_is_printed_from_the_checks():
    """`python -m tests.readme` writes it; here it must be up to date."""
    from mlready_nb.views.text import checks_table

    readme = (ROOT / "README.md").read_text()
    table = re.search(r"<!-- checks -->\n(.*?)<!-- /checks -->", readme, flags=re.DOTALL)

    assert table is not None
    assert table[1].strip() == checks_table(load_checks(), load_catalogue()).strip()


def test_the_table_of_who_decides_what_is_printed_from_the_code():
    """`python tests/readme.py` writes it; every item and sub-bullet stands in it, and a reason where no check can be."""
    from mlready_nb.views.coverage import coverage, coverage_markdown

    rows = coverage(load_catalogue(), load_checks())
    table = (ROOT / "mlready_nb" / "catalogue" / "COVERAGE.md").read_text()

    assert table.strip() == coverage_markdown(rows).strip()
    for row in rows:
        for point in row["points"]:
            assert f"| {point['code']} |" in table
            assert point["checks"] or point["why_human"] or point["by"] != ["human"], point["code"]


def test_the_two_commands_need_nothing_else():
    """The interpreter that runs the tests is of an isolated environment, so a missing dependency shows."""
    if os.environ.get("CI"):
        assert sys.prefix != sys.base_prefix
    assert shutil.which("git")
