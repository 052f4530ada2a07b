"""Finds the model and its data in a namespace: cells first, then objects, names last; asks where two readings tie.

In real notebooks the four usual names exist in less than half, and match the final model in a third; so what was
passed to `fit`, `predict` and the metrics counts more than any name.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from mlready_nb import frames
from mlready_nb.adapters import ModelInfo, askable, describe
from mlready_nb.discovery import sensitive as people
from mlready_nb.discovery.candidates import Candidate, Discovery, Question, SubjectNotFound
from mlready_nb.discovery.cells import read
from mlready_nb.discovery.data import rows_of, shape_of, tame
from mlready_nb.discovery.expressions import Unreadable, resolve
from mlready_nb.discovery.models import Held, choose, held_models, reason
from mlready_nb.discovery.splits import Finder
from mlready_nb.discovery.task import classes, task_of
from mlready_nb.subjects import Cell, Origin, Subjects, Task

__all__ = ["Candidate", "Discovery", "Question", "SubjectNotFound", "discover"]

_DATA = ("X_train", "y_train", "X_valid", "y_valid", "X_test", "y_test")


def discover(
    namespace: Mapping[str, Any],
    cells: Sequence[Cell] = (),
    overrides: Mapping[str, str] | None = None,
    sensitive: Sequence[str] = (),
) -> Discovery:
    """Find the subjects.

    Parameters
    ----------
    namespace
        Live variables by name.
    cells
        Code cells in the order of execution.
    overrides
        Subject -> expression over the namespace, or `"none"`; `sensitive_features` takes column names, comma-separated.
    sensitive
        Columns that always count as sensitive.

    Raises
    ------
    SubjectNotFound
        When an override leads nowhere, with what is there and what to type.
    """
    given = dict(overrides or {})
    namespace = {n: v for n, v in namespace.items() if tame(v)}
    story = read(cells)
    models = held_models(namespace, story)
    model, model_candidates, questions, notes = choose(models)
    if "model" in given:
        model, questions = _given_model(given["model"], namespace, models), []
    finder = Finder(namespace, story, model)
    found = finder.look()

    values: dict[str, Any] = {}
    origin: dict[str, Origin] = {}
    candidates: dict[str, tuple[Candidate, ...]] = {"model": tuple(model_candidates)}
    if model is not None:
        values["model"] = model.value
        how = "given" if "model" in given else reason(model)
        origin["model"] = Origin(
            variable=model.variable, how=how, alternatives=_names(model_candidates, model.variable)
        )
    for name in _DATA:
        kind, _, side = name.partition("_")
        chosen = (found.X if kind == "X" else found.y).get(side)
        others = found.others.get(name, [])
        if name in given:
            chosen = _given(name, given[name], namespace)
        candidates[name] = tuple([chosen, *(o for o in others if o.variable != chosen.variable)] if chosen else others)
        if chosen is not None:
            values[name] = chosen.value
            origin[name] = Origin(
                variable=chosen.variable,
                how=chosen.how,
                shape=chosen.shape,
                alternatives=_names(others, chosen.variable),
            )
    asked = [q for q in (*questions, *found.questions) if q.subject not in given]
    notes += found.notes
    info = model.info if model is not None else None
    task, why = _task(given.get("task"), info, values)
    if task is not None:
        values["task"], origin["task"] = task, Origin(variable=str(task), how=why)
        names = classes(info, task, values.get("y_train"), values.get("y_test"))
        if names:
            values["class_names"] = names
    columns = _sensitive(given, sensitive, namespace, values.get("X_test"), _kin(finder, origin, values))
    if columns:
        values["sensitive_features"] = {name: v for name, (v, _) in columns.items()}
        how = "; ".join(dict.fromkeys(h for _, h in columns.values()))
        origin["sensitive_features"] = Origin(variable=", ".join(columns), how=how, shape=(len(columns),))
    live = {n: v for n, v in namespace.items() if not n.startswith("_") and n not in ("In", "Out")}
    subjects = Subjects(**values, cells=tuple(cells), origin=origin, namespace=live or None)
    return Discovery(
        subjects=subjects, candidates=candidates, questions=tuple(asked), notes=tuple(dict.fromkeys(notes))
    )


def _names(candidates: Sequence[Candidate], taken: str) -> tuple[str, ...]:
    return tuple(c.variable for c in candidates if c.variable != taken)[:12]


def _task(given: str | None, info: ModelInfo | None, values: Mapping[str, Any]) -> tuple[Task | None, str]:
    if given is not None:
        try:
            return Task(given.strip().lower()), "given"
        except ValueError:
            msg = f"there is no task {given!r}; there are: {', '.join(Task)}. Hint: %mlready use task=binary"
            raise SubjectNotFound(msg) from None
    labels = values.get("y_train")
    return task_of(info, labels if labels is not None else values.get("y_test"))


def _given_model(expression: str, namespace: Mapping[str, Any], models: Sequence[Held]) -> Held | None:
    if expression == "none":
        return None
    value = _read(expression, namespace, "model")
    for model in models:
        if model.value is value:
            model.variable = expression
            return model
    if not askable(value):
        fitted = ", ".join(m.variable for m in models[:6]) or "none"
        msg = f"{expression} is a {type(value).__name__}: it has no predict. Models found: {fitted}. Hint: %mlready use model={models[0].variable if models else '<variable>'}"
        raise SubjectNotFound(msg)
    return Held(variable=expression, value=value, info=describe(value))


def _given(subject: str, expression: str, namespace: Mapping[str, Any]) -> Candidate | None:
    if expression == "none":
        return None
    value = _read(expression, namespace, subject)
    if (
        rows_of(value) is None
        and not isinstance(getattr(value, "shape", None), tuple)
        and not isinstance(value, (list, tuple))
    ):
        msg = f"{expression} is a {type(value).__name__}, expected a table or labels. {_tables(namespace)}Hint: %mlready use {subject}=<variable>"
        raise SubjectNotFound(msg)
    return Candidate(variable=expression, how="given", value=value, shape=shape_of(value))


def _read(expression: str, namespace: Mapping[str, Any], subject: str) -> Any:
    try:
        return resolve(expression, namespace)
    except Unreadable as error:
        known = [n for n in namespace if not n.startswith("_")]
        near = difflib.get_close_matches(expression, known, n=3, cutoff=0.5)
        hint = f"Did you mean {', '.join(near)}? " if near else ""
        why = "" if str(error) == expression else f" ({error})"
        msg = f"there is no {expression!r} in the notebook{why}. {hint}{_tables(namespace)}Hint: %mlready use {subject}={near[0] if near else '<variable>'}"
        raise SubjectNotFound(msg) from error


def _tables(namespace: Mapping[str, Any]) -> str:
    shapes = [
        f"{n} {shape_of(v)}"
        for n, v in namespace.items()
        if not n.startswith("_") and n not in ("In", "Out") and rows_of(v) is not None
    ]
    return f"Data found: {', '.join(shapes[:8])}. " if shapes else ""


def _kin(finder: Finder, origin: Mapping[str, Origin], values: Mapping[str, Any]) -> people.Kin:
    """What the cells know of the test rows: what they were made from, and cut from."""
    if "X_test" not in origin:
        return people.Kin()
    line = finder.ancestors(origin["X_test"].variable)
    beside = [(n, v) for n, v in finder.beside(line[0]) if v is not None and v is not values.get("y_test")]
    return people.Kin(
        aligned=[*((n, v) for n in line[1:] if (v := finder.value(n)) is not None), *beside],
        given=[(n, v) for n in dict.fromkeys(finder.story.people) if (v := finder.value(n)) is not None],
        labels=values.get("y_test"),
        lineage=finder.lineage(origin["X_test"].variable),
    )


def _sensitive(
    given: Mapping[str, str], always: Sequence[str], namespace: Mapping[str, Any], X_test: Any, kin: people.Kin
) -> dict[str, tuple[Any, str]]:
    asked = given.get("sensitive_features")
    if asked == "none" or X_test is None:
        return {}
    if asked is None:
        values, how, _ = people.find(namespace, X_test, kin=kin)
        if always:
            more, hows, _ = people.find(namespace, X_test, tuple(always), kin)
            values, how = {**values, **more}, {**how, **hows}
        return {n: (v, how[n]) for n, v in values.items()}
    whole = namespace.get(asked)
    if isinstance(whole, Mapping):
        return {str(k): (v, f"given in {asked}") for k, v in whole.items()}
    if frames.is_frame(whole) and len(getattr(whole, "shape", ())) == 2:
        return {n: (frames.column(whole, n), f"a column of {asked}") for n in frames.column_names(whole)}
    names = tuple(n.strip() for n in asked.split(",") if n.strip())
    values, how, lacking = people.find(namespace, X_test, names, kin)
    for name in lacking:
        try:
            value = resolve(name, namespace)
        except Unreadable:
            columns = frames.column_names(X_test) if frames.is_frame(X_test) else ()
            near = difflib.get_close_matches(name, [*columns, *namespace], n=3, cutoff=0.5)
            hint = f"Did you mean {', '.join(near)}? " if near else ""
            msg = f"there is no sensitive column or variable {name!r}. {hint}Columns of the test set: {', '.join(map(str, columns[:15])) or 'none'}. Hint: %mlready use sensitive=<column>"
            raise SubjectNotFound(msg) from None
        if rows_of(value) != rows_of(X_test):
            msg = f"{name} has {rows_of(value)} values, the test set {rows_of(X_test)} rows. Hint: %mlready use sensitive=<column>"
            raise SubjectNotFound(msg)
        values[name], how[name] = value, f"given: {name}"
    return {n: (v, how[n]) for n, v in values.items()}
