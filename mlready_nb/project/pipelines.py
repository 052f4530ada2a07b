"""CI and CD of whatever vendor, brought to one shape: pipelines of jobs with their commands, gates and schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from mlready_nb.project.files import File, Tree
from mlready_nb.project.yamls import Map, broken, dig, listed, load, visit

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
    r"docker (buildx )?build|build-push-action|kaniko|buildah|podman build|docker[- ]compose (\S+ )*build|docker/build|Docker@\d|gcloud builds submit|bentoml (build|containerize)|docker push|make (\S+ )*\S*(build|image|package|release)\S*|twine upload|pypi-publish|(poetry|uv|flit|hatch) publish|python -m build|poetry build",
    re.IGNORECASE,
)
#: A site of documentation is no deployment of a model.
_PAGES = re.compile(
    r"gh-pages|github[-_ ]pages|deploy-pages|mkdocs|sphinx|jupyter-book|quarto|\bdocs?\b|api-reference", re.IGNORECASE
)
_PRODUCTION = re.compile(r"prod|live|release", re.IGNORECASE)
_APPROVES = re.compile(r"manual-approval|ManualValidation@|ManualIntervention@|\bapproval\b", re.IGNORECASE)


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
        return bool(_PRODUCTION.search(f"{self.name} {self.environment}"))


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
            reader = _azure
        if reader is _jenkins:
            found.append(_jenkins(file, text, None))
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
        return _github
    if file.name == ".gitlab-ci.yml" or ("/.gitlab/" in path and file.suffix in (".yml", ".yaml")):
        return _gitlab
    if file.name.startswith("jenkinsfile"):
        return _jenkins
    if (file.name.startswith("azure-pipelines") and file.suffix in (".yml", ".yaml")) or (
        "/.azure" in path and file.suffix in (".yml", ".yaml")
    ):
        return _azure
    if path.endswith(("/.circleci/config.yml", "/.circleci/config.yaml")):
        return _circle
    if file.name == "bitbucket-pipelines.yml":
        return _bitbucket
    if file.name.startswith(("cloudbuild", "buildspec", ".travis", ".drone", "codefresh")) and file.suffix in (
        ".yml",
        ".yaml",
    ):
        return _plain
    return None


def words(value: object) -> str:
    """Every scalar and key below a value as one text."""
    parts = [str(value)] if not isinstance(value, (dict, list)) else []
    parts += [str(item) for item in listed(value) if isinstance(value, list) and not isinstance(item, (dict, list))]
    for path, inner, _ in visit(value):
        parts.append(path[-1])
        parts += [str(item) for item in listed(inner) if not isinstance(item, (dict, list))]
    return "\n".join(parts)


def _env(value: object) -> str:
    return str(dig(value, "name") or dig(value, "action") or "") if isinstance(value, dict) else str(value or "")


def _github(file: File, text: str, body: Map) -> Pipeline:
    jobs = []
    for name, job in (body.get("jobs") or {}).items() if isinstance(body.get("jobs"), dict) else ():
        if not isinstance(job, Map):
            continue
        steps = [s for s in listed(job.get("steps")) if isinstance(s, dict)]
        said = words(steps) + "\n" + str(job.get("uses") or "") + "\n" + str(job.get("name") or "")
        environment = _env(job.get("environment"))
        gate = "its manual approval step" if _APPROVES.search(said) else ""
        if environment and _PRODUCTION.search(environment):
            gate = gate or f"the environment {environment}, whose reviewers are set on GitHub"
        tests = [s for s in steps if TESTS.search(words(s))]
        loose = job.get("continue-on-error") is True or (
            bool(tests) and all(s.get("continue-on-error") is True or _ignored(words(s)) for s in tests)
        )
        jobs.append(
            Job(
                name=str(name), line=body["jobs"].lines.get(name, 1), text=said, environment=environment,
                needs=tuple(map(str, listed(job.get("needs")))), gate=gate, optional=loose,
            )
        )  # fmt: skip
    on = body.get("on")
    triggers = set(on) if isinstance(on, dict) else set(map(str, listed(on)))
    entries = [e for e in listed(dig(on, "schedule")) if isinstance(e, Map) and "cron" in e]
    crons = [(str(e["cron"]), e.lines["cron"]) for e in entries]
    return Pipeline(
        path=file.path, system="GitHub Actions", jobs=tuple(jobs), schedules=tuple(crons),
        by_hand=triggers == {"workflow_dispatch"}, text=text,
    )  # fmt: skip


def _ignored(text: str) -> bool:
    return bool(re.search(r"(pytest|tox|unittest|make test)[^\n]*\|\|\s*(true|:|exit 0|echo)", text))


_GITLAB_WORDS = frozenset(
    [
        "stages",
        "variables",
        "include",
        "default",
        "workflow",
        "image",
        "services",
        "cache",
        "before_script",
        "after_script",
        "pages:deploy",
    ]
)


def _gitlab(file: File, text: str, body: Map) -> Pipeline:
    jobs = []
    stages = [str(s) for s in listed(body.get("stages"))] or ["build", "test", "deploy"]
    by_stage: dict[str, list[str]] = {}
    for name, job in body.items():
        if name in _GITLAB_WORDS or name.startswith(".") or not isinstance(job, Map):
            continue
        job = _extended(job, body)  # noqa: PLW2901
        stage = str(job.get("stage") or "test")
        by_stage.setdefault(stage, []).append(name)
        manual = job.get("when") == "manual" or any(dig(r, "when") == "manual" for r in listed(job.get("rules")))
        said = words(job.get("script")) + words(job.get("before_script")) + "\n" + words(job.get("trigger"))
        earlier = [n for s in stages[: stages.index(stage)] for n in by_stage.get(s, ())] if stage in stages else []
        needs = [dig(n, "job") if isinstance(n, dict) else n for n in listed(job.get("needs"))] or earlier
        jobs.append(
            Job(
                name=name if stage in name else f"{name} ({stage})", line=body.lines.get(name, 1), text=said,
                environment=_env(job.get("environment")), needs=tuple(map(str, needs)),
                gate="when: manual" if manual else "",
                optional=(job.get("allow_failure") is True and not manual) or _ignored(said),
            )
        )  # fmt: skip
    scheduled = re.search(
        r"CI_PIPELINE_SOURCE\s*==\s*[\"']schedule|only:\s*\n?\s*-?\s*schedules|^\s*- schedules", text, re.MULTILINE
    )
    crons = (("a GitLab schedule", text[: scheduled.start()].count("\n") + 1),) if scheduled else ()
    return Pipeline(path=file.path, system="GitLab CI", jobs=tuple(jobs), schedules=crons, text=text)


def _extended(job: Map, body: Map) -> Map:
    """The job with what its `extends` bring."""
    for parent in map(str, listed(job.get("extends"))):
        base = body.get(parent)
        if isinstance(base, Map):
            for key, value in base.items():
                job.setdefault(key, value)
    return job


def _azure(file: File, text: str, body: Map) -> Pipeline:
    jobs: list[Job] = []
    stages = [s for s in listed(body.get("stages")) if isinstance(s, Map)] or [body]
    for number, stage in enumerate(stages):
        before = [str(stages[number - 1].get("stage"))] if number and "dependsOn" not in stage else []
        inner = [j for j in listed(stage.get("jobs")) if isinstance(j, Map)] or [stage]
        for job in inner:
            said = words(job)
            environment = _env(job.get("environment"))
            name = str(job.get("deployment") or job.get("job") or stage.get("stage") or "steps")
            gate = "its manual validation" if _APPROVES.search(said) else ""
            if environment and _PRODUCTION.search(environment):
                gate = gate or f"the environment {environment}, whose approvals are set in Azure DevOps"
            line = next(iter(job.lines.values()), job.line)
            label = f"{stage.get('stage', '')} {name}".strip()
            needs = (*listed(job.get("dependsOn")), *listed(stage.get("dependsOn")), *before)
            jobs.append(
                Job(
                    name=label,
                    line=line,
                    text=said,
                    environment=environment,
                    needs=tuple(map(str, needs)),
                    gate=gate,
                    optional=_ignored(said),
                )
            )
    crons = [
        (str(e["cron"]), e.lines["cron"]) for e in listed(body.get("schedules")) if isinstance(e, Map) and "cron" in e
    ]
    return Pipeline(path=file.path, system="Azure Pipelines", jobs=tuple(jobs), schedules=tuple(crons), text=text)


def _circle(file: File, text: str, body: Map) -> Pipeline:
    jobs, crons = [], []
    texts = {n: words(j) for n, j in body["jobs"].items()} if isinstance(body.get("jobs"), dict) else {}
    used: dict[str, Job] = {}
    for flow in (body.get("workflows") or {}).values() if isinstance(body.get("workflows"), dict) else ():
        approvals = set()
        for entry in listed(dig(flow, "jobs")):
            name = next(iter(entry), "") if isinstance(entry, dict) else str(entry)
            details = entry.get(name) if isinstance(entry, dict) else None
            if dig(details, "type") == "approval":
                approvals.add(name)
            needs = tuple(map(str, listed(dig(details, "requires"))))
            gate = f"the approval {next(iter(approvals & set(needs)))}" if approvals & set(needs) else ""
            line = body["jobs"].lines.get(name, 1) if isinstance(body.get("jobs"), Map) else 1
            said = texts.get(name, "") + "\n" + words(details)
            if name in approvals:
                used[name] = Job(name=name, line=line, text="", needs=needs)
            else:
                used[name] = Job(name=name, line=line, text=said, needs=needs, gate=gate, optional=_ignored(said))
        for trigger in listed(dig(flow, "triggers")):
            cron = dig(trigger, "schedule", "cron")
            if cron:
                crons.append((str(cron), trigger.line if isinstance(trigger, Map) else 1))
    jobs = list(used.values()) or [Job(name=n, line=body["jobs"].lines.get(n, 1), text=t) for n, t in texts.items()]
    return Pipeline(path=file.path, system="CircleCI", jobs=tuple(jobs), schedules=tuple(crons), text=text)


def _bitbucket(file: File, text: str, body: Map) -> Pipeline:
    jobs = []
    for path, value, line in visit(body):
        if path[-1] == "step" and isinstance(value, Map):
            jobs.append(
                Job(
                    name=str(value.get("name") or "step"), line=line, text=words(value.get("script")),
                    environment=str(value.get("deployment") or ""),
                    gate="trigger: manual" if value.get("trigger") == "manual" else "",
                )
            )  # fmt: skip
    return Pipeline(path=file.path, system="Bitbucket Pipelines", jobs=tuple(jobs), text=text)


def _plain(file: File, text: str, body: Map) -> Pipeline:
    """Cloud Build, CodeBuild, Travis: one list of commands."""
    name = {"cloudb": "Cloud Build", "builds": "CodeBuild", ".travi": "Travis"}.get(file.name[:6], "CI")
    said = words(body)
    joined = " ".join(said.split("\n"))  # Cloud Build gives each argument a line of its own
    return Pipeline(path=file.path, system=name, jobs=(Job(name="steps", line=1, text=f"{said}\n{joined}"),), text=text)


_STAGE = re.compile(r"stage\s*\(\s*['\"]([^'\"]+)['\"]\s*\)")


def _jenkins(file: File, text: str, _body: Map | None) -> Pipeline:
    """A Jenkinsfile is a program in Groovy: its stages by their names, each with the text up to the next."""
    bare = re.sub(r"(?m)^\s*//.*$", "", text)
    bare = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), bare, flags=re.DOTALL)
    marks = list(_STAGE.finditer(bare))
    jobs: list[Job] = []
    held = ""
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        said = bare[mark.end() : after.start() if after else len(bare)]
        line = bare[: mark.start()].count("\n") + 1
        asks = bool(re.search(r"\binput\b\s*(\(|message|\{|['\"])", said))
        jobs.append(
            Job(
                name=mark[1], line=line, text=said, needs=tuple(j.name for j in jobs), gate="input" if asks else held,
                optional=_ignored(said),
            )
        )  # fmt: skip
        held = "the input before it" if asks else held
    crons = [(m[1], bare[: m.start()].count("\n") + 1) for m in re.finditer(r"cron\s*\(?\s*['\"]([^'\"]+)['\"]", bare)]
    return Pipeline(path=file.path, system="Jenkins", jobs=tuple(jobs), schedules=tuple(crons), text=text)


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
