"""One way to ask any model: labels of shape (n,), probabilities of shape (n, k), or a clear refusal."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import ModelInfo, describe
from mlready_nb.subjects import Task, Unusable

#: Rows handed to a model at once.
BATCH = 100_000


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """A model with its task and classes; every answer is checked before it is believed."""

    model: Any
    info: ModelInfo
    task: Task
    #: labels in the order of `predict_proba`'s columns; `None` for regression
    class_names: tuple[Any, ...] | None

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        """Labels (n,), or indicators (n, k) for multi-label; raises `Unusable`."""
        if _is_booster(self.model):
            return self._from_scores(self._ask(_booster_scores, X))
        said = frames.labels(self._ask(lambda m, x: m.predict(x), X), one_hot=self.task is Task.MULTICLASS)
        if self.task is Task.REGRESSION:
            said = np.asarray(said, dtype=float)
        elif said.dtype.kind == "f" and said.ndim == 1 and not hasattr(self.model, "classes_"):
            said = self._thresholded(said)
        self._believe(said, X, "predict")
        return said

    def predict_proba(self, X: Any) -> np.ndarray[Any, Any] | None:
        """(n, k) probabilities in the order of `class_names`, or `None` when the model gives none."""
        if not self.task.classifies:
            return None
        if _is_booster(self.model):
            scores = self._ask(_booster_scores, X)
            if self.info.task is None:
                return None
            proba = np.column_stack([1 - scores, scores]) if scores.ndim == 1 else scores
            self._believe(proba, X, "predict")
            return proba
        if not callable(_method(self.model, "predict_proba")):
            return None
        raw = self._ask(lambda m, x: m.predict_proba(x), X)
        if isinstance(raw, list):  # multi-label forests: one (n, 2) array a label
            raw = np.column_stack([np.asarray(part)[:, -1] for part in raw])
        proba = np.asarray(raw, dtype=float)
        if proba.ndim == 1 or (proba.ndim == 2 and proba.shape[1] == 1 and self.task is Task.BINARY):
            proba = np.column_stack([1 - proba.ravel(), proba.ravel()])
        self._believe(proba, X, "predict_proba")
        return self._in_order(proba)

    def score_vector(self, X: Any) -> np.ndarray[Any, Any] | None:
        """(n,) something that ranks the positive class (probability, else decision function), or `None`."""
        if self.task is not Task.BINARY:
            return None
        proba = self.predict_proba(X)
        if proba is not None:
            return proba[:, 1]
        if callable(_method(self.model, "decision_function")):
            return np.asarray(self._ask(lambda m, x: m.decision_function(x), X), dtype=float).ravel()
        return None

    # -- asking --------------------------------------------------------------
    def _ask(self, how: Callable[[Any, Any], Any], X: Any) -> Any:
        """Ask in batches; whatever the model raises becomes advice."""
        if self.info.fitted is False:
            msg = f"{self.info.kind} is not fitted: run .fit(X_train, y_train) first, or choose another: %mlready use model=<variable>"
            raise Unusable(msg)
        self._check_width(X)
        rows = frames.n_rows(X)
        try:
            with _quiet():
                if rows <= BATCH:
                    return how(self.model, X)
                parts = [how(self.model, frames.take(X, np.arange(i, min(i + BATCH, rows)))) for i in range(0, rows, BATCH)]
        except Exception as error:
            if type(error).__name__ == "NotFittedError":
                msg = f"{self.info.kind} is not fitted: run .fit(X_train, y_train) first"
            else:
                text = " ".join(str(error).split())[:300]
                msg = (
                    f"{self.info.kind} cannot predict on the data found for it ({type(error).__name__}: {text}). "
                    "Is it the version of the data that the model was trained on? %mlready use X_train=<variable> X_test=<variable>"
                )
            raise Unusable(msg) from error
        if isinstance(parts[0], list):
            return [np.concatenate(p) for p in zip(*parts, strict=True)]
        return np.concatenate([np.asarray(p) for p in parts])

    def _check_width(self, X: Any) -> None:
        expected = self.info.n_features
        if expected is None or (not frames.is_frame(X) and not hasattr(X, "shape")):
            return
        found = frames.n_columns(X)
        if found < expected or (found > expected and not self.info.feature_names):
            msg = f"the model takes {expected:,} columns, the data have {found:,}"
            if self.info.feature_names and frames.is_frame(X):
                lacking = [n for n in self.info.feature_names if n not in frames.column_names(X)]
                msg += f"; missing: {', '.join(map(repr, lacking[:5]))}" + (" ..." if len(lacking) > 5 else "")
            raise Unusable(f"{msg}. Hint: %mlready use X_test=<the data the model was scored on>")

    # -- believing -----------------------------------------------------------
    def _believe(self, said: np.ndarray[Any, Any], X: Any, method: str) -> None:
        rows = frames.n_rows(X)
        if len(said) != rows:
            msg = f"{self.info.kind}.{method} gave {len(said):,} answers for {rows:,} rows"
            raise Unusable(msg)
        gaps = int(frames.missing_mask(said).sum())
        if gaps:
            msg = f"{self.info.kind}.{method} gave NaN for {gaps:,} of {rows:,} rows; a metric cannot be taken over them"
            raise Unusable(msg)

    def _in_order(self, proba: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        theirs, ours = self.info.classes, self.class_names
        if theirs is None or ours is None or theirs == ours or set(theirs) != set(ours):
            return proba
        return proba[:, [theirs.index(c) for c in ours]]

    def _thresholded(self, scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """A bare object whose `predict` gives probabilities for a binary task (Keras-like)."""
        names = self.class_names
        if self.task is not Task.BINARY or names is None or np.isin(scores, np.asarray(names, dtype=object)).all():
            return scores
        if scores.min() < 0 or scores.max() > 1:
            return scores
        return np.asarray(names)[(scores >= 0.5).astype(int)]

    def _from_scores(self, scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if self.task is Task.REGRESSION:
            return np.asarray(scores, dtype=float)
        picked = np.argmax(scores, axis=1) if scores.ndim > 1 else (scores > 0.5).astype(int)
        return np.asarray(self.class_names)[picked] if self.class_names is not None else picked


def as_predictor(model: Any, *, task: Task, class_names: tuple[Any, ...] | None = None) -> Predictor:
    """Wrap any model; its own classes win over the names given."""
    info = describe(model)
    names = info.classes if info.classes and not _is_booster(model) else class_names
    if names is None and task is Task.BINARY:
        names = (0, 1)
    return Predictor(model=model, info=info, task=task, class_names=names if task.classifies else None)


def _is_booster(model: Any) -> bool:
    return type(model).__name__ == "Booster" and type(model).__module__.partition(".")[0] in ("xgboost", "lightgbm")


def _booster_scores(model: Any, X: Any) -> np.ndarray[Any, Any]:
    if type(model).__module__.startswith("xgboost"):
        import xgboost

        data = X if isinstance(X, xgboost.DMatrix) else xgboost.DMatrix(X, feature_names=model.feature_names)
        limit = getattr(model, "best_iteration", None) if _stopped_early(model) else None
        return np.asarray(model.predict(data, iteration_range=(0, limit + 1) if limit is not None else (0, 0)))
    if type(X).__module__.startswith("polars"):
        X = X.to_numpy()
    return np.asarray(model.predict(X))


def _stopped_early(model: Any) -> bool:
    try:
        return model.attr("best_iteration") is not None
    except Exception:
        return False


def _method(model: Any, name: str) -> Any:
    """`hasattr` that survives `available_if` and properties that raise (an SVC without probability)."""
    try:
        return getattr(model, name, None)
    except Exception:
        return None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Feature-name warnings are not the reader's business; stdout is left alone: a user's cell may print beside us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
