"""Runs a notebook from top to bottom in a fresh kernel, then our checks in that same kernel. Never writes the file."""

from __future__ import annotations

import contextlib
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlready_nb import outputs
from mlready_nb.saved import CODE, code_hash
from mlready_nb.state import State, StateDamaged, StateTampered, StateTooNew, merge
from mlready_nb.stores.ipynb import IpynbStore, NotSaved
from mlready_nb.subjects import Cell

#: Seconds that an interrupted kernel gets to answer again.
PATIENCE = 20

_MIME = "application/vnd.mlready.tick+json"
_PREFLIGHT = "[__import__('sys').executable, __import__('importlib.util', fromlist=['util']).find_spec('mlready_nb') is not None]"
_ANSWER = "__import__('mlready_nb.headless', fromlist=['headless']).answer({folder!r})"


class CannotRun(ValueError):
    """The notebook or its kernel cannot be run at all; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Where a headless run stands."""

    #: "cells" or "checks"
    phase: str
    done: int
    total: int
    #: the first line of the cell, or the check's name
    what: str
    #: seconds left, where there is an estimate
    left: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellError:
    """What ended the notebook early."""

    #: 1-based position among the code cells; `None` when it happened outside any
    cell: int | None
    line: int | None
    name: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """As it stands under `errors` in the report."""
        return {"cell": self.cell, "line": self.line, "name": self.name, "message": self.message}

    def __str__(self) -> str:
        where = f"cell {self.cell}" + (f", line {self.line}" if self.line else "") if self.cell else "the kernel"
        return f"{where} raised {self.name}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a headless run brings back."""

    state: State
    errors: tuple[CellError, ...] = ()
    #: what a person should know: a kernel that was replaced, two readings that tie
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for, beside the notebook."""

    only: tuple[str, ...] = ()
    use: Mapping[str, str] | None = None
    targets: tuple[str, ...] = ()
    #: seconds a cell may take
    timeout: float | None = None


def run_notebook(
    store: IpynbStore, options: Options | None = None, on_tick: Callable[[Tick], None] = lambda _: None
) -> Outcome:
    """Run the notebook's code cells in order in a fresh kernel, then the checks on what exists.

    Raises
    ------
    CannotRun, NotebookUnreadable, UsageError, BadConfig, CheckNotFound
        Before anything runs, or when a binding leads nowhere; a cell that raises is in `Outcome.errors` instead.
    """
    options, began, notes = options or Options(), time.monotonic(), []
    document = store.read()
    _rehearse(store, options)
    state, note = _saved(store)
    notes += [note] if note else []
    state = replace(state, run=state.run if options.only else None)
    client, note = _client(document, store.path, options.timeout)
    notes += [note] if note else []
    with tempfile.TemporaryDirectory(prefix="mlready-") as folder, _kernel(client, Path(folder) / "kernel.log"):
        _preflight(client)
        executed, errors = _run_cells(client, on_tick)
        asked = {
            "state": state.to_json(limit=sys.maxsize),
            "cells": [[c.number, c.source, c.execution_count, c.cell_id] for c in executed],
            "notebook": outputs.to_json(outputs.notebook_cells(document, client.nb)),
            "project": str(store.path.resolve().parent),
            "only": options.only,
            "use": dict(options.use or {}),
            "targets": options.targets,
        }
        said: dict[str, Any] = {}
        if not any(e.name == _DEAD for e in errors):
            said, broke = _checks(client, Path(folder), asked, on_tick, patient=any(e.name == _TIMEOUT for e in errors))
            errors += [broke] if broke else []
    if said.get("problem"):
        raise CannotRun(said["problem"])
    if "state" in said:
        state = State.from_json(said["state"])
        if state.run is not None:
            marks = {**state.run.fingerprints, CODE: code_hash(document)}
            state = replace(state, run=replace(state.run, fingerprints=marks))
    notes += said.get("notes", [])
    return Outcome(state=state, errors=tuple(errors), notes=tuple(notes), seconds=time.monotonic() - began)


def save(store: IpynbStore, outcome: Outcome) -> None:
    """Keep what a whole run found in the notebook it was run from; raises `NotSaved`."""
    if outcome.errors:
        msg = f"nothing was saved: {outcome.errors[0]}"
        raise NotSaved(msg)
    store.save(outcome.state)


# -- outside the kernel --------------------------------------------------------
_TIMEOUT, _DEAD = "CellTimeoutError", "DeadKernelError"


def _rehearse(store: IpynbStore, options: Options) -> None:
    """What is wrong with the words is said before a notebook runs for minutes."""
    from mlready_nb.checks.registry import select
    from mlready_nb.session import Session

    session = Session(project=store.path.resolve().parent)
    session.use(dict.fromkeys(options.use or {}, "auto"))
    session.target(options.targets)
    select(options.only)
    for check in session.checks:
        session.config.thresholds(check.name, check.thresholds)


def _saved(store: IpynbStore) -> tuple[State, str]:
    try:
        state = store.load() or State()
        store.load(trust=False)
    except StateTampered as error:
        return replace(state, run=None), f"saved findings are left aside: {error}"
    except (StateDamaged, StateTooNew) as error:
        return State(), f"saved marks and card are left aside: {error}"
    return state, ""


def _client(document: Mapping[str, Any], path: Path, timeout: float | None) -> tuple[Any, str]:
    """A client for the notebook's kernel; `python3`, and what is not installed, is this very Python."""
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    from nbclient import NotebookClient

    metadata = document["metadata"]
    spec = metadata.get("kernelspec") or {}
    name = spec.get("name") or "python3"
    language = spec.get("language") or metadata.get("language_info", {}).get("name") or "python"
    note = ""
    if name != "python3":
        try:
            language = KernelSpecManager().get_kernel_spec(name).language or language
        except NoSuchKernel:
            note = f"its kernel {name!r} is not installed here; it ran in {sys.executable} instead"
    if "python" not in language.lower():
        msg = f"{path} is a notebook in {language}, expected Python: mlready-nb looks at live Python objects"
        raise CannotRun(msg)
    client = NotebookClient(
        _node(nbformat, document),
        timeout=timeout,
        kernel_name="python3" if note else name,
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    client.log.disabled = True  # what goes wrong comes back as an exception
    client.create_kernel_manager()
    if client.kernel_name == "python3":
        client.km.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
    return client, note


@contextlib.contextmanager
def _kernel(client: Any, log: Path) -> Iterator[None]:
    """A kernel that is shut down whatever happens; what it says outside the protocol does not fill the terminal."""
    with log.open("wb") as said, contextlib.ExitStack() as stack:
        try:
            stack.enter_context(client.setup_kernel(stdout=said, stderr=said))
        except (RuntimeError, OSError) as error:
            last = log.read_text(errors="replace").strip().splitlines()[-3:]
            msg = f"the kernel {client.kernel_name!r} does not start: {' '.join([str(error), *last])}"
            raise CannotRun(msg) from error
        yield


def _node(nbformat: Any, document: Mapping[str, Any]) -> Any:
    """The notebook as nbclient wants it, without its old outputs."""
    nb = nbformat.from_dict(document)
    for cell in nb.cells:
        cell.source = "".join(cell.get("source", ""))
        cell.setdefault("metadata", {})
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nb


def _preflight(client: Any) -> None:
    """Nothing is run for minutes in a kernel that cannot be looked at afterwards."""
    cell = _aside(client, _PREFLIGHT)
    said = [o["data"]["text/plain"] for o in cell.outputs if o.output_type == "execute_result"]
    if not said or not said[0].endswith("True]"):
        python = re.match(r"\['(.*?)'", said[0] if said else "")
        pip = f"{python[1]} -m pip install mlready-nb" if python else "pip install mlready-nb"
        msg = f"mlready-nb is not installed in the notebook's kernel {client.kernel_name!r}: {pip}"
        raise CannotRun(msg)


def _aside(client: Any, source: str) -> Any:
    """Run code of ours, outside the history."""
    import nbformat

    client.nb.cells.append(nbformat.v4.new_code_cell(source))
    try:
        return client.execute_cell(client.nb.cells[-1], len(client.nb.cells) - 1, store_history=False)
    finally:
        client.nb.cells.pop()


def _run_cells(client: Any, on_tick: Callable[[Tick], None]) -> tuple[list[Cell], list[CellError]]:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    executed: list[Cell] = []
    code = [(at, cell) for at, cell in enumerate(client.nb.cells) if cell.cell_type == "code"]
    for number, (at, cell) in enumerate(code, 1):
        first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
        on_tick(Tick(phase="cells", done=number - 1, total=len(code), what=first))
        error = None
        try:
            client.execute_cell(cell, at)
        except CellExecutionError as raised:
            error = CellError(
                cell=number, line=_line(raised.traceback), name=raised.ename, message=_short(raised.evalue)
            )
        except CellTimeoutError:
            message = f"took longer than {client.timeout:g} s; give it more with --timeout"
            error = CellError(cell=number, line=None, name=_TIMEOUT, message=message)
        except DeadKernelError:
            message = "the kernel died in this cell, perhaps for lack of memory; nothing could be checked"
            error = CellError(cell=number, line=None, name=_DEAD, message=message)
        if cell.source.strip():
            executed.append(
                Cell(number=number, source=cell.source, execution_count=cell.execution_count, cell_id=cell.get("id"))
            )
        if error is not None:
            return executed, [error]
    return executed, []


def _line(traceback: str) -> int | None:
    """The line of the cell in IPython's traceback."""
    found = re.search(r"(?:Cell )?In\s?\[\d+\](?:\x1b\[[\d;]*m)*, line (\d+)", re.sub(r"\x1b\[[\d;]*m", "", traceback))
    return int(found[1]) if found else None


def _short(text: str, limit: int = 500) -> str:
    text = " ".join(re.sub(r"\x1b\[[\d;]*m", "", text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _checks(
    client: Any, folder: Path, asked: Mapping[str, Any], on_tick: Callable[[Tick], None], *, patient: bool
) -> tuple[dict[str, Any], CellError | None]:
    """Have the checks run inside; what they said, or why they could not."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbclient.util import run_sync

    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    show = client.output

    def output(outputs: Any, message: Any, *rest: Any) -> Any:
        tick = message["content"].get("data", {}).get(_MIME)
        if tick is None:
            return show(outputs, message, *rest)
        on_tick(Tick(phase="checks", **tick))
        return None

    client.output = output
    try:
        if patient:  # a cell ran out of time: stop it, and see whether the kernel listens again
            run_sync(client.km.interrupt_kernel)()
            client.timeout = PATIENCE
            _aside(client, "None")
        client.timeout = None  # every check has its own budget
        _aside(client, _ANSWER.format(folder=str(folder)))
        said: dict[str, Any] = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    except CellTimeoutError:
        return {}, CellError(
            cell=None, line=None, name=_TIMEOUT, message="it did not answer an interrupt; nothing was checked"
        )
    except DeadKernelError:
        return {}, CellError(cell=None, line=None, name=_DEAD, message="it died, so the checks did not finish")
    except CellExecutionError as error:
        return {}, CellError(cell=None, line=None, name=error.ename, message=_short(error.evalue))
    else:
        return said, None


# -- inside the kernel ---------------------------------------------------------
def answer(folder: str) -> None:
    """Read what is asked, run the checks on this kernel's variables, and write down what they say."""
    asked = json.loads((Path(folder) / "asked.json").read_text(encoding="utf-8"))
    try:
        said = _look(asked)
    except (ValueError, LookupError, OSError) as error:
        problem = error.args[0] if isinstance(error, KeyError) and error.args else error
        said = {"problem": str(problem) or type(error).__name__}
    (Path(folder) / "said.json").write_text(json.dumps(said), encoding="utf-8")


def _look(asked: Mapping[str, Any]) -> dict[str, Any]:
    from IPython.core.getipython import get_ipython

    from mlready_nb.session import Session

    shell: Any = get_ipython()
    cells = tuple(Cell(number=n, source=s, execution_count=c, cell_id=i) for n, s, c, i in asked["cells"])
    shown = outputs.from_json(asked["notebook"])
    session = Session(
        lambda: dict(shell.user_ns), lambda: cells, project=Path(asked["project"]), notebook=lambda: shown
    )
    state = State.from_json(asked["state"])
    magics = getattr(shell, "mlready_magics", None)
    if magics is not None:  # goals, bindings and marks that the notebook's own cells gave
        state = merge(replace(magics.session.state, run=None), state)
    session.state = state
    if asked["targets"]:
        session.target(asked["targets"])
    session.use(asked["use"])

    def tell(event: str) -> None:
        at = session.progress
        if event == "progress" and at is not None:
            tick = {"done": at.done, "total": at.total, "what": at.check, "left": at.left}
            shell.display_pub.publish({_MIME: tick})

    session.subscribe(tell)
    session.check(asked["only"])
    found = session.discovery
    ties = (
        [f"{q.text} ({', '.join(q.options)}): say which with --use {q.subject}=..." for q in found.questions]
        if found
        else []
    )
    return {"state": session.state.to_json(limit=sys.maxsize), "notes": [*ties, *(found.notes if found else ())]}
