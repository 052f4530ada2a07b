"""Rows that stand more than once within a split."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Estimate, Finding, Strength, Table, passed, warned
from mlready_nb.metrics import intervals
from mlready_nb.metrics.repeats import looks_copied, surplus

Array = np.ndarray[Any, Any]


@check("DAT-01", "DRQ-01.2")
def duplicate_rows(
    X_train: Any, y_train: Any = None, X_test: Any = None, y_test: Any = None, *, max_share: float = 0.01
) -> Finding:
    """Rows that repeat another one of the same split in every column and in the label.

    What it measures: The share of rows that could be dropped because an equal row (label and all) stands before them,
    with Wilson's interval. It warns when the interval lies beyond `max_share` and the repeats look copied: rows that
    agree in all columns but one agree in that one too. In coarse data equal rows are different people with the same
    answers, and natural.

    Why it matters: Copies weigh a row twice in training, and in the test set make intervals narrower than they are;
    before a random split they become a leak.

    Blind spots: Copies that were changed in one cell. In coarse data copies hide among natural repeats. Oversampling
    on purpose repeats training rows too.

    How to mend: Find the join or the reload that doubled them, and drop them before the split: df.drop_duplicates().
    """
    rows, loud = [], []
    for side, X, y in (("training", X_train, y_train), ("test", X_test, y_test)):
        if X is None or frames.n_rows(X) < 2 or frames.n_columns(X) == 0:
            continue
        columns = [frames.row_hashes(X)] if frames.is_sparse(X) else frames.column_hashes(X)
        label = (
            [frames.row_hashes(np.asarray(y).reshape(len(y), -1))]
            if y is not None and len(y) == frames.n_rows(X)
            else []
        )
        hashes = frames.mixed([*columns, *label])
        n, extra = len(hashes), surplus(hashes)
        low, high = intervals.wilson(extra, n)
        share = Estimate(value=extra / n, low=low, high=high, n=n, method="wilson")
        copies = extra >= 3 and looks_copied(columns, label, hashes)
        rows.append((side, extra, n, share, "copied" if copies else "natural" if extra else "none"))
        if low > max_share and copies and not (side == "training" and label and _oversampled(np.asarray(y), hashes)):
            loud.append(rows[-1])
    tables = (
        Table(title="Repeated rows", columns=("side", "repeats", "rows", "share", "they look"), rows=tuple(rows)),
    )
    measured = {f"{side}_repeats": share for side, _, _, share, _ in rows}
    if loud:
        side, extra, n, share, _ = loud[0]
        return warned(
            f"{extra:,} of {n:,} {side} rows ({share.value:.1%}, limit {max_share:.0%}) repeat another one, label and all; "
            "rows that nearly agree hardly occur, so these are copies",
            measured=measured,
            tables=tables,
            remedy="Find the join or reload that doubled them and drop them before the split: df = df.drop_duplicates(), then split, fit and score again.",
        )
    said = " and ".join(f"{extra:,} of {n:,} {side} rows" for side, extra, n, _, _ in rows)
    if not any(r[1] for r in rows):
        return passed(
            f"no row repeats another one: 0 of {sum(r[2] for r in rows):,}",
            strength=Strength.PROVEN,
            measured=measured,
            tables=tables,
        )
    return passed(
        f"{said} repeat another one: below the limit of {max_share:.0%}, or natural in data this coarse",
        measured=measured,
        tables=tables,
    )


def _oversampled(y: Array, hashes: Array) -> bool:
    """True where repeats stand in smaller classes alone and make all classes equal: sampling with replacement on purpose."""
    if y.ndim != 1:
        return False
    codes, classes = frames.codes(y)
    counts = np.bincount(codes[codes >= 0], minlength=len(classes))
    if len(counts) > 50 or counts.min() < 0.95 * counts.max():
        return False
    return min(surplus(hashes[codes == k]) for k in range(len(classes))) == 0
