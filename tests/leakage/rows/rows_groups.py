"""Planted: groups on both sides."""

import numpy as np
import pandas as pd
from rows_tables import Split, grouped, seed_of, split, visits
from sklearn.model_selection import GroupShuffleSplit, train_test_split


def group_in_features(rng, faulty):
    """The identifier is a feature."""
    df = visits(rng)
    features = [c for c in df if c != "outcome"]
    made = split(df, "outcome", seed_of(rng)) if faulty else grouped(df, "outcome", df.patient_id, rng, features)
    return Split(*made, namespace={"df": df})


def group_in_raw(rng, faulty):
    """The identifier was dropped; the raw frame still has it."""
    df = visits(rng, "quantity")
    df["user"] = [f"U{7919 * (i + 3) % 100003:05d}" for i in df.pop("patient_id")]
    features = ["age", "pulse", "lab", "dose"]
    made = split(df, "outcome", seed_of(rng), features) if faulty else grouped(df, "outcome", df.user, rng, features)
    return Split(*made, namespace={"data": df})


def group_array(rng, faulty):
    """Arrays, and the groups in a third one."""
    df = visits(rng)
    X, y, groups = df[["age", "pulse", "lab", "dose"]].to_numpy(float), df.outcome.to_numpy(), df.patient_id.to_numpy()
    if faulty:
        made = train_test_split(X, y, test_size=0.25, random_state=seed_of(rng))
    else:
        i, j = next(GroupShuffleSplit(1, test_size=0.25, random_state=seed_of(rng)).split(X, y, groups))
        made = X[i], X[j], y[i], y[j]
    return Split(*made, namespace={"X": X, "y": y, "groups": groups})


def group_split_along(rng, faulty):
    """The groups were split along with the data, and everything was scaled."""
    from sklearn.preprocessing import StandardScaler

    df = visits(rng, "quantity")
    X, y, device = df[["age", "pulse", "lab", "dose"]], df.outcome, df.patient_id.map(lambda i: f"dev-{i:03d}")
    if faulty:
        a, b, c, d, g_train, g_test = train_test_split(X, y, device, test_size=0.25, random_state=seed_of(rng))
    else:
        i, j = next(GroupShuffleSplit(1, test_size=0.25, random_state=seed_of(rng)).split(X, y, device))
        a, b, c, d, g_train, g_test = X.iloc[i], X.iloc[j], y.iloc[i], y.iloc[j], device.iloc[i], device.iloc[j]
    scaler = StandardScaler().fit(a)
    return Split(scaler.transform(a), scaler.transform(b), c.to_numpy(), d.to_numpy(),
                 namespace={"g_train": g_train.to_numpy(), "g_test": g_test.to_numpy(), "X_train_raw": a})  # fmt: skip


def group_constant_label(rng, faulty):
    """One label a subject, many windows of each."""
    n, count = 1500, 50
    who = np.sort(rng.integers(0, count, n))
    label, look = rng.integers(0, 2, count), rng.normal(size=(count, 4))
    df = pd.DataFrame(look[who] + rng.normal(0, 0.7, (n, 4)), columns=["emg1", "emg2", "gyro", "acc"])
    df["subject"], df["activity"] = who, label[who]
    features = ["emg1", "emg2", "gyro", "acc"]
    made = (
        split(df, "activity", seed_of(rng), features) if faulty else grouped(df, "activity", df.subject, rng, features)
    )
    return Split(*made, namespace={"df": df})


def group_scaled_first(rng, faulty):
    """Scaled and one-hot encoded as a whole, then split as arrays; only the raw frame knows the groups; few rows each."""
    df = visits(rng, n=900, size=3)
    df = df.rename(columns={"patient_id": "participant"})
    X = np.hstack([df[["age", "pulse", "lab"]].to_numpy() / 10, pd.get_dummies(df.dose).to_numpy(float)])
    y = df.outcome.to_numpy()
    if faulty:
        made = train_test_split(X, y, test_size=0.25, random_state=seed_of(rng))
    else:
        i, j = next(GroupShuffleSplit(1, test_size=0.25, random_state=seed_of(rng)).split(X, y, df.participant))
        made = X[i], X[j], y[i], y[j]
    return Split(*made, namespace={"df": df, "X": X, "y": y})


def group_weak(rng, faulty):
    """Users of three sessions each, whose habits matter a little."""
    count, size = 400, 4
    who = rng.permutation(np.repeat(np.arange(count), size))
    habit = rng.normal(0, 1, count)
    df = pd.DataFrame({"userId": who + 10_000, "clicks": rng.poisson(6, len(who)), "hour": rng.integers(0, 24, len(who)),
                       "device": rng.choice(["phone", "web"], len(who))})  # fmt: skip
    df["spent"] = (habit[who] + 0.2 * df.clicks + rng.normal(0, 1.2, len(who))).round(2)
    features = ["clicks", "hour", "device"]
    made = split(df, "spent", seed_of(rng), features) if faulty else grouped(df, "spent", df.userId, rng, features)
    return Split(*made, namespace={"events": df})


def group_ratings(rng, faulty):
    """Ratings of one to five by reviewers of their own severity."""
    count, n = 80, 2000
    who = rng.integers(0, count, n)
    score = 3 + rng.normal(0, 0.9, count)[who] + rng.normal(0, 0.7, n)
    df = pd.DataFrame({"reviewer": [f"rev_{i:03d}" for i in who], "length": rng.gamma(2, 50, n).round(), "photos": rng.poisson(1, n),
                       "stars": score.round().clip(1, 5).astype(int)})  # fmt: skip
    features = ["length", "photos"]
    made = split(df, "stars", seed_of(rng), features) if faulty else grouped(df, "stars", df.reviewer, rng, features)
    return Split(*made, namespace={"df": df})


def group_engines(rng, faulty):
    """Engines run to failure; cycles left."""
    rows = []
    for unit in range(40):
        life = int(max(50, rng.normal(120, 35)))
        wear = np.linspace(0, 1, life)
        rows.append(pd.DataFrame({"unit_number": unit, "cycle": np.arange(life), "s1": rng.normal(640, 1) + 3 * wear**2 + rng.normal(0, 0.5, life),
                                  "s2": rng.normal(1580, 4) + 9 * wear**2 + rng.normal(0, 2, life), "rul": np.arange(life)[::-1]}))  # fmt: skip
    df = pd.concat(rows, ignore_index=True)
    features = ["cycle", "s1", "s2"]
    made = split(df, "rul", seed_of(rng), features) if faulty else grouped(df, "rul", df.unit_number, rng, features)
    return Split(*made, namespace={"df": df})


def group_in_index(rng, faulty):
    """The patient is the index; features were scaled into arrays, labels are a list."""
    df = visits(rng, "quantity").set_index("patient_id")
    df.index.name = "person"
    features = ["age", "pulse", "lab", "dose"]
    a, b, c, d = (
        split(df, "outcome", seed_of(rng), features) if faulty else grouped(df, "outcome", df.index, rng, features)
    )
    return Split(a.to_numpy() / 3, b.to_numpy() / 3, c, d)


def group_idle(rng, faulty):
    """Who it is says nothing of the outcome: a random split is as good (clean), or it does (planted)."""
    df = visits(rng, carries=faulty)
    return Split(*split(df, "outcome", seed_of(rng), ["age", "pulse", "lab", "dose"]), namespace={"df": df})
