"""The rows witness: what the rows of both sides tell, whatever the cells say."""

from mlready_nb.leakage.rows.witness import witness

__all__ = ["witness"]
