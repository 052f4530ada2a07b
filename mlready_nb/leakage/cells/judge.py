"""From what happened to what was wrong: each rule looks at events and says where the guilty statement is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.machine import Machine
from mlready_nb.leakage.cells.rows import Cut, Rows, same_sources
from mlready_nb.leakage.cells.state import Event
from mlready_nb.leakage.cells.values import Data, Fit, Site, Trace
from mlready_nb.leakage.cells.weights import BY_HAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One guilty statement, before it is put into words."""

    kind: str
    site: Site
    #: the beginning of the sentence
    words: str
    event: Event | None = None
    split: Site | None = None
    variables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sure: bool = True
    minor: bool = False
    trace: Trace | None = None
    count: int = 0
    more: tuple[Site, ...] = field(default=())


class Facts:
    """Events of the latest run of each cell, with what the rules ask of them."""

    def __init__(self, m: Machine) -> None:
        self.m = m
        last: dict[int | None, int] = {}
        for event_site in self._sites():
            cell = event_site.stack[0][0]
            last[cell] = max(last.get(cell, 0), event_site.run)
        self._last = {c: max(r, m.runs.get(c, r)) for c, r in last.items()}
        self.events = [e for e in m.events if self.current(e.site)]

    def _sites(self) -> Iterator[Site]:
        for event in self.m.events:
            yield event.site

    def current(self, site: Site) -> bool:
        """False for what an earlier run of a cell did that ran again since."""
        cell = site.stack[0][0]
        return cell is None or site.run == self._last.get(cell, site.run)

    @cached_property
    def scored(self) -> list[Event]:
        """Events with a score."""
        return [e for e in self.events if e.how in ("metric", "score")]

    @cached_property
    def held(self) -> list[Event]:
        """Scores on rows that the model was not fitted on."""
        return [e for e in self.scored if apart(e)]

    @cached_property
    def finals(self) -> list[Event]:
        """Held-out scores outside of cross-validation."""
        return [e for e in self.held if not folded(e.T.rows)]

    @cached_property
    def crossed(self) -> list[Event]:
        """Cross-validations."""
        return [e for e in self.events if e.how == "cross"]

    def honest(self, trace: Trace, T: Rows) -> bool:
        """These rows only validate: the rows of the final test had no part in what was learnt."""
        return any(e.T.rows.apart(trace.over) and e.T.rows.apart(T) and same_origin(e) for e in self.finals)

    def validates(self, event: Event, T: Data) -> bool:
        """The set is for choosing, another one for the test: it was scored, or it lies ready and the names say so."""
        if _VALIDATION.search(T.name) and not _TEST.search(T.name):
            return True
        named = is_test(T.name)
        if any(
            e.T.rows.apart(T.rows) and same_origin(e) and not (named and _VALIDATION.search(e.T.name))
            for e in self.finals
        ):
            return True
        return not _TEST.search(T.name) and any(
            rows.apart(T.rows) and rows.apart(event.fit.X.rows) and same_sources(rows, T.rows) for rows in self._parts
        )

    @cached_property
    def _parts(self) -> list[Rows]:
        found = [p for _, _, _, parts, form in self.m.splits if form in ("shuffled", "ordered") for p in parts]
        return found + [v.rows for v in self.m.base.names.values() if isinstance(v, Data)]

    def sets_aside(self, rows: Rows) -> bool:
        """Rows of the same source lie ready that are apart from these."""
        return any(other.apart(rows) and same_sources(other, rows) for other in self._parts)

    def tested(self) -> Iterator[Event]:
        """Every look at data that tells how good a model is: held-out scores and predictions, cross-validations."""
        yield from self.held
        for event in self.events:
            if event.how == "predict" and apart(event) and same_origin(event):
                yield event
        for event in self.crossed:
            if not any(other.T.rows.apart(event.T.rows) for other in self.finals):
                yield event


_VALIDATION = re.compile(r"(^|[_\W\d]|[Xxy])(val|valid|validation|dev|eval|cv|tune|calib)", re.IGNORECASE)
_TEST = re.compile(r"(^|[_\W\d]|[Xxyd])(test|tst|te|hold|holdout)(?![a-z])", re.IGNORECASE)


def is_test(name: str) -> bool:
    """The name says that this is a test set."""
    return bool(_TEST.search(name))


def apart(event: Event) -> bool:
    """The model was surely not fitted on any of these rows."""
    return event.T.rows.apart(event.fit.X.rows)


def same_origin(event: Event) -> bool:
    """Train and test come from one source."""
    mine = {p.source.root() for p in event.T.rows.pieces}
    return bool(mine & {p.source.root() for p in event.fit.X.rows.pieces})


def folded(rows: Rows) -> bool:
    """Rows of a fold of cross-validation."""
    return any(isinstance(c.event, tuple) and c.event and c.event[0] == "fold" for c in rows.cuts())


def grouped_by(rows: Rows) -> frozenset[str]:
    """Columns by which a group splitter kept rows together."""
    found = [
        c.event[3]
        for c in rows.cuts()
        if isinstance(c.event, tuple) and len(c.event) == 4 and c.event[0] in ("fold", "drawn")
    ]
    return frozenset().union(*found) if found else frozenset()


def label_names(fit: Fit) -> frozenset[str]:
    """Names under which the label is known."""
    if fit.y is None:
        return frozenset()
    whole, own = fit.y.whole(), frozenset(fit.y.cols)
    behind = frozenset(n for n, _ in whole.deps) - own
    return own | behind if len(behind) == 1 and not whole.noisy else own


def split_of(m: Machine, event: Event) -> Site | None:
    """Where the rows of this test set were cut from those of the training set."""
    for site, _text, _over, parts, _form in reversed(m.splits):
        if site.step > event.site.step:
            continue
        if any(event.T.rows.within(p) for p in parts) and (
            event.how == "cross" or any(event.fit.X.rows.within(p) or not event.fit.X.rows.apart(p) for p in parts)
        ):
            return site
    made = [m.parts[c.event] for c in event.T.rows.cuts() if m.parts.get(c.event)]
    if made:
        return max((site for parts in made for site in parts.values()), key=lambda s: s.step)
    return event.T.site if event.T.site is not None else None


def resolve(trace: Trace, fit: Fit) -> str | None:
    """The kind of a trace, now that the label is known."""
    if trace.kind in ("statistic", "ahead", "filled", "repeats"):
        return None
    if trace.kind == "tuned":
        return "multi_test"
    if trace.grouped and trace.kind == "preprocessing" and trace.of & label_names(fit):
        return "target_encoding"
    return trace.kind


def _in_order(trace: Trace) -> tuple[int, str]:
    return trace.site.step, trace.words


def learnt_from_test(facts: Facts) -> Iterator[Fault]:
    """Statistics over rows of the test set went into the data that the model was fitted on (or is tested on)."""
    for event in facts.tested():
        fit, T = event.fit, event.T
        cross = event.how == "cross"
        found = fit.X.traces() | fit.traces
        for trace in sorted(found, key=_in_order):
            kind = resolve(trace, fit)
            if kind is None or not trace.over.meets(T.rows) or facts.honest(trace, T.rows):
                continue
            if trace.grouped and trace.keys and grouped_by(T.rows) & set(trace.keys):
                continue  # groups stay whole: their statistics do not cross the split
            if (
                trace.of
                and not trace.grouped
                and trace.of <= label_names(fit)
                and kind in ("preprocessing", "imputation")
            ):
                continue  # the share of a class: says nothing of single rows
            yield _fault(facts, kind, trace, event, minor=cross and kind in ("preprocessing", "imputation"))
        if cross:
            continue
        for trace in sorted(T.traces() - found, key=_in_order):
            kind = resolve(trace, fit)
            if kind is not None and trace.over.meets(T.rows) and trace.over.apart(fit.X.rows):
                yield _fault(facts, kind, trace, event, own=True)


def _fault(facts: Facts, kind: str, trace: Trace, event: Event, *, minor: bool = False, own: bool = False) -> Fault:
    sure = trace.sure and event.fit.X.sure and event.T.sure
    words = trace.words + (" (rows of the test set alone)" if own else "")
    return Fault(
        kind=kind, site=trace.site, words=words, event=event, split=split_of(facts.m, event) if event.how != "cross" else None,
        variables=trace.names, columns=tuple(sorted(n for n in trace.of if not n.startswith(("@", "#"))))[:6], sure=sure, minor=minor, trace=trace,
    )  # fmt: skip


def repeated(facts: Facts) -> Iterator[Fault]:
    """Rows were repeated (or new ones made from them) before the split."""
    for event in facts.tested():
        for note in event.fit.X.repeats:
            if grouped_by(event.T.rows):
                break  # repeats of one group stay on one side
            if note.over.meets(event.T.rows):
                kind = "duplicates" if not note.op else "oversampling"
                yield _fault(facts, kind, note, event)
        if event.how == "cross":
            continue
        for note in event.T.repeats:
            if note not in event.fit.X.repeats and note.over.apart(event.fit.X.rows) and note.over.meets(event.T.rows):
                yield _fault(facts, "sampling_bias", note, event)


def overlaps(facts: Facts) -> Iterator[Fault]:
    """The test set is part of the training set."""
    m = facts.m
    for event in facts.scored:
        F, T = event.fit.X.rows, event.T.rows
        if T.apart(F) or not (F.pieces and T.pieces) or event.fit.y is None:
            continue
        if T.equals(F):
            if any(T.within(parts[1]) for _, _, _, parts, _ in m.splits) and not _train_part(m, T) and not folded(T):
                yield _overlap(facts, event, event.fit.site, "was fitted on the test set itself")
            continue
        if not event.fit.X.sure or not event.T.sure:
            continue
        if T.within(F):
            proper = _test_part(m, T)
            others = [e for e in facts.held if e.fit.number == event.fit.number]
            if proper:
                yield _overlap(
                    facts,
                    event,
                    event.fit.site,
                    f"was fitted on {event.fit.text}, which holds the rows of the test set",
                )
            elif not others and not any(e.fit.est.number == event.fit.est.number for e in facts.held):
                site = _made(m, T, event)
                if not F.cuts() and site.step < event.fit.site.step:
                    site = event.fit.site  # fitted on everything, the test rows among it
                yield _overlap(facts, event, site, "is tested on rows that it was fitted on")
        elif F.within(T):
            if not facts.held and not facts.crossed:
                yield _overlap(
                    facts, event, event.site, f"is scored on all rows, those of {event.fit.text} among them", sure=False
                )
        elif T.meets(F) and (_test_part(m, T) or not any(e.fit.number == event.fit.number for e in facts.held)):
            site = event.fit.X.site if len(F.pieces) > 1 and event.fit.X.site is not None else _made(m, T, event)
            yield _overlap(facts, event, site, "is tested on rows some of which it was fitted on")


def _test_part(m: Machine, T: Rows) -> bool:
    """One part of a division whose other part was made too."""
    for _site, _text, _over, parts, _form in m.splits:
        if T.pieces and T.within(parts[-1]):
            return True
    return any(_divided(m, cut) for cut in T.cuts())


def _train_part(m: Machine, T: Rows) -> bool:
    return any(T.within(parts[0]) for _s, _t, _o, parts, _f in m.splits)


def _divided(m: Machine, cut: Cut) -> bool:
    """Another part of the same division, apart from this one, was fitted on or made somewhere."""
    if cut.form == "member":
        return not cut.part[1]
    made = m.parts.get(cut.event, {})
    if cut.form == "slice":
        return any(Cut(cut.event, "slice", other).against(cut) == "apart" for other in made)
    for fit in m.fits:
        for other in fit.X.rows.cuts():
            if other.event == cut.event and other.against(cut) == "apart":
                return True
            if other.form == "member" and not other.part[1] and any(cut in p.cuts for p in other.part[0].pieces):
                return True
    return False


def _made(m: Machine, T: Rows, event: Event) -> Site:
    """The statement that made the sharing parts: the latest cut of the test rows, or a later one of the training rows."""
    mine, its = T.cuts() - event.fit.X.rows.cuts(), event.fit.X.rows.cuts() - T.cuts()
    sites = [m.parts[c.event][c.part] for c in mine if c.part in m.parts.get(c.event, {})]
    if sites:
        sites += [m.parts[c.event][c.part] for c in its if c.form != "mask" and c.part in m.parts.get(c.event, {})]
        return max(sites, key=lambda s: s.step)
    if event.T.filters:
        return event.T.filters[-1].site
    return event.T.site or event.fit.site


def _overlap(facts: Facts, event: Event, site: Site, words: str, *, sure: bool = True) -> Fault:
    name = event.fit.est.name or event.fit.est.cls or "the model"
    return Fault(
        kind="overlap", site=site, words=f"`{name}` {words}", event=event, split=split_of(facts.m, event),
        variables=tuple(n for n in (event.fit.est.name, event.fit.X.name, event.T.name) if n), sure=sure,
    )  # fmt: skip


def untested(facts: Facts) -> Iterator[Fault]:
    """Scored only on what it was fitted on."""
    # a search that chose by cross-validation and whose score nobody read has told nothing
    crossed = [e for e in facts.crossed if e.fit.est.cls not in tables.SEARCHES or e.fit.est.number in facts.m.read]
    if facts.held or crossed or facts.m.unresolved:
        return
    if any(e.how == "predict" and apart(e) and same_origin(e) for e in facts.events):
        return
    own: list[Event] = []
    for event in facts.scored:
        fit = event.fit
        options = {**fit.est.params}
        if (
            fit.watched
            or fit.y is None
            or any(k in options for k in ("validation_split", "oob_score", "validation_fraction"))
        ):
            return
        if fit.est.cls == BY_HAND and facts.sets_aside(fit.X.rows):
            return  # how these are scored may not have been understood
        if fit.est.cls == "KMeans" or (fit.est.cls in tables.GIVEN and event.how != "metric"):
            return  # a description of the rows; a metric over its predictions tells how good it is
        if not event.T.sure or not fit.X.sure:
            return
        if event.T.rows.within(fit.X.rows) and (event.T.rows.equals(fit.X.rows)):
            own.append(event)
        else:
            return
    if own:
        event = own[0]
        yield Fault(
            kind="no_test_set", site=event.site, event=event, sure=event.T.sure and event.fit.X.sure,
            words=f"`{event.fit.est.name or event.fit.est.cls or 'the model'}` is scored only on {event.fit.text}, the rows that it was fitted on",
            variables=tuple(n for n in (event.fit.est.name, event.fit.X.name) if n),
        )  # fmt: skip
