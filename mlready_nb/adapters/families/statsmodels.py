"""Results of statsmodels: OLS, GLM, Logit, MNLogit... `predict` gives means and probabilities, never labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.families.face import Face
from mlready_nb.subjects import Task

FOUND = True

#: Models whose `predict` gives the probability of 1, of each class, and numbers.
_BINARY, _SEVERAL = ("Logit", "Probit"), ("MNLogit",)


def fits(model: Any) -> bool:
    """Results and their wrappers: they hold `params`, and the model that was fitted."""
    home = type(model).__module__
    return home.startswith("statsmodels.") and hasattr(model, "params") and callable(getattr(model, "predict", None))


def face(model: Any, task: Task | None = None, class_names: tuple[Any, ...] | None = None) -> Face:
    """Means for numbers; probabilities of 1 or of each class."""
    del class_names
    fitted = getattr(model, "model", None)
    kind = type(fitted).__name__
    if kind in _SEVERAL:
        task = Task.MULTICLASS
    elif kind in _BINARY or type(getattr(fitted, "family", None)).__name__ == "Binomial":
        task = Task.BINARY
    elif kind != "OrderedModel":
        task = Task.REGRESSION
    formula = getattr(getattr(fitted, "data", None), "design_info", None) is not None or bool(
        getattr(fitted, "formula", None)
    )
    names = None if formula else tuple(map(str, getattr(fitted, "exog_names", None) or ())) or None

    def ask(X: Any) -> Any:
        rows = X if formula or not frames.is_frame(X) else _in_order(X, names)
        return np.asarray(model.predict(rows))

    width = None if formula else (len(names) if names else None)
    return Face(
        inner=model,
        ask=ask,
        kind=f"statsmodels {kind}",
        library="statsmodels",
        n_features=width,
        feature_names=names,
        task=task,
    )


def _in_order(X: Any, names: tuple[str, ...] | None) -> Any:
    """The columns by name: statsmodels takes them by position without a word."""
    ours = frames.column_names(X)
    if names is None or not set(names) <= set(ours):
        return X
    return frames.chosen(X, [ours.index(n) for n in names])
