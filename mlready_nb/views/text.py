"""Plain text for the terminal, plain IPython and logs. Text from data cannot steer a terminal: it is cleaned."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from mlready_nb.catalogue import Catalogue, CodeNotFound, Item
from mlready_nb.checklist import RAISED, Checklist, Flag
from mlready_nb.checks.declare import Check
from mlready_nb.checks.registry import select
from mlready_nb.finding import ORDER, Finding, Outcome, Run
from mlready_nb.views.payload import gate_reason
from mlready_nb.views.words import FLAG, GATE, STATUS, clean, shape

WIDTH = 110

#: Outcomes whose remedy is worth a line.
_OPEN = frozenset({Outcome.FAIL, Outcome.WARN, Outcome.INCONCLUSIVE, Outcome.ERROR})


def run_text(run: Run) -> str:
    """Every finding of a run, worst first, each with its remedy where something is to do."""
    counts = {o: sum(f.outcome is o for f in run) for o in ORDER}
    said = ", ".join(f"{n} {STATUS[str(o)].word}" for o, n in counts.items() if n) or "nothing to run"
    stopped = "; stopped before the end" if run.stopped else ""
    lines = [f"{len(run.findings)} findings in {run.seconds:.1f} s: {said}{stopped}"]
    for finding in sorted(run, key=lambda f: (ORDER.index(f.outcome), f.check)):
        lines += _finding(finding)
    return _told(lines)


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
    if checklist.targets:
        lines.append(f"Goals: {', '.join(checklist.targets)}")
    if checklist.to_do:
        lines += ["", "Next:"]
        for entry in checklist.to_do[:5]:
            said = f": {clean(entry.message)}" if entry.message else ""
            lines += _wrapped(
                f"  {STATUS[str(entry.status)].icon} {entry.item.code} {entry.item.title}{said}", indent="      "
            )
    return _told(lines)


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
            who = ", ".join(by[point.code]) or "/".join(map(str, point.by))
            lines.append(f"  {point.code}  {point.title}  [{who}]")
    own = [c for c in checks if item.code in c.answers]
    if item.computed_from:
        lines.append(f"Computed from {', '.join(item.computed_from)}: it cannot be ticked against them.")
    if own:
        lines.append(f"Checks: {', '.join(c.name for c in own)}")
    if item.ask:
        lines += _wrapped(f"When you attest it, write down: {item.ask}.")
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
