"""Can a stranger call the service from its documentation alone: what the files say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.api import Route, Service
from mlready_nb.project.code import Module, keyword, literal
from mlready_nb.project.openapi import Operation, of_apps, of_files

_AUTOMATIC = frozenset(
    (
        "fastapi",
        "litestar",
        "ninja",
        "BentoML",
        "flask_smorest",
        "apiflask",
        "flask_restx",
        "robyn",
        "LitServe",
        "MLServer",
        "KServe",
    )
)
_FLASK_DOCS = re.compile(
    r"\b(flasgger|apispec|flask_restx|flask_smorest|apiflask|connexion|spectree|drf_spectacular|drf_yasg|flask_openapi3|flask_pydantic_spec)\b"
)
_EXAMPLES = frozenset(("example", "examples", "openapi_examples", "json_schema_extra", "schema_extra", "input_example"))
_CALLS = re.compile(
    r"curl\s[^\n]*(\\\n[^\n]*)*(https?://|localhost|\$\w+)[^\n]*|https?(?:ie)?\s+POST\s|requests\.post\(|httpx\.post\(|Invoke-RestMethod",
    re.IGNORECASE,
)


@check("API-02.1", "API-02.2", "DOC-04.1", "DOC-04.2", "DOC-04.3")
def api_documentation(project_files: Project, namespace: Mapping[str, Any] | None = None) -> Finding:
    """Described routes, examples of a request, and the errors a caller may meet.

    What it measures: The OpenAPI description of an application in this kernel (made from its routes, nothing is
    called), an openapi.yaml or swagger.json, else the code: summaries and docstrings of the routes, examples in schemas
    or in the README, responses of 4xx and 5xx.

    Why it matters: What is not described is asked, guessed, or called wrongly.

    Blind spots: Whether what is described is true; documentation on a wiki.

    How to mend: @app.post("/predict", summary=..., responses={422: {...}, 503: {...}}) and
    model_config = {"json_schema_extra": {"examples": [...]}}.
    """
    live = of_apps(namespace or {})
    written = of_files(project_files.tree)
    service = project_files.service
    described = live or written
    nothing = "no API route and no OpenAPI file"
    if not (service.telling or described):
        return settle(project_files.tree, {}, nothing)
    every = list(_documented(service, described))
    examples = list(_examples(project_files, described))
    errors = list(_errors(project_files, described))
    return settle(
        project_files.tree,
        {"API-02.1": every, "DOC-04.1": every, "API-02.2": examples, "DOC-04.2": examples, "DOC-04.3": errors},
        nothing,
        measured={"routes": len(service.routes) or len(described)},
    )


def _documented(service: Service, described: list[Operation]) -> Iterator[Said]:
    remedy = "Give each route a docstring or summary=..., and serve OpenAPI (FastAPI does it, for Flask: flask-smorest or flasgger)."
    if described:
        bare = [o for o in described if not o.described]
        if bare:
            yield weak(
                f"{len(bare)} of {len(described)} routes are not described, {bare[0].name} among them",
                bare[0].at,
                remedy,
            )
        else:
            yield good(f"all {len(described)} routes are described", described[0].at)
        return
    closed = next((m.at(c) for m in service.modules for n, c in m.calls if n.endswith("FastAPI") and _closed(c)), "")
    if closed:
        yield weak("switches its documentation off", closed, "Serve it behind the login, or publish openapi.json.")
    tool = next((m.path for m in service.modules if _FLASK_DOCS.search(m.text)), "")
    bare_routes = [r for r in service.telling if not _says(r)]
    by_hand = [r for r in service.telling if r.framework not in _AUTOMATIC]
    if by_hand and not tool:
        yield weak(f"{by_hand[0].name} is in no OpenAPI description", by_hand[0].at, remedy)
    elif bare_routes:
        yield weak(f"{bare_routes[0].name} has neither summary nor docstring", bare_routes[0].at, remedy)
    elif not closed:
        route = (service.telling or service.routes)[0]
        yield good(f"{route.name} is described, {route.framework} serves OpenAPI", route.at)


def _closed(call: ast.Call) -> bool:
    value = keyword(call, "openapi_url")
    return isinstance(value, ast.Constant) and value.value is None


def _says(route: Route) -> bool:
    if ast.get_docstring(route.func):
        return True
    return route.call is not None and any(
        k.arg in ("summary", "description", "response_description") for k in route.call.keywords
    )


def _examples(project: Project, described: list[Operation]) -> Iterator[Said]:
    if shown := next((o for o in described if o.example), None):
        yield good(f"{shown.name} has an example", shown.at)
        return
    for module in project.service.modules:
        for node in module.nodes:
            if isinstance(node, ast.keyword) and node.arg in _EXAMPLES:
                yield good("shows an example", module.at(node))
                return
            if isinstance(node, ast.Name) and node.id in _EXAMPLES and isinstance(node.ctx, ast.Store):
                yield good("shows an example", module.at(node))
                return
            if isinstance(node, ast.Constant) and node.value in _EXAMPLES:
                yield good("shows an example", module.at(node))
                return
    for file in project.tree.named("*.md", "*.rst", "*.http", "*postman*.json", "*.rest"):
        if match := _CALLS.search(project.tree.text(file)):
            line = project.tree.text(file)[: match.start()].count("\n") + 1
            yield good("shows a request", f"{file.path}:{line}")
            return
        if "postman" in file.name or file.suffix == ".http":
            yield good("holds requests to try", file.path)
            return
    route = next(iter(project.service.telling or project.service.routes), None)
    name, at = (route.name, route.at) if route else (described[0].name, described[0].at)
    yield weak(
        f"{name} comes without an example request",
        at,
        'Add model_config = {"json_schema_extra": {"examples": [{...}]}} or a curl line to the README.',
    )


_CODES = re.compile(r"(?:^|[^\d.])(4(?:00|01|03|04|13|15|22|29)|50[0-4])(?:$|[^\d.%])")


def _errors(project: Project, described: list[Operation]) -> Iterator[Said]:
    remedy = "Add responses={422: {...}, 503: {...}} to the route, or a table of error codes to the README."
    if described:
        own = [o for o in described if o.errors]
        if own:
            yield good(f"{own[0].name} explains {', '.join(own[0].errors)}", own[0].at)
            return
    for module in project.service.modules:
        for value, at in _responses(module):
            codes = [str(k) for k in value if re.match(r"[45]", str(k))]
            if codes:
                yield good(f"explains {', '.join(codes[:4])}", at)
                return
    for file in project.tree.named("*.md", "*.rst"):
        text = project.tree.text(file)
        if "changelog" in file.name or not re.search(r"\bAPI\b|endpoint|/predict", text):
            continue
        lines = [
            (n, x)
            for n, x in enumerate(text.splitlines(), start=1)
            if _CODES.search(x)
            and re.search(
                r"error|invalid|unauthor|forbidden|unavailable|bad request|unprocess|not found|too many|status",
                x,
                re.IGNORECASE,
            )
        ]
        if lines:
            yield good("explains error codes", f"{file.path}:{lines[0][0]}")
            return
    route = next(iter(project.service.telling or project.service.routes), None)
    name, at = (route.name, route.at) if route else (described[0].name, described[0].at)
    yield weak(f"{name} explains no error code", at, remedy)


def _responses(module: Module) -> Iterator[tuple[dict[Any, Any], str]]:
    for _, call in module.calls:
        value = keyword(call, "responses")
        if isinstance(value, ast.Name):
            value = module.assigned.get(value.id)
        if isinstance(value, ast.Dict):
            keys = {
                (literal(k) if isinstance(k, ast.Constant) else ast.unparse(k).rpartition("HTTP_")[2]): 1
                for k in value.keys
                if k is not None
            }
            yield keys, module.at(call)
