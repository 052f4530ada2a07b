"""Reads expressions such as `df["sex"]`, `data.X_test` or `test.drop(columns="y")` without running code.

Only plain data is followed: names, attributes, subscripts by constants, and a few methods of tables that return a new
table. Nothing is ever handed to `eval`.
"""

from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable, Mapping
from typing import Any


class Unreadable(Exception):
    """The expression is none that is followed, or leads nowhere."""


#: Methods that give another view or a copy of a table or of labels.
_PURE = frozenset(
    {"drop", "copy", "to_numpy", "ravel", "flatten", "reshape", "astype", "toarray", "todense", "squeeze", "reset_index",
     "select", "to_pandas", "to_frame", "tolist", "filter", "select_dtypes", "to_list", "to_series", "head", "tail", "fillna",
     "get_column", "argmax", "map", "replace", "clip", "isin", "between", "isna", "notna", "eq", "ne", "lt", "le", "gt", "ge"}
)  # fmt: skip
#: Functions of NumPy and pandas that only change the form.
_FORMS = frozenset(
    {"array", "asarray", "ravel", "DataFrame", "Series", "squeeze", "reshape", "expand_dims", "log", "log1p", "log10", "exp",
     "expm1", "sqrt", "argmax", "concatenate", "vstack", "hstack", "concat", "column_stack", "add_constant", "get_dummies"}
)  # fmt: skip
_MODULES = ("numpy", "pandas", "polars", "statsmodels.api")
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.Add: operator.add, ast.Sub: operator.sub,
    ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
_TABLES = ("pandas", "polars", "numpy", "scipy", "pyarrow", "narwhals")
_TRANSFORMERS = ("sklearn", "imblearn", "category_encoders", "feature_engine")


def resolve(expression: str, namespace: Mapping[str, Any]) -> Any:
    """The value of an expression; raises `Unreadable`."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise Unreadable(str(error)) from error
    try:
        return _value(tree.body, namespace)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _value(node: ast.AST, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Name(id=name):
            if name not in names:
                raise Unreadable(name)
            return names[name]
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.UnaryOp(op=ast.Invert(), operand=operand) if _home(_value(operand, names)) in _TABLES:
            return ~_value(operand, names)
        case ast.List(elts=parts):
            return [_value(p, names) for p in parts]
        case ast.Tuple(elts=parts):
            return tuple(_value(p, names) for p in parts)
        case ast.Slice(lower=low, upper=high, step=step):
            return slice(*(None if p is None else _value(p, names) for p in (low, high, step)))
        case ast.Attribute(value=owner, attr=attr):
            return _attribute(_value(owner, names), attr)
        case ast.Subscript(value=owner, slice=key):
            held = _value(owner, names)
            if not isinstance(held, (dict, list, tuple)) and _home(held) not in _TABLES:
                raise Unreadable(f"{type(held).__name__} is not read by subscript")
            return held[_value(key, names)]
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_value(k, names): _value(v, names) for k, v in zip(keys, values, strict=True) if k is not None}
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
            return _COMPARED[type(op)](*_plain(_value(left, names), _value(right, names)))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _BINARY:
            return _BINARY[type(sign)](*_plain(_value(left, names), _value(right, names)))
        case ast.Call():
            return _call(node, names)
    raise Unreadable(type(node).__name__)


def _plain(one: Any, two: Any) -> tuple[Any, Any]:
    """Two operands that are data: of tables, or plain numbers and words; anything else might run a user's code."""
    tables = [_home(v) in _TABLES for v in (one, two)]
    plain = (int, float, str) if any(tables) else (int, float)
    for value, table in zip((one, two), tables, strict=True):
        if not table and not isinstance(value, plain) and _home(value) != "datetime":
            raise Unreadable(f"{type(value).__name__} is no operand that is followed")
    return one, two


def _attribute(owner: Any, attr: str) -> Any:
    if attr.startswith("__"):
        raise Unreadable(attr)
    if _home(owner) in _TABLES or isinstance(owner, dict):
        value = owner[attr] if isinstance(owner, dict) else getattr(owner, attr)
        if callable(value) and attr not in ("iloc", "loc"):
            raise Unreadable(attr)
        return value
    held = getattr(owner, "__dict__", {})
    if attr in held:
        return held[attr]
    if _home(owner) in _TRANSFORMERS and attr in ("best_estimator_", "named_steps", "steps"):
        return getattr(owner, attr)
    raise Unreadable(f"{type(owner).__name__} has no plain attribute {attr!r}")


def _call(node: ast.Call, names: Mapping[str, Any]) -> Any:
    if not isinstance(node.func, ast.Attribute):
        if isinstance(node.func, ast.Name) and node.func.id in ("list", "tuple") and len(node.args) == 1:
            return list(_value(node.args[0], names))
        raise Unreadable("call")
    method = node.func.attr
    owner = _value(node.func.value, names)
    words = {k.arg: _value(k.value, names) for k in node.keywords if k.arg is not None}
    if words.get("inplace") or len(words) != len(node.keywords):
        raise Unreadable("a call that changes its object")
    arguments = [_value(a, names) for a in node.args]
    if any(callable(a) for a in (*arguments, *words.values()) if not isinstance(a, type)):
        raise Unreadable("a call that is handed a function")
    if method in ("transform", "fit_transform") and _home(owner) in _TRANSFORMERS:
        return owner.transform(arguments[0] if arguments else words["X"])
    if method in _PURE and _home(owner) in _TABLES:
        return getattr(owner, method)(*arguments, **words)
    if method in _FORMS and inspect.ismodule(owner) and owner.__name__ in _MODULES and arguments:
        return getattr(owner, method)(*arguments, **words)
    raise Unreadable(f"{method} is not followed")


def _home(value: Any) -> str:
    return type(value).__module__.partition(".")[0]
