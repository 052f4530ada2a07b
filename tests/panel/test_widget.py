"""The panel's kernel side without a browser: commands, answers, what is handed to the notebook."""

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from sklearn.linear_model import LogisticRegression

from mlready_nb.kernel import Kernel
from mlready_nb.panel.widget import Panel


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """A bare shell in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.fixture
def panel(shell, monkeypatch):
    """A panel whose messages are kept instead of sent."""
    made = Panel(Kernel(shell))
    made.sent = []
    monkeypatch.setattr(made.widget, "send", made.sent.append)
    return made


def train(shell):
    """A model and its data in the namespace."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(200, 3)), columns=list("abc"))
    y = (X["a"] > 0).astype(int)
    shell.user_ns.update(X_train=X[:100], X_test=X[100:], y_train=y[:100], y_test=y[100:])
    shell.user_ns["clf"] = LogisticRegression().fit(X[:100], y[:100])


def ask(panel, command, **values):
    """One command, as the front end sends it; its answer."""
    panel._asked(None, {"id": "1", "do": command, "with": values}, None)
    return next(m for m in reversed(panel.sent) if m.get("id") == "1")


def test_hello_takes_what_the_notebook_holds(panel):
    """Marks of the file are there, and the cells have their numbers."""
    raw = {"schema": 1, "marks": {"BUS-01": {"kind": "attested", "note": "n", "at": "2026-01-01T00:00:00+00:00"}}}
    ask(panel, "hello", raw=raw, cells=[["id-1", "x = 1"]], can_store=True)

    assert panel.widget.live["items"]["BUS-01"][0] == "attested"
    assert panel.kernel.notebook_cells == (("id-1", "x = 1"),)
    assert panel.session.saved.status == "saved"


def test_a_mark_is_handed_over_and_its_answer_shown(panel):
    """Pending until the front end says that it is kept; an answer to an older hand-over does not count."""
    ask(panel, "hello", can_store=True)
    assert "error" not in ask(panel, "mark", code="BUS-01", kind="attested", note="n")
    stores = [m for m in panel.sent if "store" in m]

    assert stores[-1]["store"]["marks"]["BUS-01"]["note"] == "n"
    assert panel.session.saved.status == "pending"
    ask(panel, "stored", ok=True, turn=stores[-1]["turn"] - 1)
    assert panel.session.saved.status == "pending"
    ask(panel, "stored", ok=True, turn=stores[-1]["turn"])
    assert panel.session.saved.status == "saved"


def test_what_came_before_hello_is_not_lost(panel):
    """A mark made while the front end was loading is handed over when it is there."""
    ask(panel, "mark", code="BUS-01", kind="attested", note="early")
    assert not [m for m in panel.sent if "store" in m]
    ask(panel, "hello", can_store=True)

    assert [m for m in panel.sent if "store" in m][-1]["store"]["marks"]["BUS-01"]["note"] == "early"


def test_a_front_end_that_cannot_store_says_why(panel):
    """The reason is shown until it succeeds."""
    ask(panel, "hello", can_store=False, why="no access")
    ask(panel, "mark", code="BUS-01", kind="attested")

    assert "store" in str(panel.sent[-3:])


@pytest.mark.parametrize(
    ("command", "values", "words"),
    [
        ("mark", {"code": "BUS-01", "kind": "waived"}, "reason"),
        ("mark", {"code": "BUS-99", "kind": "attested"}, "BUS-0"),
        ("use", {"model": "nothing"}, "nothing"),
        ("target", {"goals": ["high"]}, "recall>=0.8"),
        ("card", {"key": "nope", "text": "x"}, "no field"),
        ("dance", {}, "no command"),
        ("detail", {"code": "ZZZ-01"}, "no item"),
        ("mark", {"wrong": 1}, "wrong"),
    ],
)
def test_a_wrong_command_is_answered_with_advice(panel, command, values, words):
    """The error goes back to the thing that caused it."""
    assert words in ask(panel, command, **values)["error"]


def test_running_tells_progress_and_fills_the_items(panel, shell):
    """Run returns at once; progress messages come; the live values hold the findings."""
    train(shell)
    ask(panel, "hello", can_store=True)
    ask(panel, "run")
    panel.session.wait(60)
    ticks = [m["progress"] for m in panel.sent if "progress" in m]

    assert any(t and t["total"] == len(panel.session.checks) for t in ticks)
    assert ticks[-1] is None
    assert panel.widget.live["has_run"]
    opened = ask(panel, "detail", code="EVA-01")["ok"]
    assert {f["check"] for f in opened["findings"]} >= {"overall-metrics", "weak-class"}
    assert any(f["tables"] for f in opened["findings"])
    assert all(isinstance(c, str) for t in opened["findings"][0]["tables"] for r in t["rows"] for c in r)


def test_the_first_paint_is_small(panel):
    """Words, live values, script and style together stay below 120 KB; live values alone below 40."""
    import json

    live = len(json.dumps(panel.widget.live).encode())
    words = len(json.dumps(panel.widget.words).encode())

    assert live < 40_000
    assert live + words + len(panel.widget._esm) + len(panel.widget._css) < 130_000


def test_the_saved_output_shows_the_checklist_without_a_kernel(panel):
    """The mime bundle carries escaped HTML beside the widget."""
    bundle, _ = panel.show()._repr_mimebundle_()

    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "Not known yet" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]
    assert len(bundle["text/html"]) < 40_000


def test_what_somebody_else_wrote_is_merged_and_handed_back(panel):
    """A shared document, or a file that was reloaded: both marks stay, and the notebook gets the whole."""
    ask(panel, "hello", can_store=True)
    ask(panel, "mark", code="BUS-01", kind="attested", note="mine")
    theirs = {"BUS-02": {"kind": "attested", "note": "theirs", "at": "2026-01-01T00:00:00+00:00"}}
    ask(panel, "theirs", raw={"schema": 1, "marks": theirs})
    stored = [m["store"] for m in panel.sent if "store" in m]

    assert set(stored[-1]["marks"]) == {"BUS-01", "BUS-02"}
    assert panel.widget.live["items"]["BUS-02"][0] == "attested"
    count = len(stored)
    ask(panel, "theirs", raw=stored[-1])
    assert len([m for m in panel.sent if "store" in m]) == count


def test_what_somebody_else_wrote_and_cannot_be_read_is_left_alone(panel):
    """A newer form in the open document is shown as a problem, and never overwritten."""
    ask(panel, "hello", can_store=True)
    ask(panel, "theirs", raw={"schema": 99})

    assert "newer" in panel.widget.live["problem"]
    assert not [m for m in panel.sent if "store" in m]
