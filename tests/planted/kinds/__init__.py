"""The planted cases, one module a kind; each holds `PLANS`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module

from tests.planted.case import CLEAN, KINDS, Case, Plan


def plans(kinds: Iterable[str] = ()) -> tuple[Plan, ...]:
    """All templates of these kinds (every kind and the clean notebooks without any)."""
    chosen = tuple(kinds) or (*KINDS, CLEAN)
    return tuple(plan for kind in chosen for plan in import_module(f"tests.planted.kinds.{kind}").PLANS)


def cases(kinds: Iterable[str] = (), seeds: Iterable[int] = (0,)) -> Iterator[Case]:
    """Every case of these kinds for each seed."""
    for seed in seeds:
        for plan in plans(kinds):
            yield plan.case(seed)
