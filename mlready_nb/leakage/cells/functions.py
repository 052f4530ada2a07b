"""A library's function or class was called: who knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import functions_frames, functions_python, functions_rows, tables
from mlready_nb.leakage.cells.args import Args, as_data, events_in, stats_in
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.registry import FUNCTIONS
from mlready_nb.leakage.cells.values import Const, Data, Length, Lib, Seq, Stat, Unknown, Value

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

assert functions_python.__name__  # it registers itself

#: The first argument is data, whatever it came from.
_ON_DATA = frozenset(["repeat", "tile", "delete", "roll", "cut", "isnan", "isnull", "isna", "svd", "eig"])


def of_library(m: Machine, lib: Lib, args: Args) -> Value:
    """A library's function or class was called."""
    from mlready_nb.leakage.cells import scoring
    from mlready_nb.leakage.cells.calls import unknown_call
    from mlready_nb.leakage.cells.construct import construct
    from mlready_nb.leakage.cells.methods import on_data
    from mlready_nb.leakage.cells.registry import METHODS

    name = lib.last
    if scoring.takes(name):
        return scoring.score(m, lib, args)
    if (
        args.pos
        and isinstance(args.pos[0], Unknown)
        and not isinstance(args.pos[0], Names)
        and (name in _ON_DATA or (name in tables.STATS and "." in lib.path))
    ):
        args.pos[0] = args.pos[0].data(m.site)
    if name in FUNCTIONS:
        return FUNCTIONS[name](m, lib, args)
    if name[:1].isupper() or name in tables.STOPPING_CALLBACKS or name in tables.PIPELINES or name in tables.GIVEN:
        return construct(m, lib, args)
    first = args.get(0, "a", "x", "X", "arr", "data")
    if isinstance(first, Unknown) and first.is_data:
        first = first.data()
    if name in tables.WHOLE_ARRAY:
        return functions_frames.whole_array(m, name, args)
    if name in tables.LABEL_STATS:
        return functions_frames.label_stat(m, name, args)
    if name in tables.RANDOM:
        return functions_rows.random(m, name, args)
    if name in tables.ELEMENTWISE:
        if isinstance(first, Data):
            return first.clone() if name != "unique" else Names(first)
        if isinstance(first, Seq) and (events_in(first) or stats_in(first)):
            return Stat(stats_in(first), events=events_in(first), kept=first)
        if isinstance(first, (Stat, Length, Seq, Const)):
            return first
        return unknown_call(m, args)
    if tables.READERS.match(name):
        return functions_rows.read(m, name, args)
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
                m.choose(events, name, "best")
            return Stat(found, events=events)
        data = as_data(m, first) if any(isinstance(i, Data) for i in first.items) else None
        return on_data(m, data, name, args.but_first()) if data is not None else Unknown()
    return unknown_call(m, args, name)
