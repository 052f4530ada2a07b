"""What an estimator learnt from, and what could stop it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, as_data
from mlready_nb.leakage.cells.mixing import align
from mlready_nb.leakage.cells.values import Const, Data, Est, Fit, Map, Seq, Stat, Trace, Unknown, Value
from mlready_nb.leakage.cells.waiting import Boxed

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def param(est: Est, name: str) -> object:
    """A setting that is a literal."""
    held = est.params.get(name)
    return held.value if isinstance(held, Const) else None


# -- fit ---------------------------------------------------------------------
def fit(m: Machine, est: Est, args: Args, name: str = "fit") -> Value:
    """Note what an estimator learnt from."""
    given = args.get(0, "X", "x", "data", "raw_documents", "X_train", "training_data", "documents")
    labels = args.get(1, "y", "Y", "y_train", "target", "labels") if name != "adapt" else None
    node = args.node_of(0, "X", "x", "data", "training_data")
    if given is None and est.given is not None:
        given, labels = est.given
    if isinstance(given, Boxed):
        given, labels = given.X, given.y
    if isinstance(given, Unknown) and est.cls == "" and not given.is_data and labels is None and name == "train":
        return Unknown()
    X = as_data(m, given, m.text(node) if node is not None else "")
    y = as_data(m, labels) if labels is not None and not isinstance(labels, (Const, Map)) else None
    if X is None:
        return est
    if y is not None:
        align(X, y)
    text = m.text(node) if node is not None else (X.name or "the data")
    if name in {"partial_fit", "train_on_batch"} or param(est, "warm_start") is True:
        est.stepwise = True
    if name == "fit" and _const(args, "epochs") == 1:
        est.stepwise = True
    traces = frozenset(t for v in est.params.values() for t in _tuned(v))
    done = Fit(est, X.clone(), y.clone() if y is not None else None, m.site, text, traces, certain=m.doubt == 0)
    inner = next((s for s in est.steps if isinstance(s, Est) and s.fit is not None), None)
    if inner is not None and inner.fit is not None and (param(est, "cv") == "prefit" or "frozen" in inner.params):
        done.X = replace(inner.fit.X, rows=inner.fit.X.rows.plus(X.rows))
        done.X.cols = dict(inner.fit.X.cols)
    if name == "partial_fit" and est.fit is not None and not est.fit.X.rows.equals(X.rows):
        done.X = X.clone(rows=est.fit.X.rows.plus(X.rows))
    done.settings = settings(est)
    _stops(m, est, done, args)
    est.fit = done
    for step in est.steps:
        if isinstance(step, Est) and step.fit is None:
            step.fit = replace(done, est=step)
    from mlready_nb.leakage.cells.models import is_transformer

    if not is_transformer(est) or est.cls in tables.SEARCHES:
        m.fits.append(done)
    if est.cls in tables.SEARCHES and y is not None:
        m.saw("cross", done, X, text)
    return est


def settings(est: Est) -> dict[str, Value]:
    """Its settings and those of its steps."""
    out = dict(est.params)
    for step in est.steps:
        if isinstance(step, Est):
            out |= {f"{step.cls}.{key}": value for key, value in settings(step).items()}
    return out


def _const(args: Args, name: str) -> object:
    return args.const(None, name)


def _tuned(value: Value) -> frozenset[Trace]:
    if isinstance(value, Stat):
        return frozenset(t for t in value.traces if t.kind == "tuned")
    return frozenset()


def _stops(m: Machine, est: Est, done: Fit, args: Args) -> None:
    """Which data watched the training, and whether they could stop it."""
    options = {**est.params, **args.kw}
    sets: list[Data] = []
    for key in ("eval_set", "validation_data", "evals", "valid_sets", "eval_metric_set", "X_val", "dev_set"):
        value = options.get(key)
        if value is not None:
            sets += watched(m, value)
    if not sets:
        return
    done.watched = tuple(sets)
    stops = any(k for k in options if tables.STOPPERS.search(k) and not _off(options[k]) and k != "early_stopping")
    stops |= est.cls in tables.KEEPS_BEST and not (
        isinstance(options.get("use_best_model"), Const) and options["use_best_model"].value is False
    )
    stops |= any(_stopping(v) for k, v in options.items() if k in ("callbacks", "callback"))
    params = args.get(0, "params")
    if isinstance(params, Map) and any(isinstance(k, str) and tables.STOPPERS.search(k) for k in params.items):
        stops = True
    if stops:
        done.stops = tuple((d, m.site, m.text(m.statement_node)) for d in _deciding(sets, done))


def _deciding(sets: list[Data], done: Fit) -> list[Data]:
    """The training rows in a list of sets only watch: the others (for XGBoost the last) decide."""
    others = [d for d in sets if not d.rows.within(done.X.rows)]
    return others[-1:] if len(others) > 1 else others or sets[-1:]


def _off(value: Value) -> bool:
    return isinstance(value, Const) and value.value in (None, False, 0)


def _stopping(value: Value) -> bool:
    match value:
        case Est(cls=cls):
            if cls == "ModelCheckpoint":
                return param(value, "save_best_only") is True
            return cls in tables.STOPPING_CALLBACKS
        case Seq(items=parts):
            return any(_stopping(p) for p in parts)
    return False


def watched(m: Machine, value: Value) -> list[Data]:
    """The feature sets in `[(X_test, y_test)]`, `(X, y)`, `[(dtest, "test")]`, `[dset]`."""
    match value:
        case Data():
            return [value]
        case Boxed(X=inner, name=name):
            data = as_data(m, inner)
            return [data.clone(name=name or data.name)] if data is not None else []
        case Unknown():
            return [value.data()] if value.is_data else []
        case Seq(items=parts) if parts:
            first = parts[0]
            if isinstance(first, (Data, Unknown)) and len(parts) in (2, 3):
                data = as_data(m, first)
                return [data] if data is not None else []
            return [d for p in parts for d in watched(m, p)]
    return []
