"""YAML of every sort, read once: Kubernetes and Helm, compose, serverless, Prometheus, pipelines."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlready_nb.project.files import Tree
from mlready_nb.project.yamls import Map, dig, listed, load, visit

MAX_MANIFESTS, MAX_SIZE, MAX_SECONDS = 500, 200_000, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """One YAML document."""

    path: str
    body: Map

    @property
    def kind(self) -> str:
        """`Deployment`; empty for what is no Kubernetes object."""
        kind = self.body.get("kind")
        return kind if isinstance(kind, str) and "apiVersion" in self.body else ""

    @property
    def group(self) -> str:
        """The group of a Kubernetes object: `networking.istio.io`."""
        return str(self.body.get("apiVersion", "")).rpartition("/")[0]

    def at(self, line: int | None = None) -> str:
        """`k8s/app.yaml:12`."""
        return f"{self.path}:{self.body.line if line is None else line}"

    def dig(self, *keys: str) -> Any:
        """A value by its path, `None` where it is not there."""
        return dig(self.body, *keys)


#: YAML that describes no deployment.
_ASIDE = re.compile(
    r"(^|/)(tests?|fixtures|testdata|docs?|examples?|site|mlruns|crds?|load[-_]?tests?|locust|benchmarks?|k6)/",
    re.IGNORECASE,
)


def manifests(tree: Tree) -> list[Doc]:
    """All YAML documents that are mappings, within bounds; examples and test data aside."""
    until = time.monotonic() + MAX_SECONDS
    found: list[Doc] = []
    files = [
        f for f in tree.files if f.suffix in (".yaml", ".yml") and f.size <= MAX_SIZE and not _ASIDE.search(f.path)
    ]
    for file in files[:MAX_MANIFESTS]:
        if time.monotonic() > until:
            break
        found.extend(Doc(path=file.path, body=d) for d in load(tree.text(file)) if isinstance(d, Map))
    return [d for d in found if d.kind != "CustomResourceDefinition"]


def kinds(docs: list[Doc], *names: str) -> list[Doc]:
    """Kubernetes objects of these kinds, those inside a List among them."""
    found = []
    for doc in docs:
        if doc.kind in names:
            found.append(doc)
        elif doc.kind == "List":
            inner = [Doc(path=doc.path, body=i) for i in listed(doc.body.get("items")) if isinstance(i, Map)]
            found += [d for d in inner if d.kind in names]
    return found


def containers(doc: Doc) -> Iterator[Map]:
    """The containers of a workload, of whatever kind."""
    for path, value, _ in visit(doc.body):
        if path[-1] == "containers":
            yield from (c for c in listed(value) if isinstance(c, Map))


#: Images of the cluster's own tools: nobody of the project builds or sizes them.
_FOREIGN = re.compile(
    r"^(k8s\.gcr\.io|registry\.k8s\.io|gcr\.io/(kubebuilder|google|cadvisor|distroless|ml-pipeline|kubeflow)|quay\.io|docker\.io/(library|istio)"
    r"|prom/|grafana/|fluent/|bitnami/|istio/|(postgres|redis|nginx|mysql|mongo|minio/minio|rabbitmq|busybox|traefik|kong|locustio/locust)(:|@|$))"
)


def foreign(container: Map) -> bool:
    """Is a container somebody else's: a sidecar, a database, a collector."""
    image = str(container.get("image") or "")
    return not image or bool(_FOREIGN.match(image))  # a patch of something else names no image


def is_compose(doc: Doc) -> bool:
    """A compose file: services with an image or a build."""
    services = doc.body.get("services")
    return (
        not doc.kind
        and isinstance(services, dict)
        and any(isinstance(s, dict) and ("image" in s or "build" in s) for s in services.values())
    )
