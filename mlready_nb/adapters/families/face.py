"""One face for models of other families: what `Predictor` and `describe` ask of scikit-learn's."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.subjects import Task

Array = np.ndarray[Any, Any]


@dataclass(kw_only=True)
class Face:
    """A model behind `predict`: raw answers, as the family gives them, and what is known of the model."""

    inner: Any
    #: rows -> scores, probabilities, labels or numbers
    ask: Callable[[Any], Any]
    kind: str
    library: str
    n_features: int | None = None
    feature_names: tuple[str, ...] | None = None
    task: Task | None = None
    #: labels in the order of the columns of probabilities, where the model knows them
    classes: tuple[Any, ...] | None = None
    #: rows -> (n, k) probabilities, where the family has a way of its own
    proba: Callable[[Any], Any] | None = None

    def predict(self, X: Any) -> Any:
        """What the model says to these rows."""
        return self.ask(X)


def numbers(X: Any, kind: str = "float32") -> Array:
    """The rows as one array of numbers, which networks take."""
    if frames.is_sparse(X):
        X = X.toarray()
    values = frames.table(X).to_numpy() if frames.is_frame(X) else np.asarray(X)
    return np.ascontiguousarray(values, dtype=kind)


def version(library: str) -> str | None:
    """The version of a library that the kernel has loaded."""
    found = getattr(sys.modules.get(library), "__version__", None)
    return str(found) if found is not None else None


def ancestry(model: Any) -> set[str]:
    """`module.Class` of the model's class and all classes above it."""
    return {f"{c.__module__}.{c.__qualname__}" for c in type(model).__mro__}


def probabilities(scores: Array, final: str | None) -> Array:
    """Scores of a network's last layer as probabilities.

    Parameters
    ----------
    scores
        (n,), (n, 1) or (n, k).
    final
        Name of the last layer's class, where it is known: "Sigmoid" and "Softmax" give probabilities already.
    """
    scores = np.asarray(scores, dtype=float)
    if scores.ndim == 2 and scores.shape[1] == 1:
        scores = scores[:, 0]
    if final in ("Sigmoid", "Softmax", "Softmax2d"):
        return scores
    if final == "LogSoftmax":
        return np.asarray(np.exp(scores))
    if scores.ndim == 1:
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -500, 500))))
    if final is None and (scores >= 0).all() and np.allclose(scores.sum(axis=1), 1, atol=1e-4):
        return scores
    moved = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(moved / moved.sum(axis=1, keepdims=True))
