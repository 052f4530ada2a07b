"""What the checklist is made of: areas, items, sub-bullets, templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


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
    """One sub-bullet. Its code is the item's with a number: `EVA-01.3`."""

    code: str
    title: str
    by: tuple[By, ...] = (By.HUMAN,)
    #: why no machine can know it, where none does
    why_human: str | None = None


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
    #: days for which a person's word is usually good: offered when it is given, never forced
    valid_days: int | None = None
    #: why no machine can know it, where none does
    why_human: str | None = None
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


class CodeNotFound(KeyError):
    """No item or sub-bullet of that code; the message offers the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The whole document."""

    title: str
    areas: tuple[Area, ...]
    templates: Mapping[str, Template]
    dos: tuple[str, ...]
    donts: tuple[str, ...]
    reminder: str
    #: items that the project's own rules leave out; they stay visible as such
    hidden: tuple[Item, ...] = ()

    def items(self) -> Iterator[Item]:
        """Every item that is not retired, in the seed's order; red flags last."""
        yield from self._items.values()

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.code: item for area in self.areas for item in area.items if not item.retired}

    @cached_property
    def _points(self) -> dict[str, Point]:
        return {point.code: point for item in self._items.values() for point in item.points}

    def __getitem__(self, code: str) -> Item:
        found = self._items.get(code.strip().upper())
        if found is None:
            raise CodeNotFound(self._advice(code, tuple(self._items)))
        return found

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code.strip().upper() in self._items

    def point(self, code: str) -> Point:
        """The sub-bullet of that code; raises `CodeNotFound` with the nearest codes."""
        found = self._points.get(code.strip().upper())
        if found is None:
            raise CodeNotFound(self._advice(code, tuple(self._points)))
        return found

    def _advice(self, code: str, known: tuple[str, ...]) -> str:
        import difflib

        if code.strip().upper().partition(".")[0] in {item.code for item in self.hidden}:
            return f"{code} is hidden by the project's own rules (`mlready list` shows which items are)"

        near = difflib.get_close_matches(code.strip().upper(), known, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else "`mlready list` shows them all"
        return f"the checklist has no item {code!r}; {hint}"
