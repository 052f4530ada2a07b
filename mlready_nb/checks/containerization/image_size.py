"""Is the image built on a small base, and are its layers in an order that the cache can use: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.docker import Dockerfile, Instruction, Stage

_SMALL = re.compile(
    r"slim|alpine|distroless|^scratch$|chainguard|wolfi|minimal|ubi\d*-micro|busybox|micromamba|lambda/python"
    r"|-(runtime|base)(-|$|@)|cc-debian|uv:python\S*-(slim|alpine)"
)
_LARGE = re.compile(
    r"(^|/)(python|pypy|ubuntu|debian|centos|rockylinux|almalinux|amazonlinux|fedora|buildpack-deps|node|openjdk)(:|@|$)"
    r"|(^|/)(anaconda3?|miniconda3?|miniforge3?|mambaforge)(:|@|$)|jupyter/|-devel(-|$|@)|pytorch/pytorch|tensorflow/tensorflow"
    r"|rapidsai|nvcr\.io"
)
_INSTALLS = re.compile(
    r"pip3? wheel\b|pip3? install\b(?!\s+(--upgrade|-U)?\s*(pip|uv|poetry|pipenv|wheel|setuptools)\b)|poetry install|uv (pip )?sync|uv pip install|pdm (install|sync)"
    r"|pipenv (install|sync)|(conda|mamba|micromamba) (env (create|update)|install)"
)
_MANIFEST = re.compile(
    r"requirements|pyproject\.toml|environment\.ya?ml|poetry\.lock|pipfile|uv\.lock|pdm\.lock|setup\.(py|cfg)|constraints|\.whl|conda.*lock",
    re.IGNORECASE,
)


@check("CON-02.1", "CON-02.2")
def image_size(project_files: Project) -> Finding:
    """A small, pinned base image, and dependencies installed before the code is copied.

    What it measures: The image the shipped stage rests on (slim, alpine, distroless... and a tag that is not latest),
    whether `COPY . .` stands before the installation of dependencies, package lists left behind, and a whole folder
    copied without a .dockerignore.

    Why it matters: With code before dependencies each changed line installs everything again; a full base image adds
    several hundred megabytes of programs that nobody calls and somebody must patch.

    Blind spots: The size itself: that takes a build.

    How to mend: FROM python:3.12-slim; COPY requirements.txt, RUN pip install, then COPY the code.
    """
    every = [d for d in project_files.dockerfiles if d.stages]
    ignores = any(f.name.endswith(".dockerignore") for f in project_files.tree.files)
    return settle(
        project_files.tree,
        {
            "CON-02.1": [s for d in every for s in _base(d)],
            "CON-02.2": [s for d in every for s in _layers(d, ignores)],
        },
        "no Dockerfile",
    )


def _base(dockerfile: Dockerfile) -> Iterator[Said]:
    root = list(dockerfile.final.chain())[-1]
    image = root.base.lower()
    at = dockerfile.at(root.line)
    name, _, tag = image.rpartition("/")[2].partition(":")
    loose = image != "scratch" and "@sha256" not in image and (tag in ("", "latest")) and "$" not in image
    if _LARGE.search(image) and not _SMALL.search(image):
        yield weak(f"rests on {root.base}, a full image", at, f"Take {_smaller(image)} for the shipped stage.")
    if loose:
        yield weak(f"rests on {root.base} without a fixed tag", at, f"Name a version: FROM {name}:<version>.")
    elif _SMALL.search(image):
        yield good(f"rests on {root.base}", at)


def _smaller(image: str) -> str:
    python = re.search(r"python:(\d+(?:\.\d+)+)$", image)
    return f"python:{python[1]}-slim" if python else "a slim, runtime or distroless tag"


def _layers(dockerfile: Dockerfile, ignores: bool) -> Iterator[Said]:
    faults = list(_faults(dockerfile, ignores))
    yield from faults
    if not faults and any(_installing(i) for s in dockerfile.stages for i in s.instructions):
        yield good("installs dependencies before it copies the code", dockerfile.at(dockerfile.final.line))


def _faults(dockerfile: Dockerfile, ignores: bool) -> Iterator[Said]:
    for stage in dockerfile.stages:
        whole = next((i for i in stage.instructions if _copies_code(i)), None)
        install = next((i for i in stage.instructions if _installing(i)), None)
        if whole and install and whole.line < install.line:
            yield weak(
                "copies the code before it installs dependencies: each change of code installs all again",
                dockerfile.at(whole.line),
                "COPY requirements.txt alone, RUN pip install, then COPY the rest.",
            )
    if any(_everything(i) for s in dockerfile.stages for i in s.instructions) and not ignores:
        line = next(i.line for s in dockerfile.stages for i in s.instructions if _everything(i))
        yield weak(
            "copies the whole folder and there is no .dockerignore",
            dockerfile.at(line),
            "Write a .dockerignore with .git, .env, data/, notebooks/.",
        )
    yield from _lists(dockerfile, dockerfile.final)


def _lists(dockerfile: Dockerfile, final: Stage) -> Iterator[Said]:
    for run in final.all("RUN"):
        if re.search(r"apt(-get)?\s+(-\S+\s+)*install", run.value) and not re.search(
            r"/var/lib/apt|--mount=type=cache", run.value
        ):
            yield weak(
                "leaves the package lists of apt in the image",
                dockerfile.at(run.line),
                "End that RUN with && rm -rf /var/lib/apt/lists/*.",
            )


def _installing(instruction: Instruction) -> bool:
    return instruction.name == "RUN" and bool(_INSTALLS.search(instruction.value))


def _sources(instruction: Instruction) -> list[str]:
    if instruction.name not in ("COPY", "ADD") or "--from=" in instruction.value:
        return []
    words = re.sub(r"[\[\]\",]", " ", instruction.value).split()
    return [w for w in words if not w.startswith("--")][:-1]


def _everything(instruction: Instruction) -> bool:
    return any(s in (".", "./", "/") for s in _sources(instruction))


def _copies_code(instruction: Instruction) -> bool:
    """The whole folder, or a folder of code; the manifests of dependencies alone are no code."""
    return any(
        s in (".", "./") or (s.rstrip("/").endswith((".py", "src", "app")) and not _MANIFEST.search(s))
        for s in _sources(instruction)
    ) and not any(_MANIFEST.search(s) for s in _sources(instruction))
