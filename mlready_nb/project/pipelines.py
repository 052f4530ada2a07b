"""CI and CD of whatever vendor, found and brought to one shape."""

from __future__ import annotations

import re
from dataclasses import replace

from mlready_nb.project import vendors
from mlready_nb.project.files import File, Tree
from mlready_nb.project.jobs import Pipeline
from mlready_nb.project.yamls import Map, broken, load

#: Azure lets a pipeline have any name: it shows by its keys.
_AZURE = re.compile(r"^(pool|trigger|resources):", re.MULTILINE)
_STEPS = re.compile(r"^(stages|jobs|steps):|^\s+- (stage|job|task):", re.MULTILINE)


def pipelines(tree: Tree) -> list[Pipeline]:
    """Every pipeline of the folder."""
    found = []
    for file in tree.files[:20_000]:
        reader = _reader(file)
        named = "pipeline" in file.path.lower() and file.suffix in (".yml", ".yaml")
        if (reader is None and not named) or file.size > 300_000:
            continue
        text = tree.text(file)
        if reader is None:
            if not (_AZURE.search(text) and _STEPS.search(text)):
                continue
            reader = vendors.azure
        if reader is vendors.jenkins:
            found.append(vendors.jenkins(file, text, None))
            continue
        fault = broken(text) if "{{" not in text.replace("${{", "") else None
        docs = [d for d in load(re.sub(r"\$\{\{.*?\}\}", "templated", text)) if isinstance(d, Map)]
        if fault and not docs:
            found.append(Pipeline(path=file.path, system="CI", broken=fault, text=text))
        elif docs:
            found.append(reader(file, text, docs[0]))
    return [_with_called(p, found) for p in found]


def _with_called(pipeline: Pipeline, every: list[Pipeline]) -> Pipeline:
    """Jobs that call another workflow of the repository, with what that one runs."""
    texts = {p.path.rpartition("/")[2]: "\n".join(j.text for j in p.jobs) for p in every}
    jobs = []
    for job in pipeline.jobs:
        called = re.search(r"\./\.github/workflows/([\w.-]+)", job.text)
        more = texts.get(called[1], "") if called and pipeline.path.rpartition("/")[2] != called[1] else ""
        jobs.append(replace(job, text=f"{job.text}\n{more}") if more else job)
    return replace(pipeline, jobs=tuple(jobs))


def _reader(file: File):  # type: ignore[no-untyped-def]  # noqa: ANN202
    path = "/" + file.path.lower()
    if "/.github/workflows/" in path and file.suffix in (".yml", ".yaml"):
        return vendors.github
    if file.name == ".gitlab-ci.yml" or ("/.gitlab/" in path and file.suffix in (".yml", ".yaml")):
        return vendors.gitlab
    if file.name.startswith("jenkinsfile"):
        return vendors.jenkins
    if (file.name.startswith("azure-pipelines") and file.suffix in (".yml", ".yaml")) or (
        "/.azure" in path and file.suffix in (".yml", ".yaml")
    ):
        return vendors.azure
    if path.endswith(("/.circleci/config.yml", "/.circleci/config.yaml")):
        return vendors.circle
    if file.name == "bitbucket-pipelines.yml":
        return vendors.bitbucket
    if file.name.startswith(("cloudbuild", "buildspec", ".travis", ".drone", "codefresh")) and file.suffix in (
        ".yml",
        ".yaml",
    ):
        return vendors.plain
    return None
