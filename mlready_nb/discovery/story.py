"""What the cells told, in order: uses of models and data, splits, what was made from what."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a model or of data, with its place."""

    #: "fit", "predict", "score" (X with y, or predictions with y), "watch" (looked at while fitting), "cross", "save"
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
    #: cut by slices or masks: which half is for training, the fit tells
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a variable was made: `B = sc.transform(X_test)` is `X_test` between `sc.transform(` and `)`."""

    root: str
    steps: tuple[tuple[str, str], ...] = ()

    def of(self, other: str) -> str:
        """The expression that makes the same of another variable."""
        for before, after in self.steps:
            other = f"{before}{other}{after}"
        return other


@dataclass(kw_only=True)
class Story:
    """Everything that the cells told, in order."""

    uses: list[Use] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    #: variable -> what it was made from by a transformation: `X_test_s` -> `X_test`
    made_from: dict[str, str] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    #: variable -> (frame, `['churned']`) of one column
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: when each name was bound last
    bound: dict[str, int] = field(default_factory=dict)
    #: when it was bound last to something new: running the same line again gives the same data
    changed: dict[str, int] = field(default_factory=dict)
    #: variable -> (the model that was written where it was read from, when)
    loaded: dict[str, tuple[str, int]] = field(default_factory=dict)
    #: expressions that were handed over as `sensitive_features`
    people: list[str] = field(default_factory=list)
    #: variables that hold what a model said
    predictions: set[str] = field(default_factory=set)
    #: every loop variable
    looped: set[str] = field(default_factory=set)
    #: loop variables that stood for models
    loops: set[str] = field(default_factory=set)

    def rebound(self, expression: str | None, order: int) -> bool:
        """True when a name of the expression was bound again after that moment: it means another object now."""
        return any(self.bound.get(p, 0) > order for p in parts(expression or ""))

    def overwritten(self, expression: str | None, order: int) -> bool:
        """True when the expression holds other data now than at that moment."""
        return any(self.changed.get(p, 0) > order for p in parts(expression or ""))


@lru_cache(maxsize=4096)
def parts(expression: str) -> frozenset[str]:
    """Every name, attribute and subscript in an expression: `a.b[c]` -> {a, a.b, c, a.b[c]}."""
    try:
        tree = ast.parse(expression.removeprefix("*").strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(ast.unparse(n) for n in ast.walk(tree) if isinstance(n, (ast.Name, ast.Attribute, ast.Subscript)))
