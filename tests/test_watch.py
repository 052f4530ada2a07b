"""`%mlready watch on` and `%%mlready leakage` in a real IPython shell: what they say, when, and how long they take."""

import time

import pytest
from IPython.core.interactiveshell import InteractiveShell

DATA = """
import numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
rng = np.random.default_rng(0)
table = pd.DataFrame(rng.normal(size=(3000, 20)), columns=[f"v{i}" for i in range(20)])
goal = (table["v0"] + rng.normal(scale=.5, size=3000) > 0).astype(int)
"""
LEAK = "scaled = StandardScaler().fit_transform(table)"
SPLIT = "A, B, a, b = train_test_split(scaled, goal, random_state=0)"
FAIR = "A, B, a, b = train_test_split(table, goal, random_state=0)"
FIT = "clf = LogisticRegression().fit(A, a)\nclf.score(B, b)"


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """A fresh shell with the extension, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "mlready_nb")
    yield shell
    shell.run_line_magic("unload_ext", "mlready_nb")
    InteractiveShell.clear_instance()


def said(shell, capsys, *cells):
    """What the last of these cells prints."""
    for cell in cells:
        capsys.readouterr()
        assert shell.run_cell(cell, store_history=True).success
    return capsys.readouterr().out


def test_it_warns_right_after_the_guilty_cell_is_known_and_once(shell, capsys):
    """Scaled before the split: told when the split proves it, with the place, and never again."""
    assert "leakage (" not in said(shell, capsys, "%mlready watch on", DATA, LEAK)
    text = said(shell, capsys, SPLIT)
    assert "leakage (preprocessing)" in text
    assert "[cell 3, line 1]" in text
    assert "leakage (preprocessing)" not in said(shell, capsys, FIT)
    again = FIT.replace("clf.score", "clf.predict_proba(B); clf.score")
    assert "leakage (preprocessing)" not in said(shell, capsys, "x = 1", again)


def test_it_is_quiet_about_leaks_on_the_clean_twin(shell, capsys):
    """Nothing is told of leaks where there are none, and the data were looked at."""
    text = said(shell, capsys, "%mlready watch on", DATA, FAIR, FIT)
    assert "leakage (" not in text
    assert "row-overlap" in {f.check for f in shell.mlready_magics.session.state.run}


def test_a_guilty_cell_that_comes_back_is_told_again(shell, capsys):
    """A second fault of another place is news, although the first one stands."""
    said(shell, capsys, "%mlready watch on", DATA, LEAK, SPLIT, FIT)
    text = said(
        shell,
        capsys,
        "best = max((LogisticRegression(C=c).fit(A, a).score(B, b), c) for c in (.1, 1, 10))[1]\nfinal = LogisticRegression(C=best).fit(A, a)\nprint(final.score(B, b))",
    )
    assert "leakage (multi_test)" in text
    assert "leakage (preprocessing)" not in text


def test_a_cell_that_changes_nothing_costs_less_than_fifty_milliseconds(shell, capsys):
    """Measured over the hook alone, the best of several; nothing is checked and no fingerprint taken."""
    said(shell, capsys, "%mlready watch on", DATA, FAIR, FIT)
    watch, session = shell.mlready_magics._watch_over, shell.mlready_magics.session
    before = session.state.run
    took = []
    for n in range(5):
        shell.history_manager.store_inputs(shell.execution_count + n, f"print({n} + 1)")
        began = time.perf_counter()
        watch.after_cell(f"print({n} + 1)")
        took.append(time.perf_counter() - began)
    assert min(took) < 0.05
    assert session.state.run is before


def test_what_is_too_slow_is_skipped_and_said_once(shell, capsys):
    """The checks that would take too long are named with what to type."""
    text = said(shell, capsys, "%mlready watch on", DATA, FAIR, FIT)
    assert "skipped to stay quick:" in text
    assert "%mlready check" in text
    assert "skipped" not in said(shell, capsys, "A = A * 2\nclf = LogisticRegression().fit(A, a)\nclf.score(B, b)")


def test_in_place_changes_are_seen(shell, capsys, monkeypatch):
    """A frame that is changed without being bound again is checked again, through a function and an alias too."""
    said(shell, capsys, "%mlready watch on", DATA, FAIR, FIT)
    session, runs = shell.mlready_magics.session, []
    check = session.check
    monkeypatch.setattr(session, "check", lambda *names, **how: runs.append(names) or check(*names, **how))
    for cell, seen in (
        ("B.iloc[0, 0] = 99.0", True),
        ("def spoil():\n    B.iloc[1, 0] = 77.0", False),
        ("spoil()", True),
        ("B.head()", False),
        ("class Job:\n    def run(self):\n        B.iloc[2, 0] = 55.0\nJob().run()", True),
    ):
        runs.clear()
        said(shell, capsys, cell)
        assert bool(runs) == seen, cell


def test_the_cell_magic_tells_what_this_cell_did(shell, capsys):
    """The leak is told by the cell that did it, also when it runs a second time and nothing changed."""
    said(shell, capsys, DATA, LEAK, SPLIT, FIT)
    for _ in range(2):
        text = said(shell, capsys, f"%%mlready leakage\n{LEAK}\n{SPLIT}\n{FIT}")
        assert "leakage (preprocessing)" in text
        assert "line 2]" in text
    text = said(shell, capsys, "%%mlready leakage\nprint(len(A))")
    assert "this cell does nothing that leaks" in text


def test_off_is_off(shell, capsys):
    """After `off` nothing is said and nothing runs."""
    said(shell, capsys, "%mlready watch on", "%mlready watch off", DATA, LEAK, SPLIT)
    assert "leakage" not in said(shell, capsys, FIT)
    assert shell.mlready_magics.session.state.run is None
