"""Watching: after each cell what it did is judged at once, and data are checked only when they changed and it is quick."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mlready_nb.checks.declare import Cost
from mlready_nb.finding import Finding, Outcome, Place, Run
from mlready_nb.fingerprints import changed, fingerprint
from mlready_nb.session import Session
from mlready_nb.source import parse
from mlready_nb.subjects import Cell

LEAKAGE = "leakage"
#: Seconds that checks may take after one cell.
BUDGET = 2.0
#: Seconds that a check of each cost takes, before it ever ran here: on tables of the usual size.
GUESS = {Cost.FAST: 0.05, Cost.MODERATE: 1.0, Cost.SLOW: 12.0}
#: Cells (rows times columns) of a table up to which a check takes what its cost says.
USUAL = 300_000
#: Subjects that change with every cell: they alone are no ground to look at the data again.
_TEXT = frozenset({"cells", "targets"})
_ALARMS = (Outcome.FAIL, Outcome.WARN, Outcome.ERROR)
#: Values that no cell changes in place.
_FIXED = (str, bytes, int, float, complex, bool, type(None), types.ModuleType, types.BuiltinFunctionType, range)

Key = tuple[str, str | None, str, str | int | None, int | None]


class Watch:
    """What was said already, so that each finding is told once, when it is new."""

    def __init__(self, session: Session, say: Callable[[str], None]) -> None:
        self.session, self._say = session, say
        self._told: dict[str, frozenset[Key]] = {}
        self._at_once: frozenset[Key] = frozenset()
        self._marks: Mapping[str, str] = {}
        self._ids: Mapping[str, int] = {}
        self._skipped: set[str] = set()

    def after_cell(self, source: str) -> None:
        """Tell what is new after this cell: the cells are read always, the data only when they changed."""
        session = self.session
        if session.running:
            return
        fresh = self._cells(session.cells())
        if fresh:
            self._tell(fresh)
        if not self._touched(source):
            return
        session.refresh()
        now = fingerprint(session.subjects)
        moved = changed(self._marks, now) - _TEXT
        self._marks = now
        if moved:
            self._data(moved)

    def _cells(self, cells: Sequence[Cell]) -> list[Finding]:
        """Leaks that the text of the cells gives away and that were not told before."""
        from mlready_nb.checks.data_quality.leakage import of_cells

        found = [f for f in of_cells(cells) if f.outcome in _ALARMS]
        keys = frozenset(map(_key, found))
        known = self._at_once | self._told.get(LEAKAGE, frozenset())
        self._at_once = keys
        return [f for f in found if _key(f) not in known]

    def _touched(self, source: str) -> bool:
        """True unless the cell can have changed no data and no model: nothing new is bound, nothing mutable named."""
        names = {n: v for n, v in self.session.namespace().items() if not n.startswith("_")}
        ids = {n: id(v) for n, v in names.items() if not _fixed(v)}
        before, self._ids = self._ids, ids
        return any(before.get(n) != i for n, i in ids.items() if not callable_only(names[n])) or any(
            n in ids for n in _mentioned(source, names)
        )

    def _data(self, moved: frozenset[str]) -> None:
        """Run what looks at the subjects that changed, quickest first, until the budget is spent."""
        session, left, chosen, late = self.session, BUDGET, [], {}
        waiting = session.waiting()
        looked = {c.name: _reads(c) & moved for c in session.checks if c.name not in waiting}
        for name, seconds in sorted(
            ((n, self._expected(n)) for n, m in looked.items() if m), key=lambda p: (p[1], p[0] != LEAKAGE)
        ):
            if seconds <= left:
                chosen.append(name)
                left -= seconds
            else:
                late[name] = seconds
        if chosen:
            self._report(session.check(chosen, look=False))
        unsaid = {n: s for n, s in late.items() if n not in self._skipped}
        self._skipped = {*self._skipped, *late}
        if unsaid:
            what = ", ".join(f"{n} (about {s:.0f} s)" for n, s in unsaid.items())
            self._say(f"skipped to stay quick: {what}; run them with %mlready check {' '.join(unsaid)}")

    def _expected(self, name: str) -> float:
        """Seconds: what it took here before, else what its cost says of tables of this size."""
        took = self.session.took.get(name)
        if took is not None:
            return took
        shapes = [o.shape or () for n, o in self.session.subjects.origin.items() if n.startswith("X_")]
        size = sum(s[0] * (s[1] if len(s) > 1 else 1) for s in shapes if s)
        cost = next(c.cost for c in self.session.checks if c.name == name)
        return GUESS[cost] * max(1.0, size / USUAL)

    def _report(self, run: Run) -> None:
        found: dict[str, list[Finding]] = {}
        for finding in run:
            found.setdefault(finding.check, [])
            if finding.outcome in _ALARMS:
                found[finding.check].append(finding)
        new: list[Finding] = []
        for check, findings in found.items():
            known = self._told.get(check, frozenset()) | (self._at_once if check == LEAKAGE else frozenset())
            new += [f for f in findings if _key(f) not in known]
            self._told[check] = frozenset(map(_key, findings))
        if new:
            self._tell(new)

    def _tell(self, findings: Sequence[Finding]) -> None:
        from mlready_nb.views.text import findings_text

        self._say(findings_text(findings))


def one_cell(session: Session, names: Sequence[str] = ()) -> str:
    """Run the (named) checks that are due; what they say, and of leaks only what the cell that ran last did."""
    from mlready_nb.checks.registry import select
    from mlready_nb.views.text import findings_text

    wanted = {c.name for c in (select(names, session.checks) if names else session.checks)}
    session.refresh(tell=False)
    due = [n for n in session.due() if n in wanted]
    fresh = tuple(session.check(due, look=False)) if due else ()
    lines = findings_text(f for f in fresh if f.check != LEAKAGE)
    if LEAKAGE in wanted:
        lines = f"{lines}\n{_leaks(session)}".strip()
    return lines or "nothing that the checks look at was changed by this cell"


def _leaks(session: Session) -> str:
    """The leaks of the cell that ran last, whenever they were found, and how many there are elsewhere."""
    from mlready_nb.checks.data_quality.leakage import of_cells
    from mlready_nb.views.text import findings_text

    cells = session.cells()
    known = {_key(f): f for f in of_cells(cells)} | {_key(f): f for f in session.state.run or () if f.check == LEAKAGE}
    alarms = [f for f in known.values() if f.outcome in _ALARMS]
    here = [f for f in alarms if cells and f.where is not None and _is_place(cells[-1], f.where)]
    others = len(alarms) - len(here)
    more = f"; {others} of other cells or of no cell: %mlready check {LEAKAGE}" if others else ""
    return (
        findings_text(here) + (f"\n{LEAKAGE}{more}" if more else "")
        if here
        else f"{LEAKAGE}: this cell does nothing that leaks{more}"
    )


def _is_place(cell: Cell, place: Place) -> bool:
    if cell.cell_id is not None and place.cell_id is not None:
        return cell.cell_id == place.cell_id
    return place.cell is not None and place.cell == cell.number


def _fixed(value: Any) -> bool:
    """True for what a cell cannot change in place: plain values, modules, and classes of libraries."""
    if isinstance(value, type):
        return value.__module__ != "__main__"
    return isinstance(value, _FIXED)


def callable_only(value: Any) -> bool:
    """True for functions: a new one changes no data until it is called."""
    return isinstance(value, (types.FunctionType, types.MethodType))


def _key(f: Finding) -> Key:
    """One finding, whatever its numbers are this time."""
    where = f.where
    return (
        f.check,
        f.kind,
        str(f.outcome) if f.check != LEAKAGE else "",
        (where.cell_id or where.cell) if where is not None else None,
        where.line if where is not None else None,
    )


def _reads(check: Any) -> frozenset[str]:
    from mlready_nb.derived import plain

    return frozenset(p for need in (*check.needs, *check.wants) for p in plain(need))


def _mentioned(source: str, names: Mapping[str, Any]) -> Iterator[str]:
    """Names that the cell says, and those that its own functions say in turn."""
    import ast

    tree = parse(source)
    if tree is None:
        return
    todo, open_ = [], list[ast.AST](tree.body)
    while open_:
        node = open_.pop()
        if isinstance(node, ast.Name):
            todo.append(node.id)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):  # its body waits until it is called
            open_ += [*node.decorator_list, *node.args.defaults]
        else:
            open_ += ast.iter_child_nodes(node)
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen or name not in names:
            continue
        seen.add(name)
        value = names[name]
        if not callable_only(value):
            yield name
        code = getattr(value, "__code__", None)
        if code is not None:
            todo += code.co_names
