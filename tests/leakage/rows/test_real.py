"""Real data, fairly split, give no evidence; the same data with a fault do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rows_tables import Split
from sklearn import datasets
from sklearn.model_selection import GroupShuffleSplit, train_test_split
from sklearn.preprocessing import StandardScaler

ADULT = Path(__file__).parents[3] / "notebooks" / "data" / "adult-census.csv.gz"


def toy(name):
    """(X, y) of one of scikit-learn's toy data."""
    data = getattr(datasets, f"load_{name}")(as_frame=True)
    return data.data, data.target


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits", "diabetes"])
@pytest.mark.parametrize("how", ["random", "stratified", "group", "scaled arrays"])
def test_toy_data_fairly_split_are_quiet(name, how):
    """Random, stratified and group splits, frames and scaled arrays."""
    X, y = toy(name)
    groups = np.random.default_rng(3).integers(0, len(X) // 6, len(X))
    if how == "group":
        i, j = next(GroupShuffleSplit(1, test_size=0.25, random_state=3).split(X, y, groups))
        made = X.iloc[i], X.iloc[j], y.iloc[i], y.iloc[j]
    else:
        stratify = y if how == "stratified" and name != "diabetes" else None
        made = train_test_split(X, y, test_size=0.25, random_state=3, stratify=stratify)
    if how == "scaled arrays":
        scaler = StandardScaler().fit(made[0])
        made = (scaler.transform(made[0]), scaler.transform(made[1]), *made[2:])
    assert Split(*made, namespace={"X": X, "y": y, "groups": groups}).kinds() == []


@pytest.fixture(scope="module")
def adult():
    """A part of the Adult census."""
    return pd.read_csv(ADULT).sample(6000, random_state=1)


@pytest.mark.parametrize("drop", [[], ["fnlwgt"], ["fnlwgt", "capital_gain", "capital_loss"]])
def test_natural_repeats_of_the_census_are_quiet(adult, drop):
    """Up to a sixth of the test rows have a twin in training by nature."""
    df = adult.drop(columns=drop)
    made = train_test_split(df.drop(columns="income"), df.income, test_size=0.25, random_state=5)
    assert Split(*made, namespace={"adult": df}).kinds() == []


def test_copies_in_the_census_are_found(adult):
    """A fifth of the rows appended again is told from the natural repeats."""
    df = pd.concat([adult, adult.sample(frac=0.2, random_state=2)], ignore_index=True)
    made = train_test_split(df.drop(columns="income"), df.income, test_size=0.25, random_state=5)
    assert Split(*made, namespace={"adult": df}).kinds() == ["duplicates"]
