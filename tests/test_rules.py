"""An organisation's own rules in a file: what they change, and what is said of a slip."""

import json
from datetime import date, timedelta

import pytest

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checklist import Gate, Status, build
from mlready_nb.cli import main
from mlready_nb.config import BadConfig
from mlready_nb.finding import Finding, Outcome, Run
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.rules import checklist_of, rules_of
from mlready_nb.session import Session
from mlready_nb.state import State
from mlready_nb.views.card import model_card
from mlready_nb.views.document import to_markdown
from mlready_nb.views.html import report_html
from mlready_nb.views.payload import detail, live
from mlready_nb.views.report import report
from mlready_nb.views.text import status_text

OWN = """
hide = ["IMP-02", "CON-01"]
sensitive = ["sex"]
waivers = ["Ada Lovelace"]
severity.EVA-03 = "should"
severity.DRQ-03 = "must"
gate = { required = ["blocker"], warnings = "block" }
checks.row-overlap.max_share = 0.5

[[stages]]
key = "procurement"
title = "Procurement"

[[items]]
area = "procurement"
code = "ACM-01"
title = "Supplier assessed"
severity = "blocker"
why = "A supplier's end is the model's end."
points = [{ title = "Contract reviewed" }, { title = "Exit plan written" }]
"""


def rules(folder, text=OWN, name="mlready.toml"):
    """The rules of a folder with this file."""
    (folder / ".git").mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return rules_of(folder)


def waiver(by, code="DAT-03", days=30):
    """Somebody's waiver."""
    return Mark(
        code=code,
        kind=MarkKind.WAIVED,
        note="benchmark",
        by=by,
        at="2026-01-01",
        until=str(date.today() + timedelta(days)),
    )


def test_a_file_adds_hides_and_regrades(tmp_path):
    """The catalogue, the thresholds, the columns, the gate."""
    made = rules(tmp_path)

    assert made.catalogue["ACM-01"].area == "procurement"
    assert [p.code for p in made.catalogue["ACM-01"].points] == ["ACM-01.1", "ACM-01.2"]
    assert "IMP-02" not in made.catalogue
    # A/B testing framework is computed from IMP-02 alone, so it goes with it; Docker keeps what is left
    assert {i.code for i in made.catalogue.hidden} == {"IMP-02", "CON-01", "NICE-01"}
    assert made.catalogue["FIN-06"].computed_from == ("CON-02", "CON-03")
    assert made.catalogue["EVA-03"].severity == "should"
    assert made.config.sensitive == ("sex",)
    assert made.config.thresholds("row-overlap", {"max_share": 0.02})["max_share"] == 0.5


def test_hidden_items_stay_visible_as_hidden(tmp_path):
    """In the status, the report, the card, the page, the panel and the list."""
    made = rules(tmp_path)
    shown = checklist_of(State(), made)
    with pytest.raises(LookupError, match="IMP-02 is hidden"):
        made.catalogue["IMP-02"]

    for text in (status_text(shown), to_markdown(model_card(shown)), report_html(shown), json.dumps(live(shown))):
        assert "items are hidden by mlready.toml" in " ".join(text.split())
    assert {h["code"] for h in report(shown)["hidden"]} == {"IMP-02", "CON-01", "NICE-01"}


def test_mlready_list_marks_hidden_items(tmp_path, monkeypatch, capsys):
    """`mlready list` in the project's folder."""
    rules(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert main(["list", "--json"]) == 0
    rows = {r["code"]: r for r in json.loads(capsys.readouterr().out)}
    assert rows["IMP-02"]["hidden"]
    assert not rows["ACM-01"]["hidden"]
    assert main(["list"]) == 0
    assert "hidden" in capsys.readouterr().out


def test_a_waiver_by_another_does_not_count_and_says_so(tmp_path):
    """The failure stays, the waiver stays visible with its reason why it does not count."""
    made = rules(tmp_path)
    run = Run(findings=(Finding(outcome=Outcome.FAIL, message="30 rows leak", check="row-overlap", items=("DAT-03",)),))
    by_another = checklist_of(State(run=run, marks={"DAT-03": waiver("Charles Babbage")}), made)
    by_her = checklist_of(State(run=run, marks={"DAT-03": waiver("ada lovelace")}), made)

    assert by_another["DAT-03"].status is Status.FAIL
    assert by_another.gate is Gate.NOT_READY
    assert "mlready.toml lets only Ada Lovelace waive" in by_another["DAT-03"].message
    assert "30 rows leak" in by_another["DAT-03"].message
    assert "Charles Babbage does not count" in " ".join(status_text(by_another).split())
    assert "Charles Babbage" in to_markdown(model_card(by_another))
    assert "DAT-03 waived by Charles Babbage" in " ".join(status_text(by_another).split())
    assert "Charles Babbage" in report_html(by_another)
    assert by_her["DAT-03"].status is Status.WAIVED
    assert not by_her["DAT-03"].remark


def test_warnings_may_keep_the_gate_shut(tmp_path):
    """With `warnings = "block"` on an item that the gate hangs on, and only there."""
    made = rules(tmp_path)

    elsewhere = tmp_path / "elsewhere"
    (elsewhere / ".git").mkdir(parents=True)

    def gate(code, strict):
        run = Run(findings=(Finding(outcome=Outcome.WARN, message="m", check="c", items=(code,)),))
        return checklist_of(State(run=run), made if strict else rules_of(elsewhere)).gate

    assert gate("DAT-01", strict=True) is Gate.NOT_READY
    assert gate("DAT-01", strict=False) is Gate.UNKNOWN
    assert gate("EVA-03", strict=True) is Gate.UNKNOWN


def test_one_file_extends_another(tmp_path):
    """The organisation's file first, the project's over it; `[tool.mlready]` does as well."""
    (tmp_path / "org.toml").write_text(
        'sensitive = ["race"]\nhide = ["IMP-02"]\nchecks.row-overlap = { max_share = 0.1, alpha = 1 }'
    )
    made = rules(
        tmp_path,
        '[tool.mlready]\nextends = "org.toml"\nhide = ["IMP-03"]\nchecks.row-overlap.max_share = 0.2',
        "pyproject.toml",
    )

    assert {i.code for i in made.catalogue.hidden} >= {"IMP-02", "IMP-03"}
    assert made.config.sensitive == ("race",)
    assert made.config.checks["row-overlap"] == {"max_share": 0.2, "alpha": 1}
    with pytest.raises(BadConfig, match="more than 5 files"):
        rules(tmp_path, 'extends = "mlready.toml"')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hides = []", "unknown key 'hides'; did you mean 'hide'"),
        ('hide = "IMP-02"', "hide must be a list"),
        ('hide = ["IMP-99"]', "hide names 'IMP-99', which is no item; did you mean IMP-0"),
        ('severity.EVA-03 = "huge"', "severity.EVA-03 must be one of blocker, must"),
        ('severity = "must"', "severity must be a table"),
        ('[[items]]\ncode = "A-1"', "A-1 needs an area, one of stage-1"),
        ('[[items]]\narea = "stage-1"\ncode = "A-1"', "A-1 lacks the key 'title'"),
        ('[[items]]\narea = "final"\ncode = "A-1"', "needs an area"),
        (
            '[[items]]\narea = "stage-1"\ncode = "BUS-01"\ntitle = "T"\nseverity = "must"\nwhy = "W"',
            "BUS-01 is used already",
        ),
        ('[[stages]]\nkey = "stage-1"', "'stage-1' is there already"),
        ("waivers = 3", "waivers must be a list"),
        ('gate = { required = ["must"] }', 'at least "blocker"'),
        ('gate = { warnings = "maybe" }', "allow"),
        ('gate = "strict"', "gate holds required"),
        ('extends = "nowhere.toml"', "there is no file"),
        ("items = 3", "items must be tables"),
        ("= 3", "cannot be read as TOML"),
    ],
)
def test_a_slip_is_told_with_file_and_key(tmp_path, text, words):
    """Advice, and the file's name."""
    with pytest.raises(BadConfig, match=words) as caught:
        rules(tmp_path, text)
    assert "mlready.toml" in str(caught.value)


def test_what_has_expired_turns_stale_and_says_so():
    """An attestation and a sub-bullet's."""
    old = [
        Mark(code=c, kind=MarkKind.ATTESTED, note="ok", by="Ada", at="2026-01-01", until="2026-02-01")
        for c in ("BUS-03", "BUS-01.1")
    ]
    shown = build(load_catalogue(), marks={m.code: m for m in old}, today=date(2026, 3, 1))

    for code in ("BUS-03", "BUS-01"):
        assert shown[code].stale
        assert not shown[code].done
    assert "until 2026-02-01, which has passed" in shown["BUS-03"].message
    assert any("BUS-01.1" in n for n in shown.notices)
    assert "again" in shown["BUS-03"].steps[0].text


def test_a_tick_never_hides_a_failing_check_even_of_one_sub_bullet():
    """The finding warns as a whole and fails in one point: an attested item still fails."""
    finding = Finding(
        outcome=Outcome.WARN, message="m", check="c", items=("EVA-01",), points={"EVA-01.1": Outcome.FAIL}
    )
    said = {
        c: Mark(code=c, kind=MarkKind.ATTESTED, note="fine", by="Ada", at="2026-01-01") for c in ("EVA-01", "EVA-01.1")
    }
    shown = build(load_catalogue(), run=Run(findings=(finding,)), marks=said)

    assert shown["EVA-01"].status is Status.FAIL


def test_steps_stand_by_severity_and_machine_before_words(tmp_path):
    """Failures first within a grade, then what a click does, then what a person says."""
    run = Run(
        findings=(Finding(outcome=Outcome.FAIL, message="no lift", check="no-better-than-baseline", items=("DEV-01",)),)
    )
    shown = checklist_of(State(run=run), rules_of(tmp_path))
    order = [(str(s.severity), not s.failing, int(s.effort)) for s in shown.steps]
    weight = ["blocker", "must", "should", "nice"]

    assert order == sorted(order, key=lambda o: (weight.index(o[0]), o[1], o[2]))
    assert shown.steps[0].code == "DEV-01"
    assert "no lift" in shown.steps[0].text


def test_computed_lines_say_from_what_and_what_would_turn_them_green(tmp_path):
    """The final list, a red flag, a stage; nothing is left to do for a line that is done."""
    done = {
        f"BUS-01.{n}": Mark(code=f"BUS-01.{n}", kind=MarkKind.ATTESTED, note="n", by="A", at="2026") for n in (1, 2, 3)
    }
    shown = checklist_of(State(marks=done), rules_of(tmp_path))
    told = report(shown)
    final = {f["code"]: f for f in told["final"]}
    flags = {f["code"]: f for f in told["red_flags"]}

    assert final["FIN-02"]["computed_from"] == ["DAT-03", "EVA-02"]
    assert any("DAT-03" in t for t in final["FIN-02"]["to_do"])
    assert any("CON-03.1" in t or "hardcoded-credentials" in t for t in flags["RED-10"]["to_do"])
    assert not shown["BUS-01"].steps
    stage = next(s for s in told["stages"] if s["key"] == "stage-1")
    assert stage["done"] == 1
    assert len(stage["to_do"]) >= 5
    assert "things to do" in detail_text(shown)


def detail_text(shown):
    """The panel's payload and the terminal say it in words."""
    assert detail(shown, "FIN-02", {}, {})["steps"]
    return live(shown)["to_do"]["gate"]


def test_who_spoke_when_and_on_what_ground(tmp_path):
    """A name of one's own, an end date, a file with its hash."""
    from mlready_nb.marks import BadMark, evidence

    (tmp_path / "minutes.md").write_text("we agreed")
    session = Session(project=tmp_path)
    mark = session.mark(
        "BUS-03.2", "attested", note="agreed", link=evidence("minutes.md", tmp_path), by=" Ada ", until="2099-01-01"
    )

    assert mark.by == "Ada"
    assert mark.link.startswith("minutes.md (sha256 ")
    entry = session.checklist()["BUS-03"]
    assert entry.status is Status.PARTIAL
    assert entry.progress == (1, 3)
    with pytest.raises(BadMark, match="no file"):
        evidence("nowhere.md", tmp_path)
