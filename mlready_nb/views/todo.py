"""What is to do, in words: the same in the terminal, the panel, the report and the card."""

from __future__ import annotations

from collections.abc import Sequence

from mlready_nb.checklist import Checklist, Entry, Flag, Gate, Step
from mlready_nb.views.words import clean

#: Steps that a sentence names; the rest is counted.
NAMED = 3
#: Longest step in a sentence; the whole stands in the opened item.
LONGEST = 140


def things_to_do(steps: Sequence[Step], named: int = NAMED) -> str:
    """`2 things to do: run row-overlap for DAT-03; attest BUS-01 ...`; empty when there is nothing."""
    if not steps:
        return ""
    texts = [_cut(clean(s.text)) for s in steps[:named]]
    rest = f"; and {len(steps) - named} more" if len(steps) > named else ""
    return f"{len(steps)} thing{'s' * (len(steps) != 1)} to do: {'; '.join(texts)}{rest}"


def origin(of: Entry | Flag) -> str:
    """What a computed line is computed from."""
    return f"computed from {', '.join(of.item.computed_from)}" if of.item.computed_from else ""


def gate_steps(checklist: Checklist) -> str:
    """What would open the gate."""
    return "" if checklist.gate is Gate.READY else things_to_do(checklist.steps)


def stages(checklist: Checklist) -> list[dict[str, object]]:
    """Readiness of each area: how far, and what would finish it."""
    found = []
    for area in checklist.catalogue.areas:
        if area.key == "red-flags" or not checklist.area(area.key):
            continue
        done, total = checklist.progress(area.key)
        steps = checklist.steps_of(area.key)
        found.append(
            {
                "key": area.key,
                "title": area.title,
                "done": done,
                "total": total,
                "readiness": round(done / total, 4),
                "to_do": [s.text for s in steps],
            }
        )
    return found


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
