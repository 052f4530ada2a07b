"""Does the project say what it needs, as exactly as the model needs it, and as this kernel has it: what the files say."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.imports import imported
from mlready_nb.project.requirements import Manifest, Need, canonical
from mlready_nb.subjects import Cell


@check("PKG-02.1", "TRN-01.2")
def declared_dependencies(project_files: Project, cells: tuple[Cell, ...] = (), *, most_loose: float = 0.2) -> Finding:
    """Dependencies that are written down, pinned, complete, and the ones this kernel runs.

    What it measures: requirements*.txt, pyproject.toml, environment.yml, Pipfile, setup.py and lock files: the share of
    needs without an exact version (where no lock file gives one); distributions that the notebook imports and no file
    names; pins that differ from the version in this kernel.

    Why it matters: A pickle made with one scikit-learn and loaded with another fails, or answers differently in silence.

    Blind spots: What a needed package needs in turn, where there is no lock file; packages of other languages.

    How to mend: uv lock, poetry lock, or pip-compile: one exact version for each package, written by a tool.
    """
    every = project_files.requirements
    said = list(_verdicts(every, cells, most_loose))
    needs = [n for m in every if not m.tools for n in m.needs]
    return settle(
        project_files.tree,
        {"PKG-02.1": said, "TRN-01.2": [*said, *(_differing(needs, cells) if said else ())]},
        "no requirements.txt, pyproject.toml, environment.yml or lock file",
        measured={"declared": len({n.name for m in every for n in m.needs if not m.tools})},
    )


def _verdicts(every: Sequence[Manifest], cells: Sequence[Cell], most_loose: float) -> Iterator[Said]:
    serving = [m for m in every if not m.tools]
    for manifest in every:
        if manifest.broken:
            yield bad(f"cannot be installed from: {manifest.broken}", manifest.path, "Mend that line.")
    needs = [n for m in serving for n in m.needs]
    if not needs:
        empty = [m for m in serving if m.path.endswith(".txt")]
        if empty and not any(m.lock for m in serving):
            yield weak("names no dependency", empty[0].path, "List what the model imports, with versions.")
        return
    locked = {n.name for m in serving if m.lock for n in m.needs} | {n.name for n in needs if n.pinned}
    loose = [n for n in needs if n.name not in locked]
    names = {n.name for n in needs}
    lock = next((m.path for m in serving if m.lock), "")
    if len({n.name for n in loose}) > most_loose * len(names) and not _all_locked(serving):
        shown = ", ".join(dict.fromkeys(f"{n.name}{n.spec}" for n in loose[:4]))
        yield weak(
            f"leaves {len({n.name for n in loose})} of {len(names)} packages without an exact version: {shown}",
            f"{loose[0].path}:{loose[0].line}",
            "Pin them: pip-compile, uv lock or poetry lock; keep the lock file in git.",
        )
    else:
        yield good(f"gives {len(names)} packages exact versions", lock or needs[0].path)
    yield from _against_kernel(names, needs, cells)


def _all_locked(serving: Sequence[Manifest]) -> bool:
    """A lock file whose content this reader does not list (pixi) still locks."""
    return any(m.lock and not m.needs for m in serving)


def _against_kernel(names: set[str], needs: Sequence[Need], cells: Sequence[Cell]) -> Iterator[Said]:
    used = _used(cells)
    missing = sorted(d for d in used if d not in names and not _covered(d, names))
    if missing:
        yield weak(
            f"does not name {', '.join(missing[:4])}, which the notebook imports",
            needs[0].path,
            "Add: " + " ".join(f"{d}=={used[d]}" for d in missing[:4]) + ".",
        )


def _differing(needs: Sequence[Need], cells: Sequence[Cell]) -> Iterator[Said]:
    """Needs that this kernel does not meet: the file is there, and is not what the model was trained with."""
    used = _used(cells)
    differing = [(n, used[n.name]) for n in needs if n.name in used and not _fits(n, used[n.name])]
    for one, version in differing[:3]:
        yield weak(
            f"asks for {one.name}{one.spec}, this kernel runs {version}",
            f"{one.path}:{one.line}",
            f"Train with what is pinned, or pin what was trained with: {one.name}=={version}.",
        )


#: Distributions that bring another one's modules under another name.
_SAME = {"opencv-python": ("opencv-python-headless", "opencv-contrib-python"), "tensorflow": ("tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos"),
         "xgboost-cpu": ("xgboost",), "xgboost": ("xgboost-cpu", "py-xgboost"), "torch": ("pytorch",), "psycopg2": ("psycopg2-binary",)}  # fmt: skip


def _covered(name: str, declared: set[str]) -> bool:
    """Named under a sister's name, or brought along by something that is named."""
    if set(_SAME.get(name, ())) & declared:
        return True
    return any(name in _brings(d) for d in declared)


def _brings(name: str) -> set[str]:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        texts = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return set()
    found = set()
    for text in texts:
        try:
            found.add(canonical(Requirement(text).name))
        except InvalidRequirement:
            continue
    return found


def _used(cells: Sequence[Cell]) -> Mapping[str, str]:
    """Distribution -> version of what the notebook's cells import and this kernel has loaded."""
    tops = (
        {t for cell in cells for t in imported(cell.source)}
        - sys.stdlib_module_names
        - {"mlready_nb", "IPython", "google"}
    )
    if not tops:
        return {}
    providers: Mapping[str, Any] = metadata.packages_distributions()
    found: dict[str, str] = {}
    for top in tops:
        owners = providers.get(top, ())
        if len(set(owners)) == 1 and top in sys.modules:
            found[canonical(owners[0])] = metadata.version(owners[0])
    return found


def _fits(one: Need, version: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if not one.spec or one.spec.startswith("@"):
        return True
    spec = one.spec
    if spec.startswith(("^", "~")) and not spec.startswith("~="):
        return _caret(spec, version)
    try:
        return SpecifierSet(spec).contains(version.partition("+")[0], prereleases=True)
    except InvalidSpecifier:
        return True


def _caret(spec: str, version: str) -> bool:
    """Poetry's `^1.2` and `~1.2`: the leading number that is not zero stays."""
    want = [int(p) for p in spec.lstrip("^~").split(".") if p.isdigit()]
    have = [int(p) for p in version.split(".")[:3] if p.isdigit()]
    if not want or not have:
        return True
    keep = next((i for i, w in enumerate(want) if w), len(want) - 1) + 1 if spec.startswith("^") else min(2, len(want))
    return have[:keep] == want[:keep] and have >= want[: len(have)]
