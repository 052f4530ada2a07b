"""Intervals: known values, bounds that always hold, and coverage by simulation."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from mlready_nb.metrics import intervals as ours

COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
quick = settings(max_examples=150, deadline=None)


@quick
@given(COUNTS)
def test_wilson(hits):
    """Equal to SciPy's Wilson interval, within 0 and 1, around the proportion."""
    a, n = hits
    low, high = ours.wilson(a, n)
    expected = stats.binomtest(a, n).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert 0 <= low <= a / n + 1e-12
    assert a / n - 1e-12 <= high <= 1


@quick
@given(COUNTS, COUNTS)
def test_newcombe(first, second):
    """The interval of a difference holds it, lies within -1 and 1, and turns round with its arguments."""
    low, high = ours.newcombe(*first, *second)
    difference = first[0] / first[1] - second[0] / second[1]
    assert -1 <= low <= difference + 1e-12
    assert difference - 1e-12 <= high <= 1
    back = ours.newcombe(*second, *first)
    assert back == pytest.approx((-high, -low), abs=1e-12)


def test_newcombe_known_value():
    """Newcombe (1998), table II, example (a) of method 10: 56/70 against 48/80."""
    assert ours.newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert ours.newcombe(0, 10, 0, 10) == pytest.approx((-0.2775, 0.2775), abs=5e-5)


@quick
@given(COUNTS, COUNTS)
def test_ratio(first, second):
    """The interval of a ratio is positive, ordered, and turns over with its arguments."""
    low, high = ours.ratio(*first, *second)
    assert 0 < low <= high < math.inf
    assert ours.ratio(*second, *first) == pytest.approx((1 / high, 1 / low))
    if min(first[0], second[0]) >= 50:
        assert low <= (first[0] / first[1]) / (second[0] / second[1]) <= high or low == pytest.approx(high)


def test_without_rows_anything_is_possible():
    """No rows: the whole range."""
    assert ours.wilson(0, 0) == (0, 1)
    assert ours.newcombe(0, 0, 5, 10) == (-1, 1)
    assert ours.ratio(5, 10, 0, 0) == (0, math.inf)
    assert ours.mean_interval(np.array([1.0])) == (-math.inf, math.inf)
    assert ours.percentiles(np.full(50, np.nan)) == (-math.inf, math.inf)


@pytest.mark.parametrize("p", [0.05, 0.3, 0.9])
def test_wilson_covers(p):
    """About 95 of 100 intervals hold the true proportion, summed over the binomial law."""
    n = 80
    held = [low <= p <= high for low, high in (ours.wilson(a, n) for a in range(n + 1))]
    assert 0.93 < stats.binom.pmf(np.arange(n + 1), n, p)[held].sum() < 0.98


def test_comparisons_widen():
    """The quantile of one comparison is that of 95 %; more of them widen every interval."""
    assert ours.quantile(1) == pytest.approx(ours.Z)
    assert ours.quantile(0) == pytest.approx(ours.Z)
    z = ours.quantile(10)
    assert z == pytest.approx(stats.norm.ppf(1 - 0.025 / 10))
    for interval, args in ((ours.wilson, (3, 10)), (ours.newcombe, (3, 10, 4, 9)), (ours.ratio, (3, 10, 4, 9))):
        (low, high), (lower, higher) = interval(*args), interval(*args, z=z)
        assert lower < low < high < higher


def test_bootstrap_of_a_mean():
    """The bootstrap of a mean is near the normal interval, and the same each time."""
    values = np.random.default_rng(0).normal(size=500)
    got = ours.bootstrap(lambda v: float(v.mean()), values)
    assert got == pytest.approx(ours.mean_interval(values), abs=0.02)
    assert got == ours.bootstrap(lambda v: float(v.mean()), values)


def test_bootstrap_of_many_rows():
    """Above the limit the spread of a subsample is scaled to that of all rows."""
    values = np.random.default_rng(0).normal(size=4 * ours.BOOTSTRAP_ROWS)
    low, high = ours.bootstrap(lambda v: float(v.mean()), values)
    expected = ours.mean_interval(values)
    assert low <= values.mean() <= high
    assert high - low == pytest.approx(expected[1] - expected[0], rel=0.25)


def test_bootstrap_draws_rows_together_and_keeps_strata():
    """Rows of all arrays are drawn together; strata keep their shares in each draw."""
    strata = np.repeat([0, 1], [90, 10])
    values = np.arange(100.0)
    seen = []

    def metric(a, b, s):
        assert (b == 2 * a).all()
        seen.append(s.mean())
        return float(a.mean())

    ours.bootstrap(metric, values, 2 * values, strata, strata=strata)
    assert set(np.round(seen, 12)) == {0.1}


def test_bootstrap_without_enough_numbers():
    """A metric that is hardly ever a number has no interval."""
    assert ours.bootstrap(lambda _: math.nan, np.ones(9)) == (-math.inf, math.inf)
    assert ours.bootstrap(lambda v: float(v.mean()) if len(v) else math.nan, np.ones(0)) == (-math.inf, math.inf)


def test_paired():
    """Two models on the same rows: what they share does not widen the difference."""
    rng = np.random.default_rng(0)
    right = rng.random(400) < 0.7
    better = right | (rng.random(400) < 0.1)
    low, high = ours.paired(lambda rows: float(better[rows].mean() - right[rows].mean()), 400)
    assert 0 < low < better.mean() - right.mean() < high
    apart = ours.newcombe(better.sum(), 400, right.sum(), 400)
    assert high - low < apart[1] - apart[0]


def test_multinomial_is_the_bootstrap_of_rows():
    """Tables drawn from counts keep n and have the spread that resampled rows have."""
    counts = np.array([[30, 10], [5, 55]])
    draws = ours.multinomial(counts)
    assert draws.shape == (1000, 2, 2)
    assert (draws.sum(axis=(1, 2)) == 100).all()
    np.testing.assert_allclose(draws.mean(axis=0), counts, atol=0.6)
    accuracy = (draws[:, 0, 0] + draws[:, 1, 1]) / 100
    assert accuracy.std() == pytest.approx(math.sqrt(0.85 * 0.15 / 100), rel=0.1)
    assert ours.percentiles(accuracy) == pytest.approx(ours.wilson(85, 100), abs=0.03)
    assert ours.multinomial(np.zeros((2, 2)), 5).sum() == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.2, 0.4, 0.5, 0.7, 1.0])), min_size=2, max_size=40))
@example([(True, 0.5), (False, 0.5)] * 5)
@example([(True, 1.0), (False, 0.0)] * 5)
def test_delong_bounds(rows):
    """The AUC is scikit-learn's, its interval holds it and lies within 0 and 1."""
    positive, scores = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    assume(positive.any() and not positive.all())
    auc, low, high = ours.delong(positive, scores)
    assert auc == pytest.approx(roc_auc_score(positive, scores), abs=1e-12)
    assert 0 <= low <= auc <= high <= 1
    mirrored = ours.delong(positive, -scores)
    assert mirrored == pytest.approx((1 - auc, 1 - high, 1 - low), abs=1e-9)


def test_delong_variance():
    """The spread is DeLong's, worked out pair by pair."""
    rng = np.random.default_rng(1)
    pos, neg = rng.normal(1, 1, 30), rng.normal(0, 1, 50)
    wins = (pos[:, None] > neg).astype(float) + 0.5 * (pos[:, None] == neg)
    sd = math.sqrt(wins.mean(axis=1).var(ddof=1) / 30 + wins.mean(axis=0).var(ddof=1) / 50)
    auc, low, high = ours.delong(np.arange(80) < 30, np.concatenate([pos, neg]))
    logit = math.log(auc / (1 - auc))
    half = ours.Z * sd / (auc * (1 - auc))
    assert (low, high) == pytest.approx((1 / (1 + math.exp(half - logit)), 1 / (1 + math.exp(-half - logit))))


def test_delong_covers():
    """About 95 of 100 intervals hold the true AUC of two normal laws."""
    rng = np.random.default_rng(2)
    truth, held = stats.norm.cdf(1 / math.sqrt(2)), 0
    positive = np.arange(100) < 40
    for _ in range(300):
        _, low, high = ours.delong(positive, rng.normal(size=100) + positive)
        held += low <= truth <= high
    assert 0.91 <= held / 300 <= 0.99


def test_delong_at_the_ends():
    """One class has no AUC; a perfect ranking of a few rows is not certain; ties of all rows are one half."""
    assert np.isnan(ours.delong(np.ones(5, dtype=bool), np.arange(5.0))[0])
    few, many = (ours.delong(np.arange(n) < n // 2, -np.arange(float(n))) for n in (6, 600))
    assert few[0] == many[0] == few[2] == many[2] == 1
    assert few[1] < 0.6
    assert many[1] > 0.98
    auc, low, high = ours.delong(np.arange(10) < 5, np.zeros(10))
    assert auc == 0.5
    assert 0.1 < low < 0.5 < high < 0.9


@quick
@given(st.lists(st.floats(0, 1), max_size=20))
def test_benjamini_hochberg(p_values):
    """Equal to SciPy's, never below the p-value itself, never above 1."""
    got = ours.benjamini_hochberg(p_values)
    assert got.shape == (len(p_values),)
    if p_values:
        np.testing.assert_allclose(got, stats.false_discovery_control(p_values), atol=1e-12)
        assert (got >= np.array(p_values) - 1e-12).all()


def test_mean_interval():
    """The normal interval of a mean."""
    values = np.random.default_rng(0).normal(3, 2, 200)
    low, high = ours.mean_interval(values)
    assert (low, high) == pytest.approx(stats.norm.interval(0.95, values.mean(), stats.sem(values)))
