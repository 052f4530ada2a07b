"""Methods of frames, columns and arrays: pandas, polars, NumPy."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, become
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.masks import opaque_mask
from mlready_nb.leakage.cells.registry import METHODS
from mlready_nb.leakage.cells.values import Const, Data, Filter, Stat, Trace, Value, fresh

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def on_data(m: Machine, data: Data, name: str, args: Args) -> Value:
    """`data.name(...)`."""
    handler = METHODS.get(name)
    if handler is not None:
        result = handler(m, data, args, name)
    elif name in tables.STATS:
        result = statistic(m, data, name, args)
    elif name in tables.COUNTS:
        result = counted(m, data, args)
    elif name in tables.SAME:
        result = data.clone(mask=data.mask if name in ("astype", "to_numpy", "copy", "fillna") else None)
        if name == "reset_index":
            result.index_id = fresh()
        if name == "reshape" and len(args.pos) > 1:
            result.form = "frame"
        if name in ("copy", "to_numpy", "clone"):
            result.site = m.site
        if name in ("contains", "startswith", "endswith"):
            result.mask = opaque_mask((name, data.whole().deps, m.text(args.node)))
            result.form = "mask"
    else:
        result = data.clone(sure=False) if data.form != "mask" else data.clone()
    if args.const(None, "inplace") is True and isinstance(result, Data):
        _in_place(m, data, result, args)
        return Const(None)
    return result


def _in_place(m: Machine, data: Data, result: Data, args: Args) -> None:
    """`df["a"].fillna(0, inplace=True)` changes the frame that the column belongs to."""
    func = args.node.func if isinstance(args.node, ast.Call) else None
    owner = func.value if isinstance(func, ast.Attribute) else None
    if isinstance(owner, (ast.Subscript, ast.Attribute)):
        m.bind(owner, result)
    else:
        become(data, result)


# -- statistics --------------------------------------------------------------
def statistic(m: Machine, data: Data, op: str, args: Args) -> Value:
    """A number over rows; over columns it stays data; of predictions put against labels it is a score."""
    axis = args.const(None, "axis")
    if axis is None and op in (
        "mean",
        "sum",
        "max",
        "min",
        "std",
        "median",
        "argmax",
        "idxmax",
        "argmin",
        "any",
        "var",
    ):
        axis = args.const(0) if data.form != "series" and not args.kw and len(args.pos) == 1 else None
    if (axis in (1, -1, "columns") and (data.form != "series" or data.pred is not None)) or data.label_only:
        return data.clone(cols={"row": data.whole()}, rest=None, form="series", mask=None)
    if data.pred is not None and data.pred.pending:
        return data.clone()
    if data.pred is not None and data.versus:
        return scored(m, data, op)
    if data.nulls or data.form == "index":
        return Stat()
    if data.pred is not None:
        return Stat()
    whole = data.whole()
    of = frozenset(name for name, _ in whole.deps) | frozenset(data.cols)
    said = m.text(args.node) or f"{op} of {data.name}"
    trace = Trace(
        "statistic",
        data.rows,
        m.site,
        f"`{said}` was computed",
        of=of,
        op=op,
        names=(data.name,) if data.name else (),
        sure=data.sure,
    )
    if data.grouped or any(f.form == "filter" and f.of for f in data.filters):
        trace = replace(trace, grouped=True)  # one class or category of rows
    return Stat(frozenset({trace}) | whole.traces, names=tuple(data.cols) if data.rest is None else (), of=of)


def scored(m: Machine, data: Data, text: str) -> Stat:
    """Predictions were put against labels and summed up: the model was scored."""
    assert data.pred is not None
    seen = data.seen or data
    event = m.saw("metric", data.pred, seen.clone(rows=data.rows, filters=_filters(seen, data)), text)
    return Stat(events=(event,))


def _filters(a: Data, b: Data) -> tuple[Filter, ...]:
    return tuple(dict.fromkeys((*a.filters, *b.filters)))


def counted(m: Machine, data: Data, args: Args) -> Value:
    """A size or a set of categories: tells nothing of single rows."""
    if data.pred is not None and data.versus:
        return scored(m, data, "count")
    if args.const(None, "axis") == 1 or args.const(0) == 1:
        return data.clone(form="series")
    return Names(data)


def ahead(m: Machine, data: Data, words: str, kind: str = "ahead") -> Data:
    """Values of later rows went into these."""
    whole = data.whole()
    of = frozenset(n for n, _ in whole.deps)
    return data.traced({Trace(kind, data.rows, m.site, words, of=of, sure=data.sure)})
