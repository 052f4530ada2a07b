"""Keeps the state in the open notebook: the front end writes its metadata, and says whether it could."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mlready_nb.state import State


class FrontEndStore:
    """Hands each state to a front end; what was not yet asked for is handed over when it says hello.

    Parameters
    ----------
    send
        Takes `{"store": raw, "turn": n}`; the answer comes back through `Session.stored`.
    """

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send = send
        self.connected = False
        self.turn = 0
        self._waiting: State | None = None

    def load(self) -> State | None:
        """Nothing: the front end hands over what the notebook holds when it says hello."""
        return None

    def save(self, state: State) -> bool:
        """Hand it over; `False`: whether it was kept is known when the front end answers."""
        if self.connected:
            self.turn += 1
            self._send({"store": state.to_json(), "turn": self.turn})
        else:
            self._waiting = state
        return False

    def hello(self) -> bool:
        """The front end is there; returns whether something was waiting for it."""
        self.connected = True
        waiting, self._waiting = self._waiting is not None, None
        return waiting
