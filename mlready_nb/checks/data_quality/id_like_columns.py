"""Columns that number the rows, or hold nearly one category a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Strength, Table, not_applicable, passed, warned

Array = np.ndarray[Any, Any]

#: Repeats that chance would give a column of whole numbers before having none tells that rows were numbered.
REPEATS = 20
#: Rows of a long column of text that are counted first.
SAMPLE = 20_000
#: Rows on which it is asked whether the model reads a column.
PROBE = 300


@check("DAT-01")
def id_like_columns(
    X_train: Any,
    X_test: Any = None,
    predictor: Predictor | None = None,
    *,
    max_distinct: float = 0.5,
    min_levels: int = 50,
) -> Finding:
    """Columns that name the row instead of describing it: running numbers, keys, one category a row.

    What it measures: Whole numbers that never repeat although their range is so narrow that chance would have
    repeated dozens (the birthday problem), and texts of a word or two with more than `max_distinct` distinct values a
    row. Whether the model reads the column is tried by shuffling it in some rows: one that it ignores is named and
    passes. A number that runs on from training to test is time, not a name.

    Why it matters: A tree learns the rows by heart through such a column, and in production every value is new
    (ydata-profiling's UNIQUE and HIGH CARDINALITY alerts; Kaufman et al. 2012 on identifiers that leak).

    Blind spots: Random keys from a huge range look like any other number. Free text is left to its vectoriser.

    How to mend: Take the column out of the features and keep it as the index; group rare categories, or encode them
    by hashing or by target statistics inside cross-validation.
    """
    n = frames.n_rows(X_train)
    if frames.is_sparse(X_train) or n < 50:
        return not_applicable(
            "a sparse table has no ids"
            if frames.is_sparse(X_train)
            else f"{n:,} rows are too few to tell an id from a number"
        )
    suspects: list[tuple[str, str, float]] = []
    high = []
    kinds = frames.kinds(X_train)
    for name, kind in kinds.items():
        values = frames.column(X_train, name)
        if kind == "numeric":
            what = _numbered(values, X_train, X_test, name)
            share = 1.0
        elif kind in ("text", "categorical"):
            share, what = _keys(values, max_distinct, min_levels)
            if what is None and share * n >= min_levels:
                high.append((name, share))
        else:
            continue
        if what is not None:
            suspects.append((name, what, share))
    used = {name: _reads(predictor, X_train, name) for name, _, _ in suspects}
    guilty = [s for s in suspects if used[s[0]] is not False]
    measured = {"columns": len(kinds), "id_like": len(suspects), "read_by_the_model": len(guilty)}
    words = {True: "yes", False: "no", None: "not known"}
    rows = [(name, what, share, words[used[name]]) for name, what, share in suspects]
    rows += [(name, "many categories", share, "") for name, share in high]
    tables = (
        (
            Table(
                title="Columns of many values",
                columns=("column", "what", "distinct values a row", "read by the model"),
                rows=tuple(rows[:30]),
            ),
        )
        if rows
        else ()
    )
    if guilty:
        name, what, _ = guilty[0]
        more = f"; and {len(guilty) - 1} more columns" if len(guilty) > 1 else ""
        return warned(
            f"{name!r} {what}{', and the model reads it' if used[name] else ''}{more}",
            strength=Strength.MEASURED if used[name] else Strength.HEURISTIC,
            measured=measured,
            tables=tables,
            points={"DAT-01.4": Outcome.WARN},
            remedy=f"Take it out of the features: X_train = X_train.drop(columns=[{name!r}]), the same for X_test, and fit again; "
            "keep it as the index to find rows by.",
        )
    ignored = (
        f"; {', '.join(repr(s[0]) for s in suspects[:3])} would be, but the model does not read it" if suspects else ""
    )
    return passed(
        f"none of the {len(kinds):,} columns that the model reads is an id{ignored}", measured=measured, tables=tables
    )


def _numbered(values: Array, X_train: Any, X_test: Any, name: str) -> str | None:
    values = np.asarray(values)
    if values.dtype.kind not in "fiu":
        return None
    values = values.astype(float)
    if not np.isfinite(values).all() or (values != np.round(values)).any():
        return None
    n = len(values)
    if len(np.unique(values[: 2 * 1000])) < min(n, 2000) or len(np.unique(values)) < n:
        return None
    width = float(values.max() - values.min()) + 1
    expected = n * (n - 1) / 2 / width
    if expected < REPEATS or _runs_on(values, X_train, X_test, name):
        return None
    return f"numbers the rows: {n:,} whole numbers within a range of {width:,.0f} and none twice, where chance would repeat {expected:,.0f}"


def _runs_on(values: Array, X_train: Any, X_test: Any, name: str) -> bool:
    """True for time: the test set begins where the training set ends."""
    if X_test is None:
        return False
    theirs, ours = frames.column_names(X_test), frames.column_names(X_train)
    other = name if name in theirs else theirs[ours.index(name)] if len(theirs) == len(ours) else None
    if other is None:
        return False
    later = np.asarray(frames.column(X_test, other))
    if later.dtype.kind not in "fiu" or not len(later):
        return False
    return bool(later.min() > values.max())


def _keys(values: Array, max_distinct: float, min_levels: int) -> tuple[float, str | None]:
    there = values[~frames.missing_mask(values)]
    if len(there) < min_levels:
        return 0.0, None
    part = there[:SAMPLE]
    if len(there) > SAMPLE and (share := len(set(map(str, part.tolist()))) / SAMPLE) <= max_distinct:
        return share, None  # more rows only repeat more
    distinct = len(set(map(str, there.tolist())))
    share = distinct / len(there)
    if share <= max_distinct or distinct < min_levels:
        return share, None
    sample = [str(v) for v in there[:500].tolist()]
    if np.mean([len(v.split()) for v in sample]) > 2.5:
        return share, None  # free text
    return share, f"holds {distinct:,} distinct texts in {len(there):,} rows"


def _reads(predictor: Predictor | None, X: Any, name: str) -> bool | None:
    """Whether an answer changes when the column is shuffled; `None` when the model cannot be asked."""
    if predictor is None:
        return None
    rng = np.random.default_rng(0)
    rows = rng.choice(frames.n_rows(X), min(PROBE, frames.n_rows(X)), replace=False)
    at = frames.column_names(X).index(name)
    cells = np.tile(rows[:, None], (1, frames.n_columns(X)))
    shuffled = cells.copy()
    shuffled[:, at] = rng.permutation(rows)
    try:
        before, after = (_answers(predictor, frames.recombined(X, c)) for c in (cells, shuffled))
    except Exception:  # not the data that this model takes
        return None
    return not np.array_equal(before, after)


def _answers(predictor: Predictor, X: Any) -> Array:
    proba = predictor.predict_proba(X)
    return np.asarray(predictor.predict(X) if proba is None else proba)
