"""Methods that change values: fills, shifts, windows, maps, tests."""

# ruff: noqa: ARG001  (handlers share one signature)

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args, stats_in
from mlready_nb.leakage.cells.masks import mask_of, opaque_mask
from mlready_nb.leakage.cells.methods import ahead
from mlready_nb.leakage.cells.mixing import mixed, used
from mlready_nb.leakage.cells.registry import method
from mlready_nb.leakage.cells.rows import Cut
from mlready_nb.leakage.cells.values import Const, Data, Map, Trace, Unknown, Value
from mlready_nb.leakage.cells.waiting import Expr, Groups
from mlready_nb.leakage.cells.weights import product

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine


@method("where", "mask")
def _where(m: Machine, data: Data, args: Args, _name: str) -> Value:
    condition, other = args.get(0, "cond"), args.get(1, "other")
    if isinstance(condition, Expr):
        condition = condition.build(data)
    nulls = isinstance(condition, Data) and condition.nulls
    out = mixed(m, data, condition) if isinstance(condition, Data) and not nulls else data.clone()
    found = other.traces() if isinstance(other, Data) else stats_in(other)
    return out.traced(used(found, "imputation" if nulls else "preprocessing"))


@method(
    "rolling",
    "expanding",
    "ewm",
    "resample",
    "groupby_dynamic",
    "rolling_mean",
    "rolling_sum",
    "rolling_std",
    "rolling_max",
    "rolling_min",
    "ewm_mean",
)
def _windows(m: Machine, data: Data, args: Args, name: str) -> Value:
    from mlready_nb.leakage.cells.groups import windowed

    if name in ("resample", "groupby_dynamic"):
        m.timed += [p.source for p in data.rows.pieces]
        return Groups(data, form="resample")
    centred = args.const(None, "center") is True
    groups = Groups(data, form="centred" if centred else "window")
    return windowed(m, groups, name) if "_" in name else groups


@method(
    "shift",
    "diff",
    "pct_change",
    "cumsum",
    "cummax",
    "cummin",
    "cumprod",
    "cum_sum",
    "cum_max",
    "cum_min",
    "lag",
    "lead",
)
def _shifted(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name.startswith("cum"):
        lag = -1 if data.rows.order.turned else 0
        return data.each(lambda c: replace(c, folded=True, deps=frozenset((n, min(k, k + lag)) for n, k in c.deps)))
    by = args.get(0, "periods", "n")
    steps = by.value if isinstance(by, Const) and isinstance(by.value, int) else 1
    if by is not None and not isinstance(by, Const):
        steps = 1
    if name == "lead":
        steps = -steps
    if data.rows.order.backwards:
        steps = -steps
    if name in ("diff", "pct_change"):
        return data.each(lambda c: replace(c, deps=c.deps | frozenset((n, k + steps) for n, k in c.deps)))
    return data.each(lambda c: replace(c, deps=frozenset((n, k + steps) for n, k in c.deps)))


# -- values ------------------------------------------------------------------
@method(
    "fillna",
    "fill_null",
    "fill_nan",
    "ffill",
    "bfill",
    "backfill",
    "pad",
    "interpolate",
    "forward_fill",
    "backward_fill",
)
def _fill(m: Machine, data: Data, args: Args, name: str) -> Value:
    how = str(args.const(None, "method", "strategy", "limit_direction") or "")
    value = args.get(0, "value")
    words = f"`{m.text(m.statement_node)}` filled gaps"
    if name in ("bfill", "backfill", "backward_fill") or how in ("bfill", "backfill", "backward"):
        return ahead(m, data, f"{words} with values of later rows", "filled")
    if name == "interpolate":
        return ahead(m, data, f"{words} between earlier and later rows", "filled")
    if how in ("mean", "min", "max", "median"):
        return data.traced({Trace("imputation", data.rows, m.site, f"{words} with the {how}", op=how, sure=data.sure)})
    if isinstance(value, Expr):
        value = value.build(data)
    if isinstance(value, Map):
        out = data.clone()
        for key, held in value.items.items():
            if isinstance(key, str) and data.form == "frame":
                out.cols[key] = data.column(key).traced(used(stats_in(held), "imputation"))
        return out.traced(used(stats_in(value.rest), "imputation")) if value.rest is not None else out
    found = value.traces() if isinstance(value, Data) else stats_in(value)
    if isinstance(value, Data) and value.pred is not None:
        by = value.pred
        told = f"`{m.text(m.statement_node)}` filled gaps by a model fitted on {by.text}"
        found |= {Trace("imputation", by.X.rows, by.site, told, names=(data.name,), sure=by.X.sure and data.sure)}
    return data.traced(
        used(
            frozenset(
                replace(t, kind="statistic")
                if t.kind == "preprocessing" and isinstance(value, Data) and t.grouped
                else t
                for t in found
            ),
            "imputation",
        )
    )


@method(
    "map",
    "apply",
    "applymap",
    "transform",
    "pipe",
    "map_elements",
    "map_batches",
    "progress_apply",
    "replace",
    "clip",
    "agg_",
)
def _applied(m: Machine, data: Data, args: Args, name: str) -> Value:
    from mlready_nb.leakage.cells.combine import applied

    return applied(m, data, args, name)


@method("then", "otherwise")
def _then(m: Machine, data: Data, args: Args, name: str) -> Value:
    """`pl.when(condition).then(one).otherwise(other)`."""
    given = args.get(0)
    found = used(
        given.traces() if isinstance(given, Data) else stats_in(given), "imputation" if data.nulls else "preprocessing"
    )
    out = data if data.nulls and name == "then" else mixed(m, data, given) if isinstance(given, Data) else data
    return out.clone(mask=None, form="series", nulls=data.nulls and name == "then").traced(found)


@method("rank", "qcut", "cut")
def _ranked(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name == "rank" and (args.const(0, "axis") == 1):
        return data.clone()
    words = f"`{m.text(m.statement_node)}` ranked the rows"
    return data.traced({Trace("preprocessing", data.rows, m.site, words, op=name, names=(data.name,), sure=data.sure)})


@method(
    "isin",
    "between",
    "is_in",
    "is_between",
    "isnull",
    "isna",
    "notnull",
    "notna",
    "is_null",
    "is_not_null",
    "is_nan",
    "duplicated",
    "is_duplicated",
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "ge",
)
def _tested(m: Machine, data: Data, args: Args, name: str) -> Value:
    if name in ("eq", "ne", "lt", "gt", "le", "ge"):
        sign = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}[name]
        other = args.get(0)
        if isinstance(other, Data):
            return mixed(m, data, other).clone(
                form="mask", mask=opaque_mask((name, data.whole().deps, other.whole().deps))
            )
        return mask_of(data, sign, other)
    given = args.get(0, "values", "other")
    if name in ("isin", "is_in"):
        if isinstance(given, Unknown) and given.is_data:
            given = given.data()
        if isinstance(given, Data):
            yes = Cut(("member", given.rows), "member", (given.rows, True))
            no = Cut(("member", given.rows), "member", (given.rows, False))
            if data.form == "index" or given.form == "index" or data.whole().deps == given.whole().deps:
                return data.clone(form="mask", mask=((yes,), (no,)))
            return data.clone(form="mask", mask=opaque_mask(("isin", data.whole().deps, id(given))))
        return mask_of(data, "in", given)
    if name in ("between", "is_between"):
        low, high = mask_of(data, ">=", args.get(0, "left")), mask_of(data, "<=", args.get(1, "right"))
        from mlready_nb.leakage.cells.masks import joined_masks

        return joined_masks(low, high, True)
    out = data.clone(form="mask", nulls=name not in ("duplicated", "is_duplicated"))
    pair = opaque_mask(("null" if out.nulls else name, data.whole().deps))
    out.mask = pair if "not" not in name else (pair[1], pair[0])
    return out


@method("dot", "matmul")
def _dot(m: Machine, data: Data, args: Args, name: str) -> Value:
    """`X.dot(w)`, `X.T.dot(y)`."""
    found = product(m, data, args.get(0))
    return found if found is not None else data.clone(sure=False)
