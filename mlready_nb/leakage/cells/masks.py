"""Comparisons and conditions on rows."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.mixing import both, built, mixed, used
from mlready_nb.leakage.cells.rows import Cut
from mlready_nb.leakage.cells.values import Const, Data, Length, Seq, Stat, Unknown, Value, fresh
from mlready_nb.leakage.cells.waiting import Expr

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


_COMPARE: dict[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


_NOT = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "==", "in": "not in", "not in": "in"}


_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def compare(m: Machine, left: Value, right: Value, op: ast.cmpop, text: str) -> Value:
    """`left op right`."""
    if isinstance(left, Expr) or isinstance(right, Expr):
        return Expr(lambda frame: compare(m, built(left, frame), built(right, frame), op, text))
    sign = _COMPARE.get(type(op))
    if isinstance(left, Unknown) and left.is_data:
        left = left.data()
    if isinstance(left, Data) and isinstance(right, Data) and sign:
        out = mixed(m, left, right).clone(form="mask")
        both_deps = (left.whole().deps, sign, right.whole().deps)
        out.mask = opaque_mask(both_deps)
        return out
    if sign and isinstance(right, Data) and not isinstance(left, Data):
        left, right, sign = right, left, _TURNED.get(sign, sign)
    if isinstance(left, Data) and sign:
        return mask_of(left, sign, right)
    if isinstance(op, (ast.Is, ast.IsNot)) and not isinstance(left, Const):
        return Unknown()
    if isinstance(left, Stat) or isinstance(right, Stat):
        return both(left, right)
    if isinstance(left, Names):
        known = [right.value] if isinstance(right, Const) and isinstance(right.value, str) else []
        if known and isinstance(op, ast.Eq) and left.exact:
            return Seq([right])
        return left.less(known if isinstance(op, ast.NotEq) else (), exact=bool(known) and isinstance(op, ast.NotEq))
    if isinstance(left, Const) and isinstance(right, Const):
        try:
            match op:
                case ast.Eq() | ast.Is():
                    return Const(left.value == right.value)
                case ast.NotEq() | ast.IsNot():
                    return Const(left.value != right.value)
                case ast.Lt():
                    return Const(left.value < right.value)
                case ast.Gt():
                    return Const(left.value > right.value)
                case ast.LtE():
                    return Const(left.value <= right.value)
                case ast.GtE():
                    return Const(left.value >= right.value)
        except TypeError:
            return Unknown()
    listed = isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, Seq) and not right.open
    if listed and isinstance(left, Const) and all(isinstance(i, Const) for i in right.items):
        inside = any(i.value == left.value for i in right.items)
        return Const(inside == isinstance(op, ast.In))
    return Unknown()


def key_of(value: Value) -> Any:
    """What a condition compares with, so that the same thing compares equal."""
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Seq) and all(isinstance(i, Const) for i in value.items) and not value.open:
        try:
            return tuple(sorted({i.value for i in value.items}, key=repr))
        except TypeError:
            return ("?", id(value))
    if isinstance(value, Length):
        return value.bound
    if isinstance(value, Unknown):
        return ("?", value.number)
    return ("?", id(value))


def mask_of(data: Data, sign: str, right: Value) -> Data:
    """A condition on each row."""
    whole = data.whole()
    random = bool(data.rows.pieces) and data.rows.pieces[0].source.generated and whole.noisy
    key = key_of(right)
    what = whole.deps if whole.deps or data.form == "index" else frozenset({(f"@values#{fresh()}", 0)})
    event = ("condition", what, whole.site.stack if whole.site else None, data.nulls)
    yes, no = Cut(event, "range", (sign, key), random), Cut(event, "range", (_NOT[sign], key), random)
    traces = used(right.traces, "preprocessing") if isinstance(right, Stat) else frozenset()
    out = data.traced(traces)
    out = out.clone(form="mask", mask=((yes,), (no,)))
    if out.pred is not None and isinstance(right, Unknown):
        out.partial = True
    return out


def opaque_mask(key: Any) -> tuple[tuple[Cut, ...], tuple[Cut, ...]]:
    """A condition that is not understood, but is the same when it is written again."""
    return (Cut(("opaque", key), "mask", True),), (Cut(("opaque", key), "mask", False),)


def as_condition(data: Data) -> Data:
    """A column of truth values, taken as a condition: the same each time it is used."""
    whole = data.whole()
    if data.mask is not None or data.form != "series" or not whole.deps or data.pred is not None:
        return data
    site = whole.site.stack if whole.site else None
    return data.clone(mask=opaque_mask(("truth", whole.deps, site)))


def is_mask(value: Value) -> bool:
    """True for a condition on rows that is understood."""
    return isinstance(value, Data) and value.mask is not None


def joined_masks(a: Data, b: Data, both_: bool) -> Data:
    """`a & b`, `a | b`."""
    out = a.clone()
    first, second = (a.mask, b.mask) if both_ else ((a.mask or ((), ()))[::-1], (b.mask or ((), ()))[::-1])
    assert first is not None
    assert second is not None
    yes = (*first[0], *second[0])
    event = ("all", frozenset(yes))
    pair = ((*yes, Cut(event, "mask", True)), (Cut(event, "mask", False),))
    out.mask = pair if both_ else (pair[1], pair[0])
    other = b.whole()
    return out.each(lambda c: c.plus(other))


# -- comparisons -------------------------------------------------------------
def compares(m: Machine, node: ast.Compare) -> Value:
    """`a < b <= c`, `a in b`."""
    left = m.eval(node.left)
    result: Value = None
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = m.eval(right_node)
        part = compare(m, left, right, op, m.text(node, 400))
        result = part if result is None else _joined(m, result, part)
        left = right
    return result


def _joined(m: Machine, a: Value, b: Value) -> Value:
    if is_mask(a) and is_mask(b):
        return joined_masks(a, b, True)
    return both(a, b) if isinstance(a, Stat) or isinstance(b, Stat) else b
