"""What checks ask of data, in every engine alike; nothing above this floor knows pandas from polars."""

from mlready_nb.frames.bins import binned
from mlready_nb.frames.edit import chosen, replaced
from mlready_nb.frames.errors import NotATable, TooLarge
from mlready_nb.frames.hashes import column_hashes, mixed, row_hashes, value_hashes
from mlready_nb.frames.matrix import numeric_matrix
from mlready_nb.frames.memory import afford
from mlready_nb.frames.native import (
    column_names,
    copied,
    follows_in_time,
    is_frame,
    is_sparse,
    n_columns,
    n_rows,
    recombined,
    row_ids,
    shape,
    stacked,
    table,
    take,
)
from mlready_nb.frames.screen import may_repeat
from mlready_nb.frames.values import KINDS, codes, column, is_indicator, kinds, labels, missing_mask, null_counts

__all__ = [
    "KINDS",
    "NotATable",
    "TooLarge",
    "afford",
    "binned",
    "chosen",
    "codes",
    "column",
    "column_hashes",
    "column_names",
    "copied",
    "follows_in_time",
    "is_frame",
    "is_indicator",
    "is_sparse",
    "kinds",
    "labels",
    "may_repeat",
    "missing_mask",
    "mixed",
    "n_columns",
    "n_rows",
    "null_counts",
    "numeric_matrix",
    "recombined",
    "replaced",
    "row_hashes",
    "row_ids",
    "shape",
    "stacked",
    "table",
    "take",
    "value_hashes",
]
