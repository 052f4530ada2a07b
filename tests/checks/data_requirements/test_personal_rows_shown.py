"""A head() of people; the twin of cars; no outputs."""

import pandas as pd

from mlready_nb.finding import Outcome
from mlready_nb.testing import find
from tests.checks.shown import notebook

PEOPLE = pd.DataFrame(
    {"Name": ["Braund, Mr. Owen", "Heikkinen, Miss. Laina"], "Sex": ["male", "female"], "Fare": [7.25, 7.9]}
)
CARS = PEOPLE.rename(columns={"Sex": "fuel"})


def test_rows_of_people_warn_with_the_columns_named():
    """As HTML and as printed text; the remedy drops the column."""
    for shown in (PEOPLE.to_html(), str(PEOPLE)):
        finding = find("personal-rows-shown", notebook=notebook(("import pandas", ""), ("df.head()", shown)))
        assert finding.outcome is Outcome.WARN, shown
        assert finding.where.cell == 2
        assert "'Name'" in finding.remedy
        assert "Braund" not in finding.message


def test_rows_of_things_and_summaries_are_quiet():
    """Cars have names too; describe() and dtypes show nobody."""
    quiet = [
        CARS.to_html(),
        PEOPLE.describe(include="all").to_html(),
        str(PEOPLE.dtypes),
        PEOPLE.drop(columns="Name").to_html(),
    ]
    finding = find("personal-rows-shown", notebook=notebook(*(("df", q) for q in quiet)))

    assert finding.outcome is Outcome.PASS


def test_a_notebook_without_outputs_has_nothing_to_show():
    """Stripped files do not count as looked at."""
    assert find("personal-rows-shown", notebook=notebook(("df", ""))).outcome is Outcome.NOT_APPLICABLE
