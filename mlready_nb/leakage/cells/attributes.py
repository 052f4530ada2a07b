"""`owner.attr`."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.rows import END
from mlready_nb.leakage.cells.values import (
    Class,
    Col,
    Const,
    Data,
    Est,
    Func,
    Length,
    Lib,
    Map,
    Method,
    Obj,
    Seq,
    Stat,
    Trace,
    Unknown,
    Value,
)
from mlready_nb.leakage.cells.waiting import Boxed, Expr, Groups

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

#: Attributes of data that are the data again, in another form.
_SAME = frozenset(
    ["values", "array", "T", "str", "dt", "cat", "sparse", "plot", "A", "at", "iat", "loc", "iloc", "data_"]
)
_MODEL_METHODS = (
    frozenset(
        [
            "fit",
            "fit_transform",
            "fit_resample",
            "fit_sample",
            "fit_predict",
            "partial_fit",
            "transform",
            "inverse_transform",
            "compile",
            "fit_generator",
            "fit_on_texts",
            "texts_to_sequences",
            "texts_to_matrix",
            "adapt",
            "train_on_batch",
            "set_params",
            "get_params",
            "fit_transform_",
            "add",
            "summary",
            "cross_validate",
            "staged_predict",
            "staged_predict_proba",
            "get_support",
            "evaluate",
            "kneighbors",
            "get_feature_names_out",
            "get_booster",
            "best_iteration",
            "save",
            "save_model",
            "evals_result",
            "iter_modules",
            "state_dict",
            "eval",
            "train",
        ]
    )
    | tables.PREDICTS
    | tables.SCORES
)
_NOT_LEARNT = frozenset(
    ["classes_", "n_features_in_", "feature_names_in_", "n_classes_", "categories_", "n_outputs_", "vocabulary_"]
)


def data_method(name: str) -> bool:
    """True for a name that is a method of frames or arrays."""
    from mlready_nb.leakage.cells.registry import METHODS

    return name in METHODS or name in tables.STATS or name in tables.SAME or name in tables.COUNTS


def attribute(m: Machine, owner: Value, attr: str, node: ast.Attribute) -> Value:
    """The value of `owner.attr`."""
    match owner:
        case Lib(path=path):
            if attr in ("nan", "NaN", "inf", "NaT", "NA", "pi"):
                return Unknown(attr)
            return Lib(f"{path}.{attr}")
        case Data():
            return _of_data(m, owner, attr)
        case Stat():
            if attr == "index" and not owner.ranked:
                return replace(owner, labels=True)
            if attr in ("index", "values", "T", "loc", "iloc", "columns", "array", "at", "statistic", "pvalue"):
                return owner
            return Method(owner, attr)
        case Est():
            return _of_est(m, owner, attr)
        case Obj(attrs=attrs, cls=cls):
            if attr in attrs:
                return attrs[attr]
            if cls is not None and attr in cls.methods:
                func = cls.methods[attr]
                found = _property(m, func, owner)
                return found if found is not None else Func(func.node, func.scope, func.cell, bound=owner)
            if cls is not None and attr in cls.attrs:
                return cls.attrs[attr]
            if attr in _MODEL_METHODS:
                return Method(owner, attr)
            return attrs.setdefault(attr, Unknown(attr))
        case Class(methods=methods):
            return methods[attr] if attr in methods else Unknown(attr)
        case Groups():
            if attr in tables.STATS or attr in tables.SAME or attr in tables.COUNTS or data_method(attr):
                return Method(owner, attr)
            from mlready_nb.leakage.cells.groups import choose

            return choose(owner, Const(attr))
        case Names():
            if attr in ("str", "values", "to_series"):
                return owner
            return Method(owner, attr)
        case Unknown():
            if attr in owner.parts:
                return owner.parts[attr]
            if owner.is_data:
                return _of_data(m, owner.data(), attr)
            if attr in _MODEL_METHODS or data_method(attr):
                return Method(owner, attr)
            if owner.is_est:
                return _of_est(m, owner.est(), attr)
            if attr in ("shape", "columns", "index", "values", "iloc", "loc"):
                return _of_data(m, owner.data(m.site), attr)
            return owner.parts.setdefault(attr, Unknown(attr))
        case Seq() | Map() | Const() | Expr() | Length() | Func():
            return Method(owner, attr)
        case Boxed(X=inner, y=labels):
            return {"label": labels, "data": inner}.get(attr) or Method(owner, attr)
        case Method(owner=Stat() as stat):  # `result.importances_mean.argsort`: no method after all
            return attribute(m, stat, attr, node)
        case Method():
            return Unknown(attr)
    return Unknown(attr)


def _property(m: Machine, func: Func, owner: Obj) -> Value | None:
    node = func.node
    if isinstance(node, ast.FunctionDef) and any(
        isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list
    ):
        return m.enter(func, {node.args.args[0].arg: owner})
    return None


def _of_data(m: Machine, data: Data, attr: str) -> Value:
    if attr == "shape":
        return Seq([Length(END, data.rows), Unknown("width")])
    if attr == "columns":
        if data.rest is None and not data.partial and data.cols:
            return Seq([Const(c) for c in data.cols], fixed=True)
        return Names(data.clone(), exact=True)
    if attr == "index":
        return data.clone(form="index", cols={}, rest=Col(), mask=None, filters=data.filters)
    if attr in ("iloc", "loc", "at", "iat"):
        return Method(data, attr)
    if attr == "T":
        return data.clone(turned=not data.turned)
    if attr in _SAME:
        return data.clone() if attr != "str" else data
    if attr in ("dtypes", "dtype", "ndim", "name", "size", "names", "schema", "width"):
        return Names(data) if attr in ("dtypes", "names", "schema") else Unknown(attr)
    if attr == "height":
        return Length(END, data.rows)
    if attr in data.cols:
        return pick(data, attr)
    if data_method(attr):
        return Method(data, attr)
    if data.form == "frame" and (data.rest is not None) and attr not in _MODEL_METHODS:
        return pick(data, attr) if attr.isidentifier() and not attr.startswith("_") else Unknown(attr)
    return Method(data, attr)


def pick(data: Data, name: str) -> Data:
    """One column."""
    if name in data.preds:
        return data.preds[name].clone()
    return data.clone(cols={name: data.column(name)}, rest=None, form="series", mask=None, partial=False)


def _of_est(m: Machine, est: Est, attr: str) -> Value:
    if attr in (
        "best_estimator_",
        "steps",
        "named_steps",
        "estimator_",
        "base_estimator",
        "estimator",
        "model",
        "booster_",
    ):
        return est
    if attr in ("best_score_", "cv_results_"):
        m.read.add(est.number)
    if attr in (
        "history",
        "evals_result_",
        "best_score_",
        "best_score",
        "best_iteration_",
        "best_iteration",
        "best_ntree_limit",
    ):
        return learnt_score(m, est, attr)
    if attr in est.params and not attr.endswith("_"):
        return est.params[attr]
    if attr == "labels_" and est.fit is not None:
        out = est.fit.X.clone(form="series", cols={"labels": Col()}, rest=None)
        return out.traced({learnt(m, est, "preprocessing")})
    if attr.endswith("_") and not attr.startswith("_") and attr not in _NOT_LEARNT and est.fit is not None:
        kind = "tuned" if attr in ("best_params_", "best_index_", "cv_results_", "alpha_", "C_") else "statistic"
        return Stat(frozenset({learnt(m, est, kind)}))
    if attr in ("params", "pvalues", "tvalues", "rsquared", "bic", "aic") and est.fit is not None:
        return Stat(frozenset({learnt(m, est, "statistic")}))
    return Method(est, attr)


def learnt_score(m: Machine, est: Est, attr: str) -> Value:
    """What a model kept of the scores that it saw while it was trained."""
    if est.fit is None:
        return Method(est, attr)
    sets = (*est.fit.watched, *(s[0] for s in est.fit.stops))
    events = [m.saw("watched", est.fit, data, attr) for data in sets if not data.rows.within(est.fit.X.rows)]
    if est.cls in tables.SEARCHES:
        return Stat(frozenset())
    return Stat(frozenset(), events=tuple(events))


def learnt(m: Machine, est: Est, kind: str) -> Trace:
    """The trace that a fit leaves."""
    fit = est.fit
    assert fit is not None
    return Trace(
        kind=kind,
        over=fit.X.rows,
        site=fit.site,
        words=f"{est.cls or est.name or 'a transformer'} was fitted on {fit.text}",
        names=tuple(n for n in (est.name,) if n),
        of=frozenset(),
        op=est.cls,
        sure=fit.X.sure and fit.certain,
    )
