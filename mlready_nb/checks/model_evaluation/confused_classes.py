"""Classes that the model takes for one other class."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb.checks.declare import check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Table, failed, inconclusive, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals
from mlready_nb.subjects import Task

#: Pairs that are listed.
SHOWN = 20


@check("EVA-01.2", "EVA-04.2", tasks=(Task.MULTICLASS,))
def confused_classes(y_test: Any, y_pred: Any, class_names: Any = None, *, min_share: float = 0.3) -> Finding:
    """Pairs of classes of which one takes most of the other's rows.

    What it measures: For each pair, which share of the rows of one class the model gives to the other, with Wilson's
    interval. It warns when another class surely takes more rows than the class keeps for itself (the interval of its
    share of the two lies above one half, widened for the number of classes) and at least `min_share` of all. When two
    classes take each other's rows it fails: that is what a swapped label looks like.

    Why it matters: Errors that go one way have one cause: two labels mixed up, a class that was split late, a feature
    that tells two classes apart and is missing.

    Blind spots: Errors that are spread over many classes show in weak-class. Classes that an expert would not tell
    apart either are found as well.

    How to mend: Look at rows of the pair with an expert; check the order in which labels were encoded; add what tells
    the two apart, or merge them.
    """
    matching(y_test, y_pred)
    classes = c.classes_of(y_test, y_pred, known=class_names)
    k, names = len(classes), [str(name) for name in classes]
    counts = c.confusion(c.encode(y_test, classes), c.encode(y_pred, classes), k)
    support = counts.sum(axis=1)
    if int((support > 0).sum()) < 2:
        return inconclusive(f"all {len(y_test):,} test rows are of one class: there is nothing to be taken for it")
    off = counts.copy()
    np.fill_diagonal(off, 0)
    pairs = [
        (i, j) for i, j in (divmod(int(p), k) for p in np.argsort(-off, axis=None, kind="stable")[:SHOWN]) if off[i, j]
    ]
    rows = tuple((names[i], names[j], _share(off[i, j], support[i]), int(off[i, j])) for i, j in pairs)
    table = Table(title="Commonest confusions", columns=("true", "taken for", "share of the class", "rows"), rows=rows)
    z = intervals.quantile(int((support > 0).sum()))
    taken = []
    for i in np.flatnonzero(support).tolist():
        j = int(np.argmax(off[i]))
        rival, own = int(off[i, j]), int(counts[i, i])
        if rival >= min_share * support[i] and intervals.wilson(rival, rival + own, z)[0] > 0.5:
            taken.append((i, j))
    rest: dict[str, Any] = {"measured": {"classes": k, "pairs": len(taken)}, "tables": (table,) if rows else ()}
    if not taken:
        worst = max(pairs, key=lambda p: off[p] / support[p[0]], default=None)
        said = "no row is taken for another class" if worst is None else (
            f"no class loses most of its rows to another: {names[worst[0]]!r} loses {_share(off[worst], support[worst[0]])} to {names[worst[1]]!r}"
        )  # fmt: skip
        return passed(f"{said} ({len(y_test):,} test rows)", **rest)
    swapped = [(i, j) for i, j in taken if (j, i) in taken]
    i, j = (swapped or taken)[0]
    said = (
        f"{names[i]!r} is taken for {names[j]!r}: {_share(off[i, j], support[i])} of its {int(support[i]):,} test rows"
    )
    if swapped:
        return failed(
            f"{said}, and the other way round ({_share(off[j, i], support[j])}): the two labels look swapped",
            remedy="Compare the encoding of y_train with that of y_test: the order of model.classes_ and of any LabelEncoder.",
            **rest,
        )
    more = f" ({len(taken) - 1} more such classes)" if len(taken) > 1 else ""
    return warned(
        f"{said}, while it keeps {_share(counts[i, i], support[i])}{more}",
        remedy=f"Look at training rows of {names[i]!r} and {names[j]!r} side by side: mixed-up labels, a missing feature, or one class.",
        **rest,
    )


def _share(hits: Any, n: Any) -> Estimate:
    low, high = intervals.wilson(float(hits), float(n))
    return Estimate(value=float(hits) / float(n), low=low, high=high, n=int(n), method="wilson")
