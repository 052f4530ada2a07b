"""Finds every check: ours in the folders beside this file, others through entry points."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

import mlready_nb.checks as home
from mlready_nb.checks.declare import Check, Cost

_COSTS = tuple(Cost)


class CheckNotFound(KeyError):
    """No check or item of that name; the message offers the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def load_checks() -> tuple[Check, ...]:
    """All checks, cheap ones first. Two of one name are refused, both modules named."""
    found: dict[str, Check] = {}
    for check in (*_own(), *_plugged_in()):
        other = found.setdefault(check.name, check)
        if other is not check:
            msg = f"two checks are named {check.name!r}: in {other.func.__module__} and in {check.func.__module__}"
            raise ValueError(msg)
    return tuple(sorted(found.values(), key=lambda c: (_COSTS.index(c.cost), c.name)))


def _own() -> Iterable[Check]:
    for info in pkgutil.walk_packages(home.__path__, home.__name__ + "."):
        module = import_module(info.name)
        yield from (v for v in vars(module).values() if isinstance(v, Check) and v.func.__module__ == info.name)


def _plugged_in() -> Iterable[Check]:
    for point in entry_points(group="mlready_nb.checks"):
        yield from point.load()()


def select(names: Iterable[str], checks: Iterable[Check] | None = None) -> tuple[Check, ...]:
    """The checks of these names: a check's name, an item's code, or the start of either (`leak`, `EVA`).

    Raises
    ------
    CheckNotFound
        With the nearest names, when one of them fits nothing.
    """
    import difflib

    every = tuple(load_checks() if checks is None else checks)
    chosen: dict[str, Check] = {}
    for name in names:
        key = name.strip().lower().replace("_", "-")
        fits = [c for c in every if c.name == key] or [
            c for c in every if c.name.startswith(key) or any(a.lower().startswith(key) for a in c.answers)
        ]
        fits = fits or [c for c in every if key in c.name.split("-")]
        if not fits:
            near = difflib.get_close_matches(key, [c.name for c in every], n=3, cutoff=0.4)
            hint = f"did you mean {', '.join(near)}?" if near else "`mlready list` shows them all"
            msg = f"no check or item is named {name!r}; {hint}"
            raise CheckNotFound(msg)
        chosen.update((c.name, c) for c in fits)
    return tuple(chosen.values())
