"""Pairs of a last round against the engine."""

HEAD = """
import numpy as np, pandas as pd, matplotlib.pyplot as plt
from sklearn.datasets import load_breast_cancer, make_classification, load_wine, load_diabetes
from sklearn.model_selection import train_test_split, cross_val_score, KFold, StratifiedKFold, GridSearchCV, GroupKFold, RandomizedSearchCV, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler, KBinsDiscretizer, PolynomialFeatures
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.ensemble import RandomForestClassifier, GradientBoostingClassifier, RandomForestRegressor
from sklearn.metrics import accuracy_score, roc_auc_score, f1_score, mean_squared_error, r2_score
#%%
"""
PAIRS = [
    (
        "tuple return helper",
        "preprocessing",
        """
def load():
    b = load_wine()
    return b.data, b.target
def normalise(M):
    mean, std = M.mean(0), M.std(0)
    return (M - mean) / std, mean, std
#%%
M, t = load()
M, mean, std = normalise(M) #!
Mtr, Mte, ttr, tte = train_test_split(M, t, random_state=3)
print(LogisticRegression().fit(Mtr, ttr).score(Mte, tte))
""",
        """
def load():
    b = load_wine()
    return b.data, b.target
def normalise(M):
    mean, std = M.mean(0), M.std(0)
    return (M - mean) / std, mean, std
#%%
M, t = load()
Mtr, Mte, ttr, tte = train_test_split(M, t, random_state=3)
Mtr, mean, std = normalise(Mtr)
Mte = (Mte - mean) / std
print(LogisticRegression().fit(Mtr, ttr).score(Mte, tte))
""",
    ),
    (
        "data class container",
        "preprocessing",
        """
from dataclasses import dataclass
@dataclass
class Split:
    X_train: object
    X_test: object
    y_train: object
    y_test: object
X, y = load_breast_cancer(return_X_y=True)
X = StandardScaler().fit_transform(X) #!
s = Split(*train_test_split(X, y, random_state=0))
m = LogisticRegression().fit(s.X_train, s.y_train)
print(m.score(s.X_test, s.y_test))
""",
        """
from dataclasses import dataclass
@dataclass
class Split:
    X_train: object
    X_test: object
    y_train: object
    y_test: object
X, y = load_breast_cancer(return_X_y=True)
s = Split(*train_test_split(X, y, random_state=0))
sc = StandardScaler().fit(s.X_train)
m = LogisticRegression().fit(sc.transform(s.X_train), s.y_train)
print(m.score(sc.transform(s.X_test), s.y_test))
""",
    ),
    (
        "discretiser",
        "preprocessing",
        """
d = load_diabetes(as_frame=True).frame
kb = KBinsDiscretizer(5, encode="ordinal", strategy="quantile")
d["bmi"] = kb.fit_transform(d[["bmi"]]).ravel() #!
a, b = train_test_split(d, test_size=.3, random_state=0)
r = Ridge().fit(a.drop(columns="target"), a["target"])
print(r2_score(b["target"], r.predict(b.drop(columns="target"))))
""",
        """
d = load_diabetes(as_frame=True).frame
d["bmi"] = pd.cut(d["bmi"], [-1, -.05, 0, .05, 1], labels=False)
a, b = train_test_split(d, test_size=.3, random_state=0)
r = Ridge().fit(a.drop(columns="target"), a["target"])
print(r2_score(b["target"], r.predict(b.drop(columns="target"))))
""",
    ),
    (
        "ranked by hand",
        "preprocessing",
        """
d = load_diabetes(as_frame=True).frame
d["bmi_rank"] = d["bmi"].rank() / len(d) #!
cut = round(.7 * len(d))
a, b = d[:cut], d[cut:]
r = Ridge().fit(a[["bmi_rank"]], a["target"])
print(np.sqrt(((b["target"] - r.predict(b[["bmi_rank"]])) ** 2).mean()))
""",
        """
d = load_diabetes(as_frame=True).frame
d["bmi_half"] = d["bmi"] / 2
cut = round(.7 * len(d))
a, b = d[:cut], d[cut:]
r = Ridge().fit(a[["bmi_half"]], a["target"])
print(np.sqrt(((b["target"] - r.predict(b[["bmi_half"]])) ** 2).mean()))
""",
    ),
    (
        "fill by class mean",
        "imputation",
        """
d = pd.read_csv("x.csv")
d["inc"] = d["inc"].fillna(d.groupby("label")["inc"].transform("mean")) #!
a, b, c, e = train_test_split(d[["inc"]], d["label"], random_state=0)
print(LogisticRegression().fit(a, c).score(b, e))
""",
        """
d = pd.read_csv("x.csv")
d["inc"] = d["inc"].fillna(-1)
a, b, c, e = train_test_split(d[["inc"]], d["label"], random_state=0)
print(LogisticRegression().fit(a, c).score(b, e))
""",
    ),
    (
        "woe table",
        "target_encoding",
        """
d = pd.read_csv("x.csv")
good = d[d["bad"] == 0].groupby("job").size()
bad = d[d["bad"] == 1].groupby("job").size()
ev = d.groupby("job")["bad"].agg(["sum", "count"]) #!
woe = np.log((ev["sum"] / ev["sum"].sum()) / ((ev["count"] - ev["sum"]) / (ev["count"] - ev["sum"]).sum()))
d["job_woe"] = d["job"].map(woe)
a, b, c, e = train_test_split(d[["job_woe"]], d["bad"], random_state=0)
print(LogisticRegression().fit(a, c).score(b, e))
""",
        """
d = pd.read_csv("x.csv")
tr, te = train_test_split(d, random_state=0)
ev = tr.groupby("job")["bad"].agg(["sum", "count"])
woe = np.log((ev["sum"] / ev["sum"].sum()) / ((ev["count"] - ev["sum"]) / (ev["count"] - ev["sum"]).sum()))
m = LogisticRegression().fit(tr[["job"]].replace(woe), tr["bad"])
print(m.score(te[["job"]].replace(woe), te["bad"]))
""",
    ),
    (
        "pivot table mean",
        "target_encoding",
        """
d = pd.read_csv("x.csv")
lookup = d.pivot_table(index="zip", values="price", aggfunc="mean") #!
d = d.merge(lookup.rename(columns={"price": "zip_price"}), left_on="zip", right_index=True)
a, b = train_test_split(d, random_state=0)
f = ["rooms", "zip_price"]
print(Ridge().fit(a[f], a["price"]).score(b[f], b["price"]))
""",
        """
d = pd.read_csv("x.csv")
a, b = train_test_split(d, random_state=0)
lookup = a.pivot_table(index="zip", values="price", aggfunc="mean")
lookup = lookup.rename(columns={"price": "zip_price"})
a = a.merge(lookup, left_on="zip", right_index=True)
b = b.merge(lookup, left_on="zip", right_index=True, how="left").fillna(0)
f = ["rooms", "zip_price"]
print(Ridge().fit(a[f], a["price"]).score(b[f], b["price"]))
""",
    ),
    (
        "adasyn class variable",
        "oversampling",
        """
import imblearn.over_sampling as ios
X, y = make_classification(800, weights=[.95], random_state=0)
sampler = ios.ADASYN()
data = sampler.fit_resample(X, y) #!
A, B, C, D = train_test_split(data[0], data[1], random_state=0)
print(f1_score(D, RandomForestClassifier().fit(A, C).predict(B)))
""",
        """
import imblearn.over_sampling as ios
X, y = make_classification(800, weights=[.95], random_state=0)
sampler = ios.ADASYN()
A, B, C, D = train_test_split(X, y, random_state=0)
A, C = sampler.fit_resample(A, C)
print(f1_score(D, RandomForestClassifier().fit(A, C).predict(B)))
""",
    ),
    (
        "loop that appends minority rows",
        "oversampling",
        """
d = pd.read_csv("x.csv")
minor = d[d["y"] == 1]
parts = [d]
for _ in range(4):
    parts.append(minor)
d = pd.concat(parts) #!
A, B, C, D = train_test_split(d.drop(columns="y"), d["y"], random_state=0)
print(f1_score(D, RandomForestClassifier().fit(A, C).predict(B)))
""",
        """
d = pd.read_csv("x.csv")
d, hold = train_test_split(d, random_state=0)
minor = d[d["y"] == 1]
parts = [d]
for _ in range(4):
    parts.append(minor)
d = pd.concat(parts)
m = RandomForestClassifier().fit(d.drop(columns="y"), d["y"])
print(f1_score(hold["y"], m.predict(hold.drop(columns="y"))))
""",
    ),
    (
        "bootstrap with out of bag",
        "overlap",
        """
d = pd.read_csv("x.csv")
boot = d.sample(len(d), replace=True, random_state=0)
m = LogisticRegression().fit(boot.drop(columns="y"), boot["y"])
print(m.score(d.drop(columns="y"), d["y"])) #!
""",
        """
d = pd.read_csv("x.csv")
boot = d.sample(len(d), replace=True, random_state=0)
oob = d.drop(boot.index.unique())
m = LogisticRegression().fit(boot.drop(columns="y"), boot["y"])
print(m.score(oob.drop(columns="y"), oob["y"]))
""",
    ),
    (
        "KFold refit outside",
        "overlap",
        """
X, y = load_wine(return_X_y=True)
model = RandomForestClassifier().fit(X, y) #!
accs = []
for a, b in KFold(5, shuffle=True, random_state=0).split(X):
    accs.append(model.score(X[b], y[b]))
print(np.mean(accs))
""",
        """
X, y = load_wine(return_X_y=True)
model = RandomForestClassifier()
accs = []
for a, b in KFold(5, shuffle=True, random_state=0).split(X):
    model.fit(X[a], y[a])
    accs.append(model.score(X[b], y[b]))
print(np.mean(accs))
model.fit(X, y)
""",
    ),
    (
        "grouped mask overlap",
        "overlap",
        """
d = pd.read_csv("x.csv")
train = d[d["age"] < 60]
test = d[d["age"] > 50] #!
m = LogisticRegression().fit(train[["a"]], train["y"])
print(m.score(test[["a"]], test["y"]))
""",
        """
d = pd.read_csv("x.csv")
k = np.arange(len(d)) % 5 == 0
train = d[~k]
test = d[k]
m = LogisticRegression().fit(train[["a"]], train["y"])
print(m.score(test[["a"]], test["y"]))
""",
    ),
    (
        "train rows by isin",
        "overlap",
        """
d = pd.read_csv("x.csv")
ids = d["id"].sample(frac=.2, random_state=0)
test = d[d["id"].isin(ids)]
m = LogisticRegression().fit(d[["a"]], d["y"]) #!
print(m.score(test[["a"]], test["y"]))
""",
        """
d = pd.read_csv("x.csv")
ids = d["id"].sample(frac=.2, random_state=0)
test = d[d["id"].isin(ids)]
train = d[~d["id"].isin(ids)]
m = LogisticRegression().fit(train[["a"]], train["y"])
print(m.score(test[["a"]], test["y"]))
""",
    ),
    (
        "in-sample auc in helper class",
        "no_test_set",
        """
class Runner:
    def __init__(self, model): self.model = model
    def fit(self, X, y):
        self.model.fit(X, y); self.X, self.y = X, y
        return self
    def auc(self):
        return roc_auc_score(self.y, self.model.predict_proba(self.X)[:, 1]) #!
X, y = load_breast_cancer(return_X_y=True)
r = Runner(RandomForestClassifier()).fit(X, y)
print(r.auc())
""",
        """
class Runner:
    def __init__(self, model): self.model = model
    def fit(self, X, y):
        self.model.fit(X, y); self.X, self.y = X, y
        return self
    def auc(self, X, y):
        return roc_auc_score(y, self.model.predict_proba(X)[:, 1])
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y)
r = Runner(RandomForestClassifier()).fit(Xa, ya)
print(r.auc(Xb, yb))
""",
    ),
    (
        "random search over test",
        "multi_test",
        """
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
rng = np.random.default_rng(0)
best = {"score": -np.inf}
for _ in range(25):
    p = {"max_depth": int(rng.integers(2, 12)), "n_estimators": int(rng.integers(20, 300))}
    rf = RandomForestClassifier(**p, random_state=0).fit(Xa, ya)
    s = roc_auc_score(yb, rf.predict_proba(Xb)[:, 1]) #!
    if s > best["score"]:
        best = {"score": s, "params": p, "model": rf}
print(best["params"], best["score"])
""",
        """
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
Xf, Xv, yf, yv = train_test_split(Xa, ya, random_state=0)
rng = np.random.default_rng(0)
best = {"score": -np.inf}
for _ in range(25):
    p = {"max_depth": int(rng.integers(2, 12)), "n_estimators": int(rng.integers(20, 300))}
    rf = RandomForestClassifier(**p, random_state=0).fit(Xf, yf)
    s = roc_auc_score(yv, rf.predict_proba(Xv)[:, 1])
    if s > best["score"]:
        best = {"score": s, "params": p, "model": rf}
print(best["params"], roc_auc_score(yb, best["model"].predict_proba(Xb)[:, 1]))
""",
    ),
    (
        "polynomial degree",
        "multi_test",
        """
X, y = load_diabetes(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X[:, :3], y, random_state=0)
errs = {}
for deg in range(1, 6):
    p = make_pipeline(PolynomialFeatures(deg), Ridge()).fit(Xa, ya)
    errs[deg] = mean_squared_error(yb, p.predict(Xb)) #!
deg = min(errs, key=errs.get)
final = make_pipeline(PolynomialFeatures(deg), Ridge()).fit(Xa, ya)
print(deg, mean_squared_error(yb, final.predict(Xb)))
""",
        """
X, y = load_diabetes(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X[:, :3], y, random_state=0)
errs = {}
for deg in range(1, 6):
    p = make_pipeline(PolynomialFeatures(deg), Ridge())
    errs[deg] = -cross_val_score(p, Xa, ya, scoring="neg_mean_squared_error").mean()
deg = min(errs, key=errs.get)
final = make_pipeline(PolynomialFeatures(deg), Ridge()).fit(Xa, ya)
print(deg, mean_squared_error(yb, final.predict(Xb)))
""",
    ),
    (
        "scores frame idxmax",
        "multi_test",
        """
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
out = pd.DataFrame(index=["lr", "rf"], columns=["acc"])
for name, m in [("lr", LogisticRegression()), ("rf", RandomForestClassifier())]:
    m.fit(Xa, ya)
    out.loc[name, "acc"] = m.score(Xb, yb) #!
print(out["acc"].astype(float).idxmax())
""",
        """
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
out = pd.DataFrame(index=["lr", "rf"], columns=["acc"])
for name, m in [("lr", LogisticRegression()), ("rf", RandomForestClassifier())]:
    m.fit(Xa, ya)
    out.loc[name, "acc"] = m.score(Xb, yb)
print(out)
""",
    ),
    (
        "ensemble weights on test",
        "multi_test",
        """
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
p1 = LogisticRegression().fit(Xa, ya).predict_proba(Xb)[:, 1]
p2 = RandomForestClassifier().fit(Xa, ya).predict_proba(Xb)[:, 1]
best_w, best_auc = 0, 0
for w in np.linspace(0, 1, 21):
    a = roc_auc_score(yb, w * p1 + (1 - w) * p2) #!
    if a > best_auc:
        best_w, best_auc = w, a
print(best_w, best_auc)
""",
        """
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
q1 = cross_val_predict(LogisticRegression(), Xa, ya, method="predict_proba")[:, 1]
q2 = cross_val_predict(RandomForestClassifier(), Xa, ya, method="predict_proba")[:, 1]
best_w, best_auc = 0, 0
for w in np.linspace(0, 1, 21):
    a = roc_auc_score(ya, w * q1 + (1 - w) * q2)
    if a > best_auc:
        best_w, best_auc = w, a
p1 = LogisticRegression().fit(Xa, ya).predict_proba(Xb)[:, 1]
p2 = RandomForestClassifier().fit(Xa, ya).predict_proba(Xb)[:, 1]
print(best_w, roc_auc_score(yb, best_w * p1 + (1 - best_w) * p2))
""",
    ),
    (
        "keras checkpoint",
        "early_stopping",
        """
import tensorflow as tf
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
net = tf.keras.models.Sequential()
net.add(tf.keras.layers.Dense(16, activation="relu"))
net.add(tf.keras.layers.Dense(1, activation="sigmoid"))
net.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
cbs = [tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=3)]
net.fit(Xa, ya, validation_data=(Xb, yb), epochs=50, callbacks=cbs, verbose=0) #!
p = (net.predict(Xb) > .5).astype(int)
print(accuracy_score(yb, p))
""",
        """
import tensorflow as tf
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
net = tf.keras.models.Sequential()
net.add(tf.keras.layers.Dense(16, activation="relu"))
net.add(tf.keras.layers.Dense(1, activation="sigmoid"))
net.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
net.fit(Xa, ya, validation_data=(Xb, yb), epochs=50, verbose=0)
p = (net.predict(Xb) > .5).astype(int)
print(accuracy_score(yb, p))
""",
    ),
    (
        "kwargs dict of fit options",
        "early_stopping",
        """
import lightgbm
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
opts = {"eval_set": [(Xb, yb)], "callbacks": [lightgbm.early_stopping(5)]}
g = lightgbm.LGBMClassifier().fit(Xa, ya, **opts) #!
print(g.score(Xb, yb))
""",
        """
import lightgbm
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
Xf, Xv, yf, yv = train_test_split(Xa, ya, random_state=0)
opts = {"eval_set": [(Xv, yv)], "callbacks": [lightgbm.early_stopping(5)]}
g = lightgbm.LGBMClassifier().fit(Xf, yf, **opts)
print(g.score(Xb, yb))
""",
    ),
    (
        "renamed target leftover",
        "target_proxy",
        """
d = load_diabetes(as_frame=True).frame
d["progression"] = d["target"]
d = d.drop(columns="target")
d["high"] = d["progression"].gt(150).astype(int)
X = d.drop(columns="high") #!
a, b, c, e = train_test_split(X, d["high"], random_state=0)
print(RandomForestClassifier().fit(a, c).score(b, e))
""",
        """
d = load_diabetes(as_frame=True).frame
d["progression"] = d["target"]
d = d.drop(columns="target")
d["high"] = d["progression"].gt(150).astype(int)
X = d.drop(columns=["high", "progression"])
a, b, c, e = train_test_split(X, d["high"], random_state=0)
print(RandomForestClassifier().fit(a, c).score(b, e))
""",
    ),
    (
        "residual feature",
        "target_proxy",
        """
d = load_diabetes(as_frame=True).frame
d["resid"] = d["target"] - d["bmi"] * 900 #!
X = d[["age", "bmi", "resid"]]
a, b, c, e = train_test_split(X, d["target"], random_state=0)
print(Ridge().fit(a, c).score(b, e))
""",
        """
d = load_diabetes(as_frame=True).frame
d["resid"] = d["bp"] - d["bmi"] * 900
X = d[["age", "bmi", "resid"]]
a, b, c, e = train_test_split(X, d["target"], random_state=0)
print(Ridge().fit(a, c).score(b, e))
""",
    ),
    (
        "insert and concat",
        "target_proxy",
        """
d = load_diabetes(as_frame=True)
X, y = d.data, d.target
X = pd.concat([X, (y > 140).rename("flag").astype(int)], axis=1) #!
a, b, c, e = train_test_split(X, y, random_state=0)
print(Ridge().fit(a, c).score(b, e))
""",
        """
d = load_diabetes(as_frame=True)
X, y = d.data, d.target
X = pd.concat([X, (X["bmi"] > 0).rename("flag").astype(int)], axis=1)
a, b, c, e = train_test_split(X, y, random_state=0)
print(Ridge().fit(a, c).score(b, e))
""",
    ),
    (
        "descending order lags",
        "temporal",
        """
s = pd.read_csv("s.csv").sort_values("date", ascending=False)
s["prev"] = s["x"].shift(1) #!
s = s.dropna().sort_values("date")
k = int(.8 * len(s))
print(Ridge().fit(s[["prev"]][:k], s["y"][:k]).score(s[["prev"]][k:], s["y"][k:]))
""",
        """
s = pd.read_csv("s.csv").sort_values("date", ascending=False)
s["prev"] = s["x"].shift(-1)
s = s.dropna().sort_values("date")
k = int(.8 * len(s))
print(Ridge().fit(s[["prev"]][:k], s["y"][:k]).score(s[["prev"]][k:], s["y"][k:]))
""",
    ),
    (
        "future max",
        "temporal",
        """
s = pd.read_csv("s.csv").sort_values("date")
s["peak"] = s["x"][::-1].cummax()[::-1] #!
k = int(.8 * len(s))
print(Ridge().fit(s[["peak"]][:k], s["y"][:k]).score(s[["peak"]][k:], s["y"][k:]))
""",
        """
s = pd.read_csv("s.csv").sort_values("date")
s["peak"] = s["x"].cummax()
k = int(.8 * len(s))
print(Ridge().fit(s[["peak"]][:k], s["y"][:k]).score(s[["peak"]][k:], s["y"][k:]))
""",
    ),
    (
        "early test by iloc",
        "temporal",
        """
s = pd.read_csv("s.csv", parse_dates=["when"]).sort_values("when")
test, train = s.iloc[:200], s.iloc[200:] #!
print(Ridge().fit(train[["x"]], train["y"]).score(test[["x"]], test["y"]))
""",
        """
s = pd.read_csv("s.csv", parse_dates=["when"]).sort_values("when")
train, test = s.iloc[:-200], s.iloc[-200:]
print(Ridge().fit(train[["x"]], train["y"]).score(test[["x"]], test["y"]))
""",
    ),
    (
        "polars lead",
        "temporal",
        """
import polars as pl
s = pl.read_csv("s.csv").sort("date")
s = s.with_columns(pl.col("x").shift(-1).alias("nxt"), pl.col("x").shift(1).alias("prv")) #!
s = s.drop_nulls()
k = int(.8 * s.height)
tr, te = s[:k], s[k:]
f = ["nxt", "prv"]
print(Ridge().fit(tr.select(f), tr["y"]).score(te.select(f), te["y"]))
""",
        """
import polars as pl
s = pl.read_csv("s.csv").sort("date")
s = s.with_columns(pl.col("x").shift(2).alias("nxt"), pl.col("x").shift(1).alias("prv"))
s = s.drop_nulls()
k = int(.8 * s.height)
tr, te = s[:k], s[k:]
f = ["nxt", "prv"]
print(Ridge().fit(tr.select(f), tr["y"]).score(te.select(f), te["y"]))
""",
    ),
    (
        "quantile-trimmed test",
        "sampling_bias",
        """
d = pd.read_csv("x.csv")
tr, te = train_test_split(d, random_state=0)
hi = tr["amount"].quantile(.95)
te = te[te["amount"] <= hi] #!
print(Ridge().fit(tr[["a", "amount"]], tr["y"]).score(te[["a", "amount"]], te["y"]))
""",
        """
d = pd.read_csv("x.csv")
tr, te = train_test_split(d, random_state=0)
hi = tr["amount"].quantile(.95)
tr = tr[tr["amount"] <= hi]
print(Ridge().fit(tr[["a", "amount"]], tr["y"]).score(te[["a", "amount"]], te["y"]))
""",
    ),
    (
        "test of one class boosted",
        "sampling_bias",
        """
from imblearn.over_sampling import RandomOverSampler
X, y = make_classification(800, weights=[.9], random_state=0)
A, B, C, D = train_test_split(X, y, random_state=0)
B, D = RandomOverSampler(random_state=0).fit_resample(B, D) #!
print(accuracy_score(D, RandomForestClassifier().fit(A, C).predict(B)))
""",
        """
from imblearn.over_sampling import RandomOverSampler
X, y = make_classification(800, weights=[.9], random_state=0)
A, B, C, D = train_test_split(X, y, random_state=0)
A, C = RandomOverSampler(random_state=0).fit_resample(A, C)
print(accuracy_score(D, RandomForestClassifier().fit(A, C).predict(B)))
""",
    ),
    (
        "clean big one",
        "preprocessing",
        """
X, y = load_breast_cancer(return_X_y=True, as_frame=True)
poly = PolynomialFeatures(2, include_bias=False)
Xp = poly.fit_transform(X)
Xp = StandardScaler().fit_transform(Xp) #!
A, B, C, D = train_test_split(Xp, y, stratify=y, random_state=0)
clf = LogisticRegression(max_iter=5000).fit(A, C)
print(clf.score(B, D))
""",
        """
X, y = load_breast_cancer(return_X_y=True, as_frame=True)
plt.scatter(*StandardScaler().fit_transform(X).T[:2], c=y); plt.show()
print(X.corrwith(y).abs().sort_values())
poly = PolynomialFeatures(2, include_bias=False)
Xp = poly.fit_transform(X)
A, B, C, D = train_test_split(Xp, y, stratify=y, random_state=0)
A1, V, C1, W = train_test_split(A, C, stratify=C, random_state=0)
best_c, best = None, 0
for c in [.01, .1, 1]:
    p = make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=5000)).fit(A1, C1)
    if p.score(V, W) > best:
        best_c, best = c, p.score(V, W)
clf = make_pipeline(StandardScaler(), LogisticRegression(C=best_c, max_iter=5000)).fit(A, C)
print("train", clf.score(A, C), "test", clf.score(B, D), roc_auc_score(D, clf.predict_proba(B)[:, 1]))
final = make_pipeline(StandardScaler(), LogisticRegression(C=best_c, max_iter=5000)).fit(Xp, y)
""",
    ),
]
