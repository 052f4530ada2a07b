"""A catalogue as an organisation wants it: stages and items added, others hidden or graded anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mlready_nb.catalogue.load import BadCatalogue, parse_area, parse_item
from mlready_nb.catalogue.model import Area, Catalogue, Item, Severity

#: Keys of a table of changes.
KEYS = ("stages", "items", "hide", "severity")


def extended(catalogue: Catalogue, changes: Mapping[str, Any], name: str) -> Catalogue:
    """The catalogue with the stages and items of a table added, its grades changed, its hidden items set aside.

    Parameters
    ----------
    changes
        `stages` (key, title), `items` (area, code, section, title, severity, why, points...), `hide` (codes),
        `severity` (code -> grade).
    name
        The file or plug-in, for messages.

    Raises
    ------
    BadCatalogue
        With the file, the item and the key.
    """
    areas = {area.key: area for area in catalogue.areas}
    for stage in _tables(changes, "stages", name):
        key = str(stage.get("key", ""))
        if key in areas:
            msg = f"{name}: stages: the key {key!r} is there already; there are: {', '.join(areas)}"
            raise BadCatalogue(msg)
        title = stage.get("title", key)
        areas[key] = parse_area(name, {"short": title, "group": "stage", "items": [], **stage, "title": title})
    known = {item.code for area in areas.values() for item in area.items} | {i.code for i in catalogue.hidden}
    for raw in _tables(changes, "items", name):
        area = raw.get("area", "")
        if area not in areas or areas[area].group in ("final", "red-flags"):
            fits = ", ".join(k for k, a in areas.items() if a.group not in ("final", "red-flags"))
            msg = f"{name}: items: {raw.get('code', '?')} needs an area, one of {fits}; found {area!r}"
            raise BadCatalogue(msg)
        item = parse_item(name, area, {"section": areas[area].title, **raw})
        if item.code in known:
            msg = f"{name}: items: the code {item.code} is used already; to change its grade: severity.{item.code}"
            raise BadCatalogue(msg)
        known.add(item.code)
        areas[area] = replace(areas[area], items=(*areas[area].items, item))
    grades = _grades(changes.get("severity", {}), known, name)
    hidden = _hidden(changes.get("hide", ()), known, name)
    return _without(catalogue, tuple(_graded(a, grades) for a in areas.values()), hidden)


def _tables(changes: Mapping[str, Any], key: str, name: str) -> Sequence[Mapping[str, Any]]:
    tables = changes.get(key, ())
    if not isinstance(tables, (list, tuple)) or not all(isinstance(t, Mapping) for t in tables):
        msg = f"{name}: {key} must be tables such as [[tool.mlready.{key}]], found {type(tables).__name__}"
        raise BadCatalogue(msg)
    return tables


def _grades(raw: Any, known: Iterable[str], name: str) -> dict[str, Severity]:
    if not isinstance(raw, Mapping):
        msg = f'{name}: severity must be a table such as severity.EVA-03 = "should", found {type(raw).__name__}'
        raise BadCatalogue(msg)
    grades = {}
    for code, grade in raw.items():
        _check_code(code, known, f"{name}: severity")
        if grade not in tuple(Severity):
            msg = f"{name}: severity.{code} must be one of {', '.join(Severity)}, found {grade!r}"
            raise BadCatalogue(msg)
        grades[code.upper()] = Severity(grade)
    return grades


def _hidden(raw: Any, known: Iterable[str], name: str) -> frozenset[str]:
    if not isinstance(raw, (list, tuple)) or not all(isinstance(c, str) for c in raw):
        msg = f'{name}: hide must be a list of codes such as ["IMP-02"], found {raw!r}'
        raise BadCatalogue(msg)
    for code in raw:
        _check_code(code, known, f"{name}: hide")
    return frozenset(code.upper() for code in raw)


def _check_code(code: str, known: Iterable[str], where: str) -> None:
    import difflib

    known = tuple(known)
    if code.upper() not in known:
        near = difflib.get_close_matches(code.upper(), known, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else "`mlready list` shows them all"
        msg = f"{where} names {code!r}, which is no item; {hint}"
        raise BadCatalogue(msg)


def _graded(area: Area, grades: Mapping[str, Severity]) -> Area:
    return replace(area, items=tuple(replace(i, severity=grades.get(i.code, i.severity)) for i in area.items))


def _without(catalogue: Catalogue, areas: Sequence[Area], hidden: frozenset[str]) -> Catalogue:
    """Computed items lose what is hidden; one that has nothing left under it and no check of its own goes too."""
    gone: list[Item] = [*catalogue.hidden]
    kept: list[Area] = []
    for area in areas:
        items = []
        for item in area.items:
            rest = tuple(c for c in item.computed_from if c.partition(".")[0] not in hidden)
            if item.code in hidden or (item.computed_from and not rest and not item.by):
                gone.append(item)
            else:
                items.append(replace(item, computed_from=rest))
        kept.append(replace(area, items=tuple(items)))
    return Catalogue(
        title=catalogue.title,
        areas=tuple(kept),
        templates=catalogue.templates,
        dos=catalogue.dos,
        donts=catalogue.donts,
        reminder=catalogue.reminder,
        hidden=tuple(gone),
    )
