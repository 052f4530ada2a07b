"""What one line of the checklist amounts to: statuses, entries, red flags."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from mlready_nb.catalogue import Item, Point, Severity
from mlready_nb.finding import Finding, Outcome, worst
from mlready_nb.marks import Mark


class Status(StrEnum):
    """What an entry shows: an outcome, a person's word, or how far it has come."""

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    FAIL = "fail"
    ERROR = "error"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"
    ATTESTED = "attested"
    WAIVED = "waived"
    #: some sub-bullets are settled, others wait
    PARTIAL = "partial"
    #: nobody has said anything yet
    OPEN = "open"


class Gate(StrEnum):
    """The one verdict."""

    READY = "ready"
    READY_WITH_WAIVERS = "ready_with_waivers"
    NOT_READY = "not_ready"
    UNKNOWN = "unknown"


#: Statuses that need nothing more.
SETTLED = frozenset({Status.PASS, Status.WARN, Status.ATTESTED, Status.WAIVED, Status.NOT_APPLICABLE})

#: What a red flag can be: raised only by a failure; unknown until everything under it is settled.
RAISED, CLEAR, UNKNOWN, FLAG_WAIVED = "raised", "clear", "unknown", "waived"


class Effort(IntEnum):
    """What a step takes of a person: a click, a sentence, work."""

    RUN = 0
    SAY = 1
    MEND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do."""

    #: the base item it is for
    code: str
    effort: Effort
    severity: Severity
    #: one clause: "run row-overlap for DAT-03"
    text: str
    #: True when it answers a failure
    failing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PointEntry:
    """A sub-bullet with what is known of it."""

    point: Point
    status: Status
    #: names of the checks that settle it
    checks: tuple[str, ...] = ()
    mark: Mark | None = None
    #: why what was said does not count: it has expired, or is a waiver of somebody who may not give one
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the checklist: what we ask, what was found, what was said, and what follows."""

    item: Item
    status: Status
    stale: bool = False
    findings: tuple[Finding, ...] = ()
    points: tuple[PointEntry, ...] = ()
    mark: Mark | None = None
    #: checks that answer it, run or not
    checks: tuple[str, ...] = ()
    #: for computed items: codes under it that keep it from being green
    because: tuple[str, ...] = ()
    #: why what was said does not count
    remark: str = ""
    #: what would turn it green, in the order in which to do it
    steps: tuple[Step, ...] = ()

    @property
    def done(self) -> bool:
        """Nothing more is needed, and nothing under it has changed since."""
        if self.stale or self.status not in SETTLED:
            return False
        return (self.mark is not None and not self.remark) or all(p.status in SETTLED for p in self.points)

    @property
    def progress(self) -> tuple[int, int]:
        """(settled, all) sub-bullets; a line without any counts as one."""
        if not self.points or self.done:
            total = max(len(self.points), 1)
            return (total if self.done else 0), total
        return sum(p.status in SETTLED for p in self.points), len(self.points)

    @property
    def message(self) -> str:
        """The one sentence that says most: the worst finding's, else the note."""
        live = [f for f in self.findings if f.outcome is not Outcome.NOT_APPLICABLE] or list(self.findings)
        if self.remark and self.status not in SETTLED:
            failing = next((f.message for f in live if f.outcome is Outcome.FAIL), "")
            return f"{failing} ({self.remark})" if failing else self.remark
        if self.mark and self.status in (Status.ATTESTED, Status.WAIVED, Status.NOT_APPLICABLE):
            return self.mark.note or self.mark.link
        if live:
            decisive = worst([f.outcome for f in live])
            return next(f.message for f in live if f.outcome is decisive)
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A red flag, computed."""

    item: Item
    #: "raised", "clear", "unknown" or "waived"
    status: str
    #: codes of the base items that decide it
    because: tuple[str, ...] = ()
    message: str = ""
    #: what would clear it
    steps: tuple[Step, ...] = ()
