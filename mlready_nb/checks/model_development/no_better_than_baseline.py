"""The model against a constant answer and against a simple linear model, on the same split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.checks.declare import Cost, check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Outcome, Table, failed, inconclusive, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals, regression
from mlready_nb.subjects import Budget, Task

Array = np.ndarray[Any, Any]

#: Training rows that the linear model is given at most.
ROWS = 20_000
#: Columns of the linear model's matrix beyond which it is left out.
COLUMNS = 5_000

#: Width of a gain's interval beyond which a test set tells nothing.
WIDE = 0.3
#: Test rows below which a regression's gain gets no interval.
FEW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """How much better the model is than something, by one metric."""

    metric: str
    model: float
    other: float
    low: float
    high: float

    @property
    def estimate(self) -> Estimate:
        """Model minus baseline, with its interval."""
        return Estimate(value=self.model - self.other, low=self.low, high=self.high, method="bootstrap")


@check("DEV-01.1", "DEV-01.2", cost=Cost.MODERATE, tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
def no_better_than_baseline(
    predictor: Predictor,
    X_train: Any,
    y_train: Any,
    X_test: Any,
    y_test: Any,
    y_pred: Any,
    budget: Budget,
    y_proba: Any = None,
    *,
    equivalent: float = 0.05,
    linear_margin: float = 0.01,
) -> Finding:
    """Gain over a constant answer and over a simple linear model, by the paired bootstrap.

    What it measures: For classes, balanced accuracy and ROC-AUC (macro, one against the rest) against a constant
    answer, which has 1/k and 0.5 whatever the class shares; for numbers, squared error against the mean and absolute
    error against the median of the training set. Then the same against a logistic or ridge regression trained on the
    same rows. Better by either metric, interval and all, is better. It fails when the gain is surely below
    `equivalent` by both, warns when what was measured is below it, and stays undecided when the interval holds both.

    Why it matters: A model that a constant answer equals costs latency and trust and gives nothing (Breck et al.
    2017, ML Test Score: a simpler model is not better).

    Blind spots: The baselines use plain columns only; free text is left out of the linear model. A rule that an expert
    would write may be better than both.

    How to mend: Look whether the labels and rows still belong together (a shuffled index is the usual cause), whether
    features carry anything at all, and whether training and test are in the same units.
    """
    matching(y_test, y_pred)
    regresses = predictor.task is Task.REGRESSION
    trivial = (
        _against_mean(y_train, y_test, y_pred) if regresses else _against_constant(predictor, y_test, y_pred, y_proba)
    )
    if not trivial:
        return inconclusive(
            f"{len(y_test):,} test rows, too few or all of one class or value: no baseline can be told apart"
        )
    budget.check()
    linear, sampled, why_not = _against_linear(predictor, X_train, y_train, X_test, y_test, y_pred, y_proba, budget)

    rows = [("constant answer", g.metric, g.model, g.other, g.estimate) for g in trivial]
    rows += [("linear model", g.metric, g.model, g.other, g.estimate) for g in linear]
    columns = ("baseline", "metric", "model", "baseline's", "gain")
    tables = (Table(title="The model against baselines", columns=columns, rows=tuple(rows)),)
    measured = {f"{g.metric}_over_constant": g.estimate for g in trivial} | {
        f"{g.metric}_over_linear": g.estimate for g in linear
    }
    rest: dict[str, Any] = {"measured": measured, "tables": tables, "sampled": sampled}
    best = max(trivial, key=lambda g: g.low)
    said = f"{best.metric} {best.model:.3f} against {best.other:.3f} of a constant answer (gain {best.estimate})"
    points = {"DEV-01.1": Outcome.PASS if linear else Outcome.INCONCLUSIVE}

    if best.low <= 0:
        gain = max(g.model - g.other for g in trivial)
        worse = all(g.high < equivalent for g in trivial) or (gain <= 0 and _constant(y_pred, y_proba))
        if not worse and (gain >= equivalent or best.high - best.low > WIDE):
            return inconclusive(
                f"{said}: {len(y_test):,} test rows cannot tell it from the baseline", points=points, **rest
            )
        return (failed if worse else warned)(
            f"{'no better' if worse else 'not shown to be better'} than a constant answer: {said}",
            remedy="See first that X and y still belong together row by row, then whether the features carry anything.",
            points={**points, "DEV-01.2": Outcome.FAIL if worse else Outcome.WARN},
            **rest,
        )
    behind = [g for g in linear if g.high < -linear_margin]
    if linear and len(behind) == len(linear):
        g = behind[0]
        return warned(
            f"{said}, but a plain linear model on the same rows does better: {g.metric} {g.other:.3f} against {g.model:.3f}",
            remedy="Take the linear model, or find what keeps this one from reaching it (too little training, wrong columns, overfitting).",
            points={"DEV-01.1": Outcome.WARN, "DEV-01.2": Outcome.PASS},
            **rest,
        )
    tail = (
        f"; a plain linear model reaches {linear[0].metric} {linear[0].other:.3f}"
        if linear
        else f"; no linear model: {why_not}"
    )
    return passed(said + tail, points={**points, "DEV-01.2": Outcome.PASS}, **rest)


def _constant(y_pred: Array, y_proba: Array | None) -> bool:
    """True for a model that gives one and the same answer."""
    same = bool((y_pred == y_pred[0]).all())
    return same and (y_proba is None or float(np.ptp(y_proba, axis=0).max()) < 1e-9)


def _against_constant(predictor: Predictor, y_test: Array, y_pred: Array, y_proba: Array | None) -> list[Gain]:
    classes = c.classes_of(y_test, y_pred, known=predictor.class_names)
    true, predicted, k = c.encode(y_test, classes), c.encode(y_pred, classes), len(classes)
    counts = c.confusion(true, predicted, k)
    present = int((counts.sum(axis=1) > 0).sum())
    if present < 2:
        return []
    value = float(c.balanced_accuracy(counts))
    z = intervals.quantile(1 if y_proba is None else 2)  # better by either metric is better
    low, high = intervals.mean_of_shares(np.diagonal(counts), counts.sum(axis=1), z)
    gains = [
        Gain(metric="balanced_accuracy", model=value, other=1 / present, low=low - 1 / present, high=high - 1 / present)
    ]
    if y_proba is not None and y_proba.shape[1] == k:
        if k == 2:
            area, low, high = intervals.delong(true == 1, y_proba[:, 1], z)
        else:
            area = c.macro_auc(true, y_proba)
            low, high = intervals.bootstrap(c.macro_auc, true, y_proba, strata=true)
        gains.append(Gain(metric="roc_auc", model=area, other=0.5, low=low - 0.5, high=high - 0.5))
    return [g for g in gains if np.isfinite([g.model, g.low, g.high]).all()]


def _against_mean(y_train: Array, y_test: Array, y_pred: Array) -> list[Gain]:
    y_train, y_test, y_pred = (np.asarray(a, dtype=float) for a in (y_train, y_test, y_pred))
    if len(y_test) < FEW or float(np.ptp(y_test)) == 0:
        return []
    gains = []
    for metric, power, constant in (("r2", 2, y_train.mean()), ("mae", 1, np.median(y_train))):
        ours, theirs = np.abs(y_test - y_pred) ** power, np.abs(y_test - constant) ** power
        whole = float(theirs.mean())

        def gain(a: Array, b: Array) -> float:
            return 1 - float(a.mean()) / float(b.mean())

        low, high = intervals.bootstrap(gain, ours, theirs)
        name = "share of squared error saved" if metric == "r2" else "share of absolute error saved"
        gains.append(Gain(metric=name, model=1 - float(ours.mean()) / whole, other=0.0, low=low, high=high))
    return gains


def _against_linear(
    predictor: Predictor,
    X_train: Any,
    y_train: Array,
    X_test: Any,
    y_test: Array,
    y_pred: Array,
    y_proba: Array | None,
    budget: Budget,
) -> tuple[list[Gain], tuple[int, int] | None, str]:
    """Gains over a linear model on the same rows; empty, with the reason, where none can be made."""
    import warnings

    n = len(y_train)
    if n != frames.n_rows(X_train) or len(y_test) != frames.n_rows(X_test):
        return [], None, "rows and labels differ in number"
    rows = np.random.default_rng(0).choice(n, min(n, ROWS), replace=False) if n > ROWS else np.arange(n)
    sampled = (ROWS, n) if n > ROWS else None
    try:
        train, test, names = frames.numeric_matrix(frames.take(X_train, rows) if sampled else X_train, X_test)
    except Exception as error:  # a frame of nested objects: the constant answer has to do
        return [], None, f"the columns cannot be put into a matrix ({type(error).__name__})"
    if not names or len(names) > COLUMNS * (20 if frames.is_sparse(X_train) else 1):
        return [], None, "no plain columns" if not names else f"{len(names):,} columns are too many"
    labels = y_train[rows]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if predictor.task is Task.REGRESSION:
            return _linear_regression(train, labels, test, y_test, y_pred), sampled, ""
        if len(np.unique(labels.astype(str))) < 2:
            return [], None, "one class only in training"
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(max_iter=200 if budget.left > 2 else 50).fit(train, labels.astype(str))
    budget.check()
    classes = c.classes_of(y_test, y_pred, known=predictor.class_names)
    by_name = {str(k): i for i, k in enumerate(classes)}
    k, true, ours = len(classes), c.encode(y_test, classes), c.encode(y_pred, classes)
    theirs = np.array([by_name.get(v, -1) for v in model.predict(test)])

    def recall_gain(t: Array, a: Array, b: Array) -> float:
        return float(c.balanced_accuracy(c.confusion(t, a, k)) - c.balanced_accuracy(c.confusion(t, b, k)))

    one, two = (float(c.balanced_accuracy(c.confusion(true, p, k))) for p in (ours, theirs))
    low, high = intervals.bootstrap(recall_gain, true, ours, theirs)
    gains = [Gain(metric="balanced_accuracy", model=one, other=two, low=low, high=high)]
    if y_proba is not None and y_proba.shape[1] == k:
        scores = np.zeros((len(y_test), k))
        for j, name in enumerate(model.classes_):
            if name in by_name:
                scores[:, by_name[name]] = model.predict_proba(test)[:, j]

        def area(t: Array, p: Array) -> float:
            return c.auc(t == 1, p[:, 1]) if k == 2 else c.macro_auc(t, p)

        low, high = intervals.bootstrap(lambda t, a, b: area(t, a) - area(t, b), true, y_proba, scores, strata=true)
        gains.insert(0, Gain(metric="roc_auc", model=area(true, y_proba), other=area(true, scores), low=low, high=high))
    return [g for g in gains if np.isfinite([g.model, g.other, g.low, g.high]).all()], sampled, ""


def _linear_regression(train: Any, labels: Array, test: Any, y_test: Array, y_pred: Array) -> list[Gain]:
    from sklearn.linear_model import Ridge

    y_test, y_pred = np.asarray(y_test, dtype=float), np.asarray(y_pred, dtype=float)
    theirs = np.asarray(Ridge(alpha=1.0).fit(train, labels.astype(float)).predict(test), dtype=float)

    def gain(t: Array, a: Array, b: Array) -> float:
        return regression.r2(t, a) - regression.r2(t, b)

    low, high = intervals.bootstrap(gain, y_test, y_pred, theirs)
    return [
        Gain(metric="r2", model=regression.r2(y_test, y_pred), other=regression.r2(y_test, theirs), low=low, high=high)
    ]
