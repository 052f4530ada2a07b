"""More than one kind of model, and how the chosen one stands beside the others."""

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from mlready_nb.subjects import Cell
from mlready_nb.testing import find
from tests.checks.planted import binary, halves, numbers

DATA = halves(*binary(1200))


def fit(model, data=DATA):
    """Trained on the training half."""
    return model.fit(data["X_train"], data["y_train"])


def judged(model, namespace, data=DATA, **rest):
    """The finding for this model among these variables."""
    return find("compared-models", **data, model=model, namespace=namespace, **rest)


def test_two_kinds_are_compared_on_the_same_rows():
    """Score, interval and speed of each stand in the table; dummies and parts do not count."""
    chosen, other = (
        fit(make_pipeline(StandardScaler(), LogisticRegression())),
        fit(RandomForestClassifier(20, random_state=0)),
    )
    found = judged(chosen, {"clf": chosen, "models": {"rf": other}, "dummy": fit(DummyClassifier())})

    assert found.outcome == "pass"
    assert found.measured["kinds"] == 2
    assert {row[0] for row in found.tables[0].rows} == {
        "clf (LogisticRegression, chosen)",
        "models['rf'] (RandomForestClassifier)",
    }
    assert all(row[2] == 300 for row in found.tables[0].rows)


def test_a_better_model_that_was_left_aside_warns():
    """Labels hang on a product: the forest sees it, the chosen linear model does not."""
    X = numbers(1600)
    data = halves(X, pd.Series((X["a"] * X["b"] > 0).astype(int)))
    chosen, other = fit(LogisticRegression(), data), fit(HistGradientBoostingClassifier(max_iter=40), data)
    found, twin = (judged(m, {"lr": chosen, "gb": other}, data) for m in (chosen, other))

    assert found.outcome == "warn"
    assert "gb (HistGradientBoostingClassifier) does better than lr" in found.message
    assert twin.outcome == "pass"


def test_validation_rows_come_before_test_rows():
    """A choice is made on validation rows."""
    chosen, other = fit(LogisticRegression()), fit(DecisionTreeClassifier(max_depth=4))
    found = judged(chosen, {"a": chosen, "b": other}, X_valid=DATA["X_test"][:200], y_valid=DATA["y_test"][:200])

    assert "200 validation rows" in found.message


@pytest.mark.parametrize("seed", range(6))
def test_equals_are_quiet(seed):
    """A forest and a linear model on linear data, whichever is chosen."""
    data = halves(*binary(800, seed))
    one, two = (
        fit(LogisticRegression(), data),
        fit(RandomForestClassifier(30, min_samples_leaf=5, random_state=0), data),
    )

    assert judged(one, {"one": one, "two": two}, data).outcome == "pass"


def test_regressions():
    """R² of both; the better one left aside warns."""
    X = numbers(800)
    data = halves(X, X["a"] * 3 + X["b"])
    linear, forest = fit(Ridge(), data), fit(RandomForestRegressor(10, max_depth=2), data)

    assert judged(linear, {"linear": linear, "forest": forest}, data).outcome == "pass"
    assert judged(forest, {"linear": linear, "forest": forest}, data).outcome == "warn"


def test_what_the_cells_name_counts_where_only_one_is_left():
    """A loop that overwrites its model."""
    model = fit(LogisticRegression())
    source = "for m in [LogisticRegression(), RandomForestClassifier()]:\n    clf = m.fit(X, y)"
    names = {"LogisticRegression": LogisticRegression, "RandomForestClassifier": RandomForestClassifier, "clf": model}
    found = judged(model, names, cells=(Cell(number=1, source=source),))

    assert found.outcome == "pass"
    assert found.strength == "heuristic"
    assert "RandomForestClassifier" in found.message


def test_one_kind_is_not_a_comparison():
    """A search and what it found are one kind; the message says how to attest."""
    search = fit(GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=3))
    found = judged(search, {"search": search, "best": search.best_estimator_})

    assert found.outcome == "not_run"
    assert "attest DEV-02.1" in found.message
    assert "model=<variable>" in find("compared-models").message


def test_models_of_other_columns_are_left_out():
    """A model that cannot predict on these rows is counted as a kind, and not scored."""
    chosen = fit(LogisticRegression())
    other = RandomForestClassifier(5).fit(np.zeros((20, 9)), np.arange(20) % 2)
    found = judged(chosen, {"a": chosen, "b": other})

    assert found.outcome == "pass"
    assert found.measured["scored"] == 1
