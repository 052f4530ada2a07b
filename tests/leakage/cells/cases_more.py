"""Pairs that came from trying to break the engine."""

HEAD = """
import numpy as np
import pandas as pd
import lightgbm as lgb
import xgboost as xgb
from sklearn.datasets import *
from sklearn.model_selection import *
from sklearn.pipeline import *
from sklearn.compose import *
from sklearn.preprocessing import *
from sklearn.impute import *
from sklearn.linear_model import *
from sklearn.ensemble import *
from sklearn.neighbors import *
from sklearn.tree import *
from sklearn.svm import *
from sklearn.metrics import *
SEED = 0
np.random.seed(SEED)
raw = load_breast_cancer(as_frame=True)
df = raw.frame
#%%
"""

PAIRS = [
    (
        "copies by the index",
        "duplicates",
        """
big = df.loc[df.index.repeat(2)].reset_index(drop=True) #!
X, y = big.drop(columns="target"), big["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
print(KNeighborsClassifier(1).fit(Xa, ya).score(Xb, yb))
""",
        """
X, y = df.drop(columns="target"), df["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
Xa, ya = Xa.loc[Xa.index.repeat(2)], ya.loc[ya.index.repeat(2)]
print(KNeighborsClassifier(1).fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "numpy repeat",
        "duplicates",
        """
X, y = load_iris(return_X_y=True)
X, y = np.repeat(X, 3, axis=0), np.repeat(y, 3) #!
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
print(SVC().fit(Xa, ya).score(Xb, yb))
""",
        """
ids = np.repeat(np.arange(100), 3)
X = np.random.normal(size=(300, 4)) + ids[:, None]
y = np.repeat(np.random.randint(0, 2, 100), 3)
tr, te = next(GroupShuffleSplit(test_size=0.3, random_state=SEED).split(X, y, groups=ids))
print(SVC().fit(X[tr], y[tr]).score(X[te], y[te]))
""",
    ),
    (
        "patients measured again and again",
        "preprocessing",
        """
n_pat = 50
d = pd.DataFrame({"patient": np.repeat(np.arange(n_pat), 4), "bp": np.random.normal(120, 10, 200)})
d["ill"] = np.repeat(np.random.randint(0, 2, n_pat), 4)
d["bp"] = (d["bp"] - d["bp"].mean()) / d["bp"].std() #!
gss = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=1)
tr, te = next(gss.split(d, groups=d["patient"]))
m = LogisticRegression().fit(d.iloc[tr][["bp"]], d.iloc[tr]["ill"])
print(m.score(d.iloc[te][["bp"]], d.iloc[te]["ill"]))
""",
        """
n_pat = 50
d = pd.DataFrame({"patient": np.repeat(np.arange(n_pat), 4), "bp": np.random.normal(120, 10, 200)})
d["ill"] = np.repeat(np.random.randint(0, 2, n_pat), 4)
d["own"] = d.groupby("patient")["bp"].transform("mean")
gss = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=1)
tr, te = next(gss.split(d, groups=d["patient"]))
m = LogisticRegression().fit(d.iloc[tr][["bp", "own"]], d.iloc[tr]["ill"])
print(m.score(d.iloc[te][["bp", "own"]], d.iloc[te]["ill"]))
""",
    ),
    (
        "frame of the bunch with the label",
        "target_proxy",
        """
X = df.copy() #!
y = df["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
print(RandomForestClassifier().fit(Xa, ya).score(Xb, yb))
""",
        """
X = df.copy()
y = X.pop("target")
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
print(RandomForestClassifier().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "numpy array with the label",
        "target_proxy",
        """
data = df.to_numpy()
X = data #!
y = data[:, -1]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
print(RandomForestClassifier().fit(Xa, ya).score(Xb, yb))
""".replace(
            "X = data #!\ny = data[:, -1]\nXa, Xb, ya, yb = train_test_split(X, y",
            "y = data[:, -1]\nXa, Xb, ya, yb = train_test_split(data, y",
        ).replace("data = df.to_numpy()", "data = df.to_numpy() #!"),
        """
data = df.to_numpy()
X = data[:, :-1]
y = data[:, -1]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
print(RandomForestClassifier().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "a binned target",
        "target_proxy",
        """
h = fetch_california_housing(as_frame=True).frame
h["band"] = pd.cut(h["MedHouseVal"], bins=[0, 1, 2, 3, 10], labels=False) #!
X = h.drop(columns=["MedHouseVal"])
Xa, Xb, ya, yb = train_test_split(X, h["MedHouseVal"], random_state=SEED)
print(Ridge().fit(Xa, ya).score(Xb, yb))
""",
        """
h = fetch_california_housing(as_frame=True).frame
h["band"] = pd.cut(h["MedHouseVal"], bins=[0, 1, 2, 3, 10], labels=False)
X = h.drop(columns=["MedHouseVal", "band"])
Xa, Xb, ya, yb = train_test_split(X, h["MedHouseVal"], random_state=SEED, stratify=h["band"])
print(Ridge().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "apply over rows",
        "target_proxy",
        """
def risk(row):
    if row["target"] == 1 and row["mean radius"] > 10:
        return "low"
    return "high"
df["risk"] = df.apply(risk, axis=1) #!
X = pd.get_dummies(df.drop(columns="target"))
Xa, Xb, ya, yb = train_test_split(X, df["target"], random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
def risk(row):
    if row["mean area"] > 100 and row["mean radius"] > 10:
        return "low"
    return "high"
df["risk"] = df.apply(risk, axis=1)
X = pd.get_dummies(df.drop(columns="target"))
Xa, Xb, ya, yb = train_test_split(X, df["target"], random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "features of the past, label of the future",
        "temporal",
        """
s = pd.read_csv("prices.csv", parse_dates=["date"], index_col="date").sort_index()
s["ret"] = s["close"].pct_change()
s["up"] = (s["close"].shift(-1) > s["close"]).astype(int)
s["ma_diff"] = s["close"] - s["close"].rolling(20, center=True).mean() #!
s = s.dropna()
feats = ["ret", "ma_diff", "volume"]
tr, te = s.loc[:"2019-12-31"], s.loc["2020-01-01":]
m = RandomForestClassifier().fit(tr[feats], tr["up"])
print(accuracy_score(te["up"], m.predict(te[feats])))
""",
        """
s = pd.read_csv("prices.csv", parse_dates=["date"], index_col="date").sort_index()
s["ret"] = s["close"].pct_change()
s["up"] = (s["close"].shift(-1) > s["close"]).astype(int)
s["ma_diff"] = s["close"] - s["close"].rolling(20).mean()
s = s.dropna()
feats = ["ret", "ma_diff", "volume"]
tr, te = s.loc[:"2019-12-31"], s.loc["2020-01-01":]
m = RandomForestClassifier().fit(tr[feats], tr["up"])
print(accuracy_score(te["up"], m.predict(te[feats])))
""",
    ),
    (
        "grouped lead",
        "temporal",
        """
s = pd.read_csv("shops.csv").sort_values(["shop", "week"])
s["next_promo"] = s.groupby("shop")["promo"].shift(-1) #!
s["last"] = s.groupby("shop")["sales"].shift(1)
tr, te = s[s["week"] <= 40], s[s["week"] > 40]
cols = ["next_promo", "last"]
m = Ridge().fit(tr[cols], tr["sales"])
print(mean_absolute_error(te["sales"], m.predict(te[cols])))
""",
        """
s = pd.read_csv("shops.csv").sort_values(["shop", "week"])
s["promo2"] = s.groupby("shop")["promo"].shift(2)
s["last"] = s.groupby("shop")["sales"].shift(1)
tr, te = s[s["week"] <= 40], s[s["week"] > 40]
cols = ["promo2", "last"]
m = Ridge().fit(tr[cols], tr["sales"])
print(mean_absolute_error(te["sales"], m.predict(te[cols])))
""",
    ),
    (
        "scaling a series in time",
        "preprocessing",
        """
s = pd.read_csv("load.csv", parse_dates=["t"]).sort_values("t")
vals = MinMaxScaler().fit_transform(s[["a", "b"]]) #!
cut = int(len(vals) * 0.8)
m = Ridge().fit(vals[:cut], s["load"].values[:cut])
print(mean_squared_error(s["load"].values[cut:], m.predict(vals[cut:])))
""",
        """
s = pd.read_csv("load.csv", parse_dates=["t"]).sort_values("t")
vals = s[["a", "b"]].to_numpy()
cut = int(len(vals) * 0.8)
sc = MinMaxScaler().fit(vals[:cut])
m = Ridge().fit(sc.transform(vals[:cut]), s["load"].values[:cut])
print(mean_squared_error(s["load"].values[cut:], m.predict(sc.transform(vals[cut:]))))
""",
    ),
    (
        "cumulative over everything",
        "preprocessing",
        """
s = pd.read_csv("load.csv").sort_values("date")
s["rel"] = s["x"] / s["x"].sum() #!
for tr, te in TimeSeriesSplit(4).split(s):
    m = Ridge().fit(s.iloc[tr][["rel"]], s.iloc[tr]["y"])
    print(m.score(s.iloc[te][["rel"]], s.iloc[te]["y"]))
""",
        """
s = pd.read_csv("load.csv").sort_values("date")
s["rel"] = s["x"] / s["x"].expanding().max()
for tr, te in TimeSeriesSplit(4).split(s):
    m = Ridge().fit(s.iloc[tr][["rel"]], s.iloc[tr]["y"])
    print(m.score(s.iloc[te][["rel"]], s.iloc[te]["y"]))
""",
    ),
    (
        "voting by test score",
        "multi_test",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
candidates = [("lr", LogisticRegression()), ("rf", RandomForestClassifier()), ("svc", SVC())]
board = []
for name, clf in candidates:
    clf.fit(Xa, ya)
    board.append((name, f1_score(yb, clf.predict(Xb)), clf)) #!
board = sorted(board, key=lambda t: t[1], reverse=True)
winner = board[0][2]
print(winner.score(Xb, yb))
""",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
candidates = [("lr", LogisticRegression()), ("rf", RandomForestClassifier()), ("svc", SVC())]
board = []
for name, clf in candidates:
    cv = cross_val_score(clf, Xa, ya, scoring="f1")
    board.append((name, cv.mean(), clf))
board = sorted(board, key=lambda t: t[1], reverse=True)
winner = board[0][2].fit(Xa, ya)
print(winner.score(Xb, yb))
""",
    ),
    (
        "table of models, sorted for show",
        "multi_test",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
rows = []
for d in range(2, 20):
    t = DecisionTreeClassifier(max_depth=d, random_state=SEED).fit(Xa, ya)
    rows.append({"depth": d, "test": t.score(Xb, yb)}) #!
res = pd.DataFrame(rows)
best_depth = int(res.loc[res["test"].idxmax(), "depth"])
final = DecisionTreeClassifier(max_depth=best_depth).fit(Xa, ya)
print(final.score(Xb, yb))
""",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
rows = []
for name, m in {"tree": DecisionTreeClassifier(), "knn": KNeighborsClassifier()}.items():
    m.fit(Xa, ya)
    rows.append({"model": name, "test": m.score(Xb, yb)})
res = pd.DataFrame(rows).sort_values("test", ascending=False)
print(res)
""",
    ),
    (
        "while loop until it is good",
        "multi_test",
        """
seed, acc = 0, 0
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
while acc < 0.99:
    seed += 1
    m = ExtraTreesClassifier(random_state=seed).fit(Xa, ya)
    acc = m.score(Xb, yb) #!
print(seed, acc)
""",
        """
seed, acc = 0, 0
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
while acc < 0.99:
    seed += 1
    m = ExtraTreesClassifier(random_state=seed)
    acc = cross_val_score(m, Xa, ya).mean()
print(seed, acc, m.fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "the best split seed",
        "multi_test",
        """
best = (None, 0)
X, y = df.drop(columns="target"), df["target"]
for seed in range(50):
    Xa, Xb, ya, yb = train_test_split(X, y, random_state=seed)
    s = LogisticRegression().fit(Xa, ya).score(Xb, yb) #!
    if s > best[1]:
        best = (seed, s)
print(best)
""",
        """
scores = []
X, y = df.drop(columns="target"), df["target"]
for seed in range(50):
    Xa, Xb, ya, yb = train_test_split(X, y, random_state=seed)
    scores.append(LogisticRegression().fit(Xa, ya).score(Xb, yb))
print(np.mean(scores), np.percentile(scores, [2.5, 97.5]))
""",
    ),
    (
        "threshold list comprehension",
        "multi_test",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
p = GradientBoostingClassifier().fit(Xa, ya).predict_proba(Xb)[:, 1]
ts = np.linspace(0, 1, 51)
f1s = [f1_score(yb, p >= t) for t in ts] #!
t_best = ts[np.argmax(f1s)]
print(t_best, max(f1s))
""",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
oof = cross_val_predict(GradientBoostingClassifier(), Xa, ya, method="predict_proba")[:, 1]
ts = np.linspace(0, 1, 51)
f1s = [f1_score(ya, oof >= t) for t in ts]
t_best = ts[np.argmax(f1s)]
p = GradientBoostingClassifier().fit(Xa, ya).predict_proba(Xb)[:, 1]
print(t_best, f1_score(yb, p >= t_best))
""",
    ),
    (
        "best iteration of the evals result",
        "early_stopping",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
m = xgb.XGBClassifier(n_estimators=500, eval_metric="logloss")
m.fit(Xa, ya, eval_set=[(Xa, ya), (Xb, yb)], verbose=False)
hist = m.evals_result()
best = int(np.argmin(hist["validation_1"]["logloss"])) + 1 #!
final = xgb.XGBClassifier(n_estimators=best).fit(Xa, ya)
print(final.score(Xb, yb))
""",
        """
import matplotlib.pyplot as plt
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
m = xgb.XGBClassifier(n_estimators=500, eval_metric="logloss")
m.fit(Xa, ya, eval_set=[(Xa, ya), (Xb, yb)], verbose=False)
hist = m.evals_result()
plt.plot(hist["validation_1"]["logloss"])
print(m.score(Xb, yb))
""",
    ),
    (
        "trees added while the test loss falls",
        "early_stopping",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
gb = GradientBoostingClassifier(warm_start=True)
low, worse = np.inf, 0
for k in range(10, 500, 10):
    gb.n_estimators = k
    gb.fit(Xa, ya)
    loss = log_loss(yb, gb.predict_proba(Xb)) #!
    if loss < low:
        low, worse = loss, 0
    else:
        worse += 1
        if worse == 3:
            break
print(low)
""",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
gb = GradientBoostingClassifier(n_iter_no_change=3, validation_fraction=0.2)
gb.fit(Xa, ya)
print(log_loss(yb, gb.predict_proba(Xb)))
""",
    ),
    (
        "rebalanced before the split, group by group",
        "sampling_bias",
        """
small = df["target"].value_counts().min()
bal = df.groupby("target", group_keys=False).apply(lambda g: g.sample(small, random_state=SEED)) #!
Xa, Xb, ya, yb = train_test_split(bal.drop(columns="target"), bal["target"], random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
tr, te = train_test_split(df, random_state=SEED)
small = tr["target"].value_counts().min()
bal = tr.groupby("target", group_keys=False).apply(lambda g: g.sample(small, random_state=SEED))
m = LogisticRegression().fit(bal.drop(columns="target"), bal["target"])
print(m.score(te.drop(columns="target"), te["target"]))
""",
    ),
    (
        "sorted by a feature, then cut",
        "sampling_bias",
        """
d = df.sort_values("mean radius").reset_index(drop=True)
cut = int(0.8 * len(d))
tr, te = d.iloc[:cut], d.iloc[cut:] #!
m = LogisticRegression().fit(tr.drop(columns="target"), tr["target"])
print(m.score(te.drop(columns="target"), te["target"]))
""",
        """
d = df.sort_values("mean radius").sample(frac=1, random_state=SEED).reset_index(drop=True)
cut = int(0.8 * len(d))
tr, te = d.iloc[:cut], d.iloc[cut:]
m = LogisticRegression().fit(tr.drop(columns="target"), tr["target"])
print(m.score(te.drop(columns="target"), te["target"]))
""",
    ),
    (
        "the largest as a test set",
        "sampling_bias",
        """
te = df.nlargest(100, "mean radius") #!
tr = df.drop(te.index)
m = LogisticRegression().fit(tr.drop(columns="target"), tr["target"])
print(m.score(te.drop(columns="target"), te["target"]))
""",
        """
te = df.sample(100, random_state=SEED)
tr = df.drop(te.index)
m = LogisticRegression().fit(tr.drop(columns="target"), tr["target"])
print(m.score(te.drop(columns="target"), te["target"]))
""",
    ),
    (
        "mislabelled rows dropped from the test set",
        "sampling_bias",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
m = LogisticRegression().fit(Xa, ya)
p = m.predict_proba(Xb)[:, 1]
easy = (p < 0.3) | (p > 0.7)
print(accuracy_score(yb[easy], m.predict(Xb[easy]))) #!
""",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
m = LogisticRegression().fit(Xa, ya)
p = m.predict_proba(Xb)[:, 1]
print(accuracy_score(yb, p > 0.5))
easy = (p < 0.3) | (p > 0.7)
print(easy.mean())
""",
    ),
    (
        "imputer on the test set",
        "imputation",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
Xa = Xa.fillna(Xa.median())
Xb = Xb.fillna(Xb.median()) #!
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
Xa, Xb, ya, yb = train_test_split(df.drop(columns="target"), df["target"], random_state=SEED)
med = Xa.median()
Xa = Xa.fillna(med)
Xb = Xb.fillna(med)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "a flag decides",
        "preprocessing",
        """
SCALE = True
X, y = df.drop(columns="target"), df["target"]
if SCALE:
    X = StandardScaler().fit_transform(X) #!
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
SCALE = False
X, y = df.drop(columns="target"), df["target"]
if SCALE:
    X = StandardScaler().fit_transform(X)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "names used again",
        "preprocessing",
        """
X, y = df.drop(columns="target"), df["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
scaler = StandardScaler().fit(Xa)
scaler.fit(X) #!
m = LogisticRegression().fit(scaler.transform(Xa), ya)
print(m.score(scaler.transform(Xb), yb))
""",
        """
X, y = df.drop(columns="target"), df["target"]
scaler = StandardScaler().fit(X)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
scaler.fit(Xa)
m = LogisticRegression().fit(scaler.transform(Xa), ya)
print(m.score(scaler.transform(Xb), yb))
""",
    ),
    (
        "dictionary of data",
        "preprocessing",
        """
d = {}
d["X"] = StandardScaler().fit_transform(df.drop(columns="target")) #!
d["y"] = df["target"].values
d["Xa"], d["Xb"], d["ya"], d["yb"] = train_test_split(d["X"], d["y"], random_state=SEED)
m = LogisticRegression().fit(d["Xa"], d["ya"])
print(m.score(d["Xb"], d["yb"]))
""",
        """
d = {}
d["X"] = df.drop(columns="target")
d["y"] = df["target"].values
d["Xa"], d["Xb"], d["ya"], d["yb"] = train_test_split(d["X"], d["y"], random_state=SEED)
m = make_pipeline(StandardScaler(), LogisticRegression()).fit(d["Xa"], d["ya"])
print(m.score(d["Xb"], d["yb"]))
""",
    ),
    (
        "splits kept in a list",
        "preprocessing",
        """
X, y = df.drop(columns="target"), df["target"]
X = X.apply(lambda c: (c - c.mean()) / c.std()) #!
parts = train_test_split(X, y, random_state=SEED)
m = LogisticRegression().fit(parts[0], parts[2])
print(m.score(parts[1], parts[3]))
""",
        """
X, y = df.drop(columns="target"), df["target"]
X = X.apply(lambda c: np.log1p(c))
parts = train_test_split(X, y, random_state=SEED)
m = LogisticRegression().fit(parts[0], parts[2])
print(m.score(parts[1], parts[3]))
""",
    ),
    (
        "three parts",
        "preprocessing",
        """
X, y = df.drop(columns="target"), df["target"]
X[X.columns] = PowerTransformer().fit_transform(X) #!
X_train, X_rest, y_train, y_rest = train_test_split(X, y, test_size=0.4, random_state=SEED)
X_val, X_test, y_val, y_test = train_test_split(X_rest, y_rest, test_size=0.5, random_state=SEED)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_val, y_val), m.score(X_test, y_test))
""",
        """
X, y = df.drop(columns="target"), df["target"]
X_train, X_rest, y_train, y_rest = train_test_split(X, y, test_size=0.4, random_state=SEED)
X_val, X_test, y_val, y_test = train_test_split(X_rest, y_rest, test_size=0.5, random_state=SEED)
pt = PowerTransformer().fit(X_train)
m = LogisticRegression().fit(pt.transform(X_train), y_train)
print(m.score(pt.transform(X_val), y_val), m.score(pt.transform(X_test), y_test))
""",
    ),
    (
        "svd by hand",
        "preprocessing",
        """
A = df.drop(columns="target").to_numpy()
U, S, Vt = np.linalg.svd(A, full_matrices=False) #!
Z = A @ Vt.T[:, :5]
Xa, Xb, ya, yb = train_test_split(Z, df["target"], random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
A = df.drop(columns="target").to_numpy()
Xa, Xb, ya, yb = train_test_split(A, df["target"], random_state=SEED)
U, S, Vt = np.linalg.svd(Xa, full_matrices=False)
print(LogisticRegression().fit(Xa @ Vt.T[:, :5], ya).score(Xb @ Vt.T[:, :5], yb))
""",
    ),
    (
        "word counts by hand",
        "preprocessing",
        """
from sklearn.feature_extraction.text import CountVectorizer
news = pd.read_csv("news.csv")
vocab = CountVectorizer(min_df=5).fit(news["text"]) #!
tr, te = train_test_split(news, random_state=SEED)
m = LogisticRegression().fit(vocab.transform(tr["text"]), tr["label"])
print(f1_score(te["label"], m.predict(vocab.transform(te["text"]))))
""",
        """
from sklearn.feature_extraction.text import HashingVectorizer
news = pd.read_csv("news.csv")
hashed = HashingVectorizer().fit(news["text"])
tr, te = train_test_split(news, random_state=SEED)
m = LogisticRegression().fit(hashed.transform(tr["text"]), tr["label"])
print(f1_score(te["label"], m.predict(hashed.transform(te["text"]))))
""",
    ),
    (
        "a group's label mean, out of fold",
        "target_encoding",
        """
d = pd.read_csv("shops.csv")
d["shop_mean"] = d["shop"].map(d.groupby("shop")["y"].mean()) #!
scores = cross_val_score(Ridge(), d[["shop_mean", "a"]], d["y"], cv=5)
print(scores.mean())
""",
        """
d = pd.read_csv("shops.csv")
scores = []
for tr, te in KFold(5).split(d):
    a, b = d.iloc[tr].copy(), d.iloc[te].copy()
    means = a.groupby("shop")["y"].mean()
    a["shop_mean"], b["shop_mean"] = a["shop"].map(means), b["shop"].map(means)
    scores.append(Ridge().fit(a[["shop_mean"]], a["y"]).score(b[["shop_mean"]].fillna(0), b["y"]))
print(np.mean(scores))
""",
    ),
    (
        "cross-fitted means",
        "target_encoding",
        """
d = pd.read_csv("shops.csv")
te_col = d.groupby("shop")["y"].agg("mean") #!
d = d.join(te_col.rename("te"), on="shop")
Xa, Xb, ya, yb = train_test_split(d[["te", "a"]], d["y"], random_state=SEED)
print(Ridge().fit(Xa, ya).score(Xb, yb))
""",
        """
d = pd.read_csv("shops.csv")
d, hold = train_test_split(d, random_state=SEED)
te_col = d.groupby("shop")["y"].agg("mean")
d = d.join(te_col.rename("te"), on="shop")
hold = hold.join(te_col.rename("te"), on="shop")
print(Ridge().fit(d[["te", "a"]], d["y"]).score(hold[["te", "a"]], hold["y"]))
""",
    ),
    (
        "variance threshold",
        "feature_selection",
        """
from sklearn.feature_selection import VarianceThreshold
X = VarianceThreshold(0.1).fit_transform(df.drop(columns="target")) #!
Xa, Xb, ya, yb = train_test_split(X, df["target"], random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
few = [c for c in df.columns if df[c].isna().mean() > 0.5]
X = df.drop(columns=["target"] + few)
Xa, Xb, ya, yb = train_test_split(X, df["target"], random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "lasso picks",
        "feature_selection",
        """
X, y = df.drop(columns="target"), df["target"]
lasso = LassoCV(cv=5).fit(X, y) #!
used = X.columns[lasso.coef_ != 0]
Xa, Xb, ya, yb = train_test_split(X[used], y, random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
X, y = df.drop(columns="target"), df["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
lasso = LassoCV(cv=5).fit(Xa, ya)
used = Xa.columns[lasso.coef_ != 0]
print(LogisticRegression().fit(Xa[used], ya).score(Xb[used], yb))
""",
    ),
    (
        "top correlations, label dropped",
        "feature_selection",
        """
top = df.corr()["target"].abs().sort_values(ascending=False).head(11).index.tolist() #!
top.remove("target")
Xa, Xb, ya, yb = train_test_split(df[top], df["target"], random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
import seaborn as sns
sns.heatmap(df.corr())
top = ["mean radius", "mean texture"]
Xa, Xb, ya, yb = train_test_split(df[top], df["target"], random_state=SEED)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "learning curve on training slices",
        "overlap",
        """
X, y = df.drop(columns="target"), df["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
for k in (50, 100, 200):
    m = LogisticRegression().fit(X[:k], y[:k])
    print(k, m.score(X[:k], y[:k]), m.score(X[k - 20:], y[k - 20:])) #!
""",
        """
X, y = df.drop(columns="target"), df["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
for k in (50, 100, 200):
    m = LogisticRegression().fit(Xa[:k], ya[:k])
    print(k, m.score(Xa[:k], ya[:k]), m.score(Xb, yb))
""",
    ),
    (
        "cross-validated search, then the same rows",
        "overlap",
        """
X, y = df.drop(columns="target"), df["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
rs = RandomizedSearchCV(RandomForestClassifier(), {"max_depth": [2, 5]}, n_iter=2).fit(X, y) #!
print(rs.score(Xb, yb))
""",
        """
X, y = df.drop(columns="target"), df["target"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
rs = RandomizedSearchCV(RandomForestClassifier(), {"max_depth": [2, 5]}, n_iter=2).fit(Xa, ya)
print(rs.score(Xb, yb))
rs.best_estimator_.fit(X, y)
""",
    ),
]
