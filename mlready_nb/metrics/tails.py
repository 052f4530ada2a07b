"""Values that stand apart: codes for missing, slips of a unit; ordinary heavy tails are left alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Values far from all others."""

    #: "code" (one repeated value) or "extreme"
    kind: str
    value: float
    count: int
    #: the range of all the others
    low: float
    high: float


def code(values: Array, *, min_count: int, min_share: float) -> Apart | None:
    """One value at an end, repeated, with a gap to all others that no distribution of theirs explains.

    Parameters
    ----------
    values
        (n,) sorted finite numbers.
    """
    n = len(values)
    for end in (values[-1], values[0]) if n else ():
        same = int(np.searchsorted(values, end, "right") - np.searchsorted(values, end, "left"))
        rest = values[values != end]
        if same < max(min_count, min_share * n) or len(rest) < 50 or (same > n / 2 and end == 0):
            continue
        low, high = float(rest[0]), float(rest[-1])
        spread, gap = high - low, float(min(abs(end - low), abs(end - high)))
        if spread <= 0 or len(np.unique(rest[:: max(1, len(rest) // 2000)])) < 5:
            continue
        nines = end == round(end) and abs(end) >= 9 and set(str(int(abs(end)))) == {"9"}
        impossible = nines and end <= -99 and low >= 0
        if impossible or _beyond(end, rest, gap / spread, 0.5 if nines else 2.0):
            return Apart(kind="code", value=float(end), count=same, low=low, high=high)
    return None


def _beyond(end: float, rest: Array, gap: float, limit: float) -> bool:
    """True when the gap is too wide; where the others are skewed towards that end, on their logarithmic scale."""
    q1, middle, q3 = np.quantile(rest, [0.25, 0.5, 0.75])
    if gap <= limit:
        return False
    if end > rest[-1] and rest[0] >= 0 and rest[-1] - middle > 10 * (q3 - q1):
        positive = rest[rest > 0]
        return math.log(end / positive[-1]) > 0.5 * math.log(positive[-1] / positive[0])
    return True


def extreme(values: Array, *, certain: float) -> Apart | None:
    """The few values farthest out, where the tail of the others does not reach.

    The distances from the median of the others follow a power law at worst; its exponent is estimated from them
    (Hill 1975). Under it the k-th distance exceeds the next by the factor r with probability r ** (-k * exponent)
    (Renyi 1953), so a Cauchy or a log-normal column is not accused.

    Parameters
    ----------
    values
        (n,) sorted finite numbers.
    certain
        Probability below which chance is ruled out.
    """
    n = len(values)
    if n < 100:
        return None
    distance = np.abs(values - np.median(values))
    order = np.argsort(distance, kind="stable")
    d = distance[order][distance[order] > 0]
    if len(d) < 50 or len(np.unique(d)) < 5:
        return None
    most = max(3, n // 1000)
    top = d[-(most + 1) :]
    steps = top[1:] / top[:-1]
    at = int(np.argmax(steps))
    ratio, k = float(steps[at]), len(steps) - at
    if ratio < 3:
        return None
    rest = d[:-k]
    tail = rest[-max(10, len(rest) // 20) :]
    hill = float(np.mean(np.log(tail / tail[0])))
    exponent = min(20.0, 1 / hill) if hill > 0 else 20.0
    if -k * exponent * math.log(ratio) > math.log(certain):
        return None
    far = values[order[-k:]]
    others = values[order[:-k]]
    return Apart(
        kind="extreme",
        value=float(far[np.argmax(np.abs(far - np.median(values)))]),
        count=k,
        low=float(others.min()),
        high=float(others.max()),
    )
