"""What the cells say: which data was passed to which model, in the order of execution. Reads the AST, runs nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mlready_nb.subjects import Cell

#: Calls on a model that look at data.
_PREDICT = frozenset({"predict", "predict_proba", "decision_function", "predict_log_proba", "predict_classes"})
_SCORE = frozenset({"score", "evaluate"})
#: Functions that take (model, X, y).
_ON_MODEL = frozenset(
    {
        "from_estimator",
        "plot_confusion_matrix",
        "plot_roc_curve",
        "permutation_importance",
        "plot_precision_recall_curve",
    }
)
_CROSS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "validation_curve"})
_METRIC = re.compile(
    r"(\w+_(score|error|loss|report|matrix|deviance|curve|coef|coefficient)|confusion_matrix|classification_report"
    r"|from_predictions|auc|mse|rmse|mae|mape|r2|rmsle|accuracy|gini|log_loss|brier_score_loss)\Z",
    re.IGNORECASE,
)
_NO_METRIC = frozenset({"make_scorer", "get_scorer", "best_score", "silhouette_score", *_CROSS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a model or of data, with its place."""

    #: "fit", "predict", "score" (X with y, or predictions with y), "cross", "save"
    kind: str
    #: an expression; `*models` for each entry of a container that a loop runs over
    model: str | None
    X: str | None = None
    y: str | None = None
    cell: int | None = None
    line: int | None = None
    #: position in the order of execution
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """`X_train, X_test, y_train, y_test = train_test_split(X, y)`: inputs and, for each, (train, test)."""

    inputs: tuple[str, ...]
    outputs: tuple[tuple[str, str], ...]
    cell: int | None
    line: int | None
    order: int


@dataclass(kw_only=True)
class Story:
    """Everything that the cells told, in order."""

    uses: list[Use] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    #: variable -> what it was made from by a transformation: `X_test_s` -> `X_test`
    made_from: dict[str, str] = field(default_factory=dict)
    #: how often each name was assigned, and in which cell last
    assigned: dict[str, int | None] = field(default_factory=dict)
    #: loop variables that stood for models
    loops: set[str] = field(default_factory=set)


def read(cells: Sequence[Cell]) -> Story:
    """The story of these cells; one that is no Python is passed over."""
    reader = _Reader()
    for cell in cells:
        tree = parse(cell.source)
        if tree is not None:
            reader.cell = cell.number
            reader.block(tree.body)
    return reader.story


def parse(source: str) -> ast.Module | None:
    """A cell's tree; lines of magics and shell commands are blanked, so that line numbers stay true."""
    if source.lstrip().startswith("%%") and not source.lstrip().startswith(("%%time", "%%capture", "%%mlready")):
        return None
    lines = [
        re.sub(r"^(\s*).*", r"\1pass", line) if re.match(r"\s*[%!?]", line) or line.rstrip().endswith("?") else line
        for line in source.splitlines()
    ]
    lines = [re.sub(r"=\s*[%!].*", "= None", line) if re.match(r"\s*\w+\s*=\s*[%!]", line) else line for line in lines]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        return None


class _Reader:
    def __init__(self) -> None:
        self.story = Story()
        self.cell: int | None = None
        self.functions: dict[str, ast.FunctionDef] = {}
        #: predictions: variable -> (model, X)
        self.predicted: dict[str, tuple[str | None, str | None]] = {}
        #: DMatrix, Dataset: variable -> (X, y)
        self.boxed: dict[str, tuple[str | None, str | None]] = {}
        #: inside a function that is followed: its parameters and locals as seen from outside
        self.scope: dict[str, str] | None = None
        self.depth = 0
        self.count = 0
        #: loop variables -> the container they run over
        self.loops: dict[str, str] = {}

    # -- statements ----------------------------------------------------------
    def block(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef():
                self.functions[node.name] = node
            case ast.Assign(targets=targets, value=value):
                self.assign(targets, value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.assign([target], value)
            case ast.AugAssign(target=target, value=value):
                self.expression(value, ())
            case ast.ClassDef():
                pass
            case ast.For(target=target, iter=over) if (container := _container(over)) is not None:
                self.expression(over, ())
                text = self.text(container)
                before = self.loops
                self.loops = {**before, **{self.name(n): text for n in _names(target) if text}}
                self.block(node.body)
                self.loops = before
                self.block(node.orelse)
            case _:
                for name in ("test", "iter", "value", "exc", "msg"):
                    inner = getattr(node, name, None)
                    if isinstance(inner, ast.expr):
                        self.expression(inner, ())
                for item in getattr(node, "items", ()):
                    self.expression(item.context_expr, ())
                for part in ("body", "orelse", "finalbody"):
                    self.block(getattr(node, part, ()))
                for handler in getattr(node, "handlers", ()):
                    self.block(handler.body)

    def assign(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        names = _names(targets[0])
        outside = tuple(self.name(n) for n in names)
        if (
            isinstance(targets[0], ast.Tuple)
            and isinstance(value, ast.Tuple)
            and len(targets[0].elts) == len(value.elts)
        ):
            for target, part in zip(targets[0].elts, value.elts, strict=True):
                self.assign([target], part)
            return
        self.expression(value, outside)
        for name in outside:
            self.story.assigned[name] = self.cell
        if len(outside) != 1:
            return
        name = outside[0]
        asked = self.prediction(value)
        if asked is not None and not _is_metric(value):
            self.predicted[name] = asked
        else:
            self.predicted.pop(name, None)
        source = _transformed(value)
        if source is not None and (text := self.text(source)) and text != name:
            self.story.made_from[name] = text
        box = self.box(value)
        if box is not None:
            self.boxed[name] = box

    # -- expressions ---------------------------------------------------------
    def expression(self, node: ast.expr, targets: tuple[str, ...]) -> None:
        for call in _calls(node):
            self.call(call, targets if call is node or _last(call) in ("fit", "train") else ())
        for pair in ast.walk(node):
            sides = []
            if isinstance(pair, ast.BinOp) and isinstance(pair.op, ast.Sub):
                sides = [pair.left, pair.right]
            elif isinstance(pair, ast.Compare) and len(pair.comparators) == 1 and isinstance(pair.ops[0], ast.Eq):
                sides = [pair.left, pair.comparators[0]]
            if sides:
                self.compared(sides, pair)

    def call(self, node: ast.Call, targets: tuple[str, ...]) -> None:
        last = _last(node)
        words = {k.arg: k.value for k in node.keywords if k.arg}
        args = list(node.args)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if last == "fit" and owner is not None:
            X, y = _argument(args, words, 0, "X"), _argument(args, words, 1, "y")
            model = self.model(owner, targets)
            boxed = self.boxed.get(self.text(X) or "") if X is not None else None
            self.use("fit", model, *(boxed or (self.text(X), self.text(y))), node)
        elif last == "train" and len(args) >= 2 and targets:  # xgb.train(params, dtrain), lgb.train(params, data)
            data, labels = self.boxed.get(self.text(args[1]) or "", (None, None))
            self.use("fit", targets[0], data, labels, node)
        elif last in _PREDICT and owner is not None:
            model, asked = self.asked(node)
            if asked is not None:
                self.use("predict", model, asked, None, node)
        elif last in _SCORE and owner is not None and (args or words):
            X, y = _argument(args, words, 0, "X"), _argument(args, words, 1, "y")
            if y is not None:
                self.use("score", self.model(owner, ()), self.text(X), self.text(y), node)
        elif last in _ON_MODEL and len(args) >= 3:
            self.use("score", self.model(args[0], ()), self.text(args[1]), self.text(args[2]), node)
        elif last in _CROSS and args:
            X, y = _argument(args, words, 1, "X"), _argument(args, words, 2, "y")
            self.use("cross", self.model(args[0], ()), self.text(X), self.text(y), node)
        elif last == "dump" and args:
            self.use("save", self.text(args[0]), None, None, node)
        elif last in ("save_model", "save", "to_disk") and owner is not None:
            self.use("save", self.text(owner), None, None, node)
        elif last == "log_model" and args:
            self.use("save", self.text(args[0]), None, None, node)
        elif last == "train_test_split" or (last == "split" and len(targets) >= 4):
            self.split(node, args, targets)
        elif _is_metric(node):
            self.metric(args, words, node)
        elif isinstance(node.func, ast.Name) and node.func.id in self.functions and self.depth < 3:
            self.follow(self.functions[node.func.id], args, words, targets)

    def metric(self, args: list[ast.expr], words: dict[str, ast.expr], node: ast.Call) -> None:
        true = words.get("y_true", args[0] if args else None)
        said = next((words[w] for w in ("y_pred", "y_score", "y_proba", "y_prob", "probas_pred") if w in words), None)
        if said is None and args:
            said = args[0 if "y_true" in words else 1] if len(args) > (0 if "y_true" in words else 1) else None
        if true is not None and said is not None:
            self.compared([true, said], node)

    def compared(self, sides: list[ast.expr], node: ast.AST) -> None:
        """Labels beside predictions: tells which labels belong to which data."""
        asked = [self.prediction(side) for side in sides]
        if (asked[0] is None) == (asked[1] is None):
            return
        model, X = asked[0] or asked[1] or (None, None)
        labels = self.text(sides[1] if asked[0] is not None else sides[0])
        if labels is not None and not labels.replace(".", "").isdigit():
            self.use("score", model, X, labels, node)

    def split(self, node: ast.Call, args: list[ast.expr], targets: tuple[str, ...]) -> None:
        inputs = [self.text(a) for a in args if not isinstance(a, ast.Starred)]
        pairs = tuple(zip(targets[::2], targets[1::2], strict=False))
        if targets and len(pairs) == len(inputs):
            self.count += 1
            self.story.splits.append(
                Split(
                    inputs=tuple(i or "" for i in inputs),
                    outputs=pairs,
                    cell=self.cell,
                    line=node.lineno,
                    order=self.count,
                )
            )

    def follow(
        self, function: ast.FunctionDef, args: list[ast.expr], words: dict[str, ast.expr], targets: tuple[str, ...]
    ) -> None:
        """Read a function's body as if it stood here, its parameters replaced by what was passed."""
        parameters = [a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
        given = dict(zip(parameters, args, strict=False)) | words
        passed = {name: self.text(value) for name, value in given.items()}
        mark, kept = f"_in{self.count}_{self.depth}_", (self.scope, self.predicted, self.boxed)
        local = {name: text for name, text in passed.items() if text}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                local.setdefault(node.id, mark + node.id)
        inherited = {p: kept[1][t] for p, t in local.items() if t in kept[1]}
        self.scope, self.depth = local, self.depth + 1
        self.predicted, self.boxed = {**kept[1], **{local[p]: v for p, v in inherited.items()}}, dict(kept[2])
        start, splits = len(self.story.uses), len(self.story.splits)
        self.block(function.body)
        back: dict[str, str] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None and targets:
                parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                if len(parts) == len(targets):
                    back |= {t: o for p, o in zip(parts, targets, strict=True) if (t := self.text(p))}
        said = {o: self.predicted[t] for t, o in back.items() if t in self.predicted}
        self.scope, self.depth = kept[0], self.depth - 1
        self.predicted, self.boxed = {**kept[1], **said}, kept[2]
        self.story.uses[start:] = [
            replace(u, **{k: back.get(v, v) for k in ("model", "X", "y") if (v := getattr(u, k))})
            for u in self.story.uses[start:]
        ]
        self.story.splits[splits:] = [
            replace(s, outputs=tuple((back.get(a, a), back.get(b, b)) for a, b in s.outputs))
            for s in self.story.splits[splits:]
        ]

    # -- words ---------------------------------------------------------------
    def use(self, kind: str, model: str | None, X: str | None, y: str | None, node: ast.AST) -> None:
        self.count += 1
        if model in self.loops:
            self.story.loops.add(model)
            model = f"*{self.loops[model]}"
        self.story.uses.append(
            Use(kind=kind, model=model, X=X, y=y, cell=self.cell, line=getattr(node, "lineno", None), order=self.count)
        )

    def name(self, name: str) -> str:
        return self.scope.get(name, name) if self.scope is not None else name

    def text(self, node: ast.AST | None) -> str | None:
        """An expression as it reads from outside of the function that is followed."""
        if node is None:
            return None
        if self.scope:
            node = _Renamed(self.scope).visit(ast.parse(ast.unparse(node), mode="eval").body)
        return ast.unparse(node)

    def model(self, owner: ast.expr, targets: tuple[str, ...]) -> str | None:
        """The variable that holds the model: `clf` in `clf.fit`, the target in `clf = SVC().fit(...)`."""
        if isinstance(owner, ast.Call):
            return targets[0] if targets else None
        return self.text(owner)

    def prediction(self, node: ast.expr) -> tuple[str | None, str | None] | None:
        """(model, X) when the expression is, or is made from, predictions."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and _last(inner) in _PREDICT and isinstance(inner.func, ast.Attribute):
                return self.asked(inner)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and self.name(inner.id) in self.predicted:
                return self.predicted[self.name(inner.id)]
        return None

    def asked(self, node: ast.Call) -> tuple[str | None, str | None]:
        words = {k.arg: k.value for k in node.keywords if k.arg}
        argument = _argument(list(node.args), words, 0, "X")
        if argument is None and words:
            argument = next((words[w] for w in ("data", "x") if w in words), None)
        box = self.box(argument) if argument is not None else None
        text = self.text(argument)
        X = box[0] if box else self.boxed.get(text or "", (text, None))[0]
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        return (self.model(owner, ()) if owner is not None else None), X

    def box(self, node: ast.expr) -> tuple[str | None, str | None] | None:
        """(X, y) of `xgb.DMatrix(X, label=y)`, `lgb.Dataset(X, y)`, `Pool(X, y)`."""
        if not isinstance(node, ast.Call) or _last(node) not in ("DMatrix", "QuantileDMatrix", "Dataset", "Pool"):
            return None
        words = {k.arg: k.value for k in node.keywords if k.arg}
        X, y = _argument(list(node.args), words, 0, "data"), _argument(list(node.args), words, 1, "label")
        return self.text(X), self.text(y)


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.names:
            return node
        return ast.parse(self.names[node.id], mode="eval").body


def _calls(node: ast.expr) -> Iterator[ast.Call]:
    """Calls in an expression, inner ones first."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _calls(child)
        elif isinstance(child, (ast.keyword, ast.comprehension)):
            for inner in ast.iter_child_nodes(child):
                if isinstance(inner, ast.expr):
                    yield from _calls(inner)
    if isinstance(node, ast.Call):
        yield node


def _container(over: ast.expr) -> ast.expr | None:
    """`models` in `for name, m in models.items()`, `enumerate(models)`, `models`."""
    match over:
        case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr="items" | "values")):
            return owner
        case ast.Call(func=ast.Name(id="enumerate" | "zip" | "tqdm" | "list"), args=[first, *rest]):
            found = _container(first)
            return found if found is not None or not rest else _container(rest[0])
        case ast.Name() | ast.Attribute():
            return over
    return None


def _last(node: ast.Call) -> str:
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def _is_metric(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(_METRIC.match(_last(node))) and _last(node) not in _NO_METRIC


def _names(target: ast.expr) -> list[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for part in target.elts for name in _names(part)]
    if isinstance(target, ast.Starred):
        return _names(target.value)
    return [ast.unparse(target)] if isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)) else []


def _argument(args: list[ast.expr], words: dict[str, ast.expr], position: int, name: str) -> ast.expr | None:
    if name in words:
        return words[name]
    return args[position] if len(args) > position and not isinstance(args[position], ast.Starred) else None


def _transformed(node: ast.expr) -> ast.expr | None:
    """X in `scaler.transform(X)`, `pd.DataFrame(scaler.transform(X), ...)`, `X.copy()`, `X[cols]`, `X`."""
    match node:
        case ast.Name():
            return node
        case ast.Call(func=ast.Attribute(attr="transform" | "fit_transform"), args=[first, *_]):
            return _transformed(first) or first
        case ast.Call(func=ast.Attribute(attr="DataFrame" | "array" | "asarray" | "csr_matrix"), args=[first, *_]):
            return _transformed(first)
        case ast.Call(
            func=ast.Attribute(
                value=owner, attr="copy" | "astype" | "toarray" | "to_numpy" | "fillna" | "drop" | "reset_index"
            )
        ):
            return _transformed(owner)
        case ast.Attribute(value=owner, attr="values"):
            return _transformed(owner)
        case ast.Subscript(value=owner, slice=ast.List() | ast.Name()):
            return _transformed(owner)
    return None
