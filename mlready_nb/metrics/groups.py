"""Metrics by group, from counts over (group, true, predicted); differences and ratios as fairlearn defines them.

Terms as in Bird et al. 2020 (fairlearn) and Hardt et al. 2016: `selection_rate` is the share predicted positive,
`true_positive_rate` and `false_positive_rate` condition on the true label.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

RATES = ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy")


def count(groups: Array, positive_true: Array, positive_pred: Array, k: int) -> Array:
    """(k, 2, 2) counts over group, true, predicted; groups of -1 are left out."""
    seen = groups >= 0
    cells = groups[seen] * 4 + positive_true[seen].astype(np.intp) * 2 + positive_pred[seen].astype(np.intp)
    return np.bincount(cells, minlength=4 * k).reshape(k, 2, 2)


def fractions(counts: Array) -> dict[str, tuple[Array, Array]]:
    """Rate -> (successes, trials), each (..., k), from (..., k, 2, 2) counts."""
    tn, fp = counts[..., 0, 0], counts[..., 0, 1]
    fn, tp = counts[..., 1, 0], counts[..., 1, 1]
    n = tn + fp + fn + tp
    return {
        "selection_rate": (tp + fp, n),
        "true_positive_rate": (tp, tp + fn),
        "false_positive_rate": (fp, fp + tn),
        "accuracy": (tp + tn, n),
    }


def precisions(counts: Array) -> tuple[Array, Array]:
    """(successes, trials) of precision, each (..., k): predictive parity compares them."""
    tp = counts[..., 1, 1]
    return tp, tp + counts[..., 0, 1]


def rates(counts: Array) -> dict[str, Array]:
    """Rate -> (..., k) values; NaN for a group without trials."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: np.asarray(hits / trials) for name, (hits, trials) in fractions(counts).items()}


def difference(values: Array) -> Array:
    """Largest minus smallest over the groups, the last axis."""
    return np.asarray(np.fmax.reduce(values, axis=-1) - np.fmin.reduce(values, axis=-1))


def ratio(values: Array) -> Array:
    """Smallest over largest; NaN when the largest is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.fmin.reduce(values, axis=-1) / np.fmax.reduce(values, axis=-1))


def crossed(a: Array, names_a: list[str], b: Array, names_b: list[str]) -> tuple[Array, list[str]]:
    """Codes and names of the crossing of two group columns; -1 where either is missing."""
    codes = np.where((a < 0) | (b < 0), -1, a * len(names_b) + b)
    return codes, [f"{x} × {y}" for x in names_a for y in names_b]
