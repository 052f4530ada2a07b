"""What expressions hold now, and what cells and names say of them: shared by everything that looks for data."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.discovery import names, syntax
from mlready_nb.discovery.candidates import Candidate, Question
from mlready_nb.discovery.data import fits, is_table, is_wide, rows_of, shape_of
from mlready_nb.discovery.expressions import Unreadable, resolve
from mlready_nb.discovery.models import Held
from mlready_nb.discovery.story import Form, Split, Story, Use

SIDES = ("train", "valid", "test")


@dataclass(kw_only=True)
class Found:
    """What is taken for each side, and what else would do."""

    X: dict[str, Candidate] = field(default_factory=dict)
    y: dict[str, Candidate] = field(default_factory=dict)
    others: dict[str, list[Candidate]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: "X_train", "y_train": known to be gone, so nothing else may stand in for it
    closed: set[str] = field(default_factory=set)


class Evidence:
    """One model, the namespace and the story."""

    def __init__(self, namespace: Mapping[str, Any], story: Story, model: Held | None) -> None:
        self.namespace, self.story, self.model = namespace, story, model
        self.info = model.info if model is not None else None
        self.found = Found()
        #: overwritten since the model saw them
        self.gone: set[str] = set()
        self._values: dict[str, Any] = {}
        self._rows: dict[str, int | None] = {}
        self._fits: dict[str, bool] = {}
        self._lines: dict[str, list[str]] = {}

    def value(self, expression: str | None) -> Any:
        """What an expression holds now; `None` when it leads nowhere."""
        if not expression:
            return None
        if expression not in self._values:
            try:
                self._values[expression] = resolve(expression, self.namespace)
            except Unreadable:
                self._values[expression] = None
        return self._values[expression]

    def rows(self, expression: str | None) -> int | None:
        """How many rows it holds now."""
        key = expression or ""
        if key not in self._rows:
            self._rows[key] = rows_of(self.value(expression))
        return self._rows[key]

    def fits(self, expression: str | None) -> bool:
        """True when the model could take it."""
        key = expression or ""
        if key not in self._fits:
            self._fits[key] = fits(self.value(expression), self.info)
        return self._fits[key]

    def lasting(self, expression: str) -> str:
        """Another name for what a loop's variable holds, if there is one."""
        if expression not in self.story.looped:
            return expression
        value = self.value(expression)
        return next((n for n in self.data if self.namespace[n] is value and n not in self.story.looped), expression)

    def candidate(self, expression: str, how: str) -> Candidate:
        """A choice with its reason."""
        value = self.value(expression)
        return Candidate(variable=expression, how=how, value=value, shape=shape_of(value))

    @cached_property
    def data(self) -> dict[str, int]:
        """Variables that could be features or labels, with their rows."""
        return {
            n: rows
            for n, v in self.namespace.items()
            if not n.startswith("_") and n not in ("In", "Out") and (rows := rows_of(v)) is not None
        }

    @cached_property
    def tables(self) -> list[str]:
        """Variables that could be features."""
        return [n for n in self.data if n in self.wide and not names.is_labels(n)]

    @cached_property
    def wide(self) -> frozenset[str]:
        """Variables that hold two-dimensional data."""
        return frozenset(n for n in self.data if is_table(self.namespace[n]))

    @cached_property
    def labels(self) -> list[str]:
        """Variables that are called labels and do not hold predictions."""
        return [n for n in self.data if names.is_labels(n) and n not in self.story.predictions]

    def form(self, expression: str) -> Form:
        """What it was made from, and how."""
        known = self.story.forms.get(expression)
        if known is not None:
            return known
        try:
            found = syntax.base(ast.parse(expression, mode="eval").body)
        except (SyntaxError, ValueError):
            found = None
        if found is None:
            return Form(root=expression)
        source = ast.unparse(found[0])
        before = self.story.forms.get(source, Form(root=source))
        return Form(root=before.root, steps=(*before.steps, *found[1]))

    def ancestors(self, expression: str) -> list[str]:
        """The expression, what it was made from, what that was made from."""
        if expression in self._lines:
            return self._lines[expression]
        line = [expression]
        while len(line) < 30:
            source = self.story.made_from.get(line[-1])
            if source is None:
                form = self.form(line[-1])
                source = form.root if form.root != line[-1] else None
            if source is None or source in line:
                break
            line.append(source)
        self._lines[expression] = line
        return line

    def column(self, expression: str) -> tuple[str, str] | None:
        """(frame, rest) where the expression is one column of a variable."""
        try:
            return self.story.columns.get(expression) or syntax.column(ast.parse(expression, mode="eval").body)
        except (SyntaxError, ValueError):
            return None

    def beside(self, expression: str) -> list[tuple[str, Any]]:
        """What was split off together with it, or with what it was made from, at the same side."""
        found = []
        for name in self.ancestors(expression):
            for split in self.story.splits:
                for position in (0, 1):
                    outputs = [pair[position] for pair in split.outputs]
                    if name in outputs:
                        found += [(o, self.value(o)) for o in outputs if o != name]
        return found

    def lineage(self, expression: str) -> frozenset[str]:
        """Every variable that it was made from or cut from."""
        seen: list[str] = []
        todo = [expression]
        while todo and len(seen) < 100:
            for name in self.ancestors(todo.pop()):
                if name not in seen:
                    seen.append(name)
                    cut = (i for s in self.story.splits for i, p in zip(s.inputs, s.outputs, strict=False) if name in p)
                    todo += cut
        return frozenset(seen)

    # -- splits --------------------------------------------------------------
    def role(self, X: str) -> str | None:
        """The split of a variable: its name, what it was made from, its place in train_test_split."""
        for name in self.ancestors(X):
            said = names.role(name)
            if said:
                return said
            for split in reversed([s for s in self.story.splits if not s.by_hand]):
                for train, test in split.outputs:
                    if name == test:
                        return self._second(split, "test")
                    if name == train and not self.cut_again(train):
                        return self._second(split, "train")
        return None

    def cut_again(self, name: str) -> bool:
        """True for what a later split takes apart."""
        return any(name in s.inputs and all(name not in pair for pair in s.outputs) for s in self.story.splits)

    def _second(self, split: Split, side: str) -> str:
        """A split of what an earlier split put aside for testing gives validation and test."""
        for earlier in self.story.splits:
            if earlier.order < split.order:
                for train, test in earlier.outputs:
                    if test in split.inputs:
                        return "valid" if side == "train" else "test"
                    if train in split.inputs and side == "test":
                        return "valid"
        return side

    def partner(self, X: str) -> str | None:
        """The labels that were split off together with X, or together with what X was made from."""
        for name in self.ancestors(X):
            for split in reversed(self.story.splits):
                for position in (0, 1):
                    outputs = [pair[position] for pair in split.outputs]
                    if name not in outputs:
                        continue
                    rows = self.rows(X)
                    others = [o for o in outputs if o != name and self.rows(o) == rows and not is_wide(self.value(o))]
                    named = [o for o in others if names.is_labels(o)] or others
                    if named and self.known_classes(named[0]):
                        return named[0]
        return None

    def known_classes(self, y: str) -> bool:
        """False when these labels hold none of the model's classes: encoded beside not encoded."""
        if self.info is None or not self.info.classes:
            return True
        try:
            values = set(np.unique(np.asarray(frames.labels(self.value(y)))[:2000].astype(str)))
        except Exception:
            return True
        return bool(values & {str(c) for c in self.info.classes})


def place(use: Use | Split) -> str:
    """` in cell 7`, or nothing."""
    return f" in cell {use.cell}" if use.cell else ""


def owner(use: Use) -> str:
    """`each of models` for an entry of a container."""
    name = use.model or "the model"
    return f"each of {name[1:]}" if name.startswith("*") else name
