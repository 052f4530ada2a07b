"""Who decides each of the items and sub-bullets, and by which checks: `mlready list`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mlready_nb.catalogue import Catalogue
from mlready_nb.checks.declare import Check


def coverage(catalogue: Catalogue, checks: Iterable[Check]) -> list[dict[str, Any]]:
    """One row an item, its sub-bullets within: who decides it (`by`), and which checks look at it."""
    by: dict[str, list[str]] = {}
    for check in checks:
        for code in check.answers:
            by.setdefault(code, []).append(check.name)
    hidden = catalogue.hidden
    titles = {area.key: area.title for area in catalogue.areas}
    return [
        {
            "code": item.code,
            "title": item.title,
            "stage": titles[item.area],
            "section": item.section,
            "severity": str(item.severity),
            "by": list(map(str, item.by)),
            "checks": by.get(item.code, []),
            "computed_from": list(item.computed_from),
            "hidden": item in hidden,
            "points": [
                {"code": p.code, "title": p.title, "by": list(map(str, p.by)), "checks": by.get(p.code, [])}
                for p in item.points
            ],
        }
        for item in (*catalogue.items(), *hidden)
    ]


def coverage_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as lines, under their stage."""
    lines: list[str] = []
    stage = ""
    for row in rows:
        if row["stage"] != stage:
            stage = row["stage"]
            lines += ["", stage] if lines else [stage]
        lines.append(
            f"  {row['code']:<9} {row['title']}  [{row['severity']}; {'hidden by the project' if row.get('hidden') else _who(row)}]"
        )
        lines += [f"    {p['code']:<11} {p['title']}  [{_who(p)}]" for p in row["points"]]
    return "\n".join(lines)


def _who(row: Mapping[str, Any]) -> str:
    if row.get("computed_from"):
        return "computed from " + ", ".join(row["computed_from"])
    if row["checks"]:
        return f"{'/'.join(row['by'])}: {', '.join(row['checks'])}"
    if "human" in row["by"] or row.get("points"):
        return "/".join(row["by"])
    return f"{'/'.join(row['by'])}: no check yet, so yours to attest"
