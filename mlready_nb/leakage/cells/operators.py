"""`+`, `-`, `*`, `&`, `~`, `and`."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.masks import as_condition, is_mask, joined_masks
from mlready_nb.leakage.cells.mixing import both, built, mixed, truth, used
from mlready_nb.leakage.cells.rows import Bound
from mlready_nb.leakage.cells.values import Const, Data, Length, Seq, Stat, Unknown, Value
from mlready_nb.leakage.cells.waiting import Expr
from mlready_nb.leakage.cells.weights import product

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


_OPS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}


# -- operators ---------------------------------------------------------------
def binary(m: Machine, left: Value, right: Value, op: ast.operator) -> Value:
    """`left op right`."""
    if isinstance(left, Expr) or isinstance(right, Expr):
        return Expr(
            lambda frame: binary(m, built(left, frame), built(right, frame), op),
            left.name if isinstance(left, Expr) else None,
        )
    if isinstance(op, ast.MatMult) and (out := product(m, left, right)) is not None:
        return out
    if isinstance(op, (ast.BitAnd, ast.BitOr)) and is_mask(left) and is_mask(right):
        return joined_masks(left, right, isinstance(op, ast.BitAnd))
    if isinstance(left, Data) or isinstance(right, Data):
        return _with_data(m, left, right, op)
    if isinstance(left, Stat) or isinstance(right, Stat):
        return both(left, right)
    if isinstance(left, Const) and isinstance(right, Const) and type(op) in _OPS:
        small = all(isinstance(v.value, (int, float, str)) and len(str(v.value)) < 200 for v in (left, right))
        if small and not (isinstance(op, ast.Mult) and (isinstance(left.value, str) or isinstance(right.value, str))):
            try:
                return Const(_OPS[type(op)](left.value, right.value))
            except Exception:
                return Unknown()
    if isinstance(left, Length) or isinstance(right, Length):
        return _length(left, right, op)
    if isinstance(left, Seq) and isinstance(right, Seq) and isinstance(op, ast.Add):
        return Seq([*left.items, *right.items], open=left.open or right.open, traces=left.traces | right.traces)
    if isinstance(left, Seq) and isinstance(right, Const) and isinstance(op, ast.Mult):
        times = right.value if isinstance(right.value, int) else 1
        return Seq(list(left.items) * max(1, min(times, 3)), open=True)
    if isinstance(left, Const) and isinstance(right, Seq) and isinstance(op, ast.Mult):
        return binary(m, right, left, op)
    if isinstance(left, Names) and isinstance(op, ast.Sub) and isinstance(right, Seq):
        return left.less([i.value for i in right.items if isinstance(i, Const)], exact=not right.open)
    for side in (left, right):
        if isinstance(side, Names):
            return side.less((), exact=False)
    return Unknown()


def _with_data(m: Machine, left: Value, right: Value, op: ast.operator) -> Value:
    a, b = (left, right) if isinstance(left, Data) else (right, left)
    if isinstance(b, Data):
        if a.form == "series" and b.form == "frame" and a.pred is None:
            a, b = b, a
        return mixed(m, a, b)
    if isinstance(b, Stat):
        if isinstance(op, ast.Sub) and a is left and b.traces and all(t.op in ("min", "first") for t in b.traces):
            return a.clone()
        if b.events and a.pred is None:
            return a.clone()
        return a.traced(used(b.traces, "preprocessing"))
    if isinstance(b, Unknown) and b.is_data:
        return mixed(m, a, b.data())
    return a.each(lambda c: c, mask=None, nulls=False)


def _length(left: Value, right: Value, op: ast.operator) -> Value:
    """Arithmetic on numbers of rows."""

    def bound(value: Value) -> Bound | None:
        if isinstance(value, Length):
            return value.bound  # type: ignore[no-any-return]
        if isinstance(value, Const) and isinstance(value.value, (int, float)):
            return Bound(0.0, float(value.value))
        return None

    a, b = bound(left), bound(right)
    rows = left.rows if isinstance(left, Length) else right.rows if isinstance(right, Length) else None
    if a is None or b is None or a.unknown or b.unknown:
        return Unknown()
    if isinstance(op, ast.Add):
        return Length(Bound(a.of_length + b.of_length, a.plus + b.plus), rows)
    if isinstance(op, ast.Sub):
        return Length(Bound(round(a.of_length - b.of_length, 9), round(a.plus - b.plus, 9)), rows)
    if isinstance(op, ast.Mult) and (a.of_length == 0 or b.of_length == 0):
        base, by = (a, b.plus) if b.of_length == 0 else (b, a.plus)
        return Length(Bound(base.of_length * by, base.plus * by), rows)
    if isinstance(op, (ast.Div, ast.FloorDiv)) and b.of_length == 0 and b.plus:
        return Length(Bound(a.of_length / b.plus, a.plus / b.plus), rows)
    return Unknown()


def unary(m: Machine, op: ast.unaryop, value: Value) -> Value:
    """`-a`, `~a`, `not a`."""
    if isinstance(value, Expr):
        return Expr(lambda frame: unary(m, op, value.build(frame)), value.name)
    if isinstance(value, Const):
        try:
            if isinstance(op, ast.USub):
                return Const(-value.value)
            if isinstance(op, ast.Not):
                return Const(not value.value)
        except TypeError:
            return Unknown()
        return value
    if isinstance(value, Data):
        if isinstance(op, ast.Invert):
            value = as_condition(value)
            return value.clone(mask=(value.mask[1], value.mask[0]) if value.mask else None)
        return value.clone(mask=None)
    if isinstance(value, Length) and isinstance(op, ast.USub):
        return Length(Bound(-value.bound.of_length, -value.bound.plus, value.bound.unknown), value.rows)
    if isinstance(value, (Stat, Length)):
        return value
    if isinstance(value, Names) and isinstance(op, ast.Invert):
        return Names(value.of, (*value.without, *(value.asked or ())), exact=value.exact and value.asked is not None)
    if isinstance(value, Unknown) and isinstance(op, ast.USub):
        return value.parts.setdefault("-", Unknown())
    return Unknown()


def bools(m: Machine, values: list[Value]) -> Value:
    """`a and b`, `a or b`."""
    stats = [v for v in values if isinstance(v, Stat)]
    if stats:
        out = stats[0]
        for other in stats[1:]:
            out = both(out, other)
        return out
    for value in values:
        if isinstance(value, (Data, Names)):
            return value
    known = [truth(v) for v in values]
    if all(k is not None for k in known):
        return values[-1] if all(known) else Const(False)
    return Unknown()
