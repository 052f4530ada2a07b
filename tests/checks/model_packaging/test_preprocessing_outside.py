"""Steps that do not travel with the model."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, PolynomialFeatures, StandardScaler

from mlready_nb.finding import Outcome
from mlready_nb.subjects import Cell
from mlready_nb.testing import find

N = 300


def raw():
    rng = np.random.default_rng(0)
    df = pd.DataFrame(
        {
            "age": rng.integers(18, 90, N).astype(float),
            "income": rng.normal(3000, 900, N),
            "city": rng.choice(list("xyz"), N),
        }
    )
    df["label"] = (df["age"] + rng.normal(0, 15, N) > 50).astype(int)
    return df


def split(X, y):
    return train_test_split(X, y, test_size=0.25, random_state=0)


def ask(namespace, model, Xa, Xb, ya, yb, **more):
    return find(
        "preprocessing-outside", model=model, X_train=Xa, X_test=Xb, y_train=ya, y_test=yb, namespace=namespace, **more
    )


@pytest.mark.parametrize("step", [StandardScaler(), MinMaxScaler(), SimpleImputer(), PCA(2), PolynomialFeatures(2)])
@pytest.mark.parametrize("arrays", [False, True])
def test_it_finds_a_fitted_step_outside(step, arrays):
    """The model was fitted on what the step made of the raw rows."""
    df = raw()
    df.loc[::7, "income"] = np.nan
    X = df[["age", "income"]] if isinstance(step, SimpleImputer) else df[["age", "income"]].fillna(3000)
    Xa, Xb, ya, yb = split(X.to_numpy() if arrays else X, df["label"])
    A, B = step.fit_transform(Xa), step.transform(Xb)
    model = LogisticRegression(max_iter=5000).fit(A, ya)

    found = ask({"X_train": Xa, "X_test": Xb, "prep": step, "X_tr": A, "X_te": B, "model": model}, model, A, B, ya, yb)

    assert found.outcome is Outcome.FAIL
    assert "prep" in found.message
    assert "make_pipeline(prep, model)" in found.remedy


@pytest.mark.parametrize("scaler", [StandardScaler(), MinMaxScaler()])
def test_it_finds_a_scaler_whose_raw_rows_were_overwritten(scaler):
    """X_train = scaler.fit_transform(X_train)."""
    df = raw()
    Xa, Xb, ya, yb = split(df[["age", "income"]].to_numpy(), df["label"])
    Xa, Xb = scaler.fit_transform(Xa), scaler.transform(Xb)
    model = LogisticRegression().fit(Xa, ya)

    found = ask({"X_train": Xa, "X_test": Xb, "scaler": scaler, "model": model}, model, Xa, Xb, ya, yb)

    assert found.outcome is Outcome.FAIL
    assert "the scale that scaler makes" in found.message


def test_it_finds_a_scaler_of_some_columns():
    """df[numbers] = scaler.fit_transform(df[numbers]) on a copy."""
    df = raw()
    Xa, Xb, ya, yb = split(df[["age", "income"]].assign(flag=1.0 * (df["city"] == "x")), df["label"])
    scaler = StandardScaler().fit(Xa[["age", "income"]])
    A, B = Xa.copy(), Xb.copy()
    A[["age", "income"]], B[["age", "income"]] = (
        scaler.transform(Xa[["age", "income"]]),
        scaler.transform(Xb[["age", "income"]]),
    )
    model = LogisticRegression().fit(A, ya)

    assert ask({"df": df, "Xa": Xa, "scaler": scaler, "A": A, "B": B}, model, A, B, ya, yb).outcome is Outcome.FAIL


def test_it_finds_a_column_transformer_and_a_vectoriser_outside():
    """Sparse results too."""
    df = raw()
    Xa, Xb, ya, yb = split(df[["age", "city"]], df["label"])
    prep = make_column_transformer((OneHotEncoder(), ["city"]), (StandardScaler(), ["age"])).fit(Xa)
    A, B = prep.transform(Xa), prep.transform(Xb)
    model = LogisticRegression().fit(A, ya)

    assert ask({"X_train": Xa, "X_test": Xb, "prep": prep}, model, A, B, ya, yb).outcome is Outcome.FAIL


@pytest.mark.parametrize("form", [list, pd.Series, np.array])
def test_it_finds_a_vectoriser_outside(form):
    """Texts in, sparse rows out."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, N)
    texts = [" ".join([*rng.choice(list("abcdefgh"), 6), "good" if t else "bad", "word"]) for t in y]
    words = TfidfVectorizer(token_pattern=r"\w+")
    A, B = words.fit_transform(texts[:200]), words.transform(texts[200:])
    model = LogisticRegression().fit(A, y[:200])
    space = {
        "train_texts": form(texts[:200]),
        "test_texts": form(texts[200:]),
        "words": words,
        "A": A,
        "B": B,
        "np": np,
        "pd": pd,
    }
    inside = make_pipeline(words, LogisticRegression()).fit(texts[:200], y[:200])

    found = ask(space, model, A, B, y[:200], y[200:])
    assert found.outcome is Outcome.FAIL
    assert "words.transform(train_texts)" in found.message
    assert ask(space, inside, form(texts[:200]), form(texts[200:]), y[:200], y[200:]).outcome is Outcome.PASS


@pytest.mark.parametrize("how", ["dummies", "codes"])
def test_it_finds_encodings_by_hand(how):
    """pd.get_dummies and category codes before the split."""
    df = raw()
    X = df.drop(columns="label")
    X = pd.get_dummies(X) if how == "dummies" else X.assign(city=X["city"].astype("category").cat.codes)
    Xa, Xb, ya, yb = split(X, df["label"])
    model = LogisticRegression(max_iter=5000).fit(Xa, ya)

    found = ask({"df": df, "X": X}, model, Xa, Xb, ya, yb)

    assert found.outcome is Outcome.WARN
    assert "'city' is text in df" in found.message


def test_saved_beside_or_within_one_object_is_milder():
    """Two artefacts warn; one bundle passes."""
    df = raw()
    Xa, Xb, ya, yb = split(df[["age", "income"]], df["label"])
    scaler = StandardScaler().fit(Xa)
    A, B = scaler.transform(Xa), scaler.transform(Xb)
    model = LogisticRegression().fit(A, ya)
    space = {"X_train": Xa, "X_test": Xb, "scaler": scaler, "clf": model}
    cells = (Cell(number=1, source='joblib.dump(scaler, "s.pkl"); joblib.dump(clf, "m.pkl")'),)

    assert ask(space, model, A, B, ya, yb, cells=cells).outcome is Outcome.WARN
    assert ask({**space, "bundle": {"scaler": scaler, "model": model}}, model, A, B, ya, yb).outcome is Outcome.PASS


def test_it_is_quiet_on_pipelines_raw_rows_and_decoys():
    """Steps inside; nothing to do; a scaler that was fitted for a picture only."""
    df = raw()
    X = df[["age", "income"]]
    Xa, Xb, ya, yb = split(X, df["label"])
    inside = make_pipeline(StandardScaler(), LogisticRegression()).fit(Xa, ya)
    bare = LogisticRegression(max_iter=5000).fit(Xa, ya)
    decoy = StandardScaler().fit(Xa)
    space = {"df": df, "X": X, "X_train": Xa, "X_test": Xb, "scaler": inside.steps[0][1]}

    assert ask(space, inside, Xa, Xb, ya, yb).outcome is Outcome.PASS
    assert ask(space, bare, Xa, Xb, ya, yb).outcome is Outcome.PASS
    assert ask({**space, "decoy": decoy, "picture": decoy.transform(Xa)}, bare, Xa, Xb, ya, yb).outcome is Outcome.PASS
    assert (
        ask(
            {"X_train": Xa.to_numpy()},
            LogisticRegression(max_iter=5000).fit(Xa.to_numpy(), ya),
            Xa.to_numpy(),
            Xb.to_numpy(),
            ya,
            yb,
        ).outcome
        is Outcome.PASS
    )


def test_it_says_when_it_cannot_tell():
    """A fitted vectoriser, and no raw text left."""
    words = TfidfVectorizer().fit(["a bc de", "de fg"])
    words.n_features_in_ = 1
    df = raw()
    Xa, Xb, ya, yb = split(df[["age"]].to_numpy(), df["label"])
    model = LogisticRegression().fit(Xa, ya)

    assert ask({"words": words, "Xa": Xa}, model, Xa, Xb, ya, yb).outcome is Outcome.INCONCLUSIVE
    assert "X_train" in find("preprocessing-outside", model=model, X_test=Xb, y_test=yb).message
