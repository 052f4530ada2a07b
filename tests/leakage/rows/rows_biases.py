"""Planted: test sets drawn from another distribution."""

import numpy as np
import pandas as pd
from rows_tables import Split, credit, houses, measured, patients, seed_of, split
from sklearn.model_selection import train_test_split


def bias_balanced(rng, faulty):
    """The test set was balanced (planted); the training set was (clean)."""
    df = credit(rng, 3000)
    train, test = train_test_split(df, test_size=0.3, random_state=seed_of(rng))
    side = test if faulty else train
    least = side.default.value_counts().min()
    even = pd.concat([part.sample(least, random_state=1) for _, part in side.groupby("default")])
    train, test = (train, even) if faulty else (even, test)
    return Split(train.drop(columns="default"), test.drop(columns="default"), train.default, test.default,
                 namespace={"df": df})  # fmt: skip


def bias_filtered(rng, faulty):
    """Only easy ages are tested (planted); outliers left out of training alone (clean)."""
    df = patients(rng, 1500)
    train, test = train_test_split(df, test_size=0.3, random_state=seed_of(rng))
    if faulty:
        test = test[test.age < 70]
    else:
        train = train[train.bmi < 33]
    return Split(train.drop(columns="disease"), test.drop(columns="disease"), train.disease, test.disease,
                 namespace={"df": df})  # fmt: skip


def bias_gaps(rng, faulty):
    """Rows with gaps dropped from the test set (planted), or from training (clean)."""
    df = credit(rng, 2000)
    df.loc[rng.random(len(df)) < 0.2, "score"] = np.nan
    train, test = train_test_split(df, test_size=0.3, random_state=seed_of(rng))
    train, test = (train, test.dropna()) if faulty else (train.dropna(), test)
    return Split(train.drop(columns="default"), test.drop(columns="default"), train.default, test.default,
                 namespace={"df": df})  # fmt: skip


def bias_sorted(rng, faulty):
    """Sorted by amount, then cut (planted); shuffled first (clean)."""
    df = credit(rng)
    df = df.sort_values("amount") if faulty else df.sample(frac=1, random_state=seed_of(rng))
    df = df.reset_index(drop=True)
    X, y = df.drop(columns="default"), df.default
    return Split(X[:1100], X[1100:], y[:1100], y[1100:], namespace={"df": df, "X": X, "y": y})


def bias_class_lost(rng, faulty):
    """Sorted by class, then cut: a class is never tested."""
    X, y = measured(rng, classes=3)
    order = np.argsort(y, kind="stable") if faulty else rng.permutation(len(y))
    X, y = X[order], y[order]
    return Split(X[:560], X[560:], y[:560], y[560:], namespace={"X": X, "y": y})


def bias_weighted(rng, faulty):
    """Test rows drawn with weights: large amounts more often."""
    df = credit(rng, 2500)
    test = df[rng.random(len(df)) < (0.4 * df.amount.rank(pct=True) ** 2 if faulty else 0.2)]
    train = df.drop(test.index)
    return Split(
        train.drop(columns="default"), test.drop(columns="default"), train.default, test.default, namespace={"df": df}
    )


def bias_price_cut(rng, faulty):
    """Sorted by price, then cut (planted); shuffled (clean): a regression."""
    df = houses(rng)
    df = (df.sort_values("price") if faulty else df.sample(frac=1, random_state=seed_of(rng))).reset_index(drop=True)
    return Split(*split(df, "price", None, shuffle=False), namespace={"df": df})


def bias_one_class(rng, faulty):
    """Most healthy patients left out of the test set, no raw frame left."""
    df = patients(rng, 2000)
    train, test = train_test_split(df, test_size=0.3, random_state=seed_of(rng))
    if faulty:
        test = pd.concat([test[test.disease == 1], test[test.disease == 0].sample(frac=0.3, random_state=1)])
    return Split(train.drop(columns="disease"), test.drop(columns="disease"), train.disease, test.disease)


def bias_borderline(rng, faulty):
    """Borderline cases left out of the test set by the model's own scores."""
    from sklearn.ensemble import RandomForestClassifier

    df = credit(rng, 1500)
    x = ["income", "amount", "score", "term"]
    train, test = train_test_split(df, test_size=0.3, random_state=seed_of(rng))
    model = RandomForestClassifier(30, min_samples_leaf=5, random_state=0).fit(train[x], train.default)
    if faulty:
        p = model.predict_proba(test[x])[:, 1]
        test = test[(p < 0.2) | (p > 0.7)]
    return Split(train[x], test[x], train.default, test.default, namespace={"df": df}, model=model)


def bias_label_cut(rng, faulty):
    """Dear houses left out of the test set."""
    df = houses(rng)
    train, test = train_test_split(df, test_size=0.25, random_state=seed_of(rng))
    if faulty:
        test = test[test.price < df.price.quantile(0.85)]
    return Split(train.drop(columns="price"), test.drop(columns="price"), train.price, test.price, namespace={"df": df})


def bias_level(rng, faulty):
    """A region left out of the test set."""
    df = credit(rng, 2500)
    df["region"] = rng.choice(list("ABCD"), len(df), p=[0.4, 0.3, 0.2, 0.1])
    train, test = train_test_split(df, test_size=0.3, random_state=seed_of(rng))
    if faulty:
        test = test[test.region != "B"]
    return Split(train.drop(columns="default"), test.drop(columns="default"), train.default, test.default,
                 namespace={"df": df})  # fmt: skip
