"""Which rows a transformer was fitted on: the table whose refit learns the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import attribute
from mlready_nb.leakage.refit.again import TooDear, asks_for_target, refitted
from mlready_nb.leakage.refit.found import Found, walk
from mlready_nb.leakage.refit.inputs import Input, Sides, fits
from mlready_nb.leakage.refit.learnt import compare, learnt
from mlready_nb.leakage.refit.links import Link, link, selects
from mlready_nb.subjects import Budget

Array = np.ndarray[Any, Any]

#: Tables that one transformer is refitted on at most.
TRIES = 24
#: Share of the whole budget that one transformer may take.
SHARE = 0.25


@dataclass(frozen=True, kw_only=True, eq=False)
class Match:
    """A transformer, and a table whose refit learns the same; a refit on fewer rows learns something else."""

    found: Found
    source: Input
    #: "both", "test" or "train" when the model's rows were recognised in its output, else "unknown"
    rows: str
    used: bool
    #: what it makes of the table, for those that came after it
    output: Any
    #: a refit on the training rows alone (or on as many rows of the table)
    fewer: Any
    apart: float
    attribute: str
    #: what agrees are numbers that hardly come out alike; else choices and names only
    numbers: bool


@dataclass(frozen=True, kw_only=True)
class World:
    """What every search needs."""

    sides: Sides
    tables: list[Input]
    names: list[list[str]]
    namespace: Mapping[str, Any]
    budget: Budget
    #: labels found, by how many rows they are for
    labels: dict[int, list[Any]] = field(default_factory=dict)
    #: transformers that were fitted on training rows alone, and made the model's table as they are now
    cleared: set[str] = field(default_factory=set)


def trace(found: Found, world: World) -> Match | None:
    """The table it was fitted on, if that holds test rows and every table without them is excluded."""
    mine = learnt(found.value)
    if not mine:
        return None
    views = [v for t in world.tables for v in fits(found.value, t, world.names, world.sides.y_train)]
    named = [v for v in views if _may(found.value, v)]
    match, began = None, world.budget.left
    for view in [*named[:TRIES], *_joined(views, world, found), *_inverted(found, world)]:
        world.budget.check()
        if match is not None and view.known is not None:
            break  # a table of the notebook explains it already
        if began - world.budget.left > SHARE * world.budget.seconds:
            break  # the others want their turn
        if not _same(found, mine, view, world):
            continue
        seen = _judge(found, mine, view, world)
        if seen is None or seen.rows in ("train", "none"):
            if seen is not None and seen.used and seen.rows == "train" and seen.numbers:
                world.cleared.add(found.variable)
            return None
        if match is None or (seen.used and not match.used):
            match = seen
    return match


def _may(fitted: Any, view: Input) -> bool:
    """Its own count of rows does not speak against the table."""
    for name in ("n_samples_seen_", "n_samples_", "n_samples_fit_"):
        count = attribute(fitted, name)
        if isinstance(count, (int, np.integer)):
            return int(count) == view.rows
    return True


def _same(found: Found, mine: Mapping[str, Any], view: Input, world: World) -> bool:
    for y in _targets(found.value, view, world):
        again = _again(found.value, view.data, y, world.budget)
        if again is None:
            continue
        theirs = learnt(again)
        likeness = compare(mine, theirs)
        if likeness.alike:
            return True
        if likeness.same and any(_continuous(mine[n]) for n in likeness.same):
            twice = _again(found.value, view.data, y, world.budget)
            if twice is None:
                continue
            shaky = frozenset(compare(theirs, learnt(twice)).different)  # random by nature: says nothing
            if shaky and compare(mine, theirs, without=shaky).alike:
                return True
    return False


def _continuous(value: Any) -> bool:
    return isinstance(value, np.ndarray) and bool((value != np.round(value)).any())


def _again(fitted: Any, X: Any, y: Any, budget: Budget) -> Any:
    try:
        return refitted(fitted, X, y, budget)
    except TooDear:
        return None
    except Exception as error:
        if type(error).__name__ == "Cancelled":
            raise
        return None  # these rows are nothing it can be fitted on


def _targets(fitted: Any, view: Input, world: World) -> Iterator[Any]:
    """Labels that may have gone with the table."""
    sides = world.sides
    if not asks_for_target(fitted):
        yield None
        return
    if view.y is not None:
        yield view.y
        return
    if view.rows == sides.n_train and sides.y_train is not None:
        yield sides.y_train
    if view.rows == sides.n_test and sides.y_test is not None:
        yield sides.y_test
    if view.rows not in world.labels:
        world.labels[view.rows] = list(islice(_longer(view.rows, world), 4))
    yield from world.labels[view.rows]
    yield None


def _longer(n: int, world: World) -> Iterator[Any]:
    """One-dimensional data of this length that hold the labels of both sides."""
    sides = world.sides
    if sides.y_train is None or sides.y_test is None:
        return
    ours = _distinct(frames.labels(sides.y_train)) | _distinct(frames.labels(sides.y_test))
    for _, value in walk(world.namespace):
        if isinstance(value, np.ndarray) or (frames.is_frame(value) and not frames.is_sparse(value)):
            try:
                rows, columns = frames.shape(value)
                if rows != n or columns > 200:
                    continue
                for name in frames.column_names(value):
                    values = frames.column(value, name)
                    distinct = _distinct(values)
                    if ours <= distinct and len(distinct) <= len(ours) + 0.5 * n:
                        yield values
            except Exception:  # noqa: S112  (nothing that holds labels)
                continue


def _distinct(values: Array) -> set[Any]:
    import pandas as pd

    return set(pd.unique(values).tolist())


def _joined(views: list[Input], world: World, found: Found) -> Iterator[Input]:
    """Training and test tables one below the other, as `pd.concat` in the call would have it."""
    sides = world.sides
    trains = [v for v in views if v.rows == sides.n_train][:4]
    tests = [v for v in views if v.rows == sides.n_test][:4]
    y = _stacked(sides.y_train, sides.y_test)
    for one in trains:
        for two in tests:
            joined = _stacked(one.data, two.data)
            if joined is not None:
                view = Input(
                    name=f"{one.name} and {two.name}",
                    data=joined,
                    variables=(*one.variables, *two.variables),
                    known="joined",
                    y=y,
                )
                if _may(found.value, view):
                    yield view


def _stacked(one: Any, two: Any) -> Any:
    if one is None or two is None:
        return None
    try:
        if isinstance(one, list) or (
            np.ndim(one) == 1
            and np.asarray(one).dtype.kind not in "fiub"
            and len(one) > 0
            and isinstance(next(iter(one)), str)
        ):
            return [*one, *two]
        if np.ndim(one) == 1 and not frames.is_sparse(one):
            return np.concatenate([frames.labels(one), frames.labels(two)])
        return frames.stacked(one, two)
    except Exception:
        return None


def _inverted(found: Found, world: World) -> Iterator[Input]:
    """The model's tables taken back through the transformer: what it was fitted on, when that was overwritten."""
    if not callable(attribute(found.value, "inverse_transform")):
        return
    sides = world.sides
    one, two = (_own_columns(found.value, X) for X in (sides.X_train, sides.X_test))
    if one is None or two is None:
        return
    try:
        before, after = found.value.inverse_transform(one), found.value.inverse_transform(two)
        made = np.asarray(before), np.concatenate([np.asarray(before), np.asarray(after)])
    except Exception:
        return
    wanted = attribute(found.value, "feature_names_in_")
    labels = None if wanted is None else [str(w) for w in wanted]
    for known, values in zip(("inverse-train", "inverse"), made, strict=True):
        data = values
        if labels is not None:
            import pandas as pd

            data = pd.DataFrame(values, columns=labels)
        yield Input(name="the training and test rows", data=data, variables=(), known=known)


def _own_columns(fitted: Any, X: Any) -> Any:
    """The columns of a table that the transformer's output replaced."""
    names = attribute(fitted, "feature_names_in_")
    if frames.is_frame(X) and names is not None:
        if not {str(n) for n in names} <= set(frames.column_names(X)):
            return None
        return np.column_stack([frames.column(X, str(n)) for n in names])
    width = attribute(fitted, "n_features_in_")
    if width is not None and not frames.is_sparse(X) and frames.n_columns(X) == int(width):
        return X.to_numpy() if hasattr(X, "to_numpy") else np.asarray(X)
    return None


def _judge(found: Found, mine: Mapping[str, Any], view: Input, world: World) -> Match | None:
    """Where its rows stand and whether the model was trained on its output; `None` when it learns nothing from rows."""
    sides = world.sides
    fewer = _fewer(found, view, world)
    likeness = compare(mine, learnt(fewer)) if fewer is not None else None
    if likeness is None or not likeness.different:
        return None
    numbers = any(_continuous(mine[n]) for n in likeness.different)
    if not numbers and not _train_rows(view, world)[1]:
        return None  # a choice or a list of names may come out alike on any rows
    telling = next((n for n in likeness.different if _continuous(mine[n])), likeness.different[0])
    apart = compare({telling: mine[telling]}, learnt(fewer)).apart
    make = Match(
        found=found,
        source=view,
        rows="both",
        used=True,
        output=None,
        fewer=fewer,
        apart=apart,
        attribute=telling,
        numbers=numbers,
    )
    if view.known == "inverse":
        return make
    if view.known == "inverse-train":
        return replace(make, rows="train")
    try:
        output = found.value.transform(view.data)
    except Exception:
        return None
    if attribute(found.value, "get_support") is not None:
        linked = selects(found.value, view.data, output, sides.X_train, sides.X_test)
    else:
        linked = link(output, sides.X_train, sides.X_test, unlike=view.data)
    return replace(make, rows=_rows(linked, view, sides), used=linked.used, output=output)


def _rows(linked: Link, view: Input, sides: Sides) -> str:
    index = sides.by_index(view.data) if view.known is None else None
    if view.known == "joined":
        return "both"
    if index == "train":
        return "train"
    big = view.rows >= sides.n_train + 0.9 * sides.n_test
    if linked.used:
        return "both" if linked.test >= 0.99 and big else "train"
    if linked.test >= 0.9999 and view.rows == sides.n_test and linked.train < 0.5:
        return "test"
    if not big:
        return "none" if index is None or index == "other" else index
    return "both" if index == "both" else "unknown"


def rows_in(view: Input, side: str, sides: Sides) -> Array | None:
    """Where the rows of a side stand in a table, in the side's order; `None` when no index tells."""
    index = attribute(view.data, "index")
    if view.known is not None or not hasattr(index, "get_indexer") or not index.is_unique:
        return None
    for data in (sides.X_train, sides.y_train) if side == "train" else (sides.X_test, sides.y_test):
        ours = attribute(data, "index")
        if hasattr(ours, "get_indexer") and len(ours) < view.rows:
            rows = np.asarray(index.get_indexer(ours))
            if (rows >= 0).all():
                return rows
    return None


def _train_rows(view: Input, world: World) -> tuple[Array, bool]:
    """(where the training rows stand in the table, in their order; whether that is known rather than drawn)."""
    n, sides = view.rows, world.sides
    if view.known in ("joined", "inverse"):
        return np.arange(min(sides.n_train, n)), True
    rows = rows_in(view, "train", sides)
    if rows is not None:
        return rows, True
    size = sides.n_train if sides.n_train < n else max(2, int(0.75 * n))
    return np.sort(np.random.default_rng(0).permutation(n)[:size]), False


def _fewer(found: Found, view: Input, world: World) -> Any:
    """A refit on as many rows as the training set has: on those of the training set, where an index tells them."""
    rows, _ = _train_rows(view, world)
    data = frames.take(view.data, rows)
    for y in _targets(found.value, view, world):
        again = _again(found.value, data, None if y is None else frames.take(y, rows), world.budget)
        if again is not None:
            return again
    return None
