"""Items x findings x marks -> entries, final list, red flags, gate. Pure: derived each time, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from mlready_nb.catalogue import By, Catalogue, Item, Point, Severity
from mlready_nb.finding import Finding, Outcome, Run, worst
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.subjects import Origin


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PointEntry:
    """A sub-bullet with what is known of it."""

    point: Point
    status: Status
    #: names of the checks that settle it
    checks: tuple[str, ...] = ()
    mark: Mark | None = None


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

    @property
    def done(self) -> bool:
        """Nothing more is needed, and nothing under it has changed since."""
        if self.stale or self.status not in SETTLED:
            return False
        return self.mark is not None or all(p.status in SETTLED for p in self.points)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Everything there is to show at one moment. Views take this and nothing else."""

    catalogue: Catalogue
    #: base items in the seed's order
    entries: tuple[Entry, ...]
    #: must-have and nice-to-have
    final: tuple[Entry, ...]
    red_flags: tuple[Flag, ...]
    run: Run | None = None
    card: Mapping[str, str] = field(default_factory=dict)
    #: card field -> (text, source), learnt from live objects
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    subjects: Mapping[str, Origin] = field(default_factory=dict)
    targets: tuple[str, ...] = ()

    def __getitem__(self, code: str) -> Entry:
        """The entry of a base or final item."""
        for entry in (*self.entries, *self.final):
            if entry.item.code == code:
                return entry
        raise KeyError(code)

    def area(self, key: str) -> tuple[Entry, ...]:
        """The entries of an area."""
        return tuple(e for e in (*self.entries, *self.final) if e.item.area == key)

    def progress(self, key: str | None = None) -> tuple[int, int]:
        """(done, all) items of an area, or of the whole list."""
        entries = self.area(key) if key else (*self.entries, *self.final)
        return sum(e.done for e in entries), len(entries)

    @property
    def score(self) -> float:
        """Readiness: the minimum over the areas, never a mean (Breck et al. 2017)."""
        shares = [done / total for done, total in map(self.progress, self._areas()) if total]
        return min(shares, default=0.0)

    def _areas(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e.item.area for e in self.entries))

    @property
    def required(self) -> tuple[Entry, ...]:
        """What the gate hangs on: base items graded blocker or must, and the must-have list."""
        weighty = (Severity.BLOCKER, Severity.MUST)
        return tuple(e for e in (*self.entries, *self.final) if e.item.severity in weighty)

    @property
    def gate(self) -> Gate:
        """Not ready when anything required fails; unknown while anything required is open, stale or not run."""
        flags = {flag.status for flag in self.red_flags}
        if RAISED in flags or any(e.status is Status.FAIL for e in self.required):
            return Gate.NOT_READY
        if UNKNOWN in flags or not all(e.done for e in self.required):
            return Gate.UNKNOWN
        if FLAG_WAIVED in flags or any(e.status is Status.WAIVED for e in self.required):
            return Gate.READY_WITH_WAIVERS
        return Gate.READY

    @property
    def to_do(self) -> tuple[Entry, ...]:
        """Base items that keep the gate from green: failures first, then by severity, then machine before human."""
        weight = {s: i for i, s in enumerate(Severity)}
        rank = {Status.FAIL: 0, Status.ERROR: 1, Status.INCONCLUSIVE: 2}
        waiting = [e for e in self.entries if not e.done]
        return tuple(
            sorted(waiting, key=lambda e: (rank.get(e.status, 3), weight[e.item.severity], not e.checks, e.item.code))
        )


def build(
    catalogue: Catalogue,
    *,
    run: Run | None = None,
    marks: Mapping[str, Mark] | None = None,
    coverage: Mapping[str, Sequence[str]] | None = None,
    today: date | None = None,
    card: Mapping[str, str] | None = None,
    facts: Mapping[str, tuple[str, str]] | None = None,
    subjects: Mapping[str, Origin] | None = None,
    targets: Sequence[str] = (),
) -> Checklist:
    """Put together what is known.

    Parameters
    ----------
    coverage
        Code of an item or sub-bullet -> names of the checks that answer it.
    """
    marks, coverage, today = marks or {}, coverage or {}, today or date.today()
    by_item: dict[str, list[Finding]] = {}
    for finding in run or ():
        for code in finding.items:
            by_item.setdefault(code, []).append(finding)

    def entry(item: Item) -> Entry:
        findings = tuple(by_item.get(item.code, ()))
        points = tuple(_point(p, findings, marks.get(p.code), coverage.get(p.code, ()), today) for p in item.points)
        return _entry(item, findings, points, marks.get(item.code), coverage, today)

    base = tuple(entry(i) for i in catalogue.items() if i.area not in ("final", "red-flags"))
    known = {e.item.code: e for e in base}
    final = tuple(
        _computed(i, _under(i, known), marks.get(i.code), tuple(by_item.get(i.code, ())), coverage, today)
        for i in catalogue.items()
        if i.area == "final"
    )
    flags = tuple(
        _flag(i, _under(i, known), tuple(by_item.get(i.code, ())), coverage, _said(marks.get(i.code), today))
        for i in catalogue.items()
        if i.area == "red-flags"
    )
    return Checklist(
        catalogue=catalogue,
        entries=base,
        final=final,
        red_flags=flags,
        run=run,
        card=card or {},
        facts=facts or {},
        subjects=subjects or {},
        targets=tuple(targets),
    )


def _under(item: Item, known: Mapping[str, Entry]) -> tuple[Entry, ...]:
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


def _said(mark: Mark | None, today: date) -> Mark | None:
    return mark if mark is not None and not mark.expired(today) else None


def _point(
    point: Point, findings: Iterable[Finding], mark: Mark | None, checks: Sequence[str], today: date
) -> PointEntry:
    outcomes = [f.points[point.code] for f in findings if point.code in f.points]
    status = Status(worst(outcomes)) if outcomes else Status.OPEN
    said = _said(mark, today)
    if said is not None and (status not in (Status.FAIL, Status.WARN, Status.PASS) or said.kind is MarkKind.WAIVED):
        status = Status(said.kind)
    return PointEntry(point=point, status=status, checks=tuple(checks), mark=mark)


def _entry(
    item: Item,
    findings: tuple[Finding, ...],
    points: tuple[PointEntry, ...],
    mark: Mark | None,
    coverage: Mapping[str, Sequence[str]],
    today: date,
) -> Entry:
    said = _said(mark, today)
    stale = any(f.stale for f in findings) or (mark is not None and said is None)
    stale = stale or any(p.mark is not None and p.mark.expired(today) for p in points)
    names = [*coverage.get(item.code, ())]
    for point in points:
        names += point.checks
    return Entry(
        item=item,
        status=_status(findings, points, said),
        stale=stale,
        findings=findings,
        points=points,
        mark=mark,
        checks=tuple(dict.fromkeys(names)),
    )


def _status(findings: Sequence[Finding], points: Sequence[PointEntry], said: Mark | None) -> Status:
    waived_points = {p.point.code for p in points if p.status is Status.WAIVED}
    outcomes = {f.outcome for f in findings if not (f.points and set(f.points) <= waived_points)}
    if said is not None and said.kind is MarkKind.WAIVED:
        return Status.WAIVED
    if Outcome.FAIL in outcomes:  # a tick never hides a failing check
        return Status.FAIL
    if said is not None:
        return Status(said.kind)
    if waived_points and all(p.status in SETTLED for p in points):
        return Status.WAIVED
    for outcome in (Outcome.ERROR, Outcome.INCONCLUSIVE, Outcome.WARN):
        if outcome in outcomes:
            return Status(outcome)
    if outcomes and not points:
        return Status(worst([*outcomes]))
    settled = {p.status for p in points if p.status in SETTLED}
    if points and all(p.status in SETTLED for p in points):
        return next((s for s in (Status.WARN, Status.PASS, Status.ATTESTED) if s in settled), Status.NOT_APPLICABLE)
    if settled - {Status.NOT_APPLICABLE}:
        return Status.PARTIAL
    return Status.NOT_RUN if Outcome.NOT_RUN in outcomes else Status.OPEN


def _computed(
    item: Item,
    under: tuple[Entry, ...],
    mark: Mark | None,
    findings: tuple[Finding, ...],
    coverage: Mapping[str, Sequence[str]],
    today: date,
) -> Entry:
    said = _said(mark, today)
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
        checks=tuple(coverage.get(item.code, ())),
        because=waiting if status is not Status.FAIL else tuple(e.item.code for e in under if e.status is Status.FAIL),
    )


def _flag(
    item: Item,
    under: tuple[Entry, ...],
    findings: tuple[Finding, ...],
    coverage: Mapping[str, Sequence[str]],
    said: Mark | None,
) -> Flag:
    own = [f for f in findings if f.outcome is Outcome.FAIL]
    failing = [e for e in under if e.status is Status.FAIL]
    if own or failing:
        message = own[0].message if own else failing[0].message
        return Flag(item=item, status=RAISED, because=tuple(e.item.code for e in failing), message=message)
    if any(e.status is Status.WAIVED for e in under):
        waived = tuple(e.item.code for e in under if e.status is Status.WAIVED)
        return Flag(item=item, status=FLAG_WAIVED, because=waived, message="waived, see its reason and end date")
    waiting = tuple(e.item.code for e in under if not e.done)
    # a flag with nothing under it stays unknown until its own check has run, or a person has vouched for it
    vouched = said is not None or any(f.outcome is Outcome.PASS for f in findings)
    unseen = (coverage.get(item.code) or not under) and not vouched
    status = UNKNOWN if waiting or unseen else CLEAR
    return Flag(item=item, status=status, because=waiting)
