"""What a notebook shows under its cells, as text: bounded, without pictures. Plain documents in, no nbformat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlready_nb.subjects import NotebookCell, Shown

#: Characters kept of one output, of one cell and of a whole notebook: enough for tables, not for logs of training.
PER_OUTPUT, PER_CELL, PER_NOTEBOOK = 20_000, 60_000, 2_000_000
#: What holds text that a reader sees.
_TEXTS = ("text/html", "text/plain", "text/markdown", "text/latex", "application/json")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_EMBEDDED = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]*")


def notebook_cells(document: Mapping[str, Any], fresh: Mapping[str, Any] | None = None) -> tuple[NotebookCell, ...]:
    """The code cells of a notebook with what they show.

    Parameters
    ----------
    document
        As it stands on disk.
    fresh
        The same notebook after a run from top to bottom: what it showed then is added.
    """
    again = list(_code(fresh or {}))
    left, found = PER_NOTEBOOK, []
    for number, cell in enumerate(_code(document), 1):
        outputs = [*_list(cell.get("outputs"))]
        outputs += _list(again[number - 1].get("outputs")) if number <= len(again) else []
        shown, left = _shown(outputs, left)
        count = cell.get("execution_count")
        found.append(
            NotebookCell(
                number=number,
                source=_joined(cell.get("source")),
                execution_count=count if isinstance(count, int) else None,
                cell_id=str(cell.get("id")) if cell.get("id") else None,
                shown=shown,
            )
        )
    return tuple(found)


def to_json(cells: Iterable[NotebookCell]) -> list[Any]:
    """As it is handed to another process."""
    return [[c.number, c.source, c.execution_count, c.cell_id, [[s.mime, s.text] for s in c.shown]] for c in cells]


def from_json(raw: Iterable[Any]) -> tuple[NotebookCell, ...]:
    """The inverse of `to_json`."""
    return tuple(
        NotebookCell(
            number=n, source=s, execution_count=c, cell_id=i, shown=tuple(Shown(mime=m, text=t) for m, t in shown)
        )
        for n, s, c, i, shown in raw
    )


def _code(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for cell in _list(document.get("cells")):
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code":
            yield cell


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _joined(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""


def _shown(outputs: Iterable[Any], left: int) -> tuple[tuple[Shown, ...], int]:
    kept: dict[Shown, None] = {}
    room = min(left, PER_CELL)
    for output in outputs:
        for mime, text in _texts(output):
            cut = _EMBEDDED.sub("", _ANSI.sub("", text[: 4 * PER_OUTPUT]))[: min(PER_OUTPUT, room)]
            shown = Shown(mime=mime, text=cut)
            if cut.strip() and shown not in kept:
                kept[shown] = None
                room -= len(cut)
    spent = sum(len(s.text) for s in kept)
    return tuple(kept), left - spent


def _texts(output: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(output, Mapping):
        return
    kind = output.get("output_type")
    if kind == "stream":
        yield "text/plain", _joined(output.get("text"))
    elif kind == "error":
        trace = "\n".join(map(str, _list(output.get("traceback"))))
        yield "text/plain", trace or f"{output.get('ename', '')}: {output.get('evalue', '')}"
    elif isinstance(data := output.get("data"), Mapping):
        for mime in _TEXTS:
            if mime in data:
                value = data[mime]
                yield mime, _joined(value) if isinstance(value, (str, list)) else str(value)
