"""Metrics of any labels, predictions and probabilities that got past the door: numbers within their bounds, or none."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlready_nb import frames
from mlready_nb.metrics import intervals
from mlready_nb.metrics.overlap import overlap
from mlready_nb.scores import LOWER_IS_BETTER, scores
from mlready_nb.subjects import Task
from mlready_nb.views.words import measure
from tests.fuzz.conftest import cases
from tests.fuzz.hostile import safe_texts

pytestmark = pytest.mark.filterwarnings("ignore")

SETS = ([0, 1], ["a", "<b>"], [True, False], [0.5, 2.0], [0], [1, "a"], [2**62, 2**62 + 1], [-1, 1], list(range(50)))


@st.composite
def answers(draw):
    """Labels, predictions and probabilities of one task; a predicted class may be unknown, one may never occur."""
    n = draw(st.sampled_from([1, 2, 3, 9, 40]))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    classes = draw(st.sampled_from(SETS))
    boxed = np.empty(len(classes), dtype=object)
    boxed[:] = classes
    y = boxed[rng.integers(0, len(classes), n)]
    said = boxed[rng.integers(0, len(classes), n)] if draw(st.booleans()) else y.copy()
    k = len(classes)
    proba = rng.dirichlet(np.full(k, draw(st.sampled_from([1e-3, 1.0]))), n) if draw(st.booleans()) else None
    if proba is not None and draw(st.integers(0, 3)) == 0:
        proba = np.full((n, k), 1 / k)
    return (
        frames.labels(y.tolist() if draw(st.booleans()) else y),
        frames.labels(said),
        proba,
        tuple(classes),
        rng.normal(size=n),
    )


def bounded(found):
    """Every estimate is a finite number within its interval, a rate between 0 and 1."""
    for name, e in found.items():
        assert math.isfinite(e.value), name
        assert (e.low is None) == (e.high is None)
        if e.low is not None:
            assert e.low - 1e-9 <= e.value <= e.high + 1e-9, (name, e)
        if name not in LOWER_IS_BETTER and name != "r2":
            assert -1e-9 <= e.value <= 1 + 1e-9, (name, e)
        assert measure(e)


@cases(120)
@given(answers())
def test_scores_of_classes(tried, asked):
    """Binary and several classes, with and without probabilities."""
    tried()
    y, said, proba, classes, ranking = asked
    task = Task.BINARY if len(classes) <= 2 else Task.MULTICLASS
    bounded(scores(task, y, said, y_proba=proba, ranking=ranking if task is Task.BINARY else None, class_names=classes))


@cases(60)
@given(st.integers(1, 30), st.integers(0, 999), st.sampled_from([0.0, 1.0, 1e-300, 1e150, 1e300]))
def test_scores_of_numbers(tried, n, seed, scale):
    """Constant, tiny and absurd targets."""
    tried()
    rng = np.random.default_rng(seed)
    bounded(scores(Task.REGRESSION, rng.normal(size=n) * scale, rng.normal(size=n) * scale))


@cases(1500)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_intervals_of_counts(tried, a, more_a, b, more_b):
    """Of shares, differences and ratios, with no trial at all too."""
    tried()
    n, m = a + more_a, b + more_b
    low, high = intervals.wilson(a, n)
    assert 0 <= low <= high <= 1
    assert n == 0 or low <= a / n <= high
    for ends in (intervals.newcombe(a, n, b, m), intervals.ratio(a, n, b, m)):
        assert ends[0] <= ends[1] or any(map(math.isnan, ends))


@cases(600)
@given(st.lists(st.integers(0, 6), max_size=12), st.lists(st.integers(0, 6), max_size=12))
def test_overlap_of_any_rows(tried, train, test):
    """Of hashes on both sides."""
    tried()
    found = overlap(np.array(train, dtype=np.uint64), np.array(test, dtype=np.uint64))
    assert found is not None


@cases(1500)
@given(st.one_of(st.floats(), st.integers(), safe_texts, st.none(), st.booleans(), st.builds(np.float64, st.floats())))
def test_any_number_has_a_word(tried, value):
    """A cell of a table."""
    tried()
    assert isinstance(measure(value), str)
