"""Hears the witnesses together: one finding a guilty place, the strongest naming the strength."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from mlready_nb.finding import Finding, Measure, Outcome, Strength, Table, inconclusive, not_run, passed
from mlready_nb.leakage.consequence import Effect
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.places import guilty, scored_after_fit, steps
from mlready_nb.subjects import Cell

#: Sub-bullets that a kind of leak decides.
POINTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.NO_TEST_SET: ("DAT-03.1", "EVA-02.1"),
    Kind.PREPROCESSING: ("DAT-03.1", "EVA-02.1"),
    Kind.IMPUTATION: ("DAT-03.1", "EVA-02.1"),
    Kind.FEATURE_SELECTION: ("DAT-03.1", "EVA-02.1"),
    Kind.TARGET_ENCODING: ("DAT-03.1", "DAT-03.3"),
    Kind.OVERSAMPLING: ("DAT-03.1", "EVA-02.1"),
    Kind.DUPLICATES: ("DAT-03.1", "EVA-02.1"),
    Kind.OVERLAP: ("DAT-03.1", "EVA-02.1"),
    Kind.TARGET_PROXY: ("DAT-03.2",),
    Kind.TEMPORAL: ("DAT-03.2",),
    Kind.GROUP: ("DAT-03.1", "EVA-02.1"),
    Kind.SAMPLING_BIAS: ("EVA-02.2",),
    Kind.MULTI_TEST: ("EVA-02.1",),
    Kind.EARLY_STOPPING: ("EVA-02.1",),
}
#: Sub-bullets that silence settles, and who must have looked.
SETTLED: Mapping[str, frozenset[Witness]] = {
    "DAT-03.1": frozenset({Witness.ROWS}),
    "DAT-03.2": frozenset({Witness.ROWS}),
    "DAT-03.3": frozenset({Witness.CELLS, Witness.VALUES}),
    "EVA-02.1": frozenset({Witness.CELLS}),
    "EVA-02.2": frozenset({Witness.ROWS}),
}
#: A score that does not move is no comfort here: the test set is none, or the label was given away.
NEVER_MILD = frozenset({Kind.OVERLAP, Kind.TARGET_PROXY, Kind.NO_TEST_SET})
_RANK = (Strength.PROVEN, Strength.MEASURED, Strength.ATTESTED, Strength.HEURISTIC)
_WHAT = {
    Witness.CELLS: "the cells",
    Witness.ROWS: "the rows",
    Witness.REFIT: "refits",
    Witness.VALUES: "the values",
}
#: A weaker kind is what a stronger one looks like to another witness, when they speak of the same tables.
ABSORBS: Mapping[Kind, frozenset[Kind]] = {
    Kind.OVERSAMPLING: frozenset({Kind.DUPLICATES}),
    Kind.OVERLAP: frozenset({Kind.DUPLICATES}),
    Kind.TARGET_ENCODING: frozenset({Kind.PREPROCESSING}),
    Kind.FEATURE_SELECTION: frozenset({Kind.PREPROCESSING}),
    Kind.PREPROCESSING: frozenset({Kind.IMPUTATION}),
    Kind.IMPUTATION: frozenset({Kind.PREPROCESSING}),
}
#: Kinds that put the same rows on both sides, and kinds that a transformer's state decides.
_REPEATS = frozenset({Kind.DUPLICATES, Kind.OVERLAP, Kind.OVERSAMPLING, Kind.GROUP})
_FITTED = frozenset({Kind.PREPROCESSING, Kind.IMPUTATION, Kind.FEATURE_SELECTION, Kind.TARGET_ENCODING})
_OBJECTS = frozenset({Witness.REFIT, Witness.VALUES, Witness.ROWS})


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What came of the hearing."""

    groups: tuple[tuple[Evidence, ...], ...]
    #: clauses about what was heard and set aside
    dropped: tuple[str, ...] = ()


def findings(
    evidence: Sequence[Evidence],
    cells: Sequence[Cell] = (),
    *,
    looked: Mapping[Witness, str | None] | None = None,
    effect: Callable[[Sequence[Evidence]], Effect | None] | None = None,
    cleared: Collection[str] = (),
    shared_rows: int | None = None,
    complete: bool = False,
) -> list[Finding]:
    """One finding for each guilty place; a single one when nothing was found.

    Parameters
    ----------
    looked
        What each witness had to look at, as a clause; `None` or absent when it had nothing.
    effect
        Scores again without the leak of a group, where that can be done.
    cleared
        Names of transformers that are proven to have seen training rows alone (`refit.report`).
    shared_rows
        How many test rows stand in the training set too; 0 contradicts a repeat that the cells suspect.
    complete
        Both sides together are all rows of a table, which contradicts that some were taken out of one.
    """
    looked = dict(looked or {})
    if not looked:
        looked = {e.witness: "" for e in evidence}
        if cells:
            looked.setdefault(Witness.CELLS, f"{len(cells)} cells")
    heard = hear(evidence, cells, cleared=cleared, shared_rows=shared_rows, complete=complete)
    if not heard.groups:
        return [_silence(looked, heard.dropped)]
    made = [_finding(g, effect(g) if effect is not None else None) for g in heard.groups]
    order = {Outcome.FAIL: 0, Outcome.WARN: 1}
    made.sort(
        key=lambda f: (
            order.get(f.outcome, 2),
            f.where.cell or 0 if f.where else 0,
            f.where.line or 0 if f.where else 0,
        )
    )
    untouched = {c: Outcome.PASS for c in _settled(looked) if all(c not in f.points for f in made)}
    return [replace(made[0], points={**made[0].points, **untouched}), *made[1:]]


def hear(
    evidence: Sequence[Evidence],
    cells: Sequence[Cell] = (),
    *,
    cleared: Collection[str] = (),
    shared_rows: int | None = None,
    complete: bool = False,
) -> Heard:
    """Evidence grouped by guilty place; what another witness contradicts is set aside."""
    kept, dropped = _uncontradicted(list(evidence), cells, frozenset(cleared), shared_rows, complete)
    groups: list[list[Evidence]] = []
    for one in sorted(kept, key=_turn):
        said = one
        if said.place is None and said.witness in _OBJECTS and cells:
            said = replace(said, place=guilty(cells, said))
        home = _home(said, groups)
        if home is not None:
            home.append(said)
        elif said.witness is Witness.VALUES and said.place is None and _came_so(said, cells):
            dropped.append(f"{said.message}; but no statement of the notebook did it: the data came so")
        else:
            groups.append([said])
    return Heard(groups=tuple(tuple(g) for g in groups), dropped=tuple(dropped))


def _turn(e: Evidence) -> tuple[bool, bool, bool, int]:
    """Who is heard first: the cells, as they know places; what others may be taken for, before those."""
    return e.kind is Kind.DUPLICATES, e.witness is not Witness.CELLS, e.minor, _RANK.index(e.strength)


def _uncontradicted(
    evidence: list[Evidence], cells: Sequence[Cell], cleared: frozenset[str], shared_rows: int | None, complete: bool
) -> tuple[list[Evidence], list[str]]:
    kept, dropped = [], []
    repeats = any(e.kind in _REPEATS and e.witness in _OBJECTS for e in evidence)
    overlaps = [e for e in evidence if e.kind is Kind.OVERLAP and e.witness is not Witness.REFIT]
    for one in evidence:
        if (
            one.kind is Kind.OVERLAP
            and one.witness is Witness.REFIT
            and not overlaps
            and cells
            and len(one.variables) >= 3
        ):
            model, _, test = one.variables[:3]
            after = scored_after_fit(cells, model, test)
            if after is not True:
                dropped.append(f"{model} was fitted again on all rows, after it was scored")
                continue
        if one.removes and complete:
            dropped.append(f"{one.message} But no row is missing: both sides together are the whole table")
            continue
        if one.witness is Witness.CELLS:
            if one.kind is Kind.DUPLICATES and shared_rows == 0 and not repeats:
                dropped.append(f"{one.message}; but no test row stands in the training set")
                continue
            innocent = cleared.intersection(one.variables[:1])
            if one.kind in _FITTED and one.strength is Strength.HEURISTIC and innocent:
                dropped.append(f"{one.message}; but {min(innocent)} is as a fit on the training rows alone leaves it")
                continue
        kept.append(one)
    return kept, dropped


def _home(said: Evidence, groups: Sequence[list[Evidence]]) -> list[Evidence] | None:
    """The group that speaks of the same place."""
    same_kind = [g for g in groups if g[0].kind is said.kind]
    if said.witness is Witness.CELLS:
        return next((g for g in same_kind if _spot(g[0]) == _spot(said)), None)
    near = [(_near(group, said), -i) for i, group in enumerate(same_kind)]
    if near and max(near)[0] > 0:
        return same_kind[-max(near)[1]]
    for group in groups:  # another name for the same statement
        absorbs = said.kind in ABSORBS.get(group[0].kind, frozenset())
        if absorbs and (said.place is not None and _spot(group[0]) == _spot(said)):
            return group
        if absorbs and said.kind is Kind.DUPLICATES and _share(group, said):
            return group
        tables = {v for e in group for v in e.variables}
        if absorbs and said.minor and said.witness is Witness.VALUES and tables & set(said.variables):
            return group
    from_cells = [g for g in same_kind if any(e.witness is Witness.CELLS for e in g)]
    if len(from_cells) == 1 and len(same_kind) == 1:
        return from_cells[0]
    if said.place is None and len(same_kind) == 1 and same_kind[0][0].place is None:
        return same_kind[0]
    return None


def _spot(evidence: Evidence) -> tuple[int | None, int | None]:
    return (evidence.place.cell, evidence.place.line) if evidence.place else (None, None)


def _share(group: Sequence[Evidence], said: Evidence) -> bool:
    return _near(group, said) > 0


def _near(group: Sequence[Evidence], said: Evidence) -> int:
    """How surely they speak of one place: the spot, the transformer's name, columns, tables; 0 for not at all."""
    best = 0
    for other in group:
        if said.place is not None and _spot(other) == _spot(said):
            return 100
        mine, its = (tuple(map(_base, e.variables)) for e in (said, other))
        columns = set(other.columns) & set(said.columns)
        if other.columns and said.columns and not columns:
            continue
        if said.place is not None and other.place is not None and other.witness is not Witness.CELLS:
            continue  # two statements may well touch one table
        named = 10 if mine and mine[0] in its else 0
        best = max(best, named + (5 if columns else 0) + len(set(mine) & set(its)))
    return best


def _base(name: str) -> str:
    return name.partition("[")[0].partition(".")[0]


def _came_so(said: Evidence, cells: Sequence[Cell]) -> bool:
    """The cells are there, readable, and hold nothing that can have done it."""
    return said.kind is Kind.PREPROCESSING and bool(cells) and bool(steps(tuple(cells)))


def _finding(group: Sequence[Evidence], effect: Effect | None) -> Finding:
    first = group[0]
    kind = first.kind
    lead = min(group, key=lambda e: (e.kind is not kind, _RANK.index(e.strength), e.witness is not Witness.CELLS))
    strength = min((e.strength for e in group if e.kind is kind), key=_RANK.index)
    outcome = _outcome([e for e in group if e.kind is kind], strength)
    place = next((e.place for e in group if e.witness is Witness.CELLS and e.place), first.place)
    others = [w for w in dict.fromkeys(e.witness for e in group) if w is not first.witness]
    message = first.message if first.witness is Witness.CELLS else lead.message
    if others:
        message += f" (so say {_joined([_WHAT[w] for w in dict.fromkeys((first.witness, *others))])})"
    measured: dict[str, Measure] = {}
    for e in reversed(group):
        measured |= dict(e.measured)
    if effect is not None:
        message += f". {effect}"
        measured |= {"reported_score": effect.reported, "score_without_leak": effect.honest}
        if outcome is Outcome.FAIL and not effect.moves and kind not in NEVER_MILD:
            outcome = Outcome.WARN
    chances = [e.by_chance for e in group if e.by_chance is not None and e.kind is kind]
    if chances:
        measured["chance_of_false_hit"] = float(min(chances))
    measured["witnesses"] = len({e.witness for e in group})
    return Finding(
        outcome=outcome,
        message=message,
        strength=strength,
        kind=str(kind),
        measured=measured,
        tables=tuple([*_witnesses(group), *(t for e in group for t in e.tables)][:4]),
        where=place,
        remedy=next((e.remedy for e in group if e.remedy and e.kind is kind), None),
        points=dict.fromkeys(POINTS[kind], outcome),
    )


def _outcome(group: Sequence[Evidence], strength: Strength) -> Outcome:
    """Certain and material fails; small, or merely likely, warns."""
    if all(e.minor for e in group) or strength is Strength.HEURISTIC:
        return Outcome.WARN
    alone = len(group) == 1 and group[0].witness is Witness.REFIT and group[0].kind is Kind.OVERLAP
    if alone and group[0].place is None:
        return Outcome.WARN  # objects alone cannot tell a refit for release from one before the score
    return Outcome.FAIL


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _witnesses(group: Sequence[Evidence]) -> list[Table]:
    if len(group) < 2:
        return []
    return [
        Table(
            title="What each witness says",
            columns=("witness", "strength", "says"),
            rows=tuple((str(e.witness), str(e.strength), e.message) for e in group[:8]),
        )
    ]


def _settled(looked: Mapping[Witness, str | None]) -> list[str]:
    there = {w for w, what in looked.items() if what is not None}
    return [code for code, who in SETTLED.items() if who & there]


def _silence(looked: Mapping[Witness, str | None], dropped: Sequence[str]) -> Finding:
    there = {w: what for w, what in looked.items() if what is not None}
    if not there:
        return not_run(
            "waits for a training and a test set, or for the notebook's cells: "
            "%mlready use X_train=<variable> X_test=<variable>"
        )
    objects = [w for w in there if w in _OBJECTS]
    told = "; ".join(f"{_WHAT[w]}: {what}" if what else _WHAT[w] for w, what in there.items())
    aside = f". Set aside: {'; '.join(dropped)}" if dropped else ""
    measured = {"witnesses": len(there)}
    if not objects:
        return inconclusive(
            f"the cells show no leak, but no training and test set was found to prove it by ({told}){aside}",
            measured=measured,
            points=dict.fromkeys(_settled(looked), Outcome.INCONCLUSIVE),
        )
    missing = "" if Witness.CELLS in there else "; without the cells nobody knows how often the test set was looked at"
    points = dict.fromkeys(_settled(looked), Outcome.PASS)
    return passed(f"no leak found by {told}{missing}{aside}", measured=measured, points=points)
