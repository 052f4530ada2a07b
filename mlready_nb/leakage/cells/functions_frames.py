"""Functions of pandas, NumPy and polars on whole frames and arrays."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, as_data, events_in, stats_in
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.mixing import both, used
from mlready_nb.leakage.cells.registry import function
from mlready_nb.leakage.cells.rows import Cut
from mlready_nb.leakage.cells.values import Const, Data, Lib, Seq, Stat, Trace, Unknown, Value
from mlready_nb.leakage.cells.waiting import Expr, Groups
from mlready_nb.leakage.cells.weights import predict, solved

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


# -- putting together --------------------------------------------------------
@function(
    "concat",
    "vstack",
    "hstack",
    "concatenate",
    "column_stack",
    "c_",
    "r_",
    "stack",
    "append",
    "dstack",
    "chain",
    "row_stack",
)
def _together(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.combine import stacked

    first = args.get(0, "objs", "items", "tup")
    found = first.items if isinstance(first, Seq) else [first]
    if isinstance(first, Stat):
        return first
    if found and all(isinstance(v, Stat) for v in found):
        return Stat(stats_in(first), events=events_in(first))
    if lib.last == "append":
        found = list(args.pos[:2])
    parts = [
        d for d in (as_data(m, v) if isinstance(v, (Data, Unknown, Stat)) else None for v in found) if d is not None
    ]
    if not parts:
        return Stat(stats_in(first), events=events_in(first)) if events_in(first) or stats_in(first) else Unknown()
    axis = args.const(1 if lib.last != "append" else 2, "axis")
    how = args.const(None, "how")
    sideways = axis in (1, -1, "columns") or lib.last in ("hstack", "column_stack", "c_") or how == "horizontal"
    if lib.last == "hstack" and all(p.form in ("series", "index") for p in parts):
        sideways = False
    return stacked(m, parts, sideways=sideways)


@function("merge")
def _merge(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.combine import merged

    left = as_data(m, args.get(0, "left"))
    return merged(m, left, args.get(1, "right"), args) if left is not None else Unknown()


@function("DataFrame", "Series", "from_dict", "from_records")
def _table(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.combine import table

    given = args.get(0, "data")
    if given is None and lib.last == "DataFrame":
        return Stat(names=("",))
    if given is None:
        return (
            Data(m.source("table", generated=True))
            if lib.last == "DataFrame" and args.get(None, "index") is None
            else Unknown()
        )
    out = table(m, given, args)
    index = args.get(None, "index")
    if (
        isinstance(out, Data)
        and isinstance(index, Data)
        and {p.source.root() for p in index.rows.pieces} & {s.root() for s in m.timed}
    ):
        m.timed += [p.source for p in out.rows.pieces]
    label = args.const(None, "name")
    if lib.last == "Series" and isinstance(out, Data) and isinstance(label, str):
        out.cols, out.rest, out.form = {label: out.whole()}, None, "series"
    elif lib.last == "Series" and isinstance(out, Data):
        out.form = "series"
    return out


@function("where", "select", "if_else", "case_when")
def _where(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.combine import chosen_by

    if lib.last == "select":
        conditions, choices = args.get(0), args.get(1)
        first = conditions.items[0] if isinstance(conditions, Seq) and conditions.items else None
        other = (
            next((c for c in choices.items if isinstance(c, (Data, Stat))), Const(0))
            if isinstance(choices, Seq)
            else Const(0)
        )
        return chosen_by(m, first, other, args.get(2, "default") or Const(0))
    return chosen_by(m, args.get(0), args.get(1), args.get(2))


@function("delete", "setdiff1d", "difference")
def _delete(m: Machine, lib: Lib, args: Args) -> Value:
    data, given = args.get(0), args.get(1)
    if isinstance(data, Data) and isinstance(given, Data) and args.const(2, "axis") != 1:
        return data.clone(rows=data.rows.cut(Cut(("member", given.rows), "member", (given.rows, False))))
    if isinstance(data, Data):
        return data.clone(partial=True)
    return Unknown()


@function("isnan", "isnull", "isna", "notnull", "notna", "isin", "in1d", "logical_not", "invert")
def _tests(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.methods import on_data

    data = args.get(0)
    if isinstance(data, Data):
        if lib.last in ("logical_not", "invert"):
            return data.clone(mask=(data.mask[1], data.mask[0]) if data.mask else None)
        return on_data(m, data, {"isnan": "isnull", "in1d": "isin"}.get(lib.last, lib.last), args.but_first())
    return Unknown()


@function("logical_and", "logical_or")
def _logical(m: Machine, lib: Lib, args: Args) -> Value:

    from mlready_nb.leakage.cells.operators import binary

    return binary(m, args.get(0), args.get(1), ast.BitAnd() if lib.last == "logical_and" else ast.BitOr())


@function("roll")
def _roll(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.methods import on_data

    data = args.get(0)
    return on_data(m, data, "shift", args.but_first()) if isinstance(data, Data) else Unknown()


@function("cut", "KBins")
def _cut(m: Machine, lib: Lib, args: Args) -> Value:
    data, bins = args.get(0, "x"), args.get(1, "bins")
    if not isinstance(data, Data):
        return Unknown()
    found = used(stats_in(bins), "preprocessing")
    if isinstance(bins, Const) and isinstance(bins.value, int):
        found |= {
            Trace(
                "preprocessing",
                data.rows,
                m.site,
                f"`{m.text(m.statement_node)}` took bins from the range of all its rows",
                names=(data.name,),
                sure=data.sure,
            )
        }
    return data.clone(mask=None).traced(found)


@function("crosstab")
def _crosstab(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.groups import aggregated

    index, columns = as_data(m, args.get(0, "index")), as_data(m, args.get(1, "columns"))
    if index is None or columns is None:
        return Unknown()
    return aggregated(m, Groups(index, tuple(index.cols), chosen=columns), columns, "mean", Args(node=args.node))


@function("corr")
def _corr(m: Machine, lib: Lib, args: Args) -> Value:
    names = [v.value for v in args.pos if isinstance(v, Const) and isinstance(v.value, str)]

    def build(frame: Data) -> Value:
        from mlready_nb.leakage.cells.methods import statistic

        return statistic(
            m, frame.clone(cols={n: frame.column(n) for n in names}, rest=None), "corr", Args(node=args.node)
        )

    return Expr(build)


@function("dot", "matmul", "einsum")
def _dot(m: Machine, lib: Lib, args: Args) -> Value:

    from mlready_nb.leakage.cells.operators import binary

    return binary(m, args.get(0), args.get(1), ast.MatMult())


@function("solve", "cho_solve")
def _solve(m: Machine, lib: Lib, args: Args) -> Value:
    """The normal equations, solved."""
    parts = [v for v in args.pos if isinstance(v, Stat)]
    return both(parts[0], parts[1]) if len(parts) > 1 else Unknown()


@function("bincount")
def _bincount(m: Machine, lib: Lib, args: Args) -> Value:
    """Sums of the weights by group; without weights only counts."""
    weights = args.get(1, "weights")
    if not isinstance(weights, Data):
        return Stat()
    of = frozenset(n for n, _ in weights.whole().deps)
    words = f"`{m.text(m.statement_node)}` used groups' statistics"
    found = Trace("statistic", weights.rows, m.site, words, of=of, grouped=True, op="sum", sure=weights.sure)
    return Stat(frozenset({found}) | weights.traces())


@function("polyval")
def _polyval(m: Machine, lib: Lib, args: Args) -> Value:
    weights, data = args.get(0, "p"), args.get(1, "x")
    if isinstance(weights, Stat) and weights.learnt is not None and isinstance(data, Data):
        return predict(m, data, weights.learnt)
    return data.clone() if isinstance(data, Data) else Unknown()


@function("svd", "eig", "eigh", "polyfit", "curve_fit", "lstsq", "pinv", "inv", "interp1d", "nnls", "lsq_linear")
def _learnt(m: Machine, lib: Lib, args: Args) -> Value:
    data, labels = args.get(0), args.get(1)
    if lib.last in ("polyfit", "lstsq", "nnls", "lsq_linear") and isinstance(data, Data) and isinstance(labels, Data):
        return solved(m, data, labels)
    if lib.last == "pinv" and isinstance(data, Data):
        return data.clone(turned=not data.turned)
    if isinstance(data, Stat):
        return data
    if isinstance(data, Data):
        trace = Trace(
            "statistic",
            data.rows,
            m.site,
            f"`{m.text(m.statement_node)}` was computed",
            op=lib.last,
            names=(data.name,),
            sure=data.sure,
        )
        return Stat(frozenset({trace}) | data.traces())
    return Unknown()


def whole_array(m: Machine, name: str, args: Args) -> Value:
    """An array, standardised or ranked by its own statistics."""
    data = as_data(m, args.get(0, "X", "x", "a"))
    if data is None or isinstance(args.get(0), Seq) or args.const(None, "axis") == 1:
        return data if data is not None else Unknown()
    trace = Trace(
        tables.WHOLE_ARRAY[name],
        data.rows,
        m.site,
        f"`{m.text(m.statement_node)}` used statistics of its rows",
        op=name,
        names=(data.name,),
        sure=data.sure,
    )
    out = data.clone(mask=None).traced({trace})
    return Seq([out, Stat(frozenset({trace}))]) if name == "boxcox" or args.const(None, "retbins") is True else out


def label_stat(m: Machine, name: str, args: Args) -> Value:
    """Scores of columns against the label."""
    data = next((v for v in args.all() if isinstance(v, Data)), None)
    if data is None:
        return Unknown()
    of = frozenset(n for v in args.all() if isinstance(v, Data) for n, _ in v.whole().deps)
    trace = Trace(
        "statistic",
        data.rows,
        m.site,
        f"`{m.text(m.statement_node)}` was computed",
        of=of,
        op=name,
        names=(data.name,),
        sure=data.sure,
    )
    return Stat(frozenset({trace}))


@function("to_datetime")
def _dates(m: Machine, lib: Lib, args: Args) -> Value:
    value = args.get(0)
    if isinstance(value, Data):
        m.dated += [p.source for p in value.rows.pieces]
        m.dates |= {n for n, _ in value.whole().deps}
        return value.clone()
    return value if value is not None else Unknown()


# -- polars ------------------------------------------------------------------
@function("col", "numeric", "by_name", "selectors", "element", "float_", "exclude")
def _col(m: Machine, lib: Lib, args: Args) -> Value:
    from mlready_nb.leakage.cells.attributes import pick

    names = [v.value for p in args.pos for v in (p.items if isinstance(p, Seq) else [p]) if isinstance(v, Const)]
    if len(names) == 1 and isinstance(names[0], str) and names[0] != "*" and not names[0].startswith("^"):
        return Expr(lambda frame: pick(frame, names[0]), names[0] if lib.last == "col" else None)
    if names and all(isinstance(n, str) for n in names) and names != ["*"]:
        return Expr(lambda frame: frame.clone(cols={n: frame.column(n) for n in names}, rest=None))
    return Expr(lambda frame: frame.clone(partial=lib.last != "col" or not names))


@function("when", "lit")
def _when(m: Machine, lib: Lib, args: Args) -> Value:
    first = args.get(0)
    if lib.last == "lit":
        return Expr(lambda _frame: first)
    return Expr(lambda frame: first.build(frame) if isinstance(first, Expr) else first)


@function("factorize")
def _factorize(m: Machine, lib: Lib, args: Args) -> Value:
    """(numbers of the rows, categories)."""
    data = as_data(m, args.get(0, "values"))
    return Seq([data.clone(mask=None, form="series"), Names(data)], fixed=True) if data is not None else Unknown()
