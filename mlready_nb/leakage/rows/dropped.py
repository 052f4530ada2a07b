"""Test rows that were dropped by the model's own answers: the borderline cases are gone."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Estimate, Strength
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows.origin import Located
from mlready_nb.leakage.rows.sides import SEED, Sides
from mlready_nb.metrics import intervals

Array = np.ndarray[Any, Any]

#: Fewest rows that are in neither side, as a number and as a share of the test set; share of them in the hole.
FEWEST, SHARE, INSIDE = 15, 0.1, 0.8
#: Rows of each kind that the model is asked about.
ASKED = 1_500


def dropped(sides: Sides) -> tuple[Evidence, ...]:
    """Rows of the raw table in neither side whose scores lie where not one test row's score lies."""
    model = sides.subjects.model
    if model is None or not sides.names or not frames.is_frame(sides.X_train):
        return ()
    for train, test in sides.places.both:
        left = _left_out(train, test)
        if len(left) < max(FEWEST, SHARE * sides.n_test) or not frames.is_frame(train.table):
            continue
        if not set(sides.names) <= set(frames.column_names(train.table)):
            continue
        rng = np.random.default_rng(SEED)
        some = rng.permutation(left)[:ASKED], rng.permutation(test.rows)[:ASKED]
        try:
            out, kept = (
                _scores(model, frames.table(frames.take(train.table, r)).select(sides.names).to_native()) for r in some
            )
        except Exception:  # noqa: S112  (the model was fitted on another form of these columns)
            continue
        hole = _hole(out, kept)
        if hole is None:
            continue
        low, high, inside = hole
        by_chance = (1 - inside / len(out)) ** len(kept)
        if inside >= INSIDE * len(out) and by_chance < 1e-6:
            return (_evidence(sides, len(left), inside, len(out), low, high, by_chance),)
    return ()


def _left_out(train: Located, test: Located) -> Array:
    """Rows of the table that stand on neither side; none where the sides overlap."""
    if np.intersect1d(train.rows, test.rows).size:
        return np.array([], dtype=np.intp)
    left = np.ones(frames.n_rows(train.table), dtype=bool)
    left[train.rows] = left[test.rows] = False
    return np.flatnonzero(left)


def _scores(model: Any, X: Any) -> Array:
    """(n,) probability of the second of two classes, of the likeliest of many, or the prediction of a quantity."""
    if hasattr(model, "predict_proba"):
        proba = np.asarray(model.predict_proba(X), dtype=float)
        return np.asarray(proba[:, 1] if proba.shape[1] == 2 else proba.max(axis=1))
    return np.asarray(model.predict(X), dtype=float).ravel()


def _hole(out: Array, kept: Array) -> tuple[float, float, int] | None:
    """(from, to, rows inside) of the interval between two neighbouring test scores that holds most dropped rows."""
    edges = np.unique(kept)
    if len(edges) < 5:
        return None
    strictly = ~np.isin(out, edges)
    at = np.searchsorted(edges, out[strictly])
    counts = np.bincount(at, minlength=len(edges) + 1)
    best = int(counts.argmax())
    low = edges[best - 1] if best > 0 else -np.inf
    high = edges[best] if best < len(edges) else np.inf
    return float(low), float(high), int(counts[best])


def _evidence(sides: Sides, left: int, inside: int, asked: int, low: float, high: float, by_chance: float) -> Evidence:
    a, b = intervals.wilson(inside, asked)
    return Evidence(
        kind=Kind.SAMPLING_BIAS,
        witness=Witness.ROWS,
        message=f"{left:,} rows of the table are in neither side, and {inside / asked:.0%} of them have a score between {low:.3g} "
        f"and {high:.3g}, where not one of the {sides.n_test:,} test rows has: the test set was filtered by the model's answers",
        strength=Strength.MEASURED,
        variables=sides.variables,
        measured={
            "left_out": left,
            "in_the_gap": Estimate(value=inside / asked, low=a, high=b, n=asked, method="wilson"),
        },
        remedy=f"score on every row that was put aside: leave out the filter on {sides.test_name}",
        by_chance=by_chance,
    )
