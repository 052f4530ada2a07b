"""A test set drawn from another distribution: class shares changed, ranges cut off, hard cases dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Estimate, Measure, Strength, Table
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows import words
from mlready_nb.leakage.rows.classes import (
    MOVED,
    as_before,
    class_names,
    distinct_counts,
    levelled,
    more_level,
    moved_by,
    raw_counts,
    same_values,
)
from mlready_nb.leakage.rows.groups import Entity
from mlready_nb.leakage.rows.scale import other_scale
from mlready_nb.leakage.rows.sides import SEED, Sides
from mlready_nb.leakage.rows.single import joint_codes
from mlready_nb.metrics import intervals

Array = np.ndarray[Any, Any]

#: Share of either side that may hold the value at which a sorted table was cut.
TIED = 0.05
#: Chance, after correction over all columns, below which a difference counts at all.
CERTAIN = 1e-6
#: Share of the training rows that must be without counterpart in the test set; total variation of the classes.
ABSENT = 0.05
SLIGHT = 0.05  # of the test values' range: no farther beyond it is noise
#: Kolmogorov-Smirnov distance of a whole column.
DISTANCE = 0.25


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One way in which the test set differs."""

    column: str
    text: str
    p_value: float
    #: share of rows it concerns
    size: float
    table: Table | None = None


def sampling(sides: Sides, known: Sequence[Entity], *, by_time: bool) -> tuple[Evidence, ...]:
    """One evidence for the classes, one for the features; nothing where the split follows time or whole groups.

    Parameters
    ----------
    by_time
        The split follows time: another distribution is to be expected, and honest.
    """
    if sides.n_test < 20 or sides.n_train < 40:
        return ()
    weight = _weight(sides, known)
    found = []
    labels = None if by_time else _classes(sides, weight)
    if labels is not None:
        found.append(_evidence(sides, [labels], Strength.MEASURED))
    if by_time:
        return tuple(found)
    shifts = list(_sorted_by(sides)) if _in_order(sides) else list(_features(sides, weight))
    if shifts:
        adjusted = intervals.benjamini_hochberg(
            [s.p_value for s in shifts] + [1.0] * max(0, 2 * len(sides.names) - len(shifts))
        )
        certain = [replace(s, p_value=float(p)) for s, p in zip(shifts, adjusted, strict=False) if p < CERTAIN]
        if certain and not other_scale(sides, lambda a, b: any(s.p_value < CERTAIN for s in _shifts("", a, b, 1.0))):
            found.append(_evidence(sides, sorted(certain, key=lambda s: s.p_value)[:5], Strength.MEASURED))
    return tuple(found)


def _weight(sides: Sides, known: Sequence[Entity]) -> float:
    """Independent draws per row: 1, or entities per row where whole entities were drawn."""
    for entity in known:
        if entity.shared.mean() < 0.02:
            return min(1.0, entity.size / (sides.n_train + sides.n_test))
    return 1.0


def _in_order(sides: Sides) -> bool:
    """The test rows are the first or last of the raw table: drift along an unknown order may be honest."""
    pairs = [(t.rows, u.rows) for t, u in sides.places.both[:1]]
    for a, b in pairs:
        if a.max() < b.min() or b.max() < a.min():
            return True
    index = [getattr(X, "index", None) for X in (sides.X_train, sides.X_test)]
    if all(hasattr(i, "get_indexer") for i in index) and all(np.asarray(i).dtype.kind in "iuM" for i in index):
        a, b = (np.asarray(i) for i in index)
        return bool(len(a) and len(b) and (a.max() < b.min() or b.max() < a.min()))
    return False


def _classes(sides: Sides, weight: float) -> Shift | None:
    """The share of the classes in the test set against that of the training set, and of the raw table where known."""
    if not sides.classifies or sides.y_train is None or sides.y_test is None:
        return None
    y, z, classes = joint_codes(sides.y_train, sides.y_test)
    if classes < 2 or classes > 30 or (y < 0).any() or (z < 0).any():
        return None
    a, b = np.bincount(y, minlength=classes), np.bincount(z, minlength=classes)
    if levelled(a, b):
        return None  # the training set was balanced, as it may be
    raw = raw_counts(sides)
    population = raw if raw is not None else a
    # the raw table alone may have been cleaned since, the training set alone may have been resampled
    sides_of_it = (population, a, distinct_counts(sides, y, classes))
    tried = [(moved_by(side, b), _chi2(np.vstack([side, b]) * weight)) for side in sides_of_it]
    moved, p_value = min(t[0] for t in tried), max(t[1] for t in tried)
    if moved < MOVED or p_value > CERTAIN or (raw is None and (as_before(sides, b) or more_level(a, b))):
        return None
    names = class_names(sides, classes)
    shares = population / population.sum(), b / b.sum()
    most = int(np.abs(shares[0] - shares[1]).argmax())
    where = "the whole table" if raw is not None else "the training set"
    return Shift(
        column="the label",
        text=f"class {names[most]} makes {shares[1][most]:.0%} of the {b.sum():,} test rows but {shares[0][most]:.0%} of {where}",
        p_value=p_value,
        size=moved,
        table=Table(
            title="Share of the classes",
            columns=("class", where, "test set"),
            rows=tuple((names[i], float(shares[0][i]), float(shares[1][i])) for i in range(classes)),
        ),
    )


def _chi2(table: Array) -> float:
    from scipy.stats import chi2_contingency

    table = table[:, table.sum(axis=0) > 0]
    return float(chi2_contingency(table, correction=False)[1]) if table.shape[1] > 1 and table.sum() > 0 else 1.0


def _sorted_by(sides: Sides) -> Iterator[Shift]:
    """A quantity by which the table was sorted before it was cut; one that only grows along a log is let be."""
    columns = [(n, a, b) for n, a, b in sides.columns() if a.dtype.kind in "fiu" and b.dtype.kind in "fiu"]
    if not sides.classifies and sides.y_train is not None and sides.y_test is not None:
        columns.append(("the label", sides.y_train, sides.y_test))
    for name, a, b in columns:
        if words.moment(name) or not (np.isfinite(a).all() and np.isfinite(b).all()):
            continue
        low, high = (a, b) if a.max() <= b.min() else (b, a)
        border = low.max()
        if border > high.min() or (border == high.min() and max((a == border).mean(), (b == border).mean()) > TIED):
            continue
        steps = np.diff(np.sort(np.concatenate([a, b]).astype(float)))
        tail, n = max(5, len(steps) // 20), len(steps)
        inner = steps[n // 4 : 3 * n // 4].mean()
        if max(steps[:tail].mean(), steps[-tail:].mean()) > 4 * max(inner, 1e-300):
            side = "above" if high is b else "below"
            tied = "at most a tie has" if border == high.min() else "no training row has"
            text = f"all test rows have {name} {side} {a.max() if high is b else a.min():.4g}, {tied}: the table was sorted by it before it was cut"
            yield Shift(column=name, text=text, p_value=0.0, size=1.0)


def _features(sides: Sides, weight: float) -> Iterator[Shift]:
    """Shifts against the training rows that hold against the rest of the raw table too, where that is known.

    The training rows may honestly have been filtered, resampled or augmented; the test rows should be as the table is.
    """
    rows = _alike_in_class(sides)
    columns = list(sides.columns(most=200))
    if not sides.classifies and sides.y_train is not None and sides.y_test is not None:
        columns.append(("the label", sides.y_train, sides.y_test))
    for name, a, b in columns:
        if a.ndim != 1 or (words.moment(name) and a.dtype.kind in "Mfiu"):
            continue
        found = list(_shifts(name, a[rows], b, weight))
        if found:
            rest = _rest(sides, name, b)
            if rest is None or any(s.p_value < CERTAIN for s in _shifts(name, rest, b, weight)):
                yield from found


def _shifts(name: str, a: Array, b: Array, weight: float) -> Iterator[Shift]:
    gone, lost = frames.missing_mask(a), frames.missing_mask(b)
    yield from _gaps(name, gone, lost, weight)
    if a.dtype.kind in "fiu" and b.dtype.kind in "fiu":
        yield from _range(name, a[~gone].astype(float), b[~lost].astype(float), weight)
    elif a.dtype.kind in "OUb":
        yield from _levels(name, a[~gone], b[~lost], weight)


def _alike_in_class(sides: Sides) -> Array:
    """Training rows whose classes have the shares that they have in the test set: other shares are said by themselves."""
    every = np.arange(sides.n_train)
    if not sides.classifies or sides.y_train is None or sides.y_test is None:
        return every
    y, z, classes = joint_codes(sides.y_train, sides.y_test)
    if classes > 30 or (y < 0).any() or (z < 0).any():
        return every
    a, b = np.bincount(y, minlength=classes), np.bincount(z, minlength=classes)
    if moved_by(a, b) < 0.05:
        return every
    there = b > 0
    scale = (a[there] / b[there]).min()
    if scale * b.sum() < 40:
        return every
    rng = np.random.default_rng(SEED)
    kept = [rng.choice(np.flatnonzero(y == c), int(scale * b[c]), replace=False) for c in np.flatnonzero(there)]
    return np.sort(np.concatenate(kept))


def _rest(sides: Sides, name: str, b: Array) -> Array | None:
    """The column over the rows of the raw table that are not in the test set; `None` where no table holds it."""
    for place in sides.places.test:
        table = place.table
        if frames.n_rows(table) < 1.3 * sides.n_test:
            continue
        columns = frames.column_names(table)
        if frames.is_frame(table):
            column = name if name != "the label" else getattr(sides.subjects.y_test, "name", None)
        else:
            column = (
                columns[sides.names.index(name)] if len(columns) == len(sides.names) and name in sides.names else None
            )
        if column not in columns:
            continue
        values = frames.column(table, column)
        if not same_values(values[place.rows], b):
            continue
        left = np.ones(len(values), dtype=bool)
        left[place.rows] = False
        return values[left]
    return None


def _gaps(name: str, gone: Array, lost: Array, weight: float) -> Iterator[Shift]:
    """Rows with gaps in training, none in the test set: the hard cases were dropped there."""
    from scipy.stats import hypergeom

    k, m, n = int(gone.sum()), len(gone), len(lost)
    if lost.any() or k < ABSENT * m:
        return
    size, drawn, bad = (max(1, round(v * weight)) for v in (m + n, n, k))
    yield Shift(
        column=name,
        text=f"{name} is missing in {k / m:.0%} of the training rows and in none of the {n:,} test rows",
        p_value=float(hypergeom.cdf(0, size, bad, drawn)),
        size=k / m,
    )


def _range(name: str, a: Array, b: Array, weight: float) -> Iterator[Shift]:
    """A range that the test set never enters, though many training rows lie in it; else another spread of all rows."""
    from scipy.stats import hypergeom

    if len(a) < 40 or len(b) < 20 or len(np.unique(b)) < 2:
        return
    if _counter(a, b) or (_streaky(a) and _streaky(b)) or _other_unit(a, b):
        return
    levels = np.unique(b)
    if len(levels) < 0.2 * len(b) and np.isin(levels, a).mean() < 0.05:
        return  # codes that were worked out for each side by itself, such as cross-fitted encodings
    beyond = [(int((a > b.max()).sum()), f"above {b.max():.4g}"), (int((a < b.min()).sum()), f"below {b.min():.4g}")]
    k, where = max(beyond)
    over = np.concatenate([a[a > b.max()] - b.max(), b.min() - a[a < b.min()]])
    # no more than noise beside the range: training rows that were jittered
    slight = len(over) > 0 and np.median(over) < SLIGHT * (b.max() - b.min())
    size, drawn, bad = (max(1, round(v * weight)) for v in (len(a) + len(b), len(b), k))
    p_value = float(hypergeom.cdf(0, size, bad, drawn))
    if k >= ABSENT * len(a) and p_value < CERTAIN and not slight:
        yield Shift(
            column=name, text=f"no test row has {name} {where}, {k / len(a):.0%} of the training rows have",
            p_value=p_value, size=k / len(a),
        )  # fmt: skip
        return
    if a.min() > b.max() or b.min() > a.max():
        return
    from scipy.stats import kstwobign

    a, b = a[:: max(1, len(a) // 20_000)], b[:: max(1, len(b) // 20_000)]
    both = np.sort(np.concatenate([a, b]))
    gap = np.searchsorted(np.sort(a), both, "right") / len(a) - np.searchsorted(np.sort(b), both, "right") / len(b)
    distance = float(np.abs(gap).max())
    if distance >= DISTANCE:
        rows = weight * len(a) * len(b) / (len(a) + len(b))
        yield Shift(
            column=name,
            text=f"{name} is spread differently (largest gap of the shares {distance:.2f})",
            p_value=float(kstwobign.sf(distance * np.sqrt(rows))),
            size=distance,
        )


def _other_unit(a: Array, b: Array) -> bool:
    """Ranges that do not touch and spreads of another size: one side was scaled, the other was not."""
    apart = a.min() > b.max() or b.min() > a.max()
    return bool(apart and not 0.1 < (a.std() + 1e-300) / (b.std() + 1e-300) < 10)


def _streaky(values: Array) -> bool:
    """Neighbouring rows are alike: rows in an order that means something, never shuffled, such as a series."""
    one, two = values[:-1], values[1:]
    spread = values.std()
    return bool(spread > 0 and np.mean((one - values.mean()) * (two - values.mean())) / spread**2 > 0.3)


def _counter(a: Array, b: Array) -> bool:
    """A number that grows row by row: an identifier or a time, cut where the split cut the table."""
    both = np.concatenate([a, b])
    dense = np.ptp(both) <= 5 * len(both)
    return bool(dense and (both == np.floor(both)).all() and len(np.unique(both)) > 0.98 * len(both))


def _levels(name: str, a: Array, b: Array, weight: float) -> Iterator[Shift]:
    """Levels that are common in training and absent from the test set, or other shares altogether."""
    one, two, size = joint_codes(a, b)
    if not 2 <= size <= 50:
        return
    x, y = np.bincount(one, minlength=size), np.bincount(two, minlength=size)
    if not ((x > 0) & (y > 0)).any():
        return  # a split by this column: another site, another year
    moved = moved_by(x, y)
    absent = (y == 0) & (x >= ABSENT * x.sum())
    if moved < MOVED and not absent.any():
        return
    if moved < DISTANCE and not absent.any():
        return
    p_value = _chi2(np.vstack([x, y]) * weight)
    text = (
        f"{name} has a level in {x[absent].sum() / x.sum():.0%} of the training rows that no test row has"
        if absent.any()
        else f"the shares of {name} differ by {moved:.0%} of the rows"
    )
    yield Shift(column=name, text=text, p_value=p_value, size=moved)


def _evidence(sides: Sides, shifts: list[Shift], strength: Strength) -> Evidence:
    first = shifts[0]
    columns = tuple(s.column for s in shifts if s.column != "the label")
    more = f" (and {len(shifts) - 1} more columns)" if len(shifts) > 1 else ""
    measured: dict[str, Measure] = {
        "train_rows": sides.n_train,
        "test_rows": sides.n_test,
        "p_value": first.p_value,
        "size": Estimate(value=first.size, n=sides.n_test),
    }
    tables = tuple(s.table for s in shifts if s.table is not None) or (
        Table(title="Where the test set differs", columns=("column", "share of rows", "p"),
              rows=tuple((s.column, s.size, s.p_value) for s in shifts)),
    )  # fmt: skip
    return Evidence(
        kind=Kind.SAMPLING_BIAS,
        witness=Witness.ROWS,
        message=f"the test set is drawn from another distribution: {first.text}{more}; chance in a fair split below 1e-6",
        strength=strength,
        variables=sides.variables,
        columns=columns,
        measured=measured,
        tables=tables,
        remedy=f"{sides.train_name}, {sides.test_name}, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)\n"
        "# filter, balance and drop rows before the split, or on the training rows alone",
        by_chance=first.p_value,
    )
