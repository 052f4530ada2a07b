"""What a notebook ends with, and simulated tables to make it from."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit, train_test_split

from mlready_nb.leakage.rows import witness
from mlready_nb.subjects import Origin, Subjects


@dataclass
class Split:
    """What a notebook ends with."""

    X_train: object
    X_test: object
    y_train: object
    y_test: object
    namespace: dict = field(default_factory=dict)
    model: object = None
    cells: tuple = ()

    def says(self):
        """The evidence of the rows witness."""
        subjects = Subjects(
            X_train=self.X_train, X_test=self.X_test, y_train=self.y_train, y_test=self.y_test, model=self.model,
            cells=self.cells,
            namespace={**self.namespace, "X_train": self.X_train, "X_test": self.X_test, "y_train": self.y_train,
                       "y_test": self.y_test},
            origin={n: Origin(variable=n, how="given") for n in ("X_train", "X_test", "y_train", "y_test")},
        )  # fmt: skip
        return witness(subjects, flat(self.y_train), flat(self.y_test), strict=True)

    def kinds(self):
        """The kinds it finds."""
        return sorted({str(e.kind) for e in self.says()})


def flat(y):
    """Labels as the resolver gives them."""
    return np.asarray(y).ravel()


def patients(rng, n=900):
    """One row a patient; numbers, categories, a binary label."""
    age = rng.integers(18, 90, n)
    bmi = rng.normal(27, 5, n).round(1)
    pressure = (95 + 0.5 * age + rng.normal(0, 12, n)).round()
    glucose = rng.lognormal(4.6, 0.25, n).round(1)
    smoker = rng.choice(["no", "yes", "former"], n, p=[0.6, 0.25, 0.15])
    risk = 0.05 * (age - 55) + 0.1 * (bmi - 27) + 0.9 * (smoker == "yes") + rng.logistic(0, 1, n)
    return pd.DataFrame(
        {"age": age, "bmi": bmi, "pressure": pressure, "glucose": glucose, "smoker": smoker,
         "sex": rng.choice(["f", "m"], n), "disease": (risk > 0.3).astype(int)}
    )  # fmt: skip


def credit(rng, n=1500):
    """Loans: amounts, terms, categories, a rare default."""
    income = rng.lognormal(10.5, 0.5, n).round(2)
    amount = (income * rng.uniform(0.1, 1.2, n)).round(2)
    score = rng.normal(680, 60, n).round()
    logit = -3 + 2.5 * amount / income - (score - 680) / 60 + rng.normal(0, 0.5, n)
    return pd.DataFrame(
        {"income": income, "amount": amount, "score": score, "term": rng.choice([12, 24, 36, 60], n),
         "purpose": rng.choice(["car", "home", "study", "other"], n), "region": rng.choice(list("ABCDEFGHIJKL"), n),
         "default": (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(int)}
    )  # fmt: skip


def houses(rng, n=1200):
    """Sales of houses: one row a house, a price."""
    area = rng.gamma(6, 25, n).round(1)
    built = rng.integers(1900, 2020, n)
    price = 900 * area + 300 * (built - 1900) + rng.normal(0, 25000, n)
    return pd.DataFrame(
        {"area": area, "rooms": (area / 28 + rng.normal(0, 0.7, n)).round().clip(1), "built": built,
         "zipcode": rng.choice(np.arange(98001, 98071), n), "garden": rng.gamma(2, 60, n).round(1),
         "condition": rng.integers(1, 6, n), "price": price.round(0)}
    )  # fmt: skip


def measured(rng, n=800, k=8, classes=2):
    """Continuous features of no meaning, some of them informative."""
    X = rng.normal(size=(n, k))
    score = X[:, 0] + 0.7 * X[:, 1] - 0.5 * X[:, 2] + rng.normal(0, 0.8, n)
    y = np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]))
    return X, y


def series(rng, n=1500, step="h", noise=0.4):
    """A sensor's log: autocorrelated load and temperature."""
    t = pd.date_range("2021-03-01", periods=n, freq=step)
    state = np.zeros(n)
    for i in range(1, n):
        state[i] = 0.96 * state[i - 1] + rng.normal(0, 0.3)
    day = np.sin(2 * np.pi * np.arange(n) / 24)
    return pd.DataFrame(
        {"time": t, "temperature": 15 + 5 * day + rng.normal(0, 2, n), "humidity": rng.uniform(30, 90, n),
         "wind": rng.gamma(2, 2, n), "load": 10 + 2 * day + 1.5 * state + rng.normal(0, noise, n)}
    )  # fmt: skip


def split(df, target, seed, features=None, **how):
    """`train_test_split` of a frame."""
    X = df[features] if features else df.drop(columns=target)
    return train_test_split(X, df[target], test_size=0.25, random_state=seed, **how)


def seed_of(rng):
    """A seed for scikit-learn."""
    return int(rng.integers(1_000_000))


def visits(rng, kind="binary", carries=True, n=1200, size=10):
    """Several visits of each patient; the outcome depends on who it is."""
    count = n // size
    who = np.repeat(np.arange(count), size)
    base = rng.normal(0, 1.5 if carries else 0, count)
    age = rng.integers(20, 85, count)
    df = pd.DataFrame(
        {"patient_id": who, "age": age[who], "pulse": rng.normal(72, 9, n).round(1) + 3 * base[who],
         "lab": rng.normal(5, 1, n).round(2), "dose": rng.choice([5, 10, 20], n)}
    )  # fmt: skip
    score = 0.6 * (df.lab - 5) + base[who] + rng.normal(0, 0.8, n)
    df["outcome"] = (score > 0).astype(int) if kind == "binary" else score.round(3)
    return df.sample(frac=1, random_state=seed_of(rng)).reset_index(drop=True)


def grouped(df, target, group, rng, features):
    """A split that keeps groups whole."""
    train, test = next(GroupShuffleSplit(1, test_size=0.25, random_state=seed_of(rng)).split(df, groups=group))
    X, y = df[features], df[target]
    return X.iloc[train], X.iloc[test], y.iloc[train], y.iloc[test]
