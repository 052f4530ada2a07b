"""The user's checklist as data: items, sub-bullets, red flags, templates. Only the standard library."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Severity(StrEnum):
    """How much an item weighs in the gate."""

    BLOCKER = "blocker"
    MUST = "must"
    SHOULD = "should"
    NICE = "nice"


class By(StrEnum):
    """Who can decide an item or a sub-bullet."""

    KERNEL = "kernel"
    FILES = "files"
    CELLS = "cells"
    HUMAN = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One sub-bullet. Its code is the item's with a number: `EVL-01.3`."""

    code: str
    title: str
    by: tuple[By, ...] = (By.HUMAN,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the checklist; `computed_from` is empty but for the final list and the red flags."""

    code: str
    title: str
    #: an area's key: "stage-1" ... "stage-5", "security", "performance", "documentation", "final", "red-flags"
    area: str
    section: str
    severity: Severity
    why: str
    by: tuple[By, ...] = (By.HUMAN,)
    points: tuple[Point, ...] = ()
    references: tuple[str, ...] = ()
    #: base items (or points) this one is computed from
    computed_from: tuple[str, ...] = ()
    #: what a person should write down when attesting it: one line shown beside the note
    ask: str | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A stage of the life cycle, or one of the lists that cut across."""

    key: str
    #: as the seed has it: "Stage 1: Pre-Development"
    title: str
    #: for the panel: "Pre-Development"
    short: str
    #: "stage", "across", "final" or "red-flags"
    group: str
    items: tuple[Item, ...]

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections in their order."""
        return tuple(dict.fromkeys(item.section for item in self.items))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of a template: `**Model type:** [e.g., Random Forest Classifier]`."""

    #: `model_details.model_type`: what the card editor saves under
    key: str
    label: str | None
    placeholder: str
    #: the seed's words are a list of suggestions (Limitations), a numbered step or a box, not one labelled value
    form: str = "field"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSection:
    """A heading of a template and its fields."""

    key: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The model card or the runbook, as the seed gives it."""

    key: str
    title: str
    sections: tuple[TemplateSection, ...]

    def fields(self) -> Iterator[Field]:
        """Every field, in order."""
        for section in self.sections:
            yield from section.fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The whole document."""

    title: str
    areas: tuple[Area, ...]
    templates: Mapping[str, Template]
    dos: tuple[str, ...]
    donts: tuple[str, ...]
    reminder: str

    def items(self) -> Iterator[Item]:
        """Every item that is not retired, in the seed's order; red flags last."""
        for area in self.areas:
            yield from (item for item in area.items if not item.retired)

    def __getitem__(self, code: str) -> Item:
        for item in self.items():
            if item.code == code:
                return item
        raise KeyError(code)

    def __contains__(self, code: object) -> bool:
        return any(item.code == code for item in self.items())

    def point(self, code: str) -> Point:
        """The sub-bullet of that code; `KeyError` when there is none."""
        item = self[code.rpartition(".")[0]]
        return next(p for p in item.points if p.code == code)
