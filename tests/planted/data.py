"""The tables the notebooks read: seeded, small, with the columns and flaws of real ones."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

Maker = Callable[[np.random.Generator], pd.DataFrame]

#: stem of the csv -> what makes it
TABLES: dict[str, Maker] = {}

_NAMED = re.compile(r"[\"'](\w+)\.csv[\"']")


def table(maker: Maker) -> Maker:
    """Let notebooks read `<name>.csv`."""
    TABLES[maker.__name__] = maker
    return maker


def write_tables(cells: Iterable[str], folder: Path, seed: int) -> None:
    """Put the files that these cells name into the folder."""
    for stem in sorted({name for cell in cells for name in _NAMED.findall(cell)} & TABLES.keys()):
        rng = np.random.default_rng([seed, zlib.crc32(stem.encode())])
        TABLES[stem](rng).to_csv(folder / f"{stem}.csv", index=False)


def flip(rng: np.random.Generator, score: np.ndarray, share: float) -> np.ndarray:
    """Labels of about this share of ones, drawn by a logistic of the score."""
    cut = np.quantile(score, 1 - share)
    return (rng.random(len(score)) < 1 / (1 + np.exp(-1.6 * (score - cut) / (score.std() + 1e-9)))).astype(int)


def holes(rng: np.random.Generator, frame: pd.DataFrame, columns: list[str], share: float = 0.08) -> pd.DataFrame:
    """Empty some values of these columns."""
    for name in columns:
        frame.loc[rng.random(len(frame)) < share, name] = np.nan
    return frame


def z(values: np.ndarray) -> np.ndarray:
    """Standard units."""
    return (values - values.mean()) / (values.std() + 1e-12)


@table
def patients(rng: np.random.Generator, n: int = 900) -> pd.DataFrame:
    """One row a patient; was she readmitted."""
    age = rng.normal(58, 14, n).clip(18, 95).round(1)
    bmi = rng.normal(27, 4.5, n).round(1)
    systolic = (110 + 0.4 * age + rng.normal(0, 12, n)).round(0)
    glucose = rng.gamma(9, 12, n).round(1)
    cholesterol = rng.normal(195, 35, n).round(0)
    smoker = rng.choice(["no", "yes", "former"], n, p=[0.6, 0.2, 0.2])
    score = z(age) + 0.7 * z(glucose) + 0.5 * z(bmi) + 0.8 * (smoker == "yes") + rng.normal(0, 0.5, n)
    frame = pd.DataFrame(
        {
            "patient_id": rng.permutation(np.arange(10_000, 10_000 + n)),
            "age": age,
            "sex": rng.choice(["F", "M"], n),
            "bmi": bmi,
            "systolic": systolic,
            "glucose": glucose,
            "cholesterol": cholesterol,
            "smoker": smoker,
            "ward": rng.choice(["A", "B", "C", "D"], n),
            "length_of_stay": rng.gamma(2.2, 2.1, n).round(2),
            "readmitted": flip(rng, score, 0.3),
        }
    )
    return holes(rng, frame, ["bmi", "glucose", "cholesterol"])


@table
def credit(rng: np.random.Generator, n: int = 1200) -> pd.DataFrame:
    """Loans; did they default."""
    income = rng.lognormal(10.3, 0.45, n).round(0)
    amount = rng.lognormal(8.4, 0.7, n).round(0)
    duration = rng.choice([6, 12, 18, 24, 36, 48, 60], n)
    employed = rng.gamma(2, 3, n).round(1)
    score = z(amount / income) + 0.6 * z(duration) - 0.5 * z(employed) + rng.normal(0, 0.6, n)
    frame = pd.DataFrame(
        {
            "loan_id": [f"L{i:05d}" for i in rng.permutation(n)],
            "age": rng.integers(19, 75, n),
            "income": income,
            "amount": amount,
            "duration": duration,
            "employment_years": employed,
            "purpose": rng.choice(["car", "furniture", "education", "business", "repairs", "travel"], n),
            "housing": rng.choice(["own", "rent", "free"], n, p=[0.6, 0.3, 0.1]),
            "existing_credits": rng.integers(0, 5, n),
            "savings": rng.lognormal(7, 1.2, n).round(0),
            "default": flip(rng, score, 0.22),
        }
    )
    return holes(rng, frame, ["income", "employment_years", "savings"], 0.07)


@table
def churn(rng: np.random.Generator, n: int = 1500) -> pd.DataFrame:
    """Telephone customers; did they leave."""
    tenure = rng.integers(1, 73, n)
    monthly = rng.normal(65, 28, n).clip(18, 120).round(2)
    contract = rng.choice(["Month-to-month", "One year", "Two year"], n, p=[0.55, 0.25, 0.2])
    city = rng.choice([f"city_{i:02d}" for i in range(40)], n)
    effect = dict(zip(np.unique(city), rng.normal(0, 0.35, 40), strict=False))
    calls = rng.poisson(1.6, n)
    score = (
        -z(tenure)
        + 0.5 * z(monthly)
        + 0.9 * (contract == "Month-to-month")
        + 0.4 * z(calls)
        + np.array([effect[c] for c in city])
        + rng.normal(0, 0.5, n)
    )
    frame = pd.DataFrame(
        {
            "customerID": [f"{i:04d}-{c}" for i, c in enumerate(rng.choice(list("ABCDEFGH"), n))],
            "gender": rng.choice(["Female", "Male"], n),
            "SeniorCitizen": rng.integers(0, 2, n),
            "tenure": tenure,
            "Contract": contract,
            "InternetService": rng.choice(["DSL", "Fiber optic", "No"], n),
            "PaymentMethod": rng.choice(["Electronic check", "Mailed check", "Bank transfer", "Credit card"], n),
            "city": city,
            "MonthlyCharges": monthly,
            "TotalCharges": (monthly * tenure * rng.normal(1, 0.05, n)).round(2),
            "support_calls": calls,
            "Churn": np.where(flip(rng, score, 0.27) == 1, "Yes", "No"),
        }
    )
    return holes(rng, frame, ["TotalCharges", "MonthlyCharges"], 0.05)


@table
def houses(rng: np.random.Generator, n: int = 1000) -> pd.DataFrame:
    """Sales of houses; the price."""
    area = rng.gamma(9, 14, n).round(1)
    rooms = np.clip((area / 28 + rng.normal(0, 0.8, n)).round(), 1, 9).astype(int)
    hood = rng.choice([f"N{i:02d}" for i in range(25)], n)
    level = dict(zip(np.unique(hood), rng.normal(0, 0.25, 25), strict=False))
    year = rng.integers(1930, 2021, n)
    log_price = (
        11
        + 0.006 * area
        + 0.05 * rooms
        + 0.003 * (year - 1970)
        + np.array([level[h] for h in hood])
        + rng.normal(0, 0.18, n)
    )
    frame = pd.DataFrame(
        {
            "Id": np.arange(1, n + 1),
            "area": area,
            "rooms": rooms,
            "bathrooms": rng.integers(1, 4, n),
            "year_built": year,
            "neighborhood": hood,
            "condition": rng.choice(["poor", "fair", "good", "new"], n),
            "garage": rng.integers(0, 3, n),
            "distance_center": rng.gamma(3, 2.4, n).round(2),
            "lot": rng.gamma(4, 110, n).round(0),
            "price": np.exp(log_price).round(0),
        }
    )
    return holes(rng, frame, ["lot", "distance_center"], 0.08)


@table
def visits(rng: np.random.Generator, people: int = 110) -> pd.DataFrame:
    """Many rows a patient, one diagnosis a patient, values that are the patient's own."""
    counts = rng.integers(6, 13, people)
    who = np.repeat(np.arange(people), counts)
    ill = (rng.random(people) < 0.45).astype(int)
    own = rng.normal(0, 1, (people, 5)) + 0.35 * ill[:, None]
    values = own[who] * np.array([9, 4, 1.5, 20, 0.7]) + rng.normal(0, 0.22, (len(who), 5)) * np.array(
        [9, 4, 1.5, 20, 0.7]
    )
    frame = pd.DataFrame(
        (values + np.array([80, 37, 7, 140, 4])).round(3), columns=["pulse", "temp", "hba1c", "sodium", "potassium"]
    )
    frame.insert(0, "patient_id", [f"P{i:03d}" for i in who])
    frame["age"] = rng.integers(25, 85, people)[who]
    frame["sex"] = rng.choice(["F", "M"], people)[who]
    frame["diagnosis"] = ill[who]
    return frame.sample(frac=1, random_state=int(rng.integers(1e6))).reset_index(drop=True)


@table
def sessions(rng: np.random.Generator, people: int = 150) -> pd.DataFrame:
    """Web sessions of users; a user's habits are in every session."""
    who = np.repeat(np.arange(people), rng.integers(5, 14, people))
    n = len(who)
    buys = (rng.random(people) < 0.4).astype(int)
    habit = rng.normal(0, 1, (people, 4))
    own = habit[who] + rng.normal(0, 0.2, (n, 4))
    label = np.where(rng.random(n) < 0.06, 1 - buys[who], buys[who])
    return (
        pd.DataFrame(
            {
                "user_id": 5000 + who,
                "pages": np.exp(1.8 + 0.5 * own[:, 0]).round(2),
                "seconds": np.exp(5 + 0.7 * own[:, 1]).round(1),
                "scroll": (50 + 18 * own[:, 2]).round(2),
                "clicks_per_min": np.exp(0.8 + 0.4 * own[:, 3]).round(3),
                "device": rng.choice(["phone", "desktop", "tablet"], people)[who],
                "purchase": label,
            }
        )
        .sample(frac=1, random_state=int(rng.integers(1e6)))
        .reset_index(drop=True)
    )


@table
def machines(rng: np.random.Generator, units: int = 60) -> pd.DataFrame:
    """Vibration windows of machines; a worn machine is worn in all its windows."""
    who = np.repeat(np.arange(units), rng.integers(12, 24, units))
    n = len(who)
    worn = rng.integers(0, 3, units)
    own = rng.normal(0, 1, (units, 6)) + 0.25 * worn[:, None]
    values = own[who] + rng.normal(0, 0.15, (n, 6))
    frame = pd.DataFrame(values.round(4), columns=["rms", "peak", "kurtosis", "crest", "band_low", "band_high"])
    frame.insert(0, "machine", [f"M-{i:02d}" for i in who])
    frame["wear"] = np.array(["none", "mild", "severe"])[worn[who]]
    return frame.sample(frac=1, random_state=int(rng.integers(1e6))).reset_index(drop=True)


@table
def sales(rng: np.random.Generator, n: int = 900) -> pd.DataFrame:
    """Daily sales of one shop: trend, season, week."""
    days = pd.date_range("2021-01-01", periods=n, freq="D")
    t = np.arange(n)
    promo = rng.integers(0, 2, n)
    price = (9.5 + 0.002 * t + rng.normal(0, 0.3, n)).round(2)
    noise = np.zeros(n)
    for i in range(1, n):
        noise[i] = 0.85 * noise[i - 1] + rng.normal(0, 6)
    units = (
        120
        + 0.09 * t
        + 25 * np.sin(2 * np.pi * t / 365)
        + 14 * (days.day_of_week >= 5)
        + 18 * promo
        - 3 * price
        + noise
    )
    return pd.DataFrame(
        {
            "date": days.strftime("%Y-%m-%d"),
            "price": price,
            "promo": promo,
            "temperature": (12 + 9 * np.sin(2 * np.pi * (t - 90) / 365) + rng.normal(0, 2, n)).round(1),
            "holiday": (rng.random(n) < 0.04).astype(int),
            "units": units.round(1),
        }
    )


@table
def energy(rng: np.random.Generator, n: int = 1800) -> pd.DataFrame:
    """Hourly load of a grid."""
    hours = pd.date_range("2023-03-01", periods=n, freq="h")
    t = np.arange(n)
    temp = 10 + 8 * np.sin(2 * np.pi * t / 24 - 2) + 0.004 * t + rng.normal(0, 1.2, n)
    drift = np.cumsum(rng.normal(0, 3, n))
    load = (
        900 + 160 * np.sin(2 * np.pi * hours.hour / 24) - 90 * (hours.day_of_week >= 5) + 5 * np.abs(temp - 15) + drift
    )
    return pd.DataFrame(
        {
            "timestamp": hours.strftime("%Y-%m-%d %H:%M:%S"),
            "temp": temp.round(2),
            "wind": rng.gamma(2, 2.5, n).round(2),
            "cloud": rng.random(n).round(3),
            "load_mw": load.round(1),
        }
    )


@table
def stocks(rng: np.random.Generator, n: int = 1000) -> pd.DataFrame:
    """Daily prices of one share."""
    steps = rng.normal(0.0004, 0.015, n)
    for i in range(1, n):
        steps[i] += 0.12 * steps[i - 1]
    close = 50 * np.exp(np.cumsum(steps))
    return pd.DataFrame(
        {
            "Date": pd.bdate_range("2019-01-02", periods=n).strftime("%Y-%m-%d"),
            "Open": (close * (1 + rng.normal(0, 0.004, n))).round(3),
            "High": (close * (1 + np.abs(rng.normal(0, 0.008, n)))).round(3),
            "Low": (close * (1 - np.abs(rng.normal(0, 0.008, n)))).round(3),
            "Close": close.round(3),
            "Volume": rng.lognormal(13, 0.4, n).round(0),
        }
    )


@table
def sensors(rng: np.random.Generator, n: int = 1600) -> pd.DataFrame:
    """A pump's sensors every ten minutes; failures come in stretches."""
    state = np.zeros(n)
    for i in range(1, n):
        state[i] = 0.97 * state[i - 1] + rng.normal(0, 0.25)
    temp = 60 + 4 * state + 0.002 * np.arange(n) + rng.normal(0, 0.6, n)
    vib = np.exp(0.4 * state + rng.normal(0, 0.15, n))
    fails = (state + rng.normal(0, 0.4, n) > np.quantile(state, 0.75)).astype(int)
    return pd.DataFrame(
        {
            "time": pd.date_range("2024-02-01", periods=n, freq="10min").strftime("%Y-%m-%d %H:%M"),
            "temperature": temp.round(3),
            "vibration": vib.round(4),
            "pressure": (5 - 0.3 * state + rng.normal(0, 0.2, n)).round(3),
            "rpm": rng.normal(1480, 12, n).round(1),
            "failure": fails,
        }
    )


_GOOD = "great love perfect excellent happy works fast sturdy recommend lovely"
_BAD = "broke terrible refund slow cheap disappointed useless noisy poor returned"
_BOTH = (
    "the this product was and it after box came with my for week day phone case cable battery price colour very "
    "really bought order shop size delivery second month kitchen desk bag light screen button paper water handle "
    "home gift son wife office travel summer winter review star item seller brand model quality use used using"
)


@table
def reviews(rng: np.random.Generator, n: int = 700) -> pd.DataFrame:
    """Short product reviews."""
    good, bad, both = (words.split() for words in (_GOOD, _BAD, _BOTH))
    label = rng.integers(0, 2, n)
    rows = []
    for y in label:
        words = list(rng.choice(both, rng.integers(9, 22)))
        for _ in range(rng.integers(1, 4)):
            pool = (good if y else bad) if rng.random() < 0.8 else (bad if y else good)
            words.insert(int(rng.integers(0, len(words))), str(rng.choice(pool)))
        rows.append(" ".join(words).capitalize() + str(rng.choice([".", "!", "..."])))
    return pd.DataFrame({"review_id": np.arange(n), "text": rows, "sentiment": np.where(label == 1, "pos", "neg")})


@table
def fraud(rng: np.random.Generator, n: int = 2500) -> pd.DataFrame:
    """Card payments, few of them fraud."""
    v = rng.normal(0, 1, (n, 8)).round(4)
    amount = rng.lognormal(3.4, 1.1, n).round(2)
    score = 1.2 * v[:, 0] - 0.9 * v[:, 2] + 0.6 * v[:, 5] + 0.5 * z(np.log(amount))
    frame = pd.DataFrame(v, columns=[f"V{i}" for i in range(1, 9)])
    frame["Amount"] = amount
    frame["Class"] = (score + rng.normal(0, 0.8, n) > np.quantile(score, 0.93)).astype(int)
    return frame


@table
def survey(rng: np.random.Generator, n: int = 1100) -> pd.DataFrame:
    """Coarse answers: many rows repeat by chance."""
    band = rng.choice(["18-30", "31-45", "46-60", "60+"], n)
    klass = rng.choice([1, 2, 3], n, p=[0.25, 0.25, 0.5])
    sex = rng.choice(["f", "m"], n)
    score = 1.2 * (sex == "f") - 0.7 * klass + rng.normal(0, 0.6, n)
    return pd.DataFrame(
        {
            "age_band": band,
            "class": klass,
            "sex": sex,
            "region": rng.choice(["N", "S", "E", "W"], n),
            "survived": flip(rng, score, 0.4),
        }
    )


@table
def hospitals(rng: np.random.Generator, n: int = 1400) -> pd.DataFrame:
    """Patients of two hospitals that differ."""
    site = rng.choice(["north", "south"], n, p=[0.6, 0.4])
    south = site == "south"
    age = rng.normal(np.where(south, 68, 55), 11, n).round(1)
    lactate = rng.gamma(3, np.where(south, 0.9, 0.6), n).round(2)
    heart = rng.normal(np.where(south, 92, 84), 13, n).round(0)
    score = z(age) + z(lactate) + 0.4 * z(heart) + rng.normal(0, 0.7, n)
    return pd.DataFrame(
        {
            "site": site,
            "age": age,
            "lactate": lactate,
            "heart_rate": heart,
            "creatinine": rng.gamma(4, 0.27, n).round(2),
            "wbc": rng.gamma(6, 1.6, n).round(1),
            "died": flip(rng, score, 0.25),
        }
    )


def _claims(rng: np.random.Generator, n: int, first: int) -> pd.DataFrame:
    """Insurance claims; were they false."""
    amount = rng.lognormal(7, 0.8, n).round(2)
    days = rng.gamma(1.5, 9, n).round(1)
    earlier = rng.poisson(0.8, n)
    speed = rng.normal(45, 15, n).round(1)
    score = z(np.log(amount)) - 0.8 * z(days) + 0.6 * z(earlier) + rng.normal(0, 0.6, n)
    frame = pd.DataFrame(
        {
            "claim_id": np.arange(first, first + n),
            "amount": amount,
            "days_to_report": days,
            "earlier_claims": earlier,
            "speed": speed,
            "car_age": rng.gamma(2.5, 3, n).round(1),
            "kind": rng.choice(["collision", "theft", "glass", "hail"], n),
            "fraudulent": flip(rng, score, 0.2),
        }
    )
    return holes(rng, frame, ["speed", "car_age"], 0.06)


@table
def claims_train(rng: np.random.Generator) -> pd.DataFrame:
    """The file the organisers give out."""
    return _claims(rng, 900, 1)


@table
def claims_test(rng: np.random.Generator) -> pd.DataFrame:
    """The file they score on."""
    return _claims(rng, 350, 901)
