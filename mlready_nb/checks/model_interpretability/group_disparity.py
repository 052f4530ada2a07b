"""Whether groups of people are served differently."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, failed, inconclusive, not_applicable, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import groups, intervals
from mlready_nb.subjects import Task, Unusable

Array = np.ndarray[Any, Any]

#: Groups of one column that are told apart; the rest are one group, "other".
LEVELS = 12
#: A number with more distinct values than this is cut at its quartiles.
DISTINCT = 12
#: Classes that are each taken as the positive one in turn, in a multi-class task.
CLASSES = 10

WORDS = {
    "selection_rate": "selection rate",
    "true_positive_rate": "true positive rate",
    "false_positive_rate": "false positive rate",
    "accuracy": "accuracy",
    "mean_residual": "mean residual, in standard deviations of y",
}


#: Surely below the ratio, yet fewer than this many in a hundred apart: too rare an answer to say more.
RARE = 0.02


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


@check("INT-02.1", tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def group_disparity(
    sensitive_features: Mapping[str, Any],
    y_test: Any,
    y_pred: Any,
    task: Task,
    class_names: Any = None,
    *,
    max_difference: float = 0.1,
    fail_difference: float = 0.2,
    min_ratio: float = 0.8,
    min_group: int = 30,
) -> Finding:
    """Selection rate, true and false positive rates by group and by crossing of two groups.

    What it measures: For each sensitive column and each crossing of two: selection rate, true positive rate, false
    positive rate and accuracy by group with Wilson's interval; the largest difference between two groups with
    Newcombe's interval, widened for the number of comparisons; the ratio of smallest to largest. Terms as in fairlearn
    (Bird et al. 2020); equalised odds after Hardt et al. 2016. A gap in true or false positive rates is a warning when
    its whole interval lies beyond `max_difference` and fails beyond `fail_difference`; a gap in selection rates is a
    warning at most, also when the ratio is surely below `min_ratio` (the four-fifths rule) and the gap above 0.02,
    because base rates may differ. For a regression: mean residual by group, in standard deviations of y.

    Why it matters: An average can rest on one group being served far worse than another; that is harm, and in hiring,
    credit and housing unlawful.

    Blind spots: Only groups that are in the data. Labels may carry the unfairness themselves. Groups with fewer than
    `min_group` rows (for a true positive rate: positives) are named and left out; a ratio never passes alone.

    How to mend: Look at the labels and at the rows behind the gap first; collect rows of the worse-served group;
    then constraints while training or thresholds by group (fairlearn), with a lawyer at the table.
    """
    matching(y_test, y_pred)
    columns = {name: _grouped(name, values, len(y_test)) for name, values in sensitive_features.items()}
    columns = {name: (codes, levels) for name, (codes, levels) in columns.items() if len(levels) > 1}
    if not columns:
        return not_applicable("each sensitive column has one group only in the test set")
    crossings = {
        f"{a} × {b}": groups.crossed(columns[a][0], columns[a][1], columns[b][0], columns[b][1])
        for a, b in itertools.combinations(columns, 2)
    }
    measure = _residuals if task is Task.REGRESSION else _rates
    gaps, tables, small = [], [], []
    alone, together = (intervals.quantile(_comparisons(of, task)) for of in (columns, {**columns, **crossings}))
    for name, (codes, levels) in {**columns, **crossings}.items():
        z = together if name in crossings else alone
        found, table, tiny = measure(name, codes, levels, y_test, y_pred, class_names, z, min_group, name in crossings)
        gaps += found
        small += tiny
        if table is not None:
            tables.append(table)
    return _verdict(
        gaps, tuple(tables), small, columns, task, max_difference, fail_difference, min_ratio, min_group, len(y_test)
    )


def _verdict(
    gaps: list[Gap],
    tables: tuple[Table, ...],
    small: list[str],
    columns: Mapping[str, Any],
    task: Task,
    max_difference: float,
    fail_difference: float,
    min_ratio: float,
    min_group: int,
    n: int,
) -> Finding:
    judged = ("selection_rate", "true_positive_rate", "false_positive_rate") if task.classifies else ("mean_residual",)
    errors = [g for g in gaps if g.rate not in ("selection_rate", "accuracy")]  # accuracy follows the base rates
    surely = sorted((g for g in errors if _low(g) > max_difference), key=lambda g: -_low(g))
    selected = [g for g in gaps if g.rate == "selection_rate" and _low(g) > max_difference]
    selected += [
        g
        for g in gaps
        if g.rate == "selection_rate"
        and g not in selected
        and g.ratio is not None
        and (g.ratio.high or 1) < min_ratio
        and _low(g) > RARE
    ]
    measured = {
        f"{g.rate}_difference ({g.column}{', ' + g.positive if g.positive else ''})": g.difference
        for g in gaps
        if g.largest and not g.crossing
    }
    measured |= {
        f"{g.rate}_ratio ({g.column}{', ' + g.positive if g.positive else ''})": g.ratio
        for g in gaps
        if g.ratio and g.largest and not g.crossing
    }
    measured = dict(list(measured.items())[:60])
    rest: dict[str, Any] = {"measured": measured, "tables": tables[:12]}
    crossings = f" and {len(tables) - len(columns)} crossings" if len(tables) > len(columns) else ""
    looked = f"{', '.join(columns)}{crossings}"
    few = (
        f". Too small to say (below {min_group}): {', '.join(small[:4])}"
        + (f" and {len(small) - 4} more" if len(small) > 4 else "")
        if small
        else ""
    )
    remedy = "See the rows behind the gap and their labels; collect more of the worse-served group; then fairlearn's reductions or ThresholdOptimizer."
    if surely or selected:
        worst = surely[0] if surely else max(selected, key=_low)
        hard = bool(surely) and _low(worst) > fail_difference and worst.rate != "mean_residual"
        others = len({(g.column, g.rate, g.positive) for g in (*surely, *selected)}) - 1
        more = f"; {others} more gaps beyond {max_difference:g}" if others else ""
        ratio = f" (ratio {worst.ratio})" if worst.ratio is not None and worst.rate == "selection_rate" else ""
        return (failed if hard else warned)(f"{worst}{ratio}{more}{few}", remedy=remedy, **rest)
    plain = [g for g in gaps if not g.crossing and g.rate != "accuracy"]
    untold = [(c, r) for c in columns for r in judged if not any(g.column == c and g.rate == r for g in plain)]
    unsure = [g for g in plain if (g.difference.high or 1) > max_difference]
    if unsure or untold:
        if unsure:
            why = f"{max(unsure, key=lambda g: g.difference.high or 0)}, and the limit is {max_difference:g}"
        else:
            column, rate = untold[0]
            rows = {"true_positive_rate": " positive", "false_positive_rate": " negative"}.get(rate, "")
            why = f"no two groups of {column} have {min_group}{rows} rows each, so no {WORDS[rate]} can be compared"
        need = _enough(max_difference)
        return inconclusive(
            f"{n:,} test rows cannot tell: {why}; about {need:,} rows in each group would do{few}", **rest
        )
    worst = max(plain, key=lambda g: g.difference.value)
    return passed(f"no gap beyond {max_difference:g} by {looked}: the largest is {worst}{few}", **rest)


def _rates(
    name: str,
    codes: Array,
    levels: list[str],
    y_test: Any,
    y_pred: Any,
    class_names: Any,
    z: float,
    min_group: int,
    crossing: bool,
) -> tuple[list[Gap], Table | None, list[str]]:
    classes = c.classes_of(y_test, y_pred, known=class_names)
    positives = [classes[1]] if len(classes) == 2 else list(classes[:CLASSES])
    gaps: list[Gap] = []
    rows: list[tuple[Any, ...]] = []
    small: list[str] = []
    for positive in positives:
        counts = groups.count(codes, _is(y_test, positive), _is(y_pred, positive), len(levels))
        many = len(positives) > 1
        for rate, (hits, trials) in groups.fractions(counts).items():
            if many and rate == "accuracy":
                continue
            label = str(positive) if many else None
            gaps += _gap(name, rate, hits, trials, levels, z, min_group, crossing, label)
        if positive == positives[0]:
            sizes = counts.sum(axis=(1, 2))
            small += [
                f"{name} = {level} (n = {int(n):,})"
                for level, n in zip(levels, sizes, strict=True)
                if 0 < n < min_group
            ]
            rows += [(level, *_estimates(counts, k), int(sizes[k])) for k, level in enumerate(levels) if sizes[k] > 0]
    if not rows:
        return [], None, []
    title = f"By {name}" + (f", positive class {positives[0]!s}" if len(positives) > 1 else "")
    head = ("group", "selection rate", "true positive rate", "false positive rate", "accuracy", "n")
    return gaps, Table(title=title, columns=head, rows=tuple(rows[:60]), chart="intervals"), small


def _estimates(counts: Array, k: int) -> Iterator[Estimate | None]:
    for hits, trials in groups.fractions(counts).values():
        if trials[k] == 0:
            yield None
            continue
        low, high = intervals.wilson(hits[k], trials[k])
        yield Estimate(value=hits[k] / trials[k], low=low, high=high, n=int(trials[k]), method="wilson")


def _gap(
    name: str,
    rate: str,
    hits: Array,
    trials: Array,
    levels: list[str],
    z: float,
    min_group: int,
    crossing: bool,
    positive: str | None,
) -> list[Gap]:
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
                column=name,
                rate=rate,
                high_group=levels[a],
                low_group=levels[b],
                difference=Estimate(
                    value=value, low=max(low, -1.0), high=min(high, 1.0), n=n, method="newcombe, corrected"
                ),
                ratio=Estimate(value=ratio, low=min(r_low, ratio), high=min(r_high, 99.0), n=n, method="log, corrected")
                if math.isfinite(ratio)
                else None,
                crossing=crossing,
                positive=positive,
                largest=largest,
            )
        )
    return gaps


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


def _residuals(
    name: str,
    codes: Array,
    levels: list[str],
    y_test: Any,
    y_pred: Any,
    _: Any,
    z: float,
    min_group: int,
    crossing: bool,
) -> tuple[list[Gap], Table | None, list[str]]:
    """Mean residual and RMSE by group, in standard deviations of y; Welch's interval for the largest gap."""
    y_test, y_pred = np.asarray(y_test, dtype=float), np.asarray(y_pred, dtype=float)
    scale = float(y_test.std()) or 1.0
    rows, known, small = [], [], []
    for k, level in enumerate(levels):
        errors = (y_pred - y_test)[codes == k] / scale
        n = len(errors)
        if n == 0:
            continue
        mean, rmse = float(errors.mean()), float(np.sqrt((errors**2).mean()))
        if n < min_group:
            small.append(f"{name} = {level} (n = {n:,})")
        else:
            known.append((mean, float(errors.var(ddof=1)) / n, level, n))
        half = intervals.Z * float(errors.std(ddof=1)) / math.sqrt(n) if n > 1 else math.inf
        bounds = (mean - half, mean + half) if math.isfinite(half) else (None, None)
        rows.append((level, Estimate(value=mean, low=bounds[0], high=bounds[1], n=n, method="normal"), rmse, n))
    table = Table(
        title=f"Residuals by {name} (in standard deviations of y)",
        columns=("group", "mean residual", "RMSE", "n"),
        rows=tuple(rows[:60]),
        chart="intervals",
    )
    means = np.array([k[0] for k in known])
    half = z * np.sqrt(np.array([k[1] for k in known]))
    gaps = []
    for a, b, low, high, largest in _telling(means, means - half, means + half):
        value, n = float(means[a] - means[b]), known[a][3] + known[b][3]
        gaps.append(
            Gap(
                column=name,
                rate="mean_residual",
                high_group=known[a][2],
                low_group=known[b][2],
                difference=Estimate(value=value, low=low, high=high, n=n, method="welch, corrected"),
                ratio=None,
                crossing=crossing,
                largest=largest,
            )
        )
    return gaps, table if rows else None, small


def _comparisons(columns: Mapping[str, Any], task: Task) -> int:
    """How many pairs are compared in all: what the intervals are widened for."""
    pairs = sum(len(levels) * (len(levels) - 1) // 2 for _, levels in columns.values())
    return max(1, pairs * (1 if task is Task.REGRESSION else 3))


def _grouped(name: str, values: Any, n: int) -> tuple[Array, list[str]]:
    """Codes and names of the groups; numbers with many values are cut at their quartiles, rare texts go together."""
    values = np.asarray(values, dtype=object) if isinstance(values, (list, tuple)) else frames.labels(values)
    if len(values) != n:
        msg = f"the sensitive column {name!r} has {len(values):,} values for {n:,} test rows. Hint: %mlready use sensitive=<column of X_test>"
        raise Unusable(msg)
    codes, levels = frames.codes(values)
    if len(levels) > DISTINCT and np.asarray(levels).dtype.kind in "fiu":
        numbers = np.asarray(levels, dtype=float)[np.maximum(codes, 0)]
        numbers[codes < 0] = np.nan
        edges = np.unique(np.nanquantile(numbers, [0.25, 0.5, 0.75]))
        cut = np.where(np.isnan(numbers), -1, np.searchsorted(edges, numbers, side="right"))
        names = [
            f"below {edges[0]:g}",
            *(f"{a:g} to {b:g}" for a, b in itertools.pairwise(edges)),
            f"{edges[-1]:g} and above",
        ]
        kept = [k for k in range(len(names)) if (cut == k).any()]
        return np.where(cut < 0, -1, np.searchsorted(kept, cut)).astype(np.intp), [names[k] for k in kept]
    if len(levels) > LEVELS:
        sizes = np.bincount(codes[codes >= 0], minlength=len(levels))
        top = np.sort(np.argsort(-sizes, kind="stable")[: LEVELS - 1])
        back = np.full(len(levels) + 1, len(top), dtype=np.intp)
        back[top] = np.arange(len(top))
        back[-1] = -1
        return back[codes], [*(str(levels[k]) for k in top), "other"]
    return codes, [str(level) for level in levels]


def _is(labels: Any, value: Any) -> Array:
    return np.asarray(c.encode(np.asarray(labels), (value,)) == 0)


def _low(gap: Gap) -> float:
    return gap.difference.low if gap.difference.low is not None else -math.inf


def _enough(limit: float) -> int:
    """Rows a group needs for the interval of a difference of two shares near one half to be as narrow as the limit."""
    return math.ceil(2 * 0.25 * (intervals.Z / limit) ** 2)
