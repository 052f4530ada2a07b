"""One row that nobody has: medians and commonest values; and the request that carries it, by the API's own schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np

from mlready_nb import frames
from mlready_nb.finding import plain

#: Rows that the typical values are taken from.
LOOK = 5_000
#: How deep a schema is followed.
DEPTH = 6


def typical(X: Any) -> dict[str, Any]:
    """Column -> its median, or the commonest value where it holds no numbers."""
    n = frames.n_rows(X)
    look = X if n <= LOOK else frames.take(X, np.unique(np.linspace(0, n - 1, LOOK).astype(np.intp)))
    row: dict[str, Any] = {}
    for name, kind in frames.kinds(look).items():
        values = frames.column(look, name)
        known = values[~frames.missing_mask(values)]
        if len(known) == 0:
            row[name] = None
        elif kind in ("number", "integer", "float") or known.dtype.kind in "iuf":
            middle = np.quantile(known.astype(float), 0.5, method="lower" if known.dtype.kind in "iu" else "linear")
            row[name] = int(middle) if known.dtype.kind in "iu" else float(middle)
        else:
            options, counts = np.unique(known.astype(str), return_counts=True)
            wanted = options[int(np.argmax(counts))]
            row[name] = next(v for v in known.tolist() if str(v) == wanted)
    return row


def as_row(X: Any, row: Mapping[str, Any]) -> Any:
    """The row as a table of X's own type."""
    one = frames.take(X, np.array([0]))
    if not frames.is_frame(one):
        return np.array([[row[n] for n in frames.column_names(X)]], dtype=np.asarray(one).dtype)
    frame = nw.from_native(one, eager_only=True)
    values = [nw.lit(row[c]).cast(frame.schema[c]).alias(c) for c in frame.columns if row.get(c) is not None]
    return frame.with_columns(*values).to_native()


def requests(schema: Any, document: Any, row: Mapping[str, Any]) -> list[Any]:
    """Bodies to try, the one by the schema first."""
    plainly = {name: plain(value) for name, value in row.items()}
    found: list[Any] = []
    if isinstance(schema, Mapping):
        found.append(_filled(schema, document, plainly, DEPTH))
    values = list(plainly.values())
    found += [plainly, {"instances": [plainly]}, {"dataframe_records": [plainly]}, {"inputs": [plainly]}, [plainly]]
    found += [{"features": values}, {"instances": [values]}, {"data": [values]}]
    return [b for i, b in enumerate(found) if b not in found[:i]]


def _filled(schema: Any, document: Any, row: Mapping[str, Any], depth: int) -> Any:
    """A value that fits a JSON schema, with the row's values under their names."""
    schema = _resolved(schema, document)
    if depth == 0 or not isinstance(schema, Mapping):
        return None
    for key in ("anyOf", "oneOf", "allOf"):
        if isinstance(schema.get(key), list) and schema[key] and "properties" not in schema:
            return _filled(schema[key][0], document, row, depth - 1)
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        by_name = {_same(n): v for n, v in row.items()}
        return {
            name: by_name[_same(name)] if _same(name) in by_name else _filled(inner, document, row, depth - 1)
            for name, inner in properties.items()
        }
    kind = schema.get("type")
    if kind == "array":
        inner = _resolved(schema.get("items", {}), document)
        simple = isinstance(inner, Mapping) and inner.get("type") in ("number", "integer", "string")
        return list(row.values()) if simple else [_filled(inner, document, row, depth - 1)]
    if kind == "object" or not kind:
        return dict(row)
    for key in ("example", "default"):
        if key in schema:
            return schema[key]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return schema["enum"][0]
    return {"number": 0.0, "integer": 0, "boolean": False, "string": "a"}.get(str(kind))


def _resolved(schema: Any, document: Any) -> Any:
    """What a `$ref` inside the document stands for."""
    for _ in range(DEPTH):
        ref = schema.get("$ref") if isinstance(schema, Mapping) else None
        if not isinstance(ref, str) or not ref.startswith("#/"):
            return schema
        schema = document
        for part in ref[2:].split("/"):
            schema = schema.get(part.replace("~1", "/")) if isinstance(schema, Mapping) else None
    return schema


def _same(name: str) -> str:
    """`Marital Status`, `marital-status` and `marital_status` are one."""
    return "".join(c for c in name.casefold() if c.isalnum())
