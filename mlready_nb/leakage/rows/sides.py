"""Both sides of the split, read once: features, labels, and the columns that only the raw data still hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.rows.origin import Extra, Places, extras, places
from mlready_nb.subjects import Budget, Subjects, Task

Array = np.ndarray[Any, Any]

#: Rows of a side that the costlier questions look at.
ROWS, SEED = 20_000, 20261125


@dataclass(kw_only=True)
class Sides:
    """The training and the test rows, column by column."""

    subjects: Subjects
    #: (n,) labels; `None` where they are missing, do not fit the rows, or have several columns
    y_train: Array | None
    y_test: Array | None
    y_pred: Array | None
    budget: Budget
    _kept: dict[str, tuple[Array, Array]] = field(default_factory=dict)

    @classmethod
    def of(cls, subjects: Subjects) -> Self:
        """The features alone, for a question that needs no labels."""
        return cls(subjects=subjects, y_train=None, y_test=None, y_pred=None, budget=Budget())

    @property
    def X_train(self) -> Any:  # noqa: N802
        """As the user made it."""
        return self.subjects.X_train

    @property
    def X_test(self) -> Any:  # noqa: N802
        """As the user made it."""
        return self.subjects.X_test

    @cached_property
    def n_train(self) -> int:
        """Training rows."""
        return frames.n_rows(self.X_train)

    @cached_property
    def n_test(self) -> int:
        """Test rows."""
        return frames.n_rows(self.X_test)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Columns that both sides have; by position where one of them is an array."""
        a, b = frames.column_names(self.X_train), frames.column_names(self.X_test)
        if frames.is_frame(self.X_train) and frames.is_frame(self.X_test):
            return tuple(n for n in a if n in b)
        return a if len(a) == len(b) else ()

    @cached_property
    def wide(self) -> bool:
        """Too many columns to look at one by one: text as counts, pictures."""
        return len(self.names) > 2_000 or frames.is_sparse(self.X_train)

    def column(self, name: str) -> tuple[Array, Array]:
        """(training values, test values) of a feature."""
        if name not in self._kept:
            theirs = name
            if not (frames.is_frame(self.X_train) and frames.is_frame(self.X_test)):
                theirs = frames.column_names(self.X_test)[self.names.index(name)]
            self._kept[name] = (frames.column(self.X_train, name), frames.column(self.X_test, theirs))
        return self._kept[name]

    def columns(self, most: int | None = None) -> Iterator[tuple[str, Array, Array]]:
        """All features that can be read, while there is time; evenly chosen ones where there are more than `most`."""
        if self.wide:
            return
        step = max(1, -(-len(self.names) // most)) if most else 1
        for name in self.names[::step]:
            self.budget.check()
            try:
                a, b = self.column(name)
            except (TypeError, ValueError):  # a column that no engine can turn into values
                continue
            yield name, a, b

    @cached_property
    def extras(self) -> tuple[Extra, ...]:
        """Columns outside the features that belong to the same rows."""
        return extras(self.subjects, self.names, self.places)

    @cached_property
    def places(self) -> Places:
        """Where the rows stand in the raw tables of the namespace."""
        return places(self.subjects)

    @cached_property
    def levels(self) -> tuple[tuple[str, str, Array, Array], ...]:
        """(name, expression, training values, test values) of each level of a pandas index of the rows."""
        found = []
        for X, y in ((self.X_train, self.subjects.y_train), (self.X_test, self.subjects.y_test)):
            index = next((v.index for v in (X, y) if hasattr(v, "iloc") and len(v) == frames.n_rows(X)), None)
            if index is None or type(index).__name__ == "RangeIndex":
                return ()
            parts = [index.get_level_values(i) for i in range(index.nlevels)]
            found.append([p.to_timestamp() if hasattr(p, "to_timestamp") else p for p in parts])
        return tuple(
            (str(a.name) if a.name is not None else "index", f"{self.train_name}.index", np.asarray(a), np.asarray(b))
            for a, b in zip(*found, strict=False)
        )

    @property
    def train_name(self) -> str:
        """The variable that holds the training features."""
        return self.variable("X_train")

    @property
    def test_name(self) -> str:
        """The variable that holds the test features."""
        return self.variable("X_test")

    def variable(self, subject: str) -> str:
        """The expression that gave a subject, or the subject's own name."""
        origin = self.subjects.origin.get(subject)
        return origin.variable if origin is not None else subject

    @property
    def variables(self) -> tuple[str, ...]:
        """Names that an evidence about the split hangs on."""
        return self.train_name, self.test_name

    @property
    def classifies(self) -> bool:
        """True when the labels are classes."""
        if self.subjects.task is not None:
            return self.subjects.task is not Task.REGRESSION
        y = self.y_train
        return y is not None and (y.dtype.kind not in "fiu" or len(np.unique(y[:5000])) <= 20)

    @cached_property
    def rows(self) -> tuple[Array, Array]:
        """Positions, in order, that the costlier questions look at: all, or a random choice of each side."""
        rng = np.random.default_rng(SEED)
        return tuple(  # type: ignore[return-value]
            np.arange(n) if n <= ROWS else np.sort(rng.choice(n, ROWS, replace=False))
            for n in (self.n_train, self.n_test)
        )

    @cached_property
    def targets(self) -> tuple[Array, Array] | None:
        """((m, k), (n, k)) labels as numbers: indicators of the commonest classes, or ranks of a quantity."""
        if self.y_train is None or self.y_test is None:
            return None
        return target_matrices(self.y_train, self.y_test, self.classifies)


def target_matrices(y_train: Array, y_test: Array, classifies: bool, most: int = 12) -> tuple[Array, Array] | None:
    """Labels as numbers that a mean makes sense of."""
    m = len(y_train)
    if not classifies and y_train.dtype.kind in "fiub" and y_test.dtype.kind in "fiub":
        from scipy.stats import rankdata

        both = np.concatenate([y_train, y_test]).astype(float)
        both[~np.isfinite(both)] = np.nanmedian(both[np.isfinite(both)]) if np.isfinite(both).any() else 0.0
        ranks = rankdata(both) / len(both)
        return ranks[:m, None], ranks[m:, None]
    codes, distinct = frames.codes(np.concatenate([y_train.astype(object), y_test.astype(object)]))
    if len(distinct) < 2:
        return None
    common = np.argsort(-np.bincount(codes[codes >= 0], minlength=len(distinct)), kind="stable")[:most]
    common = common[1:] if len(distinct) == 2 else common  # one indicator says all of two classes
    matrix = (codes[:, None] == common[None, :]).astype(float)
    return matrix[:m], matrix[m:]
