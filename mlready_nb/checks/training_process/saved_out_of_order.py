"""Whether the outputs in the file come from one run from top to bottom."""

from __future__ import annotations

from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Place, not_applicable, passed, warned


@check("TRN-01")
def saved_out_of_order(notebook: Any) -> Finding:
    """Cells in the file that were not run, or ran in another order than they stand.

    What it measures: The execution counts that the notebook's file holds: a cell of code without one among cells that
    have theirs, and a cell whose count is below that of a cell above it.

    Why it matters: What a reader sees is then no result of what they read. Of 1.4 million notebooks on GitHub a third
    had been run out of order (Pimentel et al. 2019).

    Blind spots: A file whose outputs were stripped tells nothing. Whether the code depends on the order is another
    question (see hidden-state), and so is a cell that was edited after it ran.

    How to mend: Restart the kernel, run all cells (Kernel > Restart & Run All), and save.
    """
    code = [c for c in notebook if _runs(c.source)]
    ran = [c for c in code if c.execution_count is not None]
    if not ran:
        return not_applicable("the file holds no execution counts: its outputs were stripped, or it was not saved yet")
    highest, early = 0, []
    for cell in ran:
        if cell.execution_count < highest:
            early.append(cell)
        highest = max(highest, cell.execution_count)
    # cells below the last one that ran were only just written
    idle = [c for c in code if c.execution_count is None and c.number < ran[-1].number]
    measured = {"cells": len(code), "not_run": len(idle), "out_of_order": len(early)}
    if not early and not idle:
        return passed(f"{len(ran)} cells in the file ran in the order in which they stand", measured=measured)
    parts = (
        [f"{len(early)} of {len(ran)} cells ran before a cell above them (first: cell {early[0].number})"]
        if early
        else []
    )
    parts += [f"{len(idle)} of {len(code)} were not run (first: cell {idle[0].number})"] if idle else []
    first = min([*early, *idle], key=lambda c: c.number)
    return warned(
        f"in the saved file {' and '.join(parts)}; the limit is none",
        measured=measured,
        where=Place(cell=first.number, cell_id=first.cell_id),
        remedy="Restart the kernel, run all cells (Kernel > Restart & Run All), and save.",
    )


def _runs(source: str) -> bool:
    """False for a cell that is empty, holds remarks only, or only our own magic."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return not all(line.startswith(("#", "%mlready", "%load_ext mlready_nb")) for line in lines)
