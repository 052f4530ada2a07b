"""Columns of the training data that name people, by their name or by what stands in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Strength, Table, not_applicable, passed, warned
from mlready_nb.privacy import Rows, find_personal
from mlready_nb.privacy import personal_columns as named_columns
from mlready_nb.subjects import Budget

#: Rows whose texts are read.
ROWS = 1_000


@check("DRQ-02")
def personal_columns(X_train: Any, budget: Budget, *, min_share: float = 0.2) -> Finding:
    """Training columns that hold names, addresses, card or account numbers of people.

    What it measures: The columns' names against those that name a person, where values stand under them, and the texts
    of up to 1,000 rows: a column of which at least `min_share` of the texts are e-mail addresses, card numbers (Luhn),
    IBANs (modulo 97), social security or telephone numbers.

    Why it matters: A model that was trained on them can give them back, and needs a legal basis for each (GDPR,
    articles 5 and 6: only what is needed for the purpose).

    Blind spots: Names of people in free text and under other headings; hashed and coded columns; combinations of plain
    columns that single a person out.

    How to mend: Drop the column before training, or keep a salted hash where rows must be told apart; attest the legal
    basis for what is needed.
    """
    if not frames.is_frame(X_train):
        return not_applicable("the training data are an array: its columns have no names, and its cells no texts")
    n = frames.n_rows(X_train)
    rows = np.unique(np.linspace(0, n - 1, min(n, ROWS)).astype(np.intp)) if n else np.array([], dtype=np.intp)
    look = frames.take(X_train, rows)
    kinds = frames.kinds(look)
    texts = {name: _texts(frames.column(look, name)) for name in kinds}
    header, first = (
        tuple(texts),
        [tuple(t[i] if i < len(t) else "" for t in texts.values()) for i in range(min(len(rows), 30))],
    )
    found = dict.fromkeys(named_columns(Rows(header=header, rows=tuple(first))), "its name")
    for name, values in texts.items():
        budget.check()
        told = [v for v in values if v]
        hits = [p for v in told for p in list(find_personal(v, name))[:1]]
        if told and len(hits) / len(told) >= min_share and len(hits) > 1:
            found[name] = (
                f"{len(hits)} of {len(told)} values read hold an {hits[0].kind}"
                if hits[0].kind[0] in "aeio"
                else f"{len(hits)} of {len(told)} values read hold a {hits[0].kind}"
            )
    sampled = (len(rows), n) if len(rows) < n else None
    if not found:
        return passed(
            f"none of {len(kinds)} training columns names people; the limit is none",
            measured={"columns": len(kinds)},
            strength=Strength.HEURISTIC,
            sampled=sampled,
        )
    names = ", ".join(name[:40] for name in list(found)[:6])
    return warned(
        f"{len(found)} of {len(kinds)} training columns name people: {names}; the limit is none",
        strength=Strength.HEURISTIC,
        measured={"columns": len(found)},
        points={"DRQ-02.2": Outcome.WARN},
        sampled=sampled,
        tables=(Table(title="Columns that name people", columns=("column", "told by"), rows=tuple(found.items())),),
        remedy=f"X_train = X_train.drop(columns=[{', '.join(repr(n[:40]) for n in list(found)[:6])}])",
    )


def _texts(values: Any) -> list[str]:
    """The cells as texts; numbers as they are written without a point, nothing for what is missing."""
    gone = frames.missing_mask(values)
    whole = values.dtype.kind == "f"
    return [
        "" if g else f"{v:.0f}" if whole and float(v).is_integer() else str(v)[:200]
        for v, g in zip(values, gone, strict=True)
    ]
