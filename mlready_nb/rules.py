"""A project's rules: its configuration, the catalogue and the checks with what plug-ins and the file add to them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mlready_nb import checklist as lists
from mlready_nb import derived
from mlready_nb.catalogue import BadCatalogue, Catalogue, Severity, extended, load_catalogue
from mlready_nb.checklist import Checklist, build
from mlready_nb.checks.declare import Check
from mlready_nb.checks.registry import load_checks, plugin_problems
from mlready_nb.config import BadConfig, Config
from mlready_nb.marks import MarkKind
from mlready_nb.plugins import CATALOGUES, SUBJECTS, broken, plugged_in
from mlready_nb.state import State


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything that is settled before a notebook is looked at."""

    config: Config
    catalogue: Catalogue
    checks: tuple[Check, ...]
    #: one line each: what is hidden, which plug-ins are left out
    notices: tuple[str, ...] = ()

    def of_gate(self) -> lists.Rules:
        """What the checklist has to know of them."""
        config = self.config
        return lists.Rules(
            may_waive=config.waivers,
            required=tuple(map(Severity, config.required)),
            warnings_block=config.warnings_block,
            notices=self.notices,
            source=config.source.name if config.source else "",
        )


def rules_of(folder: Path) -> Rules:
    """The rules that hold for notebooks of a folder.

    Raises
    ------
    BadConfig
        With the file and the key.
    """
    config = Config.find(folder)
    catalogue, problems = _with_plugins()
    for name, changes in config.changes:
        try:
            catalogue = extended(catalogue, changes, name)
        except BadCatalogue as error:
            raise BadConfig(str(error)) from error
    notices = [*problems, *plugin_problems(), *plugin_subjects()]
    if catalogue.hidden:
        where = config.source.name if config.source else "a plug-in"
        codes = ", ".join(item.code for item in catalogue.hidden)
        notices.insert(0, f"{len(catalogue.hidden)} items are hidden by {where}: {codes}")
    return Rules(config=config, catalogue=catalogue, checks=load_checks(), notices=tuple(notices))


def checklist_of(state: State, rules: Rules | Catalogue, checks: Iterable[Check] | None = None) -> Checklist:
    """What a state amounts to, live or as it was saved."""
    if isinstance(rules, Catalogue):
        rules = Rules(config=Config(), catalogue=rules, checks=tuple(checks or ()))
    coverage: dict[str, tuple[str, ...]] = {}
    for check in rules.checks:
        for code in check.answers:
            coverage[code] = (*coverage.get(code, ()), check.name)
    return build(
        rules.catalogue,
        run=state.run,
        marks={code: mark for code, mark in state.marks.items() if mark.kind is not MarkKind.WITHDRAWN},
        coverage=coverage,
        card=state.card,
        facts=state.facts,
        subjects=state.subjects,
        targets=state.targets,
        rules=rules.of_gate(),
    )


# -- plug-ins ------------------------------------------------------------------
@cache
def _with_plugins() -> tuple[Catalogue, tuple[str, ...]]:
    """The seed's catalogue with what plug-ins add; one that does not fit is left out whole."""
    catalogue = load_catalogue()
    plugged, problems = plugged_in(CATALOGUES)
    said = list(problems)
    for plugin in plugged:
        try:
            catalogue = extended(catalogue, _changes(plugin.value), f"plug-in {plugin.name!r}")
        except (Exception, SystemExit) as error:
            said.append(broken(CATALOGUES, plugin.name, plugin.package, error))
    return catalogue, tuple(said)


def _changes(value: Any) -> Mapping[str, Any]:
    """A mapping, the path of a TOML file, its text, or a function that gives one of these."""
    given = value() if callable(value) else value
    if isinstance(given, Path):
        given = given.read_text(encoding="utf-8")
    table = tomllib.loads(given) if isinstance(given, str) else given
    if not isinstance(table, Mapping):
        msg = f"expected a mapping, a path or a text of TOML, found {type(given).__name__}"
        raise TypeError(msg)
    return table


@cache
def plugin_subjects() -> tuple[str, ...]:
    """Make the plug-ins' derived subjects known; one line for each that cannot be."""
    plugged, problems = plugged_in(SUBJECTS)
    said = list(problems)
    for plugin in plugged:
        try:
            derived.add(plugin.name, plugin.value)
        except (TypeError, ValueError) as error:
            said.append(broken(SUBJECTS, plugin.name, plugin.package, error))
    return tuple(said)
