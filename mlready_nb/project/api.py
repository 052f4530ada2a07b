"""The project's service, found in its syntax trees: routes, what they take, what guards them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mlready_nb.project.code import Module, keyword, literal

#: Text that a module of a service has.
WORDS = re.compile(
    r"\b(fastapi|flask|starlette|litestar|sanic|quart|aiohttp|bottle|falcon|robyn|bentoml|litserve|mlserver|kserve|ray"
    r"|ts\.torch_handler|tornado|django|rest_framework|BaseModel|lambda_handler|APIRouter|pydantic)\b"
)
#: Servers that turn an exception into a logged error response, and measure requests, by themselves.
PLATFORMS = frozenset(("BentoML", "LitServe", "MLServer", "KServe", "TorchServe", "Ray Serve"))
_METHODS = frozenset(("get", "post", "put", "patch", "delete", "route", "api_route"))
_FRAMEWORKS = frozenset(
    ("fastapi", "flask", "starlette", "litestar", "sanic", "quart", "aiohttp", "bottle", "falcon", "robyn", "blacksheep",
     "flask_restful", "flask_restx", "flask_smorest", "apiflask", "connexion", "ninja", "rest_framework")
)  # fmt: skip
_PREDICTS = re.compile(
    r"predict|infer|score|scoring|classif|recommend|invocation|forecast|detect|embed|generat|estimat|rank|segment",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"health|ping|ready|live|metrics|docs|openapi|version|^/?$|root|home|index|favicon|static|status|login|log[-_]?out|token|auth|register|sign[-_]?(up|in)|password|recover|reset|webhook",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address of the service and the function behind it."""

    module: Module
    func: ast.FunctionDef | ast.AsyncFunctionDef
    framework: str
    method: str
    path: str
    call: ast.Call | None = None

    @property
    def at(self) -> str:
        """File and line of the function."""
        return self.module.at(self.func)

    @property
    def predicts(self) -> bool:
        """Does it answer with predictions, by its path or name."""
        return bool(_PREDICTS.search(self.path) or _PREDICTS.search(self.func.name)) and not self.open

    @property
    def open(self) -> bool:
        """Health, documentation, login: what everybody may call."""
        return bool(_OPEN.search(self.path.rstrip("/").rpartition("/")[2] if self.path else self.func.name))

    @property
    def name(self) -> str:
        """`POST /predict`."""
        return f"{self.method.upper()} {self.path or self.func.name}"


@dataclass(frozen=True, kw_only=True)
class Service:
    """All routes, and the modules they stand in."""

    modules: list[Module] = field(repr=False)

    @cached_property
    def routes(self) -> list[Route]:
        """Every route found."""
        return [r for m in self.modules for r in _routes(m)]

    @cached_property
    def telling(self) -> list[Route]:
        """The routes that matter: those that predict, else all that take something, else all that are not open."""
        predicting = [r for r in self.routes if r.predicts]
        posting = [r for r in self.routes if r.method.lower() in ("post", "put") and not r.open]
        return predicting or posting or [r for r in self.routes if not r.open]

    @cached_property
    def serving(self) -> list[Module]:
        """The modules that routes stand in, and those whose functions they call."""
        found = {r.module.path: r.module for r in self.routes}
        found |= {m.path: m for r in self.telling for m, _ in self.reached(r)}
        return list(found.values())

    @cached_property
    def frameworks(self) -> tuple[str, ...]:
        """Names of the frameworks, each once."""
        return tuple(dict.fromkeys(r.framework for r in self.routes))

    @cached_property
    def schemas(self) -> dict[str, tuple[Module, ast.ClassDef]]:
        """Classes that describe data: pydantic models, SQLModel, dataclasses, marshmallow schemas; by name."""
        found: dict[str, tuple[Module, ast.ClassDef]] = {}
        waiting = [(m, c) for m in self.modules for c in m.classes.values()]
        grown = True
        while grown:
            grown = False
            for module, node in waiting:
                if node.name not in found and _describes(module, node, found):
                    found[node.name] = (module, node)
                    grown = True
        return found

    def function(self, name: str) -> tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] | None:
        """A function or class of the project by its bare name."""
        for module in self.modules:
            if name in module.functions:
                return module, module.functions[name]
            if name in module.classes:
                return module, module.classes[name]
        return None

    def reached(self, route: Route, depth: int = 2) -> Iterator[tuple[Module, ast.AST]]:
        """The route's function and the project's functions that it calls, two calls deep."""
        seen: set[str] = set()
        waiting: list[tuple[Module, ast.AST, int]] = [(route.module, route.func, 0)]
        while waiting:
            module, node, level = waiting.pop(0)
            yield module, node
            if level >= depth:
                continue
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call):
                    name = module.dotted(inner.func).rpartition(".")[2]
                    there = self.function(name) if name and name not in seen else None
                    seen.add(name)
                    if there is not None and there[1] is not route.func:
                        waiting.append((*there, level + 1))


_DATA_BASES = (
    "pydantic.",
    "sqlmodel.",
    "marshmallow.",
    "msgspec.Struct",
    "ninja.Schema",
    "rest_framework.serializers",
    "apiflask.Schema",
    "flask_marshmallow",
)


def _describes(module: Module, node: ast.ClassDef, known: dict[str, tuple[Module, ast.ClassDef]]) -> bool:
    bases = [module.dotted(b.value if isinstance(b, ast.Subscript) else b) for b in node.bases]
    if any((b.startswith(_DATA_BASES) and "BaseSettings" not in b) or b.rpartition(".")[2] in known for b in bases):
        return True
    if any(b.endswith("TypedDict") for b in bases):
        return True
    return any("dataclass" in module.dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list)


def _routes(module: Module) -> Iterator[Route]:
    web = next((p for p in sorted(module.packages) if p in _FRAMEWORKS), "")
    for node in module.nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _decorated(module, node, web)
        elif isinstance(node, ast.ClassDef):
            yield from _class(module, node)
    for name, call in module.calls:
        last = name.rpartition(".")[2]
        if last in ("add_api_route", "add_url_rule", "add_route") or (last == "Route" and web):
            path, func = _path(call), _handler(module, call)
            if func is not None and (web or last != "add_route"):
                methods = literal(keyword(call, "methods"))
                method = str(next(iter(methods), "get")) if isinstance(methods, (list, tuple, set)) else "get"
                yield Route(module=module, func=func, framework=web or "web", method=method, path=path, call=call)
        elif last == "add_resource" and call.args:
            resource = module.classes.get(module.dotted(call.args[0]))
            functions = [f for f in resource.body if isinstance(f, ast.FunctionDef)] if resource else []
            path = str(literal(call.args[1]) or "") if len(call.args) > 1 else ""
            for func in functions:
                if func.name in _METHODS:
                    yield Route(module=module, func=func, framework="flask", method=func.name, path=path, call=call)
    if "lambda_handler" in module.functions and len(module.functions["lambda_handler"].args.args) == 2:
        yield Route(
            module=module,
            func=module.functions["lambda_handler"],
            framework="AWS Lambda",
            method="post",
            path="/predict",
        )


def _decorated(module: Module, func: ast.FunctionDef | ast.AsyncFunctionDef, web: str) -> Iterator[Route]:
    for decorator in func.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        target = call.func if call else decorator
        name = module.dotted(target)
        head, _, last = name.rpartition(".")
        if (name.startswith("bentoml.") and last == "api") or (last == "api" and "bentoml" in module.packages):
            yield Route(module=module, func=func, framework="BentoML", method="post", path=f"/{func.name}", call=call)
        elif call and last in _METHODS and head and _is_app(module, target, web):
            path = _path(call)
            if path or not call.args:
                methods = literal(keyword(call, "methods"))
                method = last
                if last in ("route", "api_route"):
                    method = str(next(iter(methods), "get")) if isinstance(methods, (list, tuple, set)) else "get"
                    if isinstance(methods, (list, tuple, set)) and "POST" in methods:
                        method = "post"
                yield Route(module=module, func=func, framework=web or "web", method=method, path=path, call=call)


def _is_app(module: Module, target: ast.AST, web: str) -> bool:
    """Is the decorator's owner an application or router: made here from a framework, or brought in from the project."""
    owner = target.value if isinstance(target, ast.Attribute) else None
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    if not isinstance(owner, ast.Name):
        return False
    made = module.assigned.get(owner.id)
    if isinstance(made, ast.Call):
        maker = module.dotted(made.func)
        if maker.partition(".")[0] in _FRAMEWORKS:
            return True
        return bool(web) or maker.rpartition(".")[2] in ("FastAPI", "APIRouter", "Flask", "Blueprint")
    return bool(web) and owner.id != "self" and not module.imports.get(owner.id, "").startswith(("requests", "httpx"))


def _path(call: ast.Call) -> str:
    for value in (*call.args[:1], keyword(call, "path"), keyword(call, "rule")):
        said = literal(value)
        if isinstance(said, str):
            return said or "/"
    return ""


def _handler(module: Module, call: ast.Call) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    for value in (*call.args[1:], keyword(call, "view_func"), keyword(call, "endpoint")):
        name = module.dotted(value).rpartition(".")[2] if value is not None else ""
        if name in module.functions:
            return module.functions[name]
    return None


_SERVING = {
    "litserve.LitAPI": ("LitServe", "predict"),
    "mlserver.MLModel": ("MLServer", "predict"),
    "mlserver.model.MLModel": ("MLServer", "predict"),
    "kserve.Model": ("KServe", "predict"),
    "ts.torch_handler.base_handler.BaseHandler": ("TorchServe", "inference"),
    "tornado.web.RequestHandler": ("Tornado", "post"),
    "rest_framework.views.APIView": ("Django REST", "post"),
    "flask.views.MethodView": ("flask", "post"),
}


def _class(module: Module, node: ast.ClassDef) -> Iterator[Route]:
    for base in map(module.dotted, node.bases):
        if base in _SERVING:
            framework, wanted = _SERVING[base]
            functions = [f for f in node.body if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef))]
            func = next((f for f in functions if f.name == wanted), None)
            if func is not None:
                yield Route(module=module, func=func, framework=framework, method="post", path="/predict")
    for decorator in node.decorator_list:
        name = module.dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name.endswith("serve.deployment"):
            calls = [
                f for f in node.body if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef)) and f.name == "__call__"
            ]
            yield from (
                Route(module=module, func=f, framework="Ray Serve", method="post", path="/predict") for f in calls
            )
