"""Methods of lists, dicts and statistics, and the built-ins that choose among them."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args, as_data, events_in, stats_in
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.values import Const, Data, Est, Func, Length, Map, Obj, Seq, Stat, Trace, Unknown, Value

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

_BEST = frozenset(["idxmax", "idxmin", "argmax", "argmin", "nlargest", "nsmallest"])


def on_stat(m: Machine, stat: Stat, name: str, args: Args) -> Value:
    """What is done with a statistic is a statistic; with scores, it may choose."""
    found = stat.traces.union(*(stats_in(v) for v in args.all()))
    events = (*stat.events, *(e for v in args.all() for e in events_in(v)))
    if name in _BEST or (name in ("max", "min") and len(stat.events) > 1 and not stat.labels):
        m.choose(stat.events, name, "best")
        return Stat(found, events=events)
    if name in ("head", "first", "tail") and stat.ranked and args.const(0) == 1:
        m.choose(stat.events, name, "best")
    if name in ("append", "extend", "insert") and stat.kept is not None:
        inner = on_container(m, stat.kept, name, args)
        stat.events = events
        stat.traces = found
        return inner
    if name == "index" and isinstance(args.get(0), Stat):
        return Stat(found, events=events)
    if name in ("rename", "reset_index", "set_axis", "to_frame"):
        label = args.const(0, "name", "index", "names")
        columns = args.get(None, "columns")
        names = stat.names
        given = args.const(None, "name")
        if isinstance(given, str):
            label = given
        if name == "rename" and isinstance(columns, Map):
            mapping = {k: v.value for k, v in columns.items.items() if isinstance(v, Const)}
            names = tuple(str(mapping.get(n, n)) for n in names)
        elif isinstance(label, str) and names:
            names = (*names[:-1], label)
        elif isinstance(label, str):
            names = (label,)
        return Stat(found, names=names, events=events, of=stat.of, ranked=stat.ranked)
    if name == "groupby":
        return stat
    ranked = stat.ranked or name in ("sort_values", "sort", "sorted")
    return Stat(found, names=stat.names, events=events, of=stat.of, ranked=ranked, learnt=stat.learnt)


def on_container(m: Machine, owner: Seq | Map | Const | Length, name: str, args: Args) -> Value:
    """`results.append(score)`, `models.items()`, `scores.index(max(scores))`."""
    if isinstance(owner, Seq):
        return _on_list(m, owner, name, args)
    if isinstance(owner, Map):
        return _on_dict(m, owner, name, args)
    if isinstance(owner, Const) and isinstance(owner.value, str):
        if name in ("split", "splitlines") and not args.pos and len(owner.value) < 500:
            return Seq([Const(part) for part in owner.value.split()])
        if name in ("lower", "upper", "strip", "title"):
            return Const(getattr(owner.value, name)())
        if name == "format" and len(owner.value) < 200 and all(isinstance(v, Const) for v in args.all()):
            return Const(owner.value.format(*(v.value for v in args.pos), **{k: v.value for k, v in args.kw.items()}))
        if name == "join":
            return Unknown("text")
    return Unknown()


def on_names(owner: Names, name: str, args: Args) -> Value:
    """`df.columns.drop("y")`, `features.remove("y")`, `df.columns.difference(["id", "y"])`."""
    given = args.get(0, "labels", "other")
    flat = given.items if isinstance(given, Seq) else [given]
    known = [v.value for v in flat if isinstance(v, Const) and isinstance(v.value, str)]
    if name in ("drop", "difference", "remove", "discard", "difference_update"):
        left = owner.less(known, exact=len(known) == len(flat) and not (isinstance(given, Seq) and given.open))
        if name in ("remove", "discard", "difference_update"):
            owner.without, owner.exact = left.without, left.exact
            return Const(None)
        return left
    if name in ("tolist", "to_list", "copy", "sort", "sort_values", "astype", "values", "to_numpy"):
        return Names(owner.of, owner.without, exact=owner.exact)
    if name in ("pop", "insert", "append", "extend"):
        owner.exact = False
        return Names(owner.of) if name == "pop" else Const(None)
    out = owner.less((), exact=False)
    if name == "isin" and isinstance(given, Seq) and len(known) == len(given.items) and not given.open:
        out.asked = tuple(known)
        out.exact = owner.exact
    return out


def _on_list(m: Machine, seq: Seq, name: str, args: Args) -> Value:
    decided: frozenset[Trace] = m.decided()
    if name in ("append", "add", "insert", "extend"):
        value = args.get(1 if name == "insert" else 0)
        if name == "extend" and isinstance(value, Seq):
            seq.items += value.items
            seq.open |= value.open
        elif value is not None:
            if m.loops and len(seq.items) >= 12:
                return Const(None)
            seq.items.append(value)
            seq.open = seq.open or bool(m.loops) or m.doubt > 0
        seq.traces |= decided
        return Const(None)
    if name in ("remove", "discard"):
        value = args.get(0)
        if isinstance(value, Const):
            seq.items[:] = [i for i in seq.items if not (isinstance(i, Const) and i.value == value.value)]
        else:
            seq.open = True
        seq.traces |= decided
        return Const(None)
    if name in ("drop", "difference", "symmetric_difference", "intersection", "union"):
        given = args.get(0)
        gone = {i.value for i in given.items if isinstance(i, Const)} if isinstance(given, Seq) else {args.const(0)}
        if isinstance(given, (Const, Seq)) and name in ("drop", "difference"):
            return Seq([i for i in seq.items if not (isinstance(i, Const) and i.value in gone)], open=seq.open)
        return Names()
    if name == "index":
        value = args.get(0)
        if isinstance(value, Stat):
            return Stat(value.traces, events=value.events)
        return Unknown()
    if name == "sort":
        seq.ranked = bool(events_in(seq))
        return Const(None)
    if name == "copy":
        return Seq(list(seq.items), open=seq.open, traces=seq.traces)
    if name == "pop":
        return seq.items.pop() if seq.items and not seq.open else Unknown()
    if name in ("tolist", "to_list"):
        return seq
    if seq.items and any(isinstance(i, Data) for i in seq.items):
        return as_data(m, seq) or Unknown()
    return Unknown()


def _on_dict(m: Machine, owner: Map, name: str, args: Args) -> Value:
    values = list(owner.items.values()) + ([owner.rest] if owner.rest is not None else [])
    open_ = owner.rest is not None
    if name == "items":
        pairs: list[Value] = [Seq([Const(k), v]) for k, v in owner.items.items()]
        if owner.rest is not None:
            pairs.append(Seq([Unknown(), owner.rest]))
        return Seq(pairs, open=open_)
    if name == "values":
        return Seq(values, open=open_)
    if name == "keys":
        return Seq([Const(k) for k in owner.items], open=open_)
    if name in ("get", "setdefault", "pop"):
        key = args.const(0)
        if key in owner.items:
            return owner.items[key]
        if name == "setdefault" and key is not None:
            return owner.items.setdefault(key, args.get(1) or Const(None))
        return owner.rest if owner.rest is not None else args.get(1) or Const(None)
    if name == "update":
        other = args.get(0)
        if isinstance(other, Map):
            owner.items |= other.items
            owner.rest = other.rest if other.rest is not None else owner.rest
        owner.items |= args.kw
        return Const(None)
    if name == "copy":
        return Map(dict(owner.items), owner.rest)
    return Unknown()


def extreme(m: Machine, name: str, args: Args) -> Value:
    """`max`, `min`, `sorted`: over scores it chooses."""
    over = args.get(0)
    key = args.get(None, "key")
    found = frozenset().union(*(stats_in(v) for v in args.all())) if args.all() else frozenset[Trace]()
    events = tuple(e for v in args.pos for e in events_in(v))
    if isinstance(key, Func):
        from mlready_nb.leakage.cells.calls import apply
        from mlready_nb.leakage.cells.iterate import items

        scores = [apply(m, key, [i]) for i in items(m, over)[:12]]
        keyed = tuple(e for s in scores for e in events_in(s))
        events = keyed or events
    elif key is not None:
        owner = getattr(key, "owner", None)
        events = events_in(owner) or events if owner is not None else events
    if name == "sorted":
        if events or found:
            return Stat(found, events=events, ranked=True, kept=over)
        if isinstance(over, Seq):
            return Seq(list(over.items), open=over.open, traces=over.traces)
        return over if isinstance(over, (Names, Data)) else Unknown()
    if events and (len(args.pos) > 1 or len(events) > 1):
        m.choose(events, name, "best")
    if events or found:
        inner = _first(over)
        return Stat(found, events=events, kept=inner)
    if isinstance(over, Data):
        from mlready_nb.leakage.cells.methods import statistic

        return statistic(m, over, name, Args(node=args.node))
    numbers = [v.value for v in args.pos if isinstance(v, Const) and isinstance(v.value, (int, float))]
    if len(numbers) == len(args.pos) > 1:
        return Const(max(numbers) if name == "max" else min(numbers))
    held = next((v for v in args.pos if isinstance(v, (Stat, Length))), None)
    return held if held is not None else Unknown()


def _first(over: Value) -> Value:
    """An entry of what was chosen from: an estimator, so that it can be used afterwards."""
    if isinstance(over, Seq):
        for item in over.items:
            if isinstance(item, (Est, Obj)):
                return item
            if isinstance(item, Seq):
                inner = next((i for i in item.items if isinstance(i, (Est, Obj))), None)
                if inner is not None:
                    return item
    return None
