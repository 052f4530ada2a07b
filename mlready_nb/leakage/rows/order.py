"""Was the model scored before it was refitted on all rows? Then the overlap of its training set is honest."""

from __future__ import annotations

import ast

from mlready_nb.leakage.rows.sides import Sides
from mlready_nb.source import parse

_SCORING = frozenset({"predict", "predict_proba", "score", "decision_function", "evaluate"})
_FITTING = frozenset({"fit", "fit_predict", "train", "fit_resample"})


def refit_after_scoring(sides: Sides) -> bool:
    """True when no model was scored on the test features while its last fit was the one on this training set.

    A model that nobody fitted by this name counts as fitted on it, once anything was. Only what the cells say in so many words counts; without cells, or with the test set never named, it is False.
    """
    train, test = _written(sides.train_name), _written(sides.test_name)
    whole = test.partition("[")[0]  # `Xhold` scored as it is, where its columns alone were taken for the test set
    tests = {test, whole} if whole != train.partition("[")[0] else {test}
    on_all: dict[str, bool] = {}
    scored = False
    for call in _calls(sides):
        names = {_plain(n) for arg in (*call.args, *(k.value for k in call.keywords)) for n in ast.walk(arg)}
        method, owner = (call.func.attr, _plain(call.func.value)) if isinstance(call.func, ast.Attribute) else ("", "")
        if method in _FITTING:
            on_all[owner] = train in names
        elif method in _SCORING and tests & names:
            scored = True
            if on_all.get(owner, any(on_all.values())):
                return False
    return scored and any(on_all.values())


def _written(expression: str) -> str:
    """The expression as `ast` writes it."""
    try:
        return ast.unparse(ast.parse(expression, mode="eval"))
    except (SyntaxError, ValueError):
        return expression


def _plain(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Subscript, ast.Attribute, ast.Call)) else ""


def _calls(sides: Sides) -> list[ast.Call]:
    """Calls of all cells, in the order of their execution and of their lines."""
    calls: list[ast.Call] = []
    for cell in sides.subjects.cells:
        tree = parse(cell.source)
        if tree is None:
            continue
        found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        calls += sorted(found, key=lambda c: (c.end_lineno or 0, c.end_col_offset or 0))
    return calls
