"""Documents as files: each is written whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from mlready_nb.checklist import Checklist
from mlready_nb.views.card import model_card
from mlready_nb.views.document import to_markdown
from mlready_nb.views.runbook import runbook

#: What a document is called unless the person says otherwise.
NAMES = {
    "card": "MODEL_CARD.md",
    "runbook": "RUNBOOK.md",
    "html": "READINESS.html",
    "json": "readiness.json",
    "hf": "HF_MODEL_CARD.md",
    "bom": "model.cdx.json",
}


def _html(checklist: Checklist) -> str:
    from mlready_nb.views.html import report_html

    return report_html(checklist)


def _json(checklist: Checklist) -> str:
    import json

    from mlready_nb.views.report import report

    return json.dumps(report(checklist), indent=1, ensure_ascii=False) + "\n"


def _hub(checklist: Checklist) -> str:
    from mlready_nb.views.hub import hub_card

    return hub_card(checklist)


def _bom(checklist: Checklist) -> str:
    import json

    from mlready_nb.views.bom import bom

    return json.dumps(bom(checklist), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


#: Each document as one text, without pictures beside it.
TEXTS: dict[str, Callable[[Checklist], str]] = {
    "card": lambda checklist: to_markdown(model_card(checklist)),
    "runbook": lambda checklist: to_markdown(runbook(checklist)),
    "html": _html,
    "json": _json,
    "hf": _hub,
    "bom": _bom,
}


def write_card(checklist: Checklist, path: Path) -> list[Path]:
    """The card, and its figures in `<stem>_files` beside it."""
    from mlready_nb.views.figures import figure_png

    path = _checked(path)
    card, folder = model_card(checklist), path.with_name(f"{path.stem}_files")
    drawn = {f.name: figure_png(f.table) for f in card.figures()}
    pictures = {name: png for name, png in drawn.items() if png is not None}
    written = []
    if pictures:
        folder.mkdir(exist_ok=True)
        written = [_put(folder / f"{name}.png", png) for name, png in pictures.items()]
    links = {name: f"{_address(folder.name)}/{name}.png" for name in pictures}
    return [_put(path, to_markdown(card, links).encode()), *written]


def _text(kind: str) -> Callable[[Checklist, Path], list[Path]]:
    def write(checklist: Checklist, path: Path) -> list[Path]:
        path = _checked(path)
        return [_put(path, TEXTS[kind](checklist).encode())]

    return write


#: Each writes its document to a path and returns every file it wrote, the document first.
WRITERS: dict[str, Callable[[Checklist, Path], list[Path]]] = {
    "card": write_card,
    "runbook": _text("runbook"),
    "html": _text("html"),
    "json": _text("json"),
    "hf": _text("hf"),
    "bom": _text("bom"),
}


def _checked(path: Path) -> Path:
    """The path, when a file can stand there; raises `OSError` with advice."""
    path = Path(path).expanduser()
    if path.is_dir():
        msg = f"{path} is a folder; name a file in it, for instance {path / NAMES['card']}"
        raise IsADirectoryError(msg)
    if not path.parent.is_dir():
        msg = f"the folder {path.parent} is not there; make it first (mkdir -p {path.parent}) or name another place"
        raise FileNotFoundError(msg)
    return path


def _address(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def _put(path: Path, content: bytes) -> Path:
    """Write beside and rename, so that nobody ever reads half a document."""
    draft = path.with_name(f".{path.name[:40]}.{uuid.uuid4().hex[:8]}")
    try:
        with draft.open("xb") as file:
            file.write(content)
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return path
