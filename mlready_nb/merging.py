"""Two people's marks in one notebook: `mlready merge`, by hand or as git's merge driver."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from mlready_nb.state import KEY, State, merge
from mlready_nb.stores.ipynb import IpynbStore, NotSaved, written_like


def take_in(ours: Path, theirs: Path) -> State:
    """Put what `theirs` says into `ours`: of each mark and card field the later one, of runs the later one.

    Raises
    ------
    NotebookUnreadable, StateDamaged, StateTooNew, NotSaved
        Nothing was written.
    """
    store = IpynbStore(ours)
    both = merge(store.load() or State(), IpynbStore(theirs).load() or State())
    store.save(both)
    return both


def three_way(base: Path, ours: Path, theirs: Path) -> bool:
    """Merge two changed notebooks into `ours`: our key by marks and times, the rest as git merges text.

    Returns
    -------
    bool
        False when the rest holds conflicts; they stand in `ours` between git's markers, the state is merged already.

    Raises
    ------
    NotebookUnreadable, StateDamaged, StateTooNew, NotSaved
        Nothing was written.
    """
    stores = [IpynbStore(p) for p in (ours, base, theirs)]
    documents = [s.read() for s in stores]
    held = [State.from_json(d["metadata"][KEY]) if KEY in d["metadata"] else State() for d in documents]
    both = merge(held[0], held[2])
    there = any(KEY in d["metadata"] for d in (documents[0], documents[2]))
    with tempfile.TemporaryDirectory(prefix="mlready-") as folder:
        names = []
        for path, document, name in zip((ours, base, theirs), documents, ("ours", "base", "theirs"), strict=True):
            if there:  # the same in all three, so that it cannot conflict
                document["metadata"][KEY] = both.to_json()
            names.append(Path(folder) / name)
            names[-1].write_bytes(written_like(path.read_bytes(), document))
        command = ["git", "merge-file", "-L", "ours", "-L", "base", "-L", "theirs", *map(str, names)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode < 0 or done.returncode > 127:
            msg = f"git merge-file failed ({done.stderr.strip()}); nothing was written"
            raise NotSaved(msg)
        ours.write_bytes(names[0].read_bytes())
    return done.returncode == 0
