"""Who decides each of the items and sub-bullets, and by which checks: `mlready list`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mlready_nb.catalogue import Catalogue
from mlready_nb.catalogue.crosswalk import crosswalk
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
            "why_human": item.why_human,
            "crosswalk": {k: list(v) for k, v in crosswalk(item).items()},
            "points": [
                {
                    "code": p.code,
                    "title": p.title,
                    "by": list(map(str, p.by)),
                    "checks": by.get(p.code, []),
                    "why_human": p.why_human,
                }
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


_HEAD = (
    "Printed by `mlready list --markdown`; a test holds it to the code. **Decided by**: *kernel* (live objects), *cells* "
    "(code and outputs), *files* (the project's folder), *human*. A check named here gives machine evidence; where there "
    "is none, the last column says why no machine can know, or that none looks yet."
)


def coverage_markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """The same as a table, with a count at its head and the reason where no machine can know."""
    listed = [r for r in rows if not r["code"].startswith("RED-")]
    points = [p for r in rows for p in r["points"]]
    seen = [r for r in listed if _evidence(r, rows)]
    checked = sum(bool(p["checks"]) for p in points)
    lines = [
        "# Who decides what",
        "",
        _HEAD,
        "",
        f"{len(seen)} of {len(listed)} items get machine evidence (those computed from others included), and {checked} of {len(points)} sub-bullets a check of their own.",
        "",
        "| code | item, sub-bullet | decided by | checks, or why none |",
        "| --- | --- | --- | --- |",
    ]
    for row in rows:
        own = row["checks"] + [c for p in row["points"] for c in p["checks"] if c not in row["checks"]]
        told = _origin(row) or ", ".join(f"`{c}`" for c in dict.fromkeys(own)) or _none(row)
        lines.append(f"| **{row['code']}** | **{row['title']}** | {', '.join(row['by']) or 'computed'} | {told} |")
        for p in row["points"]:
            told = ", ".join(f"`{c}`" for c in p["checks"]) or _none(p)
            lines.append(f"| {p['code']} | {p['title']} | {', '.join(p['by'])} | {told} |")
    return "\n".join(lines)


def _evidence(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """True when a check looks at it, at one of its sub-bullets, or at something that it is computed from."""
    under = {c.partition(".")[0] for c in row["computed_from"]}
    below = [r for r in rows if r["code"] in under]
    return bool(row["checks"]) or any(p["checks"] for p in row["points"]) or any(_evidence(r, rows) for r in below)


def _origin(row: Mapping[str, Any]) -> str:
    if not row["computed_from"]:
        return ""
    own = "".join(f", `{c}`" for c in row["checks"])
    return f"computed from {', '.join(row['computed_from'])}{own}"


def _none(row: Mapping[str, Any]) -> str:
    if row.get("why_human"):
        return str(row["why_human"])
    return "see its sub-bullets" if row.get("points") else "no check looks at it yet: yours to attest"
