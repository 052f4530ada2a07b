"""Rare classes."""

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlready_nb.finding import Outcome
from mlready_nb.subjects import Task
from mlready_nb.testing import find


def split(share, sep=0.6, k=2):
    weights = [1 - share] if k == 2 else [1 - 2 * share, share]
    X, y = make_classification(
        3000, 8, n_informative=5, n_classes=k, weights=weights, class_sep=sep, flip_y=0, random_state=3
    )
    return {"X_train": X[:2000], "y_train": y[:2000], "X_test": X[2000:], "y_test": y[2000:]}


@pytest.mark.parametrize("k", [2, 3])
def test_it_finds_a_rare_class_that_was_given_up(k):
    """3 % of the rows, and the model hardly finds one."""
    data = split(0.03, k=k)
    model = LogisticRegression(max_iter=500).fit(data["X_train"], data["y_train"])

    found = find("class-imbalance", model=model, **data)

    assert found.outcome is Outcome.WARN
    assert "limit 10%" in found.message
    assert "class_weight" in found.remedy


@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(class_weight="balanced", max_iter=500),
        make_pipeline(StandardScaler(), RandomForestClassifier(20, class_weight={0: 1, 1: 20}, random_state=0)),
    ],
)
def test_weights_count_as_treatment(model):
    """However deep in the pipeline they stand."""
    data = split(0.03)

    found = find("class-imbalance", model=model.fit(data["X_train"], data["y_train"]), **data)

    assert found.outcome is Outcome.PASS
    assert "class_weight" in found.message


def test_a_sampler_counts_as_treatment():
    """imbalanced-learn inside the pipeline."""
    pipeline = pytest.importorskip("imblearn.pipeline")
    from imblearn.over_sampling import RandomOverSampler

    data = split(0.03)
    model = pipeline.make_pipeline(RandomOverSampler(random_state=0), LogisticRegression())

    assert "resamples" in find("class-imbalance", model=model.fit(data["X_train"], data["y_train"]), **data).message


def test_it_is_quiet_where_the_rare_class_is_learnt_or_none_is_rare():
    """Rare but easy; and balanced."""
    for data in (split(0.04, sep=3), split(0.4)):
        model = RandomForestClassifier(30, random_state=0).fit(data["X_train"], data["y_train"])
        assert find("class-imbalance", model=model, **data).outcome is Outcome.PASS


def test_it_names_what_it_waits_for_and_what_it_is_not_for():
    """Labels; a regression has no classes."""
    assert "y_train" in find("class-imbalance", task=Task.BINARY, class_names=(0, 1)).message
    assert (
        find(
            "class-imbalance", y_train=np.random.default_rng(0).normal(size=50), task=Task.REGRESSION, class_names=None
        ).outcome
        is Outcome.NOT_APPLICABLE
    )
