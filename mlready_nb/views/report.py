"""The report as plain values: what `--json` writes (design, section 4)."""

from __future__ import annotations

from typing import Any

from mlready_nb.checklist import Checklist, Entry, Flag, Step
from mlready_nb.marks import Mark
from mlready_nb.views.todo import stages

#: Number of the form of the report; raised when a key changes its meaning or goes.
SCHEMA = 1


def report(checklist: Checklist) -> dict[str, Any]:
    """The whole checklist as JSON has it: every key of the contract, and a few more."""
    run = checklist.run
    return {
        "schema": SCHEMA,
        "gate": str(checklist.gate),
        "score": round(checklist.score, 4),
        "subjects": {
            name: {"variable": o.variable, "how": o.how, "shape": list(o.shape) if o.shape else None}
            for name, o in sorted(checklist.subjects.items())
        },
        "findings": [f.to_json() for f in run or ()],
        "items": [_item(e, checklist) for e in (*checklist.entries, *checklist.final)],
        "stages": stages(checklist),
        "to_do": [_step(s) for s in checklist.steps],
        "notices": list(checklist.notices),
        "hidden": [{"code": i.code, "title": i.title} for i in checklist.catalogue.hidden],
        "red_flags": [_flag(f) for f in checklist.red_flags],
        "final": [
            {
                "code": e.item.code,
                "title": e.item.title,
                "status": str(e.status),
                "because": list(e.because),
                "computed_from": list(e.item.computed_from),
                "to_do": [s.text for s in e.steps],
            }
            for e in checklist.final
        ],
        "card": {**{key: text for key, (text, _) in checklist.facts.items()}, **checklist.card},
        "targets": list(checklist.targets),
        "run": {
            "started": run.started,
            "seconds": round(run.seconds, 2),
            "stopped": run.stopped,
            "versions": dict(run.versions),
        }
        if run is not None
        else None,
    }


def _item(entry: Entry, checklist: Checklist) -> dict[str, Any]:
    item = entry.item
    titles = {a.key: a.title for a in checklist.catalogue.areas}
    return {
        "code": item.code,
        "title": item.title,
        "stage": titles[item.area],
        "section": item.section,
        "severity": str(item.severity),
        "status": str(entry.status),
        "stale": entry.stale,
        "by": list(dict.fromkeys(f.check for f in entry.findings)) or list(entry.checks),
        "mark": mark_json(entry.mark),
        "message": entry.message,
        "remark": entry.remark,
        "to_do": [s.text for s in entry.steps],
        "points": [
            {
                "code": p.point.code,
                "title": p.point.title,
                "status": str(p.status),
                "by": list(p.checks),
                "mark": mark_json(p.mark),
            }
            for p in entry.points
        ],
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "code": flag.item.code,
        "title": flag.item.title,
        "status": flag.status,
        "because": list(flag.because),
        "computed_from": list(flag.item.computed_from),
        "message": flag.message,
        "to_do": [s.text for s in flag.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {"code": step.code, "effort": step.effort.name.lower(), "severity": str(step.severity), "text": step.text}


def mark_json(mark: Mark | None) -> dict[str, Any] | None:
    """What a person said, with the code it was said of."""
    return None if mark is None else {"code": mark.code, **mark.to_json()}
