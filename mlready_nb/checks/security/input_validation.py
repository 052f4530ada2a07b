"""Are the values of a request checked, beyond their types: what the files say."""

from __future__ import annotations

import ast
import re

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, good, settle, weak
from mlready_nb.project.code import Module

_LIMITS = frozenset(
    [
        "ge",
        "gt",
        "le",
        "lt",
        "min_length",
        "max_length",
        "min_items",
        "max_items",
        "pattern",
        "regex",
        "multiple_of",
        "minimum",
        "maximum",
        "decimal_places",
    ]
)
_CALLS = re.compile(
    r"(conint|confloat|constr|conlist|condecimal|Range|Length|OneOf|Regexp|field_validator|model_validator|validator|root_validator|validates|validates_schema|AfterValidator|BeforeValidator)$"
)
_TYPES = frozenset(
    [
        "Literal",
        "PositiveInt",
        "PositiveFloat",
        "NonNegativeInt",
        "NonNegativeFloat",
        "EmailStr",
        "HttpUrl",
        "StrictInt",
        "StrictFloat",
        "NegativeInt",
    ]
)


@check("SEC-04.2")
def input_validation(project_files: Project) -> Finding:
    """Limits on the values that a request may hold.

    What it measures: In the schemas of the service: Field(ge=..., max_length=...), validators, Literal and Enum types,
    constrained types; or checks of values in the routes that end in an error.

    Why it matters: A type lets an age of -3 or a text of ten megabytes through; the model answers both.

    Blind spots: Whether the limits are the right ones; validation inside the model's own pipeline.

    How to mend: age: int = Field(ge=0, le=130); plan: Literal["basic", "pro"].
    """
    service = project_files.service
    if not service.telling:
        return settle(project_files.tree, {}, "no API route that predicts in the Python files")
    limited = [(m, c) for m, c in service.schemas.values() if _limits(m, c)]
    if limited:
        module, node = limited[0]
        said = good(f"{node.name} limits the values it takes", module.at(node))
    elif any(_refuses(n) for r in service.telling for _, n in service.reached(r)):
        said = good(f"{service.telling[0].name} refuses values by checks of its own", service.telling[0].at)
    elif service.schemas:
        module, node = next(iter(service.schemas.values()))
        said = weak(
            f"{node.name} checks types and no values",
            module.at(node),
            "Give each field its limits: Field(ge=0, le=130).",
        )
    else:
        said = weak(
            f"{service.telling[0].name} takes any value",
            service.telling[0].at,
            "Declare a BaseModel with limits: age: int = Field(ge=0, le=130).",
        )
    return settle(project_files.tree, {"SEC-04.2": said}, "no API")


def _limits(module: Module, node: ast.ClassDef) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if any(k.arg in _LIMITS for k in inner.keywords) or _CALLS.search(module.dotted(inner.func)):
                return True
        elif isinstance(inner, (ast.Name, ast.Attribute)):
            name = module.dotted(inner).rpartition(".")[2]
            known = module.classes.get(name)
            if name in _TYPES or _CALLS.search(name):
                return True
            if known is not None and any(
                module.dotted(b).rpartition(".")[2] in ("Enum", "StrEnum", "IntEnum") for b in known.bases
            ):
                return True
    return False


def _refuses(node: ast.AST) -> bool:
    """An `if` over values that raises or returns an error of the client (4xx)."""
    return any(
        isinstance(inner, ast.If)
        and re.search(
            r"\b4(00|13|15|22)\b|HTTP_4|abort|ValueError|ValidationError", " ".join(ast.unparse(s) for s in inner.body)
        )
        for inner in ast.walk(node)
    )
