"""Walks the statements of the cells over abstract values. Nothing of the user's is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from mlready_nb.leakage.cells import (
    functions_frames,
    functions_python,
    functions_rows,
    methods_columns,
    methods_rows,
    methods_values,
)
from mlready_nb.leakage.cells.branches import maybe, run_for, run_if, run_while
from mlready_nb.leakage.cells.folding import Folding
from mlready_nb.leakage.cells.rows import Piece, Rows, Source
from mlready_nb.leakage.cells.state import Choice, Event, Returned, Scope, holds_data, join, unparsed
from mlready_nb.leakage.cells.values import (
    Class,
    Const,
    Data,
    Est,
    Fit,
    Func,
    Lib,
    Obj,
    Seq,
    Site,
    Stat,
    Trace,
    Unknown,
    Value,
)
from mlready_nb.leakage.cells.waiting import Boxed
from mlready_nb.source import parse
from mlready_nb.subjects import Cell

#: Statements that are looked at before the walk gives up on functions and loops (a notebook has a few hundred).
_PATIENCE = 8_000
_DEPTH = 8
#: They put their handlers into the registry when they are imported.
HANDLERS = (functions_frames, functions_python, functions_rows, methods_columns, methods_rows, methods_values)
#: Times that one function is gone through.
_AGAIN = 60


class Machine:
    """The state of the walk."""

    def __init__(self) -> None:
        self.scope = Scope({})
        self.base = self.scope
        self.stack: list[tuple[int | None, int]] = []
        #: for each function that was entered: data were handed to it
        self.passed: list[bool] = [False]
        self.cell: int | None = None
        self.run = 0
        #: cell -> its latest run
        self.runs: dict[int | None, int] = {}
        #: statements that the walk stumbled over
        self.failures: list[tuple[Site, Exception]] = []
        #: searches whose own scores were read
        self.read: set[int] = set()
        #: how often each function was entered
        self.entered: dict[int, int] = {}
        #: calls of metrics that were not understood
        self.unresolved = 0
        self.steps = 0
        self.depth = 0
        self.loops: list[int] = []
        self.control: list[frozenset[Trace]] = []
        self.doubt = 0
        self.events: list[Event] = []
        self.choices: list[Choice] = []
        self.fits: list[Fit] = []
        self.returns: list[list[Value]] = []
        self.splits: list[tuple[Site, str, Rows, tuple[Rows, ...], str]] = []
        self.targets: tuple[str, ...] = ()
        #: slices that were made: event -> part -> where
        self.parts: dict[object, dict[object, Site]] = {}
        #: the statement that is being looked at
        self.statement_node: ast.stmt | None = None
        #: lists that were used as data
        self.gathered: dict[int, tuple[Value, Data]] = {}
        #: files that were read: the same one twice is the same rows
        self.files: dict[str, Source] = {}
        #: sources whose rows are in time
        self.timed: list[Source] = []
        #: sources with a column of dates
        self.dated: list[Source] = []
        #: columns that hold dates, whatever their names
        self.dates: set[str] = set()
        self.split_data: list[tuple[Site, Data, bool]] = []
        self.foldings: list[Folding] = []

    @property
    def tired(self) -> bool:
        """True when enough was walked."""
        return self.steps > _PATIENCE

    # -- cells ---------------------------------------------------------------
    def cells(self, cells: Sequence[Cell]) -> None:
        """Walk them in this order."""
        for cell in cells:
            tree = parse(cell.source)
            if tree is None:
                continue
            self.run += 1
            self.cell = cell.number
            self.runs[cell.number] = self.run
            self.stack = [(cell.number, 0)]
            self.block(tree.body)
            self.stack = []

    def block(self, body: Sequence[ast.stmt]) -> None:
        """Statements one after the other; a failure on one leaves its names unknown."""
        for node in body:
            self.steps += 1
            outer = (self.stack[-1], self.statement_node)
            self.stack[-1] = (self.cell, getattr(node, "lineno", 0))
            self.statement_node = node
            try:
                self.statement(node)
            except Returned:
                raise
            except Exception as error:  # whatever it is, the walk goes on
                self.failures.append((self.site, error))
                self._forget(node)
            finally:
                self.stack[-1], self.statement_node = outer

    def _forget(self, node: ast.stmt) -> None:
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            for target in getattr(node, "targets", None) or [node.target]:  # type: ignore[union-attr]
                for name in ast.walk(target):
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                        self.scope.names[name.id] = Unknown(name.id)

    @property
    def site(self) -> Site:
        """The statement that is being looked at."""
        return Site(tuple(self.stack), self.run, tuple(self.passed), self.steps)

    # -- statements ----------------------------------------------------------
    def statement(self, node: ast.stmt) -> None:
        """One statement."""
        match node:
            case ast.Expr(value=value):
                self.eval(value)
            case ast.Assign(targets=targets, value=value):
                self.targets = tuple(_names(targets[0]))
                result = self.eval(value)
                self.targets = ()
                for target in targets:
                    self.bind(target, result, value)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    self.bind(target, self.eval(value), value)
            case ast.AugAssign(target=target, op=op, value=value):
                from mlready_nb.leakage.cells.operators import binary

                self.bind(target, binary(self, self.eval(target), self.eval(value), op), value)
            case ast.If():
                run_if(self, node)
            case ast.For() | ast.AsyncFor():
                run_for(self, node)
            case ast.While():
                run_while(self, node)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    value_ = self.eval(item.context_expr)
                    if item.optional_vars is not None:
                        self.bind(item.optional_vars, value_, item.context_expr)
                self.block(node.body)
            case ast.Try():
                self.block(node.body)
                self.block(node.orelse)
                with self.doubtful():
                    for handler in node.handlers:
                        maybe(self, handler.body)
                self.block(node.finalbody)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.scope.names[node.name] = Func(node, self.scope, self.cell)
            case ast.ClassDef():
                self._class(node)
            case ast.Return(value=value):
                if self.returns:
                    self.returns[-1].append(self.eval(value) if value is not None else Const(None))
                if self.doubt == 0:
                    raise Returned
            case ast.Import(names=names):
                for alias in names:
                    top = alias.name if alias.asname else alias.name.partition(".")[0]
                    self.scope.names[alias.asname or top] = Lib(top)
            case ast.ImportFrom(module=module, names=names):
                for alias in names:
                    if alias.name != "*":
                        self.scope.names[alias.asname or alias.name] = Lib(f"{module or ''}.{alias.name}")
            case ast.Global(names=outer) | ast.Nonlocal(names=outer):
                self.scope.outer |= set(outer)
            case ast.Delete(targets=targets):
                self._delete(targets)
            case ast.Assert(test=test):
                self.eval(test)
            case ast.Match():
                self.eval(node.subject)
                with self.doubtful():
                    for part in node.cases:
                        maybe(self, part.body)
            case _:
                pass

    def _delete(self, targets: Sequence[ast.expr]) -> None:
        for target in targets:
            if isinstance(target, ast.Name):
                self.scope.names.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                owner, key = self.eval(target.value), self.eval(target.slice)
                if isinstance(owner, Data) and isinstance(key, Const):
                    owner.cols.pop(key.value, None)
                    owner.gone |= {key.value}

    def _class(self, node: ast.ClassDef) -> None:
        methods = {
            part.name: Func(part, self.scope, self.cell) for part in node.body if isinstance(part, ast.FunctionDef)
        }
        attrs = {
            target.id: Const(part.value.value)
            for part in node.body
            if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant)
            for target in part.targets
            if isinstance(target, ast.Name)
        }
        self.scope.names[node.name] = Class(node, methods, [ast.unparse(b) for b in node.bases], attrs)

    @contextmanager
    def doubtful(self) -> Iterator[None]:
        """What happens inside may not happen."""
        self.doubt += 1
        try:
            yield
        finally:
            self.doubt -= 1

    @contextmanager
    def under(self, traces: frozenset[Trace]) -> Iterator[None]:
        """What happens inside was decided by these."""
        self.control.append(traces)
        try:
            yield
        finally:
            self.control.pop()

    def decided(self) -> frozenset[Trace]:
        """Everything learnt that decided whether this statement runs."""
        return frozenset().union(*self.control) if self.control else frozenset()

    # -- binding -------------------------------------------------------------
    def bind(self, target: ast.expr, value: Value, node: ast.expr | None = None) -> None:
        """Give a value to a name, an attribute, a subscript or a tuple of them."""
        from mlready_nb.leakage.cells.assign import set_attribute, set_item
        from mlready_nb.leakage.cells.iterate import unpack
        from mlready_nb.leakage.cells.mixing import used

        match target:
            case ast.Name(id=name):
                decided = self.decided()
                if decided and isinstance(value, (Const, Seq)):
                    value = Stat(decided, kept=value)
                elif decided and isinstance(value, Data):
                    value = value.traced(used(decided, "feature_selection"))
                self._named(name, value)
                home = self.base if name in self.scope.outer else self.scope
                home.names[name] = value
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part, inner in zip(parts, unpack(self, value, parts), strict=False):
                    self.bind(part.value if isinstance(part, ast.Starred) else part, inner, node)
            case ast.Attribute(value=owner, attr=attr):
                held = self.eval(owner)
                if isinstance(held, Obj):
                    held.attrs[attr] = value
                elif isinstance(held, Est):
                    held.params[attr] = value
                elif isinstance(held, Data):
                    set_attribute(self, held, attr, value)
                elif isinstance(held, Unknown):
                    held.parts[attr] = value
            case ast.Subscript():
                set_item(self, None, target, value)
            case ast.Starred(value=inner):
                self.bind(inner, value, node)

    def _named(self, name: str, value: Value) -> None:
        if isinstance(value, Data) or (isinstance(value, (Est, Stat, Unknown, Boxed)) and not value.name):
            value.name = name
        if isinstance(value, Stat) and value.learnt is not None:
            value.learnt.est.name = name

    # -- expressions ---------------------------------------------------------
    def eval(self, node: ast.expr | None) -> Value:
        """The abstract value of an expression."""
        from mlready_nb.leakage.cells.expressions import evaluate

        return evaluate(self, node) if node is not None else Const(None)

    def look_up(self, name: str) -> Value:
        """What a name stands for; an unknown one is remembered, so that it stays the same unknown."""
        value = self.scope.find(name)
        if value is None:
            from mlready_nb.leakage.cells.tables import known

            value = Lib(name) if known(name) else Unknown(name)
            if isinstance(value, Unknown):
                self.base.names[name] = value
        return value

    def timelike(self, name: str) -> bool:
        """A column that tells time, by what was done with it or by its name."""
        from mlready_nb.leakage.cells.tables import TIMELIKE

        return name in self.dates or bool(TIMELIKE.search(name))

    def text(self, node: ast.AST | None, limit: int = 48) -> str:
        """An expression as the user wrote it, cut when long."""
        if node is None:
            return ""
        said = unparsed(node)
        return said if len(said) <= limit else said[: limit - 1] + "…"

    # -- functions -----------------------------------------------------------
    def enter(self, func: Func, names: dict[str, Value]) -> Value:
        """Run a function's body with these arguments; what it returns, joined."""
        self.entered[id(func.node)] = self.entered.get(id(func.node), 0) + 1
        if self.depth >= _DEPTH or self.steps > _PATIENCE or self.entered[id(func.node)] > _AGAIN:
            return Unknown()
        kept = (self.scope, self.cell, self.doubt, self.targets)
        self.scope, self.cell, self.doubt = Scope(names, func.scope), func.cell, 0
        self.depth += 1
        given = any(holds_data(v) for v in names.values())
        self.stack.append((func.cell, getattr(func.node, "lineno", 0)))
        self.passed.append(given)
        self.returns.append([])
        try:
            if isinstance(func.node, ast.Lambda):
                self.stack[-1] = self.stack[-2]
                return self.eval(func.node.body)
            if _yields(func.node):
                return Unknown()
            self.block(func.node.body)
        except Returned:
            pass
        finally:
            found = self.returns.pop()
            self.stack.pop()
            self.passed.pop()
            self.depth -= 1
            self.scope, self.cell, self.doubt, self.targets = kept
        if not found:
            return Const(None)
        result = found[0]
        for other in found[1:]:
            result = join(result, other)
        return result

    # -- what happened -------------------------------------------------------
    def choose(self, events: Sequence[Event], text: str, form: str = "choice") -> None:
        """Note that something was chosen by these scores."""
        if events:
            self.choices.append(Choice(tuple(events), self.site, text, form))

    def saw(self, how: str, fit: Fit, T: Data, text: str, key: int = 0) -> Event:
        """Note that a model met data."""
        event = Event(
            how, fit, T.clone(), self.site, text, tuple(self.loops), certain=self.doubt == 0, key=key or fit.number
        )
        self.events.append(event)
        return event

    def split(self, over: Rows, parts: tuple[Rows, ...], text: str, form: str) -> None:
        """Note a division of rows."""
        self.splits.append((self.site, text, over, parts, form))

    def source(self, label: str, *, generated: bool = False) -> Rows:
        """Rows that come into the notebook here."""
        return Rows((Piece(Source(label, generated=generated, site=self.site)),))


def _names(target: ast.expr) -> list[str]:
    return [n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


@lru_cache(maxsize=1024)
def _yields(node: ast.AST) -> bool:
    return any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in ast.walk(node))
