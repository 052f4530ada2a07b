"""How many rows the model has seen."""

import pytest
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from mlready_nb.leakage.refit import rows_seen, witness
from mlready_nb.subjects import Budget
from tests.leakage.tables import kinds, split, subjects, table

MODELS = [
    make_pipeline(StandardScaler(), LogisticRegression()),
    GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [0.1, 1]}),
    GaussianNB(),
    DecisionTreeClassifier(max_depth=3, random_state=0),
    RandomForestClassifier(10),
    GradientBoostingClassifier(n_estimators=5),
    HistGradientBoostingClassifier(max_iter=5, early_stopping=False),
    KNeighborsClassifier(),
    SVC(),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_fitted_on_both_sides(model):
    """The model knows the test rows; the twin's does not."""
    X, y = table()
    a, b, c, d = split(X, y)
    (said,) = witness(subjects(a, b, c, d, model=model.fit(X, y)), Budget(30)) if not shuffles(model) else [None]
    assert said is None or said.kind == "overlap"
    assert said is None or said.strength == "measured"
    assert witness(subjects(a, b, c, d, model=model.fit(a, c)), Budget(30)) == []


def shuffles(model):
    """Fits that the order of rows changes in the last digits: the search's winner may be another one."""
    return isinstance(model, GridSearchCV)


def test_counts():
    """Trees, neighbours, classes: each keeps how many rows it was fitted on."""
    X, y = table()
    for model in (DecisionTreeClassifier(), RandomForestClassifier(5), KNeighborsClassifier(), GaussianNB(), SVC()):
        assert rows_seen(model.fit(X, y)) == len(X)
    assert rows_seen(LogisticRegression(max_iter=20).fit(X[["height"]], y)) is None


def test_early_stopping_sets_rows_aside():
    """A boosted model that held rows back tells a smaller number: no evidence, whichever it was fitted on."""
    X, y = table()
    a, b, c, d = split(X, y)
    model = HistGradientBoostingClassifier(max_iter=5, early_stopping=True).fit(a, c)
    assert kinds(witness(subjects(a, b, c, d, model=model), Budget(30))) == []
