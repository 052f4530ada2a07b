"""Time, memory, Ctrl-C: a run ends soon, keeps what is finished, says what it left out, and the kernel lives."""

import _thread
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import random as sparse_random

from mlready_nb import runner
from mlready_nb.checks.declare import check
from mlready_nb.checks.registry import load_checks, select
from mlready_nb.config import Config
from mlready_nb.finding import Outcome, passed
from mlready_nb.frames import memory
from mlready_nb.runner import run
from mlready_nb.subjects import Subjects, Task

ROOT = Path(__file__).parents[2]


class Hangs:
    """Never answers."""

    classes_ = np.array([0, 1])

    def predict(self, X):
        """Sleep where no Python line is reached."""
        time.sleep(30)

    def __reduce__(self):
        raise TypeError("no pickle")

    def __deepcopy__(self, memo):
        raise TypeError("no copy")


@check("AAA-01")
def quick(X_test):
    """Says at once."""
    return passed("done")


@check("AAA-02")
def first_asker(y_pred):
    """Asks the model."""
    return passed("never")


@check("AAA-03")
def second_asker(y_pred):
    """Asks the model again."""
    return passed("never")


DATA = Subjects(model=Hangs(), X_test=np.zeros((30, 2)), y_test=np.arange(30) % 2, task=Task.BINARY, class_names=(0, 1))


def test_a_model_that_hangs_costs_one_check(monkeypatch):
    """The first to ask is left behind when its time is up; the others say at once that there is no answer."""
    monkeypatch.setattr(runner, "LEAST", 0.5)
    monkeypatch.setattr(runner, "SHARED", 0.5)
    began = time.monotonic()
    found = run(DATA, [quick, first_asker, second_asker, quick], config=Config(budget_seconds=0.2))

    assert time.monotonic() - began < 3
    assert [f.outcome for f in found] == [Outcome.PASS, Outcome.NOT_RUN, Outcome.NOT_RUN, Outcome.PASS]
    assert "left behind after" in found["first-asker"].message
    assert "earlier check" in found["second-asker"].message


def test_ctrl_c_ends_a_run_within_a_second_and_keeps_what_is_finished():
    """Inside native code, too."""
    threading.Timer(0.4, _thread.interrupt_main).start()
    began = time.monotonic()
    found = run(DATA, [quick, first_asker, quick])

    assert time.monotonic() - began < 1.9
    assert found.stopped
    assert [f.outcome for f in found] == [Outcome.PASS, Outcome.NOT_RUN, Outcome.NOT_RUN]


@pytest.mark.parametrize("swallow", [Exception, ValueError])
def test_stop_reaches_a_model_that_swallows_errors(swallow):
    """`except Exception: retry` in the user's code does not keep a run alive."""

    class Retries(Hangs):
        def predict(self, X):
            while True:
                try:
                    time.sleep(0.01)
                except swallow:
                    continue

    stop = threading.Event()
    before = threading.active_count()
    threading.Timer(0.3, stop.set).start()
    run(Subjects(**{**vars(DATA), "model": Retries()}), [first_asker], stop=stop)
    time.sleep(0.3)

    assert threading.active_count() <= before


def wide(n=4000):
    """Sparse rows, dense ones of which would take 1000 times as much; labels that hang on one column."""
    X = sparse_random(n, 3000, density=0.001, format="csr", random_state=0)
    y = np.asarray(X[:, :60].sum(axis=1) > 0).ravel().astype(int)
    return {"X_train": X[: n // 2], "y_train": y[: n // 2], "X_test": X[n // 2 :], "y_test": y[n // 2 :]}


def test_what_does_not_fit_is_asked_of_a_sample_and_said(monkeypatch):
    """The finding names how many of how many; what compares two splits does not pass on a sample."""

    @check("AAA-04")
    def hashes_each_cell(X_train):
        """Asks for a dense table."""
        from mlready_nb import frames

        return passed(f"{len(frames.column_hashes(X_train))} columns")

    @check("AAA-05")
    def compares(X_train, X_test):
        """Asks for two dense tables."""
        from mlready_nb import frames

        return passed(f"{len(frames.column_hashes(X_train))} and {len(frames.column_hashes(X_test))} columns")

    monkeypatch.setattr(memory, "SMALL", 1024)
    monkeypatch.setattr(memory, "available", lambda: 40_000_000)
    found = run(Subjects(**wide(), task=Task.BINARY, class_names=(0, 1)), [hashes_each_cell, compares])

    alone, pair = found["hashes-each-cell"], found["compares"]
    assert alone.outcome is Outcome.PASS
    assert pair.outcome is Outcome.INCONCLUSIVE
    for finding in (alone, pair):
        assert 0 < finding.sampled[0] < finding.sampled[1] == 4000
        assert "GB are free" in finding.message


BIG = """
import resource, sys
sys.path.insert(0, {root!r})
from mlready_nb.checks.registry import load_checks
from mlready_nb.config import Config
from mlready_nb.runner import run
from mlready_nb.subjects import Subjects, Task
from tests.harm.test_limits import wide
from sklearn.linear_model import LogisticRegression
parts = wide(120_000)
model = LogisticRegression(max_iter=20).fit(parts["X_train"], parts["y_train"])
resource.setrlimit(resource.RLIMIT_DATA, (1_500 * 2**20, 1_500 * 2**20))
found = run(Subjects(model=model, **parts, task=Task.BINARY, class_names=(0, 1)), load_checks(), config=Config(budget_seconds=2.0))
print("ALIVE", len({{f.check for f in found}}), [(f.check, f.message[:150]) for f in found if f.outcome == "error"])
print("SAMPLED", [(f.check, f.sampled) for f in found if "GB" in f.message])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems hold no process to its memory")
def test_data_larger_than_memory_do_not_kill_the_kernel():
    """1.4 GB when dense, in a process that may take 1.5 GB: every check says something, none breaks."""
    said = subprocess.run(
        [sys.executable, "-c", BIG.format(root=str(ROOT))], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert f"ALIVE {len(load_checks())}" in said.stdout, said.stdout[-800:] + said.stderr[-1500:]
    assert "[]" in said.stdout.splitlines()[0], said.stdout[-800:]


def test_ten_thousand_columns_and_ten_thousand_classes(monkeypatch):
    """Neither is a reason to break; what takes long is left behind."""
    monkeypatch.setattr(runner, "LEAST", 3.0)
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(60, 10_000)))
    y = np.arange(60)
    began = time.monotonic()
    found = run(
        Subjects(X_train=X[:30], X_test=X[30:], y_train=y[:30] % 2, y_test=y[30:] % 2, task=Task.BINARY, class_names=(0, 1)),
        load_checks(),
        config=Config(budget_seconds=2.0),
    )  # fmt: skip
    assert [f.message for f in found if f.outcome is Outcome.ERROR] == []

    class Wide:
        classes_ = np.arange(10_000)

        def predict(self, X):
            return np.arange(len(X)) % 10_000

        def predict_proba(self, X):
            return np.full((len(X), 10_000), 1e-4)

    labels = rng.integers(0, 10_000, 400)
    many = Subjects(model=Wide(), X_test=rng.normal(size=(400, 2)), y_test=labels, X_train=rng.normal(size=(400, 2)), y_train=labels, task=Task.MULTICLASS, class_names=tuple(range(10_000)))  # fmt: skip
    found = run(many, load_checks(), config=Config(budget_seconds=2.0))

    assert [f"{f.check}: {f.message}" for f in found if f.outcome is Outcome.ERROR] == []
    assert max(len(t.rows) for f in found for t in f.tables) < 1000
    assert time.monotonic() - began < 240
    assert select(["row-overlap"])
