"""Classes that are taken for one other class."""

import numpy as np
import pytest

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import Oracle

NAMES = ("ant", "bee", "cat", "dog")


def judged(counts, names=NAMES):
    """The finding for this confusion matrix (rows true, columns answered)."""
    counts = np.asarray(counts)
    k = len(counts)
    true = np.repeat(np.arange(k), counts.sum(axis=1))
    said = np.concatenate([np.repeat(np.arange(k), row) for row in counts])
    order = np.random.default_rng(0).permutation(len(true))
    return find(
        "confused-classes", model=Oracle(names[:k]), X_test=said[order][:, None], y_test=np.asarray(names[:k])[true[order]],
        task=Task.MULTICLASS, class_names=tuple(names[:k]),
    )  # fmt: skip


def test_a_class_that_another_swallows_warns_and_the_twin_passes():
    """Seventy of a hundred bees are taken for ants; the pair is named with the share."""
    bad = judged([[95, 1, 2, 2], [70, 20, 5, 5], [2, 2, 96, 0], [1, 1, 3, 95]])
    twin = judged([[90, 5, 3, 2], [8, 85, 4, 3], [5, 4, 88, 3], [2, 3, 5, 90]])

    assert bad.outcome == "warn"
    assert "'bee' is taken for 'ant': 0.700" in bad.message
    assert twin.outcome == "pass"


def test_two_labels_that_were_swapped_fail():
    """Each is called by the other's name."""
    found = judged([[2, 96, 1, 1], [94, 3, 2, 1], [1, 2, 96, 1], [0, 1, 2, 97]])

    assert found.outcome == "fail"
    assert "swapped" in found.message


@pytest.mark.parametrize("seed", range(10))
def test_hard_but_even_tasks_are_quiet(seed):
    """Half of each class is lost, evenly, or a tie between two on few rows."""
    rng = np.random.default_rng(seed)
    even = np.vstack([rng.multinomial(60, np.where(np.arange(4) == i, 0.5, 1 / 6)) for i in range(4)])
    tie = [[30, 5, 3, 2], [5, 4, 1, 0], [2, 1, 40, 2], [1, 1, 2, 40]]

    assert judged(even).outcome == "pass"
    assert judged(tie).outcome == "pass"


def test_it_names_what_is_missing():
    """No labels; one class only; two classes do not arise."""
    given = {"model": Oracle(NAMES), "X_test": np.zeros((20, 1)), "task": Task.MULTICLASS, "class_names": NAMES}

    assert "y_test=<variable>" in find("confused-classes", **given).message
    assert find("confused-classes", **given, y_test=["ant"] * 20).outcome == "inconclusive"
    assert find("confused-classes", **given | {"task": Task.BINARY}, y_test=["ant"] * 20).outcome == "not_applicable"
