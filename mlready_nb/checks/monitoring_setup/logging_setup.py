"""Are predictions and errors logged, and do the logs end: what the files say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.api import PLATFORMS, Route, Service
from mlready_nb.project.code import Module
from mlready_nb.project.manifests import is_compose, kinds
from mlready_nb.project.yamls import visit

_LEVELS = frozenset(("debug", "info", "warning", "warn", "error", "exception", "critical", "log", "bind", "msg"))
_LOGGER = re.compile(r"log(ger|uru|ging)?\b|structlog|audit", re.IGNORECASE)
_STORES = re.compile(
    r"(log|save|store|record|write|insert|publish|send|track|persist|audit|capture|emit)\w*_?(prediction|inference|request|result|event|audit)|(prediction|inference|audit|request)_?(log|store|logger|event|record)",
    re.IGNORECASE,
)
_OUTPUT = re.compile(r"pred|result|score|proba|output|label|response|answer|forecast|y_hat|class", re.IGNORECASE)
_ROTATES = re.compile(
    r"RotatingFileHandler|TimedRotatingFileHandler|logrotate|logger\.add\([^)]*rotation\s*=|max-size|ConcurrentRotating"
)
_FILE_HANDLER = re.compile(
    r"(?<!Rotating)FileHandler\(|logging\.FileHandler|basicConfig\([^)]*filename|logger\.add\(\s*['\"]"
)
_COLLECTS = re.compile(
    r"fluent-?bit|fluentd|promtail|loki|filebeat|logstash|vector\b|cloudwatch|google-cloud-logging|google\.cloud\.logging|azuremonitor|opencensus|datadog|awslogs|gelf|stackdriver|applicationinsights",
    re.IGNORECASE,
)


@check("MON-01.1", "MON-01.2", "MON-01.3", "SEC-06.1")
def logging_setup(project_files: Project) -> Finding:
    """Every prediction and every error in a log that is rotated or collected.

    What it measures: Whether the routes that predict pass their output to a logger or a store; whether errors are logged
    with their trace (logger.exception, exc_info) in the handlers; rotation, or logs that go to the console of a
    container and are collected from there.

    Why it matters: Without logged predictions neither a complaint nor drift can be looked into.

    Blind spots: Logging done by a gateway or a platform; what exactly is in the log lines.

    How to mend: logger.info("prediction", extra={"request_id": rid, "score": score}); logger.exception(...) in handlers.
    """
    service = project_files.service
    if not service.telling:
        rotation = list(_rotation(project_files))
        alone = {"MON-01.1": None, "MON-01.2": None, "MON-01.3": rotation, "SEC-06.1": None}
        return settle(project_files.tree, alone, "no API route that predicts and no logging configuration")
    predictions = list(_predictions(service))
    return settle(
        project_files.tree,
        {
            "MON-01.1": predictions,
            "SEC-06.1": predictions,
            "MON-01.2": list(_errors(service)),
            "MON-01.3": list(_rotation(project_files)),
        },
        "no logging",
    )


def _calls(module: Module, node: ast.AST) -> Iterator[tuple[ast.Call, str, str]]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in _LEVELS:
            owner = module.dotted(inner.func.value)
            if _LOGGER.search(owner):
                yield inner, owner, inner.func.attr


def _predictions(service: Service) -> Iterator[Said]:
    whole = next(
        (
            m.at(c)
            for m in service.modules
            for n, c in m.calls
            if re.search(
                r"data_?capture|InferenceLogger|whylogs|why\.log|arize|phoenix|fiddler|evidently", n, re.IGNORECASE
            )
        ),
        "",
    )
    for route in service.telling:
        where, poor = _logged(service, route)
        if where or whole:
            yield good(f"{route.name} logs what it predicts", where or whole)
        elif poor:
            yield weak(
                f"{route.name} logs a line without the prediction",
                poor,
                'logger.info("prediction", extra={"request_id": ..., "output": ...})',
            )
        else:
            yield weak(
                f"{route.name} logs no prediction",
                route.at,
                'Add logger.info("prediction", extra={"request_id": ..., "output": ...}) before it returns.',
            )


def _logged(service: Service, route: Route) -> tuple[str, str]:
    poor = ""
    for module, node in service.reached(route):
        for call, _, level in _calls(module, node):
            if level in ("error", "exception", "critical", "warning"):
                continue
            said = " ".join(ast.unparse(a) for a in (*call.args, *(k.value for k in call.keywords)))
            names = {
                n.id
                for a in (*call.args, *(k.value for k in call.keywords))
                for n in ast.walk(a)
                if isinstance(n, ast.Name)
            }
            if any(_OUTPUT.search(n) for n in names) or (_OUTPUT.search(said) and names):
                return module.at(call), ""
            poor = poor or module.at(call)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and _STORES.search(module.dotted(inner.func)):
                return module.at(inner), ""
    return "", poor


def _errors(service: Service) -> Iterator[Said]:
    handlers: list[tuple[Module, ast.AST]] = [
        (m, h) for m in service.serving for h in m.nodes if isinstance(h, ast.ExceptHandler)
    ]
    handlers += [
        (m, f) for m in service.modules for f in m.functions.values()
        if any("handler" in ast.unparse(d) for d in f.decorator_list)
    ]  # fmt: skip
    silent = None
    for module, node in handlers:
        for call, _, level in _calls(module, node):
            if (
                level == "exception"
                or any(k.arg == "exc_info" for k in call.keywords)
                or (level in ("error", "critical") and len(ast.unparse(call)) > 20)
            ):
                yield good("logs errors with their context", module.at(call))
                return
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and "capture_exception" in module.dotted(inner.func):
                yield good("sends errors to Sentry", module.at(inner))
                return
        silent = silent or (module, node)
    if any("sentry_sdk" in m.packages for m in service.modules):
        module = next(m for m in service.modules if "sentry_sdk" in m.packages)
        yield good("sends errors to Sentry", module.path)
    elif all(r.framework in PLATFORMS for r in service.telling):
        yield good(f"{service.telling[0].framework} logs an exception with its trace", service.telling[0].at)
    elif silent:
        yield weak(
            "catches errors and logs none",
            silent[0].at(silent[1]),
            'logger.exception("prediction failed") in the handler.',
        )
    else:
        route = service.telling[0]
        yield weak(
            f"{route.name} logs no error", route.at, 'logger.exception("prediction failed") in an exception handler.'
        )


def _rotation(project: Project) -> Iterator[Said]:
    plain = ""
    for module in project.code:
        if match := _ROTATES.search(module.text):
            yield good("rotates its log files", f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}")
            return
        if match := _FILE_HANDLER.search(module.text):
            plain = plain or f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}"
    for file in project.tree.named(
        "*log*.ini", "*log*.cfg", "*log*.json", "*log*.y*ml", "*log*.conf", "*logrotate*", "*log*.toml"
    ):
        if file.size < 200_000 and (
            match := _ROTATES.search(project.tree.text(file))
            or re.search(r"^\s*(rotate|daily|weekly|size)\b", project.tree.text(file), re.MULTILINE)
            if "logrotate" in file.name or _ROTATES.search(project.tree.text(file))
            else None
        ):
            yield good(
                "rotates its log files", f"{file.path}:{project.tree.text(file)[: match.start()].count(chr(10)) + 1}"
            )
            return
    for doc in project.manifests:
        for path, value, line in visit(doc.body):
            if is_compose(doc) and path[-1] == "max-size":
                yield good(f"rotates the container's log at {value}", doc.at(line))
                return
            if path[-1] in ("image", "driver", "uses", "chart") and isinstance(value, str) and _COLLECTS.search(value):
                yield good(f"collects logs: {value}", doc.at(line))
                return
    if plain:
        yield weak(
            "writes a log file that grows for ever",
            plain,
            "RotatingFileHandler(path, maxBytes=10_000_000, backupCount=5)",
        )
    elif kinds(project.manifests, "Deployment", "Rollout", "InferenceService", "StatefulSet"):
        doc = kinds(project.manifests, "Deployment", "Rollout", "InferenceService", "StatefulSet")[0]
        yield good("logs to the console, and the cluster rotates that", doc.at())
