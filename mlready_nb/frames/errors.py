"""What frames refuses."""

from __future__ import annotations


class NotATable(ValueError):  # noqa: N818 - says what the data are
    """The data are no table of rows and columns; the message says what they are."""
