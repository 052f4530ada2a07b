"""Paths in code that exist on one machine only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Place, Strength, not_applicable, passed, warned

#: Folders of a person or of a mounted place; /tmp, /dev, /proc and hosted ones (/content, /kaggle, /dbfs) are the same for all.
_HOME = re.compile(
    r"^(?:/(?:home|Users|root|mnt|media|Volumes|export|scratch|nfs|storage)/[^/\s]+|[A-Za-z]:[\\/](?!/)[^\\/\s]|\\\\[\w.\-]+\\|~[\w]+/|/(?:data|opt|srv|var|usr/local)/[^\s]*\.\w{1,8}$)"
)
#: The same on every machine of that service.
_HOSTED = re.compile(
    r"^/(?:root|home/(?:jovyan|studio-lab-user|sagemaker-user|ec2-user|user|app)|mnt/(?:batch|azureml))/",
    re.IGNORECASE,
)


@check("TRN-01")
def absolute_paths(cells: Any) -> list[Finding]:
    """Paths in the code that begin in one person's folder or drive, such as /home/anna/data.csv.

    What it measures: The text constants of the cells, read as syntax, and the lines of shell commands, against paths
    that begin in a person's folder, a drive or a mounted volume. Folders of hosted services, which are the same for
    everybody (/content, /kaggle, /home/jovyan), and /tmp do not count.

    Why it matters: The notebook stops there on every other machine. A file that is not found was among the three
    commonest errors when Pimentel et al. (2019) ran published notebooks again.

    Blind spots: A path that is put together from parts, or that a configuration file holds.

    How to mend: Write it relative to the notebook (Path("data/adult.csv")), or read the folder from the environment.
    """
    found: dict[str, Place] = {}
    lines = 0
    for cell in cells:
        lines += cell.source.count("\n") + 1
        for text, line in _texts(cell.source):
            if _HOME.match(text) and not _HOSTED.match(text) and len(text) < 400:
                found.setdefault(text, Place(cell=cell.number, line=line, cell_id=cell.cell_id))
    if not lines:
        return [not_applicable("there are no cells to read")]
    if not found:
        return [passed(f"no path of one machine only in {lines:,} lines of code", strength=Strength.HEURISTIC)]
    text, where = next(iter(found.items()))
    rest = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return [
        warned(
            f"the code reads {_masked(text)}{rest}, which exists on one machine only; the limit is none",
            strength=Strength.HEURISTIC,
            where=where,
            measured={"absolute_paths": len(found)},
            remedy=f'Write it relative to the notebook: Path("{_name(text)}"), or read the folder from os.environ.',
        )
    ]


def _name(text: str) -> str:
    return re.split(r"[\\/]", text.rstrip("/"))[-1][:60]


def _masked(text: str) -> str:
    """Without the person's name: a message is published with the notebook."""
    text = re.sub(r"(?i)((?:/home|/users|[a-z]:[\\/]users)[\\/])[^\\/]+", r"\1…", text)
    return text if len(text) <= 80 else f"{text[:30]}…{text[-45:]}"


def _texts(source: str) -> Iterator[tuple[str, int]]:
    """Text constants and their lines; docstrings and bare texts are no paths that anything reads."""
    lines = source.splitlines()
    python = [re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in lines]
    if lines and lines[0].startswith("%%"):
        python[0] = "pass"
    try:
        tree = ast.parse("\n".join(python))
    except (SyntaxError, ValueError, RecursionError):
        tree = ast.Module(body=[], type_ignores=[])
    bare = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value.strip(), node.lineno
    for number, line in enumerate(lines, 1):
        if re.match(r"\s*[%!]", line) and not line.startswith("%%"):
            yield from ((word.strip("'\""), number) for word in line.split()[1:])
