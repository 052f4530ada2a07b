"""Rows made of other rows before the split."""

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler

from mlready_nb.leakage.values import witness
from mlready_nb.subjects import Budget
from tests.leakage.tables import split, subjects, table

SAMPLERS = [
    SMOTE(random_state=0),
    BorderlineSMOTE(random_state=0),
    ADASYN(random_state=0),
    RandomOverSampler(random_state=0),
]


def rare(n=1500):
    X, _ = table(n=n)
    r = np.random.default_rng(8)
    return X, pd.Series((r.random(n) < 0.05 + 0.1 * (X["height"] > 178)).astype(int))


@pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda s: type(s).__name__)
def test_sampled_before_the_split_is_proven(sampler):
    """Interpolated or repeated rows on the test side; the twin samples the training rows alone."""
    X, y = rare()
    (said,) = witness(subjects(*split(*sampler.fit_resample(X, y))), Budget(30))
    assert said.kind == "oversampling"
    assert said.by_chance < 1e-6

    a, b, c, d = split(X, y)
    a, c = sampler.fit_resample(a, c)
    assert witness(subjects(a, b, c, d), Budget(30)) == []


def test_a_class_appended_a_few_times():
    """`concat([df] + [rare] * 5)`: every row of the class stands there equally often."""
    X, y = rare()
    whole = pd.concat([X, *[X[y == 1]] * 5], ignore_index=True)
    labels = pd.concat([y, *[y[y == 1]] * 5], ignore_index=True)
    (said,) = witness(subjects(*split(whole, labels)), Budget(30))
    assert said.kind == "oversampling"
    assert "repeats" in said.message


def test_natural_repeats_are_quiet():
    """Coarse data repeat rows in every class."""
    r = np.random.default_rng(9)
    X = pd.DataFrame(r.integers(0, 4, (800, 4)), columns=list("abcd"))
    y = pd.Series((r.random(800) < 0.15).astype(int))
    assert witness(subjects(*split(X, y)), Budget(30)) == []
