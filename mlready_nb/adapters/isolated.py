"""A model asked in a child process: what kills it there leaves the kernel alive.

The child is a plain interpreter, not a fork: nothing of the kernel's threads, locks or modules comes along, which is
how a server would load the model, too.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlready_nb.frames.memory import available
from mlready_nb.subjects import Budget

#: What a child may print before it is cut off.
_TAIL = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one question."""

    #: the value, when there is one
    value: Any = None
    #: type and text of what was raised
    error: str | None = None
    #: the process ended with it
    died: bool = False

    @property
    def answered(self) -> bool:
        """True when a value came back."""
        return self.error is None and not self.died


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child's run: its answers, and why there are none."""

    answers: tuple[Answer, ...] = ()
    #: why the function or the payload could not be loaded there
    broken: str | None = None
    seconds: float = 0.0
    timed_out: bool = False


def ask(
    function: str,
    payload: bytes,
    questions: Sequence[Any],
    budget: Budget,
    *,
    folder: Path | None = None,
    memory: int | None = None,
) -> Child:
    """`function(payload_bytes) -> callable`, then the callable on each question, all in a fresh interpreter.

    Parameters
    ----------
    function
        Where to find it: `mlready_nb.adapters.isolated:unpickled`.
    folder
        The child's working directory; a temporary one by default.
    memory
        Bytes that the child may take (where the system can hold it to that, as Linux does): more is a `MemoryError`
        there, or its end. By default most of what is free, so that the child goes before the kernel does.
    """
    free = available()
    memory = memory or (int(0.8 * free) if free else 0)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mlready-", ignore_cleanup_errors=True) as temporary:
        home = Path(temporary)
        (home / "payload").write_bytes(payload)
        (home / "questions").write_bytes(pickle.dumps(list(questions), protocol=5))
        code = "from mlready_nb.adapters.isolated import main; main()"
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(p or str(Path.cwd()) for p in sys.path),
            "OMP_NUM_THREADS": "1",
        }
        with (home / "said").open("wb") as said:
            process = subprocess.Popen(  # noqa: S603  (our own interpreter, a fixed line of code)
                [sys.executable, "-c", code, str(home), function, str(memory)],
                stdout=said,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=folder or home,
                env=environment,
            )
            try:
                timed_out = _wait(process, budget)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        answers = _read(home / "answers")
        spoken = (home / "said").read_bytes()[-_TAIL:].decode("utf-8", "replace")
        broken = (home / "broken").read_text(encoding="utf-8") if (home / "broken").is_file() else None
        if broken is None and not (home / "loaded").is_file() and not timed_out:
            broken = f"the process ended with code {process.returncode}: {' '.join(spoken.split())[-300:]}"
    if broken is None and not timed_out and len(answers) < len(questions):
        answers.append(Answer(died=True, error=f"the process ended with code {process.returncode}"))
    return Child(answers=tuple(answers), broken=broken, seconds=time.monotonic() - began, timed_out=timed_out)


def _wait(process: subprocess.Popen[bytes], budget: Budget) -> bool:
    """Wait, polling the budget; True when the time was up. Raises `Cancelled` on Stop."""
    while process.poll() is None:
        budget.check()
        if budget.left <= 0:
            return True
        time.sleep(0.02)
    return False


def _read(path: Path) -> list[Answer]:
    answers = []
    if path.is_file():
        with path.open("rb") as stream:
            while True:
                try:
                    answers.append(Answer(**pickle.load(stream)))  # noqa: S301  (written by our own child)
                except (EOFError, pickle.UnpicklingError):
                    break
    return answers


def unpickled(payload: bytes) -> Any:
    """The bound method or function that was pickled."""
    return pickle.loads(payload)  # noqa: S301  (the user's own model, pickled in this very run)


def main() -> None:
    """The child's side: load, then answer one question after the other, each answer on disk before the next."""
    from importlib import import_module

    home, (module, _, name) = Path(sys.argv[1]), sys.argv[2].partition(":")
    _hold(int(sys.argv[3]))
    try:
        call = getattr(import_module(module), name)((home / "payload").read_bytes())
        questions = pickle.loads((home / "questions").read_bytes())  # noqa: S301
    except BaseException as error:
        (home / "broken").write_text(_said(error), encoding="utf-8")
        return
    (home / "loaded").touch()
    with (home / "answers").open("wb") as stream:
        for question in questions:
            try:
                answer = {"value": call(question)}
            except BaseException as error:
                answer = {"error": _said(error)}
            pickle.dump(answer, stream, protocol=5)
            stream.flush()


def _hold(memory: int) -> None:
    """Take no more than this; the kernel of the system counts private memory, not mapped libraries."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        if memory:
            resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
