"""What frames refuses."""

from __future__ import annotations


class NotATable(ValueError):
    """The data are no table of rows and columns; the message says what they are."""


class TooLarge(NotATable):
    """A table of ours would not fit into memory; `share` of the rows would."""

    def __init__(self, message: str, share: float) -> None:
        super().__init__(message)
        self.share = share
