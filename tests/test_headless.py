"""Notebooks in real kernels: run in order, checked where they stand, reported when they break, never written."""

import json
import os
import sys
from pathlib import Path

import pytest

from mlready_nb.checks.registry import CheckNotFound
from mlready_nb.headless import CannotRun, Options, run_notebook, save
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.saved import code_hash, kept
from mlready_nb.session import UsageError
from mlready_nb.state import KEY, State
from mlready_nb.stores.ipynb import DAMAGED, IpynbStore, NotSaved
from mlready_nb.subjects import BadTarget
from tests.notebooks import FIT, LOAD, SCORE, write

WHERE = (
    "import os; from pathlib import Path; Path('pid').write_text(str(os.getpid())); print(Path('data.txt').read_text())"
)


def alive(pid):
    """Whether that process still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # a child that nobody waited for is still listed
    return not stat.is_file() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A sound notebook: an unknown kernel name, a damaged state, an empty cell, an expected error, our own magics."""
    folder = tmp_path_factory.mktemp("clean")
    (folder / "data.txt").write_text("beside the notebook")
    path = write(
        folder / "nb.ipynb",
        WHERE, "", LOAD, "1 / 0", "%load_ext mlready_nb\n%mlready target recall>=0.5\n%mlready", FIT, SCORE,
        tags={3: "raises-exception"}, kernelspec={"name": "my-env", "display_name": "My env"}, mlready={"schema": 1, "marks": 7},
    )  # fmt: skip
    before, ticks = path.read_bytes(), []
    store = IpynbStore(path)
    outcome = run_notebook(store, Options(targets=("accuracy>=0.5",)), ticks.append)
    assert path.read_bytes() == before
    return store, outcome, ticks


def test_the_checks_run_on_what_the_notebook_left(clean):
    """Subjects are found by its cells, counted with the empty one; nothing breaks."""
    _, outcome, _ = clean
    state = outcome.state

    assert outcome.errors == ()
    assert {n: state.subjects[n].variable for n in ("model", "X_train", "y_test")} == {
        "model": "clf", "X_train": "Xa", "y_test": "yb",
    }  # fmt: skip
    assert "cell 6" in state.subjects["X_train"].how
    assert {"error", "fail"}.isdisjoint(f.outcome for f in state.run)
    assert "150 test rows" in state.run["overall-metrics"].message
    assert not state.run.stopped


def test_goals_of_the_cells_and_of_the_command_both_count(clean):
    """`%mlready target` in a cell, `--target` outside."""
    assert set(clean[1].state.targets) == {"recall >= 0.5", "accuracy >= 0.5"}


def test_a_missing_kernel_and_a_damaged_state_are_said(clean):
    """Both are notes, not failures."""
    notes = "\n".join(clean[1].notes)

    assert "'my-env' is not installed here" in notes
    assert sys.executable in notes
    assert "damaged" in notes


def test_progress_goes_through_cells_then_checks(clean):
    """Each cell and each check is told once or more, in order, with an estimate for the checks."""
    ticks = clean[2]
    cells = [t.done for t in ticks if t.phase == "cells"]
    checks = [t for t in ticks if t.phase == "checks"]

    assert cells == list(range(7))
    assert ticks.index(checks[0]) == len(cells)
    assert [t.done for t in checks] == sorted(t.done for t in checks)
    assert {t.what for t in checks} == {f.check for f in clean[1].state.run}
    assert all(t.left is not None and t.left >= 0 for t in checks)


def test_the_kernel_is_gone(clean):
    """Its process ended with the run."""
    assert not alive(int((clean[0].path.parent / "pid").read_text()))


def test_a_save_keeps_the_run_and_the_gate_reads_it(clean):
    """The damaged value is set aside; the saved run stands until the code changes, which our own magics do not."""
    store, outcome, _ = clean
    save(store, outcome)
    document = json.loads(store.path.read_text())

    assert document["metadata"][DAMAGED] == [{"marks": 7, "schema": 1}]
    assert {f.check: f.outcome for f in kept(store).state.run} == {f.check: f.outcome for f in outcome.state.run}
    assert kept(store).stale == ""
    magic = {"cell_type": "code", "source": ["%mlready status\n", "%mlready attest BUS-01"], "metadata": {}}
    assert code_hash(document | {"cells": [magic, *document["cells"]]}) == code_hash(document)
    document["cells"][-1]["source"] = "clf.score(Xa, ya)"
    store.path.write_text(json.dumps(document))
    assert "changed" in kept(store).stale


def test_a_cell_that_raises_is_reported_and_the_rest_is_checked(tmp_path):
    """Cell and line are named, later cells do not run, marks survive, and nothing half is saved."""
    marks = State(marks={"BUS-01": Mark(code="BUS-01", kind=MarkKind.ATTESTED, note="kept")})
    path = write(
        tmp_path / "nb.ipynb", LOAD, f"{FIT}\n{SCORE}", "a = 1\nraise ValueError('no \\x1b[31mred')", "del clf"
    )
    IpynbStore(path).save(marks)
    store = IpynbStore(path)
    outcome = run_notebook(store, Options(only=("row-overlap", "DAT-03")))
    (error,) = outcome.errors

    assert (error.cell, error.line, error.name, error.message) == (3, 2, "ValueError", "no red")
    assert outcome.state.run["row-overlap"].outcome == "pass"
    assert outcome.state.marks == marks.marks
    with pytest.raises(NotSaved, match="cell 3, line 2 raised ValueError"):
        save(store, outcome)
    assert IpynbStore(path).load() == marks


BAD = {
    "unfitted": ((LOAD, "clf = LogisticRegression()", "Xb.shape, yb.shape"), "fit"),
    "widths": ((LOAD, FIT, "Xb = Xb.drop(columns='b')\ntry:\n    clf.score(Xb, yb)\nexcept ValueError:\n    pass"), "column"),
    "empty test set": ((LOAD, FIT, "Xb, yb = Xb[:0], yb[:0]\ntry:\n    clf.score(Xb, yb)\nexcept ValueError:\n    pass"), "row"),
    "labels": ((LOAD, FIT, "yb = yb.astype(float)\nyb.iloc[:9] = np.nan\np = clf.predict(Xb)\ntry:\n    clf.score(Xb, yb)\nexcept ValueError:\n    pass"), "label"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_a_sentence_not_a_traceback(tmp_path, case):
    """No check breaks; at least one finding that is not green names what is wrong."""
    sources, word = BAD[case]
    outcome = run_notebook(IpynbStore(write(tmp_path / "nb.ipynb", *sources)))
    said = {f.message for f in outcome.state.run if f.outcome in ("fail", "warn", "inconclusive", "not_run")}

    assert outcome.errors == ()
    assert [f.message for f in outcome.state.run if f.outcome == "error"] == []
    assert any(word in message.lower() for message in (*said, *outcome.notes)), said


def test_a_cell_without_end_is_stopped_and_the_rest_is_checked(tmp_path):
    """The timeout is a cell's, the kernel is interrupted, and what exists is looked at."""
    path = write(tmp_path / "nb.ipynb", "X_test = [[1.0, 2.0], [3.0, 4.0]]\nimport time", "time.sleep(600)")
    outcome = run_notebook(IpynbStore(path), Options(timeout=1, only=("row-overlap",)))

    assert [(e.cell, e.name) for e in outcome.errors] == [(2, "CellTimeoutError")]
    assert "--timeout" in outcome.errors[0].message
    assert outcome.state.run["row-overlap"].outcome == "not_run"


def test_a_kernel_that_dies_is_said_once(tmp_path):
    """There is no run, and one error that names the cell."""
    outcome = run_notebook(IpynbStore(write(tmp_path / "nb.ipynb", "x = 1", "import os; os._exit(9)", "y = 2")))

    assert [(e.cell, e.name) for e in outcome.errors] == [(2, "DeadKernelError")]
    assert outcome.state.run is None


@pytest.fixture
def kernels(tmp_path, monkeypatch):
    """Two kernels of this Python: one cannot import us, one does not start."""
    hide = "import sys; sys.modules['mlready_nb'] = None; from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
    argv = {
        "bare": [sys.executable, "-c", hide, "-f", "{connection_file}"],
        "broken": [sys.executable, "-c", "raise SystemExit('oh no')"],
    }
    for name, command in argv.items():
        folder = tmp_path / "share" / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps({"argv": command, "display_name": name, "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))


@pytest.mark.parametrize(
    ("name", "words"), [("bare", rf"{sys.executable} -m pip install mlready-nb"), ("broken", "does not start.*oh no")]
)
def test_a_kernel_that_cannot_be_used_is_refused_before_the_first_cell(tmp_path, kernels, name, words):
    """With the pip line of that Python, or with what the kernel said last."""
    path = write(tmp_path / "nb.ipynb", "open('ran', 'w').close()", kernelspec={"name": name, "display_name": name})
    with pytest.raises(CannotRun, match=words):
        run_notebook(IpynbStore(path))

    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [(Options(use={"modell": "clf"}), UsageError, "no subject 'modell'"), (Options(targets=("high",)), BadTarget, "recall>=0.8"),
     (Options(only=("row-overlapp",)), CheckNotFound, "did you mean row-overlap")],
)  # fmt: skip
def test_wrong_words_are_said_before_anything_runs(tmp_path, options, error, words):
    """No kernel starts."""
    path = write(tmp_path / "nb.ipynb", "open('ran', 'w').close()")
    with pytest.raises(error, match=words):
        run_notebook(IpynbStore(path), options)

    assert not (tmp_path / "ran").exists()


def test_a_notebook_in_another_language_is_refused(tmp_path):
    """Whether its kernel is installed or not."""
    path = write(tmp_path / "nb.ipynb", "x <- 1", kernelspec={"name": "ir", "display_name": "R", "language": "R"})
    with pytest.raises(CannotRun, match="a notebook in R, expected Python"):
        run_notebook(IpynbStore(path))


def test_a_binding_that_leads_nowhere_is_advice(tmp_path):
    """It names the variable, and the file stays as it was."""
    path = write(tmp_path / "nb.ipynb", "Xte = [[1.0], [2.0]]")
    before = path.read_bytes()
    with pytest.raises(CannotRun, match="Xtest"):
        run_notebook(IpynbStore(path), Options(use={"X_test": "Xtest"}))

    assert path.read_bytes() == before
    assert KEY not in json.loads(before)["metadata"]
