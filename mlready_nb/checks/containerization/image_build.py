"""Is there a Dockerfile that builds an image, in more than one stage: what the files say."""

from __future__ import annotations

from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.docker import Dockerfile


@check("CON-01.1", "CON-01.2")
def image_build(project_files: Project) -> Finding:
    """A Dockerfile that can be built, in stages that leave the build tools behind.

    What it measures: Each Dockerfile that may be shipped (not those of dev containers, tests, examples): does it begin
    with FROM, and does its last stage take what earlier stages built.

    Why it matters: An image that carries compilers and caches is larger, slower to start and easier to attack.

    Blind spots: Whether the build succeeds; images built by other means (buildpacks, BentoML, SageMaker).

    How to mend: Build wheels in a first stage, copy them into a slim second one: `COPY --from=build /wheels /wheels`.
    """
    every = project_files.dockerfiles
    return settle(
        project_files.tree,
        {"CON-01.1": [_written(d) for d in every], "CON-01.2": [s for d in every for s in _stages(d)]},
        "no Dockerfile",
    )


def _written(dockerfile: Dockerfile) -> Said:
    if not dockerfile.stages:
        return bad("has no FROM: nothing can be built from it", dockerfile.path, "Begin it with FROM python:3.12-slim.")
    first = dockerfile.stages[0]
    if not first.base or (any(not s.instructions for s in dockerfile.stages[-1:]) and len(dockerfile.stages) == 1):
        return weak(f"holds nothing but FROM {first.base}", dockerfile.at(first.line), "Copy model and code into it.")
    return good(f"builds on {dockerfile.final.image}", dockerfile.at(first.line))


def _stages(dockerfile: Dockerfile) -> Iterator[Said]:
    if not dockerfile.stages:
        return
    final = dockerfile.final
    earlier = {s.alias.lower() for s in dockerfile.stages[:-1] if s.alias} | {
        str(i) for i in range(len(dockerfile.stages) - 1)
    }
    takes = any(
        f"--from={name}" in i.value.lower() for i in final.all("COPY", "ADD", "RUN") for name in earlier
    ) or any(f"from={name}" in i.value.lower() for i in final.all("RUN") for name in earlier)
    if len(dockerfile.stages) == 1:
        yield weak(
            "has one stage: what only the build needs stays in the image",
            dockerfile.at(final.line),
            "Install into a virtual environment in a first stage (FROM ... AS build) and COPY --from=build it.",
        )
    elif not takes and final.parent is None:
        yield weak(
            f"has {len(dockerfile.stages)} stages, but the last takes nothing from the others",
            dockerfile.at(final.line),
            f"COPY --from={dockerfile.stages[0].alias or '0'} what was built.",
        )
    else:
        yield good(f"builds in {len(dockerfile.stages)} stages", dockerfile.at(final.line))
