"""The store on disk: one key changes, nothing else does, and what cannot be done is said with the file untouched."""

import difflib
import json
import os
import stat
import sys

import nbformat
import pytest

from mlready_nb.marks import Mark, MarkKind
from mlready_nb.state import KEY, SCHEMA, State, StateDamaged, StateTampered, StateTooNew
from mlready_nb.stores.ipynb import DAMAGED, IpynbStore, NotebookUnreadable, NotSaved

TICK = State(marks={"BUS-01": Mark(code="BUS-01", kind=MarkKind.ATTESTED, note="as agreed — ünïcode 中")})


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A notebook with outputs, attachments and odd metadata, as nbformat writes it."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    cells = [
        nbformat.v4.new_markdown_cell("# Größe\nzwei", attachments={"a.png": {"image/png": "AAAA"}}),
        nbformat.v4.new_code_cell(
            "x = 1\nx", outputs=[nbformat.v4.new_output("stream", text="\x1b[31mred\x1b[0m 中\n")], execution_count=3
        ),
    ]
    metadata = {
        "widgets": {"a": {"b": [1, 2.50, 1e300]}},
        "zeta": "kept",
        "kernelspec": {"name": "python3", "display_name": "Py"},
    }
    path = tmp_path / "a notebook.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    return path


def edit(path, **changes):
    """Change top-level metadata by hand."""
    document = json.loads(path.read_text())
    document["metadata"].update(changes)
    path.write_text(json.dumps(document))


def test_a_round_trip(path):
    """What is saved is loaded; before that there is nothing."""
    assert IpynbStore(path).load() is None

    IpynbStore(path).save(TICK)

    assert IpynbStore(path).load(trust=False) == TICK
    nbformat.validate(nbformat.read(path, as_version=4))


@pytest.mark.parametrize("manner", ["nbformat", "two spaces", "escaped", "crlf", "no newline at the end"])
def test_nothing_but_our_key_changes(path, manner):
    """In whatever manner the file is written, every line stays but ours, byte by byte."""
    document = json.loads(path.read_text())
    if manner == "two spaces":
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    elif manner == "escaped":
        path.write_text(json.dumps(document, indent=1) + "\n")
    elif manner == "crlf":
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    elif manner == "no newline at the end":
        path.write_bytes(path.read_bytes().rstrip(b"\n"))
    before = path.read_bytes()
    IpynbStore(path).save(State())
    lines = list(
        difflib.ndiff(before.decode().splitlines(keepends=True), path.read_bytes().decode().splitlines(keepends=True))
    )
    removed = [line for line in lines if line.startswith("- ")]

    # the last key of the metadata gets a comma
    assert all(line.rstrip() in ('-   "zeta": "kept"', '-     "zeta": "kept"') for line in removed), removed
    after = json.loads(path.read_bytes())
    assert after["metadata"].pop(KEY)["schema"] == SCHEMA
    assert after == document


def test_a_second_save_of_the_same_changes_no_byte(path):
    """Saving is idempotent."""
    IpynbStore(path).save(TICK)
    once = path.read_bytes()
    IpynbStore(path).save(TICK)

    assert path.read_bytes() == once


def test_text_that_utf_8_cannot_hold_survives(path):
    """Half a surrogate pair in an output is kept as its escape."""
    text = path.read_text().replace("red", "\\ud83d")
    path.write_text(text)
    IpynbStore(path).save(TICK)

    assert "\ud83d" in json.loads(path.read_bytes())["cells"][1]["outputs"][0]["text"][0]


def test_a_damaged_value_is_set_aside_not_lost(path):
    """Loading says where it is damaged; the next saves keep the old values beside the new one."""
    edit(path, mlready={"schema": 1, "marks": "gone"})
    with pytest.raises(StateDamaged, match="damaged"):
        IpynbStore(path).load()
    IpynbStore(path).save(TICK)
    edit(path, mlready=[1, 2])
    IpynbStore(path).save(TICK)

    metadata = json.loads(path.read_bytes())["metadata"]
    assert metadata[DAMAGED] == [{"schema": 1, "marks": "gone"}, [1, 2]]
    assert IpynbStore(path).load() == TICK


def test_a_newer_schema_is_never_overwritten(path):
    """Neither read nor replaced; the advice is to upgrade."""
    edit(path, mlready={"schema": SCHEMA + 1})
    before = path.read_bytes()
    for attempt in (lambda: IpynbStore(path).load(), lambda: IpynbStore(path).save(TICK)):
        with pytest.raises(StateTooNew, match="pip install -U"):
            attempt()

    assert path.read_bytes() == before


def test_an_edited_run_is_noticed(path):
    """With trust=False the digest is looked at."""
    IpynbStore(path).save(TICK)
    saved = json.loads(path.read_bytes())["metadata"][KEY]
    edit(path, mlready=saved | {"run": {"findings": []}})

    assert IpynbStore(path).load() is not None
    with pytest.raises(StateTampered, match="edited"):
        IpynbStore(path).load(trust=False)


@pytest.mark.parametrize(
    ("content", "words"),
    [("{", "not valid JSON"), ("", "not valid JSON"), ("<<<<<<< HEAD\n{}\n", "conflict markers"), ("[]", "no notebook"),
     ('{"nbformat": 3, "worksheets": []}', "nbconvert --to notebook"), ('{"nbformat": 5, "cells": []}', "pip install -U"),
     ('{"nbformat": 4, "cells": {}}', "well-formed"), (b"\x89PNG\xff", "UTF-8"), (None, "there is no file")],
)  # fmt: skip
def test_what_is_no_notebook_is_named_and_left_alone(tmp_path, content, words):
    """Load and save say what the file is; it stays as it was."""
    path = tmp_path / "nb.ipynb"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for attempt in (lambda: IpynbStore(path).load(), lambda: IpynbStore(path).save(TICK)):
        with pytest.raises(NotebookUnreadable, match=words):
            attempt()

    assert not path.exists() if content is None else path.stat().st_size == len(content)
    assert len(list(tmp_path.iterdir())) == (content is not None)


def test_a_file_that_changed_since_is_not_overwritten(path):
    """Somebody saved in between: their version stays, and the next try says so again until it is read anew."""
    store = IpynbStore(path)
    store.load()
    edit(path, theirs=True)
    with pytest.raises(NotSaved, match="changed since"):
        store.save(TICK)

    assert KEY not in json.loads(path.read_bytes())["metadata"]
    store.load()
    store.save(TICK)
    assert json.loads(path.read_bytes())["metadata"]["theirs"]


def test_a_change_during_the_save_is_seen(path, monkeypatch):
    """The last look is right before the rename; nothing is left beside the file."""
    real = os.fsync

    def meanwhile(handle):
        real(handle)
        edit(path, theirs=True)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(NotSaved, match="while it was being saved"):
        IpynbStore(path).save(TICK)

    assert KEY not in json.loads(path.read_bytes())["metadata"]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_crash_during_the_save_leaves_the_old_file(path, monkeypatch):
    """The disk is full: the old file is whole, and no temporary one stays."""
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotSaved, match="No space left"):
        IpynbStore(path).save(TICK)

    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_file_that_a_front_end_holds_is_left_to_it(path, monkeypatch):
    """Its own kernel does not write under an open document, unless forced."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    with pytest.raises(NotSaved, match=r"Ctrl\+S"):
        IpynbStore(path).save(TICK)
    IpynbStore(path, force=True).save(TICK)

    assert IpynbStore(path).load() == TICK


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_mode_and_link_are_kept(path):
    """A link stays a link, permissions stay what they were; a read-only file is not replaced."""
    path.chmod(0o640)
    link = path.with_name("link.ipynb")
    link.symlink_to(path)
    IpynbStore(link).save(TICK)

    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert IpynbStore(path).load() == TICK


def test_a_read_only_file_is_left_alone(path, monkeypatch):
    """Said before anything is written (a superuser may write anywhere, so the answer is given here)."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    before = path.read_bytes()
    with pytest.raises(NotSaved, match=r"read-only.*chmod"):
        IpynbStore(path).save(TICK)

    assert path.read_bytes() == before
