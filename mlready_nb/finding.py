"""The words every floor speaks: outcomes, findings, runs. Imports nothing of ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

Scalar: TypeAlias = str | int | float | bool | None


class Outcome(StrEnum):
    """What a check says of its subjects."""

    PASS = "pass"  # noqa: S105  (a verdict, not a password)
    WARN = "warn"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"
    ERROR = "error"


class Strength(StrEnum):
    """How far a finding can be trusted."""

    PROVEN = "proven"
    MEASURED = "measured"
    HEURISTIC = "heuristic"
    ATTESTED = "attested"


#: From worst to best: `worst()` takes the first that occurs.
ORDER = (
    Outcome.FAIL,
    Outcome.ERROR,
    Outcome.INCONCLUSIVE,
    Outcome.NOT_RUN,
    Outcome.WARN,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcome that decides for several; `not_run` when there is none."""
    return next((outcome for outcome in ORDER if outcome in outcomes), Outcome.NOT_RUN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with what it rests on: its 95 % interval and how many rows gave it."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    #: how the interval was made: "wilson", "bootstrap", "delong", "newcombe"...
    method: str | None = None

    def to_json(self) -> dict[str, Scalar]:
        """Plain values, `None` where a number is not finite (JSON has no NaN)."""
        known = {name: plain(getattr(self, name)) for name in self.__slots__}
        return {name: value for name, value in known.items() if value is not None or name == "value"}

    def __str__(self) -> str:
        text = f"{self.value:.3g}" if abs(self.value) < 1e-3 or abs(self.value) >= 1000 else f"{self.value:.3f}"
        if self.low is not None and self.high is not None:
            text += f" [{self.low:.3g}, {self.high:.3g}]"
        return text


Measure: TypeAlias = Scalar | Estimate


def plain(value: Any) -> Scalar:
    """A scalar that JSON can hold: NumPy scalars unwrapped, non-finite floats as `None`."""
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A small table of aggregates, never of rows: notebooks get published.

    `chart` tells the views which drawing shows it best: "confusion" (rows are true classes, columns
    predicted), "bars" (label, value), "intervals" (label, value, low, high), "curve" (x, y), or `None`.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Measure, ...], ...]
    chart: str | None = None
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The table as lists of plain values."""
        cells = [[c.to_json() if isinstance(c, Estimate) else plain(c) for c in row] for row in self.rows]
        return {
            "title": self.title,
            "columns": list(self.columns),
            "rows": cells,
            "chart": self.chart,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A spot in the notebook: 1-based position among its code cells, 1-based line in that cell."""

    cell: int | None = None
    line: int | None = None
    #: the front end's id of the cell, where known, so that a view can jump to it
    cell_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check says, and on what ground."""

    outcome: Outcome
    #: one sentence with the number and the limit
    message: str
    strength: Strength = Strength.MEASURED
    #: for leakage: which kind (`preprocessing`, `overlap`...)
    kind: str | None = None
    measured: Mapping[str, Measure] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    where: Place | None = None
    remedy: str | None = None
    #: (how many, of how many) rows were looked at, when not all were
    sampled: tuple[int, int] | None = None
    #: verdicts of single sub-bullets, where they differ from the whole: {"EVL-01.3": Outcome.WARN}
    points: Mapping[str, Outcome] = field(default_factory=dict)
    #: stamped by the runner
    check: str = ""
    items: tuple[str, ...] = ()
    seconds: float = 0.0
    #: names of the subjects that were read (stamped), and whether one of them changed since
    based_on: tuple[str, ...] = ()
    stale: bool = False

    def stamped(self, **values: Any) -> Self:
        """A copy with the runner's fields filled in."""
        return replace(self, **values)

    def to_json(self) -> dict[str, Any]:
        """The finding as the `--json` contract has it (and a few keys more)."""
        where = self.where or Place()
        return {
            "check": self.check,
            "items": list(self.items),
            "kind": self.kind,
            "outcome": str(self.outcome),
            "strength": str(self.strength),
            "message": self.message,
            "measured": {k: v.to_json() if isinstance(v, Estimate) else plain(v) for k, v in self.measured.items()},
            "cell": where.cell,
            "line": where.line,
            "cell_id": where.cell_id,
            "seconds": round(self.seconds, 3),
            "sampled": list(self.sampled) if self.sampled else None,
            "remedy": self.remedy,
            "points": {code: str(outcome) for code, outcome in self.points.items()},
            "based_on": list(self.based_on),
            "stale": self.stale,
            "tables": [table.to_json() for table in self.tables],
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; raises `KeyError`, `TypeError` or `ValueError` on anything else."""
        place = Place(cell=raw.get("cell"), line=raw.get("line"), cell_id=raw.get("cell_id"))
        return cls(
            check=str(raw["check"]),
            items=tuple(map(str, raw["items"])),
            kind=raw.get("kind"),
            outcome=Outcome(raw["outcome"]),
            strength=Strength(raw["strength"]),
            message=str(raw["message"]),
            measured={str(k): _measure(v) for k, v in raw.get("measured", {}).items()},
            where=place if place != Place() else None,
            seconds=float(raw.get("seconds") or 0),
            sampled=(int(raw["sampled"][0]), int(raw["sampled"][1])) if raw.get("sampled") else None,
            remedy=raw.get("remedy"),
            points={str(k): Outcome(v) for k, v in raw.get("points", {}).items()},
            based_on=tuple(map(str, raw.get("based_on", ()))),
            stale=bool(raw.get("stale")),
            tables=tuple(
                Table(
                    title=str(t["title"]),
                    columns=tuple(map(str, t["columns"])),
                    rows=tuple(tuple(_measure(c) for c in row) for row in t["rows"]),
                    chart=t.get("chart"),
                    note=t.get("note"),
                )
                for t in raw.get("tables", ())
            ),
        )


def _measure(raw: Any) -> Measure:
    if isinstance(raw, Mapping):
        known = {k: raw.get(k) for k in ("low", "high", "n", "method")}
        value = raw.get("value")
        return Estimate(value=math.nan if value is None else float(value), **known)
    return plain(raw)


def passed(message: str, **rest: Any) -> Finding:
    """The check looked and found nothing wrong."""
    return Finding(outcome=Outcome.PASS, message=message, **rest)


def warned(message: str, **rest: Any) -> Finding:
    """Something a person should look at; it does not block."""
    return Finding(outcome=Outcome.WARN, message=message, **rest)


def failed(message: str, **rest: Any) -> Finding:
    """Something that must be mended or waived."""
    return Finding(outcome=Outcome.FAIL, message=message, **rest)


def inconclusive(message: str, **rest: Any) -> Finding:
    """The data cannot decide; the message says what would."""
    return Finding(outcome=Outcome.INCONCLUSIVE, message=message, **rest)


def not_applicable(message: str, **rest: Any) -> Finding:
    """The question does not arise for these subjects (a regression has no confusion matrix)."""
    return Finding(outcome=Outcome.NOT_APPLICABLE, message=message, **rest)


def not_run(message: str, **rest: Any) -> Finding:
    """Something is missing; the message says what, and the next command."""
    return Finding(outcome=Outcome.NOT_RUN, message=message, strength=Strength.HEURISTIC, **rest)


def errored(message: str, **rest: Any) -> Finding:
    """The check itself broke; never counts as green."""
    return Finding(outcome=Outcome.ERROR, message=message, strength=Strength.HEURISTIC, **rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All findings of one pass over the checks."""

    findings: tuple[Finding, ...] = ()
    #: hash of each subject that was there, by name
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    #: python, mlready_nb, numpy, the frame and model libraries
    versions: Mapping[str, str] = field(default_factory=dict)
    #: ISO time, UTC
    started: str = ""
    seconds: float = 0.0
    #: True when Stop or Ctrl-C ended it early
    stopped: bool = False
    #: what was left out when it was saved, to stay below the limit
    dropped: str | None = None

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, check: str) -> Finding:
        """The (worst) finding of a check: `run["row-overlap"]`."""
        mine = [f for f in self.findings if f.check == check]
        if not mine:
            names = ", ".join(sorted({f.check for f in self.findings})) or "none"
            msg = f"no finding of a check named {check!r} in this run; it has: {names}"
            raise KeyError(msg)
        return min(mine, key=lambda f: ORDER.index(f.outcome))

    def to_frame(self) -> pd.DataFrame:
        """One row a finding: check, items, kind, outcome, strength, message, cell, line, seconds."""
        import pandas as pd

        names = ("check", "items", "kind", "outcome", "strength", "message", "cell", "line", "seconds")
        rows = [f.to_json() for f in self.findings]
        return pd.DataFrame([{n: row[n] for n in names} for row in rows], columns=list(names))

    def to_json(self) -> dict[str, Any]:
        """The run as plain values."""
        return {
            "findings": [f.to_json() for f in self.findings],
            "fingerprints": dict(self.fingerprints),
            "versions": dict(self.versions),
            "started": self.started,
            "seconds": round(self.seconds, 2),
            "stopped": self.stopped,
            **({"dropped": self.dropped} if self.dropped else {}),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(
            findings=tuple(Finding.from_json(f) for f in raw.get("findings", ())),
            fingerprints={str(k): str(v) for k, v in raw.get("fingerprints", {}).items()},
            versions={str(k): str(v) for k, v in raw.get("versions", {}).items()},
            started=str(raw.get("started", "")),
            seconds=float(raw.get("seconds") or 0),
            stopped=bool(raw.get("stopped")),
            dropped=str(raw["dropped"]) if raw.get("dropped") else None,
        )

    def merged(self, newer: Run) -> Run:
        """The run with the findings of `newer` in place of those of the same checks."""
        again = {f.check for f in newer.findings}
        kept = tuple(f for f in self.findings if f.check not in again)
        return replace(newer, findings=kept + newer.findings)

    def _repr_html_(self) -> str | None:
        return PENS["html"](self) if "html" in PENS else None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text("..." if cycle else str(self))

    def __str__(self) -> str:
        return PENS["text"](self) if "text" in PENS else repr(self)


#: How a run is shown ("html", "text"): the views put their pens here, so that nothing below imports them.
PENS: dict[str, Callable[[Run], str]] = {}
