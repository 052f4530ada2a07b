"""Every check there is, on several kinds of subjects: nothing of the user's is other than it was."""

import time

import pytest

from mlready_nb import guard, runner
from mlready_nb.checks.registry import load_checks
from mlready_nb.config import Config
from mlready_nb.finding import Outcome
from tests.harm.cases import CLUMSY, KINDS, fresh, subjects
from tests.harm.world import deep, differences, loose, world

CONFIG = Config(budget_seconds=3.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The subjects of each kind, made once; every library that a check imports is there already."""
    project = tmp_path_factory.mktemp("project")
    parts = {name: make() for name, make in {**KINDS, **CLUMSY}.items()}
    runner.run(subjects(fresh(parts["pandas_pipeline"]), project), load_checks(), config=CONFIG)
    return parts, project


def settled(before, seconds=3.0):
    """What is left of threads, files and processes after a moment."""
    end = time.monotonic() + seconds
    while True:
        left = {name: now - before[name] for name, now in loose().items()}
        if not any(left.values()) or time.monotonic() > end:
            return {name: found for name, found in left.items() if found}
        time.sleep(0.05)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("check", load_checks(), ids=lambda c: c.name)
def test_a_check_leaves_everything_as_it_was(check, kind, made, monkeypatch):
    """Data, labels, groups, model and namespace bit for bit; and, without the guard's help, the kernel's own state.

    A model that itself draws from the global random state keeps the guard: that is what it is for.
    """
    parts, project = made
    if kind != "pandas_moody":
        monkeypatch.setattr(runner, "undisturbed", guard.silenced)
    given = subjects(fresh(parts[kind]), project)
    names, hashes, around, left = list(given.namespace), deep(vars(given)), world(), loose()
    found = runner.run(given, [check], config=CONFIG)

    assert differences(around, world()) == []
    assert list(given.namespace) == names
    assert deep(vars(given)) == hashes, [
        n for n, v in vars(given).items() if deep(v) != deep(vars(subjects(fresh(parts[kind]), project))[n])
    ]
    assert settled(left) == {}
    assert all(f.outcome is not Outcome.ERROR for f in found), [f.message for f in found]


@pytest.mark.parametrize("kind", CLUMSY)
def test_a_model_that_harms_what_it_is_given_is_caught_and_harms_nothing(kind, made):
    """It counts, learns and writes in each predict; the user's model and data are as they were, and a finding names it."""
    parts, project = made
    given = subjects(fresh(parts[kind]), project)
    before = {name: deep(value) for name, value in vars(given).items()}
    found = runner.run(given, load_checks(), config=CONFIG)

    assert {name: deep(value) for name, value in vars(given).items()} == before
    named = found["predict-side-effects"]
    assert named.outcome in (Outcome.WARN, Outcome.FAIL)
    assert "model.seen_" in named.message
    assert "model.weights_" in named.message
    assert "writes into the rows" in named.message
