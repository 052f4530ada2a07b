"""Pairs in other hands: generated data, messy names, functions, classes, loops, chains."""

HEAD = """
import numpy as np
import pandas as pd
from sklearn.datasets import make_classification, load_breast_cancer
from sklearn.model_selection import *
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.preprocessing import *
from sklearn.impute import SimpleImputer, KNNImputer
from sklearn.linear_model import *
from sklearn.ensemble import *
from sklearn.metrics import *
rng = np.random.default_rng(0)
n = 1000
df = pd.DataFrame({
    "age": rng.integers(18, 90, size=n),
    "income": rng.lognormal(10, 1, n),
    "city": rng.choice(["a", "b", "c"], n),
})
df.loc[rng.choice(n, 50, replace=False), "income"] = np.nan
df["bought"] = (0.03 * df["age"] + rng.normal(0, 1, n) > 1.5).astype(int)
#%%
"""

PAIRS = [
    (
        "make_classification, messy names",
        "preprocessing",
        """
a, b = make_classification(n_samples=500, n_features=20, random_state=1)
q = MinMaxScaler()
a2 = q.fit_transform(a) #!
#%%
p1, p2, r1, r2 = train_test_split(a2, b, test_size=0.25, random_state=3)
zz = RandomForestClassifier(n_estimators=50).fit(p1, r1)
#%%
print("acc:", (zz.predict(p2) == r2).mean())
""",
        """
a, b = make_classification(n_samples=500, n_features=20, random_state=1)
q = MinMaxScaler()
#%%
p1, p2, r1, r2 = train_test_split(a, b, test_size=0.25, random_state=3)
p1 = q.fit_transform(p1)
p2 = q.transform(p2)
zz = RandomForestClassifier(n_estimators=50).fit(p1, r1)
#%%
print("acc:", (zz.predict(p2) == r2).mean())
""",
    ),
    (
        "bunch",
        "preprocessing",
        """
data = load_breast_cancer()
X, y = data.data, data.target
X = (X - X.mean(axis=0)) / X.std(axis=0) #!
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=42)
lr = LogisticRegression(max_iter=1000)
lr.fit(X_train, y_train)
print(f"{lr.score(X_test, y_test):.3f}")
""",
        """
data = load_breast_cancer()
X, y = data.data, data.target
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=42)
m, s = X_train.mean(axis=0), X_train.std(axis=0)
X_train = (X_train - m) / s
X_test = (X_test - m) / s
lr = LogisticRegression(max_iter=1000)
lr.fit(X_train, y_train)
print(f"{lr.score(X_test, y_test):.3f}")
""",
    ),
    (
        "assign chain",
        "preprocessing",
        """
clean = ( #!
    df.dropna()
    .assign(income_z=lambda d: (d["income"] - d["income"].mean()) / d["income"].std())
    .drop(columns=["income", "city"])
)
train = clean.sample(frac=0.7, random_state=0)
test = clean.drop(train.index)
est = LogisticRegression().fit(train.drop(columns="bought"), train["bought"])
print(est.score(test.drop(columns="bought"), test["bought"]))
""",
        """
clean = (
    df.dropna()
    .assign(income_l=lambda d: np.log1p(d["income"]))
    .drop(columns=["income", "city"])
)
train = clean.sample(frac=0.7, random_state=0)
test = clean.drop(train.index)
est = LogisticRegression().fit(train.drop(columns="bought"), train["bought"])
print(est.score(test.drop(columns="bought"), test["bought"]))
""",
    ),
    (
        "pipe",
        "imputation",
        """
def fill(d):
    d = d.copy()
    d["income"] = d["income"].fillna(d["income"].median())
    return d
#%%
df = df.pipe(fill) #!
X, y = df[["age", "income"]], df["bought"]
X_tr, X_te, y_tr, y_te = train_test_split(X, y, stratify=y, random_state=0)
g = GradientBoostingClassifier().fit(X_tr, y_tr)
print(roc_auc_score(y_te, g.predict_proba(X_te)[:, 1]))
""",
        """
def fill(d, value):
    d = d.copy()
    d["income"] = d["income"].fillna(value)
    return d
#%%
X, y = df[["age", "income"]], df["bought"]
X_tr, X_te, y_tr, y_te = train_test_split(X, y, stratify=y, random_state=0)
v = X_tr["income"].median()
X_tr, X_te = fill(X_tr, v), fill(X_te, v)
g = GradientBoostingClassifier().fit(X_tr, y_tr)
print(roc_auc_score(y_te, g.predict_proba(X_te)[:, 1]))
""",
    ),
    (
        "function with globals",
        "preprocessing",
        """
sc = RobustScaler()
def prep():
    global X, y
    X, y = df[["age", "income"]].fillna(0), df["bought"]
    X[["age", "income"]] = sc.fit_transform(X[["age", "income"]]) #!
prep()
#%%
X_train, X_test, y_train, y_test = train_test_split(X, y)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
sc = RobustScaler()
def prep():
    global X, y
    X, y = df[["age", "income"]].fillna(0), df["bought"]
prep()
#%%
X_train, X_test, y_train, y_test = train_test_split(X, y)
X_train = sc.fit_transform(X_train)
print(LogisticRegression().fit(X_train, y_train).score(sc.transform(X_test), y_test))
""",
    ),
    (
        "main function",
        "preprocessing",
        """
def main(seed=0):
    data = df.fillna(0)
    cols = [c for c in data.columns if c not in ("bought", "city")]
    scaler = StandardScaler()
    scaler.fit(data[cols]) #!
    tr, te = train_test_split(data, random_state=seed)
    model = LogisticRegression()
    model.fit(scaler.transform(tr[cols]), tr["bought"])
    return accuracy_score(te["bought"], model.predict(scaler.transform(te[cols])))
#%%
main()
""",
        """
def main(seed=0):
    data = df.fillna(0)
    cols = [c for c in data.columns if c not in ("bought", "city")]
    scaler = StandardScaler()
    tr, te = train_test_split(data, random_state=seed)
    scaler.fit(tr[cols])
    model = LogisticRegression()
    model.fit(scaler.transform(tr[cols]), tr["bought"])
    return accuracy_score(te["bought"], model.predict(scaler.transform(te[cols])))
#%%
main()
""",
    ),
    (
        "class with methods",
        "preprocessing",
        """
class Experiment:
    def __init__(self, frame):
        self.frame = frame.fillna(0)
        self.model = LogisticRegression()
    def prepare(self):
        X = self.frame[["age", "income"]]
        self.X = StandardScaler().fit_transform(X) #!
        self.y = self.frame["bought"]
    def run(self):
        self.prepare()
        Xa, Xb, ya, yb = train_test_split(self.X, self.y, random_state=1)
        self.model.fit(Xa, ya)
        return self.model.score(Xb, yb)
#%%
e = Experiment(df)
print(e.run())
""",
        """
class Experiment:
    def __init__(self, frame):
        self.frame = frame.fillna(0)
        self.model = make_pipeline(StandardScaler(), LogisticRegression())
    def prepare(self):
        self.X = self.frame[["age", "income"]]
        self.y = self.frame["bought"]
    def run(self):
        self.prepare()
        Xa, Xb, ya, yb = train_test_split(self.X, self.y, random_state=1)
        self.model.fit(Xa, ya)
        return self.model.score(Xb, yb)
#%%
e = Experiment(df)
print(e.run())
""",
    ),
    (
        "per-column loop with a dict of stats",
        "preprocessing",
        """
stats = {}
for c in ["age", "income"]:
    stats[c] = (df[c].mean(), df[c].std()) #!
#%%
for c, (mu, sd) in stats.items():
    df[c] = (df[c] - mu) / sd
train, test = train_test_split(df, test_size=0.2, random_state=1)
m = LogisticRegression().fit(train[["age", "income"]], train.bought)
print(m.score(test[["age", "income"]], test.bought))
""",
        """
train, test = train_test_split(df, test_size=0.2, random_state=1)
stats = {}
for c in ["age", "income"]:
    stats[c] = (train[c].mean(), train[c].std())
#%%
for c, (mu, sd) in stats.items():
    train[c] = (train[c] - mu) / sd
    test[c] = (test[c] - mu) / sd
m = LogisticRegression().fit(train[["age", "income"]], train.bought)
print(m.score(test[["age", "income"]], test.bought))
""",
    ),
    (
        "knn imputer and concat of parts",
        "imputation",
        """
num = df[["age", "income"]]
num = pd.DataFrame(KNNImputer().fit_transform(num), columns=num.columns) #!
X = pd.concat([num, pd.get_dummies(df["city"])], axis=1)
X_train, X_test, y_train, y_test = train_test_split(X, df["bought"], random_state=0)
m = LogisticRegression().fit(X_train, y_train)
y_hat = m.predict(X_test)
print(confusion_matrix(y_test, y_hat))
""",
        """
X = pd.concat([df[["age", "income"]], pd.get_dummies(df["city"])], axis=1)
X_train, X_test, y_train, y_test = train_test_split(X, df["bought"], random_state=0)
imp = KNNImputer().fit(X_train)
m = LogisticRegression().fit(imp.transform(X_train), y_train)
y_hat = m.predict(imp.transform(X_test))
print(confusion_matrix(y_test, y_hat))
""",
    ),
    (
        "imputer in a pipeline with only imputers",
        "imputation",
        """
pre = make_column_transformer((SimpleImputer(strategy="mean"), ["age", "income"]), (OneHotEncoder(), ["city"]))
Z = pre.fit_transform(df.drop(columns="bought")) #!
t = int(0.75 * Z.shape[0])
m = RandomForestClassifier().fit(Z[:t], df["bought"][:t])
print(m.score(Z[t:], df["bought"][t:]))
""",
        """
pre = make_column_transformer((SimpleImputer(strategy="mean"), ["age", "income"]), (OneHotEncoder(), ["city"]))
t = int(0.75 * df.shape[0])
tr, te = df.iloc[:t], df.iloc[t:]
m = RandomForestClassifier().fit(pre.fit_transform(tr.drop(columns="bought")), tr["bought"])
print(m.score(pre.transform(te.drop(columns="bought")), te["bought"]))
""",
    ),
    (
        "mode of a column, dict fill",
        "imputation",
        """
df = df.fillna({"income": df["income"].mean(), "city": "a"}) #!
X = pd.get_dummies(df.drop(columns="bought"))
X_train, X_test, y_train, y_test = train_test_split(X, df["bought"])
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
df = df.fillna({"income": 0.0, "city": "a"})
X = pd.get_dummies(df.drop(columns="bought"))
X_train, X_test, y_train, y_test = train_test_split(X, df["bought"])
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "rfe",
        "feature_selection",
        """
from sklearn.feature_selection import RFE
X, y = make_classification(300, 100, n_informative=5, random_state=0)
keep = RFE(LogisticRegression(), n_features_to_select=10).fit(X, y) #!
X = X[:, keep.support_]
s = cross_val_score(LogisticRegression(), X, y, cv=5)
print(s.mean())
""",
        """
from sklearn.feature_selection import RFE
X, y = make_classification(300, 100, n_informative=5, random_state=0)
est = Pipeline([("rfe", RFE(LogisticRegression(), n_features_to_select=10)), ("lr", LogisticRegression())])
s = cross_val_score(est, X, y, cv=5)
print(s.mean())
""",
    ),
    (
        "correlation with numpy",
        "feature_selection",
        """
X, y = make_classification(300, 200, random_state=0)
r = np.array([abs(np.corrcoef(X[:, j], y)[0, 1]) for j in range(X.shape[1])]) #!
best = np.argsort(r)[-10:]
X_train, X_test, y_train, y_test = train_test_split(X[:, best], y, random_state=0)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
X, y = make_classification(300, 200, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
r = np.array([abs(np.corrcoef(X_train[:, j], y_train)[0, 1]) for j in range(X_train.shape[1])])
best = np.argsort(r)[-10:]
print(LogisticRegression().fit(X_train[:, best], y_train).score(X_test[:, best], y_test))
""",
    ),
    (
        "correlated columns dropped one by one",
        "feature_selection",
        """
X, y = df[["age", "income"]].fillna(0), df["bought"]
c = X.corr().abs() #!
drop = set()
for i in range(len(c.columns)):
    for j in range(i):
        if c.iloc[i, j] > 0.9:
            drop.add(c.columns[i])
X = X.drop(columns=list(drop))
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
X, y = df[["age", "income"]].fillna(0), df["bought"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
c = X_train.corr().abs()
drop = set()
for i in range(len(c.columns)):
    for j in range(i):
        if c.iloc[i, j] > 0.9:
            drop.add(c.columns[i])
X_train, X_test = X_train.drop(columns=list(drop)), X_test.drop(columns=list(drop))
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "select from model, get_support",
        "feature_selection",
        """
from sklearn.feature_selection import SelectFromModel
X, y = df[["age", "income"]].fillna(0), df["bought"]
sfm = SelectFromModel(RandomForestClassifier(random_state=0))
sfm.fit(X, y) #!
cols = X.columns[sfm.get_support()]
X_train, X_test, y_train, y_test = train_test_split(X[cols], y, random_state=0)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
from sklearn.feature_selection import SelectFromModel
X, y = df[["age", "income"]].fillna(0), df["bought"]
sfm = SelectFromModel(RandomForestClassifier(random_state=0))
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
sfm.fit(X_train, y_train)
cols = X.columns[sfm.get_support()]
print(LogisticRegression().fit(X_train[cols], y_train).score(X_test[cols], y_test))
""",
    ),
    (
        "smoothed means in a function",
        "target_encoding",
        """
def encode(d, col, target, k=10):
    agg = d.groupby(col)[target].agg(["mean", "count"])
    prior = d[target].mean()
    smooth = (agg["count"] * agg["mean"] + k * prior) / (agg["count"] + k)
    return d[col].map(smooth)
#%%
df["city_te"] = encode(df, "city", "bought") #!
X_train, X_test, y_train, y_test = train_test_split(df[["age", "city_te"]], df["bought"], random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
def encode(d, col, target, k=10):
    agg = d.groupby(col)[target].agg(["mean", "count"])
    prior = d[target].mean()
    return (agg["count"] * agg["mean"] + k * prior) / (agg["count"] + k), prior
#%%
tr, te = train_test_split(df, random_state=1)
table, prior = encode(tr, "city", "bought")
tr = tr.assign(city_te=tr["city"].map(table))
te = te.assign(city_te=te["city"].map(table).fillna(prior))
m = LogisticRegression().fit(tr[["age", "city_te"]], tr["bought"])
print(m.score(te[["age", "city_te"]], te["bought"]))
""",
    ),
    (
        "dict of means by a loop",
        "target_encoding",
        """
rates = {}
for c in df["city"].unique():
    rates[c] = df.loc[df["city"] == c, "bought"].mean() #!
df["city"] = df["city"].replace(rates)
X_train, X_test, y_train, y_test = train_test_split(df[["age", "city"]], df["bought"], random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
codes = {}
for i, c in enumerate(df["city"].unique()):
    codes[c] = i
df["city"] = df["city"].replace(codes)
X_train, X_test, y_train, y_test = train_test_split(df[["age", "city"]], df["bought"], random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "category encoders",
        "target_encoding",
        """
import category_encoders as ce
X, y = df.drop(columns="bought").fillna(0), df["bought"]
X = ce.LeaveOneOutEncoder(cols=["city"]).fit_transform(X, y) #!
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
import category_encoders as ce
X, y = df.drop(columns="bought").fillna(0), df["bought"]
X = ce.OneHotEncoder(cols=["city"]).fit_transform(X)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "minority repeated with numpy",
        "oversampling",
        """
X, y = make_classification(1000, weights=[0.9], random_state=0)
pos = np.where(y == 1)[0]
extra = np.random.choice(pos, size=700, replace=True) #!
idx = np.concatenate([np.arange(len(y)), extra])
X, y = X[idx], y[idx]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
print(f1_score(y_test, RandomForestClassifier().fit(X_train, y_train).predict(X_test)))
""",
        """
X, y = make_classification(1000, weights=[0.9], random_state=0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
pos = np.where(y_train == 1)[0]
extra = np.random.choice(pos, size=700, replace=True)
idx = np.concatenate([np.arange(len(y_train)), extra])
X_train, y_train = X_train[idx], y_train[idx]
print(f1_score(y_test, RandomForestClassifier().fit(X_train, y_train).predict(X_test)))
""",
    ),
    (
        "sample with replacement",
        "oversampling",
        """
minority = df[df["bought"] == 1]
majority = df.query("bought == 0")
up = minority.sample(len(majority), replace=True, random_state=0) #!
both = pd.concat([majority, up]).fillna(0)
X_train, X_test, y_train, y_test = train_test_split(both[["age", "income"]], both["bought"], random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
tr, te = train_test_split(df.fillna(0), random_state=1)
minority = tr[tr["bought"] == 1]
majority = tr.query("bought == 0")
up = minority.sample(len(majority), replace=True, random_state=0)
tr = pd.concat([majority, up])
m = LogisticRegression().fit(tr[["age", "income"]], tr["bought"])
print(m.score(te[["age", "income"]], te["bought"]))
""",
    ),
    (
        "noisy copies",
        "oversampling",
        """
X, y = make_classification(500, random_state=0)
X_aug = np.vstack([X, X + np.random.normal(0, 0.01, X.shape)]) #!
y_aug = np.hstack([y, y])
X_train, X_test, y_train, y_test = train_test_split(X_aug, y_aug, random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
X, y = make_classification(500, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
X_train = np.vstack([X_train, X_train + np.random.normal(0, 0.01, X_train.shape)])
y_train = np.hstack([y_train, y_train])
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "dropped duplicates before the split",
        "duplicates",
        """
df = pd.concat([df, df.iloc[:200]], ignore_index=True) #!
X, y = df[["age"]], df["bought"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
df = pd.concat([df, df.iloc[:200]], ignore_index=True)
df = df.drop_duplicates()
X, y = df[["age"]], df["bought"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "index positions",
        "overlap",
        """
X, y = make_classification(1000, random_state=0)
order = np.random.permutation(1000)
tr, te = order[:800], order[600:] #!
clf = LogisticRegression().fit(X[tr], y[tr])
print(accuracy_score(y[te], clf.predict(X[te])))
""",
        """
X, y = make_classification(1000, random_state=0)
order = np.random.permutation(1000)
tr, te = order[:800], order[800:]
clf = LogisticRegression().fit(X[tr], y[tr])
print(accuracy_score(y[te], clf.predict(X[te])))
""",
    ),
    (
        "test rows added to the training rows",
        "overlap",
        """
X_train, X_test, y_train, y_test = train_test_split(df[["age"]], df["bought"], random_state=1)
X_train = pd.concat([X_train, X_test[:100]]) #!
y_train = pd.concat([y_train, y_test[:100]])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df[["age"]], df["bought"], random_state=1)
X_train = pd.concat([X_train, X_test[:100]])
y_train = pd.concat([y_train, y_test[:100]])
X_test, y_test = X_test[100:], y_test[100:]
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "refit in a helper",
        "overlap",
        """
def fit_and_score(est, A, u, B, v):
    est.fit(A, u)
    return est.score(B, v)
X, y = df[["age"]], df["bought"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
#%%
print(fit_and_score(LogisticRegression(), X, y, X_test, y_test)) #!
""",
        """
def fit_and_score(est, A, u, B, v):
    est.fit(A, u)
    return est.score(B, v)
X, y = df[["age"]], df["bought"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
#%%
print(fit_and_score(LogisticRegression(), X_train, y_train, X_test, y_test))
""",
    ),
    (
        "calibrated on the test set",
        "overlap",
        """
from sklearn.calibration import CalibratedClassifierCV
X_train, X_test, y_train, y_test = train_test_split(df[["age"]], df["bought"], random_state=1)
base = RandomForestClassifier().fit(X_train, y_train)
cal = CalibratedClassifierCV(base, cv="prefit", method="isotonic")
cal.fit(X_test, y_test) #!
print(brier_score_loss(y_test, cal.predict_proba(X_test)[:, 1]))
""",
        """
from sklearn.calibration import CalibratedClassifierCV
X_a, X_test, y_a, y_test = train_test_split(df[["age"]], df["bought"], random_state=1)
X_train, X_cal, y_train, y_cal = train_test_split(X_a, y_a, random_state=1)
base = RandomForestClassifier().fit(X_train, y_train)
cal = CalibratedClassifierCV(base, cv="prefit", method="isotonic")
cal.fit(X_cal, y_cal)
print(brier_score_loss(y_test, cal.predict_proba(X_test)[:, 1]))
""",
    ),
    (
        "report on the training rows",
        "no_test_set",
        """
X, y = df[["age"]], df["bought"]
pipe = make_pipeline(StandardScaler(), LogisticRegression())
pipe.fit(X, y)
#%%
print(classification_report(y, pipe.predict(X))) #!
print("AUC", roc_auc_score(y, pipe.predict_proba(X)[:, 1]))
""",
        """
X, y = df[["age"]], df["bought"]
pipe = make_pipeline(StandardScaler(), LogisticRegression())
pred = cross_val_predict(pipe, X, y, cv=5)
pipe.fit(X, y)
#%%
print(classification_report(y, pred))
""",
    ),
    (
        "helper that scores",
        "no_test_set",
        """
def report(model, A, b):
    p = model.predict(A)
    print("acc", accuracy_score(b, p))
X, y = df[["age"]], df["bought"]
rf = RandomForestClassifier().fit(X, y)
#%%
report(rf, X, y) #!
""",
        """
def report(model, A, b):
    p = model.predict(A)
    print("acc", accuracy_score(b, p))
X, y = df[["age"]], df["bought"]
X, X2, y, y2 = train_test_split(X, y)
rf = RandomForestClassifier().fit(X, y)
#%%
report(rf, X, y)
report(rf, X2, y2)
""",
    ),
    (
        "grid by hand with product",
        "multi_test",
        """
from itertools import product
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
results = []
for depth, leaf in product([2, 4, 8], [1, 5]):
    rf = RandomForestClassifier(max_depth=depth, min_samples_leaf=leaf).fit(Xa, ya)
    results.append({"depth": depth, "leaf": leaf, "acc": rf.score(Xb, yb)}) #!
best = pd.DataFrame(results).sort_values("acc", ascending=False).iloc[0]
print(best)
""",
        """
from itertools import product
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
results = []
for depth, leaf in product([2, 4, 8], [1, 5]):
    rf = RandomForestClassifier(max_depth=depth, min_samples_leaf=leaf)
    results.append({"depth": depth, "leaf": leaf, "acc": cross_val_score(rf, Xa, ya).mean()})
best = pd.DataFrame(results).sort_values("acc", ascending=False).iloc[0]
rf = RandomForestClassifier(max_depth=best["depth"], min_samples_leaf=best["leaf"]).fit(Xa, ya)
print(rf.score(Xb, yb))
""",
    ),
    (
        "grid by hand with a helper",
        "multi_test",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
def evaluate(params):
    model = GradientBoostingClassifier(**params).fit(Xa, ya)
    return roc_auc_score(yb, model.predict_proba(Xb)[:, 1]) #!
grid = [{"learning_rate": r} for r in (0.01, 0.1, 0.3)]
scores = [evaluate(p) for p in grid]
best = grid[int(np.argmax(scores))]
print(best, max(scores))
""",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
Xf, Xv, yf, yv = train_test_split(Xa, ya, random_state=2)
def evaluate(params, A=Xv, b=yv):
    model = GradientBoostingClassifier(**params).fit(Xf, yf)
    return roc_auc_score(b, model.predict_proba(A)[:, 1])
grid = [{"learning_rate": r} for r in (0.01, 0.1, 0.3)]
scores = [evaluate(p) for p in grid]
best = grid[int(np.argmax(scores))]
print(evaluate(best, Xb, yb))
""",
    ),
    (
        "parameter grid",
        "multi_test",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
top = -1
for g in ParameterGrid({"C": [0.1, 1, 10]}):
    clf = LogisticRegression().set_params(**g)
    clf.fit(Xa, ya)
    s = f1_score(yb, clf.predict(Xb)) #!
    if s > top:
        top, keep = s, g
print(keep, top)
""",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
gs = GridSearchCV(LogisticRegression(), {"C": [0.1, 1, 10]}, scoring="f1")
gs.fit(Xa, ya)
print(gs.best_params_, f1_score(yb, gs.predict(Xb)))
""",
    ),
    (
        "features chosen by the test score",
        "multi_test",
        """
Xa, Xb, ya, yb = train_test_split(df[["age", "income"]].fillna(0), df["bought"], random_state=1)
chosen, best = [], 0.0
for f in Xa.columns:
    trial = chosen + [f]
    s = LogisticRegression().fit(Xa[trial], ya).score(Xb[trial], yb) #!
    if s > best:
        best = s
        chosen = trial
print(chosen, best)
""",
        """
Xa, Xb, ya, yb = train_test_split(df[["age", "income"]].fillna(0), df["bought"], random_state=1)
chosen, best = [], 0.0
for f in Xa.columns:
    trial = chosen + [f]
    s = cross_val_score(LogisticRegression(), Xa[trial], ya).mean()
    if s > best:
        best = s
        chosen = trial
print(chosen, LogisticRegression().fit(Xa[chosen], ya).score(Xb[chosen], yb))
""",
    ),
    (
        "two models, one kept",
        "multi_test",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
m1 = LogisticRegression().fit(Xa, ya)
m2 = RandomForestClassifier().fit(Xa, ya)
s1, s2 = m1.score(Xb, yb), m2.score(Xb, yb)
#%%
final = m1 if s1 > s2 else m2 #!
print(final)
""",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
m1 = LogisticRegression().fit(Xa, ya)
m2 = RandomForestClassifier().fit(Xa, ya)
s1, s2 = m1.score(Xb, yb), m2.score(Xb, yb)
#%%
print(pd.DataFrame({"model": ["lr", "rf"], "acc": [s1, s2]}).sort_values("acc"))
""",
    ),
    (
        "several metrics of one model",
        "multi_test",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
p = LogisticRegression().fit(Xa, ya).predict_proba(Xb)[:, 1]
fpr, tpr, thr = roc_curve(yb, p)
cut = thr[(tpr - fpr).argmax()] #!
print(accuracy_score(yb, p > cut), recall_score(yb, p > cut))
""",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
p = LogisticRegression().fit(Xa, ya).predict_proba(Xb)[:, 1]
fpr, tpr, thr = roc_curve(yb, p)
print("auc", auc(fpr, tpr))
cut = 0.5
print(accuracy_score(yb, p > cut), recall_score(yb, p > cut), f1_score(yb, p > cut))
if accuracy_score(yb, p > cut) > 0.9:
    print("good")
""",
    ),
    (
        "patience by hand",
        "early_stopping",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
sgd = SGDClassifier(random_state=0)
best, wait = 0, 0
for epoch in range(100):
    sgd.partial_fit(Xa, ya, classes=[0, 1])
    acc = sgd.score(Xb, yb) #!
    if acc > best:
        best, wait = acc, 0
    else:
        wait += 1
        if wait > 5:
            break
print(best)
""",
        """
Xf, Xb, yf, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
Xa, Xv, ya, yv = train_test_split(Xf, yf, random_state=1)
sgd = SGDClassifier(random_state=0)
best, wait = 0, 0
for epoch in range(100):
    sgd.partial_fit(Xa, ya, classes=[0, 1])
    acc = sgd.score(Xv, yv)
    if acc > best:
        best, wait = acc, 0
    else:
        wait += 1
        if wait > 5:
            break
print(sgd.score(Xb, yb))
""",
    ),
    (
        "early stopping in a helper",
        "early_stopping",
        """
import lightgbm as lgb
def train(A, u, B, v):
    model = lgb.LGBMClassifier(n_estimators=500)
    model.fit(A, u, eval_set=[(B, v)], callbacks=[lgb.early_stopping(10, verbose=False)])
    return model
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
#%%
gbm = train(Xa, ya, Xb, yb) #!
print(roc_auc_score(yb, gbm.predict_proba(Xb)[:, 1]))
""",
        """
import lightgbm as lgb
def train(A, u, B, v):
    model = lgb.LGBMClassifier(n_estimators=500)
    model.fit(A, u, eval_set=[(B, v)], callbacks=[lgb.early_stopping(10, verbose=False)])
    return model
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
Xf, Xv, yf, yv = train_test_split(Xa, ya, random_state=1)
#%%
gbm = train(Xf, yf, Xv, yv)
print(roc_auc_score(yb, gbm.predict_proba(Xb)[:, 1]))
""",
    ),
    (
        "lgb train",
        "early_stopping",
        """
import lightgbm as lgb
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
dtr = lgb.Dataset(Xa, label=ya)
dte = lgb.Dataset(Xb, label=yb, reference=dtr)
bst = lgb.train({"objective": "binary"}, dtr, num_boost_round=500, valid_sets=[dtr, dte],
                callbacks=[lgb.early_stopping(20)]) #!
print(log_loss(yb, bst.predict(Xb)))
""".replace("callbacks=[lgb.early_stopping(20)]) #!", "callbacks=[lgb.early_stopping(20)])").replace(
            "valid_sets=[dtr, dte],", "valid_sets=[dtr, dte], #!"
        ),
        """
import lightgbm as lgb
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
dtr = lgb.Dataset(Xa, label=ya)
dte = lgb.Dataset(Xb, label=yb, reference=dtr)
bst = lgb.train({"objective": "binary"}, dtr, num_boost_round=500, valid_sets=[dtr, dte],
                callbacks=[lgb.log_evaluation(20)])
print(log_loss(yb, bst.predict(Xb)))
""",
    ),
    (
        "consequence of the label",
        "target_proxy",
        """
df["refund"] = np.where(df["bought"] == 1, rng.normal(50, 5, n), 0) #!
X = df[["age", "refund"]]
Xa, Xb, ya, yb = train_test_split(X, df["bought"], random_state=1)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
df["visits"] = np.where(df["age"] > 40, rng.normal(50, 5, n), 0)
X = df[["age", "visits"]]
Xa, Xb, ya, yb = train_test_split(X, df["bought"], random_state=1)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "label left in through loc",
        "target_proxy",
        """
feature_cols = [c for c in df.columns if c != "city"]
X = df[feature_cols].fillna(0) #!
y = df["bought"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=1)
print(DecisionTreeClassifier().fit(Xa, ya).score(Xb, yb))
""",
        """
feature_cols = [c for c in df.columns if c not in ["city", "bought"]]
X = df[feature_cols].fillna(0)
y = df["bought"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=1)
print(DecisionTreeClassifier().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "renamed copy",
        "target_proxy",
        """
df = df.rename(columns={"bought": "label"})
df["status"] = df["label"].astype(str).replace({"1": "yes", "0": "no"}) #!
X = pd.get_dummies(df.drop(columns=["label", "city"])).fillna(0)
Xa, Xb, ya, yb = train_test_split(X, df["label"], random_state=1)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
df = df.rename(columns={"bought": "label"})
df["status"] = df["age"].astype(str).replace({"1": "yes", "0": "no"})
X = pd.get_dummies(df.drop(columns=["label", "city"])).fillna(0)
Xa, Xb, ya, yb = train_test_split(X, df["label"], random_state=1)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "numpy column of the label",
        "target_proxy",
        """
X, y = make_classification(500, random_state=0)
X = np.column_stack([X, y * 2 + 1]) #!
Xa, Xb, ya, yb = train_test_split(X, y, random_state=1)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
X, y = make_classification(500, random_state=0)
X = np.column_stack([X, X[:, 0] * 2 + 1])
Xa, Xb, ya, yb = train_test_split(X, y, random_state=1)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "lead in a loop",
        "temporal",
        """
ts = pd.DataFrame({"date": pd.date_range("2020-01-01", periods=n), "x": rng.normal(size=n)})
ts["y"] = ts["x"].cumsum() + rng.normal(size=n)
for k in (1, 2, 3):
    ts[f"lag{k}"] = ts["x"].shift(k)
ts["lead"] = ts["x"].shift(-1) #!
ts = ts.dropna()
tr, te = ts[:800], ts[800:]
cols = [c for c in ts.columns if c not in ("date", "y")]
print(Ridge().fit(tr[cols], tr["y"]).score(te[cols], te["y"]))
""",
        """
ts = pd.DataFrame({"date": pd.date_range("2020-01-01", periods=n), "x": rng.normal(size=n)})
ts["y"] = ts["x"].cumsum() + rng.normal(size=n)
for k in (1, 2, 3):
    ts[f"lag{k}"] = ts["x"].shift(k)
ts = ts.dropna()
tr, te = ts[:800], ts[800:]
cols = [c for c in ts.columns if c not in ("date", "y")]
print(Ridge().fit(tr[cols], tr["y"]).score(te[cols], te["y"]))
""",
    ),
    (
        "numpy roll and interpolate",
        "temporal",
        """
idx = pd.date_range("2021-01-01", periods=n, freq="h")
s = pd.DataFrame({"load": rng.normal(size=n), "temp": rng.normal(size=n)}, index=idx)
s["temp"] = s["temp"].interpolate() #!
cut = "2021-01-30"
a, b = s[s.index < cut], s[s.index >= cut]
print(Ridge().fit(a[["temp"]], a["load"]).score(b[["temp"]], b["load"]))
""",
        """
idx = pd.date_range("2021-01-01", periods=n, freq="h")
s = pd.DataFrame({"load": rng.normal(size=n), "temp": rng.normal(size=n)}, index=idx)
s["temp"] = s["temp"].ffill()
cut = "2021-01-30"
a, b = s[s.index < cut], s[s.index >= cut]
print(Ridge().fit(a[["temp"]], a["load"]).score(b[["temp"]], b["load"]))
""",
    ),
    (
        "lags and a shuffled split",
        "temporal",
        """
ts = pd.DataFrame({"day": pd.date_range("2020-01-01", periods=n), "sales": rng.normal(size=n)})
ts["lag1"] = ts["sales"].shift(1)
ts["mean7"] = ts["sales"].shift(1).rolling(7).mean()
ts = ts.dropna()
Xa, Xb, ya, yb = train_test_split(ts[["lag1", "mean7"]], ts["sales"], random_state=0) #!
print(Ridge().fit(Xa, ya).score(Xb, yb))
""",
        """
ts = pd.DataFrame({"day": pd.date_range("2020-01-01", periods=n), "sales": rng.normal(size=n)})
ts["lag1"] = ts["sales"].shift(1)
ts["mean7"] = ts["sales"].shift(1).rolling(7).mean()
ts = ts.dropna()
Xa, Xb, ya, yb = train_test_split(ts[["lag1", "mean7"]], ts["sales"], shuffle=False)
print(Ridge().fit(Xa, ya).score(Xb, yb))
""",
    ),
    (
        "outliers dropped from the test set",
        "sampling_bias",
        """
Xa, Xb, ya, yb = train_test_split(df[["age", "income"]].fillna(0), df["bought"], random_state=1)
m = LogisticRegression().fit(Xa, ya)
keep = np.abs(Xb["income"] - Xb["income"].mean()) < 2 * Xb["income"].std()
print(m.score(Xb[keep], yb[keep])) #!
""",
        """
Xa, Xb, ya, yb = train_test_split(df[["age", "income"]].fillna(0), df["bought"], random_state=1)
keep = np.abs(Xa["income"] - Xa["income"].mean()) < 2 * Xa["income"].std()
m = LogisticRegression().fit(Xa[keep], ya[keep])
print(m.score(Xb, yb))
""",
    ),
    (
        "easy cases by the model's own confidence",
        "sampling_bias",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
m = LogisticRegression().fit(Xa, ya)
proba = m.predict_proba(Xb).max(axis=1)
sure = proba > 0.7
Xb, yb = Xb[sure], yb[sure] #!
print("accuracy", accuracy_score(yb, m.predict(Xb)))
""",
        """
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
m = LogisticRegression().fit(Xa, ya)
proba = m.predict_proba(Xb).max(axis=1)
print("accuracy", accuracy_score(yb, m.predict(Xb)), "share of sure ones", (proba > 0.7).mean())
""",
    ),
    (
        "test classes cut to size by hand",
        "sampling_bias",
        """
tr, te = train_test_split(df, random_state=1)
k = te["bought"].value_counts().min()
te = pd.concat([te[te["bought"] == 0].sample(k), te[te["bought"] == 1].sample(k)]) #!
m = LogisticRegression().fit(tr[["age"]], tr["bought"])
print(m.score(te[["age"]], te["bought"]))
""",
        """
tr, te = train_test_split(df, random_state=1)
k = tr["bought"].value_counts().min()
tr = pd.concat([tr[tr["bought"] == 0].sample(k), tr[tr["bought"] == 1].sample(k)])
m = LogisticRegression().fit(tr[["age"]], tr["bought"])
print(m.score(te[["age"]], te["bought"]))
""",
    ),
    (
        "score for each group",
        "sampling_bias",
        """
tr, te = train_test_split(df, random_state=1)
m = LogisticRegression().fit(tr[["age"]], tr["bought"])
te = te[te["age"] < 60] #!
for city in ["a", "b", "c"]:
    part = te[te["city"] == city]
    print(city, m.score(part[["age"]], part["bought"]))
""",
        """
tr, te = train_test_split(df, random_state=1)
m = LogisticRegression().fit(tr[["age"]], tr["bought"])
for city in ["a", "b", "c"]:
    part = te[te["city"] == city]
    print(city, m.score(part[["age"]], part["bought"]))
""",
    ),
    (
        "polars group means",
        "target_encoding",
        """
import polars as pl
d = pl.from_pandas(df).with_columns(pl.col("bought").mean().over("city").alias("rate")) #!
d = d.with_row_index("i")
te = d.filter(pl.col("i") % 5 == 0)
tr = d.filter(pl.col("i") % 5 != 0)
m = LogisticRegression().fit(tr.select("age", "rate").to_numpy(), tr["bought"].to_numpy())
print(m.score(te.select("age", "rate").to_numpy(), te["bought"].to_numpy()))
""",
        """
import polars as pl
d = pl.from_pandas(df).with_columns(pl.len().over("city").alias("rows"))
d = d.with_row_index("i")
te = d.filter(pl.col("i") % 5 == 0)
tr = d.filter(pl.col("i") % 5 != 0)
m = LogisticRegression().fit(tr.select("age", "rows").to_numpy(), tr["bought"].to_numpy())
print(m.score(te.select("age", "rows").to_numpy(), te["bought"].to_numpy()))
""",
    ),
    (
        "polars shuffle and slices",
        "preprocessing",
        """
import polars as pl
import polars.selectors as cs
d = pl.from_pandas(df).fill_null(0).drop("city")
lo = d.select(pl.col("age", "income").min()) #!
hi = d.select(pl.col("age", "income").max())
d = d.with_columns(*[((pl.col(c) - lo[c][0]) / (hi[c][0] - lo[c][0])).alias(c) for c in ["age", "income"]])
d = d.sample(fraction=1.0, shuffle=True, seed=0)
k = int(len(d) * 0.7)
tr, te = d.head(k), d.tail(-k)
m = LogisticRegression().fit(tr.drop("bought"), tr["bought"])
print(m.score(te.drop("bought"), te["bought"]))
""",
        """
import polars as pl
import polars.selectors as cs
d = pl.from_pandas(df).fill_null(0).drop("city")
d = d.sample(fraction=1.0, shuffle=True, seed=0)
k = int(len(d) * 0.7)
tr, te = d.head(k), d.tail(-k)
lo = tr.select(pl.col("age", "income").min())
hi = tr.select(pl.col("age", "income").max())
scale = [((pl.col(c) - lo[c][0]) / (hi[c][0] - lo[c][0])).alias(c) for c in ["age", "income"]]
tr, te = tr.with_columns(*scale), te.with_columns(*scale)
m = LogisticRegression().fit(tr.drop("bought"), tr["bought"])
print(m.score(te.drop("bought"), te["bought"]))
""",
    ),
    (
        "stratified shuffle split",
        "preprocessing",
        """
X = df[["age", "income"]].fillna(0).to_numpy(); y = df["bought"].to_numpy()
X = QuantileTransformer().fit_transform(X) #!
sss = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=0)
for tr, te in sss.split(X, y):
    m = LogisticRegression().fit(X[tr], y[tr])
    print(m.score(X[te], y[te]))
""",
        """
X = df[["age", "income"]].fillna(0).to_numpy(); y = df["bought"].to_numpy()
sss = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=0)
for tr, te in sss.split(X, y):
    q = QuantileTransformer().fit(X[tr])
    m = LogisticRegression().fit(q.transform(X[tr]), y[tr])
    print(m.score(q.transform(X[te]), y[te]))
""",
    ),
    (
        "next of a splitter",
        "preprocessing",
        """
X = df[["age", "income"]].fillna(0); y = df["bought"]
X["income"] = np.clip(X["income"], *np.percentile(X["income"], [1, 99])) #!
tr, te = next(ShuffleSplit(n_splits=1, test_size=0.3, random_state=0).split(X))
m = LogisticRegression().fit(X.iloc[tr], y.iloc[tr])
print(m.score(X.iloc[te], y.iloc[te]))
""",
        """
X = df[["age", "income"]].fillna(0); y = df["bought"]
X["income"] = np.clip(X["income"], 0, 100000)
tr, te = next(ShuffleSplit(n_splits=1, test_size=0.3, random_state=0).split(X))
m = LogisticRegression().fit(X.iloc[tr], y.iloc[tr])
print(m.score(X.iloc[te], y.iloc[te]))
""",
    ),
    (
        "isin the index",
        "preprocessing",
        """
df["income"] = np.log1p(df["income"].fillna(0))
df["income"] = df["income"] / df["income"].max() #!
tr = df.sample(700, random_state=4)
te = df[~df.index.isin(tr.index)]
m = LogisticRegression().fit(tr[["age", "income"]], tr["bought"])
print(m.score(te[["age", "income"]], te["bought"]))
""",
        """
df["income"] = np.log1p(df["income"].fillna(0))
df["income"] = df["income"] / 100
tr = df.sample(700, random_state=4)
te = df[~df.index.isin(tr.index)]
m = LogisticRegression().fit(tr[["age", "income"]], tr["bought"])
print(m.score(te[["age", "income"]], te["bought"]))
""",
    ),
    (
        "groups in folds",
        "preprocessing",
        """
X = df[["age", "income"]].fillna(0); y = df["bought"]; g = df["city"]
Xs = pd.DataFrame(StandardScaler().fit_transform(X), columns=X.columns) #!
accs = []
for a, b in GroupKFold(3).split(Xs, y, groups=g):
    accs.append(LogisticRegression().fit(Xs.iloc[a], y.iloc[a]).score(Xs.iloc[b], y.iloc[b]))
print(np.mean(accs))
""",
        """
X = df[["age", "income"]].fillna(0); y = df["bought"]; g = df["city"]
accs = []
for a, b in GroupKFold(3).split(X, y, groups=g):
    pipe = make_pipeline(StandardScaler(), LogisticRegression())
    accs.append(pipe.fit(X.iloc[a], y.iloc[a]).score(X.iloc[b], y.iloc[b]))
print(np.mean(accs))
""",
    ),
    (
        "score first, then all rows for release",
        "preprocessing",
        """
X, y = df[["age", "income"]].fillna(0), df["bought"]
sc = StandardScaler().fit(X) #!
Xa, Xb, ya, yb = train_test_split(X, y, random_state=1)
m = LogisticRegression().fit(sc.transform(Xa), ya)
print(m.score(sc.transform(Xb), yb))
final = LogisticRegression().fit(sc.transform(X), y)
""",
        """
X, y = df[["age", "income"]].fillna(0), df["bought"]
Xa, Xb, ya, yb = train_test_split(X, y, random_state=1)
sc = StandardScaler().fit(Xa)
m = LogisticRegression().fit(sc.transform(Xa), ya)
print(m.score(sc.transform(Xb), yb))
sc = StandardScaler().fit(X)
final = LogisticRegression().fit(sc.transform(X), y)
""",
    ),
    (
        "cluster labels",
        "preprocessing",
        """
from sklearn.cluster import KMeans
df["seg"] = KMeans(3, random_state=0).fit_predict(df[["age"]]) #!
Xa, Xb, ya, yb = train_test_split(df[["age", "seg"]], df["bought"], random_state=1)
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
        """
from sklearn.cluster import KMeans
Xa, Xb, ya, yb = train_test_split(df[["age"]], df["bought"], random_state=1)
km = KMeans(3, random_state=0).fit(Xa)
Xa, Xb = Xa.assign(seg=km.predict(Xa)), Xb.assign(seg=km.predict(Xb))
print(LogisticRegression().fit(Xa, ya).score(Xb, yb))
""",
    ),
]
