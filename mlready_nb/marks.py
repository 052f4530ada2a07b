"""What a person says of an item: attested, waived, not applicable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

#: Longest note that is kept; a notebook's metadata is no place for a report.
NOTE_LIMIT = 2000


class BadMark(ValueError):
    """A mark lacks what its kind needs; the message says what, and the command."""


class MarkKind(StrEnum):
    """The three things a person can say, and that they take it back."""

    ATTESTED = "attested"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"
    #: taken back: kept with its time, so that an older copy of the mark does not come back in a merge
    WITHDRAWN = "withdrawn"


def evidence(file: str | None, folder: Path) -> str:
    """A file as a link that can be held against it later: its path and the beginning of its hash."""
    if not file:
        return ""
    path = Path(file).expanduser()
    path = path if path.is_absolute() else folder / path
    if not path.is_file():
        msg = f"there is no file {path}; name one beside the notebook, or use --link for an address"
        raise BadMark(msg)
    with path.open("rb") as stream:
        short = hashlib.file_digest(stream, "sha256").hexdigest()[:12]
    shown = path.relative_to(folder) if path.is_relative_to(folder) else path.name
    return f"{shown} (sha256 {short})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One statement of a person about an item (`EVA-04`) or a sub-bullet (`EVA-04.2`)."""

    code: str
    kind: MarkKind
    note: str = ""
    link: str = ""
    by: str = ""
    #: ISO time, UTC
    at: str = ""
    #: ISO date after which it no longer counts
    until: str | None = None

    def expired(self, today: date) -> bool:
        """True when its end date has passed."""
        return self.until is not None and date.fromisoformat(self.until) < today

    def checked(self) -> Self:
        """Itself, when it has what its kind needs; else raises `BadMark`."""
        if self.kind is MarkKind.WAIVED and not self.note.strip():
            msg = f'a waiver needs a reason: %mlready waive {self.code} --reason "why it is acceptable" --until YYYY-MM-DD'
            raise BadMark(msg)
        if self.kind is MarkKind.WAIVED and not self.until:
            msg = f'a waiver needs an end date: %mlready waive {self.code} --reason "{self.note}" --until YYYY-MM-DD'
            raise BadMark(msg)
        if self.kind is MarkKind.NOT_APPLICABLE and not self.note.strip():
            msg = f"not applicable needs a reason: say in one sentence why {self.code} does not arise here"
            raise BadMark(msg)
        if self.until is not None:
            try:
                date.fromisoformat(self.until)
            except ValueError:
                msg = f"{self.until!r} is no date; write it as YYYY-MM-DD, for instance {date.today().year + 1}-01-31"
                raise BadMark(msg) from None
        if len(self.note) > NOTE_LIMIT or len(self.link) > NOTE_LIMIT:
            msg = (
                f"a note holds {NOTE_LIMIT:,} characters, this one has {len(self.note):,}: link to the document instead"
            )
            raise BadMark(msg)
        return self

    def to_json(self) -> dict[str, Any]:
        """Plain values, without the code (it is the key)."""
        keep = {
            "kind": str(self.kind),
            "note": self.note,
            "link": self.link,
            "by": self.by,
            "at": self.at,
            "until": self.until,
        }
        return {k: v for k, v in keep.items() if v}

    @classmethod
    def from_json(cls, code: str, raw: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; `KeyError`, `TypeError` or `ValueError` on anything else."""
        until = raw.get("until")
        if until is not None:
            date.fromisoformat(until)
        texts = {k: str(raw.get(k, ""))[: NOTE_LIMIT + 1] for k in ("note", "link", "by", "at")}
        return cls(code=code, kind=MarkKind(raw["kind"]), until=until, **texts)
