"""Metadata from strangers, notebooks from strangers, messages from strangers: a state or a word of advice, never a crash."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlready_nb import saved
from mlready_nb.finding import Estimate, Finding, Outcome, Place, Run, Strength, Table
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.state import KEY, LIMIT, State, StateDamaged, StateTooLarge, StateTooNew, dumps, merge
from mlready_nb.stores.ipynb import IpynbStore, NotebookUnreadable, NotSaved
from mlready_nb.subjects import Origin
from tests.fuzz.conftest import cases
from tests.fuzz.hostile import safe_texts

pytestmark = pytest.mark.filterwarnings("ignore")

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    safe_texts,
    st.sampled_from([1e400, -1, 0, 2**70]),
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(safe_texts, inner, max_size=3)),
    max_leaves=8,
)
numbers = st.floats(allow_nan=True)
measures = st.one_of(
    scalars.filter(lambda v: not isinstance(v, int) or abs(v) < 2**63),
    st.builds(
        Estimate, value=numbers, low=st.none() | numbers, high=st.none() | numbers, n=st.none() | st.integers(0, 10**9)
    ),
)


@st.composite
def grids(draw):
    """A table of any texts; its chart may not fit it."""
    width = draw(st.integers(0, 3))
    return Table(
        title=draw(safe_texts),
        columns=tuple(draw(safe_texts) for _ in range(width)),
        rows=tuple(tuple(draw(measures) for _ in range(width)) for _ in range(draw(st.integers(0, 3)))),
        chart=draw(st.sampled_from([None, None, "bars", "confusion", "intervals", "curve", "no such chart"])),
        note=draw(st.none() | safe_texts),
    )


findings = st.builds(
    Finding,
    outcome=st.sampled_from(Outcome),
    message=safe_texts,
    strength=st.sampled_from(Strength),
    kind=st.none() | safe_texts,
    measured=st.dictionaries(safe_texts, measures, max_size=2),
    tables=st.lists(grids(), max_size=2).map(tuple),
    where=st.none()
    | st.builds(
        Place, cell=st.none() | st.integers(1, 99), line=st.none() | st.integers(1, 99), cell_id=st.none() | safe_texts
    ),
    remedy=st.none() | safe_texts,
    sampled=st.none() | st.just((1, 2)),
    check=st.sampled_from(["row-overlap", "overall-metrics", "weak-class", "group-disparity"]) | safe_texts,
    items=st.lists(st.sampled_from(["DAT-01", "DAT-03", "EVA-01", "INT-02"]) | safe_texts, max_size=2).map(tuple),
    based_on=st.lists(st.sampled_from(["model", "X_test"]), max_size=2).map(tuple),
    stale=st.booleans(),
)
notes = safe_texts.map(lambda t: t[:2000])
marks = st.builds(
    Mark, code=st.sampled_from(["BUS-01", "DAT-01.1", "<b>", "ZZZ-99"]), kind=st.sampled_from(MarkKind), note=notes, link=notes, by=notes,
    at=st.sampled_from(["2026-01-01T00:00:00+00:00", "", "yesterday"]), until=st.sampled_from([None, "2027-01-31", "2020-01-01"]),
)  # fmt: skip
states = st.builds(
    State,
    marks=st.lists(marks, max_size=3).map(lambda ms: {m.code: m for m in ms}),
    card=st.dictionaries(st.sampled_from(["intended_use.primary_use", "model_details.owner", "<b>"]), safe_texts, max_size=2),
    run=st.none() | st.builds(Run, findings=st.lists(findings, max_size=3).map(tuple), versions=st.dictionaries(safe_texts, safe_texts, max_size=2), started=safe_texts),
    subjects=st.dictionaries(st.sampled_from(["model", "X_test"]), st.builds(Origin, variable=safe_texts, how=safe_texts, shape=st.none() | st.just((3, 2))), max_size=2),
    use=st.dictionaries(safe_texts, safe_texts, max_size=2),
    targets=st.lists(st.sampled_from(["recall >= 0.8", "x"]) | safe_texts, max_size=2).map(tuple),
    facts=st.dictionaries(safe_texts, st.tuples(safe_texts, safe_texts), max_size=2),
)  # fmt: skip


@st.composite
def bent(draw):
    """A valid state's JSON with one or two values replaced by anything."""
    raw = copy.deepcopy(draw(states).to_json())
    for _ in range(draw(st.integers(1, 2))):
        here, path = raw, []
        while isinstance(here, (dict, list)) and here and draw(st.integers(0, 4)) > 0:
            key = draw(st.sampled_from(sorted(here))) if isinstance(here, dict) else draw(st.integers(0, len(here) - 1))
            path.append((here, key))
            here = here[key]
        if path:
            owner, key = path[-1]
            owner[key] = draw(anything)
    return raw


def readable(raw):
    """A state, or `None` with advice; the whole list of what may be raised."""
    try:
        return State.from_json(raw)
    except (StateDamaged, StateTooNew) as refusal:
        assert len(str(refusal)) > 20
        return None


def shown(state):
    """All that a stranger's state can reach without a kernel."""
    checklist = saved.checklist(state)
    assert checklist.gate
    return checklist


@cases(2500)
@given(
    st.one_of(
        anything,
        st.dictionaries(
            st.sampled_from(["schema", "marks", "run", "card", "subjects", "facts", "targets", "use"]), anything
        ).map(lambda d: {"schema": 1, **d}),
    )
)
def test_any_json_is_a_state_or_damaged(tried, raw):
    """Whatever JSON holds."""
    tried()
    state = readable(raw)
    if state is not None:
        shown(state)


@cases(900)
@given(bent())
def test_a_bent_state_is_read_or_refused_and_what_is_read_can_be_shown(tried, raw):
    """One value of a good state is replaced: still a state that every reader bears, or refused."""
    tried()
    state = readable(json.loads(json.dumps(raw)))
    if state is not None:
        shown(state)
        assert len(dumps(state.to_json())) <= LIMIT
        merge(state, State())


@cases(700)
@given(states, states)
def test_a_round_trip_is_exact_and_merging_forgets_no_mark(tried, one, two):
    """Through JSON text and back; the marks of both are in the merged state."""
    tried()
    raw = json.loads(json.dumps(one.to_json()))
    again = State.from_json(raw, trust=False)
    assert json.loads(json.dumps(again.to_json())) == raw
    assert set(merge(one, two).marks) >= {*one.marks, *two.marks}


@st.composite
def files(draw):
    """The bytes of a notebook that somebody sent."""
    cell = {"cell_type": "code", "source": draw(safe_texts), "metadata": {}, "outputs": [], "execution_count": None}
    document = {
        "cells": [cell],
        "metadata": {"kernelspec": {"name": "ir", "language": "R"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    how = draw(
        st.sampled_from(
            [
                "state",
                "other",
                "v3",
                "v5",
                "no cells",
                "cells",
                "metadata",
                "cut",
                "bytes",
                "deep",
                "huge",
                "conflict",
                "bom",
            ]
        )
    )
    if how == "state":
        document["metadata"][KEY] = draw(anything)
    elif how == "v3":
        document = {"worksheets": [{"cells": [cell]}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}
    elif how == "v5":
        document["nbformat"] = draw(st.sampled_from([5, "4", None, 4.0, True, -1]))
    elif how == "no cells":
        document = draw(anything)
    elif how == "cells":
        document["cells"] = draw(
            anything | st.lists(st.fixed_dictionaries({"cell_type": anything, "source": anything}), max_size=2)
        )
    elif how == "metadata":
        document["metadata"] = draw(anything)
    elif how == "huge":
        cell["outputs"] = [{"output_type": "stream", "text": "x" * 300_000}]
    raw = json.dumps(document).encode()
    if how == "cut":
        raw = raw[: draw(st.integers(0, len(raw)))]
    elif how == "bytes":
        raw = draw(st.binary(max_size=60))
    elif how == "deep":
        raw = b"[" * draw(st.sampled_from([10, 100_000]))
    elif how == "conflict":
        raw = b"<<<<<<< HEAD\n" + raw
    elif how == "bom":
        raw = b"\xef\xbb\xbf" + raw
    return raw


@cases(900)
@given(files(), states)
def test_any_file_is_a_notebook_or_refused_and_a_refused_one_is_left_alone(tried, tmp_path_factory, raw, state):
    """Loaded, shown, saved: with advice where it cannot be; byte for byte as it was where nothing was written."""
    tried()
    path = tmp_path_factory.getbasetemp() / "stranger.ipynb"
    path.write_bytes(raw)
    try:
        held = saved.kept(IpynbStore(path))
        if held is not None:
            saved.verdict(held.state)
    except (NotebookUnreadable, StateDamaged, StateTooNew) as refusal:
        assert len(str(refusal)) > 20
    try:
        IpynbStore(path).save(state)
    except (NotebookUnreadable, NotSaved, StateTooNew, StateTooLarge) as refusal:
        assert len(str(refusal)) > 20
        assert path.read_bytes() == raw
    else:
        assert json.loads(path.read_text("utf-8-sig"))["metadata"][KEY]["schema"] >= 1
