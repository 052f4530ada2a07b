"""Who may call the service, and how often: what the files say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.api import Route, Service
from mlready_nb.project.code import Module, keyword

_SCHEMES = re.compile(
    r"fastapi\.security|APIKey(Header|Query|Cookie)|HTTPBearer|HTTPBasic|OAuth2|flask_jwt|flask_httpauth|flask_login|flask_security"
    r"|\bjwt\b|\bjose\b|authlib|msal|firebase_admin|fastapi_users|starlette\.authentication|AuthenticationMiddleware|permission_classes"
    r"|IsAuthenticated|TokenAuthentication|compare_digest|auth0|keycloak|cognito",
    re.IGNORECASE,
)
_HEADER = re.compile(r"authorization|x-api-key|api[-_]?key|bearer|x-token|access[-_]?token", re.IGNORECASE)
_REFUSES = re.compile(r"\b(401|403)\b|HTTP_40[13]|Unauthorized|Forbidden|PermissionDenied")
_GUARD = re.compile(
    r"(^|_)(auth|authenticate[d]?|authorize[d]?|login|jwt|token|api_?key|permissions?|protected|credentials|current_user)(_|$)|require",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"slowapi|flask_limiter|fastapi_limiter|aiolimiter|limits|ratelimit|fastapi_throttle|django_ratelimit|asgi_ratelimit|throttl|pyrate_limiter",
    re.IGNORECASE,
)


@check("SEC-03.2", "SEC-03.3", "API-02.3", "THR-01.3")
def api_guards(project_files: Project) -> Finding:
    """Authentication and rate limits on the routes that predict.

    What it measures: For each such route: does it, its router or its application depend on something that reads
    credentials and refuses without them; is a limiter applied to it; else, does a gateway of the manifests do either.

    Why it matters: Whoever finds an open address can copy the model by asking it, or keep others from it.

    Blind spots: A gateway, mesh or firewall that is configured elsewhere: then waive it with the name of that gateway.

    How to mend: app = FastAPI(dependencies=[Depends(check_key)]) with APIKeyHeader and secrets.compare_digest;
    slowapi: @limiter.limit("60/minute").
    """
    service = project_files.service
    if not service.telling:
        return settle(project_files.tree, {}, "no API route that predicts in the Python files")
    limits = list(_limits(service, project_files))
    return settle(
        project_files.tree,
        {
            "SEC-03.2": list(_auth(service, project_files)),
            "SEC-03.3": limits,
            "API-02.3": limits,
            "THR-01.3": limits,
        },
        "no API",
    )


def _auth(service: Service, project: Project) -> Iterator[Said]:
    whole = _whole(service)
    gateway = project.gateway_auth
    some = any(_guarded(service, r) for r in service.routes)
    remedy = "Depend on it in every route: dependencies=[Depends(require_key)] with APIKeyHeader, or put a gateway before it and name it in a waiver."
    for route in service.telling:
        if where := whole or _guarded(service, route):
            yield good(f"{route.name} asks for credentials", where)
        elif not route.predicts and some:
            continue  # in a service with a login some routes are open on purpose
        elif gateway:
            yield good(f"{route.name} stands behind a gateway that asks for credentials", gateway)
        else:
            yield bad(f"{route.name} answers anybody: no authentication in the code or in a manifest", route.at, remedy)


def _whole(service: Service) -> str:
    """Where credentials are asked for all routes at once: the application, its routers, a middleware."""
    for module in service.modules:
        for name, call in module.calls:
            last = name.rpartition(".")[2]
            if last in ("FastAPI", "APIRouter", "include_router"):
                value = keyword(call, "dependencies")
                if value is not None and _is_guard(service, module, value):
                    return module.at(call)
            if last == "add_middleware" and call.args:
                named = module.dotted(call.args[0]).rpartition(".")[2]
                there = service.function(named)
                if re.search(r"auth", named, re.IGNORECASE) or (there and _reads_credentials(*there)):
                    return module.at(call)
        for func in module.functions.values():
            for decorator in func.decorator_list:
                name = module.dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
                if name.rpartition(".")[2] in (
                    "middleware",
                    "before_request",
                    "before_app_request",
                ) and _reads_credentials(module, func):
                    return module.at(func)
        if re.search(r"DEFAULT_PERMISSION_CLASSES.{0,200}IsAuthenticated", module.text, re.DOTALL):
            return module.path
    return ""


def _guarded(service: Service, route: Route) -> str:
    arguments = route.func.args
    parts: list[ast.AST] = [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]
    parts += [a.annotation for a in (*arguments.args, *arguments.kwonlyargs) if a.annotation is not None]
    if route.call is not None and (value := keyword(route.call, "dependencies")) is not None:
        parts.append(value)
    for part in parts:
        if _is_guard(service, route.module, part):
            return route.module.at(part)
    for decorator in route.func.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = route.module.dotted(target)
        if decorator is route.call:
            continue
        there = service.function(name.rpartition(".")[2])
        if (there and _reads_credentials(*there)) or (
            not there and (_SCHEMES.search(name) or _GUARD.search(name.rpartition(".")[2]))
        ):
            return route.module.at(decorator)
    for module, node in service.reached(route):
        if _reads_credentials(module, node):
            return module.at(node)
    return ""


def _is_guard(service: Service, module: Module, node: ast.AST, depth: int = 4) -> bool:
    """`Depends(...)` or `Security(...)` on something that reads credentials, also behind an alias."""
    for inner in ast.walk(node):
        alias = module.assigned.get(inner.id) if isinstance(inner, ast.Name) and depth else None
        if isinstance(alias, (ast.Subscript, ast.List)) and _is_guard(service, module, alias, depth - 1):
            return True
        if isinstance(inner, ast.Name) and inner.id in module.imports and depth:
            aliased = _alias(service, inner.id)
            if aliased is not None and _is_guard(service, *aliased, depth - 1):
                return True
        if not isinstance(inner, ast.Call):
            continue
        name = module.dotted(inner.func).rpartition(".")[2]
        if name == "Security":
            return True
        if name == "Depends" and inner.args:
            target = inner.args[0]
            target = target.func if isinstance(target, ast.Call) else target
            named = module.dotted(target)
            last = named.rpartition(".")[2]
            bound = next((m.assigned[last] for m in service.modules if last in m.assigned), None)
            if bound is not None and _SCHEMES.search(ast.unparse(bound)):
                return True
            there = service.function(last)
            if there and _asks(service, *there):
                return True
            if not there and bound is None and (_SCHEMES.search(named) or _GUARD.search(last)):
                return True
    return False


def _alias(service: Service, name: str) -> tuple[Module, ast.AST] | None:
    return next(
        ((m, m.assigned[name]) for m in service.modules if isinstance(m.assigned.get(name), ast.Subscript)), None
    )


def _asks(service: Service, module: Module, node: ast.AST, depth: int = 3) -> bool:
    """Does a dependency read credentials, itself or through what it names: another dependency, a function it returns."""
    if _reads_credentials(module, node):
        return True
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} if depth else set()
    for name in names:
        last = module.imports.get(name, name).rpartition(".")[2]
        there = service.function(last)
        if there is not None and there[1] is not node and _asks(service, *there, depth - 1):
            return True
        bound = next((m.assigned[last] for m in service.modules if last in m.assigned), None)
        if isinstance(bound, ast.Call) and _SCHEMES.search(ast.unparse(bound.func)):
            return True
    return False


def _reads_credentials(module: Module, node: ast.AST) -> bool:
    """Does it look at a credential and refuse: both are needed, a header alone may only be logged."""
    text = ast.get_source_segment(module.text, node) or ""
    reads = bool(_HEADER.search(text)) or bool(_SCHEMES.search(text))
    refuses = bool(_REFUSES.search(text))
    library = any(_SCHEMES.search(module.dotted(n.func)) for n in ast.walk(node) if isinstance(n, ast.Call))
    return (reads and refuses) or (library and refuses)


def _limits(service: Service, project: Project) -> Iterator[Said]:
    remedy = 'slowapi: limiter = Limiter(key_func=get_remote_address), then @limiter.limit("60/minute") on each route.'
    if project.gateway_limit:
        yield good("limits requests at the gateway", project.gateway_limit)
        return
    for module in service.modules:
        if not any(_LIMITS.search(p) for p in module.packages) and not _LIMITS.search(
            " ".join(module.imports.values())
        ):
            continue
        for name, call in module.calls:
            last = name.rpartition(".")[2]
            if last == "add_middleware" and call.args and _LIMITS.search(module.dotted(call.args[0])):
                yield good("limits requests by a middleware", module.at(call))
                return
            if last == "Limiter" and keyword(call, "default_limits") is not None:
                yield good("limits all routes by default", module.at(call))
                return
            if last == "RateLimiter" and keyword(call, "times") is not None:
                yield good("limits requests", module.at(call))
                return
    open_routes = [r for r in service.telling if not _limited(r)]
    if not open_routes:
        yield good(f"{service.telling[0].name} has a limit", service.telling[0].at)
    for route in open_routes:
        made = next((m.at(c) for m in service.modules for n, c in m.calls if n.rpartition(".")[2] == "Limiter"), "")
        why = f"a limiter is made ({made}) but not applied to it" if made else "no limiter in the code or at a gateway"
        yield weak(f"{route.name} may be called without limit: {why}", route.at, remedy)


def _limited(route: Route) -> bool:
    text = " ".join(ast.unparse(d) for d in route.func.decorator_list) + ast.unparse(route.func.args)
    return bool(re.search(r"limiter\.limit|\.limit\(|ratelimit|RateLimiter|throttle|shared_limit", text, re.IGNORECASE))
