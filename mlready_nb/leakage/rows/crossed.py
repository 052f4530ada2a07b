"""Cross-validation without a test set: one fold of the splitter is cut again, and asked what two sides are asked."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Place
from mlready_nb.leakage.cells.folding import Folding
from mlready_nb.leakage.evidence import Evidence, Kind
from mlready_nb.leakage.rows.sides import SEED
from mlready_nb.leakage.rows.witness import asked
from mlready_nb.subjects import Budget, Origin, Subjects

Array = np.ndarray[Any, Any]

#: Fewest rows that are worth a fold.
ROWS = 40
#: Kinds that the splitter is guilty of.
_BY_SPLITTER = frozenset({Kind.GROUP, Kind.TEMPORAL, Kind.DUPLICATES})
_COPIES = frozenset({Kind.DUPLICATES, Kind.OVERSAMPLING})


@dataclass(frozen=True, kw_only=True)
class Folded:
    """One fold, as two sides."""

    text: str
    place: Place
    splitter: str
    X: str
    y: str
    subjects: Subjects
    #: kinds that another cross-validation of the notebook does mind
    minded: frozenset[Kind]


def foldings(subjects: Subjects, said: Sequence[tuple[Folding, Place]], y_train: Any = None) -> tuple[Folded, ...]:
    """A fold of each cross-validation whose data still live; one for each data set."""
    minded = frozenset(
        Kind.TEMPORAL if "Time" in f.splitter else Kind.GROUP for f, _ in said if "Time" in f.splitter or "Group" in f.splitter
    )  # fmt: skip
    found: dict[int, Folded] = {}
    for folding, place in said:
        if not folding.blind:
            continue
        known = _data(subjects, folding, y_train)
        if known is None or id(known[1]) in found:
            continue
        name, X, label, y = known
        train, test = _fold(folding, len(y), y)
        origin = {
            "X_train": Origin(variable=name, how=f"a training fold of {folding.text}"),
            "X_test": Origin(variable=name, how=f"a test fold of {folding.text}"),
        }
        two = replace(
            subjects, X_train=frames.take(X, train), X_test=frames.take(X, test),
            y_train=frames.take(y, train), y_test=frames.take(y, test), origin=origin,
        )  # fmt: skip
        found[id(X)] = Folded(
            text=f"`{folding.text}`",
            place=place,
            splitter=folding.splitter,
            X=name,
            y=label,
            subjects=two,
            minded=minded,
        )
    return tuple(found.values())


def witness(folded: Folded, budget: Budget, known: Collection[Kind] = ()) -> tuple[Evidence, ...]:
    """What a fold shows of entities, times and copies on both sides, and of columns that tell the label.

    Parameters
    ----------
    known
        Kinds that the cells have told of: rows that were made or repeated there are copies here.
    """
    two = folded.subjects
    found = asked(two, frames.labels(two.y_train), frames.labels(two.y_test), budget)
    return tuple(
        _said(folded, e)
        for e in found
        if e.kind not in folded.minded and not (e.kind in _COPIES and _COPIES & set(known))
    )


def _said(folded: Folded, evidence: Evidence) -> Evidence:
    if evidence.kind not in _BY_SPLITTER:
        return evidence
    return replace(
        evidence,
        message=f"in a fold of {folded.text}, {evidence.message}",
        place=folded.place,
        remedy=_remedy(folded, evidence),
    )


def _remedy(folded: Folded, evidence: Evidence) -> str:
    column = evidence.columns[0] if evidence.columns else "groups"
    if evidence.kind is Kind.GROUP:
        return (
            "from sklearn.model_selection import GroupKFold, cross_val_score\n"
            f"cross_val_score(model, {folded.X}, {folded.y}, groups={column}, cv=GroupKFold(5))"
        )
    if evidence.kind is Kind.TEMPORAL:
        return (
            "from sklearn.model_selection import TimeSeriesSplit, cross_val_score\n"
            f"# rows in the order of {column}\n"
            f"cross_val_score(model, {folded.X}, {folded.y}, cv=TimeSeriesSplit(5))"
        )
    return f"{folded.X} = {folded.X}.drop_duplicates()  # before the folds are cut"


def _fold(folding: Folding, n: int, y: Any) -> tuple[Array, Array]:
    """(training rows, test rows) of a fold in the middle, in their order."""
    from sklearn.model_selection import KFold, StratifiedKFold

    k = max(2, min(folding.folds, 10, n // 10))
    if folding.shuffled:
        order = np.random.default_rng(SEED).permutation(n)
        return np.sort(order[n // k :]), np.sort(order[: n // k])
    labels = frames.labels(y)
    by_class = (
        folding.splitter != "KFold" and (labels.dtype.kind != "f" or folding.splitter) and len(np.unique(labels)) <= 50
    )
    splitter = StratifiedKFold(k) if by_class and np.unique(labels, return_counts=True)[1].max() >= k else KFold(k)
    parts = list(splitter.split(np.zeros(n), frames.codes(labels)[0]))
    train, test = parts[len(parts) // 2]
    return np.asarray(train), np.asarray(test)


def _data(subjects: Subjects, folding: Folding, y_train: Any) -> tuple[str, Any, str, Any] | None:
    """(name, rows, name, labels) that were cross-validated."""
    names = subjects.namespace or {}
    for name, X in _live(folding.X, names):
        size = _rows(X)
        if size is None or size < ROWS:
            continue
        mine = [*_live(folding.y, names)]
        mine += [("y", v) for v in (y_train, subjects.y_train) if v is not None]
        for label, y in mine:
            if _rows(y) == size and getattr(y, "ndim", 1) == 1:
                return name, X, label, y
    return None


def _live(expressions: Iterable[str], names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = []
    for text in expressions:
        try:
            found.append((text, _value(ast.parse(text, mode="eval").body, names)))
        except Exception:  # noqa: S112  (what cannot be read, is not there)
            continue
    return found


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """A name, a column, some columns, the values: nothing that calls the user's code."""
    match node:
        case ast.Name(id=name):
            return names[name]
        case ast.Constant(value=value):
            return value
        case ast.List(elts=parts):
            return [_value(p, names) for p in parts]
        case ast.Subscript(value=table, slice=key):
            return _value(table, names)[_value(key, names)]
        case ast.Attribute(value=table, attr=column):
            held = _value(table, names)
            return held.to_numpy() if column == "values" else _column(held, column)
        case ast.Call(func=ast.Attribute(value=table, attr="to_numpy"), args=[]):
            return _value(table, names).to_numpy()
        case ast.Call(func=ast.Attribute(value=table, attr="drop"), args=given, keywords=words):
            if all(w.arg in ("columns", "axis") for w in words):
                held = _value(table, names)
                more: dict[str, Any] = {str(w.arg): _value(w.value, names) for w in words}
                return held.drop(*(_value(a, names) for a in given), **more)
    raise KeyError(ast.unparse(node))


def _column(table: Any, name: str) -> Any:
    """`df.price`, where that is a column."""
    if name not in frames.column_names(table):
        raise KeyError(name)
    return table[name]


def _rows(value: Any) -> int | None:
    try:
        return int(frames.n_rows(value))
    except Exception:
        return None
