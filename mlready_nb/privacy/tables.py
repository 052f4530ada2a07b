"""Tables in what a notebook shows: their headers, and whether their rows are those of people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from mlready_nb.subjects import Shown

#: Rows of a table that are read.
ROWS = 30
#: Columns that name a person by themselves.
_NAMES_ONE = re.compile(
    r"^(?:first|last|given|family|middle|full|maiden|sur|customer|patient|client|employee|passenger|applicant|student|user)[ _]?names?$|"
    r"^surname$|^e?[ _-]?mail(?:[ _]?address)?$|^(?:home|mobile|cell|tele)?[ _]?phone(?:[ _]?(?:number|no))?$|^ssn$|^social[ _]security\w*|"
    r"^passport(?:[ _]?(?:number|no|id))?$|^(?:national|tax)[ _]?id(?:entifier)?$|^iban$|^(?:credit|debit)[ _]?card\w*|^date[ _]of[ _]birth$|"
    r"^dob$|^birth[ _]?(?:date|day)$|^(?:street|home|postal|mailing)[ _]?address$|^license[ _]?plate$|^ip[ _]?address$",
    re.IGNORECASE,
)  # fmt: skip
#: A bare `name` is a person's where the same row has a person's age or sex.
_PERSON = re.compile(r"^(?:age|sex|gender|race|ethnicity|marital[ _-]?status|salary|diagnosis)$", re.IGNORECASE)
#: A value that tells nothing of a person: nothing, a mask, a code.
_EMPTY = re.compile(
    r"^(?:|nan|none|null|nat|<na>|-+|\*+|x{3,}|\[?(?:redacted|masked|hidden)\]?|[0-9a-f]{16,}|.*\*{3,}.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A header and some of the rows under it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


def tables_in(shown: Sequence[Shown]) -> Iterator[Rows]:
    """Tables of an output's HTML; where there is none, of its plain text."""
    found = False
    for one in shown:
        if one.mime == "text/html":
            for table in _html(one.text):
                found = True
                yield table
    if not found:
        for one in shown:
            if one.mime == "text/plain":
                yield from _plain(one.text)


def personal_columns(table: Rows) -> tuple[str, ...]:
    """Columns that show people, by their name and because values stand under it."""
    header = [h.strip() for h in table.header]
    people = any(_PERSON.match(h) for h in header)
    return tuple(
        h
        for at, h in enumerate(header)
        if (_NAMES_ONE.match(h) or (people and h.lower() == "name")) and _values(table, at)
    )


def _values(table: Rows, at: int) -> bool:
    """At least one row whose value says something; a summary's row of counts does not."""
    values = [row[at].strip() for row in table.rows if at < len(row)]
    told = [v for v in values if not _EMPTY.match(v)]
    described = {row[0].strip().lower() for row in table.rows if row}
    if {"count", "mean"} <= described or {"count", "unique"} <= described:  # describe()
        return False
    return bool(told) and not all(
        re.fullmatch(r"(?:bool|object|str|string|Utf8|u?int\d*|float\d*|category|True|False|0|1)(?:\[\w+\])?", v)
        for v in told
    )


class _Reader(HTMLParser):
    """Rows of cells; nothing else of a page is of interest."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data


def _html(text: str) -> Iterator[Rows]:
    if "<table" not in text.lower():
        return
    reader = _Reader()
    reader.feed(text)
    for rows in reader.tables:
        full = [tuple(r) for r in rows if r]
        if len(full) > 1:
            yield Rows(header=full[0], rows=tuple(full[1 : ROWS + 1]))


def _plain(text: str) -> Iterator[Rows]:
    """A frame as pandas prints it: a header that is set off, then rows that begin with their index."""
    lines = text.splitlines()
    for at, line in enumerate(lines[:-1]):
        words = re.split(r"\s+", line.strip())
        if not line.startswith(" ") or len(words) < 2:
            continue
        rows = []
        for below in lines[at + 1 : at + 1 + ROWS]:
            cells = re.split(r"\s{2,}", below.strip())
            if not re.match(r"\d+\s", below) or len(cells) < 2:
                break
            rows.append(cells)
        fitting = [tuple(r[1:]) for r in rows if len(r) == len(words) + 1]
        loose = [tuple(re.split(r"\s+", " ".join(r[1:]))) for r in rows if len(r) != len(words) + 1]
        if rows:
            yield Rows(header=tuple(words), rows=tuple(fitting or loose))
