"""Does a new model begin with a small share of the traffic, and is there a way back: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.manifests import Doc, kinds
from mlready_nb.project.yamls import dig, listed, visit

_BACK = re.compile(
    r"rollout undo|helm rollback|rollback|roll back|argo rollouts undo|--to-revision|update-traffic|swap-slot|slot swap|previous (version|image|revision|model)",
    re.IGNORECASE,
)


@check("STG-03.1", "STG-03.2", "DEP-02.1", "DEP-02.3", "DEP-03.1")
def rollout(project_files: Project, *, most_percent: float = 10.0) -> Finding:
    """A first step of at most ten per cent of the traffic, further steps, and a command that goes back.

    What it measures: Steps of Argo Rollouts and Flagger, weights of Istio, Gateway API, Seldon, KServe and Lambda, canary
    annotations of an ingress; a rollback in pipelines, Makefile, scripts or runbook, automatic rollback of ECS, Argo and
    CodeDeploy.

    Why it matters: With five per cent of the traffic a bad model harms a twentieth of the people, for an hour.

    Blind spots: Weights that are set by hand; whether the way back has ever been tried.

    How to mend: strategy: {canary: {steps: [{setWeight: 5}, {pause: {duration: 24h}}, {setWeight: 50}, ...]}}
    """
    first, full = [], []
    for low, steps, at in _weights(project_files):
        if low <= 0:
            continue
        if low <= most_percent:
            first.append(good(f"begins with {low:g} % of the traffic", at))
        else:
            first.append(
                weak(
                    f"begins with {low:g} % of the traffic, the limit is {most_percent:g} %",
                    at,
                    f"Begin with {min(5.0, most_percent):g} %.",
                )
            )
        if len(steps) > 1 and steps == sorted(steps):
            full.append(good("goes on by steps: " + ", ".join(f"{s:g} %" for s in steps), at))
    back = list(_back(project_files))[:3]
    return settle(
        project_files.tree,
        {"STG-03.1": first, "DEP-02.1": first, "DEP-02.3": full, "STG-03.2": back, "DEP-03.1": back},
        "no canary weight (Argo, Istio, Flagger, KServe...) and no rollback command",
    )


def _weights(project: Project) -> Iterator[tuple[float, list[float], str]]:
    """(first share, all steps, where) of every way that splits traffic."""
    for doc in project.manifests:
        if doc.kind == "Rollout":
            steps = [
                float(s["setWeight"])
                for s in listed(doc.dig("spec", "strategy", "canary", "steps"))
                if _is_number(dig(s, "setWeight"))
            ]
            if steps:
                yield steps[0], [*steps, 100.0] if steps[-1] < 100 else steps, doc.at()
        elif doc.kind == "Canary":
            step = doc.dig("spec", "analysis", "stepWeight")
            most = doc.dig("spec", "analysis", "maxWeight")
            listed_steps = [float(s) for s in listed(doc.dig("spec", "analysis", "stepWeights")) if _is_number(s)]
            if _is_number(step):
                steps = (
                    [float(step) * i for i in range(1, int(float(most or 100) // float(step)) + 1)]
                    if float(step) > 0
                    else []
                )
                yield float(step), [*steps[:20], 100.0], doc.at()
            elif listed_steps:
                yield listed_steps[0], [*listed_steps, 100.0], doc.at()
        elif doc.kind in ("VirtualService", "HTTPRoute", "SeldonDeployment", "TraefikService"):
            yield from _split(doc)
        elif doc.kind == "InferenceService":
            for path, value, line in visit(doc.body):
                if path[-1] == "canaryTrafficPercent" and _is_number(value):
                    yield float(value), [], doc.at(line)
        else:
            for path, value, line in visit(doc.body):
                if path[-1].endswith("ingress.kubernetes.io/canary-weight") and _is_number(value):
                    yield float(value), [], doc.at(line)
                if (
                    path[-1] == "Type"
                    and isinstance(value, str)
                    and (m := re.match(r"(?:CodeDeployDefault\.)?\w*(?:Canary|Linear)(\d+)Percent", value))
                ):
                    yield float(m[1]), [], doc.at(line)
                if path[-1] == "DeploymentPreference" and (
                    m := re.search(r"(?:Canary|Linear)(\d+)Percent", str(dig(value, "Type")))
                ):
                    yield float(m[1]), [], doc.at(line)
    for pipeline in project.pipelines:
        for job in pipeline.jobs:
            shares = [
                float(m)
                for m in re.findall(
                    r"(?:--to-tags|--to-revisions|--traffic|traffic-split|canary[-_ ]weight|--canary)[= ]\S*?(\d+)(?:\b|%)",
                    job.text,
                )
            ]
            if shares:
                yield min(shares), sorted(set(shares)), pipeline.at(job)


def _split(doc: Doc) -> Iterator[tuple[float, list[float], str]]:
    groups: dict[tuple[str, ...], list[tuple[float, int]]] = {}
    for path, value, line in visit(doc.body):
        if path[-1] in ("weight", "traffic") and _is_number(value):
            groups.setdefault(path[:-1], []).append((float(value), line))
    for weights in groups.values():
        shares = sorted(w for w, _ in weights)
        total = sum(shares)
        if len(shares) > 1 and total > 0 and shares[0] > 0:
            yield shares[0] * 100 / total, [], doc.at(weights[0][1])


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return value is not None and not isinstance(value, bool)


def _back(project: Project) -> Iterator[Said]:
    for pipeline in project.pipelines:
        for job in pipeline.jobs:
            if _BACK.search(job.text) or "rollback" in job.name.lower():
                yield good(f"goes back in the job {job.name}", pipeline.at(job))
            elif "--atomic" in job.text and "helm" in job.text:
                yield good("goes back by itself: helm --atomic", pipeline.at(job))
    for file in project.tree.named(
        "makefile",
        "*.mk",
        "*rollback*.sh",
        "*rollback*.py",
        "*rollback*.y*ml",
        "justfile",
        "taskfile.y*ml",
        "deploy*.sh",
    ):
        text = project.tree.text(file)
        if match := re.search(
            r"rollout undo|helm rollback|^[\w-]*rollback[\w-]*:|rollback", text, re.MULTILINE | re.IGNORECASE
        ):
            yield good("has a rollback command", f"{file.path}:{text[: match.start()].count(chr(10)) + 1}")
    for doc in kinds(project.manifests, "Rollout", "Canary"):
        if any(p[-1] in ("analysis", "metrics", "threshold") for p, _, _ in visit(doc.body)):
            yield good(f"goes back by itself when its analysis fails ({doc.kind})", doc.at())
    for resource in project.terraform:
        if "deployment_circuit_breaker" in resource.body or "auto_rollback_configuration" in resource.body:
            yield good(f"goes back by itself: {resource.kind}", resource.at)
    for document in project.prose:
        for section in document.sections:
            if re.search(r"roll[- ]?back", section.title, re.IGNORECASE) and section.commands:
                yield good("describes the way back with its command", f"{document.path}:{section.line}")
