"""Small questions to a syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Calls on a model that look at data.
PREDICT = frozenset({"predict", "predict_proba", "decision_function", "predict_log_proba", "predict_classes"})
SCORE = frozenset({"score", "evaluate"})
#: Functions that take (model, X, y).
ON_MODEL = frozenset(
    {"from_estimator", "plot_confusion_matrix", "plot_roc_curve", "permutation_importance", "plot_precision_recall_curve"}
)  # fmt: skip
CROSS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "validation_curve"})
#: Calls whose result is one number, whatever it was made from.
REDUCED = frozenset(
    {"mean", "sum", "std", "min", "max", "len", "float", "round", "int", "item", "median", "average", "print"}
)
#: Calls that draw anew each time unless a seed is given.
RANDOM = frozenset({"train_test_split", "sample", "shuffle", "permutation", "choice", "resample"})
_SIGNS = (ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)
_METRIC = re.compile(
    r"(\w+_(score|error|loss|report|matrix|deviance|curve|coef|coefficient)|confusion_matrix|classification_report"
    r"|from_predictions|auc|mse|rmse|mae|mape|r2|rmsle|accuracy|gini|log_loss|brier_score_loss)\Z",
    re.IGNORECASE,
)
_NO_METRIC = frozenset({"make_scorer", "get_scorer", "best_score", "silhouette_score", *CROSS})


@dataclass(slots=True)
class Facts:
    """What occurs in an expression; kept on its node, since a cell's tree is read again after every run."""

    #: inner ones first
    calls: list[ast.Call] = field(default_factory=list)
    #: subtractions and comparisons
    sides: list[ast.BinOp | ast.Compare] = field(default_factory=list)
    #: loops of comprehensions
    loops: list[ast.comprehension] = field(default_factory=list)
    #: names, attributes and subscripts, outer ones first
    held: list[ast.expr] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    source: str | None = None


def facts(node: ast.expr) -> Facts:
    """What occurs in it."""
    known = getattr(node, "mlready_facts", None)
    if isinstance(known, Facts):
        return known
    found = Facts()
    todo: list[ast.AST] = [node]
    while todo:
        inner = todo.pop()
        if isinstance(inner, ast.Name):
            found.names.add(inner.id)
            found.held.append(inner)
            continue
        if isinstance(inner, ast.Constant):
            continue
        if isinstance(inner, ast.Call):
            found.calls.append(inner)
        elif isinstance(inner, (ast.Attribute, ast.Subscript)):
            found.held.append(inner)
        elif isinstance(inner, (ast.BinOp, ast.Compare)):
            found.sides.append(inner)
        elif isinstance(inner, ast.comprehension):
            found.loops.append(inner)
        todo += [c for c in ast.iter_child_nodes(inner) if not isinstance(c, _SIGNS)]
    found.calls.reverse()
    node.mlready_facts = found  # type: ignore[attr-defined]
    return found


def source(node: ast.expr) -> str:
    """Its text."""
    if isinstance(node, ast.Name):
        return node.id
    known = facts(node)
    if known.source is None:
        known.source = ast.unparse(node)
    return known.source


def container(over: ast.expr) -> ast.expr | None:
    """`models` in `for name, m in models.items()`, `enumerate(models)`, `models`, `(lr, rf)`."""
    match over:
        case ast.Call(
            func=ast.Attribute(value=ast.Name() | ast.Attribute() as owner, attr="items" | "values" | "keys")
        ):
            return owner
        case ast.Call(
            func=ast.Name(id="enumerate" | "zip" | "tqdm" | "list" | "sorted" | "reversed"), args=[first, *rest]
        ):
            found = container(first)
            if rest and isinstance(found, ast.List | ast.Tuple) and not any(_name_like(p) for p in found.elts):
                found = None  # zip(["lr", "rf"], [lr, rf])
            return found if found is not None or not rest else container(rest[0])
        case ast.Name() | ast.Attribute():
            return over
        case ast.List(elts=parts) | ast.Tuple(elts=parts) if parts and len(parts) <= 50:
            return over
    return None


def _name_like(node: ast.expr) -> bool:
    if isinstance(node, (ast.Tuple, ast.List)):
        return any(_name_like(p) for p in node.elts)
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))


def last(node: ast.AST) -> str:
    """The name a call ends in: `metrics.f1_score(...)` -> `f1_score`."""
    func = node.func if isinstance(node, ast.Call) else None
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def is_metric(node: ast.AST) -> bool:
    """True for a call that compares labels with predictions, by what it is called."""
    return isinstance(node, ast.Call) and bool(_METRIC.match(last(node))) and last(node) not in _NO_METRIC


def targets(target: ast.expr) -> list[ast.expr]:
    """What an assignment binds, one by one."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for part in target.elts for name in targets(part)]
    if isinstance(target, ast.Starred):
        return targets(target.value)
    return [target] if isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)) else []


def argument(node: ast.Call, position: int, *names: str) -> ast.expr | None:
    """An argument by one of its names, or by its position."""
    for word in node.keywords:
        if word.arg in names:
            return word.value
    if len(node.args) > position and not any(isinstance(a, ast.Starred) for a in node.args[: position + 1]):
        return node.args[position]
    return None


def keyword(node: ast.Call, *names: str) -> ast.expr | None:
    """An argument that is only ever given by name."""
    return next((w.value for w in node.keywords if w.arg in names), None)


def pairs(node: ast.expr | None) -> Iterator[ast.expr]:
    """Entries of a list or tuple that is written out."""
    if isinstance(node, (ast.List, ast.Tuple)):
        yield from node.elts


def base(node: ast.expr) -> tuple[ast.expr, list[tuple[str, str]]] | None:
    """(what it was made from, steps): `sc.transform(X[cols])` -> (`X`, [("", "[cols]"), ("sc.transform(", ")")]).

    Copies and other forms of the same values are no step; `None` for anything else.
    """
    match node:
        case ast.Name():
            return node, []
        case ast.Call(func=ast.Attribute(value=owner, attr="transform" | "fit_transform"), args=[first, *_]):
            return _step(first, f"{source(owner)}.transform(", ")")
        case ast.Call(func=ast.Attribute(attr="DataFrame" | "array" | "asarray" | "csr_matrix"), args=[first, *_]):
            return base(first)
        case ast.Call(func=ast.Attribute(attr="add_constant") as func, args=[first]):
            return _step(first, f"{source(func)}(", ")")
        case ast.Call(func=ast.Attribute(value=owner, attr="copy" | "astype" | "toarray" | "to_numpy" | "reset_index")):
            return base(owner)
        case ast.Call(func=ast.Attribute(value=owner, attr="fillna" | "drop" | "select")):
            return _step(owner, "", source(node).removeprefix(source(owner)))
        case ast.Attribute(value=owner, attr="values"):
            return base(owner)
        case ast.Subscript(value=owner, slice=ast.List() | ast.Name()):
            return _step(owner, "", source(node).removeprefix(source(owner)))
    return None


def _step(inner: ast.expr, before: str, after: str) -> tuple[ast.expr, list[tuple[str, str]]] | None:
    found = base(inner)
    if found is None:
        return (inner, [(before, after)]) if isinstance(inner, (ast.Attribute, ast.Subscript)) else None
    return found[0], [*found[1], (before, after)]


def names_in(node: ast.expr) -> set[str]:
    """Names that occur."""
    return facts(node).names


def draws_anew(node: ast.expr) -> bool:
    """True when running it again gives something else: a draw without a seed."""
    return any(last(c) in RANDOM and keyword(c, "random_state", "seed") is None for c in facts(node).calls)


def half(node: ast.expr) -> tuple[ast.expr, str, int] | None:
    """(frame, where it was cut, 0 or 1): `df[:k]`, `df.iloc[k:]`, `df[m]`, `df[~m]`, `df[df.year < 2020]`.

    The rest of a sample, `df.drop(part.index)`, is (`df`, "part", -1).
    """
    match node:
        case ast.Subscript(value=owner, slice=key):
            if isinstance(owner, ast.Attribute) and owner.attr in ("iloc", "loc"):
                owner = owner.value
            at = _side(key.elts[0] if isinstance(key, ast.Tuple) and len(key.elts) == 2 else key)
            return (owner, *at) if at is not None else None
        case ast.Call(func=ast.Attribute(value=owner, attr="drop")):
            rows = argument(node, 0, "index")
            if isinstance(rows, ast.Attribute) and rows.attr == "index" and isinstance(rows.value, ast.Name):
                return owner, rows.value.id, -1
        case ast.Call(func=ast.Attribute(value=owner, attr="copy" | "reset_index")):
            return half(owner)
    return None


def _side(key: ast.expr) -> tuple[str, int] | None:
    match key:
        case ast.Slice(lower=None, upper=ast.expr() as upper, step=None):
            return source(upper), 0
        case ast.Slice(lower=ast.expr() as lower, upper=None, step=None):
            return source(lower), 1
        case ast.UnaryOp(op=ast.Invert(), operand=inner):
            return source(inner), 1
        case ast.Name() | ast.Attribute():
            return source(key), 0
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for first, second in ((ast.Lt, ast.GtE), (ast.LtE, ast.Gt), (ast.NotEq, ast.Eq)):
                if isinstance(op, (first, second)):
                    return f"{source(left)} {first.__name__} {source(right)}", int(isinstance(op, second))
    return None


def column(node: ast.expr) -> tuple[str, str] | None:
    """(frame, rest) of one column: `df["y"]`, `df.y`, `df["y"].values`."""
    inner = node
    while isinstance(inner, (ast.Subscript, ast.Attribute, ast.Call)):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
        if isinstance(inner, ast.Name) and not isinstance(node, ast.Call):
            return inner.id, source(node).removeprefix(inner.id)
    return None
