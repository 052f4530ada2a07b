"""Readers of each vendor's pipelines."""

from __future__ import annotations

import re

from mlready_nb.project.files import File
from mlready_nb.project.jobs import APPROVES, PRODUCTION, TESTS, Job, Pipeline, words
from mlready_nb.project.yamls import Map, dig, listed, visit


def _env(value: object) -> str:
    return str(dig(value, "name") or dig(value, "action") or "") if isinstance(value, dict) else str(value or "")


def github(file: File, text: str, body: Map) -> Pipeline:
    """A workflow of GitHub Actions."""
    jobs = []
    for name, job in (body.get("jobs") or {}).items() if isinstance(body.get("jobs"), dict) else ():
        if not isinstance(job, Map):
            continue
        steps = [s for s in listed(job.get("steps")) if isinstance(s, dict)]
        said = words(steps) + "\n" + str(job.get("uses") or "") + "\n" + str(job.get("name") or "")
        environment = _env(job.get("environment"))
        gate = "its manual approval step" if APPROVES.search(said) else ""
        if environment and PRODUCTION.search(environment):
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


def gitlab(file: File, text: str, body: Map) -> Pipeline:
    """A .gitlab-ci.yml; jobs of earlier stages are waited for unless `needs` says otherwise."""
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


def azure(file: File, text: str, body: Map) -> Pipeline:
    """An Azure pipeline, its stages and jobs as jobs."""
    jobs: list[Job] = []
    stages = [s for s in listed(body.get("stages")) if isinstance(s, Map)] or [body]
    for number, stage in enumerate(stages):
        before = [str(stages[number - 1].get("stage"))] if number and "dependsOn" not in stage else []
        inner = [j for j in listed(stage.get("jobs")) if isinstance(j, Map)] or [stage]
        for job in inner:
            said = words(job)
            environment = _env(job.get("environment"))
            name = str(job.get("deployment") or job.get("job") or stage.get("stage") or "steps")
            gate = "its manual validation" if APPROVES.search(said) else ""
            if environment and PRODUCTION.search(environment):
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


def circle(file: File, text: str, body: Map) -> Pipeline:
    """A CircleCI configuration: jobs as its workflows use them."""
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


def bitbucket(file: File, text: str, body: Map) -> Pipeline:
    """A Bitbucket pipeline: its steps."""
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


def plain(file: File, text: str, body: Map) -> Pipeline:
    """Cloud Build, CodeBuild, Travis: one list of commands."""
    name = {"cloudb": "Cloud Build", "builds": "CodeBuild", ".travi": "Travis"}.get(file.name[:6], "CI")
    said = words(body)
    joined = " ".join(said.split("\n"))  # Cloud Build gives each argument a line of its own
    return Pipeline(path=file.path, system=name, jobs=(Job(name="steps", line=1, text=f"{said}\n{joined}"),), text=text)


_STAGE = re.compile(r"stage\s*\(\s*['\"]([^'\"]+)['\"]\s*\)")


def jenkins(file: File, text: str, _body: Map | None) -> Pipeline:
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
