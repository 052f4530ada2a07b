"""Facts for the fields of the templates: functions that ask for subjects by name and say where they found it.

    @fact("runbook_rollback.2")
    def rollback_command(project: Path) -> Fact | None: ...

A text of several lines fills the field with as many lines. The first function of a key that has an answer gives it.
"""

from __future__ import annotations

import inspect
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from mlready_nb.derived import Resolver
from mlready_nb.subjects import Subjects

#: A text, and where it was found in a word or two.
Fact: TypeAlias = tuple[str, str]

#: Seconds that what files say is kept: facts are asked for after each cell.
KEEP = 30.0

_FACTS: dict[str, list[Callable[..., Fact | None]]] = defaultdict(list)
_KEPT: dict[Path, tuple[float, dict[str, Fact]]] = {}


def fact(key: str) -> Callable[[Callable[..., Fact | None]], Callable[..., Fact | None]]:
    """Declare the function below as one that can fill this field of a template."""

    def declare(func: Callable[..., Fact | None]) -> Callable[..., Fact | None]:
        _FACTS[key].append(func)
        return func

    return declare


def field_facts(subjects: Subjects) -> dict[str, Fact]:
    """Field -> fact, for every field that a function has an answer for; never raises, and is kept for a while."""
    from mlready_nb.fieldfacts import deploy  # noqa: F401  (declares its facts)

    folder = subjects.project
    if folder is None:
        return {}
    now, kept = time.monotonic(), _KEPT.get(folder)
    if kept is not None and now - kept[0] < KEEP:
        return kept[1]
    resolver = Resolver(subjects)
    found = {key: told for key, funcs in _FACTS.items() if (told := _first(funcs, resolver)) is not None}
    _KEPT[folder] = (now, found)
    return found


def _first(funcs: list[Callable[..., Fact | None]], resolver: Resolver) -> Fact | None:
    for func in funcs:
        try:
            arguments: list[Any] = [resolver.get(name) for name in inspect.signature(func).parameters]
            told = func(*arguments)
        except Exception:  # odd files give fewer facts  # noqa: S112
            continue
        if told is not None and told[0].strip():
            return told
    return None
