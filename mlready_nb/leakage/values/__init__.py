"""The values witness: what the arrays themselves betray when no transformer is left.

A statistic that holds exactly over training and test rows together, and not over the training rows alone, was taken
over both. Every test computes the chance of a false hit, and stays silent above one in a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Measure, Strength, Table
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.values.columns import Column, coded_columns, numeric_columns, validates
from mlready_nb.leakage.values.fills import Fill, filled
from mlready_nb.leakage.values.frames_before import Before, befores, columns_before, kept
from mlready_nb.leakage.values.means import Encoded, counted, encoded
from mlready_nb.leakage.values.scales import Hit, scaled
from mlready_nb.leakage.values.segments import Made, interpolated, repeated
from mlready_nb.leakage.values.selection import by_content, chosen, in_order, targets
from mlready_nb.subjects import Budget, Subjects

Array = np.ndarray[Any, Any]

#: A test needs this chance of a false hit, or less.
CERTAIN = 1e-6
#: Columns beyond which the rest is left out: enough to see any scaling.
COLUMNS = 1000


def witness(subjects: Subjects, budget: Budget) -> list[Evidence]:
    """What the arrays of both sides say by themselves."""
    if subjects.X_train is None or subjects.X_test is None:
        return []
    columns = []
    subjects = replace(subjects, X_valid=None, y_valid=None) if not validates(subjects) else subjects
    for column in numeric_columns(subjects.X_train, subjects.X_test, subjects.X_valid):
        budget.check()
        columns.append(column)
        if len(columns) >= COLUMNS:
            break
    columns = [c for c in columns if len(c.train) and len(c.test)]
    found = [_scaling(hit, subjects) for hit in scaled(columns)]
    budget.check()
    groupers = list(coded_columns(subjects.X_train, subjects.X_test, subjects.X_valid))
    found += _fillings(list(filled(columns, groupers)), subjects)
    budget.check()
    found += _encodings(columns, subjects)
    budget.check()
    made = _making(columns, subjects, budget)
    tables = list(_tables(columns, subjects))
    for before in tables:
        budget.check()
        found += _before(before, columns, subjects)
    found += islice(_selections(columns, tables, subjects, budget), 1)
    return [*_once(found), *([made] if made else [])]


def looked_at(subjects: Subjects) -> str | None:
    """What there is for this witness: a clause, or `None` for nothing."""
    if subjects.X_train is None or subjects.X_test is None:
        return None
    n = sum(1 for _ in numeric_columns(subjects.X_train, subjects.X_test))
    return f"{n:,} numeric column{'' if n == 1 else 's'} of both sides" if n else None


def _tables(columns: Sequence[Column], subjects: Subjects) -> Iterator[Before]:
    namespace = subjects.namespace or {}
    labels = subjects.y_train, subjects.y_test
    yield from befores(namespace, (subjects.X_train, subjects.X_test), labels)
    yield from in_order(namespace, columns)


def _before(before: Before, columns: Sequence[Column], subjects: Subjects) -> list[Evidence]:
    """What columns betray that were changed again on their way to the model (a logarithm after filling)."""
    there = {c.name: c for c in columns_before(before, columns)}
    groupers = (
        [*coded_columns(before.data.iloc[before.train], before.data.iloc[before.test]), *columns] if there else []
    )
    fills = [f for f in filled(list(there.values()), groupers) if kept(there[f.column], f.value, columns)]
    return [replace(e, variables=(before.name, *e.variables)) for e in _fillings(fills, subjects)]


def _once(found: Sequence[Evidence]) -> Iterator[Evidence]:
    """Each kind on the same columns once."""
    said: set[tuple[Kind, tuple[str, ...]]] = set()
    for evidence in found:
        if (evidence.kind, evidence.columns) not in said:
            said.add((evidence.kind, evidence.columns))
            yield evidence


def _selections(
    columns: Sequence[Column], tables: Sequence[Before], subjects: Subjects, budget: Budget
) -> Iterator[Evidence]:
    targets_here = _targets(subjects, classes=True)
    if targets_here is None:
        return
    train, test = _variables(subjects)[0], _name(subjects, "X_test")
    for before in tables:
        budget.check()
        names = list(frames.column_names(subjects.X_train)) if frames.is_frame(subjects.X_train) else []
        if not set(names) <= set(frames.column_names(before.data)) or not names:
            names = list(by_content(before, columns))
        if len(names) < 0.8 * len(columns):
            continue
        picked = chosen(before, names, targets(before, *targets_here[:2]))
        if picked is None:
            continue
        k = len(picked.columns)
        yield Evidence(
            kind=Kind.FEATURE_SELECTION,
            witness=Witness.VALUES,
            message=f"the model's {k} columns are exactly the {k} of {picked.of:,} in {before.name} with the highest "
            f"{picked.score} over the training and test rows together; the training rows alone would have left out "
            f"{picked.otherwise} of them: chosen before the split",
            strength=Strength.PROVEN,
            variables=(before.name, *_variables(subjects)),
            columns=picked.columns[:50],
            measured={"chosen": k, "of": picked.of, "otherwise": picked.otherwise},
            remedy=f"Split first and choose by the training rows alone, best inside a Pipeline: "
            f"make_pipeline(SelectKBest(k={k}), model).fit({train}, y_train), then score on {test}.",
            by_chance=picked.by_chance,
        )


def _name(subjects: Subjects, subject: str) -> str:
    origin = subjects.origin.get(subject)
    return origin.variable if origin else subject


def _variables(subjects: Subjects) -> tuple[str, ...]:
    return tuple(dict.fromkeys((_name(subjects, "X_train"), _name(subjects, "X_test"))))


def _few(names: Sequence[str]) -> str:
    head = ", ".join(names[:3])
    return head if len(names) <= 3 else f"{head} and {len(names) - 3} more"


def _scaling(hit: Hit, subjects: Subjects) -> Evidence:
    train, test = _variables(subjects)[0], _name(subjects, "X_test")
    n = len(hit.columns)
    columns = "1 column" if n == 1 else f"{n} columns"
    if hit.separately:
        message = f"{columns} ({_few(hit.columns)}) have {hit.what}: the test rows were scaled by themselves"
    else:
        message = (
            f"{columns} ({_few(hit.columns)}) have {hit.what}, while the training rows alone have not "
            f"({hit.over_train:.4g}): scaled before the split"
        )
    measured: dict[str, Measure] = {"columns": n, "over_all": hit.over_all, "over_train": hit.over_train}
    return Evidence(
        kind=Kind.PREPROCESSING,
        witness=Witness.VALUES,
        message=message,
        strength=Strength.PROVEN,
        variables=_variables(subjects),
        columns=hit.columns,
        measured=measured,
        remedy=f"Fit on the training rows alone: scaler = {hit.like}().fit({train}); "
        f"{train} = scaler.transform({train}); {test} = scaler.transform({test}); or put {hit.like}() into a Pipeline.",
        by_chance=hit.by_chance,
        minor=hit.separately,
    )


def _fillings(fills: Sequence[Fill], subjects: Subjects) -> Iterator[Evidence]:
    if not fills:
        return
    first = fills[0]
    names = tuple(f.column for f in fills)
    by = f" within groups of {first.by}" if first.by else ""
    more = "" if len(fills) == 1 else f" (and likewise in {_few(names[1:])})"
    yield Evidence(
        kind=Kind.IMPUTATION,
        witness=Witness.VALUES,
        message=f"{first.rows:,} values of {first.column} equal {first.value:.6g}, the {first.statistic}{by} over the "
        f"training and test rows together; over the training rows alone it is {first.over_train:.6g}{more}: "
        "filled before the split",
        strength=Strength.PROVEN,
        variables=_variables(subjects),
        columns=names,
        measured={"filled": sum(f.rows for f in fills), "value": first.value, "over_train": first.over_train},
        tables=(
            Table(
                title="Values filled in",
                columns=("column", "statistic", "value", "over the training rows", "cells"),
                rows=tuple((f.column, f.statistic, f.value, f.over_train, f.rows) for f in fills[:20]),
            ),
        ),
        remedy=f"Split first, then fill with the training rows' {first.statistic}: SimpleImputer(strategy=\""
        f'{first.statistic}").fit({_variables(subjects)[0]}), or put the imputer into a Pipeline.',
        by_chance=min(f.by_chance for f in fills),
    )


def _encodings(columns: Sequence[Column], subjects: Subjects) -> list[Evidence]:
    found = []
    means: Iterable[Encoded] = ()
    targets = _targets(subjects)
    if targets is not None:
        means = (e for e in encoded(columns, *targets) if e.by_chance < CERTAIN)
    together: list[Encoded] = []
    alone: list[Encoded] = []
    for e in means:
        (alone if e.own_label else together).append(e)
    train = _variables(subjects)[0]
    cross = f"TargetEncoder().fit_transform({train}, {_name(subjects, 'y_train')}) cross-fits"
    for group, what in (
        (together, "over the training and test rows together, not over the training rows alone"),
        (alone, "over the training rows, each row's own label included"),
    ):
        if not group:
            continue
        names = tuple(e.column for e in group)
        found.append(
            Evidence(
                kind=Kind.TARGET_ENCODING,
                witness=Witness.VALUES,
                message=f"the {group[0].groups} distinct values of {_few(names)} are means of the target {what}",
                strength=Strength.PROVEN,
                variables=_variables(subjects),
                columns=names,
                measured={"groups": group[0].groups, "columns": len(group)},
                remedy=f"Split first and encode without a row's own label: sklearn.preprocessing.{cross}.",
                by_chance=min(e.by_chance for e in group),
                minor=all(e.minor for e in group),
            )
        )
    counts = list(counted(columns))
    if counts:
        names = tuple(e.column for e in counts)
        found.append(
            Evidence(
                kind=Kind.PREPROCESSING,
                witness=Witness.VALUES,
                message=f"the {counts[0].groups} distinct values of {_few(names)} count the training and test rows "
                "together: frequencies taken before the split",
                strength=Strength.PROVEN,
                variables=_variables(subjects),
                columns=names,
                measured={"groups": counts[0].groups, "columns": len(counts)},
                remedy=f"Count in {train} alone and map the counts onto both sides; categories it lacks count 0.",
                by_chance=min(e.by_chance for e in counts),
                minor=True,
            )
        )
    return found


def _targets(subjects: Subjects, *, classes: bool = False) -> tuple[Array, Array, Array | None] | None:
    """Labels as numbers, 1 for the second class of a binary target; with `classes`, a code for each class of many."""
    if subjects.y_train is None or subjects.y_test is None or subjects.X_test is None:
        return None
    sides = [frames.labels(y) for y in (subjects.y_train, subjects.y_test, subjects.y_valid) if y is not None]
    if any(s.ndim != 1 for s in sides):
        return None
    if len(sides[0]) != frames.n_rows(subjects.X_train) or len(sides[1]) != frames.n_rows(subjects.X_test):
        return None
    if any(s.dtype.kind not in "fiub" for s in sides):
        names = np.unique(np.concatenate([s.astype(str) for s in sides]))
        if len(names) != 2 and not (classes and len(names) <= 50):
            return None
        sides = [np.searchsorted(names, s.astype(str)) for s in sides]
    numbers = [s.astype(float) for s in sides]
    if not all(np.isfinite(s).all() for s in numbers):
        return None
    return numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else None


def _making(columns: Sequence[Column], subjects: Subjects, budget: Budget) -> Evidence | None:
    if subjects.task is not None and not subjects.task.classifies:
        return None
    if subjects.y_train is None or subjects.y_test is None:
        return None
    y_train, y_test = frames.labels(subjects.y_train), frames.labels(subjects.y_test)
    if y_train.ndim != 1 or y_test.ndim != 1 or y_train.dtype.kind == "O" or y_test.dtype.kind == "O":
        y_train, y_test = (np.asarray(y).astype(str) for y in (y_train, y_test))
    if y_train.ndim != 1 or len(y_train) != frames.n_rows(subjects.X_train):
        return None
    if y_test.ndim != 1 or len(y_test) != frames.n_rows(subjects.X_test):
        return None
    made = interpolated(columns, y_train, y_test, budget)
    if made is None:
        made = repeated(subjects.X_train, subjects.X_test, y_train, y_test)
    return _made(made, subjects) if made is not None else None


def _made(made: Made, subjects: Subjects) -> Evidence:
    train = _variables(subjects)[0]
    y_train = _name(subjects, "y_train")
    how, sampler = (
        ("lie on straight lines between other rows of their class", "SMOTE")
        if made.how == "interpolated"
        else ("are exact repeats of training rows", "RandomOverSampler")
    )
    return Evidence(
        kind=Kind.OVERSAMPLING,
        witness=Witness.VALUES,
        message=f"{made.hits} of {made.tried} test rows of class {made.label} {how}, against {made.others} of "
        f"{made.others_tried} of the other class: oversampled before the split",
        strength=Strength.PROVEN,
        variables=_variables(subjects),
        measured={
            "made_rows": made.hits,
            "rows_tried": made.tried,
            "other_class_rows": made.others,
            "other_class_tried": made.others_tried,
        },
        remedy=f"Split first, then oversample the training rows alone: {train}, {y_train} = "
        f"{sampler}().fit_resample({train}, {y_train}); or use imblearn.pipeline.Pipeline.",
        by_chance=made.by_chance,
    )
