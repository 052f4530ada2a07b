"""Calls: of functions in cells, of libraries' functions, of methods."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args, arguments, as_data, events_in, stats_in
from mlready_nb.leakage.cells.attributes import attribute, data_method
from mlready_nb.leakage.cells.iterate import Names
from mlready_nb.leakage.cells.values import (
    Class,
    Const,
    Data,
    Est,
    Fit,
    Func,
    Length,
    Lib,
    Map,
    Method,
    Obj,
    Seq,
    Stat,
    Unknown,
    Value,
)
from mlready_nb.leakage.cells.waiting import Boxed, Expr, Groups
from mlready_nb.leakage.cells.weights import predict

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


def call(m: Machine, node: ast.Call) -> Value:
    """The value of a call."""
    func: Value = None
    if isinstance(node.func, ast.Attribute):
        owner = m.eval(node.func.value)
        if isinstance(owner, Unknown) and not isinstance(owner, Names) and node.func.attr not in owner.parts:
            return on_method(m, owner, node.func.attr, arguments(m, node))
        func = attribute(m, owner, node.func.attr, node.func)
    else:
        func = m.eval(node.func)
    args = arguments(m, node)
    if isinstance(func, Lib) and any(isinstance(v, Expr) for v in args.pos) and not tables.READERS.match(func.last):
        held = args

        def build(frame: Data) -> Value:
            pos = [v.build(frame) if isinstance(v, Expr) else v for v in held.pos]
            result = invoke(m, func, Args(pos, held.kw, held.nodes, held.kwnodes, held.node, held.more))
            return result.build(frame) if isinstance(result, Expr) else result

        if func.last not in ("col", "all", "lit", "len", "print"):
            return Expr(build)
    return invoke(m, func, args)


def invoke(m: Machine, func: Value, args: Args) -> Value:
    """Call a value."""
    from mlready_nb.leakage.cells.functions import of_library
    from mlready_nb.leakage.cells.models import on_estimator

    match func:
        case Func():
            return _function(m, func, args)
        case Class():
            return _construct(m, func, args)
        case Lib():
            return of_library(m, func, args)
        case Method(owner=owner, name=name):
            return on_method(m, owner, name, args)
        case Est():
            return on_estimator(m, func, "__call__", args)
        case Data():
            return func
        case Stat(learnt=Fit() as done) if isinstance(args.get(0), Data):  # `poly1d(weights)(x)`
            return predict(m, args.get(0), done)
        case Obj(cls=Class() as cls) if "__call__" in cls.methods:
            inner = cls.methods["__call__"]
            return _function(m, Func(inner.node, inner.scope, inner.cell, bound=func), args)
    return unknown_call(m, args, func.name if isinstance(func, Unknown) else "")


def apply(m: Machine, func: Value, pos: list[Value], kw: dict[str, Value] | None = None) -> Value:
    """Call a value with these."""
    node = getattr(m.statement_node, "value", None)
    return invoke(m, func, Args(list(pos), dict(kw or {}), [], {}, node))


def unknown_call(m: Machine, args: Args, name: str = "") -> Value:
    """A function that is not known: a statistic stays one, data stay these rows (not surely)."""
    found = frozenset().union(*(stats_in(v) for v in args.all())) if args.all() else frozenset()
    events = tuple(e for v in args.all() for e in events_in(v))
    datas = [v for v in args.all() if isinstance(v, Data)]
    if datas:
        out = datas[0].clone(sure=False, mask=None, partial=True)
        return out.traced(found) if found else out
    if found or events:
        return Stat(found, events=events)
    return Unknown(name)


def on_method(m: Machine, owner: Value, name: str, args: Args) -> Value:
    """`owner.name(...)`."""
    from mlready_nb.leakage.cells import containers
    from mlready_nb.leakage.cells.groups import on_groups, over
    from mlready_nb.leakage.cells.methods import on_data
    from mlready_nb.leakage.cells.models import is_model_method, on_estimator

    if name in ("optimize", "maximize", "minimize") and isinstance(args.get(0, "func"), (Func, Obj)):
        from mlready_nb.leakage.cells.scoring import optimise

        return optimise(m, args.get(0, "func"), m.text(m.statement_node))
    match owner:
        case Data():
            return on_data(m, owner, name, args)
        case Stat():
            return containers.on_stat(m, owner, name, args)
        case Est():
            return on_estimator(m, owner, name, args)
        case Groups():
            return on_groups(m, owner, name, args)
        case Expr():
            if name in ("alias", "suffix", "prefix"):
                label = args.const(0)
                return Expr(owner.build, label if isinstance(label, str) and name == "alias" else owner.name)
            if name == "name":
                return owner

            def build(frame: Data) -> Value:
                inner = owner.build(frame)
                pos = [v.build(frame) if isinstance(v, Expr) else v for v in args.pos]
                kw = {k: v.build(frame) if isinstance(v, Expr) else v for k, v in args.kw.items()}
                if name == "over":
                    return over(m, inner, frame) if isinstance(inner, Stat) else inner
                return on_method(m, inner, name, Args(pos, kw, args.nodes, args.kwnodes, args.node, args.more))

            return Expr(build, owner.name)
        case Seq() | Map() | Const() | Length():
            return containers.on_container(m, owner, name, args)
        case Obj():
            return _on_object(m, owner, name, args)
        case Names():
            if any(isinstance(v, Stat) for v in args.pos):
                return Stat(stats_in(args.pos[0]))
            return containers.on_names(owner, name, args)
        case Boxed(X=inner, y=labels):
            if name == "create_valid":
                return Boxed(args.get(0, "data"), args.get(1, "label"))
            if name == "get_label":
                return labels if labels is not None else Unknown()
            if name in ("set_label", "set_weight"):
                return Const(None)
            data = as_data(m, inner)
            return on_data(m, data, name, args) if data is not None else Unknown()
        case Unknown():
            if owner.is_data and data_method(name) and not is_model_method(name):
                return on_data(m, owner.data(), name, args)
            if is_model_method(name):
                return on_estimator(m, owner.est(), name, args)
            if data_method(name):
                return on_data(m, owner.data(m.site), name, args)
    return unknown_call(m, args)


def _on_object(m: Machine, obj: Obj, name: str, args: Args) -> Value:
    """A method that the class in the notebook inherits: `fit_transform` from scikit-learn's mixin and such."""
    if obj.cls is not None:
        methods = obj.cls.methods
        if name in ("fit_transform", "fit_predict") and "fit" in methods:
            for part, given in (("fit", args), (name[4:], Args(args.pos[:1], {}, args.nodes[:1], {}, args.node))):
                if part in methods:
                    inner = methods[part]
                    result = _function(m, Func(inner.node, inner.scope, inner.cell, bound=obj), given)
            return result
    return unknown_call(m, args)


def _construct(m: Machine, cls: Class, args: Args) -> Value:
    if any(base.rpartition(".")[2] in ("Module", "Model", "LightningModule") for base in cls.bases):
        return Est(cls.node.name)
    obj = Obj(cls)
    if "__init__" in cls.methods:
        inner = cls.methods["__init__"]
        _function(m, Func(inner.node, inner.scope, inner.cell, bound=obj), args)
    else:
        names = [p.target.id for p in cls.node.body if isinstance(p, ast.AnnAssign) and isinstance(p.target, ast.Name)]
        obj.attrs |= dict(zip(names, args.pos, strict=False)) | args.kw
    return obj


def _function(m: Machine, func: Func, args: Args) -> Value:
    """Run a function of the notebook with these arguments."""
    spec = func.node.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    decorators = getattr(func.node, "decorator_list", [])
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in decorators)
    given = ([func.bound] if func.bound is not None and not static else []) + args.pos
    local: dict[str, Value] = {}
    defaults = spec.defaults
    for name, default in zip(names[len(names) - len(defaults) :], defaults, strict=True):
        local[name] = m.eval(default)
    for word, default_ in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        local[word.arg] = m.eval(default_) if default_ is not None else Unknown(word.arg)
    for i, name in enumerate(names):
        if i < len(given):
            local[name] = given[i]
        elif name in args.kw:
            local[name] = args.kw[name]
        elif name not in local:
            local[name] = Unknown(name)
    for word in spec.kwonlyargs:
        if word.arg in args.kw:
            local[word.arg] = args.kw[word.arg]
    if spec.vararg is not None:
        local[spec.vararg.arg] = Seq(list(given[len(names) :]))
    if spec.kwarg is not None:
        local[spec.kwarg.arg] = Map({k: v for k, v in args.kw.items() if k not in names}, rest=args.more)
    return m.enter(func, local)
