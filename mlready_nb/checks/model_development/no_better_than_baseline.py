"""The model against a constant answer, a linear model and a small tree on the same split; against the last value in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.checks.declare import Cost, check
from mlready_nb.derived import matching
from mlready_nb.finding import Estimate, Finding, Outcome, Table, failed, inconclusive, not_applicable, passed, warned
from mlready_nb.metrics import classification as c
from mlready_nb.metrics import intervals, regression
from mlready_nb.subjects import Budget, Task

Array = np.ndarray[Any, Any]

#: Training rows that the linear model is given at most.
ROWS = 20_000
#: Test rows on which the simple models are compared, at most.
TEST_ROWS = 50_000
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


@check(
    "DEV-01.1",
    "DEV-01.2",
    "BUS-01.3",
    "BUS-02.3",
    cost=Cost.MODERATE,
    tasks=(Task.BINARY, Task.MULTICLASS, Task.REGRESSION),
)
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
    linear_margin: float = 0.02,
) -> list[Finding]:
    """Gain over a constant answer, a linear model and a small tree, by the paired bootstrap.

    What it measures: For classes, balanced accuracy and ROC-AUC (macro, one against the rest) against a constant
    answer, which has 1/k and 0.5 whatever the class shares; for numbers, squared error against the mean and absolute
    error against the median of the training set. Then the same against a logistic or ridge regression and a tree of depth
    four trained on the same rows; where rows follow each other in time, a regression is held against the last value too.
    Better by either metric, interval and all, is better. It fails when the gain is surely below
    `equivalent` by both, warns when what was measured is below it, and stays undecided when the interval holds both.

    Why it matters: A model that a constant answer equals costs latency and trust and gives nothing (Breck et al.
    2017, ML Test Score: a simpler model is not better).

    Blind spots: The baselines use plain columns only; free text is left out of the linear model. A rule that an expert
    would write may be better than both.

    How to mend: Look whether the labels and rows still belong together (a shuffled index is the usual cause), whether
    features carry anything at all, and whether training and test are in the same units.
    """
    matching(y_test, y_pred)
    level = _quantile(predictor.raw)
    if level is not None:
        return [not_applicable(f"the model answers with the quantile at {level:g}: it is not meant to hit the middle")]
    found = _compared(
        predictor,
        X_train,
        y_train,
        X_test,
        y_test,
        y_pred,
        budget,
        y_proba,
        equivalent=equivalent,
        linear_margin=linear_margin,
    )
    judged = replace(
        found, items=("DEV-01", "BUS-02"), points={"BUS-01.3": Outcome.PASS, "BUS-02.3": found.outcome, **found.points}
    )
    if not found.measured:
        return [judged]
    there = "constant answer and simple models were scored on the same split: see the table of no-better-than-baseline"
    return [judged, passed(f"baseline performance is established: {there}", items=("BUS-01",))]


def _compared(
    predictor: Predictor,
    X_train: Any,
    y_train: Any,
    X_test: Any,
    y_test: Any,
    y_pred: Any,
    budget: Budget,
    y_proba: Any,
    *,
    equivalent: float,
    linear_margin: float,
) -> Finding:
    regresses = predictor.task is Task.REGRESSION
    trivial = (
        _against_mean(y_train, y_test, y_pred) if regresses else _against_constant(predictor, y_test, y_pred, y_proba)
    )
    if not trivial:
        return inconclusive(
            f"{len(y_test):,} test rows, too few or all of one class or value: no baseline can be told apart"
        )
    budget.check()
    simple, sampled, why_not = _against_simple(predictor, X_train, y_train, X_test, y_test, y_pred, y_proba, budget)
    last = _against_last_value(X_train, y_train, X_test, y_test, y_pred) if regresses else []
    linear = simple.get("linear model", [])
    drawn = f"; simple models were trained on {sampled[0]:,} of {sampled[1]:,} rows" if sampled and simple else ""
    drawn += f" and compared on {TEST_ROWS:,} of {len(y_test):,}" if len(y_test) > TEST_ROWS and simple else ""

    others = {"constant answer": trivial, **simple, **({"last value": last} if last else {})}
    rows = [(name, g.metric, g.model, g.other, g.estimate) for name, gains in others.items() for g in gains]
    columns = ("baseline", "metric", "model", "baseline's", "gain")
    tables = (Table(title="The model against baselines", columns=columns, rows=tuple(rows)),)
    measured = {
        f"{g.metric}_over_{name.split()[0].replace('small', 'tree')}": g.estimate
        for name, gains in others.items()
        for g in gains
    }
    rest: dict[str, Any] = {"measured": measured, "tables": tables, "sampled": sampled}
    best = max(trivial, key=lambda g: g.low)
    said = f"{best.metric} {best.model:.3f} against {best.other:.3f} of a constant answer (gain {best.estimate})"
    points = {"DEV-01.1": Outcome.PASS if simple else Outcome.INCONCLUSIVE}

    behind = _behind(said, {**simple, "last value": last}, linear_margin, drawn, rest)

    if best.low <= 0:
        gain = max(g.model - g.other for g in trivial)
        worse = all(g.high < equivalent for g in trivial) or (gain <= 0 and _constant(y_pred, y_proba))
        if not worse and behind is not None:
            return replace(behind, points={**behind.points, "DEV-01.2": Outcome.INCONCLUSIVE})
        if not worse and (gain >= equivalent or best.high - best.low > WIDE):
            return inconclusive(
                f"{said}: {len(y_test):,} test rows cannot tell it from the baseline", points=points, **rest
            )
        return (failed if worse else warned)(
            f"{'no better' if worse else 'not shown to be better'} than a constant answer: {said}",
            remedy="See first that X and y still belong together row by row, then whether the features carry anything.",
            points={**points, "DEV-01.2": Outcome.FAIL if worse else Outcome.WARN, "BUS-02.3": Outcome.WARN},
            **rest,
        )
    if behind is not None:
        return replace(behind, points={**behind.points, "DEV-01.2": Outcome.PASS})
    tail = (
        f"; a plain linear model reaches {linear[0].metric} {linear[0].other:.3f}"
        if linear
        else "; it is no worse than the simple models"
        if simple
        else f"; no linear model: {why_not}"
    )
    return passed(said + tail + drawn, points={**points, "DEV-01.2": Outcome.PASS}, **rest)


def _behind(
    said: str, others: dict[str, list[Gain]], margin: float, drawn: str, rest: dict[str, Any]
) -> Finding | None:
    """A warning where another simple answer is surely better by every metric."""
    for name, gains in others.items():
        if gains and all(g.high < -margin for g in gains):
            g = gains[0]
            what = "the last value before each row" if name == "last value" else f"a plain {name} on the same rows"
            return warned(
                f"{said}, but {what} does better: {g.metric} {g.other:.3f} against {g.model:.3f}{drawn}",
                remedy=f"Take the {name}, or find what keeps this model from reaching it (too little training, wrong columns, overfitting).",
                points={"DEV-01.1": Outcome.WARN, "BUS-02.3": Outcome.WARN},
                **rest,
            )
    return None


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


def _quantile(model: Any) -> float | None:
    """The level of a quantile regression (of the last step of a pipeline too), unless it is the median."""
    try:
        settings = {k.rpartition("__")[2]: v for k, v in model.get_params(deep=True).items()}
    except Exception:
        return None
    losses = {str(settings.get(n)) for n in ("loss", "objective", "loss_function")}
    level = next((settings[n] for n in ("quantile", "quantile_alpha", "alpha") if settings.get(n) is not None), None)
    aimed = "QuantileRegressor" in type(model).__name__ or any("quantile" in loss for loss in losses)
    return float(level) if aimed and isinstance(level, (int, float)) and level != 0.5 else None


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


def _against_simple(
    predictor: Predictor,
    X_train: Any,
    y_train: Array,
    X_test: Any,
    y_test: Array,
    y_pred: Array,
    y_proba: Array | None,
    budget: Budget,
) -> tuple[dict[str, list[Gain]], tuple[int, int] | None, str]:
    """Gains over simple models trained on the same rows; empty, with the reason, where none can be made."""
    import warnings

    n = len(y_train)
    if n != frames.n_rows(X_train) or len(y_test) != frames.n_rows(X_test):
        return {}, None, "rows and labels differ in number"
    rows = np.random.default_rng(0).choice(n, min(n, ROWS), replace=False) if n > ROWS else np.arange(n)
    sampled = (ROWS, n) if n > ROWS else None
    if len(y_test) > TEST_ROWS:
        some = np.sort(np.random.default_rng(1).choice(len(y_test), TEST_ROWS, replace=False))
        X_test, y_test, y_pred = frames.take(X_test, some), y_test[some], y_pred[some]
        y_proba = None if y_proba is None else y_proba[some]
    try:
        train, test, names = frames.numeric_matrix(frames.take(X_train, rows) if sampled else X_train, X_test)
    except Exception as error:  # a frame of nested objects: the constant answer has to do
        return {}, None, f"the columns cannot be put into a matrix ({type(error).__name__})"
    if not names or len(names) > COLUMNS * (20 if frames.is_sparse(X_train) else 1):
        return {}, None, "no plain columns" if not names else f"{len(names):,} columns are too many"
    regresses = predictor.task is Task.REGRESSION
    labels = y_train[rows].astype(float if regresses else str)
    if not regresses and len(np.unique(labels)) < 2:
        return {}, None, "one class only in training"
    found: dict[str, list[Gain]] = {}
    for name, model in _models(regresses, 200 if budget.left > 2 else 50):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                model.fit(train, labels)
            except Exception:  # noqa: S112  (a baseline that cannot be trained is none)
                continue
        budget.check()
        gains = (
            _of_numbers(model, test, y_test, y_pred)
            if regresses
            else _of_classes(predictor, model, test, y_test, y_pred, y_proba)
        )
        if gains:
            found[name] = gains
    return found, sampled, "" if found else "none could be trained"


def _models(regresses: bool, max_iter: int) -> list[tuple[str, Any]]:
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    if regresses:
        return [("linear model", Ridge(alpha=1.0)), ("small tree", DecisionTreeRegressor(max_depth=4, random_state=0))]
    tree = DecisionTreeClassifier(max_depth=4, random_state=0)
    return [("linear model", LogisticRegression(max_iter=max_iter)), ("small tree", tree)]


def _of_classes(
    predictor: Predictor, model: Any, test: Any, y_test: Array, y_pred: Array, y_proba: Array | None
) -> list[Gain]:
    classes = c.classes_of(y_test, y_pred, known=predictor.class_names)
    by_name = {str(k): i for i, k in enumerate(classes)}
    k, true, ours = len(classes), c.encode(y_test, classes), c.encode(y_pred, classes)
    proba = model.predict_proba(test)
    theirs = np.array([by_name.get(v, -1) for v in model.classes_])[np.argmax(proba, axis=1)]
    one, two = (float(c.balanced_accuracy(c.confusion(true, p, k))) for p in (ours, theirs))
    low, high = intervals.percentiles(_recall_gains(true, ours, theirs, k))
    gains = [Gain(metric="balanced_accuracy", model=one, other=two, low=low, high=high)]
    if y_proba is not None and y_proba.shape[1] == k:
        scores = np.zeros((len(y_test), k))
        for j, name in enumerate(model.classes_):
            if name in by_name:
                scores[:, by_name[name]] = proba[:, j]
        if k == 2:
            area, other, low, high = intervals.delong_paired(true == 1, y_proba[:, 1], scores[:, 1])
        else:
            area, other = c.macro_auc(true, y_proba), c.macro_auc(true, scores)
            low, high = intervals.bootstrap(
                lambda t, a, b: c.macro_auc(t, a) - c.macro_auc(t, b), true, y_proba, scores, strata=true
            )
        gains.insert(0, Gain(metric="roc_auc", model=area, other=other, low=low, high=high))
    return [g for g in gains if np.isfinite([g.model, g.other, g.low, g.high]).all()]


def _recall_gains(true: Array, ours: Array, theirs: Array, k: int) -> Array:
    """Draws of the gain in balanced accuracy: a multinomial over (class, ours right?, theirs right?), as McNemar's table."""
    seen = true >= 0
    cells = np.bincount(true[seen] * 4 + 2 * (ours == true)[seen] + (theirs == true)[seen], minlength=4 * k)
    drawn = intervals.multinomial(cells, 1000 if k <= 30 else 200).reshape(-1, k, 4)
    support = drawn.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = (drawn[:, :, 2] - drawn[:, :, 1]) / support
    there = support > 0
    return np.asarray(np.where(there, np.nan_to_num(gain), 0).sum(axis=1) / np.maximum(there.sum(axis=1), 1))


def _against_last_value(X_train: Any, y_train: Array, X_test: Any, y_test: Array, y_pred: Array) -> list[Gain]:
    """Gain over the value of the row before, where both sides stand in the order of time and test follows training."""
    if len(y_test) < FEW or not frames.follows_in_time(X_train, X_test):
        return []
    y_test, y_pred = np.asarray(y_test, dtype=float), np.asarray(y_pred, dtype=float)
    before = np.concatenate([np.asarray(y_train, dtype=float)[-1:], y_test[:-1]])

    def gain(t: Array, a: Array, b: Array) -> float:
        return regression.r2(t, a) - regression.r2(t, b)

    low, high = intervals.bootstrap(gain, y_test, y_pred, before)
    one, two = regression.r2(y_test, y_pred), regression.r2(y_test, before)
    return (
        [Gain(metric="r2", model=one, other=two, low=low, high=high)]
        if np.isfinite([one, two, low, high]).all()
        else []
    )


def _of_numbers(model: Any, test: Any, y_test: Array, y_pred: Array) -> list[Gain]:
    y_test, y_pred = np.asarray(y_test, dtype=float), np.asarray(y_pred, dtype=float)
    theirs = np.asarray(model.predict(test), dtype=float)

    def gain(t: Array, a: Array, b: Array) -> float:
        return regression.r2(t, a) - regression.r2(t, b)

    low, high = intervals.bootstrap(gain, y_test, y_pred, theirs)
    return [
        Gain(metric="r2", model=regression.r2(y_test, y_pred), other=regression.r2(y_test, theirs), low=low, high=high)
    ]
