"""Where a cell's line stands in the notebook's file: what a code host can point at."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

_SOURCE = re.compile(r'"source"\s*:\s*')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def file_lines(text: str) -> dict[tuple[int, int], int]:
    """(code cell, line in it), both from 1 -> line in the file, from 1.

    Empty when the file's layout is not one string a source line, or a key named `source` stands elsewhere too:
    then no line can be told.
    """
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError):
        return {}
    starts = [m.end() for m in _SOURCE.finditer(text)]
    if not isinstance(cells, list) or len(starts) != len(cells):
        return {}
    newlines = [m.start() for m in re.finditer("\n", text)]
    found: dict[tuple[int, int], int] = {}
    number = 0
    for at, cell in zip(starts, cells, strict=True):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        number += 1
        source = cell.get("source")
        lines = len(source) if isinstance(source, list) else 1
        position = at
        for line in range(1, lines + 1):
            string = _STRING.search(text, position)
            if string is None:
                break
            found[number, line] = bisect_right(newlines, string.start()) + 1
            position = string.end()
    return found
