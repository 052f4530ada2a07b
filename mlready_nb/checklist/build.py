"""Items x findings x marks -> entries, final list, red flags, gate. Pure: derived each time, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mlready_nb.catalogue import Catalogue, Item, Point, Severity
from mlready_nb.checklist.computed import computed, flag, under
from mlready_nb.checklist.entries import (
    CLEAR,
    FLAG_WAIVED,
    RAISED,
    SETTLED,
    UNKNOWN,
    Entry,
    Flag,
    Gate,
    PointEntry,
    Status,
    Step,
)
from mlready_nb.checklist.steps import in_order, steps
from mlready_nb.finding import Finding, Outcome, Run, worst
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.subjects import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an organisation may set: who waives, how strict the gate is, what everybody should know."""

    #: names whose waivers count; `None` for everybody's
    may_waive: tuple[str, ...] | None = None
    #: grades that the gate hangs on
    required: tuple[Severity, ...] = (Severity.BLOCKER, Severity.MUST)
    #: True when a warning on a required item keeps the gate shut
    warnings_block: bool = False
    #: one line each: items that are hidden, plug-ins that are broken
    notices: tuple[str, ...] = ()
    #: the file that says so
    source: str = ""


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
    rules: Rules = field(default_factory=Rules)

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
        weighty = self.rules.required
        return tuple(e for e in (*self.entries, *self.final) if e.item.severity in weighty)

    @property
    def gate(self) -> Gate:
        """Not ready when anything required fails; unknown while anything required is open, stale or not run."""
        flags = {flag.status for flag in self.red_flags}
        if RAISED in flags or any(e.status is Status.FAIL for e in self.required):
            return Gate.NOT_READY
        if self.rules.warnings_block and any(e.status is Status.WARN for e in self.required):
            return Gate.NOT_READY
        if UNKNOWN in flags or not all(e.done for e in self.required):
            return Gate.UNKNOWN
        if FLAG_WAIVED in flags or any(e.status is Status.WAIVED for e in self.required):
            return Gate.READY_WITH_WAIVERS
        return Gate.READY

    @property
    def notices(self) -> tuple[str, ...]:
        """What everybody should know: hidden items, broken plug-ins, words that do not count."""
        unheard = [
            f"{code}: {remark}"
            for e in (*self.entries, *self.final)
            for code, remark in ((e.item.code, e.remark), *((p.point.code, p.remark) for p in e.points))
            if remark
        ]
        return (*self.rules.notices, *dict.fromkeys(unheard))

    @property
    def to_do(self) -> tuple[Entry, ...]:
        """Base items that are not done, in the order of their first steps."""
        waiting = {e.item.code: e for e in self.entries if not e.done}
        first = in_order(e.steps[0] for e in waiting.values() if e.steps)
        return tuple(waiting[step.code] for step in first)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything that keeps the gate from green: by severity, failures first, machine before words."""
        required = {e.item.code for e in self.required}
        own = [s for e in (*self.entries, *self.final) if e.item.code in required for s in e.steps]
        named = {(s.code, s.effort) for s in own}  # a flag on one sub-bullet asks for less than the item itself
        flagged = [s for f in self.red_flags if f.status != CLEAR for s in f.steps]
        return in_order(_merged([*own, *(s for s in flagged if (s.code, s.effort) not in named)]))

    def steps_of(self, area: str) -> tuple[Step, ...]:
        """What would finish a stage."""
        return in_order(s for e in self.area(area) for s in e.steps)


def _merged(steps: Iterable[Step]) -> Iterable[Step]:
    """The first step of each kind for each item: computed lines repeat those of their base items."""
    first: dict[tuple[str, int], Step] = {}
    for step in steps:
        first.setdefault((step.code, step.effort), step)
    return first.values()


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
    rules: Rules | None = None,
) -> Checklist:
    """Put together what is known.

    Parameters
    ----------
    coverage
        Code of an item or sub-bullet -> names of the checks that answer it.
    """
    coverage, today, rules = coverage or {}, today or date.today(), rules or Rules()
    said, remarks = _heard(marks or {}, today, rules)
    marks = marks or {}
    by_item: dict[str, list[Finding]] = {}
    for finding in run or ():
        for code in finding.items:
            by_item.setdefault(code, []).append(finding)

    def entry(item: Item) -> Entry:
        findings = tuple(by_item.get(item.code, ()))
        points = tuple(
            _point(p, findings, marks.get(p.code), said.get(p.code), coverage.get(p.code, ()), remarks.get(p.code, ""))
            for p in item.points
        )
        made = _entry(item, findings, points, marks.get(item.code), said.get(item.code), coverage)
        made = replace(made, remark=remarks.get(item.code, ""))
        return replace(made, steps=steps(made))

    base = tuple(entry(i) for i in catalogue.items() if i.area not in ("final", "red-flags"))
    known = {e.item.code: e for e in base}

    def lists(area: str) -> Iterable[tuple[Item, tuple[Entry, ...], tuple[Finding, ...]]]:
        for i in catalogue.items():
            if i.area == area:
                yield i, under(i, known), tuple(by_item.get(i.code, ()))

    final = tuple(
        computed(i, below, marks.get(i.code), said.get(i.code), own, coverage, remarks.get(i.code, ""))
        for i, below, own in lists("final")
    )
    flags = tuple(flag(i, below, own, coverage, said.get(i.code)) for i, below, own in lists("red-flags"))
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
        rules=rules,
    )


def _heard(marks: Mapping[str, Mark], today: date, rules: Rules) -> tuple[dict[str, Mark], dict[str, str]]:
    """The marks that count, and why each of the others does not."""
    said, remarks = {}, {}
    allowed = {name.casefold() for name in rules.may_waive or ()}
    for code, mark in marks.items():
        if mark.expired(today):
            what = "the waiver" if mark.kind is MarkKind.WAIVED else "what was said"
            remarks[code] = f"{what} by {mark.by or 'somebody'} counted until {mark.until}, which has passed"
        elif mark.kind is MarkKind.WAIVED and rules.may_waive is not None and mark.by.casefold() not in allowed:
            who = ", ".join(rules.may_waive) or "nobody"
            remarks[code] = (
                f"the waiver by {mark.by or 'somebody'} does not count: {rules.source} lets only {who} waive"
            )
        else:
            said[code] = mark
    return said, remarks


def _point(
    point: Point, findings: Iterable[Finding], mark: Mark | None, said: Mark | None, checks: Sequence[str], remark: str
) -> PointEntry:
    outcomes = [f.points[point.code] for f in findings if point.code in f.points]
    status = Status(worst(outcomes)) if outcomes else Status.OPEN
    if said is not None and (status not in (Status.FAIL, Status.WARN, Status.PASS) or said.kind is MarkKind.WAIVED):
        status = Status(said.kind)
    return PointEntry(point=point, status=status, checks=tuple(checks), mark=mark, remark=remark)


def _entry(
    item: Item,
    findings: tuple[Finding, ...],
    points: tuple[PointEntry, ...],
    mark: Mark | None,
    said: Mark | None,
    coverage: Mapping[str, Sequence[str]],
) -> Entry:
    stale = any(f.stale for f in findings) or (mark is not None and said is None)
    stale = stale or any(p.remark for p in points)
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
    if Outcome.FAIL in outcomes or any(p.status is Status.FAIL for p in points):  # a tick never hides a failing check
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
