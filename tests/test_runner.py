"""The runner keeps what each check says, whatever happens inside it."""

import random
import threading
import time
import warnings

import numpy as np
import pytest

from mlready_nb.checks.declare import Cost, check
from mlready_nb.config import BadConfig, Config
from mlready_nb.finding import Outcome, passed
from mlready_nb.runner import run
from mlready_nb.subjects import Subjects, Task, Unusable

DATA = Subjects(X_test=np.zeros((3, 2)), y_test=np.array([0, 1, 1]), task=Task.BINARY)


@check("AAA-01.1")
def quiet(X_test, *, limit: float = 1.0):
    """Says what it was given."""
    return passed(f"limit {limit}", measured={"limit": limit})


@check("AAA-02")
def raising(X_test):
    """Breaks."""
    raise ValueError("boom " * 200)


@check("AAA-03")
def needing(X_train, y_pred):
    """Waits."""
    return passed("never")


@check("AAA-04")
def refusing(X_test):
    """Says the data are no good."""
    raise Unusable("X_test is empty")


@check("AAA-05", tasks=[Task.REGRESSION])
def other_task(X_test):
    """Is for regression."""
    return passed("never")


@check("AAA-06", cost=Cost.SLOW)
def polling(X_test, budget):
    """Takes long, and listens."""
    for _ in range(1000):
        budget.check()
        time.sleep(0.05)
    return passed("never")


@check("AAA-06", cost=Cost.SLOW)
def deaf(X_test):
    """Takes long, and does not listen."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        sum(range(1000))
    return passed("never")


@check("AAA-07")
def disturbing(X_test):
    """Leaves a mess."""
    random.seed(1)
    np.random.seed(1)
    warnings.simplefilter("error")
    return passed("done")


def test_each_says_its_own_and_the_others_go_on():
    """One run: a pass, an error, two that wait, one that is refused, one that does not apply."""
    found = run(DATA, [raising, quiet, needing, refusing, other_task])

    assert found["quiet"].outcome is Outcome.PASS
    assert found["quiet"].points == {"AAA-01.1": Outcome.PASS}
    assert found["quiet"].based_on == ("X_test",)
    assert found["raising"].outcome is Outcome.ERROR
    assert len(found["raising"].message) < 400
    assert found["needing"].outcome is Outcome.NOT_RUN
    assert "%mlready use X_train=<variable> model=<variable>" in found["needing"].message
    assert found["refusing"].message == "X_test is empty"
    assert found["other-task"].outcome is Outcome.NOT_APPLICABLE


def test_configured_thresholds_reach_the_check_and_wrong_ones_stop_the_run():
    """A threshold of the project replaces the default; an unknown one is named before anything runs."""
    found = run(DATA, [quiet], config=Config(checks={"quiet": {"limit": 0.5}}))
    assert found["quiet"].measured == {"limit": 0.5}
    with pytest.raises(BadConfig, match="it has: limit"):
        run(DATA, [quiet], config=Config(checks={"quiet": {"limits": 0.5}}))


@pytest.mark.parametrize("slow", [polling, deaf])
def test_stop_ends_a_run_within_a_second_and_keeps_what_is_finished(slow):
    """Whether the check listens or not."""
    stop = threading.Event()
    threading.Timer(0.4, stop.set).start()
    began = time.monotonic()
    found = run(DATA, [quiet, slow, needing], stop=stop)

    assert time.monotonic() - began < 1.9
    assert found.stopped
    assert found["quiet"].outcome is Outcome.PASS
    assert [f.outcome for f in found][1:] == [Outcome.NOT_RUN, Outcome.NOT_RUN]


def test_progress_moves_and_estimates():
    """It names the check, counts, and says how long is left."""
    seen = []
    run(DATA, [quiet, refusing], on_progress=seen.append, took={"quiet": 4.0, "refusing": 2.0})

    assert next(p.check for p in seen) == "quiet"
    assert {p.done for p in seen} == {0, 1}
    assert 5 < seen[0].left <= 6


def test_the_kernel_is_left_as_it_was():
    """Random states and warnings filters are the same after a check that changes them."""
    random.seed(7), np.random.seed(7)
    before = random.getstate(), np.random.get_state()[1].copy(), list(warnings.filters)
    run(DATA, [disturbing])

    assert random.getstate() == before[0]
    assert (np.random.get_state()[1] == before[1]).all()
    assert list(warnings.filters) == before[2]
