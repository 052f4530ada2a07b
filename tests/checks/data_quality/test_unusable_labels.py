"""Labels no metric can be taken over."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import binary, halves, numbers

TEXT = np.array(["no", "yes"])


def split(labels=lambda y: y):
    """Clean subjects with labels of some make."""
    made = halves(*binary(200))
    return made | {n: labels(made[n]) for n in ("y_train", "y_test")}


MAKES = {
    "series": lambda y: y,
    "text": lambda y: TEXT[y],
    "boolean": lambda y: y.astype(bool),
    "column": lambda y: y.to_frame(),
    "polars": lambda y: pl.Series("y", y),
    "list": lambda y: y.tolist(),
    "category": lambda y: pd.Series(TEXT[y]).astype("category"),
    "one-hot": lambda y: np.eye(2)[y],
}


@pytest.mark.parametrize("make", MAKES)
def test_missing_labels_fail_and_whole_ones_pass(make):
    """Three gaps in the test labels are counted, whatever holds them."""
    clean = split(MAKES[make])
    broken = pd.DataFrame(np.asarray(clean["y_test"])).astype(object)
    broken.iloc[:3] = None
    found = find("unusable-labels", **clean | {"y_test": broken if make == "one-hot" else broken[0]}, task=Task.BINARY)

    assert find("unusable-labels", **clean).outcome == "pass"
    assert found.outcome == "fail"
    assert "3 missing labels of 50" in found.message


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"y_test": np.zeros(49, int)}, "49 labels for 50 rows"),
        ({"y_train": np.zeros(0, int)}, "y_train is empty"),
        ({"y_test": np.array(["1"] * 50)}, "50 of 50 labels of y_test"),
    ],
)
def test_lengths_emptiness_and_another_coding_fail(change, word):
    """Each is said in the user's own names."""
    found = find("unusable-labels", **split() | change, task=Task.BINARY, class_names=(0, 1))

    assert found.outcome == "fail"
    assert word in found.message


def test_infinite_targets_fail():
    """For a regression."""
    X = numbers(60)
    y = np.append(np.inf, X["a"][1:])

    assert (
        "1 infinite"
        in find("unusable-labels", X_train=X, y_train=y, X_test=X, y_test=X["a"], task=Task.REGRESSION).message
    )


def test_a_rare_class_on_one_side_warns():
    """One row in a hundred of a class that training lacks; a tenth of them fails."""
    y_train, y_test = np.arange(300) % 3, np.arange(100) % 3
    rare, common = y_test.copy(), y_test.copy()
    rare[0], common[:10] = 7, 7
    known = {"task": Task.MULTICLASS, "class_names": None, "y_train": y_train}

    assert find("unusable-labels", y_test=y_test, **known).outcome == "pass"
    assert find("unusable-labels", y_test=rare, **known).outcome == "warn"
    assert find("unusable-labels", y_test=common, **known).outcome == "fail"
    assert find("unusable-labels", y_test=rare, **known | {"class_names": (0, 1, 2, 7)}).outcome == "pass"


def test_several_labels_a_row_pass():
    """Multi-label indicators."""
    Y = (np.random.default_rng(0).random((60, 3)) < 0.4).astype(int)

    assert (
        find("unusable-labels", y_train=Y[:40], y_test=Y[40:], task=Task.MULTILABEL, class_names=None).outcome == "pass"
    )


def test_it_names_what_is_missing():
    """No labels, no verdict."""
    found = find("unusable-labels", X_train=numbers(9), X_test=numbers(9))

    assert found.outcome == "not_run"
    assert "y_train=<variable> y_test=<variable>" in found.message
