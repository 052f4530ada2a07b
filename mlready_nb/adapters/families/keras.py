"""Keras models (keras, tf.keras, tf_keras): asked without a progress bar."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.adapters.families.face import Face, numbers
from mlready_nb.subjects import Task

FOUND = True


def fits(model: Any) -> bool:
    """An object whose class descends from Keras's Model."""
    if isinstance(model, type):
        return False
    homes = [(c.__module__.split("."), c.__name__) for c in type(model).__mro__]
    return any(name == "Model" and home[0] in ("keras", "tf_keras", "tensorflow") for home, name in homes)


def face(model: Any, task: Task | None = None, class_names: tuple[Any, ...] | None = None) -> Face:
    """What the last layer gives, (n, 1) as (n,)."""
    del task, class_names

    def ask(X: Any) -> Any:
        said = np.asarray(model.predict(numbers(X), verbose=0))
        return said[:, 0] if said.ndim == 2 and said.shape[1] == 1 else said

    shape = getattr(model, "input_shape", None)
    width = shape[-1] if isinstance(shape, tuple) and len(shape) == 2 and isinstance(shape[-1], int) else None
    return Face(
        inner=model,
        ask=ask,
        kind=f"keras {type(model).__name__}",
        library=type(model).__module__.partition(".")[0],
        n_features=width,
    )
