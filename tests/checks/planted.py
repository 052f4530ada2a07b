"""Small data with known properties, for the tests of the checks: clean by construction, faults are planted on top."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression, Ridge


def numbers(n, seed=0, columns="abcd"):
    """(n, len(columns)) independent normal columns."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(size=(n, len(columns))), columns=list(columns))


def binary(n, seed=0, *, signal=2.0, base=0.0):
    """X and 0/1 labels that hang on a and b; `base` moves the share of ones."""
    X = numbers(n, seed)
    noise = np.random.default_rng(seed + 1000).logistic(size=n)
    return X, pd.Series((signal * (X["a"] + X["b"]) + noise + base > 0).astype(int), name="y")


def passengers(n, seed=0):
    """Four coarse columns: whole rows repeat by nature."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "pclass": rng.choice([1, 2, 3], n, p=[0.24, 0.21, 0.55]),
            "sex": rng.choice(["female", "male"], n, p=[0.35, 0.65]),
            "age": np.clip(rng.normal(30, 14, n).round(), 1, 80),
            "port": rng.choice(["S", "C", "Q"], n, p=[0.72, 0.19, 0.09]),
        }
    )
    return X, pd.Series((rng.random(n) < np.where(X["sex"] == "female", 0.74, 0.19)).astype(int))


def halves(X, y, share=0.75):
    """Subjects of a split by position, each side numbered anew as two files would be."""
    cut = int(share * len(X))
    return {
        "X_train": X[:cut],
        "y_train": y[:cut],
        "X_test": X[cut:].reset_index(drop=True),
        "y_test": y[cut:].reset_index(drop=True),
    }


def fitted(split, model=None):
    """The split's subjects and a model trained on them."""
    model = model if model is not None else (LogisticRegression() if split["y_train"].nunique() < 20 else Ridge())
    return {**split, "model": model.fit(split["X_train"], split["y_train"])}


class Oracle:
    """A model whose answer, as the number of a class, stands in the first column."""

    def __init__(self, classes):
        self.classes_ = np.asarray(classes)

    def predict(self, X):
        """Labels."""
        return self.classes_[np.asarray(X)[:, 0].astype(int)]
