"""What was said and found since the notebook was last saved: so that a crash loses nothing.

The notebook's metadata reach the disk when the person saves. Until then a copy lies in Jupyter's own data folder,
one file a notebook. It is taken in again when the next kernel finds it newer than the notebook, and removed as soon as
the notebook is saved.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

from mlready_nb.state import State, StateDamaged, StateTooLarge, StateTooNew, merge


class Journal:
    """The copy of one notebook.

    Parameters
    ----------
    notebook
        Its path; the file need not exist yet.
    folder
        Where copies lie; Jupyter's data folder without it.
    """

    def __init__(self, notebook: Path, folder: Path | None = None) -> None:
        self.notebook = notebook.resolve()
        if folder is None:
            from jupyter_core.paths import jupyter_data_dir

            folder = Path(jupyter_data_dir()) / "mlready"
        name = hashlib.sha256(os.fsencode(self.notebook)).hexdigest()[:24]
        self.path = folder / f"{name}.json"

    def write(self, state: State) -> None:
        """Keep a state; a full or unwritable disk is no reason to stop anybody's work."""
        with contextlib.suppress(OSError, StateTooLarge):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, suffix=".tmp")
            try:
                with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
                    json.dump({"notebook": str(self.notebook), "state": state.to_json()}, file)
                os.replace(name, self.path)  # noqa: PTH105  (a rename that replaces, on every system)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(name).unlink()
                raise

    def read(self) -> State | None:
        """What was not saved: `None` when there is nothing, or the notebook is newer."""
        try:
            at = self.path.stat().st_mtime
            if self.notebook.exists() and self.notebook.stat().st_mtime > at:
                return None
            raw = json.loads(self.path.read_text(encoding="utf-8", errors="surrogatepass"))
            return State.from_json(raw["state"]) if raw["notebook"] == str(self.notebook) else None
        except (OSError, ValueError, KeyError, TypeError, StateDamaged, StateTooNew):
            return None

    def recover(self, state: State) -> tuple[State, str | None]:
        """The state with what was not saved, and a sentence on it; `None` when nothing was lost."""
        lost = self.read()
        if lost is None:
            return state, None
        both = merge(lost, state)
        marks = sum(state.marks.get(c) != m for c, m in both.marks.items())
        texts = sum(state.card.get(k) != t for k, t in both.card.items())
        run = both.run is not None and (state.run is None or state.run.started != both.run.started)
        said = [f"{n} {what}{'s' * (n != 1)}" for n, what in ((marks, "mark"), (texts, "card text")) if n]
        said += ["the last run"] * run
        return both, f"Taken in from a session that was not saved: {', '.join(said)}" if said else None

    def clear(self) -> None:
        """The notebook is saved."""
        with contextlib.suppress(OSError):
            self.path.unlink()
