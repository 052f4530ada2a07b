"""Data of the notebook that a transformer may have been fitted on, and how their rows stand to the split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import attribute
from mlready_nb.leakage.refit.found import walk
from mlready_nb.leakage.values.columns import validates
from mlready_nb.subjects import Subjects

Array = np.ndarray[Any, Any]

#: Tables with more cells are left alone.
CELLS = 100_000_000
#: Tables of the namespace that are considered.
TABLES = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Input:
    """One table (or column of texts) with a name a person knows."""

    name: str
    data: Any
    #: names of the variables it was made of
    variables: tuple[str, ...]
    #: the transformer whose output it is
    made_by: str | None = None
    #: "train", "test", "both" or "other", where it is known by construction
    known: str | None = None
    #: labels that go with the rows, where known by construction
    y: Any = None

    @cached_property
    def rows(self) -> int:
        """How many rows."""
        return frames.n_rows(self.data)


def tables(namespace: Mapping[str, Any]) -> list[Input]:
    """Two-dimensional data and columns of text, each object once."""
    found: dict[int, Input] = {}
    for name, value in walk(namespace):
        if id(value) in found or not _is_table(value):
            continue
        try:
            rows, columns = frames.shape(value)
        except Exception:  # noqa: S112  (a lazy frame that cannot be read is no table)
            continue
        if rows >= 10 and rows * columns <= CELLS:
            found[id(value)] = Input(name=name, data=value, variables=(name,))
        if len(found) >= TABLES:
            break
    return list(found.values())


def _is_table(value: Any) -> bool:
    if isinstance(value, type):
        return False
    if frames.is_sparse(value) or frames.is_frame(value):
        return True
    if isinstance(value, np.ndarray):
        return value.ndim == 2 or (value.ndim == 1 and value.dtype.kind in "OU")
    return isinstance(value, list) and len(value) >= 10 and all(isinstance(v, str) for v in value[:10])


def lists_of_names(namespace: Mapping[str, Any]) -> list[list[str]]:
    """Lists of column names that the notebook keeps."""
    found = []
    for _, held in walk(namespace):
        value = held.tolist() if type(held).__name__ == "Index" else held
        if isinstance(value, (list, tuple)) and 1 <= len(value) <= 2000 and all(isinstance(v, str) for v in value):
            found.append(list(value))
    return found


def fits(transformer: Any, source: Input, names: list[list[str]], target: Any) -> Iterator[Input]:
    """The views of a table that the transformer can have been fitted on."""
    data = source.data
    wanted, width = attribute(transformer, "feature_names_in_"), attribute(transformer, "n_features_in_")
    if wanted is None and hasattr(transformer, "steps") and width is None:
        first = transformer.steps[0][1]
        wanted, width = attribute(first, "feature_names_in_"), attribute(first, "n_features_in_")
    if width is None:
        yield from _texts(source)
        return
    if frames.is_frame(data):
        have = list(frames.column_names(data))
        if wanted is not None:
            wanted = [str(w) for w in wanted]
            if set(wanted) <= set(have):
                yield _view(source, wanted, have)
            return
        yield from _by_width(source, have, int(width), names, target)
    elif wanted is None and np.ndim(data) == 2 and frames.n_columns(data) == int(width):
        yield source
    elif wanted is None and isinstance(data, np.ndarray) and data.ndim == 2 and int(width) == 1 and data.shape[1] <= 50:
        for j in range(data.shape[1]):
            yield replace(source, name=f"{source.name}[:, {j}]", data=data[:, [j]])


def _view(source: Input, wanted: list[str], have: list[str]) -> Input:
    if wanted == have:
        return source
    return replace(source, data=_select(source.data, wanted))


def _select(data: Any, wanted: list[str]) -> Any:
    if hasattr(data, "iloc"):
        at = {str(c): i for i, c in enumerate(data.columns)}
        return data.iloc[:, [at[w] for w in wanted]]
    return frames.table(data).select(wanted).to_native()


def _by_width(source: Input, have: list[str], width: int, names: list[list[str]], target: Any) -> Iterator[Input]:
    """A transformer that was fitted on an array tells its width only."""
    if len(have) == width:
        yield replace(source, data=_values(source.data))
        return
    tried: set[tuple[str, ...]] = set()
    numeric = [n for n, k in frames.kinds(source.data).items() if k in ("numeric", "boolean")]
    options = [numeric, *[n for n in names if set(n) <= set(have)]]
    if len(have) == width + 1:
        options += [[h for h in have if h != t] for t in have if _is_target(source.data, t, target)]
    elif len(numeric) == width + 1:
        options += [[h for h in numeric if h != t] for t in numeric if _is_target(source.data, t, target)]
    if width == 1 and len(numeric) <= 60:
        options += [[n] for n in numeric]
    for option in options:
        if len(option) == width and tuple(option) not in tried:
            tried.add(tuple(option))
            label = f"{source.name}[{option[0]!r}]" if width == 1 else source.name
            yield replace(source, name=label, data=_values(_select(source.data, option)))


def _is_target(data: Any, name: str, target: Any) -> bool:
    """The column that holds the labels: by the name of the labels, else the last one."""
    if target is not None and str(getattr(target, "name", None)) == name:
        return True
    return name == frames.column_names(data)[-1]


def _values(data: Any) -> Any:
    if not frames.is_frame(data):
        return data
    return data.to_numpy() if hasattr(data, "to_numpy") else np.asarray(data)


def _texts(source: Input) -> Iterator[Input]:
    """Columns of text, for what counts words."""
    data = source.data
    if isinstance(data, list) or (isinstance(data, np.ndarray) and data.ndim == 1):
        yield source
    elif frames.is_frame(data) and not frames.is_sparse(data):
        for name, kind in frames.kinds(data).items():
            if kind in ("text", "categorical", "other"):
                values = frames.column(data, name)
                if all(isinstance(v, str) for v in values[:20]):
                    label = source.name if frames.n_columns(data) == 1 else f"{source.name}[{name!r}]"
                    yield replace(source, name=label, data=_series(data, name, list(values)))


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The two sides of the split as the model saw them, and what tells their rows again elsewhere."""

    X_train: Any
    X_test: Any
    y_train: Any
    y_test: Any
    X_valid: Any = None

    @classmethod
    def of(cls, subjects: Subjects) -> Sides:
        """The sides of the chosen subjects."""
        return cls(
            X_train=subjects.X_train,
            X_test=subjects.X_test,
            y_train=subjects.y_train,
            y_test=subjects.y_test,
            X_valid=subjects.X_valid if validates(subjects) else None,
        )

    @cached_property
    def n_train(self) -> int:
        """Rows of the training set."""
        return frames.n_rows(self.X_train)

    @cached_property
    def n_test(self) -> int:
        """Rows of the test set."""
        return frames.n_rows(self.X_test)

    @cached_property
    def ids(self) -> tuple[set[Any], set[Any]] | None:
        """Index labels of both sides, where an index tells rows apart (from X, else from y)."""
        for one, two in ((self.X_train, self.X_test), (self.y_train, self.y_test)):
            a, b = _ids(one), _ids(two)
            if a is not None and b is not None and not (a & b):
                return a, b
        return None

    def by_index(self, data: Any) -> str | None:
        """Say "train", "test", "both" or "other": what an index says of a frame's rows; `None` when it says nothing."""
        index = getattr(data, "index", None)
        if self.ids is None or index is None or callable(index) or not getattr(index, "is_unique", False):
            return None
        have = set(np.asarray(index).tolist())
        train, test = (len(side & have) / len(side) for side in self.ids)
        if test >= 0.99 and train >= 0.99:
            return "both"
        if len(self.ids[1] & have) == 0:
            return "train"
        if test >= 0.99 and len(self.ids[0] & have) == 0:
            return "test"
        return "other"


def _ids(data: Any) -> set[Any] | None:
    index = getattr(data, "index", None)
    if index is None or callable(index) or not getattr(index, "is_unique", False):
        return None
    return set(np.asarray(index).tolist())


def _series(data: Any, name: str, values: list[Any]) -> Any:
    """One column of texts; with its index where there is one."""
    if not hasattr(data, "iloc"):
        return values
    return data if np.ndim(data) == 1 else data.iloc[:, list(frames.column_names(data)).index(name)]
