"""Estimators, pipelines, boxes of data: what a class makes."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args
from mlready_nb.leakage.cells.attributes import pick
from mlready_nb.leakage.cells.values import Const, Data, Est, Lib, Obj, Seq, Stat, Unknown, Value, fresh
from mlready_nb.leakage.cells.waiting import Boxed

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


# -- construction ------------------------------------------------------------
def construct(m: Machine, lib: Lib, args: Args) -> Value:
    """A class of a library was called."""
    name = lib.last
    if name == "FrozenEstimator" and args.pos and isinstance(args.pos[0], Est):
        return replace(args.pos[0], params={**args.pos[0].params, "frozen": Const(True)}, number=fresh())
    if name == "DataLoader" and args.pos:
        return args.pos[0]
    if name in tables.BOXES:
        return Boxed(args.get(0, "data"), args.get(1, "label", "y"))
    est = Est(name, lib.path, params=dict(args.kw))
    est.params |= {f"#{i}": v for i, v in enumerate(args.pos) if isinstance(v, (Const, Unknown))}
    if args.more is not None and isinstance(args.more, Stat):
        est.params["**"] = args.more
    if name in tables.PIPELINES:
        est.cls = {
            "make_pipeline": "Pipeline",
            "make_column_transformer": "ColumnTransformer",
            "make_union": "FeatureUnion",
        }.get(name, name)
        est.steps = _steps(args.pos) + _steps(
            [v for k, v in args.kw.items() if k in ("steps", "transformers", "transformer_list", "regressor")]
        )
    elif name in tables.SEARCHES or any(isinstance(v, (Est, Obj)) for v in args.pos[:1]):
        inner = args.get(0, "estimator", "base_estimator")
        est.steps = (
            []
            if name in tables.SEARCHES
            else ([inner] if isinstance(inner, Est) and name == "CalibratedClassifierCV" else [])
        )
        if name in tables.LEARNT:
            est.steps = []
    elif name in tables.GIVEN:
        if name in ("ols", "logit", "glm"):
            est.given = _formula(args.const(0, "formula"), args.get(1, "data"))
        elif name not in ("ARIMA", "SARIMAX"):
            est.given = (args.get(1, "exog"), args.get(0, "endog"))
    return est


def _formula(formula: object, given: Value) -> tuple[Value, Value]:
    """What `"y ~ x + z"` (or `"np.log(y) ~ x"`) learns from, and the labels."""
    left = re.findall(r"[A-Za-z_]\w*(?![\w.(])", formula.partition("~")[0]) if isinstance(formula, str) else []
    data = given.data() if isinstance(given, Unknown) and given.is_data else given
    if not left or not isinstance(data, Data):
        return given, None
    label = left[-1]
    features = data.clone(cols={k: v for k, v in data.cols.items() if k != label}, gone=data.gone | {label})
    return features, pick(data, label)


def _steps(values: list[Value]) -> list[Value]:
    out: list[Value] = []
    for value in values:
        match value:
            case Est() | Obj():
                out.append(value)
            case Seq(items=parts):
                label = parts[0].value if parts and isinstance(parts[0], Const) else None
                inner = _steps(parts)
                if isinstance(label, str) and len(inner) == 1 and isinstance(inner[0], Est) and not inner[0].name:
                    inner[0].name = label
                out += inner
    return out
