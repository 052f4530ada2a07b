"""Asks every question about the rows of both sides, and gathers what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.evidence import Evidence, Kind
from mlready_nb.leakage.rows.copies import exact
from mlready_nb.leakage.rows.dropped import dropped
from mlready_nb.leakage.rows.groups import Entity, entities, groups
from mlready_nb.leakage.rows.lags import ahead, shuffled_lags
from mlready_nb.leakage.rows.moments import moments
from mlready_nb.leakage.rows.near import near
from mlready_nb.leakage.rows.order import refit_after_scoring
from mlready_nb.leakage.rows.proxy import proxies
from mlready_nb.leakage.rows.sampling import sampling
from mlready_nb.leakage.rows.sides import Sides
from mlready_nb.leakage.rows.temporal import clocks, temporal
from mlready_nb.subjects import Budget, Cancelled, Subjects


def witness(
    subjects: Subjects,
    y_train: Any = None,
    y_test: Any = None,
    y_pred: Any = None,
    budget: Budget | None = None,
    *,
    strict: bool = False,
) -> tuple[Evidence, ...]:
    """What the rows prove or show of leakage; nothing when a side is missing or empty.

    Parameters
    ----------
    y_train, y_test
        (n,) labels as the resolver gives them, or `None`.
    y_pred
        (n,) predictions on the test rows, or `None`.
    strict
        Raise what a question raises, instead of leaving that question out.
    """
    if subjects.X_train is None or subjects.X_test is None:
        return ()
    sides = Sides(
        subjects=subjects,
        y_train=_labels(y_train, subjects.X_train),
        y_test=_labels(y_test, subjects.X_test),
        y_pred=_labels(y_pred, subjects.X_test),
        budget=budget or Budget(),
    )
    if sides.n_train < 2 or sides.n_test < 2:
        return ()
    ask = _Asker(sides, strict=strict)
    found = list(ask(exact, sides))
    if any(e.kind in (Kind.OVERLAP, Kind.NO_TEST_SET) and not e.minor for e in found):
        if ask(refit_after_scoring, sides):
            return ()
        return tuple(found)  # with the same rows on both sides, that is the answer to every other question
    together, known, by_time = _together(sides, ask, found)
    found += together
    found += ask(sampling, sides, known, by_time=by_time) or ask(dropped, sides)
    return tuple(found)


def _together(sides: Sides, ask: _Asker, before: Sequence[Evidence] = ()) -> tuple[list[Evidence], list[Entity], bool]:
    """What the two sides have in common: entities, times, near-copies, the label itself."""
    found: list[Evidence] = []
    known = list(ask(entities, sides))
    times = list(ask(moments, sides))
    watched = list(ask(clocks, sides, times, known))
    by_time = any(c.follows for c in watched)
    grouped = () if by_time else tuple(ask(groups, sides, known))
    found += grouped
    timed = ask(ahead, sides, times, known) or ask(temporal, sides, watched, known, grouped=bool(grouped))
    found += timed or (() if by_time else ask(shuffled_lags, sides))
    found += () if found or before else ask(near, sides)
    found += ask(proxies, sides, times)
    return found, known, by_time


def asked(subjects: Subjects, y_train: Any, y_test: Any, budget: Budget) -> tuple[Evidence, ...]:
    """What two folds are asked: copies, entities, times, columns that tell the label; not how the test rows were drawn."""
    sides = Sides(
        subjects=subjects,
        y_train=_labels(y_train, subjects.X_train),
        y_test=_labels(y_test, subjects.X_test),
        y_pred=None,
        budget=budget,
    )
    ask = _Asker(sides, strict=False)
    found = [replace(e, kind=Kind.DUPLICATES) for e in ask(exact, sides) if e.kind in (Kind.OVERLAP, Kind.DUPLICATES)]
    return (*found, *_together(sides, ask)[0])


@dataclass
class _Asker:
    """Asks one question at a time: one that breaks on strange data takes no other with it."""

    sides: Sides
    strict: bool

    def __call__(self, question: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self.sides.budget.check()
        try:
            with np.errstate(all="ignore"):
                return question(*given, **named)
        except Cancelled:
            raise
        except Exception:
            if self.strict:
                raise
            return ()


def _labels(y: Any, X: Any) -> np.ndarray[Any, Any] | None:
    if y is None:
        return None
    y = np.asarray(y)
    return y if y.ndim == 1 and len(y) == frames.n_rows(X) else None
