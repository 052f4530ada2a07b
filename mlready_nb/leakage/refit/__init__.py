"""The refit witness: what a fitted object learnt tells which rows it was fitted on.

Every fitted transformer is cloned and refitted, on copies, on each table of the notebook that it fits: where only a
table with the test rows in it gives the same means, categories or components, it has seen them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import attribute
from mlready_nb.finding import Measure, Strength
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.refit.found import Found, leaves, transformers
from mlready_nb.leakage.refit.inputs import Input, Sides, lists_of_names, tables
from mlready_nb.leakage.refit.models import Seen, rows_seen, seen_by
from mlready_nb.leakage.refit.nature import kinds, names_only, telling
from mlready_nb.leakage.refit.trace import Match, World, trace
from mlready_nb.subjects import Budget, Subjects

#: Transformers that are looked at, and steps one after the other that are followed.
TRANSFORMERS, ROUNDS = 40, 4

__all__ = ["Report", "looked_at", "report", "rows_seen", "witness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the fitted objects say, for and against."""

    evidence: tuple[Evidence, ...] = ()
    #: names of transformers that have seen training rows alone, and whose output the model was trained on
    cleared: frozenset[str] = frozenset()


def witness(subjects: Subjects, budget: Budget) -> list[Evidence]:
    """What the fitted objects of the notebook say."""
    return list(report(subjects, budget).evidence)


def report(subjects: Subjects, budget: Budget) -> Report:
    """What they say, and which of them are innocent."""
    if subjects.X_train is None or subjects.X_test is None:
        return Report()
    sides, namespace = Sides.of(subjects), subjects.namespace or {}
    world = World(
        sides=sides, tables=tables(namespace), names=lists_of_names(namespace), namespace=namespace, budget=budget
    )
    found = _transformers(subjects, world)
    if subjects.model is not None:
        budget.check()
        seen = seen_by(subjects.model, sides, budget)
        if seen is not None:
            found.append(_overlap(seen, subjects))
    return Report(evidence=tuple(found), cleared=frozenset(world.cleared))


def looked_at(subjects: Subjects) -> str | None:
    """What there is for this witness: a clause, or `None` for nothing."""
    if subjects.X_train is None or subjects.X_test is None:
        return None
    n = len(transformers(subjects.namespace or {}, subjects.model))
    if subjects.model is None and n == 0:
        return None
    of_them = "no transformer of its own" if n == 0 else f"{n} fitted transformer{'s' if n > 1 else ''}"
    return f"{of_them}{'' if subjects.model is None else ' and the model'}"


def _transformers(subjects: Subjects, world: World) -> list[Evidence]:
    budget = world.budget
    waiting = transformers(world.namespace, subjects.model)[:TRANSFORMERS]
    found = [e for e in (_by_target(f, subjects) for f in waiting) if e is not None]
    done = {name for e in found for name in e.variables}
    waiting = [f for f in waiting if f.variable not in done]
    matches: dict[str, Match] = {}
    for _ in range(ROUNDS):
        new = []
        for candidate in waiting:
            budget.check()
            match = trace(candidate, world)
            before = matches.get(candidate.variable)
            if match is not None and (before is None or match.used or match.source.made_by):
                matches[candidate.variable] = match
                new.append(match)
        waiting = [f for f in waiting if f.variable not in matches or not matches[f.variable].used]
        made = [_output(m) for m in new if m.output is not None and m.rows in ("both", "unknown")]
        if not made or not waiting:
            break
        world.tables[:] = made  # the others were tried
    return [*found, *(e for m in _used(list(matches.values())) for e in _evidence(m, subjects))]


def _output(match: Match) -> Input:
    data = match.output
    return Input(
        name=f"{match.found.variable}'s output",
        data=data,
        variables=match.source.variables,
        made_by=match.found.variable,
    )


def _used(matches: list[Match]) -> list[Match]:
    """Those whose output the model was trained or scored on, straight or through later ones."""
    used = {m.found.variable for m in matches if (m.used and m.rows == "both") or m.rows == "test"}
    for _ in range(ROUNDS):
        used |= {m.source.made_by for m in matches if m.found.variable in used and m.source.made_by}
    return [m for m in matches if m.found.variable in used]


def _evidence(match: Match, subjects: Subjects) -> list[Evidence]:
    fitted, name, source = match.found.value, match.found.variable, match.source
    parts = telling(fitted, match.fewer)
    others = [b for a, b in zip(leaves(fitted), leaves(match.fewer), strict=False) if a in parts]
    what = type(fitted).__name__
    train, test = (_name(subjects, s) for s in ("X_train", "X_test"))
    alone = match.rows == "test"
    rows = f"{source.rows:,} rows of {source.name}" if source.variables else f"{source.rows:,} rows of both sides"
    if alone:
        message = f"{name} ({what}) learnt from the test rows: a refit on the {rows} gives the same, and {train} was not made by it"
    else:
        message = (
            f"{name} ({what}) learnt from the test rows: a refit on the {rows}, training and test rows together, gives "
            f"the same {match.attribute.rpartition('.')[2]}, one on fewer rows another"
        )
    columns = attribute(fitted, "feature_names_in_")
    measured: dict[str, Measure] = {
        "rows_fitted_on": source.rows,
        "rows_train": frames.n_rows(subjects.X_train),
        "rows_test": frames.n_rows(subjects.X_test),
        "largest_difference": match.apart if np.isfinite(match.apart) else None,
    }
    return [
        Evidence(
            kind=kind,
            witness=Witness.REFIT,
            message=message,
            strength=Strength.PROVEN if match.numbers else Strength.MEASURED,
            variables=tuple(dict.fromkeys((name.partition("[")[0], *source.variables, test if alone else train))),
            columns=() if columns is None else tuple(map(str, columns)),
            measured=measured,
            remedy=_remedy(kind, name, what, train, test),
            by_chance=0.0 if not names_only(parts, others) else None,
            minor=alone or names_only(parts, others),
        )
        for kind in kinds(parts)
    ]


def _remedy(kind: Kind, name: str, what: str, train: str, test: str) -> str:
    y = ", y_train" if kind in (Kind.FEATURE_SELECTION, Kind.TARGET_ENCODING) else ""
    return (
        f"Split first, fit on the training rows alone: {train} = {name}.fit_transform({train}{y}); "
        f"{test} = {name}.transform({test}); or put {what} into a Pipeline with the model."
    )


def _name(subjects: Subjects, subject: str) -> str:
    origin = subjects.origin.get(subject)
    return origin.variable if origin else subject


def _by_target(found: Found, subjects: Subjects) -> Evidence | None:
    """A target encoder keeps the mean of the labels it saw: over all rows, or over the training rows."""
    held = attribute(found.value, "target_mean_")
    if not isinstance(held, (float, np.floating)) or subjects.y_train is None or subjects.y_test is None:
        return None
    names = attribute(found.value, "feature_names_in_")
    if names is not None and frames.is_frame(subjects.X_train):
        if not {str(n) for n in names} <= set(frames.column_names(subjects.X_train)):
            return None
        kinds_now = frames.kinds(subjects.X_train)
        if not any(kinds_now[str(n)] == "numeric" for n in names):
            return None  # the model's table still holds the categories: it was not used there
    mean = float(held)
    sides: list[Any] = [
        _numbers(y, found.value) for y in (subjects.y_train, subjects.y_test, subjects.y_valid) if y is not None
    ]
    if any(s is None for s in sides):
        return None
    train = sides[0]
    honest = [train.mean()] + ([np.concatenate([train, sides[2]]).mean()] if len(sides) > 2 else [])
    leaky = [np.concatenate(sides[:2]).mean(), np.concatenate(sides).mean()]
    close = 1e-12 * (1 + abs(mean))
    if not any(abs(mean - m) <= close for m in leaky) or any(abs(mean - m) <= 1e-9 * (1 + abs(mean)) for m in honest):
        return None
    n = sum(len(s) for s in sides)
    return Evidence(
        kind=Kind.TARGET_ENCODING,
        witness=Witness.REFIT,
        message=f"{found.variable} ({type(found.value).__name__}) learnt from the labels of the test rows: its mean of "
        f"the target, {mean:.6g}, is that of all {n:,} rows; the training rows alone have {honest[0]:.6g}",
        strength=Strength.PROVEN,
        variables=(found.variable, _name(subjects, "X_train")),
        columns=() if names is None else tuple(map(str, names)),
        measured={"target_mean": mean, "over_train": float(honest[0]), "rows_fitted_on": n},
        remedy=_remedy(
            Kind.TARGET_ENCODING,
            found.variable,
            type(found.value).__name__,
            *(_name(subjects, s) for s in ("X_train", "X_test")),
        ),
        by_chance=float(min(1.0, 1e-12 * np.sqrt(n))),
    )


def _numbers(y: Any, encoder: Any) -> Any:
    values = frames.labels(y)
    if values.ndim != 1:
        return None
    classes = attribute(encoder, "classes_")
    if classes is not None and len(classes) == 2:
        return (values.astype(str) == str(classes[1])).astype(float)
    return values.astype(float) if values.dtype.kind in "fiub" else None


def _overlap(seen: Seen, subjects: Subjects) -> Evidence:
    model = _name(subjects, "model")
    train, test = (_name(subjects, s) for s in ("X_train", "X_test"))
    parts = f"{seen.n_train:,} rows of {train} and {seen.n_test:,} of {test}"
    told = (
        f"{model} was fitted on {seen.rows:,} rows, as many as the {parts} together"
        if seen.how == "rows"
        else f"a refit of {model} on the {parts} together learns the same, one on {train} alone does not"
    )
    return Evidence(
        kind=Kind.OVERLAP,
        witness=Witness.REFIT,
        message=f"{told}: its score on {test} says nothing, unless it was taken before this fit",
        strength=Strength.MEASURED,
        variables=(model, train, test),
        measured={"rows_fitted_on": seen.rows, "rows_train": seen.n_train, "rows_test": seen.n_test},
        remedy=f"Fit on the training rows alone, {model}.fit({train}, y_train), score on {test}, and refit on all rows "
        "only afterwards, under another name.",
    )
