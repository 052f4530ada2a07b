"""Weak slices: found where planted, with intervals that hold; seldom where nothing is."""

import numpy as np

from mlready_nb.metrics import slices


def columns(n, seed, k=8):
    """So many columns of five bins."""
    rng = np.random.default_rng(seed)
    labels = tuple(f"= {b}" for b in range(5))
    return [slices.Binned(name=f"c{i}", codes=rng.integers(0, 5, n), labels=labels) for i in range(k)]


def found(n, seed, planted=None):
    """The slices of columns in which the rate of loss is 0.2, and 0.6 in the planted rows."""
    cols = columns(n, seed)
    rng = np.random.default_rng(seed + 500)
    rate = np.full(n, 0.2)
    if planted is not None:
        rate[planted(cols)] = 0.6
    loss = (rng.random(n) < rate).astype(float)
    first = rng.permutation(n) < n // 2
    return slices.weakest(cols, loss, np.full(n, loss.mean()), first, min_rows=25, min_excess=0.05)


def test_one_and_two_columns_are_found_by_name():
    """A bin of one column, and the crossing of two, lead the list with the planted excess in the interval."""
    one = found(3000, 0, lambda c: c[2].codes == 3)[0]
    two = found(6000, 1, lambda c: (c[1].codes == 0) & (c[4].codes == 4))[0]

    assert one.parts == (("c2", "= 3"),)
    assert one.low < 0.4 < one.high
    assert one.p_value < 1e-6
    assert set(two.parts) == {("c1", "= 0"), ("c4", "= 4")}


def test_a_tree_finds_what_no_single_bin_is():
    """Two neighbouring bins of one column and two of another."""
    leading = found(6000, 2, lambda c: (c[0].codes >= 3) & (c[5].codes <= 1))

    assert any({"c0", "c5"} <= {name for name, _ in s.parts} and s.low > 0.2 for s in leading)


def test_nothing_is_confirmed_where_nothing_is():
    """Of forty samples without a slice, at most two have one with an interval above five points."""
    alarms = sum(
        any(s.low > 0.05 and s.excess > 0.1 and s.p_value < 0.1 for s in found(1200, seed)) for seed in range(100)
    )

    assert alarms <= 2


def test_expected_loss_takes_out_what_the_model_knows():
    """Rows that are hard and answered near one half are as hard as was to be expected."""
    rng = np.random.default_rng(0)
    proba = rng.random(5000)
    wrong = (rng.random(5000) < np.minimum(proba, 1 - proba)).astype(float)
    surprise = wrong - slices.expected_loss(proba, wrong)

    assert abs(surprise[np.abs(proba - 0.5) < 0.1].mean()) < 0.03


def test_a_blind_category_is_found_and_a_hard_one_is_not():
    """Labels at random in one category; in another only nearer to the boundary."""
    rng = np.random.default_rng(3)
    n = 6000
    codes = rng.integers(0, 4, n)
    score = rng.normal(size=n) * np.where(codes == 2, 0.6, 2.0)
    true = (rng.random(n) < 1 / (1 + np.exp(-score))).astype(int)
    true[codes == 1] = rng.integers(0, 2, int((codes == 1).sum()))
    wrong = (true != (score > 0)).astype(float)
    column = slices.Binned(name="city", codes=codes, labels=("= A", "= B", "= C", "= D"))
    ranked = slices.blind([column], true, wrong, score, min_rows=50, min_gap=0.1)

    assert [s.name for s in ranked] == ["city = B"]
    assert ranked[0].high < 0.25
