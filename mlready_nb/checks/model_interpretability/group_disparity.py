"""Whether groups of people are served differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlready_nb.checks.declare import check
from mlready_nb.checks.model_interpretability.group_gaps import WORDS, Gap, enough_for, low_of, rates, residuals
from mlready_nb.checks.model_interpretability.groups_of import CROSSED, Grouping, comparisons, groupings, too_small
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, failed, inconclusive, not_applicable, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Task

#: Surely below the ratio, yet fewer than this many in a hundred apart: too rare an answer to say more.
RARE = 0.02
#: Tables of crossings that are kept, those with the surest gaps.
CROSSINGS = 2


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
    min_rmse_ratio: float = 0.67,
    min_group: int = 30,
) -> Finding:
    """Selection rate, true and false positive rates by group and by crossings of two and three.

    What it measures: For each sensitive column and each crossing of two or three: selection rate, true positive rate, false
    positive rate and accuracy by group with Wilson's interval; the largest difference between two groups with
    Newcombe's interval, widened for the number of comparisons; the ratio of smallest to largest. Terms as in fairlearn
    (Bird et al. 2020); equalised odds after Hardt et al. 2016. A gap in true or false positive rates is a warning when
    its whole interval lies beyond `max_difference` and fails beyond `fail_difference`; a gap in selection rates is a
    warning at most, also when the ratio is surely below `min_ratio` (the four-fifths rule) and the gap above 0.02,
    because base rates may differ. For a regression: the mean residual by group, in standard deviations of y, and a warning when the
    ratio of the smallest to the largest RMSE is surely below `min_rmse_ratio`. Columns of more than six groups are not
    crossed.

    Why it matters: An average can rest on one group being served far worse than another; that is harm, and in hiring,
    credit and housing unlawful.

    Blind spots: Only groups that are in the data. Labels may carry the unfairness themselves. Groups with fewer than
    `min_group` rows (for a true positive rate: positives) are named and left out; a ratio never passes alone.

    How to mend: Look at the labels and at the rows behind the gap first; collect rows of the worse-served group;
    then constraints while training or thresholds by group (fairlearn), with a lawyer at the table.
    """
    matching(y_test, y_pred)
    columns, crossings = groupings(sensitive_features, len(y_test))
    if not columns:
        return not_applicable("each sensitive column has one group only in the test set")
    measure, judged = (rates, 3) if task.classifies else (residuals, 2)
    gaps: list[Gap] = []
    tables: dict[str, Table] = {}
    alone, together = (
        intervals.quantile(comparisons(of, judged, min_group)) for of in (columns, [*columns, *crossings])
    )
    for of in (*columns, *crossings):
        found, table = measure(of, y_test, y_pred, class_names, together if of.order > 1 else alone, min_group)
        gaps += found
        if table is not None:
            tables[of.name] = table
    sure = sorted((g for g in gaps if g.crossing), key=lambda g: -low_of(g))
    kept = [c.name for c in columns] + list(dict.fromkeys(g.column for g in sure))[:CROSSINGS]
    return _verdict(
        gaps,
        tuple(tables[name] for name in kept if name in tables),
        too_small([*columns, *crossings], min_group),
        columns,
        len(crossings),
        task,
        max_difference,
        fail_difference,
        min_ratio,
        min_rmse_ratio,
        min_group,
        len(y_test),
    )


def _verdict(
    gaps: list[Gap],
    tables: tuple[Table, ...],
    few: str,
    columns: list[Grouping],
    crossings: int,
    task: Task,
    max_difference: float,
    fail_difference: float,
    min_ratio: float,
    min_rmse_ratio: float,
    min_group: int,
    n: int,
) -> Finding:
    judged = ("selection_rate", "true_positive_rate", "false_positive_rate") if task.classifies else ("mean_residual",)
    errors = [
        g for g in gaps if g.rate not in ("selection_rate", "accuracy", "rmse")
    ]  # accuracy follows the base rates
    surely = sorted((g for g in errors if low_of(g) > max_difference), key=lambda g: -low_of(g))
    selected = [g for g in gaps if g.rate == "selection_rate" and low_of(g) > max_difference]
    selected += [
        g
        for g in gaps
        if g.rate == "selection_rate"
        and g not in selected
        and g.ratio is not None
        and (g.ratio.high or 1) < min_ratio
        and low_of(g) > RARE
    ]
    selected += [g for g in gaps if g.rate == "rmse" and g.ratio is not None and (g.ratio.high or 1) < min_rmse_ratio]
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
    measured = _odds(gaps) | dict(list(measured.items())[:60])
    rest: dict[str, Any] = {"measured": measured, "tables": tables[:12]}
    wide = [c.name for c in columns if len(c.levels) > CROSSED]
    looked = ", ".join(c.name for c in columns) + (f" and {crossings} crossings" if crossings else "")
    if wide and len(columns) > 1:
        few = f"; {', '.join(wide)} not crossed (more than {CROSSED} groups){few}"
    remedy = "See the rows behind the gap and their labels; collect more of the worse-served group; then fairlearn's reductions or ThresholdOptimizer."
    if surely or selected:
        worst = surely[0] if surely else max(selected, key=low_of)
        hard = bool(surely) and low_of(worst) > fail_difference and worst.rate != "mean_residual"
        others = len({(g.column, g.rate, g.positive) for g in (*surely, *selected)}) - 1
        more = f"; {others} more gaps beyond {max_difference:g}" if others else ""
        ratio = (
            f" (ratio {worst.ratio})" if worst.ratio is not None and worst.rate in ("selection_rate", "rmse") else ""
        )
        return (failed if hard else warned)(f"{worst}{ratio}{more}{few}", remedy=remedy, **rest)
    plain = [g for g in gaps if not g.crossing and g.rate not in ("accuracy", "rmse")]
    untold = [
        (c.name, r) for c in columns for r in judged if not any(g.column == c.name and g.rate == r for g in plain)
    ]
    unsure = [g for g in plain if (g.difference.high or 1) > max_difference]
    if unsure or untold:
        if unsure:
            why = f"{max(unsure, key=lambda g: g.difference.high or 0)}, and the limit is {max_difference:g}"
        else:
            column, rate = untold[0]
            rows = {"true_positive_rate": " positive", "false_positive_rate": " negative"}.get(rate, "")
            why = f"no two groups of {column} have {min_group}{rows} rows each, so no {WORDS[rate]} can be compared"
        need = enough_for(max_difference)
        return inconclusive(
            f"{n:,} test rows cannot tell: {why}; about {need:,} rows in each group would do{few}", **rest
        )
    worst = max(plain, key=lambda g: g.difference.value)
    return passed(f"no gap beyond {max_difference:g} by {looked}: the largest is {worst}{few}", **rest)


def _odds(gaps: list[Gap]) -> dict[str, Estimate]:
    """Equalised odds by column: the larger of the gaps in true and false positive rate (Hardt et al. 2016)."""
    found: dict[str, Estimate] = {}
    for g in gaps:
        if (
            not g.largest
            or g.crossing
            or g.positive is not None
            or g.rate not in ("true_positive_rate", "false_positive_rate")
        ):
            continue
        name = f"equalised_odds_difference ({g.column})"
        if name not in found or g.difference.value > found[name].value:
            found[name] = g.difference
    return found
