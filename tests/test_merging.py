"""Two people's marks, one notebook: nothing said is lost, and the later word counts."""

import json
import subprocess
from dataclasses import replace

import nbformat
import pytest

from mlready_nb.cli import main
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.merging import take_in, three_way
from mlready_nb.session import Session
from mlready_nb.state import KEY, KEY_VARIABLE, State, StateTampered, merge
from mlready_nb.stores.ipynb import IpynbStore

CELLS = [f"x{i} = {i}\nprint(x{i})" for i in range(6)]


def said(code, at, kind="attested", note="n"):
    return {code: Mark(code=code, kind=MarkKind(kind), note=note, by="me", at=f"2026-01-01T00:00:{at:02d}.000+00:00")}


@pytest.fixture
def notebooks(tmp_path):
    """base, ours and theirs: the same notebook three times."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    for name in ("base", "ours", "theirs"):
        nbformat.write(nb, tmp_path / f"{name}.ipynb")
    return [tmp_path / f"{name}.ipynb" for name in ("base", "ours", "theirs")]


def keep(path, state, **cells):
    """Save a state, and change cells."""
    IpynbStore(path).save(state)
    document = json.loads(path.read_text())
    for number, source in cells.items():
        document["cells"][int(number[1:])]["source"] = [source]
    path.write_text(json.dumps(document, indent=1) + "\n")


def test_the_later_word_counts_and_nothing_else_is_lost():
    """Marks by their time, taking back among them; fields by their time; either order gives the same."""
    a = State(
        marks={**said("A-1", 1), **said("B-1", 5, note="newer"), **said("C-1", 9, "withdrawn")},
        card={"k": "old", "mine": "m"}, edited={"k": "2026-01-01", "gone": "2026-01-03"},
    )  # fmt: skip
    b = State(
        marks={**said("B-1", 2), **said("C-1", 3), **said("D-1", 1)},
        card={"k": "new", "gone": "still here"}, edited={"k": "2026-01-02", "gone": "2026-01-01"},
    )  # fmt: skip
    for both in (merge(a, b), merge(b, a)):
        assert set(both.marks) == {"A-1", "B-1", "C-1", "D-1"}
        assert both.marks["B-1"].note == "newer"
        assert both.marks["C-1"].kind is MarkKind.WITHDRAWN
        assert both.card == {"k": "new", "mine": "m"}


def test_what_is_taken_back_stays_back():
    """An older copy of the notebook does not bring a mark back; it counts as open."""
    session = Session()
    session.mark("BUS-01", "attested", note="x")
    older = session.state
    session.unmark("BUS-01")
    session.adopt(older.to_json())

    assert session.checklist()["BUS-01"].status == "open"
    assert session.checklist()["BUS-01"].mark is None


def test_taking_in_the_marks_of_another_copy(notebooks, capsys):
    """`mlready merge OURS THEIRS` leaves cells alone."""
    _, ours, theirs = notebooks
    keep(ours, State(marks=said("BUS-01", 1)))
    keep(theirs, State(marks=said("BUS-02", 2)), c0="changed = True")

    assert main(["merge", str(ours), str(theirs)]) == 0
    assert set(IpynbStore(ours).load().marks) == {"BUS-01", "BUS-02"}
    assert "changed" not in ours.read_text()
    assert take_in(ours, theirs).marks.keys() == {"BUS-01", "BUS-02"}


def test_three_way_merges_cells_as_git_does_and_marks_by_time(notebooks):
    """Both sides tick neighbouring items and change different cells: no conflict, all of it there."""
    base, ours, theirs = notebooks
    keep(base, State(marks=said("BUS-01", 1)))
    keep(ours, State(marks={**said("BUS-01", 1), **said("BUS-02", 2)}), c0="mine = 1")
    keep(theirs, State(marks={**said("BUS-01", 4, note="again"), **said("BUS-03", 2)}), c5="theirs = 1")

    assert three_way(base, ours, theirs)
    merged = json.loads(ours.read_text())
    state = State.from_json(merged["metadata"][KEY], trust=False)
    assert set(state.marks) == {"BUS-01", "BUS-02", "BUS-03"}
    assert state.marks["BUS-01"].note == "again"
    assert "".join(merged["cells"][0]["source"]) == "mine = 1"
    assert "".join(merged["cells"][5]["source"]) == "theirs = 1"


def test_a_conflict_in_the_cells_is_left_to_the_person(notebooks, capsys):
    """The markers stand in the cells alone; the command says so and fails, as a merge driver must."""
    base, ours, theirs = notebooks
    keep(ours, State(marks=said("BUS-01", 1)), c2="a = 1")
    keep(theirs, State(marks=said("BUS-02", 1)), c2="a = 2")

    assert main(["merge", str(ours), str(theirs), "--base", str(base)]) == 1
    text = ours.read_text()
    assert text.count("<<<<<<< ours") == 1
    assert '"BUS-01"' in text
    assert '"BUS-02"' in text
    assert "conflict" in capsys.readouterr().err


def test_git_itself_merges_with_the_driver(notebooks, tmp_path, monkeypatch):
    """Two branches, one line each in .gitattributes and the configuration."""
    import sys

    repo = tmp_path / "repo"
    repo.mkdir()
    nb = repo / "n.ipynb"
    for word in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(word, raising=False)

    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=repo, check=True, capture_output=True)  # fmt: skip

    git("init", "-q", "-b", "main")
    driver = f"{sys.executable} -m mlready_nb.cli merge %A %B --base %O"
    git("config", "merge.mlready.driver", driver)
    (repo / ".gitattributes").write_text("*.ipynb merge=mlready\n")
    nb.write_bytes(notebooks[0].read_bytes())
    git("add", ".")
    git("commit", "-qm", "base")
    git("checkout", "-qb", "other")
    keep(nb, State(marks=said("BUS-02", 2)))
    git("commit", "-qam", "other")
    git("checkout", "-q", "main")
    keep(nb, State(marks=said("BUS-01", 1)))
    git("commit", "-qam", "mine")
    git("merge", "-q", "other", "-m", "both")

    assert set(IpynbStore(nb).load(trust=False).marks) == {"BUS-01", "BUS-02"}


def test_a_key_makes_an_edit_by_a_forger_visible(monkeypatch):
    """Signed: run, goals and marks. Without the key, with another, or unsigned: refused, each with what to do."""
    state = State(marks=said("BUS-01", 1), targets=("recall >= 0.8",))
    monkeypatch.setenv(KEY_VARIABLE, "secret")
    signed = state.to_json()
    assert State.from_json(signed, trust=False) == state
    forged = signed | {"marks": {**signed["marks"], "BUS-02": {"kind": "waived", "note": "x", "until": "2099-01-01"}}}
    with pytest.raises(StateTampered, match="Run the checks again"):
        State.from_json(forged, trust=False)
    monkeypatch.setenv(KEY_VARIABLE, "other")
    with pytest.raises(StateTampered):
        State.from_json(signed, trust=False)
    monkeypatch.delenv(KEY_VARIABLE)
    with pytest.raises(StateTampered, match="the key to verify it is not here"):
        State.from_json(signed, trust=False)
    plain = replace(state).to_json()
    monkeypatch.setenv(KEY_VARIABLE, "secret")
    with pytest.raises(StateTampered, match="not signed"):
        State.from_json(plain, trust=False)
