"""Training histories: what a model, a History object, a dict, a list or a table in the notebook kept of its training."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.adapters.describe import attribute, final_estimator

Array = np.ndarray[Any, Any]

#: Steps below which a curve shows nothing, and entries of the namespace's containers that are looked at.
FEW, ENTRIES = 4, 100

#: The source of a curve that nobody kept.
REPLAYED = "the model, member by member"

_LOWER = (
    "loss",
    "error",
    "err",
    "rmse",
    "mae",
    "mse",
    "rmsle",
    "mape",
    "deviance",
    "nll",
    "perplexity",
    "logloss",
    "entropy",
    "l1",
    "l2",
    "brier",
)
_HIGHER = ("acc", "accuracy", "auc", "aucpr", "f1", "r2", "precision", "recall", "map", "ndcg", "score", "iou", "dice", "kappa", "average_precision")  # fmt: skip
_TRAIN = ("train", "training", "tr", "learn", "fit")
_VALID = ("val", "valid", "validation", "eval", "evaluation", "dev", "test", "holdout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One metric over the steps of a training."""

    #: where it was found: "clf.loss_curve_", "history", "the model, step by step"
    source: str
    metric: str
    #: (steps,) as losses: less is better; `None` where that side was not kept
    train: Array | None = None
    valid: Array | None = None
    #: what the second side is: "validation" or "test"
    side: str = "validation"
    #: the step whose model is used, where early stopping chose one
    used: int | None = None
    #: of a member or a variable that may not be the model's own
    sure: bool = True
    #: steps are epochs of gradient descent, not members of an ensemble
    epochs: bool = True

    @property
    def steps(self) -> int:
        """How many steps were kept."""
        return max(len(side) for side in (self.train, self.valid) if side is not None)


def lower_is_better(metric: str) -> bool | None:
    """True for losses, False for scores, `None` for what cannot be told."""
    words = [w for w in re.split(r"[^a-z0-9]+", metric.lower()) if w]
    if any(w.endswith(_LOWER) or w in _LOWER for w in words) or any(
        w.endswith(("loss", "losses", "errors")) for w in words
    ):
        return True
    if any(w in _HIGHER or w.endswith(("accuracy", "auc")) for w in words) or any(w.startswith("acc") for w in words):
        return False
    return None


def kept(model: Any, namespace: Mapping[str, Any] | None) -> list[Curve]:
    """Curves that the model itself kept, else those that lie in the namespace."""
    found = list(_of_model(final_estimator(model)))
    if not found:
        found = list(_of_model(model))
    if not found and _from_a_library(model):
        return []
    return found or list(_of_namespace(namespace or {}))


def _from_a_library(model: Any) -> bool:
    """True for estimators of scikit-learn: a loss list beside them belongs to another model."""
    return type(final_estimator(model)).__module__.startswith("sklearn.")


def _of_model(model: Any) -> Iterator[Curve]:
    name = type(model).__name__
    loss = _numbers(attribute(model, "loss_curve_"))
    scores = _numbers(attribute(model, "validation_scores_"))
    if loss is not None:
        best = int(np.argmax(scores)) if scores is not None else None
        yield Curve(source=f"{name}.loss_curve_", metric="loss", train=loss, used=best)
        if scores is not None:
            yield Curve(source=f"{name}.validation_scores_", metric="validation score", valid=-scores, used=best)
    train, valid = (_numbers(attribute(model, n)) for n in ("train_score_", "validation_score_"))
    if train is not None:  # histogram boosting keeps scores, gradient boosting losses
        sign = 1.0 if name.startswith("GradientBoosting") else -1.0
        yield Curve(
            source=f"{name}.train_score_",
            metric="loss",
            train=sign * train,
            valid=None if valid is None else sign * valid,
            epochs=False,
        )
    for how in ("evals_result_", "evals_result", "get_evals_result"):
        raw = attribute(model, how)
        try:
            raw = raw() if callable(raw) else raw
        except Exception:  # noqa: S112  (XGBoost raises where nothing was kept)
            continue
        made = _nested(raw, f"{name}.{how.removeprefix('get_')}")
        if made:
            used = _best(model)
            yield from (_with(c, used=used, epochs=False) for c in made)
            return
    history = attribute(attribute(model, "history"), "history")
    if isinstance(history, Mapping):
        yield from _flat(history, f"{name}.history")


def _best(model: Any) -> int | None:
    """The iteration that early stopping chose, from 0."""
    for name, first in (("best_iteration", 0), ("best_iteration_", 1)):
        value = attribute(model, name)
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and int(value) > 0:
            return int(value) - first
    return None


def _of_namespace(namespace: Mapping[str, Any]) -> Iterator[Curve]:
    restored = any(bool(attribute(v, "restore_best_weights")) for v in namespace.values())
    lists: dict[str, Any] = {}
    for name, value in list(namespace.items())[: 20 * ENTRIES]:
        if isinstance(attribute(value, "history"), Mapping) and not isinstance(value, Mapping):
            yield from _restored(_flat(attribute(value, "history"), name), restored)
        elif type(value) is dict and value and len(value) <= ENTRIES:
            yield from _restored(_nested(value, name) or _flat(value, name), restored)
        elif isinstance(value, (list, tuple, np.ndarray)):
            lists[name] = value
        elif (
            hasattr(value, "columns")
            and hasattr(value, "iloc")
            and any("loss" in str(c).lower() for c in value.columns)
        ):
            yield from _restored(_flat({str(c): value[c].dropna().to_numpy() for c in value.columns}, name), restored)
    named = {n: v for n, v in lists.items() if lower_is_better(n) is not None and _side(n)[0] is not None}
    yield from _flat(named, "")


def _restored(curves: Sequence[Curve], restored: bool) -> Iterator[Curve]:
    for curve in curves:
        valid = curve.valid
        yield _with(curve, used=int(np.argmin(valid))) if restored and valid is not None else curve


def _nested(raw: Any, source: str) -> list[Curve]:
    """{"validation_0": {"logloss": [...]}, ...}: of two nameless sets the one with the lower end is the training set."""
    if not isinstance(raw, Mapping) or not raw or not all(isinstance(v, Mapping) and v for v in raw.values()):
        return []
    metrics: dict[str, dict[str, Array]] = {}
    for side, values in raw.items():
        for metric, series in values.items():
            numbers, lower = _numbers(series), lower_is_better(str(metric))
            if numbers is not None and lower is not None:
                metrics.setdefault(str(metric), {})[str(side)] = numbers if lower else -numbers
    found = []
    for metric, sides in metrics.items():
        known = {_word_side(side): values for side, values in sides.items() if _word_side(side)}
        if "train" not in known and len(sides) == 2:
            one, two = sorted(sides.values(), key=lambda v: float(v[-1]))
            known = {"train": one, "valid": two}
        elif "valid" not in known and "train" not in known:
            known = {"valid": next(iter(sides.values()))}
        found.append(Curve(source=source, metric=metric, train=known.get("train"), valid=known.get("valid")))
    return found


def _word_side(name: str) -> str | None:
    words = re.split(r"[^a-z]+", name.lower())
    if any(w in _TRAIN for w in words):
        return "train"
    return "valid" if any(w in _VALID for w in words) and not re.fullmatch(r"validation_\d", name.lower()) else None


def _side(name: str) -> tuple[str | None, str]:
    """(side, metric): `val_loss` -> valid, loss; `loss` -> none, loss."""
    words = [w for w in re.split(r"[^a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()) if w]
    for side, known in (("train", _TRAIN), ("valid", _VALID)):
        if any(w in known for w in words):
            rest = [w for w in words if w not in (*known, "epoch", "history", "hist", "curve", "list", "per")]
            return side, "_".join(
                w.removesuffix("es") if w == "losses" else w.removesuffix("s") if w != "loss" else w for w in rest
            )
    return None, "_".join(words)


def _flat(raw: Mapping[Any, Any], source: str) -> list[Curve]:
    """{"loss": [...], "val_loss": [...]}."""
    pairs: dict[str, dict[str, Array]] = {}
    for name, series in raw.items():
        lower, numbers = lower_is_better(str(name)), None
        if isinstance(name, str) and lower is not None:
            numbers = _numbers(series)
        if numbers is None:
            continue
        side, metric = _side(str(name))
        pairs.setdefault(metric, {}).setdefault(side or "train", numbers if lower else -numbers)
    found = []
    for metric, sides in pairs.items():
        train, valid = sides.get("train"), sides.get("valid")
        if train is not None and valid is not None and len(train) != len(valid):
            train = None if len(valid) >= len(train) else train  # batches against epochs: their steps do not match
        found.append(
            Curve(source=source or f"the lists of {metric}", metric=metric, train=train, valid=valid, sure=bool(source))
        )
    return found


def _with(curve: Curve, **changed: Any) -> Curve:
    return Curve(**{**{name: getattr(curve, name) for name in curve.__slots__}, **changed})


def _numbers(series: Any) -> Array | None:
    """(steps,) floats of what is a plain sequence of numbers; `None` of anything else."""
    if (
        series is None
        or isinstance(series, (str, bytes, Mapping))
        or not hasattr(series, "__len__")
        or not FEW <= len(series) <= 1_000_000
    ):
        return None
    if not isinstance(series, np.ndarray):
        first = series[0] if isinstance(series, (list, tuple)) else None
        if hasattr(first, "item") and not isinstance(first, np.generic):  # tensors
            series = [float(v.item()) for v in series]
    try:
        numbers = np.asarray(series, dtype=float)
    except (TypeError, ValueError):
        return None
    return numbers if numbers.ndim == 1 else None


def is_finite(values: Array | None) -> bool:
    """True unless a side holds NaN or infinity."""
    return values is None or bool(np.isfinite(values).all())


def width_of(values: Array) -> int:
    """Steps that are taken together."""
    return max(1, len(values) // 10)


def smoothed(values: Array) -> Array:
    """Mean over a tenth of the steps, so that one noisy step is no turn."""
    width = width_of(values)
    if width == 1:
        return values
    padded = np.concatenate([np.repeat(values[0], width // 2), values, np.repeat(values[-1], width - 1 - width // 2)])
    return np.convolve(padded, np.full(width, 1 / width), mode="valid")


def noise(values: Array) -> float:
    """The usual jump from one step to the next, less the trend."""
    if len(values) < FEW:
        return math.inf
    jumps = np.diff(values, n=2)
    return float(np.median(np.abs(jumps))) / 1.65
