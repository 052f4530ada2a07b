"""The one place of wiring: namespace -> discovery -> runner -> checklist; tells listeners. Knows no front end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlready_nb import facts as card_facts
from mlready_nb import (
    runner,
    views,  # noqa: F401  (so that a run shows itself)
)
from mlready_nb.catalogue import Catalogue
from mlready_nb.checklist import Checklist
from mlready_nb.checks.declare import Check
from mlready_nb.checks.registry import select
from mlready_nb.discovery import Discovery, discover
from mlready_nb.fieldfacts import field_facts
from mlready_nb.finding import Outcome, Run
from mlready_nb.fingerprints import changed, fingerprint
from mlready_nb.git import author
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.rules import checklist_of, rules_of
from mlready_nb.runner import Progress
from mlready_nb.state import WORDS_LIMIT, State, StateDamaged, StateTooNew, Store, merge
from mlready_nb.stores.journal import Journal
from mlready_nb.subjects import Cell, NotebookCell, Subjects, Target, parse_target

#: Longest text of one field of the card.
CARD_LIMIT = 4000


class UsageError(ValueError):
    """A command that cannot be carried out; the message says what to type instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Whether what was done is kept, and where."""

    #: "saved", "pending", "failed" or "nowhere"
    status: str
    #: one clause: where it is kept, or why it is not
    why: str = ""
    at: str = ""


class Session:
    """One notebook's readiness: what was found in it, what the checks say, what people said.

    Parameters
    ----------
    namespace
        Gives the live variables each time it is called.
    cells
        Gives the code cells in the order of execution.
    store
        Where the state is kept; `None` keeps it in memory only.
    project
        The folder of the notebook.
    notebook
        Gives the code cells as they stand in the notebook's file, with what they show.
    """

    def __init__(
        self,
        namespace: Callable[[], Mapping[str, Any]] = dict,
        cells: Callable[[], Sequence[Cell]] = tuple,
        *,
        store: Store | None = None,
        project: Path | None = None,
        notebook: Callable[[], tuple[NotebookCell, ...]] = tuple,
    ) -> None:
        self._namespace, self._cells, self.store, self._notebook = namespace, cells, store, notebook
        self.project = project or Path.cwd()
        self.rules = rules_of(self.project)
        self.config = self.rules.config
        self.state = State()
        self.saved = Saved(status="nowhere", why="nothing to save yet")
        #: why a saved state could not be read, until the person has seen it
        self.problem: str | None = None
        #: where a copy is kept until the notebook is saved
        self.journal: Journal | None = None
        #: what was taken in from there, as a sentence
        self.recovered: str | None = None
        self.progress: Progress | None = None
        self.discovery: Discovery | None = None
        #: seconds that each check took when it ran last
        self.took: dict[str, float] = {}
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self._listeners: list[Callable[[str], None]] = []
        self._lock = threading.RLock()
        if store is not None:
            self._load(store)

    # -- telling -------------------------------------------------------------
    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call `listener("changed" | "progress" | "saved")` from now on; returns what undoes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _tell(self, event: str) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    # -- looking -------------------------------------------------------------
    def cells(self) -> tuple[Cell, ...]:
        """The code cells in the order of execution."""
        return tuple(self._cells())

    def namespace(self) -> Mapping[str, Any]:
        """The live variables."""
        return self._namespace()

    @property
    def catalogue(self) -> Catalogue:
        """The checklist's text, as the project's rules have it."""
        return self.rules.catalogue

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check there is."""
        return self.rules.checks

    @property
    def subjects(self) -> Subjects:
        """What was found, with the stated goals."""
        found = self.discovery.subjects if self.discovery is not None else Subjects()
        goals = tuple(map(parse_target, self.state.targets))
        return replace(found, targets=goals, project=self.project, notebook=self._notebook())

    def refresh(self, *, tell: bool = True) -> Discovery:
        """Look at the namespace again; findings whose subjects changed turn stale."""
        with self._lock:
            cells = tuple(self._cells())
            wanted = self.config.sensitive
            self.discovery = discover(self._namespace(), cells, overrides=self.state.use, sensitive=wanted)
            subjects = self.subjects
            if subjects.present():
                learnt = {**field_facts(subjects), **card_facts.collect(subjects, cells)}
                self.state = replace(self.state, subjects=subjects.origin, facts=learnt)
                self._mark_stale(subjects)
        if tell:
            self._tell("changed")
        return self.discovery

    def _mark_stale(self, subjects: Subjects) -> None:
        run = self.state.run
        if run is None or not run.fingerprints or self.running:
            return
        now = fingerprint(subjects)
        gone = frozenset(n for n in changed(run.fingerprints, now) if n in now)
        findings = tuple(replace(f, stale=bool(gone & set(f.based_on))) for f in run.findings)
        self.state = replace(self.state, run=replace(run, findings=findings))

    def checklist(self) -> Checklist:
        """Everything there is to show now."""
        return checklist_of(self.state, self.rules)

    def waiting(self) -> dict[str, str]:
        """Check -> what it waits for, for every check that cannot run yet."""
        subjects = self.subjects
        lacks = {c.name: runner.waits_for(c, subjects) for c in self.checks}
        return {name: runner.advice(missing) for name, missing in lacks.items() if missing}

    def due(self) -> tuple[str, ...]:
        """Checks that can run and have no fresh finding: never run, or their subjects changed since."""
        waiting = self.waiting()
        fresh = {f.check for f in self.state.run or () if not f.stale and f.outcome is not Outcome.NOT_RUN}
        return tuple(c.name for c in self.checks if c.name not in waiting and c.name not in fresh)

    # -- running -------------------------------------------------------------
    @property
    def running(self) -> bool:
        """True while checks run in the background or here."""
        return self.progress is not None

    def check(self, names: Iterable[str] = (), *, look: bool = True) -> Run:
        """Run the named checks (all without a name), on the subjects as they are now, or unless `look` as last found."""
        if self.running:
            msg = "checks are running already; wait for them or stop them in the panel"
            raise UsageError(msg)
        chosen = self._chosen(names)
        self._stop.clear()
        if look or self.discovery is None:
            self.refresh(tell=False)
        return self._run(chosen)

    def start(self, names: Iterable[str] = (), *, stale_only: bool = False) -> None:
        """Run checks in a thread and return at once; listeners hear of the progress."""
        if self.running:
            return
        chosen = self._chosen(names)
        if stale_only and self.state.run is not None:
            old = {f.check for f in self.state.run if f.stale}
            chosen = tuple(c for c in chosen if c.name in old)
        self._stop.clear()
        self.refresh(tell=False)  # the subjects are taken once, here: a cell may run beside us
        self.progress = Progress(done=0, total=len(chosen), check="", elapsed=0.0, left=0.0)
        self._tell("progress")
        self._worker = threading.Thread(target=self._run, args=(chosen,), name="mlready-run", daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """End the run under way within a second; finished findings are kept."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> None:
        """Return when the background run has ended."""
        if self._worker is not None:
            self._worker.join(timeout)

    def _chosen(self, names: Iterable[str]) -> tuple[Check, ...]:
        names = tuple(names)
        return select(names, self.checks) if names else self.checks

    def _run(self, chosen: Sequence[Check]) -> Run:
        last = 0.0

        def report(progress: Progress) -> None:
            nonlocal last
            before = self.progress
            moved = before is None or (progress.done, progress.check) != (before.done, before.check)
            self.progress = progress
            if moved or time.monotonic() - last > 0.5:
                last = time.monotonic()
                self._tell("progress")

        self.progress = Progress(done=0, total=len(chosen), check="", elapsed=0.0, left=0.0)
        try:
            fresh = runner.run(
                self.subjects, chosen, config=self.config, stop=self._stop, on_progress=report, took=self.took
            )
            self.took.update((f.check, f.seconds) for f in fresh if f.outcome is not Outcome.NOT_RUN)
            self._take(fresh)
        except Exception as error:  # in a thread nobody else would hear of it
            self.problem = str(error)
            if threading.current_thread() is not self._worker:
                raise
        finally:
            self.progress = None
            self._keep()
        return fresh

    def verify(self, address: str) -> Run:
        """Ask a service on this machine for the runbook's boxes, as evidence; raises `NotLocal` for any other."""
        from mlready_nb.verify import verification

        self.refresh(tell=False)
        fresh = verification(address, self.subjects)
        self._take(fresh)
        self._keep()
        return fresh

    def _take(self, fresh: Run) -> None:
        with self._lock:
            kept = self.state.run
            self.state = replace(self.state, run=kept.merged(fresh) if kept else fresh)

    # -- commands ------------------------------------------------------------
    def use(self, choices: Mapping[str, str]) -> Discovery:
        """Take these variables for these subjects (`"none"` for none at all, `"auto"` to choose again)."""
        before = self.state
        known = {*Subjects.__dataclass_fields__} - {"origin", "cells", "notebook", "project", "targets", "namespace"}
        for name in choices:
            if name.partition("=")[0] not in {*known, "sensitive"}:
                msg = f"there is no subject {name!r}; there are: {', '.join(sorted(known))}. Hint: %mlready use X_test=Xte"
                raise UsageError(msg)
        wanted = {("sensitive_features" if k == "sensitive" else k): v for k, v in choices.items()}
        merged = {k: v for k, v in {**before.use, **wanted}.items() if v != "auto"}
        self.state = replace(before, use=merged)
        try:
            found = self.refresh(tell=False)
        except Exception:
            self.state = before
            raise
        self._keep()
        return found

    def target(self, goals: Sequence[str]) -> tuple[Target, ...]:
        """State goals such as `recall>=0.8`; a new goal for the same metric replaces the old one."""
        parsed = [parse_target(g) for g in goals]
        kept = {parse_target(t).metric: t for t in self.state.targets}
        kept.update((t.metric, str(t)) for t in parsed)
        self.state = replace(self.state, targets=tuple(kept.values()))
        self._keep()
        return tuple(map(parse_target, self.state.targets))

    def mark(
        self, code: str, kind: str, *, note: str = "", link: str = "", until: str | None = None, by: str = ""
    ) -> Mark:
        """Write down what a person (git's user.name) says of an item or sub-bullet; `BadMark`, `CodeNotFound`."""
        code = self._known(code)
        mark = Mark(
            code=code,
            kind=MarkKind(kind),
            note=note.strip(),
            link=link.strip(),
            by=by.strip()[:120] or author(self.project),
            at=_now(),
            until=until or None,
        )
        self._written(replace(self.state, marks={**self.state.marks, code: mark.checked()}))
        return mark

    def unmark(self, code: str) -> None:
        """Take back what was said of an item."""
        code = self._known(code)
        gone = Mark(code=code, kind=MarkKind.WITHDRAWN, by=author(self.project), at=_now())
        if code in self.state.marks:
            self.state = replace(self.state, marks={**self.state.marks, code: gone})
        self._keep()

    def _known(self, code: str) -> str:
        return self.catalogue.point(code).code if "." in code else self.catalogue[code].code

    def edit_card(self, key: str, text: str) -> None:
        """Fill a field of the model card or the runbook; an empty text clears it."""
        known = {f.key for t in self.catalogue.templates.values() for f in t.fields()}
        if key not in known:
            msg = f"the card has no field {key!r}; it has: {', '.join(sorted(known))}"
            raise UsageError(msg)
        if len(text) > CARD_LIMIT:
            msg = (
                f"a field of the card holds {CARD_LIMIT:,} characters, this text has {len(text):,}: link to a document"
            )
            raise UsageError(msg)
        card, edited = {**self.state.card, key: text.strip()}, {**self.state.edited, key: _now()}
        self._written(replace(self.state, card=card, edited=edited))

    def _written(self, state: State) -> None:
        """Take in what a person wrote, unless the notebook could not hold it."""
        if state.words > max(WORDS_LIMIT, self.state.words):
            msg = (
                f"notes, links and card text of a notebook hold {WORDS_LIMIT:,} bytes together, and this would make "
                f"{state.words:,}: shorten it, or link to a document"
            )
            raise UsageError(msg)
        self.state = state
        self._keep()

    def reset(self) -> None:
        """Forget everything: marks, card, run, bindings."""
        self.state, self.took = State(), {}
        self.refresh(tell=False)
        self._keep()

    # -- keeping -------------------------------------------------------------
    def adopt(self, raw: Any) -> None:
        """Take in what an open notebook holds: it counts more than what was read from disk before."""
        try:
            theirs = State.from_json(raw)
        except (StateTooNew, StateDamaged) as error:
            self.problem = str(error)
            self._tell("changed")
            return
        with self._lock:
            self.state = merge(self.state, theirs)
        self.refresh()

    def recover(self, journal: Journal) -> None:
        """Take in what a session that broke off had not saved, and keep a copy from now on."""
        self.journal = journal
        self.state, self.recovered = journal.recover(self.state)

    def _load(self, store: Store) -> None:
        try:
            self.state = store.load() or State()
        except (StateTooNew, StateDamaged, OSError) as error:
            self.problem = str(error)

    def _keep(self) -> None:
        """Hand the state to the store, and tell everybody."""
        if self.journal is not None:
            self.journal.write(self.state)
        if self.store is not None:
            try:
                self.saved = Saved(status="pending")
                if self.store.save(self.state):
                    self.saved = Saved(status="saved", at=datetime.now(UTC).isoformat(timespec="seconds"))
            except (OSError, ValueError) as error:
                self.saved = Saved(status="failed", why=str(error))
        self._tell("changed")

    def stored(self, ok: bool, why: str = "") -> None:
        """A store that answers later says here how it went."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self.saved = Saved(status="saved" if ok else "failed", why=why, at=at)
        self._tell("saved")


def _now() -> str:
    """The time as marks carry it: fine enough to tell who spoke last."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
