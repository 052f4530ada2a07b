"""What the cells witness says, as evidence; and how often the test set was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mlready_nb.finding import Place, Strength
from mlready_nb.leakage.cells import judge, judge_choices, judge_columns, words
from mlready_nb.leakage.cells.folding import Folding
from mlready_nb.leakage.cells.judge import Facts, Fault
from mlready_nb.leakage.cells.machine import Machine
from mlready_nb.leakage.cells.values import Site
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.subjects import Cell, Subjects

_RULES: tuple[Callable[[Facts], Iterator[Fault]], ...] = (
    judge.learnt_from_test,
    judge.repeated,
    judge.overlaps,
    judge.untested,
    judge_choices.chosen_by_test,
    judge_choices.tuned_by_eye,
    judge_choices.tweaked,
    judge_choices.stopped_by_test,
    judge_columns.proxies,
    judge_columns.filled_ahead,
    judge_columns.shuffled_time,
    judge_columns.drawn,
)


#: One statement is one fault: the gravest of what it learnt.
_RANK = (
    "target_encoding",
    "feature_selection",
    "oversampling",
    "duplicates",
    "multi_test",
    "temporal",
    "preprocessing",
    "imputation",
    "sampling_bias",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How often, and in which cells, a model was scored on the test set."""

    count: int = 0
    cells: tuple[int, ...] = ()
    #: places, in order
    places: tuple[Place, ...] = ()

    def __str__(self) -> str:
        if not self.count:
            return "the test set was not looked at"
        times = "once" if self.count == 1 else f"{self.count} times"
        return f"looked at {times}: cell{'s' if len(self.cells) > 1 else ''} {', '.join(map(str, self.cells))}"


def witness(cells: Sequence[Cell], subjects: Subjects | None = None) -> tuple[Evidence, ...]:
    """Every guilty statement in these cells (in the order of execution), once."""
    del subjects  # the cells alone speak; the other witnesses look at the objects
    try:
        return _heard(tuple(cells))
    except Exception:  # a notebook that cannot be walked gives no evidence
        return ()


@lru_cache(maxsize=8)
def _heard(cells: tuple[Cell, ...]) -> tuple[Evidence, ...]:
    facts = _facts(cells)
    found: dict[tuple[str, Place], Evidence] = {}
    ids = {c.number: c.cell_id for c in cells}
    for rule in _RULES:
        try:
            for fault in rule(facts):
                said = _evidence(fault, ids)
                family = "learnt" if fault.trace is not None else said.kind
                key = (family, said.place or Place())
                held = found.get(key)
                if held is not None and family == "learnt" and said.kind != held.kind:
                    if _RANK.index(said.kind) < _RANK.index(held.kind):
                        found[key] = said
                elif (
                    held is None
                    or (held.strength is Strength.HEURISTIC and said.strength is Strength.PROVEN)
                    or (held.minor and not said.minor)
                ):
                    found[key] = said
        except Exception as error:  # one rule that fails must not silence the others
            facts.m.failures.append((Site(((None, 0),)), error))
    return _once(sorted(found.values(), key=lambda e: (e.place.cell or 0, e.place.line or 0) if e.place else (0, 0)))


def _once(found: list[Evidence]) -> tuple[Evidence, ...]:
    """`mean` on one line and `std` on the next are one fault: the first stands for both."""
    kept: list[Evidence] = []
    last: Place | None = None
    for one in found:
        before = kept[-1] if kept else None
        if (
            before is not None
            and last is not None
            and one.place is not None
            and (before.kind, before.columns, before.variables) == (one.kind, one.columns, one.variables)
            and " was computed" in before.message
            and " was computed" in one.message
            and one.place.cell == last.cell
            and (one.place.line or 0) - (last.line or 0) <= 1
        ):
            last = one.place
            continue
        kept.append(one)
        last = one.place
    return tuple(kept)


@lru_cache(maxsize=8)
def _facts(cells: tuple[Cell, ...]) -> Facts:
    machine = Machine()
    machine.cells(cells)
    return Facts(machine)


def looks(cells: Sequence[Cell]) -> Looks:
    """How often and where the test set was scored: one statement that runs in a loop counts once a turn that is known."""
    facts = _facts(tuple(cells))
    seen: dict[tuple[int, tuple[tuple[int | None, int], ...], int], Place] = {}
    for event in facts.m.events:
        if event.how in ("metric", "score") and judge.apart(event) and not judge.folded(event.T.rows):
            if event.T.rows.pieces and any(
                e.T.rows.apart(event.T.rows) and e.number > event.number for e in facts.finals
            ):
                continue
            seen.setdefault(
                (event.site.run, event.site.stack, event.fit.number),
                Place(cell=event.site.stack[0][0], line=event.site.stack[0][1]),
            )
    places = tuple(seen.values())
    return Looks(
        count=len(places), cells=tuple(dict.fromkeys(p.cell for p in places if p.cell is not None)), places=places
    )


def foldings(cells: Sequence[Cell]) -> tuple[tuple[Folding, Place], ...]:
    """Cross-validations of the latest run of each cell, each once, with the statement that says which splitter."""
    ids = {c.number: c.cell_id for c in cells}
    try:
        facts = _facts(tuple(cells))
    except Exception:  # a notebook that cannot be walked tells nothing
        return ()
    found: dict[Place, Folding] = {}
    for folding in facts.m.foldings:
        if facts.current(folding.site):
            found.setdefault(_place(folding.site, None, ids), folding)
    return tuple((folding, place) for place, folding in found.items())


def _evidence(fault: Fault, ids: dict[int | None, str | None]) -> Evidence:
    place = _place(fault.site, fault.split, ids)
    split = _place(fault.split, None, ids) if fault.split is not None else None
    return Evidence(
        kind=Kind(fault.kind),
        witness=Witness.CELLS,
        message=words.message(fault, place, split),
        strength=Strength.PROVEN if fault.sure else Strength.HEURISTIC,
        place=place,
        split=split,
        variables=tuple(dict.fromkeys(v for v in fault.variables if v)),
        columns=fault.columns,
        measured={"looks": fault.count} if fault.count else {},
        remedy=words.remedy(fault),
        minor=fault.minor,
        removes="were taken out" in fault.words,
    )


def _place(site: Site, reference: Site | None, ids: dict[int | None, str | None]) -> Place:
    """The statement to mend: inside of a function when the split is in there too, else the call."""
    depth = 0
    if reference is not None:
        for a, b in zip(site.stack, reference.stack, strict=False):
            if a != b:
                break
            depth += 1
    while depth < len(site.stack) - 1 and not site.passed[depth + 1]:
        depth += 1
    cell, line = site.stack[min(depth, len(site.stack) - 1)]
    return Place(cell=cell, line=line, cell_id=ids.get(cell))
