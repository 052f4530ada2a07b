"""Items x findings x marks -> entries, final list, red flags, gate, and what is to do. Pure: never stored."""

from mlready_nb.checklist.build import Checklist, Rules, build
from mlready_nb.checklist.entries import (
    CLEAR,
    FLAG_WAIVED,
    RAISED,
    SETTLED,
    UNKNOWN,
    Effort,
    Entry,
    Flag,
    Gate,
    PointEntry,
    Status,
    Step,
)
from mlready_nb.checklist.steps import steps

__all__ = [
    "CLEAR",
    "FLAG_WAIVED",
    "RAISED",
    "SETTLED",
    "UNKNOWN",
    "Checklist",
    "Effort",
    "Entry",
    "Flag",
    "Gate",
    "PointEntry",
    "Rules",
    "Status",
    "Step",
    "build",
    "steps",
]
