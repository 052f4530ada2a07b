"""Features, labels and predictions of the test set against training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Table, failed, inconclusive, passed, warned
from mlready_nb.metrics import drift
from mlready_nb.metrics.drift import Shift
from mlready_nb.subjects import Budget, Task

Array = np.ndarray[Any, Any]

#: Rows of a side that are compared at most, evenly spread over it; columns at most.
ROWS, COLUMNS = 50_000, 1_000
#: Rows of both sides up to which a p-value (Kolmogorov-Smirnov) is shown.
KS_ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One column or the labels, compared."""

    name: str
    shift: Shift
    #: in standard deviations; NaN for categories
    wasserstein: float = math.nan
    ks: float | None = None


@check("DAT-01.4")
def distribution_shift(
    X_train: Any,
    X_test: Any,
    budget: Budget,
    y_train: Any = None,
    y_test: Any = None,
    y_pred_train: Any = None,
    y_pred: Any = None,
    task: Any = None,
    *,
    warn_psi: float = 0.1,
    fail_psi: float = 0.25,
    certain: float = 0.001,
) -> Finding:
    """Distance of each feature, of the labels and of the predictions between training and test.

    What it measures: The population stability index over at most ten bins of equal weight (twenty categories), less
    what chance gives for so few rows, with the Jensen-Shannon distance and, for numbers, the Wasserstein distance in
    standard deviations. It warns where the index beyond chance exceeds `warn_psi` and chance is ruled out over all
    columns; it fails where the 95 % lower bound exceeds `fail_psi` (the customary 0.1 and 0.25; Siddiqi 2006). Up to
    1,000 rows a Kolmogorov-Smirnov p-value is shown and decides nothing. Training rows that were resampled to equal
    classes are weighted back first. Predictions are shown, and judged by their features and labels.

    Why it matters: A test set from another population tells nothing about production that looks like training, and
    the other way round (Breck et al. 2019; Rabanser et al. 2019).

    Blind spots: A change of the joint distribution that leaves every column alone. Times and running numbers that go
    on from training to test differ by design and are left out.

    How to mend: Find what differs in how the sides were made (period, source, filter). Where time is the cause, test
    on the latest period on purpose and say so; where not, split at random.
    """
    ours = _labels(y_train, y_test, task)
    weights = _weights(*ours) if ours is not None else None
    n_a, n_b = frames.n_rows(X_train), frames.n_rows(X_test)
    if min(n_a, n_b) < 20:
        return inconclusive(
            f"{min(n_a, n_b):,} rows on one side are too few to compare distributions; 20 are the least"
        )
    pick_a, pick_b = _even(n_a), _even(n_b)
    if weights is not None:
        weights = weights[pick_a] if len(weights) == n_a else None
    compared, skipped = _features(X_train, X_test, pick_a, pick_b, weights, budget)
    labels = _compare("labels", ours[0], ours[1], None) if ours is not None and weights is None else None
    predictions = None
    if y_pred_train is not None and y_pred is not None and (said := _labels(y_pred_train, y_pred, task)) is not None:
        predictions = _compare("predictions", said[0], said[1], None)
    judged = [*compared, *([labels] if labels is not None else [])]
    if not judged:
        return inconclusive("the training and the test set have no column in common that can be compared")
    level = certain / len(judged)
    shifted = [c for c in judged if c.shift.beyond > warn_psi and c.shift.p_value < level]
    far = [c for c in shifted if c.shift.low > fail_psi]
    worst = sorted([*judged, *([predictions] if predictions else [])], key=lambda c: -c.shift.beyond)
    table = Table(
        title="Training against test",
        columns=("what", "PSI", "by chance", "Jensen-Shannon", "Wasserstein (sd)", "KS p"),
        rows=tuple(
            (
                c.name,
                c.shift.psi,
                c.shift.chance,
                c.shift.js,
                None if math.isnan(c.wasserstein) else c.wasserstein,
                c.ks,
            )
            for c in worst[:20]
        ),
        note=f"the 20 farthest of {len(worst):,}" if len(worst) > 20 else None,
    )
    measured: dict[str, Any] = {
        "columns": len(compared),
        "shifted": len(shifted),
        "largest_psi": worst[0].shift.psi,
        "chance_psi": worst[0].shift.chance,
    }
    if labels is not None:
        measured["label_psi"] = labels.shift.psi
    if predictions is not None:
        measured["prediction_psi"] = predictions.shift.psi
    rest: dict[str, Any] = {
        "measured": measured,
        "tables": (table,),
        "sampled": (ROWS, max(n_a, n_b)) if max(n_a, n_b) > ROWS else None,
    }
    note = f"; left out: {', '.join(map(repr, skipped[:3]))}, which run on from training to test" if skipped else ""
    note += f" ({ROWS:,} of {max(n_a, n_b):,} rows compared)" if rest["sampled"] else ""
    if shifted:
        top = max(shifted, key=lambda c: c.shift.beyond)
        some = ", ".join(repr(c.name) for c in sorted(shifted, key=lambda c: -c.shift.beyond)[:4])
        return (failed if far else warned)(
            f"{len(shifted)} of {len(judged):,} distributions differ between training and test ({some}): PSI of {top.name!r} is "
            f"{top.shift.psi:.2f}, where chance gives {top.shift.chance:.2f} (limits {warn_psi:g} and {fail_psi:g}){note}",
            remedy=f"Look at both sides of {top.name!r}: pd.concat({{'train': X_train[{top.name!r}].describe(), 'test': X_test[{top.name!r}].describe()}}, axis=1); "
            "then at what differs in how they were made (period, source, filter, units)."
            if top is not labels
            else "Stratify the split: train_test_split(X, y, stratify=y), or say why the test period has other class shares.",
            **rest,
        )
    blind = max(c.shift.chance for c in judged)
    if blind > fail_psi:
        return inconclusive(
            f"{min(n_a, n_b):,} rows cannot show a shift: chance alone gives a PSI of {blind:.2f} (limit {fail_psi:g})",
            **rest,
        )
    return passed(
        f"{len(judged):,} distributions agree between training and test: largest PSI {worst[0].shift.psi:.3f}, of which chance gives "
        f"{worst[0].shift.chance:.3f} (limit {warn_psi:g}){note}",
        **rest,
    )


def _features(
    X_train: Any, X_test: Any, pick_a: Array, pick_b: Array, weights: Any, budget: Budget
) -> tuple[list[Compared], list[str]]:
    if frames.is_sparse(X_train) or frames.is_sparse(X_test):
        return [], []
    ours, theirs = frames.column_names(X_train), frames.column_names(X_test)
    named = frames.is_frame(X_train) and frames.is_frame(X_test)
    if not named and len(ours) != len(theirs):
        return [], []
    a, b = (
        X if len(pick) == frames.n_rows(X) else frames.take(X, pick)
        for X, pick in ((X_train, pick_a), (X_test, pick_b))
    )
    kinds = frames.kinds(X_train)
    compared, skipped = [], []
    for position, name in enumerate(ours[:COLUMNS]):
        if position % 20 == 0:
            budget.check()
        other = name if named else theirs[position]
        if other not in theirs or kinds[name] == "other":
            continue
        one, two = frames.column(a, name), frames.column(b, other)
        if _runs_on(one, two):
            skipped.append(name)
            continue
        found = _compare(name, one, two, weights)
        if found is not None:
            compared.append(found)
    return compared, skipped


def _compare(name: str, a: Array, b: Array, weights: Any) -> Compared | None:
    n_a = float(weights.sum()) ** 2 / float((weights**2).sum()) if weights is not None else None
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.kind in "fiu" and b.dtype.kind in "fiu":
        a, b = a.astype(float), b.astype(float)
        one, two = drift.binned(a, b, weights)
        ks = None
        if len(a) + len(b) <= KS_ROWS and weights is None:
            from scipy.stats import ks_2samp

            if np.isfinite(a).any() and np.isfinite(b).any():
                ks = float(ks_2samp(a[np.isfinite(a)], b[np.isfinite(b)]).pvalue)
        return Compared(name=name, shift=drift.shift(one, two, n_a=n_a), wasserstein=drift.wasserstein(a, b), ks=ks)
    if a.dtype.kind in "mM" or b.dtype.kind in "mM":
        return None
    texts = np.concatenate([np.asarray(a, dtype=object), np.asarray(b, dtype=object)])
    codes, distinct = frames.codes(texts)
    if len(distinct) > 0.5 * len(texts) and len(distinct) > 50:
        return None  # ids and free text: every value is its own
    one, two = drift.counted(codes[: len(a)], codes[len(a) :], weights)
    return Compared(name=name, shift=drift.shift(one, two, n_a=n_a))


def _runs_on(a: Array, b: Array) -> bool:
    """True for time and counters: one side begins where the other ends, and many values occur."""
    if a.dtype.kind not in "fiuM" or b.dtype.kind != a.dtype.kind:
        return False
    a, b = a[~frames.missing_mask(a)], b[~frames.missing_mask(b)]
    if len(a) < 20 or len(b) < 20 or a.dtype.kind == "M":
        return False
    ordered = bool((np.diff(a) >= 0).all() and (np.diff(b) >= 0).all())
    return ordered and bool(a[-1] <= b[0]) and len(np.unique(b)) > 2


def _labels(a: Any, b: Any, task: Any) -> tuple[Array, Array] | None:
    if a is None or b is None or task is None or np.ndim(a) != 1 or np.ndim(b) != 1:
        return None
    if task is Task.REGRESSION:
        return np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.asarray(a, dtype=object), np.asarray(b, dtype=object)


def _weights(a: Array, b: Array) -> Array | None:
    """Weights that give resampled training rows the class shares of the test set; `None` where nothing was resampled."""
    if a.dtype.kind != "O":
        return None
    codes, distinct = frames.codes(np.concatenate([a, b]))
    one, two = (np.bincount(c, minlength=len(distinct)) for c in (codes[: len(a)], codes[len(a) :]))
    balanced = one.max() - one.min() <= 1 and len(distinct) > 1  # to the row: no accident
    if not balanced or two.min() > 0.8 * two.max() or two.min() == 0:
        return None
    share = (two / two.sum()) / (one / one.sum())
    return np.asarray(share[codes[: len(a)]], dtype=float)


def _even(n: int) -> Array:
    return np.arange(n) if n <= ROWS else np.linspace(0, n - 1, ROWS).astype(np.intp)
