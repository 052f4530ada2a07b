"""Where the rows came from: columns that only the raw data still hold, brought to both sides by index or content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.rows.content import agrees, by_content, same_order
from mlready_nb.leakage.rows.words import side, sideless
from mlready_nb.subjects import Subjects

Array = np.ndarray[Any, Any]

#: Namespaces with more tables than this are read no further.
TABLES = 40


@dataclass(kw_only=True)
class Extra:
    """A column outside the features, brought to the rows of both sides."""

    name: str
    #: how to write it: `raw['patient_id']`, `groups`
    variable: str
    load: Callable[[], tuple[Array, Array]]
    #: (positions of the training rows, of the test rows) in the raw table, in its order; `None` when the sides
    #: come from two tables
    order: tuple[Array, Array] | None = None
    _values: tuple[Array, Array] | None = None

    def values(self) -> tuple[Array, Array]:
        """(training values, test values)."""
        if self._values is None:
            self._values = self.load()
        return self._values


@dataclass(frozen=True, kw_only=True)
class Located:
    """Where the rows of one side stand in a table of the namespace."""

    variable: str
    table: Any
    rows: Array


@dataclass(frozen=True, kw_only=True)
class Places:
    """The tables in which the rows of each side were found, surest first."""

    train: tuple[Located, ...]
    test: tuple[Located, ...]

    @property
    def both(self) -> list[tuple[Located, Located]]:
        """Tables that hold the rows of both sides."""
        test = {id(t.table): t for t in self.test}
        return [(t, test[id(t.table)]) for t in self.train if id(t.table) in test]


def places(subjects: Subjects) -> Places:
    """Where the rows of both sides stand in the tables of the namespace."""
    known = Places(
        train=tuple(_side(subjects, subjects.X_train, subjects.y_train, subjects.X_test)),
        test=tuple(_side(subjects, subjects.X_test, subjects.y_test, subjects.X_train)),
    )
    return Places(train=known.train + _beside(subjects, known, 0), test=known.test + _beside(subjects, known, 1))


def nothing_missing(subjects: Subjects) -> bool:
    """True when both sides together have as many rows as a table: none was left out of either."""
    size = frames.n_rows(subjects.X_train) + frames.n_rows(subjects.X_test)
    return any(frames.n_rows(table) == size for _, table in tables(subjects))


def _beside(subjects: Subjects, known: Places, which: int) -> tuple[Located, ...]:
    """Frames with as many rows as a whole table that was found: `df` beside the scaled array made from it."""
    found = {id(t.table) for t in (known.train, known.test)[which]}
    more = []
    for pair in known.both:
        size = frames.n_rows(pair[which].table)
        if size <= max(frames.n_rows(subjects.X_train), frames.n_rows(subjects.X_test)):
            continue
        for name, table in tables(subjects):
            if id(table) not in found and frames.is_frame(table) and frames.n_rows(table) == size:
                found.add(id(table))
                more.append(Located(variable=name, table=table, rows=pair[which].rows))
    return tuple(more)


def extras(subjects: Subjects, names: Sequence[str], known: Places) -> tuple[Extra, ...]:
    """Every column that belongs to the rows of both sides and is no feature; the best source of a name only."""
    found: dict[str, Extra] = {}
    for extra in _columns(known, set(names)):
        found.setdefault(extra.name, extra)
    for extra in _loose(subjects, known):
        found.setdefault(extra.name, extra)
    return tuple(found.values())


def tables(subjects: Subjects) -> Iterator[tuple[str, Any]]:
    """Named tables of the namespace, without the subjects themselves and without IPython's own."""
    mine = {id(v) for v in (subjects.X_train, subjects.X_test, subjects.y_train, subjects.y_test)}
    seen = 0
    for name, value in list((subjects.namespace or {}).items()):
        if name.startswith("_") or name in ("In", "Out") or id(value) in mine:
            continue
        if frames.is_sparse(value) or not (frames.is_frame(value) or getattr(value, "ndim", 0) == 2):
            continue
        if getattr(value, "ndim", 2) == 1 or isinstance(value, np.matrix):
            continue
        seen += 1
        if seen > TABLES:
            return
        yield name, value


def _side(subjects: Subjects, X: Any, y: Any, other: Any) -> list[Located]:
    """The tables in which the rows of one side were found, surest first."""
    if X is None:
        return []
    index = _index_of(X, y)
    sure: list[Located] = []
    likely: list[Located] = []
    for name, table in tables(subjects):
        if table is other:
            continue
        try:
            rows, certain = _rows_in(table, X, y, index)
        except Exception:  # noqa: S112  (a table of the user's that cannot be read holds no evidence)
            continue
        if rows is not None:
            (sure if certain else likely).append(Located(variable=name, table=table, rows=rows))
    found = sorted(sure, key=lambda t: frames.n_rows(t.table)) + likely
    if found and index is None and not frames.is_frame(X):
        found += _behind(subjects, found, other)
    if not found and index is None:  # the rows were scaled: look for the table that they were scaled from
        for name, table in tables(subjects):
            if frames.n_rows(table) == frames.n_rows(X) and table is not other and same_order(table, X):
                inner = Subjects(namespace={k: v for k, v in (subjects.namespace or {}).items() if v is not table})
                known = Located(variable=name, table=table, rows=np.arange(frames.n_rows(X)))
                return [known, *_side(inner, table, None, other)]
        wanted = "train" if X is subjects.X_train else "test"
        found = [  # encoded, so that nothing is left to compare: by length and by what the name says
            Located(variable=name, table=table, rows=np.arange(frames.n_rows(X)))
            for name, table in tables(subjects)
            if frames.is_frame(table)
            and frames.n_rows(table) == frames.n_rows(X) != frames.n_rows(other)
            and side(name) == wanted
        ]
    return found


def _behind(subjects: Subjects, found: list[Located], other: Any) -> list[Located]:
    """Larger tables that hold a frame which holds the array: `df` behind `train` behind `train[f].to_numpy()`."""
    step = next((t for t in found if frames.is_frame(t.table)), None)
    if step is None:
        return []
    known, more = {id(t.table) for t in found}, []
    for name, table in tables(subjects):
        if id(table) in known or table is other or frames.n_rows(table) <= frames.n_rows(step.table):
            continue
        rows = by_content(table, step.table)
        if rows is not None:
            more.append(Located(variable=name, table=table, rows=rows[step.rows]))
    return more


def _rows_in(table: Any, X: Any, y: Any, index: Any) -> tuple[Array | None, bool]:
    """(positions of the rows in the table, confirmed by content?)."""
    n = frames.n_rows(X)
    if index is not None and hasattr(table, "iloc"):
        if len(table) < 2 or not table.index.is_unique:
            return None, False
        rows = np.asarray(table.index.get_indexer(index))
        if (rows < 0).any():
            return None, False
        checked = agrees(table, rows, X, y)
        if checked is None:  # nothing to compare: trust labels that were not merely counted up
            return (None, False) if _counted(index) else (rows, False)
        return (rows, True) if checked else (None, False)
    if frames.n_rows(table) == n:
        rows = np.arange(n)
        if agrees(table, rows, X, y):
            return rows, True
    rows_or_none = by_content(table, X)
    return rows_or_none, rows_or_none is not None


def _index_of(X: Any, y: Any) -> Any:
    """The pandas index of the rows, from the features or from the labels beside them."""
    for value in (X, y):
        if hasattr(value, "iloc") and len(value) == frames.n_rows(X):
            return value.index
    return None


def _counted(index: Any) -> bool:
    ids = np.asarray(index)
    return ids.dtype.kind in "iu" and len(ids) > 0 and int(ids.min()) == 0 and int(ids.max()) == len(ids) - 1


def _columns(known: Places, names: set[str]) -> Iterator[Extra]:
    for ours, theirs in known.both:
        for name in frames.column_names(ours.table) if frames.is_frame(ours.table) else ():
            if name not in names:
                yield _extra(ours, theirs, name, order=True)
    for ours in known.train:
        for theirs in known.test:
            if ours.table is theirs.table or not (frames.is_frame(ours.table) and frames.is_frame(theirs.table)):
                continue
            if side(theirs.variable) != "train" and side(ours.variable) != "test":
                both = set(frames.column_names(theirs.table)) - names
                for name in frames.column_names(ours.table):
                    if name in both:
                        yield _extra(ours, theirs, name, order=False)


def _extra(ours: Located, theirs: Located, name: str, *, order: bool) -> Extra:
    def load() -> tuple[Array, Array]:
        return frames.column(ours.table, name)[ours.rows], frames.column(theirs.table, name)[theirs.rows]

    return Extra(
        name=name,
        variable=f"{ours.variable}[{name!r}]",
        load=load,
        order=(ours.rows, theirs.rows) if order else None,
    )


def _loose(subjects: Subjects, known: Places) -> Iterator[Extra]:
    """Arrays and series that stand alone: one value for each row of a located table, or a pair for the two sides."""
    mine = {id(v) for v in (subjects.X_train, subjects.X_test, subjects.y_train, subjects.y_test)}
    loose: dict[str, Any] = {}
    for name, value in list((subjects.namespace or {}).items()):
        if name.startswith("_") or name in ("In", "Out") or id(value) in mine or not _flat(value):
            continue
        loose[name] = value
    m, n = frames.n_rows(subjects.X_train), frames.n_rows(subjects.X_test)
    for name, value in loose.items():
        size = len(value)
        for ours, theirs in known.both:
            if frames.n_rows(ours.table) == size:
                yield _whole(name, value, ours, theirs)
                break
    for a, one in loose.items():
        if len(one) != m or side(a) == "test":
            continue
        for b, two in loose.items():
            if a != b and len(two) == n and side(b) != "train" and sideless(a) == sideless(b):
                yield _pair(a, one, two)


def _flat(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1 and len(value) > 1
    if isinstance(value, list):
        return len(value) > 1 and isinstance(value[0], (str, int, np.integer))
    return frames.is_frame(value) and getattr(value, "ndim", 1) == 1 and hasattr(value, "dtype") and len(value) > 1


def _whole(name: str, value: Any, ours: Located, theirs: Located) -> Extra:
    def load() -> tuple[Array, Array]:
        values = frames.labels(value)
        return values[ours.rows], values[theirs.rows]

    return Extra(name=_title(name, value), variable=name, load=load, order=(ours.rows, theirs.rows))


def _pair(name: str, one: Any, two: Any) -> Extra:
    def load() -> tuple[Array, Array]:
        return frames.labels(one), frames.labels(two)

    return Extra(name=_title(sideless(name).replace(" ", "_") or name, one), variable=name, load=load)


def _title(name: str, value: Any) -> str:
    """A series' own name tells more than the variable's."""
    own = getattr(value, "name", None)
    return str(own) if isinstance(own, str) and own else name
