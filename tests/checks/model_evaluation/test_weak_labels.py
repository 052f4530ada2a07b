"""Labels of a multi-label model."""

import numpy as np
import pandas as pd
import pytest

from mlready_nb.subjects import Task
from mlready_nb.testing import find


class Copyist:
    """A multi-label model whose answers stand in the columns."""

    def predict(self, X):
        """(n, k) indicators."""
        return np.asarray(X).astype(int)


def judged(true, said, made=np.asarray, **rest):
    """The finding for these indicators."""
    return find(
        "weak-labels", model=Copyist(), X_test=said, y_test=made(true), task=Task.MULTILABEL, class_names=None, **rest
    )


def labels(n=600, seed=0, recalls=(0.9, 0.8, 0.85), shares=(0.4, 0.2, 0.1)):
    """(true, said) with these recalls."""
    rng = np.random.default_rng(seed)
    true = rng.random((n, len(shares))) < np.asarray(shares)
    said = np.where(true, rng.random(true.shape) < np.asarray(recalls), rng.random(true.shape) < 0.03)
    return true.astype(int), said.astype(int)


def test_a_label_that_is_never_given_fails_and_is_named():
    """The name is that of the labels' frame; the twin passes."""
    frame = lambda y: pd.DataFrame(y, columns=["urgent", "legal", "spam"])  # noqa: E731
    bad, twin = judged(*labels(recalls=(0.9, 0.8, 0.0)), made=frame), judged(*labels(), made=frame)

    assert bad.outcome == "fail"
    assert "'spam'" in bad.message
    assert twin.outcome == "pass"


def test_a_weak_label_warns_and_one_given_to_all_fails():
    """Recall of 0.15 on many rows; a label on every row that a fifth has."""
    assert judged(*labels(n=2000, recalls=(0.9, 0.15, 0.85))).outcome == "warn"
    true, said = labels()
    said[:, 1] = 1
    found = judged(true, said)
    assert found.outcome == "fail"
    assert "given to 100% of the rows" in found.message


@pytest.mark.parametrize("seed", range(10))
def test_clean_models_are_quiet(seed):
    """Recalls from 0.5 up."""
    assert judged(*labels(seed=seed, recalls=(0.9, 0.7, 0.5))).outcome in ("pass", "inconclusive")


def test_few_rows_and_missing_things():
    """Three rows of a label decide nothing; other tasks do not arise."""
    true, said = labels(n=40, shares=(0.4, 0.3, 0.0))
    true[:3, 2] = 1
    assert judged(true, said).outcome == "inconclusive"
    assert (
        "y_test=<variable>"
        in find("weak-labels", model=Copyist(), X_test=said, task=Task.MULTILABEL, class_names=None).message
    )
    assert (
        find("weak-labels", model=Copyist(), X_test=said, y_test=true, task=Task.BINARY, class_names=(0, 1)).outcome
        == "not_applicable"
    )
