"""What is kept in the notebook: marks, card text, the last run. A number for the form, and a way up from each."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, Self

from mlready_nb.finding import Finding, Outcome, Run
from mlready_nb.marks import Mark
from mlready_nb.subjects import Origin

#: Raise it when the form changes, add the step to UPGRADES, and keep a file of the old form under tests/state/.
SCHEMA = 1

UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

#: The JSON Schema of this form, shipped with the package (`mlready schema`).
SCHEMA_FILE = Path(__file__).with_name("state.schema.json")

#: Bytes that a notebook's metadata may grow by.
LIMIT = 64 * 1024

#: Bytes of these that people may fill with notes, links and card text; the rest is the run's.
WORDS_LIMIT = 40 * 1024

#: The environment's variable that holds the key for signing, where there is one.
KEY_VARIABLE = "MLREADY_KEY"

#: The one key under `nb.metadata`.
KEY = "mlready"


class StateTooNew(ValueError):
    """Written by a newer version: it is shown, never overwritten."""


class StateDamaged(ValueError):
    """Not what we write; the message says where it went wrong."""


class StateTampered(StateDamaged):
    """The saved run does not fit its digest: somebody edited it."""


class StateTooLarge(ValueError):
    """What people wrote does not fit into a notebook's metadata; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One value for everything that is kept."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    #: field key of the card template -> text
    card: Mapping[str, str] = field(default_factory=dict)
    #: field key -> ISO time of its last edit, UTC; also of fields that were cleared
    edited: Mapping[str, str] = field(default_factory=dict)
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

        When it would be larger, these go first, in this order, and `run.dropped` says so: tables, the largest first;
        the numbers of findings that pass; remedies; all but the heads of messages; findings that pass; the run. What is dropped is at worst unknown afterwards, never green. Marks and card text are never
        dropped: what people write is limited where they write it (`WORDS_LIMIT`).

        Raises
        ------
        StateTooLarge
            When marks and card text alone are above the limit (they came from elsewhere).
        """
        raw = self._raw(self.run)
        if self.run is not None and size(raw) > limit:
            raw = self._raw(_without_tables(self.run, size(raw) - limit + 200))
        for what, lighten in _DIETS:
            if self.run is None or size(raw) <= limit:
                break
            lean = tuple(f for f in map(lighten, self.run.findings) if f is not None)
            raw = self._raw(replace(self.run, findings=lean, dropped=what))
        if size(raw) > limit:
            taken = size(raw)
            msg = (
                f"what people wrote takes {taken:,} bytes, and a notebook's metadata holds {limit:,}: nothing was "
                "written; shorten notes or card text, or link to a document"
            )
            raise StateTooLarge(msg)
        return raw

    @property
    def words(self) -> int:
        """Bytes of what people wrote."""
        raw = self._raw(None)
        return len(dumps([raw["marks"], raw["card"], raw["edited"]]))

    def _raw(self, run: Run | None) -> dict[str, Any]:
        raw: dict[str, Any] = {
            "schema": SCHEMA,
            "marks": {code: self.marks[code].to_json() for code in sorted(self.marks)},
            "card": {key: self.card[key] for key in sorted(self.card) if self.card[key]},
            "edited": dict(sorted(self.edited.items())),
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
            raw["run"] = replace(run, findings=ordered).to_json()
        raw["digest"] = digest(raw, signing_key())
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
        if not trust:
            _verify(raw)
        try:
            data = json.loads(dumps(raw))
            while data["schema"] < SCHEMA:
                data = UPGRADES[data["schema"]](data)
            return cls(
                marks={str(c): Mark.from_json(str(c), m) for c, m in data.get("marks", {}).items()},
                card={str(k): str(v) for k, v in data.get("card", {}).items()},
                edited={str(k): str(v) for k, v in data.get("edited", {}).items()},
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


def merge(ours: State, theirs: State) -> State:
    """One state of two: of each mark and each field of the card the later one, of runs the later one."""
    marks = dict(theirs.marks)
    for code, mark in ours.marks.items():
        if code not in marks or mark.at >= marks[code].at:
            marks[code] = mark
    card, edited = dict(theirs.card), {**ours.edited, **theirs.edited}
    for key in {*ours.card, *ours.edited}:
        if ours.edited.get(key, "") >= theirs.edited.get(key, "") and (key in ours.edited or ours.card.get(key)):
            card[key] = ours.card.get(key, "")
            edited |= {key: ours.edited[key]} if key in ours.edited else {}
    runs = [r for r in (theirs.run, ours.run) if r is not None]
    return State(
        marks=marks,
        card={key: text for key, text in card.items() if text},
        edited=edited,
        run=max(runs, key=lambda r: r.started, default=None),
        subjects=ours.subjects or theirs.subjects,
        use={**theirs.use, **ours.use},
        targets=ours.targets or theirs.targets,
        facts=ours.facts or theirs.facts,
    )


def dumps(raw: Any) -> bytes:
    """Canonical JSON: what is measured and what is signed."""
    return json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def size(raw: Any) -> int:
    """Bytes that a value takes in the file: notebooks are written one value a line, ours two levels deep."""
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, indent=1)
    return len(text.encode(errors="surrogatepass")) + 2 * text.count("\n")


def digest(raw: Mapping[str, Any], key: str | None = None) -> str:
    """Digest of what was saved.

    Without a key: over the run and its subjects, so that marks and card may be merged by hand or by git. It shows an
    edit by somebody who does not know of it, and is no proof against a forger, who can compute it again. With a key
    (`MLREADY_KEY` in the environment): an HMAC over the marks and goals too, which nobody without the key can make.
    """
    if key is None:
        return "sha256:" + hashlib.sha256(dumps([raw.get("run"), raw.get("subjects")])).hexdigest()
    signed = dumps([raw.get(k) for k in ("run", "subjects", "targets", "marks")])
    return "hmac-sha256:" + hmac.new(key.encode(), signed, "sha256").hexdigest()


def signing_key() -> str | None:
    """The key of this machine, if it has one."""
    return os.environ.get(KEY_VARIABLE) or None


def _verify(raw: Mapping[str, Any]) -> None:
    """Raise `StateTampered` unless the digest fits."""
    key, said = signing_key(), str(raw.get("digest"))
    if key is None and said.startswith("hmac-"):
        msg = f"what was saved is signed, and the key to verify it is not here: set {KEY_VARIABLE}"
        raise StateTampered(msg)
    if key is not None and not said.startswith("hmac-"):
        msg = f"what was saved is not signed with {KEY_VARIABLE}: run the checks again where the key is set"
        raise StateTampered(msg)
    if not hmac.compare_digest(said.encode(), digest(raw, key).encode()):
        msg = "the saved run does not fit its digest: it was edited after it was saved. Run the checks again"
        raise StateTampered(msg)


def _passing(finding: Finding) -> bool:
    return finding.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.NOT_RUN)


def _without_tables(run: Run, excess: int) -> Run:
    """The largest tables go, one by one, until `excess` bytes are saved."""
    sizes = [(size(t.to_json()), i, j) for i, f in enumerate(run.findings) for j, t in enumerate(f.tables)]
    gone: set[tuple[int, int]] = set()
    for saved, i, j in sorted(sizes, reverse=True):
        if excess <= 0:
            break
        gone.add((i, j))
        excess -= saved
    findings = tuple(
        replace(f, tables=tuple(t for j, t in enumerate(f.tables) if (i, j) not in gone))
        for i, f in enumerate(run.findings)
    )
    return replace(run, findings=findings, dropped=f"the {len(gone)} largest of {len(sizes)} tables")


def _no_passing_numbers(f: Finding) -> Finding:
    return replace(f, tables=(), measured={}) if _passing(f) else replace(f, tables=())


def _no_remedies(f: Finding) -> Finding:
    return replace(_no_passing_numbers(f), remedy=None)


def _heads(f: Finding) -> Finding:
    return replace(f, tables=(), measured={}, remedy=None, message=f.message[:120])


def _no_passing(f: Finding) -> Finding | None:
    return None if _passing(f) else replace(_heads(f), points={})


def _nothing(_: Finding) -> None:
    return None


_DIETS: tuple[tuple[str, Callable[[Finding], Finding | None]], ...] = (
    ("all tables, numbers of passing findings", _no_passing_numbers),
    ("all tables, remedies, numbers of passing findings", _no_remedies),
    ("all but the heads of messages", _heads),
    ("passing findings, all but the heads of the others", _no_passing),
    ("all findings", _nothing),
)


class Store(Protocol):
    """Somewhere a state can be kept."""

    def load(self) -> State | None:
        """What is there, or `None`; raises `StateTooNew` or `StateDamaged`."""

    def save(self, state: State) -> bool:
        """Keep it; `False` when the answer comes later, through `Session.stored`.

        Raises `OSError` or `ValueError` with advice when it fails.
        """
