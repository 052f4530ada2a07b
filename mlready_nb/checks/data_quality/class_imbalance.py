"""Classes that are rare in training, and whether anything was done for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.adapters.parts import estimators
from mlready_nb.checks.declare import check
from mlready_nb.finding import Estimate, Finding, Outcome, Strength, Table, not_applicable, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Task

#: Test rows of a class from which its recall says something.
ENOUGH = 10

#: Parameters that weigh classes, and the values that leave them alone.
WEIGHTS = {
    "class_weight": (None,),
    "class_weights": (None,),
    "auto_class_weights": (None, "None"),
    "scale_pos_weight": (None, 1, 1.0),
    "is_unbalance": (None, False),
    "balanced": (None, False),
}


@check("DAT-01", tasks=(Task.BINARY, Task.MULTICLASS))
def class_imbalance(
    y_train: Any,
    predictor: Predictor | None = None,
    y_test: Any = None,
    y_pred: Any = None,
    *,
    min_ratio: float = 0.1,
    min_recall: float = 0.5,
) -> Finding:
    """Classes with less than a tenth of the rows of the largest one, and whether the model learnt them.

    What it measures: Rows of each class in training against the largest class (deepchecks' and cleanlab's limit of
    0.1). A class below it is a warning when nothing was done for it (class weights, a sampler) and the test rows do
    not show that the model finds at least half of it.

    Why it matters: A learner that counts errors gives a class of 2 % up for free, and accuracy hides it (He & Garcia
    2009).

    Blind spots: Sample weights given to fit are not seen once it is done. A moved threshold shows in the recall only.

    How to mend: class_weight="balanced" or scale_pos_weight, a threshold chosen on validation rows, or more rows of
    the class; judge by recall, precision and PR-AUC of the class, not by accuracy.
    """
    if np.ndim(y_train) != 1:
        return not_applicable("labels of several columns have no single class to be rare")
    codes, classes = frames.codes(y_train)
    counts = np.bincount(codes[codes >= 0], minlength=len(classes))
    if len(counts) < 2:
        return warned(
            f"the training labels hold one class only: {_plain(classes[0])!r} in all {len(codes):,} rows",
            strength=Strength.PROVEN,
        )
    most = int(counts.max())
    rare = [i for i, c in enumerate(counts) if c < min_ratio * most]
    recalls = _recalls(classes, y_test, y_pred)
    rows = tuple((str(classes[i]), int(counts[i]), counts[i] / most, recalls.get(i)) for i in np.argsort(counts)[:30])
    tables = (
        Table(
            title="Rows of each class in training",
            columns=("class", "rows", "of the largest", "recall on test rows"),
            rows=rows,
        ),
    )
    measured = {
        "classes": len(classes),
        "smallest": int(counts.min()),
        "largest": most,
        "ratio": float(counts.min() / most),
    }
    smallest = int(np.argmin(counts))
    said = f"{_plain(classes[smallest])!r} has {counts[smallest]:,} training rows, {counts[smallest] / most:.1%} of the largest class (limit {min_ratio:.0%})"
    if not rare:
        return passed(f"the smallest class, {said}", measured=measured, tables=tables)
    treated = _treated(predictor.raw) if predictor is not None else None
    if treated:
        return passed(f"{said}; {treated}", strength=Strength.HEURISTIC, measured=measured, tables=tables)
    lost = [i for i in rare if i in recalls and recalls[i].value < min_recall]
    unknown = [i for i in rare if i not in recalls]
    if not lost and not unknown:
        found = min(recalls[i].value for i in rare)
        return passed(
            f"{said}, yet the model finds {found:.0%} of the rare test rows or more", measured=measured, tables=tables
        )
    worst = min(lost, key=lambda i: recalls[i].value) if lost else unknown[0]
    result = (
        f"the model finds {recalls[worst]} of {_plain(classes[worst])!r} in the test set"
        if worst in recalls
        else f"fewer than {ENOUGH} test rows tell how it fares"
        if y_pred is not None
        else "no predictions tell how it fares"
    )
    return warned(
        f"{said}; nothing was done for it, and {result}",
        measured=measured,
        tables=tables,
        points={"DAT-01.4": Outcome.WARN},
        strength=Strength.MEASURED if worst in recalls else Strength.HEURISTIC,
        remedy='Weigh the classes (class_weight="balanced"; scale_pos_weight for boosted trees) or choose the threshold on validation '
        "rows, and judge by the recall and precision of the class.",
    )


def _recalls(classes: Any, y_test: Any, y_pred: Any) -> dict[int, Estimate]:
    """Position of a class -> recall, for classes with enough test rows."""
    if y_test is None or y_pred is None or np.ndim(y_test) != 1 or len(y_test) != len(y_pred):
        return {}
    found = {}
    right = np.asarray(y_test) == np.asarray(y_pred)
    for i, name in enumerate(classes):
        mine = np.asarray(y_test) == name
        n = int(mine.sum())
        if n >= ENOUGH:
            hits = int(right[mine].sum())
            low, high = intervals.wilson(hits, n)
            found[i] = Estimate(value=hits / n, low=low, high=high, n=n, method="wilson")
    return found


def _treated(model: Any) -> str | None:
    """What was done for rare classes, as far as the model shows."""
    for part in estimators(model):
        if hasattr(part, "fit_resample"):
            return f"{type(part).__name__} resamples the training rows"
        for name, neutral in WEIGHTS.items():
            value = _parameter(part, name)
            if not _among(value, neutral):
                return f"{type(part).__name__} was given {name}={value!r:.60}"
        if type(part).__module__.startswith("imblearn.ensemble"):
            return f"{type(part).__name__} balances the classes by itself"
    return None


def _plain(label: Any) -> Any:
    return label.item() if hasattr(label, "item") else label


def _parameter(part: Any, name: str) -> Any:
    try:
        return part.get_params(deep=False).get(name)
    except Exception:
        return getattr(part, "params", {}).get(name) if isinstance(getattr(part, "params", None), dict) else None


def _among(value: Any, neutral: Sequence[Any]) -> bool:
    return any(value is n or (isinstance(value, (int, float, str)) and value == n) for n in neutral)
