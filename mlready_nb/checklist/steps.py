"""What would turn a line green, as steps in the order in which to take them."""

from __future__ import annotations

from collections.abc import Iterable

from mlready_nb.catalogue import Severity
from mlready_nb.checklist.entries import SETTLED, Effort, Entry, Status, Step
from mlready_nb.finding import Outcome

#: Codes, names and checks that one step lists.
_LISTED = 4


def steps(entry: Entry) -> tuple[Step, ...]:
    """What keeps a base entry from being done; nothing for one that is."""
    if entry.done:
        return ()
    item, found = entry.item, []

    def add(effort: Effort, text: str, *, failing: bool = False) -> None:
        found.append(Step(code=item.code, effort=effort, severity=item.severity, text=text, failing=failing))

    name = f"{item.code} {item.title}"
    if entry.status in (Status.FAIL, Status.ERROR):
        add(Effort.MEND, f"mend {name}: {entry.message}", failing=entry.status is Status.FAIL)
        return tuple(found)
    if entry.status is Status.INCONCLUSIVE:
        add(Effort.MEND, f"decide {name}, which the data leave open: {entry.message}")
        return tuple(found)
    again = list(dict.fromkeys(f.check for f in entry.findings if f.stale))
    if again:
        add(Effort.RUN, f"run {_names(again)} again for {item.code}")
    ran = {f.check for f in entry.findings if f.outcome is not Outcome.NOT_RUN}
    idle = [c for c in entry.checks if c not in ran]
    waiting = [p for p in entry.points if p.status not in SETTLED]
    by_machine = {c for p in waiting for c in p.checks}
    due = [c for c in idle if c in by_machine or not entry.points]
    lacking = next((f.message for f in entry.findings if f.outcome is Outcome.NOT_RUN and f.check in due), "")
    if due:
        add(Effort.RUN, f"run {_names(due)} for {item.code}" + (f" ({lacking})" if lacking else ""))
    if entry.remark:
        add(Effort.SAY, f"say {name} again: {entry.remark}")
    unsaid = [p for p in waiting if not any(c in due for c in p.checks)]
    if unsaid and not entry.remark:
        codes = _names([p.point.code for p in unsaid])
        add(Effort.SAY, f"attest {name}: {codes} wait{'s' * (len(unsaid) == 1)} for your word")
    elif not found:
        add(Effort.SAY, f"attest {name}")
    return tuple(found)


def in_order(of: Iterable[Step]) -> tuple[Step, ...]:
    """By severity, then failures, then what a click does before what takes a person's word; else as they come."""
    weight = {s: i for i, s in enumerate(Severity)}
    return tuple(sorted(dict.fromkeys(of), key=lambda s: (weight[s.severity], not s.failing, s.effort)))


def _names(names: list[str]) -> str:
    return ", ".join(names[:_LISTED]) + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")
