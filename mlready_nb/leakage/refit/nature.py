"""What a transformer does, told by what it learnt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlready_nb.adapters.describe import attribute
from mlready_nb.leakage.evidence import Kind
from mlready_nb.leakage.refit.found import leaves
from mlready_nb.leakage.refit.learnt import compare, learnt


def kind_of(leaf: Any) -> Kind:
    """The kind of leak that fitting it on test rows is."""
    if attribute(leaf, "get_support") is not None:
        return Kind.FEATURE_SELECTION
    if any(hasattr(leaf, n) for n in ("statistics_", "initial_imputer_", "_mask_fit_X")):
        return Kind.IMPUTATION
    if hasattr(leaf, "target_mean_") or (hasattr(leaf, "encodings_") and hasattr(leaf, "target_type_")):
        return Kind.TARGET_ENCODING
    try:
        supervised = bool(leaf.__sklearn_tags__().target_tags.required)
    except Exception:
        supervised = False
    if supervised and (hasattr(leaf, "mapping") or hasattr(leaf, "ordinal_encoder")):
        return Kind.TARGET_ENCODING
    return Kind.PREPROCESSING


def telling(fitted: Any, other: Any) -> list[Any]:
    """The parts of a fitted transformer that learn other things from other rows."""
    return [a for a, b in zip(leaves(fitted), leaves(other), strict=False) if compare(learnt(a), learnt(b)).different]


def kinds(parts: Sequence[Any]) -> list[Kind]:
    """One kind a statement, most telling first: filling gaps on the way to scaling is part of the scaling."""
    found = list(dict.fromkeys(kind_of(p) for p in parts))
    if Kind.PREPROCESSING in found and Kind.IMPUTATION in found:
        found.remove(Kind.IMPUTATION)
    return found


def names_only(parts: Sequence[Any], other: Sequence[Any]) -> bool:
    """They differ in which categories or words they know, and in no number: that hardly moves a score."""
    for one, two in zip(parts, other, strict=False):
        mine = learnt(one)
        if any(not isinstance(mine[n], tuple) for n in compare(mine, learnt(two)).different if n in mine):
            return False
    return True
