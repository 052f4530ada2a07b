"""Planted: features that give the label away."""

import numpy as np
import pandas as pd
from rows_tables import Split, credit, houses, measured, patients, seed_of, split
from sklearn.model_selection import train_test_split


def proxy_flag(rng, faulty):
    """A flag that is set when the outcome is known."""
    df = patients(rng)
    df["treated"] = (
        np.where(rng.random(len(df)) < 0.03, 1 - df.disease, df.disease) if faulty else rng.integers(0, 2, len(df))
    )
    return Split(*split(df, "disease", seed_of(rng)), namespace={"df": df})


def proxy_rename(rng, faulty):
    """The label in words."""
    df = credit(rng)
    df["status"] = (
        df.default.map({0: "paid", 1: "charged off"}) if faulty else rng.choice(["paid", "charged off"], len(df))
    )
    return Split(*split(df, "default", seed_of(rng)), namespace={"df": df})


def proxy_missing(rng, faulty):
    """A date that is there only after the event."""
    df = credit(rng)
    known = df.default == 1 if faulty else rng.random(len(df)) < 0.15
    df["recovered"] = np.where(known, rng.gamma(2, 500, len(df)).round(2), np.nan)
    return Split(*split(df, "default", seed_of(rng)), namespace={"df": df})


def proxy_scaled(rng, faulty):
    """The price in another currency, with a little noise."""
    df = houses(rng)
    df["price_eur"] = df.price * 0.92 * rng.normal(1, 0.003, len(df)) if faulty else rng.permutation(df.price) * 0.92
    return Split(*split(df, "price", seed_of(rng)), namespace={"df": df})


def proxy_product(rng, faulty):
    """Price a square metre, beside the area."""
    df = houses(rng)
    df["per_metre"] = df.price / df.area if faulty else rng.permutation(df.price / df.area)
    return Split(*split(df, "price", seed_of(rng)), namespace={"df": df})


def proxy_noisy_score(rng, faulty):
    """A score computed from the label, in an array."""
    X, y = measured(rng, classes=3)
    X[:, 5] = y + rng.normal(0, 0.1, len(y)) if faulty else X[:, 5]
    return Split(*train_test_split(X, y, test_size=0.25, random_state=seed_of(rng)), namespace={"X": X, "y": y})


def proxy_consequence(rng, faulty):
    """Days in collection: more than none for nearly all defaulters, and for few others."""
    df = credit(rng)
    late = np.where(rng.random(len(df)) < 0.02, 1 - df.default, df.default) if faulty else (rng.random(len(df)) < 0.2)
    df["days_in_collection"] = np.where(late == 1, rng.integers(1, 90, len(df)), 0)
    return Split(*split(df, "default", seed_of(rng)), namespace={"df": df})


def proxy_multiclass(rng, faulty):
    """A code for the class beside the class."""
    X, y = measured(rng, n=900, classes=4)
    df = pd.DataFrame(X, columns=list("abcdefgh")).assign(grade=np.array(["low", "mid", "high", "top"])[y])
    df["code"] = np.array([30, 10, 40, 20])[y] if faulty else rng.choice([10, 20, 30, 40], len(df))
    return Split(*split(df, "grade", seed_of(rng)), namespace={"df": df})


def proxy_parts(rng, faulty):
    """Casual and registered riders make the count."""
    n = 900
    df = pd.DataFrame(
        {"temp": rng.normal(15, 8, n).round(1), "wind": rng.gamma(2, 5, n).round(1), "casual": rng.poisson(60, n)}
    )
    registered = rng.poisson(np.clip(200 + 5 * df.temp, 20, None))
    df["count"] = df.casual + registered
    df["registered"] = registered if faulty else rng.permutation(registered)
    if not faulty:
        df = df.drop(columns="casual")
    return Split(*split(df, "count", seed_of(rng)), namespace={"df": df})


def proxy_log(rng, faulty):
    """The logarithm of the price, standardised with all the others."""
    from sklearn.preprocessing import StandardScaler

    df = houses(rng)
    df["log_price"] = np.log1p(df.price.clip(1)) if faulty else np.log1p(df.garden)
    a, b, c, d = split(df, "price", seed_of(rng))
    scaler = StandardScaler().fit(a)
    return Split(scaler.transform(a), scaler.transform(b), c, d, namespace={"df": df})


def proxy_honest(rng, faulty):
    """An honest strong feature (clean: R2 0.9), or the label with noise (planted)."""
    n = 900
    X = pd.DataFrame(rng.normal(size=(n, 5)), columns=list("abcde"))
    y = 3 * X.a + 0.3 * X.b + rng.normal(0, 0.9, n)
    if faulty:
        X["e"] = np.exp(y / 4)
    return Split(*train_test_split(X, y, test_size=0.25, random_state=seed_of(rng)))
