"""Sets of rows as symbols: where they come from and what was cut out, with relations that can be decided."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any


class Source:
    """Rows that came into the notebook together: a file, a literal, a generator. Two can turn out to be one."""

    __slots__ = ("_same", "generated", "label", "site")

    def __init__(self, label: str, *, generated: bool = False, site: Any = None) -> None:
        self.label, self.generated, self.site = label, generated, site
        self._same: Source | None = None

    def root(self) -> Source:
        """The source that stands for all that are aligned with this one."""
        here = self
        while here._same is not None:
            here = here._same
        return here

    def align(self, other: Source) -> None:
        """From now on row i here is row i there."""
        mine, its = self.root(), other.root()
        if mine is not its:
            its._same = mine  # noqa: SLF001  (of the same class)


@dataclass(frozen=True, slots=True)
class Bound:
    """A position: `of_length` times the number of rows, plus a constant, plus an unknown."""

    of_length: float = 0.0
    plus: float = 0.0
    unknown: Hashable = None

    def before(self, other: Bound) -> bool | None:
        """True when this position is surely not after the other one, False when surely after, `None` else."""
        if self in (other, START) or other == END:
            return True
        if self.unknown != other.unknown:
            return None
        if self.of_length == other.of_length:
            return self.plus <= other.plus
        if self.plus == other.plus == 0:
            return self.of_length <= other.of_length
        return None


START, END = Bound(), Bound(1.0)


@dataclass(frozen=True, slots=True)
class Cut:
    """One part of a division of rows: `event` says which division, the rest which part of it."""

    event: Hashable
    #: "part", "slice", "range", "mask", "member", "stride"
    form: str
    part: Any
    #: a random draw: two different ones of the same rows do share rows
    random: bool = False

    def against(self, other: Cut) -> str | None:
        """`apart`, `implies` (each row of this part is in the other) or `None`; both of one event."""
        mine, its = self.part, other.part
        if self.form != other.form:
            return None
        if mine == its:
            return "implies"
        match self.form:
            case "part" | "mask":
                return "apart"
            case "slice":
                if mine[1].before(its[0]) is True or its[1].before(mine[0]) is True:
                    return "apart"
                inside = its[0].before(mine[0]) is True and mine[1].before(its[1]) is True
                return "implies" if inside else None
            case "stride":
                return "apart" if mine[1] == its[1] else None
            case "range":
                return _ranges(mine, its)
        return None


def _ranges(mine: tuple[str, Any], its: tuple[str, Any]) -> str | None:
    """How two conditions on the same column's value stand to each other."""
    (op, at), (other, its_at) = mine, its
    if op == "==" and other in ("==", "!="):
        return ("apart" if at != its_at else "implies") if other == "==" else ("apart" if at == its_at else "implies")
    if op == "!=" and other == "==":
        return "apart" if at == its_at else None
    if op == "in" or other == "in" or "not in" in (op, other):
        if {op, other} == {"in", "not in"} and at == its_at:
            return "apart"
        if op == other == "in" and isinstance(at, tuple) and isinstance(its_at, tuple):
            return "apart" if not set(at) & set(its_at) else "implies" if set(at) <= set(its_at) else None
        return None
    low, high = (mine, its) if op in ("<", "<=") else (its, mine)
    if low[0] in ("<", "<=") and high[0] in (">", ">="):
        order = _compare(low[1], high[1])
        if order is not None and (order < 0 or (order == 0 and not (low[0] == "<=" and high[0] == ">="))):
            return "apart"
        return None
    if op[0] == other[0] and op[0] in "<>":
        order = _compare(at, its_at)
        if order is not None and ((order <= 0) if op[0] == "<" else (order >= 0)):
            return "implies"
    if op == "==" and other[0] in "<>":
        order = _compare(at, its_at)
        if order is None:
            return None
        holds = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}.get(other)
        return None if holds is None else "implies" if holds else "apart"
    if other == "==" and op[0] in "<>":
        return "apart" if _ranges(its, mine) == "apart" else None
    return None


def _compare(a: Any, b: Any) -> int | None:
    if isinstance(a, (tuple, Bound)) or isinstance(b, (tuple, Bound)):
        return 0 if a == b else None  # symbols: the same, or not known
    try:
        return -1 if a < b else 1 if a > b else 0
    except TypeError:
        return 0 if a == b else None


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one source that passed every cut."""

    source: Source
    cuts: frozenset[Cut] = frozenset()

    def within(self, other: Piece) -> bool:
        """Surely a subset."""
        if self.source.root() is not other.source.root():
            return False
        return all(any(_implied(mine, its) for mine in self.cuts) or self._member(its) for its in other.cuts)

    def _member(self, cut: Cut) -> bool:
        if cut.form != "member":
            return False
        rows, inside = cut.part
        return all(any(_plain(self).within(p) for p in rows.pieces) if inside else self.apart(p) for p in rows.pieces)

    def apart(self, other: Piece) -> bool:
        """Surely no row in common."""
        if self.source.root() is not other.source.root():
            return True
        for mine in self.cuts:
            for its in other.cuts:
                if mine.event == its.event and mine.against(its) == "apart":
                    return True
        return _outside(self, other) or _outside(other, self)

    def shares(self, other: Piece) -> str:
        """`apart`, `within`, `holds`, `shares` or `unknown`."""
        if self.apart(other):
            return "apart"
        if self.within(other):
            return "within"
        if other.within(self):
            return "holds"
        loose = [c for c in self.cuts if not any(_implied(o, c) for o in other.cuts)]
        its = [c for c in other.cuts if not any(_implied(o, c) for o in self.cuts)]
        if (
            _sliced(loose, its)
            or _category(loose, its)
            or _category(its, loose)
            or all(c.random for c in loose)
            or all(c.random for c in its)
        ):
            return "shares"
        return "unknown"


def _plain(piece: Piece) -> Piece:
    return piece


def _sliced(mine: list[Cut], its: list[Cut]) -> bool:
    """Two slices of the same order that surely overlap, as `[:800]` and `[700:]` do; `< 60` and `> 50` of one column."""
    if len(mine) != 1 or len(its) != 1 or mine[0].event != its[0].event or mine[0].form not in ("slice", "range"):
        return False
    if mine[0].form == "range":
        (op, at), (other, end) = mine[0].part, its[0].part
        return {op[:1], other[:1]} == {"<", ">"} and isinstance(at, (int, float)) and isinstance(end, (int, float))
    (a, b), (c, d) = mine[0].part, its[0].part
    return bool(b.before(c) is False and d.before(a) is False)


def _category(mine: list[Cut], its: list[Cut]) -> bool:
    """One class or category of all rows, and a part that was cut by position."""
    return (
        bool(mine)
        and all(c.form == "range" and c.part[0] == "==" for c in mine)
        and all(c.form == "slice" for c in its)
    )


def _implied(mine: Cut, its: Cut) -> bool:
    return mine == its or (mine.event == its.event and mine.against(its) == "implies")


def _outside(a: Piece, b: Piece) -> bool:
    """`a` was cut to rows outside of a set that holds `b` (or inside of a set that is apart from `b`)."""
    for cut in a.cuts:
        if cut.form == "member":
            rows, inside = cut.part
            if inside and rows.pieces and all(b.apart(p) for p in rows.pieces):
                return True
            if not inside and any(b.within(p) for p in rows.pieces):
                return True
    return False


@dataclass(frozen=True, slots=True)
class Order:
    """How rows are ordered: `None` fields for the order in which they came."""

    #: "came", "shuffled", "sorted"
    form: str = "came"
    by: str | None = None
    descending: bool = False
    mark: int = 0
    #: sorted by a column that tells time
    timed: bool = False

    #: turned round by `[::-1]`
    turned: bool = False

    @property
    def backwards(self) -> bool:
        """The next row is the earlier one."""
        return self.descending and (self.form == "came" or self.timed)


CAME = Order()


@dataclass(frozen=True, slots=True)
class Rows:
    """A union of pieces, in an order."""

    pieces: tuple[Piece, ...]
    order: Order = CAME
    #: the index no longer tells which row is which (set by the caller where it matters)
    mark: int = field(default=0, compare=False)

    def cut(self, cut: Cut) -> Rows:
        """The rows that pass this cut too."""
        return Rows(tuple(Piece(p.source, p.cuts | {cut}) for p in self.pieces), self.order)

    def ordered(self, order: Order) -> Rows:
        """The same rows in another order."""
        return Rows(self.pieces, order)

    def and_of(self, other: Rows) -> Rows:
        """These rows, chosen by positions or labels that stand for `other`."""
        if not other.pieces or not self.pieces:
            return self
        mine = {p.source.root() for p in self.pieces}
        if mine & {p.source.root() for p in other.pieces}:
            found = [
                Piece(p.source, p.cuts | q.cuts)
                for p in self.pieces
                for q in other.pieces
                if p.source.root() is q.source.root() and not p.apart(q)
            ]
            return Rows(tuple(dict.fromkeys(found)) or self.pieces, other.order)
        cuts = frozenset().union(*(q.cuts for q in other.pieces)) if len(other.pieces) == 1 else None
        if cuts is None:
            return self.cut(Cut(("member", other), "member", (other, True)))
        return Rows(tuple(Piece(p.source, p.cuts | cuts) for p in self.pieces), other.order)

    def plus(self, other: Rows) -> Rows:
        """Both, one below the other."""
        return Rows(tuple(dict.fromkeys((*self.pieces, *other.pieces))), self.order)

    def within(self, other: Rows) -> bool:
        """Surely a subset."""
        return bool(self.pieces) and all(any(p.within(q) for q in other.pieces) for p in self.pieces)

    def equals(self, other: Rows) -> bool:
        """Surely the same rows."""
        return self.within(other) and other.within(self)

    def apart(self, other: Rows) -> bool:
        """Surely no row in common."""
        return all(p.apart(q) for p in self.pieces for q in other.pieces)

    def meets(self, other: Rows) -> bool:
        """Surely (or, for two random draws, all but surely) some row in common."""
        return any(p.shares(q) in ("within", "holds", "shares") for p in self.pieces for q in other.pieces)

    def cuts(self) -> frozenset[Cut]:
        """Every cut that any piece passed."""
        return frozenset().union(*(p.cuts for p in self.pieces)) if self.pieces else frozenset()


def same_sources(a: Rows, b: Rows) -> bool:
    """True when both draw from one source."""
    return bool({p.source.root() for p in a.pieces} & {p.source.root() for p in b.pieces})
