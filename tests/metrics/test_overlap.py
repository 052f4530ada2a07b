"""Overlap against chance, and natural repeats told from copies."""

import numpy as np
import pytest

from mlready_nb import frames
from mlready_nb.leakage.rows.natural import copied_pairs
from mlready_nb.metrics.overlap import overlap


def test_a_fair_split_of_repeats_is_chance():
    """Rows that repeat by nature find a twin as often as training rows do among themselves."""
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 400, 2000).astype(np.uint64)
    seen = overlap(rows[:1500], rows[1500:])
    assert seen.p_value > 0.01
    assert seen.excess < 0.05 * seen.n


def test_rows_copied_across_exceed_it():
    """Copies put into the test set cannot raise the chance level."""
    rng = np.random.default_rng(0)
    train = rng.integers(0, 2**60, 1500).astype(np.uint64)
    seen = overlap(train, np.concatenate([train[:40], rng.integers(0, 2**60, 400).astype(np.uint64)]))
    assert (seen.shared, seen.n) == (40, 440)
    assert seen.p_value < 1e-6


def test_rows_that_occur_once_may_be_left_out():
    """The counts over a sieve's rows equal those over all."""
    rng = np.random.default_rng(1)
    train, test = rng.integers(0, 3000, 2000).astype(np.uint64), rng.integers(0, 3000, 700).astype(np.uint64)
    values, counts = np.unique(np.concatenate([train, test]), return_counts=True)
    again = values[counts > 1]
    few = overlap(train[np.isin(train, again)], test[np.isin(test, again)], sizes=(2000, 700))
    whole = overlap(train, test)
    assert (few.shared, few.n, few.expected, few.p_value) == (whole.shared, whole.n, whole.expected, whole.p_value)


@pytest.mark.parametrize("copies", [0, 300])
def test_copies_are_told_from_natural_repeats(copies):
    """The share of copied pairs is near 0 in coarse data, and short of the truth, not above it, with copies among them."""
    rng = np.random.default_rng(2)
    table = np.column_stack([rng.integers(0, k, 3000) for k in (30, 12, 8, 4)])
    more = np.vstack([table, table[rng.choice(3000, copies, replace=False)]])
    truth = 1 - pairs(table) / pairs(more)
    columns = [frames.value_hashes(more[:, i]) for i in range(4)]
    assert truth - 0.2 < copied_pairs(columns[:3], columns[3:]) < truth + 0.1


def pairs(table):
    """Pairs of equal rows."""
    counts = np.unique(table, axis=0, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())
