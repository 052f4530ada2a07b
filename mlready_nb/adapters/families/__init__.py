"""Models that do not speak scikit-learn: each family is one small file; none imports its library before an object of it is there."""

from __future__ import annotations

from typing import Any, Protocol

from mlready_nb.adapters.families import callables, keras, onnx, pyfunc, statsmodels, torch
from mlready_nb.adapters.families.face import Face
from mlready_nb.subjects import Task

__all__ = ["Face", "Family", "family_of"]


class Family(Protocol):
    """What a file of this package offers."""

    #: found by itself in a notebook; else only when it is named: `%mlready use model=score`
    FOUND: bool

    def fits(self, model: Any) -> bool:
        """True for a model of this family; looks at where its class comes from."""
        ...

    def face(self, model: Any, task: Task | None = None, class_names: tuple[Any, ...] | None = None) -> Face:
        """The model with `predict`, `predict_proba` and what it tells of itself."""
        ...


#: in the order in which they are asked
FAMILIES: tuple[Any, ...] = (statsmodels, torch, keras, onnx, pyfunc, callables)


def family_of(model: Any) -> Any:
    """The family that a model belongs to; `None` for those that speak scikit-learn, boosters and others with `predict`."""
    return next((family for family in FAMILIES if family.fits(model)), None)
