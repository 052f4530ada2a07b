"""The final list and the red flags: computed from base items, never ticked against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlready_nb.catalogue import By, Item
from mlready_nb.checklist.entries import (
    CLEAR,
    FLAG_WAIVED,
    RAISED,
    UNKNOWN,
    Effort,
    Entry,
    Flag,
    Status,
    Step,
)
from mlready_nb.checklist.steps import in_order, steps
from mlready_nb.finding import Finding, Outcome
from mlready_nb.marks import Mark, MarkKind


def under(item: Item, known: Mapping[str, Entry]) -> tuple[Entry, ...]:
    """The base entries of a computed item; a sub-bullet's code stands for that sub-bullet alone."""
    found = []
    for code in item.computed_from:
        entry = known[code.partition(".")[0]]
        if "." in code:
            point = next(p for p in entry.points if p.point.code == code)
            if entry.status is Status.WAIVED:  # a waiver of the item covers its sub-bullets
                point = replace(point, status=Status.WAIVED)
            narrowed = tuple(f for f in entry.findings if code in f.points)
            entry = Entry(
                item=entry.item,
                status=point.status,
                stale=entry.stale,
                findings=narrowed,
                points=(point,),
                mark=entry.mark,
                checks=point.checks,
            )
        found.append(entry)
    return tuple(found)


def computed(
    item: Item,
    under: tuple[Entry, ...],
    mark: Mark | None,
    said: Mark | None,
    findings: tuple[Finding, ...],
    coverage: Mapping[str, Sequence[str]],
    remark: str = "",
) -> Entry:
    """An entry of the final list: as good as the worst under it, and a word only where nothing under it says no."""
    statuses = {e.status for e in under} | {Status(f.outcome) for f in findings}
    waiting = tuple(e.item.code for e in under if not e.done)
    needs_word = By.HUMAN in item.by and said is None and not (findings and not under)
    if said is not None and said.kind is MarkKind.WAIVED:
        status = Status.WAIVED
    elif Status.FAIL in statuses:
        status = Status.FAIL
    elif said is not None and (not under or said.kind is MarkKind.NOT_APPLICABLE or not waiting):
        status = Status(said.kind)
    elif not waiting and not needs_word and statuses:
        order = (
            Status.INCONCLUSIVE,
            Status.ERROR,
            Status.NOT_RUN,
            Status.WAIVED,
            Status.WARN,
            Status.PASS,
            Status.ATTESTED,
        )
        status = next((s for s in order if s in statuses), Status.NOT_APPLICABLE)
    elif any(e.done for e in under):
        status = Status.PARTIAL
    else:
        status = Status.OPEN
    return Entry(
        item=item,
        status=status,
        stale=any(e.stale for e in under) or (mark is not None and said is None),
        findings=findings,
        mark=mark,
        remark=remark,
        checks=tuple(coverage.get(item.code, ())),
        steps=() if status is Status.WAIVED else _steps(item, under, findings, coverage, needs_word),
        because=waiting if status is not Status.FAIL else tuple(e.item.code for e in under if e.status is Status.FAIL),
    )


def flag(
    item: Item,
    under: tuple[Entry, ...],
    findings: tuple[Finding, ...],
    coverage: Mapping[str, Sequence[str]],
    said: Mark | None,
) -> Flag:
    """A red flag: raised by a failure only, and unknown until everything under it is settled."""
    own = [f for f in findings if f.outcome is Outcome.FAIL]
    failing = [e for e in under if e.status is Status.FAIL]
    if own or failing:
        message = own[0].message if own else failing[0].message
        todo = _steps(item, under, findings, coverage, needs_word=False)
        return Flag(item=item, status=RAISED, because=tuple(e.item.code for e in failing), message=message, steps=todo)
    if any(e.status is Status.WAIVED for e in under):
        waived = tuple(e.item.code for e in under if e.status is Status.WAIVED)
        return Flag(item=item, status=FLAG_WAIVED, because=waived, message="waived, see its reason and end date")
    waiting = tuple(e.item.code for e in under if not e.done)
    # a flag with nothing under it stays unknown until its own check has run, or a person has vouched for it
    vouched = said is not None or any(f.outcome is Outcome.PASS for f in findings)
    unseen = (coverage.get(item.code) or not under) and not vouched
    status = UNKNOWN if waiting or unseen else CLEAR
    todo = (
        ()
        if status == CLEAR
        else _steps(item, under, findings, coverage, needs_word=not under and not coverage.get(item.code))
    )
    return Flag(item=item, status=status, because=waiting, steps=todo)


def _steps(
    item: Item,
    under: tuple[Entry, ...],
    findings: tuple[Finding, ...],
    coverage: Mapping[str, Sequence[str]],
    needs_word: bool,
) -> tuple[Step, ...]:
    """What is to do under it, and for itself: its own checks, a person's word."""
    name = f"{item.code} {item.title}"
    own: list[Step] = []

    def add(effort: Effort, text: str, *, failing: bool = False) -> None:
        own.append(Step(code=item.code, effort=effort, severity=item.severity, text=text, failing=failing))

    for found in findings:
        if found.outcome in (Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE):
            add(Effort.MEND, f"mend {name}: {found.message}", failing=found.outcome is Outcome.FAIL)
    ran = {f.check for f in findings if f.outcome is not Outcome.NOT_RUN}
    idle = [c for c in coverage.get(item.code, ()) if c not in ran]
    if idle:
        lacking = next((f.message for f in findings if f.check in idle), "")
        add(Effort.RUN, f"run {', '.join(idle)} for {item.code}" + (f" ({lacking})" if lacking else ""))
    if needs_word:
        add(Effort.SAY, f"attest {name}")
    return in_order([*own, *(s for e in under for s in steps(e))])
