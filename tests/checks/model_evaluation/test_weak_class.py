"""The class that the average hides."""

import numpy as np
import polars as pl
import pytest

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import Oracle


def subjects(sizes, recalls, names=None, seed=0, made=np.asarray):
    """A test set of these class sizes on which the model has exactly these recalls; errors go to the other classes."""
    rng, k = np.random.default_rng(seed), len(sizes)
    names = np.arange(k) if names is None else np.asarray(names)
    true = np.repeat(np.arange(k), sizes)
    said = true.copy()
    for j, recall in enumerate(recalls):
        rows = np.flatnonzero(true == j)[round(recall * sizes[j]) :]
        said[rows] = [rng.choice([c for c in range(k) if c != j]) for _ in rows]
    order = rng.permutation(len(true))
    task = Task.BINARY if k == 2 else Task.MULTICLASS
    return {
        "model": Oracle(names), "X_test": said[order][:, None], "y_test": made(names[true[order]]),
        "task": task, "class_names": tuple(names.tolist()),
    }  # fmt: skip


@pytest.mark.parametrize("made", [np.asarray, pl.Series, list])
def test_a_class_that_is_never_found_fails(made):
    """Two in ten rows are of a class with recall 0 while the accuracy is fine; it is named with its numbers."""
    found = find("weak-class", **subjects([300, 200, 100], [0.95, 0.95, 0.0], ["cat", "dog", "eel"], made=made))
    twin = find("weak-class", **subjects([300, 200, 100], [0.95, 0.95, 0.9], ["cat", "dog", "eel"], made=made))

    assert found.outcome == "fail"
    assert "recall of 'eel' is 0" in found.message
    assert "100 rows" in found.message
    assert found.measured["worst_class"] == "eel"
    assert twin.outcome == "pass"


def test_a_weak_class_warns():
    """A quarter found of a rare class: below half, above nothing."""
    assert find("weak-class", **subjects([900, 60], [0.99, 0.25])).outcome == "warn"
    assert find("weak-class", **subjects([900, 60], [0.99, 0.85])).outcome == "pass"


def test_three_rows_of_a_class_decide_nothing():
    """None of three found is compatible with a good recall; the message says how many rows would do."""
    found = find("weak-class", **subjects([200, 3], [0.95, 0.0]))

    assert found.outcome == "inconclusive"
    assert "3 rows" in found.message


def test_a_hard_task_is_not_a_weak_class():
    """Ten classes, each found at 40 %: no class is worse than the others."""
    assert find("weak-class", **subjects([150] * 10, [0.4] * 10)).outcome == "pass"


def test_wrong_everywhere_is_no_pass():
    """Accuracy 0: the classes are below half of chance, whatever the average."""
    assert find("weak-class", **subjects([100, 100], [0.0, 0.0])).outcome == "fail"


def test_many_classes_are_widened_for():
    """Of forty classes of one true recall of 0.6, on twelve rows each, none is called weak."""
    for seed in range(10):
        recalls = np.random.default_rng(seed).binomial(12, 0.6, 40) / 12
        assert find("weak-class", **subjects([12] * 40, recalls, seed=seed)).outcome in ("pass", "inconclusive")


def test_one_class_only_is_said():
    """Nothing to hold it against."""
    one = subjects([50, 50], [0.9, 0.9])
    found = find("weak-class", **one | {"y_test": np.zeros(100, int)})

    assert found.outcome == "inconclusive"
    assert "all 100 test rows are of the class '0'" in found.message


def test_the_tables_hold_counts_and_not_rows():
    """The confusion matrix adds up; beyond twenty classes the commonest confusions are listed."""
    small = find("weak-class", **subjects([30, 40, 50], [0.9, 0.8, 0.7])).tables[1]
    large = find("weak-class", **subjects([10] * 25, [0.5] * 25)).tables[1]

    assert sum(sum(row[1:]) for row in small.rows) == 120
    assert large.columns == ("true", "predicted", "rows")
    assert len(large.rows) <= 20


def test_it_names_what_is_missing():
    """No model; a regression; labels of another length."""
    given = subjects([50, 50], [0.9, 0.9])

    assert "model=<variable>" in find("weak-class", **{k: v for k, v in given.items() if k != "model"}).message
    assert find("weak-class", **given | {"task": Task.REGRESSION}).outcome == "not_applicable"
    assert "90 labels for 100 rows" in find("weak-class", **given | {"y_test": given["y_test"][:90]}).message
