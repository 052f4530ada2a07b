"""Comprehensions: each turn is evaluated, and what a condition on a statistic leaves out is remembered."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.iterate import Names, items
from mlready_nb.leakage.cells.mixing import truth
from mlready_nb.leakage.cells.values import Const, Data, Map, Seq, Stat, Trace, Value

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def comprehension(m: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
    """The list, set or dict that comes out, as far as its turns are known."""
    from mlready_nb.leakage.cells.state import Scope

    kept = m.scope
    m.scope = Scope({}, kept)
    found: list[Value] = []
    keyed = Map({})
    traces: frozenset[Trace] = frozenset()
    whole = True
    m.loops.append(id(node))

    def run(level: int) -> None:
        nonlocal traces, whole
        if level == len(node.generators):
            if isinstance(node, ast.DictComp):
                key, value = m.eval(node.key), m.eval(node.value)
                if isinstance(key, Const) and key.value.__hash__ is not None:
                    keyed.items[key.value] = value
                else:
                    keyed.rest = value
                found.append(value)
            else:
                found.append(m.eval(node.elt))
            return
        part = node.generators[level]
        over = m.eval(part.iter)
        if isinstance(over, Stat):
            traces |= over.traces
        whole = whole and isinstance(over, (Seq, Map)) and not (isinstance(over, Seq) and over.open)
        for item in items(m, over, part):
            m.bind(part.target, item, part.iter)
            tests = [m.eval(test) for test in part.ifs]
            for test in tests:
                if isinstance(test, Stat):
                    traces |= test.traces
                if truth(test) is None:
                    whole = False
            if not any(truth(test) is False for test in tests):
                run(level + 1)

    try:
        run(0)
    finally:
        m.scope = kept
        m.loops.pop()
    events = tuple(e for v in found if isinstance(v, Stat) for e in v.events)
    if isinstance(node, ast.DictComp):
        if (
            keyed.rest is not None
            and not isinstance(keyed.rest, (Data, Stat))
            and any(isinstance(v, Stat) for v in found)
        ):
            keyed.rest = next(v for v in found if isinstance(v, Stat))
        return keyed if not traces else Stat(traces, events=events, kept=keyed)
    names = _names_left(m, node)
    if names is not None and not traces:
        return names
    if any(isinstance(v, Names) for v in found) and not whole:
        return Stat(traces) if traces else next(v for v in found if isinstance(v, Names))
    if events or traces:
        more = frozenset().union(*(v.traces for v in found if isinstance(v, Stat))) if found else frozenset()
        return Stat(traces | more, events=events, kept=Seq(found, open=not whole))
    return Seq(found, open=not whole)


def _names_left(m: Machine, node: ast.expr) -> Names | None:
    """`[c for c in df.columns if c not in ("id", "y")]`: which columns are surely left out, and whether only they are."""
    if not isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)) or len(node.generators) != 1:
        return None
    part = node.generators[0]
    if not (isinstance(node.elt, ast.Name) and isinstance(part.target, ast.Name) and node.elt.id == part.target.id):
        return None
    over = m.eval(part.iter)
    if isinstance(over, Data) and over.form == "frame":
        over = Names(over, exact=True)
    if not isinstance(over, Names):
        return None
    tests = [
        t
        for test in part.ifs
        for t in (test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test])
    ]
    for test in tests:
        gone: list[Value] = []
        if (
            isinstance(test, ast.Compare)
            and len(test.ops) == 1
            and isinstance(test.left, ast.Name)
            and test.left.id == part.target.id
        ):
            right = m.eval(test.comparators[0])
            if isinstance(test.ops[0], ast.NotEq):
                gone = [right]
            elif isinstance(test.ops[0], ast.NotIn) and isinstance(right, Seq) and not right.open:
                gone = right.items
        known = [g.value for g in gone if isinstance(g, Const) and isinstance(g.value, str)]
        over = over.less(known, exact=bool(gone) and len(known) == len(gone))
    return over
