"""Which columns drive the errors that the model was sure of; single rows for the person at the keyboard."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import mlready_nb
from mlready_nb.subjects import Task, Unusable
from mlready_nb.testing import find
from tests.checks.planted import Oracle, binary, fitted, halves, numbers

SPLIT = halves(*binary(1200))


def broken(split):
    """The same test set, in which column a is minus thirty in every tenth row: a sensor that failed."""
    X = split["X_test"].copy()
    X.loc[X.index % 10 == 0, "a"] = -30.0
    return split | {"X_test": X}


@pytest.mark.parametrize(
    "model", [LogisticRegression(), HistGradientBoostingClassifier(max_iter=30)], ids=["linear", "trees"]
)
def test_the_column_that_failed_leads(model):
    """Its share in the confident errors is surely larger than where the answers are right; counts are said, no rows."""
    given = fitted(SPLIT, model)
    found = find("confident-errors", **broken(given))

    assert found.outcome == "pass"
    assert found.measured["first"] == "a"
    assert "a weighs more there" in found.message or found.tables[0].rows[0][1].value > 0
    assert "-30" not in str(found.to_json())


def test_a_clean_model_has_few_and_no_pattern():
    """Errors near the boundary only."""
    X = numbers(1200)
    found = find("confident-errors", **fitted(halves(X, pd.Series((X["a"] + X["b"] > 0).astype(int)))))

    assert found.outcome == "pass"
    assert "too few to have a pattern" in found.message


def test_regressions_and_black_boxes():
    """The largest twentieth of the errors; a model that only the permutation explainer can take."""
    X = numbers(500)
    numbers_ = find(
        "confident-errors", **fitted(halves(X, 3 * X["c"] + X["d"] ** 2), RandomForestRegressor(8, random_state=0))
    )
    black = find("confident-errors", **fitted(halves(*binary(600, signal=0.5)), KNeighborsClassifier(3)))

    assert numbers_.outcome == "pass"
    assert "largest twentieth" in numbers_.message
    assert black.outcome == "pass"


def test_it_names_what_is_missing():
    """No probabilities; no test set."""
    given = {"model": Oracle((0, 1)), "task": Task.BINARY, "class_names": (0, 1), "y_test": np.zeros(30, int)}

    assert find("confident-errors", **given, X_test=np.zeros((30, 2))).outcome == "not_applicable"
    assert "X_test=<variable>" in find("confident-errors", **given).message


def test_a_row_is_explained_in_its_own_columns():
    """One-hot parts are summed back; contributions and the base add up to the log-odds, by the linear model's own weights."""
    X, y = binary(400)
    X["city"] = np.random.default_rng(0).choice(["Rome", "Oslo"], 400)
    model = make_pipeline(
        make_column_transformer((OneHotEncoder(), ["city"]), remainder="passthrough"), LogisticRegression()
    ).fit(X, y)
    said = mlready_nb.explain_row(model, X, 7)

    assert set(said.names) == {"a", "b", "c", "d", "city"}
    assert said.answer == model.predict(X)[7]
    assert said.probability == pytest.approx(model.predict_proba(X)[7].max())
    frame = said.to_frame().set_index("column")
    assert frame.loc["city", "value"] == X["city"][7]
    towards = 1 if said.answer == 1 else -1
    margin = model.decision_function(X) * towards
    assert frame["contribution"].sum() == pytest.approx(margin[7] - margin.mean(), abs=0.35)
    assert "row 7" in str(said)


def test_a_row_of_trees_numbers_and_negative_positions():
    """Trees, a regression, the last row; the first class's sign is turned."""
    X, y = binary(300)
    trees = HistGradientBoostingClassifier(max_iter=20).fit(X, y)
    zero = int(np.argmin(trees.predict_proba(X)[:, 1]))
    ridge = mlready_nb.explain_row(Ridge().fit(X, X["c"] * 2), X, -1)

    assert sum(mlready_nb.explain_row(trees, X, zero).contributions) > 0
    assert ridge.row == 299
    assert ridge.names[0] == "c"
    assert ridge.contributions[0] == pytest.approx(2 * (X["c"].iloc[-1] - X["c"].mean()), rel=0.3)


def test_bad_rows_and_models_are_refused_with_a_reason():
    """A position that is not there; a model that cannot predict."""
    X, y = binary(50)

    with pytest.raises(IndexError, match="from 0 to 49"):
        mlready_nb.explain_row(LogisticRegression().fit(X, y), X, 50)
    with pytest.raises(Unusable, match="fit"):
        mlready_nb.explain_row(LogisticRegression(), X, 0, y=y)
