"""Is the image run once before it is shipped, and scanned: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.jobs import BUILDS
from mlready_nb.project.reports import vulnerabilities

_RUNS = re.compile(
    r"docker run|docker[- ]compose (\S+ )*up|podman run|container-structure-test|dgoss|goss\b|docker exec|testcontainers",
    re.IGNORECASE,
)
_SCANS = re.compile(
    r"\btrivy\b|trivy-action|grype|snyk|anchore|clair\b|docker scout|scan-action|dockle|checkov|image-scan|ScanOnPush|container[-_]scanning",
    re.IGNORECASE,
)


@check("CON-01.3", "CON-03.3")
def image_tested(project_files: Project, *, most_critical: int = 0) -> Finding:
    """The image, started and scanned by a pipeline, or by hand with the report kept.

    What it measures: Steps of pipelines and Makefiles that run the image they built (docker run, compose up, structure
    tests); Trivy, Grype or Snyk in a pipeline; their JSON reports: critical and high vulnerabilities.

    Why it matters: An image that was never started fails on the day it is needed.

    Blind spots: What was tried by hand: attest it. A report tells of the day it was written.

    How to mend: docker run -d -p 8000:8000 $IMAGE && curl --retry 5 localhost:8000/health; trivy image --exit-code 1 $IMAGE
    """
    if not project_files.dockerfiles:
        return settle(project_files.tree, {}, "no Dockerfile")
    return settle(
        project_files.tree,
        {"CON-01.3": list(_run(project_files)), "CON-03.3": list(_scanned(project_files, most_critical))},
        "no step that runs or scans the image, and no Trivy or Grype report,",
    )


def _run(project: Project) -> Iterator[Said]:
    for pipeline in project.pipelines:
        for job in pipeline.jobs:
            tries = not job.deploys or job.tests or re.search(r"\bcurl\b|health", job.text)
            if (BUILDS.search(job.text) and _RUNS.search(job.text) and tries) or "container-structure-test" in job.text:
                yield good(f"builds the image and starts it in the job {job.name}", pipeline.at(job))
                return
    for file in project.tree.named("makefile", "justfile", "taskfile.y*ml", "*smoke*.sh"):
        text = project.tree.text(file)
        if (match := _RUNS.search(text)) and re.search(r"curl|pytest|health|smoke|test", text):
            yield good("starts the image and tries it", f"{file.path}:{text[: match.start()].count(chr(10)) + 1}")
            return


def _scanned(project: Project, most: int) -> Iterator[Said]:
    for path, scanner, critical, high in vulnerabilities(project.tree):
        if critical > most:
            yield bad(
                f"{scanner} found {critical} critical and {high} high vulnerabilities, the limit is {most} critical",
                path,
                "Take a newer base image, and raise the packages it names.",
            )
        else:
            yield good(f"{scanner} found {critical} critical and {high} high vulnerabilities", path)
    for pipeline in project.pipelines:
        for job in pipeline.jobs:
            if match := _SCANS.search(job.text):
                if job.optional or re.search(r"exit-code['\"]?[:\s=]+['\"]?0", job.text):
                    yield weak(
                        f"scans with {match[0]}, and a finding does not stop it",
                        pipeline.at(job),
                        "Set exit-code: 1 with severity: CRITICAL.",
                    )
                else:
                    yield good(f"scans with {match[0]} in the job {job.name}", pipeline.at(job))
