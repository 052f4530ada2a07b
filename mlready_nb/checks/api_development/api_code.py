"""Is there a service, with schemas and error handling: what the files say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.api import PLATFORMS, Route, Service
from mlready_nb.project.code import Module, keyword

_TYPED = frozenset(
    ["int", "float", "str", "bool", "bytes", "date", "datetime", "UUID", "Decimal", "Literal", "EmailStr"]
)
_FILES = frozenset(["UploadFile", "File", "Form", "Query", "Path", "Header", "Body", "Annotated"])
#: Frameworks that check types themselves and answer an unhandled error with a status of their own.
_BUILT_IN = frozenset(("fastapi", "litestar", "ninja", "flask_smorest", "apiflask"))


@check("API-01.1", "API-01.2", "API-01.3")
def api_code(project_files: Project) -> Finding:
    """A service with routes, typed requests and responses, and errors that are handled.

    What it measures: Routes of FastAPI, Flask and their like, BentoML, LitServe, MLServer... in the syntax trees; for
    those that predict: is the request a schema, does the response have one, is an error caught, raised as an HTTP error
    or met by an exception handler.

    Why it matters: Without a schema a typing error of the client becomes a prediction or a crash; without handling the
    crash becomes a bare 500 and nobody knows why.

    Blind spots: Services written in another language or another repository; handlers added by a library of the house.

    How to mend: class Request(BaseModel): ...; @app.post("/predict", response_model=Response); raise HTTPException(422,
    detail=...) for what the model cannot answer.
    """
    service = project_files.service
    if not service.routes:
        return settle(project_files.tree, {}, "no API route (FastAPI, Flask, BentoML, LitServe...) in the Python files")
    first = service.telling[0] if service.telling else service.routes[0]
    found = (
        f"{len(service.routes)} {'route' if len(service.routes) == 1 else 'routes'} of {', '.join(service.frameworks)}"
    )
    telling = service.telling
    return settle(
        project_files.tree,
        {
            "API-01.1": good(f"{first.name}: {found}", first.at)
            if service.telling
            else weak(f"{found}, and none of them predicts", first.at, "Add a route that calls the model."),
            "API-01.2": list(_schemas(service, telling)),
            "API-01.3": list(_errors(service, telling)),
        },
        "no API",
        measured={"routes": len(service.routes)},
    )


def _schemas(service: Service, routes: list[Route]) -> Iterator[Said]:
    for route in routes:
        took, gave = _request(service, route), _response(service, route)
        if route.framework in ("MLServer", "KServe", "TorchServe"):
            yield good(f"{route.name} speaks the inference protocol of {route.framework}", route.at)
        elif took == "none" and gave is not False:
            yield good(f"{route.name} takes no input", route.at)
        elif took == "raw":
            yield weak(
                f"{route.name} reads its input without a schema",
                route.at,
                "Declare class PredictRequest(BaseModel) with a type for each feature and take it as the argument.",
            )
        elif took != "none" and not gave:
            yield weak(
                f"{route.name} has a request schema and none for the response",
                route.at,
                "Add response_model=PredictResponse (a BaseModel), or annotate the return type with it.",
            )
        elif took != "none":
            yield good(f"{route.name} takes and gives schemas", route.at)


def _request(service: Service, route: Route) -> str:
    """`"typed"`, `"raw"` or `"none"`."""
    kinds = set()
    arguments = route.func.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        names = _names(route.module, argument.annotation)
        if argument.arg in ("self", "cls") or any(
            n in ("Response", "BackgroundTasks", "WebSocket", "Session") for n in names
        ):
            continue
        if any(n in service.schemas or n in _imported_schema(route, n) for n in names):
            kinds.add("typed")
        elif names & {"Request", "dict", "Dict", "Any", "object", "HttpRequest"}:
            kinds.add("raw")
        elif names & (_TYPED | _FILES | {"list", "List", "ndarray", "DataFrame", "Image"}):
            kinds.add("typed")
        elif (
            not names
            and route.framework in (_BUILT_IN | PLATFORMS)
            and argument.arg not in ("request", "context", "ctx")
        ):
            kinds.add("raw" if route.framework != "LitServe" else "none")
    for module, node in service.reached(route):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call):
                name = module.dotted(inner.func)
                owner = name.rpartition(".")[0].rpartition(".")[2].removesuffix("()")
                last = name.rpartition(".")[2]
                if (last in service.schemas or owner in service.schemas or last == "validate_call") or (
                    name.startswith(("jsonschema.", "webargs.", "marshmallow."))
                ):
                    kinds.add("typed")
            if isinstance(inner, ast.Attribute) and inner.attr in (
                "get_json",
                "json",
                "form",
                "values",
                "data",
                "body",
            ):
                base = module.dotted(inner.value)
                if base.rpartition(".")[2] == "request":
                    kinds.add("raw")
        if node is route.func and any(
            re.search(
                r"validate|use_args|use_kwargs|expect|arguments|input|body",
                module.dotted(d.func if isinstance(d, ast.Call) else d).rpartition(".")[2],
            )
            for d in route.func.decorator_list
        ):
            kinds.add("typed")
    if "typed" in kinds:
        return "typed"
    return "raw" if kinds else "none"


def _response(service: Service, route: Route) -> bool:
    """Has the answer a declared shape."""
    model = keyword(route.call, "response_model") if route.call else None
    if model is not None and not (isinstance(model, ast.Constant) and model.value is None):
        return True
    names = _names(route.module, route.func.returns)
    if any(n in service.schemas or n in _imported_schema(route, n) for n in names):
        return True
    if route.framework in PLATFORMS or names & {
        "StreamingResponse",
        "FileResponse",
        "HTMLResponse",
        "ndarray",
        "DataFrame",
    }:
        return True
    if names and not names & {"dict", "Dict", "Any", "JSONResponse", "Response", "None", "object"}:
        return True
    if route.framework not in _BUILT_IN:  # there, one schema on either side is the custom: an instance that is dumped
        for _, node in service.reached(route):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and inner.attr in (
                    "model_dump",
                    "model_dump_json",
                    "dump",
                    "marshal_with",
                ):
                    return True
        return bool(
            {"response", "marshal_with", "output"}
            & {
                route.module.dotted(d.func if isinstance(d, ast.Call) else d).rpartition(".")[2]
                for d in route.func.decorator_list
            }
        )
    return False


def _names(module: Module, annotation: ast.AST | None) -> set[str]:
    """Last parts of all names in an annotation, those in quotes too."""
    found: set[str] = set()
    for node in ast.walk(annotation) if annotation is not None else ():
        if isinstance(node, (ast.Name, ast.Attribute)):
            found.add(module.dotted(node).rpartition(".")[2])
            if isinstance(node, ast.Name) and isinstance(alias := module.assigned.get(node.id), ast.Subscript):
                found |= _names(module, alias)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value.rpartition(".")[2])
        elif isinstance(node, ast.Constant) and node.value is None:
            found.add("None")
    return found


def _imported_schema(route: Route, name: str) -> tuple[str, ...]:
    """The name, when it is brought in from a module of schemas that this reader has not seen."""
    source = route.module.imports.get(name, "")
    return (name,) if re.search(r"schema|model|dto|types", source.rpartition(".")[0], re.IGNORECASE) else ()


def _errors(service: Service, routes: list[Route]) -> Iterator[Said]:
    handlers = list(_handlers(service))
    bare = []
    for route in routes:
        swallowed = _swallowed(route)
        if swallowed:
            yield weak(
                f"{route.name} answers an error with status 200",
                swallowed,
                "raise HTTPException(status_code=500, detail=...) from error instead of returning it.",
            )
        elif handled := _handled(service, route):
            yield good(f"{route.name} handles errors", handled)
        elif route.framework in PLATFORMS:
            yield good(f"{route.name}: {route.framework} turns an exception into an error response", route.at)
        else:
            bare.append(route)
    if handlers:
        yield good("has an exception handler for the whole service", handlers[0])
        return
    for route in bare:
        schema = route.framework in _BUILT_IN and _request(service, route) == "typed"
        said = weak if schema else bad
        yield said(
            f"{route.name} handles no error"
            + (": only the input's types are checked" if schema else ": malformed input ends in a bare 500"),
            route.at,
            "Wrap the prediction in try/except and raise HTTPException(...), or add @app.exception_handler(Exception).",
        )


def _handlers(service: Service) -> Iterator[str]:
    for module in service.modules:
        for name, call in module.calls:
            if name.rpartition(".")[2] in (
                "exception_handler",
                "errorhandler",
                "app_errorhandler",
                "add_exception_handler",
                "register_error_handler",
            ):
                yield module.at(call)
        if any(k in module.text for k in ("exception_handlers=", "EXCEPTION_HANDLER")):
            yield module.path
        for func in module.functions.values():
            passes_on = any(a.arg == "call_next" for a in func.args.args)
            if passes_on and any(isinstance(n, ast.Try) and _answers(n) for n in ast.walk(func)):
                yield module.at(func)


def _handled(service: Service, route: Route) -> str:
    for module, node in service.reached(route):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Raise) and inner.exc is not None:
                name = module.dotted(inner.exc.func if isinstance(inner.exc, ast.Call) else inner.exc)
                if re.search(r"HTTP|^fastapi|^werkzeug|^starlette|^bentoml\.exceptions|^litestar", name):
                    return module.at(inner)
            if isinstance(inner, ast.Call) and module.dotted(inner.func).rpartition(".")[2] == "abort":
                return module.at(inner)
            if isinstance(inner, ast.Try) and inner.handlers and node is route.func and _answers(inner):
                return module.at(inner)
            if isinstance(inner, ast.Return) and node is route.func and _error_status(inner.value):
                return module.at(inner)
    return ""


def _answers(node: ast.Try) -> bool:
    """Does some handler raise or return, and not merely pass."""
    return any(isinstance(n, (ast.Raise, ast.Return)) for h in node.handlers for n in ast.walk(h))


def _error_status(value: ast.AST | None) -> bool:
    """`return jsonify(...), 400` or `JSONResponse(..., status_code=400)`."""
    if isinstance(value, ast.Tuple) and len(value.elts) > 1:
        second = value.elts[1]
        if isinstance(second, ast.Constant) and isinstance(second.value, int):
            return second.value >= 400
        return isinstance(second, ast.Attribute)
    if isinstance(value, ast.Call):
        status = keyword(value, "status_code") or keyword(value, "status")
        if isinstance(status, ast.Constant) and isinstance(status.value, int):
            return status.value >= 400
        return isinstance(status, ast.Attribute)
    return False


def _swallowed(route: Route) -> str:
    """A handler that returns the error as if it were an answer."""
    for node in ast.walk(route.func):
        if not isinstance(node, ast.ExceptHandler):
            continue
        returned = [n for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None]
        raised = any(isinstance(n, ast.Raise) for n in ast.walk(node))
        for one in returned:
            body = one.value
            text = ast.unparse(body).lower()[:500] if body is not None else ""
            if (
                not raised
                and "error" in text
                and not _error_status(body)
                and "status" not in text
                and "abort" not in text
            ):
                if isinstance(body, ast.Call) and route.module.dotted(body.func).rpartition(".")[2] not in (
                    "jsonify",
                    "dict",
                    "str",
                ):
                    continue
                return route.module.at(one)
    return ""
