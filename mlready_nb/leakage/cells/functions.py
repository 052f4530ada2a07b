"""Functions of libraries and built-ins, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, as_data, events_in, stats_in
from mlready_nb.leakage.cells.expressions import used
from mlready_nb.leakage.cells.iterate import Names, items
from mlready_nb.leakage.cells.rows import END, Bound, Cut, Order, Rows
from mlready_nb.leakage.cells.values import (
    Class,
    Col,
    Const,
    Data,
    Est,
    Expr,
    Func,
    Length,
    Lib,
    Map,
    Obj,
    Seq,
    Stat,
    Trace,
    Unknown,
    Value,
    fresh,
)

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

Handler = Callable[["Machine", Lib, Args], Value]
FUNCTIONS: dict[str, Handler] = {}


#: The first argument is data, whatever it came from.
_ON_DATA = frozenset(["repeat", "tile", "delete", "roll", "cut", "isnan", "isnull", "isna", "svd", "eig"])


def function(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler for these functions."""

    def put(handler: Handler) -> Handler:
        for name in names:
            FUNCTIONS[name] = handler
        return handler

    return put


def of_library(m: Machine, lib: Lib, args: Args) -> Value:
    """A library's function or class was called."""
    from mlready_nb.leakage.cells import scoring
    from mlready_nb.leakage.cells.calls import unknown_call
    from mlready_nb.leakage.cells.methods import METHODS, on_data
    from mlready_nb.leakage.cells.models import construct

    name = lib.last
    if scoring.takes(name):
        return scoring.score(m, lib, args)
    if args.pos and isinstance(args.pos[0], Unknown) and not isinstance(args.pos[0], Names) and (name in _ON_DATA or (name in tables.STATS and "." in lib.path)):
        args.pos[0] = args.pos[0].data(m.site)
    if name in FUNCTIONS:
        return FUNCTIONS[name](m, lib, args)
    if name[:1].isupper() or name in tables.STOPPING_CALLBACKS or name in tables.PIPELINES or name in tables.GIVEN:
        return construct(m, lib, args)
    first = args.get(0, "a", "x", "X", "arr", "data")
    if isinstance(first, Unknown) and first.is_data:
        first = first.data()
    if name in tables.WHOLE_ARRAY:
        return _whole_array(m, name, args)
    if name in tables.LABEL_STATS:
        return _label_stat(m, name, args)
    if name in tables.RANDOM:
        return _random(m, name, args)
    if name in tables.ELEMENTWISE:
        if isinstance(first, Data):
            return first.clone() if name != "unique" else Names(first)
        if isinstance(first, Seq) and (events_in(first) or stats_in(first)):
            return Stat(stats_in(first), events=events_in(first), kept=first)  # type: ignore[arg-type]
        if isinstance(first, (Stat, Length, Seq, Const)):
            return first
        return unknown_call(m, args)
    if tables.READERS.match(name):
        return _read(m, name, args)
    if isinstance(first, (Data, Stat)) and (name in tables.STATS or name in METHODS):
        if isinstance(first, Stat):
            from mlready_nb.leakage.cells.containers import on_stat

            return on_stat(m, first, name, args.but_first())
        plain = {
            "nanmean": "mean",
            "nanmedian": "median",
            "nanstd": "std",
            "amin": "min",
            "amax": "max",
            "average": "mean",
        }
        return on_data(m, first, plain.get(name, name), args.but_first())
    if isinstance(first, Seq) and name in tables.STATS:
        events = events_in(first)
        found = stats_in(first)
        if events or found:
            if (
                name in ("argmax", "argmin", "max", "min", "nanmax", "nanmin", "amax", "amin", "nanargmax")
                and len(events) > 1
            ):
                m.choose(events, name, "best")  # type: ignore[arg-type]
            return Stat(found, events=events)  # type: ignore[arg-type]
        data = as_data(m, first) if any(isinstance(i, Data) for i in first.items) else None
        return on_data(m, data, name, args.but_first()) if data is not None else Unknown()
    return unknown_call(m, args, name)


# -- where rows come from ----------------------------------------------------
def _read(m: Machine, name: str, args: Args) -> Value:
    path = args.const(0, "filepath_or_buffer", "path", "source", "name")
    if name in ("load_model", "load_weights", "load_workbook", "load_dotenv", "load_ext") or (
        name == "load" and not isinstance(path, str)
    ):
        return Unknown()
    label = f"{name}({path})" if isinstance(path, str) else name
    generated = name.startswith("make_")
    rows = m.source(label, generated=generated)
    if isinstance(path, str) or (not args.pos and not generated and not args.kw):
        held = m.files.setdefault(label, rows.pieces[0].source)
        rows = Rows((replace(rows.pieces[0], source=held),))
    data = Data(rows, site=m.site)
    if args.get(None, "parse_dates") is not None and args.const(None, "parse_dates") is not False:
        m.dated += [p.source for p in rows.pieces]
        dates = args.get(None, "parse_dates")
        m.dates |= {i.value for i in dates.items if isinstance(i, Const) and isinstance(i.value, str)} if isinstance(dates, Seq) else set()
    index = args.const(None, "index_col")
    if isinstance(index, str) and tables.TIMELIKE.search(index):
        m.timed += [p.source for p in rows.pieces]
    label_name = f"@{rows.pieces[0].source.label}#{fresh()}"
    y = Data(rows, cols={label_name: Col(deps=frozenset({(label_name, 0)}))}, rest=None, form="series", site=m.site)
    if name == "load_data":
        event = ("loaded", label)
        halves = [Seq([d.clone(rows=rows.cut(Cut(event, "part", part))) for d in (data, y)]) for part in ("train", "test")]
        m.split(rows, (rows.cut(Cut(event, "part", "train")), rows.cut(Cut(event, "part", "test"))), label, "loaded")
        return Seq(list(halves))
    if generated or args.const(None, "return_X_y") is True:
        return Seq([data, y])
    if name.startswith(("load_", "fetch_")):
        target = Data(rows, cols={"target": Col(deps=frozenset({("target", 0)}))}, rest=None, form="series")
        return Obj(
            None,
            {
                "data": data.clone(gone=frozenset({"target"})),
                "target": target,
                "frame": data.clone(),
                "feature_names": Names(data),
                "target_names": Unknown(),
            },
        )
    return data


def _random(m: Machine, name: str, args: Args) -> Value:
    first = args.get(0, "a")
    size = args.get(None, "size")
    if name == "choice":
        drawn = as_data(m, first) if isinstance(first, (Data, Length)) else None
        if drawn is not None:
            replace_ = args.const(2, "replace")
            event = ("choice", fresh())
            rows = drawn.rows.cut(Cut(event, "mask", True, random=True))
            m.parts.setdefault(event, {})[True] = m.site
            out = drawn.clone(rows=rows, form="index")
            if replace_ is not False and drawn.form == "index":
                note = Trace("repeats", drawn.rows, m.site, f"`{m.text(m.statement_node)}` draws rows with repetition", op="drawn")
                out.repeats = (*out.repeats, note)
            return out
    lengths = [
        v
        for v in args.all()
        for v in (v.items if isinstance(v, Seq) else [v])
        if isinstance(v, Length) and v.rows is not None
    ]
    label = f"@random#{fresh()}"
    rows = lengths[0].rows if lengths and lengths[0].bound == END else None
    centre = [v.whole() for v in args.all() if isinstance(v, Data)]
    base = next((v for v in args.all() if isinstance(v, Data)), None)
    if size is None and base is None and not args.pos and name not in ("rand", "randn"):
        return Unknown()
    if rows is None:
        rows = base.rows if base is not None else m.source("random", generated=True)
    col = Col(deps=frozenset({(label, 0)}), noisy=True)
    for other in centre:
        col = col.plus(other)
    return Data(rows, cols={label: replace(col, noisy=True)}, rest=None, form="series", site=m.site)


@function("default_rng", "RandomState", "Generator")
def _rng(m: Machine, lib: Lib, args: Args) -> Value:
    return Lib("numpy.random.generator")


@function("arange", "range", "permutation", "RangeIndex", "linspace", "date_range", "int_range")
def _range(m: Machine, lib: Lib, args: Args) -> Value:
    first = args.get(1) if len(args.pos) > 1 else args.get(0, "stop", "n", "start")
    if lib.last == "permutation":
        data = first.data() if isinstance(first, Unknown) and first.is_data else first
        rows = data.rows if isinstance(data, (Data, Length)) and data.rows is not None else m.source("positions")
        form = data.form if isinstance(data, Data) else "index"
        out = data.clone() if isinstance(data, Data) else Data(rows, form=form)
        out.rows = rows.ordered(Order("shuffled", mark=fresh()))
        return out
    if lib.last == "date_range":
        rows = m.source("dates", generated=True)
        m.timed += [p.source for p in rows.pieces]
        return Data(rows, cols={"@date": Col(deps=frozenset({("@date", 0)}))}, rest=None, form="series")
    if isinstance(first, Length) and first.rows is not None and first.bound == END and len(args.pos) <= 2:
        if len(args.pos) == 2 and not (isinstance(args.pos[0], Const) and args.pos[0].value == 0):
            return _positions(first, args.pos[0], END)
        return Data(first.rows, form="index")
    if isinstance(first, Length) and first.rows is not None:
        low = args.pos[0] if len(args.pos) > 1 else Const(0)
        return _positions(first, low, first.bound)
    if lib.last == "arange" and isinstance(first, (Const, Unknown)):
        return Data(m.source("positions", generated=False), form="index")
    if isinstance(first, Const) and isinstance(first.value, int) and lib.last == "range":
        low = args.const(0) if len(args.pos) > 1 else 0
        low = low if isinstance(low, int) else 0
        return Seq(
            [Const(low), Const(low + 1)] if first.value - low > 1 else [Const(low)] * max(0, min(1, first.value - low)),
            open=first.value - low > 1,
        )
    if lib.last == "range":
        return Seq([Unknown(), Unknown()], open=True)
    return Unknown()


def _positions(length: Length, low: Value, high: Bound) -> Data:
    from mlready_nb.leakage.cells.rows import START

    rows = length.rows
    assert rows is not None
    start = (
        low.bound
        if isinstance(low, Length)
        else Bound(0.0, float(low.value))
        if isinstance(low, Const) and isinstance(low.value, (int, float))
        else START
    )
    return Data(rows.cut(Cut(("slice", rows), "slice", (start, high))), form="index")


# -- splits ------------------------------------------------------------------
@function("train_test_split", "random_split", "train_valid_test_split", "iterative_train_test_split")
def _split(m: Machine, lib: Lib, args: Args) -> Value:
    arrays = [as_data(m, v, m.text(n)) for v, n in zip(args.pos, args.nodes or [None] * len(args.pos), strict=False)]
    known = [a for a in arrays if a is not None]
    if not known:
        return Unknown()
    from mlready_nb.leakage.cells.expressions import align, key_of

    for other in known[1:]:
        align(known[0], other)
    size = args.get(None, "test_size", "train_size")
    seed = args.get(None, "random_state", "seed")
    shuffled = args.const(None, "shuffle") is not False
    if seed is None or (isinstance(seed, Const) and seed.value is None):
        mark: object = fresh()
    else:
        mark = key_of(seed)
    base = known[0].rows
    event = (
        "split",
        base,
        key_of(size) if size is not None else None,
        mark if shuffled else "ordered",
        "stratify" in args.kw,
    )
    out: list[Value] = []
    for array in arrays:
        if array is None:
            out += [Unknown(), Unknown()]
            continue
        for part in ("train", "test"):
            rows = array.rows.cut(Cut(event, "part", part, random=shuffled))
            out.append(array.clone(rows=rows, mask=None))
    first = [v for v in out if isinstance(v, Data)][:2]
    m.parts.setdefault(event, {}).update(dict.fromkeys(("train", "test"), m.site))
    m.split(base, (first[0].rows, first[1].rows), m.text(m.statement_node), "shuffled" if shuffled else "ordered")
    m.split_data.append((m.site, known[0].clone(), shuffled))
    return Seq(out)


@function("split", "array_split", "KFoldSplit")
def _np_split(m: Machine, lib: Lib, args: Args) -> Value:
    data = as_data(m, args.get(0)) if isinstance(args.get(0), (Data, Unknown)) else None
    if data is None:
        return Unknown()
    at = args.get(1)
    from mlready_nb.leakage.cells.rows import START
    from mlready_nb.leakage.cells.subscripts import bound

    ends = [bound(m, v, END) for v in at.items] if isinstance(at, Seq) else []
    points = [START, *ends, END] if ends else [START, Bound(0.5), END]
    parts: list[Value] = []
    for low, high in zip(points, points[1:], strict=False):
        parts.append(data.clone(rows=data.rows.cut(Cut(("slice", data.rows), "slice", (low, high)))))
    return Seq(parts)


@function("shuffle")
def _shuffle(m: Machine, lib: Lib, args: Args) -> Value:
    seed = args.const(None, "random_state")
    order = Order("shuffled", mark=hash(("seed", seed)) if seed is not None else fresh())
    out: list[Value] = []
    in_place = "sklearn" not in lib.path and lib.path != "shuffle"
    for value in args.pos:
        data = as_data(m, value)
        if data is None:
            continue
        if in_place:
            data.rows = data.rows.ordered(order)
        out.append(data.clone(rows=data.rows.ordered(order)))
    if in_place:
        return Const(None)
    return out[0] if len(out) == 1 else Seq(out)


@function("resample")
def _resample(m: Machine, lib: Lib, args: Args) -> Value:
    out: list[Value] = []
    again = args.const(None, "replace") is not False
    key = ("resample", fresh())
    for value in args.pos:
        data = as_data(m, value)
        if data is None:
            continue
        if again:
            conditioned = any(f.form == "filter" for f in data.filters)
            note = Trace(
                "repeats",
                data.rows,
                m.site,
                f"`{m.text(m.statement_node)}` draws rows with repetition",
                op="class" if conditioned else "drawn",
                names=(data.name,),
            )
            out.append(data.clone(repeats=(*data.repeats, note)))
        else:
            out.append(data.clone(rows=data.rows.cut(Cut(key, "mask", True, random=True))))
    return out[0] if len(out) == 1 else Seq(out)


@function("repeat", "tile")
def _repeat(m: Machine, lib: Lib, args: Args) -> Value:
    data = args.get(0)
    if not isinstance(data, Data):
        return Unknown()
    if args.const(None, "axis") == 1:
        return data.clone()
    op = "class" if any(f.form == "filter" for f in data.filters) else ""
    note = Trace("repeats", data.rows, m.site, f"`{m.text(m.statement_node)}` repeats rows", op=op, names=(data.name,))
    return data.clone(repeats=(*data.repeats, note))


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
    if lib.last in ("append",):
        found = list(args.pos[:2])
    parts = [
        d for d in (as_data(m, v) if isinstance(v, (Data, Unknown, Stat)) else None for v in found) if d is not None
    ]
    if not parts:
        return Stat(stats_in(first), events=events_in(first)) if events_in(first) or stats_in(first) else Unknown()  # type: ignore[arg-type]
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
    if given is None:
        return (
            Data(m.source("table", generated=True))
            if lib.last == "DataFrame" and args.get(None, "index") is None
            else Unknown()
        )
    out = table(m, given, args)
    index = args.get(None, "index")
    if isinstance(out, Data) and isinstance(index, Data) and {p.source.root() for p in index.rows.pieces} & {s.root() for s in m.timed}:
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
    import ast

    from mlready_nb.leakage.cells.expressions import binary

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


@function("dot", "matmul", "einsum")
def _dot(m: Machine, lib: Lib, args: Args) -> Value:
    import ast

    from mlready_nb.leakage.cells.expressions import binary

    return binary(m, args.get(0), args.get(1), ast.Mult())


@function("svd", "eig", "eigh", "polyfit", "curve_fit", "lstsq", "pinv", "inv", "interp1d")
def _learnt(m: Machine, lib: Lib, args: Args) -> Value:
    data = args.get(0)
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


def _whole_array(m: Machine, name: str, args: Args) -> Value:
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


def _label_stat(m: Machine, name: str, args: Args) -> Value:
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


# -- built-ins ---------------------------------------------------------------
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
            m.choose(events, lib.last, "best")  # type: ignore[arg-type]
        return Stat(stats_in(first), events=events, ranked=lib.last == "argsort")  # type: ignore[arg-type]
    if isinstance(first, Data):
        if args.const(1, "axis") in (1, -1) or first.pred is not None:
            return first.clone()
        from mlready_nb.leakage.cells.methods import statistic

        return statistic(m, first, lib.last, args.but_first())
    return Stat(stats_in(first)) if stats_in(first) else Unknown()


@function("sum")
def _sum(m: Machine, lib: Lib, args: Args) -> Value:
    first = args.get(0)
    if isinstance(first, Data):
        from mlready_nb.leakage.cells.methods import on_data

        return on_data(m, first, "sum", args.but_first())
    if events_in(first) or stats_in(first):
        return Stat(stats_in(first), events=events_in(first))  # type: ignore[arg-type]
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
    import ast

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
