"""Columns that tell when a row was observed: dates, parsable text, epoch seconds, counters, year + month + day."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.rows import words
from mlready_nb.leakage.rows.sides import Sides

Array = np.ndarray[Any, Any]

_DATE = re.compile(
    r"^\s*(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{4}[-/]\d{1,2}|\d{1,2}[- ][A-Za-z]{3,9}[- ,]+\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4})"
    r"([T ]+\d{1,2}:\d{2}.*)?\s*$"
)
#: Epoch seconds between 1979 and 2096; the same in milli- and nanoseconds.
_EPOCH = ((3e8, 4e9, 1.0), (3e11, 4e12, 1e3), (3e14, 4e15, 1e6), (3e17, 4e18, 1e9))
#: Years; a column that spans more holds births or foundings.
LIFETIME = 40


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When the rows were observed, as numbers that grow."""

    name: str
    variable: str
    #: NaN where missing
    train: Array
    test: Array
    #: regular steps, or rows kept in order of time: a log or a series, beyond doubt
    series: bool
    #: share of consecutive rows of the raw table that do not go back in time; `None` without the raw order
    ordered: float | None = None


def moments(sides: Sides) -> list[Moment]:
    """The times of observation, the surest first."""
    found = []
    columns = list(_columns(sides))
    for name, variable, a, b, order in columns:
        sides.budget.check()
        if words.trait(name):
            continue
        parsed = parse(a, b)
        if parsed is not None:
            made = _moment(name, variable, *parsed, order, dated=True)
        elif a.dtype.kind in "iuf" and words.moment(name):
            one, two, dated = _named(a.astype(float), b.astype(float))
            made = _moment(name, variable, one, two, order, dated=dated)
        else:
            continue
        if made is not None:
            found.append(made)
    found += list(_composites(columns))
    return sorted(found, key=lambda m: not m.series)


def _columns(sides: Sides) -> Iterator[tuple[str, str, Array, Array, tuple[Array, Array] | None]]:
    places = next((e.order for e in sides.extras if e.order is not None), None)
    if places is None:
        places = _counted(sides)
    for name, variable, a, b in sides.levels:
        if a.dtype.kind in "MOU" and b.dtype.kind == a.dtype.kind:
            yield name, variable, a, b, places
    for name, a, b in sides.columns():
        yield name, name, a, b, places
    for extra in sides.extras:
        try:
            a, b = extra.values()
        except Exception:  # noqa: S112  (a column of the user's that cannot be read is no evidence)
            continue
        if a.ndim == 1 and b.ndim == 1:
            yield extra.name, extra.variable, a, b, extra.order


def _counted(sides: Sides) -> tuple[Array, Array] | None:
    """Places of the rows by the whole-number index that the first frame gave them, where both sides keep it."""
    found = []
    for X, y in ((sides.X_train, sides.subjects.y_train), (sides.X_test, sides.subjects.y_test)):
        index = next((v.index for v in (X, y) if hasattr(v, "iloc")), None)
        if index is None or np.asarray(index).dtype.kind not in "iu":
            return None
        found.append(np.asarray(index))
    n = len(found[0]) + len(found[1])
    union = np.unique(np.concatenate(found))
    return (found[0], found[1]) if len(union) == n and union[-1] - union[0] < 2 * n else None


def parse(a: Array, b: Array) -> tuple[Array, Array] | None:
    """Both sides as seconds; `None` when the values are no dates."""
    if a.dtype.kind == "M" and b.dtype.kind == "M":
        return _seconds(a), _seconds(b)
    if a.dtype.kind in "OU":
        return _text(a, b)
    if a.dtype.kind not in "iuf" or b.dtype.kind not in "iuf" or len(a) < 2:
        return None
    both = np.concatenate([a, b]).astype(float)
    there = both[np.isfinite(both)]
    if len(there) < 0.9 * len(both) or not len(there) or (there != np.floor(there)).any():
        return None
    if there.min() >= 19000101 and there.max() <= 21001231:
        month, day = there // 100 % 100, there % 100
        if ((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all():
            days = ((both // 10000) - 1970) * 365.25 + (both // 100 % 100 - 1) * 30.44 + both % 100
            return days[: len(a)] * 86400, days[len(a) :] * 86400
    for low, high, scale in _EPOCH:
        if there.min() > low and there.max() < high:  # an id or an amount is not spread so: years at most
            span = (there.max() - there.min()) / scale
            return (both[: len(a)] / scale, both[len(a) :] / scale) if span < LIFETIME * 3.2e7 else None
    return None


def _named(a: Array, b: Array) -> tuple[Array, Array, bool]:
    """A number called a time: days since year 1 (`toordinal`), epoch seconds with fractions, or a bare counter."""
    both = np.concatenate([a, b])
    there = both[np.isfinite(both)]
    if len(there) and there.min() > 690_000 and there.max() < 770_000:
        return a * 86400, b * 86400, True
    for low, high, scale in _EPOCH:
        if len(there) and there.min() > low and there.max() < high:
            return a / scale, b / scale, True
    return a, b, False


def _seconds(values: Array) -> Array:
    whole = values.astype("M8[ms]").astype(np.int64) / 1e3
    return np.where(np.isnat(values), np.nan, whole)


def _text(a: Array, b: Array) -> tuple[Array, Array] | None:
    import datetime as dt

    import pandas as pd

    gaps = frames.missing_mask(a)
    some = list(a[~gaps][:: max(1, len(a) // 60)])
    if len(some) < 5:
        return None
    if isinstance(some[0], (dt.date, pd.Timestamp, pd.Period)):
        as_text = False
    elif all(isinstance(v, str) for v in some) and sum(bool(_DATE.match(v)) for v in some) >= 0.95 * len(some):
        as_text = True
    else:
        return None
    codes, distinct = pd.factorize(np.concatenate([a, b]).astype(object) if not as_text else np.concatenate([a, b]))
    if as_text:
        first = [int(m.group(1)) for v in distinct[:2000] if (m := re.match(r"\s*(\d{1,2})[-/.]", str(v)))]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stamps = pd.to_datetime(
                pd.Series(distinct), errors="coerce", format="mixed", dayfirst=bool(first) and max(first) > 12, utc=True
            ).dt.tz_localize(None)
    else:
        stamps = pd.Series([pd.Timestamp(str(v)) for v in distinct])
    values = np.append(_seconds(stamps.to_numpy()), np.nan)[codes]
    if np.isnan(values).mean() > 0.2:
        return None
    return values[: len(a)], values[len(a) :]


def _moment(
    name: str, variable: str, a: Array, b: Array, order: tuple[Array, Array] | None, *, dated: bool
) -> Moment | None:
    both = np.concatenate([a, b])
    there = both[np.isfinite(both)]
    if len(there) < 0.8 * len(both) or len(there) < 30:
        return None
    distinct, counts = np.unique(there, return_counts=True)
    if len(distinct) < 12:
        return None
    regular = _regular(distinct, counts)
    if not dated:  # a bare number: a counter that steps through all rows, or nothing
        steps = np.diff(distinct)
        if counts.max() > 1 or np.mean(np.isclose(steps, np.median(steps))) < 0.95:
            return None
        return Moment(name=name, variable=variable, train=a, test=b, series=True)
    ordered = None
    if order is not None:
        t = both[np.argsort(np.concatenate(order), kind="stable")]
        steps = np.diff(t[np.isfinite(t)])
        ordered = float(max((steps >= 0).mean(), (steps <= 0).mean()))
    if not regular and (distinct[-1] - distinct[0]) > LIFETIME * 3.2e7:
        return None  # births, foundings
    series = regular or (ordered is not None and ordered > 0.98 and len(distinct) > 0.02 * len(there))
    return Moment(name=name, variable=variable, train=a, test=b, series=series, ordered=ordered)


def _regular(distinct: Array, counts: Array) -> bool:
    """Equal steps with about as many rows at each: a clock made these rows."""
    steps = np.diff(distinct)
    middle = np.median(steps)
    even = np.mean(np.abs(steps - middle) <= 0.11 * middle)  # months and quarters differ by a tenth
    return bool(even >= 0.9 and counts.std() <= 0.25 * counts.mean())


def _composites(columns: list[tuple[str, str, Array, Array, tuple[Array, Array] | None]]) -> Iterator[Moment]:
    """`year` + `month` (+ `day`, `hour`) columns of one stem, put together."""
    stems: dict[str, dict[str, tuple[str, Array, Array]]] = {}
    orders: dict[str, tuple[Array, Array] | None] = {}
    units = {"year": "year", "yr": "year", "month": "month", "mo": "month", "mnth": "month", "day": "day",
             "dayofmonth": "day", "hour": "hour", "hr": "hour", "week": "week", "weekofyear": "week"}  # fmt: skip
    for name, _, one, two, order in columns:
        said = words.words(name)
        unit = next((units[w] for w in said if w in units), None)
        if unit is None or one.dtype.kind not in "iuf" or words.trait(name):
            continue
        stem = " ".join(w for w in said if w not in units)
        stems.setdefault(stem, {})[unit] = (name, one.astype(float), two.astype(float))
        orders[stem] = order
    for stem, parts in stems.items():
        if "year" not in parts or not parts.keys() & {"month", "week"}:
            continue
        weights = {"year": 365.25, "month": 30.44, "week": 7.0, "day": 1.0, "hour": 1 / 24}
        if "month" in parts:
            parts.pop("week", None)
            if np.nanmax(parts["month"][1]) > 12:
                continue
        elif "day" in parts:
            parts.pop("day")  # a day of the month beside a week says no more
        a = np.sum([86400 * weights[u] * p[1] for u, p in parts.items()], axis=0)
        b = np.sum([86400 * weights[u] * p[2] for u, p in parts.items()], axis=0)
        name = " + ".join(p[0] for p in parts.values())
        made = _moment(name, name, a, b, orders[stem], dated=True)
        if made is not None:
            yield made
