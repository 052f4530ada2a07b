"""One shape for the pipelines of all vendors: jobs with their commands, gates and schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mlready_nb.project.yamls import listed, visit

TESTS = re.compile(
    r"\bpytest\b|(^|[\s/])(run[-_])?tests?[\w-]*\.(sh|py)\b|scripts/test|\b(mise|task|just|make|poe|nox|inv|invoke|hatch|pdm|rye|npm|yarn|pnpm|uvx?) (run )?(-\S+ )*(\S*[:_-])?tests?\b|unittest|\btox\b|\bnox\b|make (-\S+ )*(unit-?|integration-?)?tests?\b|coverage run|hatch (run )?test|npm (run )?test"
    r"|nose2|pdm (run )?test|poe test|task test|just test|ctest|behave|tavern|newman run|schemathesis|great_expectations|invoke test|bazel test"
)
DEPLOYS = re.compile(
    r"kubectl (\S+ )*(apply|set image|rollout)|helm (\S+ )*(upgrade|install)|gcloud (\S+ )*(run|app|functions|endpoints) (\S+ )*deploy"
    r"|gcloud ai|ecs (update-service|deploy)|ecs-deploy|amazon-ecs-deploy|sam deploy|serverless deploy|sls deploy|terraform apply"
    r"|az (webapp|containerapp|ml|aks|functionapp)|webapps-deploy|cdk deploy|heroku|fly(ctl)? deploy|argocd|eb deploy|sagemaker|k8s-deploy"
    r"|docker[- ]compose (\S+ )*up -d|docker stack deploy|ansible-playbook|aws lambda update|deploy-cloudrun|bentoml deploy"
    r"|modal deploy|railway up|render\.com|mlflow deployments|azure/k8s|cloudformation deploy|pulumi up|skaffold run|huggingface-cli upload"
    r"|upload_folder|git push (\S+ )*(space|hf|dokku)|\bdeploy\.sh|make (\S+ )*deploy|ssh-action|AzureML|KubernetesManifest@|HelmDeploy@|AzureWebApp@",
    re.IGNORECASE,
)
BUILDS = re.compile(
    r"docker (buildx )?build|build-push-action|docker\.build|docker\.withRegistry|kaniko|buildah|podman build|docker[- ]compose (\S+ )*build|docker/build|Docker@\d|gcloud builds submit|bentoml (build|containerize)|docker push|make (\S+ )*\S*(build|image|package|release)\S*|twine upload|pypi-publish|(poetry|uv|flit|hatch) publish|python -m build|poetry build",
    re.IGNORECASE,
)
#: A site of documentation is no deployment of a model.
_PAGES = re.compile(
    r"gh-pages|github[-_ ]pages|deploy-pages|mkdocs|sphinx|jupyter-book|quarto|\bdocs?\b|api-reference", re.IGNORECASE
)
PRODUCTION = re.compile(r"prod|live|release", re.IGNORECASE)
APPROVES = re.compile(r"manual-approval|ManualValidation@|ManualIntervention@|\bapproval\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job: what it runs, what it waits for, who lets it start."""

    name: str
    line: int
    #: every command, action and script of it
    text: str
    environment: str = ""
    needs: tuple[str, ...] = ()
    #: waits for a person: why it is thought so, empty when it does not
    gate: str = ""
    #: its failure is ignored
    optional: bool = False

    @property
    def tests(self) -> bool:
        """Does it run tests."""
        return bool(TESTS.search(self.text))

    @property
    def deploys(self) -> bool:
        """Does it bring something to a running place: by its commands, or by its name and an environment."""
        if _PAGES.search(f"{self.name} {self.text}") and not re.search(r"kubectl|helm|docker|terraform", self.text):
            return False
        if DEPLOYS.search(self.text):
            return True
        named = bool(re.search(r"deploy|release to|rollout", self.name, re.IGNORECASE))
        return named and bool(self.environment or self.text.strip())

    @property
    def production(self) -> bool:
        """Does it name production."""
        return bool(PRODUCTION.search(f"{self.name} {self.environment}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """One file of one CI system."""

    path: str
    system: str
    jobs: tuple[Job, ...] = ()
    #: cron expressions with their lines
    schedules: tuple[tuple[str, int], ...] = ()
    #: starts by a person's hand only
    by_hand: bool = False
    #: why it cannot be read
    broken: str = ""
    text: str = field(default="", repr=False)

    def at(self, job: Job) -> str:
        """`.github/workflows/ci.yml:12`."""
        return f"{self.path}:{job.line}"


def words(value: object) -> str:
    """Every scalar and key below a value as one text."""
    parts = [str(value)] if not isinstance(value, (dict, list)) else []
    parts += [str(item) for item in listed(value) if isinstance(value, list) and not isinstance(item, (dict, list))]
    for path, inner, _ in visit(value):
        parts.append(path[-1])
        parts += [str(item) for item in listed(inner) if not isinstance(item, (dict, list))]
    return "\n".join(parts)


def waits_for_tests(pipeline: Pipeline, job: Job) -> bool:
    """Does a job run tests before it deploys, itself or in a job it waits for."""
    if job.tests:
        return True
    by_name = {j.name.partition(" ")[0]: j for j in pipeline.jobs} | {j.name: j for j in pipeline.jobs}
    stages = {j.name.partition(" ")[0] for j in pipeline.jobs if j.tests}  # of a stage, any job that tests
    seen: set[str] = set()
    waiting = list(job.needs)
    while waiting:
        name = waiting.pop()
        other = by_name.get(name)
        if other is None or name in seen:
            continue
        seen.add(name)
        if other.tests or name in stages:
            return True
        waiting.extend(other.needs)
    return False


def deploying(every: list[Pipeline]) -> Iterator[tuple[Pipeline, Job]]:
    """Each job that deploys, with its pipeline."""
    for pipeline in every:
        for job in pipeline.jobs:
            if job.deploys:
                yield pipeline, job
