"""Addresses, card and account numbers in the notebook's code and outputs."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Place, Strength, failed, not_applicable, passed, warned
from mlready_nb.privacy import Personal, find_personal, lines_of, tables_in
from mlready_nb.subjects import Budget, NotebookCell


@check("DRQ-02")
def personal_data_shown(notebook: Any, budget: Budget, cells: Any = (), *, max_addresses: int = 2) -> list[Finding]:
    """E-mail addresses, card, account, social security and telephone numbers in cells and outputs.

    What it measures: Each line of code and of output: e-mail addresses of people (an office's mailbox and example
    domains do not count, nor one or two alone: those are the author's, or stand in a data set's description), card numbers by issuer and Luhn digit, IBANs
    modulo 97, social security and telephone numbers where a word near them says so. What is found is shown masked.

    Why it matters: A notebook is mailed, pushed and rendered; what its outputs hold is then disclosed, which is a
    breach to be reported within 72 hours (GDPR, article 33).

    Blind spots: Names, addresses of houses and free text: a machine cannot tell them from other words. Pictures.

    How to mend: Clear the outputs, and look at aggregates (df.describe()) or at masked columns instead of rows.
    """
    by_cell: dict[int | None, list[tuple[Personal, Place, bool]]] = defaultdict(list)
    headers = {cell.number: _headers(cell) for cell in notebook}
    lines = 0
    for line in lines_of(notebook, cells):
        lines += 1
        if lines % 200 == 0:
            budget.check()
        context = headers.get(line.where.cell or 0, "") if line.output else ""
        for one in find_personal(line.text, context):
            by_cell[line.where.cell].append((one, line.where, line.output))
    mails = {p.key for found in by_cell.values() for p, _, _ in found if p.kind == "e-mail address"}
    findings = []
    for number, found in by_cell.items():
        column = "mail" in headers.get(number or 0, "").lower()
        kept = [f for f in found if f[0].kind != "e-mail address" or len(mails) > max_addresses or (column and f[2])]
        if kept:
            findings.append(_finding(number, kept))
    if not lines:
        return [not_applicable("there are no cells to read")]
    return findings or [
        passed(
            f"no personal number or address in {lines:,} lines of code and outputs",
            measured={"lines": lines},
            strength=Strength.HEURISTIC,
        )
    ]


def _headers(cell: NotebookCell) -> str:
    return " ".join(name for table in tables_in(cell.shown) for name in table.header)[:2000]


def _finding(number: int | None, found: list[tuple[Personal, Place, bool]]) -> Finding:
    kinds: dict[str, dict[int, str]] = defaultdict(dict)
    for one, _, _ in found:
        kinds[one.kind].setdefault(one.key, one.masked)
    said = ", ".join(f"{len(m)} × {kind} ({next(iter(m.values()))})" for kind, m in kinds.items())
    certain = any(one.certain for one, _, _ in found)
    shown = any(output for _, _, output in found)
    say = failed if certain else warned
    outcome = Outcome.FAIL if certain else Outcome.WARN
    return say(
        f"{'the output' if shown else 'the code'} of {f'cell {number}' if number else 'a cell that ran'} shows personal data: {said}; the limit is none",
        strength=Strength.MEASURED if certain else Strength.HEURISTIC,
        where=found[0][1],
        points={"DRQ-02.2": outcome},
        measured={kind: len(masked) for kind, masked in kinds.items()},
        remedy="Clear this output, and show aggregates or masked columns instead of rows; keep test data synthetic.",
    )
