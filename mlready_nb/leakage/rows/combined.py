"""Columns that give a quantity away together: their sum, difference, product or ratio is the label."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from mlready_nb.finding import Strength
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows.sides import Sides

Array = np.ndarray[Any, Any]

#: Columns that are combined, and rows that a combination is first tried on.
WIDTH, FEW = 40, 48
#: Share of the rows in which it must hold.
HOLDS = 0.99
_PAIRS: dict[str, Callable[[Array, Array], Array]] = {
    "{0} + {1}": lambda a, b: a + b,
    "{0} - {1}": lambda a, b: a - b,
    "{1} - {0}": lambda a, b: b - a,
    "{0} * {1}": lambda a, b: a * b,
    "{0} / {1}": lambda a, b: a / b,
    "{1} / {0}": lambda a, b: b / a,
}


def combined(sides: Sides, rows: tuple[Array, Array], *, used: Callable[[str], bool]) -> list[Evidence]:
    """At most one evidence: the simplest combination that equals the label."""
    assert sides.y_train is not None and sides.y_test is not None  # noqa: PT018
    y = np.concatenate([sides.y_train[rows[0]], sides.y_test[rows[1]]]).astype(float)
    grain = _grain(y)
    if len(np.unique(y)) < 30 or np.ptp(y) < 200 * grain:
        return []
    names, matrix = _numbers(sides, rows)
    if len(names) < 2:
        return []
    few = np.linspace(0, len(y) - 1, min(FEW, len(y))).astype(np.intp)
    for i, j in combinations(range(len(names)), 2):
        for form, make in _PAIRS.items():
            with np.errstate(all="ignore"):
                if not _equal(make(matrix[few, i], matrix[few, j]), y[few], grain).all():
                    continue
                if (
                    _equal(make(matrix[:, i], matrix[:, j]), y, grain).mean() >= HOLDS
                    and used(names[i])
                    and used(names[j])
                ):
                    return [_evidence(sides, form.format(names[i], names[j]), (names[i], names[j]), len(y))]
    added = _sum(matrix, y, grain)
    if added and all(used(names[i]) for i, _ in added):
        text = " ".join(f"{'+' if s > 0 else '-'} {names[i]}" for i, s in added).removeprefix("+ ")
        return [_evidence(sides, text, tuple(names[i] for i, _ in added), len(y))]
    return []


def _numbers(sides: Sides, rows: tuple[Array, Array]) -> tuple[list[str], Array]:
    names: list[str] = []
    columns: list[Array] = []
    for name, a, b in sides.columns():
        if len(names) >= WIDTH or a.dtype.kind not in "fiu" or b.dtype.kind not in "fiu":
            continue
        values = np.concatenate([a[rows[0]], b[rows[1]]]).astype(float)
        if np.isfinite(values).all() and len(np.unique(values)) > 2:
            names.append(name)
            columns.append(values)
    return names, np.column_stack(columns) if columns else np.zeros((len(rows[0]) + len(rows[1]), 0))


def _grain(y: Array) -> float:
    """The unit that the label was rounded to; next to nothing where it was not."""
    for digits in range(-6, 7):
        if np.allclose(y, np.round(y, digits), rtol=0, atol=1e-9 * max(1.0, float(np.abs(y).max()) * 1e-6)):
            return float(10.0**-digits)
    return 0.0


def _equal(made: Array, y: Array, grain: float) -> Array:
    """Equal but for the rounding of the label."""
    slack = 0.5001 * grain if grain < 1 else 0.0
    return np.asarray(np.abs(made - y) <= slack + 1e-9 * np.abs(y))


def _sum(matrix: Array, y: Array, grain: float) -> list[tuple[int, int]]:
    """[(column, +1 or -1)] of three or more columns whose signed sum is the label; empty where there is none."""
    if matrix.shape[1] < 3 or matrix.shape[1] * 3 > len(y):
        return []
    scale = np.abs(matrix).max(axis=0)
    solved = np.linalg.lstsq(np.column_stack([matrix / scale, np.ones(len(y))]), y, rcond=None)[0]
    slopes = solved[:-1] / scale
    chosen = [(i, int(np.sign(s))) for i, s in enumerate(slopes) if abs(abs(s) - 1) < 1e-3]
    if len(chosen) < 3:
        return []
    made = sum(s * matrix[:, i] for i, s in chosen)
    return chosen if _equal(np.asarray(made), y, max(grain, 1e-12)).mean() >= HOLDS else []


def _evidence(sides: Sides, text: str, names: tuple[str, ...], n: int) -> Evidence:
    return Evidence(
        kind=Kind.TARGET_PROXY,
        witness=Witness.ROWS,
        message=f"the label is {text}, in at least {HOLDS:.0%} of {n:,} rows of both sides: the features give it away together",
        strength=Strength.PROVEN,
        variables=sides.variables,
        columns=names,
        measured={"rows": n, "columns": len(names)},
        remedy=f"leave out what is known only with the label: {sides.train_name}.drop(columns={list(names)!r})",
    )
