"""One way to ask any model: labels of shape (n,), probabilities of shape (n, k), or a clear refusal."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import ModelInfo, attribute, describe
from mlready_nb.adapters.families import Face, family_of
from mlready_nb.subjects import Cancelled, Task, Unusable

#: Rows handed to a model at once, and cells of a dense table.
BATCH, CELLS = 100_000, 20_000_000
#: What float32 may add to a probability.
ROUNDING = 1e-5


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """A model with its task and classes; every answer is checked before it is believed."""

    model: Any
    info: ModelInfo
    task: Task
    #: labels in the order of `predict_proba`'s columns; `None` for regression
    class_names: tuple[Any, ...] | None

    @property
    def raw(self) -> Any:
        """The user's own object, without the face that some families need."""
        return self.model.inner if isinstance(self.model, Face) else self.model

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        """Labels (n,), or indicators (n, k) for multi-label; raises `Unusable`."""
        if _is_booster(self.model):
            said = self._from_scores(self._ask(self._booster_scores, X))
        else:
            said = self._labels(self._ask(lambda m, x: frames.labels(m.predict(x)), X))
        self._believe(said, X, "predict", dimensions=2 if self.task is Task.MULTILABEL else 1)
        return said

    def predict_proba(self, X: Any) -> np.ndarray[Any, Any] | None:
        """(n, k) probabilities in the order of `class_names`, or `None` when the model gives none."""
        if not self.task.classifies:
            return None
        method, proba = "predict_proba", None
        known = len(self.class_names or ())
        frames.afford(
            16.0 * known * frames.n_rows(X), f"probabilities of {known:,} classes for {frames.n_rows(X):,} rows"
        )
        if _is_booster(self.model):
            if _gives_probabilities(self.info):
                method, proba = "predict", self._ask(self._booster_scores, X)
        elif isinstance(self.model, Face) and self.model.proba is not None:
            proba = self._ask(lambda m, x: m.proba(x), X)
        elif callable(attribute(self.model, "predict_proba")):
            proba = self._ask(lambda m, x: _probabilities(m, m.predict_proba(x)), X)
        elif self.info.classes is None and not _has_classes(self.model):
            method, proba = "predict", self._soft(self._ask(lambda m, x: frames.labels(m.predict(x)), X))
        if proba is None:
            return None
        known = len(self.class_names or ()) or 2
        if self.task is Task.BINARY and known == 2 and (proba.ndim == 1 or (proba.ndim == 2 and proba.shape[1] == 1)):
            proba = np.column_stack([1 - proba.ravel(), proba.ravel()])
        self._believe(proba, X, method, dimensions=2)
        self._believe_proba(proba, method)
        return self._in_order(proba)

    def score_vector(self, X: Any) -> np.ndarray[Any, Any] | None:
        """(n,) something that ranks the positive class (probability, else decision function), or `None`."""
        if self.task is not Task.BINARY:
            return None
        proba = self.predict_proba(X)
        if proba is not None:
            return proba[:, 1] if proba.shape[1] == 2 else None
        if callable(attribute(self.model, "decision_function")):
            scores = self._ask(lambda m, x: np.asarray(m.decision_function(x), dtype=float).ravel(), X)
            self._believe(scores, X, "decision_function", dimensions=1)
            return np.asarray(scores)
        return None

    def answer(self, X: Any) -> np.ndarray[Any, Any]:
        """What the model itself says to X, unchecked: probabilities where it gives them, else what `predict` gives.

        Whatever it raises goes through: for trying inputs that a sound model refuses.
        """
        X = frames.copied(X)
        with _quiet():
            if _is_booster(self.model):
                return self._booster_scores(self.model, X)
            if isinstance(self.model, Face) and self.model.proba is not None and self.task.classifies:
                return np.asarray(self.model.proba(X))
            proba = self.task.classifies and callable(attribute(self.model, "predict_proba"))
            said = self.model.predict_proba(X) if proba else self.model.predict(X)
        try:
            return _probabilities(self.model, said) if proba else np.asarray(frames.labels(said))
        except (TypeError, ValueError, IndexError) as error:
            msg = f"{self.info.kind} answered with {type(said).__name__}, which is no table of answers: {error}"
            raise Unusable(msg) from error

    # -- asking --------------------------------------------------------------
    def _ask(self, how: Callable[[Any, Any], Any], X: Any) -> Any:
        """Ask in batches, on copies that a careless model may write into; whatever it raises becomes advice."""
        if self.info.fitted is False:
            msg = f"{self.info.kind} is not fitted: run .fit(X_train, y_train) first, or choose another: %mlready use model=<variable>"
            raise Unusable(msg)
        self._check_width(X)
        try:
            rows, step = frames.n_rows(X), _batch(X)
            with _quiet():
                if rows <= step:
                    return how(self.model, frames.copied(X))
                parts = [
                    how(self.model, frames.copied(frames.take(X, np.arange(i, min(i + step, rows)))))
                    for i in range(0, rows, step)
                ]
                return np.concatenate(parts)
        except (Cancelled, frames.TooLarge):
            raise
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
            msg += ". Hint: %mlready use X_test=<the data the model was scored on>"
            raise Unusable(msg)

    # -- believing -----------------------------------------------------------
    def _believe(self, said: np.ndarray[Any, Any], X: Any, method: str, *, dimensions: int) -> None:
        rows = frames.n_rows(X)
        if said.ndim == 0 or len(said) != rows:
            msg = f"{self.info.kind}.{method} gave {said.size if said.ndim == 0 else len(said):,} answers for {rows:,} rows"
            raise Unusable(msg)
        if said.ndim > dimensions:
            msg = f"{self.info.kind}.{method} gave answers of shape {said.shape}: more than one value for a row of a {self.task} task"
            raise Unusable(msg)
        wrong = frames.missing_mask(said if said.dtype.kind != "f" else np.where(np.isfinite(said), said, np.nan))
        gaps = int(wrong.sum())
        if gaps:
            msg = f"{self.info.kind}.{method} gave NaN or infinity for {gaps:,} of {rows:,} rows; a metric cannot be taken over them"
            raise Unusable(msg)

    def _believe_proba(self, proba: np.ndarray[Any, Any], method: str) -> None:
        names = self.class_names
        if proba.ndim != 2 or (self.task is not Task.MULTILABEL and names is not None and proba.shape[1] != len(names)):
            msg = f"{self.info.kind}.{method} gave probabilities of shape {proba.shape} for the classes {names}"
            raise Unusable(msg)
        if proba.size and (proba.min() < -ROUNDING or proba.max() > 1 + ROUNDING):
            msg = f"{self.info.kind}.{method} gave {proba.min():g} to {proba.max():g}: not probabilities"
            raise Unusable(msg)

    def _in_order(self, proba: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        theirs, ours = self.info.classes, self.class_names
        if theirs is None or ours is None or theirs == ours or set(theirs) != set(ours):
            return proba
        return np.asarray(proba[:, [theirs.index(c) for c in ours]])

    def _labels(self, said: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """What `predict` gave, as labels: read from one-hot rows and from probabilities where it gave those."""
        if self.task is Task.REGRESSION:
            try:
                return np.asarray(said, dtype=float)
            except (TypeError, ValueError) as error:
                msg = f"{self.info.kind}.predict gave {said.dtype} for a regression: {error}"
                raise Unusable(msg) from error
        soft = self._soft(said)
        if soft is None:
            return frames.labels(said, one_hot=self.task is not Task.MULTILABEL, class_names=self.class_names)
        if self.task is Task.MULTILABEL:
            return np.asarray(soft >= 0.5).astype(int)
        picked = (soft[:, 1] >= 0.5).astype(int) if self.task is Task.BINARY else np.argmax(soft, axis=1)
        return np.asarray(np.asarray(self.class_names)[picked])

    def _soft(self, said: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
        """(n, k) probabilities where a bare object's `predict` gives those (Keras-like), else `None`."""
        names = self.class_names
        if self.info.classes is not None or _has_classes(self.model) or said.dtype.kind != "f" or not said.size:
            return None
        if not (said.min() >= 0 and said.max() <= 1):
            return None
        if self.task is Task.MULTILABEL:
            return None if np.isin(said, (0, 1)).all() else said
        if said.ndim == 2:
            soft = names is not None and said.shape[1] == len(names) and not frames.is_indicator(said)
            return said if soft else None
        if self.task is not Task.BINARY or names is None or _all_among(said, names):
            return None
        return np.column_stack([1 - said, said])

    def _booster_scores(self, model: Any, X: Any) -> np.ndarray[Any, Any]:
        return _booster_scores(model, X, str(self.info.params.get("objective", "")))

    def _from_scores(self, scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        names, shape = self.class_names, scores.shape
        if self.task is Task.REGRESSION:
            return np.asarray(scores, dtype=float)
        if scores.ndim > 1:
            fits = names is None or shape[1] == len(names)
        else:
            fits = self.task is Task.BINARY and (
                self.info.task is not None or bool(((scores >= 0) & (scores <= 1)).all())
            )
        if not fits:
            msg = (
                f"the scores of {self.info.kind} (shape {shape}, objective {self.info.params.get('objective')!r}) do not tell "
                f"the classes {names}; wrap it in an object whose predict gives labels: %mlready use model=<variable>"
            )
            raise Unusable(msg)
        picked = np.argmax(scores, axis=1) if scores.ndim > 1 else (scores > 0.5).astype(int)
        return np.asarray(names)[picked] if names is not None else picked


def as_predictor(model: Any, *, task: Task, class_names: tuple[Any, ...] | None = None) -> Predictor:
    """Wrap any model; its own classes win over the names given."""
    info = describe(model)
    foreign = family_of(model)
    if foreign is not None:
        model = foreign.face(model, task, class_names)
    names = info.classes if info.classes and not _is_booster(model) else class_names
    if names is None and task is Task.BINARY:
        names = (0, 1)
    return Predictor(model=model, info=info, task=task, class_names=names if task.classifies else None)


def _batch(X: Any) -> int:
    """Rows of X to hand over at once: a wide table in smaller pieces."""
    if frames.is_sparse(X) or not (frames.is_frame(X) or hasattr(X, "shape")):
        return BATCH
    return max(1, min(BATCH, CELLS // max(1, frames.n_columns(X))))


def _is_booster(model: Any) -> bool:
    return type(model).__name__ == "Booster" and type(model).__module__.partition(".")[0] in ("xgboost", "lightgbm")


def _booster_scores(model: Any, X: Any, objective: str) -> np.ndarray[Any, Any]:
    """Probabilities, whether the booster's objective gives those, bare margins or class numbers."""
    if type(model).__module__.startswith("lightgbm"):
        return np.asarray(model.predict(X.to_numpy() if type(X).__module__.startswith("polars") else X))
    import xgboost
    from scipy.special import expit, softmax

    limit = model.best_iteration + 1 if _stopped_early(model) else 0
    margin = objective in ("multi:softmax", "binary:logitraw")
    data = (
        xgboost.DMatrix(_in_columns(model, X), feature_names=_array_names(model, X))
        if not isinstance(X, xgboost.DMatrix)
        else X
    )
    scores = np.asarray(model.predict(data, output_margin=margin, iteration_range=(0, limit)), dtype=float)
    if not margin:
        return scores
    return np.asarray(softmax(scores, axis=1) if scores.ndim > 1 else expit(scores))


def _in_columns(model: Any, X: Any) -> Any:
    """A frame's columns in the booster's order, where it has them all."""
    import narwhals as nw

    names = model.feature_names
    if names and frames.is_frame(X) and set(names) <= set(frames.column_names(X)):
        return nw.from_native(X, eager_only=True).select(names).to_native()
    return X


def _array_names(model: Any, X: Any) -> Any:
    """An array takes the booster's names; a frame keeps its own, so that XGBoost can object to them."""
    return None if frames.is_frame(X) else model.feature_names


def _stopped_early(model: Any) -> bool:
    try:
        return model.attr("best_iteration") is not None
    except Exception:
        return False


def _has_classes(model: Any) -> bool:
    return attribute(model, "classes_") is not None


def _all_among(said: np.ndarray[Any, Any], names: tuple[Any, ...]) -> bool:
    return set(np.unique(said).tolist()) <= set(names)


def _gives_probabilities(info: ModelInfo) -> bool:
    objective = str(info.params.get("objective", ""))
    if objective == "binary:hinge":
        return False
    return objective == "reg:logistic" or (info.task is not None and info.task.classifies)


def _probabilities(model: Any, raw: Any) -> np.ndarray[Any, Any]:
    """What `predict_proba` gave, as an array; of a list with one (n, 2) array a label, the columns of the positives."""
    if not (isinstance(raw, list) and raw and all(np.ndim(part) == 2 for part in raw)):
        return np.asarray(raw, dtype=float)
    classes, columns = attribute(model, "classes_"), []
    for i, part in enumerate(map(np.asarray, raw)):
        alone = part.shape[1] == 1 and classes is not None  # a label of which training saw one value only
        columns.append(np.full(len(part), float(bool(classes[i][0]))) if alone else part[:, -1])
    return np.column_stack(columns)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Feature-name warnings are not the reader's business; stdout is left alone: a user's cell may print beside us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
