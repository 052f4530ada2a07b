"""Leaves the kernel as it was: random states, warnings filters, matplotlib's settings."""

from __future__ import annotations

import contextlib
import random
import sys
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Restore what a check, or a library under it, may have changed."""
    import numpy as np

    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002  (the user's, not ours)
    matplotlib = sys.modules.get("matplotlib")
    settings = matplotlib.rcParams.copy() if matplotlib is not None else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a finding says what matters; a user's cell must not fill with ours
            yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        if settings is not None and matplotlib is not None and matplotlib.rcParams != settings:
            dict.update(matplotlib.rcParams, settings)  # past the validation, which would warn of old names
