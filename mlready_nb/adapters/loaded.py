"""A model for a child process: packed here, unpacked, wrapped and asked there."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

from mlready_nb.adapters.predict import Predictor, as_predictor
from mlready_nb.subjects import Task

#: Where the child finds its side.
ANSWERING = "mlready_nb.adapters.loaded:answering"


def payload_of(predictor: Predictor, artefact: bytes | None = None) -> bytes:
    """What the child needs: the saved model (pickled now, where it is not given), the task and the classes."""
    saved = pickle.dumps(predictor.raw, protocol=5) if artefact is None else artefact
    return pickle.dumps({"model": saved, "task": str(predictor.task), "classes": predictor.class_names}, protocol=5)


def answering(payload: bytes) -> Callable[[Any], Any]:
    """The child's side: rows -> what the loaded model says."""
    asked = pickle.loads(payload)  # noqa: S301  (written by our own parent in this very run)
    model = pickle.loads(asked["model"])  # noqa: S301  (the user's own model, pickled in this very run)
    return as_predictor(model, task=Task(asked["task"]), class_names=asked["classes"]).answer
