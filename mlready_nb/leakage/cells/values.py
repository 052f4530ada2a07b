"""What a name can stand for, seen from outside: data, statistics, models, and what is unknown."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from mlready_nb.leakage.cells.rows import Rows, Source

Value = Any
#: among the columns that are gone: every name that is not listed
ANY = "*"
_NUMBERS = itertools.count(1)


def fresh() -> int:
    """A number that was not given before."""
    return next(_NUMBERS)


@dataclass(frozen=True, slots=True)
class Site:
    """A statement: cell, line, and the calls through which it was reached (outermost first)."""

    #: (cell, line) of every statement on the way in, the innermost last
    stack: tuple[tuple[int | None, int], ...]
    #: how many cells had run
    run: int = 0
    #: for each of them: the function was given data (the call decides), or took them from around it
    passed: tuple[bool, ...] = ()
    #: how many statements had been looked at
    step: int = field(default=0, compare=False)

    @property
    def cell(self) -> int | None:
        """The cell of the innermost statement."""
        return self.stack[-1][0]


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that was learnt from rows and went into data."""

    #: "statistic" until it is put to use, then a kind of leakage
    kind: str
    over: Rows
    site: Site
    #: "StandardScaler was fitted on X": the beginning of a message
    words: str
    #: columns whose values were aggregated
    of: frozenset[str] = frozenset()
    grouped: bool = False
    #: "min" and such, where it matters
    op: str = ""
    #: columns by which rows were grouped
    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Col:
    """What is known of one column (or of all that have no name)."""

    #: (column, lag) from whose values it was computed row by row; lag > 0 looks back, < 0 ahead
    deps: frozenset[tuple[str, int]] = frozenset()
    traces: frozenset[Trace] = frozenset()
    #: the statement that made it
    site: Site | None = None
    noisy: bool = False
    #: a window over several rows took part
    folded: bool = False

    def plus(self, other: Col) -> Col:
        """Made from both."""
        return Col(
            deps=self.deps | other.deps,
            traces=self.traces | other.traces,
            site=self.site,
            noisy=self.noisy or other.noisy,
            folded=self.folded or other.folded,
        )

    def traced(self, traces: Iterable[Trace]) -> Col:
        """With more traces."""
        return replace(self, traces=self.traces | frozenset(traces))


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows were taken out by a condition (or classes were balanced): `before` is what there was."""

    site: Site
    before: Rows
    #: "filter", "dropna", "balance"
    form: str
    words: str
    #: the statement's text with the names of the data taken out: the same on both sides is fair
    shape: str = ""
    #: columns in the condition
    of: frozenset[str] = frozenset()


@dataclass(slots=True)
class Data:
    """A frame, an array, a column, labels, predictions, positions or a mask."""

    rows: Rows
    cols: dict[str, Col] = field(default_factory=dict)
    #: the columns without a name; `None` when `cols` is all there is
    rest: Col | None = field(default_factory=Col)
    gone: frozenset[str] = frozenset()
    #: some columns may have been taken out, unknown which
    partial: bool = False
    #: "frame", "series", "index", "mask"
    form: str = "frame"
    #: the condition of a mask, as a cut, and its negation
    mask: tuple[Any, Any] | None = None
    filters: tuple[Filter, ...] = ()
    #: predictions: by which fit, of which data; `versus` when labels were put against them
    pred: Fit | None = None
    seen: Data | None = None
    versus: bool = False
    #: a test for missing values: its counts are no statistics
    nulls: bool = False
    site: Site | None = None
    name: str = ""
    sure: bool = True
    #: rows that were put twice, from where
    repeats: tuple[Any, ...] = ()
    #: one row of a frame: what is summed up is summed up over its columns
    label_only: bool = False
    #: one group of `groupby` after the other
    grouped: bool = False
    #: its rows lie across (`X.T`)
    turned: bool = False
    #: numbered anew by `reset_index`: labels of the old numbering mean other rows
    index_id: int = 0
    #: columns that hold predictions
    preds: dict[str, Data] = field(default_factory=dict)
    #: the frame that it was cut from: only its own columns can be known to be in it
    base: int = field(default_factory=fresh)

    def clone(self, **changes: Any) -> Data:
        """A copy whose columns can be changed without changing these."""
        copy = object.__new__(Data)
        for slot in _SLOTS:
            setattr(copy, slot, changes[slot] if slot in changes else getattr(self, slot))
        if "cols" not in changes:
            copy.cols = dict(self.cols)
        return copy

    def blurred(self, **changes: Any) -> Data:
        """A copy in which it is not known which of the columns are left."""
        whole = self.whole()
        rest = Col(traces=whole.traces, site=whole.site, noisy=whole.noisy)
        return self.clone(cols={}, rest=rest, partial=True, **changes)

    def column(self, name: str) -> Col:
        """What is known of this column."""
        if name in self.cols:
            return self.cols[name]
        rest = self.rest or Col()
        return replace(rest, deps=rest.deps | {(name, 0)})

    def whole(self) -> Col:
        """All columns together."""
        out = self.rest or Col()
        for col in self.cols.values():
            out = out.plus(col)
        return (
            replace(out, site=next(iter(self.cols.values())).site) if len(self.cols) == 1 and self.rest is None else out
        )

    def traces(self) -> frozenset[Trace]:
        """Everything learnt that went into any column."""
        return self.whole().traces

    def each(self, change: Callable[[Col], Col], **changes: Any) -> Data:
        """A copy with every column changed."""
        out = self.clone(**changes)
        out.cols = {k: change(v) for k, v in self.cols.items()}
        out.rest = change(self.rest) if self.rest is not None else None
        return out

    def traced(self, traces: Iterable[Trace]) -> Data:
        """A copy into which something learnt has gone."""
        found = frozenset(traces)
        return self.each(lambda c: c.traced(found)) if found else self


_SLOTS: tuple[str, ...] = tuple(f.name for f in fields(Data))


@dataclass(slots=True)
class Stat:
    """A number, a table of numbers or a choice of columns that was computed from rows."""

    traces: frozenset[Trace] = frozenset()
    #: names of its columns, where known
    names: tuple[str, ...] = ()
    #: predictions that were put against labels: events
    events: tuple[Any, ...] = ()
    #: sorted, so that the first is the best
    ranked: bool = False
    #: only the labels of its rows: the least of them is no choice
    labels: bool = False
    #: a constant it may be as well
    name: str = ""
    #: columns that went in, when they were counted one by one
    of: frozenset[str] = frozenset()
    kept: Value = None
    #: weights of a model written by hand: what they were learnt from
    learnt: Fit | None = None


@dataclass(slots=True)
class Const:
    """A literal."""

    value: Any


@dataclass(slots=True)
class Seq:
    """A list, tuple or set whose entries are known (or some of them)."""

    items: list[Value]
    #: entries unknown in number
    open: bool = False
    #: a choice that decided what is in it
    traces: frozenset[Trace] = frozenset()
    fixed: bool = False
    #: sorted by scores, so that the first is the best
    ranked: bool = False


@dataclass(slots=True)
class Map:
    """A dict."""

    items: dict[Any, Value]
    #: what other keys hold
    rest: Value = None


@dataclass(slots=True)
class Slice:
    """`slice(low, high)`, kept in a variable."""

    low: Value
    high: Value


@dataclass(slots=True)
class Length:
    """A number of rows, or a part of it."""

    bound: Any
    rows: Rows | None = None


@dataclass(slots=True)
class Lib:
    """A module, or something in it, by its dotted name."""

    path: str

    @property
    def last(self) -> str:
        """The last part of the name."""
        return self.path.rpartition(".")[2]


@dataclass(slots=True)
class Fit:
    """One fit of one estimator."""

    est: Est
    X: Data
    y: Data | None
    site: Site
    text: str
    #: learnt choices that went into the settings
    traces: frozenset[Trace] = frozenset()
    #: rows on which training was stopped or the best round kept, and the statement
    stops: tuple[tuple[Data, Site, str], ...] = ()
    number: int = field(default_factory=fresh)
    #: rows given for watching
    watched: tuple[Data, ...] = ()
    certain: bool = True
    #: the settings of the estimator and of its steps, as they were
    settings: dict[str, Value] = field(default_factory=dict)
    #: a network was called and has not learnt yet
    pending: bool = False


@dataclass(slots=True)
class Est:
    """An estimator, a pipeline, a sampler, a splitter; changed by `fit`."""

    cls: str
    path: str = ""
    steps: list[Value] = field(default_factory=list)
    params: dict[str, Value] = field(default_factory=dict)
    fit: Fit | None = None
    name: str = ""
    #: (X, y) given when it was made, for those whose `fit` takes nothing
    given: tuple[Value, Value] | None = None
    #: learnt bit by bit: `partial_fit`, `warm_start`, one epoch at a time
    stepwise: bool = False
    number: int = field(default_factory=fresh)


@dataclass(slots=True)
class Func:
    """A function defined in a cell."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Any
    cell: int | None
    bound: Value = None


@dataclass(slots=True)
class Class:
    """A class defined in a cell."""

    node: ast.ClassDef
    methods: dict[str, Func]
    bases: list[str]
    attrs: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Obj:
    """An instance of such a class, or a namespace."""

    cls: Class | None
    attrs: dict[str, Value] = field(default_factory=dict)
    fit: Fit | None = None
    number: int = field(default_factory=fresh)


@dataclass(slots=True)
class Method:
    """A method that was looked up and is not called yet."""

    owner: Value
    name: str


class Unknown:
    """Anything; becomes data (or an estimator) once it is used as such."""

    __slots__ = ("_data", "_est", "certain", "name", "number", "parts")

    def __init__(self, name: str = "") -> None:
        self.number, self.name = fresh(), name
        self._data: Data | None = None
        self._est: Est | None = None
        self.parts: dict[Any, Value] = {}

    def data(self, site: Site | None = None) -> Data:
        """The data that it is."""
        if self._data is None:
            from mlready_nb.leakage.cells.rows import Piece

            source = Source(self.name or "data", site=site)
            self._data = Data(Rows((Piece(source),)), rest=Col(), name=self.name, site=site)
        return self._data

    @property
    def is_data(self) -> bool:
        """True once it was used as data."""
        return self._data is not None

    def est(self) -> Est:
        """The estimator that it is."""
        if self._est is None:
            self._est = Est(cls="", name=self.name)
        return self._est

    @property
    def is_est(self) -> bool:
        """True once it was used as an estimator."""
        return self._est is not None
