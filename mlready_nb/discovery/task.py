"""What kind of question the model answers, and its classes in order."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import ModelInfo
from mlready_nb.subjects import Task

#: Whole numbers with at most this many distinct values are classes, unless nearly every row has its own.
CLASSES = 20


def task_of(info: ModelInfo | None, labels: Any) -> tuple[Task | None, str]:
    """(task, why): the model says it, else the labels do."""
    if info is not None and info.task is not None:
        task = info.task
        if task is Task.BINARY and info.classes is None and _several(labels):
            return Task.MULTICLASS, "the labels have more than two classes"
        if task in (Task.BINARY, Task.MULTICLASS) and _indicator_rows(labels) is False:
            return Task.MULTILABEL, "the labels are several indicators a row"
        return task, f"{info.kind} says so"
    if labels is None:
        return None, ""
    try:
        values = frames.labels(labels)
    except Exception:
        return None, ""
    if values.ndim == 2:
        if frames.is_indicator(values):
            return (Task.MULTICLASS if values.shape[1] > 2 else Task.BINARY), "the labels are one-hot"
        return (
            (Task.MULTILABEL, "the labels are several indicators a row")
            if np.isin(values, (0, 1)).all()
            else (None, "")
        )
    values = values[~frames.missing_mask(values)]
    if len(values) == 0:
        return None, ""
    distinct = len(np.unique(values)) if values.dtype.kind != "O" else len(set(map(str, values.tolist())))
    if values.dtype.kind in "OUSb" or (
        values.dtype.kind in "iuf"
        and (values == np.floor(values)).all()
        and distinct <= CLASSES
        and (distinct <= 2 or distinct < 0.05 * len(values))
    ):
        return (Task.BINARY if distinct <= 2 else Task.MULTICLASS), f"the labels have {distinct} distinct values"
    return Task.REGRESSION, f"the labels are numbers with {distinct:,} distinct values"


def classes(info: ModelInfo | None, task: Task | None, *labels: Any) -> tuple[Any, ...] | None:
    """The classes in the order of `predict_proba`, from the model or from the labels."""
    if task not in (Task.BINARY, Task.MULTICLASS):
        return None
    booster = info is not None and info.kind.endswith(".Booster")
    if info is not None and info.classes and not booster:
        return info.classes
    seen: set[Any] = set()
    for y in labels:
        if y is None:
            continue
        try:
            values = frames.labels(y, one_hot=True)
        except Exception:  # noqa: S112  (labels of no known form: the checks will say so)
            continue
        if values.ndim == 1:
            values = values[~frames.missing_mask(values)]
            seen |= {
                v.item() if hasattr(v, "item") else v
                for v in (np.unique(values) if values.dtype.kind != "O" else set(values.tolist()))
            }
    known = info.classes if booster and info is not None else None
    if known and not (seen and len(seen) == len(known)):
        return known
    try:
        return tuple(sorted(seen)) or None
    except TypeError:
        return tuple(sorted(seen, key=str)) or None


def _several(labels: Any) -> bool:
    try:
        values = frames.labels(labels, one_hot=True)
        return values.ndim == 1 and 2 < len(np.unique(values[~frames.missing_mask(values)].astype(str))) <= 200
    except Exception:
        return False


def _indicator_rows(labels: Any) -> bool | None:
    """True for one-hot labels, False for several indicators a row, `None` for plain labels."""
    try:
        values = frames.labels(labels)
    except Exception:
        return None
    return frames.is_indicator(values) if values.ndim == 2 else None
