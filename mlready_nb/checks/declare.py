"""How a check is declared: a decorated function whose signature is its contract and docstring its manual."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mlready_nb.finding import Finding
from mlready_nb.subjects import Task

#: The headings that every manual has, in this order.
HEADINGS = ("What it measures", "Why it matters", "Blind spots", "How to mend")


class Cost(StrEnum):
    """What a check takes on ten thousand rows, to order the run and to estimate its time."""

    FAST = "fast"  # well below a second
    MODERATE = "moderate"  # a second or a few: trains a small model, or predicts often
    SLOW = "slow"  # takes the budget it is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """A check's docstring, taken apart."""

    summary: str
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A function from subjects to findings, and what its signature says of it."""

    #: the file's name with dashes: `row-overlap`
    name: str
    #: codes of the sub-bullets (`DAT-03.1`) or items (`DAT-03`) it answers
    answers: tuple[str, ...]
    func: Callable[..., Finding | Sequence[Finding]]
    #: positional parameters without a default: it waits until they are there
    needs: tuple[str, ...]
    #: positional parameters with a default: used when they are there
    wants: tuple[str, ...]
    #: keyword-only parameters: `[tool.mlready.checks.<name>]` may change them
    thresholds: Mapping[str, Any]
    manual: Manual
    cost: Cost = Cost.FAST
    #: tasks it makes sense for; `None` for all
    tasks: frozenset[Task] | None = None
    #: the extra that brings a library it cannot do without
    extra: str | None = None

    @property
    def items(self) -> tuple[str, ...]:
        """The items it answers, without the numbers of sub-bullets."""
        return tuple(dict.fromkeys(code.partition(".")[0] for code in self.answers))

    @property
    def points(self) -> tuple[str, ...]:
        """The sub-bullets it settles."""
        return tuple(code for code in self.answers if "." in code)


def check(
    *answers: str,
    cost: Cost = Cost.FAST,
    tasks: Sequence[Task] | None = None,
    extra: str | None = None,
) -> Callable[[Callable[..., Finding | Sequence[Finding]]], Check]:
    """Declare the function below as the check that answers these items or sub-bullets."""

    def declare(func: Callable[..., Finding | Sequence[Finding]]) -> Check:
        parameters = inspect.signature(func).parameters.values()
        positional = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        return Check(
            name=func.__name__.replace("_", "-"),
            answers=answers,
            func=func,
            needs=tuple(p.name for p in positional if p.default is p.empty),
            wants=tuple(p.name for p in positional if p.default is not p.empty),
            thresholds={p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY},
            manual=read_manual(inspect.getdoc(func) or ""),
            cost=cost,
            tasks=frozenset(tasks) if tasks else None,
            extra=extra,
        )

    return declare


def read_manual(docstring: str) -> Manual:
    """Split a docstring into its summary and its four headed paragraphs."""
    pattern = rf"^({'|'.join(HEADINGS)}):[ \t]*"
    summary, *rest = re.split(pattern, docstring, flags=re.MULTILINE)
    texts = (re.sub(r"\s*\n[ \t]*", " ", text).strip() for text in rest[1::2])
    return Manual(summary=" ".join(summary.split()), sections=dict(zip(rest[::2], texts, strict=True)))
