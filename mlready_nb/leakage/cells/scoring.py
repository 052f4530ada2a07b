"""Functions that score: metrics, cross-validation, curves, training functions of boosters, optimisers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, as_data, events_in
from mlready_nb.leakage.cells.folding import note
from mlready_nb.leakage.cells.values import Const, Data, Est, Func, Lib, Map, Obj, Seq, Stat, Unknown, Value
from mlready_nb.leakage.cells.waiting import Boxed

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine
    from mlready_nb.leakage.cells.state import Event


def takes(name: str) -> bool:
    """True for a function that scores."""
    return (
        name in tables.CROSS
        or name in tables.ON_MODEL
        or name in tables.OPTIMISERS
        or tables.is_metric(name)
        or name in ("train", "cv")
    )


def score(m: Machine, lib: Lib, args: Args) -> Value:
    """The value of such a call."""
    name = lib.last
    if name in tables.CROSS:
        return _cross(m, args, name)
    if name in tables.ON_MODEL:
        return _on_model(m, args, name)
    if name in ("train", "cv"):
        return _train(m, args, name)
    if name in tables.OPTIMISERS:
        return optimise(m, args.get(tables.OPTIMISERS[name], "f", "func", "fn", "objective"), m.text(m.statement_node))
    return _metric(m, args, name)


def _metric(m: Machine, args: Args, name: str) -> Value:
    flat = [v.data() if isinstance(v, Unknown) and v.is_data else v for v in args.all()]
    datas = [v for v in flat if isinstance(v, Data)]
    predicted = next((d for d in datas if d.pred is not None), None)
    if predicted is not None and predicted.pred is not None and predicted.pred.pending:
        return Unknown()
    if predicted is None:
        if name in tables.LABEL_STATS or name in tables.STATS:
            from mlready_nb.leakage.cells.functions_frames import label_stat

            return label_stat(m, name, args)
        events = tuple(e for v in args.all() for e in events_in(v))
        if not events and name not in tables.NO_METRIC and "report" not in name[:3]:
            m.unresolved += 1
        return Stat(events=events) if events else Unknown()
    from mlready_nb.leakage.cells.methods import _filters
    from mlready_nb.leakage.cells.mixing import align

    for other in datas:
        if other is not predicted:
            align(predicted, other)
    assert predicted.pred is not None
    seen = predicted.seen or predicted
    T = seen.clone(rows=predicted.rows, filters=_filters(seen, predicted), sure=seen.sure and predicted.sure)
    for other in datas:
        if other is not predicted and other.rows.within(T.rows):
            T.rows = other.rows
            T.filters = _filters(T, other)
    event = m.saw("metric", predicted.pred, T, m.text(args.node))
    out = Stat(events=(event,))
    if name in tables.CURVES:
        event.curve = True
        return Seq([Stat(events=(event,)), Stat(events=(event,)), Stat(events=(event,))], fixed=True)
    return out


def _cross(m: Machine, args: Args, name: str) -> Value:
    est = args.get(0, "estimator")
    X = as_data(m, args.get(1, "X"), m.text(args.node_of(1, "X")))
    y = as_data(m, args.get(2, "y"))
    if isinstance(est, Unknown):
        est = est.est()
    if X is None or not isinstance(est, Est):
        return Unknown()
    from mlready_nb.leakage.cells.mixing import align
    from mlready_nb.leakage.cells.values import Fit

    if y is not None:
        align(X, y)
    text = m.text(args.node_of(1, "X"))
    done = Fit(est, X.clone(), y.clone() if y is not None else None, m.site, text)
    m.saw("cross", done, X, m.text(args.node))
    cv = args.get(None, "cv")
    note(m, args, 1, cv)
    if isinstance(cv, Est) and isinstance(cv.params.get("shuffle"), Const) and cv.params["shuffle"].value is True:
        m.split_data.append((m.site, X.clone(), True))
    if name == "cross_val_predict":
        return X.clone(form="series", sure=False)
    return Stat()


def _on_model(m: Machine, args: Args, name: str) -> Value:
    est = args.get(0, "estimator", "model")
    X = as_data(m, args.get(1, "X"))
    if name == "from_estimator" and args.get(2, "y") is None:
        return Unknown()  # a drawing of the model's surface: nothing is scored without labels
    if isinstance(est, Est) and est.fit is not None and X is not None:
        if name == "permutation_importance":
            from mlready_nb.leakage.cells.values import Trace

            words = f"`{m.text(m.statement_node)}` was computed"
            return Stat(frozenset({Trace("statistic", X.rows, m.site, words, op=name)}))
        if "partial" not in name:
            event = m.saw("score", est.fit, X, m.text(args.node))
            return Stat(events=(event,))
    return Unknown()


def _train(m: Machine, args: Args, name: str) -> Value:
    """`xgb.train(params, dtrain, ...)`, `lgb.train(params, dataset, ...)`, `catboost.train`."""
    from mlready_nb.leakage.cells.fits import fit

    box = next((v for v in args.all() if isinstance(v, Boxed)), None)
    if box is None:
        return Unknown()
    est = Est("Booster", params=dict(args.kw))
    params = args.get(0, "params")
    if isinstance(params, Map):
        est.params |= {k: v for k, v in params.items.items() if isinstance(k, str)}
    spot = next((i for i, v in enumerate(args.pos) if v is box), 1)
    given = Args(
        [box],
        {k: v for k, v in args.kw.items() if v is not box and k != "params"},
        args.nodes[spot : spot + 1],
        {},
        args.node,
    )
    later = [v for v in args.pos[spot + 1 :] if isinstance(v, Seq)]
    if later:
        given.kw.setdefault("evals", later[0])
    fit(m, est, given)
    if name == "cv" and est.fit is not None:
        m.saw("cross", est.fit, est.fit.X, m.text(args.node))
        return Stat()
    record = args.get(None, "evals_result")
    if isinstance(record, Map) and est.fit is not None:
        from mlready_nb.leakage.cells.attributes import learnt_score

        record.rest = learnt_score(m, est, "history")
    return est


def optimise(m: Machine, func: Value, text: str) -> Value:
    """A library calls the function again and again and keeps the best."""
    from mlready_nb.leakage.cells.calls import apply

    if not isinstance(func, (Func, Obj)):
        return Unknown()
    found: list[Event] = []
    m.loops.append(id(func))
    for _ in range(2):
        pos: list[Value] = [Unknown("trial")] if isinstance(func, Obj) or func.node.args.args else []
        result = apply(m, func, pos)
        found += events_in(result)
    m.loops.pop()
    if found:
        m.choose(found, text, "best")
    return Stat(events=tuple(found), kept=Const(None))
