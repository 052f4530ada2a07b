"""One check. Its parameters name what it looks at; `column_order` is a subject of this very package."""

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, passed, warned


@check("HSE-01.1")
def column_order_agreed(column_order: tuple[str, ...], *, ignore_case: bool = True) -> Finding:
    """Columns that do not stand in alphabetical order.

    What it measures: The names of the training columns against their sorted order.
    Why it matters: Our scoring service reads columns by position.
    Blind spots: A column under a wrong name.
    How to mend: Sort them: X_train = X_train[sorted(X_train.columns)].
    """
    key = str.casefold if ignore_case else str
    wrong = [a for a, b in zip(column_order, sorted(column_order, key=key), strict=True) if a != b]
    if not wrong:
        return passed(f"{len(column_order)} columns stand in their order; the limit is none out of place")
    return warned(
        f"{len(wrong)} of {len(column_order)} columns are out of place, first {wrong[0]!r}; the limit is none",
        measured={"out_of_place": len(wrong)},
        remedy="X_train = X_train[sorted(X_train.columns)]",
    )
