"""What the checks look at: the model, the splits, and where each of them came from."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any


class Task(StrEnum):
    """What kind of question the model answers."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    MULTILABEL = "multilabel"
    REGRESSION = "regression"

    @property
    def classifies(self) -> bool:
        """True for every task with classes."""
        return self is not Task.REGRESSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One code cell as it was executed (live) or as it stands (headless)."""

    #: 1-based position among the notebook's code cells; `None` when the history does not tell
    number: int | None
    source: str
    execution_count: int | None = None
    cell_id: str | None = None

    @property
    def ours(self) -> bool:
        """True when it holds nothing but our own magics and comments: it changes nothing that is looked at."""
        return only_ours(self.source)


def only_ours(source: str) -> bool:
    """True for a source of nothing but `%mlready`, `%load_ext mlready_nb` and comments."""
    lines = (line.strip() for line in source.splitlines())
    return all(line.startswith(("%mlready", "%load_ext mlready_nb", "#")) for line in lines if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One text of an output: what a reader of the notebook sees."""

    #: "text/plain", "text/html"...
    mime: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookCell:
    """One code cell as it stands in the notebook's file, run or not, with what it shows."""

    #: 1-based position among the code cells
    number: int
    source: str
    #: as it was saved; `None` for a cell that was not run, or whose outputs were stripped
    execution_count: int | None = None
    cell_id: str | None = None
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which variable gave a subject, and why that one was taken."""

    #: an expression over the namespace: `X_test`, or for a recovered column `raw['sex']`
    variable: str
    #: one clause a person can judge: "passed to clf.fit in cell 7"
    how: str
    shape: tuple[int, ...] | None = None
    #: other variables that would do, best first
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A stated goal: `recall >= 0.8`, `p95_latency_ms <= 50`."""

    metric: str
    op: str
    value: float

    def __str__(self) -> str:
        return f"{self.metric} {self.op} {self.value:g}"


class BadTarget(ValueError):
    """A text that states no goal; the message says how one is written."""


_GOAL = re.compile(r"([A-Za-z_][\w.@-]*)\s*(>=|<=|>|<)\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\Z")


def parse_target(text: str) -> Target:
    """`recall>=0.8` as a Target; raises `BadTarget`."""
    found = _GOAL.match(text.strip())
    if not found:
        msg = f"{text!r} is no goal; write a metric, >= or <=, and a number: %mlready target recall>=0.8"
        raise BadTarget(msg)
    metric, op, value = found.groups()
    return Target(metric=metric, op=op if len(op) == 2 else f"{op}=", value=float(value))


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """Everything a check can ask for by the name of a positional parameter.

    Frames are kept as the user made them (pandas, polars, pyarrow, NumPy, SciPy sparse); labels are 1-D for
    binary, multi-class and regression, 2-D for multi-label. `None` means: not found.
    """

    model: Any = None
    X_train: Any = None
    y_train: Any = None
    X_valid: Any = None
    y_valid: Any = None
    X_test: Any = None
    y_test: Any = None
    #: columns aligned with the rows of the test set, name -> 1-D values
    sensitive_features: Mapping[str, Any] | None = None
    task: Task | None = None
    #: the labels in the order of `predict_proba`'s columns
    class_names: tuple[Any, ...] | None = None
    targets: tuple[Target, ...] = ()
    cells: tuple[Cell, ...] = ()
    #: the code cells as they stand in the notebook's file, with their outputs as text
    notebook: tuple[NotebookCell, ...] = ()
    project: Path | None = None
    #: every live variable by name, to be read only: raw frames, fitted steps, settings that no other subject holds
    namespace: Mapping[str, Any] | None = field(default=None, repr=False)
    origin: Mapping[str, Origin] = field(default_factory=dict)

    def present(self) -> tuple[str, ...]:
        """Names of the subjects that are there."""
        return tuple(f.name for f in fields(self) if f.name != "origin" and _there(getattr(self, f.name)))


def _there(value: Any) -> bool:
    return value is not None and not (isinstance(value, (tuple, Mapping)) and len(value) == 0)


class Unusable(Exception):
    """A subject is there but cannot be used; the message says what was found and what to do next."""


class Cancelled(BaseException):
    """Raised inside a check when Stop was pressed or its time is up; no `except Exception` on the way swallows it."""


class Budget:
    """Time and patience for one check: it polls `check()`, and may ask how many seconds are `left`."""

    def __init__(self, seconds: float = 30.0, stop: threading.Event | None = None) -> None:
        self.seconds = seconds
        self._stop = stop or threading.Event()
        self._started = time.monotonic()
        self.begun = False

    def begin(self) -> None:
        """Start the clock: predictions that several checks share are there, what follows is the check's own time."""
        self._started, self.begun = time.monotonic(), True

    @property
    def left(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.seconds - self.spent)

    @property
    def spent(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._started

    @property
    def stopped(self) -> bool:
        """True once Stop was pressed."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `Cancelled` when Stop was pressed; call it in every loop that can take long."""
        if self._stop.is_set():
            raise Cancelled
