"""Pairs with models written by hand, and other ways to the same rows."""

HEAD = """
import numpy as np, pandas as pd, xgboost as xgb
from scipy import stats
import statsmodels.formula.api as smf
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.linear_model import Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.metrics import roc_auc_score, mean_absolute_error
#%%
"""
_NET = """
class Net:
    def __init__(self, d):
        self.w = np.zeros(d)
    def predict(self, X):
        return 1 / (1 + np.exp(-(X @ self.w)))
    def loss(self, X, y):
        p = self.predict(X)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    def fit(self, X, y, X_stop, y_stop):
        best, wait = np.inf, 0
        for _ in range(300):
            self.w -= 0.1 * X.T @ (self.predict(X) - y) / len(y)
            now = self.loss(X_stop, y_stop)
            wait = 0 if now < best else wait + 1
            best = min(best, now)
            if wait > 5:
                break
        return self
#%%
X, y = load_breast_cancer(return_X_y=True)
n = len(y)
a, b, c = np.split(np.random.RandomState(0).permutation(n), [int(0.6 * n), int(0.8 * n)])
"""
PAIRS = [
    (
        "means of groups in a dict",
        "target_encoding",
        """
h = pd.read_csv("a.csv")
means = {n: g["price"].mean() for n, g in h.groupby("hood")} #!
h["level"] = [means[n] for n in h["hood"]]
tr, te = train_test_split(h, random_state=0)
r = Ridge().fit(tr[["area", "level"]], tr.price)
print(r.score(te[["area", "level"]], te.price))
""",
        """
h = pd.read_csv("a.csv")
tr, te = train_test_split(h, random_state=0)
means = {n: g["price"].mean() for n, g in tr.groupby("hood")}
tr["level"] = [means[n] for n in tr["hood"]]
te["level"] = [means[n] for n in te["hood"]]
r = Ridge().fit(tr[["area", "level"]], tr.price)
print(r.score(te[["area", "level"]], te.price))
""",
    ),
    (
        "gaps filled by a model",
        "imputation",
        """
p = pd.read_csv("a.csv")
known = p[p.bmi.notna()]
lin = Ridge().fit(known[["age"]], known["bmi"]) #!
p["bmi"] = p["bmi"].fillna(pd.Series(lin.predict(p[["age"]]), index=p.index))
tr, te = train_test_split(p, random_state=0)
nb = GaussianNB().fit(tr[["age", "bmi"]], tr.ill)
print(nb.score(te[["age", "bmi"]], te.ill))
""",
        """
p = pd.read_csv("a.csv")
tr, te = train_test_split(p, random_state=0)
known = tr[tr.bmi.notna()]
lin = Ridge().fit(known[["age"]], known["bmi"])
tr["bmi"] = tr["bmi"].fillna(pd.Series(lin.predict(tr[["age"]]), index=tr.index))
te["bmi"] = te["bmi"].fillna(pd.Series(lin.predict(te[["age"]]), index=te.index))
nb = GaussianNB().fit(tr[["age", "bmi"]], tr.ill)
print(nb.score(te[["age", "bmi"]], te.ill))
""",
    ),
    (
        "properties of a result",
        "feature_selection",
        """
from sklearn.inspection import permutation_importance
d = pd.read_csv("a.csv")
X, y = d.drop(columns="y"), d.y
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
imp = permutation_importance(GaussianNB().fit(Xa, ya), Xb, yb) #!
best = X.columns[imp.importances_mean.argsort()[::-1][:4]]
print(GaussianNB().fit(Xa[best], ya).score(Xb[best], yb))
""",
        """
from sklearn.inspection import permutation_importance
d = pd.read_csv("a.csv")
X, y = d.drop(columns="y"), d.y
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0)
imp = permutation_importance(GaussianNB().fit(Xa, ya), Xa, ya)
best = X.columns[imp.importances_mean.argsort()[::-1][:4]]
print(GaussianNB().fit(Xa[best], ya).score(Xb[best], yb))
""",
    ),
    (
        "normal equations scored where they were solved",
        "no_test_set",
        """
X, y = load_diabetes(return_X_y=True)
w = np.linalg.solve(X.T @ X + 0.1 * np.eye(X.shape[1]), X.T @ y)
#%%
resid = y - X @ w
print(1 - (resid ** 2).sum() / ((y - y.mean()) ** 2).sum()) #!
""",
        """
X, y = load_diabetes(return_X_y=True)
X, Z, y, z = X[:300], X[300:], y[:300], y[300:]
w = np.linalg.solve(X.T @ X + 0.1 * np.eye(X.shape[1]), X.T @ y)
#%%
resid = z - Z @ w
print(1 - (resid ** 2).sum() / ((z - y.mean()) ** 2).sum())
""",
    ),
    (
        "means of all rows before least squares",
        "imputation",
        """
A = pd.read_csv("a.csv").to_numpy(float)
gaps = np.isnan(A)
A = np.where(gaps, np.nanmean(A, axis=0), A) #!
D, t = A[:, :4], A[:, 4]
beta, *_ = np.linalg.lstsq(D[:700], t[:700], rcond=None)
err = D[700:] @ beta - t[700:]
print(np.sqrt((err ** 2).mean()))
""",
        """
A = pd.read_csv("a.csv").to_numpy(float)
gaps = np.isnan(A)
A = np.where(gaps, np.nanmean(A[:700], axis=0), A)
D, t = A[:, :4], A[:, 4]
beta, *_ = np.linalg.lstsq(D[:700], t[:700], rcond=None)
err = D[700:] @ beta - t[700:]
print(np.sqrt((err ** 2).mean()))
""",
    ),
    (
        "gradient steps stopped by the test rows",
        "early_stopping",
        _NET
        + "net = Net(30).fit(X[np.r_[a, b]], y[np.r_[a, b]], X[c], y[c]) #!\nprint(((net.predict(X[c]) > 0.5) == y[c]).mean())\n",
        _NET + "net = Net(30).fit(X[a], y[a], X[b], y[b])\nprint(((net.predict(X[c]) > 0.5) == y[c]).mean())\n",
    ),
    (
        "labels asked of the boxed table",
        "early_stopping",
        """
d = pd.read_csv("a.csv")
dtrain, dval, dtest = [xgb.DMatrix(p.drop(columns="y"), p.y) for p in (d[:600], d[600:800], d[800:])]
bst = xgb.train({"eta": 0.1}, dtrain, 300, evals=[(dtrain, "train"), (dtest, "eval")], early_stopping_rounds=8) #!
print(np.mean((bst.predict(dtest) > 0.5) != dtest.get_label()))
""",
        """
d = pd.read_csv("a.csv")
dtrain, dval, dtest = [xgb.DMatrix(p.drop(columns="y"), p.y) for p in (d[:600], d[600:800], d[800:])]
bst = xgb.train({"eta": 0.1}, dtrain, 300, evals=[(dtrain, "train"), (dval, "eval")], early_stopping_rounds=8)
print(np.mean((bst.predict(dtest) > 0.5) != dtest.get_label()))
""",
    ),
    (
        "formula scored on its own rows",
        "no_test_set",
        """
credit = pd.read_csv("a.csv")
fit = smf.logit("default ~ age + amount", data=credit).fit()
print(roc_auc_score(credit["default"], fit.predict(credit))) #!
""",
        """
credit = pd.read_csv("a.csv")
held = credit.sample(frac=0.3, random_state=1)
fit = smf.logit("default ~ age + amount", data=credit.drop(held.index)).fit()
print(roc_auc_score(held["default"], fit.predict(held)))
""",
    ),
    (
        "rows and columns by ix_",
        "feature_selection",
        """
G = pd.read_csv("a.csv").to_numpy(); grp = pd.read_csv("b.csv")["g"].to_numpy()
half = np.random.default_rng(0).permutation(len(G))
tr, te = half[:100], half[100:]
pv = np.array([stats.ttest_ind(G[grp == 0, j], G[grp == 1, j]).pvalue for j in range(800)]) #!
keep = np.argsort(pv)[:20]
nb = GaussianNB().fit(G[np.ix_(tr, keep)], grp[tr])
print((nb.predict(G[np.ix_(te, keep)]) == grp[te]).mean())
""",
        """
G = pd.read_csv("a.csv").to_numpy(); grp = pd.read_csv("b.csv")["g"].to_numpy()
half = np.random.default_rng(0).permutation(len(G))
tr, te = half[:100], half[100:]
E, h = G[tr], grp[tr]
pv = np.array([stats.ttest_ind(E[h == 0, j], E[h == 1, j]).pvalue for j in range(800)])
keep = np.argsort(pv)[:20]
nb = GaussianNB().fit(G[np.ix_(tr, keep)], grp[tr])
print((nb.predict(G[np.ix_(te, keep)]) == grp[te]).mean())
""",
    ),
    (
        "a column says which rows are tested",
        "target_encoding",
        """
h = pd.read_csv("a.csv")
h["is_test"] = np.random.default_rng(1).random(len(h)) < 0.3
means = h.groupby("hood")["price"].mean() #!
h["level"] = h["hood"].map(means)
tr, te = h[~h.is_test], h[h.is_test]
r = Ridge().fit(tr[["area", "level"]], tr.price)
print(mean_absolute_error(te.price, r.predict(te[["area", "level"]])))
""",
        """
h = pd.read_csv("a.csv")
h["is_test"] = np.random.default_rng(1).random(len(h)) < 0.3
means = h[~h.is_test].groupby("hood")["price"].mean()
h["level"] = h["hood"].map(means)
tr, te = h[~h.is_test], h[h.is_test]
r = Ridge().fit(tr[["area", "level"]], tr.price)
print(mean_absolute_error(te.price, r.predict(te[["area", "level"]])))
""",
    ),
    (
        "sums by group with bincount",
        "target_encoding",
        """
d = pd.read_csv("a.csv")
g, y, area = pd.factorize(d["hood"])[0], d["price"].to_numpy(), d["area"].to_numpy()
idx = np.random.RandomState(5).permutation(len(d))
tr, te = idx[:700], idx[700:]
means = np.bincount(g, weights=y) / np.bincount(g) #!
X = np.column_stack([area, means[g]])
print(Ridge().fit(X[tr], y[tr]).score(X[te], y[te]))
""",
        """
d = pd.read_csv("a.csv")
g, y, area = pd.factorize(d["hood"])[0], d["price"].to_numpy(), d["area"].to_numpy()
idx = np.random.RandomState(5).permutation(len(d))
tr, te = idx[:700], idx[700:]
means = np.bincount(g[tr], weights=y[tr], minlength=25) / np.bincount(g[tr], minlength=25)
X = np.column_stack([area, means[g]])
print(Ridge().fit(X[tr], y[tr]).score(X[te], y[te]))
""",
    ),
]
