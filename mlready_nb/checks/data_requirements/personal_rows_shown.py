"""Tables in outputs whose rows are people, with the columns that name them."""

from __future__ import annotations

from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Place, Strength, not_applicable, passed, warned
from mlready_nb.privacy import personal_columns, tables_in
from mlready_nb.subjects import Budget


@check("DRQ-02")
def personal_rows_shown(notebook: Any, budget: Budget) -> list[Finding]:
    """Rows of people in outputs: `df.head()` of a frame with names, addresses or dates of birth.

    What it measures: The header of each table that an output shows, against columns that name a person (first_name,
    email, phone, date_of_birth...), where values stand under them. A column `name` counts only beside an age, a sex or
    the like: products and places have names too. Masked and hashed values and summaries do not count.

    Why it matters: Whoever opens the notebook sees these people, and git keeps them after the output is cleared.

    Blind spots: Columns under other names, in other languages, and people who can be told from their combination of
    plain columns (age, postcode and sex single out most). Published data sets of the dead are reported all the same.

    How to mend: Show df.drop(columns=[...]).head(), df.dtypes or df.describe(), and clear the output that is there.
    """
    findings: list[Finding] = []
    seen = 0
    for cell in notebook:
        budget.check()
        named: dict[str, None] = {}
        for table in tables_in(cell.shown):
            seen += 1
            named |= dict.fromkeys(personal_columns(table))
        if named:
            columns = ", ".join(name[:40] for name in list(named)[:6])
            drop = ", ".join(repr(name[:40]) for name in list(named)[:6])
            findings.append(
                warned(
                    f"the output of cell {cell.number} shows rows of people, with the columns {columns}; the limit is none",
                    strength=Strength.HEURISTIC,
                    where=Place(cell=cell.number, cell_id=cell.cell_id),
                    points={"DRQ-02.2": Outcome.WARN},
                    measured={"columns": len(named)},
                    remedy=f"Clear this output, and show the rest: df.drop(columns=[{drop}]).head()",
                )
            )
    if findings:
        return findings
    if not any(cell.shown for cell in notebook):
        return [not_applicable("the notebook shows no outputs")]
    return [
        passed(
            f"none of {seen} tables in the outputs shows columns that name people",
            measured={"tables": seen},
            strength=Strength.HEURISTIC,
        )
    ]
