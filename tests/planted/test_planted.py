"""The planted set itself (every notebook runs, every fault is real), and the floors of what the checks make of it."""

from collections import defaultdict

import pytest

from tests.planted.case import CLEAN, KINDS, Case
from tests.planted.judge import judge, leakage_checks, result
from tests.planted.kinds import cases, plans
from tests.planted.rename import renamed
from tests.planted.score import said_wrong, table

#: The variation of every template that CI judges.
SEED = 0
#: Recall below which a kind fails; raise them with the checks, never lower them to pass.
RECALL = dict.fromkeys(KINDS, 0.85)
RECALL_OF_ALL = 0.95
#: Of the hits, how many point at a guilty cell.
RIGHT_CELL = 0.95
#: Most false alarms that are borne: share of clean twins, number of wholly clean notebooks.
ALARMS_ON_TWINS = 0.02
ALARMS_ON_CLEAN = 0

#: Styles of each kind that CI judges, to stay quick; `python -m tests.planted.score` judges all.
PER_KIND = 20


@pytest.fixture(scope="module")
def results():
    """Every case, executed and judged once, in this process."""
    names = leakage_checks()
    chosen = [case for kind in KINDS for case in list(cases([kind], [SEED]))[:PER_KIND]]
    judged = [judge(case, names) for case in (*chosen, *cases([CLEAN], [SEED]))]
    print(table(judged), said_wrong(judged), sep="\n")
    return judged


def test_enough_of_everything():
    """Fourteen kinds in at least six styles, twenty wholly clean notebooks, no name twice."""
    count = defaultdict(int)
    for plan in plans():
        count[plan.kind] += 1

    assert set(count) == {*KINDS, CLEAN}
    assert min(count[kind] for kind in KINDS) >= 6
    assert count[CLEAN] >= 20
    assert len({(plan.kind, plan.style) for plan in plans()}) == len(plans())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_twins_differ_by_the_fault(seed):
    """Most of the text is the same, the guilty line is not, and no mark of the template is left."""
    for case in cases(KINDS, [seed]):
        fault, clean = "\n".join(case.fault), "\n".join(case.clean)
        same = set(fault.splitlines()) & set(clean.splitlines())

        assert fault != clean or (case.order and case.order != tuple(sorted(case.order))), case.name
        assert len(same) > 0.45 * len(set(fault.splitlines())), case.name
        assert all(case.fault[cell - 1].splitlines()[line - 1].strip() for cell, line in case.guilty), case.name
        assert not any(case.fault[cell - 1].splitlines()[line - 1][0] in "%#" for cell, line in case.guilty), case.name
        assert not any(mark in fault + clean for mark in ("#!", "#?", "<<", ">>")), case.name


def test_a_seed_says_the_same_twice_and_another_seed_something_else():
    """Cases are drawn by the seed alone."""
    once, again = list(cases(KINDS, [5])), list(cases(KINDS, [5]))
    other = list(cases(KINDS, [6]))

    assert once == again
    assert sum(a.fault != b.fault for a, b in zip(once, other, strict=True)) > 0.8 * len(once)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_guilty_places_survive_new_names_and_lines_between(seed):
    """Whatever a seed renames and inserts, the guilty line is the statement that was marked."""

    def bones(case, places):
        lines = [case.fault[cell - 1].splitlines()[line - 1] for cell, line in places]
        return ["".join(c for c in line if not c.isalnum() and c not in "_. ") for line in lines]

    for plan in plans(KINDS):
        written, drawn = plan.case(0), plan.case(seed)

        assert bones(drawn, drawn.guilty) == bones(written, written.guilty), drawn.name
        assert bones(drawn, drawn.accepted) == bones(written, written.accepted), drawn.name


def test_names_stay_where_a_string_or_an_attribute_holds_them():
    """`renamed` leaves alone what is not a variable, and what would clash."""
    sources = ("df = load(df=1)\nprint('X_train', lgb.train)", "X_train, X_test, train, model = f(df)\nm0 = model")
    for key in map(str, range(40)):
        first, second = renamed(sources, key)

        assert first == "df = load(df=1)\nprint('X_train', lgb.train)"
        assert second.startswith("X_train, ")
        assert ", train, " in second
        assert "m0, m0" not in second
        assert second.count("m0") == 1


def said(kind, cell, line=1, outcome="fail"):
    """A finding as a check gives it."""
    return {"kind": kind, "cell": cell, "line": line, "outcome": outcome, "check": "leakage", "message": ""}


def test_the_judge_counts_only_alarms_of_the_right_kind_and_cell():
    """Hits, kinds, cells, lines, false alarms and strays of made-up findings."""
    case = Case(kind="group", style="s", seed=0, fault=("a", "b"), clean=("c",), guilty=((2, 1),), also=("duplicates",))

    def judged(*fault, clean=()):
        return result(case, {"fault": fault, "clean": clean}, 0.0, ())

    right = judged(said("group", 2))
    assert (right.hit, right.exact, right.right_cell, right.right_line, right.strays) == (True, True, True, True, ())
    near = judged(said("duplicates", 2, 9, "warn"), said("temporal", 2))
    assert (near.hit, near.exact, near.right_cell, near.right_line, len(near.strays)) == (True, False, True, False, 1)
    assert not judged(said("group", 2, outcome="pass"), said("group", 2, outcome="inconclusive")).hit
    assert not judged(said("group", 1), said("temporal", 2)).right_cell
    assert judged(clean=[said("temporal", None, None, "warn"), said(None, 1)]).clean == (
        said("temporal", None, None, "warn"),
    )


def test_the_table_has_a_row_a_kind_and_names_what_is_wrong():
    """Recall, false alarms and the list below it."""
    case = Case(kind="group", style="s", seed=0, fault=("a",), clean=("c",), guilty=((1, 1),))
    hit = result(case, {"fault": [said("group", 1)], "clean": []}, 1.0, ())
    miss = result(case, {"fault": [], "clean": [said("overlap", 1)]}, 1.0, ("clean: KeyError: x",))
    text = table([hit, miss])

    assert "| group | 2 | 0.50 | 0.50 | 1.00 | 1.00 | 1 | 0 | 1.00 |" in text
    assert "Recall over all kinds: 1 of 2" in text
    assert [line.split()[0] for line in said_wrong([hit, miss]).splitlines()] == ["error", "false", "miss"]


def test_every_notebook_runs(results):
    """No cell raises, in the faults and in the twins, and no check breaks on them."""
    assert not [(r.case.name, r.errors) for r in results if r.errors]


def test_every_fault_that_can_be_measured_is_there(results):
    """The case's proof is true of the fault and false of its twin."""
    assert not [(r.case.name, sorted(r.proved)) for r in results if r.case.proof and r.proved != {"fault"}]


def test_faults_are_found(results):
    """Recall stays above its floors, over all kinds and in each."""
    found = defaultdict(list)
    for r in filter(lambda r: r.planted, results):
        found[r.case.kind].append(r.hit)
    recall = {kind: sum(hits) / len(hits) for kind, hits in found.items()}

    assert not {kind: (recall[kind], floor) for kind, floor in RECALL.items() if recall[kind] < floor}
    assert sum(map(sum, found.values())) >= RECALL_OF_ALL * sum(map(len, found.values()))


def test_hits_point_at_the_guilty_cell(results):
    """The share of hits with the right cell stays above its floor."""
    hits = [r for r in results if r.hit]

    assert sum(r.right_cell for r in hits) >= RIGHT_CELL * len(hits)


def test_clean_notebooks_are_left_in_peace(results):
    """Hardly a false alarm on a twin, none on a wholly clean notebook."""
    twins = [r for r in results if r.planted]

    assert sum(bool(r.clean) for r in twins) <= ALARMS_ON_TWINS * len(twins), said_wrong(results)
    assert sum(bool(r.clean) for r in results if not r.planted) <= ALARMS_ON_CLEAN, said_wrong(results)
