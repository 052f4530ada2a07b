"""Small questions to a syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

#: Calls on a model that look at data.
PREDICT = frozenset({"predict", "predict_proba", "decision_function", "predict_log_proba", "predict_classes"})
SCORE = frozenset({"score", "evaluate"})
#: Functions that take (model, X, y).
ON_MODEL = frozenset(
    {"from_estimator", "plot_confusion_matrix", "plot_roc_curve", "permutation_importance", "plot_precision_recall_curve"}
)  # fmt: skip
CROSS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "validation_curve"})
#: Calls that draw anew each time unless a seed is given.
RANDOM = frozenset({"train_test_split", "sample", "shuffle", "permutation", "choice", "resample"})
_METRIC = re.compile(
    r"(\w+_(score|error|loss|report|matrix|deviance|curve|coef|coefficient)|confusion_matrix|classification_report"
    r"|from_predictions|auc|mse|rmse|mae|mape|r2|rmsle|accuracy|gini|log_loss|brier_score_loss)\Z",
    re.IGNORECASE,
)
_NO_METRIC = frozenset({"make_scorer", "get_scorer", "best_score", "silhouette_score", *CROSS})


def loud(node: ast.expr) -> tuple[list[ast.Call], list[ast.BinOp | ast.Compare], list[ast.comprehension]]:
    """Calls (inner ones first), subtractions and comparisons, and the loops of comprehensions in an expression."""
    calls: list[ast.Call] = []
    sides: list[ast.BinOp | ast.Compare] = []
    loops: list[ast.comprehension] = []
    todo: list[ast.AST] = [node]
    while todo:
        inner = todo.pop()
        if isinstance(inner, ast.Call):
            calls.append(inner)
        elif isinstance(inner, (ast.BinOp, ast.Compare)):
            sides.append(inner)
        elif isinstance(inner, ast.comprehension):
            loops.append(inner)
        if not isinstance(inner, (ast.Name, ast.Constant)):
            todo += list(ast.iter_child_nodes(inner))
    return calls[::-1], sides, loops


def container(over: ast.expr) -> ast.expr | None:
    """`models` in `for name, m in models.items()`, `enumerate(models)`, `models`, `(lr, rf)`."""
    match over:
        case ast.Call(func=ast.Attribute(value=ast.Name() | ast.Attribute() as owner, attr="items" | "values" | "keys")):
            return owner
        case ast.Call(func=ast.Name(id="enumerate" | "zip" | "tqdm" | "list" | "sorted" | "reversed"), args=[first, *rest]):
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
            return _step(first, f"{ast.unparse(owner)}.transform(", ")")
        case ast.Call(func=ast.Attribute(attr="DataFrame" | "array" | "asarray" | "csr_matrix"), args=[first, *_]):
            return base(first)
        case ast.Call(func=ast.Attribute(attr="add_constant") as func, args=[first]):
            return _step(first, f"{ast.unparse(func)}(", ")")
        case ast.Call(func=ast.Attribute(value=owner, attr="copy" | "astype" | "toarray" | "to_numpy" | "reset_index")):
            return base(owner)
        case ast.Call(func=ast.Attribute(value=owner, attr="fillna" | "drop" | "select")):
            return _step(owner, "", ast.unparse(node).removeprefix(ast.unparse(owner)))
        case ast.Attribute(value=owner, attr="values"):
            return base(owner)
        case ast.Subscript(value=owner, slice=ast.List() | ast.Name()):
            return _step(owner, "", ast.unparse(node).removeprefix(ast.unparse(owner)))
    return None


def _step(inner: ast.expr, before: str, after: str) -> tuple[ast.expr, list[tuple[str, str]]] | None:
    found = base(inner)
    if found is None:
        return (inner, [(before, after)]) if isinstance(inner, (ast.Attribute, ast.Subscript)) else None
    return found[0], [*found[1], (before, after)]


def names_in(node: ast.AST) -> set[str]:
    """Names that are read."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def draws_anew(node: ast.AST) -> bool:
    """True when running it again gives something else: a draw without a seed."""
    return any(
        isinstance(c, ast.Call) and last(c) in RANDOM and keyword(c, "random_state", "seed") is None
        for c in ast.walk(node)
    )


def names_in_any(node: ast.AST) -> set[str]:
    """Every name that occurs."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
