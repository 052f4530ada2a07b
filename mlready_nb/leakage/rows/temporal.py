"""Training rows later than test rows, where time matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Estimate, Strength, Table
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows.effect import skill
from mlready_nb.leakage.rows.groups import Entity
from mlready_nb.leakage.rows.moments import Moment
from mlready_nb.leakage.rows.sides import SEED, Sides
from mlready_nb.metrics import intervals

Array = np.ndarray[Any, Any]

#: Chance that a training row is later than a test row at and below which the split follows time.
FOLLOWS = 0.05
#: Share of the test labels' variance that neighbours in time must tell: for a log or series, and for a mere date.
SERIES, DATE = 0.06, 0.15
#: Neighbours in time that are tried.
NEAR = (2, 6, 20, 60, 200)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time of observation, and how the split stands to it."""

    moment: Moment
    #: chance that a training row is later than a test row: 0 for a split by time, 1/2 for a shuffled one
    later: Estimate
    #: the split follows time, over all rows or within each entity
    follows: bool


def clocks(sides: Sides, found: Sequence[Moment], known: Sequence[Entity]) -> list[Clock]:
    """For each time, whether the split follows it."""
    made = []
    for moment in found:
        later = _later(moment.train, moment.test)
        follows = later <= FOLLOWS
        if not follows:
            panels = [(e.train, e.test) for e in known] + list(_categories(sides))
            follows = any(_later_within(moment, *panel) <= FOLLOWS for panel in panels)
        n = int(np.isfinite(moment.test).sum())
        low, high = intervals.wilson(later * n, n)
        made.append(Clock(moment=moment, later=Estimate(value=later, low=low, high=high, n=n, method="wilson"), follows=follows))  # fmt: skip
    return made


def temporal(sides: Sides, known: Sequence[Clock], panels: Sequence[Entity], *, grouped: bool) -> tuple[Evidence, ...]:
    """The surest time that the split does not follow and that tells the labels."""
    if any(c.follows and c.moment.series for c in known) or sides.targets is None:
        return ()
    best: tuple[float, Evidence] | None = None
    for clock in known:
        if clock.follows:
            continue
        sides.budget.check()
        told = _told(sides, clock, panels, grouped=grouped)
        least = SERIES if clock.moment.series else DATE
        if told is None or told[0].low is None or told[0].low < least / 2 or told[0].value < least:
            continue
        if best is None or told[0].value > best[0]:
            best = told[0].value, _evidence(sides, clock, *told)
    return (best[1],) if best else ()


def _later(a: Array, b: Array) -> float:
    """Chance that a value of a is greater than one of b; ties count half."""
    a, b = np.sort(a[np.isfinite(a)]), b[np.isfinite(b)]
    if not len(a) or not len(b):
        return 0.5
    below = (np.searchsorted(a, b, "left") + np.searchsorted(a, b, "right")) / 2
    return float(1 - below.mean() / len(a))


def _later_within(moment: Moment, train: Array, test: Array) -> float:
    """The same among rows of one entity; 1/2 when few test rows have such a partner."""
    a_ok, b_ok = (train >= 0) & np.isfinite(moment.train), (test >= 0) & np.isfinite(moment.test)
    times = np.unique(np.concatenate([moment.train[a_ok], moment.test[b_ok]]))
    if not len(times) or b_ok.sum() < 20:
        return 0.5
    step = len(times) + 1
    ours = np.sort(train[a_ok] * step + np.searchsorted(times, moment.train[a_ok]))
    keys, own = test[b_ok] * step + np.searchsorted(times, moment.test[b_ok]), test[b_ok]
    first, last = np.searchsorted(ours, own * step), np.searchsorted(ours, (own + 1) * step)
    below = (np.searchsorted(ours, keys, "left") + np.searchsorted(ours, keys, "right")) / 2 - first
    size = last - first
    there = size > 0
    if there.mean() < 0.3:
        return 0.5
    return float(1 - (below[there] / size[there]).mean())


def _categories(sides: Sides) -> list[tuple[Array, Array]]:
    """Categories of the features that could name series kept side by side (stores, products)."""
    found: list[tuple[Array, Array]] = []
    for _, a, b in sides.columns():
        if a.dtype.kind in "OUiu" and len(found) < 6:
            some = a[:: max(1, len(a) // 1000)]
            if 2 <= len(set(some.tolist())) <= 0.2 * len(some):
                codes, distinct = frames.codes(np.concatenate([a, b]))
                if 2 <= len(distinct) <= len(a) / 10:
                    found.append((codes[: len(a)], codes[len(a) :]))
    return found


def _told(
    sides: Sides, clock: Clock, panels: Sequence[Entity], *, grouped: bool
) -> tuple[Estimate, int, str | None] | None:
    """(skill of the neighbours in time, how many neighbours, within what) of the best reading."""
    targets = sides.targets
    if targets is None:
        return None
    ours, theirs = sides.rows
    t, u = clock.moment.train[ours], clock.moment.test[theirs]
    a_ok, b_ok = np.isfinite(t), np.isfinite(u)
    ours, theirs, t, u = ours[a_ok], theirs[b_ok], t[a_ok], u[b_ok]
    y, z = targets[0][ours], targets[1][theirs]
    future = clock.later.value > 1 - FOLLOWS
    if future:  # trained on the future alone: whether time matters, the training rows tell
        half = np.random.default_rng(SEED).random(len(t)) < 0.5
        ours, theirs, t, u, y, z = ours[half], ours[~half], t[half], t[~half], y[half], y[~half]
    best: tuple[Estimate, int, str | None] | None = None
    readings: list[tuple[str | None, Array, Array]] = [] if grouped else [(None, np.zeros(len(t)), np.zeros(len(u)))]
    readings += [(e.name, e.train[ours], (e.train if future else e.test)[theirs]) for e in panels[:3]]
    if grouped and not readings:
        return None
    for name, inside, outside in readings:
        made = _skill(t, u, y, z, inside.astype(np.int64), outside.astype(np.int64))
        if made is not None and (best is None or made[0].value > best[0].value):
            best = made[0], made[1], name
    return best


def _skill(t: Array, u: Array, y: Array, z: Array, inside: Array, outside: Array) -> tuple[Estimate, int] | None:
    """What the labels of training rows close in time tell of the test rows', beyond the mean of their entity."""
    size = int(max(inside.max(initial=0), outside.max(initial=0))) + 1
    ok, fine = inside >= 0, outside >= 0
    t, y, inside, u, z, outside = t[ok], y[ok], inside[ok], u[fine], z[fine], outside[fine]
    counts = np.bincount(inside, minlength=size)
    known = counts[outside] >= (1 if size == 1 else 4)
    u, z, outside = u[known], z[known], outside[known]
    if len(t) < 20 or len(u) < 10:
        return None
    means = (
        np.column_stack([np.bincount(inside, y[:, j], size) for j in range(y.shape[1])])
        / np.maximum(counts, 1)[:, None]
    )
    y, z = y - means[inside], z - means[outside]
    rng = np.random.default_rng(SEED)
    shuffled = rng.permutation(len(t))  # rows of one moment stand in no order
    order = shuffled[np.lexsort((t[shuffled], inside[shuffled]))]
    t, y, inside = t[order], y[order], inside[order]
    sums = np.vstack([np.zeros(y.shape[1]), np.cumsum(y, axis=0)])
    first, last = np.searchsorted(inside, np.arange(size)), np.searchsorted(inside, np.arange(size), "right")
    times = np.unique(np.concatenate([t, u]))
    step = len(times) + 1
    keys = inside * step + np.searchsorted(times, t)
    wanted = outside * step + np.searchsorted(times, u)
    at = (np.searchsorted(keys, wanted, "left") + np.searchsorted(keys, wanted, "right")) // 2
    own = np.arange(len(t))
    tried = []
    for k in NEAR:
        if k > len(t) / 4:
            break
        low, high = np.maximum(own - k // 2, first[inside]), np.minimum(own + k // 2 + 1, last[inside])
        rows = high - low - 1
        told = (sums[high] - sums[low] - y) / np.maximum(rows, 1)[:, None]
        tried.append((float(((y - told) ** 2).sum()), k))
    if not tried:
        return None
    k = min(tried)[1]
    low = np.maximum(at - k // 2, first[outside])
    high = np.minimum(np.maximum(at + (k + 1) // 2, low + 1), last[outside])
    told = (sums[high] - sums[low]) / np.maximum(high - low, 1)[:, None]
    return skill(told, z, np.zeros(z.shape[1])), k


def _evidence(sides: Sides, clock: Clock, told: Estimate, near: int, within: str | None) -> Evidence:
    moment, later = clock.moment, clock.later
    times = np.concatenate([moment.train[np.isfinite(moment.train)], moment.test[np.isfinite(moment.test)]])
    edges = np.quantile(times, np.linspace(0, 1, 6))
    a, b = (np.histogram(side[np.isfinite(side)], np.unique(edges))[0] for side in (moment.train, moment.test))
    table = Table(
        title=f"Rows along {moment.name}",
        columns=("fifth of the time", "training rows", "test rows"),
        rows=tuple((i + 1, int(m), int(n)) for i, (m, n) in enumerate(zip(a, b, strict=True))),
    )
    among = f" of the same {within}" if within else ""
    return Evidence(
        kind=Kind.TEMPORAL,
        witness=Witness.ROWS,
        message=f"training rows are later than test rows in {later.value:.0%} of all pairs by {moment.name} (0% in a split "
        f"by time), and time matters: the {near} training rows nearest in time{among} tell {told.value:.0%} of the "
        f"variance of the {'other' if later.value > 1 - FOLLOWS else 'test'} labels",
        strength=Strength.MEASURED,
        variables=tuple(dict.fromkeys((*sides.variables, moment.variable.partition("[")[0].partition(".")[0])))
        if "[" in moment.variable or "." in moment.variable
        else sides.variables,
        columns=(moment.name,),
        measured={"later": later, "label_told_by_time": told, "neighbours": near},
        tables=(table,),
        remedy=_remedy(sides, moment),
    )


def _remedy(sides: Sides, moment: Moment) -> str:
    table = moment.variable.partition("[")[0] if "[" in moment.variable else "df"
    sort = f"{table}.sort_index()" if moment.variable.endswith(".index") else f"{table}.sort_values({moment.name!r})"
    return (
        f"{table} = {sort}\n"
        f"cut = int(len({table}) * 0.8)\n"
        f"train, test = {table}.iloc[:cut], {table}.iloc[cut:]  # instead of a shuffled split; TimeSeriesSplit for folds\n"
        f"{sides.train_name}, {sides.test_name} = train[features], test[features]"
    )
