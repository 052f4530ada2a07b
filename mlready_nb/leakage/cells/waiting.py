"""Values that wait for something: a frame, or what is done to groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.values import Data

Value = Any


@dataclass(slots=True)
class Groups:
    """`df.groupby(...)`, `rolling`, `expanding`, `resample`: waits for what is done to each group."""

    data: Data
    keys: tuple[str, ...] = ()
    #: "group", "window", "ahead"
    form: str = "group"
    #: the data whose columns are meant, once chosen
    chosen: Data | None = None
    series_keys: tuple[Data, ...] = ()


@dataclass(slots=True)
class Expr:
    """A column expression (polars): waits for its frame."""

    build: Callable[[Data], Value]
    name: str | None = None


@dataclass(slots=True)
class Boxed:
    """`DMatrix(X, label=y)`, `Dataset`, `Pool`: data with labels."""

    X: Value
    y: Value
    name: str = ""
