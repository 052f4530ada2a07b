"""What the panel is given: counts, words and reasons, all made here."""

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checklist import build
from mlready_nb.finding import Estimate, Finding, Outcome, Place, Run, Table
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.views.payload import detail, live, words
from mlready_nb.views.snapshot import snapshot_html
from mlready_nb.views.words import STATUS, measure

CATALOGUE = load_catalogue()
LEAK = Finding(
    outcome=Outcome.FAIL,
    message="<b>30</b> rows stand on both sides",
    check="row-overlap",
    items=("DAT-03",),
    points={"DAT-03.1": Outcome.FAIL},
    where=Place(cell=5, line=3, cell_id="abc"),
    tables=(Table(title="T", columns=("a", "b"), rows=(("x", Estimate(value=0.5, low=0.4, high=0.6)),)),),
)


def checklist(*findings, **marks):
    """A checklist with these findings."""
    return build(CATALOGUE, run=Run(findings=findings), marks={m.code: m for m in marks.values()})


def test_every_item_has_a_row_and_every_status_a_word():
    """85 rows, 10 areas, no status without icon and word."""
    told = live(checklist())

    assert len(told["items"]) == 85
    assert len(told["flags"]) == 15
    assert {row[0] for row in told["items"].values()} <= set(STATUS)
    assert sum(len(a["items"]) for a in words(CATALOGUE)["areas"]) == 100


def test_a_raised_flag_carries_the_place():
    """Cell and id of the finding under it, so that the panel can jump there."""
    told = live(checklist(LEAK))

    assert told["raised"] == [["RED-02", "Significant data leakage present", LEAK.message, 5, "abc"]]
    assert told["gate"]["key"] == "not_ready"
    assert "1 red flag raised" in told["gate"]["why"]
    assert told["areas"]["stage-2"][2].count("bad") == 1


def test_an_open_item_says_what_its_check_waits_for():
    """Until it has run."""
    built = build(CATALOGUE, coverage={"DAT-03": ("row-overlap",)})
    told = live(built, waiting={"row-overlap": "waits for X_test"})

    assert told["items"]["DAT-03"][1] == "waits for X_test"


def test_detail_holds_evidence_marks_and_what_has_not_run():
    """Numbers as text, the mark with its author."""
    mark = Mark(code="DAT-03.2", kind=MarkKind.ATTESTED, note="no dates", by="Ann", at="2026-11-24T10:00:00+00:00")
    opened = detail(checklist(LEAK, mark=mark), "dat-03", {}, {})

    assert opened["findings"][0]["tables"][0]["rows"] == [["x", "0.500 [0.400, 0.600]"]]
    assert [p["status"] for p in opened["points"]] == ["fail", "attested", "open"]
    assert opened["points"][1]["mark"]["by"] == "Ann"
    assert detail(checklist(LEAK), "RED-02", {}, {})["because"] == ["DAT-03"]


def test_numbers_read_well():
    """Counts with commas, shares with three digits, small ones with two."""
    assert [measure(v) for v in (32561, 0.85321, 0.00012, 12345.67, None, True, float("nan"), "x")] == [
        "32,561", "0.853", "0.00012", "12,345.7", "–", "yes", "–", "x",
    ]  # fmt: skip


def test_the_snapshot_escapes_and_stays_small():
    """Markup in a message is text; the whole checklist stays below 40 KB."""
    html = snapshot_html(checklist(LEAK))

    assert "<b>30</b>" not in html
    assert "&lt;b&gt;30&lt;/b&gt;" in html
    assert len(html.encode()) < 40_000
