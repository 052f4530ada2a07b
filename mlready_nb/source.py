"""From a cell's text to its tree: magics, shell lines and other languages are looked past."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator
from functools import lru_cache

#: Cell magics whose body is Python that runs in the kernel.
_PYTHON = frozenset(
    {
        "time",
        "timeit",
        "capture",
        "prun",
        "mlready",
        "memit",
        "mprun",
        "lprun",
        "snakeviz",
        "notify",
        "debug",
        "wandb",
        "heat",
    }
)
_LINE = re.compile(r"(?P<indent>\s*)%(?:time|timeit|prun|memit|notify)\s+(?:-\S+\s+)*(?P<code>[^-\s].*)\Z")


@lru_cache(maxsize=2048)
def parse(source: str) -> ast.Module | None:
    """A cell's tree, or `None` for what is no Python; lines keep their numbers."""
    text = source.removeprefix("\ufeff")
    magic = re.match(r"\s*%%(\w*)[^\n]*", text)
    if magic is not None:
        if magic[1] not in _PYTHON:
            return None
        text = text[: magic.start()] + "\n" * magic[0].count("\n") + text[magic.end() :]
    return _tree(text) or _tree(textwrap.dedent("\n".join(_lines(text))))


def _lines(text: str) -> Iterator[str]:
    """The lines without their magics; what a shell line goes on with after a backslash is left empty."""
    inside = False
    for line in text.splitlines():
        shell = inside or bool(re.match(r"\s*[%!]", line)) or bool(re.match(r"\s*[\w, ]+=\s*[%!]", line))
        yield "" if inside else _plain(line)
        inside = shell and line.rstrip().endswith("\\")


def _plain(line: str) -> str:
    """The line without its magic: `%time f()` is `f()`, `files = !ls` is `files = None`, `!ls` is `pass`."""
    timed = _LINE.match(line)
    if timed is not None:
        return timed["indent"] + timed["code"]
    if re.match(r"\s*[%!?]", line) or re.search(r"\w\?{1,2}\s*\Z", line):
        return re.sub(r"\S.*", "pass", line)
    return re.sub(r"=\s*[%!].*", "= None", line) if re.match(r"\s*[\w, ]+=\s*[%!]", line) else line


def _tree(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a user's string is none of our business
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
