"""PyTorch modules: asked in evaluation mode, without gradients, and left in the mode they were in."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.adapters.families.face import Face, ancestry, numbers, probabilities
from mlready_nb.subjects import Task

FOUND = True

#: Modules that are parts, never the model of a notebook.
_PARTS = (
    "torch.nn.modules.loss",
    "torch.nn.modules.activation",
    "torch.nn.modules.dropout",
    "torch.nn.modules.batchnorm",
    "torch.nn.modules.pooling",
)


def fits(model: Any) -> bool:
    """A module with parameters that is no loss and no single layer without any."""
    if isinstance(model, type) or "torch.nn.modules.module.Module" not in ancestry(model):
        return False
    if callable(getattr(model, "predict", None)) or type(model).__module__ in _PARTS:
        return False
    return next(iter(model.parameters()), None) is not None


def face(model: Any, task: Task | None = None, class_names: tuple[Any, ...] | None = None) -> Face:
    """Numbers for a regression, probabilities else: logits go through the sigmoid or the softmax."""
    del class_names
    first = next(iter(model.parameters()))
    final = _last(model)

    def ask(X: Any) -> Any:
        import torch

        rows = torch.as_tensor(numbers(X)).to(device=first.device, dtype=first.dtype)
        modes = [(m, m.training) for m in model.modules()]
        model.eval()
        try:
            with torch.no_grad():
                said = model(rows)
        finally:
            for module, training in modes:
                module.training = training
        said = said[0] if isinstance(said, tuple) else said
        values = np.asarray(said.detach().cpu().double().numpy())
        if task is Task.REGRESSION or task is None:
            return values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
        if task is Task.MULTILABEL and final != "Sigmoid":
            return 1 / (1 + np.exp(-values))
        return probabilities(values, final)

    return Face(
        inner=model, ask=ask, kind=f"torch {type(model).__name__}", library="torch", n_features=_width(model), task=None
    )


def _last(model: Any) -> str | None:
    layers = [m for m in model.modules() if not list(m.children())]
    return type(layers[-1]).__name__ if layers else None


def _width(model: Any) -> int | None:
    for module in model.modules():
        width = getattr(module, "in_features", None)
        if isinstance(width, int):
            return width
    return None
