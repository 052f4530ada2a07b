"""Slices of rows with more loss than elsewhere: found on one half, confirmed on the other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.metrics.intervals import benjamini_hochberg, quantile

Array = np.ndarray[Any, Any]

#: Columns of which all pairs are tried, those with the largest signal alone.
PAIRED = 12
#: Leaves' depth of the tree on the losses.
DEPTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """A column cut into bins."""

    name: str
    #: (n,) numbers of bins, all at least 0
    codes: Array
    #: what each bin holds: "< 30", "30 to 45", "'Paris'", "missing"
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Rows that share one or more bins, with what the confirming half says of them."""

    #: ((column, bin), ...)
    parts: tuple[tuple[str, str], ...]
    n: int
    #: mean loss in it and outside, on the confirming half
    inside: float
    outside: float
    #: inside minus outside beyond what was expected there, with its 95 % interval, widened for all that were confirmed
    excess: float
    low: float
    high: float
    #: adjusted over all that were confirmed (Benjamini & Hochberg)
    p_value: float = 1.0

    def __str__(self) -> str:
        return " and ".join(f"{column} {label}" for column, label in self.parts)


@dataclass(frozen=True, slots=True)
class _Found:
    parts: tuple[tuple[str, str], ...]
    mask: Array
    z: float


def weakest(
    columns: Sequence[Binned],
    loss: Array,
    expected: Array,
    first: Array,
    *,
    min_rows: int,
    min_excess: float,
    keep: int = 15,
) -> list[Slice]:
    """The slices with the most unexpected loss, by the confirming half; adjusted p-values.

    Parameters
    ----------
    loss, expected
        (n,) loss of each row, and what rows with such an answer lose on average.
    first
        (n,) which rows the slices are looked for on; the others confirm.
    min_rows, min_excess
        What a slice must have on the first half to be looked at again.
    """
    surprise = loss - expected
    found = _ones(columns, surprise, first, min_rows)
    leading = sorted(columns, key=lambda c: -max((f.z for f in found if f.parts[0][0] == c.name), default=-math.inf))
    found += _twos(leading[:PAIRED], surprise, first, min_rows)
    found += _leaves(columns, surprise, first, min_rows)
    strong = [f for f in found if f.z > 0 and _gap(surprise[first], f.mask[first])[0] >= min_excess]
    chosen: list[_Found] = []
    for candidate in sorted(strong, key=lambda f: (-f.z, len(f.parts))):
        if len(chosen) == keep:
            break
        if not any(_same(candidate.mask, other.mask) for other in chosen):
            chosen.append(candidate)
    z = quantile(len(chosen))
    told = [s for f in chosen if (s := _confirmed(f, loss, surprise, ~first, z)) is not None]
    adjusted = benjamini_hochberg([s.p_value for s in told])
    return sorted(
        (
            Slice(**{**{k: getattr(s, k) for k in s.__slots__}, "p_value": float(p)})
            for s, p in zip(told, adjusted, strict=True)
        ),
        key=lambda s: (s.p_value, -s.excess),
    )


def _z(total: Array, squares: Array, n: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.maximum(squares / n - (total / n) ** 2, 1e-6)
        return np.asarray(np.where(n > 1, total / np.sqrt(n * variance), -np.inf))


def _tables(codes: Array, k: int, surprise: Array) -> tuple[Array, Array]:
    n = np.bincount(codes, minlength=k)
    total = np.bincount(codes, weights=surprise, minlength=k)
    return n, _z(total, np.bincount(codes, weights=surprise**2, minlength=k), n)


def _ones(columns: Sequence[Binned], surprise: Array, first: Array, min_rows: int) -> list[_Found]:
    found, centred = [], surprise[first] - surprise[first].mean()
    for column in columns:
        n, z = _tables(column.codes[first], len(column.labels), centred)
        found += [
            _Found(((column.name, label),), column.codes == b, float(z[b]))
            for b, label in enumerate(column.labels)
            if n[b] >= min_rows and n[b] <= 0.5 * len(centred)
        ]
    return found


def _twos(columns: Sequence[Binned], surprise: Array, first: Array, min_rows: int) -> list[_Found]:
    found, centred = [], surprise[first] - surprise[first].mean()
    for a, b in itertools.combinations(columns, 2):
        width = len(b.labels)
        codes = a.codes * width + b.codes
        n, z = _tables(codes[first], len(a.labels) * width, centred)
        top = [int(c) for c in np.argsort(-z)[:3] if n[c] >= min_rows and z[c] > 0]
        found += [
            _Found(((a.name, a.labels[c // width]), (b.name, b.labels[c % width])), codes == c, float(z[c]))
            for c in top
        ]
    return found


def _leaves(columns: Sequence[Binned], surprise: Array, first: Array, min_rows: int) -> list[_Found]:
    """Leaves of a shallow tree on the losses, over the bins' numbers."""
    from sklearn.tree import DecisionTreeRegressor

    if not columns:
        return []
    matrix = np.column_stack([c.codes for c in columns]).astype(np.float32)
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=min_rows, random_state=0)
    tree.fit(matrix[first], surprise[first])
    leaf, centred = tree.apply(matrix), surprise[first] - surprise[first].mean()
    found = []
    for node in np.unique(leaf[first]):
        mask = leaf == node
        inside = centred[mask[first]]
        z = float(_z(np.array(inside.sum()), np.array((inside**2).sum()), np.array(len(inside))))
        if len(inside) <= 0.5 * len(centred):
            found.append(_Found(_path(tree.tree_, int(node), columns), mask, z))
    return found


def _path(tree: Any, leaf: int, columns: Sequence[Binned]) -> tuple[tuple[str, str], ...]:
    """What the rows of a leaf share: for each column on the way, the bins that are left."""
    parent = {
        int(c): (i, s)
        for i in range(tree.node_count)
        for s, c in enumerate((tree.children_left[i], tree.children_right[i]))
        if c >= 0
    }
    bounds: dict[int, list[float]] = {}
    while leaf in parent:
        leaf, side = parent[leaf]
        low_high = bounds.setdefault(int(tree.feature[leaf]), [-math.inf, math.inf])
        cut = float(tree.threshold[leaf])
        low_high[0 if side else 1] = max(low_high[0], cut) if side else min(low_high[1], cut)
    parts = []
    for i, (low, high) in sorted(bounds.items()):
        kept = [label for b, label in enumerate(columns[i].labels) if low < b <= high]
        parts.append((columns[i].name, " or ".join(kept[:3]) + (" ..." if len(kept) > 3 else "")))
    return tuple(parts)


def _gap(values: Array, mask: Array) -> tuple[float, float]:
    """(difference of means inside and outside, its standard error by Welch)."""
    a, b = values[mask], values[~mask]
    if len(a) < 2 or len(b) < 2:
        return 0.0, math.inf
    floor = 0.25 / len(a)  # a slice without spread is not known exactly: as of one more row of either kind
    error = math.sqrt(max(float(a.var(ddof=1)), floor) / len(a) + float(b.var(ddof=1)) / len(b))
    return float(a.mean() - b.mean()), error


def _confirmed(found: _Found, loss: Array, surprise: Array, second: Array, z: float) -> Slice | None:
    from scipy.stats import t as student

    mask = found.mask[second]
    n = int(mask.sum())
    gap, error = _gap(surprise[second], mask)
    if n < 10 or not math.isfinite(error):
        return None
    return Slice(
        parts=found.parts,
        n=n,
        inside=float(loss[second][mask].mean()),
        outside=float(loss[second][~mask].mean()),
        excess=gap,
        low=gap - z * error,
        high=gap + z * error,
        p_value=float(student.sf(gap / error, n - 1)),
    )


def _same(one: Array, two: Array) -> bool:
    """True for slices that share most of their rows."""
    both = int((one & two).sum())
    return both > 0.8 * min(int(one.sum()), int(two.sum())) and both > 0.5 * max(int(one.sum()), int(two.sum()))


def expected_loss(answer: Array, loss: Array, bins: int = 10) -> Array:
    """(n,) mean loss of the rows whose answer is about the same: what the model's own (un)certainty accounts for."""
    edges = np.unique(np.quantile(answer, np.linspace(0, 1, bins + 1)[1:-1]))
    place = np.searchsorted(edges, answer, side="left")
    n = np.bincount(place, minlength=len(edges) + 1)
    total = np.bincount(place, weights=loss, minlength=len(edges) + 1)
    return np.asarray((total / np.maximum(n, 1))[place])


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A slice in which the model tells nothing apart, while it does elsewhere."""

    name: str
    n: int
    #: skill in it (interval's upper end) and elsewhere
    skill: float
    high: float
    elsewhere: float
    wrong: float
    wrong_elsewhere: float


def blind(
    columns: Sequence[Binned], true: Array, wrong: Array, ranking: Array | None, *, min_rows: int, min_gap: float
) -> list[Blind]:
    """Categories in which errors are commoner by `min_gap` and the model's skill is surely less than half that elsewhere.

    Skill is 2 AUC - 1 where a ranking of two classes is given, else the share of errors saved against the commonest
    class. Bins in the middle of a number are left out: near the boundary between classes skill is small by nature.
    """
    slices = [
        (column, b)
        for column in columns
        for b, label in enumerate(column.labels)
        if label.startswith("=") or b in (0, len(column.labels) - 1)
    ]
    z, found = quantile(len(slices)), []
    for column, b in slices:
        inside = column.codes == b
        n = int(inside.sum())
        if n < min_rows or n > len(wrong) // 2:
            continue
        gap = float(wrong[inside].mean() - wrong[~inside].mean())
        if gap < min_gap:
            continue
        skill, error = _skill(true[inside], wrong[inside], None if ranking is None else ranking[inside])
        other, spread = _skill(true[~inside], wrong[~inside], None if ranking is None else ranking[~inside])
        if math.isfinite(skill) and skill + z * error < 0.5 * (other - 1.96 * spread) and skill < 0.25:
            rates = float(wrong[inside].mean()), float(wrong[~inside].mean())
            name = f"{column.name} {column.labels[b]}"
            found.append(
                Blind(
                    name=name,
                    n=n,
                    skill=skill,
                    high=skill + z * error,
                    elsewhere=other,
                    wrong=rates[0],
                    wrong_elsewhere=rates[1],
                )
            )
    return sorted(found, key=lambda s: s.skill - s.elsewhere)


def _skill(true: Array, wrong: Array, ranking: Array | None) -> tuple[float, float]:
    """(skill, its standard error)."""
    n = len(true)
    if ranking is not None:
        from scipy.stats import rankdata

        ones = int(true.sum())
        if min(ones, n - ones) < 5:
            return math.nan, math.inf
        auc = (rankdata(ranking)[true == 1].sum() - ones * (ones + 1) / 2) / (ones * (n - ones))
        return 2 * float(auc) - 1, 2 * math.sqrt((n + 1) / (12 * ones * (n - ones)))
    commonest = int(np.bincount(true).max())
    if n - commonest < 5:
        return math.nan, math.inf
    rate = float(wrong.mean())
    return 1 - rate * n / (n - commonest), math.sqrt(max(rate * (1 - rate), 0.01) / n) * n / (n - commonest)
