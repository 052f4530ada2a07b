"""Parsed cells: magics and shell lines are taken out so that line numbers stay true; trees are kept by source."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

#: Cell magics under which the body is still this notebook's Python.
_BODIES = ("%%time", "%%timeit", "%%capture", "%%mlready", "%%prun", "%%snakeviz", "%%memit", "%%wandb", "%%heat")
_LINE = re.compile(r"^(\s*)(?:%%?(?:time|timeit|prun|memit|lprun)\b(?:\s+-\w+(?:\s+\d+)?)*\s+)(?=\S)")


@lru_cache(maxsize=512)
def parse(source: str) -> ast.Module | None:
    """A cell's tree; `None` when it is no Python."""
    if source.lstrip().startswith("%%") and not source.lstrip().startswith(_BODIES):
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        pass
    try:
        return ast.parse("\n".join(_clean(source)))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _clean(source: str) -> list[str]:
    lines, inside = [], False
    for line in source.splitlines():
        kept = line
        if inside:
            kept = ""
            inside = line.rstrip().endswith("\\")
        elif re.match(r"\s*%%", line):
            kept = ""
        elif timed := _LINE.match(line):
            kept = timed.group(1) + line[timed.end() :]
        elif re.match(r"\s*[%!?]", line):
            kept = re.sub(r"^(\s*).*", r"\1pass", line)
            inside = line.rstrip().endswith("\\")
        elif re.match(r"\s*[\w.]+\?{1,2}\s*$", line):
            kept = re.sub(r"^(\s*).*", r"\1pass", line)
        elif re.match(r"\s*[\w, ]+=\s*[%!]", line):
            kept = re.sub(r"=\s*[%!].*", "= None", line)
        lines.append(kept)
    return lines
