"""The differences between groups: of rates, of errors of a regression; the largest, the surest, the least sure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.checks.model_interpretability.groups_of import Grouping
from mlready_nb.finding import Estimate, Table
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import groups, intervals

Array = np.ndarray[Any, Any]

#: Classes that are each taken as the positive one in turn, in a multi-class task.
CLASSES = 10
#: Groups that a table lists: the saved state holds 64 KB in all.
LISTED = 10

WORDS = {
    "selection_rate": "selection rate",
    "true_positive_rate": "true positive rate",
    "false_positive_rate": "false positive rate",
    "accuracy": "accuracy",
    "precision": "precision",
    "calibration": "observed minus predicted share",
    "mean_residual": "mean residual, in standard deviations of y",
    "rmse": "RMSE, in standard deviations of y",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A difference between two groups in one rate: the largest, the surest or the least sure of all pairs."""

    column: str
    rate: str
    high_group: str
    low_group: str
    difference: Estimate
    #: smallest over largest; `None` where it has no meaning
    ratio: Estimate | None
    crossing: bool
    #: the class taken as positive, where there are more than two
    positive: str | None = None
    #: the largest of all, as fairlearn counts it; else another pair whose interval decides
    largest: bool = True

    def __str__(self) -> str:
        of = f" of {self.positive!r}" if self.positive is not None else ""
        if self.difference.value == 0:
            return f"{WORDS[self.rate]}{of} by {self.column}: {self.high_group} and {self.low_group} alike, {self.difference}"
        return f"{WORDS[self.rate]}{of} by {self.column}: {self.high_group} over {self.low_group} by {self.difference}"


def rates(
    of: Grouping, y_test: Any, y_pred: Any, class_names: Any, z: float, min_group: int
) -> tuple[list[Gap], Table | None]:
    """Gaps in selection, true positive and false positive rate and accuracy; of each class in turn where there are many."""
    classes = c.classes_of(y_test, y_pred, known=class_names)
    positives = [classes[1]] if len(classes) == 2 else list(classes[:CLASSES])
    many, gaps = len(positives) > 1, []
    first: Array | None = None
    for positive in positives:
        counts = groups.count(of.codes, is_class(y_test, positive), is_class(y_pred, positive), len(of.levels))
        first = counts if first is None else first
        for rate, (hits, trials) in groups.fractions(counts).items():
            if many and rate == "accuracy":
                continue
            gaps += share_gaps(of, rate, hits, trials, z, min_group, str(positive) if many else None)
    if first is None or not first.any():
        return gaps, None
    title = f"By {of.name}" + (f", positive class {positives[0]!s}" if many else "")
    names = ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy")
    return gaps, rate_table(title, of, {n: groups.fractions(first)[n] for n in names})


def rate_table(title: str, of: Grouping, fractions: dict[str, tuple[Array, Array]]) -> Table:
    """The largest groups with their rates."""
    sizes = of.sizes
    listed = [k for k in np.argsort(-sizes, kind="stable")[:LISTED].tolist() if sizes[k] > 0]
    rows = [
        (of.levels[k], *(_estimate(float(h[k]), float(t[k])) for h, t in fractions.values()), int(sizes[k]))
        for k in sorted(listed)
    ]
    left = int((sizes > 0).sum()) - len(rows)
    return Table(
        title=title,
        columns=("group", *(WORDS[name] for name in fractions), "n"),
        rows=tuple(rows),
        chart="intervals",
        note=f"the {len(rows)} largest groups; {left} more" if left else None,
    )


def _estimate(hits: float, trials: float) -> Estimate | None:
    if trials == 0:
        return None
    return shown(hits / trials, *intervals.wilson(hits, trials), int(trials))


def shown(value: float, low: float, high: float, n: int) -> Estimate:
    """An estimate for a table, to four digits: many of them have to fit into a notebook's metadata."""
    known = math.isfinite(low) and math.isfinite(high)
    return Estimate(
        value=round(value, 4), low=round(low, 4) if known else None, high=round(high, 4) if known else None, n=n
    )


def share_gaps(
    of: Grouping, rate: str, hits: Array, trials: Array, z: float, min_group: int, positive: str | None = None
) -> list[Gap]:
    """The telling gaps of a rate, over the groups with `min_group` trials or more."""
    enough = np.flatnonzero(trials >= min_group)
    shares = hits / np.maximum(trials, 1)
    bounds = np.array([intervals.wilson(hits[k], trials[k], z) for k in enough]).reshape(-1, 2)
    gaps = []
    for i, j, low, high, largest in _telling(shares[enough], bounds[:, 0], bounds[:, 1]):
        a, b = enough[i], enough[j]
        ratio = float(groups.ratio(shares[[a, b]]))
        r_low, r_high = intervals.ratio(hits[b], trials[b], hits[a], trials[a], z)
        n, value = int(trials[a] + trials[b]), float(groups.difference(shares[[a, b]]))
        gaps.append(
            Gap(
                column=of.name,
                rate=rate,
                high_group=of.levels[a],
                low_group=of.levels[b],
                difference=Estimate(
                    value=value, low=max(low, -1.0), high=min(high, 1.0), n=n, method="newcombe, corrected"
                ),
                ratio=Estimate(value=ratio, low=min(r_low, ratio), high=min(r_high, 99.0), n=n, method="log, corrected")
                if math.isfinite(ratio)
                else None,
                crossing=of.order > 1,
                positive=positive,
                largest=largest,
            )
        )
    return gaps


def mean_gaps(of: Grouping, rate: str, values: Array, z: float, min_group: int) -> list[Gap]:
    """The telling gaps of a mean over (n,) values; Welch's interval."""
    means, errors, kept, sizes = [], [], [], of.sizes
    for k in np.flatnonzero(sizes >= max(min_group, 2)):
        mine = values[of.codes == k]
        means.append(round(float(mine.mean()), 12))  # its last digits hang on the engine's memory
        errors.append(round(math.sqrt(float(mine.var(ddof=1)) / len(mine)), 12))
        kept.append(int(k))
    middle, half = np.array(means), z * np.array(errors)
    return [
        Gap(
            column=of.name,
            rate=rate,
            high_group=of.levels[kept[a]],
            low_group=of.levels[kept[b]],
            difference=Estimate(
                value=means[a] - means[b],
                low=low,
                high=high,
                n=int(sizes[kept[a]] + sizes[kept[b]]),
                method="welch, corrected",
            ),
            ratio=None,
            crossing=of.order > 1,
            largest=largest,
        )
        for a, b, low, high, largest in _telling(middle, middle - half, middle + half)
    ]


def residuals(
    of: Grouping, y_test: Any, y_pred: Any, _: Any, z: float, min_group: int
) -> tuple[list[Gap], Table | None]:
    """Gaps in the mean residual and in RMSE, both in standard deviations of y."""
    y_test, y_pred = np.asarray(y_test, dtype=float), np.asarray(y_pred, dtype=float)
    errors = (y_pred - y_test) / (float(y_test.std()) or 1.0)
    rows, sizes = [], of.sizes
    for k in np.sort(np.argsort(-sizes, kind="stable")[:LISTED]).tolist():
        mine = errors[of.codes == k]
        if len(mine) == 0:
            continue
        mean, half = float(mine.mean()), math.inf
        if len(mine) > 1:
            half = intervals.Z * float(mine.std(ddof=1)) / math.sqrt(len(mine))
        residual = shown(mean, mean - half, mean + half, len(mine))
        rows.append((of.levels[k], residual, round(float(np.sqrt((mine**2).mean())), 4), len(mine)))
    table = Table(
        title=f"Residuals by {of.name} (in standard deviations of y)",
        columns=("group", "mean residual", "RMSE", "n"),
        rows=tuple(rows),
        chart="intervals",
    )
    gaps = mean_gaps(of, "mean_residual", errors, z, min_group) + _rmse_gaps(of, errors, z, min_group)
    return gaps, table if rows else None


def _rmse_gaps(of: Grouping, errors: Array, z: float, min_group: int) -> list[Gap]:
    """The telling gaps of RMSE; the ratio's interval on the log scale, by the delta method."""
    kept = [
        k
        for k in np.flatnonzero(of.sizes >= max(min_group, 2)).tolist()
        if float((errors[of.codes == k] ** 2).mean()) > 0
    ]
    squares = [errors[of.codes == k] ** 2 for k in kept]
    rmse = np.array([math.sqrt(float(s.mean())) for s in squares])
    spread = np.array([float(s.std(ddof=1)) / math.sqrt(len(s)) / (2 * float(s.mean())) for s in squares])
    gaps = []
    for a, b, low, high, largest in _telling(rmse, rmse * np.exp(-z * spread), rmse * np.exp(z * spread)):
        ratio, wide = float(rmse[b] / rmse[a]), z * math.hypot(spread[a], spread[b])
        n = len(squares[a]) + len(squares[b])
        gaps.append(
            Gap(
                column=of.name,
                rate="rmse",
                high_group=of.levels[kept[a]],
                low_group=of.levels[kept[b]],
                difference=Estimate(value=float(rmse[a] - rmse[b]), low=low, high=high, n=n, method="delta, corrected"),
                ratio=Estimate(
                    value=ratio, low=ratio * math.exp(-wide), high=ratio * math.exp(wide), n=n, method="log, corrected"
                ),
                crossing=of.order > 1,
                largest=largest,
            )
        )
    return gaps


def is_class(labels: Any, value: Any) -> Array:
    """(n,) True where the label is this class."""
    return np.asarray(c.encode(np.asarray(labels), (value,)) == 0)


def low_of(gap: Gap) -> float:
    """The lower end of a difference's interval."""
    return gap.difference.low if gap.difference.low is not None else -math.inf


def enough_for(limit: float) -> int:
    """Rows a group needs for the interval of a difference of two shares near one half to be as narrow as the limit."""
    return math.ceil(2 * 0.25 * (intervals.Z / limit) ** 2)


def _telling(values: Array, lows: Array, highs: Array) -> Iterator[tuple[int, int, float, float, bool]]:
    """Of all pairs of groups the one that differs most, the one that surely does most, and the one that could most.

    Yields (higher group, lower group, low, high, is it the one that differs most); the interval of a difference is
    made from the two of its terms (Newcombe 1998; Zou & Donner 2008).
    """
    if len(values) < 2:
        return
    apart = values[:, None] - values
    low = apart - np.hypot((values - lows)[:, None], highs - values)
    high = apart + np.hypot((highs - values)[:, None], values - lows)
    pairs = [(i, j) for i, j in np.argwhere(apart >= 0).tolist() if apart[i, j] > 0 or i < j]
    largest = max(pairs, key=lambda p: (apart[p], high[p]))
    for pair in dict.fromkeys((largest, max(pairs, key=lambda p: low[p]), max(pairs, key=lambda p: high[p]))):
        yield *pair, float(low[pair]), float(high[pair]), pair == largest
