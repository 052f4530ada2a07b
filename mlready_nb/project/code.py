"""The project's Python as syntax trees, with every name resolved to the library it comes from. Nothing is run."""

from __future__ import annotations

import ast
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mlready_nb.project.files import File, Tree

MAX_MODULES, MAX_SIZE, MAX_SECONDS = 600, 400_000, 1.5


@dataclass(frozen=True, kw_only=True)
class Module:
    """One Python file."""

    path: str
    tree: ast.Module = field(repr=False)
    text: str = field(repr=False)

    def at(self, node: ast.AST) -> str:
        """`app/main.py:12`."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local name -> where it comes from: `F` -> `fastapi.FastAPI`."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    head = alias.asname or alias.name.partition(".")[0]
                    found[head] = alias.name if alias.asname else head
            elif isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{base}.{alias.name}" if base.strip(".") else base + alias.name
        return found

    @cached_property
    def packages(self) -> frozenset[str]:
        """Top-level names of what it imports."""
        found: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found.update(a.name.partition(".")[0] for a in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").partition(".")[0])
        return frozenset(found)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node, in order."""
        return list(ast.walk(self.tree))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
        """Functions and methods by name."""
        return {n.name: n for n in self.nodes if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """Classes by name."""
        return {n.name: n for n in self.nodes if isinstance(n, ast.ClassDef)}

    @cached_property
    def assigned(self) -> dict[str, ast.expr]:
        """Name -> the value last bound to it at any level: `app` -> the node of `FastAPI()`."""
        found: dict[str, ast.expr] = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        found[target.id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                found[node.target.id] = node.value
        return found

    @cached_property
    def calls(self) -> list[tuple[str, ast.Call]]:
        """(dotted name, call) of every call."""
        return [(self.dotted(n.func), n) for n in self.nodes if isinstance(n, ast.Call)]

    def dotted(self, node: ast.AST | None) -> str:
        """`fastapi.FastAPI` for a name or an attribute, through the imports; empty for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Call):
            inner = self.dotted(node.func)
            return ".".join([f"{inner}()", *reversed(parts)]) if inner else ".".join(reversed(parts))
        if not isinstance(node, ast.Name):
            return ".".join(reversed(parts))
        return ".".join([self.imports.get(node.id, node.id), *reversed(parts)])


_TESTS = re.compile(r"(^|/)(tests?|testing)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$", re.IGNORECASE)
_ASIDE = re.compile(r"(^|/)(examples?|docs?|site|build|dist|migrations)/", re.IGNORECASE)


def is_test(file: File) -> bool:
    """A file of tests, by where it lies and what it is called."""
    return bool(_TESTS.search(file.path))


def modules(
    tree: Tree, words: re.Pattern[str], parsed: dict[str, Module | None], *, tests: bool = False
) -> list[Module]:
    """Python files (tests, or all but tests) whose text holds one of the words, parsed once; within bounds."""
    until = time.monotonic() + MAX_SECONDS
    found: list[Module] = []
    for file in tree.files:
        if file.suffix != ".py" or file.size > MAX_SIZE or is_test(file) is not tests or _ASIDE.search(file.path):
            continue
        if len(found) >= MAX_MODULES or time.monotonic() > until:
            break
        text = tree.text(file)
        if words.search(text):
            if file.path not in parsed:
                parsed[file.path] = parse(file.path, text)
            module = parsed[file.path]
            if module is not None:
                found.append(module)
    return found


def parse(path: str, text: str) -> Module | None:
    """A module, or `None` where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Module(path=path, tree=ast.parse(text), text=text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def strings(node: ast.AST) -> Iterator[tuple[str, ast.Constant]]:
    """Every string literal below a node."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value, inner


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def literal(node: ast.AST | None) -> object:
    """The value of a literal, `None` for anything else."""
    try:
        return ast.literal_eval(node) if isinstance(node, ast.expr) else None
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
