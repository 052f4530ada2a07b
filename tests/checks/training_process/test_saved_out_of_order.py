"""Execution counts in the file: out of order, left out, in order, stripped."""

from mlready_nb.finding import Outcome
from mlready_nb.testing import find
from tests.checks.shown import notebook

THREE = (("a = 1", ""), ("b = a", ""), ("b", "1"))


def test_out_of_order_and_left_out_cells_warn():
    """The first of them is named."""
    finding = find("saved-out-of-order", notebook=notebook(*THREE, counts=[5, 3, 6]))
    assert finding.outcome is Outcome.WARN
    assert finding.where.cell == 2

    finding = find("saved-out-of-order", notebook=notebook(*THREE, counts=[1, None, 2]))
    assert finding.outcome is Outcome.WARN
    assert finding.measured["not_run"] == 1


def test_in_order_is_quiet():
    """Gaps in the counts, remarks, and a last cell that is still being written do not matter."""
    more = (*THREE, ("# a remark", ""), ("d = 2", ""))

    assert find("saved-out-of-order", notebook=notebook(*more, counts=[1, 4, 9, None, None])).outcome is Outcome.PASS


def test_a_stripped_file_tells_nothing():
    """No counts: no verdict."""
    assert find("saved-out-of-order", notebook=notebook(*THREE, counts=[None] * 3)).outcome is Outcome.NOT_APPLICABLE
    assert find("saved-out-of-order").outcome is Outcome.NOT_RUN
