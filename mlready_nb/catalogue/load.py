"""TOML files -> Catalogue. A file that lacks something is named, with the item and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from mlready_nb.catalogue.model import Area, By, Catalogue, Field, Item, Point, Severity, Template, TemplateSection

DOCUMENT = "document.toml"


class BadCatalogue(ValueError):
    """A catalogue file that cannot be used; the message names file, item and key."""


@cache
def load_catalogue() -> Catalogue:
    """The seed's checklist, read once."""
    folder = files("mlready_nb.catalogue") / "data"
    texts = {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}
    return parse(texts)


def parse(texts: Mapping[str, str]) -> Catalogue:
    """A catalogue from the texts of its files, by name: `document.toml`, and one for each area, numbered.

    Raises
    ------
    BadCatalogue
        When a file is no TOML, lacks a key, repeats a code or names one that does not exist.
    """
    raw = {name: _toml(name, text) for name, text in texts.items()}
    document = raw.pop(DOCUMENT)
    areas = tuple(parse_area(name, raw[name]) for name in sorted(raw, key=lambda n: int(n.partition("-")[0])))
    known: set[str] = set()
    for item in (i for area in areas for i in area.items):
        for code in (item.code, *(p.code for p in item.points)):
            if code in known:
                msg = f"the code {code} is used twice"
                raise BadCatalogue(msg)
            known.add(code)
    for item in (i for area in areas for i in area.items):
        for code in item.computed_from:
            if code not in known:
                msg = f"{item.code} is computed from {code!r}, which does not exist"
                raise BadCatalogue(msg)
    return Catalogue(
        title=document["title"],
        areas=areas,
        templates={key: _template(key, value) for key, value in document["templates"].items()},
        dos=tuple(document["dos"]),
        donts=tuple(document["donts"]),
        reminder=document["reminder"],
    )


def _toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name} is no TOML: {error}"
        raise BadCatalogue(msg) from error


def parse_area(name: str, raw: Mapping[str, Any]) -> Area:
    """One area of a file; raises `BadCatalogue`."""
    try:
        items = tuple(parse_item(name, raw["key"], item) for item in raw["items"])
        return Area(key=raw["key"], title=raw["title"], short=raw["short"], group=raw["group"], items=items)
    except KeyError as error:
        msg = f"{name} lacks the key {error}"
        raise BadCatalogue(msg) from error


def parse_item(name: str, area: str, raw: Mapping[str, Any]) -> Item:
    """One item of a file; raises `BadCatalogue`."""
    code = raw.get("code", "an item without a code")
    try:
        points = tuple(
            Point(
                code=f"{code}.{n}",
                title=p["title"],
                by=tuple(map(By, p.get("by", ("human",)))),
                why_human=p.get("why_human"),
            )
            for n, p in enumerate(raw.get("points", ()), 1)
        )
        by = raw.get("by")
        return Item(
            code=raw["code"],
            title=raw["title"],
            area=area,
            section=raw["section"],
            severity=Severity(raw["severity"]),
            why=raw["why"],
            by=tuple(map(By, by))
            if by is not None
            else tuple(dict.fromkeys(b for p in points for b in p.by)) or (By.HUMAN,),
            points=points,
            references=tuple(raw.get("references", ())),
            computed_from=tuple(raw.get("computed_from", ())),
            ask=raw.get("ask"),
            valid_days=raw.get("valid_days"),
            why_human=raw.get("why_human"),
            retired=raw.get("retired", False),
        )
    except KeyError as error:
        msg = f"{name}: {code} lacks the key {error}"
        raise BadCatalogue(msg) from error
    except ValueError as error:
        msg = f"{name}: {code}: {error}"
        raise BadCatalogue(msg) from error


def _template(key: str, raw: dict[str, Any]) -> Template:
    sections = tuple(
        TemplateSection(
            key=s["key"],
            title=s["title"],
            fields=tuple(
                Field(key=f["key"], label=f.get("label"), placeholder=f["placeholder"], form=f.get("form", "field"))
                for f in s["fields"]
            ),
        )
        for s in raw["sections"]
    )
    return Template(key=key, title=raw["title"], sections=sections)
