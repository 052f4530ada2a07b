"""What a fitted object learnt, as arrays that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

#: Learnt from the shape of the data or the clock, not from the rows.
SHAPE = {
    "n_features_in_", "feature_names_in_", "n_iter_", "n_outputs_", "random_state_", "output_indices_", "refit_time_",
    "sparse_output_", "n_components_", "dtype_", "best_index_", "cv_results_", "n_splits_",
}  # fmt: skip
#: Directions whose sign means nothing.
SIGNLESS = ("components", "scalings", "rotations", "eigenvectors")
#: Relative differences that count as equal and as different; between them nothing is said.
SAME, DIFFERENT = 1e-7, 1e-5
#: Objects inside objects that are looked into.
DEPTH = 5


def learnt(fitted: Any, prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Path of a learnt attribute -> a float array, or a tuple of what is no number."""
    found: dict[str, Any] = {}
    for name, part in _inside(fitted):
        if depth < DEPTH:
            found |= learnt(part, f"{prefix}{name}.", depth + 1)
    if found and not prefix and hasattr(fitted, "steps"):
        return found
    try:
        own = vars(fitted)
    except TypeError:
        return found
    for name in _names(fitted, own):
        try:
            value = own[name] if name in own else getattr(fitted, name)
        except Exception:  # noqa: S112  (a property that is not ready)
            continue
        if depth < DEPTH and hasattr(value, "get_params") and not isinstance(value, type):
            found |= learnt(value, f"{prefix}{name}.", depth + 1)
            continue
        plain = _plain(value)
        if plain is not None:
            found[prefix + name] = plain
    return found


def _inside(owner: Any) -> Iterator[tuple[str, Any]]:
    """Fitted parts of pipelines, column transformers and unions."""
    steps = getattr(owner, "steps", None)
    if isinstance(steps, list):
        yield from ((str(n), s) for n, s in steps if s is not None and not isinstance(s, str))
    columns = getattr(owner, "transformers_", None)
    if isinstance(columns, list):
        yield from ((str(t[0]), t[1]) for t in columns if not isinstance(t[1], str))
    union = getattr(owner, "transformer_list", None)
    if isinstance(union, list):
        yield from ((str(n), s) for n, s in union if not isinstance(s, str))


def _names(fitted: Any, own: Mapping[str, Any]) -> list[str]:
    if type(fitted).__module__ == "__main__":  # their own classes keep to no convention
        params = set(fitted.get_params()) if hasattr(fitted, "get_params") else set()
        return [n for n in own if n not in params and n not in SHAPE and not n.startswith("__")]
    names = [n for n in own if n.endswith("_") and not n.startswith("_") and n not in SHAPE]
    names = [n for n in names if n not in ("transformers_", "named_transformers_")]
    extra = [n for n in ("idf_", "_fit_X", "feature_importances_", "mapping") if n not in names]
    return names + [n for n in extra if n in own or (n == "idf_" and hasattr(type(fitted), n))]


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, int, float, np.number)):
        return np.array([float(value)])
    if isinstance(value, str) or value is None:
        return None
    if isinstance(value, Mapping):
        try:
            keys = sorted(value, key=str)
        except TypeError:
            return None
        parts = [_plain(value[k]) for k in keys]
        if parts and all(isinstance(p, np.ndarray) for p in parts):
            return np.concatenate([np.ravel(p) for p in parts]) if len(parts) < 200 else tuple(map(str, keys))
        return tuple(map(str, keys))
    if isinstance(value, (list, tuple)):
        parts = [_plain(v) for v in value]
        if parts and all(isinstance(p, np.ndarray) for p in parts):
            return np.concatenate([np.ravel(p) for p in parts])
        flat = [p if isinstance(p, tuple) else () if p is None else tuple(map(str, np.ravel(p))) for p in parts]
        return tuple(x for p in flat for x in p) or None
    if type(value).__module__.startswith("scipy.sparse"):
        return np.asarray(value.sum(axis=0), dtype=float).ravel()
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "fiub":
            return value.astype(float)
        if value.dtype.kind == "O" and value.ndim == 1 and all(isinstance(v, np.ndarray) for v in value):
            return _plain(list(value))
        return tuple(map(str, value.ravel()))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How far two fitted objects learnt the same."""

    same: tuple[str, ...]
    different: tuple[str, ...]
    #: the largest relative difference
    apart: float

    @property
    def alike(self) -> bool:
        """Everything that can be compared is equal."""
        return bool(self.same) and not self.different


def compare(one: Mapping[str, Any], two: Mapping[str, Any], without: frozenset[str] = frozenset()) -> Likeness:
    """The attributes of both, one by one; those that neither agree nor differ clearly are left out."""
    same, different, largest = [], [], 0.0
    for name in one:
        if name not in two or name in without:
            continue
        apart = distance(one[name], two[name], signless=any(s in name for s in SIGNLESS))
        if apart <= SAME:
            same.append(name)
        elif apart >= DIFFERENT:
            different.append(name)
            largest = max(largest, min(apart, 1e6))
    return Likeness(same=tuple(same), different=tuple(different), apart=largest)


def distance(one: Any, two: Any, *, signless: bool = False) -> float:
    """Largest difference relative to the larger size; infinite for another shape or another text."""
    if isinstance(one, tuple) or isinstance(two, tuple):
        return 0.0 if isinstance(one, tuple) and isinstance(two, tuple) and one == two else np.inf
    if one.shape != two.shape:
        return np.inf
    if one.size == 0:
        return 0.0
    if signless:
        one, two = np.abs(one), np.abs(two)
    gaps = ~np.isfinite(one)
    if (gaps != ~np.isfinite(two)).any():
        return np.inf
    if gaps.all():
        return 0.0
    one, two = one[~gaps], two[~gaps]
    scale = np.maximum(np.abs(one), np.abs(two))
    size = max(float(scale.max()), 1e-300)
    # each entry by its own size, so that one large column does not hide the others; near 0 by the whole's
    return float((np.abs(one - two) / np.maximum(scale, 1e-9 * size)).max())
