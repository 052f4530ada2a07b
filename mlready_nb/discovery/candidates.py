"""What discovery says: choices with their reasons, what else would do, and what it has to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlready_nb.subjects import Subjects


class SubjectNotFound(LookupError):
    """A variable or column that was asked for is not there; the message says what is, and what to type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value that could be a subject."""

    #: an expression over the namespace
    variable: str
    #: one clause: "passed to clf.fit in cell 7"
    how: str
    value: Any = field(repr=False)
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Two readings are equally good: the person decides."""

    subject: str
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """What was found in the notebook."""

    subjects: Subjects
    #: subject -> what could be it, best first
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
