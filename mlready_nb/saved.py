"""What a notebook file holds, without a kernel: the gate, and whether it still stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlready_nb.checklist import Checklist, Gate
from mlready_nb.finding import Run
from mlready_nb.rules import checklist_of, rules_of
from mlready_nb.state import State
from mlready_nb.stores.ipynb import IpynbStore
from mlready_nb.subjects import only_ours

#: The name under which the hash of the notebook's code stands among a saved run's fingerprints.
CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A saved state, read without trust."""

    state: State
    #: why it no longer stands, as a clause; empty when it does
    stale: str = ""


def kept(store: IpynbStore) -> Kept | None:
    """What a notebook holds; `None` when nothing was ever saved in it.

    Raises
    ------
    NotebookUnreadable, StateDamaged, StateTooNew, StateTampered
        With what was found and what to do.
    """
    document, state = store.read(), store.load(trust=False)
    if state is None:
        return None
    run = state.run
    if run is not None and code_changed(run, document):
        old = replace(run, findings=tuple(replace(f, stale=True) for f in run))
        return Kept(state=replace(state, run=old), stale="the notebook's code was changed after the checks ran")
    if run is not None and any(f.stale for f in run):
        return Kept(state=state, stale="what some checks looked at was changed after they ran")
    return Kept(state=state)


def checklist(state: State, folder: Path | None = None) -> Checklist:
    """Everything there is to show of a state, by the rules of the notebook's folder."""
    return checklist_of(state, rules_of((folder or Path()).resolve()))


def verdict(state: State, folder: Path | None = None, *, broken: bool = False) -> Gate:
    """The gate, where a stale finding or a notebook that broke off never counts as green, nor as a failure."""
    run = state.run
    stale = run is not None and any(f.stale for f in run)
    if run is not None and stale:
        state = replace(state, run=replace(run, findings=tuple(f for f in run if not f.stale)))
    gate = checklist(state, folder).gate
    return gate if gate is Gate.NOT_READY or not (stale or broken) else Gate.UNKNOWN


def code_hash(document: Mapping[str, Any]) -> str:
    """Hash of a notebook's code; empty cells and cells of nothing but our own magics do not count."""
    hasher = hashlib.blake2b(digest_size=9)
    for cell in document["cells"]:
        if cell.get("cell_type") != "code":
            continue
        source = "".join(cell.get("source", "")).strip()
        if not only_ours(source):
            hasher.update(source.encode(errors="surrogatepass") + b"\0")
    return hasher.hexdigest()


def code_changed(run: Run, document: Mapping[str, Any]) -> bool:
    """True when the notebook's code is not what a headless run ran."""
    return CODE in run.fingerprints and run.fingerprints[CODE] != code_hash(document)
