"""The live kernel as a session sees it: its variables, its executed cells, the notebook it belongs to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlready_nb.guard import cell_began
from mlready_nb.outputs import notebook_cells
from mlready_nb.session import Session
from mlready_nb.state import KEY, State, StateDamaged, StateTooNew
from mlready_nb.stores.journal import Journal
from mlready_nb.subjects import Cell, NotebookCell

#: A notebook larger than this is not read for its state before the front end hands it over.
READ_LIMIT = 30 * 1024 * 1024


class Kernel:
    """An IPython shell with a session on it."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        #: execution count -> the front end's id of the cell, from the moment we were loaded
        self.cell_ids: dict[int, str] = {}
        #: the notebook's code cells as the front end or the file has them: (id, source)
        self.notebook_cells: Sequence[tuple[str, str]] = ()
        self._file: tuple[tuple[str, int, int], tuple[NotebookCell, ...]] | None = None
        path = self.notebook_path()
        document = _read(path)
        self.notebook_cells = tuple(_code_cells(document))
        self.session = Session(
            lambda: dict(shell.user_ns),
            self.cells,
            project=path.parent if path is not None else Path.cwd(),
            notebook=self.in_file,
        )
        if KEY in document.get("metadata", {}):
            try:
                self.session.state = State.from_json(document["metadata"][KEY])
            except (StateDamaged, StateTooNew) as error:
                self.session.problem = str(error)
        if path is not None:
            self.session.recover(Journal(path))

    @staticmethod
    def notebook_path() -> Path | None:
        """The notebook this kernel serves, where the front end tells (JupyterLab, Notebook 7, VS Code)."""
        name = os.environ.get("JPY_SESSION_NAME", "")
        path = Path(name)
        return path if name.endswith(".ipynb") and path.is_file() else None

    @property
    def has_front_end(self) -> bool:
        """True under ipykernel: there may be somebody who shows widgets."""
        return getattr(self.shell, "kernel", None) is not None

    def cells(self) -> tuple[Cell, ...]:
        """What was executed, in that order; a cell that ran twice stands twice.

        Where nobody tells which cells the notebook has (a terminal, a front end that is silent), a cell's number is
        the one it first ran under: the `[3]` beside it.
        """
        position = {cell_id: n for n, (cell_id, _) in enumerate(self.notebook_cells, 1)}
        by_source: dict[str, int] = {}
        for place, (_, source) in enumerate(self.notebook_cells, 1):
            by_source.setdefault(source.strip(), place)
        history = getattr(self.shell.history_manager, "input_hist_raw", [])
        executed, first = [], dict[str, int]()
        for count, source in enumerate(history):
            if not source.strip():
                continue
            cell_id = self.cell_ids.get(count)
            number = position.get(cell_id or "") or by_source.get(source.strip())
            if cell_id is None and number is not None:
                cell_id = self.notebook_cells[number - 1][0] or None
            if not self.notebook_cells:
                number = first.setdefault(cell_id or source.strip(), count)
            executed.append(Cell(number=number, source=source, execution_count=count, cell_id=cell_id))
        return tuple(executed)

    def in_file(self) -> tuple[NotebookCell, ...]:
        """The code cells as they were last saved, with their outputs; read again when the file changes."""
        path = self.notebook_path()
        try:
            about = path.stat() if path is not None else None
        except OSError:
            about = None
        if about is None:
            return ()
        key = (str(path), about.st_mtime_ns, about.st_size)
        if self._file is None or self._file[0] != key:
            self._file = (key, notebook_cells(_read(path)))
        return self._file[1]

    def before_cell(self, info: Any) -> None:
        """IPython's `pre_run_cell`: remember which cell this is, and that what it sets is the user's."""
        cell_began()
        cell_id = getattr(info, "cell_id", None)
        if cell_id and getattr(info, "store_history", True):
            self.cell_ids[self.shell.execution_count] = cell_id


def _read(path: Path | None) -> Mapping[str, Any]:
    try:
        if path is None or path.stat().st_size > READ_LIMIT:
            return {}
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # the front end hands the state over when it answers
    return document if isinstance(document, dict) else {}


def _code_cells(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for cell in document.get("cells", ()):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            yield str(cell.get("id", "")), source if isinstance(source, str) else "".join(source)
