"""Going through values: the entries of a loop, the parts of an unpacking."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.rows import Cut
from mlready_nb.leakage.cells.tables import SPLITTERS
from mlready_nb.leakage.cells.values import Const, Data, Est, Map, Seq, Stat, Unknown, Value, fresh
from mlready_nb.leakage.cells.waiting import Boxed, Groups

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

#: Entries of a list that are gone through one by one.
_MOST = 12


class Names(Unknown):
    """Names of columns of a frame: all of them but these when `exact`, else unknown which."""

    __slots__ = ("asked", "exact", "of", "without")

    def __init__(self, of: Data | None = None, without: Iterable[str] = (), *, exact: bool = False) -> None:
        super().__init__("columns")
        self.of, self.without, self.exact = of, frozenset(without), exact and of is not None
        #: these were asked for by `isin`: turned round, they are left out
        self.asked: tuple[str, ...] | None = None

    def less(self, names: Iterable[str], *, exact: bool = True) -> Names:
        """Without these (and, when not exact, without some others)."""
        return Names(self.of, self.without | frozenset(names), exact=self.exact and exact)

    def of_data(self, data: Data) -> Data:
        """These columns of some data."""
        gone = self.without | (self.of.gone if self.of is not None else frozenset())
        if not self.exact or self.of is None or self.of.partial or self.of.base != data.base:
            out = data.blurred(form="frame")
        else:
            out = data.clone(form="frame")
            if self.of.rest is None:
                known = set(self.of.cols) - self.without
                out.cols, out.rest = {k: data.column(k) for k in known}, None
                return out
        out.cols = {k: c for k, c in out.cols.items() if k not in gone}
        out.gone = out.gone | gone
        return out


def items(m: Machine, value: Value, node: ast.AST | None = None) -> list[Value]:
    """The values a loop variable takes: all of a short list, two of anything else."""
    if isinstance(value, Seq):
        if not value.items:
            return [Unknown(), Unknown()] if value.open else []
        plain = isinstance(node, ast.comprehension) and all(isinstance(i, Const) for i in value.items)
        found = value.items[: 60 if plain else _MOST if len(m.loops) < 2 else 3]
        return found * 2 if value.open and len(found) == 1 else found
    if isinstance(value, Map):
        return [Const(k) for k in list(value.items)[:_MOST]] or [Unknown(), Unknown()]
    if isinstance(value, Groups) and value.form == "group":
        # every group in turn: all of the rows, whose statistics are those of groups
        group = (value.chosen or value.data).clone(sure=False, grouped=True)
        return [Seq([Unknown("group"), group])] * 2
    if isinstance(value, Boxed):
        return [Seq([value.X, value.y])] * 2
    if isinstance(value, Names):
        return [value, value]
    if isinstance(value, Est) and value.cls in SPLITTERS:
        from mlready_nb.leakage.cells.args import Args
        from mlready_nb.leakage.cells.models import folds

        given = next((v for v in value.given or () if isinstance(v, Data)), None)
        found = folds(m, value, Args([given if given is not None else Data(m.source("positions"), form="index")]))
        return found.items if isinstance(found, Seq) else []
    if isinstance(value, Stat):
        return [Stat(value.traces, events=value.events)] * 2
    if isinstance(value, Data):
        if value.form in ("index", "mask"):
            return [Unknown(), Unknown()]
        if value.form == "series":
            return [Unknown(), Unknown()]
        return [Names(value)] * 2  # the names of its columns, one by one
    if isinstance(value, Const) and isinstance(value.value, (str, tuple)):
        return [Const(v) for v in value.value[:2]]
    if isinstance(value, Unknown):
        return [value.parts.setdefault(("item", i), Unknown()) for i in range(2)]
    return [Unknown(), Unknown()]


def unpack(m: Machine, value: Value, targets: Sequence[ast.expr]) -> list[Value]:
    """One value for each target of an unpacking."""
    count = len(targets)
    star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
    if isinstance(value, Seq):
        if star is not None:
            after = count - star - 1
            middle = value.items[star : len(value.items) - after]
            return [*value.items[:star], Seq(list(middle)), *value.items[len(value.items) - after :]]
        if len(value.items) >= count:
            return value.items[:count]
        return [*value.items, *(Unknown() for _ in range(count - len(value.items)))]
    if isinstance(value, Stat):
        return [Stat(value.traces, events=value.events, learnt=value.learnt if i == 0 else None) for i in range(count)]
    if isinstance(value, Map):
        keys = [Const(k) for k in value.items]
        return [*keys, *(Unknown() for _ in range(count - len(keys)))][:count]
    if isinstance(value, Data):
        number = fresh()
        return [
            value.clone(rows=value.rows.cut(Cut(("unpacked", number, i), "mask", True)), sure=False)
            for i in range(count)
        ]
    if isinstance(value, Unknown):
        return [value.parts.setdefault(("part", i), Unknown()) for i in range(count)]
    return [Unknown() for _ in range(count)]
