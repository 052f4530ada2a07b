"""What the checks say of a case, and whether they are right."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlready_nb.checks.registry import CheckNotFound, select
from mlready_nb.session import Session
from mlready_nb.subjects import Cell
from tests.planted.case import CLEAN, Case
from tests.planted.notebooks import executed, write
from tests.planted.proofs import holds

#: A finding with one of these outcomes says that something is wrong.
ALARMS = ("fail", "warn")

Finding = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case, judged."""

    case: Case
    #: findings about leakage (they have a kind) that are alarms
    fault: tuple[Finding, ...] = ()
    clean: tuple[Finding, ...] = ()
    #: every finding of both halves, for a look at one case
    said: tuple[Finding, ...] = ()
    #: seconds that the checks took, the slower half
    seconds: float = 0.0
    #: what broke: a cell, or a check
    errors: tuple[str, ...] = ()
    #: halves of which the case's proof, where it has one, is true
    proved: frozenset[str] = frozenset()

    @property
    def hits(self) -> tuple[Finding, ...]:
        """Alarms of the planted kind, or of one that is honestly right too."""
        return tuple(f for f in self.fault if f["kind"] in (self.case.kind, *self.case.also))

    @property
    def hit(self) -> bool:
        """The planted fault was found."""
        return bool(self.hits)

    @property
    def exact(self) -> bool:
        """It was called by its own kind."""
        return any(f["kind"] == self.case.kind for f in self.fault)

    @property
    def right_cell(self) -> bool:
        """A hit points at a guilty cell."""
        return any(f["cell"] in self.case.guilty_cells for f in self.hits)

    @property
    def right_line(self) -> bool:
        """A hit points at a guilty line, too."""
        places = {*self.case.guilty, *self.case.accepted}
        return any((f["cell"], f["line"]) in places for f in self.hits)

    @property
    def strays(self) -> tuple[Finding, ...]:
        """Alarms in the fault that speak of something else: not there, so far as its author knows."""
        return tuple(f for f in self.fault if f not in self.hits)

    @property
    def planted(self) -> bool:
        """There is a fault to be found."""
        return self.case.kind != CLEAN


def leakage_checks() -> tuple[str, ...]:
    """The names of the checks to run: the leakage check, or until it exists those of the item "no leakage"."""
    try:
        return tuple(check.name for check in select(["leakage"]))
    except CheckNotFound:
        return tuple(check.name for check in select(["DAT-03"]))


def judge(case: Case, names: Sequence[str] = ()) -> Result:
    """Execute both halves in this process and run the named checks (all without a name) on them."""
    said: dict[str, tuple[Finding, ...]] = {}
    seconds, errors, proved = 0.0, [], set()
    for half, cells in (("fault", case.fault), ("clean", case.clean)):
        if not cells:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                history = _history(cells, case.order if half == "fault" else None)
                with executed([cell.source for cell in history], Path(folder), case.seed) as namespace:
                    said[half], took = live(namespace, history, Path(folder), names)
                    if case.proof and holds(case.proof, namespace):
                        proved.add(half)
            except Exception as error:
                errors.append(f"{half}: {type(error).__name__}: {error}")
                continue
        seconds = max(seconds, took)
    return result(case, said, seconds, errors, proved)


def _history(cells: Sequence[str], order: Sequence[int] | None) -> tuple[Cell, ...]:
    """The cells as a kernel remembers them."""
    numbers = order or range(1, len(cells) + 1)
    return tuple(
        Cell(number=number, source=cells[number - 1], execution_count=count, cell_id=f"cell-{number}")
        for count, number in enumerate(numbers, 1)
    )


def live(
    namespace: Mapping[str, Any], history: Sequence[Cell], folder: Path, names: Sequence[str]
) -> tuple[tuple[Finding, ...], float]:
    """What a session says of these executed cells, and how long it took."""
    began = time.perf_counter()
    run = Session(lambda: dict(namespace), lambda: tuple(history), project=folder).check(names)
    return tuple(f.to_json() for f in run), time.perf_counter() - began


def judge_by_command(case: Case, names: Sequence[str] = ()) -> Result:
    """The same through `mlready check NB --json`, in real kernels; not for cases with an order of their own."""
    said: dict[str, tuple[Finding, ...]] = {}
    seconds, errors = 0.0, []
    with tempfile.TemporaryDirectory() as folder:
        for half, path in write(case, Path(folder)).items():
            command = [sys.executable, "-m", "mlready_nb.cli", "check", str(path), "--json", "-"]
            began = time.perf_counter()
            done = subprocess.run(
                [*command, *(["--only", *names] if names else [])], capture_output=True, text=True, check=False
            )
            seconds = max(seconds, time.perf_counter() - began)
            try:
                said[half] = tuple(json.loads(done.stdout)["findings"])
            except (json.JSONDecodeError, KeyError):
                errors.append(f"{half}: exit {done.returncode}: {done.stderr[-500:]}")
    return result(case, said, seconds, errors)


def result(
    case: Case,
    said: Mapping[str, tuple[Finding, ...]],
    seconds: float,
    errors: Sequence[str],
    proved: Iterable[str] = (),
) -> Result:
    """Sort what was said into alarms and the rest."""
    halves = {half: said.get(half, ()) for half in ("fault", "clean")}
    alarms = {
        half: tuple(f for f in findings if f["kind"] and f["outcome"] in ALARMS) for half, findings in halves.items()
    }
    broken = [
        f"{half}: {f['check']}: {f['message']}" for half, fs in halves.items() for f in fs if f["outcome"] == "error"
    ]
    return Result(
        case=case,
        **alarms,
        said=tuple({**f, "half": half} for half, fs in halves.items() for f in fs),
        seconds=seconds,
        errors=(*errors, *broken),
        proved=frozenset(proved),
    )
