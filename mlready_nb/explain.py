"""One prediction explained, for the person at the keyboard: nothing of it is kept or exported."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import as_predictor, describe
from mlready_nb.adapters.attribution import explainers
from mlready_nb.discovery.task import classes, task_of
from mlready_nb.subjects import Task, Unusable

if TYPE_CHECKING:
    import pandas as pd

#: Columns that are printed.
SHOWN = 15


@dataclass(frozen=True, kw_only=True)
class RowExplanation:
    """What each column added to one answer, the largest first."""

    #: position of the row
    row: int
    answer: Any
    #: probability of the answer, where the model gives one
    probability: float | None
    names: tuple[str, ...]
    values: tuple[Any, ...]
    #: signed SHAP values towards the answer (for a regression: of the number)
    contributions: tuple[float, ...]
    explainer: str

    def to_frame(self) -> pd.DataFrame:
        """One row a column: column, value, contribution."""
        import pandas as pd

        return pd.DataFrame({"column": self.names, "value": list(self.values), "contribution": self.contributions})

    def __str__(self) -> str:
        sure = "" if self.probability is None else f" (probability {self.probability:.3f})"
        lines = [f"row {self.row}: {self.answer}{sure}, explained by {self.explainer}"]
        width = max((len(n) for n in self.names[:SHOWN]), default=0)
        lines += [
            f"  {name:<{width}}  {contribution:+.4g}   = {value}"
            for name, value, contribution in zip(self.names[:SHOWN], self.values, self.contributions, strict=False)
        ]
        if len(self.names) > SHOWN:
            lines.append(f"  and {len(self.names) - SHOWN:,} columns more")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    __repr__ = __str__


def explain_row(model: Any, X: Any, row: int = 0, *, background: Any = None, y: Any = None) -> RowExplanation:
    """Explain one answer by SHAP, in terms of the columns of X.

    Parameters
    ----------
    model
        Anything fitted that has `predict`, a pipeline for one.
    X
        (n, k) table that holds the row.
    row
        Its position, from 0; negative ones count from the end.
    background
        (m, k) rows that stand for the usual case, such as X_train; X without it.
    y
        Labels, where the model does not tell its task and classes.

    Raises
    ------
    Unusable
        When no explainer fits the model, with the reason of each.
    IndexError
        When there is no such row.
    """
    n = frames.n_rows(X)
    if not -n <= row < n:
        msg = f"there is no row {row}: X has {n:,} rows, from 0 to {n - 1:,}"
        raise IndexError(msg)
    info, at = describe(model), row % n
    task = task_of(info, y)[0] or Task.REGRESSION
    predictor = as_predictor(model, task=task, class_names=classes(info, task, y))
    one = frames.take(X, np.array([at]))
    answer, proba = predictor.predict(one)[0], predictor.predict_proba(one)
    notes: list[str] = []
    for explain, names, name in explainers(predictor, one, X if background is None else background, notes):
        try:
            signed = explain(np.array([0]))[0]
        except Exception as error:  # shap raises whatever it meets; the next explainer may do
            notes.append(f"{name}: {type(error).__name__}: {error}")
            continue
        place = _place(predictor.class_names, answer)
        values = _towards(signed, place)
        order = np.argsort(-np.abs(values), kind="stable")
        known = frames.column_names(one)
        return RowExplanation(
            row=at,
            answer=answer.item() if hasattr(answer, "item") else answer,
            probability=None if proba is None or place is None else float(proba[0, place]),
            names=tuple(names[i] for i in order),
            values=tuple(frames.column(one, names[i])[0] if names[i] in known else None for i in order),
            contributions=tuple(float(values[i]) for i in order),
            explainer=name,
        )
    msg = "no explainer could be used: " + "; ".join(notes)
    raise Unusable(msg)


def _place(class_names: tuple[Any, ...] | None, answer: Any) -> int | None:
    if class_names is None:
        return None
    return next((i for i, name in enumerate(class_names) if name == answer), None)


def _towards(signed: Any, place: int | None) -> Any:
    """(columns,) of (columns, outputs): towards the answer; one output speaks for the second of two classes."""
    if signed.shape[1] == 1:
        return -signed[:, 0] if place == 0 else signed[:, 0]
    return signed[:, place if place is not None and place < signed.shape[1] else -1]
