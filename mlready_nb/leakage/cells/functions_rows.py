"""Functions that bring rows in, divide, order or repeat them."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, as_data
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.masks import key_of
from mlready_nb.leakage.cells.mixing import align
from mlready_nb.leakage.cells.registry import function
from mlready_nb.leakage.cells.rows import END, START, Bound, Cut, Order, Rows
from mlready_nb.leakage.cells.values import Col, Const, Data, Length, Lib, Obj, Seq, Trace, Unknown, Value, fresh

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


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
        # a range from somewhere to somewhere: rows, but which of them is not known
        return Data(m.source("positions", generated=False), form="index", sure=len(args.pos) < 2)
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
    arrays = [as_data(m, v, m.text(n)) for v, n in zip(args.pos, args.nodes, strict=False)]
    arrays += [as_data(m, v) for v in args.pos[len(arrays) :]]
    known = [a for a in arrays if a is not None]
    if not known:
        return Unknown()

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
    from mlready_nb.leakage.cells.subscripts import bound

    ends = [bound(m, v, END) for v in at.items] if isinstance(at, Seq) else []
    points = [START, *ends, END] if ends else [START, Bound(0.5), END]
    parts: list[Value] = []
    for low, high in itertools.pairwise(points):
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
            rows = data.rows.cut(Cut(key, "mask", True, random=True))
            note = Trace(
                "repeats",
                rows,
                m.site,
                f"`{m.text(m.statement_node)}` draws rows with repetition",
                op="class" if conditioned else "drawn",
                names=(data.name,),
            )
            out.append(data.clone(rows=rows, repeats=(*data.repeats, note)))
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


# -- where rows come from ----------------------------------------------------
def read(m: Machine, name: str, args: Args) -> Value:
    """Rows that come from a file, a collection or a generator."""
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
        m.dates |= (
            {i.value for i in dates.items if isinstance(i, Const) and isinstance(i.value, str)}
            if isinstance(dates, Seq)
            else set()
        )
    index = args.const(None, "index_col")
    if isinstance(index, str) and tables.TIMELIKE.search(index):
        m.timed += [p.source for p in rows.pieces]
    label_name = f"@{rows.pieces[0].source.label}#{fresh()}"
    y = Data(rows, cols={label_name: Col(deps=frozenset({(label_name, 0)}))}, rest=None, form="series", site=m.site)
    if name == "load_data":
        event = ("loaded", label)
        halves = [
            Seq([d.clone(rows=rows.cut(Cut(event, "part", part))) for d in (data, y)]) for part in ("train", "test")
        ]
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


def random(m: Machine, name: str, args: Args) -> Value:
    """Random numbers, or rows drawn at random."""
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
                note = Trace(
                    "repeats",
                    rows,
                    m.site,
                    f"`{m.text(m.statement_node)}` draws rows with repetition",
                    op="drawn",
                )
                out.repeats = (*out.repeats, note)
            return out
    lengths = [
        v
        for v in args.all()
        for v in (v.items if isinstance(v, Seq) else [v])
        if isinstance(v, Length) and v.rows is not None
    ]
    label = f"@random#{fresh()}"
    found = lengths[0].rows if lengths and lengths[0].bound == END else None
    centre = [v.whole() for v in args.all() if isinstance(v, Data)]
    base = next((v for v in args.all() if isinstance(v, Data)), None)
    if size is None and base is None and not args.pos and name not in ("rand", "randn"):
        return Unknown()
    elsewhere = base.rows if base is not None else None
    rows = found or elsewhere or m.source("random", generated=True)
    col = Col(deps=frozenset({(label, 0)}), noisy=True)
    for other in centre:
        col = col.plus(other)
    wide = len(size.items) > 1 if isinstance(size, Seq) else name in ("rand", "randn") and len(args.pos) > 1
    form = "frame" if wide else "series"
    return Data(rows, cols={label: replace(col, noisy=True)}, rest=None, form=form, site=m.site)
