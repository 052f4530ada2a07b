"""Rules on choices: the test set chose the model, or stopped its training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlready_nb.leakage.cells.judge import Facts, Fault, apart, folded, is_test, same_origin, split_of
from mlready_nb.leakage.cells.state import Choice, Event
from mlready_nb.leakage.cells.values import Const, Fit


def _final(facts: Facts, event: Event) -> bool:
    """True for the test set itself, not one for choosing."""
    return not facts.validates(event, event.T)


def _configurations(events: Sequence[Event]) -> int:
    """How many different settings were scored on the test set."""
    fits = {e.fit.number for e in events}
    per_site: dict[object, set[int]] = {}
    for e in events:
        per_site.setdefault((e.site.stack, e.text), set()).add(e.number)
    return max(len(fits), max((len(v) for v in per_site.values()), default=0))


def chosen_by_test(facts: Facts) -> Iterator[Fault]:
    """Several settings were scored on the test set and the best was kept."""
    by_site: dict[object, list[Choice]] = {}
    for choice in facts.m.choices:
        if facts.current(choice.site):
            by_site.setdefault(choice.site.stack, []).append(choice)
    for choices in by_site.values():
        events = list({e.number: e for c in choices for e in c.events}.values())
        events = [
            e for e in events if facts.current(e.site) and (apart(e) or e.how == "watched") and not folded(e.T.rows)
        ]
        if not events:
            continue
        curve = all(e.curve for e in events) and any(c.form == "best" for c in choices)
        watched = all(e.how == "watched" for e in events)
        if _configurations(events) < 2 and not curve and not watched:
            continue
        if not _final(facts, events[0]) or not (same_origin(events[0]) or is_test(events[0].T.name)):
            continue
        if watched and not any(e.T.rows.meets(events[0].T.rows) for e in facts.finals):
            continue
        sites = {(e.site.stack, e.text) for e in events}
        stepwise = watched or all(e.fit.est.stepwise for e in events)
        one = next(iter(sorted(events, key=lambda e: e.number)))
        site = one.site if len(sites) == 1 and not curve and not watched else choices[0].site
        kind = "early_stopping" if stepwise else "multi_test"
        words = (
            f"`{choices[0].text}` chooses by scores on {one.T.name or 'the test set'}"
            if not curve
            else f"`{choices[0].text}` chooses a threshold on {one.T.name or 'the test set'}"
        )
        yield Fault(
            kind=kind, site=site, words=words, event=one, split=split_of(facts.m, one), count=len(events),
            variables=tuple(n for n in (one.fit.est.name, one.T.name) if n), more=tuple(e.site for e in events),
        )  # fmt: skip


def tuned_by_eye(facts: Facts) -> Iterator[Fault]:
    """A loop over settings scored on the test set, and one of them taken by hand afterwards."""
    loops: dict[object, list[Event]] = {}
    for event in facts.finals:
        if event.loops:
            loops.setdefault((event.site.stack, event.loops[-1]), []).append(event)
    chosen = {e.number for c in facts.m.choices for e in c.events}
    for events in loops.values():
        first = events[0]
        if len({e.fit.number for e in events}) < 2 or first.number in chosen or not _final(facts, first):
            continue
        classes = {e.fit.est.cls for e in events}
        varied = _varied([e.fit for e in events])
        losses = [e.fit.settings.get("loss") for e in events]
        if any(isinstance(x, Const) and x.value == "quantile" for x in losses):  # the question asked, not a setting
            varied = [k for k in varied if k not in ("loss", "alpha", "quantile")]
        if len(classes) != 1 or not varied:
            continue
        for later in facts.finals:
            if later.number <= events[-1].number or later.loops or later.fit.est.cls not in classes:
                continue
            settled = [k for k in varied if isinstance(later.fit.settings.get(k), Const)]
            if settled and later.T.rows.meets(first.T.rows):
                yield Fault(
                    kind="multi_test", site=first.site, event=first, split=split_of(facts.m, first), sure=False,
                    words=f"`{settled[0]}` of {later.fit.est.cls} was tried in a loop on {first.T.name or 'the test set'} and set afterwards",
                    variables=tuple(n for n in (first.fit.est.name, first.T.name) if n), more=(later.site,),
                )  # fmt: skip
                break


def tweaked(facts: Facts) -> Iterator[Fault]:
    """One variable, fitted again and again with other settings written by hand, scored on the test set each time."""
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in facts.finals:
        if event.fit.est.name and not event.loops and len(event.site.stack) == 1:
            groups.setdefault((event.fit.est.name, event.fit.est.cls), []).append(event)
    chosen = {e.number for c in facts.m.choices for e in c.events}
    for events in groups.values():
        first, last = events[0], events[-1]
        looks = {e.fit.number: e for e in events if e.T.rows.equals(first.T.rows)}
        written = {repr(sorted((k, repr(v)) for k, v in e.fit.settings.items())) for e in looks.values()}
        plain = all(isinstance(v, Const) for e in looks.values() for v in e.fit.settings.values())
        if len(written) < 3 or not plain or first.number in chosen or not _final(facts, first):
            continue
        yield Fault(
            kind="multi_test", site=last.site, event=last, split=split_of(facts.m, first), sure=False, count=len(looks),
            words=f"`{first.fit.est.name}` was fitted with {len(written)} settings, one after the other, each scored on {first.T.name or 'the test set'}",
            variables=tuple(n for n in (first.fit.est.name, first.T.name) if n), more=tuple(e.site for e in looks.values()),
        )  # fmt: skip


def _varied(fits: Sequence[Fit]) -> list[str]:
    """Settings that differ from one turn of the loop to the next."""
    out = []
    for key in {k for f in fits for k in f.settings}:
        values = [f.settings.get(key) for f in fits]
        if any(not isinstance(v, Const) for v in values) or len({repr(v) for v in values}) > 1:
            out.append(key)
    return sorted(out)


def stopped_by_test(facts: Facts) -> Iterator[Fault]:
    """Training was stopped by the rows on which the model is scored."""
    for event in facts.scored:
        for data, site, text in event.fit.stops:
            if not facts.current(site) or not event.T.rows.meets(data.rows) or not apart(event):
                continue
            if facts.validates(event, data):
                continue
            yield Fault(
                kind="early_stopping", site=site, event=event, split=split_of(facts.m, event),
                words=f"`{text}` stops training by {data.name or 'the test set'}, on which the model is scored",
                variables=tuple(n for n in (event.fit.est.name, data.name) if n), sure=data.sure and event.T.sure,
            )  # fmt: skip
