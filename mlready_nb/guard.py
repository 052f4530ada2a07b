"""Leaves the kernel as it was: random states, warnings filters, matplotlib's settings, folder, environment.

A check may run while a cell runs beside it, and may be left behind when it does not end. So whoever waits for the
check restores, never the check's own thread, which may come to it much later; and where a cell has begun meanwhile,
what it set is the user's, and nothing is put back over it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

_turn = 0


def cell_began() -> None:
    """The front end says that a cell of the user's starts to run."""
    global _turn  # noqa: PLW0603  (one kernel, one count)
    _turn += 1


class _NotMain:
    """Stands for a filter's pattern: matches whatever is warned outside the main thread, where the user's cells run."""

    def match(self, _: str) -> bool:
        return threading.current_thread() is not threading.main_thread()

    @property
    def pattern(self) -> str:
        """What scikit-learn's parallel jobs build their own filters from: everything, or nothing in a user's cell."""
        return "" if self.match("") else "(?!)"

    @property
    def flags(self) -> int:
        """As a compiled pattern has them."""
        return 0

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return re.compile, ("(?!)",)  # joblib hands filters to its processes: there it matches nothing


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """A finding says what matters: warnings of other threads than the user's are not shown.

    One entry is put into the user's own list and taken out again. `catch_warnings` would swap the list itself, and
    when a cell does the same beside us, the later one to end brings back the other's filters for good.
    """
    held = warnings.filters
    entry: Any = ("ignore", _NotMain(), Warning, None, 0)
    held.insert(0, entry)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for filters in (held, warnings.filters):
            with contextlib.suppress(ValueError):
                filters.remove(entry)  # type: ignore[attr-defined]


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Restore what a check, or a library under it, may have changed."""
    begun = _turn
    restore = [keep() for keep in (_filters, _random, _torch, _folder, _environment, _matplotlib, _tqdm)]
    try:
        with silenced():
            yield
    finally:
        if _turn == begun:
            for undo in restore:
                undo()


def _filters() -> Callable[[], None]:
    held, entries, show = warnings.filters, list(warnings.filters), warnings.showwarning

    def undo() -> None:
        if warnings.showwarning is not show:  # a library under us sent warnings to the log (detect-secrets does)
            logging.captureWarnings(capture=False)
            warnings.showwarning = show
        if list(held) != entries:
            held[:] = entries  # type: ignore[index]
        warnings.filters = held

    return undo


def _random() -> Callable[[], None]:
    import numpy as np

    python, numpy = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002  (the user's, not ours)

    def undo() -> None:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002

    return undo


def _torch() -> Callable[[], None]:
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "get_rng_state"):
        return _nothing
    state = torch.get_rng_state()
    return lambda: torch.set_rng_state(state)


def _folder() -> Callable[[], None]:
    try:
        folder = os.getcwd()  # noqa: PTH109  (a string: this runs for every check)
    except OSError:  # it was deleted
        return _nothing

    def undo() -> None:
        with contextlib.suppress(OSError):
            os.chdir(folder)

    return undo


def _environment() -> Callable[[], None]:
    before = dict(os.environ)

    def undo() -> None:
        now = dict(os.environ)
        for name in now.keys() - before.keys():
            os.environ.pop(name, None)
        os.environ.update({name: value for name, value in before.items() if now.get(name) != value})

    return undo


def _matplotlib() -> Callable[[], None]:
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None:
        return _nothing
    settings = matplotlib.rcParams.copy()

    def undo() -> None:
        if matplotlib.rcParams != settings:
            dict.update(matplotlib.rcParams, settings)  # past the validation, which would warn of old names

    return undo


def _tqdm() -> Callable[[], None]:
    """Progress bars, even silent ones, start a thread that watches them (shap's does after ten seconds)."""
    before = getattr(getattr(sys.modules.get("tqdm"), "tqdm", None), "monitor", None)

    def undo() -> None:
        bar = getattr(sys.modules.get("tqdm"), "tqdm", None)
        watcher = getattr(bar, "monitor", None)
        if watcher is not None and watcher is not before:
            with contextlib.suppress(Exception):
                watcher.exit()
            bar.monitor = None  # type: ignore[union-attr]

    return undo


def _nothing() -> None:
    """What was not there need not be put back."""
