"""Every line of a notebook that can hold something: of its code, of what it ran, of what it shows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlready_nb.finding import Place
from mlready_nb.subjects import Cell, NotebookCell

#: A longer line is cut: minified scripts and encoded data are no place where a person writes a secret.
LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text, and where it stands."""

    text: str
    where: Place
    #: True for what a cell shows, False for its code
    output: bool = False


def lines_of(notebook: Sequence[NotebookCell], cells: Sequence[Cell] = ()) -> Iterator[Line]:
    """Code first, then outputs, cell by cell; cells that ran but are not in the file come last."""
    known = set()
    for cell in notebook:
        known.add(cell.source.strip())
        yield from _code(cell.source, cell.number, cell.cell_id)
        seen: set[str] = set()
        for shown in cell.shown:
            text = as_text(shown.text) if shown.mime == "text/html" else shown.text
            for line in text.splitlines():
                if line.strip() and line.strip() not in seen:
                    seen.add(line.strip())
                    yield Line(text=line[:LONGEST], where=Place(cell=cell.number, cell_id=cell.cell_id), output=True)
    for ran in cells:
        if ran.source.strip() not in known:
            known.add(ran.source.strip())
            yield from _code(ran.source, ran.number, ran.cell_id)


def as_text(markup: str) -> str:
    """HTML without its tags: cells of a table apart by two blanks, one row a line."""
    text = re.sub(r"(?is)<(style|script)\b.*?</\1>", " ", markup)
    text = re.sub(r"(?i)</(tr|p|div|li|h\d)>|<br\s*/?>", "\n", re.sub(r"\s*\n\s*", " ", text))
    text = re.sub(r"(?i)</t[dh]>", "  ", text)
    return html.unescape(re.sub(r"<[^>]{0,500}>", " ", text))


def _code(source: str, number: int | None, cell_id: str | None) -> Iterator[Line]:
    for at, text in enumerate(source.splitlines(), 1):
        if text.strip():
            yield Line(text=text[:LONGEST], where=Place(cell=number, line=at, cell_id=cell_id))
