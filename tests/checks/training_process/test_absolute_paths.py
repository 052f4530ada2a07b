"""Paths of one machine; relative and hosted twins; no cells."""

import pytest

from mlready_nb.finding import Outcome
from mlready_nb.testing import find
from tests.checks.shown import cells


@pytest.mark.parametrize(
    "source",
    [
        "df = pd.read_csv('/home/anna/data/loans.csv')",
        "df = pd.read_csv(r'C:\\Users\\anna\\loans.csv')",
        "root = Path('/Users/anna/work')",
        "!cp /mnt/share/loans.csv .",
        "x = 1\ndf = read('/data/raw/loans.csv')",
    ],
)
def test_a_path_of_one_machine_warns_at_its_line(source):
    """The person's name is not repeated."""
    finding = find("absolute-paths", cells=cells("import pandas as pd", source))

    assert finding.outcome is Outcome.WARN
    assert finding.where.cell == 2
    assert finding.where.line == source.count("\n") + 1
    assert "anna" not in finding.message


@pytest.mark.parametrize(
    "source",
    [
        "df = pd.read_csv('data/loans.csv')",
        "df = pd.read_csv('/content/sample_data/x.csv')",
        "df = pd.read_csv('/kaggle/input/loans/train.csv')",
        "p = '/tmp/cache'\nurl = 'https://host/home/x'",
        "@app.get('/predict')\ndef f(): ...",
        '"""Run it from /home/anna/work"""\nx = 1',
        "app.route('/data/v1')",
        "ratio = 'A:B'",
    ],
)
def test_paths_that_exist_elsewhere_too_are_quiet(source):
    """Relative, hosted, temporary; routes and addresses are no paths."""
    assert find("absolute-paths", cells=cells(source)).outcome is Outcome.PASS


def test_without_cells_it_does_not_run():
    """It says so."""
    assert find("absolute-paths").outcome is Outcome.NOT_RUN
