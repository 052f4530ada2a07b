"""The deployment runbook's fields, from the files that ship the project."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from mlready_nb.fieldfacts import KEEP, Fact, fact
from mlready_nb.fieldfacts.files import Shipping, shipping

#: Steps that are listed of one job.
STEPS = 8
_TESTS = re.compile(r"\b(pytest|tox|nox|unittest|make test|ctest|npm test)\b")
_DEPLOYS = re.compile(r"deploy|release|publish|rollout|prod", re.IGNORECASE)
_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")


@lru_cache(maxsize=1)
def _read(folder: Path, _turn: int) -> Shipping:
    return shipping(folder)


def _files(project: Path) -> Shipping:
    return _read(project, int(time.monotonic() // KEEP))


@fact("runbook_pre_deployment.1")
def tests(project: Path) -> Fact | None:
    """The command by which the pipeline runs the tests."""
    for path, _, commands in _jobs(_files(project)):
        for command in commands:
            if _TESTS.search(command):
                return command, path
    for path, text in _files(project).named(r"Makefile$"):
        if re.search(r"^test:", text, re.MULTILINE):
            return "make test", path
    return None


@fact("runbook_deployment_steps.1")
def deployment(project: Path) -> Fact | None:
    """The steps of the job that deploys, else what builds and starts the image."""
    found = _files(project)
    for path, name, commands in _jobs(found):
        if _DEPLOYS.search(name) and commands:
            return "\n".join(commands[:STEPS]), f"job {name} of {path}"
    for path, text in found.named(r"Makefile$"):
        if re.search(r"^deploy:", text, re.MULTILINE):
            return "make deploy", path
    for path, kind, name, _ in _workloads(found):
        return f"kubectl apply -f {path}\nkubectl rollout status {kind.lower()}/{name}", path
    for path, _ in found.named(r"(^|/)(docker-)?compose[\w.-]*\.ya?ml$"):
        return f"docker compose -f {path} up --build --detach", path
    for path, text in found.named(r"(^|/)Dockerfile[\w.-]*$"):
        image = re.sub(r"[^a-z0-9_.-]+", "-", found.root.name.lower()).strip("-.") or "model"
        port = re.search(r"^EXPOSE\s+(\d+)", text, re.MULTILINE)
        ports = f" -p 127.0.0.1:{port[1]}:{port[1]}" if port else ""
        return f"docker build -t {image} -f {path} .\ndocker run --rm{ports} {image}", path
    return None


@fact("runbook_verification.health_check_passing")
def health(project: Path) -> Fact | None:
    """The address that the platform itself asks: a probe of the manifest, the image's HEALTHCHECK."""
    found = _files(project)
    for path, _, _, spec in _workloads(found):
        for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
            for container in _list(spec, "template", "spec", "containers"):
                asked = _get(container, probe, "httpGet", "path")
                if isinstance(asked, str):
                    return f"GET {asked}", f"{probe} of {path}"
    for path, text in found.named(r"(^|/)Dockerfile[\w.-]*$"):
        asked = re.search(
            r"^HEALTHCHECK[^\n]*?https?://[^/\s\"']+(/[\w/.-]*)", re.sub(r"\\\n", " ", text), re.MULTILINE
        )
        if asked:
            return f"GET {asked[1]}", f"HEALTHCHECK of {path}"
    return None


@fact("runbook_rollback.2")
def rollback(project: Path) -> Fact | None:
    """One command: the project's own, else the platform's for the workload that is there."""
    found = _files(project)
    for path, text in found.named(r"Makefile$"):
        if re.search(r"^rollback:", text, re.MULTILINE):
            return "make rollback", path
    for path, name, commands in _jobs(found):
        if re.search(r"roll.?back|revert", name, re.IGNORECASE) and commands:
            return commands[0], f"job {name} of {path}"
    for path, kind, name, _ in _workloads(found):
        return f"kubectl rollout undo {kind.lower()}/{name}", f"{kind} {name} of {path}"
    for path, content in found.documents:
        if path.endswith("Chart.yaml") and isinstance(content.get("name"), str):
            return f"helm rollback {content['name']}", path
    return None


# -- reading --------------------------------------------------------------------
def _jobs(found: Shipping) -> Iterator[tuple[str, str, list[str]]]:
    """(file, job, commands) of GitHub's and GitLab's pipelines; several lines of one step stay apart."""
    for path, content in found.documents:
        if path.startswith(".github/workflows/"):
            for name, job in _pairs(content.get("jobs")):
                label = str(job.get("name") or name)
                yield (
                    path,
                    label,
                    _commands(s.get("run") or s.get("uses") for s in _list(job, "steps") if isinstance(s, dict)),
                )
        elif path == ".gitlab-ci.yml":
            for name, job in _pairs(content):
                yield path, f"{name} {job.get('stage', '')}".strip(), _commands(_list(job, "script"))


def _commands(lines: Any) -> list[str]:
    """Commands of a job, without the steps that only prepare the machine."""
    texts = [
        line.strip() for text in lines if isinstance(text, str) for line in re.sub(r"\\\n\s*", " ", text).splitlines()
    ]
    return [t for t in texts if t and not re.match(r"(actions/(checkout|setup-|cache)|#|set -|echo )", t)]


def _workloads(found: Shipping) -> Iterator[tuple[str, str, str, Any]]:
    for path, content in found.documents:
        name = _get(content, "metadata", "name")
        if content.get("kind") in _WORKLOADS and isinstance(name, str) and re.fullmatch(r"[\w.-]+", name):
            yield path, str(content["kind"]), name, content.get("spec")


def _pairs(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield from ((str(k), v) for k, v in value.items() if isinstance(v, dict))


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _list(value: Any, *keys: str) -> list[Any]:
    found = _get(value, *keys)
    return found if isinstance(found, list) else []
