"""Rows that are copies but for one cell, or but for a little noise or rounding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Estimate, Strength
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows.copies import sampled_up
from mlready_nb.leakage.rows.sides import SEED, Sides
from mlready_nb.metrics import intervals

Array = np.ndarray[Any, Any]

#: Share of the test rows that must have a near-copy, and of those whose labels must agree beyond chance.
SHARE, AGREE = 0.02, 0.7
#: A column of numbers is continuous when this share of its rows is distinct; two must be for a pair to tell.
CONTINUOUS = 0.5
#: Test rows whose neighbours are looked for, training rows that set the scale, neighbour that sets it.
ASKED, SCALE, NEIGHBOUR = 500, 4_000, 5
#: Fewest words of a text that is not repeated by chance.
WORDS = 5
#: Chance of a row being called a near-copy without being one.
CHANCE = 1e-3


@dataclass(frozen=True, kw_only=True)
class Near:
    """Near-copies found in one way."""

    #: (k, 2) training row, test row
    pairs: Array
    asked: int
    chance: float
    text: str
    columns: tuple[str, ...] = ()


def near(sides: Sides) -> tuple[Evidence, ...]:
    """One evidence for near-copies, where their labels agree as copies' do."""
    if sides.wide or sides.n_train < 60 or sides.n_test < 20:
        return ()
    said = _reworded(sides)
    if said is not None:
        low, high = intervals.wilson(len(said.pairs), said.asked)
        if low >= SHARE and len(said.pairs) >= 5 and _labels_agree(sides, said.pairs):
            return (_evidence(sides, said, low, high),)
    numbers = _continuous(sides)
    for look, known in (
        (_but_one, numbers),
        (_jittered, numbers if len(numbers) >= 3 else _continuous(sides, grid=True)),
    ):
        sides.budget.check()
        found = look(sides, known) if len(known) >= 2 else None
        if found is None or not len(found.pairs):
            continue
        low, high = intervals.wilson(len(found.pairs), found.asked)
        if low - found.chance < SHARE or len(found.pairs) < 5 or not _labels_agree(sides, found.pairs):
            continue
        return (_evidence(sides, found, low, high),)
    return ()


def _reworded(sides: Sides) -> Near | None:
    """Texts of the test set that a training text holds word for word, but for case, spaces and signs."""
    for name, a, b in sides.columns():
        if a.dtype.kind not in "OU" or np.mean([_words(v).count(" ") >= WORDS - 1 for v in a[:200]]) < 0.8:
            continue
        held = {text: i for i, text in enumerate(map(_words, a)) if text.count(" ") >= WORDS - 1}
        own = set(a.tolist())
        pairs = [
            (held[t], i) for i, (t, v) in enumerate(zip(map(_words, b), b, strict=True)) if t in held and v not in own
        ]
        if pairs:
            text = f"say what a training row says, but for case, spaces and signs (`{name}`)"
            return Near(pairs=np.array(pairs), asked=len(b), chance=0.0, text=text, columns=(name,))
    return None


def _words(value: object) -> str:
    return " ".join(re.findall(r"\w+", value.casefold())) if isinstance(value, str) else ""


def _continuous(sides: Sides, *, grid: bool = False) -> dict[str, tuple[Array, Array]]:
    """Columns of mostly distinct numbers that are no running numbers; columns that tell the same are taken once.

    Parameters
    ----------
    grid
        Take columns of at least ten values, where there are very many of them: pixels.
    """
    least = 10 if grid else 0
    found: dict[str, tuple[Array, Array]] = {}
    orders: list[Array] = []
    for name, a, b in sides.columns():
        if a.dtype.kind not in "fiu" or b.dtype.kind not in "fiu" or len(found) >= 60:
            continue
        one, two = a.astype(float), b.astype(float)
        some = one[:: max(1, len(one) // 2000)]
        if (
            not np.isfinite(some).all()
            or len(np.unique(some)) < (least or CONTINUOUS * len(some))
            or _running(one, two)
        ):
            continue
        if not grid and np.unique(some, return_counts=True)[1].max() > max(3, 0.01 * len(some)):
            continue  # one value for many rows: a filled gap
        rank = np.argsort(np.argsort(some, kind="stable"))
        if any(abs(np.corrcoef(rank, other)[0, 1]) > 0.995 for other in orders if len(other) == len(rank)):
            continue
        orders.append(rank)
        found[name] = (np.nan_to_num(one), np.nan_to_num(two))
    return found if not grid or len(found) >= 20 else {}


def _running(a: Array, b: Array) -> bool:
    """A number of its own for each row: of the row, or of its time."""
    both = np.concatenate([a, b])
    return bool((both == np.floor(both)).all() and len(np.unique(both)) == len(both))


def _but_one(sides: Sides, numbers: dict[str, tuple[Array, Array]]) -> Near | None:
    """Test rows that equal a training row in all columns but one, that one not being the same for all of them."""
    names, train, test = [], [], []
    for name, a, b in sides.columns():
        names.append(name)
        train.append(frames.value_hashes(a))
        test.append(frames.value_hashes(b))
    if len(names) < 4:
        return None
    candidates = _sharing(list(numbers.values())[:6])
    if candidates is None:
        return None
    ours, theirs = candidates
    train, test = [h[ours] for h in train], [h[theirs] for h in test]
    salts = np.random.default_rng(SEED).integers(1, 2**63, len(names), dtype=np.uint64) | np.uint64(1)
    total = [
        sum((h * s for h, s in zip(side, salts, strict=True)), np.zeros(len(side[0]), np.uint64))
        for side in (train, test)
    ]
    whole = np.isin(total[1], total[0])
    pairs: dict[int, int] = {}
    guilty = np.zeros(len(names), dtype=int)
    for j, salt in enumerate(salts):
        left, right = total[0] - train[j] * salt, total[1] - test[j] * salt
        order = np.argsort(left, kind="stable")
        at = np.searchsorted(left[order], right).clip(max=len(left) - 1)
        hit = (left[order][at] == right) & ~whole
        guilty[j] = int(hit.sum())
        for row in np.flatnonzero(hit).tolist():
            pairs.setdefault(row, int(order[at[row]]))
    if not pairs:
        return None
    most = int(guilty.argmax())
    a, b = sides.column(names[most])
    own = len(np.unique(frames.value_hashes(np.concatenate([a, b])))) > 0.98 * (len(a) + len(b))
    if guilty[most] > 0.9 * len(pairs) and not own and _panel(sides, names[most], guilty[most]):
        return None
    rows = np.array([[ours[i], theirs[r]] for r, i in pairs.items()])
    return Near(
        pairs=rows, asked=sides.n_test, chance=0.0,
        text=f"equal a training row in all {len(names)} columns but one" + (f" ({names[most]})" if guilty[most] > 0.9 * len(pairs) else ""),
        columns=(names[most],) if guilty[most] > 0.9 * len(pairs) else (),
    )  # fmt: skip


def _panel(sides: Sides, name: str, hits: int) -> bool:
    """Nearly all test rows have such a partner: the same things at several values of one column."""
    del name
    return hits > 0.8 * sides.n_test


def _sharing(numbers: list[tuple[Array, Array]]) -> tuple[Array, Array] | None:
    """Rows that share a value with the other side in at least one of the continuous columns."""
    ours = np.zeros(len(numbers[0][0]), dtype=np.int16)
    theirs = np.zeros(len(numbers[0][1]), dtype=np.int16)
    for a, b in numbers:
        ours += np.isin(a, b)
        theirs += np.isin(b, a)
    need = len(numbers) - 1  # all but one may be changed
    i, j = np.flatnonzero(ours >= need), np.flatnonzero(theirs >= need)
    return (i, j) if len(i) and len(j) else None


def _jittered(sides: Sides, numbers: dict[str, tuple[Array, Array]]) -> Near | None:
    """Test rows far closer to a training row than the space around them is sparse."""
    if len(numbers) < 3:
        return None
    rng = np.random.default_rng(SEED)
    a = np.column_stack([one for one, _ in numbers.values()])
    b = np.column_stack([two for _, two in numbers.values()])
    middle, spread = np.median(a, axis=0), np.subtract(*np.quantile(a, [0.84, 0.16], axis=0)) / 2
    spread = np.where(spread > 0, spread, a.std(axis=0) + 1e-12)
    if (
        np.all(a.min(axis=0) >= a.min())
        and np.mean(a.max(axis=0) >= 0.5 * a.max()) > 0.5
        and len(numbers) >= 20
        and a.min() == 0
    ):
        spread = np.full(len(spread), np.median(spread))  # pixels: one unit for all
    a, b = (np.clip((x - middle) / spread, -6, 6).astype(np.float32) for x in (a, b))
    asked = np.sort(rng.choice(len(b), min(ASKED, len(b)), replace=False))
    scale = np.sort(rng.choice(len(a), min(SCALE, len(a)), replace=False))
    b = b[asked]
    far = np.sqrt(np.sort(_squares(b, a[scale]), axis=1)[:, : 2 * NEIGHBOUR + 2])
    first, nearest = np.empty(len(b)), np.empty(len(b), dtype=np.intp)
    for start in range(0, len(b), 100):
        sides.budget.check()
        squares = _squares(b[start : start + 100], a)
        nearest[start : start + 100] = squares.argmin(axis=1)
    first = np.sqrt(((b.astype(float) - a[nearest].astype(float)) ** 2).sum(axis=1))
    wide = far[:, NEIGHBOUR]
    dimension = _dimension(far)
    expected = NEIGHBOUR * len(a) / len(scale)
    ratio = min(0.2, (CHANCE / expected) ** (1 / max(dimension, 0.5)))
    hit = (first < ratio * wide) & (first > 1e-9)
    return Near(
        pairs=np.column_stack([nearest[hit], asked[hit]]), asked=len(asked), chance=CHANCE,
        text=f"lie within {ratio:.2g} of the usual distance between neighbours from a training row, in {len(numbers)} columns",
    )  # fmt: skip


def _squares(b: Array, a: Array) -> Array:
    return np.asarray(np.maximum((b**2).sum(axis=1)[:, None] + (a**2).sum(axis=1)[None, :] - 2 * (b @ a.T), 0))


def _dimension(far: Array) -> float:
    """How many ways the rows can differ near by (Levina & Bickel 2004), from neighbours 3 to 2k: copies are nearer."""
    last = far[:, -1:]
    inner = far[:, 2:-1]
    ok = inner[:, 0] > 0
    if ok.sum() < 10:
        return 1.0
    logs = np.log(last[ok] / inner[ok])
    return float(np.clip((logs.shape[1] - 1) / logs.sum(axis=1).clip(min=1e-9), 0.3, 50).mean()) if logs.size else 1.0


def _labels_agree(sides: Sides, pairs: Array) -> bool:
    """Labels of the pairs agree far beyond what two random rows do."""
    y, z = sides.y_train, sides.y_test
    if y is None or z is None:
        return True
    if sides.classifies:
        from scipy.stats import binom

        same = int((y[pairs[:, 0]].astype(object) == z[pairs[:, 1]].astype(object)).sum())
        counts = np.unique(y.astype(str), return_counts=True)[1]
        chance = float(((counts / counts.sum()) ** 2).sum())
        sure = float(binom.sf(same - 1, len(pairs), chance)) < 1e-3
        return sure and same / len(pairs) - chance >= AGREE * (1 - chance)
    gap = np.abs(y[pairs[:, 0]].astype(float) - z[pairs[:, 1]].astype(float))
    return float(np.mean(gap <= 0.02 * np.std(y.astype(float)))) >= AGREE


def _one_class(sides: Sides, pairs: Array) -> bool:
    """The near-copies stand in the rarer classes alone, and the classes are level: rows were made to level them."""
    mask = np.zeros(sides.n_test, dtype=bool)
    mask[pairs[:, 1]] = True
    return sampled_up(sides, mask)


def _evidence(sides: Sides, found: Near, low: float, high: float) -> Evidence:
    k, n = len(found.pairs), found.asked
    of = f"{n:,} sampled of {sides.n_test:,}" if n < sides.n_test else f"{n:,}"
    return Evidence(
        kind=Kind.OVERSAMPLING if _one_class(sides, found.pairs) else Kind.DUPLICATES,
        witness=Witness.ROWS,
        message=f"{k:,} of {of} test rows ({k / n:.1%}) {found.text}, with the same label: copies made before the split",
        strength=Strength.MEASURED,
        variables=sides.variables,
        columns=found.columns,
        measured={
            "near_copies": Estimate(value=k / n, low=low, high=high, n=n, method="wilson"),
            "chance_share": found.chance,
        },
        remedy=f"drop near-copies before the split, or split by them: groups = df[stable_columns].round(2).apply(tuple, axis=1)\n"
        f"{sides.train_name}, {sides.test_name}: GroupShuffleSplit(n_splits=1, random_state=0).split(X, y, groups)",
        by_chance=found.chance or None,
    )
