"""The numbers by group, equal to fairlearn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import accuracy_score

from mlready_nb.metrics import groups as ours

fairlearn = pytest.importorskip("fairlearn.metrics")

N = 60
BOOLEANS = arrays(bool, N)
GROUPS = arrays(np.intp, N, elements=st.integers(0, 2))
quick = settings(max_examples=40, deadline=None)


def rate(name):
    """The function of that name of fairlearn."""
    return accuracy_score if name == "accuracy" else getattr(fairlearn, name)


def sample(seed=0, n=400, k=4):
    """Groups, truth and predictions, where groups differ and every rate has its rows."""
    rng = np.random.default_rng(seed)
    groups, true = rng.integers(0, k, n), rng.random(n) < 0.4
    return groups, true, rng.random(n) < np.where(true, 0.7, 0.2) * (1 - groups / 10)


@quick
@given(GROUPS, BOOLEANS, BOOLEANS)
def test_rates_of_each_group(groups, true, predicted):
    """Every rate of every group is fairlearn's; where a group has no trials there is none."""
    counts = ours.count(groups, true, predicted, 3)
    assert counts.sum() == N
    got = ours.rates(counts)
    assert tuple(got) == ours.RATES
    for name, values in got.items():
        for g in range(3):
            rows = groups == g
            needs = {"true_positive_rate": true[rows], "false_positive_rate": ~true[rows]}.get(name, rows[rows])
            if needs.any():
                assert values[g] == pytest.approx(rate(name)(true[rows], predicted[rows]), abs=1e-12)
            else:
                assert np.isnan(values[g])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ours.RATES)
def test_differences_and_ratios(seed, name):
    """Between-group difference and ratio equal those of fairlearn's `MetricFrame`."""
    groups, true, predicted = sample(seed)
    frame = fairlearn.MetricFrame(metrics=rate(name), y_true=true, y_pred=predicted, sensitive_features=groups)
    values = ours.rates(ours.count(groups, true, predicted, 4))[name]
    np.testing.assert_allclose(values, frame.by_group.to_numpy(dtype=float), rtol=0, atol=1e-12)
    assert ours.difference(values) == pytest.approx(frame.difference(), abs=1e-12)
    assert ours.ratio(values) == pytest.approx(frame.ratio(), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_parity_and_odds(seed):
    """Demographic parity and equalized odds follow from the rates as in fairlearn."""
    groups, true, predicted = sample(seed)
    rates = ours.rates(ours.count(groups, true, predicted, 4))
    given_ = {"y_true": true, "y_pred": predicted, "sensitive_features": groups}
    odds = ("true_positive_rate", "false_positive_rate")
    close = {"rel": 0, "abs": 1e-12}
    selected = rates["selection_rate"]
    assert ours.difference(selected) == pytest.approx(fairlearn.demographic_parity_difference(**given_), **close)
    assert ours.ratio(selected) == pytest.approx(fairlearn.demographic_parity_ratio(**given_), **close)
    assert max(ours.difference(rates[r]) for r in odds) == pytest.approx(
        fairlearn.equalized_odds_difference(**given_), **close
    )
    assert min(ours.ratio(rates[r]) for r in odds) == pytest.approx(fairlearn.equalized_odds_ratio(**given_), **close)


def test_missing_groups_are_left_out():
    """A row without a group (-1) is counted nowhere."""
    groups, true, predicted = sample()
    kept = groups != 2
    marked = np.where(kept, groups, -1)
    expected = ours.count(groups[kept], true[kept], predicted[kept], 4)
    np.testing.assert_array_equal(ours.count(marked, true, predicted, 4), expected)
    assert expected[2].sum() == 0


def test_groups_without_trials_are_passed_over():
    """A group without positives does not spoil the difference of the others; nobody selected has no ratio."""
    values = np.array([0.2, np.nan, 0.5])
    assert ours.difference(values) == pytest.approx(0.3)
    assert ours.ratio(values) == pytest.approx(0.4)
    assert np.isnan(ours.ratio(np.zeros(3)))


@pytest.mark.filterwarnings("error")
def test_no_trials_at_all():
    """Where no group has trials there is no number and no warning."""
    nothing = np.full((2, 3), np.nan)
    assert np.isnan(ours.difference(nothing)).all()
    assert np.isnan(ours.ratio(nothing)).all()
    assert ours.count(np.array([], dtype=np.intp), np.array([], dtype=bool), np.array([], dtype=bool), 2).sum() == 0


def test_many_tables_at_once():
    """Draws of a bootstrap are taken as one array, the same numbers as one by one."""
    tables = np.random.default_rng(0).integers(1, 9, size=(6, 3, 2, 2))
    for name, values in ours.rates(tables).items():
        np.testing.assert_array_equal(values, [ours.rates(t)[name] for t in tables])
        np.testing.assert_array_equal(ours.difference(values), [ours.difference(v) for v in values])


def test_crossed_groups():
    """A crossing has every pair by name; a row that lacks either has none."""
    codes, names = ours.crossed(np.array([0, 1, -1, 1]), ["f", "m"], np.array([2, 0, 1, -1]), ["x", "y", "z"])
    assert [names[c] if c >= 0 else None for c in codes] == ["f × z", "m × x", None, None]
    assert len(names) == 6
