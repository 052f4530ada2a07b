"""Addresses and numbers of people in outputs; the twin with masks and examples; no notebook."""

from mlready_nb.finding import Outcome
from mlready_nb.testing import find
from tests.checks.shown import cells, notebook
from tests.privacy.test_personal import ACCOUNT, GROUPED

LINES = "0  maria.keller@gmail.com  34\n1  jo.adeyemi@posteo.ng  41\n2  li.wei@qq.cn  28"


def test_addresses_in_an_output_warn():
    """All are counted, neither is shown."""
    finding = find("personal-data-shown", notebook=notebook(("print(df)", LINES)))

    assert finding.outcome is Outcome.WARN
    assert finding.measured["e-mail address"] == 3
    assert "keller" not in finding.message
    assert finding.where.cell == 1
    assert finding.points["DRQ-02.2"] is Outcome.WARN


def test_numbers_with_a_checksum_fail():
    """A card and an account in code."""
    finding = find("personal-data-shown", notebook=notebook((f"pay('{GROUPED}', '{ACCOUNT}')", "")))

    assert finding.outcome is Outcome.FAIL
    assert ACCOUNT not in finding.message


def test_a_table_header_tells_what_a_number_is():
    """Bare sixteen digits under `card_number`, and the same digits under `order`."""
    digits = GROUPED.replace(" ", "")
    table = f"<table><tr><th>card_number</th></tr><tr><td>{digits}</td></tr></table>"

    assert find("personal-data-shown", notebook=notebook(("df", table))).outcome is Outcome.FAIL
    assert (
        find("personal-data-shown", notebook=notebook(("df", table.replace("card_number", "order")))).outcome
        is Outcome.PASS
    )


def test_the_author_and_examples_are_no_finding():
    """One address is the author's or a data set's; example domains are nobody's; a column of addresses is people's."""
    column = "<table><tr><th>email</th></tr><tr><td>maria.keller@gmail.com</td></tr></table>"
    assert find("personal-data-shown", notebook=notebook(("df", column))).outcome is Outcome.WARN
    prose = "Donor: Michael Marshall (MARSHALL%PLU@io.arc.nasa.gov)"
    assert find("personal-data-shown", notebook=notebook(("print(iris.DESCR)", prose))).outcome is Outcome.PASS
    source = "# Author: anna.berg@uni-bonn.de\nsend_to = 'you@example.com'"

    assert (
        find("personal-data-shown", notebook=notebook((source, "sent to you@example.com")), cells=cells(source)).outcome
        is Outcome.PASS
    )


def test_without_a_notebook_it_does_not_run():
    """Plain Python has no file to read."""
    assert find("personal-data-shown").outcome is Outcome.NOT_RUN
