"""Labels that are missing, of the wrong length, or never seen in training."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Strength, failed, passed, warned
from mlready_nb.subjects import Task


@check("DAT-01", "EVA-02")
def unusable_labels(
    raw_labels: dict[str, Any],
    X_test: Any = None,
    X_train: Any = None,
    task: Any = None,
    class_names: Any = None,
    *,
    max_unknown: float = 0.05,
) -> Finding:
    """Labels that no metric can be taken over: missing, too few or too many, or of a class the model cannot know.

    What it measures: For each split: rows against labels, missing labels, infinite targets; and test labels that
    occur neither in training nor among the model's classes (a warning up to a share of `max_unknown`: a rare class
    that the split put on one side).

    Why it matters: Every score below rests on these labels; a metric either refuses them or, worse, drops them
    silently.

    Blind spots: Wrong labels look like right ones. A split that is not found is not looked at.

    How to mend: Drop unlabelled rows from X and y together before the split; stratify so that each class is on both
    sides.
    """
    faults: list[str] = []
    measured: dict[str, int] = {}
    widths = {"y_train": X_train, "y_test": X_test}
    for name, raw in raw_labels.items():
        values = frames.labels(raw)
        measured[f"n_{name[2:]}"] = len(values)
        if len(values) == 0:
            faults.append(f"{name} is empty")
            continue
        X = widths.get(name)
        if X is not None and frames.n_rows(X) != len(values):
            faults.append(f"{name} has {len(values):,} labels for {frames.n_rows(X):,} rows")
        gaps = int(frames.missing_mask(values).sum())
        if gaps:
            faults.append(f"{name} has {gaps:,} missing labels of {len(values):,}")
        elif values.dtype.kind == "f" and not np.isfinite(values).all():
            faults.append(f"{name} has {int((~np.isfinite(values)).sum()):,} infinite values")
    strange, rows = _strangers(raw_labels, task, class_names) if not faults else ([], 0)
    if strange:
        n = measured["n_test"]
        measured["rows_of_unknown_class"] = rows
        said = (
            f"{rows:,} of {n:,} labels of y_test are of {len(strange)} classes that occur neither in training nor in the model: "
            + ", ".join(repr(s) for s in strange[:4])
        )
        if rows <= max_unknown * n:
            return warned(
                said,
                strength=Strength.PROVEN,
                measured=measured,
                remedy="Split with stratify=y, or merge classes that are too rare to be on both sides.",
            )
        faults.append(said)
    if faults:
        return failed(
            "; ".join(faults),
            strength=Strength.PROVEN,
            measured=measured,
            remedy="Mend the labels before the split: keep = y.notna(); X, y = X[keep], y[keep]. "
            "If these are the wrong variables: %mlready use y_train=<variable> y_test=<variable>",
        )
    said = " and ".join(f"{n:,} in {name[2:]}" for name, n in measured.items())
    return passed(f"every row has a usable label: {said}", strength=Strength.PROVEN, measured=measured)


def _strangers(raw: dict[str, Any], task: Any, class_names: Any) -> tuple[list[Any], int]:
    """Classes of the test set that nothing else knows, and how many of its rows have them."""
    if task not in (Task.BINARY, Task.MULTICLASS) or "y_test" not in raw or "y_train" not in raw:
        return [], 0
    train, test = (frames.labels(raw[n], one_hot=True, class_names=class_names) for n in ("y_train", "y_test"))
    if train.ndim != 1 or test.ndim != 1:
        return [], 0
    known = {*train.tolist(), *(class_names or ())}
    unknown = [v for v in test.tolist() if v not in known]
    return sorted(set(unknown), key=str), len(unknown)
