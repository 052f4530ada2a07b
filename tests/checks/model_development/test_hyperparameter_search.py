"""Searches: their folds, their edges, and whether the result is used."""

import math

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, RidgeCV
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, ShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from mlready_nb.subjects import Cell, Task
from mlready_nb.testing import find
from tests.checks.planted import Oracle, binary, halves, numbers

DATA = halves(*binary(700))


def judged(model, namespace=None, **rest):
    """The finding for this model and these variables."""
    return find("hyperparameter-search", **DATA, model=model, namespace=namespace or {"search": model}, **rest)


def searched(estimator, grid, cv=5):
    """A finished grid search."""
    return GridSearchCV(estimator, grid, cv=cv).fit(DATA["X_train"], DATA["y_train"])


def test_an_edge_towards_which_the_score_rises_warns_and_a_plateau_passes():
    """Far too strong a regularisation in all of the grid; the twin's grid reaches the plateau."""
    pipe = make_pipeline(StandardScaler(), LogisticRegression())
    bad = judged(searched(pipe, {"logisticregression__C": [1e-6, 1e-5, 1e-4, 1e-3]}))
    twin = judged(searched(pipe, {"logisticregression__C": [1e-3, 1e-1, 1, 10, 100]}))

    assert bad.outcome == "warn"
    assert "logisticregression__C=0.001 is the largest that was tried" in bad.message
    assert "above 0.001" in bad.remedy
    assert bad.points["DEV-03.1"] == "warn"
    assert twin.outcome == "pass"


@pytest.mark.parametrize("seed", range(5))
def test_clean_searches_are_quiet(seed):
    """Three values of depth on data of two columns: a best value at the end by chance is no edge."""
    X, y = binary(500, seed)
    search = GridSearchCV(
        RandomForestClassifier(15, random_state=0), {"max_depth": [4, 8, 12], "min_samples_leaf": [1, 3, 9]}, cv=4
    ).fit(X, y)

    assert judged(search).outcome == "pass"


def test_few_folds_warn():
    """Two folds, or a single split."""
    tree, grid = DecisionTreeClassifier(random_state=0), {"max_depth": [2, 3, 4]}

    assert judged(searched(tree, grid, cv=2)).points["DEV-03.2"] == "warn"
    assert judged(searched(tree, grid, cv=ShuffleSplit(1, random_state=0))).outcome == "warn"
    assert judged(searched(tree, grid, cv=3)).points["DEV-03.2"] == "pass"


def test_best_values_that_are_not_used_warn():
    """The final model was fitted with other values than the search found."""
    search = RandomizedSearchCV(
        HistGradientBoostingClassifier(max_iter=15),
        {"learning_rate": [0.05, 0.1, 0.2], "max_leaf_nodes": [4, 8]},
        n_iter=5,
        cv=3,
        random_state=0,
    ).fit(DATA["X_train"], DATA["y_train"])
    other = HistGradientBoostingClassifier(learning_rate=0.77, max_iter=15).fit(DATA["X_train"], DATA["y_train"])
    same = HistGradientBoostingClassifier(max_iter=15, **search.best_params_).fit(DATA["X_train"], DATA["y_train"])

    found = judged(other, {"search": search, "model": other})
    assert found.outcome == "warn"
    assert "not what the model uses" in found.message
    assert found.points["DEV-03.3"] == "warn"
    for model in (same, search, search.best_estimator_):
        assert judged(model, {"search": search, "model": model}).outcome == "pass"


class Range:
    """An Optuna distribution."""

    low, high, log = 1e-5, 1e-1, True


class Trial:
    """An Optuna trial."""

    def __init__(self, value, lr):
        self.value, self.params, self.distributions = value, {"lr": lr}, {"lr": Range()}


class Study:
    """An Optuna study that maximises."""

    def __init__(self, score, seed=0):
        rates = 10 ** np.random.default_rng(seed).uniform(-5, -1, 80)
        self.trials = [Trial(score(math.log10(r)), float(r)) for r in rates]
        best = max(self.trials, key=lambda t: t.value)
        self.best_params, self.best_value = best.params, best.value


def test_a_study_of_optuna():
    """Best trials at the upper end; in the middle; folds are taken from the cells."""
    model = LogisticRegression().fit(DATA["X_train"], DATA["y_train"])
    bad, good = (
        judged(model, {"study": Study(lambda x: x**3)}),
        judged(model, {"study": Study(lambda x: -((x + 3) ** 2))}),
    )
    cells = (Cell(number=1, source="def objective(t):\n    return cross_val_score(m, X, y, cv=5).mean()"),)

    assert bad.outcome == "warn"
    assert "largest" in bad.message
    assert good.outcome == "pass"
    assert good.points["DEV-03.2"] == "not_run"
    assert judged(model, {"study": Study(lambda x: -((x + 3) ** 2))}, cells=cells).points["DEV-03.2"] == "pass"


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_models_that_tune_themselves():
    """RidgeCV and LogisticRegressionCV."""
    X = numbers(200)
    ridge = RidgeCV().fit(X, X["a"])

    assert find("hyperparameter-search", model=ridge, task=Task.REGRESSION, class_names=None).outcome == "pass"
    assert judged(LogisticRegressionCV(Cs=4, cv=4).fit(DATA["X_train"], DATA["y_train"])).outcome == "pass"


def test_without_a_search_it_says_what_to_keep():
    """Not run, with the command that attests; no model."""
    found = find(
        "hyperparameter-search", model=Oracle((0, 1)), task=Task.BINARY, class_names=(0, 1), namespace={"x": 1}
    )

    assert found.outcome == "not_run"
    assert "attest DEV-03" in found.message
    assert "model=<variable>" in find("hyperparameter-search").message
