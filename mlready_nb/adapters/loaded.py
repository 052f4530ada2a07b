"""The child's side of a saved model: unpickle it, wrap it, answer."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

from mlready_nb.adapters.predict import as_predictor
from mlready_nb.subjects import Task


def answering(payload: bytes) -> Callable[[Any], Any]:
    """From a pickled {model: bytes, task, classes}: rows -> what the loaded model says."""
    asked = pickle.loads(payload)  # noqa: S301  (written by our own parent in this very run)
    model = pickle.loads(asked["model"])  # noqa: S301  (the user's own model, pickled in this very run)
    return as_predictor(model, task=Task(asked["task"]), class_names=asked["classes"]).answer
