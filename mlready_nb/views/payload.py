"""What the panel draws: every count, word and sentence is made here, so that the saved snapshot says the same.

`words()` is what never changes and is sent once; `live()` is what does; `detail()` is what an opened item shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mlready_nb.catalogue import Catalogue, Item
from mlready_nb.checklist import RAISED, Checklist, Entry, Flag, Gate, Status
from mlready_nb.checks.declare import Check
from mlready_nb.finding import Finding, Outcome, Table
from mlready_nb.views import fields
from mlready_nb.views.todo import stages, things_to_do
from mlready_nb.views.words import FLAG, GATE, STATUS, measure, shape

#: Longest message of a row; the whole stands in the opened item.
HEAD = 260
SUBJECTS = ("model", "X_train", "y_train", "X_valid", "y_valid", "X_test", "y_test", "sensitive_features", "task")


def words(catalogue: Catalogue) -> dict[str, Any]:
    """The checklist's text."""
    return {
        "areas": [
            {
                "key": a.key,
                "title": a.title,
                "short": a.short,
                "group": a.group,
                "items": [i.code for i in a.items if not i.retired],
            }
            for a in catalogue.areas
        ],
        "items": {i.code: _item(i) for i in catalogue.items()},
        "status": {key: [w.icon, w.word, w.tone] for key, w in STATUS.items()},
        "flag": {key: [w.icon, w.word, w.tone] for key, w in FLAG.items()},
        "templates": {
            key: [
                {"title": s.title, "fields": [[f.key, f.label or "", f.placeholder, f.form] for f in s.fields]}
                for s in t.sections
            ]
            for key, t in catalogue.templates.items()
        },
        "dos": list(catalogue.dos),
        "donts": list(catalogue.donts),
        "reminder": catalogue.reminder,
    }


def _item(item: Item) -> list[Any]:
    return [item.title, item.section, str(item.severity), item.why, item.ask or "", [p.title for p in item.points]]


def live(
    checklist: Checklist,
    *,
    saved: tuple[str, str] = ("nowhere", ""),
    waiting: Mapping[str, str] | None = None,
    questions: Iterable[tuple[str, str, Sequence[str]]] = (),
    notes: Sequence[str] = (),
    problem: str | None = None,
    recovered: str | None = None,
    ready_checks: int = 0,
    kind: str = "",
    author: str = "",
) -> dict[str, Any]:
    """Everything that changes, small enough to be sent whole.

    Parameters
    ----------
    saved
        (status, sentence) of the store.
    waiting
        Check -> what it waits for.
    questions
        (subject, text, options) of discovery.
    recovered
        What was taken in from a session that was not saved.
    ready_checks
        How many checks could run now.
    kind
        What the model is.
    author
        Who is taken to speak, unless another name is given.
    """
    entries = (*checklist.entries, *checklist.final)
    done, total = checklist.progress()
    stale = {f.check for f in checklist.run or () if f.stale}
    gate = GATE[checklist.gate]
    return {
        "gate": {
            "key": str(checklist.gate),
            "icon": gate.icon,
            "word": gate.word,
            "tone": gate.tone,
            "why": gate_reason(checklist),
        },
        "done": done,
        "total": total,
        "kind": kind,
        "author": author,
        "bound": [
            [name, o.variable, shape(o.shape), o.how, list(o.alternatives)]
            for name in SUBJECTS
            if (o := checklist.subjects.get(name)) is not None
        ],
        "unbound": [n for n in SUBJECTS if n not in checklist.subjects],
        "questions": [[s, t, list(o)] for s, t, o in questions],
        "notes": [*notes, *checklist.notices],
        "problem": problem,
        "recovered": recovered,
        "saved": list(saved),
        "targets": list(checklist.targets),
        "areas": {a.key: _area(checklist, a.key) for a in checklist.catalogue.areas},
        "items": {e.item.code: _row(e, waiting or {}) for e in entries},
        "points": {p.point.code: str(p.status) for e in checklist.entries for p in e.points if str(p.status) != "open"},
        "flags": {
            f.item.code: [f.status, (f.message or things_to_do(f.steps, named=2))[:HEAD], list(f.because)]
            for f in checklist.red_flags
        },
        "raised": [_raised(f, checklist) for f in checklist.red_flags if f.status == RAISED],
        "to_do": {
            "gate": things_to_do(checklist.steps, named=5),
            "areas": {s["key"]: s["to_do"][:5] for s in stages(checklist)},  # type: ignore[index]
        },
        "next": [e.item.code for e in checklist.to_do[:5]],
        "stale": len(stale),
        "ready_checks": ready_checks,
        "has_run": bool(checklist.run),
        "card": dict(checklist.card),
        "facts": fields.facts(checklist),
    }


def gate_reason(checklist: Checklist) -> str:
    """One sentence: what the gate hangs on."""
    raised = sum(f.status == RAISED for f in checklist.red_flags)
    failing = sum(e.status is Status.FAIL for e in checklist.required)
    waiting = sum(not e.done for e in checklist.required)
    if checklist.gate is Gate.NOT_READY:
        parts = [f"{raised} red flag{'s' * (raised != 1)} raised"] if raised else []
        parts += [f"{failing} required item{'s' * (failing != 1)} failing"] if failing else []
        return " and ".join(parts)
    if checklist.gate is Gate.UNKNOWN:
        return f"{waiting} required items wait for a check or for your word"
    if checklist.gate is Gate.READY_WITH_WAIVERS:
        return "everything required is settled, some of it by a waiver"
    return "everything required is settled"


def _area(checklist: Checklist, key: str) -> list[Any]:
    """[done, all, tone of each item]."""
    if key == "red-flags":
        tones = [FLAG[f.status].tone for f in checklist.red_flags]
        return [sum(t == "good" for t in tones), len(tones), tones]
    entries = checklist.area(key)
    return [sum(e.done for e in entries), len(entries), [_tone(e) for e in entries]]


def _tone(entry: Entry) -> str:
    tone = STATUS[str(entry.status)].tone
    return "muted" if tone in ("good", "warn") and not entry.done and not entry.stale else tone


def _row(entry: Entry, waiting: Mapping[str, str]) -> list[Any]:
    """[status, message, aside, done, stale, settled points]."""
    message = entry.message
    settled, of = entry.progress
    if not message and entry.because:
        message = things_to_do(entry.steps) or f"hangs on {', '.join(entry.because[:6])}"
    if not message:
        lacks = [waiting[c] for c in entry.checks if c in waiting]
        message = lacks[0] if lacks else ""
    if entry.stale:
        aside = "stale"
    elif entry.mark is not None and entry.findings == ():
        aside = f"{entry.mark.by}, {entry.mark.at[:10]}"
    elif entry.status in ("partial", "open") and len(entry.points) > 1:
        aside = f"{settled} of {of}"
    else:
        aside = next(
            (str(f.strength) for f in entry.findings if f.outcome not in (Outcome.NOT_RUN, Outcome.NOT_APPLICABLE)), ""
        )
    return [str(entry.status), message[:HEAD], aside, entry.done, entry.stale, settled]


def _raised(flag: Flag, checklist: Checklist) -> list[Any]:
    """[code, title, message, cell, cell_id]."""
    found = [f for code in flag.because for f in _finding_of(checklist, code)]
    where = next((f.where for f in found if f.where is not None), None)
    return [
        flag.item.code,
        flag.item.title,
        flag.message[:HEAD],
        where.cell if where else None,
        where.cell_id if where else None,
    ]


def _finding_of(checklist: Checklist, code: str) -> tuple[Finding, ...]:
    try:
        return checklist[code].findings
    except KeyError:
        return ()


def detail(checklist: Checklist, code: str, checks: Mapping[str, Check], waiting: Mapping[str, str]) -> dict[str, Any]:
    """What an opened item or red flag shows; raises `CodeNotFound`."""
    item = checklist.catalogue[code]
    base: dict[str, Any] = {"code": item.code, "references": list(item.references), "by": [str(b) for b in item.by]}
    flag = next((f for f in checklist.red_flags if f.item.code == item.code), None)
    if flag is not None:
        base["steps"] = [s.text for s in flag.steps]
        return {**base, "because": list(flag.because or item.computed_from), "points": [], "findings": [], "checks": []}
    entry = checklist[item.code]
    ran = {f.check for f in entry.findings}
    return {
        **base,
        "because": list(entry.because or item.computed_from),
        "steps": [s.text for s in entry.steps],
        "remark": entry.remark,
        "valid_days": item.valid_days,
        "points": [
            {
                "code": p.point.code,
                "title": p.point.title,
                "status": str(p.status),
                "by": [str(b) for b in p.point.by],
                "checks": list(p.checks),
                "mark": _mark(p.mark),
                "remark": p.remark,
            }
            for p in entry.points
        ],
        "mark": _mark(entry.mark),
        "findings": [_finding(f, checks.get(f.check)) for f in entry.findings],
        "checks": [[name, waiting.get(name, "has not run yet")] for name in entry.checks if name not in ran],
    }


def _mark(mark: Any) -> dict[str, Any] | None:
    return None if mark is None else {"code": mark.code, **mark.to_json()}


def _finding(finding: Finding, check: Check | None) -> dict[str, Any]:
    where = finding.where
    manual = check.manual if check is not None else None
    return {
        "check": finding.check,
        "outcome": str(finding.outcome),
        "message": finding.message,
        "remedy": finding.remedy,
        "strength": str(finding.strength),
        "kind": finding.kind,
        "stale": finding.stale,
        "seconds": round(finding.seconds, 1),
        "sampled": list(finding.sampled) if finding.sampled else None,
        "based_on": list(finding.based_on),
        "cell": where.cell if where else None,
        "line": where.line if where else None,
        "cell_id": where.cell_id if where else None,
        "tables": [_table(t) for t in finding.tables],
        "summary": manual.summary if manual else "",
        "manual": [[title, text] for title, text in manual.sections.items()] if manual else [],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": list(table.columns),
        "rows": [[measure(c) for c in row] for row in table.rows[:40]],
        "left_out": max(0, len(table.rows) - 40),
        "chart": table.chart,
        "note": table.note,
    }
