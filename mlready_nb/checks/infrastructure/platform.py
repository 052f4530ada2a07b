"""Where does it run, and how is it reached: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.jobs import deploying
from mlready_nb.project.manifests import foreign, is_compose, kinds
from mlready_nb.project.yamls import Map, dig, listed, visit

_CLOUDS = {
    "AWS": re.compile(r"aws[-_ ]|amazonaws|\.dkr\.ecr|AWS::|\beks\b|\becs\b|sagemaker|sam deploy", re.IGNORECASE),
    "Google Cloud": re.compile(r"gcloud|gcr\.io|pkg\.dev|google_|cloud\.google|\bgke\b|cloud-?run|vertex", re.IGNORECASE),
    "Azure": re.compile(r"azurecr|azurerm_|azure/|az (webapp|ml|acr|aks|containerapp)|AzureML|\baks\b|azureml", re.IGNORECASE),
    "Heroku": re.compile(r"heroku", re.IGNORECASE), "Fly.io": re.compile(r"fly(ctl)? deploy|superfly", re.IGNORECASE),
    "Hugging Face Spaces": re.compile(r"huggingface\.co/spaces|upload_folder", re.IGNORECASE),
    "Modal": re.compile(r"modal deploy", re.IGNORECASE),
}  # fmt: skip
_FILES = {"app.yaml": "Google App Engine", "fly.toml": "Fly.io", "procfile": "Heroku", "render.yaml": "Render", "vercel.json": "Vercel",
          "samconfig.toml": "AWS", "serverless.yml": "AWS", "cdk.json": "AWS", "railway.json": "Railway", "zappa_settings.json": "AWS"}  # fmt: skip


@check("INF-02.1", "INF-02.2", "INF-03.1", "INF-03.2", "INF-03.3", "SEC-01.2")
def platform(project_files: Project) -> Finding:
    """The platform that is deployed to, its endpoint, load balancer and certificates.

    What it measures: Manifests, Terraform, SAM and the deploying jobs of pipelines: which cloud (or own cluster); Service,
    Ingress, Gateway or load balancer; a TLS block, certificate or managed HTTPS. An ingress without TLS is a fault.

    Why it matters: Without TLS everybody on the way reads the requests, personal data with them.

    Blind spots: What is set up by hand in a console; TLS that ends at a balancer configured elsewhere.

    How to mend: tls: [{hosts: [...], secretName: ...}] in the Ingress, with cert-manager.
    """
    clouds = list(_clouds(project_files))
    tls = list(_tls(project_files))
    return settle(
        project_files.tree,
        {
            "INF-02.1": clouds[:2],
            "INF-02.2": [] if clouds else list(_own(project_files)),
            "INF-03.1": list(_endpoints(project_files)),
            "INF-03.2": list(_balancers(project_files)),
            "INF-03.3": tls,
            "SEC-01.2": tls,
        },
        "no manifest, Terraform or deploying job",
    )


def _clouds(project: Project) -> Iterator[Said]:
    for name, platform_name in _FILES.items():
        for file in project.tree.by_name.get(name, ())[:1]:
            if name == "app.yaml" and not re.search(r"^(runtime|env):", project.tree.text(file), re.MULTILINE):
                continue
            yield good(f"deploys to {platform_name}", file.path)
    for resource in project.terraform[:200]:
        for provider, cloud in (("aws_", "AWS"), ("google_", "Google Cloud"), ("azurerm_", "Azure")):
            if resource.kind.startswith(provider):
                yield good(f"deploys to {cloud}", resource.at)
                return
    if any("AWSTemplateFormatVersion" in d.body or "Transform" in d.body for d in project.manifests):
        doc = next(d for d in project.manifests if "AWSTemplateFormatVersion" in d.body or "Transform" in d.body)
        yield good("deploys to AWS", doc.at())
    for pipeline, job in deploying(project.pipelines):
        for cloud, pattern in _CLOUDS.items():
            if pattern.search(job.text):
                yield good(f"deploys to {cloud}", pipeline.at(job))
                break
    for doc in kinds(project.manifests, "Deployment", "Ingress", "InferenceService", "Rollout"):
        for path, value, line in visit(doc.body):
            if (path[-1] == "image" and not foreign(Map(image=value))) or "annotations" in path:
                for cloud, pattern in _CLOUDS.items():
                    if isinstance(value, str) and pattern.search(f"{path[-1]} {value}"):
                        yield good(f"deploys to {cloud}", doc.at(line))
                        return


def _own(project: Project) -> Iterator[Said]:
    for doc in kinds(project.manifests, "Deployment", "StatefulSet", "Rollout", "InferenceService")[:1]:
        yield good("runs on Kubernetes", doc.at())
    for pipeline, job in deploying(project.pipelines):
        if re.search(r"ansible|ssh|docker[- ]compose|kubectl|helm", job.text):
            yield good("deploys to own machines", pipeline.at(job))
            return


def _endpoints(project: Project) -> Iterator[Said]:
    for doc in kinds(
        project.manifests, "Service", "Ingress", "VirtualService", "HTTPRoute", "InferenceService", "IngressRoute"
    )[:3]:
        yield good(f"defines {doc.kind} {doc.dig('metadata', 'name') or ''}".rstrip(), doc.at())
    for doc in project.manifests:
        if is_compose(doc):
            for path, value, line in visit(doc.body):
                if path[-1] == "ports" and listed(value) and "build" in (dig(doc.body, *path[:-1]) or ()):
                    yield good(f"publishes the port {listed(value)[0]}", doc.at(line))
                    return
    for dockerfile in project.dockerfiles:
        exposed = dockerfile.final.last("EXPOSE") if dockerfile.stages else None
        if exposed:
            yield good(f"exposes the port {exposed.value}", dockerfile.at(exposed.line))
            return


def _balancers(project: Project) -> Iterator[Said]:
    for doc in kinds(
        project.manifests, "Ingress", "Gateway", "VirtualService", "HTTPRoute", "IngressRoute", "InferenceService"
    )[:2]:
        yield good(f"balances by {doc.kind}", doc.at())
    for doc in kinds(project.manifests, "Service"):
        if doc.dig("spec", "type") == "LoadBalancer" or doc.group == "serving.knative.dev":
            yield good("balances by a Service of type LoadBalancer", doc.at())
    for resource in project.terraform:
        if re.search(
            r"_lb$|_alb$|_elb$|load_balancer|forwarding_rule|application_gateway|cloud_run|api_gateway|apigatewayv2",
            resource.kind,
        ):
            yield good(f"balances by {resource.kind}", resource.at)


def _tls(project: Project) -> Iterator[Said]:
    remedy = "Add tls: with hosts and secretName (cert-manager writes the secret)."
    for doc in kinds(project.manifests, "Ingress"):
        annotated = any(
            "certificate" in p[-1] or "managed-certificates" in p[-1] or "cert-arn" in p[-1]
            for p, _, _ in visit(doc.dig("metadata", "annotations"))
        )
        if doc.dig("spec", "tls") or annotated:
            yield good("ends TLS at the Ingress", doc.at())
        else:
            yield weak("has an Ingress without TLS", doc.at(), remedy)
    for doc in kinds(project.manifests, "Gateway"):
        servers = listed(doc.dig("spec", "servers")) + listed(doc.dig("spec", "listeners"))
        secure = any(dig(s, "tls") for s in servers)
        yield (
            good("ends TLS at the Gateway", doc.at()) if secure else weak("has a Gateway without TLS", doc.at(), remedy)
        )
    for doc in kinds(project.manifests, "Certificate", "ManagedCertificate", "PeerAuthentication"):
        yield good(f"has a {doc.kind}", doc.at())
    for resource in project.terraform:
        body = str(resource.body)[:4000]
        if re.search(r"acm_certificate|ssl_certificate|managed_ssl|app_service_certificate", resource.kind):
            yield good(f"has a certificate: {resource.kind}", resource.at)
        elif resource.kind.endswith(("lb_listener", "alb_listener")):
            if re.search(r"'protocol': '\"?HTTPS|redirect", body):
                yield good("listens on HTTPS", resource.at)
            elif re.search(r"'protocol': '\"?HTTP\b", body):
                yield weak("listens on plain HTTP", resource.at, 'Set protocol = "HTTPS" with certificate_arn.')
    for file in project.tree.named("nginx*.conf", "*.nginx"):
        text = project.tree.text(file)
        if match := re.search(r"^\s*(ssl_certificate|listen\s+443)", text, re.MULTILINE):
            yield good("ends TLS at nginx", f"{file.path}:{text[: match.start()].count(chr(10)) + 1}")
        elif re.search(r"^\s*listen\s+80", text, re.MULTILINE) and "proxy_pass" in text and not project.manifests:
            yield weak("listens on plain HTTP", file.path, "listen 443 ssl; ssl_certificate ...;")
