"""OpenAPI descriptions: of applications that live in the kernel, and of files."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from mlready_nb.project.files import Tree
from mlready_nb.project.yamls import Map, load

_METHODS = frozenset(("get", "post", "put", "patch", "delete"))
_HIDDEN = ("/docs", "/redoc", "/openapi.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route as it is described."""

    name: str
    at: str
    described: bool
    example: bool
    #: codes of 4xx and 5xx beyond the 422 that FastAPI adds by itself
    errors: tuple[str, ...]


def of_apps(namespace: Mapping[str, Any]) -> list[Operation]:
    """Of every FastAPI application in the namespace; made anew, so that the application stays as it is."""
    fastapi = sys.modules.get("fastapi")
    if fastapi is None:
        return []
    get_openapi = import_module("fastapi.openapi.utils").get_openapi

    found: list[Operation] = []
    for variable, value in namespace.items():
        if variable.startswith("_") or not isinstance(value, fastapi.FastAPI):
            continue
        try:
            schema = get_openapi(title=value.title, version=value.version, routes=value.routes)
            found += _operations(json.loads(json.dumps(schema, default=str)), f"{variable}.openapi()")
        except Exception:  # noqa: S112  (an application that cannot be described is judged by its code)
            continue
    return found


def of_files(tree: Tree) -> list[Operation]:
    """Of openapi.yaml, swagger.json and their like."""
    found: list[Operation] = []
    for file in tree.named("*openapi*.y*ml", "*openapi*.json", "*swagger*.y*ml", "*swagger*.json"):
        if file.size < 1_000_000:
            for body in load(tree.text(file)):
                if isinstance(body, dict) and ("openapi" in body or "swagger" in body):
                    found += _operations(body, file.path)
    return found


def _operations(body: Mapping[str, Any], where: str) -> list[Operation]:
    found = []
    schemas = (body.get("components") or {}).get("schemas") or body.get("definitions") or {}
    paths = body.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if path in _HIDDEN or not isinstance(item, dict):
            continue
        for method, operation in item.items():
            if method not in _METHODS or not isinstance(operation, dict):
                continue
            text = json.dumps(operation, default=str)
            used = [n for n in schemas if f'/{n}"' in text]
            line = item.lines.get(method, 0) if isinstance(item, Map) else 0
            codes = [str(c) for c in operation.get("responses") or () if str(c)[0] in "45"]
            described = bool(operation.get("description")) or _own_words(operation)
            found.append(
                Operation(
                    name=f"{method.upper()} {path}", at=f"{where}:{line}" if line else where, described=described,
                    example='"example' in text or any('"example' in json.dumps(schemas[n], default=str) for n in used),
                    errors=tuple(c for c in codes if c != "422" or "HTTPValidationError" not in text),
                )
            )  # fmt: skip
    return found


def _own_words(operation: Mapping[str, Any]) -> bool:
    """A summary that is more than the function's name in capitals, which FastAPI writes by itself."""
    summary, ident = str(operation.get("summary") or ""), str(operation.get("operationId") or "")
    return bool(summary) and not ident.startswith(summary.lower().replace(" ", "_"))
