"""The estimators inside a model."""

from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlready_nb.adapters.parts import estimators, named_estimators

X, Y = make_classification(80, 4, random_state=0)


def kinds(model):
    return [type(part).__name__ for part in estimators(model.fit(X, Y))]


def test_steps_branches_and_members_are_found_with_their_paths():
    """A search over a pipeline with a column transformer."""
    pipe = make_pipeline(
        make_column_transformer((StandardScaler(), [0, 1]), remainder="passthrough"), LogisticRegression()
    )
    search = GridSearchCV(pipe, {"logisticregression__C": [0.1, 1]}, cv=2).fit(X, Y)
    found = {type(part).__name__: path for path, part in named_estimators(search, "search")}

    assert found["LogisticRegression"] == "search.best_estimator_.steps[1][1]"
    assert found["StandardScaler"] == "search.best_estimator_.steps[0][1].transformers_[0][1]"


def test_a_recipe_is_no_part_and_members_are_looked_into_once():
    """A forest is told from its trees' recipe; calibrators and votes are opened."""
    forest = kinds(RandomForestClassifier(5, random_state=0))

    assert forest[0] == "RandomForestClassifier"
    assert forest.count("DecisionTreeClassifier") == 3
    assert "LogisticRegression" in kinds(CalibratedClassifierCV(LogisticRegression(), cv=2))
    assert "LogisticRegression" in kinds(VotingClassifier([("a", LogisticRegression())]))
