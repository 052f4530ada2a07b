"""Rates by group: fairlearn's numbers, honest intervals, small groups named."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from fairlearn import metrics as fairlearn

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import Oracle, numbers


class Number:
    """A regression whose answer stands in the first column."""

    def predict(self, X):
        """Numbers."""
        return np.asarray(X, dtype=float)[:, 0]


def judged(group, true, said, names=(0, 1), **rest):
    """The finding for these groups, labels and answers."""
    names = np.asarray(names)
    task = Task.BINARY if len(names) == 2 else Task.MULTICLASS
    features = group if isinstance(group, dict) else {"sex": group}
    return find(
        "group-disparity", model=Oracle(names), X_test=np.asarray(said)[:, None], y_test=names[np.asarray(true)],
        sensitive_features=features, task=task, class_names=tuple(names.tolist()), **rest,
    )  # fmt: skip


def population(n, tpr, fpr, base=(0.5, 0.5), share=0.5, seed=0):
    """(group, true, said) with these rates by group, exact but for rounding."""
    rng = np.random.default_rng(seed)
    group, true, said = [], [], []
    for name, size, t, f, b in zip(("f", "m"), (round(n * share), n - round(n * share)), tpr, fpr, base, strict=True):
        ones = round(size * b)
        group += [name] * size
        true += [1] * ones + [0] * (size - ones)
        said += [1] * round(ones * t) + [0] * (ones - round(ones * t))
        said += [1] * round((size - ones) * f) + [0] * (size - ones - round((size - ones) * f))
    order = rng.permutation(len(true))
    return np.array(group)[order], np.array(true)[order], np.array(said)[order]


def test_a_group_that_is_missed_more_often_fails_and_its_twin_passes():
    """True positive rates of 0.6 and 0.9; the same rates on the twin."""
    bad = judged(*population(2000, (0.6, 0.9), (0.1, 0.1)))
    twin = judged(*population(8000, (0.9, 0.9), (0.1, 0.1)))

    assert bad.outcome == "fail"
    assert "true positive rate by sex: m over f by 0.300" in bad.message
    assert twin.outcome == "pass"


def test_a_moderate_gap_warns_and_few_rows_decide_nothing():
    """Fifteen points are a warning; on eighty rows the same rates cannot be told."""
    assert judged(*population(6000, (0.7, 0.85), (0.1, 0.1))).outcome == "warn"
    few = judged(*population(160, (0.8, 0.9), (0.1, 0.1)))
    assert few.outcome == "inconclusive"
    assert "160 test rows cannot tell" in few.message


@pytest.mark.parametrize("seed", range(4))
def test_the_numbers_are_fairlearns(seed):
    """Differences and ratios of every rate, for three groups, to the last digits."""
    rng = np.random.default_rng(seed)
    group, true, said = (
        rng.choice(["a", "b", "c"], 900, p=[0.6, 0.3, 0.1]),
        rng.integers(0, 2, 900),
        rng.integers(0, 2, 900),
    )
    found = judged(group, true, said).measured
    frame = fairlearn.MetricFrame(
        metrics={n: getattr(fairlearn, n) for n in ("selection_rate", "true_positive_rate", "false_positive_rate")},
        y_true=true, y_pred=said, sensitive_features=group,
    )  # fmt: skip

    for rate in frame.overall.index:
        assert found[f"{rate}_difference (sex)"].value == pytest.approx(frame.difference()[rate], abs=1e-12)
        assert found[f"{rate}_ratio (sex)"].value == pytest.approx(frame.ratio()[rate], abs=1e-12)
    parity = fairlearn.demographic_parity_difference(true, said, sensitive_features=group)
    odds = fairlearn.equalized_odds_difference(true, said, sensitive_features=group)
    assert found["selection_rate_difference (sex)"].value == pytest.approx(parity, abs=1e-12)
    rates = ("true_positive_rate", "false_positive_rate")
    assert max(found[f"{r}_difference (sex)"].value for r in rates) == pytest.approx(odds, abs=1e-12)


def test_the_ratio_alone_never_passes_and_never_fails():
    """A ratio of 0.5 of rare answers warns although five points hardly differ; one above 0.8 on few rows is open."""
    below = judged(*population(40_000, (0.8, 0.8), (0.0, 0.0), base=(0.05, 0.1)))
    above = judged(*population(200, (0.9, 0.85), (0.1, 0.1)))

    assert below.outcome == "warn"
    assert "ratio 0.500" in below.message
    assert above.measured["selection_rate_ratio (sex)"].value > 0.8
    assert above.outcome == "inconclusive"


def test_different_base_rates_are_a_warning_at_most():
    """Answers follow the labels in both groups: selection differs, errors do not."""
    assert judged(*population(8000, (0.9, 0.9), (0.05, 0.05), base=(0.2, 0.5))).outcome == "warn"


def test_small_groups_are_named_and_left_out():
    """Twelve rows of a third group, all wrong: too small to say, and said so."""
    group, true, said = population(8000, (0.9, 0.9), (0.1, 0.1))
    found = judged(np.append(group, ["x"] * 12), np.append(true, [1] * 12), np.append(said, [0] * 12))

    assert found.outcome == "pass"
    assert "Too small to say (below 30): sex = x (n = 12)" in found.message


def test_too_few_positives_are_no_pass():
    """Two large groups, of which one has five positives: its true positive rate is unknown."""
    found = judged(*population(8000, (0.8, 0.8), (0.01, 0.01), base=(0.00125, 0.02)))

    assert found.outcome == "inconclusive"
    assert "no true positive rate can be compared" in found.message


def test_a_large_gap_behind_a_wider_but_uncertain_one_is_found():
    """Of three groups the smallest has the lowest rate and proves nothing; the middle one does."""
    rng = np.random.default_rng(0)
    sizes, rates = {"a": 4000, "b": 4000, "c": 70}, {"a": 0.9, "b": 0.7, "c": 0.66}
    group = np.repeat(list(sizes), list(sizes.values()))
    true = rng.integers(0, 2, len(group))
    hit = rng.random(len(group)) < np.vectorize(rates.get)(group)
    found = judged(group, true, np.where(true == 1, hit, 0).astype(int))

    assert found.outcome in ("warn", "fail")
    assert "a over b" in found.message


@pytest.mark.parametrize("values", [pl.Series, pd.Series, list, lambda v: pd.Series(v).astype("category")])
def test_text_labels_and_groups_of_every_make(values):
    """Labels yes and no, groups with gaps."""
    group, true, said = population(2000, (0.5, 0.9), (0.1, 0.1))
    group = group.astype(object)
    group[:20] = None
    found = judged({"sex": values(group.tolist())}, true, said, names=("no", "yes"))

    assert found.outcome == "fail"
    assert "m over f" in found.message


def test_several_classes_and_a_crossing():
    """The class that is missed in one group is named; so is the crossing of two columns."""
    rng = np.random.default_rng(0)
    true, sex, site = rng.integers(0, 3, 6000), rng.choice(["f", "m"], 6000), rng.choice(["n", "s"], 6000)
    said = np.where((true == 2) & (sex == "f") & (rng.random(6000) < 0.5), 0, true)
    several = judged(sex, true, said, names=("x", "y", "z"))
    both = np.where((true == 1) & (sex == "f") & (site == "s") & (rng.random(6000) < 0.8), 0, np.minimum(true, 1))
    crossed = judged({"sex": sex, "site": site}, np.minimum(true, 1), both)

    assert several.outcome == "fail"
    assert "of 'z' by sex" in several.message
    assert crossed.outcome == "fail"
    assert any("sex × site" in table.title for table in crossed.tables)


def test_ages_are_cut_at_their_quartiles():
    """A number with many values becomes four groups."""
    rng = np.random.default_rng(0)
    age, true = rng.integers(18, 90, 4000), rng.integers(0, 2, 4000)
    found = judged({"age": age}, true, np.where((age > 72) & (rng.random(4000) < 0.5), 0, true))

    assert found.outcome == "fail"
    assert len(found.tables[0].rows) == 4


@pytest.mark.parametrize(("shift", "outcome"), [(0.0, "pass"), (1.0, "warn")])
def test_a_regression_compares_residuals(shift, outcome):
    """One group predicted a standard deviation too high; the twin is not."""
    X = numbers(20_000)
    sex = np.random.default_rng(1).choice(["f", "m"], 20_000)
    found = find(
        "group-disparity", model=Number(), X_test=X.assign(a=X["a"] + shift * (sex == "f")).to_numpy(),
        y_test=X["a"] + 0.5 * X["b"], sensitive_features={"sex": sex}, task=Task.REGRESSION,
    )  # fmt: skip

    assert found.outcome == outcome


@pytest.mark.parametrize("seed", range(8))
def test_fair_draws_are_never_accused(seed):
    """Five groups and two columns of pure chance."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 2, 1500)
    said = np.where(rng.random(1500) < 0.8, true, 1 - true)
    found = judged({"race": rng.choice(list("abcde"), 1500), "sex": rng.choice(["f", "m"], 1500)}, true, said)

    assert found.outcome in ("pass", "inconclusive")


def test_equal_groups_are_called_alike():
    """No group is over itself."""
    group, true, _ = population(4000, (1, 1), (0, 0))
    found = judged(group, true, true)

    assert found.outcome == "pass"
    assert "f and m alike" in found.message


def test_it_names_what_is_missing():
    """No column; one of another length; one group only."""
    group, true, said = population(200, (0.9, 0.9), (0.1, 0.1))
    found = find(
        "group-disparity", model=Oracle([0, 1]), X_test=said[:, None], y_test=true, task=Task.BINARY, class_names=(0, 1)
    )

    assert "sensitive=<column>" in found.message
    assert "150 values for 200 test rows" in judged({"sex": group[:150]}, true, said).message
    assert judged(np.array(["f"] * 200), true, said).outcome == "not_applicable"
