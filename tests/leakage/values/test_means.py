"""Group means of the target and frequencies, taken over all rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import TargetEncoder

from mlready_nb.leakage.values import witness
from mlready_nb.subjects import Budget
from tests.leakage.tables import kinds, split, subjects, table

X, Y = table(n=1200)
CITY = pd.Series(np.random.default_rng(5).integers(0, 40, len(X)), name="city")
SUM, COUNT = Y.groupby(CITY).transform("sum"), Y.groupby(CITY).transform("count")


def heard(*sides, **rest):
    return witness(subjects(*sides, **rest), Budget(30))


ENCODED = {
    "mean": SUM / COUNT,
    "smoothed": (SUM + 10 * Y.mean()) / (COUNT + 10),
    "log-odds": np.log((SUM + 0.5) / (COUNT - SUM + 0.5)),
    "scikit-learn": TargetEncoder().fit(CITY.to_frame().astype(str), Y).transform(CITY.to_frame().astype(str))[:, 0],
}


@pytest.mark.parametrize("how", ENCODED)
def test_means_over_all_rows_are_proven(how):
    """Plain, smoothed, as odds, and as scikit-learn shrinks them."""
    (said,) = heard(*split(X.assign(city_rate=ENCODED[how]), Y))
    assert said.kind == "target_encoding"
    assert said.columns == ("city_rate",)
    assert said.by_chance < 1e-6
    assert not said.minor


def test_means_of_the_training_rows_are_quiet():
    """Learnt from the training rows, with many rows in each group."""
    a, b, c, d = split(X.assign(city=CITY), Y)
    rates = c.groupby(a["city"]).mean()
    a, b = (p.assign(city=p["city"].map(rates).fillna(c.mean())) for p in (a, b))
    assert heard(a, b, c, d) == []


def test_cross_fitted_is_quiet():
    """scikit-learn's own way."""
    a, b, c, d = split(X.assign(city=CITY.astype(str)), Y)
    encoder = TargetEncoder(random_state=0)
    a, b = a.assign(city=encoder.fit_transform(a[["city"]], c)), b.assign(city=encoder.transform(b[["city"]]))
    assert heard(a, b, c, d) == []


def test_own_labels_in_small_groups():
    """Means over a few training rows each give every row its own label back; large groups hardly do."""
    few = pd.Series(np.random.default_rng(6).integers(0, 300, len(X)))
    a, b, c, d = split(X.assign(shop=few), Y)
    rates = c.groupby(a["shop"]).mean()
    a, b = (p.assign(shop=p["shop"].map(rates).fillna(c.mean())) for p in (a, b))
    assert set(kinds(heard(a, b, c, d))) <= {"target_encoding"}


def test_medians_of_a_number():
    """A regression's target by groups, as the median over all rows."""
    price = pd.Series(np.random.default_rng(7).lognormal(12, 0.4, len(X)).round(2))
    frame = X.assign(area=price.groupby(CITY).transform("median"))
    assert kinds(heard(*split(frame, price))) == ["target_encoding"]


@pytest.mark.parametrize("share", [True, False])
def test_frequencies_over_all_rows_are_minor(share):
    """How often a city occurs, over all rows; counted in the training rows it is quiet."""
    frame = X.assign(often=CITY.map(CITY.value_counts(normalize=share)))
    (said,) = heard(*split(frame, Y))
    assert said.kind == "preprocessing"
    assert said.minor

    a, b, c, d = split(X.assign(often=CITY), Y)
    counts = a["often"].value_counts(normalize=share)
    assert heard(a.assign(often=a["often"].map(counts)), b.assign(often=b["often"].map(counts)), c, d) == []
