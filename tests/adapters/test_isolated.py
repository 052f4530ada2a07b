"""A child process that answers, refuses, dies, hangs."""

import importlib
import os
import pickle
import threading
import time

import pytest

from mlready_nb.adapters.isolated import ask
from mlready_nb.subjects import Budget, Cancelled

WHERE = "mlready_nb.adapters.isolated:unpickled"


def test_answers_and_errors_come_back_in_order():
    """The second question cannot be answered; the third still is."""
    child = ask(WHERE, pickle.dumps(int), ["1", "x", "3"], Budget(20))

    assert [a.value for a in child.answers] == [1, None, 3]
    assert child.answers[1].error.startswith("ValueError")


def test_a_death_is_told_with_the_question_it_died_of():
    """The answers before it are kept."""
    child = ask(WHERE, pickle.dumps(os._exit), [7], Budget(20))

    assert child.answers[-1].died
    assert "7" in child.answers[-1].error


def test_what_does_not_load_there_is_told():
    """A class that the child cannot find."""
    child = ask(WHERE, pickle.dumps(int).replace(b"int", b"inz"), [1], Budget(20))

    assert child.broken is not None
    assert not child.answers


def test_it_ends_with_the_budget_and_on_stop():
    """Neither a hanging model nor an impatient user leaves a process behind."""
    began = time.monotonic()
    assert ask(WHERE, pickle.dumps(time.sleep), [60], Budget(1.0)).timed_out
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    with pytest.raises(Cancelled):
        ask(WHERE, pickle.dumps(time.sleep), [60], Budget(60, stop))

    assert time.monotonic() - began < 10


def test_modules_beside_the_notebook_are_found_there(tmp_path, monkeypatch):
    """The kernel finds them through the empty entry of its path; the child works in another folder."""
    (tmp_path / "beside_the_notebook.py").write_text("def doubled(x):\n    return 2 * x\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    function = importlib.import_module("beside_the_notebook").doubled

    assert ask(WHERE, pickle.dumps(function), [4], Budget(20)).answers[0].value == 8


def test_a_child_that_takes_too_much_memory_is_held():
    """The question that asks for a gigabyte fails, the next one is answered; the kernel's own memory is not touched."""
    child = ask(WHERE, pickle.dumps(bytes), [2**30, 5], Budget(20), memory=300 * 2**20)

    assert child.answers[0].error.startswith("MemoryError")
    assert child.answers[1].value == bytes(5)
