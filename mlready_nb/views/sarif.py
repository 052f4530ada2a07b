"""SARIF 2.1.0 (OASIS): findings as code hosts show them, each at its cell and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from mlready_nb.checklist import Checklist
from mlready_nb.checks.declare import Check
from mlready_nb.finding import Finding, Outcome
from mlready_nb.views.places import file_lines
from mlready_nb.views.words import clean

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {Outcome.FAIL: "error", Outcome.ERROR: "warning", Outcome.WARN: "warning", Outcome.INCONCLUSIVE: "note"}


def sarif(checklist: Checklist, checks: Iterable[Check], *, uri: str, text: str) -> dict[str, Any]:
    """The findings that ask for something, as one SARIF log.

    Parameters
    ----------
    uri
        The notebook, relative to the repository.
    text
        The notebook's file, to turn a cell's line into a line of the file.
    """
    lines = file_lines(text)
    findings = [f for f in checklist.run or () if f.outcome in _LEVEL]
    manuals = {c.name: c.manual for c in checks}
    rules = []
    for name in sorted({f.check for f in findings}):
        manual = manuals.get(name)
        rules.append(
            {
                "id": name,
                "shortDescription": {"text": manual.summary if manual else name},
                **({"fullDescription": {"text": manual.sections.get("Why it matters", name)}} if manual else {}),
                **({"help": {"text": manual.sections.get("How to mend", name)}} if manual else {}),
            }
        )
    driver = {"name": "mlready-nb", "version": version("mlready-nb"), "rules": rules}
    results = [_result(f, uri, lines) for f in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding, uri: str, lines: Mapping[tuple[int, int], int]) -> dict[str, Any]:
    where = finding.where
    cell, line = (where.cell, where.line) if where is not None else (None, None)
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    at = lines.get((cell, line or 1)) if cell is not None else None
    if at is not None:
        physical["region"] = {"startLine": at}
    location: dict[str, Any] = {"physicalLocation": physical}
    if cell is not None:
        name = f"cell {cell}" + (f", line {line}" if line else "")
        location["logicalLocations"] = [{"name": name, "kind": "module"}]
    message = clean(finding.message) + (f"\n{finding.remedy}" if finding.remedy else "")
    same = f"{finding.check}:{finding.kind}:{cell}:{','.join(finding.items)}"
    return {
        "ruleId": finding.check,
        "level": _LEVEL[finding.outcome],
        "message": {"text": message},
        "locations": [location],
        "partialFingerprints": {"mlready/v1": hashlib.sha256(same.encode()).hexdigest()[:16]},
        "properties": {
            "cell": cell,
            "line": line,
            "kind": finding.kind,
            "outcome": str(finding.outcome),
            "strength": str(finding.strength),
            "items": list(finding.items),
        },
    }
