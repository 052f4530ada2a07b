"""The deployment runbook: numbered steps, boxes to tick, whom to call."""

from __future__ import annotations

from mlready_nb.catalogue.model import Field, TemplateSection
from mlready_nb.checklist import Checklist
from mlready_nb.finding import Outcome
from mlready_nb.views import fields
from mlready_nb.views.card import missing, name, said, verdict
from mlready_nb.views.document import Block, Fields, Items, Labelled, Paragraph, Section, Span, Spans, spans
from mlready_nb.views.payload import gate_reason
from mlready_nb.views.words import GATE


def runbook(checklist: Checklist) -> Section:
    """Every section of the template in its order; what nobody has written shows what belongs there."""
    template = checklist.catalogue.templates["runbook"]
    known = fields.filled(checklist, "runbook")
    gate = GATE[checklist.gate]
    verdict = spans(Span(f"{gate.icon} {gate.word}", "strong"), f": {gate_reason(checklist)}.")
    return Section(
        title=template.title.replace("[Model Name]", name(checklist)),
        blocks=(Paragraph(verdict), missing(checklist, "runbook")),
        children=tuple(Section(title=s.title, blocks=_blocks(s, known, checklist)) for s in template.sections),
    )


def _blocks(section: TemplateSection, known: dict[str, fields.Lines], checklist: Checklist) -> tuple[Block, ...]:
    forms = {f.form for f in section.fields}
    if "box" in forms:
        ticked = frozenset(i for i, f in enumerate(section.fields) if _ticked(f, checklist))
        items = tuple(_box(f, checklist, known.get(f.key, ())) for f in section.fields)
        return (Items(items, "box", ticked),)
    if "step" in forms:
        return (Items(tuple(s for f in section.fields for s in _steps(f, known.get(f.key, ()))), "number"),)
    rows = tuple(
        Labelled(f.label, tuple(map(said, known[f.key])) if f.key in known else (_empty(f),)) for f in section.fields
    )
    return (Fields(rows),)


def _steps(field: Field, lines: fields.Lines) -> tuple[Spans, ...]:
    """The template's own words, or a person's: each of their lines is a step."""
    if field.label:
        return (spans(field.label, ": ", *said(lines[0])) if lines else spans(field.label),)
    return tuple(map(said, lines)) or (_empty(field),)


def _ticked(field: Field, checklist: Checklist) -> bool:
    """By a person's words, or by a verification that ran against the endpoint and passed."""
    if checklist.card.get(field.key, "").strip():
        return True
    found = fields.findings(checklist, fields.BOXES.get(field.key, ""))
    return bool(found) and all(f.outcome is Outcome.PASS and not f.stale for f in found)


def _box(field: Field, checklist: Checklist, lines: fields.Lines) -> Spans:
    label = field.label or field.placeholder
    goals = [t for t in checklist.targets if "latency" in t] if field.key.endswith("latency_acceptable") else []
    verified = fields.findings(checklist, fields.BOXES.get(field.key, ""))
    told: list[str | Span] = []
    for finding in verified:
        told += [": ", *verdict(finding)]
    if lines and not verified:
        told += [" (", *said(lines[0]), ")"]
    return spans(label, f" (goal: {', '.join(goals)})" if goals else "", *told)


def _empty(field: Field) -> Spans:
    return spans(Span(f"not filled yet: {field.placeholder}", "em"))
