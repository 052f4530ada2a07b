"""Planted: duplicates and overlap."""

import numpy as np
import pandas as pd
from rows_tables import Split, credit, houses, measured, patients, seed_of, split
from sklearn.model_selection import train_test_split


def dup_concat(rng, faulty):
    """A tenth of the patients appended again before the split."""
    df = patients(rng)
    if faulty:
        df = pd.concat([df, df.sample(frac=0.12, random_state=seed_of(rng))], ignore_index=True)
    return Split(*split(df, "disease", seed_of(rng)), namespace={"df": df})


def dup_numpy(rng, faulty):
    """Rows of an array repeated."""
    X, y = measured(rng)
    if faulty:
        again = rng.choice(len(X), 150)
        X, y = np.vstack([X, X[again]]), np.concatenate([y, y[again]])
    return Split(*train_test_split(X, y, test_size=0.25, random_state=seed_of(rng)), namespace={"X": X, "y": y})


def dup_whole(rng, faulty):
    """A file read twice and stacked."""
    df = credit(rng)
    if faulty:
        df = pd.concat([df, df]).reset_index(drop=True)
    return Split(*split(df, "default", seed_of(rng)), namespace={"df": df})


def dup_index_kept(rng, faulty):
    """Appended with their index labels, coarse columns."""
    df = patients(rng)[["smoker", "sex", "age", "disease"]]
    if faulty:
        df = pd.concat([df, df.sample(frac=0.3, random_state=seed_of(rng))])
    return Split(*split(df, "disease", seed_of(rng)), namespace={"df": df})


def dup_houses_polars(rng, faulty):
    """Polars frames, a regression."""
    import polars as pl

    df = houses(rng)
    if faulty:
        df = pd.concat([df, df.sample(frac=0.15, random_state=seed_of(rng))], ignore_index=True)
    a, b, c, d = split(df, "price", seed_of(rng))
    return Split(pl.from_pandas(a), pl.from_pandas(b), c.to_numpy(), d.to_numpy(), namespace={"df": df})


def dup_noise(rng, faulty):
    """Copies with a little noise on each number: augmented before the split."""
    X, y = measured(rng, n=900)
    if faulty:
        again = rng.choice(len(X), 200, replace=False)
        X, y = np.vstack([X, X[again] + rng.normal(0, 0.01, (200, X.shape[1]))]), np.concatenate([y, y[again]])
    return Split(*train_test_split(X, y, test_size=0.25, random_state=seed_of(rng)), namespace={"X": X, "y": y})


def dup_one_cell(rng, faulty):
    """Copies with one cell changed."""
    df = credit(rng)
    if faulty:
        again = df.sample(frac=0.15, random_state=seed_of(rng))
        again["term"] = rng.choice([12, 24, 36, 60], len(again))
        df = pd.concat([df, again], ignore_index=True)
    return Split(*split(df, "default", seed_of(rng)), namespace={"df": df})


def dup_new_id(rng, faulty):
    """Copies under a new row number."""
    df = patients(rng)
    if faulty:
        df = pd.concat([df, df.sample(frac=0.15, random_state=seed_of(rng))], ignore_index=True)
    df.insert(0, "row_id", np.arange(len(df)))
    return Split(*split(df, "disease", seed_of(rng)), namespace={"df": df})


def dup_rounded(rng, faulty):
    """The same measurements merged from two sources, one of them rounded."""
    df = houses(rng).drop(columns="price")
    df["garden"], df["area"] = rng.gamma(2, 60, len(df)), rng.gamma(6, 25, len(df))
    df["lat"], df["lon"] = rng.uniform(47, 48, len(df)), rng.uniform(-123, -121, len(df))
    df["price"] = 900 * df.area + rng.normal(0, 25000, len(df))
    if faulty:
        again = df.sample(frac=0.2, random_state=seed_of(rng)).round(2)
        df = pd.concat([df, again], ignore_index=True)
    return Split(*split(df, "price", seed_of(rng)), namespace={"df": df})


def dup_text(rng, faulty):
    """Messages, some of them twice; as counts of words."""
    from sklearn.feature_extraction.text import CountVectorizer

    words = np.array([f"w{i}" for i in range(800)])
    weight = 1 / np.arange(1, 801)
    texts = [" ".join(rng.choice(words, rng.integers(10, 30), p=weight / weight.sum())) for _ in range(600)]
    y = rng.integers(0, 2, 600)
    if faulty:
        again = rng.choice(600, 90)
        texts, y = texts + [texts[i] for i in again], np.concatenate([y, y[again]])
    a, b, c, d = train_test_split(texts, y, test_size=0.25, random_state=seed_of(rng))
    bag = CountVectorizer().fit(a)
    return Split(bag.transform(a), bag.transform(b), c, d, namespace={"texts": texts})


def over_slices(rng, faulty):
    """Slices that overlap."""
    df = patients(rng).sample(frac=1, random_state=seed_of(rng)).reset_index(drop=True)
    X, y = df.drop(columns="disease"), df["disease"]
    cut = 600 if faulty else 700
    return Split(X[:700], X[cut:], y[:700], y[cut:], namespace={"df": df, "X": X, "y": y})


def over_samples(rng, faulty):
    """Two independent samples of one table, or a sample and the rest."""
    df = credit(rng)
    train = df.sample(frac=0.8, random_state=seed_of(rng))
    test = df.sample(frac=0.25, random_state=seed_of(rng)) if faulty else df.drop(train.index)
    X, Z = train.drop(columns="default"), test.drop(columns="default")
    return Split(X, Z, train["default"], test["default"], namespace={"df": df, "train": train, "test": test})


def over_numpy_all(rng, faulty):
    """Fitted on every row of an array, tested on some."""
    X, y = measured(rng)
    a, b, c, d = train_test_split(X, y, random_state=seed_of(rng))
    return Split(X if faulty else a, b, y if faulty else c, d, namespace={"X": X, "y": y})


def over_reset(rng, faulty):
    """Overlapping samples whose index was reset."""
    df = houses(rng)
    train = df.sample(frac=0.8, random_state=seed_of(rng))
    test = (df.sample(frac=0.2, random_state=seed_of(rng)) if faulty else df.drop(train.index)).reset_index(drop=True)
    train = train.reset_index(drop=True)
    return Split(train.drop(columns="price"), test.drop(columns="price"), train.price, test.price)
