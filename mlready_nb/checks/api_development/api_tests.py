"""Is the service tested, and did the tests pass: what the files say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.code import Module

_CLIENT = re.compile(
    r"\b(TestClient|test_client|AsyncClient|ASGITransport|httpx\.\w+|requests\.(get|post)|APIClient|create_test_client)\b"
)


@check("API-03.1", "API-03.2")
def api_tests(project_files: Project) -> Finding:
    """Tests that call the service and check its answers, and their last result.

    What it measures: Functions named test_* that assert something; whether some of them call the service through a test
    client (or an HTTP client); failures and skips in JUnit files.

    Why it matters: The wrapper around the model breaks more often than the model, and quietly.

    Blind spots: Whether the tests test the right things; results that only the pipeline has.

    How to mend: client = TestClient(app); assert client.post("/predict", json=...).status_code == 200.
    """
    tests = project_files.tests
    service = project_files.service
    found = [(m, f) for m in tests for n, f in m.functions.items() if n.startswith("test")]
    checking = [(m, f) for m, f in found if _asserts(m, f)]
    clients = {
        f.name
        for m in tests
        for f in m.functions.values()
        if any("fixture" in ast.unparse(d) for d in f.decorator_list) and _CLIENT.search(ast.unparse(f))
    }
    calling = [(m, f) for m, f in checking if _CLIENT.search(m.text) or clients & {a.arg for a in f.args.args}]
    return settle(
        project_files.tree,
        {
            "API-03.1": _written(project_files, found, checking, calling),
            "API-03.2": list(_results(project_files)),
        },
        "no test file (tests/test_*.py) and no JUnit report" if not service.routes else "no test",
        measured={"tests": len(found), "that call the API": len(calling)},
    )


def _written(project: Project, found: Sequence[tuple[Module, ast.AST]], checking: Sequence[tuple[Module, ast.AST]], calling: Sequence[tuple[Module, ast.AST]]) -> Said | None:  # fmt: skip
    route = next(iter(project.service.telling), None)
    if not found:
        if route is None:
            return None
        return bad(
            f"{route.name} has no test: no test_*.py in the folder",
            route.at,
            'Write tests/test_api.py: assert TestClient(app).post("/predict", json=...).status_code == 200.',
        )
    if not checking:
        module, func = found[0]
        return weak(f"{len(found)} tests, and none asserts anything", module.at(func), "Assert on status and body.")
    if calling:
        module, func = calling[0]
        return good(f"{len(calling)} of {len(found)} tests call the service", module.at(func))
    module, func = checking[0]
    if route is not None:
        return weak(
            f"{len(found)} tests, and none calls {route.name}", module.at(func), "Call it through TestClient(app)."
        )
    return good(f"{len(checking)} tests", module.at(func))


def _asserts(module: Module, func: ast.AST, deep: bool = True) -> bool:
    for node in ast.walk(func):
        if deep and isinstance(node, ast.Call):  # a helper of the same file may hold the assert
            helper = module.functions.get(module.dotted(node.func).rpartition(".")[2])
            if helper is not None and helper is not func and _asserts(module, helper, deep=False):
                return True
        if isinstance(node, ast.Assert) and not (isinstance(node.test, ast.Constant) and node.test.value):
            return True
        if isinstance(node, ast.Call) and re.search(
            r"(^|\.)(assert\w*|raises|fail|raise_for_status)$", module.dotted(node.func)
        ):
            return True
    return False


def _results(project: Project) -> Iterator[Said]:
    for report in project.junit:
        if report.failed:
            yield bad(
                f"{report.failed} of {report.tests} tests failed",
                report.path,
                "Mend them, then run pytest --junitxml again.",
            )
        elif report.tests and report.tests == report.skipped:
            yield weak(f"all {report.tests} tests were skipped", report.path, "Run them where they can run.")
        elif report.tests:
            yield good(
                f"{report.tests - report.skipped} of {report.tests} tests passed, {report.skipped} were skipped",
                report.path,
            )
