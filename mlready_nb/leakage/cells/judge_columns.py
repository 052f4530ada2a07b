"""Rules on columns and on how the test set was drawn."""

from __future__ import annotations

from collections.abc import Iterator

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.judge import Facts, Fault, apart, label_names, split_of
from mlready_nb.leakage.cells.rows import Cut, Rows, same_sources
from mlready_nb.leakage.cells.state import Event
from mlready_nb.leakage.cells.values import ANY, Col, Data, Filter, Fit, Site


def _fits(facts: Facts) -> Iterator[tuple[Fit, Event]]:
    seen: set[int] = set()
    for event in (*facts.scored, *facts.crossed, *(e for e in facts.events if e.how == "predict" and apart(e))):
        if event.fit.number not in seen and event.fit.y is not None:
            seen.add(event.fit.number)
            yield event.fit, event


def _generated(rows: Rows) -> bool:
    return any(p.source.root().generated for p in rows.pieces)


def proxies(facts: Facts) -> Iterator[Fault]:
    """A column that was made from the label (or the label itself) is among the features."""
    for fit, event in _fits(facts):
        y, X = fit.y, fit.X
        assert y is not None
        if y.partial or not X.rows.equals(y.rows):
            continue  # which column it is, or which row's label stands beside which row, is not known
        whole = y.whole()
        lags = dict(sorted(whole.deps, key=lambda d: -d[1]))
        if whole.noisy and not lags:
            continue
        mixed = {n for n, c in y.cols.items() if _mixed(c, X.cols.get(n))}
        own = set(y.cols) - mixed if y.rest is None else set()
        for name, lag in lags.items():
            if name.startswith("@"):
                beside = X.cols.get(name)
                if (
                    beside is not None
                    and not beside.noisy
                    and beside.site is not None
                    and len(X.cols) + (X.rest is not None) > 1
                ):
                    yield Fault(
                        kind="target_proxy",
                        site=beside.site,
                        words=f"the label itself is among the features of {fit.text}",
                        event=event,
                        sure=X.sure,
                    )
                continue
            made_from = name not in own and bool(mixed or own & set(lags))
            kept = _kept(X, y, name, lag)
            drawn = {n for n in lags if n.startswith("@random")}
            if kept is not None and drawn - {n for n, _ in kept.deps}:
                continue  # simulated: the label was drawn around that column, which is what a model is to find
            if made_from and (_generated(X.rows) or whole.noisy or not _carries(kept, set(lags) - own)):
                continue
            if whole.noisy and not _tells(kept, y.cols.get(name)):
                continue  # the label was drawn around it
            if kept is not None and _same(X, y):
                words = (
                    f"`{name}`, from which the label is made, is"
                    if made_from or name not in own
                    else f"the label `{name}` itself is"
                )
                site = max((s for s in (X.site, kept.site) if s is not None), key=lambda s: s.step, default=fit.site)
                yield Fault(
                    kind="target_proxy",
                    site=site,
                    words=f"{words} among the features of {fit.text}",
                    event=event,
                    columns=(name,),
                    sure=X.sure,
                    variables=(X.name,) if X.name else (),
                )
        yield from _made_from_label(fit, event, own or set(lags) - mixed, lags)


def _mixed(label: Col, column: Col | None) -> bool:
    """True when a label that bears a column's name holds more than that column: `df["a"] + df["b"] > 0`."""
    return column is not None and {n for n, _ in label.deps} > {n for n, _ in column.deps}


def _tells(kept: Col | None, own: Col | None) -> bool:
    """True when the label hangs on nothing that the kept column does not hang on."""
    if kept is None or own is None:
        return False
    return {n for n, _ in own.deps} <= {n for n, _ in kept.deps}


def _carries(col: Col | None, behind: set[str]) -> bool:
    """True when one column tells all that the label was made from."""
    return len(behind) == 1 or (col is not None and {n for n, _ in col.deps} >= behind)


def _kept(X: Data, y: Data, name: str, lag: int) -> Col | None:
    """The label's own column, when it surely is among the features."""
    if name in X.cols and not name.startswith("#"):
        return X.cols[name] if any(n == name and k <= lag for n, k in X.cols[name].deps) else None
    if name in X.gone or ANY in X.gone or X.partial or X.base != y.base or name in X.cols:
        return None
    if X.rest is not None and X.form == "frame" and lag == 0:
        return X.rest
    return None


def _same(X: Data, y: Data) -> bool:
    # of one file, not merely put beside each other row by row
    a = {id(p.source) for p in X.rows.pieces}
    return bool(a & {id(p.source) for p in y.rows.pieces})


def _made_from_label(fit: Fit, event: Event, own: set[str], lags: dict[str, int]) -> Iterator[Fault]:
    X = fit.X
    ahead = min(0, *lags.values()) if lags else 0
    if any(c.deps and min(k for _, k in c.deps) >= 0 for c in X.cols.values()):
        ahead = 0  # some features are of today: so is the moment of the prediction
    for name, col in X.cols.items():
        if name in X.gone or col.site is None:
            continue
        said = f"the feature `{name}`" if not name.startswith(("@", "#")) else "a feature"
        found = _column_fault(X, name, col, own, lags, ahead)
        if found is not None:
            kind, how = found
            yield Fault(
                kind=kind, site=col.site, words=f"{said} {how}", event=event, columns=(name,) if said != "a feature" else (),
                sure=X.sure and not (kind == "target_proxy" and col.noisy), variables=(X.name,) if X.name else (),
            )  # fmt: skip
    if X.rest is not None and any(k < ahead for _, k in X.rest.deps):
        site = X.rest.site or X.site or fit.site
        yield Fault(kind="temporal", site=site, words="features hold values of later rows", event=event, sure=False)


def _column_fault(
    X: Data, name: str, col: Col, own: set[str], lags: dict[str, int], ahead: int
) -> tuple[str, str] | None:
    """What is wrong with one feature: it looks ahead, or it was made from the label of its own row."""
    if any(k < ahead for _, k in col.deps):
        return "temporal", "holds values of later rows"
    if name in own:
        return None
    named = [(n, k) for n, k in sorted(col.deps) if n != name and not n.startswith("@")]
    hit = [n for n, k in named if n in own and k <= lags.get(n, 0)]
    others = any(t.grouped and t.of & own for t in col.traces)  # the label's group mean without the row itself
    if hit and not others and (not col.noisy or _afterwards(X, col)):
        if col.folded:
            return "temporal", "is a window over the label, the row's own among it"
        return "target_proxy", f"is made from the label `{hit[0]}`"
    behind = {n for n in lags if n not in own}
    here = all(k == 0 for _, k in col.deps) and not any(lags.values())
    if (
        behind
        and here
        and {n for n, _ in named} == behind
        and not col.noisy
        and not col.folded
        and not _generated(X.rows)
        and name not in behind
        and own & set(lags)
    ):
        return "target_proxy", f"is made from `{min(behind)}`, as the label is"
    early = [n for n, k in named if lags.get(n, 0) < 0 and k <= lags[n]]
    if early and col.folded:
        return "temporal", f"is a window over `{early[0]}` that reaches the label"
    return None


def _afterwards(X: Data, col: Col) -> bool:
    """The column came after the data: what is drawn around the label while data are generated is the data."""
    assert col.site is not None
    if not _generated(X.rows) and all(
        p.source.label.startswith(("read_", "scan_", "load_", "fetch_")) for p in X.rows.pieces
    ):
        return True
    born = [p.source.site for p in X.rows.pieces]
    return all(s is not None and s.stack[0][0] != col.site.stack[0][0] for s in born)


def in_time(facts: Facts, rows: Rows) -> bool:
    """Something says that these rows are in time."""
    timed = {s.root() for s in (*facts.m.timed, *facts.m.dated)}
    if any(p.source.root() in timed for p in rows.pieces):
        return True
    return any(_ordered(cut.event) for cut in rows.cuts())


def _ordered(event: object) -> bool:
    if not isinstance(event, tuple) or not event:
        return False
    return (
        event[0] == "slice"
        or (event[0] == "fold" and event[1] == "TimeSeriesSplit")
        or (event[0] == "split" and "ordered" in event)
    )


def filled_ahead(facts: Facts) -> Iterator[Fault]:
    """Gaps were filled from later rows, across the split."""
    for event in facts.tested():
        for trace in event.fit.X.traces():
            if trace.kind in ("filled", "ahead") and trace.over.meets(event.T.rows) and in_time(facts, event.T.rows):
                yield Fault(
                    kind="temporal",
                    site=trace.site,
                    words=trace.words,
                    event=event,
                    split=split_of(facts.m, event),
                    sure=trace.sure,
                    columns=tuple(sorted(trace.of))[:4],
                    trace=trace,
                )


def shuffled_time(facts: Facts) -> Iterator[Fault]:
    """Rows in time, with features from earlier rows, were split at random."""
    timed = {s.root() for s in (*facts.m.timed, *facts.m.dated)}
    for site, data, shuffled in facts.m.split_data:
        if not shuffled or not any(p.source.root() in timed for p in data.rows.pieces):
            continue
        lagged = [n for n, c in data.cols.items() if c.folded or any(k > 0 for _, k in c.deps)]
        if not lagged:
            continue
        looks = [*facts.finals, *facts.held, *facts.crossed]
        event = next((e for e in looks if split_of(facts.m, e) == site or e.site == site), None) or next(
            (e for e in facts.held if e.T.rows.within(data.rows) and e.fit.X.rows.within(data.rows)), None
        )
        if event is not None:
            yield Fault(
                kind="temporal",
                site=site,
                split=site,
                words=f"rows in time (with `{lagged[0]}` from earlier rows) are split at random",
                event=event,
                columns=tuple(lagged[:4]),
                sure=False,
            )


def drawn(facts: Facts) -> Iterator[Fault]:
    """The test set was filtered, balanced or drawn by a condition."""
    for event in (*facts.finals, *facts.crossed):
        F, T = event.fit.X, event.T
        for note in T.filters:
            if note.form == "balance":
                y = event.fit.y
                known = not note.of or (y is not None and y.partial) or note.of & label_names(event.fit)
                if known and (note in F.filters or note.before.apart(F.rows)):
                    yield _drawn(facts, event, note, "class shares of the test set were changed by")
                continue
            if event.how == "cross" or note in F.filters or note.form == "duplicates" or not note.before.apart(F.rows):
                continue
            if not same_sources(note.before, F.rows) and not _files(note.before, F.rows):
                continue
            if _fair(facts, event, note):
                continue
            yield _drawn(facts, event, note, "rows of the test set alone were taken out by")
        if event.how != "cross":
            yield from _by_condition(facts, event)


def _files(a: Rows, b: Rows) -> bool:
    """Both were read from files: a training file and a test file."""
    return all(p.source.label.startswith(("read_", "scan_")) for p in (*a.pieces, *b.pieces))


def _fair(facts: Facts, event: Event, note: Filter) -> bool:
    """The same was done to the training rows, or all rows were scored too, or it only takes out rows without a label."""
    if note.shape and any(f.shape == note.shape for f in event.fit.X.filters):
        return True
    if any(e is not event and note.before.within(e.T.rows) and e.T.rows.apart(e.fit.X.rows) for e in facts.scored):
        return True
    if note.form == "dropna" and note.of and note.of <= label_names(event.fit):
        return True
    return bool(event.loops) and len(note.site.stack) >= 1 and _in_loop(facts, event, note)


def _in_loop(facts: Facts, event: Event, note: Filter) -> bool:
    """Each group of the test set is scored in turn."""
    turns = [e for e in facts.scored if e.site.stack == event.site.stack and e.fit.number == event.fit.number]
    return len(turns) > 1 and not all(note in e.T.filters for e in turns)


def _drawn(facts: Facts, event: Event, note: Filter, words: str) -> Fault:
    return Fault(
        kind="sampling_bias", site=note.site, words=f"{words} `{note.words}`", event=event, split=split_of(facts.m, event),
        columns=tuple(sorted(n for n in note.of if not n.startswith(("@", "#")))), variables=(event.T.name,) if event.T.name else (),
        sure=note.form not in ("opaque", "dropna") and event.T.sure,
    )  # fmt: skip


def _by_condition(facts: Facts, event: Event) -> Iterator[Fault]:
    mine, its = event.T.rows.cuts(), event.fit.X.rows.cuts()
    for cut in mine:
        against = [c for c in its if c.event == cut.event and c.against(cut) == "apart"]
        against += [
            c for c in its if c.form == "member" and not c.part[1] and any(cut in p.cuts for p in c.part[0].pieces)
        ]
        if not against:
            continue
        site = _site(facts, event, cut)
        if cut.form == "mask" and isinstance(cut.event, tuple) and cut.event[0] in ("nlargest", "nsmallest"):
            yield Fault(
                kind="sampling_bias",
                site=site,
                split=site,
                words=f"the test set is the rows that `{cut.event[0]}` takes, not drawn at random",
                event=event,
                sure=False,
            )
        elif cut.form == "range" and isinstance(cut.event, tuple) and cut.event[0] == "condition":
            names = sorted({n for n, _ in cut.event[1]})
            if not names or cut.random or any(n.startswith(("@", "#")) for n in names):
                continue
            op = cut.part[0]
            if all(facts.m.timelike(n) for n in names):
                if op in ("<", "<="):
                    yield Fault(
                        kind="temporal",
                        site=site,
                        split=site,
                        words=f"the test set lies before the training set in `{names[0]}`",
                        event=event,
                        columns=tuple(names),
                    )
            elif len(names) == 1 and op in ("<", "<=", ">", ">=") and not any(tables.PARTLIKE.search(n) for n in names):
                yield Fault(
                    kind="sampling_bias",
                    site=site,
                    split=site,
                    words=f"the test set was drawn by a condition on `{names[0]}`, not at random",
                    event=event,
                    columns=tuple(names),
                    sure=False,
                )
        elif cut.form == "slice" and isinstance(cut.event, tuple) and isinstance(cut.event[1], Rows):
            order = cut.event[1].order
            if order.form != "sorted" or order.by is None:
                continue
            first = all(cut.part[1].before(c.part[0]) is True for c in against if c.form == "slice")
            if order.timed:
                if first != order.descending:
                    yield Fault(
                        kind="temporal",
                        site=site,
                        split=site,
                        words=f"rows are sorted by `{order.by}`, and the test set is the earlier part",
                        event=event,
                        columns=(order.by,),
                    )
            else:
                yield Fault(
                    kind="sampling_bias",
                    site=site,
                    split=site,
                    words=f"rows are sorted by `{order.by}` and the test set is one end of them",
                    event=event,
                    columns=(order.by,),
                    sure=False,
                )


def _site(facts: Facts, event: Event, cut: Cut) -> Site:
    made = facts.m.parts.get(cut.event, {})
    if cut.part in made:
        return made[cut.part]
    if cut.form != "slice":
        for note in reversed(event.T.filters):
            if note.form not in ("dropna", "duplicates"):
                return note.site
    return split_of(facts.m, event) or event.site
