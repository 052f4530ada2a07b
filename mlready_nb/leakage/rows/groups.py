"""The same patient, user or device on both sides, where it carries the label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Estimate, Strength, Table
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows import words
from mlready_nb.leakage.rows.effect import group_means, icc, permuted, skill
from mlready_nb.leakage.rows.sides import Sides
from mlready_nb.metrics import intervals

Array = np.ndarray[Any, Any]

#: Fewest entities, and fewest rows of an average one: below, nothing repeats.
ENTITIES, REPEATS = 8, 1.7
#: Share of the test labels' variance that the entity's training rows must tell; share of test rows that they must touch.
TELLS, TOUCHED = 0.05, 0.1
_CODE = re.compile(r"^[A-Za-z]{0,12}[-_#:/ ]{0,2}\d{2,}[A-Za-z0-9_-]{0,4}$|^[0-9a-fA-F-]{8,36}$|^[^@\s]+@[^@\s]+$")


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A column whose values name things that occur in many rows."""

    name: str
    variable: str
    #: codes of the values on both sides; -1 where missing
    train: Array
    test: Array
    size: int
    #: it is one of the model's features
    feature: bool
    #: the name or the values say that it is an identifier; otherwise only its being left out of the features
    named: bool

    @property
    def shared(self) -> Array:
        """(n,) test rows whose entity is in the training set."""
        seen = np.zeros(self.size + 1, dtype=bool)
        seen[self.train] = True
        seen[-1] = False
        return np.asarray(seen[self.test])


def entities(sides: Sides) -> list[Entity]:
    """Identifiers of things measured more than once, the surest first."""
    found = []
    for name, variable, a, b, feature in _candidates(sides):
        entity = _entity(name, variable, a, b, feature=feature)
        if entity is not None and not (not feature and _is_label(sides, entity)):
            found.append(entity)
    if any(not e.named for e in found):
        kinds = [_codes(a, b) for name, _, a, b, _ in _candidates(sides) if words.kind(name) or words.trait(name)]
        found = [e for e in found if e.named or not any(_same_parts(e, k) for k in kinds)]
    return sorted(found, key=lambda e: (not e.named, -e.size))


def _codes(a: Array, b: Array) -> Array:
    return frames.codes(np.concatenate([a, b]))[0] if a.ndim == b.ndim == 1 else np.empty(0, dtype=int)


def _same_parts(entity: Entity, codes: Array) -> bool:
    """Numbers given to the levels of a column that names a kind or a place are no identifiers either."""
    ours = np.concatenate([entity.train, entity.test])
    if len(ours) != len(codes) or int(codes.max(initial=-1)) + 1 != entity.size:
        return False
    return len(np.unique(ours * (entity.size + 1) + codes)) == entity.size


def groups(sides: Sides, known: list[Entity]) -> tuple[Evidence, ...]:
    """One evidence for the entity that carries most of the labels across the split."""
    if sides.targets is None:
        return ()
    best: tuple[float, Evidence] | None = None
    for entity in known:
        sides.budget.check()
        made = _judge(sides, entity)
        if made is not None and (best is None or made[0] > best[0]):
            best = made
    return (best[1],) if best else ()


def _candidates(sides: Sides) -> Iterator[tuple[str, str, Array, Array, bool]]:
    for name, a, b in sides.columns():
        yield name, f"{sides.train_name}[{name!r}]", a, b, True
    for name, variable, a, b in sides.levels:
        yield name, variable, a, b, False
    for extra in sides.extras:
        try:
            a, b = extra.values()
        except Exception:  # noqa: S112  (a column of the user's that cannot be read is no evidence)
            continue
        yield extra.name, extra.variable, a, b, False


def _entity(name: str, variable: str, a: Array, b: Array, *, feature: bool) -> Entity | None:
    if a.ndim != 1 or a.dtype.kind in "bMmc" or len(a) < 20:
        return None
    if a.dtype.kind == "f" and not _whole(a[:2000]):
        return None
    said = words.entity(name)
    if not said and words.kind(name):
        return None
    if words.moment(name) or words.trait(name):
        return None
    text = a.dtype.kind in "OU"
    coded = text and _coded(a)
    if not (said or coded or not feature):
        return None
    codes, distinct = frames.codes(np.concatenate([a, b]))
    size, n = len(distinct), int((codes >= 0).sum())
    if size < ENTITIES or n < REPEATS * size or n < 0.5 * len(codes):
        return None
    counts = np.bincount(codes[codes >= 0], minlength=size)
    if counts.max() > 0.34 * n or np.median(counts) < 2:
        return None
    if not said and size < (12 if coded else 20):
        return None
    return Entity(
        name=name, variable=variable, train=codes[: len(a)], test=codes[len(a) :], size=size, feature=feature,
        named=said or coded,
    )  # fmt: skip


def _is_label(sides: Sides, entity: Entity) -> bool:
    """True for the labels themselves under whatever name: each value one label, each label one value."""
    if sides.y_train is None:
        return False
    ours = entity.train >= 0
    labels = frames.codes(sides.y_train[ours])[0]
    codes = entity.train[ours]
    pairs = len(np.unique(codes * (int(labels.max(initial=0)) + 2) + labels))
    return pairs <= 1.02 * max(len(np.unique(codes)), 1) and pairs <= 1.02 * len(np.unique(labels))


def _whole(a: Array) -> bool:
    there = a[np.isfinite(a)]
    return len(there) > 0 and bool((there == np.floor(there)).all())


def _coded(values: Array) -> bool:
    """True for values such as `P0123`, `user-77`, `3f9a...`, `a@b.org`."""
    some = [v for v in values[:: max(1, len(values) // 200)] if isinstance(v, str)]
    return len(some) >= 10 and sum(bool(_CODE.match(v)) for v in some) >= 0.95 * len(some)


def _judge(sides: Sides, entity: Entity) -> tuple[float, Evidence] | None:
    targets = sides.targets
    if targets is None:
        return None
    shared = entity.shared
    low, high = intervals.wilson(int(shared.sum()), len(shared))
    if low < TOUCHED:
        return None
    ours = entity.train >= 0
    codes, y = entity.train[ours], targets[0][ours]
    codes, y = _unrepeated(sides, codes, y, ours)
    if len(codes) < REPEATS * len(np.unique(codes)) * 0.8 or np.bincount(codes).max() < 2:
        return None
    truth, theirs = targets[1][shared], entity.test[shared]
    means, _ = group_means(codes, y, entity.size)
    base = y.mean(axis=0)
    gain = skill(means[theirs], truth, base, clusters=theirs)
    least = TELLS if entity.named else 4 * TELLS
    if gain.low is None or gain.low < 0.4 * least or gain.value < least:
        return None
    if sides.classifies and _labels_are_groups(codes, y):
        return None
    smooth = _smooth(entity, codes, y, theirs, truth, base)
    if gain.value - smooth < max(least, 0.3 * gain.value):
        return None  # a quantity: neighbours in value tell as much
    p_value, null = permuted(lambda rows: icc(codes, rows, entity.size), y)
    if p_value > 0.011:
        return None
    held = icc(codes, y, entity.size)
    return gain.value, _evidence(sides, entity, gain, Estimate(value=int(shared.sum()) / len(shared), low=low, high=high,
                                 n=len(shared), method="wilson"), held, null, p_value)  # fmt: skip


def _unrepeated(sides: Sides, codes: Array, y: Array, ours: Array) -> tuple[Array, Array]:
    """Without exact copies: a row repeated with its identifier is another fault."""
    try:
        rows = frames.row_hashes(sides.X_train)[ours]
    except Exception:
        return codes, y
    key = frames.mixed([rows, frames.value_hashes(codes), frames.row_hashes(y)])
    keep = np.sort(np.unique(key, return_index=True)[1])
    if len(keep) < 0.5 * len(codes):  # features that never change within an entity repeat by nature
        return codes, y
    return codes[keep], y[keep]


def _labels_are_groups(codes: Array, y: Array) -> bool:
    """True when there are hardly more entities than classes: a finer name of the class, not an entity."""
    classes = len(np.unique(y, axis=0))
    return len(np.unique(codes)) < 2.5 * classes


def _smooth(entity: Entity, codes: Array, y: Array, theirs: Array, truth: Array, base: Array, near: int = 3) -> float:
    """Skill of the neighbouring values' rows: high for a quantity such as age, nothing for a number that is a name."""
    sums = np.column_stack([np.bincount(codes, y[:, j], entity.size) for j in range(y.shape[1])])
    counts = np.bincount(codes, minlength=entity.size).astype(float)
    there = np.flatnonzero(counts > 0)
    at = np.searchsorted(there, np.arange(entity.size))
    total, rows = np.zeros_like(sums), np.zeros(entity.size)
    for step in (*range(-near, 0), *range(1, near + 1)):
        other = at + step
        ok = (other >= 0) & (other < len(there))
        total[ok] += sums[there[other[ok]]]
        rows[ok] += counts[there[other[ok]]]
    told = (total + base) / (rows + 1)[:, None]
    wrong, blind = ((truth - told[theirs]) ** 2).sum(), ((truth - base) ** 2).sum()
    return max(0.0, float(1 - wrong / blind)) if blind > 0 else 0.0


def _evidence(
    sides: Sides, entity: Entity, gain: Estimate, share: Estimate, held: float, null: float, p_value: float
) -> Evidence:
    both = len(np.intersect1d(entity.train[entity.train >= 0], entity.test[entity.test >= 0]))
    counts = np.bincount(np.concatenate([entity.train, entity.test]).clip(min=-1) + 1, minlength=entity.size + 1)[1:]
    table = Table(
        title=f"Who stands where, by {entity.name}",
        columns=("side", "distinct", "rows"),
        rows=(
            ("training", len(np.unique(entity.train[entity.train >= 0])), len(entity.train)),
            ("test", len(np.unique(entity.test[entity.test >= 0])), len(entity.test)),
            ("both", both, int(entity.shared.sum())),
        ),
    )
    return Evidence(
        kind=Kind.GROUP,
        witness=Witness.ROWS,
        message=f"{share.value:.1%} of the {share.n:,} test rows belong to a {entity.name} that the training set holds "
        f"too ({both:,} of {entity.size:,} are on both sides), and that alone tells {gain.value:.0%} of the variance of "
        f"the labels",
        strength=Strength.MEASURED if entity.named else Strength.HEURISTIC,
        variables=tuple(dict.fromkeys((*sides.variables, entity.variable.partition("[")[0]))),
        columns=(entity.name,),
        measured={
            "shared_rows": share,
            "entities": entity.size,
            "entities_on_both_sides": both,
            "rows_per_entity": float(np.mean(counts[counts > 0])),
            "label_told": gain,
            "intraclass_correlation": held,
            "intraclass_correlation_by_chance": null,
            "p_value": p_value,
        },
        tables=(table,),
        remedy=_remedy(sides, entity),
        by_chance=p_value,
    )


def _remedy(sides: Sides, entity: Entity) -> str:
    values = entity.variable if not entity.feature else f"X[{entity.name!r}]"
    X = entity.variable.partition("[")[0] if not entity.feature and "[" in entity.variable else "X"
    return (
        "from sklearn.model_selection import GroupShuffleSplit\n"
        "split = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=0)\n"
        f"train, test = next(split.split({X}, groups={values}))\n"
        f"{sides.train_name}, {sides.test_name} = X.iloc[train], X.iloc[test]  # each {entity.name} on one side only"
    )
