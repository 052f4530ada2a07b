"""The witnesses heard together."""

import textwrap
from dataclasses import replace

import pytest

from mlready_nb.finding import Outcome, Place, Strength
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.merge import POINTS, findings, hear
from mlready_nb.subjects import Cell

CELLS = (
    Cell(number=1, source="X, y = load()"),
    Cell(number=2, source="sc = StandardScaler()\nX = sc.fit_transform(X)\nX_train, X_test = train_test_split(X)"),
    Cell(number=3, source="m.fit(X_train, y_train)\nm.score(X_test, y_test)"),
)
LOOKED = {
    Witness.CELLS: "3 cells",
    Witness.REFIT: "1 transformer",
    Witness.VALUES: "5 columns",
    Witness.ROWS: "80 rows",
}


def said(witness=Witness.CELLS, kind=Kind.PREPROCESSING, *, strength=Strength.PROVEN, **rest):
    return Evidence(witness=witness, kind=kind, message=f"{witness} says {kind}", strength=strength, **rest)


FROM_CELLS = said(place=Place(cell=2, line=2), variables=("sc", "X"))
FROM_REFIT = said(Witness.REFIT, variables=("sc", "X", "X_train"), remedy="split first")
FROM_VALUES = said(Witness.VALUES, variables=("X_train", "X_test"), columns=("a",), by_chance=1e-30)


def test_three_witnesses_of_one_place_are_one_finding():
    """The cells give the place, the others the proof; all of them are listed."""
    (one,) = findings([FROM_VALUES, FROM_REFIT, FROM_CELLS], CELLS)
    assert (one.where.cell, one.where.line) == (2, 2)
    assert one.outcome is Outcome.FAIL
    assert one.strength is Strength.PROVEN
    assert one.measured["witnesses"] == 3
    assert one.measured["chance_of_false_hit"] == 1e-30
    assert one.remedy == "split first"
    assert all(name in one.message for name in ("the cells", "refits", "the values"))
    assert len(one.tables[0].rows) == 3


def test_objects_alone_find_their_place():
    """Without the cells witness the statement is looked for by name."""
    (one,) = findings([FROM_REFIT, FROM_VALUES], CELLS)
    assert (one.where.cell, one.where.line) == (2, 2)


def test_a_guess_of_the_cells_becomes_proven():
    """The strongest names the strength."""
    (one,) = findings([replace(FROM_CELLS, strength=Strength.HEURISTIC), FROM_REFIT], CELLS)
    assert one.strength is Strength.PROVEN
    (alone,) = findings([replace(FROM_CELLS, strength=Strength.HEURISTIC)], CELLS)
    assert alone.outcome is Outcome.WARN


def test_two_places_are_two_findings():
    """Each guilty statement is told, in the order of the notebook."""
    other = said(kind=Kind.EARLY_STOPPING, place=Place(cell=3, line=1))
    again = said(place=Place(cell=1, line=1), variables=("other",))
    kinds = [(f.kind, f.where.cell) for f in findings([other, FROM_CELLS, again], CELLS)]
    assert kinds == [("preprocessing", 1), ("preprocessing", 2), ("early_stopping", 3)]


def test_minor_warns():
    """Too small to move the score."""
    (one,) = findings([replace(FROM_REFIT, minor=True)], CELLS)
    assert one.outcome is Outcome.WARN
    assert set(one.points) >= set(POINTS[Kind.PREPROCESSING])


def test_a_refit_for_release_after_the_score_is_honest():
    """The model knows the test rows, but was scored before; the guilty order is kept."""
    overlap = said(Witness.REFIT, Kind.OVERLAP, strength=Strength.MEASURED, variables=("m", "X_train", "X_test"))
    honest = (*CELLS, Cell(number=4, source="m.fit(X, y)"))
    (one,) = findings([overlap], honest, looked=LOOKED)
    assert one.outcome is Outcome.PASS
    assert "after it was scored" in one.message
    (one,) = findings([overlap], (*honest, Cell(number=5, source="m.score(X_test, y_test)")))
    assert one.kind == "overlap"
    assert one.outcome is Outcome.WARN or one.outcome is Outcome.FAIL
    (one,) = findings([overlap])
    assert one.outcome is Outcome.WARN


def test_data_that_came_scaled_are_no_fault_of_the_notebook():
    """Principal components from a file: nothing in the cells can have made them."""
    plain = (Cell(number=1, source="df = read()\nX_train, X_test = train_test_split(df)"),)
    (one,) = findings([FROM_VALUES], plain, looked=LOOKED)
    assert one.outcome is Outcome.PASS
    assert "the data came so" in one.message


@pytest.mark.parametrize(
    ("strong", "weak"), [(Kind.OVERSAMPLING, Kind.DUPLICATES), (Kind.OVERLAP, Kind.DUPLICATES)], ids=str
)
def test_what_looks_like_another_kind_is_absorbed(strong, weak):
    """Repeated rows are what sampling and overlap look like to the rows witness."""
    names = {"variables": ("X_train", "X_test")}
    (one,) = findings([said(Witness.ROWS, weak, **names), said(Witness.VALUES, strong, **names)], CELLS)
    assert one.kind == strong


def test_filling_and_scaling_in_one_statement_is_one_finding():
    """The cells' kind wins at one place."""
    filled = said(kind=Kind.IMPUTATION, place=Place(cell=2, line=2), variables=("sc",))
    (one,) = findings([filled, FROM_REFIT], CELLS)
    assert one.kind == "imputation"
    assert one.measured["witnesses"] == 2


def test_points_of_every_kind_exist():
    """Each kind settles sub-bullets that the catalogue has."""
    from mlready_nb.catalogue import load_catalogue

    codes = {p.code for i in load_catalogue().items() for p in i.points}
    assert set(POINTS) == set(Kind)
    assert {c for points in POINTS.values() for c in points} <= codes


def test_silence_says_who_looked():
    """A pass names what was looked at; without objects or cells nothing is claimed."""
    (one,) = findings([], CELLS, looked=LOOKED)
    assert one.outcome is Outcome.PASS
    assert all(what in one.message for what in LOOKED.values())
    assert set(one.points.values()) == {Outcome.PASS}

    (one,) = findings([], CELLS, looked={Witness.CELLS: "3 cells"})
    assert one.outcome is Outcome.INCONCLUSIVE

    (one,) = findings([], ())
    assert one.outcome is Outcome.NOT_RUN
    assert "%mlready use" in one.message

    (one,) = findings([], (), looked={Witness.ROWS: "80 rows"})
    assert one.outcome is Outcome.PASS
    assert "EVA-02.1" not in one.points


def test_a_fault_elsewhere_leaves_other_points_settled():
    """The first finding carries what nobody spoke against."""
    made = findings([FROM_CELLS], CELLS, looked=LOOKED)
    assert made[0].points["DAT-03.1"] is Outcome.FAIL
    assert made[0].points["DAT-03.2"] is Outcome.PASS


def test_the_order_of_hearing_does_not_matter():
    """The same groups whatever comes first."""
    from itertools import permutations

    seen = {
        tuple(sorted(tuple(sorted(e.witness for e in g)) for g in hear(order, CELLS).groups))
        for order in permutations([FROM_CELLS, FROM_REFIT, FROM_VALUES])
    }
    assert len(seen) == 1


def test_code_with_a_syntax_error_is_no_obstacle():
    """A cell that is no Python."""
    broken = (*CELLS, Cell(number=4, source=textwrap.dedent("def f(:")))
    assert findings([FROM_REFIT], broken)[0].where.cell == 2


def test_what_the_objects_exclude_is_set_aside():
    """A suspicion of the cells against what the objects prove; a proof is kept."""
    guess = replace(FROM_CELLS, strength=Strength.HEURISTIC)
    (one,) = findings([guess], CELLS, looked=LOOKED, cleared={"sc"})
    assert one.outcome is Outcome.PASS
    assert "training rows alone" in one.message
    (one,) = findings([FROM_CELLS], CELLS, looked=LOOKED, cleared={"sc"})
    assert one.outcome is Outcome.FAIL

    twice = said(kind=Kind.DUPLICATES, place=Place(cell=1, line=1))
    assert findings([twice], CELLS, looked=LOOKED, shared_rows=0)[0].outcome is Outcome.PASS
    assert findings([twice], CELLS, looked=LOOKED, shared_rows=9)[0].kind == "duplicates"
    near = said(Witness.ROWS, Kind.DUPLICATES, variables=("X_train",))
    assert findings([twice, near], CELLS, looked=LOOKED, shared_rows=0)[0].kind == "duplicates"


def test_rows_that_are_all_there_were_not_taken_out():
    """A filter of the test set that left every row in it is no bias; one that took some out is."""
    taken = said(kind=Kind.SAMPLING_BIAS, place=Place(cell=3, line=1), removes=True)
    assert findings([taken], CELLS, looked=LOOKED)[0].outcome is Outcome.FAIL
    assert findings([taken], CELLS, looked=LOOKED, complete=True)[0].outcome is Outcome.PASS
