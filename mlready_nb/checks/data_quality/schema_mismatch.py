"""Columns and kinds of the test set against the training set and the model."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import describe
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Strength, Table, failed, inconclusive, passed, warned

#: Kinds that a reader of a file may exchange without a change of meaning.
ALIKE = ({"numeric", "boolean"}, {"text", "categorical"})


@check("DAT-01.1")
def schema_mismatch(X_train: Any, X_test: Any, model: Any = None) -> Finding:
    """Columns that are missing, added, reordered or of another kind between training, test and model.

    What it measures: Names, order and kinds (number, truth value, category, text, time) of the columns of the test
    set against the training set, and both against the names the model was fitted on.

    Why it matters: A model that takes arrays reads column 3 as column 3, whatever its name; a number read as text
    becomes a category nobody has seen (Breck et al. 2019, Data Validation for Machine Learning).

    Blind spots: Arrays have no names: only their width is compared. A column that keeps its name and kind and changes
    its unit is not noticed here.

    How to mend: Select the columns by name in the training set's order before predicting, and fix dtypes where the
    file is read: X_test = X_test[X_train.columns].astype(X_train.dtypes).
    """
    a, b = frames.column_names(X_train), frames.column_names(X_test)
    named = frames.is_frame(X_train) and frames.is_frame(X_test)
    if not named:
        wide, deep = (
            np.shape(X) if not frames.is_frame(X) and not frames.is_sparse(X) else () for X in (X_train, X_test)
        )
        if len(wide) > 2 or len(deep) > 2:
            return _pictures(frames.shape(X_train), wide, frames.shape(X_test), deep)
        if len(a) != len(b):
            return failed(
                f"the training set has {len(a):,} columns, the test set {len(b):,}",
                strength=Strength.PROVEN,
                remedy="Take both from one table, after the same steps.",
            )
        return passed(
            f"both sides have {len(a):,} columns; arrays have no names to compare", measured={"columns": len(a)}
        )

    missing, added = [n for n in a if n not in b], [n for n in b if n not in a]
    one, two = frames.kinds(X_train), frames.kinds(X_test)
    other = [n for n in a if n in two and not _alike(one[n], two[n]) and not _empty(X_train, X_test, n)]
    known = describe(model).feature_names if model is not None else None
    unknown = [n for n in known or () if n not in b]
    rows = [(n, one[n], "missing") for n in missing] + [(n, "missing", two[n]) for n in added]
    rows += [(n, one[n], two[n]) for n in other]
    tables = (
        (Table(title="Columns that differ", columns=("column", "training", "test"), rows=tuple(rows[:50])),)
        if rows
        else ()
    )
    measured = {"columns": len(a), "missing": len(missing), "added": len(added), "kinds": len(other)}
    foreign = bool(unknown) and not missing and not set(known or ()) & {*a, *b}
    if foreign and not other:
        return inconclusive(
            f"the model was fitted with {_names(unknown)}, and neither X_train nor X_test has any of its columns: they are "
            "hardly the data it was trained on. Hint: %mlready use X_train=<variable> X_test=<variable>",
            measured=measured,
            tables=tables,
        )
    if missing or other or unknown:
        faults = [f"the test set lacks {_names(missing)}"] if missing else []
        faults += (
            [f"the model was fitted with {_names(unknown)}, which the test set lacks"]
            if unknown and not missing
            else []
        )
        faults += [f"{n!r} is {one[n]} in training and {two[n]} in the test set" for n in other[:3]]
        return failed(
            "; ".join(faults),
            strength=Strength.PROVEN,
            measured=measured,
            tables=tables,
            remedy="Bring the test set into the training set's form: X_test = X_test[X_train.columns].astype(X_train.dtypes)",
        )
    reordered = not added and a != b
    if added or reordered:
        said = (
            f"the test set has columns that training lacks: {_names(added)}"
            if added
            else "the columns stand in another order"
        )
        return warned(
            f"{said}; models that read by position would take the wrong ones",
            strength=Strength.PROVEN,
            measured=measured,
            tables=tables,
            remedy="X_test = X_test[X_train.columns]",
        )
    return passed(f"all {len(a):,} columns agree in name, order and kind", strength=Strength.PROVEN, measured=measured)


def _pictures(two: tuple[int, ...], wide: tuple[int, ...], other: tuple[int, ...], deep: tuple[int, ...]) -> Finding:
    """Arrays of more than two dimensions: what one row looks like has to agree."""
    one, another = (wide or two)[1:], (deep or other)[1:]
    if one != another:
        return failed(
            f"a training row has the shape {one}, a test row {another}",
            strength=Strength.PROVEN,
            remedy="Take both from one array, after the same steps.",
        )
    return passed(f"rows have the shape {one} on both sides; arrays have no names to compare")


def _alike(one: str, two: str) -> bool:
    """A column of mixed cells is read by what happens to stand in it: it agrees with every kind."""
    return one == two or "other" in (one, two) or any({one, two} <= pair for pair in ALIKE)


def _empty(X_train: Any, X_test: Any, name: str) -> bool:
    """A column without any value on one side has no kind to compare."""
    return any(
        frames.n_rows(X) == 0 or bool(frames.missing_mask(frames.column(X, name)).all()) for X in (X_train, X_test)
    )


def _names(names: list[str]) -> str:
    return ", ".join(map(repr, names[:4])) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
