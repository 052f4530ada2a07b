"""`!pip install` with and without versions; no cells."""

import pytest

from mlready_nb.finding import Outcome
from mlready_nb.testing import find
from tests.checks.shown import cells


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("!pip install xgboost", ["xgboost"]),
        ("%pip install -q 'shap>=0.4' pandas==2.2.0", ["shap>=0.4"]),
        ("!{sys.executable} -m pip install lightgbm -U", ["lightgbm"]),
        ("%%bash\nset -e\npip install a \\\n  b==1.0", ["a"]),
        ("!apt-get update && pip install catboost", ["catboost"]),
        ("!conda install -y -c conda-forge lightgbm", ["lightgbm"]),
        ("!pip install git+https://github.com/org/repo", ["git+https://github.com/org/repo"]),
    ],
)
def test_packages_without_a_version_warn(source, names):
    """They are named; pinned ones beside them are not."""
    finding = find("unpinned-installs", cells=cells("x = 1", source))

    assert finding.outcome is Outcome.WARN
    assert finding.where.cell == 2
    assert all(n in finding.message for n in names)
    assert finding.measured["unpinned"] == len(names)


@pytest.mark.parametrize(
    "source",
    [
        "!pip install xgboost==2.1.0 'shap==0.46.0'",
        "%pip install -r requirements.txt",
        "!pip install -e . -q",
        "!pip install -c constraints.txt pandas",
        "!conda install python=3.11.4",
        "!pip install git+https://github.com/org/repo@0a1b2c3d4e",
        "!pip list",
        "# !pip install pandas",
        "print('pip install pandas')",
        "!pip install --upgrade --index-url https://pypi.org/simple torch==2.4.0+cpu",
    ],
)
def test_exact_versions_and_files_are_quiet(source):
    """Nor are remarks and texts read as commands."""
    assert find("unpinned-installs", cells=cells(source)).outcome is Outcome.PASS


def test_without_cells_it_does_not_run():
    """It says so."""
    assert find("unpinned-installs").outcome is Outcome.NOT_RUN
