"""Planted: time that the split does not follow."""

import numpy as np
import pandas as pd
from rows_tables import Split, seed_of, series, split
from sklearn.model_selection import train_test_split


def time_column(rng, faulty):
    """A log of a sensor with its time as a column, shuffled or cut."""
    df = series(rng)
    made = split(df, "load", seed_of(rng)) if faulty else split(df, "load", None, shuffle=False)
    return Split(*made, namespace={"df": df})


def time_in_raw(rng, faulty):
    """The time was dropped from the features; text in the raw frame."""
    df = series(rng, step="D")
    df["time"] = df.time.dt.strftime("%d/%m/%Y")
    df = df.rename(columns={"time": "Date"})
    features = ["temperature", "humidity", "wind"]
    made = split(df, "load", seed_of(rng), features) if faulty else split(df, "load", None, features, shuffle=False)
    return Split(*made, namespace={"raw": df})


def time_index(rng, faulty):
    """A DatetimeIndex, lagged features, a quantity to forecast."""
    df = series(rng).set_index("time")
    for k in (1, 2, 24):
        df[f"lag_{k}"] = df.load.shift(k)
    df = df.dropna()
    made = split(df, "load", seed_of(rng)) if faulty else split(df, "load", None, shuffle=False)
    return Split(*made, namespace={"df": df})


def time_epoch_class(rng, faulty):
    """Epoch seconds; a class that drifts and comes in spells; arrays."""
    df = series(rng)
    df["ts"] = (
        df.pop("time").astype("int64") // 10**9
        if str(df.time.dtype) == "datetime64[ns]"
        else (df.pop("time") - pd.Timestamp("1970-01-01")) // pd.Timedelta("1s")
    )
    df["alarm"] = (df.pop("load") > 10.5).astype(int)
    X, y = df[["ts", "temperature", "humidity", "wind"]], df.alarm
    made = train_test_split(X, y, test_size=0.25, random_state=seed_of(rng), shuffle=faulty)
    return Split(*made, namespace={"df": df})


def time_sales(rng, faulty):
    """Daily sales of several stores with trend and season, split at random or by date."""
    days, stores = 300, 8
    t = np.tile(np.arange(days), stores)
    store = np.repeat(np.arange(stores), days)
    level = rng.normal(100, 20, stores)
    shock = np.cumsum(rng.normal(0, 2, days))
    sales = level[store] + shock[t] + 8 * np.sin(2 * np.pi * t / 90) + 6 * (t % 7 == 5) + rng.normal(0, 4, len(t))
    df = pd.DataFrame(
        {"date": pd.Timestamp("2022-01-01") + pd.to_timedelta(t, unit="D"), "store": store, "promo": rng.integers(0, 2, len(t)),
         "weekday": t % 7, "sales": sales.round(2)}
    )  # fmt: skip
    features = ["store", "promo", "weekday"]
    if faulty:
        return Split(*split(df, "sales", seed_of(rng), features), namespace={"df": df})
    train, test = df[df.date < "2022-08-15"], df[df.date >= "2022-08-15"]
    return Split(
        train[features], test[features], train.sales, test.sales, namespace={"df": df, "train": train, "test": test}
    )


def time_parts(rng, faulty):
    """Year, month and day as columns; a drifting base rate."""
    n = 2000
    t = np.sort(rng.integers(0, 1000, n))
    when = pd.Timestamp("2019-01-01") + pd.to_timedelta(t, unit="D")
    x = rng.normal(size=(n, 3))
    rate = 1 / (1 + np.exp(-(x[:, 0] + 4 * (t / 1000 - 0.5) + 1.2 * np.sin(t / 60))))
    df = pd.DataFrame({"year": when.year, "month": when.month, "day": when.day, "a": x[:, 0], "b": x[:, 1], "c": x[:, 2],
                       "churn": (rng.random(n) < rate).astype(int)})  # fmt: skip
    made = split(df, "churn", seed_of(rng)) if faulty else split(df, "churn", None, shuffle=False)
    return Split(*made, namespace={"df": df})


def time_arrays(rng, faulty):
    """Arrays of features, dates in an array of their own."""
    df = series(rng)
    X, y, dates = df[["temperature", "humidity", "wind"]].to_numpy(), df.load.to_numpy(), df.time.to_numpy()
    made = train_test_split(X, y, test_size=0.25, random_state=seed_of(rng) if faulty else None, shuffle=faulty)
    return Split(*made, namespace={"X": X, "y": y, "dates": dates})


def time_idle(rng, faulty):
    """A log whose label depends on time (planted) or on the features alone (clean); both shuffled."""
    df = series(rng)
    if not faulty:
        df["load"] = 0.4 * df.humidity + df.wind + rng.normal(0, 2, len(df))
    return Split(*split(df, "load", seed_of(rng)), namespace={"df": df})


def time_reversed(rng, faulty):
    """Newest first, then cut: trained on the future."""
    df = series(rng, step="D").sort_values("time", ascending=not faulty).reset_index(drop=True)
    return Split(*split(df, "load", None, shuffle=False), namespace={"df": df})


def time_monthly_text(rng, faulty):
    """Few monthly rows of a trend; dates such as `Jan 2020` written as text."""
    n = 160
    t = np.arange(n)
    df = pd.DataFrame({"month": [d.strftime("%Y-%m") for d in pd.date_range("2008-01-01", periods=n, freq="MS")],
                       "ads": rng.gamma(3, 2, n), "passengers": 100 + 2.5 * t + 25 * np.sin(2 * np.pi * t / 12) + rng.normal(0, 8, n)})  # fmt: skip
    features = ["ads"]
    made = (
        split(df, "passengers", seed_of(rng), features)
        if faulty
        else split(df, "passengers", None, features, shuffle=False)
    )
    return Split(*made, namespace={"df": df})


def time_fraud(rng, faulty):
    """Transactions in order of time; fraud comes in waves."""
    n = 3000
    when = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.cumsum(rng.exponential(600, n)).round(), unit="s")
    wave = 1 / (1 + np.exp(-(3 * np.sin(np.arange(n) / 120) - 2.5)))
    df = pd.DataFrame({"transaction_time": when.astype(str), "amount": rng.gamma(2, 40, n).round(2), "card": rng.choice(["v", "m", "a"], n),
                       "fraud": (rng.random(n) < wave).astype(int)})  # fmt: skip
    features = ["amount", "card"]
    made = split(df, "fraud", seed_of(rng), features) if faulty else split(df, "fraud", None, features, shuffle=False)
    return Split(*made, namespace={"df": df})


def time_stock(rng, faulty):
    """Prices of a random walk, tomorrow's close to be told."""
    n = 1000
    close = 100 + np.cumsum(rng.normal(0, 1, n))
    df = pd.DataFrame({"open": close + rng.normal(0, 0.3, n), "close": close, "volume": rng.gamma(3, 1e5, n).round()},
                      index=pd.bdate_range("2018-01-01", periods=n))  # fmt: skip
    df["ma5"], df["target"] = df.close.rolling(5).mean(), df.close.shift(-1)
    df = df.dropna()
    made = split(df, "target", seed_of(rng)) if faulty else split(df, "target", None, shuffle=False)
    return Split(*made, namespace={"df": df})


def time_lags(rng, faulty):
    """Sliding windows of one series; no time is left."""
    s = series(rng).load.to_numpy()
    X = np.column_stack([s[i : len(s) - 5 + i] for i in range(5)])
    y = s[5:]
    made = train_test_split(X, y, test_size=0.25, random_state=seed_of(rng) if faulty else None, shuffle=faulty)
    return Split(*made, namespace={"s": s})


def time_counts(rng, faulty):
    """Lags of a count of few values."""
    n = 1500
    level = 20 + 8 * np.sin(np.arange(n) / 40)
    sold = rng.poisson(level)
    df = pd.DataFrame({"sold": sold, "lag1": np.roll(sold, 1), "lag2": np.roll(sold, 2), "lag7": np.roll(sold, 7),
                       "price": rng.gamma(5, 2, n).round(2)}).iloc[10:]  # fmt: skip
    made = split(df, "sold", seed_of(rng)) if faulty else split(df, "sold", None, shuffle=False)
    return Split(*made)


def time_ahead(rng, faulty):
    """A rolling mean that holds the row's own label; the split itself follows time."""
    df = series(rng)
    df["week"] = df.load.shift(0 if faulty else 1).rolling(7).mean()
    df = df.dropna()
    return Split(*split(df, "load", None, shuffle=False), namespace={"df": df})
