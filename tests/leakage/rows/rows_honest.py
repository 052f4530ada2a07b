"""Honest notebooks' ends that look suspicious: every one of them must stay quiet."""

import numpy as np
import pandas as pd
from rows_tables import Split, credit, houses, measured, patients, seed_of, series, split, visits
from sklearn.model_selection import TimeSeriesSplit, train_test_split

from mlready_nb.subjects import Cell


def signup_date(rng):
    """Customers who joined earlier churn less: a trait of theirs, not the time of an observation."""
    n = 1500
    joined = pd.Timestamp("2015-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 3000, n)), unit="D")
    tenure = (pd.Timestamp("2024-01-01") - joined).days
    df = pd.DataFrame({"signup_date": joined, "plan": rng.choice(["a", "b", "c"], n), "usage": rng.gamma(2, 3, n),
                       "churn": (rng.random(n) < 1 / (1 + np.exp((tenure - 1800) / 500))).astype(int)})  # fmt: skip
    return Split(*split(df, "churn", seed_of(rng), ["plan", "usage"]), namespace={"df": df})


def birth_date(rng):
    """Dates of birth as text; the risk grows with age."""
    df = patients(rng)
    born = pd.Timestamp("2024-01-01") - pd.to_timedelta(df.age * 365 + rng.integers(0, 365, len(df)), unit="D")
    df["dob"] = born.dt.strftime("%Y-%m-%d")
    df["geboren"] = df.dob
    return Split(*split(df, "disease", seed_of(rng), ["bmi", "pressure", "glucose"]), namespace={"df": df})


def idle_date(rng):
    """Order dates that mean nothing for the label."""
    df = credit(rng)
    df["order_date"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 365, len(df)), unit="D")
    return Split(*split(df, "default", seed_of(rng)), namespace={"df": df})


def country(rng):
    """A category that carries much of the label, among the features and as text and code."""
    n = 2000
    where = rng.integers(0, 40, n)
    level = rng.normal(0, 1.5, 40)
    df = pd.DataFrame({"country": [f"C{i:02d}" for i in where], "gdp": rng.gamma(3, 2, n), "x": rng.normal(size=n)})
    df["rate"] = level[where] + df.x + rng.normal(0, 0.5, n)
    return Split(*split(df, "rate", seed_of(rng)), namespace={"df": df})


def products(rng):
    """Product codes, among the features; sales depend on the product."""
    n = 2000
    which = rng.integers(0, 60, n)
    df = pd.DataFrame(
        {"product_code": [f"SKU-{100 + i}" for i in which], "price": rng.gamma(4, 3, n), "ad": rng.integers(0, 2, n)}
    )
    df["units"] = (rng.normal(50, 15, 60)[which] - df.price + 5 * df.ad + rng.normal(0, 4, n)).round(1)
    return Split(*split(df, "units", seed_of(rng)), namespace={"df": df})


def zipcodes(rng):
    """The zip code carries the price."""
    df = houses(rng)
    df["price"] = (df.price * rng.uniform(0.6, 1.6, 70)[df.zipcode - 98001]).round(0)
    return Split(*split(df, "price", seed_of(rng)), namespace={"df": df})


def model_year(rng):
    """The year a car was made."""
    n = 2000
    year = rng.integers(1998, 2021, n)
    df = pd.DataFrame(
        {"year": year, "mileage": rng.gamma(3, 30000, n).round(), "make": rng.choice(list("ABCDEFGH"), n)}
    )
    df["price"] = (25000 * np.exp(-(2021 - year) / 8) - df.mileage / 20 + rng.normal(0, 1500, n)).round(-2)
    return Split(*split(df, "price", seed_of(rng)), namespace={"df": df})


def follow_up(rng):
    """A follow-up time in days, sorted in the file, strongly tied to the outcome."""
    n = 300
    time = np.sort(rng.integers(4, 286, n))
    df = pd.DataFrame({"age": rng.integers(40, 95, n), "ejection": rng.integers(15, 70, n), "time": time,
                       "death": (rng.random(n) < 1 / (1 + np.exp((time - 80) / 30))).astype(int)})  # fmt: skip
    return Split(*split(df, "death", seed_of(rng)), namespace={"df": df})


def hardly_used(rng):
    """Counts cut in the order of the file; a flag is set in one row of the first part alone."""
    X = rng.poisson(2.0, size=(1200, 8)).astype(float)
    X[:, 5] = 0
    X[int(rng.integers(0, 500)), 5] = 1
    y = (X[:, 0] + rng.normal(size=1200) > 2).astype(int)
    return Split(X[:600], X[600:], y[:600], y[600:], namespace={"X": X, "y": y})


def unique_ids(rng):
    """An identifier that occurs once."""
    df = patients(rng)
    df.insert(0, "customer_id", [f"{i:04d}-XK" for i in rng.permutation(len(df))])
    return Split(*split(df, "disease", seed_of(rng)), namespace={"df": df})


def survey(rng):
    """A survey of few answers: nearly every row has a twin."""
    n = 2500
    df = pd.DataFrame({c: rng.integers(1, 4, n) for c in ("q1", "q2", "q3", "q4")})
    df["satisfied"] = (df.sum(axis=1) + rng.normal(0, 2, n) > 8).astype(int)
    return Split(*split(df, "satisfied", seed_of(rng)), namespace={"df": df})


def sampled_up_after(rng):
    """Minority rows repeated in the training set alone."""
    df = credit(rng, 3000)
    train, test = train_test_split(df, test_size=0.25, random_state=seed_of(rng))
    rare = train[train.default == 1]
    more = rare.sample(len(train) - 2 * len(rare), replace=True, random_state=1)
    train = pd.concat([train, more]).sample(frac=1, random_state=2)
    return Split(train.drop(columns="default"), test.drop(columns="default"), train.default, test.default,
                 namespace={"df": df})  # fmt: skip


def refit_for_release(rng):
    """Scored on the test set, then fitted again on all rows."""
    df = patients(rng)
    X, y = df.drop(columns="disease"), df.disease
    a, b, c, d = train_test_split(X, y, random_state=seed_of(rng))
    made = Split(X, b, y, d, namespace={"df": df, "X_tr": a, "y_tr": c})
    made.cells = (
        Cell(number=1, source="X_tr, X_test, y_tr, y_test = train_test_split(X_train, y_train)"),
        Cell(number=2, source="model.fit(X_tr, y_tr)\nprint(model.score(X_test, y_test))"),
        Cell(number=3, source="final = clone(model).fit(X_train, y_train)"),
    )
    return made


def panel_by_date(rng):
    """Stores over the days, each cut at its own day."""
    days, stores = 200, 12
    t, store = np.tile(np.arange(days), stores), np.repeat(np.arange(stores), days)
    df = pd.DataFrame({"store_id": store, "date": pd.Timestamp("2022-01-01") + pd.to_timedelta(t + 40 * store, unit="D"),
                       "promo": rng.integers(0, 2, len(t))})  # fmt: skip
    df["sales"] = (rng.normal(100, 30, stores)[store] + 10 * np.sin(t / 20) + rng.normal(0, 5, len(t))).round(1)
    last = df.groupby("store_id").date.rank(pct=True) > 0.8
    cols = ["store_id", "promo"]
    return Split(df.loc[~last, cols], df.loc[last, cols], df.sales[~last], df.sales[last], namespace={"df": df})


def visits_by_date(rng):
    """The same patients in both years, split by the year: forecasts for known patients."""
    df = visits(rng)
    df["date"] = pd.Timestamp("2021-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 700, len(df))), unit="D")
    train, test = df[df.date < "2022-06-01"], df[df.date >= "2022-06-01"]
    cols = ["age", "pulse", "lab", "dose"]
    return Split(train[cols], test[cols], train.outcome, test.outcome, namespace={"df": df})


def last_fold(rng):
    """The last fold of a TimeSeriesSplit."""
    df = series(rng)
    X, y = df[["temperature", "humidity", "wind"]], df.load
    train, test = list(TimeSeriesSplit(4).split(X))[-1]
    return Split(X.iloc[train], X.iloc[test], y.iloc[train], y.iloc[test], namespace={"df": df, "X": X, "y": y})


def growing_counter(rng):
    """A log cut by time whose odometer only grows; the time itself is gone."""
    n = 1500
    df = pd.DataFrame({"odometer": np.cumsum(rng.gamma(2, 5, n)).round(1), "speed": rng.normal(60, 10, n)})
    df["fuel"] = 0.1 * df.speed + rng.normal(0, 1, n)
    return Split(*split(df, "fuel", None, shuffle=False), namespace={"df": df})


def other_arrays(rng):
    """Predictions, weights, folds and cluster numbers of both sides lie about."""
    X, y = measured(rng, n=1500, classes=3)
    a, b, c, d = train_test_split(X, y, test_size=0.2, random_state=seed_of(rng))
    rough = [np.round(4 * side[:, 0] + rng.normal(0, 0.1, len(side))).astype(int) for side in (a, b)]
    return Split(a, b, c, d, namespace={
        "X": X, "y": y, "pred_train": c, "pred_test": d, "cluster_train": rough[0], "cluster_test": rough[1],
        "fold": rng.integers(0, 5, len(X)), "order": rng.permutation(len(X)),
    })  # fmt: skip


def smooth_windows(rng):
    """Sliding windows of a smooth series, cut by time: the last value tells the next one."""
    s = np.sin(np.arange(900) / 15) + rng.normal(0, 0.02, 900)
    X = np.column_stack([s[i : len(s) - 4 + i] for i in range(4)])
    return Split(*train_test_split(X, s[4:], test_size=0.25, shuffle=False), namespace={"s": s})


def strong_feature(rng):
    """One honest feature that tells 95 % of the classes."""
    n = 1200
    y = rng.integers(0, 2, n)
    X = pd.DataFrame(rng.normal(size=(n, 5)), columns=list("abcde"))
    X["a"] += 3.3 * y
    return Split(*train_test_split(X, y, test_size=0.25, random_state=seed_of(rng)))


def plain_line(rng):
    """A line through two honest features, with little noise."""
    X = pd.DataFrame(rng.normal(size=(600, 4)), columns=list("abcd"))
    y = 2.5 * X.a + 1.5 * X.b + rng.normal(0, 0.3, 600)
    return Split(*train_test_split(X, y, test_size=0.25, random_state=seed_of(rng)))


def noiseless_toy(rng):
    """A toy without noise: the label is a weighted sum."""
    X = rng.uniform(0, 10, size=(500, 3))
    y = 3 * X[:, 0] - 2 * X[:, 1] + 0.5 * X[:, 2] + 7
    return Split(*train_test_split(X, y, test_size=0.25, random_state=seed_of(rng)))


def dropped_by_pipeline(rng):
    """The status is in the frame but the pipeline drops it."""
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    df = credit(rng)
    df["status"] = df.default.map({0: "paid", 1: "charged off"})
    a, b, c, d = split(df, "default", seed_of(rng))
    model = make_pipeline(
        ColumnTransformer([("n", StandardScaler(), ["income", "amount", "score"])]), LogisticRegression()
    )
    return Split(a, b, c, d, namespace={"df": df}, model=model.fit(a, c))


def heavy_ties(rng):
    """Purchases: few products, whole prices, one customer number a row."""
    n = 1800
    df = pd.DataFrame({"transaction_id": np.arange(n), "item": rng.choice(list("ABCDEFGH"), n), "quantity": rng.poisson(2, n) + 1,
                       "price": rng.choice([5, 10, 15, 20], n), "member": rng.integers(0, 2, n)})  # fmt: skip
    df["returned"] = (rng.random(n) < 0.1 + 0.05 * df.quantity).astype(int)
    return Split(*split(df, "returned", seed_of(rng)), namespace={"df": df})


def two_files(rng):
    """Training and test data read from two files, numbered alike."""
    df = patients(rng, 1200)
    train, test = df[:900].reset_index(drop=True), df[900:].reset_index(drop=True)
    train.index.name = test.index.name = "id"
    return Split(train.drop(columns="disease"), test.drop(columns="disease"), train.disease, test.disease,
                 namespace={"train": train, "test": test})  # fmt: skip


def sensors_by_design(rng):
    """Independent measurements that happen to carry a regular time stamp; half of the values gone at random."""
    df = series(rng)
    df["load"] = rng.normal(10, 1, len(df)) + 0.3 * df.wind
    df.loc[rng.random(len(df)) < 0.4, "humidity"] = np.nan
    return Split(*split(df, "load", seed_of(rng)), namespace={"df": df})


def outliers_cut_in_training(rng):
    """Outliers and gaps removed from the training rows alone."""
    df = houses(rng)
    a, b, c, d = split(df, "price", seed_of(rng))
    keep = a.area < a.area.quantile(0.9)
    return Split(a[keep], b, c[keep], d, namespace={"df": df})


def drawn_up_partly(rng):
    """New rows of the rarer class in the scaled training set, not up to level; the labels before remain."""
    df = credit(rng).select_dtypes("number").dropna()
    X_train, X_test, y_train, y_test = split(df, "default", seed_of(rng))
    X_train, X_test = X_train.to_numpy(float), X_test.to_numpy(float)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    X_train, X_test = (X_train - mean) / std, (X_test - mean) / std
    rare = np.flatnonzero(y_train == 1)
    more = rng.choice(rare, (y_train == 0).sum() * 2 // 3)
    new = X_train[more] + rng.normal(0, 0.3, (len(more), X_train.shape[1]))
    return Split(np.vstack([X_train, new]), X_test, np.append(y_train, np.ones(len(more), int)), y_test.to_numpy(),
                 namespace={"y": df.default.to_numpy()})  # fmt: skip


def one_side_scaled(rng):
    """The scaled test rows beside the training rows in their own units."""
    X_train, X_test, y_train, y_test = split(houses(rng), "price", seed_of(rng))
    X_train, X_test = X_train.select_dtypes("number") + 1000, X_test.select_dtypes("number") + 1000
    return Split(X_train, (X_test - X_train.mean()) / X_train.std() / 50, y_train, y_test)


HONEST = (
    signup_date, birth_date, idle_date, country, products, zipcodes, model_year, follow_up, hardly_used, unique_ids, survey,
    sampled_up_after, refit_for_release, panel_by_date, visits_by_date, last_fold, growing_counter, other_arrays,
    smooth_windows, strong_feature, plain_line, noiseless_toy, dropped_by_pipeline, heavy_ties, two_files, sensors_by_design,
    outliers_cut_in_training, drawn_up_partly, one_side_scaled,
)  # fmt: skip
