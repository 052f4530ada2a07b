"""The numbers of classification, equal to scikit-learn's."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics as theirs

from mlready_nb.metrics import classification as ours

N = 30
CODES = arrays(np.intp, N, elements=st.integers(0, 3))
BINARY = arrays(np.intp, N, elements=st.integers(0, 1))
SCORES = arrays(float, N, elements=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]))
quick = settings(max_examples=40, deadline=None)


@pytest.fixture(autouse=True)
def _quiet():
    """scikit-learn warns about classes that do not occur; that is what is tested here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@quick
@given(CODES, CODES)
def test_counts_and_what_follows(y_true, y_pred):
    """Confusion, accuracy, balanced accuracy and each class's numbers."""
    counts = ours.confusion(y_true, y_pred, 4)
    np.testing.assert_array_equal(counts, theirs.confusion_matrix(y_true, y_pred, labels=range(4)))
    assert ours.accuracy(counts) == pytest.approx(theirs.accuracy_score(y_true, y_pred), abs=1e-12)
    assert ours.balanced_accuracy(counts) == pytest.approx(theirs.balanced_accuracy_score(y_true, y_pred), abs=1e-12)
    expected = theirs.precision_recall_fscore_support(y_true, y_pred, labels=range(4), zero_division=np.nan)
    for got, want in zip(ours.per_class(counts), expected, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-12)


@quick
@given(CODES, CODES)
def test_macro_averages(y_true, y_pred):
    """Macro precision, recall and F1 are those over the classes that occur."""
    got = ours.averaged(ours.confusion(y_true, y_pred, 4))
    want = theirs.precision_recall_fscore_support(y_true, y_pred, average="macro", zero_division=0)
    assert [float(got[k]) for k in ("precision", "recall", "f1")] == pytest.approx(want[:3], abs=1e-12)


@quick
@given(BINARY, BINARY, st.integers(0, 1))
def test_of_the_positive_class(y_true, y_pred, positive):
    """Of a binary task, the numbers of the positive class; 0 where nothing divides."""
    got = ours.averaged(ours.confusion(y_true, y_pred, 2), positive=positive)
    want = theirs.precision_recall_fscore_support(y_true, y_pred, average="binary", pos_label=positive, zero_division=0)
    assert [float(got[k]) for k in ("precision", "recall", "f1")] == pytest.approx(want[:3], abs=1e-12)


def test_many_tables_at_once():
    """Draws of a bootstrap are taken as one array, the same numbers as one by one."""
    tables = np.random.default_rng(0).integers(0, 9, size=(5, 3, 3))
    for metric in (ours.accuracy, ours.balanced_accuracy, lambda c: ours.averaged(c)["f1"]):
        np.testing.assert_allclose(metric(tables), [metric(t) for t in tables])


@quick
@given(BINARY, SCORES)
def test_ranking(positive, scores):
    """ROC AUC and average precision, ties and all."""
    got = ours.auc(positive == 1, scores), ours.average_precision(positive == 1, scores)
    if len(np.unique(positive)) == 2:
        want = theirs.roc_auc_score(positive, scores), theirs.average_precision_score(positive, scores)
        assert got == pytest.approx(want, abs=1e-12)
    else:
        assert np.isnan(got[0])
        assert np.isnan(got[1]) == (not positive.any())


def shares(rng, k, n=60):
    """(n, k) probabilities, some of them 0 and 1."""
    proba = rng.dirichlet(np.full(k, 0.3), n)
    proba[:3] = np.eye(k)[[0, 1, 0]]
    return proba


@pytest.mark.parametrize("k", [2, 3, 5])
def test_probabilities(k):
    """Log loss, Brier score and one-against-rest AUC of two and of more classes."""
    rng = np.random.default_rng(k)
    proba, y_true = shares(rng, k), rng.integers(0, k, 60)
    y_true[:k] = range(k)
    assert ours.log_losses(y_true, proba).mean() == pytest.approx(theirs.log_loss(y_true, proba), rel=1e-9)
    hot = np.eye(k)[y_true]
    if k == 2:
        assert ours.brier_terms(y_true, proba).mean() == pytest.approx(theirs.brier_score_loss(y_true, proba[:, 1]))
    else:
        assert ours.brier_terms(y_true, proba).mean() == pytest.approx(((proba - hot) ** 2).sum(axis=1).mean())
        assert ours.macro_auc(y_true, proba) == pytest.approx(theirs.roc_auc_score(y_true, proba, multi_class="ovr"))


def test_a_certain_mistake_is_finite():
    """A probability of 0 for the true class is clipped as scikit-learn does."""
    loss = ours.log_losses(np.array([1, 0]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    assert loss.mean() == pytest.approx(theirs.log_loss([1, 0], [[1.0, 0.0], [1.0, 0.0]]))
    assert np.isfinite(loss).all()


def test_absent_classes_are_left_out_of_the_auc():
    """A class that the test set lacks takes no part in the mean; with none left there is no number."""
    proba = shares(np.random.default_rng(0), 3)
    y_true = np.arange(60) % 2
    pair = [ours.auc(y_true == k, proba[:, k]) for k in (0, 1)]
    assert ours.macro_auc(y_true, proba) == pytest.approx(np.mean(pair))
    assert np.isnan(ours.macro_auc(np.zeros(60, dtype=int), proba))


def test_nothing_to_count():
    """Without rows there is no number, and no error."""
    none = np.array([], dtype=np.intp)
    counts = ours.confusion(none, none, 2)
    assert np.isnan(ours.accuracy(counts))
    assert np.isnan(ours.balanced_accuracy(counts))
    assert np.isnan(ours.auc(none == 1, none.astype(float)))
    assert np.isnan(ours.average_precision(none == 1, none.astype(float)))
    assert ours.encode(np.array([], dtype=object), (0, 1)).tolist() == []


@pytest.mark.parametrize(
    ("labels", "classes", "codes"),
    [
        (np.array([1, 0, 2]), (0, 1), [1, 0, -1]),
        (np.array([1.0, 0.0]), (0, 1), [1, 0]),
        (np.array([True, False]), (0, 1), [1, 0]),
        (np.array(["b", "a", "c"]), ("a", "b"), [1, 0, -1]),
        (np.array(["b", None, 1], dtype=object), ("b", 1), [0, -1, 1]),
        (np.array([np.str_("b")], dtype=object), (np.str_("b"),), [0]),
        (np.array([1.0, np.nan]), (0, 1), [1, -1]),
    ],
)
def test_encode(labels, classes, codes):
    """Labels are found among the classes by value; what is not among them is -1 and not counted."""
    assert ours.encode(labels, classes).tolist() == codes
    got = ours.encode(labels, classes)
    assert ours.confusion(got, got, len(classes)).sum() == sum(c >= 0 for c in codes)


def test_classes():
    """Known classes keep their order, others follow sorted; mixed types do not raise."""
    assert ours.classes_of(np.array([2, 0, 5, 3]), known=(2, 0)) == (2, 0, 3, 5)
    assert ours.classes_of(np.array(["b"]), np.array(["a"], dtype=object)) == ("a", "b")
    assert ours.classes_of(np.array([1.0, 0.0]), known=np.array([0, 1])) == (0, 1)
    assert ours.classes_of(np.array(["x", 1, "a", 2], dtype=object)) == (1, 2, "a", "x")
