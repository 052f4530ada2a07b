"""Sessions of ONNX Runtime: one matrix, or one input a column; labels and probabilities as skl2onnx writes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.families.face import Face, numbers
from mlready_nb.subjects import Task

FOUND = True

_KINDS = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(bool)": "bool",
    "tensor(string)": "object",
}


def fits(model: Any) -> bool:
    """An InferenceSession."""
    return type(model).__module__.startswith("onnxruntime") and hasattr(model, "get_inputs") and hasattr(model, "run")


def face(model: Any, task: Task | None = None, class_names: tuple[Any, ...] | None = None) -> Face:
    """The label output, and the probabilities where there are such."""
    inputs, outputs = model.get_inputs(), model.get_outputs()
    several = len(inputs) > 1
    names = tuple(i.name for i in inputs) if several else None
    width = len(inputs) if several else next((d for d in (inputs[0].shape or [])[1:2] if isinstance(d, int)), None)
    labelled = len(outputs) > 1 and (outputs[0].type.startswith(("tensor(int", "tensor(string")))

    def feed(X: Any) -> dict[str, Any]:
        if not several:
            return {inputs[0].name: numbers(X, _KINDS.get(inputs[0].type, "float32"))}
        ours = frames.column_names(X)
        by_name = all(i.name in ours for i in inputs)
        return {
            i.name: np.asarray(frames.column(X, i.name if by_name else ours[at]))
            .astype(_KINDS.get(i.type, "float32"))
            .reshape(-1, 1)
            for at, i in enumerate(inputs)
        }

    def ask(X: Any) -> Any:
        return np.asarray(model.run([outputs[0].name], feed(X))[0])

    def proba(X: Any) -> Any:
        said = model.run([outputs[1].name], feed(X))[0]
        if isinstance(said, list):  # zipmap: one dict a row
            keys = list(said[0]) if said else []
            keys = list(class_names) if class_names is not None and set(class_names) == set(keys) else keys
            return np.array([[row[k] for k in keys] for row in said], dtype=float)
        return np.asarray(said, dtype=float)

    return Face(
        inner=model,
        ask=ask,
        proba=proba if labelled else None,
        kind="ONNX session",
        library="onnxruntime",
        n_features=width,
        feature_names=names,
        task=task if labelled else None,
    )
