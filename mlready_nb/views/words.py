"""Icons, words and numbers, written the same way in the panel, the terminal, the card and the report."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mlready_nb.checklist import CLEAR, FLAG_WAIVED, RAISED, UNKNOWN, Gate
from mlready_nb.finding import Estimate, Measure


@dataclass(frozen=True, slots=True)
class Word:
    """How a status is shown: never by colour alone."""

    icon: str
    word: str
    #: "good", "warn", "bad", "unsure", "muted"
    tone: str


STATUS = {
    "pass": Word("✓", "pass", "good"),
    "attested": Word("✎", "attested", "good"),
    "warn": Word("▲", "warn", "warn"),
    "waived": Word("⚑", "waived", "warn"),
    "fail": Word("✕", "fail", "bad"),
    "error": Word("!", "error", "bad"),
    "inconclusive": Word("≈", "inconclusive", "unsure"),
    "partial": Word("◐", "partial", "muted"),
    "not_applicable": Word("–", "not applicable", "muted"),
    "not_run": Word("○", "not run", "muted"),
    "open": Word("○", "open", "muted"),
}

GATE = {
    Gate.READY: Word("✓", "Ready", "good"),
    Gate.READY_WITH_WAIVERS: Word("⚑", "Ready with waivers", "warn"),
    Gate.NOT_READY: Word("✕", "Not ready", "bad"),
    Gate.UNKNOWN: Word("○", "Not known yet", "muted"),
}

FLAG = {
    RAISED: Word("✕", "raised", "bad"),
    CLEAR: Word("✓", "clear", "good"),
    UNKNOWN: Word("○", "unknown", "muted"),
    FLAG_WAIVED: Word("⚑", "waived", "warn"),
}


def number(value: float) -> str:
    """A number as a person reads it: 0.8532 -> 0.853, 32561 -> 32,561."""
    if math.isnan(value):
        return "–"
    if abs(value) < 1e-12:  # what rounding leaves of nothing
        return "0"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.3f}" if 1e-3 <= abs(value) < 1000 else f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.2g}"


def measured(value: float) -> str:
    """A number that was measured, no count: a rate of one is 1.000."""
    return f"{value:.3f}" if value in (-1, 0, 1) or abs(value) < 1e-12 else number(value)


def measure(value: Measure) -> str:
    """A cell of a table: a number with its interval, a text, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, Estimate):
        text = measured(value.value)
        if value.low is not None and value.high is not None:
            text += f" [{measured(value.low)}, {measured(value.high)}]"
        return text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number(value)
    return str(value)


def shape(of: tuple[int, ...] | None) -> str:
    """(8141, 13) -> "8,141 × 13"."""
    return " × ".join(f"{n:,}" for n in of) if of else ""


def clean(text: str, *, keep_indent: bool = False) -> str:
    """Text from data on one line: no control, escape or direction characters, which would steer a terminal."""
    text = "".join(c if c.isprintable() else " " for c in str(text))
    return text if keep_indent else " ".join(text.split())
