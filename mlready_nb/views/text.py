"""Plain text for the terminal, plain IPython and logs. Text from data cannot steer a terminal: it is cleaned."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from mlready_nb.catalogue import Catalogue, CodeNotFound, Item
from mlready_nb.catalogue.crosswalk import crosswalk, frameworks
from mlready_nb.checklist import RAISED, Checklist, Effort, Flag
from mlready_nb.checks.declare import Check
from mlready_nb.checks.registry import select
from mlready_nb.finding import ORDER, Finding, Outcome, Run
from mlready_nb.views.payload import gate_reason
from mlready_nb.views.words import FLAG, GATE, STATUS, clean, shape

WIDTH = 110

#: As a person reads it: what is wrong, what is fine, what was not looked at.
READ = (
    Outcome.FAIL,
    Outcome.ERROR,
    Outcome.WARN,
    Outcome.INCONCLUSIVE,
    Outcome.PASS,
    Outcome.NOT_RUN,
    Outcome.NOT_APPLICABLE,
)
_IDLE = frozenset({Outcome.NOT_RUN, Outcome.NOT_APPLICABLE})

#: Outcomes whose remedy is worth a line.
_OPEN = frozenset({Outcome.FAIL, Outcome.WARN, Outcome.INCONCLUSIVE, Outcome.ERROR})


def run_text(run: Run) -> str:
    """Every finding of a run under a line that counts them."""
    counts = {o: sum(f.outcome is o for f in run) for o in ORDER}
    said = ", ".join(f"{n} {STATUS[str(o)].word}" for o, n in counts.items() if n) or "nothing to run"
    stopped = "; stopped before the end" if run.stopped else ""
    lines = [f"{len(run.findings)} findings in {run.seconds:.1f} s: {said}{stopped}"]
    for finding in sorted(run, key=lambda f: (READ.index(f.outcome), f.check)):
        if finding.outcome not in _IDLE:
            lines += _finding(finding)
    waiting: dict[tuple[Outcome, str], list[str]] = {}
    for finding in run:
        if finding.outcome in _IDLE:
            waiting.setdefault((finding.outcome, clean(finding.message)), []).append(finding.check)
    for (outcome, message), names in sorted(waiting.items(), key=lambda w: (READ.index(w[0][0]), w[1])):
        word = STATUS[str(outcome)]
        lines += _wrapped(f"{word.icon} {word.word:<13} {', '.join(sorted(names))}: {message}", indent="    ")
    return _told(lines)


def findings_text(findings: Iterable[Finding]) -> str:
    """Findings, worst first, each with its remedy where something is to do."""
    worst_first = sorted(findings, key=lambda f: (READ.index(f.outcome), f.check))
    return _told([line for finding in worst_first for line in _finding(finding)])


def _finding(finding: Finding) -> list[str]:
    word = STATUS[str(finding.outcome)]
    name = finding.check + (f" ({finding.kind})" if finding.kind else "")
    where = finding.where
    place = f" [cell {where.cell}" + (f", line {where.line}]" if where.line else "]") if where and where.cell else ""
    stale = " (stale: what it looked at has changed)" if finding.stale else ""
    sampled = f" ({finding.sampled[0]:,} of {finding.sampled[1]:,} rows looked at)" if finding.sampled else ""
    head = f"{word.icon} {word.word:<13} {name}: "
    lines = _wrapped(head + clean(finding.message) + place + sampled + stale, indent="    ")
    if finding.remedy and finding.outcome in _OPEN:
        for number, line in enumerate(finding.remedy.splitlines()):
            lines += _wrapped(("    → " if number == 0 else "      ") + clean(line, keep_indent=True), indent="      ")
    return lines


def status_text(checklist: Checklist) -> str:
    """Where it stands: gate, red flags, each area, what is bound to what, what to do next."""
    gate = GATE[checklist.gate]
    done, total = checklist.progress()
    lines = [
        f"{gate.icon} {gate.word} (gate: {checklist.gate}): {gate_reason(checklist)}. {done} of {total} items settled."
    ]
    lines += [f"  {_flag(f)}" for f in checklist.red_flags if f.status == RAISED]
    lines += [line for n in checklist.notices for line in _wrapped(f"  note: {clean(n)}", indent="        ")]
    lines.append("")
    for area in checklist.catalogue.areas:
        entries = checklist.area(area.key)
        if entries:
            settled, of = checklist.progress(area.key)
            worst = [e for e in entries if str(e.status) in ("fail", "error")]
            tail = f"   {STATUS['fail'].icon} {', '.join(e.item.code for e in worst)}" if worst else ""
            lines.append(f"  {area.short:<24} {settled:>2} of {of:>2}{tail}")
    if checklist.subjects:
        lines += ["", "Bound:"]
        lines += [
            f"  {name:<18} {clean(o.variable)} {shape(o.shape)}  ({clean(o.how)})"
            for name, o in checklist.subjects.items()
        ]
    else:
        lines += ["", "No fitted model yet. When there is one under a name of its own: %mlready use model=<variable>"]
    said = list(_said(checklist))
    if said:
        lines += ["", "Said:", *said[:12], *([f"  and {len(said) - 12} more"] if len(said) > 12 else [])]
    if checklist.targets:
        lines.append(f"Goals: {', '.join(checklist.targets)}")
    if checklist.to_do:
        lines += ["", "Next:"]
        for entry in checklist.to_do[:5]:
            icon = STATUS[str(entry.status)].icon
            more = f"; then {len(entry.steps) - 1} more" if len(entry.steps) > 1 else ""
            lines += _wrapped(f"  {icon} {clean(entry.steps[0].text)}{more}", indent="      ")
    if checklist.steps:
        count = {e: sum(s.effort is e for s in checklist.steps) for e in Effort}
        words = {Effort.RUN: "to run", Effort.SAY: "to attest", Effort.MEND: "to mend"}
        parts = ", ".join(f"{n} {words[e]}" for e, n in count.items() if n)
        lines += ["", f"To open the gate: {parts}."]
    return _told(lines)


def _said(checklist: Checklist) -> Iterable[str]:
    """What people said, waivers first: who, when, until when, on what ground, and why it does not count."""
    entries = (*checklist.entries, *checklist.final)
    marks = [(e.mark, e.remark) for e in entries if e.mark is not None]
    marks += [(p.mark, p.remark) for e in entries for p in e.points if p.mark is not None]
    for mark, remark in sorted(marks, key=lambda m: (m[0].kind != "waived", m[0].code)):
        word = STATUS[str(mark.kind)]
        end = f", until {mark.until}" if mark.until else ""
        ground = " ".join(t for t in (mark.note, mark.link) if t)
        old = f" (stale: {remark})" if remark else ""
        line = f"  {word.icon} {mark.code} {word.word} by {mark.by or '?'}, {mark.at[:10]}{end}: {ground}{old}"
        yield from _wrapped(clean(line, keep_indent=True), indent="      ")


def _flag(flag: Flag) -> str:
    return f"{FLAG[flag.status].icon} red flag: {flag.item.title}. {clean(flag.message)}"


def explain_text(word: str, catalogue: Catalogue, checks: Sequence[Check]) -> str:
    """What an item or sub-bullet asks, or what a check measures and where it is blind.

    Raises
    ------
    CheckNotFound, CodeNotFound
        When neither is named so; the message offers the nearest.
    """
    code = word.strip().upper()
    if code in catalogue:
        return _item(catalogue[code], checks)
    if "." in code:
        point = catalogue.point(code)
        return _item(catalogue[code.partition(".")[0]], checks, only=point.code)
    try:
        chosen = select([word], checks)
    except LookupError:
        if any(c.isdigit() for c in word) and "-" in word:
            raise CodeNotFound(_near(word, catalogue)) from None
        raise
    return "\n\n".join(_check(c) for c in chosen)


def _near(word: str, catalogue: Catalogue) -> str:
    try:
        catalogue[word]
    except CodeNotFound as lack:
        return str(lack)
    return word


def _item(item: Item, checks: Sequence[Check], only: str | None = None) -> str:
    lines = [f"{item.code}  {item.title}  [{item.severity}]", *_wrapped(item.why)]
    by = {p.code: [c.name for c in checks if p.code in c.answers] for p in item.points}
    for point in item.points:
        if only in (None, point.code):
            who = ", ".join(by[point.code]) or point.why_human or "/".join(map(str, point.by))
            lines.append(f"  {point.code}  {point.title}  [{who}]")
    own = [c for c in checks if item.code in c.answers]
    if item.computed_from:
        lines.append(f"Computed from {', '.join(item.computed_from)}: it cannot be ticked against them.")
    if own:
        lines.append(f"Checks: {', '.join(c.name for c in own)}")
    if item.ask:
        lines += _wrapped(f"When you attest it, write down: {item.ask}.")
    if item.valid_days:
        lines.append(f"A word on it is usually good for {item.valid_days} days: say so with --until YYYY-MM-DD.")
    told = crosswalk(item)
    lines += _wrapped("Also asked by: " + "; ".join(f"{f.title} {', '.join(told[f.key])}" for f in frameworks() if f.key in told)) if told else []  # fmt: skip
    if item.references:
        lines += _wrapped(f"See: {'; '.join(item.references)}")
    lines.append(f'Attest: %mlready attest {item.code} --note "..." --link ...')
    about = [c for c in checks if item.code in c.items and (only is None or only in c.answers)]
    return "\n".join(lines + [line for c in about for line in ("", _check(c))])


def _check(check: Check) -> str:
    lines = [check.name, *_wrapped(check.manual.summary, indent="  ", first="  ")]
    lines += [
        line
        for title, text in check.manual.sections.items()
        for line in _wrapped(f"{title}: {text}", first="  ", indent="    ")
    ]
    lines.append(f"  Answers: {', '.join(check.answers)}")
    optional = f" (and where there: {', '.join(check.wants)})" if check.wants else ""
    lines.append(f"  Looks at: {', '.join(check.needs)}{optional}")
    if check.thresholds:
        limits = ", ".join(f"{k} = {v}" for k, v in check.thresholds.items())
        lines += _wrapped(f"Thresholds, under [tool.mlready.checks.{check.name}]: {limits}", first="  ", indent="    ")
    return "\n".join(lines)


def checks_table(checks: Iterable[Check], catalogue: Catalogue) -> str:
    """The README's table: one row a check, in the checklist's order."""
    order = {item.code: n for n, item in enumerate(catalogue.items())}
    rows = sorted(checks, key=lambda c: (min(order.get(i, len(order)) for i in c.items), c.name))
    lines = ["| check | what it finds | settles |", "| --- | --- | --- |"]
    lines += [f"| `{c.name}` | {c.manual.summary.rstrip('.')} | {', '.join(c.answers)} |" for c in rows]
    return "\n".join(lines)


def _told(lines: Iterable[str]) -> str:
    """The lines as one text; whatever stands in them, none steers a terminal."""
    return "\n".join(clean(line, keep_indent=True) for line in lines)


def _wrapped(text: str, *, indent: str = "", first: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]
