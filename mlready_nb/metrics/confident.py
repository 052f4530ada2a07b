"""Confident learning: labels that out-of-sample probabilities contradict (Northcutt, Jiang & Chuang 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def candidates(proba: Array, labels: Array) -> Array:
    """(n,) True where another class reaches its own threshold and is the likeliest of those that do.

    The threshold of a class is its mean self-confidence: the mean probability of it over the rows labelled so.
    """
    k = proba.shape[1]
    limits = np.array([proba[labels == j, j].mean() if (labels == j).any() else np.inf for j in range(k)])
    reached = np.where(proba >= limits, proba, -1.0)
    likeliest = np.argmax(reached, axis=1)
    return np.asarray((reached.max(axis=1) >= 0) & (likeliest != labels))


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Errors among the rows of which the probabilities are surest."""

    n: int
    wrong: int
    #: share of errors among all rows
    everywhere: float

    @property
    def share(self) -> float:
        """Share of errors among the sure rows."""
        return self.wrong / max(self.n, 1)


def floor(proba: Array, labels: Array, share: float) -> Floor:
    """Hard rows grow rare where probabilities are sure; wrong labels do not.

    Rows are ranked within the class that they are predicted as, so that a common and easy class does not fill the top.
    """
    said = np.argmax(proba, axis=1)
    sure = proba[np.arange(len(said)), said]
    rank = np.zeros(len(said))
    for j in np.unique(said):
        mine = np.flatnonzero(said == j)
        rank[mine[np.argsort(-sure[mine], kind="stable")]] = (np.arange(len(mine)) + 0.5) / len(mine)
    wrong, top = said != labels, rank < share
    return Floor(n=int(top.sum()), wrong=int(wrong[top].sum()), everywhere=float(wrong.mean()))


def stratified(codes: Array, size: int, seed: int) -> Array:
    """Positions of a sample that keeps the classes' shares, at least 5 rows of each; in their order."""
    rng = np.random.default_rng(seed)
    parts = []
    for j in np.unique(codes):
        mine = np.flatnonzero(codes == j)
        parts.append(rng.choice(mine, min(len(mine), max(5, round(size * len(mine) / len(codes)))), replace=False))
    return np.sort(np.concatenate(parts))
