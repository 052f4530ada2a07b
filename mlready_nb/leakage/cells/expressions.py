"""The abstract value of an expression."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlready_nb.leakage.cells.iterate import Names, items
from mlready_nb.leakage.cells.rows import Bound, Cut
from mlready_nb.leakage.cells.values import (
    Const,
    Data,
    Expr,
    Func,
    Length,
    Map,
    Seq,
    Stat,
    Trace,
    Unknown,
    Value,
    fresh,
)

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
            return _unary(m, op, m.eval(operand))
        case ast.BoolOp(values=values):
            return _bools(m, [m.eval(v) for v in values])
        case ast.Compare():
            return _compares(m, node)
        case ast.IfExp():
            return _either(m, node)
        case ast.Lambda():
            return Func(node, m.scope, m.cell)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return _sequence(m, parts)
        case ast.Dict(keys=keys, values=values):
            return _mapping(m, keys, values)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            return _comprehension(m, node)
        case ast.NamedExpr(target=target, value=value):
            result = m.eval(value)
            m.bind(target, result, value)
            return result
        case ast.Starred(value=value) | ast.Await(value=value):
            return m.eval(value)
        case ast.JoinedStr(values=values):
            for part in values:
                if isinstance(part, ast.FormattedValue):
                    m.eval(part.value)
            return Unknown("text")
        case ast.Slice(lower=low, upper=high, step=step):
            for part in (low, high, step):
                m.eval(part)
            return Unknown("slice")
    return Unknown()


def truth(value: Value) -> bool | None:
    """True or False where a constant decides."""
    if isinstance(value, Const) and isinstance(value.value, (bool, int, float, str, type(None))):
        return bool(value.value)
    return None


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
    from mlready_nb.leakage.cells.machine import join

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


def _comprehension(m: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
    from mlready_nb.leakage.cells.machine import Scope

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
    tests = [t for test in part.ifs for t in (test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test])]
    for test in tests:
        gone: list[Value] = []
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.left, ast.Name) and test.left.id == part.target.id:
            right = m.eval(test.comparators[0])
            if isinstance(test.ops[0], ast.NotEq):
                gone = [right]
            elif isinstance(test.ops[0], ast.NotIn) and isinstance(right, Seq) and not right.open:
                gone = right.items
        known = [g.value for g in gone if isinstance(g, Const) and isinstance(g.value, str)]
        over = over.less(known, exact=bool(gone) and len(known) == len(gone))
    return over


# -- operators ---------------------------------------------------------------
def binary(m: Machine, left: Value, right: Value, op: ast.operator) -> Value:
    """`left op right`."""
    if isinstance(left, Expr) or isinstance(right, Expr):
        return Expr(
            lambda frame: binary(m, _built(left, frame), _built(right, frame), op),
            left.name if isinstance(left, Expr) else None,
        )
    if isinstance(op, (ast.BitAnd, ast.BitOr)) and _is_mask(left) and _is_mask(right):
        return _joined_masks(left, right, isinstance(op, ast.BitAnd))
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


def both(left: Value, right: Value) -> Stat:
    """Two statistics (or one and something else) put together."""
    parts = [v for v in (left, right) if isinstance(v, Stat)]
    return Stat(
        frozenset().union(*(v.traces for v in parts)),
        events=tuple(e for v in parts for e in v.events),
        names=parts[0].names,
        of=frozenset().union(*(v.of for v in parts)),
    )


def _built(value: Value, frame: Data) -> Value:
    return value.build(frame) if isinstance(value, Expr) else value


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
        out = a.traced(used(b.traces, "preprocessing"))
        return out
    if isinstance(b, Unknown) and b.is_data:
        return mixed(m, a, b.data())
    return a.each(lambda c: c, mask=None, nulls=False)


def mixed(m: Machine, a: Data, b: Data) -> Data:
    """Row by row from both."""
    align(a, b)
    other = b.whole()
    if a.form == "frame" and b.form == "frame" and set(a.cols) == set(b.cols):
        out = a.clone(mask=None)
        out.cols = {k: c.plus(b.cols[k]) for k, c in a.cols.items()}
        out.rest = a.rest.plus(b.rest) if a.rest and b.rest else a.rest
    else:
        out = a.each(lambda c: c.plus(other), mask=None)
    out.nulls = False
    out.sure = a.sure and b.sure
    if a.form == "index" or b.form == "index":
        out.form = "series"
    if (a.pred is None) != (b.pred is None):
        predicted, labels = (a, b) if a.pred is not None else (b, a)
        out.pred, out.seen = predicted.pred, predicted.seen
        out.rows = predicted.rows
        out.versus = predicted.versus or labels.form != "frame" or len(labels.cols) <= 1
    elif a.pred is not None and b.pred is not None:
        out.versus = a.versus or b.versus
    return out


def align(a: Data, b: Data) -> None:
    """Put two sources together when rows of one meet rows of the other row by row."""
    if len(a.rows.pieces) == len(b.rows.pieces) == 1:
        p, q = a.rows.pieces[0], b.rows.pieces[0]
        if p.source.root() is not q.source.root() and p.cuts == q.cuts:
            p.source.align(q.source) if not p.source.generated or q.source.generated else q.source.align(p.source)


def used(traces: frozenset[Trace], kind: str) -> frozenset[Trace]:
    """Statistics that are put to use: from now on they have a kind."""
    return frozenset(replace(t, kind=kind) if t.kind == "statistic" else t for t in traces)


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


def _unary(m: Machine, op: ast.unaryop, value: Value) -> Value:
    if isinstance(value, Expr):
        return Expr(lambda frame: _unary(m, op, value.build(frame)), value.name)
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


def _bools(m: Machine, values: list[Value]) -> Value:
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


# -- comparisons -------------------------------------------------------------
def _compares(m: Machine, node: ast.Compare) -> Value:
    left = m.eval(node.left)
    result: Value = None
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = m.eval(right_node)
        part = compare(m, left, right, op, m.text(node, 400))
        result = part if result is None else _joined(m, result, part)
        left = right
    return result


def _joined(m: Machine, a: Value, b: Value) -> Value:
    if _is_mask(a) and _is_mask(b):
        return _joined_masks(a, b, True)
    return both(a, b) if isinstance(a, Stat) or isinstance(b, Stat) else b


def compare(m: Machine, left: Value, right: Value, op: ast.cmpop, text: str) -> Value:
    """`left op right`."""
    if isinstance(left, Expr) or isinstance(right, Expr):
        return Expr(lambda frame: compare(m, _built(left, frame), _built(right, frame), op, text))
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
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(left, Const) and isinstance(right, Seq) and not right.open:
        if all(isinstance(i, Const) for i in right.items):
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


def _is_mask(value: Value) -> bool:
    return isinstance(value, Data) and value.mask is not None


def _joined_masks(a: Data, b: Data, both_: bool) -> Data:
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
