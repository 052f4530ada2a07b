"""Models written by hand: weights that a product of rows with labels gave, and what they predict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlready_nb.leakage.cells.args import Args
from mlready_nb.leakage.cells.mixing import align
from mlready_nb.leakage.cells.values import Data, Est, Fit, Stat, Trace, Value

if TYPE_CHECKING:
    from mlready_nb.leakage.cells.machine import Machine

#: The class of such a model.
BY_HAND = "weights"


def product(m: Machine, left: Value, right: Value) -> Value:
    """`left @ right`: a prediction, a sum over rows, or `None` where it is neither."""
    match left, right:
        case Data(turned=False), Stat(learnt=Fit() as done):
            return predict(m, left, done)
        case Stat(learnt=Fit() as done), Data(turned=True):
            return predict(m, right.clone(turned=False), done)
        case Data(turned=True), Data(turned=False):
            return _summed(m, left, right)
        case Data(turned=False, form="series"), Data(turned=False, form="frame"):
            return _summed(m, right, left)
        case Data(turned=False, form="frame"), Data(turned=False, form="series"):  # a vector over the columns
            return left.each(lambda c: c, mask=None, nulls=False, form="series")
        case Stat(), Data(turned=True):  # `inv(X.T @ X) @ X.T`
            return right.clone()
        case Data(), Data() | Stat():
            return None
        case Data(turned=False), _:
            return left.each(lambda c: c, mask=None, nulls=False, form="series")
    return None


def predict(m: Machine, X: Data, done: Fit) -> Value:
    """Predictions of such weights."""
    from mlready_nb.leakage.cells.models import predicted

    done.est.fit = done
    return predicted(m, done.est, Args([X], node=m.statement_node), "predict")


def solved(m: Machine, X: Data, y: Data) -> Stat:
    """Weights that fit these labels: least squares, a polynomial."""
    align(X, y)
    return Stat(frozenset({_trace(m, X)}) | X.traces(), learnt=_fit(m, Est(BY_HAND), X, y))


def _summed(m: Machine, X: Data, other: Data) -> Stat:
    """A product summed over rows: with labels (or what is left of them) it is what a linear model learns."""
    align(X, other)
    found = frozenset({_trace(m, X)}) | X.traces()
    if other.pred is not None:  # a step along the gradient
        other.pred.est.stepwise = True
        return Stat(found, learnt=_fit(m, other.pred.est, X, other))
    if other.form == "series":
        return Stat(found, learnt=_fit(m, Est(BY_HAND), X, other))
    return Stat(found)


def _fit(m: Machine, est: Est, X: Data, y: Data) -> Fit:
    labels = y.clone(pred=None, seen=None, versus=False)
    return Fit(est, X.clone(turned=False), labels, m.site, X.name or "the data", certain=m.doubt == 0)


def _trace(m: Machine, X: Data) -> Trace:
    of = frozenset(n for n, _ in X.whole().deps)
    words = f"`{m.text(m.statement_node)}` was computed"
    return Trace("statistic", X.rows, m.site, words, of=of, op="dot", names=(X.name,) if X.name else (), sure=X.sure)
