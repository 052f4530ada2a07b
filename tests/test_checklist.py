"""Items x findings x marks -> status, flags, gate: the rules that a reviewer relies on."""

from datetime import date

import pytest

from mlready_nb.catalogue import Area, By, Catalogue, Item, Point, Severity
from mlready_nb.checklist import Gate, Status, build
from mlready_nb.finding import Finding, Outcome, Run
from mlready_nb.marks import Mark, MarkKind

TODAY = date(2026, 11, 24)


def item(code, *, severity=Severity.MUST, points=0, area="stage-1", by=(By.KERNEL,), under=()):
    return Item(
        code=code,
        title=code,
        area=area,
        section="A section",
        severity=severity,
        why="Because.",
        by=by,
        points=tuple(Point(code=f"{code}.{n}", title=f"point {n}") for n in range(1, points + 1)),
        computed_from=under,
    )


def catalogue():
    base = (item("AAA-01", points=2), item("AAA-02", severity=Severity.SHOULD))
    final = (item("FIN-01", area="final", under=("AAA-01", "AAA-02")),)
    flags = (item("RED-01", area="red-flags", under=("AAA-01.2",), severity=Severity.BLOCKER),)
    areas = (
        Area(key="stage-1", title="Stage 1", short="One", group="stage", items=base),
        Area(key="final", title="Final", short="Final", group="final", items=final),
        Area(key="red-flags", title="Red flags", short="Flags", group="red-flags", items=flags),
    )
    return Catalogue(title="T", areas=areas, templates={}, dos=(), donts=(), reminder="")


def finding(outcome, *, items=("AAA-01",), points=None, stale=False, message="m"):
    points = {"AAA-01.1": outcome, "AAA-01.2": outcome} if points is None else points
    return Finding(outcome=outcome, message=message, check="c", items=items, points=points, stale=stale)


def mark(code, kind=MarkKind.ATTESTED, until=None):
    return code, Mark(code=code, kind=kind, note="n", until=until)


def made(*findings, marks=()):
    return build(catalogue(), run=Run(findings=findings), marks=dict(marks), today=TODAY)


SECOND = finding(Outcome.PASS, items=("AAA-02",), points={})


def test_a_tick_never_hides_a_failing_check():
    """Attested and failing is failing; only a waiver lifts it."""
    bad = finding(Outcome.FAIL)

    assert made(bad, marks=[mark("AAA-01")])["AAA-01"].status is Status.FAIL
    assert made(bad, marks=[mark("AAA-01", MarkKind.NOT_APPLICABLE)])["AAA-01"].status is Status.FAIL
    assert made(bad, marks=[mark("AAA-01", MarkKind.WAIVED, "2027-01-01")])["AAA-01"].status is Status.WAIVED


def test_an_expired_waiver_no_longer_lifts_a_failure():
    """The day after its end date the failure is back, and the line is stale."""
    entry = made(finding(Outcome.FAIL), marks=[mark("AAA-01", MarkKind.WAIVED, "2026-11-23")])["AAA-01"]

    assert entry.status is Status.FAIL
    assert entry.stale


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.WARN, Outcome.INCONCLUSIVE, Outcome.ERROR])
def test_the_outcome_shows_when_every_point_is_settled(outcome):
    """One check that settles the whole item gives it its outcome."""
    assert made(finding(outcome))["AAA-01"].status == outcome


def test_a_pass_on_one_point_is_partial():
    """What no check and no person has settled keeps the item open."""
    one = finding(Outcome.PASS, points={"AAA-01.1": Outcome.PASS})
    entry = made(one)["AAA-01"]

    assert entry.status is Status.PARTIAL
    assert entry.progress == (1, 2)
    assert not entry.done
    assert made(one, marks=[mark("AAA-01.2")])["AAA-01"].done


def test_not_run_never_counts_as_green():
    """A check that could not run leaves the item not run and the gate unknown."""
    lists = made(finding(Outcome.NOT_RUN, points={}))

    assert lists["AAA-01"].status is Status.NOT_RUN
    assert not lists["AAA-01"].done
    assert lists.gate is Gate.UNKNOWN


def test_stale_never_counts_as_green():
    """A passing finding whose subjects changed is not done."""
    assert not made(finding(Outcome.PASS, stale=True))["AAA-01"].done


def test_an_attestation_settles_what_the_data_cannot():
    """Inconclusive plus a person's word is attested."""
    assert made(finding(Outcome.INCONCLUSIVE), marks=[mark("AAA-01")])["AAA-01"].status is Status.ATTESTED


def test_the_final_list_is_computed():
    """It fails with its base items, is green with them, and names what is missing."""
    assert made(finding(Outcome.FAIL), SECOND)["FIN-01"].status is Status.FAIL
    assert made(finding(Outcome.PASS), SECOND)["FIN-01"].status is Status.PASS
    half = made(finding(Outcome.PASS))["FIN-01"]
    assert half.status is Status.PARTIAL
    assert half.because == ("AAA-02",)


def test_a_tick_on_the_final_list_cannot_contradict_its_base():
    """Attesting a computed line while its base is open changes nothing."""
    assert made(finding(Outcome.PASS), marks=[mark("FIN-01")])["FIN-01"].status is Status.PARTIAL


def test_a_red_flag_is_raised_only_by_a_failure_of_its_own_points():
    """A failure of another sub-bullet of the same item leaves the flag alone."""
    other = finding(Outcome.FAIL, points={"AAA-01.1": Outcome.FAIL})
    own = finding(Outcome.FAIL, points={"AAA-01.2": Outcome.FAIL}, message="why")

    assert made(other).red_flags[0].status == "unknown"
    assert made(own).red_flags[0].status == "raised"
    assert made(own).red_flags[0].message == "why"
    assert made(finding(Outcome.PASS)).red_flags[0].status == "clear"
    assert made(finding(Outcome.WARN)).red_flags[0].status == "clear"


def test_the_gate():
    """Not ready on a failure, ready when all is done, with waivers when one is."""
    assert made(finding(Outcome.FAIL), SECOND).gate is Gate.NOT_READY
    assert made(finding(Outcome.PASS), SECOND).gate is Gate.READY
    waived = made(finding(Outcome.FAIL), SECOND, marks=[mark("AAA-01", MarkKind.WAIVED, "2027-01-01")])
    assert waived.red_flags[0].status == "waived"
    assert waived.gate is Gate.READY_WITH_WAIVERS


def test_the_score_is_the_minimum_and_the_work_is_ordered():
    """Nothing done is 0; what fails comes first in the list of things to do."""
    lists = made(finding(Outcome.FAIL))

    assert lists.score == 0.0
    assert [e.item.code for e in lists.to_do] == ["AAA-01", "AAA-02"]
