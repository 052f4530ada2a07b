"""The label of one row as a feature of another: lags across a shuffled split, and windows that look ahead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Estimate, Strength
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows.groups import Entity
from mlready_nb.leakage.rows.moments import Moment
from mlready_nb.leakage.rows.sides import Sides
from mlready_nb.metrics import intervals

Array = np.ndarray[Any, Any]

#: Share of the test labels that must stand in a column of the training rows, beyond chance.
STANDS = 0.3
#: Longest window and furthest step ahead that are tried; share of the rows in which it must hold.
WINDOW, AHEAD, HOLDS = 31, 7, 0.97
WIDTH = 60


def shuffled_lags(sides: Sides) -> tuple[Evidence, ...]:
    """Test labels that stand among the features of training rows: a lag, in a split that is shuffled in time."""
    y, z = _labels(sides)
    if y is None or z is None:
        return ()
    best: tuple[float, float, str] | None = None
    columns = list(_numbers(sides))
    for name, a, b in columns:
        sides.budget.check()
        if np.mean(a == y) > 0.5:
            continue  # the label itself: a proxy
        share, chance = _stands(z, y, a)
        if share < 0.8 * STANDS:
            continue
        if chance > 0.2:  # few values: ask for two columns at once, the lag and the lag before it
            pairs = [_stands_twice(z, b, a, other, y) for other_name, other, _ in columns if other_name != name]
            share, chance = max(pairs, default=(0.0, 1.0), key=_beyond)
        sure = share - chance > 5 * np.sqrt(chance * (1 - chance) / len(z))
        if (
            sure
            and _beyond((share, chance)) >= STANDS
            and (best is None or _beyond((share, chance)) > _beyond(best[:2]))
        ):
            best = share, chance, name
    return (_lag_evidence(sides, *best, len(z)),) if best else ()


def _labels(sides: Sides) -> tuple[Array | None, Array | None]:
    y, z = sides.y_train, sides.y_test
    if y is None or z is None or y.dtype.kind not in "fiu" or z.dtype.kind not in "fiu" or sides.wide:
        return None, None
    if len(np.unique(y)) < 20 or len(y) < 60 or len(z) < 20:
        return None, None
    return y.astype(float), z.astype(float)


def _numbers(sides: Sides) -> Iterator[tuple[str, Array, Array]]:
    for taken, (name, a, b) in enumerate((n, a, b) for n, a, b in sides.columns() if a.dtype.kind in "fiu"):
        if taken >= WIDTH:
            return
        if b.dtype.kind in "fiu" and len(np.unique(a[:2000])) >= 10:
            yield name, a.astype(float), b.astype(float)


def _beyond(pair: tuple[float, float]) -> float:
    """Share beyond chance, of what chance leaves."""
    share, chance = pair
    return (share - chance) / (1 - chance) if chance < 1 else 0.0


def _grain(y: Array) -> float:
    """The smallest step between two labels."""
    steps = np.diff(np.unique(y))
    return float(steps.min()) if len(steps) else 1.0


def _stands(z: Array, y: Array, a: Array) -> tuple[float, float]:
    """(share of the test labels among the column's training values, the same by chance: of labels moved a little)."""
    held, grain = np.unique(a[np.isfinite(a)]), _grain(y)
    share = float(np.isin(z, held).mean())
    return share, max(float(np.isin(z + k * grain, held).mean()) for k in (-2, -1, 1, 2))


def _stands_twice(z: Array, b: Array, a: Array, before: Array, y: Array) -> tuple[float, float]:
    """The label and its own lag together, among (lag, lag before it) of the training rows; by chance: both moved a little."""
    held, grain = _paired(a, before), _grain(y)
    moves = ((1, 1), (-1, -1), (1, -1), (-1, 1), (1, 0), (0, 1), (-1, 0), (0, -1))
    by_chance = max(float(np.isin(_paired(z + i * grain, b + j * grain), held).mean()) for i, j in moves)
    return float(np.isin(_paired(z, b), held).mean()), by_chance


def _paired(one: Array, two: Array) -> Array:
    return frames.mixed([frames.value_hashes(one), frames.value_hashes(two)])


def ahead(sides: Sides, found: list[Moment], known: list[Entity]) -> tuple[Evidence, ...]:
    """Features that hold the label of a later row, or a window's mean with the row's own label in it."""
    y, z = _labels(sides)
    order = next(((m.train, m.test) for m in found if m.series), None) or _places(sides)
    if y is None or z is None or order is None:
        return ()
    inner = next((np.concatenate([e.train, e.test]) for e in known), np.zeros(len(y) + len(z), dtype=int))
    for within in (np.zeros_like(inner), inner) if known else (inner,):
        rows = np.lexsort((np.concatenate(order), within))[:20_000]
        label, entity = np.concatenate([y, z])[rows], within[rows]
        made = list(_windows(label, entity))
        for name, a, b in _numbers(sides):
            sides.budget.check()
            values = np.concatenate([a, b])[rows]
            for text, series, ok in made:
                there = ok & np.isfinite(values)
                if there.sum() < 30 or np.std(values[there]) == 0:
                    continue
                slack = 1e-6 * np.std(label) + 1e-9 * np.abs(series[there])
                if (
                    np.abs(values[there][:40] - series[there][:40]).max() > 1e3 * slack.max()
                    and np.mean(np.abs(values[there][:40] - series[there][:40]) <= slack[:40]) < 0.5
                ):
                    continue
                if np.mean(np.abs(values[there] - series[there]) <= slack) >= HOLDS:
                    return (_ahead_evidence(sides, name, text, int(there.sum())),)
    return ()


def _places(sides: Sides) -> tuple[Array, Array] | None:
    both = sides.places.both
    return (both[0][0].rows, both[0][1].rows) if both else None


def _windows(y: Array, entity: Array) -> Iterator[tuple[str, Array, Array]]:
    """(what it is, its values, where it is defined): later labels, means of windows that hold the row's own or later ones."""
    n = len(y)
    for k in range(1, AHEAD + 1):
        if k < n:
            ok = np.zeros(n, dtype=bool)
            ok[:-k] = entity[:-k] == entity[k:]
            yield f"the label {k} row{'s' * (k > 1)} later", np.append(y[k:], np.full(k, np.nan)), ok
    total = np.concatenate([[0.0], np.cumsum(y)])
    for w in range(2, WINDOW):
        if w >= n:
            return
        means = (total[w:] - total[:-w]) / w  # of rows i .. i + w - 1
        same = entity[: n - w + 1] == entity[w - 1 :]
        for text, shift in (("ends with", w - 1), ("is centred on", w // 2), ("starts with", 0)):
            values, ok = np.full(n, np.nan), np.zeros(n, dtype=bool)
            values[shift : shift + len(means)] = means
            ok[shift : shift + len(means)] = same
            yield f"the mean label of a window of {w} rows that {text} the row itself", values, ok
            yield f"the sum of the labels of a window of {w} rows that {text} the row itself", w * values, ok


def _lag_evidence(sides: Sides, share: float, chance: float, name: str, n: int) -> Evidence:
    low, high = intervals.wilson(round(share * n), n)
    return Evidence(
        kind=Kind.TEMPORAL,
        witness=Witness.ROWS,
        message=f"{share:.0%} of the {n:,} test labels stand in the column {name} of training rows (by chance {chance:.0%}): "
        f"{name} is an earlier label, and the split is shuffled in time, so training rows are later than test rows",
        strength=Strength.MEASURED,
        variables=sides.variables,
        columns=(name,),
        measured={
            "labels_among_features": Estimate(value=share, low=low, high=high, n=n, method="wilson"),
            "chance_share": chance,
        },
        remedy="split by time before anything else: cut = int(len(df) * 0.8); train, test = df.iloc[:cut], df.iloc[cut:]\n"
        f"{sides.train_name}, {sides.test_name} = train[features], test[features]",
        by_chance=None,
    )


def _ahead_evidence(sides: Sides, name: str, text: str, n: int) -> Evidence:
    return Evidence(
        kind=Kind.TEMPORAL,
        witness=Witness.ROWS,
        message=f"{name} is {text}, in at least {HOLDS:.0%} of {n:,} rows: it looks ahead of what is known when a prediction is made",
        strength=Strength.PROVEN,
        variables=sides.variables,
        columns=(name,),
        measured={"rows": n},
        remedy=f"shift before the window: df[{name!r}] = df[target].shift(1).rolling(w).mean()",
    )
