"""Subjects computed from subjects, once a run: labels as arrays, predictions, probabilities."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Effects, Predictor, as_predictor, effects
from mlready_nb.finding import Estimate
from mlready_nb.frames import NotATable
from mlready_nb.project import project_files
from mlready_nb.scores import scores
from mlready_nb.subjects import Cancelled, Subjects, Task, Unusable

#: Rows below which a group is not named, and what it is called then.
FEW, OTHERS = 5, "(groups below 5 rows)"


class Missing(Exception):
    """A name that neither the notebook nor a derivation can give; carries the subject to ask for."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


def predictor(model: Any, task: Task, class_names: tuple[Any, ...] | None = None) -> Predictor:
    """The model behind one face: `predict(X)` gives labels, `predict_proba(X)` an (n, k) array or `None`."""
    made = as_predictor(model, task=task, class_names=class_names)
    if not callable(getattr(made.model, "predict", None)):
        msg = f"the model is a {type(model).__name__}: it has no predict. Hint: %mlready use model=<variable>"
        raise Unusable(msg)
    return made


def _labels(name: str) -> Callable[..., Any]:
    def labels(raw: Any, task: Task, class_names: tuple[Any, ...] | None) -> Any:
        values = frames.labels(raw, one_hot=task is Task.MULTICLASS, class_names=class_names)
        if values.ndim > 1 and task is not Task.MULTILABEL:
            msg = f"{name} has the shape {values.shape}; a {task} task has one label a row. Hint: %mlready use {name}=<variable>"
            raise Unusable(msg)
        if len(values) == 0:
            msg = f"{name} is empty: 0 rows. Hint: %mlready use {name}=<a variable with rows>"
            raise Unusable(msg)
        endless = int(np.isinf(values).sum()) if values.dtype.kind == "f" else 0
        if endless:
            msg = f"{name} has {endless:,} infinite values of {len(values):,}; a metric cannot be taken over them. Hint: drop those rows from X and y"
            raise Unusable(msg)
        missing = frames.missing_mask(values)
        if missing.any():
            msg = (
                f"{name} has {int(missing.sum()):,} missing labels of {len(values):,} (first at row "
                f"{int(np.argmax(missing)):,}); a metric cannot be taken over them. Hint: drop those rows from X and y"
            )
            raise Unusable(msg)
        return values

    return labels


def _unnamed(values: Any) -> Any:
    """Groups of so few rows that naming them would name a person, as one: findings get published."""
    try:
        cells = frames.labels(values)
        codes, distinct = frames.codes(cells)
    except (NotATable, TypeError, ValueError):
        return values  # whoever reads it says what is wrong with it
    if cells.ndim != 1 or cells.dtype.kind not in "OUS" or not len(distinct):
        return values
    counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
    hidden = (codes >= 0) & (counts < FEW)[codes]
    if not hidden.any():
        return values
    cells = cells.astype(object)
    cells[hidden] = OTHERS
    return cells


def _prediction(split: str, proba: bool) -> Callable[..., Any]:
    def predict(predictor: Predictor, X: Any) -> Any:
        _refuse_empty(split, X)
        return predictor.predict_proba(X) if proba else predictor.predict(X)

    return predict


def _refuse_empty(name: str, X: Any) -> None:
    if frames.n_rows(X) == 0:
        msg = f"{name} is empty: 0 rows. Hint: %mlready use {name}=<a variable with rows>"
        raise Unusable(msg)


class Resolver:
    """Gives a check its arguments by name; each derived value is computed once and kept for the run."""

    def __init__(self, subjects: Subjects, extra: Mapping[str, Any] | None = None) -> None:
        self.subjects = subjects
        self._kept: dict[str, Any] = dict(extra or {})
        self._failed: dict[str, Exception] = {}
        #: names being worked out, and by whom
        self._busy: dict[str, threading.Thread] = {}

    def get(self, name: str) -> Any:
        """The value of a subject; raises `Missing` (what to ask for) or `Unusable` (what is wrong with it)."""
        if name in self._failed:
            raise self._failed[name]
        if name in self._kept:
            return self._kept[name]
        other = self._busy.get(name)
        if other is not None and other is not threading.current_thread() and other.is_alive():
            msg = f"{name} is not there: an earlier check was left behind, still waiting for it"
            raise Unusable(msg)
        self._busy[name] = threading.current_thread()
        try:
            self._kept[name] = self._make(name)
        except Cancelled:
            self._failed[name] = Unusable(f"{name} is not there: it took too long, or was stopped")
            raise
        except Exception as error:
            self._failed[name] = error
            raise
        finally:
            self._busy.pop(name, None)
        return self._kept[name]

    def need(self, name: str) -> Any:
        """As `get`, for what a check cannot do without: a split without rows or columns raises `Unusable`."""
        value = self.get(name)
        if name in SPLITS:
            _refuse_empty(name, value)
            if frames.n_columns(value) == 0:
                msg = f"{name} has no columns. Hint: %mlready use {name}=<a variable with columns>"
                raise Unusable(msg)
        return value

    def _make(self, name: str) -> Any:
        if name in ("y_train", "y_valid", "y_test"):
            raw = self._plain(name)
            return _labels(name)(raw, self.get("task"), self.subjects.class_names)
        if name == "predictor":
            return self.get("asked")[0]
        if name == "effects":
            return self.get("asked")[1]
        if name == "asked":
            return self._asked()
        if name in PREDICTIONS:
            split, proba = PREDICTIONS[name]
            return _prediction(split, proba)(self.get("predictor"), self._plain(split))
        if name == "raw_labels":
            return {n: getattr(self.subjects, n) for n in PLAIN["raw_labels"] if getattr(self.subjects, n) is not None}
        if name == "scores":
            return self._scores()
        if name == "sensitive_features":
            return {k: _unnamed(v) for k, v in self._plain(name).items()}
        if name == "subjects":
            return self.subjects
        if name == "origin":
            return self.subjects.origin
        if name == "curves":
            return self._curves()
        if name in DERIVATIONS:
            make = DERIVATIONS[name]
            return make(*(self.get(p) for p in inspect.signature(make).parameters))
        return self._plain(name)

    def _asked(self) -> tuple[Predictor, Effects]:
        """The predictor and what asking it does: a model that it changes is asked on a copy, for it is the user's."""
        made = predictor(self.get("model"), self.get("task"), self.subjects.class_names)
        rows = [self.get(split) for split in ("X_test", "X_train", "X_valid") if split in self.subjects.present()]
        rows = [X for X in rows if frames.n_rows(X)]
        if not rows:
            return made, Effects(untried="there are no rows to ask about")
        try:
            found, unasked = effects(made, rows[0])
        except Exception as error:  # whoever needs its answers meets the same, and says so
            return made, Effects(untried=f"it does not answer ({' '.join(str(error).split())[:200]})")
        careless = found.changed or found.differing[0]
        return (unasked if careless and unasked is not None else made), found

    def _scores(self) -> dict[str, Estimate]:
        """Metric -> estimate on the test set."""
        predictor, proba = self.get("predictor"), self.get("y_proba")
        y_test, y_pred = self.get("y_test"), self.get("y_pred")
        matching(y_test, y_pred)
        if predictor.task is Task.MULTILABEL and not {y_test.dtype.kind, y_pred.dtype.kind} <= set("biuf"):
            msg = f"multi-label needs indicators of 0 and 1, found {y_test.dtype} labels and {y_pred.dtype} predictions"
            raise Unusable(msg)
        ranking = predictor.score_vector(self._plain("X_test")) if proba is None else None
        return scores(predictor.task, y_test, y_pred, y_proba=proba, ranking=ranking, class_names=predictor.class_names)

    def _curves(self) -> list[Any]:
        """Training histories that were kept, and the replay of a boosted model where both sides are there."""
        from mlready_nb.adapters.curves import kept
        from mlready_nb.adapters.staged import replayed

        found = kept(self.get("model"), self.subjects.namespace)
        for split in ("valid", "test"):
            if any(c.valid is not None for c in found):
                break
            try:
                train, other = ((self._plain(f"X_{s}"), self.get(f"y_{s}")) for s in ("train", split))
                again = replayed(self.get("predictor"), train, other, "validation" if split == "valid" else "test")
            except (Missing, Unusable):
                continue
            return [*found, again] if again is not None else found
        return found

    def _plain(self, name: str) -> Any:
        if name not in self.subjects.__dataclass_fields__:
            msg = f"a check asks for {name!r}, which is no subject and no derived one"
            raise TypeError(msg)
        if name not in self.subjects.present():
            raise Missing(name)
        return getattr(self.subjects, name)


def thinned(subjects: Subjects, share: float) -> tuple[Subjects, tuple[int, int]]:
    """The subjects with this share of the rows of each split, drawn once and for all, and (rows kept, of how many)."""
    rng = np.random.default_rng(0)
    given: dict[str, Any] = {}
    kept = of = 0
    for name in ("train", "valid", "test"):
        X, y = getattr(subjects, f"X_{name}"), getattr(subjects, f"y_{name}")
        if X is None:
            continue
        n = frames.n_rows(X)
        rows = np.sort(rng.choice(n, size=min(n, max(FEWEST, int(share * n))), replace=False))
        kept, of = kept + len(rows), of + n
        given[f"X_{name}"] = frames.take(X, rows)
        if y is not None and len(y) == n:
            given[f"y_{name}"] = frames.take(y, rows)
        if name == "test" and subjects.sensitive_features:
            groups = subjects.sensitive_features.items()
            given["sensitive_features"] = {k: frames.take(v, rows) if len(v) == n else v for k, v in groups}
    return replace(subjects, **given), (kept, of)


#: Rows of a split that are kept at least, when memory is short.
FEWEST = 500

#: splits of rows: a check that needs one needs a row in it
SPLITS = ("X_train", "X_valid", "X_test")

#: name of a derived subject -> (whose predictions, probabilities?)
PREDICTIONS = {
    "y_pred": ("X_test", False),
    "y_proba": ("X_test", True),
    "y_pred_train": ("X_train", False),
    "y_proba_train": ("X_train", True),
    "y_pred_valid": ("X_valid", False),
    "y_proba_valid": ("X_valid", True),
}

#: derived subject -> the plain ones it is made from
PLAIN = {
    **{name: ("model", split) for name, (split, _) in PREDICTIONS.items()},
    "predictor": ("model",),
    "effects": ("model",),
    "raw_labels": ("y_train", "y_test"),
    "scores": ("model", "X_test", "y_test"),
    "curves": ("model",),
    "budget": (),
    "subjects": ("model", "X_train", "y_train", "X_test", "y_test", "cells"),
    "origin": (),
}

#: further derived subjects, plug-ins' among them: functions that ask by name
DERIVATIONS: dict[str, Callable[..., Any]] = {"project_files": project_files}


def add(name: str, make: Callable[..., Any]) -> None:
    """Make a plug-in's derived subject known: a function whose parameters are subjects; `ValueError` when it cannot be."""
    taken = {*Subjects.__dataclass_fields__, *PLAIN}
    if not name.isidentifier() or name in taken or DERIVATIONS.get(name, make) is not make:
        msg = f"a derived subject cannot be named {name!r}: it must be an identifier that no other subject has"
        raise ValueError(msg)
    if not callable(make):
        msg = f"expected a function from subjects to a value, found {type(make).__name__}"
        raise TypeError(msg)
    asked = tuple(inspect.signature(make).parameters)
    unknown = [n for n in asked if n not in taken and n not in DERIVATIONS]
    if unknown:
        msg = f"it asks for {unknown[0]!r}, which is no subject; there are: {', '.join(sorted(taken))}"
        raise ValueError(msg)
    DERIVATIONS[name] = make


def plain(name: str) -> tuple[str, ...]:
    """The plain subjects that a name stands for."""
    if name in DERIVATIONS:
        return tuple(dict.fromkeys(p for n in inspect.signature(DERIVATIONS[name]).parameters for p in plain(n)))
    return PLAIN.get(name, (name,))


def matching(y_true: Any, y_pred: Any, name: str = "test") -> None:
    """Raise `Unusable` unless there is one label, or one row of as many indicators, for each prediction."""
    if np.shape(y_true)[1:] != np.shape(y_pred)[1:]:
        msg = (
            f"y_{name} has the shape {np.shape(y_true)}, the predictions have {np.shape(y_pred)}: they do not belong "
            f"together. Hint: %mlready use model=<variable> y_{name}=<variable>"
        )
        raise Unusable(msg)
    if len(y_true) != len(y_pred):
        msg = (
            f"y_{name} has {len(y_true):,} labels for {len(y_pred):,} rows of X_{name}: they do not belong together. "
            f"Hint: %mlready use X_{name}=<variable> y_{name}=<variable>"
        )
        raise Unusable(msg)
