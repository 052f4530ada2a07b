"""The model card: the checklist's own template, filled, and after it what the checks measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mlready_nb.catalogue.model import Field, TemplateSection
from mlready_nb.checklist import RAISED, Checklist, Status
from mlready_nb.finding import Estimate, Finding, Outcome, Table
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.views import fields
from mlready_nb.views.document import (
    Block,
    Fields,
    Figure,
    Grid,
    Items,
    Labelled,
    Paragraph,
    Section,
    Span,
    Spans,
    spans,
)
from mlready_nb.views.fields import Line
from mlready_nb.views.payload import gate_reason
from mlready_nb.views.todo import things_to_do
from mlready_nb.views.words import FLAG, GATE, STATUS, shape

#: Tables of one check that are shown: the crossings of many groups would bury the rest.
TABLES = 8
#: Rows up to which a table of crossed groups is shown.
SMALL = 12


def model_card(checklist: Checklist) -> Section:
    """Every section and field of the template in its order, then our own sections where there is something to show."""
    template = checklist.catalogue.templates["card"]
    known = fields.filled(checklist)
    own = (_results(checklist), _explained(checklist), _leakage(checklist), _further(checklist), _readiness(checklist))
    return Section(
        title=template.title.replace("[Model Name]", name(checklist)),
        blocks=_head(checklist),
        children=(
            *(_from_template(s, checklist, known) for s in template.sections),
            *(s for s in own if s is not None),
        ),
    )


def name(checklist: Checklist) -> str:
    """What the model is called: its class, and the variable that holds it."""
    text = checklist.facts.get("model_details.model_type", ("", ""))[0]
    origin = checklist.subjects.get("model")
    kind = text.partition(" ")[0].rstrip(",;")
    if not kind:
        return origin.variable if origin is not None else "no model yet"
    return f"{kind} ({origin.variable})" if origin is not None else kind


def _head(checklist: Checklist) -> tuple[Block, ...]:
    gate = GATE[checklist.gate]
    blocks: list[Block] = [
        Paragraph(spans(Span(f"{gate.icon} {gate.word}", "strong"), f": {gate_reason(checklist)}.")),
        missing(checklist, "card"),
    ]
    run = checklist.run
    stale = sorted({f.check for f in run or () if f.stale})
    if stale:
        said = f" {', '.join(stale)}: model or data were changed after these checks ran. Their numbers are struck through; run them again."
        blocks.append(Paragraph(spans(Span("Stale:", "strong"), said)))
    when = f", from checks that ran on {run.started[:16].replace('T', ' ')} UTC" if run and run.started else ""
    blocks.append(
        Paragraph(
            spans(
                Span(
                    f"Written by mlready-nb{when}. In brackets stands the check or the variable that gave a statement; what has no such brackets was written by a person.",
                    "em",
                )
            )
        )
    )
    return tuple(blocks)


def missing(checklist: Checklist, template: str) -> Paragraph:
    """How many fields are still empty, and which."""
    waiting, all_of = fields.empty(checklist, template), fields.fillable(checklist, template)
    if not waiting:
        return Paragraph(spans(f"All {len(all_of)} fields are filled."))
    titles = {f.key: s.title for s in checklist.catalogue.templates[template].sections for f in s.fields}
    said = ", ".join(f"{titles[f.key]} – {f.label or f.placeholder}" for f in waiting)
    return Paragraph(
        spans(
            Span(
                f"{len(waiting)} of {len(all_of)} fields are still empty:" if len(waiting) > 1 else f"1 of {len(all_of)} fields is still empty:",
                "strong",
            ),
            f" {said}.",
        )
    )  # fmt: skip


# -- the template -----------------------------------------------------------------
def _from_template(section: TemplateSection, checklist: Checklist, known: dict[str, fields.Lines]) -> Section:
    rows = [_row(field, known.get(field.key, ())) for field in section.fields]
    if section.key == "performance" and fields.is_regression(checklist):
        own = [_row(f, known[f.key]) for f in section.fields if checklist.card.get(f.key, "").strip()]
        rows = [*_regression(checklist), *own]
        rest = [f.label or f.key for f in section.fields if not checklist.card.get(f.key, "").strip()]
        if rest:
            rows.append(Labelled(", ".join(rest), (spans("do not apply to a regression"),)))
    return Section(title=section.title, blocks=(Fields(tuple(rows)),))


def _row(field: Field, lines: fields.Lines) -> Labelled:
    """A line of the template; where the template only suggests what to list, its words are the label of what is listed."""
    if not lines:
        return Labelled(field.label, (spans(Span(f"not filled yet: {field.placeholder}", "em")),))
    return Labelled(field.label or _listed(field.placeholder), tuple(map(said, lines)))


def _listed(placeholder: str) -> str:
    """`List known limitations` -> `Known limitations`."""
    words = placeholder.removeprefix("List ")
    return words[:1].upper() + words[1:]


def _regression(checklist: Checklist) -> Iterable[Labelled]:
    for finding in fields.findings(checklist, fields.OVERALL):
        for metric, label in fields.REGRESSION.items():
            value = finding.measured.get(metric)
            if isinstance(value, Estimate):
                yield Labelled(label, (said(Line(fields.estimated(value), finding.check, finding.stale)),))


def said(line: Line) -> Spans:
    """A statement and where it comes from; struck through when it is stale."""
    text = Span(line.text, "strike" if line.stale else "plain")
    # a check or a variable is a name; other sources are told in words
    named = Span(line.source, "code" if " " not in line.source else "em")
    aside = (" (", named, ")") if line.source else ()
    return spans(text, *aside, Span(" stale", "strong") if line.stale else "")


# -- what was measured ----------------------------------------------------------
def _results(checklist: Checklist) -> Section | None:
    found = [f for name in (fields.OVERALL, fields.CLASSES, fields.FAIRNESS) for f in fields.findings(checklist, name)]
    section = _section("Results by Class and by Group", found)
    if section is None or any(f.tables for f in found):
        return section
    lost = spans("The tables of these checks were not kept in the notebook; run the checks again to have them here.")
    return replace(section, blocks=(*section.blocks, Paragraph(lost)))


def _explained(checklist: Checklist) -> Section | None:
    return _section("Explainability", _answering(checklist, "INT-01", shown=(fields.FAIRNESS,)))


def _leakage(checklist: Checklist) -> Section | None:
    found = [f for f in checklist.run or () if _about_leakage(f)]
    return _section("Leakage and Split Protocol", found)


def _about_leakage(finding: Finding) -> bool:
    return finding.kind is not None or any(code in ("DAT-03", "EVA-02", "RED-02") for code in finding.items)


def _further(checklist: Checklist) -> Section | None:
    """Other findings that have something to draw or to tabulate."""
    shown = {fields.OVERALL, fields.CLASSES, fields.FAIRNESS}
    rest = [
        f
        for f in checklist.run or ()
        if f.check not in shown and f.tables and not _about_leakage(f) and "INT-01" not in f.items
    ]
    return _section("Further Measurements", [f for f in rest if f.outcome in fields.LOOKED])


def _answering(checklist: Checklist, item: str, shown: Sequence[str]) -> list[Finding]:
    return [f for f in checklist.run or () if item in f.items and f.check not in shown and f.outcome in fields.LOOKED]


def _section(title: str, found: Sequence[Finding]) -> Section | None:
    if not found:
        return None
    blocks: list[Block] = [Items(tuple(verdict(f) for f in found))]
    for finding in found:
        blocks += _evidence(finding)
    return Section(title=title, blocks=tuple(blocks))


def verdict(finding: Finding) -> Spans:
    """What a check says, in one line."""
    word = STATUS[str(finding.outcome)]
    place = finding.where
    where = f" (cell {place.cell}" + (f", line {place.line})" if place.line else ")") if place and place.cell else ""
    told = finding.sampled is None or f"{finding.sampled[0]:,}" in finding.message
    sampled = "" if told or finding.sampled is None else f" ({finding.sampled[0]:,} of {finding.sampled[1]:,} rows)"
    return spans(
        Span(f"{word.icon} {word.word}", "strong"),
        " ",
        Span(finding.check, "code"),
        ": ",
        Span(finding.message, "strike" if finding.stale else "plain"),
        Span(" stale", "strong") if finding.stale else "",
        where,
        sampled,
    )


def _evidence(finding: Finding) -> Iterable[Block]:
    shown = [(n, t) for n, t in enumerate(finding.tables) if not _crossing(t) or len(t.rows) <= SMALL][:TABLES]
    for number, table in shown:
        if table.chart and not finding.stale:  # a picture cannot be struck through
            yield Figure(f"{_safe(finding.check)}-{number + 1}", table, f"{table.title} ({finding.check})")
        yield Grid(_lean(table), finding.stale, finding.check)
    rest = len(finding.tables) - len(shown)
    if rest:
        titles = ", ".join(t.title for t in finding.tables if t not in [s for _, s in shown])
        yield Paragraph(
            spans(f"{rest} more tables of ", Span(finding.check, "code"), f" stand in the report: {titles}.")
        )


def _lean(table: Table) -> Table:
    """Without the columns `low` and `high` where each value shows its interval already."""
    if not any(isinstance(c, Estimate) for row in table.rows for c in row) or table.chart is not None:
        return table
    kept = [i for i, name in enumerate(table.columns) if name not in ("low", "high")]
    rows = tuple(tuple(row[i] for i in kept if i < len(row)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=rows)


def _crossing(table: Table) -> bool:
    """True for groups of two columns at once: many rows, most of them small."""
    return " × " in table.title


def _safe(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text).strip("-")[:60] or "figure"


# -- readiness --------------------------------------------------------------------
def _readiness(checklist: Checklist) -> Section:
    gate = GATE[checklist.gate]
    blocks: list[Block] = [
        Paragraph(spans(Span(f"Gate: {gate.icon} {gate.word}", "strong"), f": {gate_reason(checklist)}.")),
        _run_words(checklist),
    ]
    flags = Counter(FLAG[f.status].word for f in checklist.red_flags)
    blocks.append(Paragraph(spans(Span("Red flags: ", "strong"), ", ".join(f"{n} {w}" for w, n in flags.items()), ".")))
    raised = [f for f in checklist.red_flags if f.status == RAISED]
    if raised:
        lines = tuple(spans(Span(f"{f.item.title}", "strong"), f": {f.message}") for f in raised)
        blocks.append(Items(lines))
    blocks += [Paragraph(spans(Span("Note: ", "strong"), notice, ".")) for notice in checklist.notices]
    if checklist.steps:
        blocks.append(Paragraph(spans(Span("To open the gate: ", "strong"), things_to_do(checklist.steps), ".")))
    if checklist.targets:
        blocks.append(Paragraph(spans(Span("Stated goals: ", "strong"), ", ".join(checklist.targets))))
    blocks += [Grid(t) for t in (_areas(checklist), *_marks(checklist), _subjects(checklist)) if t.rows]
    silent = [f for f in checklist.run or () if f.outcome in (Outcome.NOT_RUN, Outcome.ERROR)]
    if silent:
        blocks.append(Paragraph(spans(Span("Checks that gave no answer", "strong"))))
        blocks.append(Items(tuple(verdict(f) for f in silent)))
    return Section(title="Readiness", blocks=tuple(blocks))


def _run_words(checklist: Checklist) -> Paragraph:
    run = checklist.run
    if run is None:
        return Paragraph(spans("No check has run yet: nothing below was measured."))
    counts = {o: sum(f.outcome is o for f in run) for o in Outcome}
    told = ", ".join(f"{n} {STATUS[str(o)].word}" for o, n in counts.items() if n) or "none"
    stopped = "; the run was stopped before its end" if run.stopped else ""
    loaded = ", ".join(f"{name} {number}" for name, number in run.versions.items())
    when = f" on {run.started[:19].replace('T', ' ')} UTC" if run.started else ""
    return Paragraph(
        spans(
            f"{len(run)} findings{when} in {run.seconds:.0f} s: {told}{stopped}."
            + (f" With {loaded}." if loaded else "")
        )
    )


def _areas(checklist: Checklist) -> Table:
    rows = []
    for area in checklist.catalogue.areas:
        entries = checklist.area(area.key)
        if entries:
            failing = sum(e.status is Status.FAIL for e in entries)
            settled = sum(e.done for e in entries)
            rows.append((area.title, settled, failing, len(entries) - settled - failing, len(entries)))
    return Table(title="Items settled", columns=("area", "settled", "failing", "waiting", "of"), rows=tuple(rows))


def _all_marks(checklist: Checklist) -> Iterable[tuple[str, Mark, str]]:
    """(title, mark, why it does not count)."""
    for entry in (*checklist.entries, *checklist.final):
        if entry.mark is not None:
            yield entry.item.title, entry.mark, entry.remark
        for point in entry.points:
            if point.mark is not None:
                yield point.point.title, point.mark, point.remark


def _marks(checklist: Checklist) -> Iterable[Table]:
    """One table for each thing that a person can say."""
    titles = {
        MarkKind.WAIVED: ("Waivers", "reason"),
        MarkKind.ATTESTED: ("Attested by a person", "note"),
        MarkKind.NOT_APPLICABLE: ("Not applicable", "reason"),
    }
    for kind, (title, word) in titles.items():
        rows = [
            (m.code, what, _words(m, remark), m.by, m.at[:10], m.until or "")
            for what, m, remark in _all_marks(checklist)
            if m.kind is kind
        ]
        bound = any(row[-1] for row in rows)
        columns = ("code", "item", word, "by", "on", "until")
        yield Table(
            title=title,
            columns=columns if bound else columns[:-1],
            rows=tuple(row if bound else row[:-1] for row in rows),
        )


def _words(mark: Mark, remark: str) -> str:
    said = " ".join(t for t in (mark.note, mark.link) if t)
    return f"{said} (stale: {remark})" if remark else said


def _subjects(checklist: Checklist) -> Table:
    rows = tuple((n, o.variable, shape(o.shape), o.how) for n, o in checklist.subjects.items())
    return Table(title="What was looked at", columns=("subject", "variable", "shape", "how it was found"), rows=rows)
