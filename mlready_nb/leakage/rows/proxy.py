"""A feature that gives the label away: its copy, its rename, or its consequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.finding import Estimate, Strength, Table
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.rows.combined import combined
from mlready_nb.leakage.rows.moments import Moment
from mlready_nb.leakage.rows.sides import SEED, Sides
from mlready_nb.leakage.rows.single import class_errors, joint_codes, r2_alone, rest_errors, rest_r2
from mlready_nb.metrics import intervals

Array = np.ndarray[Any, Any]

#: Balanced error of one column alone at and below which it is suspected: a quantity, and a flag or a category.
QUANTITY, LEVELS = 0.02, 0.06
#: The other columns together must err so many times as often, and in so many rows more.
TIMES, MORE = 5.0, 12
#: Share of a quantity's variance (as ranks) that a column may leave and still be its copy: honest laws leave more.
#: The others together must leave so many times as much.
LEFT, LEAVES = 1e-3, 20.0
#: Rows of a side that are looked at, and columns of the model of the others.
ROWS, WIDTH = 4_000, 60


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """A column that tells the label alone."""

    name: str
    #: balanced error, or 1 - R2
    error: float
    #: errors in rows (classes)
    wrong: int
    #: one level for each class, without exception
    recoded: bool = False
    #: the gaps tell, not the values
    gaps: bool = False


def proxies(sides: Sides, times: Sequence[Moment] = ()) -> tuple[Evidence, ...]:
    """One evidence for each column that gives the label away.

    Parameters
    ----------
    times
        Where the rows make a series, the label's last value may tell it well, and honestly.
    """
    if sides.y_train is None or sides.y_test is None or sides.wide:
        return ()
    rows = _rows(sides)
    if len(rows[0]) < 30 or len(rows[0]) + len(rows[1]) < 60:
        return ()
    return _classes(sides, rows) if sides.classifies else _quantity(sides, rows, times)


def _rows(sides: Sides) -> tuple[Array, Array]:
    rng = np.random.default_rng(SEED)
    a, b = (
        np.arange(n) if n <= ROWS else np.sort(rng.choice(n, ROWS, replace=False))
        for n in (sides.n_train, sides.n_test)
    )
    return a, b


def _classes(sides: Sides, rows: tuple[Array, Array]) -> tuple[Evidence, ...]:
    assert sides.y_train is not None and sides.y_test is not None  # noqa: PT018
    y, z, classes = joint_codes(sides.y_train[rows[0]], sides.y_test[rows[1]])
    if classes < 2 or classes > 50 or (y < 0).any() or (z < 0).any() or len(np.unique(y)) < 2:
        return ()
    both = np.concatenate([y, z])
    share = np.bincount(both, minlength=classes)
    if np.sort(share)[-2] < 8:
        return ()
    suspects = []
    likely = _likely(sides, rows, both)
    for name, a, b in sides.columns():
        for column in _forms(a[rows[0]], b[rows[1]]) if likely is None or name in likely else ():
            sides.budget.check()
            wrong = np.concatenate(class_errors(*column[:2], y, z, classes))
            error = _balanced(wrong, both, share)
            if error <= (LEVELS if column[0].dtype.kind == "i" or _few(*column[:2]) else QUANTITY):
                levels = _recoded(*column[:2], y, z)
                suspects.append(Suspect(name=name, error=error, wrong=int(wrong.sum()), recoded=levels, gaps=column[2]))
                break
    if not suspects:
        return ()
    wrong = rest_errors(*_others(sides, rows, {s.name for s in suspects}), y, z)
    error, count = _balanced(wrong, both, share), int(wrong.sum())
    guilty = [s for s in suspects if _gives_away(s, error, count)]
    return tuple(_class_evidence(sides, s, error, len(both)) for s in guilty if _used(sides, s.name))


def _likely(sides: Sides, rows: tuple[Array, Array], both: Array) -> set[str] | None:
    """Of very many columns, those that correlate most with a class; `None`: all."""
    if len(sides.names) <= 2 * WIDTH:
        return None
    flags = np.eye(int(both.max()) + 1)[both][:, :12]
    flags = (flags - flags.mean(axis=0)) / (flags.std(axis=0) + 1e-12)
    strength = {}
    for name, a, b in sides.columns():
        if a.dtype.kind not in "fiub" or b.dtype.kind not in "fiub":
            strength[name] = 1.0
            continue
        values = np.nan_to_num(np.concatenate([a[rows[0]], b[rows[1]]]).astype(float))
        spread = values.std()
        strength[name] = (
            float(np.abs(flags.T @ (values - values.mean())).max() / spread / len(values)) if spread > 0 else 0.0
        )
    return set(sorted(strength, key=lambda n: -strength[n])[: 2 * WIDTH])


def _gives_away(suspect: Suspect, rest: float, count: int) -> bool:
    if suspect.recoded:
        return True
    return rest >= max(0.02, TIMES * suspect.error) and count >= max(MORE, suspect.wrong + MORE)


def _balanced(wrong: Array, both: Array, share: Array) -> float:
    """Mean over the classes of the share told wrongly."""
    there = share > 0
    return float((np.bincount(both, weights=wrong.astype(float), minlength=len(share))[there] / share[there]).mean())


def _forms(a: Array, b: Array) -> list[tuple[Array, Array, bool]]:
    """The column as numbers or codes, and its gaps as a flag."""
    forms: list[tuple[Array, Array, bool]] = []
    gone, lost = frames.missing_mask(a), frames.missing_mask(b)
    if a.dtype.kind == "M" and b.dtype.kind == "M":
        a, b = (np.where(m, np.nan, v.astype("M8[s]").astype(float)) for m, v in ((gone, a), (lost, b)))
    if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
        forms.append((a.astype(float), b.astype(float), False))
        flag = _flag(a, b)
        if flag is not None:
            forms.append((*flag, False))
    elif a.dtype.kind in "OUb" or b.dtype.kind in "OUb":
        one, two, size = joint_codes(a, b)
        if size <= max(20, (len(a) + len(b)) / 20):
            forms.append((one, two, False))
    share = (gone.sum() + lost.sum()) / (len(a) + len(b))
    if 0.02 <= share <= 0.98:
        forms.append((gone.astype(np.int64), lost.astype(np.int64), True))
    return forms


def _flag(a: Array, b: Array) -> tuple[Array, Array] | None:
    """Whether the value is the one that is there by default (0 for "none"), among many others."""
    values, counts = np.unique(a[np.isfinite(a)] if a.dtype.kind == "f" else a, return_counts=True)
    if (
        len(values) <= 10
        or not 0.05 * len(a) <= counts.max() <= 0.95 * len(a)
        or counts.max() < 10 * np.sort(counts)[-2]
    ):
        return None
    default = values[counts.argmax()]
    return (a == default).astype(np.int64), (b == default).astype(np.int64)


def _few(a: Array, b: Array) -> bool:
    """A flag or a few levels, though written as numbers."""
    return len(np.unique(np.concatenate([a[np.isfinite(a)], b[np.isfinite(b)]]))) <= 10


def _recoded(a: Array, b: Array, y: Array, z: Array) -> bool:
    """One level for each class and one class for each level, on both sides."""
    values, labels = np.concatenate([a, b]), np.concatenate([y, z])
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), np.inf, values)
    pairs = {(v, c) for v, c in zip(values.tolist(), labels.tolist(), strict=True)}
    return len(pairs) == len({v for v, _ in pairs}) == len({c for _, c in pairs})


def _others(sides: Sides, rows: tuple[Array, Array], without: set[str]) -> tuple[Array, Array]:
    """((m, k), (n, k)) numbers of the other columns; categories as codes."""
    one: list[Array] = []
    two: list[Array] = []
    for name, a, b in sides.columns():
        if name in without or len(one) >= WIDTH:
            continue
        forms = [f for f in _forms(a[rows[0]], b[rows[1]]) if not f[2]]
        for left, right, _ in forms:
            one.append(_filled(left))
            two.append(_filled(right))
    if not one:
        return np.zeros((len(rows[0]), 0)), np.zeros((len(rows[1]), 0))
    return np.column_stack(one), np.column_stack(two)


def _filled(values: Array) -> Array:
    values = values.astype(float)
    return np.where(np.isfinite(values), values, -1.0)


def _quantity(sides: Sides, rows: tuple[Array, Array], times: Sequence[Moment]) -> tuple[Evidence, ...]:
    targets = sides.targets
    assert sides.y_train is not None and sides.y_test is not None  # noqa: PT018
    if targets is None or targets[0].shape[1] != 1 or len(np.unique(sides.y_train[rows[0]])) < 10:
        return ()
    y, z = targets[0][rows[0], 0], targets[1][rows[1], 0]
    suspects = []
    for name, a, b in sides.columns():
        for left, right, gaps in _forms(a[rows[0]], b[rows[1]]):
            if gaps or left.dtype.kind != "f" or not (np.isfinite(left).all() and np.isfinite(right).all()):
                continue
            left_over = min(_unordered(left, right, y, z), 1 - r2_alone(left, right, y, z))
            if left_over <= LEFT:
                suspects.append(Suspect(name=name, error=left_over, wrong=0, recoded=_affine(sides, rows, left, right)))
    found: list[Evidence] = []
    if suspects:
        rest = 1 - rest_r2(*_others(sides, rows, {s.name for s in suspects}), y, z)
        rest = min(rest, _by_last_value(sides, times))
        guilty = [
            s for s in suspects if s.recoded or (rest >= LEAVES * max(s.error, LEFT) and not _lagged(sides, s.name))
        ]
        found += [_quantity_evidence(sides, s, rest, len(y) + len(z)) for s in guilty if _used(sides, s.name)]
    if not found:
        found += combined(sides, rows, used=lambda name: _used(sides, name))
    return tuple(found)


def _unordered(a: Array, b: Array, y: Array, z: Array) -> float:
    """1 - Spearman's rho squared over both sides: 0 for the label under any monotone change of scale."""
    from scipy.stats import spearmanr

    x, label = np.concatenate([a, b]), np.concatenate([y, z])
    if len(np.unique(x)) < 10:
        return 1.0
    return float(1 - spearmanr(x, label).statistic ** 2)


def _by_last_value(sides: Sides, times: Sequence[Moment]) -> float:
    """Share of the label's variance (as ranks) that its last value leaves; 1 where there is no series."""
    targets = sides.targets
    series = [m for m in times if m.series]
    if not series or targets is None:
        return 1.0
    y = np.concatenate(targets)[np.argsort(np.concatenate([series[0].train, series[0].test]), kind="stable"), 0]
    return float(np.mean(np.diff(y) ** 2) / max(y.var(), 1e-12))


def _lagged(sides: Sides, name: str) -> bool:
    """True when the column holds the labels of other rows: a lag, which is no copy of the row's own label."""
    a, y = sides.column(name)[0], sides.y_train
    return y is not None and bool(
        np.mean(a == y) < 0.5 and np.isin(y, a).mean() > 0.5 and len(np.unique(y)) > 0.5 * len(y)
    )


def _affine(sides: Sides, rows: tuple[Array, Array], a: Array, b: Array) -> bool:
    """The label itself but for scale and shift, in every row."""
    assert sides.y_train is not None and sides.y_test is not None  # noqa: PT018
    x = np.concatenate([a, b])
    y = np.concatenate([sides.y_train[rows[0]], sides.y_test[rows[1]]]).astype(float)
    if x.std() == 0 or y.std() == 0:
        return False
    slope = np.cov(x, y)[0, 1] / x.var(ddof=1)
    left = y - y.mean() - slope * (x - x.mean())
    return bool(np.abs(left).max() <= 1e-6 * y.std())


def _used(sides: Sides, name: str) -> bool:
    """False when the model answers alike with the column shuffled: it was left out inside a pipeline."""
    model = sides.subjects.model
    if model is None or not hasattr(model, "predict"):
        return True
    n = min(sides.n_test, 300)
    at = np.arange(n)
    try:
        part = frames.take(sides.X_test, at)
        position = list(frames.column_names(part)).index(name)
        places = np.tile(at[:, None], (1, frames.n_columns(part)))
        places[:, position] = np.random.default_rng(SEED).permutation(n)
        ask = getattr(model, "predict_proba", model.predict)
        said, again = (
            np.asarray(ask(part), dtype=object),
            np.asarray(ask(frames.recombined(part, places)), dtype=object),
        )
        return bool(np.any(said != again))
    except Exception:
        return True


def _class_evidence(sides: Sides, suspect: Suspect, rest: float, n: int) -> Evidence:
    low, high = intervals.wilson(n - suspect.wrong, n)
    what = f"whether {suspect.name} is missing" if suspect.gaps else suspect.name
    how = (
        f"{what} is the label in other words: one value for each class, without exception in {n:,} rows"
        if suspect.recoded
        else f"{what} alone tells the class of {1 - suspect.wrong / n:.1%} of {n:,} rows (balanced error {suspect.error:.1%}); "
        f"all the other columns together err {rest:.1%}"
    )
    measured = {
        "told_alone": Estimate(value=1 - suspect.wrong / n, low=low, high=high, n=n, method="wilson"),
        "balanced_error_alone": suspect.error,
        "balanced_error_of_the_others": rest,
    }
    return _evidence(sides, suspect, how, measured, "balanced error", rest)


def _quantity_evidence(sides: Sides, suspect: Suspect, rest: float, n: int) -> Evidence:
    how = (
        f"{suspect.name} is the label but for scale and shift, in all {n:,} rows"
        if suspect.recoded
        else f"{suspect.name} alone leaves {suspect.error:.2%} of the variance of the label (as ranks) unexplained in {n:,} "
        f"rows; all the other columns together leave {rest:.0%}"
    )
    return _evidence(
        sides, suspect, how, {"unexplained_alone": suspect.error, "unexplained_by_the_others": rest, "rows": n},
        "variance left", rest,
    )  # fmt: skip


def _evidence(sides: Sides, suspect: Suspect, how: str, measured: dict[str, Any], unit: str, rest: float) -> Evidence:
    return Evidence(
        kind=Kind.TARGET_PROXY,
        witness=Witness.ROWS,
        message=how,
        strength=Strength.PROVEN if suspect.recoded else Strength.MEASURED,
        variables=sides.variables,
        columns=(suspect.name,),
        measured=measured,
        tables=(
            Table(
                title=f"{unit.capitalize()} with and without {suspect.name}",
                columns=("columns", unit),
                rows=((suspect.name, suspect.error), ("all the others", rest)),
                chart="bars",
            ),
        ),
        remedy=f"{sides.train_name} = {sides.train_name}.drop(columns=[{suspect.name!r}])\n"
        f"{sides.test_name} = {sides.test_name}.drop(columns=[{suspect.name!r}])  # known only after the label is",
    )
