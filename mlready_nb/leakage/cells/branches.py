"""Statements whose body may run, or runs again: `if`, `for`, `while`, `except`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.state import Returned, join
from mlready_nb.leakage.cells.values import Stat

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def maybe(m: Machine, body: Sequence[ast.stmt]) -> bool:
    """Run a body that may not run; True when it ends in `return`."""
    before = dict(m.scope.names)
    ended = False
    try:
        m.block(body)
    except Returned:
        ended = True
    if not ended and body and isinstance(body[-1], (ast.Return, ast.Raise)):
        ended = True
    after = m.scope.names
    if ended:
        m.scope.names = before
        return True
    for name, value in list(after.items()):
        if name in before and before[name] is not value:
            after[name] = join(before[name], value)
    return False


def run_if(m: Machine, node: ast.If) -> None:
    """Both ways, unless a constant decides; scores in the test choose."""
    from mlready_nb.leakage.cells.mixing import truth

    test = m.eval(node.test)
    known = truth(test)
    if known is not None:
        m.block(node.body if known else node.orelse)
        return
    traces = test.traces if isinstance(test, Stat) else frozenset()
    if isinstance(test, Stat) and test.events and _assigns(node):
        m.choose(test.events, ast.unparse(node.test))
    with m.under(traces):
        before = dict(m.scope.names)
        with m.doubtful():
            first = _part(m, node.body)
            after = m.scope.names
            m.scope.names = dict(before)
            second = _part(m, node.orelse)
        if first and not second:
            return
        if second and not first:
            m.scope.names = after
            return
        merged = m.scope.names
        for name, value in after.items():
            if name not in merged:
                merged[name] = value
            elif merged[name] is not value:
                merged[name] = join(merged[name], value)


def _part(m: Machine, body: Sequence[ast.stmt]) -> bool:
    m.block(body)
    return bool(body) and isinstance(body[-1], (ast.Return, ast.Raise, ast.Continue))


def run_for(m: Machine, node: ast.For | ast.AsyncFor) -> None:
    """Each entry of a short list, two turns of anything else."""
    from mlready_nb.leakage.cells.iterate import items

    over = m.eval(node.iter)
    found = items(m, over, node.iter)
    m.loops.append(id(node))
    for item in found:
        if m.tired:
            break
        m.bind(node.target, item, node.iter)
        m.block(node.body)
    m.loops.pop()
    m.block(node.orelse)


def run_while(m: Machine, node: ast.While) -> None:
    """Two turns; scores in the test choose."""
    m.loops.append(id(node))
    for _ in range(2):
        test = m.eval(node.test)
        if isinstance(test, Stat) and test.events and _assigns(node):
            m.choose(test.events, ast.unparse(node.test))
        m.block(node.body)
    test = m.eval(node.test)
    if isinstance(test, Stat) and test.events:
        m.choose(test.events, m.text(node.test))
    m.loops.pop()


def _assigns(node: ast.If | ast.While) -> bool:
    """True when something is kept (or the loop ends) by the test."""
    return any(
        isinstance(inner, (ast.Assign, ast.AugAssign, ast.Break))
        for part in (*node.body, *node.orelse)
        for inner in ast.walk(part)
    )
