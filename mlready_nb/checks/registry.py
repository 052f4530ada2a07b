"""Finds every check: ours in the folders beside this file, others through entry points."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType

import mlready_nb.checks as home
from mlready_nb.checks.declare import Check, Cost
from mlready_nb.plugins import CHECKS, broken, plugged_in

_COSTS = tuple(Cost)


class CheckNotFound(KeyError):
    """No check or item of that name; the message offers the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def load_checks() -> tuple[Check, ...]:
    """All checks, cheap ones first. Two of ours of one name are refused, both modules named."""
    return _all()[0]


def plugin_problems() -> tuple[str, ...]:
    """One line for each plug-in check that is left out."""
    return _all()[1]


@cache
def _all() -> tuple[tuple[Check, ...], tuple[str, ...]]:
    found: dict[str, Check] = {}
    for check in _own():
        other = found.setdefault(check.name, check)
        if other is not check:
            msg = f"two checks are named {check.name!r}: in {other.func.__module__} and in {check.func.__module__}"
            raise ValueError(msg)
    plugged, problems = plugged_in(CHECKS)
    said = list(problems)
    for plugin in plugged:
        try:
            brought = _brought(plugin.value)
        except (Exception, SystemExit) as error:
            said.append(broken(CHECKS, plugin.name, plugin.package, error))
            continue
        for check in brought:
            if check.name in found:
                there = found[check.name].func.__module__
                said.append(
                    broken(CHECKS, plugin.name, plugin.package, f"{check.name!r} is a check of {there} already")
                )
            else:
                found[check.name] = check
    return tuple(sorted(found.values(), key=lambda c: (_COSTS.index(c.cost), c.name))), tuple(said)


def _brought(value: object) -> tuple[Check, ...]:
    """A check, a module of checks, several of them, or a function that gives them."""
    if isinstance(value, Check):
        return (value,)
    if isinstance(value, ModuleType):
        return tuple(v for v in vars(value).values() if isinstance(v, Check) and v.func.__module__ == value.__name__)
    given = tuple(value() if callable(value) else value)  # type: ignore[arg-type]
    odd = [type(v).__name__ for v in given if not isinstance(v, Check)]
    if odd:
        msg = f"expected checks made by mlready_nb.checks.declare.check, found {odd[0]}"
        raise TypeError(msg)
    return given


def _own() -> Iterable[Check]:
    for info in pkgutil.walk_packages(home.__path__, home.__name__ + "."):
        module = import_module(info.name)
        yield from (v for v in vars(module).values() if isinstance(v, Check) and v.func.__module__ == info.name)


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
