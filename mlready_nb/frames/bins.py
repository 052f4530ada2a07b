"""Columns cut into few bins with names a person can read."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from mlready_nb.frames.matrix import floats
from mlready_nb.frames.native import column_names
from mlready_nb.frames.values import codes, column, kinds, missing_mask

#: Bins of a number, and categories that are told apart; the rest are "other".
NUMBERS, LEVELS = 5, 12


def bins(X: Any, name: str, kind: str | None = None) -> tuple[np.ndarray[Any, Any], tuple[str, ...]] | None:
    """((n,) codes from 0, what each bin holds); `None` for a column that cannot be cut (one value, ids, free text)."""
    kind = kind or kinds(X)[name]
    values = column(X, name)
    if kind in ("numeric", "datetime") or (kind == "boolean" and values.dtype.kind in "fiu"):
        return _numbers(values, as_dates=kind == "datetime")
    if kind == "other":
        return None
    return _levels(values)


def _numbers(values: Any, *, as_dates: bool) -> tuple[np.ndarray[Any, Any], tuple[str, ...]] | None:
    numbers = floats(values)
    seen = numbers[np.isfinite(numbers)]
    distinct = np.unique(seen)
    if len(distinct) < 2:
        return None
    if len(distinct) <= NUMBERS + 1:
        cuts = (distinct[1:] + distinct[:-1]) / 2
        labels = [f"= {_said(v, as_dates)}" for v in distinct]
    else:
        cuts = np.unique(np.quantile(seen, np.linspace(0, 1, NUMBERS + 1)[1:-1]))
        shown = [_said(v, as_dates) for v in cuts]
        labels = [f"<= {shown[0]}", *(f"{a} to {b}" for a, b in itertools.pairwise(shown)), f"> {shown[-1]}"]
    place = np.searchsorted(cuts, numbers, side="left")
    gaps = ~np.isfinite(numbers)
    if gaps.any():
        place[gaps] = len(labels)
        labels.append("missing")
    return place.astype(np.intp), tuple(labels)


def _said(value: float, as_dates: bool) -> str:
    return str(np.datetime64(int(value), "s").astype("datetime64[D]")) if as_dates else f"{value:.4g}"


def _levels(values: Any) -> tuple[np.ndarray[Any, Any], tuple[str, ...]] | None:
    found, distinct = codes(values)
    if len(distinct) > max(50, 0.2 * len(found)):
        return None  # an id or free text
    sizes = np.bincount(found[found >= 0], minlength=len(distinct))
    kept = np.argsort(-sizes, kind="stable")[:LEVELS]
    labels = [f"= {str(distinct[k])[:40]!r}" for k in kept]
    place = np.full(len(distinct) + 1, len(kept), dtype=np.intp)
    place[kept] = np.arange(len(kept))
    if len(distinct) > len(kept):
        labels.append("= other")
    place[-1] = len(labels)
    if missing_mask(values).any():
        labels.append("missing")
    return (place[found], tuple(labels)) if len(labels) > 1 else None


def binned(X: Any, most: int) -> dict[str, tuple[np.ndarray[Any, Any], tuple[str, ...]]]:
    """Column -> its bins, for the first `most` columns that can be cut."""
    found: dict[str, tuple[np.ndarray[Any, Any], tuple[str, ...]]] = {}
    kind_of = kinds(X)
    for name in column_names(X):
        if len(found) == most:
            break
        made = bins(X, name, kind_of[name])
        if made is not None:
            found[name] = made
    return found
