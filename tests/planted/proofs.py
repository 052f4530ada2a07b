"""What the proofs of the cases are written in: is the planted fault really in the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def shared(train: Any, test: Any) -> float:
    """The share of the test rows that stand in the training rows, value for value."""
    known = {row.tobytes() for row in np.ascontiguousarray(np.asarray(train, float))}
    rows = np.ascontiguousarray(np.asarray(test, float))
    return sum(row.tobytes() in known for row in rows) / len(rows)


def near(train: Any, test: Any, radius: float) -> float:
    """The share of the test rows that have a training row this close."""
    from sklearn.neighbors import NearestNeighbors

    distance, _ = NearestNeighbors(n_neighbors=1).fit(np.asarray(train)).kneighbors(np.asarray(test))
    return float((distance < radius).mean())


def holds(proof: str, namespace: Mapping[str, Any]) -> bool:
    """Whether the proof is true of these variables."""
    # one mapping: a generator inside the proof sees globals only
    return bool(eval(proof, {**namespace, "shared": shared, "near": near, "np": np}))
