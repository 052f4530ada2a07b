"""Python's built-ins, and what copies."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args, as_data, events_in, stats_in
from mlready_nb.leakage.cells.iterate import Names, items
from mlready_nb.leakage.cells.registry import function
from mlready_nb.leakage.cells.rows import END
from mlready_nb.leakage.cells.values import (
    Class,
    Const,
    Data,
    Est,
    Func,
    Length,
    Lib,
    Map,
    Obj,
    Seq,
    Slice,
    Stat,
    Unknown,
    Value,
    fresh,
)

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


# -- built-ins ---------------------------------------------------------------
@function("slice")
def _slice(m: Machine, lib: Lib, args: Args) -> Value:
    if len(args.pos) == 1:
        return Slice(Const(None), args.pos[0])
    return Slice(args.pos[0], args.pos[1]) if len(args.pos) == 2 else Unknown()


@function("len")
def _len(m: Machine, lib: Lib, args: Args) -> Value:
    value = args.get(0)
    if isinstance(value, Unknown) and not isinstance(value, Names) and value.is_data:
        value = value.data()
    if isinstance(value, Data):
        return Length(END, value.rows)
    if isinstance(value, Seq) and not value.open:
        return Const(len(value.items))
    if isinstance(value, Unknown) and not isinstance(value, Names):
        return Length(END, value.data(m.site).rows)
    if isinstance(value, Seq):
        data = as_data(m, value)
        return Length(END, data.rows) if data is not None else Unknown()
    return Unknown()


@function("int", "round", "float", "floor", "ceil", "abs", "str", "bool", "trunc")
def _number(m: Machine, lib: Lib, args: Args) -> Value:
    value = args.get(0)
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        if lib.last == "int":
            return Const(int(value.value))
        return value
    if isinstance(value, (Length, Stat, Data)):
        return value
    return Unknown()


@function("max", "min", "sorted")
def _extreme(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.containers import extreme

    first = args.get(0)
    if lib.path.startswith(("numpy", "np")) and isinstance(first, Data):
        from mlready_nb.leakage.cells.methods import on_data

        return on_data(m, first, lib.last, args.but_first())
    return extreme(m, lib.last, args)


@function("argmax", "argmin", "nanargmax", "nanargmin", "argsort")
def _arg(m: Machine, lib: Lib, args: Args) -> Value:
    first = args.get(0)
    events = events_in(first)
    if events:
        if lib.last != "argsort":
            m.choose(events, lib.last, "best")
        return Stat(stats_in(first), events=events, ranked=lib.last == "argsort")
    if isinstance(first, Data):
        if args.const(1, "axis") in (1, -1) or first.pred is not None:
            return first.clone()
        from mlready_nb.leakage.cells.methods import statistic

        if lib.last == "argsort":  # of rows; what orders columns by a statistic of them is no data
            from mlready_nb.leakage.cells.methods_rows import sorted_positions

            return sorted_positions(first)
        return statistic(m, first, lib.last, args.but_first())
    return Stat(stats_in(first)) if stats_in(first) else Unknown()


@function("sum")
def _sum(m: Machine, lib: Lib, args: Args) -> Value:
    first = args.get(0)
    if isinstance(first, Data):
        from mlready_nb.leakage.cells.methods import on_data

        return on_data(m, first, "sum", args.but_first())
    if events_in(first) or stats_in(first):
        return Stat(stats_in(first), events=events_in(first))
    return Unknown()


@function(
    "list", "tuple", "set", "reversed", "tqdm", "iter", "trange", "frozenset", "tqdm_notebook", "track", "progress_bar"
)
def _listed(m: Machine, lib: Lib, args: Args) -> Value:
    value = args.get(0)
    if value is None:
        return Seq([])
    if isinstance(value, Map):
        return Seq([Const(k) for k in value.items], open=value.rest is not None)
    if isinstance(value, Seq):
        return Seq(list(value.items), open=value.open, traces=value.traces, ranked=value.ranked)
    if isinstance(value, Names):
        return Names(value.of, value.without, exact=value.exact)
    if isinstance(value, Data) and value.form == "frame" and lib.last == "list":
        return Names(value.clone(), exact=True)
    if isinstance(value, Data) and value.form in ("series", "mask") and lib.last == "set":
        return Names(value)
    if lib.last == "trange":
        return Seq([Unknown(), Unknown()], open=True)
    return value


@function("dict", "defaultdict", "OrderedDict", "Counter")
def _dict(m: Machine, lib: Lib, args: Args) -> Value:
    if lib.last == "Counter":
        return Stat()
    first = args.get(0)
    out = Map(dict(args.kw)) if not isinstance(first, Map) else Map(first.items | args.kw, first.rest)
    if isinstance(first, Seq):
        for pair in first.items:
            if isinstance(pair, Seq) and len(pair.items) == 2:
                key, value = pair.items
                if isinstance(key, Const):
                    out.items[key.value] = value
                else:
                    out.rest = value
    if isinstance(first, Stat):
        return first
    if isinstance(first, (Lib, Func, Class)) and lib.last == "defaultdict":
        out.rest = Seq([], open=True) if isinstance(first, Lib) and first.last == "list" else Unknown()
    return out


@function("zip", "product", "zip_longest")
def _zip(m: Machine, lib: Lib, args: Args) -> Value:
    columns = [
        items(m, v)
        if isinstance(v, (Seq, Map, Stat, Names))
        else [v if isinstance(v, Data) and v.form != "frame" and v.pred else Unknown()] * 2
        for v in args.pos
    ]
    if any(isinstance(v, Stat) for v in args.pos):
        stats = [v for v in args.pos if isinstance(v, Stat)]
        return Seq(
            [Seq([v if isinstance(v, Stat) else Unknown() for v in args.pos])],
            open=True,
            traces=frozenset().union(*(s.traces for s in stats)),
        )
    rows = list(zip(*columns, strict=False))
    open_ = any(not isinstance(v, (Seq, Map)) or (isinstance(v, Seq) and v.open) for v in args.pos)
    return Seq([Seq(list(r)) for r in rows], open=open_)


@function("enumerate")
def _enumerate(m: Machine, lib: Lib, args: Args) -> Value:
    over = args.get(0)
    return Seq([Seq([Const(i), v]) for i, v in enumerate(items(m, over))], open=not isinstance(over, Seq) or over.open)


@function("map", "filter", "starmap", "Parallel")
def _mapped(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.calls import apply

    func, over = args.get(0), args.get(1)
    if lib.last == "map" and over is not None:
        return Seq([apply(m, func, [v]) for v in items(m, over)], open=True)
    return over if isinstance(over, (Seq, Names, Data)) else Unknown()


@function(
    "print",
    "display",
    "format",
    "isinstance",
    "type",
    "id",
    "repr",
    "any",
    "all",
    "hasattr",
    "callable",
    "hash",
    "input",
)
def _nothing(m: Machine, lib: Lib, args: Args) -> Value:
    return Unknown()


@function("getattr")
def _getattr(m: Machine, lib: Lib, args: Args) -> Value:

    from mlready_nb.leakage.cells.attributes import attribute

    name = args.const(1)
    node = ast.Attribute(value=ast.Name("_"), attr=str(name))
    return attribute(m, args.get(0), name, node) if isinstance(name, str) else Unknown()


@function("next")
def _next(m: Machine, lib: Lib, args: Args) -> Value:
    found = items(m, args.get(0))
    return found[0] if found else Unknown()


@function("clone", "clone_model", "deepcopy", "copy")
def _clone(m: Machine, lib: Lib, args: Args) -> Value:
    value = args.get(0, "estimator")
    if isinstance(value, Est):
        fitted = value.fit if lib.last in ("deepcopy", "copy") else None
        return replace(
            value,
            fit=fitted,
            steps=[_clone(m, lib, Args([s])) if isinstance(s, Est) else s for s in value.steps],
            params=dict(value.params),
            number=fresh(),
        )
    if isinstance(value, Data):
        return value.clone()
    if isinstance(value, Obj):
        return Obj(value.cls, dict(value.attrs))
    return value if value is not None else Unknown()


@function("partial")
def _partial(m: Machine, lib: Lib, args: Args) -> Value:
    return args.get(0) if isinstance(args.get(0), (Lib, Func)) else Unknown()
