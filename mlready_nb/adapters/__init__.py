"""Models of every family behind one face; no library is imported that the kernel has not imported itself."""

from mlready_nb.adapters.describe import ModelInfo, askable, describe, is_model
from mlready_nb.adapters.effects import Effects, effects
from mlready_nb.adapters.predict import Predictor, as_predictor

__all__ = ["Effects", "ModelInfo", "Predictor", "as_predictor", "askable", "describe", "effects", "is_model"]
