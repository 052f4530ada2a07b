"""`%mlready` in a real IPython shell, without a front end: words, advice, and nothing left in the namespace."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

TRAIN = """
import numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
rng = np.random.default_rng(0)
df = pd.DataFrame(rng.normal(size=(400, 3)), columns=["a", "b", "c"])
df["sex"] = rng.integers(0, 2, 400)
target = (df["a"] + rng.normal(scale=.5, size=400) > 0).astype(int)
Xa, Xb, ya, yb = train_test_split(df, target, random_state=0)
clf = LogisticRegression().fit(Xa, ya)
print(clf.score(Xb, yb))
"""


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


def said(shell, capsys, line):
    """What one line prints."""
    capsys.readouterr()
    result = shell.run_cell(line, store_history=True)
    assert result.success, result
    return capsys.readouterr().out


def test_before_any_model_it_is_useful(shell, capsys):
    """Status and attestations work in an empty notebook, and every check says what it waits for."""
    assert "unknown" in said(shell, capsys, "%mlready").lower()
    assert "BUS-01" in said(shell, capsys, '%mlready attest BUS-01 --note "see the charter"')
    text = said(shell, capsys, "print(get_ipython().run_line_magic('mlready', 'check'))")
    assert "waits for" in text
    assert "fail" not in {f.outcome for f in shell.mlready_magics.session.state.run}


def test_it_finds_the_model_and_checks_it(shell, capsys):
    """Names that nobody would guess: the cells tell which is which."""
    said(shell, capsys, TRAIN)
    before = set(shell.user_ns)
    text = said(shell, capsys, "%mlready check\nNone")
    origin = shell.mlready_magics.session.subjects.origin

    assert {name: origin[name].variable for name in ("model", "X_train", "y_train", "X_test", "y_test")} == {
        "model": "clf", "X_train": "Xa", "y_train": "ya", "X_test": "Xb", "y_test": "yb",
    }  # fmt: skip
    assert text == ""
    run = shell.mlready_magics.session.state.run
    assert "error" not in {f.outcome for f in run}
    assert run["overall-metrics"].outcome in ("pass", "warn", "inconclusive")
    new = {n for n in set(shell.user_ns) - before if not n.startswith("_")}
    assert not new


@pytest.mark.parametrize(
    ("line", "words"),
    [("chekc", "did you mean `%mlready check`"), ("use", "%mlready use model=clf"), ("use model", "%mlready use model=clf"),
     ("use model=nothing_like_it", "nothing_like_it"), ("use modell=clf", "there is no subject"),
     ("target high", "%mlready target recall>=0.8"), ("waive DAT-03", "--reason"), ("attest XXX-99", "XXX-99"),
     ("waive DAT-03 --reason ok", "--until"), ("check no-such-check", "no check or item"), ("explain no-such", "no-such"),
     ("watch maybe", "watch on"), ("reset", "--yes"), ("attest", "required"), ("status now", "nothing more"),
     ('attest DAT-03 --note "open', "quotation")],
)  # fmt: skip
def test_a_wrong_word_gets_advice_not_a_traceback(shell, capsys, line, words):
    """Each says what was found and what to type."""
    assert words.lower() in said(shell, capsys, f"%mlready {line}").lower()


def test_marks_come_and_go(shell, capsys):
    """Attest, waive, not applicable, take back."""
    session = shell.mlready_magics.session
    said(shell, capsys, "%mlready waive DAT-03 --reason 'public benchmark' --until 2099-01-31")
    said(shell, capsys, "%mlready na CON-01 --reason 'no container'")
    assert session.checklist()["DAT-03"].status == "waived"
    assert session.checklist()["CON-01"].status == "not_applicable"
    said(shell, capsys, "%mlready unmark DAT-03")
    assert session.checklist()["DAT-03"].status == "open"


def test_goals_may_be_typed_with_spaces(shell, capsys):
    """A later goal for the same metric replaces the earlier one."""
    said(shell, capsys, "%mlready target recall >= 0.8 p95_latency_ms<=50")
    assert "recall >= 0.9" in said(shell, capsys, "%mlready target recall>=0.9")
    assert len(shell.mlready_magics.session.state.targets) == 2


def test_a_retrained_model_makes_its_findings_stale(shell, capsys):
    """And only those that looked at the model."""
    said(shell, capsys, TRAIN)
    said(shell, capsys, "%mlready check overall-metrics missing-values\nNone")
    said(shell, capsys, "clf = LogisticRegression(C=1e-4).fit(Xa, ya); clf.score(Xb, yb)")
    shell.mlready_magics.session.refresh()
    run = shell.mlready_magics.session.state.run

    assert run["overall-metrics"].stale
    assert not run["missing-values"].stale


def test_the_cell_magic_checks_what_the_cell_changed(shell, capsys):
    """`%%mlready` runs the cell and prints the findings of what it touched."""
    text = said(shell, capsys, "%%mlready row-overlap\n" + TRAIN)

    assert "row-overlap" in text
    assert "clf" in shell.user_ns


def test_export_writes_the_card(shell, capsys, tmp_path):
    """Beside the notebook, and it says where."""
    said(shell, capsys, TRAIN)
    said(shell, capsys, "%mlready check overall-metrics\nNone")
    text = said(shell, capsys, "%mlready export")

    assert "MODEL_CARD.md" in text
    assert "LogisticRegression" in (tmp_path / "MODEL_CARD.md").read_text()


def test_words_on_an_item_carry_a_name_a_file_and_an_end(shell, capsys, tmp_path):
    """What is usual for an end date is offered, not set."""
    (tmp_path / "minutes.md").write_text("agreed")
    text = said(shell, capsys, "%mlready attest BUS-03 --note agreed --file minutes.md --by 'Ada Lovelace'")
    mark = shell.mlready_magics.session.state.marks["BUS-03"]

    assert "by Ada Lovelace" in text
    assert "180 days" in text
    assert mark.until is None
    assert mark.link.startswith("minutes.md (sha256 ")
    assert "180 days" not in said(shell, capsys, "%mlready attest BUS-03 --note agreed --until 2099-01-01")
    assert "no file" in said(shell, capsys, "%mlready attest BUS-03 --note agreed --file nowhere.md")


def test_verify_asks_this_machine_only(shell, capsys):
    """Another's address is refused with advice; a closed port is a finding."""
    assert "http://127.0.0.1:8000" in said(shell, capsys, "%mlready verify")
    assert "is not this machine" in said(shell, capsys, "%mlready verify http://example.com")
    assert "endpoint-health" in said(
        shell, capsys, "print(get_ipython().run_line_magic('mlready', 'verify 127.0.0.1:9'))"
    )


def test_export_in_other_tongues(shell, capsys, tmp_path):
    """For the hub, and as a bill of materials."""
    said(shell, capsys, "%mlready export --hf")
    said(shell, capsys, "%mlready export --bom")

    assert (tmp_path / "HF_MODEL_CARD.md").read_text().startswith("---\n")
    assert '"CycloneDX"' in (tmp_path / "model.cdx.json").read_text()
