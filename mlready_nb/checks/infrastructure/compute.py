"""How much machine does the service get, and does it grow with the load: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.manifests import Doc, containers, foreign, is_compose, kinds
from mlready_nb.project.yamls import Map, dig, visit

_WORKLOADS = (
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Rollout",
    "InferenceService",
    "SeldonDeployment",
    "RayService",
    "Pod",
)
_SCALERS = ("HorizontalPodAutoscaler", "ScaledObject", "VerticalPodAutoscaler", "KnativeServing", "PodAutoscaler")
_SCALE_KEYS = re.compile(
    r"^(autoscaling\.knative\.dev/.*|minReplicas|maxReplicas|max_replicas|min_replica_count|max_replica_count|minScale|maxScale|MaxCapacity|autoscaling_config|maxInstances|max-instances|ProvisionedConcurrency\w*|max_instances)$"
)
_SCALE_TF = re.compile(r"autoscaling|appautoscaling|auto_scaling|autoscaler|horizontal_pod")
_SPOT = re.compile(r"\bspot\b|preemptible|capacityType|karpenter\.sh/capacity-type", re.IGNORECASE)


@check("INF-01.1", "INF-01.2", "INF-01.3", "THR-01.2", "CST-01.2", "CST-01.3")
def compute(project_files: Project) -> Finding:
    """Memory, processors and scaling, as the manifests have them.

    What it measures: Requests and limits of each container in Kubernetes, Helm values, compose and Cloud Run, memory of
    functions; GPUs asked for; autoscalers with a lower and an upper end; spot machines.

    Why it matters: Without a memory limit one request can take the node down; without an autoscaler the peak does.

    Blind spots: Whether the numbers fit the model: measure it; what a managed platform sets by itself.

    How to mend: resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}} and a HorizontalPodAutoscaler.
    """
    docs = project_files.manifests
    sized = list(_sized(docs))
    scaling = list(_scaling(project_files))
    gpu = list(_device(docs))
    return settle(
        project_files.tree,
        {
            "INF-01.1": gpu or ([good("asks for no GPU: it serves on the CPU", sized[0].at)] if sized else []),
            "INF-01.2": sized,
            "INF-01.3": scaling,
            "THR-01.2": scaling,
            "CST-01.2": scaling,
            "CST-01.3": list(_spot(project_files)),
        },
        "no manifest (Kubernetes, Helm, compose, Cloud Run, SAM, Terraform)",
    )


def _sized(docs: list[Doc]) -> Iterator[Said]:
    remedy = "Set resources.requests and resources.limits.memory from the measured peak."
    for doc in kinds(docs, *_WORKLOADS):
        if doc.kind == "InferenceService" and not list(containers(doc)):
            model = next((v for p, v, _ in visit(doc.body) if p[-1] == "model" and isinstance(v, Map)), None)
            if model is not None:
                yield _limits(model, doc, remedy)
        for container in containers(doc):
            if not foreign(container):
                yield _limits(container, doc, remedy)
    for doc in docs:
        if doc.kind == "Service" and doc.group == "serving.knative.dev":
            for container in containers(doc):
                yield _limits(container, doc, remedy)
        if (
            doc.path.rpartition("/")[2] in ("values.yaml", "values-prod.yaml", "values.production.yaml")
            and "resources" in doc.body
        ):
            limits = dig(doc.body, "resources", "limits")
            at = doc.at(doc.body.lines["resources"])
            yield (
                good(f"limits memory to {limits['memory']}", at)
                if isinstance(limits, dict) and "memory" in limits
                else weak("sets no memory limit", at, remedy)
            )
        for path, value, line in visit(doc.body) if "Resources" in doc.body else ():
            if path[-1] in ("MemorySize", "Memory") and value:
                yield good(f"gives a function {value} MB", doc.at(line))
        if is_compose(doc):
            for path, value, line in visit(doc.body):
                if (path[-1] == "memory" and "limits" in path) or path[-1] == "mem_limit":
                    yield good(f"limits memory to {value}", doc.at(line))


def _limits(container: Map, doc: Doc, remedy: str) -> Said:
    name = container.get("name") or "the model"
    resources = container.get("resources")
    line = container.lines.get("resources", container.line)
    memory = dig(resources, "limits", "memory")
    if memory:
        return good(f"limits {name} to {memory} of memory", doc.at(line))
    if dig(resources, "requests", "memory"):
        return weak(f"requests memory for {name} and sets no limit", doc.at(line), remedy)
    if resources == "templated":
        return good(f"takes the resources of {name} from the chart's values", doc.at(line))
    return bad(f"gives {name} neither requests nor limits", doc.at(line), remedy)


def _device(docs: list[Doc]) -> Iterator[Said]:
    for doc in docs:
        for path, value, line in visit(doc.body):
            if path[-1] in ("nvidia.com/gpu", "amd.com/gpu", "gpus") or (path[-1] == "driver" and value == "nvidia"):
                yield good(f"asks for GPUs: {value}", doc.at(line))
                return


def _scaling(project: Project) -> Iterator[Said]:
    docs = project.manifests
    off = any(dig(d.body, "autoscaling", "enabled") is False for d in docs)
    for doc in kinds(docs, *_SCALERS):
        if off and "templates/" in doc.path:
            continue  # the chart can scale, and its values say no
        low = doc.dig("spec", "minReplicas") or doc.dig("spec", "minReplicaCount")
        high = doc.dig("spec", "maxReplicas") or doc.dig("spec", "maxReplicaCount")
        if isinstance(low, int) and isinstance(high, int) and low >= high:
            yield weak(f"scales from {low} to {high}: never", doc.at(), "Set maxReplicas above minReplicas.")
        else:
            yield good(f"scales from {low or 1} to {high or 'its limit'}", doc.at())
    seen = {d.path for d in kinds(docs, *_SCALERS)}
    for doc in docs:
        if doc.path in seen:
            continue
        enabled = dig(doc.body, "autoscaling", "enabled")
        if enabled is True:
            yield good("turns autoscaling on", doc.at(doc.body.lines["autoscaling"]))
            continue
        if enabled is False:
            continue
        for path, value, line in visit(doc.body):
            if _SCALE_KEYS.match(path[-1]) and value not in (None, "", 0, "0", "templated"):
                yield good(
                    f"scales: {path[-1]} {value}" if not isinstance(value, dict) else f"scales: {path[-1]}",
                    doc.at(line),
                )
                break
    for resource in project.terraform:
        if _SCALE_TF.search(resource.kind) or "scaling" in resource.body or "autoscaling" in resource.body:
            yield good(f"scales by {resource.kind}", resource.at)
    fixed = [
        d
        for d in kinds(docs, "Deployment", "Rollout", "InferenceService")
        if isinstance(d.dig("spec", "replicas"), int)
    ]
    if fixed and not _any_scaler(project):
        doc = fixed[0]
        yield weak(
            f"runs {doc.dig('spec', 'replicas')} replicas, whatever the load",
            doc.at(doc.body["spec"].lines["replicas"]),
            "Add a HorizontalPodAutoscaler.",
        )


def _any_scaler(project: Project) -> bool:
    off = any(dig(d.body, "autoscaling", "enabled") is False for d in project.manifests)
    if any(not off or "templates/" not in d.path for d in kinds(project.manifests, *_SCALERS)) or any(
        _SCALE_TF.search(r.kind) for r in project.terraform
    ):
        return True
    return any(
        dig(d.body, "autoscaling", "enabled") is True or any(_SCALE_KEYS.match(p[-1]) for p, _, _ in visit(d.body))
        for d in project.manifests
    )


def _spot(project: Project) -> Iterator[Said]:
    for doc in project.manifests:
        for path, value, line in visit(doc.body):
            if _SPOT.search(
                f"{path[-1]} {value}" if not isinstance(value, (dict, list)) else path[-1]
            ) and value not in (False, None, "ON_DEMAND", "on-demand"):
                yield good("uses spot machines", doc.at(line))
                return
    for resource in project.terraform:
        if _SPOT.search(str(resource.body)[:5000]) and not re.search(
            r"(preemptible|spot)\W+(false|False)", str(resource.body)[:5000]
        ):
            yield good(f"uses spot machines: {resource.kind}", resource.at)
            return
