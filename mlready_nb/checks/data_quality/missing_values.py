"""Gaps by column, and whether they differ between training and test."""

from __future__ import annotations

from typing import Any

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Estimate, Finding, Table, failed, inconclusive, passed, warned
from mlready_nb.metrics import intervals

#: Chance, over all columns, below which an empty side is no accident of few rows.
BY_CHANCE = 0.001


@check("DAT-01.2")
def missing_values(X_train: Any, X_test: Any, *, max_shift: float = 0.1, max_share: float = 0.5) -> Finding:
    """Share of missing values in each column, in training and in the test set.

    What it measures: For each column the share of missing values on both sides, and their difference with Newcombe's
    interval, widened for the number of columns. A column that is empty on one side only fails; a shift whose whole
    interval lies beyond `max_shift`, or a column more than half empty, is a warning.

    Why it matters: A field that goes empty after a change upstream is the commonest silent failure in production, and
    imputation hides it (Breck et al. 2019).

    Blind spots: Gaps written as -1, 999, "?" or an empty text are values here. Gaps filled before the split are gone.

    How to mend: Find out why the sides differ before imputing; keep a was-missing indicator where the gap itself
    tells something; drop or mend columns that are mostly empty.
    """
    a, b = frames.null_counts(X_train), frames.null_counts(X_test)
    n_a, n_b = frames.n_rows(X_train), frames.n_rows(X_test)
    if not frames.is_frame(X_train) or not frames.is_frame(X_test):
        b = dict(zip(a, b.values(), strict=False))
    common = [n for n in a if n in b]
    if not common:
        return inconclusive("the training and the test set have no column in common: there are no gaps to compare")
    z = intervals.quantile(len(common))
    shares = {n: (a[n] / max(n_a, 1), b[n] / max(n_b, 1)) for n in common}
    gone = [n for n in common if _gone(a[n], n_a, b[n], n_b, len(common))]
    shifts = {n: intervals.newcombe(b[n], n_b, a[n], n_a, z) for n in common if a[n] or b[n]}
    shifted = [n for n, (low, high) in shifts.items() if low > max_shift or high < -max_shift]
    hollow = [
        n for n in common if min(shares[n]) > max_share and intervals.wilson(a[n] + b[n], n_a + n_b, z)[0] > max_share
    ]
    with_gaps = sorted((n for n in common if a[n] or b[n]), key=lambda n: -max(shares[n]))
    table = Table(
        title="Missing values by column",
        columns=("column", "training", "test", "difference"),
        rows=tuple(
            (
                n,
                *shares[n],
                Estimate(value=shares[n][1] - shares[n][0], low=shifts[n][0], high=shifts[n][1], method="newcombe"),
            )
            for n in with_gaps[:30]
        ),
        note=f"the {30} columns with most gaps, of {len(with_gaps)}" if len(with_gaps) > 30 else None,
    )
    measured = {
        "columns": len(common),
        "columns_with_gaps": len(with_gaps),
        "largest_share": max((max(s) for s in shares.values()), default=0.0),
        "largest_shift": max((abs(t - s) for s, t in shares.values()), default=0.0),
    }
    tables = (table,) if with_gaps else ()
    if gone:
        said = ", ".join(
            f"{n!r} ({shares[n][0]:.0%} missing in training, {shares[n][1]:.0%} in test)" for n in gone[:3]
        )
        return failed(
            f"empty on one side only: {said}",
            measured=measured,
            tables=tables,
            remedy=f"See where {gone[0]!r} is read or joined for each side; take the column out if it cannot be had in production.",
        )
    if shifted:
        worst = max(shifted, key=lambda n: abs(shares[n][1] - shares[n][0]))
        return warned(
            f"gaps differ between the sides in {len(shifted)} of {len(common)} columns, most in {worst!r}: "
            f"{shares[worst][0]:.1%} missing in training, {shares[worst][1]:.1%} in the test set (limit {max_shift:.0%})",
            measured=measured,
            tables=tables,
            remedy="Find out what fills this column and since when; the two sides may come from different times or sources.",
        )
    seeming = [n for n in shifts if abs(shares[n][1] - shares[n][0]) > max_shift]
    if hollow:
        return warned(
            f"{len(hollow)} of {len(common)} columns are more than {max_share:.0%} empty: "
            + ", ".join(f"{n!r} ({shares[n][0]:.0%})" for n in hollow[:4]),
            measured=measured,
            tables=tables,
            remedy="Drop them, or keep only whether a value was there.",
        )
    if seeming:
        worst = max(seeming, key=lambda n: abs(shares[n][1] - shares[n][0]))
        low, high = shifts[worst]
        return inconclusive(
            f"{len(seeming)} of {len(common)} columns have unlike gaps on the two sides, which {min(n_a, n_b):,} rows cannot "
            f"tell from chance: {worst!r} {shares[worst][0]:.1%} missing in training, {shares[worst][1]:.1%} in the test set "
            f"(difference {shares[worst][1] - shares[worst][0]:.3f} [{low:.3g}, {high:.3g}], limit {max_shift:g})",
            measured=measured,
            tables=tables,
            remedy="Compare the sides on more rows.",
        )
    if not with_gaps:
        return passed(f"no missing values in {len(common):,} columns on either side", measured=measured)
    return passed(
        f"{len(with_gaps)} of {len(common):,} columns have gaps, at most {measured['largest_share']:.1%}, "
        f"alike on both sides (largest difference {measured['largest_shift']:.1%})",
        measured=measured,
        tables=tables,
    )


def _gone(a: int, n_a: int, b: int, n_b: int, columns: int) -> bool:
    """True for a column that is empty on one side and that the other side's share of gaps cannot have emptied."""
    if (a == n_a) == (b == n_b):
        return False
    gaps, n, empty = (b, n_b, n_a) if a == n_a else (a, n_a, n_b)
    return columns * ((gaps + 1) / (n + 2)) ** empty < BY_CHANCE
