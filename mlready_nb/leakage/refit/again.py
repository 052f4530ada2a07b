"""Fitting a clone again, on a copy, within the time there is."""

from __future__ import annotations

import contextlib
import io
import time
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.describe import attribute
from mlready_nb.leakage.refit.found import leaves, parts
from mlready_nb.subjects import Budget

#: Rows that a trial fit takes, to tell what a whole one would cost.
TRIAL = 500
#: A fit may take this share of the time left, and never more seconds than this.
SHARE, SECONDS = 0.3, 4.0


#: Parameters that only make a fit talk, spread out, or write into what it is given.
QUIET = {"verbose": 0, "verbosity": 0, "copy": True, "n_jobs": 1, "warm_start": False}


class TooDear(Exception):
    """A refit would take more time than there is."""


def refitted(fitted: Any, X: Any, y: Any, budget: Budget) -> Any:
    """A clone fitted on a copy of these rows.

    Raises
    ------
    TooDear
        When a trial on a few rows says that it would take too long.
    """
    budget.check()
    n, allowed = frames.n_rows(X), min(SHARE * budget.left, SECONDS)
    if allowed <= 0:
        raise TooDear
    if n > 4 * TRIAL:
        rows = np.linspace(0, n - 1, TRIAL).astype(int)
        began = time.monotonic()
        with contextlib.suppress(Exception):  # too few rows of a class, say: the whole fit will tell
            _fit(fitted, frames.take(X, rows), None if y is None else frames.take(y, rows))
        if (time.monotonic() - began) * (n / TRIAL) > allowed:
            raise TooDear
    budget.check()
    return _fit(fitted, X, y)


def _fit(fitted: Any, X: Any, y: Any) -> Any:
    from sklearn.base import clone

    again = clone(fitted)
    params = again.get_params(deep=False)
    quiet = {k: v for k, v in QUIET.items() if params.get(k) is not None and not isinstance(params[k], str)}
    again.set_params(**{k: bool(v) if isinstance(params[k], bool) else v for k, v in quiet.items()})
    for part in (again, *parts(again)):
        if type(part).__module__.startswith("lightgbm"):
            part.set_params(verbose=-1)  # 0 still warns
    X = copied(X)
    with _silent(again):
        if y is None:
            return again.fit(X)
        try:
            return again.fit(X, copied(y))
        except TypeError:
            return again.fit(X)


def _silent(again: Any) -> contextlib.AbstractContextManager[Any]:
    """What the notebook's own classes print as they are fitted is not for the reader of a check."""
    own = any(type(part).__module__ == "__main__" for part in (again, *parts(again)))
    return contextlib.redirect_stdout(io.StringIO()) if own else contextlib.nullcontext()


def copied(X: Any) -> Any:
    """A copy that a fit may write into."""
    if isinstance(X, list):
        return list(X)
    for name in ("copy", "clone"):
        method = attribute(X, name)
        if callable(method):
            return method()
    return X


def asks_for_target(fitted: Any) -> bool:
    """It, or a part of it, may learn from labels: scikit-learn's tags say so of some selectors only."""
    for leaf in leaves(fitted):
        if attribute(leaf, "get_support") is not None:
            return True
        try:
            if leaf.__sklearn_tags__().target_tags.required:
                return True
        except Exception:  # noqa: S112  (no tags: an older or a foreign estimator)
            continue
    return False
