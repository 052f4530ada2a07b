"""Methods of estimators: fit, transform, predict, score, and training functions."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, as_data
from mlready_nb.leakage.cells.attributes import _MODEL_METHODS, learnt
from mlready_nb.leakage.cells.fits import fit, param
from mlready_nb.leakage.cells.folding import note
from mlready_nb.leakage.cells.mixing import align
from mlready_nb.leakage.cells.rows import Cut
from mlready_nb.leakage.cells.values import (
    Col,
    Const,
    Data,
    Est,
    Filter,
    Fit,
    Obj,
    Seq,
    Stat,
    Trace,
    Unknown,
    Value,
    fresh,
)
from mlready_nb.leakage.cells.waiting import Boxed

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

_ORDER = ("target_encoding", "feature_selection", "preprocessing", "imputation")


def is_model_method(name: str) -> bool:
    """True for what only estimators have."""
    return name in _MODEL_METHODS


def learns(est: Value) -> str | None:
    """What kind of thing this transformer (or a step of this pipeline) learns from rows; `None` for nothing."""
    if isinstance(est, Obj):
        return None
    if not isinstance(est, Est):
        return None
    if est.steps:
        kinds = {k for k in (learns(s) for s in est.steps) if k}
        return next((k for k in _ORDER if k in kinds), None)
    if est.cls == "SimpleImputer" and param(est, "strategy") == "constant":
        return None
    if (
        est.cls in ("CountVectorizer", "TfidfVectorizer")
        and "vocabulary" in est.params
        and est.cls == "CountVectorizer"
    ):
        return None
    return tables.LEARNT.get(est.cls)


def is_transformer(est: Est) -> bool:
    """True for what only changes data."""
    if est.steps:
        last = [s for s in est.steps if isinstance(s, Est)]
        return bool(last) and all(is_transformer(s) for s in last)
    return est.cls in tables.LEARNT or est.cls in tables.STATELESS


def on_estimator(m: Machine, est: Est, name: str, args: Args) -> Value:
    """`est.name(...)`."""
    if est.cls in tables.SPLITTERS and name in ("split", "get_n_splits"):
        return folds(m, est, args) if name == "split" else Unknown()
    if name in (
        "fit",
        "fit_generator",
        "partial_fit",
        "train_on_batch",
        "adapt",
        "fit_on_texts",
        "build_vocab",
        "train",
        "fit_regularized",
        "update",
    ):
        return fit(m, est, args, name)
    if name in ("fit_transform", "fit_resample", "fit_sample", "fit_predict"):
        if name in ("fit_resample", "fit_sample"):
            return resampled(m, est, args)
        fit(m, est, args, name)
        if name == "fit_predict":
            return predicted(m, est, args, "predict")
        return transformed(m, est, args)
    if name in ("transform", "texts_to_sequences", "texts_to_matrix", "inverse_transform", "apply", "encode"):
        if name == "inverse_transform":
            data = as_data(m, args.get(0))
            return data.clone() if data is not None else Unknown()
        return transformed(m, est, args)
    if name in tables.PREDICTS or name in (
        "staged_predict",
        "staged_predict_proba",
        "__call__",
        "get_prediction",
        "forecast",
    ):
        return predicted(m, est, args, name)
    if name in tables.SCORES:
        return scored(m, est, args, name)
    if name == "set_params":
        est.params |= args.kw
        if isinstance(args.more, Stat):
            est.params["**"] = args.more
        return est
    if name == "evals_result":
        from mlready_nb.leakage.cells.attributes import learnt_score

        return learnt_score(m, est, name)
    if name in ("get_support", "get_feature_names_out", "get_score", "ranking", "get_feature_importance"):
        if est.fit is not None:
            selects = learns(est) == "feature_selection" or name in (
                "get_support",
                "get_score",
                "get_feature_importance",
            )
            return Stat(frozenset({learnt(m, est, "statistic")})) if selects else Unknown()
        return Unknown()
    if name in ("add", "append"):
        est.steps += [v for v in args.pos if isinstance(v, Est) and est.cls == "Pipeline"]
        return Const(None)
    if name in ("summary", "get_params", "compile", "save", "eval", "state_dict"):
        return est if name == "eval" else Const(None)
    return Unknown()


# -- transform ---------------------------------------------------------------
def transformed(m: Machine, est: Est, args: Args) -> Value:
    """Data into which what was learnt has gone."""
    given = args.get(0, "X", "x", "raw_documents", "texts")
    X = as_data(m, given, m.text(args.node_of(0)) if args.nodes else "")
    if X is None:
        return Unknown()
    kind = learns(est)
    out = X.clone(mask=None, form="frame")
    if kind == "feature_selection" or est.cls in ("PCA", "TruncatedSVD") or est.steps:
        out.partial = kind == "feature_selection" or bool(est.steps) or out.partial
    if not est.cls and est.fit is None:
        return out
    if not est.cls and kind is None:
        return out.clone(sure=False)
    if kind is not None and est.fit is not None:
        return out.traced({learnt(m, est, kind)})
    return out


def resampled(m: Machine, est: Est, args: Args) -> Value:
    """`SMOTE().fit_resample(X, y)`."""
    X, y = as_data(m, args.get(0, "X")), as_data(m, args.get(1, "y"))
    if X is None:
        return Unknown()
    if y is not None:
        align(X, y)
    text = m.text(args.node_of(0, "X"))
    out = X.clone()
    if est.cls in tables.UNDERSAMPLERS:
        cut = Cut((est.cls, X.rows), "mask", True, random=True)
        note = Filter(m.site, X.rows, "balance", f"{est.cls} on {text}", "balance")
        out = X.clone(rows=X.rows.cut(cut), filters=(*X.filters, note))
    else:
        words = f"{est.cls or 'a sampler'} made new rows from {text}"
        trace = Trace(
            "repeats", X.rows, m.site, words, op="class", names=tuple(n for n in (est.name,) if n), sure=X.sure
        )
        out.repeats = (*X.repeats, trace)
    labels = y.clone(rows=out.rows, filters=out.filters, repeats=out.repeats) if y is not None else Unknown()
    return Seq([out, labels])


# -- predict, score ----------------------------------------------------------
def predicted(m: Machine, est: Est, args: Args, name: str) -> Value:
    """Predictions, with which fit gave them and for which data."""
    given = args.get(0, "X", "x", "data", "exog", "newdata")
    if isinstance(given, Boxed):
        held = as_data(m, given.X)
        given = held.clone(name=given.name or held.name) if held is not None else None
    fitted = est.fit
    if given is None and fitted is not None and name in ("predict", "forecast"):
        X = fitted.X if name == "predict" and est.cls in tables.GIVEN else None
    else:
        X = as_data(m, given) if given is not None else None
    if name == "__call__" and fitted is None and X is not None:
        return forward(m, est, X, args)
    if X is None or fitted is None:
        return X.clone(form="series", sure=False) if X is not None and name != "__call__" else Unknown()
    whole = X.whole()
    col = Col(deps=frozenset(), traces=whole.traces, noisy=True)
    out = Data(
        X.rows, cols={"prediction": col}, rest=None, form="series", filters=X.filters, sure=X.sure, repeats=X.repeats
    )
    if est.cls in tables.CLUSTERERS or (fitted.y is None and est.cls in tables.LEARNT):
        return out.traced({learnt(m, est, "preprocessing")})
    if est.cls in tables.OUTLIERS:
        return out
    out.pred, out.seen = fitted, X.clone()
    m.saw("predict", fitted, X, m.text(args.node))
    if name.startswith("staged"):
        est.stepwise = True
        return Seq([out, out.clone()], open=True)
    return out


def forward(m: Machine, est: Est, X: Data, args: Args) -> Value:
    """A network (or its loss) is called: what comes out belongs to a fit that `backward` completes."""
    other = args.get(1)
    labels = other.data() if isinstance(other, Unknown) and other.is_data else other
    if X.pred is None and isinstance(labels, Data) and labels.pred is not None:
        X, labels = labels, X
    if X.pred is not None:
        if isinstance(labels, Data) and X.pred.y is None:
            align(X, labels)
            X.pred.y = labels.clone()
        return X.clone()
    out = X.clone(form="series")
    out.pred = Fit(est, X.clone(), None, m.site, m.text(args.node_of(0)), pending=True)
    out.seen = X.clone()
    return out


def backward(m: Machine, data: Data) -> Value:
    """`loss.backward()`: the network has learnt from these rows."""
    done = data.pred
    if done is not None and done.est.fit is not done:
        done.site, done.pending = m.site, False
        done.est.fit = done
        m.fits.append(done)
    return Const(None)


def scored(m: Machine, est: Est, args: Args, name: str) -> Value:
    """`model.score(X, y)`."""
    given = args.get(0, "X", "x", "X_test")
    if isinstance(given, Boxed):
        given = given.X
    X = as_data(m, given, m.text(args.node_of(0, "X", "x")) if args.nodes else "") if given is not None else None
    if X is None or est.fit is None or is_transformer(est):
        return Unknown()
    y = args.get(1, "y")
    if isinstance(y, Unknown) and y.is_data:
        y = y.data()
    if isinstance(y, Data):
        align(X, y)
    event = m.saw("score", est.fit, X, m.text(args.node))
    return Stat(events=(event,))


def folds(m: Machine, est: Est, args: Args) -> Value:
    """`splitter.split(X, y)`: pairs of positions."""
    X = as_data(m, args.get(0, "X"))
    if X is None:
        return Unknown()
    if args.nodes or args.kwnodes:
        note(m, args, 0, est)
    groups = args.get(2, "groups")
    pairs: list[Value] = []
    for _ in range(2):
        by = (
            frozenset(n for n, _ in groups.whole().deps)
            if isinstance(groups, Data) and "Group" in est.cls
            else frozenset()
        )
        event = ("fold" if est.cls not in tables.SHUFFLE_SPLITS else "drawn", est.cls, fresh(), by)
        train, test = (
            Data(X.rows.cut(Cut(event, "part", part, random=est.cls != "TimeSeriesSplit")), form="index")
            for part in ("train", "test")
        )
        if param(est, "shuffle") is True or est.cls in tables.SHUFFLE_SPLITS:
            m.split_data.append((m.site, X.clone(), True))
        m.split(X.rows, (train.rows, test.rows), m.text(m.statement_node), est.cls)
        pairs.append(Seq([train, test]))
        if param(est, "n_splits") == 1:
            break
    return Seq(pairs, open=True)
