"""What goes to the terminal and to files: results to stdout, progress and advice to stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlready_nb.checklist import Checklist
    from mlready_nb.headless import Tick


class Usage(ValueError):
    """Words that cannot be carried out; the message says what to type instead."""


def writable(outs: Iterable[str]) -> None:
    """A report that cannot be written is said before the notebook runs for minutes."""
    outs = tuple(outs)
    if sum(out == "-" for out in outs) > 1:
        msg = "only one of the outputs can be - (stdout)"
        raise Usage(msg)
    for out in outs:
        folder = Path(out).parent
        if out != "-" and (not folder.is_dir() or Path(out).is_dir()):
            what = "is a folder" if Path(out).is_dir() else f"cannot be written: there is no folder {folder}"
            msg = f"{out} {what}"
            raise Usage(msg)


def document(kind: str, checklist: Checklist, out: str) -> None:
    """Write a document to a file, or print it."""
    from mlready_nb.views import export

    if out != "-":
        for written in export.WRITERS[kind](checklist, Path(out)):
            tell(f"wrote {written}")
        return
    print(export.TEXTS[kind](checklist))


def put(out: str, text: str) -> None:
    """A text to stdout (-) or to a file."""
    if out == "-":
        print(text)
    else:
        Path(out).write_text(text + "\n", encoding="utf-8")
        tell(f"wrote {out}")


def tell(text: str) -> None:
    """To stderr; text from a notebook cannot steer the terminal."""
    print("".join(c if c.isprintable() or c == "\n" else " " for c in text), file=sys.stderr, flush=True)


def watched(work: Any) -> Any:
    """Carry out `work(on_tick)`: one updating line on a terminal, a line for each step elsewhere."""
    terminal, last = sys.stderr.isatty(), None

    def on_tick(tick: Tick) -> None:
        nonlocal last
        noun = "cell" if tick.phase == "cells" else "check"
        text = f"{noun} {tick.done + 1} of {tick.total}: {tick.what}"
        if terminal:
            left = f", about {tick.left:.0f} s left" if tick.left is not None else ""
            text = "".join(c if c.isprintable() else " " for c in text + left)
            print(f"\r\x1b[2K{text[: shutil.get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)
        elif (tick.phase, tick.done) != last:
            tell(text[:120])
        last = (tick.phase, tick.done)

    try:
        return work(on_tick)
    finally:
        if terminal and last is not None:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
