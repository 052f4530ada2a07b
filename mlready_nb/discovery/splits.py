"""Which data the model was fitted on and scored on: cells first, then objects, names last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import ModelInfo
from mlready_nb.discovery import names
from mlready_nb.discovery.candidates import Candidate, Question
from mlready_nb.discovery.cells import Split, Story, Use
from mlready_nb.discovery.expressions import Unreadable, resolve
from mlready_nb.discovery.models import Held

SIDES = ("train", "valid", "test")


@dataclass(kw_only=True)
class Found:
    """What is taken for each side, and what else would do."""

    X: dict[str, Candidate] = field(default_factory=dict)
    y: dict[str, Candidate] = field(default_factory=dict)
    others: dict[str, list[Candidate]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def rows_of(value: Any) -> int | None:
    """Rows of what could be features or labels, else `None`."""
    if isinstance(value, (str, bytes, dict)) or value is None:
        return None
    if frames.is_frame(value) or frames.is_sparse(value):
        try:
            return frames.n_rows(value)
        except Exception:
            return None
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim in (1, 2) else None
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (str, int, float, bool, np.generic)):
        return len(value)
    return None


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape a person would name."""
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and all(isinstance(n, int) for n in shape):
        return tuple(shape)
    return (len(value),) if hasattr(value, "__len__") else None


def is_table(value: Any) -> bool:
    """True for two-dimensional data with at least one column."""
    if rows_of(value) is None:
        return False
    if frames.is_sparse(value):
        return True
    shape: tuple[int, ...] = getattr(value, "shape", ())
    return len(shape) == 2 and shape[1] >= 1


def fits(value: Any, info: ModelInfo | None) -> bool:
    """True when the model could take these columns."""
    if info is None or info.n_features is None:
        return True
    try:
        if frames.is_frame(value) and info.feature_names and is_table(value):
            return set(info.feature_names) <= set(frames.column_names(value))
        return frames.n_columns(value) == info.n_features
    except Exception:
        return False


class Finder:
    """Looks for the data of one model."""

    def __init__(self, namespace: Mapping[str, Any], story: Story, model: Held | None) -> None:
        self.namespace, self.story, self.model = namespace, story, model
        self.info = model.info if model is not None else None
        self.found = Found()
        self._values: dict[str, Any] = {}

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

    def candidate(self, expression: str, how: str) -> Candidate:
        value = self.value(expression)
        return Candidate(variable=expression, how=how, value=value, shape=shape_of(value))

    def look(self) -> Found:
        """Train first, since it tells what the others must look like."""
        self._train()
        self._scored()
        self._from_splits()
        self._by_name()
        self._labels()
        self._alternatives()
        return self.found

    # -- cells ---------------------------------------------------------------
    def _train(self) -> None:
        fitted = [u for u in (self.model.uses if self.model else ()) if u.kind == "fit"]
        for use in reversed(fitted):
            if rows_of(self.value(use.X)) is None:
                continue
            if not fits(self.value(use.X), self.info):
                self.found.notes.append(
                    f"{use.X} was passed to fit{_in(use)} but has {_columns(self.value(use.X))} columns now while the model "
                    f"takes {self.info.n_features if self.info else '?'}: it was overwritten since"
                )
                continue
            self.found.X["train"] = self.candidate(str(use.X), f"passed to {_model(use)}.fit{_in(use)}")
            if use.y and rows_of(self.value(use.y)) is not None:
                self.found.y["train"] = self.candidate(use.y, f"passed to {_model(use)}.fit{_in(use)}")
            return

    def _scored(self) -> None:
        """Data that the model was asked about, other than what it was fitted on."""
        train = self.found.X.get("train")
        labelled: dict[str, Use] = {}
        asked: dict[str, Use] = {}
        for use in self.model.uses if self.model else ():
            if use.kind not in ("score", "predict") or not use.X:
                continue
            value = self.value(use.X)
            if rows_of(value) is None or not fits(value, self.info):
                continue
            if train is not None and (value is train.value or train.variable == use.X or self._role(use.X) == "train"):
                continue
            asked[use.X] = use
            if use.kind == "score" and use.y and rows_of(self.value(use.y)) == rows_of(value):
                labelled[use.X] = use
            elif use.kind == "score" and use.y and use.X not in labelled and rows_of(self.value(use.y)) is not None:
                labelled[use.X] = use  # lengths differ: the checks will say so, unless something better is found
        by_side: dict[str, list[str]] = {"test": [], "valid": [], "": []}
        for X in sorted(labelled, key=lambda x: labelled[x].order):
            by_side[self._role(X) or ""].append(X)
        for X in asked:
            if X not in labelled and self._partner(X) is not None:
                by_side[self._role(X) or ""].append(X)
        test = by_side["test"] or by_side[""]
        if not test and by_side["valid"] and not self._unscored_test():
            test, by_side["valid"] = by_side["valid"], []
            for X in asked:
                if X not in labelled and X not in test:
                    self.found.notes.append(
                        f"{X} was predicted{_in(asked[X])} but has no labels, so {test[-1]} stands for the test set"
                    )
        for side, chosen in (("test", test), ("valid", by_side["valid"])):
            if chosen:
                X = chosen[-1]
                use = labelled.get(X) or asked[X]
                verb = "scored" if use.kind == "score" else "predicted"
                self.found.X[side] = self.candidate(X, f"{verb} with {_model(use)}{_in(use)}")
                if X in labelled and labelled[X].y:
                    self.found.y[side] = self.candidate(str(labelled[X].y), f"the labels beside {X}{_in(labelled[X])}")

    def _role(self, X: str) -> str | None:
        """The split of a variable: its name, what it was made from, its place in train_test_split."""
        seen = set()
        name: str | None = X
        while name and name not in seen:
            seen.add(name)
            said = names.role(name)
            if said:
                return said
            for split in reversed(self.story.splits):
                for train, test in split.outputs:
                    if name == test:
                        return self._second(split, "test")
                    if name == train and not self._cut_again(train):
                        return self._second(split, "train")
            name = self.story.made_from.get(name)
        return None

    def _cut_again(self, name: str) -> bool:
        return any(name in s.inputs for s in self.story.splits)

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

    def _unscored_test(self) -> bool:
        """There is a labelled test set that was never scored (yet): validation stays validation."""
        return any(
            self._role(t) == "test" and fits(self.value(t), self.info) and self._partner(t) is not None
            for s in self.story.splits
            for _, t in s.outputs
            if is_table(self.value(t))
        )

    # -- splits --------------------------------------------------------------
    def _from_splits(self) -> None:
        """The other outputs of the split, where the cells never scored them."""
        for split in reversed(self.story.splits):
            pairs = [
                (a, b)
                for a, b in split.outputs
                if rows_of(self.value(a)) is not None and rows_of(self.value(b)) is not None
            ]
            features = [p for p in pairs if self._could_be_X(p[0])]
            if not features:
                continue
            for position, which in enumerate(("train", "test")):
                variable = features[0][position]
                side = self._role(variable) or which
                better = self._derived(variable, side)
                if side in self.found.X or (position == 0 and self._cut_again(variable)) or self._taken(variable):
                    continue
                if better and fits(self.value(better), self.info):
                    self.found.X[side] = self.candidate(
                        better, f"made from {variable}, put aside by train_test_split{_in(split)}"
                    )
                elif fits(self.value(variable), self.info):
                    self.found.X[side] = self.candidate(variable, f"the {which} part of train_test_split{_in(split)}")

    def _taken(self, variable: str) -> bool:
        return any(c.value is self.value(variable) for c in self.found.X.values())

    def _could_be_X(self, variable: str) -> bool:
        value = self.value(variable)
        return (is_table(value) and not names.is_labels(variable)) or (
            not names.is_labels(variable)
            and self.model is not None
            and self.info is not None
            and self.info.n_features is None
        )

    def _derived(self, variable: str, side: str) -> str | None:
        """The form of a split's output that goes with the training set that was taken: scaled with scaled."""
        train = self.found.X.get("train")
        if train is None or side == "train":
            return None
        made = [n for n, root in self.story.made_from.items() if root == variable and is_table(self.value(n))]
        alike = [n for n in made if names.decoration(n) == names.decoration(train.variable)]
        if names.decoration(variable) == names.decoration(train.variable) and not (
            alike and train.variable in self.story.made_from
        ):
            return None
        return alike[-1] if alike else None

    # -- names ---------------------------------------------------------------
    def _by_name(self) -> None:
        for side in SIDES:
            if side in self.found.X:
                continue
            fitting = [n for n in self._tables() if names.role(n) == side and fits(self.value(n), self.info)]
            taken = {id(c.value) for c in self.found.X.values()}
            fitting = [n for n in fitting if id(self.value(n)) not in taken]
            named = [n for n in fitting if "x" in names.tokens(n)] or [n for n in fitting if names.is_features(n)]
            if self.info is not None and self.info.n_features is not None:
                named = named or fitting  # the width confirms it
            partner = self.found.X.get("train") or self.found.X.get("test")
            if len(named) > 1 and partner is not None:
                alike = [n for n in named if names.decoration(n) == names.decoration(partner.variable)]
                named = alike or named
            elif len(named) > 1 and self.info is None:
                plain = [n for n in named if not names.decoration(n)]
                named = plain or named
            named = self._by_type(named)
            if len(named) == 1:
                self.found.X[side] = self.candidate(named[0], "by its name and width" if self.info else "by its name")
            elif named:
                best = self._by_score(named, side)
                if best is not None:
                    self.found.X[side] = self.candidate(best, "by its name; the model scores sensibly on it alone")
                else:
                    text = f"{len(named)} variables could be the {side} features: {', '.join(named[:5])}. Which is it?"
                    self.found.questions.append(Question(subject=f"X_{side}", text=text, options=tuple(named)))

    def _by_type(self, named: Sequence[str]) -> list[str]:
        """A model fitted with column names was fitted on a frame."""
        if self.info is None or len(named) < 2:
            return list(named)
        framed = [n for n in named if frames.is_frame(self.value(n))]
        arrays = [n for n in named if not frames.is_frame(self.value(n))]
        chosen = (
            framed
            if self.info.feature_names
            else arrays
            if self.info.fitted and self.info.library == "sklearn"
            else named
        )
        return list(chosen or named)

    def _by_score(self, named: Sequence[str], side: str) -> str | None:
        """The one reading on which the model answers sensibly, where the difference is decisive."""
        if self.model is None or self.info is None or self.info.classes is None:
            return None
        scores = {}
        for name in named:
            X, partner = (
                self.value(name),
                self._partner(name)
                or next(
                    (
                        y
                        for y in self._label_names()
                        if names.role(y) == side and rows_of(self.value(y)) == rows_of(self.value(name))
                    ),
                    None,
                ),
            )
            if partner is None or not rows_of(X):
                return None
            rows = np.arange(min(1000, rows_of(X) or 0))
            try:
                said = np.asarray(self.model.value.predict(frames.take(X, rows)))
                scores[name] = float(np.mean(said.ravel() == np.asarray(frames.labels(self.value(partner)))[rows]))
            except Exception:
                scores[name] = 0.0
        ranked = sorted(scores, key=lambda n: -scores[n])
        return ranked[0] if scores[ranked[0]] - scores[ranked[1]] > 0.15 else None

    def _tables(self) -> list[str]:
        return [
            n
            for n, v in self.namespace.items()
            if not n.startswith("_") and n not in ("In", "Out") and is_table(v) and not names.is_labels(n)
        ]

    def _label_names(self) -> list[str]:
        return [
            n
            for n, v in self.namespace.items()
            if not n.startswith("_") and names.is_labels(n) and rows_of(v) is not None
        ]

    # -- labels --------------------------------------------------------------
    def _labels(self) -> None:
        for side in SIDES:
            X = self.found.X.get(side)
            if X is None:
                continue
            rows = rows_of(X.value)
            current = self.found.y.get(side)
            if current is not None and rows_of(current.value) == rows:
                continue
            partner = self._partner(X.variable)
            if partner is not None:
                self.found.y[side] = self.candidate(partner, f"split together with {X.variable}")
                continue
            named = [n for n in self._label_names() if names.role(n) == side]
            matching = [n for n in named if rows_of(self.value(n)) == rows] or ([] if current else named)
            matching = [n for n in matching if self._known_classes(n)] or matching
            if len(matching) > 1:
                other = self.found.y.get("train") or self.found.y.get("test")
                alike = [
                    n for n in matching if other is not None and names.decoration(n) == names.decoration(other.variable)
                ]
                plain = [n for n in matching if not names.decoration(n)]
                matching = alike or plain or matching
            if len(matching) == 1:
                self.found.y[side] = self.candidate(matching[0], "by its name")
            elif matching:
                text = f"{len(matching)} variables could be the {side} labels: {', '.join(matching[:5])}. Which is it?"
                self.found.questions.append(Question(subject=f"y_{side}", text=text, options=tuple(matching)))

    def _partner(self, X: str) -> str | None:
        """The labels that were split off together with X, or together with what X was made from."""
        seen = set()
        name: str | None = X
        while name and name not in seen:
            seen.add(name)
            for split in reversed(self.story.splits):
                for position in (0, 1):
                    outputs = [pair[position] for pair in split.outputs]
                    if name not in outputs:
                        continue
                    rows = rows_of(self.value(X))
                    others = [
                        o
                        for o in outputs
                        if o != name and rows_of(self.value(o)) == rows and not is_wide(self.value(o))
                    ]
                    named = [o for o in others if names.is_labels(o)] or others
                    if named and self._known_classes(named[0]):
                        return named[0]
            name = self.story.made_from.get(name)
        return None

    def _known_classes(self, y: str) -> bool:
        """False when these labels hold none of the model's classes: encoded beside not encoded."""
        if self.info is None or not self.info.classes:
            return True
        try:
            values = set(np.unique(np.asarray(frames.labels(self.value(y)))[:2000].astype(str)))
        except Exception:
            return True
        return bool(values & {str(c) for c in self.info.classes})

    # -- for the drawer ------------------------------------------------------
    def _alternatives(self) -> None:
        tables = [n for n in self._tables() if fits(self.value(n), self.info)]
        for side in SIDES:
            mine = sorted(tables, key=lambda n: (names.role(n) != side, not names.is_features(n)))
            self.found.others[f"X_{side}"] = [
                self.candidate(n, "has the model's width" if self.info else "a table") for n in mine[:12]
            ]
            X = self.found.X.get(side)
            rows = rows_of(X.value) if X is not None else None
            labels = [
                n
                for n, v in self.namespace.items()
                if not n.startswith("_")
                and n not in ("In", "Out")
                and rows_of(v) is not None
                and rows_of(v) == rows
                and not is_wide(v)
            ]
            labels.sort(key=lambda n: (names.role(n) != side, not names.is_labels(n)))
            self.found.others[f"y_{side}"] = [self.candidate(n, f"has {rows:,} values") for n in labels[:12]]


def is_wide(value: Any) -> bool:
    """True for a table of several columns that are no dummies of one label."""
    shape: tuple[int, ...] = getattr(value, "shape", ())
    if len(shape) < 2 or shape[1] == 1:
        return False
    try:
        return not frames.is_indicator(np.asarray(value)[:2000])
    except Exception:
        return True


def _in(use: Use | Split) -> str:
    return f" in cell {use.cell}" if use.cell else ""


def _columns(value: Any) -> int | str:
    try:
        return frames.n_columns(value)
    except Exception:
        return "other"


def _model(use: Use) -> str:
    """`each of models` for an entry of a container."""
    name = use.model or "the model"
    return f"each of {name[1:]}" if name.startswith("*") else name
