"""The guard: what a check disturbs is put back, by whoever waits for it, and never over what the user has set since."""

import os
import random
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from mlready_nb import guard
from mlready_nb.checks.declare import check
from mlready_nb.finding import Outcome, passed
from mlready_nb.runner import run
from mlready_nb.subjects import Subjects, Task
from tests.harm.world import differences, loose, world

ROOT = Path(__file__).parents[2]
DATA = Subjects(X_test=np.zeros((3, 2)), y_test=np.array([0, 1, 1]), task=Task.BINARY)


def disturb():
    """What careless code does."""
    random.seed(1), np.random.seed(1)
    warnings.simplefilter("error")
    mpl.rcParams["figure.dpi"] = 11
    os.environ["MLREADY_TEST"], os.environ["HOME"] = "1", "/nowhere"
    os.chdir("/")


@check("AAA-01")
def messy(X_test):
    """Leaves a mess."""
    disturb()
    return passed("done")


@check("AAA-02")
def raising(X_test):
    """Leaves a mess and breaks."""
    disturb()
    raise ValueError


@pytest.mark.parametrize("careless", [messy, raising])
def test_what_a_check_disturbs_is_put_back(careless, tmp_path, monkeypatch):
    """Random states, filters, settings, environment, folder."""
    monkeypatch.chdir(tmp_path)
    before = world()
    run(DATA, [careless])

    assert differences(before, world()) == []


def test_what_a_cell_sets_beside_a_check_stays():
    """The check runs in the background, the user's cell seeds and filters: that is theirs."""
    filters = list(warnings.filters)
    begun, go_on = threading.Event(), threading.Event()

    @check("AAA-03")
    def waiting(X_test):
        """Waits for the cell."""
        begun.set()
        go_on.wait(10)
        return passed("done")

    thread = threading.Thread(target=run, args=(DATA, [waiting]))
    thread.start()
    begun.wait(10)
    guard.cell_began()
    np.random.seed(5), random.seed(5)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        go_on.set()
        thread.join(10)
        assert warnings.filters[0][:3] == ("error", None, UserWarning)
    state = np.random.get_state()[1].copy()
    np.random.seed(5)

    assert (state == np.random.get_state()[1]).all()
    assert list(warnings.filters) == filters


def test_a_check_that_is_left_behind_changes_nothing_when_it_comes_back():
    """It sits in native code inside `catch_warnings`; when it returns, the user has seeded and filtered anew."""
    inside, release, over = threading.Event(), threading.Event(), threading.Event()

    @check("AAA-04")
    def stuck(X_test):
        """Holds a lock, as native code does."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            inside.set()
            try:
                release.wait(20)
            finally:
                over.set()
        return passed("never said")

    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    filters, entries = warnings.filters, list(warnings.filters)
    began = time.monotonic()
    found = run(DATA, [messy, stuck, messy], stop=stop)

    assert time.monotonic() - began < 1.5
    assert [f.outcome for f in found] == [Outcome.PASS, Outcome.NOT_RUN, Outcome.NOT_RUN]
    assert "goes on in the background" in found["stuck"].message
    np.random.seed(9)
    state = np.random.get_state()[1].copy()
    release.set()
    over.wait(5)
    time.sleep(0.2)
    assert (state == np.random.get_state()[1]).all()
    assert warnings.filters is filters
    assert list(warnings.filters) == entries


def test_warnings_are_silent_in_checks_and_loud_in_cells():
    """The user's own thread hears its warnings while a check runs beside it."""
    heard = []

    @check("AAA-05")
    def warning(X_test):
        """Warns."""
        warnings.warn("from a check", UserWarning, stacklevel=1)
        return passed("done")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        old, warnings.showwarning = warnings.showwarning, lambda message, *_: heard.append(str(message))
        try:
            run(DATA, [warning])
            with guard.silenced():
                warnings.warn("from a cell", UserWarning, stacklevel=1)
        finally:
            warnings.showwarning = old

    assert heard == ["from a cell"]


COLD = """
import sys, tempfile; sys.path.insert(0, {root!r})
from tests.harm.world import differences, loose, world
from tests.harm.cases import KINDS, subjects
from mlready_nb import runner
from mlready_nb.checks.registry import load_checks
from pathlib import Path
parts = KINDS["pandas_moody"]()
project = Path(tempfile.mkdtemp())
load_checks()
before, left = world(), loose()
runner.run(subjects(parts, project), load_checks())
print("DIFFERENT", differences(before, world()), loose()["threads"] - left["threads"])
"""


def test_a_cold_kernel_is_left_as_it_was():
    """The first run imports SHAP, SciPy and the rest: they set no option for the user either."""
    said = subprocess.run(
        [sys.executable, "-c", COLD.format(root=str(ROOT))], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert "DIFFERENT [] set()" in said.stdout, said.stdout[-500:] + said.stderr[-1500:]
    assert loose()
