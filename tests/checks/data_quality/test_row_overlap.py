"""The same rows on both sides: copies are found, natural repeats and numbering are not."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_matrix
from sklearn.model_selection import train_test_split

from mlready_nb.testing import find
from tests.checks.planted import binary, halves, numbers, passengers

ADULT = Path(__file__).parents[3] / "notebooks" / "data" / "adult-census.csv.gz"
ENGINES = {"pandas": lambda X: X, "polars": pl.from_pandas, "numpy": lambda X: X.to_numpy(), "sparse": csr_matrix}


def leaked(split, share):
    """The split with that share of its test rows replaced by training rows."""
    k = int(share * len(split["X_test"]))
    pick = np.random.default_rng(1).choice(len(split["X_train"]), k, replace=False)
    X = pd.concat([split["X_train"].iloc[pick], split["X_test"].iloc[k:]]).reset_index(drop=True)
    y = pd.concat([split["y_train"].iloc[pick], split["y_test"].iloc[k:]]).reset_index(drop=True)
    return {**split, "X_test": X, "y_test": y}


@pytest.mark.parametrize("engine", ENGINES)
def test_copied_rows_fail_in_every_engine(engine):
    """A fifth of the test rows comes from the training set: the number is said, and the points it settles."""
    split = leaked(halves(*binary(800)), 0.2)
    split |= {n: ENGINES[engine](split[n]) for n in ("X_train", "X_test")}
    found = find("row-overlap", **split)

    assert found.outcome == "fail"
    assert found.measured["shared_rows"] == 40
    assert found.points["DAT-03.1"] == "fail"
    assert "40 of 200 test rows (20.0%)" in found.message
    assert find("row-overlap", **halves(*binary(800))).outcome == "pass"


def test_a_few_copies_warn_and_a_single_one_is_told():
    """Ten in two hundred are certain and move no score; one in two hundred is a number in the message."""
    few, one = (find("row-overlap", **leaked(halves(*binary(800)), share)) for share in (0.05, 0.005))

    assert (few.outcome, few.measured["shared_rows"]) == ("warn", 10)
    assert (one.outcome, one.measured["shared_rows"]) == ("pass", 1)
    assert "1 of 200 test rows" in one.message


def test_the_test_set_inside_the_training_set_is_overlap():
    """Trained on everything: each test row stands in it, index label and all."""
    X, y = binary(300)
    a, b, _, d = train_test_split(X, y, random_state=0)
    found = find("row-overlap", X_train=X, y_train=y, X_test=b, y_test=d)

    assert (found.outcome, found.strength) == ("fail", "proven")
    assert find("row-overlap", X_train=a, X_test=b).outcome == "pass"


@pytest.mark.parametrize("seed", range(6))
def test_natural_repeats_of_coarse_columns_pass(seed):
    """About a fifth of the rows of a fair split has a twin in training; the message says that chance gives that."""
    X, y = passengers(900, seed)
    found = find("row-overlap", **halves(X, y))

    assert found.outcome == "pass"
    assert found.measured["share"].value > 0.1
    assert "chance" in found.message


def test_copies_among_natural_repeats_fail():
    """The same coarse data with half of the test rows copied over."""
    assert find("row-overlap", **leaked(halves(*passengers(900)), 0.5)).outcome == "fail"


@pytest.mark.parametrize("columns", [["workclass", "education", "sex", "race", "hours_per_week", "age"], None])
def test_a_clean_split_of_the_adult_census_passes(columns):
    """Survey data repeat rows: without the sampling weight one test row in six stands in training too."""
    adult = pd.read_csv(ADULT).drop(columns=["fnlwgt"], errors="ignore")
    X, y = adult.drop(columns="income"), adult["income"]
    a, b, c, d = train_test_split(X[columns] if columns else X, y, random_state=3)
    found = find("row-overlap", X_train=a, X_test=b, y_train=c, y_test=d)

    assert found.outcome == "pass"
    assert found.measured["share"].value > 0.05


def test_copies_made_before_the_split_fail():
    """Rows of fine-grained columns repeated, then split at random: they stand on both sides as often as within one."""
    X, y = binary(600)
    pick = np.random.default_rng(2).choice(600, 150, replace=False)
    X, y = pd.concat([X, X.iloc[pick]], ignore_index=True), pd.concat([y, y.iloc[pick]], ignore_index=True)
    a, b, c, d = train_test_split(X, y, random_state=0)
    found = find("row-overlap", X_train=a, X_test=b, y_train=c, y_test=d)

    assert found.outcome == "fail"
    assert "before the split" in found.message


@pytest.mark.parametrize("order", ["counted", "shuffled", "named"])
@pytest.mark.parametrize("share_of_ones", [0.5, 0.95])
def test_index_labels_of_two_files_are_no_identity(order, share_of_ones):
    """Both numbered from 0, in order or shuffled: with few distinct rows many agree under the same label by chance."""
    rng = np.random.default_rng(4)
    one, two = (pd.DataFrame({"flag": (rng.random(n) < share_of_ones).astype(int)}) for n in (400, 300))
    if order == "shuffled":
        one, two = one.sample(frac=1, random_state=0), two.sample(frac=1, random_state=1)
    if order == "named":
        one.index, two.index = [f"id{i}" for i in range(400)], [f"id{i}" for i in range(300)]
    found = find("row-overlap", X_train=one, X_test=two)

    assert found.outcome == "pass"
    assert found.measured["identical_rows"] == 0


def test_labels_tell_rows_apart():
    """Rows that are equal in X and opposite in y are no copies."""
    X, y = binary(400)
    split = halves(X, y, 0.5) | {"X_test": X[:200], "y_test": 1 - y[:200]}

    assert find("row-overlap", **split).measured["shared_rows"] == 0


@pytest.mark.parametrize("missing", ["X_train", "X_test"])
def test_it_names_what_is_missing(missing):
    """Absent or empty."""
    split = halves(*binary(40))
    absent = find("row-overlap", **{k: v for k, v in split.items() if k != missing})
    empty = find("row-overlap", **split | {missing: split[missing][:0]})

    assert absent.outcome == empty.outcome == "not_run"
    assert f"{missing}=<variable>" in absent.message
    assert f"{missing} is empty: 0 rows" in empty.message


def test_no_column_in_common_is_no_pass():
    """Nothing can be compared."""
    found = find("row-overlap", X_train=numbers(50), X_test=numbers(50, columns="wxyz"))

    assert found.outcome == "inconclusive"
