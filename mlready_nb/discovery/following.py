"""Reads the notebook's own functions and classes as if their bodies stood where they are called."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mlready_nb.discovery import syntax
from mlready_nb.discovery.story import Story, Use

#: How deep calls are followed, and how many in all: a recursion must end.
DEPTH = 4
CALLS = 400

_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: (model, X) of predictions, (X, y) of boxed data
_Pair = tuple[str | None, str | None]


@dataclass(kw_only=True)
class Memory:
    """What is known while reading."""

    story: Story = field(default_factory=Story)
    cell: int | None = None
    functions: dict[str, _Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    #: variable -> class of the notebook
    instances: dict[str, str] = field(default_factory=dict)
    #: predictions: variable -> (model, X)
    predicted: dict[str, _Pair] = field(default_factory=dict)
    #: DMatrix, Dataset: variable -> (X, y)
    boxed: dict[str, _Pair] = field(default_factory=dict)
    #: variable -> the first two arguments it was made with: `OLS(y, X)`
    built: dict[str, _Pair] = field(default_factory=dict)
    #: where a model was written: path, file or bytes -> model
    stored: dict[str, str] = field(default_factory=dict)
    #: halves of frames that were cut by hand: (frame, where) -> {0: first, 1: second}
    halves: dict[tuple[str, str], dict[int, str]] = field(default_factory=dict)
    #: the rows that were drawn -> the frame they were drawn from
    sampled: dict[str, str] = field(default_factory=dict)
    #: order of a split by hand -> where it was cut
    places: dict[int, str] = field(default_factory=dict)
    #: variable -> the right side of its last assignment
    lines: dict[str, ast.expr | None] = field(default_factory=dict)
    #: inside a function that is followed: its parameters and locals as seen from outside
    scope: dict[str, str] | None = None
    returns: tuple[str, ...] = ()
    depth: int = 0
    count: int = 0
    calls: int = 0
    #: loop variables -> the container they run over
    loops: dict[str, str] = field(default_factory=dict)
    #: loop variables -> what they are in turn, where the loop's list is written out
    turns: dict[str, list[str]] = field(default_factory=dict)
    #: (container, variable) put there by the loop that is read
    kept: list[tuple[str, str]] = field(default_factory=list)


class Follower(Memory):
    """Names as they read from outside, and calls that are followed."""

    def statement(self, node: ast.stmt) -> None:
        """Read one statement."""
        raise NotImplementedError

    def block(self, body: Sequence[ast.stmt]) -> None:
        """Read statements in their order."""
        for statement in body:
            self.statement(statement)

    def surface(self) -> None:
        """Back to the top level, wherever reading broke off."""
        self.scope, self.depth, self.returns, self.loops, self.kept = None, 0, (), {}, []

    def tick(self) -> int:
        """The next moment."""
        self.count += 1
        return self.count

    # -- calls ---------------------------------------------------------------
    def follows(self, node: ast.Call, targets: tuple[str, ...]) -> bool:
        """Follow a call into a function or class of the notebook; False when it is none, or also a model's own call."""
        func = node.func
        if not (self.functions or self.classes) or self.depth >= DEPTH or self.calls >= CALLS:
            return False
        if isinstance(func, ast.Name) and func.id in self.functions:
            before = len(self.story.uses)
            self.follow(self.functions[func.id], node, targets)
            return len(self.story.uses) > before or not syntax.is_metric(node)
        if isinstance(func, ast.Name) and func.id in self.classes:
            method = self.method(func.id, "__init__")
            if method is not None and len(targets) == 1:
                self.follow(method, node, (), owner=targets[0])
            return method is not None
        if isinstance(func, ast.Attribute):
            made = self.class_of(func.value)
            method = self.method(made, func.attr) if made else None
            owner = self.model(func.value, targets)
            if method is not None and owner:
                self.follow(method, node, targets, owner=owner, made=made)
                return func.attr not in ("fit", *syntax.PREDICT, *syntax.SCORE)
        return False

    def method(self, name: str | None, attr: str) -> _Function | None:
        """A method of a class of the notebook or of its bases there."""
        for _ in range(DEPTH):
            found = self.classes.get(name or "")
            if found is None:
                return None
            for part in found.body:
                if isinstance(part, ast.FunctionDef) and part.name == attr:
                    return part
            name = next((b.id for b in found.bases if isinstance(b, ast.Name) and b.id in self.classes), None)
        return None

    def class_of(self, node: ast.expr) -> str | None:
        """The class of the notebook that an expression is an object of: `Lab(df)`, `lab`, `Lab(df).fit()`."""
        if not self.classes:
            return None
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                return node.func.id if node.func.id in self.classes else None
            if not isinstance(node.func, ast.Attribute):
                return None
            made = self.class_of(node.func.value)
            method = self.method(made, node.func.attr) if made else None
            return made if method is not None and _returns_itself(method) else None
        if not self.instances or not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return None
        return self.instances.get(self.text(node) or "")

    def spine(self, node: ast.expr) -> list[ast.Call]:
        """Calls whose object is what the whole expression gives: `SVC().fit(X, y)`, `Lab(df).fit()`."""
        found: list[ast.Call] = []
        inner = node
        while isinstance(inner, ast.Call):
            if syntax.last(inner) in ("fit", "train") or self.class_of(inner) is not None:
                found.append(inner)
            inner = inner.func.value if isinstance(inner.func, ast.Attribute) else ast.Constant(value=None)
        return found

    def follow(
        self,
        function: _Function,
        node: ast.Call,
        targets: tuple[str, ...],
        owner: str | None = None,
        made: str | None = None,
    ) -> None:
        """Read a body, its parameters replaced by what was passed."""
        self.calls += 1
        words = {k.arg: k.value for k in node.keywords if k.arg}
        parameters = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        local: dict[str, str] = {}
        if owner is not None and parameters:
            local[parameters.pop(0)] = owner
        given = dict(zip(parameters, node.args, strict=False)) | words
        local |= {name: text for name, value in given.items() if (text := self.text(value))}
        mark = f"_in{self.count}_{self.depth}_"
        body = list(ast.walk(function))
        for inner in body:
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                local.setdefault(inner.id, mark + inner.id)
        kept = self.scope, self.predicted, self.boxed, self.returns, self.loops
        loops = {p: self.loops[t] for p, t in local.items() if t in self.loops}
        if owner is not None and made is not None:
            self.instances[owner] = made
        self.scope, self.depth, self.returns = local, self.depth + 1, targets
        self.predicted, self.boxed = dict(self.predicted), dict(self.boxed)
        self.loops = {**self.loops, **loops}
        start, splits = len(self.story.uses), len(self.story.splits)
        self.block(function.body)
        back = self.returned(body, targets)
        said = {o: self.predicted[t] for t, o in back.items() if t in self.predicted}
        boxes = {o: self.boxed[t] for t, o in back.items() if t in self.boxed}
        self.scope, self.predicted, self.boxed, self.returns, self.loops = kept
        self.predicted, self.boxed, self.depth = {**self.predicted, **said}, {**self.boxed, **boxes}, self.depth - 1
        self.rename(back, start, splits)

    def returned(self, body: list[ast.AST], targets: tuple[str, ...]) -> dict[str, str]:
        """Local expression -> what it is called outside: the parts of what is returned."""
        back: dict[str, str] = {}
        for node in body:
            if not isinstance(node, ast.Return) or node.value is None or not targets:
                continue
            value = node.value
            parts = value.elts if isinstance(value, ast.Tuple) else [value]
            if len(parts) == len(targets):
                back |= {t: o for p, o in zip(parts, targets, strict=True) if (t := self.text(p))}
            elif len(targets) == 1:
                back |= {t: f"{targets[0]}[{i}]" for i, p in enumerate(parts) if (t := self.text(p))}
            if isinstance(value, ast.Dict) and len(targets) == 1:
                for key, part in zip(value.keys, value.values, strict=True):
                    if isinstance(key, ast.Constant) and (t := self.text(part)):
                        back[t] = f"{targets[0]}[{key.value!r}]"
        return back

    def rename(self, back: dict[str, str], start: int, splits: int) -> None:
        """Give what was read since then its outer names."""
        uses, cuts = self.story.uses, self.story.splits
        uses[start:] = [
            replace(u, **{k: back.get(v, v) for k in ("model", "X", "y") if (v := getattr(u, k))}) for u in uses[start:]
        ]
        cuts[splits:] = [
            replace(s, outputs=tuple((back.get(a, a), back.get(b, b)) for a, b in s.outputs)) for s in cuts[splits:]
        ]
        for inner, outer in back.items():
            if inner in self.story.made_from and outer not in self.story.made_from:
                source = self.story.made_from[inner]
                self.story.made_from[outer] = back.get(source, source)
            form = self.story.forms.get(inner)
            if form is not None:
                self.story.forms[outer] = replace(form, root=back.get(form.root, form.root))

    # -- words ---------------------------------------------------------------
    def use(self, kind: str, model: str | None, X: str | None, y: str | None, node: ast.AST) -> None:
        """Note a use; a loop variable stands for each entry of its container."""
        if model is not None:
            owner, _, key = model.rstrip("]").rpartition("[")
            if model in self.loops:
                self.story.loops.add(model)
                model = f"*{self.loops[model]}"
            elif key in self.loops and owner:  # `models[name].fit(X, y)` while name runs over the keys
                model = f"*{owner}"
        rounds = max((len(self.turns[v]) for v in (X, y) if v in self.turns), default=1)
        for i in range(rounds):
            turn = [self.turns[v][i] if v in self.turns and i < len(self.turns[v]) else v for v in (X, y)]
            at = getattr(node, "lineno", None)
            self.story.uses.append(
                Use(kind=kind, model=model, X=turn[0], y=turn[1], cell=self.cell, line=at, order=self.tick())
            )

    def keep(self, container: str | None, value: ast.expr) -> None:
        """`fitted[name] = m`, `fitted.append((name, m))` inside a loop."""
        for part in list(syntax.pairs(value)) or [value]:
            if container and isinstance(part, (ast.Name, ast.Attribute)) and (text := self.text(part)):
                self.kept.append((container, text))

    def name(self, name: str) -> str:
        """A name as it reads from outside."""
        return self.scope.get(name, name) if self.scope else name

    def outside(self, node: ast.expr) -> ast.expr:
        """The expression as it reads from outside of the function that is followed."""
        if not self.scope or not any(n in self.scope for n in syntax.facts(node).names):
            return node
        fresh = ast.parse(syntax.source(node), mode="eval").body
        renamed = _Renamed(self.scope).visit(fresh)
        return renamed if isinstance(renamed, ast.expr) else node

    def text(self, node: ast.expr | None) -> str | None:
        """Its source, as it reads from outside."""
        if node is None or isinstance(node, ast.Starred):
            return None
        if isinstance(node, ast.Name):
            return self.scope.get(node.id, node.id) if self.scope else node.id
        return syntax.source(self.outside(node))

    def model(self, owner: ast.expr, targets: tuple[str, ...]) -> str | None:
        """The variable that holds the model: `clf` in `clf.fit`, the target in `clf = SVC().fit(...)`."""
        if isinstance(owner, ast.Call):
            return targets[0] if targets else None
        return self.text(owner)

    def prediction(self, node: ast.expr) -> _Pair | None:
        """(model, X) when the expression is, or is made from, predictions."""
        facts = syntax.facts(node)
        for call in facts.calls:
            if syntax.last(call) in syntax.PREDICT and isinstance(call.func, ast.Attribute):
                return self.asked(call)
        for inner in facts.held if self.predicted else ():
            text = self.text(inner)
            if text in self.predicted:
                return self.predicted[text]
        return None

    def asked(self, node: ast.Call) -> _Pair:
        """(model, X) of one call of `predict`."""
        given = syntax.argument(node, 0, "X", "data", "x", "exog")
        box = self.box(given) if given is not None else None
        text = self.text(given)
        X = box[0] if box else self.boxed.get(text or "", (text, None))[0]
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        return (self.model(owner, ()) if owner is not None else None), X

    def box(self, node: ast.expr) -> _Pair | None:
        """(X, y) of `xgb.DMatrix(X, label=y)`, `lgb.Dataset(X, y)`, `Pool(X, y)`."""
        if not isinstance(node, ast.Call) or syntax.last(node) not in ("DMatrix", "QuantileDMatrix", "Dataset", "Pool"):
            return None
        return self.text(syntax.argument(node, 0, "data")), self.text(syntax.argument(node, 1, "label"))


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.names:
            return node
        return ast.parse(self.names[node.id], mode="eval").body


def _returns_itself(function: _Function) -> bool:
    """`return self`, and nothing else."""
    first = function.args.args[0].arg if function.args.args else ""
    said = [n.value for n in ast.walk(function) if isinstance(n, ast.Return)]
    return bool(said) and all(isinstance(v, ast.Name) and v.id == first for v in said)
