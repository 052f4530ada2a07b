"""A derived subject: computed once a run, and asked for by name."""

from typing import Any

from mlready_nb import frames


def column_order(X_train: Any) -> tuple[str, ...]:
    """The columns of the training data, in their order."""
    return tuple(map(str, frames.column_names(X_train)))
