"""Training that was cut off, blew up, or went in steps too large or too small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlready_nb.adapters import Predictor
from mlready_nb.adapters.curves import Curve, smoothed
from mlready_nb.adapters.describe import attribute
from mlready_nb.checks.declare import check
from mlready_nb.checks.training_process.diverging_validation import drawn, nothing_kept
from mlready_nb.finding import Finding, failed, passed, warned

Array = np.ndarray[Any, Any]

#: Members of an ensemble that are looked at.
MEMBERS = 20


@check("TRN-02.1", "TRN-02.3")
def not_converged(
    predictor: Predictor, curves: list[Curve], *, max_last_fifth: float = 0.15, max_swing: float = 0.5
) -> Finding:
    """Whether the solver reached its end, and whether the loss fell steadily and came to rest.

    What it measures: `n_iter_` against `max_iter` of the final estimator and its members (what scikit-learn's
    ConvergenceWarning says, kept after the warning scrolled away). Of a training loss: NaN or infinity fails; an end
    above the start, or swings in the second half wider than `max_swing` of the whole fall, point to a learning rate that
    is too large; a last fifth of the steps that still brings `max_last_fifth` of the whole fall (an even fall brings
    0.2) to one that is too small or to too few steps.

    Why it matters: A solver that was cut off gives coefficients that hang on the order of the rows and on the version of
    the library; a learning rate that is off wastes most of a training (Bengio 2012).

    Blind spots: Solvers that keep no count. A loss that rests may rest in a bad place.

    How to mend: Scale the columns first (it usually suffices), then raise max_iter; change the learning rate by factors
    of three and look at the curve.
    """
    cut = list(_cut_off(predictor))
    tables = tuple(drawn(c) for c in curves if c.train is not None)[:1]
    for curve in curves:
        bad = [
            n
            for n, s in (("training", curve.train), (curve.side, curve.valid))
            if s is not None and not np.isfinite(s).all()
        ]
        if bad:
            side = curve.train if bad[0] == "training" else curve.valid
            step = int(np.argmin(np.isfinite(np.asarray(side)))) + 1
            return failed(
                f"{curve.source}: the {bad[0]} {curve.metric} is NaN or infinite from step {step:,} of {curve.steps:,} on: the training blew up",
                tables=tables,
                remedy="Lower the learning rate by a factor of ten, clip gradients, scale the inputs, look for NaN in X_train.",
            )
    if cut:
        kind, n, most = cut[0]
        return warned(
            f"{kind} stopped at max_iter={most:,} without converging"
            + (f" ({len(cut)} members)" if len(cut) > 1 else ""),
            measured={"n_iter": n, "max_iter": most},
            tables=tables,
            remedy=f"Put a StandardScaler before it, then raise max_iter (say max_iter={10 * most}); the ConvergenceWarning should vanish.",
        )
    told = [c for c in curves if c.train is not None and c.steps >= 5]
    for curve in told:
        stopped = any(c.used is not None for c in curves)
        said = _rate(curve, 1.0 if stopped else max_last_fifth, max_swing)
        if said is not None:
            why, remedy, share = said
            return warned(
                f"{curve.source}: {why}", measured={"steps": curve.steps, "share": share}, tables=tables, remedy=remedy
            )
    counted = [
        (type(e).__name__, n, most) for e in _members(predictor) if (c := _count(e)) is not None for n, most in [c]
    ]
    if told:
        curve = told[0]
        return passed(
            f"{curve.source}: the training {curve.metric} falls steadily and comes to rest over {curve.steps:,} steps",
            tables=tables,
        )
    if counted:
        kind, n, most = max(counted, key=lambda k: k[1] / k[2])
        return passed(
            f"{kind} converged after {n:,} of at most {most:,} iterations", measured={"n_iter": n, "max_iter": most}
        )
    if curves:
        return passed(
            f"{curves[0].source}: the {curves[0].side} {curves[0].metric} is finite over {curves[0].steps:,} steps; training was not watched"
        )
    return nothing_kept(predictor)


def _members(predictor: Predictor) -> Iterator[Any]:
    final = predictor.info.final
    yield final
    several = attribute(final, "estimators_")
    if several is None:
        return
    for member in np.ravel(np.asarray(several, dtype=object))[:MEMBERS]:
        steps = attribute(member, "steps")
        yield steps[-1][1] if isinstance(steps, list) and steps else member


def _count(estimator: Any) -> tuple[int, int] | None:
    """(iterations, most) of a solver; `None` for ensembles, whose max_iter is their size."""
    if callable(attribute(estimator, "staged_predict")) or "Boosting" in type(estimator).__name__:
        return None
    n, most = attribute(estimator, "n_iter_"), attribute(estimator, "max_iter")
    if n is None or not isinstance(most, (int, np.integer)) or most <= 0:
        return None
    try:
        return int(np.max(np.asarray(n, dtype=float))), int(most)
    except (TypeError, ValueError):
        return None


def _cut_off(predictor: Predictor) -> Iterator[tuple[str, int, int]]:
    for member in _members(predictor):
        count = _count(member)
        stopped_early = (
            attribute(member, "early_stopping") is True and attribute(member, "validation_scores_") is not None
        )
        if count is not None and count[0] >= count[1] and not stopped_early:
            yield type(member).__name__, *count


def _rate(curve: Curve, max_last_fifth: float, max_swing: float) -> tuple[str, str, float] | None:
    """(what is wrong with the way the loss falls, remedy, share); `None` where nothing is."""
    train = np.asarray(curve.train, dtype=float)
    fall = float(train[0] - train.min())
    scale = max(abs(float(train[0])), 1e-12)
    smaller = "Lower the learning rate by a factor of three to ten; scale the inputs."
    if smoothed(train)[-1] > train[0] + 1e-9 * scale and curve.epochs:
        return (
            f"the training {curve.metric} ends at {train[-1]:.4g}, above its start at {train[0]:.4g}: nothing was learnt",
            smaller,
            1.0,
        )
    if fall <= 1e-3 * scale:
        return (
            f"the training {curve.metric} hardly moves over {curve.steps:,} steps ({train[0]:.4g} to {train.min():.4g})",
            "Raise the learning rate by factors of ten until the loss falls; see whether gradients reach all layers.",
            0.0,
        )
    half = train[len(train) // 2 :]
    jumps = np.diff(half)
    swing = float(np.quantile(np.abs(jumps), 0.9)) / fall if len(jumps) >= 5 else 0.0
    if curve.epochs and swing > max_swing and float((jumps > 0).mean()) > 0.25:
        return (
            f"the training {curve.metric} swings by {swing:.0%} of its whole fall from step to step (limit {max_swing:.0%})",
            smaller,
            swing,
        )
    fifth = max(1, len(train) // 5)
    smooth = smoothed(train)
    late = float(smooth[-1 - fifth] - smooth[-1]) / fall
    watched = smoothed(curve.valid) if curve.valid is not None and np.isfinite(curve.valid).all() else None
    if watched is not None:  # where others are watched, their loss says whether more steps would help
        whole = float(watched[0] - watched.min())
        late = min(late, float(watched[-1 - fifth] - watched[-1]) / whole if whole > 0 else 0.0)
    even = fifth / len(train)
    if len(train) >= 10 and late > max_last_fifth * even / 0.2:
        return (
            (
                f"the last fifth of {curve.steps:,} steps still brings {late:.0%} of the whole fall of the {curve.metric} (limit "
                f"{max_last_fifth:.0%}): too few steps, or too small a learning rate"
            ),
            "Train for more steps, or raise the learning rate by a factor of three; stop early on validation rows.",
            late,
        )
    return None
