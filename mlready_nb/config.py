"""What a project may change: `[tool.mlready]` in pyproject.toml, or mlready.toml. Only the standard library."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

#: What the file may hold.
KNOWN = ("budget_seconds", "checks", "extends", "gate", "hide", "items", "sensitive", "severity", "stages", "waivers")
#: What of it changes the catalogue.
_CATALOGUE = ("stages", "items", "hide", "severity")
#: How many files may extend one another.
DEPTH = 5
#: Grades, from heavy to light; the catalogue has them as `Severity`.
GRADES = ("blocker", "must", "should", "nice")


class BadConfig(ValueError):
    """The file is there but cannot be used; the message names file, key and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Thresholds by check, how long a check may take, and the organisation's own rules."""

    #: check name -> threshold -> value
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: seconds that a slow check may take (SHAP); moderate ones get half
    budget_seconds: float = 20.0
    #: name of a sensitive column or variable -> always looked for
    sensitive: tuple[str, ...] = ()
    #: names whose waivers count; `None` for everybody's
    waivers: tuple[str, ...] | None = None
    #: grades that the gate hangs on
    required: tuple[str, ...] = ("blocker", "must")
    #: True when a warning on a required item keeps the gate shut
    warnings_block: bool = False
    #: (file, what it changes in the catalogue), the outermost `extends` first
    changes: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    source: Path | None = None

    @classmethod
    def find(cls, folder: Path) -> Self:
        """Read the nearest `mlready.toml` or `[tool.mlready]` at or above `folder`, up to the repository's root."""
        for place in (folder, *folder.parents):
            own, project = place / "mlready.toml", place / "pyproject.toml"
            if own.is_file():
                return cls.read(own, table=())
            if project.is_file() and "mlready" in _table(_parse(project), "tool"):
                return cls.read(project, table=("tool", "mlready"))
            if (place / ".git").exists():
                break
        return cls()

    @classmethod
    def read(cls, path: Path, table: tuple[str, ...]) -> Self:
        """Read one file and what it extends; raises `BadConfig`."""
        layers = _layers(path, table, DEPTH)
        merged: dict[str, Any] = {}
        for _, raw in layers:
            checks = {**merged.get("checks", {})}
            for name, values in raw.get("checks", {}).items():
                checks[name] = {**checks.get(name, {}), **values}
            gate = {**merged.get("gate", {}), **raw.get("gate", {})}
            merged = {**merged, **raw, "checks": checks, "gate": gate}
        changes = tuple((str(p), {str(k): v for k, v in raw.items() if k in _CATALOGUE}) for p, raw in layers)
        gate = merged["gate"]
        return cls(
            checks=merged["checks"],
            budget_seconds=float(merged.get("budget_seconds", 20.0)),
            sensitive=tuple(merged.get("sensitive", ())),
            waivers=tuple(merged["waivers"]) if "waivers" in merged else None,
            required=tuple(gate.get("required", ("blocker", "must"))),
            warnings_block=gate.get("warnings") == "block",
            changes=tuple(c for c in changes if c[1]),
            source=path,
        )

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


def _layers(path: Path, table: tuple[str, ...], depth: int) -> list[tuple[Path, dict[str, Any]]]:
    """The file's table, after those that it extends."""
    raw = _parse(path)
    for key in table:
        raw = _table(raw, key)
    _checked(path, raw)
    below: list[tuple[Path, dict[str, Any]]] = []
    base = raw.get("extends")
    if base is not None:
        if depth == 0:
            msg = f"{path}: extends goes through more than {DEPTH} files; does one extend itself?"
            raise BadConfig(msg)
        other = (path.parent / base).resolve()
        if not other.is_file():
            msg = f"{path}: extends names {base!r}, and there is no file {other}"
            raise BadConfig(msg)
        below = _layers(other, ("tool", "mlready") if other.name == "pyproject.toml" else (), depth - 1)
    return [*below, (path, raw)]


def _checked(path: Path, raw: Mapping[str, Any]) -> None:
    """Every key known and of its kind; raises `BadConfig` with the file and the key."""
    for key in raw:
        if key not in KNOWN:
            near = difflib.get_close_matches(key, KNOWN, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            msg = f"{path}: unknown key {key!r}; {hint}known: {', '.join(KNOWN)}"
            raise BadConfig(msg)
    checks = raw.get("checks", {})
    if not isinstance(checks, dict) or not all(isinstance(v, dict) for v in checks.values()):
        msg = f"{path}: expected tables such as [tool.mlready.checks.row-overlap], found {type(checks).__name__}"
        raise BadConfig(msg)
    seconds = raw.get("budget_seconds", 20.0)
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool) or seconds <= 0:
        msg = f"{path}: budget_seconds must be a positive number, found {seconds!r}"
        raise BadConfig(msg)
    for key, such in (("sensitive", '["sex", "race"]'), ("waivers", '["Ada Lovelace"]'), ("hide", '["IMP-02"]')):
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(s, str) for s in value):
            msg = f"{path}: {key} must be a list of names such as {such}, found {value!r}"
            raise BadConfig(msg)
    if not isinstance(raw.get("extends", ""), str):
        msg = f'{path}: extends must be a path such as "../mlready.toml", found {raw["extends"]!r}'
        raise BadConfig(msg)
    _check_gate(path, raw.get("gate", {}))


def _check_gate(path: Path, gate: Any) -> None:
    if not isinstance(gate, dict) or set(gate) - {"required", "warnings"}:
        msg = f'{path}: gate holds required = ["blocker", "must"] and warnings = "allow" or "block", found {gate!r}'
        raise BadConfig(msg)
    required = gate.get("required", [])
    if not isinstance(required, list) or not set(map(str, required)) <= set(GRADES):
        msg = f"{path}: gate.required must be a list of grades out of {', '.join(GRADES)}, found {required!r}"
        raise BadConfig(msg)
    if "required" in gate and "blocker" not in required:
        msg = f'{path}: gate.required must hold at least "blocker": a gate that red flags do not shut is none'
        raise BadConfig(msg)
    if gate.get("warnings", "allow") not in ("allow", "block"):
        msg = f'{path}: gate.warnings must be "allow" or "block", found {gate["warnings"]!r}'
        raise BadConfig(msg)


def _table(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key, {})
    return value if isinstance(value, dict) else {}


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path}: cannot be read as TOML: {error}"
        raise BadConfig(msg) from error
