"""Packages that cells install without saying which version."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Place, not_applicable, passed, warned

_INSTALL = re.compile(
    r"^(?:[!%]{0,2}\s*)(?:sys\.executable\s+-m\s+|\{sys\.executable\}\s+-m\s+|python3?\s+-m\s+|uv\s+)?(?P<tool>pip3?|conda|mamba)\s+install\s+(?P<rest>.*)$"
)
#: Options that take the next word with them.
_TAKES = {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--trusted-host", "-n", "--name", "-p", "--prefix", "--channel", "--timeout", "--proxy", "--cache-dir", "--platform", "--python-version", "--progress-bar"}  # fmt: skip


@check("PKG-02")
def unpinned_installs(cells: Any) -> list[Finding]:
    """`!pip install` in cells without an exact version.

    What it measures: Each package that a cell installs by pip, conda or mamba, against a version that is exact (==,
    ===, a file, a commit). A requirements or constraints file and the notebook's own package do not count.

    Why it matters: Such a line installs another version next month; a minor release of one library can change
    predictions without raising an error.

    Blind spots: Versions of what the named packages bring along; installs that a called script makes.

    How to mend: Write the version that is installed now: %pip install name==version (see pip list), or move it to a
    lock file.
    """
    loose: dict[str, Place] = {}
    pinned = read = 0
    for cell in cells:
        read += 1
        for line, words, tool in _installs(cell.source):
            for word in words:
                if _exact(word, tool):
                    pinned += 1
                else:
                    loose.setdefault(word[:60], Place(cell=cell.number, line=line, cell_id=cell.cell_id))
    if not read:
        return [not_applicable("there are no cells to read")]
    if not loose:
        said = (
            f"all {pinned} packages that cells install have an exact version"
            if pinned
            else "no cell installs a package"
        )
        return [passed(said, measured={"pinned": pinned})]
    where = next(iter(loose.values()))
    names = ", ".join(list(loose)[:5]) + (f" and {len(loose) - 5} more" if len(loose) > 5 else "")
    return [
        warned(
            f"{len(loose)} of {pinned + len(loose)} packages that cells install have no exact version: {names}; the limit is none",
            where=where,
            measured={"unpinned": len(loose), "pinned": pinned},
            remedy=f"%pip install {' '.join(_with_version(w) for w in list(loose)[:3])}",
        )
    ]


def _installs(source: str) -> Iterator[tuple[int, list[str], str]]:
    """(line, packages, tool) of each install; lines that end in a backslash go on."""
    lines = source.splitlines()
    shell = bool(lines) and lines[0].startswith(("%%bash", "%%sh", "%%!"))
    whole, start = "", 1
    for number, line in enumerate(lines, 1):
        start = start if whole else number
        whole += line.rstrip().removesuffix("\\") + " "
        if line.rstrip().endswith("\\") and number < len(lines):
            continue
        command, whole = whole.strip(), ""
        if command.startswith("#") or not (shell or command.startswith(("!", "%"))):
            continue
        for part in re.split(r"&&|;|\|\|", command):
            found = _INSTALL.match(part.strip())
            if found:
                yield start, _packages(found["rest"], found["tool"]), found["tool"]


def _packages(rest: str, tool: str) -> list[str]:
    try:
        words = shlex.split(rest.split(" #", maxsplit=1)[0], posix=True)
    except ValueError:
        words = rest.split()
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word == "-c" and tool not in ("pip", "pip3"):  # a channel
            skip = True
        elif word in ("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "--file"):
            if word in ("-c", "--constraint"):  # the versions stand in that file
                return []
            skip = True
        elif word in _TAKES:
            skip = True
        elif re.match(r"\d?>|[<|&]", word):
            break
        elif not word.startswith(("-", "{", "$")) and not re.match(r"[./~]", word):
            found.append(word)
    return found


def _exact(word: str, tool: str) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement

    if word.endswith((".whl", ".tar.gz", ".zip")):
        return True
    if "://" in word or word.startswith("git+"):
        return bool(re.search(r"@[0-9a-f]{7,40}(?:$|#)|@v?\d+(?:\.\d+)+(?:$|#)", word))
    if tool in ("conda", "mamba"):
        return bool(re.search(r"=\d", word))
    try:
        requirement = Requirement(word)
    except InvalidRequirement:
        return False
    if requirement.url:
        return bool(re.search(r"@[0-9a-f]{7,40}$|\.whl$", requirement.url))
    return any(s.operator in ("==", "===") and not s.version.endswith(".*") for s in requirement.specifier)


def _with_version(word: str) -> str:
    """The package as it is installed here, where it is."""
    from importlib.metadata import PackageNotFoundError, version

    name = re.split(r"[<>=!~\[; ]", word)[0]
    try:
        return f"{name}=={version(name)}"
    except (PackageNotFoundError, ValueError):
        return f"{name}==<version>"
