"""What frames refuses."""

from __future__ import annotations


class NotATable(ValueError):
    """The data are no table of rows and columns; the message says what they are."""
