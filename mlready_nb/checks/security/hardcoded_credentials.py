"""Passwords, keys and tokens in the notebook's code and in what it shows."""

from __future__ import annotations

from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Strength, failed, not_applicable, passed
from mlready_nb.privacy import find_secrets, lines_of
from mlready_nb.subjects import Budget

#: Places that are named one by one; the rest is counted.
LISTED = 10


@check("RED-10")
def hardcoded_credentials(cells: Any, budget: Budget, notebook: Any = ()) -> list[Finding]:
    """Passwords, keys and tokens in the notebook's cells and outputs.

    What it measures: Each line of code and of output against the shapes of the vendors' keys (detect-secrets' plugins
    and a few newer ones), and what is assigned to a name such as password, api_key or token: of code any value that a
    person would choose, of output only what looks random. What is found is shown by its first characters and length.

    Why it matters: A key in a notebook is public from the first push on, and git keeps it after it is deleted.
    GitGuardian counted 23.8 million new secrets in public commits of 2024.

    Blind spots: A password of one plain word, a key that is put together from parts, pictures, and Markdown cells.
    Whether a key is still valid is not asked: nothing is sent anywhere.

    How to mend: Revoke the key where it was issued, since it may have been read already. Read it from outside:
    os.environ["API_KEY"], or getpass.getpass(). Clear the outputs, and take it out of git's history.
    """
    found: dict[tuple[str, str], Finding] = {}
    more = lines = 0
    for line in lines_of(notebook, cells):
        lines += 1
        if lines % 200 == 0:
            budget.check()
        for secret in find_secrets(line.text, output=line.output):
            key = (secret.masked, f"{line.where.cell}:{line.where.line}")
            if key in found:
                continue
            if len(found) == LISTED:
                more += 1
                continue
            what = "is shown in the output" if line.output else "stands in the code"
            place = f"cell {line.where.cell}" if line.where.cell else "a cell that ran"
            found[key] = failed(
                f"a credential {what} of {place}: {secret.kind}, {secret.masked}; the limit is none",
                strength=Strength.MEASURED if secret.certain else Strength.HEURISTIC,
                kind="credential",
                where=line.where,
                remedy='Revoke it where it was issued, then read it from outside: os.environ["NAME"] or getpass.getpass().',
            )
    if not lines:
        return [not_applicable("there are no cells to read")]
    if more:
        found["", ""] = failed(
            f"{more} more credentials beside the {LISTED} that are listed; the limit is none",
            strength=Strength.HEURISTIC,
            kind="credential",
        )
    outputs = "code and outputs" if notebook else "code (the outputs are not known here)"
    measured = {"lines": lines}
    return list(found.values()) or [
        passed(
            f"no credential in {lines:,} lines of {outputs}; the limit is none",
            measured=measured,
            strength=Strength.HEURISTIC,
        )
    ]
