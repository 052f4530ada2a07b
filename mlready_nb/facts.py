"""What the model card can take from the live objects."""

from __future__ import annotations

from collections.abc import Sequence

from mlready_nb.subjects import Cell, Subjects


def collect(subjects: Subjects, cells: Sequence[Cell]) -> dict[str, tuple[str, str]]:
    """Field of the card -> (text, source)."""
    del subjects, cells
    return {}
