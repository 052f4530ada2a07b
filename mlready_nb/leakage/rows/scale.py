"""One side scaled, the other as it came: a difference of units, not of the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.rows.content import same_order
from mlready_nb.leakage.rows.origin import tables
from mlready_nb.leakage.rows.sides import Sides

Array = np.ndarray[Any, Any]
#: Tables that are tried for each side.
TRIED = 3


def other_scale(sides: Sides, differs: Callable[[Array, Array], bool]) -> bool:
    """True when the sides do not differ in a scale that both have: raw against raw, or scaled against scaled."""
    for subject, X in (("X_test", sides.X_test), ("X_train", sides.X_train)):
        for twin in list(_twins(sides, X))[:TRIED]:
            other = replace(sides.subjects, **{subject: twin})
            both = replace(sides, subjects=other, _kept={})
            if both.names and not any(differs(a, b) for _, a, b in both.columns(most=200)):
                return True
    return False


def _twins(sides: Sides, X: Any) -> Iterator[Any]:
    """Tables of as many rows in the same order, with other values."""
    for _, table in tables(sides.subjects):
        if table is not X and frames.shape(table) == frames.shape(X) and same_order(table, X):
            yield table
