"""The abstract value of an expression."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.iterate import items
from mlready_nb.leakage.cells.masks import compares
from mlready_nb.leakage.cells.mixing import truth
from mlready_nb.leakage.cells.operators import binary, bools, unary
from mlready_nb.leakage.cells.values import Const, Data, Func, Map, Seq, Stat, Unknown, Value

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def evaluate(m: Machine, node: ast.expr) -> Value:
    """The abstract value; parts are evaluated in Python's order."""
    match node:
        case ast.Constant(value=value):
            return Const(value)
        case ast.Name(id=name):
            return m.look_up(name)
        case ast.Attribute(value=owner, attr=attr):
            from mlready_nb.leakage.cells.attributes import attribute

            return attribute(m, m.eval(owner), attr, node)
        case ast.Subscript():
            from mlready_nb.leakage.cells.subscripts import subscript

            return subscript(m, node)
        case ast.Call():
            from mlready_nb.leakage.cells.calls import call

            return call(m, node)
        case ast.BinOp(left=left, op=op, right=right):
            return binary(m, m.eval(left), m.eval(right), op)
        case ast.UnaryOp(op=op, operand=operand):
            return unary(m, op, m.eval(operand))
        case ast.BoolOp(values=values):
            return bools(m, [m.eval(v) for v in values])
        case ast.Compare():
            return compares(m, node)
        case ast.IfExp():
            return _either(m, node)
        case ast.Lambda():
            return Func(node, m.scope, m.cell)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return _sequence(m, parts)
        case ast.Dict(keys=keys, values=values):
            return _mapping(m, keys, values)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            from mlready_nb.leakage.cells.comprehend import comprehension

            return comprehension(m, node)
        case ast.NamedExpr(target=target, value=value):
            result = m.eval(value)
            m.bind(target, result, value)
            return result
        case ast.Starred(value=value) | ast.Await(value=value):
            return m.eval(value)
        case ast.JoinedStr(values=values):
            return _text(m, values)
        case ast.Slice(lower=low, upper=high, step=step):
            for end in (low, high, step):
                m.eval(end)
            return Unknown("slice")
    return Unknown()


def _sequence(m: Machine, parts: list[ast.expr]) -> Seq:
    out, open_ = [], False
    for part in parts:
        if isinstance(part, ast.Starred):
            inner = m.eval(part.value)
            if isinstance(inner, Seq):
                out += inner.items
                open_ |= inner.open
            else:
                out += items(m, inner)[:1]
                open_ = True
        else:
            out.append(m.eval(part))
    return Seq(out, open=open_)


def _mapping(m: Machine, keys: list[ast.expr | None], values: list[ast.expr]) -> Map:
    out = Map({})
    for key, value in zip(keys, values, strict=True):
        held = m.eval(value)
        if key is None:
            if isinstance(held, Map):
                out.items |= held.items
                out.rest = held.rest if held.rest is not None else out.rest
            else:
                out.rest = held
            continue
        name = m.eval(key)
        if isinstance(name, Const) and name.value.__hash__ is not None:
            out.items[name.value] = held
        else:
            out.rest = held
    return out


def _either(m: Machine, node: ast.IfExp) -> Value:
    from mlready_nb.leakage.cells.state import join

    test = m.eval(node.test)
    known = truth(test)
    if known is not None:
        return m.eval(node.body if known else node.orelse)
    if isinstance(test, Stat) and len({e.number for e in test.events}) > 1:
        m.choose(test.events, m.text(node))
    with m.doubtful():
        result = join(m.eval(node.body), m.eval(node.orelse))
    if isinstance(test, Stat) and test.traces and not isinstance(result, Data):
        return Stat(test.traces | (result.traces if isinstance(result, Stat) else frozenset()), events=test.events)
    return result


def _text(m: Machine, values: list[ast.expr]) -> Value:
    """An f-string; a literal when all of its parts are."""
    parts: list[str] | None = []
    for part in values:
        value = m.eval(part.value if isinstance(part, ast.FormattedValue) else part)
        plain = isinstance(value, Const) and not (isinstance(part, ast.FormattedValue) and part.format_spec)
        if plain and parts is not None and isinstance(value, Const):
            parts.append(str(value.value))
        else:
            parts = None
    return Const("".join(parts)) if parts is not None else Unknown("text")
