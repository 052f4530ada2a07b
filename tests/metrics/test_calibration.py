"""Calibration: the error, what chance makes of it, and the parts of the Brier score."""

import numpy as np
import pytest

from mlready_nb.metrics import calibration


def sample(n, seed, distort=lambda p: p):
    """(stated probabilities, outcomes) where the outcomes follow the undistorted probabilities."""
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 1.5, n)
    return distort(p), (rng.random(n) < p).astype(float)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [1, 7, 400])
def test_the_parts_add_up_to_the_brier_score(n, seed):
    """Reliability - resolution + uncertainty + the rest is the mean square, to the last digits."""
    p, hit = sample(n, seed)
    parts = calibration.brier_parts(p, hit, calibration.binned(p, hit))

    assert parts["brier_score"] == pytest.approx(np.mean((p - hit) ** 2), abs=2e-12)
    whole = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within_bins"]
    assert whole == pytest.approx(parts["brier_score"], abs=1e-12)


def test_nothing_varies_within_bins_of_one_probability_each():
    """Murphy's three parts are then the whole."""
    p = np.repeat([0.1, 0.4, 0.9], 50)
    hit = np.tile([0.0, 1.0, 0.0, 0.0, 1.0], 30)
    parts = calibration.brier_parts(p, hit, calibration.binned(p, hit))

    assert parts["within_bins"] == pytest.approx(0, abs=1e-12)


def test_the_error_of_a_constant_shift_is_the_shift():
    """Outcomes of 0.5 that are stated as 0.8."""
    bins = calibration.binned(np.full(1000, 0.8), np.tile([0.0, 1.0], 500))

    assert len(bins.n) == 1
    assert bins.ece == pytest.approx(0.3)
    assert bins.shift() == pytest.approx(-0.3)


def test_chance_covers_a_calibrated_model():
    """The error of a calibrated sample lies below the 97.5 % of chance in most of 100 samples, and its interval holds 0."""
    above = low = 0
    for seed in range(100):
        bins = calibration.binned(*sample(300, seed))
        above += bins.ece > np.quantile(calibration.ece_by_chance(bins, 300), 0.975)
        low += calibration.ece_interval(bins, 300)[0] > 0.03

    assert above <= 8
    assert low <= 4


def test_the_interval_holds_the_true_error():
    """A third root of the probabilities: the true error by many rows lies in the intervals of few."""
    true = calibration.binned(*sample(400_000, 1, np.cbrt)).ece
    inside = sum(low <= true <= high for low, high in (
        calibration.ece_interval(calibration.binned(*sample(500, seed, np.cbrt)), 300) for seed in range(100)
    ))  # fmt: skip

    assert inside >= 88
