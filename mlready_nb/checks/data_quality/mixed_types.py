"""Columns whose cells are of several kinds, and numbers that were read as text."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Strength, Table, passed, warned

#: Rows of a column of Python objects that are looked at.
ROWS = 200_000
#: Distinct texts that stand for "no number" at most: beyond, the column is one of codes.
PLACEHOLDERS = 3

_UNIT = re.compile(r"^[^\w\-+.]{0,3}\s*([-+]?[\d.,]*\d)\s*[^\d]{0,4}$")


@check("DAT-01")
def mixed_types(X_train: Any, X_test: Any = None) -> Finding:
    """Text beside numbers in one column, and columns of numbers that became text because of a few odd cells.

    What it measures: The kinds of the cells (text, number, truth value, time) of every column that holds Python
    objects, gaps left out. For columns of text: whether nearly all cells read as numbers while the rest are one to
    three placeholders such as "?" or an empty text, or numbers with a unit or a thousands sign.

    Why it matters: An encoder takes 5 and "5" for two categories, and a number read as text is split into one
    category a value (Breck et al. 2019; deepchecks' Mixed Data Types).

    Blind spots: Codes that happen to be numbers (postcodes) are left alone. Typed engines (polars, Arrow) cannot hold
    mixed columns: their mixture shows as text.

    How to mend: Convert where the file is read and name its placeholders:
    pd.read_csv(..., na_values=["?", " "]), or pd.to_numeric(df[column], errors="coerce").
    """
    rows: list[tuple[str, str, str, int, int]] = []
    columns = 0
    sampled: tuple[int, int] | None = None
    for side, X in (("training", X_train), ("test", X_test)):
        if X is None or frames.is_sparse(X):
            continue
        kinds = frames.kinds(X)
        columns = max(columns, len(kinds))
        for name, kind in kinds.items():
            if kind not in ("other", "text", "categorical") and not _boxed(X, name, kind):
                continue
            values = frames.column(X, name)
            if values.dtype.kind != "O":
                continue
            if len(values) > ROWS:
                sampled = (ROWS, len(values))
                values = values[np.sort(np.random.default_rng(0).choice(len(values), ROWS, replace=False))]
            there = values[~frames.missing_mask(values)]
            found = _mixture(there) or _numbers_as_text(there)
            if found is not None:
                rows.append((side, name, *found, len(there)))
    measured = {"columns": columns, "mixed_columns": len({r[1] for r in rows})}
    if not rows:
        return passed(
            f"no column of {columns:,} mixes kinds or holds numbers as text",
            strength=Strength.PROVEN if sampled is None else Strength.MEASURED,
            measured=measured,
            sampled=sampled,
        )
    side, name, what, odd, of = rows[0]
    more = f"; and {measured['mixed_columns'] - 1} more columns" if measured["mixed_columns"] > 1 else ""
    return warned(
        f"{name!r} ({side}) {what}: {odd:,} of {of:,} cells{more}",
        strength=Strength.PROVEN,
        measured=measured,
        tables=(
            Table(
                title="Columns of mixed kinds",
                columns=("side", "column", "what", "odd cells", "cells"),
                rows=tuple(rows[:30]),
            ),
        ),
        points={"DAT-01.1": Outcome.WARN},
        sampled=sampled,
        remedy=f"Convert it before the split: df[{name!r}] = pd.to_numeric(df[{name!r}], errors='coerce'), or "
        f"df[{name!r}].astype(str) if it is a code.",
    )


def _boxed(X: Any, name: str, kind: str) -> bool:
    """A pandas column of objects whose first cells look alike may still change further down."""
    return (
        kind in ("numeric", "boolean", "datetime")
        and str(getattr(getattr(X, "dtypes", {}), "get", lambda _: "")(name)) == "object"
    )


def _kind(value: Any) -> str:
    if isinstance(value, (str, bytes)):
        return "text"
    if isinstance(value, (bool, np.bool_)):
        return "truth values"
    if isinstance(value, (int, float, np.number)) or type(value).__name__ == "Decimal":
        return "numbers"
    if hasattr(value, "isoformat") or isinstance(value, np.datetime64):
        return "times"
    return type(value).__name__


def _mixture(values: Any) -> tuple[str, int] | None:
    by_type = Counter(map(type, values.tolist()))
    if len(by_type) < 2:
        return None
    example = {type(v): v for v in values.tolist()}
    kinds: Counter[str] = Counter()
    for cls, count in by_type.items():
        kinds[_kind(example[cls])] += count
    if len(kinds) < 2:
        return None
    (first, _), *rest = kinds.most_common()
    return f"holds {first} beside {' and '.join(k for k, _ in rest[:2])}", sum(c for _, c in rest)


def _numbers_as_text(values: Any) -> tuple[str, int] | None:
    if len(values) < 20 or not isinstance(values[0], str):
        return None
    counts = Counter(values.tolist())
    numbers, units, others = 0, 0, Counter[str]()
    distinct = set()
    for text, count in counts.items():
        if _number(text):
            numbers += count
            distinct.add(text.strip())
        elif isinstance(text, str) and (found := _UNIT.match(text.strip())) and _number(found[1].replace(",", "")):
            units += count
        else:
            others[str(text)] += count
    if len(distinct) < 20 or not (others or units) or numbers + units < 0.9 * len(values):
        return None
    if len(others) > PLACEHOLDERS or any(map(_digits, others)):
        return None  # codes such as V58 among 250.01
    said = ", ".join(map(repr, others)) if others else "units or thousands signs"
    return f"holds numbers as text, with {said} among them", sum(others.values()) or units


def _digits(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _number(text: Any) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return text.strip().lower() not in ("nan", "inf", "-inf", "infinity", "")
