"""Which packages a piece of notebook code imports."""

from __future__ import annotations

import ast
import re


def imported(source: str) -> set[str]:
    """Top-level names of what a cell imports; lines of magics and shell commands are passed over."""
    bare = "\n".join("pass" if re.match(r"\s*[%!?]", line) else line for line in source.split("\n"))
    if source.lstrip().startswith("%%"):
        return set()
    try:
        tree = ast.parse(bare)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(a.name.partition(".")[0] for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found
