"""The numbers of regression, equal to scikit-learn's, with intervals that hold them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics as theirs

from mlready_nb.metrics import regression as ours

VALUES = arrays(float, 12, elements=st.floats(-1e6, 1e6).map(lambda v: round(v, 3)))


@settings(max_examples=60, deadline=None)
@given(VALUES, VALUES)
def test_equal_to_scikit_learn(y_true, y_pred):
    """R2, MAE and RMSE of any numbers."""
    assert ours.mae(y_true, y_pred) == pytest.approx(theirs.mean_absolute_error(y_true, y_pred))
    assert ours.rmse(y_true, y_pred) == pytest.approx(theirs.mean_squared_error(y_true, y_pred) ** 0.5)
    if len(np.unique(y_true)) > 1:
        assert ours.r2(y_true, y_pred) == pytest.approx(theirs.r2_score(y_true, y_pred), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e9 + 0.1])
def test_a_constant_target_has_no_r2(constant):
    """R2 of a constant target is no number, rounding of its mean or not."""
    y_true = np.full(7, constant)
    assert np.isnan(ours.r2(y_true, y_true + 1))
    assert np.isnan(ours.r2(y_true[:1], y_true[:1]))


def test_intervals_hold_the_value():
    """Each number lies within its interval, which narrows with the rows."""
    rng = np.random.default_rng(0)
    widths = {}
    for n in (100, 2500):
        y_true = rng.normal(size=n)
        found = ours.all_with_intervals(y_true, y_true + rng.normal(scale=0.5, size=n))
        assert tuple(found) == ("r2", "mae", "rmse")
        for name, (value, low, high) in found.items():
            assert low < value < high
            widths.setdefault(name, []).append(high - low)
    assert all(few > 3 * many for few, many in widths.values())


def test_integers_do_not_wrap_round():
    """Small integer types are counted as numbers, not modulo their size."""
    y_true, y_pred = np.array([0, 250, 3], dtype=np.uint8), np.array([5, 0, 200], dtype=np.uint8)
    assert ours.mae(y_true, y_pred) == pytest.approx((5 + 250 + 197) / 3)
    assert ours.rmse(y_true, y_pred) == pytest.approx(np.sqrt((25 + 250**2 + 197**2) / 3))
    plain = theirs.r2_score(y_true.astype(float), y_pred.astype(float))
    assert ours.r2(y_true, y_pred) == pytest.approx(plain)
