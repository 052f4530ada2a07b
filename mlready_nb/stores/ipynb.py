"""The state in a notebook file on disk: one metadata key, everything else as it was, all or nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from mlready_nb.state import KEY, State, StateDamaged, StateTooNew

#: Where a value that is not of our form is set aside, oldest first.
DAMAGED = "mlready_damaged"


class NotebookUnreadable(ValueError):
    """The file is no notebook that we can read; the message says what it is, and what to do."""


class NotSaved(ValueError):
    """Nothing was written; the message says why, and what to do."""


class IpynbStore:
    """Keeps the state under `metadata["mlready"]` of a .ipynb file.

    Parameters
    ----------
    path
        The notebook; a symbolic link is followed.
    force
        Write even when this kernel's front end holds the file open.
    """

    def __init__(self, path: str | Path, *, force: bool = False) -> None:
        self.path, self.force = Path(path), force
        #: digest of the file as it was last read or written here
        self._seen: str | None = None

    def read(self) -> dict[str, Any]:
        """The notebook as it stands on disk; raises `NotebookUnreadable`."""
        raw = _bytes(self.path)
        self._seen = _digest(raw)
        return _parse(raw, self.path)

    def load(self, *, trust: bool = True) -> State | None:
        """The saved state, or `None` when nothing was saved yet.

        Raises
        ------
        NotebookUnreadable, StateDamaged, StateTooNew
            With what was found and what to do.
        StateTampered
            With `trust=False`: the saved run was edited.
        """
        saved = self.read()["metadata"].get(KEY)
        return None if saved is None else State.from_json(saved, trust=trust)

    def save(self, state: State) -> None:
        """Put the state into the file, at once or not at all; a damaged older value is set aside, never lost.

        Raises
        ------
        NotSaved, NotebookUnreadable, StateTooNew
            Nothing was written.
        """
        target = self.path.resolve()
        if not self.force and _held(target):
            msg = (
                f"{self.path} is open in the notebook front end that runs this code; save it there with Ctrl+S instead"
            )
            raise NotSaved(msg)
        raw = _bytes(target)
        document = _parse(raw, self.path)
        if self._seen is not None and self._seen != _digest(raw):
            msg = f"{self.path} was changed since it was read, so nothing was written; run the command again"
            raise NotSaved(msg)
        metadata = document["metadata"]
        _set_aside(metadata)
        metadata[KEY] = state.to_json()
        text = written_like(raw, document)
        _replace(target, raw, text)
        self._seen = _digest(text)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        near = sorted(p.name for p in path.parent.glob("*.ipynb"))[:5] if path.parent.is_dir() else []
        hint = f"; notebooks there: {', '.join(near)}" if near else ""
        msg = f"there is no file {path}{hint}"
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}"
    raise NotebookUnreadable(msg)


def _parse(raw: bytes, path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        msg = f"{path} is not UTF-8 text (byte {error.start}), so it is no notebook"
        raise NotebookUnreadable(msg) from error
    except (ValueError, RecursionError) as error:
        conflict = re.search(rb"^<{7} ", raw, flags=re.MULTILINE)
        hint = (
            "it holds git's conflict markers, resolve them first"
            if conflict
            else "restore it from a backup or from git"
        )
        msg = f"{path} is not valid JSON ({error}): {hint}"
        raise NotebookUnreadable(msg) from error
    form = document.get("nbformat") if isinstance(document, dict) else None
    if not isinstance(form, int):
        msg = f"{path} is JSON but no notebook: it has no nbformat number"
        raise NotebookUnreadable(msg)
    if form < 4:
        msg = f"{path} is a notebook of format {form}, expected 4: jupyter nbconvert --to notebook --nbformat 4 --inplace {path}"
        raise NotebookUnreadable(msg)
    if form > 4:
        msg = f"{path} is a notebook of format {form}, this mlready-nb reads 4: pip install -U mlready-nb"
        raise NotebookUnreadable(msg)
    cells, metadata = document.get("cells"), document.setdefault("metadata", {})
    if not isinstance(cells, list) or not all(isinstance(c, dict) for c in cells) or not isinstance(metadata, dict):
        msg = f"{path} is not a well-formed notebook: its cells must be a list and its metadata a mapping"
        raise NotebookUnreadable(msg)
    return document


def _held(path: Path) -> bool:
    """True when this very kernel serves that notebook: the front end would overwrite what we write."""
    name = os.environ.get("JPY_SESSION_NAME", "")
    return name.endswith(".ipynb") and Path(name).resolve() == path


def _set_aside(metadata: dict[str, Any]) -> None:
    if KEY not in metadata:
        return
    try:
        State.from_json(metadata[KEY])
    except StateTooNew:
        raise
    except StateDamaged:
        earlier = metadata.get(DAMAGED, [])
        metadata[DAMAGED] = [*(earlier if isinstance(earlier, list) else [earlier]), metadata[KEY]]


def written_like(raw: bytes, document: dict[str, Any]) -> bytes:
    """The document as text in the manner of the file it came from, so that a diff shows our key alone."""
    old = raw.decode("utf-8")
    found = re.match(r"\{\r?\n([ \t]+)", old)
    indent = found[1] if found else 1
    text = json.dumps(document, indent=indent, ensure_ascii=old.isascii() and "\\u" in old)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can hold
        text = json.dumps(document, indent=indent)
    text += "\n" if old.endswith("\n") else ""
    return (text.replace("\n", "\r\n") if "\r\n" in old else text).encode()


def _replace(target: Path, before: bytes, after: bytes) -> None:
    """Write beside the file, then rename: a crash leaves the old file or the new one."""
    if not os.access(target, os.W_OK):
        msg = f"{target} is read-only, so nothing was written; chmod u+w it, or leave --save away"
        raise NotSaved(msg)
    name = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=".tmp", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, name)
        if target.read_bytes() != before:
            msg = f"{target} was changed while it was being saved, so nothing was written; run the command again"
            raise NotSaved(msg)
        os.replace(name, target)  # noqa: PTH105  (a rename that replaces, on every system)
        name = None
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror or error}; the file is as it was"
        raise NotSaved(msg) from error
    finally:
        if name is not None:
            with contextlib.suppress(OSError):
                Path(name).unlink()


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
