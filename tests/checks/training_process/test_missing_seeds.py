"""Draws of chance without a seed."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlready_nb.finding import Outcome
from mlready_nb.subjects import Cell
from mlready_nb.testing import find

X = np.random.default_rng(0).normal(size=(60, 2))
Y = (X[:, 0] > 0).astype(int)


def notebook(*sources):
    return tuple(Cell(number=n, source=s, execution_count=n, cell_id=f"c{n}") for n, s in enumerate(sources, 1))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("a, b = train_test_split(X, y)", "train_test_split"),
        ("a, b = model_selection.train_test_split(X, y, random_state=None)", "train_test_split"),
        ("cv = StratifiedKFold(5, shuffle=True)", "StratifiedKFold"),
        ("df = df.sample(frac=1)", ".sample()"),
        ("rng = np.random.default_rng()", "default_rng"),
        ("noise = np.random.normal(size=10)", "np.random.normal"),
        ("X, y = shuffle(X, y)", "shuffle"),
        ("search = RandomizedSearchCV(model, space).fit(X, y)", "RandomizedSearchCV"),
        ("X, y = SMOTE().fit_resample(X, y)", "SMOTE"),
        ("def load():\n    return df.sample(100)\n", ".sample()"),
    ],
)
def test_it_finds_an_unseeded_draw_with_its_line(line, what):
    """Splits, folds, samples, generators, searches."""
    found = find("missing-seeds", cells=notebook("import numpy as np", f"%matplotlib inline\n{line}"))

    assert found.outcome is Outcome.WARN
    assert what in found.message
    assert (found.where.cell, found.where.line) == (2, 3 if line.startswith("def") else 2)


def test_it_finds_an_unseeded_forest_in_a_pipeline():
    """In the model, with the line that made it."""
    model = make_pipeline(StandardScaler(), RandomForestClassifier(5)).fit(X, Y)
    cells = notebook(
        "import x", "model = make_pipeline(StandardScaler(),\n    RandomForestClassifier(5))\nmodel.fit(X, y)"
    )

    found = find("missing-seeds", cells=cells, model=model, X_train=X, y_train=Y)

    assert found.outcome is Outcome.WARN
    assert "model.steps[1][1]" in found.message
    assert (found.where.cell, found.where.line) == (2, 2)


CLEAN = """
SEED = 42
a, b = train_test_split(X, y, random_state=SEED)
c, d = train_test_split(X, y, shuffle=False)
cv = KFold(5)
cv2 = KFold(5, shuffle=True, random_state=SEED)
df.sample(5)
df.sample(5).T
plt.scatter(x, y + np.random.normal(size=9))
display(df.sample(3).T)
monthly = df.resample("M").mean()
rng = np.random.default_rng(SEED)
part = df.sample(frac=0.1, random_state=SEED)
rng.normal(size=3)
split = train_test_split(X, y, **settings)
"""


def test_it_is_quiet_on_seeded_draws_and_on_what_is_only_shown():
    """Every form of the clean twin."""
    found = find("missing-seeds", cells=notebook(CLEAN), model=LogisticRegression().fit(X, Y), X_train=X, y_train=Y)

    assert found.outcome is Outcome.PASS


def test_a_global_seed_counts_for_what_uses_it():
    """In an earlier cell; later is too late."""
    assert (
        find(
            "missing-seeds", cells=notebook("np.random.seed(0)", "a, b = train_test_split(X, y)\nz = np.random.rand(3)")
        ).outcome
        is Outcome.PASS
    )
    assert (
        find("missing-seeds", cells=notebook("a, b = train_test_split(X, y)", "np.random.seed(0)")).outcome
        is Outcome.WARN
    )


def test_it_waits_for_cells():
    """Outside a notebook there are none."""
    assert "cells" in find("missing-seeds", model=LogisticRegression().fit(X, Y), X_train=X, y_train=Y).message


def test_a_sample_of_something_else_than_a_table_is_another_thing():
    """A mixture model draws from what it learnt."""
    from sklearn.mixture import GaussianMixture

    cells = notebook("Z, z = mixture.sample(100)")

    assert find("missing-seeds", cells=cells, namespace={"mixture": GaussianMixture()}).outcome is Outcome.PASS
    assert find("missing-seeds", cells=cells, namespace={}).outcome is Outcome.WARN
