"""Precision and calibration by group; precision is fairlearn's."""

import numpy as np
import pytest
from fairlearn import metrics as fairlearn
from sklearn.metrics import precision_score

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.model_evaluation.test_miscalibrated import Prophet


def judged(groups, proba, y, **rest):
    """The finding for these groups, probabilities and labels."""
    features = groups if isinstance(groups, dict) else {"sex": groups}
    return find(
        "group-calibration", model=Prophet((0, 1)), X_test=np.column_stack([1 - proba, proba]), y_test=y, task=Task.BINARY,
        class_names=(0, 1), sensitive_features=features, **rest,
    )  # fmt: skip


def population(n, seed=0, off=0.0, levels=("f", "m")):
    """Probabilities that come true, but for the first group, whose outcomes are rarer by `off`."""
    rng = np.random.default_rng(seed)
    groups, p = rng.choice(levels, n), rng.beta(1.2, 1.2, n)
    y = (rng.random(n) < np.where(groups == levels[0], np.clip(p - off, 0, 1), p)).astype(int)
    return groups, p, y


def test_a_group_for_whom_the_score_is_too_high_warns():
    """Outcomes rarer by a quarter at the same score; the twin passes."""
    bad, twin = judged(*population(8000, off=0.25)), judged(*population(8000))

    assert bad.outcome == "warn"
    assert "m over f" in bad.message
    assert twin.outcome == "pass"
    assert twin.tables[0].columns == ("group", "precision", "observed minus predicted share", "ECE", "n")


@pytest.mark.parametrize("seed", range(10))
def test_clean_models_raise_no_alarm(seed):
    """Four groups of which one is small."""
    assert judged(*population(1500, seed, levels=("a", "b", "c", "d"))).outcome in ("pass", "inconclusive")


def test_the_numbers_are_fairlearns():
    """Precision by group: difference and ratio to the last digits."""
    groups, p, y = population(900, 3, off=0.1, levels=("a", "b", "c"))
    frame = fairlearn.MetricFrame(
        metrics=precision_score, y_true=y, y_pred=(p >= 0.5).astype(int), sensitive_features=groups
    )
    found = judged(groups, p, y).measured

    assert found["precision_difference (sex)"].value == pytest.approx(frame.difference(), abs=1e-12)
    assert found["precision_ratio (sex)"].value == pytest.approx(frame.ratio(), abs=1e-12)


def test_small_groups_are_named_and_few_rows_decide_nothing():
    """Eight rows of a third group; eighty rows in all."""
    groups, p, y = population(8000)
    groups = groups.astype(object)
    groups[:8] = "x"

    assert "sex = x (n = 8)" in judged(groups, p, y).message
    few = judged(*population(80))
    assert few.outcome == "inconclusive"
    assert "80 test rows cannot tell" in few.message


def test_it_names_what_is_missing():
    """No sensitive column; one group only; several classes do not arise."""
    given = {
        "model": Prophet((0, 1)),
        "X_test": np.full((40, 2), 0.5),
        "y_test": np.zeros(40, int),
        "task": Task.BINARY,
        "class_names": (0, 1),
    }

    assert "sensitive=<column>" in find("group-calibration", **given).message
    assert find("group-calibration", **given, sensitive_features={"sex": ["f"] * 40}).outcome == "not_applicable"
    assert (
        find("group-calibration", **given | {"task": Task.MULTICLASS}, sensitive_features={"sex": ["f"] * 40}).outcome
        == "not_applicable"
    )
