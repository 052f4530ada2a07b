"""Which rows a fitted transformer has seen."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    QuantileTransformer,
    StandardScaler,
    TargetEncoder,
)

from mlready_nb.leakage.refit import witness
from mlready_nb.subjects import Budget
from tests.leakage.tables import gaps, kinds, split, subjects, table


def heard(*sides, **rest):
    return witness(subjects(*sides, **rest), Budget(30))


STEPS = {
    "scaler": (StandardScaler(), "preprocessing"),
    "range": (MinMaxScaler(), "preprocessing"),
    "pca": (PCA(3, random_state=0), "preprocessing"),
    "randomised pca": (PCA(3, svd_solver="randomized"), "preprocessing"),
    "quantiles": (QuantileTransformer(n_quantiles=50), "preprocessing"),
    "bins": (KBinsDiscretizer(8, encode="onehot", quantile_method="averaged_inverted_cdf"), None),
    "pipeline": (make_pipeline(SimpleImputer(), StandardScaler()), "preprocessing"),
    "columns": (ColumnTransformer([("n", StandardScaler(), [0, 1, 2])], remainder="passthrough"), "preprocessing"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("form", ["frame", "array", "polars"])
def test_fitted_on_all_rows_is_proven(step, form):
    """The table before the split is still there: its refit learns the same, one of the training rows does not."""
    transformer, kind = STEPS[step]
    X, y = table()
    if form != "frame":
        X = X.to_numpy(dtype=float)
    if form == "polars":
        X = pl.DataFrame(X, schema=[f"c{i}" for i in range(X.shape[1])])
        if step == "columns":
            pytest.skip("selects by position")
    out = transformer.fit_transform(X)
    said = heard(*split(out, y), whole=X, step=transformer)
    if kind is None:
        assert set(kinds(said)) <= {"preprocessing"}
        return
    assert kinds(said) == [kind]
    assert said[0].strength == "proven"
    assert said[0].variables[0] == "step"


@pytest.mark.parametrize("step", STEPS)
def test_fitted_on_the_training_rows_is_quiet(step):
    """The twin, with the table before the split still there."""
    transformer, _ = STEPS[step]
    X, y = table()
    a, b, c, d = split(X, y)
    transformer.fit(a)
    assert heard(transformer.transform(a), transformer.transform(b), c, d, whole=X, A=a, B=b, step=transformer) == []
    # also when the training rows' own table is gone
    assert heard(transformer.transform(a), transformer.transform(b), c, d, whole=X, step=transformer) == []


def test_a_stateless_step_is_quiet():
    """Logarithms and row norms learn nothing."""
    X, y = table()
    log, norm = FunctionTransformer(np.log1p).fit(X), Normalizer().fit(X)
    assert heard(*split(norm.transform(log.transform(X)), y), whole=X, log=log, norm=norm) == []


def test_fitted_for_a_plot_is_quiet():
    """A projection of all rows that the model never saw."""
    X, y = table()
    picture, scaler = PCA(2).fit(X), StandardScaler().fit(X)
    assert heard(*split(X, y), whole=X, picture=picture, scaler=scaler, points=picture.transform(X)) == []


def test_overwritten_columns_are_taken_back():
    """`df[cols] = scaler.fit_transform(df[cols])`: the scaler's inverse gives what it was fitted on."""
    X, y = table()
    scaler, cols = StandardScaler(), ["income", "height"]
    X = X.astype(float)
    X[cols] = scaler.fit_transform(X[cols])
    (said,) = heard(*split(X, y), df=X, scaler=scaler)
    assert said.columns == ("income", "height")

    X, y = table()
    a, b, c, d = split(X.astype(float), y)
    a, b = a.copy(), b.copy()
    a[cols], b[cols] = scaler.fit_transform(a[cols]), scaler.transform(b[cols])
    assert heard(a, b, c, d, scaler=scaler) == []


def test_training_and_test_rows_joined_in_the_call():
    """`scaler.fit(pd.concat([X_train, X_test]))`: no table of the notebook holds these rows."""
    X, y = table()
    a, b, c, d = split(X, y)
    scaler = StandardScaler().fit(pd.concat([a, b]))
    (said,) = heard(scaler.transform(a), scaler.transform(b), c, d, A=a, B=b, scaler=scaler)
    assert said.kind == "preprocessing"


def test_fitted_again_on_the_test_rows_is_minor():
    """`fit_transform` on both sides: the object remembers the test rows alone."""
    X, y = table()
    a, b, c, d = split(X, y)
    scaler = StandardScaler()
    one, two = scaler.fit_transform(a), scaler.fit_transform(b)
    (said,) = heard(one, two, c, d, A=a, B=b, scaler=scaler)
    assert said.minor
    assert "test rows" in said.message


@pytest.mark.parametrize("imputer", [SimpleImputer(strategy="median"), KNNImputer()], ids=lambda i: type(i).__name__)
def test_imputers(imputer):
    """Filled over all rows; the twin fits on the training rows."""
    X, y = table()
    holes = gaps(X)
    (said,) = heard(*split(imputer.fit_transform(holes), y), holes=holes, imputer=imputer)
    assert said.kind == "imputation"

    a, b, c, d = split(holes, y)
    imputer.fit(a)
    assert heard(imputer.transform(a), imputer.transform(b), c, d, holes=holes, imputer=imputer) == []


def test_one_after_the_other():
    """The scaler was fitted on what the imputer made of all rows: both are named, through an output nobody kept."""
    X, y = table()
    holes, imputer, scaler = gaps(X), SimpleImputer(), MinMaxScaler()
    out = scaler.fit_transform(imputer.fit_transform(holes))
    said = heard(*split(out, y), holes=holes, imputer=imputer, scaler=scaler)
    assert sorted(kinds(said)) == ["imputation", "preprocessing"]


@pytest.mark.parametrize("form", ["frame", "array"])
def test_selectors(form):
    """Chosen over all rows; quiet when chosen over the training rows, or when only looked at."""
    r = np.random.default_rng(1)
    X = pd.DataFrame(r.normal(size=(400, 40)), columns=[f"g{i}" for i in range(40)])
    y = pd.Series((X["g0"] + r.normal(0, 2, 400) > 0).astype(int))
    if form == "array":
        X = X.to_numpy()
    best = SelectKBest(k=6)
    (said,) = heard(*split(best.fit_transform(X, y), y), X=X, y=y, best=best)
    assert said.kind == "feature_selection"

    assert heard(*split(X, y), X=X, y=y, best=best) == []  # the model took every column

    a, b, c, d = split(X, y)
    best.fit(a, c)
    assert heard(best.transform(a), best.transform(b), c, d, X=X, y=y, best=best) == []


@pytest.mark.parametrize("vectorizer", [TfidfVectorizer(), CountVectorizer()], ids=lambda v: type(v).__name__)
def test_vocabularies(vectorizer):
    """Words of all texts, sparse; the twin's are those of the training texts."""
    r = np.random.default_rng(2)
    words = [f"w{i}" for i in range(400)]
    docs = pd.DataFrame({"text": [" ".join(r.choice(words, 12)) for _ in range(200)]})
    y = pd.Series(r.integers(0, 2, 200))
    (said,) = heard(*split(vectorizer.fit_transform(docs["text"]), y), docs=docs, vectorizer=vectorizer)
    assert said.kind == "preprocessing"
    assert said.minor == (type(vectorizer) is CountVectorizer)

    a, b, c, d = split(docs["text"], y)
    vectorizer.fit(a)
    assert heard(vectorizer.transform(a), vectorizer.transform(b), c, d, docs=docs, vectorizer=vectorizer) == []


def test_target_encoder_remembers_the_mean():
    """Cross-fitted, but over all rows: the encoder's mean of the target is that of all labels."""
    X, y = table()
    city = pd.Series(np.random.default_rng(3).choice(list("abcdefgh"), len(X)))
    encoder = TargetEncoder(cv=5)
    whole = X.assign(city=encoder.fit_transform(city.to_frame("city"), y)[:, 0])
    (said,) = heard(*split(whole, y), encoder=encoder)
    assert said.kind == "target_encoding"

    a, b, c, d = split(X.assign(city=city), y)
    a, b = a.assign(city=encoder.fit_transform(a[["city"]], c)), b.assign(city=encoder.transform(b[["city"]]))
    assert heard(a, b, c, d, encoder=encoder) == []


def test_found_in_a_dictionary():
    """Transformers kept by name."""
    X, y = table()
    steps = {"scale": StandardScaler()}
    out = steps["scale"].fit_transform(X)
    (said,) = heard(*split(out, y), X=X, steps=steps)
    assert "steps['scale']" in said.message


def test_same_categories_on_both_sides_is_no_evidence():
    """One-hot columns of categories that every split has."""
    X, y = table()
    city = pd.DataFrame({"city": np.random.default_rng(3).choice(list("abc"), len(X)), "n": X["height"]})
    prep = ColumnTransformer([("c", OneHotEncoder(), ["city"])], remainder="passthrough")
    assert heard(*split(prep.fit_transform(city), y), X=city, prep=prep) == []


def test_objects_are_left_as_they_were():
    """Nothing of the notebook is fitted again in place."""
    import joblib

    X, y = table()
    scaler = StandardScaler()
    there = subjects(*split(scaler.fit_transform(X), y), X=X, scaler=scaler)
    before = joblib.hash(dict(there.namespace))
    witness(there, Budget(30))
    assert joblib.hash(dict(there.namespace)) == before


def test_nothing_to_look_at():
    """Without a test set there is nothing to say."""
    from mlready_nb.subjects import Subjects

    assert witness(Subjects(), Budget(1)) == []


def test_the_innocent_are_named():
    """A transformer that saw training rows alone and made the model's table is cleared; others are not."""
    from mlready_nb.leakage.refit import report

    X, y = table()
    a, b, c, d = split(X, y)
    used, shown, leaky = StandardScaler().fit(a), StandardScaler().fit(a), StandardScaler().fit(X)
    there = subjects(used.transform(a), used.transform(b), c, d, X=X, A=a, used=used)
    assert report(there, Budget(30)).cleared == {"used"}
    there = subjects(a, b, c, d, X=X, shown=shown)
    assert report(there, Budget(30)).cleared == frozenset()
    there = subjects(leaky.transform(a), leaky.transform(b), c, d, X=X, A=a, leaky=leaky)
    assert report(there, Budget(30)).cleared == frozenset()
