"""Cross-validations that the cells hold: of which data, by which splitter, and whether it minds groups or time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlready_nb.leakage.cells import tables
from mlready_nb.leakage.cells.args import Args
from mlready_nb.leakage.cells.values import Const, Data, Est, Site, Value

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

#: Splitters that part the rows by chance or by position, whatever entity or time they belong to.
BLIND = frozenset(
    [
        "KFold",
        "StratifiedKFold",
        "RepeatedKFold",
        "RepeatedStratifiedKFold",
        "ShuffleSplit",
        "StratifiedShuffleSplit",
        "LeaveOneOut",
        "LeavePOut",
        "MultilabelStratifiedKFold",
    ]
)
_PLAIN = ("KFold", "StratifiedKFold")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folding:
    """One call that cuts folds."""

    site: Site
    #: the call as it stands
    text: str
    #: expressions that may hold the rows, surest first; those for the labels
    X: tuple[str, ...]
    y: tuple[str, ...]
    #: class of the splitter; "" for a plain number of folds
    splitter: str
    folds: int
    shuffled: bool

    @property
    def blind(self) -> bool:
        """It minds neither groups nor time."""
        return self.splitter in BLIND or not self.splitter


def note(m: Machine, args: Args, at: int, cv: Value) -> None:
    """Remember this call: X is its argument number `at`, y the next."""
    X, y = args.get(at, "X"), args.get(at + 1, "y")
    if cv is not None and not isinstance(cv, (Const, Est)):
        return  # a splitter of the user's own
    if isinstance(cv, Est) and cv.cls not in tables.SPLITTERS:
        return
    cls = cv.cls if isinstance(cv, Est) else ""
    count = _number(cv.params.get("n_splits")) if isinstance(cv, Est) else cv.value if isinstance(cv, Const) else None
    shuffle = cv.params.get("shuffle") if isinstance(cv, Est) else None
    m.foldings.append(
        Folding(
            site=m.site,
            text=m.text(args.node),
            X=_expressions(m, X, m.text(args.node_of(at, "X"))),
            y=_expressions(m, y, m.text(args.node_of(at + 1, "y"))),
            splitter=cls,
            folds=count if isinstance(count, int) and not isinstance(count, bool) and count > 1 else 5,
            shuffled=(isinstance(shuffle, Const) and shuffle.value is True) or (bool(cls) and cls not in _PLAIN),
        )
    )


def _number(value: Value) -> object:
    return value.value if isinstance(value, Const) else None


def _expressions(m: Machine, value: Value, text: str) -> tuple[str, ...]:
    """Its text, its own name, and (in a function) global names of the same rows and columns."""
    found = [text] if text else []
    if isinstance(value, Data):
        found += [value.name] if value.name else []
        found += [
            n
            for n, other in m.base.names.items()
            if isinstance(other, Data) and other.form == value.form and other.rows.equals(value.rows)
            and (not value.cols or set(other.cols) == set(value.cols))
        ]  # fmt: skip
    return tuple(dict.fromkeys(found))
