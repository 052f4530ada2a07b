"""Columns that hold one value, or nearly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Table, passed, warned

Array = np.ndarray[Any, Any]

#: From this width on, an all-numeric table whose columns share one minimum is a picture or a count of words.
WIDE = 50


@check("DAT-01")
def constant_columns(X_train: Any, *, max_share: float = 0.999) -> Finding:
    """Columns of the training data that hold the same value in every row, or in nearly every one.

    What it measures: The share of the commonest value of each column, gaps counted as a value. One value throughout
    is a warning, and so is one in `max_share` of the rows and more. Rare columns of a one-hot block (neighbouring
    indicators of which at most one is set a row) and the empty cells of a wide table of counts or pixels are natural.

    Why it matters: Such a column teaches the model nothing and often tells that a source broke or that a join found
    nothing (ydata-profiling raises CONSTANT, scikit-learn's VarianceThreshold drops it).

    Blind spots: A column that is constant in production only. A rare flag may be worth keeping.

    How to mend: Find out why it does not vary, then drop it: X_train = X_train.drop(columns=[...]).
    """
    n = frames.n_rows(X_train)
    names = frames.column_names(X_train)
    if n < 20 or not names:
        return passed(f"{n:,} rows are too few to call a column constant", measured={"rows": n})
    shares = _sparse(X_train) if frames.is_sparse(X_train) else _dense(X_train, names)
    constant = [name for name, share in shares.items() if share >= 1]
    sparse = frames.is_sparse(X_train)
    nearly = [] if sparse else [name for name, share in shares.items() if max_share <= share < 1]
    loud = constant + nearly
    if loud and sparse:
        loud = []
    elif loud and len(names) >= WIDE:
        loud = _without_empty(X_train, loud)
    block = _one_hot(X_train, names, loud) if loud else set()
    natural = len(constant) - len([m for m in constant if m in loud and m not in block])
    constant, nearly = ([m for m in some if m in loud and m not in block] for some in (constant, nearly))
    measured = {"columns": len(names), "constant": len(constant) + natural, "nearly_constant": len(nearly)}
    if constant or nearly:
        rows = tuple((name, shares[name]) for name in (*constant, *nearly)[:30])
        said = []
        if constant:
            said.append(
                f"{len(constant)} of {len(names):,} columns hold one value in all {n:,} rows: {_some(constant)}"
            )
        if nearly:
            said.append(
                f"{len(nearly)} of {len(names):,} columns hold one value in {max_share:.1%} of the rows or more: {_some(nearly)}"
            )
        first = (*constant, *nearly)[0]
        return warned(
            "; ".join(said),
            measured=measured,
            tables=(
                Table(title="Columns that hardly vary", columns=("column", "share of the commonest value"), rows=rows),
            ),
            points={"DAT-01.4": Outcome.WARN},
            remedy=f"Find out why {first!r} does not vary (a filter, a failed join, a source that broke), then drop it: "
            f"X_train.drop(columns=[{first!r}]), and the same for X_test.",
        )
    note = f"; {natural} empty ones are natural in a table of counts or pixels" if natural else ""
    return passed(f"none of the {len(names):,} columns is constant over {n:,} training rows{note}", measured=measured)


def _dense(X: Any, names: Sequence[str]) -> dict[str, float]:
    shares = {}
    for name in names:
        values = frames.column(X, name)
        gaps = frames.missing_mask(values)
        if gaps.all():
            shares[name] = 0.0  # a hollow column is what missing-values speaks of
            continue
        first = values[int(np.argmin(gaps))]
        few = values[:50]
        if values.dtype.kind != "O" and len(few) and (few != first).mean() > 0.5 and not gaps.any():
            probe = values[:: max(1, len(values) // 2000)]
            _, counts = np.unique(probe, return_counts=True)
            if counts.max() < 0.95 * len(probe):  # plainly varies: spare the full count
                shares[name] = float(counts.max() / len(probe))
                continue
        codes, _ = frames.codes(values)
        shares[name] = float(np.bincount(codes + 1).max() / len(values))
    return shares


def _sparse(X: Any) -> dict[str, float]:
    lows, highs = (np.asarray(m.toarray()).ravel() for m in (X.min(axis=0), X.max(axis=0)))
    return {name: float(a == b) for name, a, b in zip(frames.column_names(X), lows, highs, strict=True)}


def _without_empty(X: Any, loud: Sequence[str]) -> list[str]:
    """Those that do not stand at the minimum that nearly all columns of a numeric table share: no empty pixels or words."""
    if any(kind != "numeric" for kind in frames.kinds(X).values()):
        return list(loud)
    columns = {name: np.asarray(frames.column(X, name), dtype=float) for name in frames.column_names(X)}
    lows = {name: float(np.nanmin(values)) if len(values) else 0.0 for name, values in columns.items()}
    values, counts = np.unique(list(lows.values()), return_counts=True)
    common = values[np.argmax(counts)]
    if counts.max() < 0.9 * len(lows):
        return list(loud)
    return [name for name in loud if np.median(columns[name]) != common]


def _one_hot(X: Any, names: Sequence[str], rare: Sequence[str]) -> set[str]:
    """Those of the columns that belong to a block of three or more neighbouring indicators, one set a row at most.

    In a frame the names of a block begin alike, up to the category.
    """
    found: set[str] = set()
    cache: dict[str, Array | None] = {}
    named = frames.is_frame(X)

    def flags(name: str) -> Array | None:
        if name not in cache:
            values = frames.column(X, name)
            fits = values.dtype.kind in "biuf" and bool(np.isin(values, (0, 1)).all())
            cache[name] = values.astype(bool) if fits else None
        return cache[name]

    for name in rare:
        middle = flags(name)
        if middle is None:
            continue
        at, block, taken = names.index(name), 1, middle.copy()
        stem = _stem(name)
        for step in (-1, 1):
            for i in range(at + step, len(names) if step > 0 else -1, step):
                other = flags(names[i]) if abs(i - at) <= 60 and not (named and _stem(names[i]) != stem) else None
                if other is None or bool((taken & other).any()):
                    break
                taken, block = taken | other, block + 1
        if block >= 3:
            found.add(name)
    return found


def _stem(name: str) -> str:
    """What stands before the category: `native_country` of `native_country_Honduras`."""
    found = re.match(r"(.+?)[_=\-. :]([^_=]*)$", name)
    return found[1] if found else name


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:4])) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
