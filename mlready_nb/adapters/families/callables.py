"""A plain function from rows to answers; only where it is named: a notebook is full of functions."""

from __future__ import annotations

import inspect
from typing import Any

from mlready_nb.adapters.families.face import Face
from mlready_nb.subjects import Task

FOUND = False


def fits(model: Any) -> bool:
    """Something to call that has no `predict` and is no class."""
    return (
        callable(model)
        and not isinstance(model, type)
        and not inspect.ismodule(model)
        and not hasattr(type(model), "predict")
        and not hasattr(model, "predict")
    )


def face(model: Any, task: Task | None = None, class_names: tuple[Any, ...] | None = None) -> Face:
    """Labels, numbers, or probabilities, as it gives them."""
    del task, class_names
    name = getattr(model, "__qualname__", type(model).__qualname__)
    return Face(
        inner=model, ask=model, kind=f"function {name}", library=str(getattr(model, "__module__", "")).partition(".")[0]
    )
