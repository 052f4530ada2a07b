"""The goals that were stated, against what the test set can show."""

from __future__ import annotations

import math

from mlready_nb.checks.declare import check
from mlready_nb.finding import Estimate, Finding, Measure, Table, failed, inconclusive, not_applicable, passed
from mlready_nb.scores import LOWER_IS_BETTER, RESOURCES, canonical
from mlready_nb.subjects import Target


@check("FIN-01")
def stated_goals(targets: tuple[Target, ...], scores: dict[str, Estimate]) -> Finding:
    """Whether each stated goal is met beyond the luck of the test set's draw.

    What it measures: Each goal of %mlready target against the bound of the metric's 95 % interval that counts: the
    lower one for recall >= 0.8, the upper one for log_loss <= 0.3.

    Why it matters: 0.81 measured on 200 rows does not show 0.8; a release that rests on it is a coin's throw.

    Blind spots: Goals for latency, throughput and memory are held by checks of their own. What is measured nowhere
    (money, latency under load) stays open.

    How to mend: Missed: improve the model, or agree on another goal with those who set it. Inconclusive: test on more
    rows.
    """
    targets = tuple(g for g in targets if canonical(g.metric) not in RESOURCES)
    if not targets:
        return not_applicable(
            "the stated goals are about time and memory: prediction-latency and memory-needed hold them"
        )
    rows: list[tuple[Measure, ...]] = []
    met: list[Target] = []
    missed: list[Target] = []
    unsure: list[Target] = []
    unknown: list[Target] = []
    for goal in targets:
        found = _score(scores, goal.metric)
        if found is None:
            verdict, group = "not measured", unknown
        else:
            low = -math.inf if found.low is None else found.low  # an interval that is not known decides nothing
            high = math.inf if found.high is None else found.high
            sure = low >= goal.value if goal.op == ">=" else high <= goal.value
            lost = high < goal.value if goal.op == ">=" else low > goal.value
            verdict, group = ("met", met) if sure else ("missed", missed) if lost else ("cannot be told", unsure)
        group.append(goal)
        rows.append((str(goal), found, verdict))
    table = Table(title="Stated goals", columns=("goal", "measured", "verdict"), rows=tuple(rows))
    where = {g: e for g in targets if (e := _score(scores, g.metric)) is not None}
    measured = {canonical(g.metric): e for g, e in where.items()}
    odd = [g for g in targets if (canonical(g.metric) in LOWER_IS_BETTER) == (g.op == ">=")]
    note = (
        f"; {odd[0]} asks for a worse model: less {odd[0].metric} is better"
        if odd and odd[0].metric in LOWER_IS_BETTER
        else ""
    )
    if missed:
        return failed(
            "; ".join(f"{g} is missed: {where[g]}" for g in missed) + note,
            measured=measured,
            tables=(table,),
            remedy="Improve the model, or agree on another goal with those who set it.",
        )
    if unsure or unknown:
        said = [f"{g} cannot be told: {where[g]} on {where[g].n:,} rows" for g in unsure]
        said += [f"{g} is not measured here; known: {', '.join(scores)}" for g in unknown]
        return inconclusive(
            "; ".join(said) + note,
            measured=measured,
            tables=(table,),
            remedy="Test on more rows, so that the interval lies on one side of the goal.",
        )
    return passed("; ".join(f"{g} is met: {where[g]}" for g in met) + note, measured=measured, tables=(table,))


def _score(scores: dict[str, Estimate], metric: str) -> Estimate | None:
    """What was measured for a goal's metric; of several classes the plain names are macro averages already."""
    name = canonical(metric)
    if name in scores or "f1_macro" in scores:
        return scores.get(name)
    return scores.get(name.removesuffix("_macro"))
