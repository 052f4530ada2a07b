"""What a project may change: `[tool.mlready]` in pyproject.toml, or mlready.toml. Only the standard library."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self


class BadConfig(ValueError):
    """The file is there but cannot be used; the message names file, key and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Thresholds by check, and how long a check may take."""

    #: check name -> threshold -> value
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: seconds that a slow check may take (SHAP); moderate ones get half
    budget_seconds: float = 20.0
    #: name of a sensitive column or variable -> always looked for
    sensitive: tuple[str, ...] = ()
    source: Path | None = None

    @classmethod
    def find(cls, folder: Path) -> Self:
        """Read the nearest `mlready.toml` or `[tool.mlready]` at or above `folder`, up to the repository's root."""
        for place in (folder, *folder.parents):
            own, project = place / "mlready.toml", place / "pyproject.toml"
            if own.is_file():
                return cls.read(own, table=())
            if project.is_file() and "mlready" in _parse(project).get("tool", {}):
                return cls.read(project, table=("tool", "mlready"))
            if (place / ".git").exists():
                break
        return cls()

    @classmethod
    def read(cls, path: Path, table: tuple[str, ...]) -> Self:
        """Read one file; raises `BadConfig`."""
        raw: Any = _parse(path)
        for key in table:
            raw = raw.get(key, {})
        unknown = set(raw) - {"checks", "budget_seconds", "sensitive"}
        if unknown:
            msg = f"{path}: unknown key {min(unknown)!r}; known: budget_seconds, checks, sensitive"
            raise BadConfig(msg)
        checks = raw.get("checks", {})
        if not isinstance(checks, dict) or not all(isinstance(v, dict) for v in checks.values()):
            msg = f"{path}: expected tables such as [tool.mlready.checks.row-overlap], found {type(checks).__name__}"
            raise BadConfig(msg)
        seconds = raw.get("budget_seconds", 20.0)
        if not isinstance(seconds, (int, float)) or isinstance(seconds, bool) or seconds <= 0:
            msg = f"{path}: budget_seconds must be a positive number, found {seconds!r}"
            raise BadConfig(msg)
        sensitive = raw.get("sensitive", [])
        if not isinstance(sensitive, list) or not all(isinstance(s, str) for s in sensitive):
            msg = f'{path}: sensitive must be a list of names such as ["sex", "race"], found {sensitive!r}'
            raise BadConfig(msg)
        return cls(checks=checks, budget_seconds=float(seconds), sensitive=tuple(sensitive), source=path)

    def thresholds(self, check: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
        """The defaults of a check with the project's own values in their place; raises `BadConfig`."""
        own = self.checks.get(check, {})
        for name, value in own.items():
            if name not in defaults:
                msg = f"{self.source}: {check} has no threshold {name!r}; it has: {', '.join(defaults) or 'none'}"
                raise BadConfig(msg)
            if isinstance(defaults[name], (int, float)) and not isinstance(value, (int, float)):
                msg = f"{self.source}: {check}.{name} must be a number such as {defaults[name]!r}, found {value!r}"
                raise BadConfig(msg)
        return {**defaults, **own}


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path}: cannot be read as TOML: {error}"
        raise BadConfig(msg) from error
