"""Is there a pipeline that tests, deploys, and asks a person before production: what the files say."""

from __future__ import annotations

from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.jobs import BUILDS, Pipeline, deploying, waits_for_tests


@check("DEP-01.1", "DEP-01.2", "DEP-01.3")
def pipeline(project_files: Project) -> Finding:
    """A pipeline that runs tests, deploys what passed them, and stops for a person before production.

    What it measures: The jobs of GitHub Actions, GitLab, Jenkins, Azure, CircleCI, Bitbucket, Cloud Build: which of them
    test, build, deploy; whether deployment waits for the tests; whether a failed test can be overlooked; approvals.

    Why it matters: A deployment by hand is done differently each time, and on the worst day by the wrong person.

    Blind spots: Reviewers of an environment are set at the vendor and are not seen here; pipelines kept elsewhere.

    How to mend: deploy: needs: test, environment: production, with required reviewers on that environment.
    """
    every = [p for p in project_files.pipelines if p.jobs or p.broken]
    broken = [bad(f"cannot be read: {p.broken}", p.path, "Mend its YAML.") for p in every if p.broken]
    return settle(
        project_files.tree,
        {
            "DEP-01.1": [*broken, *_configured(every)],
            "DEP-01.2": list(_tested(every)),
            "DEP-01.3": list(_approved(every)),
        },
        "no pipeline (.github/workflows, .gitlab-ci.yml, Jenkinsfile, azure-pipelines.yml, .circleci...)",
        measured={"pipelines": len(every), "jobs": sum(len(p.jobs) for p in every)},
    )


def _configured(every: list[Pipeline]) -> Iterator[Said]:
    able = [p for p in every if p.jobs]
    deploys = list(deploying(able))
    if deploys:
        found, job = deploys[0]
        yield good(f"{found.system} deploys in the job {job.name}", found.at(job))
    elif built := next(((p, j) for p in able for j in p.jobs if BUILDS.search(j.text)), None):
        yield good(f"{built[0].system} builds in the job {built[1].name}", built[0].at(built[1]))
    elif able:
        yield weak(
            f"{able[0].system} runs {', '.join(j.name for j in able[0].jobs[:3])}, and nothing is built or deployed",
            able[0].at(able[0].jobs[0]),
            "Add a job that builds the image and deploys it once the tests have passed.",
        )


def _tested(every: list[Pipeline]) -> Iterator[Said]:
    able = [p for p in every if p.jobs]
    testing = [(p, j) for p in able for j in p.jobs if j.tests]
    for found, job in testing:
        if job.optional:
            yield weak(
                f"the tests of the job {job.name} cannot fail the pipeline",
                found.at(job),
                "Drop continue-on-error, allow_failure or || true.",
            )
        else:
            yield good(f"tests run in the job {job.name}", found.at(job))
    for found, job in deploying(able):
        if any(p is found for p, _ in testing) and not waits_for_tests(found, job):
            yield weak(
                f"the job {job.name} deploys without waiting for the tests", found.at(job), "Give it needs: [test]."
            )
    if able and not testing:
        found, job = next(deploying(able), (able[0], able[0].jobs[0]))
        said = bad if any(deploying(able)) else weak
        yield said(
            f"{found.system} runs no test" + (f" before {job.name}" if said is bad else ""),
            found.at(job),
            "Run pytest in a job that the deployment needs.",
        )


def _approved(every: list[Pipeline]) -> Iterator[Said]:
    deploys = list(deploying(every))
    final = [(p, j) for p, j in deploys if j.production] or deploys
    for found, job in final:
        gate = job.gate or _upstream(found, job.needs)
        if not gate and found.by_hand:
            gate = "workflow_dispatch: a person starts it"
        if gate:
            yield good(f"the job {job.name} waits for a person: {gate}", found.at(job))
        elif not _rehearses(f"{job.name} {job.environment} {found.path}"):
            yield weak(
                f"the job {job.name} deploys with nobody's approval",
                found.at(job),
                "Give it environment: production with required reviewers (GitLab: when: manual; Jenkins: input).",
            )


def _upstream(found: Pipeline, needs: tuple[str, ...]) -> str:
    by_name = {j.name: j for j in found.jobs}
    return next((by_name[n].gate for n in needs if n in by_name and by_name[n].gate), "")


def _rehearses(text: str) -> bool:
    return any(w in text.lower() for w in ("stag", "dev", "test", "preview", "review", "sandbox", "qa"))
