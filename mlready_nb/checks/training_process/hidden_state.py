"""Whether the notebook, run from top to bottom, would come to the state it is in."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Place, Strength, Table, not_applicable, passed, warned
from mlready_nb.source import parse
from mlready_nb.subjects import Cell

#: Names that a notebook has without defining them.
GIVEN = frozenset(dir(builtins)) | {
    "get_ipython",
    "display",
    "In",
    "Out",
    "exit",
    "quit",
    "_",
    "__",
    "___",
    "__name__",
    "__file__",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a cell takes from the others, and what it gives them."""

    cell: Cell
    #: its position; 0 for a cell that is gone
    number: int = 0
    #: name -> line of the first use that no line above it in the cell defines
    used: dict[str, int] = field(default_factory=dict)
    defined: frozenset[str] = frozenset()
    #: a star import, a magic or an exec: anything may have been defined
    opaque: bool = False


@check("TRN-01")
def hidden_state(cells: Any, namespace: Any = None) -> Finding:
    """Names that no remaining cell defines above their use, and cells that ran in another order than they stand.

    What it measures: The names that each cell uses and defines, read as syntax, in the order in which the cells stand:
    a name that is used above the cell that defines it, or that only a cell which is gone or was changed since has
    defined; and a cell that defines what a later one uses, but was changed and run again after it.

    Why it matters: Of 1.4 million notebooks on GitHub a quarter could be run from top to bottom, and 4 % gave the same
    results (Pimentel et al. 2019).

    Blind spots: A cell that changes an object in place and ran twice. Names that magics, star imports or exec define
    are believed. Cells that ran before the extension was loaded are known by their text only.

    How to mend: Restart the kernel and run all cells (Kernel > Restart & Run All); move what is missing into a cell
    above its first use.
    """
    if not cells:
        return not_applicable("there are no cells to read")
    numbered = [c for c in cells if c.number is not None]
    if not numbered:
        return not_applicable("the positions of the cells in the notebook are not known here")
    latest: dict[int, Cell] = {}
    for cell in cells:
        if cell.number is not None:
            latest[cell.number] = cell
    standing = [_names(latest[n]) for n in sorted(latest)]
    gone = [_names(c) for c in cells if c.number is None]
    faults = list(_undefined(standing, gone, namespace or {})) + list(_out_of_order(standing, cells))
    measured = {
        "cells": len(latest),
        "executions": len(cells),
        "executions_of_cells_that_are_gone_or_changed": len(gone),
    }
    if not faults:
        return passed(
            f"{len(latest):,} cells, read from top to bottom, define every name before it is used",
            strength=Strength.HEURISTIC,
            measured=measured,
        )
    said, place = faults[0]
    more = f"; and {len(faults) - 1} more" if len(faults) > 1 else ""
    rows = tuple((text, spot.cell, spot.line) for text, spot in faults[:20])
    return warned(
        f"{said}{more}: run from top to bottom, the notebook would not come to this state",
        strength=Strength.MEASURED,
        measured=measured,
        where=place,
        tables=(Table(title="What hides in the kernel", columns=("what", "cell", "line"), rows=rows),),
        remedy="Restart the kernel and run all cells; move what is missing into a cell above its first use.",
    )


def _undefined(standing: list[Names], gone: list[Names], namespace: Any) -> Iterator[tuple[str, Place]]:
    known: set[str] = set(GIVEN)
    lost = set().union(*(g.defined for g in gone)) if gone else set()
    told: set[str] = set()
    for at, names in enumerate(standing):
        if names.opaque:
            return  # from here on anything may be defined
        for name, line in names.used.items():
            if name in known or name in told or (namespace and name not in namespace):
                continue
            later = next((n.cell.number for n in standing[at + 1 :] if name in n.defined), None)
            if later is None and name not in lost:
                continue  # a magic, the start-up file, an extension
            told.add(name)
            where = Place(cell=names.cell.number, line=line, cell_id=names.cell.cell_id)
            if later is not None:
                yield f"cell {names.cell.number} uses {name!r}, which cell {later} defines below it", where
            else:
                yield (
                    f"cell {names.cell.number} uses {name!r}, which only a cell defined that is gone or was changed since",
                    where,
                )
        known |= names.defined


def _out_of_order(standing: list[Names], cells: Any) -> Iterator[tuple[str, Place]]:
    """Cells that were changed, or run for the first time, after a cell below them had used what they define."""
    last: dict[int, int] = {c.number: i for i, c in enumerate(cells) if c.number is not None}
    for at, names in enumerate(standing):
        number = names.number
        mine = [(i, c.source) for i, c in enumerate(cells) if c.number == number]
        for below in standing[at + 1 :]:
            shared = sorted(names.defined & set(below.used))
            if not shared or last[below.number] > last[number]:
                continue
            before = [source for i, source in mine if i < last[below.number]]
            if before and before[-1].strip() == names.cell.source.strip():
                continue  # run again as it was
            if any(shared[0] in n.defined for n in standing[at + 1 :] if n is not below and n.number < below.number):
                continue
            line = below.used[shared[0]]
            said = f"cell {number}, which defines {shared[0]!r}, was {'changed and run again' if before else 'run'} after cell {below.number} had used it"
            yield said, Place(cell=below.number, line=line, cell_id=below.cell.cell_id)


def _names(cell: Cell) -> Names:
    tree = parse(cell.source)
    if tree is None:
        return Names(cell=cell, number=cell.number or 0, opaque=cell.source.lstrip().startswith("%%"))
    reader = _Reader()
    for statement in tree.body:
        reader.visit(statement)
    opaque = reader.opaque or any(
        line.lstrip().startswith(("%run", "%pylab", "%store", "%load ", "%sql")) for line in cell.source.splitlines()
    )
    return Names(cell=cell, number=cell.number or 0, used=reader.used, defined=frozenset(reader.defined), opaque=opaque)


class _Reader(ast.NodeVisitor):
    """Module-level names in the order of execution; bodies of functions count as used when the cell ends."""

    def __init__(self) -> None:
        self.used: dict[str, int] = {}
        self.defined: set[str] = set()
        self.opaque = False

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.defined:
                self.used.setdefault(node.id, node.lineno)
        elif isinstance(node.ctx, ast.Store):
            self.defined.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            if node.target.id not in self.defined:
                self.used.setdefault(node.target.id, node.lineno)
            self.defined.add(node.target.id)
        else:
            self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self.visit(node.target)
        for part in (*node.body, *node.orelse):
            self.visit(part)

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.visit(item.optional_vars)
        for part in node.body:
            self.visit(part)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.opaque = True
            self.defined.add(alias.asname or alias.name.partition(".")[0])

    visit_ImportFrom = visit_Import  # noqa: N815  (the visitor's own names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.defined.add(node.name)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """The body runs when it is called: its free names are not asked for here."""
        for part in (*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)):
            self.visit(part)
        self.defined.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  (the visitor's own names)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
            self.visit(part)
        self.defined.add(node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """As a function's body."""

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        own = {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        self.visit(node.generators[0].iter)
        inner = _Reader()
        inner.defined = set(self.defined) | own
        for generator in node.generators[1:]:
            inner.visit(generator.iter)
        for generator in node.generators:
            for condition in generator.ifs:
                inner.visit(condition)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            inner.visit(part)
        for name, line in inner.used.items():
            self.used.setdefault(name, line)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension  # noqa: N815  (the visitor's own names)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in ("exec", "eval", "globals", "locals", "vars"):
            self.opaque = True
        self.generic_visit(node)

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        for case in node.cases:
            self.defined |= {
                n.name for n in ast.walk(case.pattern) if isinstance(n, (ast.MatchAs, ast.MatchStar)) and n.name
            }
            for part in case.body:
                self.visit(part)
