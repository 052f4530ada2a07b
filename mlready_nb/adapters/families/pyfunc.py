"""MLflow's pyfunc models: `predict` on a frame, column names from the signature."""

from __future__ import annotations

from typing import Any

from mlready_nb.adapters.families.face import Face
from mlready_nb.subjects import Task

FOUND = True


def fits(model: Any) -> bool:
    """What mlflow.pyfunc.load_model gives."""
    return type(model).__module__.startswith("mlflow.pyfunc") and callable(getattr(model, "predict", None))


def face(model: Any, task: Task | None = None, class_names: tuple[Any, ...] | None = None) -> Face:
    """What its predict says; names and width from its signature, where it has one."""
    del task, class_names
    names: tuple[str, ...] | None
    try:
        names = tuple(map(str, model.metadata.get_input_schema().input_names())) or None
    except Exception:  # no signature, or one of a single tensor
        names = None
    return Face(
        inner=model,
        ask=model.predict,
        kind="MLflow pyfunc",
        library="mlflow",
        n_features=len(names) if names else None,
        feature_names=names,
    )
