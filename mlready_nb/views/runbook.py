"""The deployment runbook: numbered steps, boxes to tick, whom to call."""

from __future__ import annotations

from mlready_nb.catalogue.model import Field, TemplateSection
from mlready_nb.checklist import Checklist
from mlready_nb.views import fields
from mlready_nb.views.card import missing, name, said
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
        ticked = frozenset(i for i, f in enumerate(section.fields) if known.get(f.key))
        items = tuple(_box(f, checklist) for f in section.fields)
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
        done = lines[0].text if lines else ""
        return (spans(field.label, f": {done}" if done else ""),)
    return tuple(map(said, lines)) or (_empty(field),)


def _box(field: Field, checklist: Checklist) -> Spans:
    label = field.label or field.placeholder
    goals = [t for t in checklist.targets if "latency" in t] if field.key.endswith("latency_acceptable") else []
    return spans(label, f" (goal: {', '.join(goals)})" if goals else "")


def _empty(field: Field) -> Spans:
    return spans(Span(f"not filled yet: {field.placeholder}", "em"))
