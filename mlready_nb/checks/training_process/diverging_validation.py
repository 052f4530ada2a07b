"""Training that went on after the validation loss had turned."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.adapters import Predictor
from mlready_nb.adapters.curves import REPLAYED, Curve, is_finite, noise, smoothed, width_of
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Table, not_applicable, not_run, passed, warned

#: Points of a curve that are drawn.
DRAWN = 25


@check("TRN-02.1", "TRN-02.2")
def diverging_validation(
    predictor: Predictor,
    curves: list[Curve],
    *,
    max_rise: float = 0.1,
    max_replayed_rise: float = 0.75,
    min_tail: float = 0.2,
) -> Finding:
    """Loss curves of training and validation, and whether the second turned while the first went on falling.

    What it measures: The curves that the model kept (`loss_curve_`, `validation_scores_`, `evals_result()`), a History,
    dict, table or pair of lists in the notebook, and the replay of a boosted model member by member on 1,000 training and
    validation (else test) rows, for which the limit is `max_replayed_rise`. It warns when the smoothed validation loss ends more than `max_rise` above its lowest
    point (as a share of it, and beyond its own jumps), at least `min_tail` of the steps before the end, and the training
    loss fell in the meantime; unless early stopping or restored weights took the best step.

    Why it matters: From the turn on the model learns the rows instead of the rule (Prechelt 1998, early stopping).

    Blind spots: A model of another notebook cell may have left the history. Accuracy may hold while the loss rises: then
    only the probabilities suffer. Curves that nobody kept are unknown.

    How to mend: Stop early on validation rows (early_stopping=True, early_stopping_rounds, EarlyStopping with
    restore_best_weights=True), fewer members or a smaller learning rate, more regularisation.
    """
    two = [c for c in curves if c.valid is not None]
    if not curves:
        return nothing_kept(predictor)
    tables = tuple(drawn(c) for c in sorted(curves, key=lambda c: c.valid is None)[:2])
    measured: dict[str, Any] = {"curves": len(curves), "steps": max(c.steps for c in curves)}
    if not two:
        first = curves[0]
        return passed(
            f"{first.source}: the training {first.metric} was kept over {first.steps:,} steps; no validation rows were watched, so a "
            "turn would not have been seen (train-test-gap judges the end)",
            measured=measured,
            tables=tables,
        )
    limits = {c.source: max_replayed_rise if c.source == REPLAYED else max_rise for c in two}
    turns = [(c, *turn) for c in two if (turn := _turn(c, limits[c.source], min_tail)) is not None]
    losses = [t for t in turns if "score" not in t[0].metric]
    if losses:
        curve, best, rise = max(losses, key=lambda t: t[2])
        train = f" while the training {curve.metric} fell on" if curve.train is not None else ""
        return warned(
            f"{curve.source}: the {curve.side} {curve.metric} was lowest at step {best + 1:,} of {curve.steps:,} and ends "
            f"{rise:.0%} above it (limit {limits[curve.source]:.0%}){train}",
            measured={**measured, "best_step": best + 1, "rise": rise},
            tables=tables,
            remedy="Stop early on validation rows and keep the best step (early_stopping=True, early_stopping_rounds=20, "
            "EarlyStopping(restore_best_weights=True)); regularise more.",
        )
    curve = two[0]
    end = f"early stopping took step {curve.used + 1:,}" if curve.used is not None else "it does not turn"
    return passed(
        f"{curve.source}: {curve.side} {curve.metric} over {curve.steps:,} steps: {end}",
        measured=measured,
        tables=tables,
    )


def nothing_kept(predictor: Predictor) -> Finding:
    """What to say where there is no curve."""
    final, kind = predictor.info.final, type(predictor.info.final).__name__
    home = type(final).__module__.partition(".")[0]
    bases = {b.__module__.partition(".")[0] for b in type(final).__mro__}
    if bases & {"keras", "tensorflow", "torch", "lightning", "pytorch_lightning"} or home in (
        "skorch",
        "xgboost",
        "lightgbm",
        "catboost",
    ):
        return not_run(
            f"no training history of the {kind} was found. Keep it in a variable: history = model.fit(..., validation_data=...), "
            "eval_set=[(X_valid, y_valid)] for boosting, or two lists train_losses and val_losses"
        )
    return not_applicable(f"a {kind} is not trained step by step, or keeps no curve: there is none to look at")


def _turn(curve: Curve, max_rise: float, min_tail: float) -> tuple[int, float] | None:
    """(best step, rise above it as a share) of a validation loss that turned."""
    valid = curve.valid
    if valid is None or not is_finite(valid) or curve.used is not None:
        return None
    smooth = smoothed(valid)
    best, last = int(np.argmin(smooth)), len(smooth) - 1
    rise = float(smooth[last] - smooth[best])
    if last - best < max(3, min_tail * last) or rise <= 5 * noise(valid) / width_of(valid) ** 0.5:
        return None
    level = abs(float(smooth[best]))
    if valid.max() <= 0:  # a score, turned round: what matters is how much of it is lost
        level = max(level, 0.5)
    share = rise / max(level, 1e-12)
    train = curve.train
    if share <= max_rise or (
        train is not None and len(train) == len(valid) and smoothed(train)[last] >= smoothed(train)[best]
    ):
        return None
    return best, share


def drawn(curve: Curve) -> Table:
    """At most 25 points of a curve, as they were kept."""
    flip = -1.0 if curve.metric == "validation score" or (curve.valid is not None and curve.valid.max() < 0) else 1.0
    sides = [(n, s) for n, s in (("training", curve.train), (curve.side, curve.valid)) if s is not None]
    at = np.unique(np.linspace(0, curve.steps - 1, min(DRAWN, curve.steps)).astype(int))
    rows = tuple(
        (int(i) + 1, *(float(f"{flip * float(s[i]):.5g}") if i < len(s) else None for _, s in sides)) for i in at
    )
    return Table(
        title=f"{curve.metric} ({curve.source})", columns=("step", *(n for n, _ in sides)), rows=rows, chart="curve"
    )
