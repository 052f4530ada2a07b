"""What other packages bring through entry points. A broken one costs one line, never a traceback."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any

#: Names of entry points; each loads to a function without arguments that gives what it brings.
CHECKS, CATALOGUES, SUBJECTS = "mlready_nb.checks", "mlready_nb.catalogues", "mlready_nb.subjects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugged:
    """One thing that a plug-in brought."""

    name: str
    package: str
    value: Any


@cache
def plugged_in(group: str) -> tuple[tuple[Plugged, ...], tuple[str, ...]]:
    """What the installed plug-ins of a group load to, and one line for each that does not load."""
    found, problems = [], []
    for point in sorted(entry_points(group=group), key=lambda p: (p.dist.name if p.dist else "", p.name)):
        package = point.dist.name if point.dist else "an unknown package"
        try:
            found.append(Plugged(name=point.name, package=package, value=point.load()))
        except (Exception, SystemExit) as error:
            problems.append(broken(group, point.name, package, error))
    return tuple(found), tuple(problems)


def broken(group: str, name: str, package: str, error: BaseException | str) -> str:
    """The one line that says which plug-in is left out, and why."""
    why = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    text = " ".join(why.split())
    return f"the plug-in {name!r} of {package} ({group}) is left out: {text[:240]}"
