"""Numbers that stand apart: codes for missing, slips of a unit, infinities."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Table, not_applicable, passed, warned
from mlready_nb.metrics import tails
from mlready_nb.subjects import Budget, Task

#: Values of a column that are sorted at most; beyond, an even sample with all of both ends.
COLUMNS = 2_000


@check("DAT-01.3", "DRQ-01.2")
def extreme_values(
    X_train: Any,
    budget: Budget,
    X_test: Any = None,
    y_train: Any = None,
    task: Any = None,
    *,
    min_count: int = 3,
    min_share: float = 0.001,
    certain: float = 1e-6,
) -> Finding:
    """Numbers that no distribution of the others explains: -999 for missing, a slip of the unit, infinity.

    What it measures: For each column of numbers (training and test rows together, and the target of a regression):
    infinite values; one repeated value beyond a gap of twice the range of all others, or half of it where it is
    written in nines (999, -9999); and single values beyond the reach of the tail of the others, whose exponent is
    estimated (Hill 1975), so that log-normal incomes are not accused. Tukey's outliers (1.5 interquartile ranges) are
    counted in the table and never judged: they are ordinary in skewed data.

    Why it matters: A mean, a scaler and a linear model take -999 at its word; one income in cents outweighs a thousand
    in dollars.

    Blind spots: A code inside the range (0 for an unknown blood pressure) looks like a value. Outliers of a
    combination of columns are not looked for.

    How to mend: Turn codes into gaps where the file is read (na_values=[-999]), mend units at the source; clip or
    take logarithms only of what is real.
    """
    if frames.is_sparse(X_train):
        return not_applicable("a sparse table of counts has no outliers to look for")
    names = [n for n, kind in frames.kinds(X_train).items() if kind == "numeric"]
    theirs = frames.column_names(X_test) if X_test is not None and not frames.is_sparse(X_test) else ()
    by_position = bool(theirs) and len(theirs) == frames.n_columns(X_train)
    ours = frames.column_names(X_train)
    level = certain / max(len(names), 1)
    rows, faults = [], []
    for done, name in enumerate(names[:COLUMNS]):
        if done % 20 == 0:
            budget.check()
        values = _floats(frames.column(X_train, name))
        other = name if name in theirs else theirs[ours.index(name)] if by_position else None
        if other is not None:
            values = np.concatenate([values, _floats(frames.column(X_test, other))])
        row, fault = _look(name, values, min_count, min_share, level)
        rows.append(row)
        faults += fault
    if task is Task.REGRESSION and y_train is not None and np.ndim(y_train) == 1:
        row, fault = _look("the target", np.asarray(y_train, dtype=float), min_count, min_share, level)
        rows.append(row)
        faults += fault
    if not rows:
        return not_applicable("there is no column of numbers")
    worst = sorted(rows, key=lambda r: -r[1])[:20]
    tables = (
        Table(
            title="Values far from the others",
            columns=("column", "share beyond 1.5 interquartile ranges", "smallest", "median", "largest"),
            rows=tuple(worst),
            note=f"the 20 columns with most, of {len(rows):,}" if len(rows) > 20 else None,
        ),
    )
    measured = {
        "columns": len(rows),
        "columns_with_faults": len({f[0] for f in faults}),
        "largest_outlier_share": worst[0][1],
    }
    sampled = (COLUMNS, len(names)) if len(names) > COLUMNS else None
    note = f" (the first {COLUMNS:,} of {len(names):,} columns)" if sampled else ""
    if faults:
        name, said, remedy = faults[0]
        more = sorted({f[0] for f in faults} - {name})
        also = f"; and {len(more)} more columns: {', '.join(map(repr, more[:3]))}" if more else ""
        return warned(f"{said}{also}{note}", measured=measured, tables=tables, remedy=remedy)
    return passed(
        f"no value stands apart in {len(rows):,} columns of numbers{note}; at most {worst[0][1]:.1%} of a column lie beyond 1.5 interquartile ranges",
        measured=measured,
        tables=tables,
    )


def _floats(values: Any) -> Any:
    values = np.asarray(values)
    return values.astype(float) if values.dtype.kind in "fiub" else np.full(len(values), np.nan)


def _look(name: str, values: Any, min_count: int, min_share: float, certain: float) -> tuple[Any, list[Any]]:
    """The row of the table, and (column, what is wrong, what to do) for each fault."""
    faults = []
    endless = int(np.isinf(values).sum())
    if endless:
        faults.append(
            (
                name,
                f"{name!r} holds {endless:,} infinite values",
                f"Turn them into gaps: df[{name!r}] = df[{name!r}].replace([np.inf, -np.inf], np.nan), and look where a division by zero makes them.",
            )
        )
    values = np.sort(values[np.isfinite(values)])
    if not len(values):
        return (name, 0.0, None, None, None), faults
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    fence = 1.5 * (high - low)
    beyond = float(((values < low - fence) | (values > high + fence)).mean()) if fence > 0 else 0.0
    found = tails.code(values, min_count=min_count, min_share=min_share)
    if found is not None:
        values = values[values != found.value]
        said = f"{name!r} holds {found.value:g} in {found.count:,} rows while all others lie between {_about(found.low)} and {_about(found.high)}: most likely a code for missing"
        faults.append(
            (
                name,
                said,
                f"Read it as a gap: df[{name!r}] = df[{name!r}].replace({found.value:g}, np.nan), before anything is learnt from it.",
            )
        )
    found = tails.extreme(values, certain=certain)
    if found is not None:
        said = f"{name!r} reaches {_about(found.value)} in {found.count:,} rows while all others lie between {_about(found.low)} and {_about(found.high)}"
        end = "nlargest" if found.value > found.high else "nsmallest"
        faults.append(
            (
                name,
                said,
                f"Look these rows up at the source (a slip of the unit, a test record): df.{end}({found.count}, {name!r}); mend or drop them.",
            )
        )
    return (name, beyond, *(_rounded(v) for v in (values[0], middle, values[-1]))), faults


def _rounded(value: Any) -> float:
    """Three significant digits: an extreme is one row's value, and findings get published."""
    return float(f"{float(value):.3g}")


def _about(value: Any) -> str:
    return f"{_rounded(value):,g}"
