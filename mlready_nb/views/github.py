"""For GitHub Actions: annotations on the notebook's file, and a summary of the job in Markdown."""

from __future__ import annotations

from mlready_nb.checklist import RAISED, Checklist
from mlready_nb.finding import Finding, Outcome, Table
from mlready_nb.views.document import Block, Grid, Items, Paragraph, Section, Span, spans, to_markdown
from mlready_nb.views.payload import gate_reason
from mlready_nb.views.places import file_lines
from mlready_nb.views.words import GATE, STATUS, clean

_COMMAND = {Outcome.FAIL: "error", Outcome.ERROR: "warning", Outcome.WARN: "warning", Outcome.INCONCLUSIVE: "notice"}


def workflow_commands(checklist: Checklist, *, uri: str, text: str) -> str:
    """Workflow commands, one a line; a text from data cannot start a command of its own."""
    lines = file_lines(text)
    said = []
    for finding in checklist.run or ():
        if finding.outcome not in _COMMAND:
            continue
        where = finding.where
        at = lines.get((where.cell, where.line or 1)) if where is not None and where.cell is not None else None
        title = finding.check + (f" ({finding.kind})" if finding.kind else "")
        properties = f"file={_value(uri)}" + (f",line={at}" if at else "") + f",title={_value(title)}"
        said.append(f"::{_COMMAND[finding.outcome]} {properties}::{_data(_sentence(finding))}")
    return "\n".join(said)


def summary(checklist: Checklist) -> str:
    """The verdict, the red flags, what asks for something and what to do next, in Markdown."""
    gate = GATE[checklist.gate]
    done, total = checklist.progress()
    blocks: list[Block] = [
        Paragraph(spans(f"{gate_reason(checklist)}. {done} of {total} items are settled.")),
        Items(
            tuple(
                spans(Span(f"Red flag: {f.item.title}.", "strong"), f" {clean(f.message)}")
                for f in checklist.red_flags
                if f.status == RAISED
            )
        ),
    ]
    order = list(_COMMAND)
    asking = sorted(
        (f for f in checklist.run or () if f.outcome in _COMMAND), key=lambda f: (order.index(f.outcome), f.check)
    )
    if asking:
        rows = tuple((STATUS[str(f.outcome)].word, f.check, _sentence(f)) for f in asking)
        blocks.append(Grid(Table(title="Findings", columns=("verdict", "check", "what was found"), rows=rows)))
    blocks.append(
        Items(tuple(spans(Span(e.item.code, "code"), f" {e.item.title}") for e in checklist.to_do[:5]), "number")
    )
    return to_markdown(Section(title=f"{gate.icon} {gate.word}", blocks=tuple(blocks)))


def _sentence(finding: Finding) -> str:
    where = finding.where
    place = f" (cell {where.cell}" + (f", line {where.line})" if where.line else ")") if where and where.cell else ""
    return clean(finding.message) + place


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")
