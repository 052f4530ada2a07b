"""Where handlers of functions and of methods are kept, by name: to know a new one is to write one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args
from mlready_nb.leakage.cells.values import Data, Lib, Value

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

Handler = Callable[["Machine", Lib, Args], Value]
FUNCTIONS: dict[str, Handler] = {}


def function(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler for these functions."""

    def put(handler: Handler) -> Handler:
        for name in names:
            FUNCTIONS[name] = handler
        return handler

    return put


MethodHandler = Callable[["Machine", Data, Args, str], Value]
METHODS: dict[str, MethodHandler] = {}


def method(*names: str) -> Callable[[MethodHandler], MethodHandler]:
    """Register a handler for these methods of data."""

    def put(handler: MethodHandler) -> MethodHandler:
        for name in names:
            METHODS[name] = handler
        return handler

    return put
