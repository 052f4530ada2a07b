"""Finds the statement that an object-only witness speaks of: read from the cells, nothing is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mlready_nb.finding import Place
from mlready_nb.leakage.evidence import Evidence, Kind
from mlready_nb.leakage.likely import FITS, LIKELY, TELLING
from mlready_nb.source import parse
from mlready_nb.subjects import Cell

#: Methods that change their owner.
_MUTATORS = frozenset({"append", "extend", "update", "add", "insert", "setdefault", "pop", "drop_in_place"})
#: Calls that put two tables together.
_JOINS = frozenset({"concat", "concatenate", "vstack", "append", "r_", "extend"})
#: Faults of how the rows were parted.
_AT_SPLIT = frozenset({Kind.DUPLICATES, Kind.OVERLAP, Kind.GROUP, Kind.TEMPORAL, Kind.SAMPLING_BIAS})
_SPLITS = re.compile(r"train_test_split|split|iloc|loc|sample|slice|head|tail|permutation", re.IGNORECASE)
_SCORES = frozenset({"score", "predict", "predict_proba", "decision_function", "evaluate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One statement: what it writes, reads and calls."""

    place: Place
    writes: frozenset[str]
    reads: frozenset[str]
    #: names of functions and methods, those inside the notebook's own functions too
    calls: frozenset[str]
    #: names whose methods are called: `scaler` in `scaler.fit(X)`, with the methods
    owners: frozenset[tuple[str, str]]
    #: names handed to those calls, by owner and method
    given: frozenset[tuple[str, str, str]] = frozenset()
    #: columns it makes by name: `df["a"] = ...`, `df.assign(a=...)`
    makes: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class _Seen:
    writes: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    owners: set[tuple[str, str]] = field(default_factory=set)
    given: set[tuple[str, str, str]] = field(default_factory=set)
    makes: set[str] = field(default_factory=set)


@lru_cache(maxsize=8)
def steps(cells: tuple[Cell, ...]) -> tuple[Step, ...]:
    """Every statement outside of functions, in the order of execution."""
    functions: dict[str, ast.AST] = {}
    found: list[Step] = []
    for cell in cells:
        tree = parse(cell.source)
        if tree is None:
            continue
        for statement, block in _flat(tree.body):
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                functions[statement.name] = statement
                if isinstance(statement, ast.ClassDef):
                    functions |= {f.name: f for f in statement.body if isinstance(f, ast.FunctionDef)}
                continue
            seen = _Seen()
            _look(statement, seen, functions, depth=0)
            for name, meant in block.stands_for:
                if name in seen.writes:
                    seen.writes |= meant
            seen.reads |= block.reads
            found.append(
                Step(
                    place=Place(cell=cell.number, line=statement.lineno, cell_id=cell.cell_id),
                    writes=frozenset(seen.writes),
                    reads=frozenset(seen.reads),
                    calls=frozenset(seen.calls),
                    owners=frozenset(seen.owners),
                    given=frozenset(seen.given),
                    makes=frozenset(seen.makes),
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """What a statement in a block hangs on: what its conditions and loops read, and what a loop variable stands for."""

    reads: frozenset[str] = frozenset()
    stands_for: tuple[tuple[str, frozenset[str]], ...] = ()


def _flat(body: Sequence[ast.stmt], block: _Block = _Block()) -> Iterator[tuple[ast.stmt, _Block]]:
    """Statements of blocks one by one."""
    for statement in body:
        inner = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
        own = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        if own or not any(inner):
            yield statement, block
            continue
        heads = [getattr(statement, name, None) for name in ("test", "iter", "subject")]
        reads = frozenset(n for h in heads if h is not None for n in _read(h))
        stands_for = block.stands_for
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            stands_for += tuple((n, reads) for n in _read(statement.target))
        if isinstance(statement, (ast.For, ast.AsyncFor)) and "split" in _called(statement.iter):
            yield _header(statement), block
        deeper = _Block(reads=block.reads | reads, stands_for=stands_for)
        for part in inner:
            yield from _flat(part or [], deeper)
        for handler in getattr(statement, "handlers", []):
            yield from _flat(handler.body, deeper)


def _called(node: ast.AST) -> set[str]:
    return {n.func.attr for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}


def _header(loop: ast.For | ast.AsyncFor) -> ast.stmt:
    """`for train, test in folds.split(X):` parts the rows, as an assignment would."""
    return ast.copy_location(ast.Assign(targets=[loop.target], value=loop.iter), loop)


def _read(node: ast.AST) -> list[str]:
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]


def _look(statement: ast.AST, seen: _Seen, functions: dict[str, ast.AST], depth: int) -> None:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            (seen.writes if isinstance(node.ctx, ast.Store) else seen.reads).add(node.id)
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            base = _base(node)
            if base:
                seen.writes.add(base)
            if isinstance(node, ast.Subscript):
                keys = (n.value for n in ast.walk(node.slice) if isinstance(n, ast.Constant))
                seen.makes |= {k for k in keys if isinstance(k, str)}
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            seen.calls.add(name)
            if name in ("assign", "with_columns"):
                seen.makes |= {k.arg for k in node.keywords if k.arg}
            if name == "alias" and node.args and isinstance(node.args[0], ast.Constant):
                seen.makes.add(str(node.args[0].value))
            owner = _base(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if owner:
                seen.owners.add((owner, name))
                if name in _MUTATORS:
                    seen.writes.add(owner)
                names = (_base(a) for a in (*node.args, *(k.value for k in node.keywords)))
                seen.given |= {(owner, name, n) for n in names if n}
                if any(k.arg == "inplace" and getattr(k.value, "value", False) for k in node.keywords):
                    seen.writes.add(owner)
            if name in functions and depth < 4:
                inside = _Seen()
                _look(functions[name], inside, functions, depth + 1)
                seen.calls |= inside.calls
                seen.owners |= inside.owners


def _base(node: ast.AST) -> str:
    """The name that an expression hangs on: `df` of `df.loc[:, "a"].values`."""
    while True:
        if isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return node.id if isinstance(node, ast.Name) else ""


def _names(expression: str) -> list[str]:
    """Names of variables in an expression: `train` and `top` of `train.select(top)`."""
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError):
        return [expression.partition("[")[0].partition(".")[0]]
    return [n.id for n in ast.walk(tree) if isinstance(n, ast.Name)]


def place_of(cells: Sequence[Cell], name: str, *, before: Place | None = None) -> Place | None:
    """The statement that last fitted, else last assigned, this name (before the split, where that is given)."""
    mine = _until(steps(tuple(cells)), before)
    name = name.partition("[")[0].partition(".")[0]
    fitted = [s for s in mine if any(o == name and m in FITS for o, m in s.owners)]
    made = [s for s in mine if name in s.writes and s.calls & FITS] if not fitted else []
    assigned = [s for s in mine if name in s.writes]
    for found in (fitted, made, assigned):
        if found:
            return found[-1].place
    return None


def guilty(cells: Sequence[Cell], evidence: Evidence) -> Place | None:
    """The likeliest statement: on the way to the evidence's tables, of a call that can have done it."""
    every = steps(tuple(cells))
    if evidence.kind in _AT_SPLIT:
        return split_of(cells, evidence.variables)
    if evidence.kind is Kind.TARGET_PROXY:
        return _let_in(cells, every, evidence)
    likely = LIKELY.get(evidence.kind, frozenset())
    named = sorted({n for v in evidence.variables for n in _names(v)})
    fitted = [s for s in every if any(o in named and m in FITS for o, m in s.owners)]
    if fitted and evidence.kind in LIKELY:
        return fitted[-1].place  # of several fits the last: the object is as that one left it
    way = list(_reaching(_way(every, named), every, split_of(cells, evidence.variables)))
    scored = [(len(s.calls & likely) + 3 * len(s.calls & TELLING.get(evidence.kind, FITS)), s) for s in way]
    scored = [(n, s) for n, s in scored if s.calls & likely]
    return max(scored, key=lambda t: (t[0], _at(t[1].place)))[1].place if scored else None


def _reaching(way: Iterable[Step], every: Sequence[Step], split: Place | None) -> Iterator[Step]:
    """Statements that can have touched test rows: before the split, or after it on a table from before, or on both."""
    at = next((s for s in every if s.place == split), None)
    before: set[str] = set()
    if at is not None:
        before = set(at.reads - at.writes)
        for step in _way([s for s in every if _at(s.place) < _at(at.place)], sorted(before)):
            before |= step.writes & (step.reads | before)
    for step in way:
        if at is None or _at(step.place) <= _at(at.place) or step.reads & before or step.calls & _JOINS:
            yield step


def _let_in(cells: Sequence[Cell], every: Sequence[Step], evidence: Evidence) -> Place | None:
    """Where a column was made, else where the model's columns were chosen: what the split was handed."""
    made = [s for s in every if s.makes & set(evidence.columns)]
    if made:
        return made[0].place
    split = split_of(cells, evidence.variables)
    at = next((s for s in every if s.place == split), None)
    if at is None:  # cut where it was used: the last that was done to the table
        bases = {n for v in evidence.variables[:1] for n in _names(v)[:1]}
        return next((s.place for s in reversed(every) if s.writes & bases), split)
    feeds = [s for s in every if _at(s.place) < _at(at.place) and s.writes & (at.reads - at.writes)]
    return feeds[-1].place if feeds else split


def _way(every: Sequence[Step], names: Sequence[str]) -> Iterator[Step]:
    """Statements that led to these names, last first."""
    wanted = set(names)
    for step in reversed(every):
        if step.writes & wanted:
            wanted |= step.reads
            yield step


def split_of(cells: Sequence[Cell], names: Sequence[str]) -> Place | None:
    """Where the two sides were parted: the statement that writes both, or reads one table and splits it."""
    every = steps(tuple(cells))
    bases = sorted({n for v in names for n in _names(v)})
    way = list(_way(every, bases))[::-1]
    for parts in (
        [s for s in way if "train_test_split" in s.calls],
        [s for s in way if sum(b in s.writes for b in set(bases)) >= 2],
        [s for s in way if any(_SPLITS.fullmatch(c) for c in s.calls)],
    ):
        if parts:
            return parts[0].place
    if way or not every:
        return _parted(every, names)
    anywhere = [s for s in every if "train_test_split" in s.calls]  # nothing leads to these names: of the only split
    return anywhere[0].place if len(anywhere) == 1 else None


def _parted(every: Sequence[Step], names: Sequence[str]) -> Place | None:
    """The first statement on the way to one side alone: `train = df[mask]`, `test = df.loc["2024":]`."""
    if len(names) < 2:
        return None
    one, two = ({s.place for s in _way(every, _names(name))} for name in names[:2])
    apart = (one ^ two) if one and two else set()
    return min(apart, key=_at, default=None)


def scored_after_fit(cells: Sequence[Cell], model: str, test: str) -> bool | None:
    """True when the model was scored on the test set after its last fit; `None` when the cells do not tell."""
    model, test = (n.partition("[")[0].partition(".")[0] for n in (model, test))
    every = steps(tuple(cells))
    fits = [i for i, s in enumerate(every) if any(o == model and m in FITS for o, m in s.owners)]
    looks = [i for i, s in enumerate(every) if any(g[0] == model and g[1] in _SCORES and g[2] == test for g in s.given)]
    if not fits or not looks:
        return None
    return looks[-1] >= fits[-1]


def _until(every: Sequence[Step], before: Place | None) -> list[Step]:
    kept = [s for s in every if before is None or _at(s.place) <= _at(before)]
    return kept or list(every)


def _at(place: Place) -> tuple[int, int]:
    return place.cell or 0, place.line or 0
