"""Columns chosen by their scores against the labels of all rows, test rows included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.leakage.values.columns import Column, numeric_columns
from mlready_nb.leakage.values.frames_before import Before, column_key

Array = np.ndarray[Any, Any]
Score = Callable[[Array, Array], Array]

#: Columns a table may have: beyond it the scores take too long.
COLUMNS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The model's columns are exactly the best ones by a score over all rows."""

    table: str
    columns: tuple[str, ...]
    of: int
    score: str
    #: how many of them the training rows alone would not have chosen
    otherwise: int
    by_chance: float


def chosen(before: Before, names: Sequence[str], y: Array) -> Chosen | None:
    """Hold the columns of the model against the ranking of all columns of the table.

    Parameters
    ----------
    names
        The model's columns that the table has.
    y
        Labels of the table's rows: of both sides, NaN elsewhere.
    """
    have = list(numeric_columns(before.data, before.data))
    have = [c for c in have if len(c.honest[0]) == len(c.train) and not _is_label(c.train, y)]
    at = [i for i, c in enumerate(have) if c.name in set(names)]
    p, k = len(have), len(at)
    if not 2 <= k < p or p > COLUMNS or k < 0.8 * len(names):
        return None
    ways = lgamma(p + 1) - lgamma(k + 1) - lgamma(p - k + 1)
    chance = 2 * len(SCORES) * exp(-ways)  # of having just these, by any of the scores
    if chance >= 1e-6:
        return None
    matrix = np.column_stack([c.train for c in have])
    rows = np.sort(np.concatenate([before.train, before.test]))
    for name, score in SCORES.items():
        everywhere = _best(score(matrix[rows], y[rows]), k)
        if everywhere is None or set(everywhere) != set(at):
            continue
        alone = _best(score(matrix[before.train], y[before.train]), k)
        if alone is None or set(alone) == set(at):
            return None
        return Chosen(
            table=before.name,
            columns=tuple(have[i].name for i in at),
            of=p,
            score=name,
            otherwise=len(set(at) - set(alone)),
            by_chance=float(chance),
        )
    return None


def _is_label(values: Array, y: Array) -> bool:
    known = np.isfinite(y)
    return bool(np.array_equal(values[known], y[known]))


def _best(scores: Array, k: int) -> list[int] | None:
    """The k best, or `None` where the last place is a tie."""
    scores = np.where(np.isfinite(scores), scores, -np.inf)
    order = np.argsort(-scores, kind="stable")
    if scores[order[k - 1]] <= scores[order[k]] * (1 + 1e-9):
        return None
    return [int(i) for i in order[:k]]


def _pearson(X: Array, y: Array) -> Array:
    X, y = X - X.mean(axis=0), y - y.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.abs(X.T @ y) / np.sqrt((X**2).sum(axis=0) * (y**2).sum()))


def _spearman(X: Array, y: Array) -> Array:
    from scipy.stats import rankdata

    return _pearson(rankdata(X, axis=0), rankdata(y))


def _classes(X: Array, y: Array) -> Array:
    """The F statistic of a one-way analysis of variance."""
    labels = np.unique(y)
    if not 3 <= len(labels) <= 50:
        return np.full(X.shape[1], np.nan)
    grand = X.mean(axis=0)
    between = sum((y == v).sum() * (X[y == v].mean(axis=0) - grand) ** 2 for v in labels)
    within = sum(((X[y == v] - X[y == v].mean(axis=0)) ** 2).sum(axis=0) for v in labels)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(between / within)


def _welch(X: Array, y: Array) -> Array:
    """The t statistic for two classes of unequal spread."""
    labels = np.unique(y)
    if len(labels) != 2:
        return np.full(X.shape[1], np.nan)
    one, two = X[y == labels[0]], X[y == labels[1]]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            np.abs(one.mean(axis=0) - two.mean(axis=0))
            / np.sqrt(one.var(axis=0) / len(one) + two.var(axis=0) / len(two))
        )


def _chi2(X: Array, y: Array) -> Array:
    labels = np.unique(y)
    if len(labels) > 50 or (X < 0).any():
        return np.full(X.shape[1], np.nan)
    observed = np.array([X[y == v].sum(axis=0) for v in labels])
    expected = np.array([(y == v).mean() for v in labels])[:, None] * X.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(((observed - expected) ** 2 / expected).sum(axis=0))


SCORES: Mapping[str, Score] = {
    "correlation": _pearson,
    "rank correlation": _spearman,
    "F statistic": _classes,
    "t statistic": _welch,
    "chi-squared": _chi2,
}


def by_content(before: Before, train: Sequence[Column]) -> Iterator[str]:
    """Names of the table's columns that the model's columns are, where its own names are lost."""
    rows = before.train
    there = {column_key(c.train[rows]): c.name for c in numeric_columns(before.data, before.data)}
    for column in train:
        name = there.get(column_key(column.train))
        if name is not None:
            yield name


def in_order(namespace: Mapping[str, Any], columns: Sequence[Column]) -> Iterator[Before]:
    """Arrays whose rows are those of both sides, found by the content of the model's columns."""
    if not columns:
        return
    key = max(columns, key=lambda c: len(c.runs[0]))
    n = len(key.train) + len(key.test)
    if len(np.unique(np.concatenate([key.train, key.test]))) < n:
        return  # rows cannot be told by one column
    for name, value in namespace.items():
        if (
            name.startswith("_")
            or not isinstance(value, np.ndarray)
            or value.ndim != 2
            or value.dtype.kind not in "fiu"
        ):
            continue
        if len(value) < n or value.shape[1] <= len(columns) or value.shape[1] > COLUMNS:
            continue
        wanted = np.concatenate([key.train, key.test])
        for j in range(value.shape[1]):
            order = np.argsort(value[:, j], kind="stable")
            at = np.clip(np.searchsorted(value[order, j], wanted), 0, len(value) - 1)
            if (value[order[at], j] == wanted).all():
                rows = order[at]
                yield Before(name=name, data=value, train=rows[: len(key.train)], test=rows[len(key.train) :])
                break


def targets(before: Before, y_train: Array, y_test: Array) -> Array:
    """(rows of the table,) labels, NaN for rows of neither side."""
    y = np.full(frames.n_rows(before.data), np.nan)
    y[before.train], y[before.test] = y_train, y_test
    return y
