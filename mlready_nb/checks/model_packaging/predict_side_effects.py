"""Whether an answer of the model changes the model, the rows it was asked about, or its next answer."""

from __future__ import annotations

from mlready_nb.adapters import Effects
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, failed, inconclusive, passed, warned


@check("PKG-01")
def predict_side_effects(effects: Effects) -> Finding:
    """Models whose `predict` changes the model, or the rows that it is given.

    What it measures: On a copy of the model and of 80 rows: which attributes of the model each question changes
    (what only the first one sets, a cache, does not count), which columns of the rows are written into, and whether
    the same rows get the same answers when they are asked again after others.

    Why it matters: Behind a server such a model answers differently on each worker and after each restart, grows, or is
    wrong under threads; in the notebook every score depends on the cells that ran before it.

    Blind spots: What is kept outside the model's own attributes (a global, a file, a service). A model that cannot be
    copied, or whose pickle is above 50 MB, is not tried.

    How to mend: Let predict work on a copy of its input (`X = X.copy()`) and in local variables; set attributes in fit
    alone; draw random numbers from a generator that is seeded in each call.
    """
    differing, of = effects.differing
    measured = {"rows_asked": of, "rows_that_differ": differing}
    ways = []
    if effects.changed:
        ways.append(f"changes {', '.join(effects.changed)}")
    if effects.written:
        ways.append(f"writes into the rows it is given ({', '.join(effects.written)})")
    if differing:
        how = "since it changes itself" if effects.changed else "by chance"
        return failed(
            f"{differing:,} of {of:,} rows got another answer when they were asked again, {how}"
            + (f": predict {' and '.join(ways)}" if ways else ""),
            measured=measured,
            remedy=_REMEDY,
        )
    if ways:
        return warned(
            f"predict {' and '.join(ways)}; {of:,} rows asked again got the same answers. The checks ask a copy of it",
            measured=measured,
            remedy=_REMEDY,
        )
    if effects.untried:
        return inconclusive(f"not tried: {effects.untried}", measured=measured)
    return passed(
        f"{of:,} rows asked again got the same answers, and neither the model nor the rows were changed",
        measured=measured,
    )


_REMEDY = """\
def predict(self, X):
    X = X.copy()  # what is written below stays here
    ...           # set no self.<name>: attributes are learnt in fit alone"""
