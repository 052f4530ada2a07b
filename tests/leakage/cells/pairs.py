"""Small notebooks as strings: `#%%` begins a new cell, `#!` marks the guilty line."""

from __future__ import annotations

from mlready_nb.subjects import Cell


def cells(text: str) -> tuple[Cell, ...]:
    """The code cells of a notebook written as one string."""
    parts = [part.strip("\n") for part in text.replace(" #!", "").split("#%%")]
    return tuple(Cell(number=i, source=part) for i, part in enumerate((p for p in parts if p.strip()), 1))


def guilty(text: str) -> tuple[int, int] | None:
    """(cell, line) of the marked statement."""
    parts = [part.strip("\n") for part in text.split("#%%") if part.strip("\n").strip()]
    for number, part in enumerate(parts, 1):
        for line, row in enumerate(part.splitlines(), 1):
            if row.rstrip().endswith("#!"):
                return number, line
    return None
