"""Rows that stand on both sides: duplicates, and a test set that is part of the training set."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Estimate, Strength, Table
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows.repeats import Repeats, repeats
from mlready_nb.leakage.rows.sides import Sides

Array = np.ndarray[Any, Any]

#: Share of the test rows below which copies do not move a score.
MINOR = 0.02


def exact(sides: Sides) -> tuple[Evidence, ...]:
    """Equal rows beyond chance."""
    found, apart = _repeats(sides)
    if found is None:
        return ()
    kind = _kind(sides, found)
    seen, same = found.seen, found.identical
    share = Estimate(value=found.share, low=found.low, high=found.high, n=seen.n, method="wilson")
    chance = seen.expected / seen.n
    what = "label and all" if found.labelled else "in every column"
    what += f" but {' and '.join(apart)}, which numbers the rows" if apart else ""
    why = (
        f"{same:,} of them under the same index label"
        if same
        else "rows that nearly agree hardly occur, so these are copies made before the split"
        if found.copies
        else f"chance gives {chance:.1%} in these data"
    )
    noun = {
        Kind.NO_TEST_SET: "are the training rows themselves",
        Kind.OVERLAP: "are training rows", Kind.DUPLICATES: "also stand in the training set",
        Kind.OVERSAMPLING: "are copies of training rows of the rarer class",
    }[kind]  # fmt: skip
    return (
        Evidence(
            kind=kind,
            witness=Witness.ROWS,
            message=f"{seen.shared:,} of {seen.n:,} test rows ({found.share:.1%}) {noun}, {what}; {why}",
            strength=Strength.PROVEN if same or seen.p_value < 1e-6 else Strength.MEASURED,
            variables=sides.variables,
            measured={
                "shared_rows": seen.shared, "test_rows": seen.n, "share": share, "chance_share": chance,
                "p_value": seen.p_value, "identical_rows": same,
            },
            tables=_table(sides, found),
            remedy=_remedy(sides, kind),
            by_chance=seen.p_value if found.contaminated and not same else None,
            minor=found.share < MINOR,
        ),
    )  # fmt: skip


def _repeats(sides: Sides) -> tuple[Repeats | None, tuple[str, ...]]:
    """Repeats that say something, and the columns that had to be left out for it: running numbers of the rows."""
    found = repeats(sides.X_train, sides.X_test, sides.y_train, sides.y_test)
    if found is None or found.contaminated or found.copies:
        return found, ()
    if found.seen.shared or not (frames.is_frame(sides.X_train) and frames.is_frame(sides.X_test)):
        return None, ()
    apart = tuple(name for name, a, b in sides.columns() if _numbers_rows(a, b))
    kept = [n for n in sides.names if n not in apart]
    if not apart or len(kept) < 2:
        return None, ()
    train, test = (frames.table(X).select(kept).to_native() for X in (sides.X_train, sides.X_test))
    found = repeats(train, test, sides.y_train, sides.y_test)
    return (found, apart) if found is not None and (found.contaminated or found.copies) else (None, ())


def _numbers_rows(a: Array, b: Array) -> bool:
    """A whole number or a text of its own for each row of both sides."""
    if a.dtype.kind not in "iuOU" or a.dtype.kind != b.dtype.kind:
        return False
    both = frames.value_hashes(np.concatenate([a, b]))
    return len(np.unique(both)) == len(both)


def _kind(sides: Sides, found: Repeats) -> Kind:
    """Copies that the training set holds twice itself were made before the split; others are a bad slice."""
    if (
        sides.n_train == sides.n_test
        and found.share > 0.999
        and len(np.unique(found.pairs[:, 0])) > 0.9 * sides.n_train
    ):
        return Kind.NO_TEST_SET
    if found.identical > 0.5 * found.seen.shared and not _index_repeats(sides):
        return Kind.OVERLAP
    if found.contaminated and (_blocks(found.pairs) or found.seen.expected / found.seen.n < 0.3 * found.share):
        return Kind.OVERLAP if found.share >= 0.5 or _blocks(found.pairs) else Kind.DUPLICATES
    return Kind.OVERSAMPLING if sampled_up(sides, found.seen.mask) else Kind.DUPLICATES


def _index_repeats(sides: Sides) -> bool:
    """True when a label occurs twice within a side: the copies were made before the split, with their labels."""
    return any(hasattr(X, "iloc") and not X.index.is_unique for X in (sides.X_train, sides.X_test))


def _blocks(pairs: Array) -> bool:
    """True when the shared rows stand in the same order on both sides without a gap: one slice of one table."""
    if len(pairs) < 5:
        return False
    steps = np.diff(pairs, axis=0)
    return bool((steps == 1).all(axis=1).mean() > 0.8)


def sampled_up(sides: Sides, shared: Array) -> bool:
    """True when only the rarer classes repeat, and the classes are level: they were sampled up.

    Parameters
    ----------
    shared
        (n,) test rows that have a copy in the training set.
    """
    y_train, y_test = sides.y_train, sides.y_test
    if not sides.classifies or y_train is None or y_test is None:
        return False
    both = np.concatenate([y_train.astype(object), y_test.astype(object)])
    import pandas as pd

    codes, distinct = pd.factorize(both)
    counts = np.bincount(codes, minlength=len(distinct))
    if len(distinct) > 20 or counts.min() < 0.95 * counts.max():
        return False
    theirs = codes[len(y_train) :]
    rows = np.maximum(np.bincount(theirs, minlength=len(distinct)), 1)
    share = np.bincount(theirs[shared], minlength=len(distinct)) / rows
    return bool(share.min() < 0.1 * share.max())


def _table(sides: Sides, found: Repeats) -> tuple[Table, ...]:
    if not sides.classifies or sides.y_test is None:
        return ()
    import pandas as pd

    codes, distinct = pd.factorize(sides.y_test.astype(object))
    if len(distinct) > 20:
        return ()
    rows = np.bincount(codes, minlength=len(distinct))
    shared = np.bincount(codes[found.seen.mask], minlength=len(distinct))
    return (
        Table(
            title="Test rows that stand in the training set, by class",
            columns=("class", "test rows", "shared"),
            rows=tuple((str(c), int(n), int(k)) for c, n, k in zip(distinct, rows, shared, strict=True)),
        ),
    )


def _remedy(sides: Sides, kind: Kind) -> str:
    X_train, X_test = sides.train_name, sides.test_name
    if kind in (Kind.OVERLAP, Kind.NO_TEST_SET):
        return (
            "from sklearn.model_selection import train_test_split\n"
            f"{X_train}, {X_test}, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)\n"
            f"model.fit({X_train}, y_train)  # and score on {X_test} only; the two share no row"
        )
    if kind is Kind.OVERSAMPLING:
        return f"Split first, then sample up {X_train} alone: imblearn's Pipeline does so within each fold."
    return (
        "df = df.drop_duplicates()  # before the split\n"
        f"{X_train}, {X_test}, y_train, y_test = train_test_split(df[features], df[target], random_state=0)"
    )
