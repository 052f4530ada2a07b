"""What is kept in the notebook: marks, card text, the last run. A number for the form, and a way up from each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

from mlready_nb.finding import Finding, Outcome, Run
from mlready_nb.marks import Mark
from mlready_nb.subjects import Origin

#: Raise it when the form changes, add the step to UPGRADES, and keep a file of the old form under tests/state/.
SCHEMA = 1

UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

#: Bytes that a notebook's metadata may grow by.
LIMIT = 64 * 1024

#: The one key under `nb.metadata`.
KEY = "mlready"


class StateTooNew(ValueError):
    """Written by a newer version: it is shown, never overwritten."""


class StateDamaged(ValueError):
    """Not what we write; the message says where it went wrong."""


class StateTampered(StateDamaged):
    """The saved run does not fit its digest: somebody edited it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One value for everything that is kept."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    #: field key of the card template -> text
    card: Mapping[str, str] = field(default_factory=dict)
    run: Run | None = None
    subjects: Mapping[str, Origin] = field(default_factory=dict)
    #: what `%mlready use` said, by subject
    use: Mapping[str, str] = field(default_factory=dict)
    #: what `%mlready target` said
    targets: tuple[str, ...] = ()
    #: what discovery and the checks learnt for the card: field key -> [text, source]
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def to_json(self, limit: int = LIMIT) -> dict[str, Any]:
        """The value of `nb.metadata["mlready"]`: sorted, at most `limit` bytes.

        When it would be larger, these go first, in this order, and `run.dropped` says so: tables of findings that
        pass; all tables; the numbers of findings that pass; remedies; everything but the heads of messages.
        Marks and card text are never dropped.
        """
        raw = self._raw(self.run)
        for what, lighten in _DIETS:
            if self.run is None or len(dumps(raw)) <= limit:
                break
            lean = replace(self.run, findings=tuple(map(lighten, self.run.findings)))
            raw = self._raw(lean, dropped=what)
        return raw

    def _raw(self, run: Run | None, dropped: str | None = None) -> dict[str, Any]:
        raw: dict[str, Any] = {
            "schema": SCHEMA,
            "marks": {code: self.marks[code].to_json() for code in sorted(self.marks)},
            "card": {key: self.card[key] for key in sorted(self.card) if self.card[key]},
            "subjects": {
                name: {"variable": o.variable, "how": o.how, "shape": list(o.shape) if o.shape else None}
                for name, o in sorted(self.subjects.items())
            },
            "use": dict(sorted(self.use.items())),
            "targets": list(self.targets),
            "facts": {key: list(self.facts[key]) for key in sorted(self.facts)},
            "run": None,
        }
        if run is not None:
            ordered = tuple(sorted(run.findings, key=lambda f: (f.check, f.message)))
            raw["run"] = replace(run, findings=ordered).to_json() | ({"dropped": dropped} if dropped else {})
        raw["digest"] = digest(raw)
        return raw

    @classmethod
    def from_json(cls, raw: Any, *, trust: bool = True) -> Self:
        """Read what was saved, upgrading older forms step by step.

        Raises
        ------
        StateTooNew
            The schema number is above ours.
        StateDamaged
            Something in it is not of the form.
        StateTampered
            With `trust=False`: the run does not fit the digest.
        """
        if not isinstance(raw, Mapping) or not isinstance(raw.get("schema"), int):
            msg = f"the notebook's metadata.{KEY} is not a state of mlready-nb: it has no schema number"
            raise StateDamaged(msg)
        form = raw["schema"]
        if form > SCHEMA:
            msg = f"written by a newer mlready-nb (schema {form}, this one reads {SCHEMA}): pip install -U mlready-nb"
            raise StateTooNew(msg)
        if not trust and raw.get("digest") != digest(raw):
            msg = "the saved run does not fit its digest: it was edited after it was saved. Run the checks again"
            raise StateTampered(msg)
        try:
            data = json.loads(dumps(raw))
            while data["schema"] < SCHEMA:
                data = UPGRADES[data["schema"]](data)
            return cls(
                marks={str(c): Mark.from_json(str(c), m) for c, m in data.get("marks", {}).items()},
                card={str(k): str(v) for k, v in data.get("card", {}).items()},
                run=Run.from_json(data["run"]) if data.get("run") else None,
                subjects={
                    str(n): Origin(variable=str(o["variable"]), how=str(o["how"]), shape=_shape(o.get("shape")))
                    for n, o in data.get("subjects", {}).items()
                },
                use={str(k): str(v) for k, v in data.get("use", {}).items()},
                targets=tuple(map(str, data.get("targets", ()))),
                facts={str(k): (str(v[0]), str(v[1])) for k, v in data.get("facts", {}).items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            msg = f"the notebook's metadata.{KEY} is damaged ({type(error).__name__}: {error})"
            raise StateDamaged(msg) from error


def _shape(raw: Any) -> tuple[int, ...] | None:
    return tuple(int(n) for n in raw) if raw else None


def dumps(raw: Any) -> bytes:
    """Canonical JSON: what is measured and what is signed."""
    return json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(raw: Mapping[str, Any]) -> str:
    """Digest of the saved run and its subjects; marks and card may be merged by hand or by git."""
    return "sha256:" + hashlib.sha256(dumps([raw.get("run"), raw.get("subjects")])).hexdigest()


def _passing(finding: Finding) -> bool:
    return finding.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.NOT_RUN)


def _no_passing_tables(f: Finding) -> Finding:
    return replace(f, tables=()) if _passing(f) else f


def _no_tables(f: Finding) -> Finding:
    return replace(f, tables=())


def _no_passing_numbers(f: Finding) -> Finding:
    return replace(f, tables=(), measured={}) if _passing(f) else replace(f, tables=())


def _no_remedies(f: Finding) -> Finding:
    return replace(_no_passing_numbers(f), remedy=None)


def _heads(f: Finding) -> Finding:
    return replace(f, tables=(), measured={}, remedy=None, points={}, message=f.message[:200])


_DIETS: tuple[tuple[str, Callable[[Finding], Finding]], ...] = (
    ("tables of passing findings", _no_passing_tables),
    ("all tables", _no_tables),
    ("all tables, numbers of passing findings", _no_passing_numbers),
    ("all tables, remedies, numbers of passing findings", _no_remedies),
    ("all but the heads of messages", _heads),
)


class Store(Protocol):
    """Somewhere a state can be kept."""

    def load(self) -> State | None:
        """What is there, or `None`; raises `StateTooNew` or `StateDamaged`."""

    def save(self, state: State) -> bool:
        """Keep it; `False` when the answer comes later, through `Session.stored`.

        Raises `OSError` or `ValueError` with advice when it fails.
        """
