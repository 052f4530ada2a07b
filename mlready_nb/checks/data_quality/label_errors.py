"""Training labels that other rows contradict: confident learning."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Estimate, Finding, Outcome, Strength, Table, not_applicable, passed, warned
from mlready_nb.metrics import confident, intervals
from mlready_nb.subjects import Budget, Task, Unusable

#: Training rows that the forest is grown on at most; its trees.
ROWS, TREES = 2_000, 40
#: Rows below which a third of them shows nothing.
FEWEST = 500
#: Errors among the sure and among all rows, in parts of those of the commonest class, up to which the task is known well
#: enough to judge labels by; and the same where the errors are spread evenly (`FLAT` and more of the share among all).
KNOWN, FLAT = ((0.45, 0.65), (0.52, 0.7)), 0.65
#: Share of the rows of which the forest is surest.
SURE = 0.3


@check("DAT-01", "DRQ-01.2", cost=Cost.MODERATE, tasks=(Task.BINARY, Task.MULTICLASS))
def label_errors(
    X_train: Any, y_train: Any, budget: Budget, *, max_share: float = 0.02, max_ratio: float = 0.45
) -> Finding:
    """Share of training labels that contradict what the other rows say with confidence.

    What it measures: A random forest of 40 trees gives each row out-of-bag probabilities, by trees that never saw it,
    and a logistic regression cross-validated ones. Candidates are rows whose probability of another class reaches
    that class's mean self-confidence (Northcutt et al. 2021). Hard rows are candidates too, so the verdict looks where
    their errors vanish and those of wrong labels do not: among the third of rows of which each learner is surest. It
    warns where both find labels contradicted there beyond `max_share` (95 % lower bound) and more than `max_ratio`
    times as often as among all rows.

    Why it matters: Ten common test sets hold 3.4 % wrong labels on average; models trained and chosen on such labels
    are the wrong ones (Northcutt, Athalye & Mueller 2021).

    Blind spots: Where features decide little, wrong labels cannot be told from hard rows. Errors that follow the
    features (one annotator, one source) look like a rule. Free text and nested columns are not read.

    How to mend: Have the candidates labelled again by somebody who does not see the old label, then train again.
    """
    n = frames.n_rows(X_train)
    if n != len(y_train):
        msg = f"X_train has {n:,} rows for {len(y_train):,} labels. Hint: %mlready use X_train=<variable> y_train=<variable>"
        raise Unusable(msg)
    codes, classes = frames.codes(y_train)
    counts = np.bincount(codes[codes >= 0], minlength=len(classes))
    if n < FEWEST or len(classes) < 2 or counts.min() < 5:
        return not_applicable(
            f"{n:,} rows and a smallest class of {counts.min():,} are too few for rows to vouch for each other's labels ({FEWEST} and 5)"
        )
    rows = confident.stratified(codes, ROWS, seed=0) if n > ROWS else np.arange(n)
    sampled = (len(rows), n) if len(rows) < n else None
    part = frames.take(X_train, rows) if sampled else X_train
    matrix, _, names = frames.numeric_matrix(part, frames.take(part, np.arange(1)))
    if not names or len(names) > 2_000:
        return not_applicable(
            "no plain columns to compare rows by"
            if not names
            else f"{len(names):,} columns are too many to compare rows by"
        )
    budget.check()
    labels = codes[rows]
    proba = _out_of_bag(matrix, labels, len(classes))
    budget.check()
    seen = min(
        (confident.floor(p, labels, SURE) for p in (proba, _crossed(matrix, labels, len(classes)))),
        key=lambda f: f.share,
    )
    candidates = confident.candidates(proba, labels)
    low, high = intervals.wilson(seen.wrong, seen.n)
    share = Estimate(value=seen.share, low=low, high=high, n=seen.n, method="wilson")
    measured = {
        "candidates": int(candidates.sum()),
        "rows": len(rows),
        "contradicted_among_the_sure": share,
        "contradicted_among_all": seen.everywhere,
    }
    tables = (_pairs(proba, labels, candidates, classes),)
    rest: dict[str, Any] = {"measured": measured, "tables": tables, "sampled": sampled, "strength": Strength.HEURISTIC}
    said = (
        f"{candidates.sum():,} of {len(rows):,} training labels are candidates for errors; among the {seen.n:,} rows of which a "
        f"simple learner is surest, {share} contradict it, among all {seen.everywhere:.3f}"
    )
    commonest = 1 - counts.max() / counts.sum()
    coarse = len(np.unique(frames.row_hashes(part))) < 0.5 * len(rows)
    plain = share.value > FLAT * seen.everywhere  # then more noise may be borne: hard rows are never spread so evenly
    if coarse or share.value > KNOWN[plain][0] * commonest or seen.everywhere > KNOWN[plain][1] * commonest:
        return passed(f"{said}; the features decide too little to tell wrong labels from hard rows", **rest)
    if low > max(max_share, max_ratio / 2 * seen.everywhere) and share.value > max_ratio * seen.everywhere:
        return warned(
            f"{said} (limit {max_share:.0%}): hard rows would be rare there, wrong labels are not",
            points={"DAT-01.4": Outcome.WARN},
            remedy="Label the candidates again, blind to the old label. To list them: out-of-fold probabilities by "
            "cross_val_predict(RandomForestClassifier(), X_train, y_train, method='predict_proba', cv=5), sorted by that of the given label.",
            **rest,
        )
    return passed(f"{said}: no more than hard rows explain (limit {max_share:.0%})", **rest)


def _out_of_bag(matrix: Any, labels: Any, k: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(n_estimators=TREES, min_samples_leaf=2, oob_score=True, random_state=0, n_jobs=1)
    forest.fit(matrix, labels)
    proba = np.full((len(labels), k), np.nan)
    proba[:, forest.classes_.astype(int)] = forest.oob_decision_function_
    return np.nan_to_num(proba, nan=1 / k)


def _crossed(matrix: Any, labels: Any, k: int) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    proba = np.full((len(labels), k), 1 / k)
    for fit, left in StratifiedKFold(3, shuffle=True, random_state=0).split(np.zeros(len(labels)), labels):
        model = LogisticRegression(max_iter=50).fit(matrix[fit], labels[fit])
        proba[np.ix_(left, model.classes_.astype(int))] = model.predict_proba(matrix[left])
    return proba


def _pairs(proba: Any, labels: Any, candidates: Any, classes: Any) -> Table:
    better = np.argmax(proba, axis=1)
    pairs, counts = np.unique(np.column_stack([labels, better])[candidates], axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:15]
    rows = tuple(
        (str(classes[a]), str(classes[b]), int(c)) for (a, b), c in zip(pairs[order], counts[order], strict=True)
    )
    return Table(title="Candidates for label errors", columns=("given label", "likelier label", "rows"), rows=rows)
