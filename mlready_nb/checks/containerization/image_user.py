"""Which user runs inside the container: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, unsure
from mlready_nb.project.docker import Dockerfile
from mlready_nb.project.manifests import containers, foreign, is_compose
from mlready_nb.project.yamls import Map, visit

#: Images that do not start as root.
_NOT_ROOT = re.compile(
    r"nonroot|chainguard|cgr\.dev|micromamba|jupyter/|quay\.io/jupyter|bitnami/|ubi\d.*/python|s2i-|pytorch/torchserve|seldonio/"
)
#: Images that do: the official ones, and those of the frameworks.
_ROOT = re.compile(
    r"^(docker\.io/)?(library/)?[a-z0-9.-]+(:|@|$)|^(tensorflow|pytorch|nvidia|nvcr\.io/nvidia|continuumio|condaforge|tiangolo|ghcr\.io/astral-sh|huggingface|mcr\.microsoft\.com)/|distroless"
)


@check("CON-03.2")
def image_user(project_files: Project) -> Finding:
    """A container that does not run as root.

    What it measures: The last USER that the shipped stage has or inherits; without one, whether its base image is known
    to start as root, and whether a manifest (`runAsNonRoot`, `runAsUser`) or compose file (`user:`) sets another.

    Why it matters: A flaw in the service, run as root, owns the container and often the machine under it.

    Blind spots: A private base image may set a user that cannot be seen here: then a person is asked.

    How to mend: RUN useradd --create-home app, then USER app as the last lines before CMD.
    """
    every = [d for d in project_files.dockerfiles if d.stages]
    elsewhere = _set_by_manifest(project_files)
    return settle(project_files.tree, {"CON-03.2": [s for d in every for s in _user(d, elsewhere)]}, "no Dockerfile")


def _user(dockerfile: Dockerfile, elsewhere: str) -> Iterator[Said]:
    said = dockerfile.final.last("USER")
    remedy = "Add RUN useradd --create-home app and USER app before CMD."
    if said is not None:
        user = _filled(said.value.strip().strip("\"'").split(":")[0], dockerfile)
        if user in ("root", "0"):
            if elsewhere:
                yield good(f"is started as another user by {elsewhere}", dockerfile.at(said.line))
            else:
                yield bad(f"runs as root: USER {said.value.strip()}", dockerfile.at(said.line), remedy)
        else:
            yield good(f"runs as {user}", dockerfile.at(said.line))
    elif _NOT_ROOT.search(dockerfile.final.image):
        yield good(f"runs as the user of {dockerfile.final.image}", dockerfile.at(dockerfile.final.line))
    elif elsewhere:
        yield good(f"is started as another user by {elsewhere}", dockerfile.at(dockerfile.final.line))
    elif _ROOT.search(dockerfile.final.image):
        yield bad("runs as root: no USER in the shipped stage", dockerfile.at(dockerfile.final.line), remedy)
    elif dockerfile.final.image == "scratch" or "/" in dockerfile.final.image:
        yield unsure(
            f"names no USER, and what {dockerfile.final.image} sets is not known here",
            dockerfile.at(dockerfile.final.line),
            remedy,
        )


def _filled(user: str, dockerfile: Dockerfile) -> str:
    """A variable's default, when an ARG or ENV of the stage gives one."""
    name = user.lstrip("$").strip("{}")
    for one in dockerfile.final.all("ARG", "ENV") if user.startswith("$") else ():
        key, _, value = one.value.partition("=")
        if key.strip() == name and value:
            return value.strip()
    return user


def _set_by_manifest(project: Project) -> str:
    for doc in project.manifests:
        for service in doc.body["services"].values() if is_compose(doc) else ():
            user = (
                str(service.get("user") or "").split(":")[0] if isinstance(service, Map) and "build" in service else ""
            )
            if user not in ("", "0", "root"):
                return doc.at(service.lines["user"])
        if all(foreign(c) for c in containers(doc)):
            continue
        for path, value, line in visit(doc.body):
            if path[-1] == "runAsNonRoot" and value is True:
                return doc.at(line)
            if path[-1] == "runAsUser" and isinstance(value, int) and value > 0:
                return doc.at(line)
    return ""
