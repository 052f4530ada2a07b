"""What is kept: small, sorted, refused when newer or damaged."""

import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checklist import Gate
from mlready_nb.checks.registry import load_checks
from mlready_nb.finding import Estimate, Finding, Outcome, Place, Run, Table
from mlready_nb.marks import BadMark, Mark, MarkKind
from mlready_nb.rules import checklist_of
from mlready_nb.state import (
    LIMIT,
    SCHEMA,
    SCHEMA_FILE,
    State,
    StateDamaged,
    StateTampered,
    StateTooLarge,
    StateTooNew,
    digest,
    dumps,
)
from mlready_nb.subjects import Origin


def full(message="3 of 4 rows", rows=2):
    finding = Finding(
        check="row-overlap",
        items=("DAT-03",),
        outcome=Outcome.PASS,
        message=message,
        measured={"share": Estimate(value=0.25, low=0.1, high=0.4, n=4, method="wilson"), "n": 4},
        tables=(Table(title="t", columns=("a", "b"), rows=tuple((f"r{i}", 1.5) for i in range(rows))),),
        where=Place(cell=3, line=2),
        points={"DAT-03.1": Outcome.PASS},
        sampled=(10, 100),
        based_on=("X_train",),
    )
    return State(
        marks={
            "EVA-04": Mark(code="EVA-04", kind=MarkKind.ATTESTED, note="seen", by="me", at="2026-11-24T10:00:00+00:00")
        },
        card={"intended_use.primary_use": "Rank requests"},
        run=Run(
            findings=(finding,),
            fingerprints={"X_train": "abc"},
            versions={"python": "3.11"},
            started="2026-11-24",
            seconds=1.0,
        ),
        subjects={"X_train": Origin(variable="Xtr", how="passed to fit in cell 3", shape=(4, 2))},
        use={"model": "clf"},
        targets=("recall >= 0.8",),
        facts={"model_details.model_type": ("Pipeline", "clf")},
    )


def test_a_round_trip_keeps_everything():
    """What is written is read back the same, through JSON text."""
    state = full()

    assert State.from_json(json.loads(json.dumps(state.to_json())), trust=False) == state


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_survives(note, by):
    """Notes hold whatever people type."""
    state = State(marks={"A-1": Mark(code="A-1", kind=MarkKind.ATTESTED, note=note, by=by)})

    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state


@pytest.mark.parametrize(("rows", "count"), [(400, 40), (3000, 200), (10, 1500)])
def test_never_more_than_the_limit_and_it_says_what_went(rows, count):
    """Big tables, many findings: the state stays small, the marks stay whole."""
    state = full(message="m" * 150, rows=rows)
    many = tuple(Finding(**{f: getattr(state.run.findings[0], f) for f in Finding.__slots__}) for _ in range(count))
    raw = State(marks=state.marks, run=Run(findings=many[:150])).to_json()

    assert len(dumps(raw)) <= LIMIT
    assert raw["run"]["dropped"]
    assert State.from_json(raw, trust=False).marks == state.marks


def test_whatever_happens_it_stays_below_the_limit():
    """Findings beyond all measure go before a single mark does; what people wrote beyond it is refused, not cut."""
    run = full(message="m" * 500).run
    many = tuple(replace(run.findings[0], check=f"check-{i}", outcome=Outcome.FAIL) for i in range(2000))
    marks = {f"A-{i}": Mark(code=f"A-{i}", kind=MarkKind.ATTESTED, note="n" * 2000) for i in range(20)}
    raw = State(marks=marks, run=replace(run, findings=many)).to_json()

    assert len(dumps(raw)) <= LIMIT
    assert raw["run"]["dropped"] == "all findings"
    assert len(raw["marks"]) == 20
    with pytest.raises(StateTooLarge, match="link to a document"):
        State(marks={f"A-{i}": replace(marks["A-0"], code=f"A-{i}") for i in range(60)}).to_json()


def test_dropping_findings_never_turns_the_gate_green():
    """Without its passing findings a run is unknown, not ready."""
    run = full(message="m" * 500).run
    many = tuple(replace(run.findings[0], check=f"check-{i}") for i in range(2000))
    lean = State.from_json(State(run=replace(run, findings=many)).to_json())

    assert checklist_of(State(run=lean.run), load_catalogue(), load_checks()).gate is Gate.UNKNOWN


def test_the_published_schema_describes_what_is_written():
    """A whole state and an empty one are valid under the JSON Schema; states that we refuse are not."""
    schema = json.loads(SCHEMA_FILE.read_text())
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)

    for state in (full(), State()):
        assert not list(validator.iter_errors(json.loads(json.dumps(state.to_json()))))
    for raw in (
        [],
        {},
        {"schema": 1, "marks": []},
        {"schema": 1, "marks": {"A": {"kind": "x"}}},
        {"schema": 1, "run": 3},
    ):
        assert list(validator.iter_errors(raw))


def test_a_tick_changes_a_few_lines():
    """The notebook's diff after one attestation is the mark alone."""
    before = full()
    after = State.from_json(before.to_json() | {"marks": before.to_json()["marks"] | {"EVA-03": {"kind": "attested"}}})
    one, two = (json.dumps(s.to_json(), indent=1, sort_keys=True).splitlines() for s in (before, after))

    assert len(set(two) - set(one)) <= 3


def test_an_edited_run_is_noticed():
    """Turning a fail into a pass by hand breaks the digest; the marks may be merged."""
    raw = full().to_json()
    raw["run"]["findings"][0]["outcome"] = "warn"

    with pytest.raises(StateTampered, match="Run the checks again"):
        State.from_json(raw, trust=False)
    assert digest(full().to_json() | {"marks": {}}) == full().to_json()["digest"]


def test_newer_forms_are_refused_with_advice():
    """A state of a later version is not read as if it were ours."""
    with pytest.raises(StateTooNew, match="pip install -U mlready-nb"):
        State.from_json({"schema": SCHEMA + 1})


@pytest.mark.parametrize(
    "raw",
    [None, [], "x", {}, {"schema": "1"}, {"schema": 1, "marks": []}, {"schema": 1, "marks": {"A": {"kind": "x"}}},
     {"schema": 1, "run": {"findings": [{}]}}, {"schema": 1, "run": 3}, {"schema": 0}, {"schema": 1, "facts": {"a": 1}},
     {"schema": 1, "marks": {"A": {"kind": "waived", "until": "soon"}}}],
)  # fmt: skip
def test_damaged_states_are_named_as_such(raw):
    """Anything else than our form is a StateDamaged, never a crash."""
    with pytest.raises(StateDamaged):
        State.from_json(raw)


@pytest.mark.parametrize(
    ("kind", "note", "until", "words"),
    [(MarkKind.WAIVED, "", "2027-01-01", "reason"), (MarkKind.WAIVED, "why", None, "--until"),
     (MarkKind.NOT_APPLICABLE, " ", None, "reason"), (MarkKind.WAIVED, "why", "31.1.2027", "YYYY-MM-DD"),
     (MarkKind.ATTESTED, "x" * 3000, None, "link")],
)  # fmt: skip
def test_marks_ask_for_what_they_need(kind, note, until, words):
    """A waiver without a reason or an end date is refused with the command to type."""
    with pytest.raises(BadMark, match=words):
        Mark(code="A-1", kind=kind, note=note, until=until).checked()
