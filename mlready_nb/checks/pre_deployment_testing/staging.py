"""Is there a place like production where a release is tried first: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle
from mlready_nb.project.jobs import deploying

_STAGING = re.compile(r"stag(e|ing)\b|pre-?prod|\buat\b|\bqa\b", re.IGNORECASE)


@check("STG-01.1", "STG-01.2", "STG-01.3")
def staging(project_files: Project) -> Finding:
    """A job that deploys to staging, and tests that run there.

    What it measures: Deploying jobs whose name or environment says staging; smoke, integration or end-to-end tests and
    load tests in that pipeline after it.

    Why it matters: The first deployment of a release should not be the one that customers meet.

    Blind spots: Whether it was ever run, and how: link the run when you attest.

    How to mend: A job deploy-staging with environment: staging, then a job that runs tests/integration against it.
    """
    return settle(
        project_files.tree,
        {
            "STG-01.1": list(_deployed(project_files)),
            "STG-01.2": list(
                _after(project_files, r"smoke|integration|e2e|end[-_ ]to[-_ ]end|newman|schemathesis", "tries it with")
            ),
            "STG-01.3": list(
                _after(
                    project_files,
                    r"locust|k6|jmeter|wrk|load[-_ ]?test|benchmark|artillery|gatling",
                    "measures it with",
                )
            ),
        },
        "no job that deploys to staging",
    )


def _deployed(project: Project) -> Iterator[Said]:
    for pipeline, job in deploying(project.pipelines):
        if _STAGING.search(f"{job.name} {job.environment}") or re.search(
            r"(--namespace|-n|--env(ironment)?|overlays/|values[-.])\s*=?\s*stag", job.text
        ):
            yield good(f"deploys to staging in the job {job.name}", pipeline.at(job))


def _after(project: Project, pattern: str, words: str) -> Iterator[Said]:
    for pipeline in project.pipelines:
        staged = [j for p, j in deploying([pipeline]) if _STAGING.search(f"{j.name} {j.environment}")]
        for job in pipeline.jobs if staged else ():
            match = re.search(pattern, f"{job.name} {job.text}", re.IGNORECASE)
            if match and (
                job in staged or any(s.name.split(" (")[0] in job.needs or s.name in job.needs for s in staged)
            ):
                yield good(f"{words} {match[0]} after staging", pipeline.at(job))
