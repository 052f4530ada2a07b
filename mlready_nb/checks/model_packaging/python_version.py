"""Is the version of Python written down, and is it this kernel's: what the files say."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, good, settle, weak
from mlready_nb.project.requirements import python_versions
from mlready_nb.subjects import Cell


@check("PKG-02.2")
def python_version(project_files: Project, cells: tuple[Cell, ...] = ()) -> Finding:
    """A stated version of Python that this kernel satisfies.

    What it measures: requires-python, python in environment.yml or Pipfile, .python-version, runtime.txt and the base
    image of the Dockerfile, against the version that runs here.

    Why it matters: Pickles, wheels and syntax differ between minor versions of Python.

    Blind spots: A version set only by the platform (a managed notebook, a cloud runtime).

    How to mend: requires-python = ">=3.12,<3.13" in pyproject.toml, FROM python:3.12-slim in the Dockerfile.
    """
    here = platform.python_version()
    said = []
    for version, at in _stated(project_files):
        if version == "any":
            said.append(weak("names python without a version", at, f"Write python={here}."))
        elif not cells:  # no notebook ran here: this kernel says nothing of the one that trained
            said.append(good(f"asks for Python {version}", at))
        elif _fits(version, here):
            said.append(good(f"asks for Python {version}, this kernel runs {here}", at))
        else:
            said.append(
                weak(f"asks for Python {version}, this kernel runs {here}", at, "Train and serve with one version.")
            )
    if not said and any(m.needs for m in project_files.requirements):
        first = next(m for m in project_files.requirements if m.needs)
        said.append(
            weak(
                "names packages, and no file names the version of Python",
                first.path,
                f"Write {here} to .python-version.",
            )
        )
    return settle(project_files.tree, {"PKG-02.2": said}, "no file that names the version of Python")


def _stated(project: Project) -> Iterator[tuple[str, str]]:
    for manifest in project.requirements:
        if manifest.python and not manifest.lock:
            yield manifest.python[0], f"{manifest.path}:{manifest.python[1]}"
    yield from python_versions(project.tree)
    for dockerfile in project.dockerfiles:
        for stage in dockerfile.stages:
            match = re.search(r"(?:^|/)python:(\d+(?:\.\d+)*)", stage.image)
            if match:
                yield match[1], dockerfile.at(stage.line)


def _fits(version: str, here: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    version = version.strip().split("||")[0].strip()
    bare = re.fullmatch(r"=*\s*(\d+(?:\.\d+)*)(\.\*)?", version)
    if bare:  # `3.11` means any 3.11.x
        want = bare[1].split(".")[:2]
        return here.split(".")[: len(want)] == want
    if version.startswith("^"):
        low = version[1:].split(".")
        return here.split(".", maxsplit=1)[0] == low[0] and [int(p) for p in here.split(".")[:2]] >= [
            int(p) for p in low[:2] if p.isdigit()
        ]
    if re.match(r"~\d", version):
        return here.startswith(".".join(version[1:].split(".")[:2]))
    try:
        return here in SpecifierSet(version.replace(" ", ""))
    except InvalidSpecifier:
        return True
