"""Are the packages of the operating system written down: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak

_INSTALL = re.compile(r"\b(apt-get|apt|apk|yum|dnf|microdnf|zypper|brew)\s+(?:-\S+\s+)*(?:install|add)\s+(.*)")


@check("PKG-02.3")
def system_packages(project_files: Project) -> Finding:
    """System packages, named in a Dockerfile, apt.txt, packages.txt, Brewfile or an install line of the README.

    What it measures: What the shipped Dockerfile installs with the system's packager; lists for it; install commands in
    the README. A Dockerfile that installs none says that none are needed beyond its base image.

    Why it matters: lightgbm without libgomp1 or OpenCV without libgl1 breaks at import, on the server only.

    Blind spots: Whether the list is complete; libraries that conda brings.

    How to mend: RUN apt-get update && apt-get install -y --no-install-recommends libgomp1.
    """
    return settle(
        project_files.tree,
        {"PKG-02.3": list(_listed(project_files))},
        "no Dockerfile, apt.txt or install line that names system packages",
    )


def _listed(project: Project) -> Iterator[Said]:
    for dockerfile in project.dockerfiles:
        packages = []
        for stage in dockerfile.stages:
            for one in stage.instructions:
                match = _INSTALL.search(one.value) if one.name == "RUN" else None
                if match:
                    names = [w for w in re.split(r"&&|;|\|", match[2])[0].split() if not w.startswith("-")]
                    packages.append((names, one.line))
        if packages:
            names, first = packages[0]
            yield good(f"installs {', '.join(names[:4])}", dockerfile.at(first))
        elif dockerfile.stages:
            yield good(
                f"needs nothing beyond its base image {dockerfile.final.image}", dockerfile.at(dockerfile.final.line)
            )
    for file in project.tree.named(
        "apt.txt", "aptfile", "packages.txt", "brewfile", "system-requirements.txt", "apt-packages.txt"
    ):
        lines = [x for x in project.tree.text(file).splitlines() if x.strip() and not x.startswith("#")]
        yield good(f"lists {len(lines)} system packages", file.path) if lines else weak("is empty", file.path)
    for file in project.tree.named("readme.md", "readme.rst", "install.md"):
        if "/" in file.path:
            continue
        for number, line in enumerate(project.tree.text(file).splitlines(), start=1):
            if _INSTALL.search(line):
                yield good("tells what to install with the system's packager", f"{file.path}:{number}")
                break
