"""Steps that the rows went through before the model and that do not travel with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.adapters.describe import attribute
from mlready_nb.adapters.kinship import aligned, equals, holds, indicators, numbers, unchanged
from mlready_nb.adapters.parts import estimators
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Strength, failed, inconclusive, passed, warned
from mlready_nb.source import parse

Array = np.ndarray[Any, Any]

#: Steps and tables of the notebook that are tried.
STEPS, TABLES = 12, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A fitted transformer of the notebook that is not inside the model."""

    name: str
    value: Any


@check("PKG-03.1", "PKG-03.2")
def preprocessing_outside(
    predictor: Predictor, X_train: Any, namespace: Any = None, X_test: Any = None, cells: Any = (), origin: Any = None
) -> Finding:
    """Fitted scalers, encoders and imputers, and hand-made encodings, that stand between the raw rows and the model.

    What it measures: Each fitted transformer of the notebook that is not a part of the model is applied to copies of
    a few rows of every table it fits: where the result equals rows that the model was trained or tested on, it is a
    step that serving has to repeat (proven). Where the raw table was overwritten, the learnt scale gives it away: the
    training columns have the mean and spread, or the ends, that this scaler makes. Columns of text in the raw table
    that are numbers or indicators in the training data are steps of one's own code.

    Why it matters: Training/serving skew comes from a scaler or an encoder that is re-implemented, or forgotten,
    beside the model (Sculley et al. 2015; Baylor et al. 2017).

    Blind spots: Features computed by hand from numbers. Raw rows that are no longer in the notebook.

    How to mend: One object: Pipeline([("prepare", ColumnTransformer(...)), ("model", model)]), fitted on the raw
    training rows, saved, and given raw rows.
    """
    name = origin["model"].variable if origin and "model" in origin else "model"
    namespace = namespace or {}
    inside = {id(part) for part in estimators(predictor.raw)}
    steps = [
        s for s in _steps(namespace) if id(s.value) not in inside and not _same_kind_inside(s.value, predictor.raw)
    ][:STEPS]
    sides = [X for X in (X_train, X_test) if X is not None and frames.n_rows(X) and not frames.is_sparse(X)]
    sparse = [X for X in (X_train, X_test) if X is not None and frames.is_sparse(X)]
    tables = list(_tables(namespace))[:TABLES]
    texts = list(_texts(namespace))[:TABLES] if any(_reads_text(s.value) for s in steps) else []
    proven = [
        (s, t)
        for s in steps
        if (t := _made_by(s.value, texts if _reads_text(s.value) else tables, [*sides, *sparse])) is not None
    ]
    betrayed = [s for s in steps if not proven and sides and _scale_of(s.value, sides[0])]
    used = [s for s, _ in proven] or betrayed
    measured = {
        "steps_outside": len(used),
        "steps_in_the_notebook": len(steps),
        "steps_inside": max(0, len(inside) - 1),
    }
    if used:
        listed = ", ".join(f"{s.name} ({type(s.value).__name__})" for s in used[:3])
        together = [s for s in used if _kept_together(s.value, predictor.raw, namespace)]
        if len(together) == len(used):
            return passed(
                f"{listed} stand outside of {name}, but one object of the notebook holds both", measured=measured
            )
        how = (
            f"{proven[0][0].name}.transform({proven[0][1]}) gives the very rows that {name} was trained or tested on"
            if proven
            else f"the training columns have exactly the scale that {used[0].name} makes"
        )
        dumped = _dumped(cells)
        alone = all(s.name in dumped for s in used)
        saved = "; it is saved beside the model, and the two must be kept together by hand" if alone else ""
        return (warned if alone else failed)(
            f"{listed} stands between the raw rows and {name} and does not travel with it: {how}{saved}",
            strength=Strength.PROVEN if proven else Strength.MEASURED,
            measured=measured,
            points={
                "PKG-03.1": Outcome.WARN if alone else Outcome.FAIL,
                "PKG-03.2": Outcome.WARN if alone else Outcome.FAIL,
            },
            remedy=f"Put it inside: {name} = make_pipeline({used[0].name}, {name}), fit it on the raw training rows, and save that one object.",
        )
    by_hand = _by_hand(sides, tables) if sides else []
    if by_hand:
        column, what, table = by_hand[0]
        more = f"; and {len(by_hand) - 1} more columns" if len(by_hand) > 1 else ""
        return warned(
            f"{column!r} is text in {table} and {what} in what {name} takes{more}: a raw row cannot be given to the saved model",
            strength=Strength.PROVEN,
            measured={**measured, "columns_by_hand": len(by_hand)},
            remedy=f"Encode inside the model: make_pipeline(make_column_transformer((OneHotEncoder(handle_unknown='ignore'), [{column!r}]), "
            f"remainder='passthrough'), {name}), fitted on the raw rows.",
        )
    if len(inside) > 1:
        return passed(
            f"{name} holds its own steps ({predictor.info.kind}); no fitted step of the notebook stands before it",
            measured=measured,
        )
    raw = next((t for t, value in tables if sides and holds(value, sides[0])), None)
    if raw is not None:
        return passed(f"{name} takes the rows as they stand in {raw}: there is nothing to bundle", measured=measured)
    if not steps:
        return passed(
            f"no fitted step and no other form of the rows is in the notebook: {name} takes the rows as they are",
            strength=Strength.HEURISTIC,
            measured=measured,
        )
    return inconclusive(
        f"{', '.join(s.name for s in steps[:3])} {'is' if len(steps) == 1 else 'are'} fitted in the notebook; whether the rows of {name} went through "
        "cannot be told, for no raw table is left",
        measured=measured,
        remedy="Keep the raw rows under a name of their own, or put the steps into a Pipeline with the model.",
    )


def _steps(namespace: Mapping[str, Any]) -> Iterator[Step]:
    """Fitted transformers by name; inside dicts and lists one level deep."""
    for name, value in list(namespace.items()):
        if _is_step(value):
            yield Step(name=name, value=value)
        elif type(value) is dict:
            yield from (Step(name=f"{name}[{k!r}]", value=v) for k, v in list(value.items())[:20] if _is_step(v))


def _is_step(value: Any) -> bool:
    if (
        isinstance(value, type)
        or not callable(attribute(value, "transform"))
        or not callable(attribute(value, "get_params"))
    ):
        return False
    if callable(attribute(value, "predict")):
        return False
    return isinstance(attribute(value, "n_features_in_"), int) or _reads_text(value)


def _reads_text(step: Any) -> bool:
    """A fitted vectoriser: it takes a column of texts and knows their words."""
    return isinstance(attribute(step, "vocabulary_"), dict)


def _texts(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Lists, arrays and columns of texts by name; columns of frames as `df['review']`."""
    for name, value in list(namespace.items()):
        shape = getattr(value, "shape", None)
        if isinstance(value, list) or (isinstance(shape, tuple) and len(shape) == 1):
            if len(value) and isinstance(value[0] if isinstance(value, list) else np.asarray(value[:1])[0], str):
                yield name, value
        elif isinstance(shape, tuple) and hasattr(value, "iloc") and hasattr(value, "columns"):
            for i, (column, kind) in enumerate(frames.kinds(value).items()):
                if kind == "text":
                    yield f"{name}[{column!r}]", value.iloc[:, i]


def _same_kind_inside(step: Any, model: Any) -> bool:
    """True for a step whose fitted clone is inside the model with the same state (ColumnTransformer clones)."""
    return any(
        type(p) is type(step) and p is not step and _state(p) is not None and _state(p) == _state(step)
        for p in estimators(model)
    )


def _state(value: Any) -> dict[str, bytes] | None:
    """What a step has learnt: numbers and arrays of numbers by name, as bytes."""
    learnt = {
        k: np.asarray(v) for k, v in vars(value).items() if k.endswith("_") and isinstance(v, (np.ndarray, float, int))
    }
    return {k: a.tobytes() for k, a in learnt.items() if a.dtype.kind in "fiub"} or None


def _tables(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in list(namespace.items()):
        try:
            wide = frames.is_frame(value) or (
                isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "fiubO"
            )
            if wide and frames.n_rows(value) > 0 and len(getattr(value, "shape", ())) == 2:
                yield name, value
        except Exception:  # noqa: S112  (a lazy or foreign table that cannot be read)
            continue


def _made_by(step: Any, tables: list[tuple[str, Any]], sides: list[Any]) -> str | None:
    """The table whose rows, put through the step, are rows of a side."""
    width, names = attribute(step, "n_features_in_"), attribute(step, "feature_names_in_")
    for name, table in tables:
        if any(table is X for X in sides):
            continue
        part = table
        if names is not None and frames.is_frame(table):
            ours = frames.column_names(table)
            if not all(str(n) in ours for n in names):
                continue
            part = frames.chosen(table, [ours.index(str(n)) for n in names])
        elif width is not None and frames.n_columns(table) != width:
            continue
        for X in sides:
            rows = aligned(table, X)
            if rows is None:
                continue
            try:
                made = step.transform(frames.take(part, rows[0]))
            except Exception:  # noqa: S112  (not its table)
                continue
            rows_of_X = frames.take(X, rows[1])
            if equals(made, rows_of_X, names) and not unchanged(frames.take(part, rows[0]), made):
                return name
    return None


def _scale_of(step: Any, X: Any) -> bool:
    """True where the columns of X have exactly the scale that this scaler leaves behind, and did not have it before."""
    values = numbers(X)
    if values is None:
        return False
    names = attribute(step, "feature_names_in_")
    if names is not None and frames.is_frame(X):
        ours = frames.column_names(X)
        if not all(str(n) in ours for n in names):
            return False
        values = values[:, [ours.index(str(n)) for n in names]]
    elif values.shape[1] != attribute(step, "n_features_in_"):
        return False
    mean, scale = attribute(step, "mean_"), attribute(step, "scale_")
    low, high = attribute(step, "data_min_"), attribute(step, "data_max_")
    if mean is not None and scale is not None and attribute(step, "n_samples_seen_") is not None:
        moved = np.abs(np.asarray(mean)) > 1e-6
        spread = values.std(axis=0)
        return bool(
            moved.any()
            and np.abs(values.mean(axis=0)).max() < 1e-6
            and np.all((np.abs(spread - 1) < 1e-6) | (spread < 1e-9))
        )
    if low is not None and high is not None:
        a, b = attribute(step, "feature_range") or (0, 1)
        was = np.allclose(low, a) and np.allclose(high, b)
        return bool(
            not was and np.allclose(values.min(axis=0), a, atol=1e-9) and np.allclose(values.max(axis=0), b, atol=1e-9)
        )
    return False


def _kept_together(step: Any, model: Any, namespace: Mapping[str, Any]) -> bool:
    """True where one object of the notebook (a dict, a tuple, an instance) holds the step and the model."""
    for value in list(namespace.values()):
        if isinstance(value, dict):
            held = list(value.values())[:50]
        elif isinstance(value, (list, tuple)):
            held = list(value)[:50]
        elif hasattr(value, "__dict__") and not isinstance(value, type) and not hasattr(value, "__path__"):
            held = list(vars(value).values())[:50]
        else:
            continue
        if any(h is step for h in held) and any(h is model for h in held):
            return True
    return False


def _dumped(cells: Any) -> set[str]:
    """Names that a cell hands to a `dump`."""
    found: set[str] = set()
    for cell in cells or ():
        tree = parse(cell.source)
        for node in ast.walk(tree) if tree is not None else ():
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("dump", "dumps")
                and node.args
            ):
                found |= {n.id for n in ast.walk(node.args[0]) if isinstance(n, ast.Name)}
    return found


def _by_hand(sides: list[Any], tables: list[tuple[str, Any]]) -> list[tuple[str, str, str]]:
    """(column, what it became, table): text in a raw table, a number or indicators in the training data."""
    X = sides[0]
    if not frames.is_frame(X):
        return []
    ours, kinds = frames.column_names(X), frames.kinds(X)
    found: dict[str, tuple[str, str, str]] = {}
    for name, table in tables:
        if not frames.is_frame(table) or table is X:
            continue
        rows = aligned(table, X)
        if rows is None or not hasattr(table, "index"):
            continue
        theirs = frames.kinds(table)
        if not set(ours) & set(theirs):
            continue
        for column, kind in theirs.items():
            if kind not in ("text", "categorical") or column in found:
                continue
            if kinds.get(column) in ("numeric", "boolean"):
                found[column] = (column, "a number", name)
            elif column not in ours and indicators(frames.take(table, rows[0]), frames.take(X, rows[1]), column):
                found[column] = (column, "indicators", name)
    return list(found.values())
