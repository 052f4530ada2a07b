"""Leakage of every kind, from four witnesses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Finding
from mlready_nb.leakage import cells as source
from mlready_nb.leakage import refit, rows, values
from mlready_nb.leakage.consequence import effect
from mlready_nb.leakage.evidence import Witness
from mlready_nb.leakage.merge import findings
from mlready_nb.leakage.rows import crossed
from mlready_nb.leakage.rows.origin import nothing_missing
from mlready_nb.leakage.rows.repeats import repeats
from mlready_nb.subjects import Budget, Cancelled, Cell, Subjects


@check("DAT-03", "DAT-03.1", "DAT-03.2", "DAT-03.3", "EVA-02.1", "EVA-02.2", cost=Cost.MODERATE)
def leakage(
    budget: Budget,
    subjects: Subjects | None = None,
    y_train: Any = None,
    y_test: Any = None,
    y_pred: Any = None,
) -> list[Finding]:
    """Leakage of fourteen kinds, each pinned to the statement that caused it.

    What it measures: Four witnesses are heard, and what they say of one place becomes one finding. The cells: where
    rows, statistics and choices flow, read from the source without running it. The rows: copies, near-copies, entities
    and times on both sides, against the chance level of these data. Refits: which rows every fitted transformer saw.
    The values: scalings, fillings, encodings and synthetic rows that only train and test together explain, each with
    the chance of a false hit below one in a million.

    Why it matters: A leak makes the test score a promise that production cannot keep: it was found in 294 papers of 17
    fields (Kapoor & Narayanan 2023) and in 30 % of public notebooks (Yang et al. 2022).

    Blind spots: What was done before the data came into the notebook leaves no statement, and often no trace. Without
    the cells no choice made with the test set can be seen; without a test set only the cells speak.

    How to mend: Split first. Learn every number (a mean, a vocabulary, a chosen column, a threshold) from the training
    rows, best inside a Pipeline; keep what belongs together on one side; look at the test set once.
    """
    if subjects is None:
        return findings(())
    hearing = _Hearing()
    innocent = refit.Report()
    sides = subjects.X_train is not None and subjects.X_test is not None

    def refits() -> Any:
        nonlocal innocent
        innocent = refit.report(subjects, budget)
        return innocent.evidence

    n = len(subjects.cells)
    hearing.hear(Witness.CELLS, f"{n} cells" if n else None, lambda: source.witness(subjects.cells, subjects))
    budget.check()
    what = "training against test rows" if sides else None
    hearing.hear(Witness.ROWS, what, lambda: rows.witness(subjects, y_train, y_test, y_pred, budget))
    if subjects.X_test is None and n:
        folded = crossed.foldings(subjects, source.foldings(subjects.cells), y_train)
        told = {e.kind for e in hearing.evidence}
        for one in folded:
            hearing.hear(Witness.ROWS, f"the folds of {one.text}", partial(crossed.witness, one, budget, told))
    hearing.hear(Witness.REFIT, refit.looked_at(subjects), refits)
    hearing.hear(Witness.VALUES, values.looked_at(subjects), lambda: values.witness(subjects, budget))
    seen = repeats(subjects.X_train, subjects.X_test, y_train, y_test) if sides else None
    made = findings(
        hearing.evidence,
        subjects.cells,
        looked=hearing.looked,
        effect=partial(effect, subjects=subjects, budget=budget),
        cleared=innocent.cleared,
        shared_rows=seen.seen.shared if seen is not None else None,
        complete=sides and any(e.removes for e in hearing.evidence) and nothing_missing(subjects),
    )
    looks = source.looks(subjects.cells)
    if looks.count:
        made[0] = replace(made[0], measured={**made[0].measured, "test_set_looks": looks.count})
    if hearing.broken:
        made[0] = replace(made[0], message=f"{made[0].message}. Not heard: {'; '.join(hearing.broken)}")
    return made


def of_cells(cells: Sequence[Cell]) -> list[Finding]:
    """What the cells alone give away, without a look at the data: in milliseconds, right after a cell ran."""
    said = source.witness(cells)
    made = findings(said, cells, looked={Witness.CELLS: f"{len(cells)} cells"})
    return [replace(f, check=leakage.name, items=leakage.items) for f in made]


@dataclass
class _Hearing:
    """What the witnesses said; one that breaks does not silence the others."""

    evidence: list[Any] = field(default_factory=list)
    looked: dict[Witness, str | None] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def hear(self, who: Witness, what: str | None, ask: Callable[[], Any]) -> None:
        """Ask one, when there is something for it to look at."""
        if what is None:
            return
        try:
            self.evidence.extend(ask())
            self.looked[who] = what
        except Cancelled:
            raise
        except Exception as error:
            self.broken.append(f"{who} ({type(error).__name__}: {str(error)[:120]})")
