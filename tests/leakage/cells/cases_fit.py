"""Pairs on what is learnt before the split: (name, kind, planted, clean). `#!` marks the guilty line, `#%%` a new cell."""

HEAD = """
import numpy as np, pandas as pd
from sklearn.model_selection import train_test_split, cross_val_score, KFold, GridSearchCV
from sklearn.preprocessing import StandardScaler, MinMaxScaler
from sklearn.linear_model import LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
df = pd.read_csv("data.csv")
#%%
"""

PAIRS = [
    (
        "scaler",
        "preprocessing",
        """
X = df.drop("y", axis=1); y = df["y"]
scaler = StandardScaler()
X = scaler.fit_transform(X) #!
#%%
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
clf = LogisticRegression()
clf.fit(X_train, y_train)
print(accuracy_score(y_test, clf.predict(X_test)))
""",
        """
X = df.drop("y", axis=1); y = df["y"]
#%%
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)
clf = LogisticRegression()
clf.fit(X_train, y_train)
print(accuracy_score(y_test, clf.predict(X_test)))
""",
    ),
    (
        "fit apart from transform",
        "preprocessing",
        """
feats = ["a", "b"]
mm = MinMaxScaler().fit(df[feats]) #!
tr, te = train_test_split(df, test_size=0.2, random_state=3)
m = RandomForestClassifier().fit(mm.transform(tr[feats]), tr.y)
m.score(mm.transform(te[feats]), te.y)
""",
        """
feats = ["a", "b"]
tr, te = train_test_split(df, test_size=0.2, random_state=3)
mm = MinMaxScaler().fit(tr[feats])
m = RandomForestClassifier().fit(mm.transform(tr[feats]), tr.y)
m.score(mm.transform(te[feats]), te.y)
""",
    ),
    (
        "scaled for a plot only",
        "preprocessing",
        """
X = df.drop(columns="y"); y = df.y
Z = StandardScaler().fit_transform(X) #!
import matplotlib.pyplot as plt
plt.scatter(Z[:, 0], Z[:, 1])
a, b, c, d = train_test_split(Z, y)
LogisticRegression().fit(a, c).score(b, d)
""",
        """
X = df.drop(columns="y"); y = df.y
Z = StandardScaler().fit_transform(X)
import matplotlib.pyplot as plt
plt.scatter(Z[:, 0], Z[:, 1])
a, b, c, d = train_test_split(X, y)
LogisticRegression().fit(a, c).score(b, d)
""",
    ),
    (
        "by hand pandas",
        "preprocessing",
        """
y = df.pop("y")
df = (df - df.mean()) / df.std() #!
Xtr, Xte, ytr, yte = train_test_split(df, y, test_size=.3)
model = LogisticRegression().fit(Xtr, ytr)
print(model.score(Xte, yte))
""",
        """
y = df.pop("y")
Xtr, Xte, ytr, yte = train_test_split(df, y, test_size=.3)
mu, sd = Xtr.mean(), Xtr.std()
Xtr = (Xtr - mu) / sd
Xte = (Xte - mu) / sd
model = LogisticRegression().fit(Xtr, ytr)
print(model.score(Xte, yte))
""",
    ),
    (
        "numpy only",
        "preprocessing",
        """
A = df.to_numpy()
X, y = A[:, :-1], A[:, -1]
mu = X.mean(axis=0) #!
X = (X - mu) / 3.0
n = int(0.8 * len(X))
idx = np.random.permutation(len(X))
tr, te = idx[:n], idx[n:]
clf = LogisticRegression().fit(X[tr], y[tr])
print(np.mean(clf.predict(X[te]) == y[te]))
""",
        """
A = df.to_numpy()
X, y = A[:, :-1], A[:, -1]
n = int(0.8 * len(X))
idx = np.random.permutation(len(X))
tr, te = idx[:n], idx[n:]
mu = X[tr].mean(axis=0)
X = (X - mu) / 3.0
clf = LogisticRegression().fit(X[tr], y[tr])
print(np.mean(clf.predict(X[te]) == y[te]))
""",
    ),
    (
        "function",
        "preprocessing",
        """
def prepare(frame):
    X, y = frame.drop(columns=["y"]), frame["y"]
    X = StandardScaler().fit_transform(X) #!
    return train_test_split(X, y, random_state=1)
#%%
X_train, X_test, y_train, y_test = prepare(df)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
def prepare(frame):
    X, y = frame.drop(columns=["y"]), frame["y"]
    a, b, c, d = train_test_split(X, y, random_state=1)
    s = StandardScaler().fit(a)
    return s.transform(a), s.transform(b), c, d
#%%
X_train, X_test, y_train, y_test = prepare(df)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
    ),
    (
        "helper called before the split",
        "preprocessing",
        """
def scale(A):
    lo, hi = A.min(axis=0), A.max(axis=0)
    return (A - lo) / (hi - lo)
#%%
X = df.drop(columns=["y"])
X = scale(X) #!
X_train, X_test, y_train, y_test = train_test_split(X, df["y"], random_state=1)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
def scale(A, lo, hi):
    return (A - lo) / (hi - lo)
#%%
X = df.drop(columns=["y"])
X_train, X_test, y_train, y_test = train_test_split(X, df["y"], random_state=1)
lo, hi = X_train.min(axis=0), X_train.max(axis=0)
X_train, X_test = scale(X_train, lo, hi), scale(X_test, lo, hi)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
    ),
    (
        "fit_transform on the test set",
        "preprocessing",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.fit_transform(X_test) #!
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.transform(X_test)
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
    ),
    (
        "columns assigned",
        "preprocessing",
        """
num = ["age", "income"]
df[num] = StandardScaler().fit_transform(df[num]) #!
train, test = train_test_split(df, random_state=0)
X_train, y_train = train[num + ["sex"]], train["y"]
X_test, y_test = test[num + ["sex"]], test["y"]
clf = RandomForestClassifier(random_state=0).fit(X_train, y_train)
print(accuracy_score(y_test, clf.predict(X_test)))
""",
        """
num = ["age", "income"]
train, test = train_test_split(df, random_state=0)
sc = StandardScaler()
train[num] = sc.fit_transform(train[num])
test[num] = sc.transform(test[num])
X_train, y_train = train[num + ["sex"]], train["y"]
X_test, y_test = test[num + ["sex"]], test["y"]
clf = RandomForestClassifier(random_state=0).fit(X_train, y_train)
print(accuracy_score(y_test, clf.predict(X_test)))
""",
    ),
    (
        "a scaled column that is not used",
        "preprocessing",
        """
df["age_z"] = (df["age"] - df["age"].mean()) / df["age"].std() #!
X = df[["age_z", "income"]]
X_train, X_test, y_train, y_test = train_test_split(X, df["y"])
m = LogisticRegression().fit(X_train, y_train)
m.score(X_test, y_test)
""",
        """
df["age_z"] = (df["age"] - df["age"].mean()) / df["age"].std()
X = df[["age", "income"]]
X_train, X_test, y_train, y_test = train_test_split(X, df["y"])
m = LogisticRegression().fit(X_train, y_train)
m.score(X_test, y_test)
""",
    ),
    (
        "pca",
        "preprocessing",
        """
from sklearn.decomposition import PCA
X = PCA(n_components=5).fit_transform(df.drop(columns="y")) #!
X_train, X_test, y_train, y_test = train_test_split(X, df["y"])
svc = RandomForestClassifier().fit(X_train, y_train)
print(svc.score(X_test, y_test))
""",
        """
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
svc = make_pipeline(PCA(n_components=5), RandomForestClassifier()).fit(X_train, y_train)
print(svc.score(X_test, y_test))
""",
    ),
    (
        "tfidf",
        "preprocessing",
        """
from sklearn.feature_extraction.text import TfidfVectorizer
vec = TfidfVectorizer(stop_words="english")
X = vec.fit_transform(df["text"].str.lower()) #!
X_train, X_test, y_train, y_test = train_test_split(X, df["y"])
m = LogisticRegression().fit(X_train, y_train)
y_pred = m.predict(X_test)
from sklearn.metrics import classification_report
print(classification_report(y_test, y_pred))
""",
        """
from sklearn.feature_extraction.text import TfidfVectorizer
vec = TfidfVectorizer(stop_words="english")
t_train, t_test, y_train, y_test = train_test_split(df["text"].str.lower(), df["y"])
X_train = vec.fit_transform(t_train)
X_test = vec.transform(t_test)
m = LogisticRegression().fit(X_train, y_train)
y_pred = m.predict(X_test)
from sklearn.metrics import classification_report
print(classification_report(y_test, y_pred))
""",
    ),
    (
        "column transformer",
        "preprocessing",
        """
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OneHotEncoder
from sklearn.pipeline import Pipeline
pre = ColumnTransformer([("num", StandardScaler(), ["a"]), ("cat", OneHotEncoder(), ["c"])])
Xp = pre.fit_transform(df.drop(columns=["y"])) #!
X_train, X_test, y_train, y_test = train_test_split(Xp, df["y"], stratify=df["y"])
pipe = Pipeline([("clf", LogisticRegression())])
pipe.fit(X_train, y_train)
pipe.score(X_test, y_test)
""",
        """
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OneHotEncoder
from sklearn.pipeline import Pipeline
pre = ColumnTransformer([("num", StandardScaler(), ["a"]), ("cat", OneHotEncoder(), ["c"])])
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns=["y"]), df["y"], stratify=df["y"])
pipe = Pipeline([("pre", pre), ("clf", LogisticRegression())])
pipe.fit(X_train, y_train)
pipe.score(X_test, y_test)
""",
    ),
    (
        "stateless before the split",
        "preprocessing",
        """
df["inc"] = np.log1p(df["inc"])
df = pd.get_dummies(df, columns=["city"])
X = df.drop(columns="y"); y = df["y"]
from scipy import stats
X["inc"] = stats.zscore(X["inc"]) #!
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
m.score(X_test, y_test)
""",
        """
df["inc"] = np.log1p(df["inc"])
df["name"] = df["name"].str.lower()
df["when"] = pd.to_datetime(df["when"])
df["age"] = df["age"].clip(0, 100)
df["city"] = df["city"].map({"a": 1, "b": 2})
df = pd.get_dummies(df, columns=["city"])
X = df.drop(columns="y"); y = df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
m.score(X_test, y_test)
""",
    ),
    (
        "label encoders",
        "preprocessing",
        """
from sklearn.preprocessing import LabelEncoder, OrdinalEncoder
for c in ["a", "b"]:
    df[c] = LabelEncoder().fit_transform(df[c])
df["p"] = df["p"].rank(pct=True) #!
X, y = df.drop("y", axis=1), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
m.score(X_test, y_test)
""",
        """
from sklearn.preprocessing import LabelEncoder, OrdinalEncoder
for c in ["a", "b"]:
    df[c] = LabelEncoder().fit_transform(df[c])
df[["d"]] = OrdinalEncoder().fit_transform(df[["d"]])
X, y = df.drop("y", axis=1), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
m.score(X_test, y_test)
""",
    ),
    (
        "loop over folds",
        "preprocessing",
        """
X, y = df.drop("y", axis=1).values, df["y"].values
X = StandardScaler().fit_transform(X) #!
scores = []
for tr, te in KFold(5).split(X):
    m = LogisticRegression().fit(X[tr], y[tr])
    scores.append(accuracy_score(y[te], m.predict(X[te])))
print(np.mean(scores))
""",
        """
X, y = df.drop("y", axis=1).values, df["y"].values
scores = []
for tr, te in KFold(5).split(X):
    s = StandardScaler()
    m = LogisticRegression().fit(s.fit_transform(X[tr]), y[tr])
    scores.append(accuracy_score(y[te], m.predict(s.transform(X[te]))))
print(np.mean(scores))
""",
    ),
    (
        "cross-validation",
        "preprocessing",
        """
X, y = df.drop("y", axis=1), df["y"]
Xs = StandardScaler().fit_transform(X) #!
print(cross_val_score(LogisticRegression(), Xs, y, cv=5).mean())
""",
        """
from sklearn.pipeline import make_pipeline
X, y = df.drop("y", axis=1), df["y"]
print(cross_val_score(make_pipeline(StandardScaler(), LogisticRegression()), X, y, cv=5).mean())
""",
    ),
    (
        "scaled train and a grid on it",
        "preprocessing",
        """
X, y = df.drop("y", axis=1), df["y"]
sc = StandardScaler().fit(X) #!
X_train, X_test, y_train, y_test = train_test_split(X, y)
g = GridSearchCV(LogisticRegression(), {"C": [1, 10]}).fit(sc.transform(X_train), y_train)
print(g.score(sc.transform(X_test), y_test))
""",
        """
X, y = df.drop("y", axis=1), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
sc = StandardScaler().fit(X_train)
g = GridSearchCV(LogisticRegression(), {"C": [1, 10]}).fit(sc.transform(X_train), y_train)
print(g.score(sc.transform(X_test), y_test))
""",
    ),
    (
        "qcut",
        "preprocessing",
        """
df["band"] = pd.qcut(df["income"], 10, labels=False) #!
tr = df.sample(frac=0.8, random_state=1)
te = df.drop(tr.index)
m = RandomForestClassifier().fit(tr[["band", "age"]], tr["y"])
print(m.score(te[["band", "age"]], te["y"]))
""",
        """
df["band"] = pd.cut(df["income"], [0, 10, 20, 50, 1e9], labels=False)
tr = df.sample(frac=0.8, random_state=1)
te = df.drop(tr.index)
m = RandomForestClassifier().fit(tr[["band", "age"]], tr["y"])
print(m.score(te[["band", "age"]], te["y"]))
""",
    ),
    (
        "mask split",
        "preprocessing",
        """
df["a"] = (df.a - df.a.min()) / (df.a.max() - df.a.min()) #!
msk = np.random.rand(len(df)) < 0.8
train = df[msk]
test = df[~msk]
m = LogisticRegression().fit(train[["a", "b"]], train.y)
print(m.score(test[["a", "b"]], test.y))
""",
        """
msk = np.random.rand(len(df)) < 0.8
train = df[msk].copy()
test = df[~msk].copy()
lo, hi = train.a.min(), train.a.max()
for part in (train, test):
    part["a"] = (part.a - lo) / (hi - lo)
m = LogisticRegression().fit(train[["a", "b"]], train.y)
print(m.score(test[["a", "b"]], test.y))
""",
    ),
    (
        "polars",
        "preprocessing",
        """
import polars as pl
d = pl.read_csv("x.csv")
d = d.with_columns(((pl.col("age") - pl.col("age").mean()) / pl.col("age").std()).alias("age")) #!
n = int(d.height * 0.8)
tr, te = d[:n], d[n:]
m = LogisticRegression().fit(tr.select(["age", "b"]).to_numpy(), tr["y"].to_numpy())
print(m.score(te.select(["age", "b"]).to_numpy(), te["y"].to_numpy()))
""",
        """
import polars as pl
d = pl.read_csv("x.csv")
n = int(d.height * 0.8)
tr, te = d[:n], d[n:]
mu, sd = tr["age"].mean(), tr["age"].std()
tr = tr.with_columns(((pl.col("age") - mu) / sd).alias("age"))
te = te.with_columns(((pl.col("age") - mu) / sd).alias("age"))
m = LogisticRegression().fit(tr.select(["age", "b"]).to_numpy(), tr["y"].to_numpy())
print(m.score(te.select(["age", "b"]).to_numpy(), te["y"].to_numpy()))
""",
    ),
    (
        "own class",
        "preprocessing",
        """
class Scale:
    def fit(self, X):
        self.mu = X.mean(); self.sd = X.std()
        return self
    def transform(self, X):
        return (X - self.mu) / self.sd
#%%
X, y = df.drop(columns=["y"]), df["y"]
s = Scale().fit(X) #!
X_train, X_test, y_train, y_test = train_test_split(s.transform(X), y)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
class Scale:
    def fit(self, X):
        self.mu = X.mean(); self.sd = X.std()
        return self
    def transform(self, X):
        return (X - self.mu) / self.sd
#%%
X, y = df.drop(columns=["y"]), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
s = Scale().fit(X_train)
m = LogisticRegression().fit(s.transform(X_train), y_train)
print(m.score(s.transform(X_test), y_test))
""",
    ),
    (
        "median fill",
        "imputation",
        """
df["age"] = df["age"].fillna(df["age"].median()) #!
X_train, X_test, y_train, y_test = train_test_split(df[["age", "b"]], df["y"])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df[["age", "b"]], df["y"])
med = X_train["age"].median()
X_train["age"] = X_train["age"].fillna(med)
X_test["age"] = X_test["age"].fillna(med)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "fill in place",
        "imputation",
        """
df.fillna(df.mean(numeric_only=True), inplace=True) #!
train, test = df.iloc[:800], df.iloc[800:]
m = LogisticRegression().fit(train.drop(columns="y"), train["y"])
print(m.score(test.drop(columns="y"), test["y"]))
""",
        """
train, test = df.iloc[:800].copy(), df.iloc[800:].copy()
means = train.mean(numeric_only=True)
train.fillna(means, inplace=True)
test.fillna(means, inplace=True)
m = LogisticRegression().fit(train.drop(columns="y"), train["y"])
print(m.score(test.drop(columns="y"), test["y"]))
""",
    ),
    (
        "simple imputer",
        "imputation",
        """
from sklearn.impute import SimpleImputer
imp = SimpleImputer(strategy="median")
X = pd.DataFrame(imp.fit_transform(df.drop(columns="y")), columns=df.columns.drop("y")) #!
X_train, X_test, y_train, y_test = train_test_split(X, df["y"])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
from sklearn.impute import SimpleImputer
imp = SimpleImputer(strategy="constant", fill_value=0)
X = pd.DataFrame(imp.fit_transform(df.drop(columns="y")), columns=df.columns.drop("y"))
X_train, X_test, y_train, y_test = train_test_split(X, df["y"])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "group medians",
        "imputation",
        """
df["Age"] = df["Age"].fillna(df.groupby("Pclass")["Age"].transform("median")) #!
X_train, X_test, y_train, y_test = train_test_split(df[["Age", "b"]], df["y"])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
df["Age"] = df["Age"].fillna(-1)
X_train, X_test, y_train, y_test = train_test_split(df[["Age", "b"]], df["y"])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "loop over columns",
        "imputation",
        """
for col in df.select_dtypes("number").columns:
    if df[col].isnull().sum() > 0:
        df[col].fillna(df[col].mean(), inplace=True) #!
X, y = df.drop(columns="y"), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
for col in df.select_dtypes("number").columns:
    if df[col].isnull().sum() > 0:
        df[col] = df[col].fillna(0)
X, y = df.drop(columns="y"), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "np.where",
        "imputation",
        """
m = df["x"].mean() #!
df["x"] = np.where(df["x"].isna(), m, df["x"])
X_train, X_test, y_train, y_test = train_test_split(df[["x", "z"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
df["x"] = np.where(df["x"].isna(), 0, df["x"])
X_train, X_test, y_train, y_test = train_test_split(df[["x", "z"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
    ),
    (
        "loc mask",
        "imputation",
        """
df.loc[df["x"].isnull(), "x"] = df["x"].median() #!
X_train, X_test, y_train, y_test = train_test_split(df[["x", "z"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
df.loc[df["x"].isnull(), "x"] = 0
X_train, X_test, y_train, y_test = train_test_split(df[["x", "z"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
    ),
    (
        "apply lambda",
        "imputation",
        """
avg = df["x"].mean() #!
df["x"] = df["x"].apply(lambda v: avg if pd.isnull(v) else v)
X_train, X_test, y_train, y_test = train_test_split(df[["x", "z"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
avg = df["x"].mean()
print(avg)
df["x"] = df["x"].apply(lambda v: 0 if pd.isnull(v) else v)
X_train, X_test, y_train, y_test = train_test_split(df[["x", "z"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
    ),
    (
        "polars fill",
        "imputation",
        """
import polars as pl
d = pl.read_csv("x.csv").with_columns(pl.col("a").fill_null(pl.col("a").median())) #!
X, y = d.drop("y").to_numpy(), d["y"].to_numpy()
X_train, X_test, y_train, y_test = train_test_split(X, y)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
import polars as pl
d = pl.read_csv("x.csv").with_columns(pl.col("a").fill_null(0))
X, y = d.drop("y").to_numpy(), d["y"].to_numpy()
X_train, X_test, y_train, y_test = train_test_split(X, y)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
    ),
    (
        "select k best",
        "feature_selection",
        """
from sklearn.feature_selection import SelectKBest, f_classif
X, y = df.drop(columns="y"), df["y"]
X_new = SelectKBest(f_classif, k=10).fit_transform(X, y) #!
X_train, X_test, y_train, y_test = train_test_split(X_new, y)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
from sklearn.feature_selection import SelectKBest, f_classif
X, y = df.drop(columns="y"), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
sel = SelectKBest(f_classif, k=10).fit(X_train, y_train)
clf = LogisticRegression().fit(sel.transform(X_train), y_train)
clf.score(sel.transform(X_test), y_test)
""",
    ),
    (
        "correlation by hand",
        "feature_selection",
        """
corr = df.corr()["y"].abs() #!
cols = corr[corr > 0.2].index.drop("y")
X_train, X_test, y_train, y_test = train_test_split(df[cols], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
corr = df.corr()["y"].abs()
print(corr.sort_values())
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
cc = X_train.corrwith(y_train).abs()
cols = cc[cc > 0.2].index
clf = LogisticRegression().fit(X_train[cols], y_train)
clf.score(X_test[cols], y_test)
""",
    ),
    (
        "drop correlated in a loop",
        "feature_selection",
        """
X, y = df.drop(columns="y"), df["y"]
cm = X.corr().abs() #!
upper = cm.where(np.triu(np.ones(cm.shape), k=1).astype(bool))
to_drop = [c for c in upper.columns if any(upper[c] > 0.95)]
X = X.drop(columns=to_drop)
X_train, X_test, y_train, y_test = train_test_split(X, y)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
        """
X, y = df.drop(columns="y"), df["y"]
to_drop = [c for c in X.columns if X[c].nunique() == 1]
X = X.drop(columns=to_drop)
X_train, X_test, y_train, y_test = train_test_split(X, y)
clf = LogisticRegression().fit(X_train, y_train)
clf.score(X_test, y_test)
""",
    ),
    (
        "importances of a model on all",
        "feature_selection",
        """
X, y = df.drop(columns="y"), df["y"]
rf = RandomForestClassifier().fit(X, y) #!
top = X.columns[np.argsort(rf.feature_importances_)[::-1][:10]]
X_train, X_test, y_train, y_test = train_test_split(X[top], y)
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
X, y = df.drop(columns="y"), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
rf = RandomForestClassifier().fit(X_train, y_train)
top = X_train.columns[np.argsort(rf.feature_importances_)[::-1][:10]]
clf = LogisticRegression().fit(X_train[top], y_train)
print(clf.score(X_test[top], y_test))
""",
    ),
    (
        "mutual information loop",
        "feature_selection",
        """
from sklearn.feature_selection import mutual_info_classif
X, y = df.drop(columns="y"), df["y"]
mi = mutual_info_classif(X, y) #!
keep = []
for name, score in zip(X.columns, mi):
    if score > 0.05:
        keep.append(name)
X = X[keep]
X_train, X_test, y_train, y_test = train_test_split(X, y)
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
from sklearn.feature_selection import mutual_info_classif
X, y = df.drop(columns="y"), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
mi = mutual_info_classif(X_train, y_train)
keep = []
for name, score in zip(X_train.columns, mi):
    if score > 0.05:
        keep.append(name)
clf = LogisticRegression().fit(X_train[keep], y_train)
print(clf.score(X_test[keep], y_test))
""",
    ),
    (
        "target means mapped",
        "target_encoding",
        """
means = df.groupby("city")["y"].mean() #!
df["city_enc"] = df["city"].map(means)
X = df[["city_enc", "age"]]
X_train, X_test, y_train, y_test = train_test_split(X, df["y"])
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
train, test = train_test_split(df)
means = train.groupby("city")["y"].mean()
train["city_enc"] = train["city"].map(means)
test["city_enc"] = test["city"].map(means).fillna(train["y"].mean())
clf = LogisticRegression().fit(train[["city_enc", "age"]], train["y"])
print(clf.score(test[["city_enc", "age"]], test["y"]))
""",
    ),
    (
        "target transform",
        "target_encoding",
        """
df["c_mean"] = df.groupby("c")["y"].transform("mean") #!
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns=["y", "c"]), df["y"])
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
df["c_size"] = df.groupby("c")["y"].transform("count")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns=["y", "c"]), df["y"])
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
    ),
    (
        "target encoder class",
        "target_encoding",
        """
from sklearn.preprocessing import TargetEncoder
enc = TargetEncoder()
df[["c"]] = enc.fit_transform(df[["c"]], df["y"]) #!
X_train, X_test, y_train, y_test = train_test_split(df[["c", "a"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
from sklearn.preprocessing import TargetEncoder
from sklearn.pipeline import make_pipeline
X_train, X_test, y_train, y_test = train_test_split(df[["c", "a"]], df["y"])
clf = make_pipeline(TargetEncoder(), LogisticRegression()).fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
    ),
    (
        "target merge",
        "target_encoding",
        """
agg = df.groupby("store").agg(rate=("y", "mean")).reset_index() #!
df = df.merge(agg, on="store", how="left")
X_train, X_test, y_train, y_test = train_test_split(df[["rate", "a"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
agg = df.groupby("store").agg(rows=("y", "size")).reset_index()
df = df.merge(agg, on="store", how="left")
X_train, X_test, y_train, y_test = train_test_split(df[["rows", "a"]], df["y"])
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
    ),
    (
        "polars target",
        "target_encoding",
        """
import polars as pl
d = pl.read_parquet("x.parquet")
rates = d.group_by("shop").agg(pl.col("y").mean().alias("rate")) #!
d = d.join(rates, on="shop", how="left")
tr, te = train_test_split(d, test_size=0.2)
clf = LogisticRegression().fit(tr.select("rate", "a"), tr["y"])
print(clf.score(te.select("rate", "a"), te["y"]))
""",
        """
import polars as pl
d = pl.read_parquet("x.parquet")
tr, te = train_test_split(d, test_size=0.2)
rates = tr.group_by("shop").agg(pl.col("y").mean().alias("rate"))
tr = tr.join(rates, on="shop", how="left")
te = te.join(rates, on="shop", how="left")
clf = LogisticRegression().fit(tr.select("rate", "a"), tr["y"])
print(clf.score(te.select("rate", "a"), te["y"]))
""",
    ),
    (
        "smote",
        "oversampling",
        """
from imblearn.over_sampling import SMOTE
X, y = df.drop(columns="y"), df["y"]
X_res, y_res = SMOTE(random_state=0).fit_resample(X, y) #!
X_train, X_test, y_train, y_test = train_test_split(X_res, y_res)
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
from imblearn.over_sampling import SMOTE
X, y = df.drop(columns="y"), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
X_res, y_res = SMOTE(random_state=0).fit_resample(X_train, y_train)
clf = LogisticRegression().fit(X_res, y_res)
print(clf.score(X_test, y_test))
""",
    ),
    (
        "resample the minority",
        "oversampling",
        """
from sklearn.utils import resample
maj, mino = df[df.y == 0], df[df.y == 1]
up = resample(mino, replace=True, n_samples=len(maj), random_state=1) #!
df2 = pd.concat([maj, up])
X_train, X_test, y_train, y_test = train_test_split(df2.drop(columns="y"), df2.y)
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
from sklearn.utils import resample
train, test = train_test_split(df, stratify=df.y)
maj, mino = train[train.y == 0], train[train.y == 1]
up = resample(mino, replace=True, n_samples=len(maj), random_state=1)
train = pd.concat([maj, up])
clf = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(clf.score(test.drop(columns="y"), test.y))
""",
    ),
    (
        "concat copies of a class",
        "oversampling",
        """
pos = df[df["y"] == 1]
df = pd.concat([df, pos, pos], ignore_index=True) #!
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
pos = X_train[y_train == 1]
X_train = pd.concat([X_train, pos]); y_train = pd.concat([y_train, y_train[y_train == 1]])
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
    ),
    (
        "imblearn pipeline",
        "oversampling",
        """
from imblearn.over_sampling import RandomOverSampler
ros = RandomOverSampler()
X, y = ros.fit_resample(df.drop(columns="y"), df["y"]) #!
print(cross_val_score(RandomForestClassifier(), X, y, cv=5, scoring="f1").mean())
""",
        """
from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import make_pipeline
pipe = make_pipeline(RandomOverSampler(), RandomForestClassifier())
print(cross_val_score(pipe, df.drop(columns="y"), df["y"], cv=5, scoring="f1").mean())
""",
    ),
    (
        "the same rows twice",
        "duplicates",
        """
df = pd.concat([df, df.sample(300, random_state=0)]) #!
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
        """
more = pd.read_csv("more.csv")
df = pd.concat([df, more])
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
clf = LogisticRegression().fit(X_train, y_train)
print(clf.score(X_test, y_test))
""",
    ),
]
