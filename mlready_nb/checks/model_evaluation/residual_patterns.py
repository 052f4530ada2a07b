"""What a regression's errors have in common: a lean to one side, a bend, a spread that grows."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, inconclusive, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Task

Array = np.ndarray[Any, Any]

#: Test rows below which no pattern can be told, and bins of the prediction.
FEW, BINS = 50, 10


@check("EVA-04.1", "EVA-04.2", tasks=(Task.REGRESSION,))
def residual_patterns(
    y_test: Any, y_pred: Any, *, max_bias: float = 0.1, max_bend: float = 0.3, max_spread: float = 4.0
) -> Finding:
    """Bias over all, bias along the prediction, and how much the spread of the errors grows.

    What it measures: The mean error (predicted minus true) with its 95 % interval, in standard deviations of y; the same
    in ten bins of the prediction; the ratio of the widest to the narrowest bin's spread. It warns when the whole
    interval of the mean error lies beyond `max_bias`, or of one bin (widened for ten) beyond `max_bend`. A spread that
    differs more than `max_spread` times between bins is said: one interval for all predictions would then be wrong.

    Why it matters: A model that is right on average can be wrong for all large values at once; a bias is money in one
    direction (Gelman & Hill 2007 on residual plots).

    Blind spots: Patterns along other columns show in weak-slices. Errors that hang together in time are not looked for.

    How to mend: Bias: see whether training and test are of the same time and unit, or whether a log was taken and not
    undone. A bend: a transformed target, interactions, a tree model. A spread: predict quantiles, or log the target.
    """
    matching(y_test, y_pred)
    y, said = np.asarray(y_test, dtype=float), np.asarray(y_pred, dtype=float)
    n, scale = len(y), float(np.std(y))
    if n < FEW or not math.isfinite(scale) or scale == 0:
        return inconclusive(
            f"{n:,} test rows{' of one value' if n and scale == 0 else ''} show no pattern of errors; {FEW} are needed"
        )
    errors = (said - y) / scale
    low, high = intervals.mean_interval(errors)
    bias = Estimate(value=float(errors.mean()), low=low, high=high, n=n, method="normal")
    bins = _bins(said, errors)
    table = Table(
        title="Errors along the prediction (in standard deviations of y)",
        columns=("prediction", "mean error", "spread", "n"),
        rows=tuple((label, estimate, spread, estimate.n) for label, estimate, spread in bins),
        chart="intervals",
    )
    spreads = [spread for _, estimate, spread in bins if (estimate.n or 0) >= FEW // 2 and spread > 0]
    ratio = max(spreads) / min(spreads) if len(spreads) > 1 else None
    measured = {"bias": bias, "spread_ratio": ratio, "y_std": scale}
    grows = (
        f"; the errors' spread differs {ratio:.1f} times along the prediction" if ratio and ratio > max_spread else ""
    )
    rest: dict[str, Any] = {"measured": measured, "tables": (table,)}
    if max(low, -high) > max_bias:
        way = "high" if bias.value > 0 else "low"
        return warned(
            f"predictions are too {way} by {abs(bias.value):.2f} standard deviations of y ({bias}, limit {max_bias:g}, {n:,} test rows){grows}",
            remedy="See whether X_test and y_test are of the same time and unit as the training rows, and whether a log of the "
            "target was undone (np.expm1) and how.",
            **rest,
        )
    bent = [
        (label, e)
        for label, e, _ in bins
        if e.low is not None and e.high is not None and max(e.low, -e.high) > max_bend
    ]
    if bent:
        label, worst = max(bent, key=lambda b: abs(b[1].value))
        way = "high" if worst.value > 0 else "low"
        return warned(
            f"where the prediction is {label} it is too {way} by {abs(worst.value):.2f} standard deviations of y ({worst}, "
            f"limit {max_bend:g}, n = {worst.n:,}){grows}",
            remedy="The model bends where the data do not: transform the target (TransformedTargetRegressor), add interactions, "
            "or take a model that can bend.",
            **rest,
        )
    return passed(
        f"mean error {bias} standard deviations of y (limit {max_bias:g}), no bend along the prediction{grows}", **rest
    )


def _bins(said: Array, errors: Array) -> list[tuple[str, Estimate, float]]:
    """(range, mean error, spread) of at most ten bins of equally many rows, intervals widened for ten."""
    edges = np.unique(np.quantile(said, np.linspace(0, 1, BINS + 1)[1:-1]))
    place, z = np.searchsorted(edges, said, side="left"), intervals.quantile(BINS)
    names = [
        f"below {edges[0]:.4g}",
        *(f"{a:.4g} to {b:.4g}" for a, b in itertools.pairwise(edges)),
        f"above {edges[-1]:.4g}",
    ]
    found = []
    for b, name in enumerate(names):
        mine = errors[place == b]
        if len(mine) < 5:
            continue
        spread = float(mine.std(ddof=1))
        half, mean = z * max(spread, 1e-12) / math.sqrt(len(mine)), float(mine.mean())
        estimate = Estimate(value=mean, low=mean - half, high=mean + half, n=len(mine), method="normal, corrected")
        found.append((name, estimate, spread))
    return found
