"""Crossings of three, many small groups, wide columns, errors of a regression by group."""

import json

import numpy as np
import pytest
from fairlearn import metrics as fairlearn
from sklearn.metrics import root_mean_squared_error

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.model_interpretability.test_group_disparity import Number, judged


def three(n, seed=0):
    """Three columns of two groups each."""
    rng = np.random.default_rng(seed)
    return {name: rng.choice(list(levels), n) for name, levels in (("sex", "fm"), ("race", "bw"), ("age", "oy"))}


def test_a_fault_in_one_crossing_of_three_is_found():
    """Only old black women are missed; no single column shows it as clearly; the twin is quiet."""
    groups, rng = three(12_000), np.random.default_rng(1)
    true = rng.integers(0, 2, 12_000)
    said = np.where(rng.random(12_000) < 0.9, true, 1 - true)
    hit = (groups["sex"] == "f") & (groups["race"] == "b") & (groups["age"] == "o") & (true == 1)
    bad = judged(groups, true, np.where(hit & (rng.random(12_000) < 0.7), 0, said))

    assert bad.outcome == "fail"
    assert "sex × race × age" in bad.message
    assert judged(groups, true, said).outcome == "pass"


@pytest.mark.parametrize("seed", range(12))
def test_many_crossings_raise_no_alarm(seed):
    """Twenty-six groups and crossings of one true rate."""
    groups, rng = three(1500, seed), np.random.default_rng(seed + 50)
    true = rng.integers(0, 2, 1500)

    assert judged(groups, true, np.where(rng.random(1500) < 0.8, true, 1 - true)).outcome in ("pass", "inconclusive")


def test_many_small_groups_are_said_shortly_and_wide_columns_not_crossed():
    """Forty countries, of which thirty-eight are rare: one group together; the finding stays small."""
    rng, n = np.random.default_rng(0), 6000
    groups = three(n) | {"country": rng.choice([f"c{i}" for i in range(40)], n, p=[0.6, 0.2, *[0.2 / 38] * 38])}
    groups["job"] = rng.choice([f"j{i}" for i in range(9)], n)
    groups["rare"] = np.where(np.arange(n) < 12, "yes", "no")
    true = rng.integers(0, 2, n)
    found = judged(groups, true, np.where(rng.random(n) < 0.85, true, 1 - true))

    assert len(found.message) < 600
    assert "rare = yes (n = 12)" in found.message
    assert "job not crossed" in found.message
    assert {row[0] for row in next(t for t in found.tables if t.title == "By country").rows} == {"c0", "c1", "other"}
    assert len(json.dumps(found.to_json())) < 30_000


def test_equalised_odds_is_fairlearns():
    """The larger of the two gaps."""
    rng = np.random.default_rng(2)
    group, true, said = rng.choice(list("abc"), 700), rng.integers(0, 2, 700), rng.integers(0, 2, 700)
    found = judged(group, true, said).measured

    expected = fairlearn.equalized_odds_difference(true, said, sensitive_features=group)
    assert found["equalised_odds_difference (sex)"].value == pytest.approx(expected, abs=1e-12)


def regression(spread, n=3000, seed=0):
    """Errors of this spread in two groups, right on average."""
    rng = np.random.default_rng(seed)
    group = rng.choice(["f", "m"], n)
    said = rng.normal(size=n) * 10
    y = said + rng.normal(size=n) * np.where(group == "f", spread, 1.0) * 3
    found = find(
        "group-disparity",
        model=Number(),
        X_test=said[:, None],
        y_test=y,
        sensitive_features={"sex": group},
        task=Task.REGRESSION,
        class_names=None,
    )
    return found, group, y, said


def test_wider_errors_for_one_group_warn():
    """Twice the RMSE, the same mean; the twin passes; the numbers are fairlearn's."""
    bad, group, y, said = regression(2.0)
    frame = fairlearn.MetricFrame(metrics=root_mean_squared_error, y_true=y, y_pred=said, sensitive_features=group)

    assert bad.outcome == "warn"
    assert "RMSE" in bad.message
    assert bad.measured["rmse_difference (sex)"].value * y.std() == pytest.approx(frame.difference(), abs=1e-9)
    assert bad.measured["rmse_ratio (sex)"].value == pytest.approx(frame.ratio(), abs=1e-12)
    assert regression(1.0)[0].outcome == "pass"
