"""Pairs written as whole notebooks: generated data, plots, checks in between."""

HEAD = """
import numpy as np, pandas as pd
import matplotlib.pyplot as plt
import seaborn as sns
from sklearn.datasets import load_breast_cancer, make_classification, make_regression
from sklearn.model_selection import train_test_split, cross_val_score, KFold, StratifiedKFold, GridSearchCV, TimeSeriesSplit, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import StandardScaler, OneHotEncoder, TargetEncoder, LabelEncoder, MinMaxScaler
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge, LinearRegression
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor, GradientBoostingClassifier
from sklearn.metrics import accuracy_score, roc_auc_score, f1_score, mean_squared_error, classification_report
rng = np.random.RandomState(42)
N = 1500
customers = pd.DataFrame({
    "customer_id": np.arange(N),
    "tenure": rng.randint(1, 72, N),
    "plan": rng.choice(["basic", "plus", "pro"], N, p=[.5, .3, .2]),
    "monthly": rng.normal(60, 15, N).round(2),
})
logit = -1 + 0.02 * customers["monthly"] - 0.03 * customers["tenure"] + rng.normal(0, 1, N)
customers["churn"] = (logit > 0).astype(int)
customers.loc[rng.rand(N) < 0.1, "monthly"] = np.nan
customers.head()
#%%
sns.histplot(customers["monthly"]); plt.show()
print(customers.describe())
print(customers.groupby("plan")["churn"].mean())
#%%
"""
PAIRS = [
    (
        "oof encode",
        "target_encoding",
        """
customers["plan_te"] = customers.groupby("plan")["churn"].transform("mean") #!
tr, te = train_test_split(customers, test_size=.2, random_state=0, stratify=customers["churn"])
feats = ["tenure", "plan_te"]
clf = LogisticRegression().fit(tr[feats], tr["churn"])
print(roc_auc_score(te["churn"], clf.predict_proba(te[feats])[:, 1]))
""",
        """
tr, te = train_test_split(customers, test_size=.2, random_state=0, stratify=customers["churn"])
tr = tr.reset_index(drop=True); te = te.reset_index(drop=True)
tr["plan_te"] = np.nan
for a, b in KFold(5, shuffle=True, random_state=0).split(tr):
    m = tr.iloc[a].groupby("plan")["churn"].mean()
    tr.loc[b, "plan_te"] = tr.loc[b, "plan"].map(m)
te["plan_te"] = te["plan"].map(tr.groupby("plan")["churn"].mean())
feats = ["tenure", "plan_te"]
clf = LogisticRegression().fit(tr[feats], tr["churn"])
print(roc_auc_score(te["churn"], clf.predict_proba(te[feats])[:, 1]))
""",
    ),
    (
        "full pipeline",
        "preprocessing",
        """
num, cat = ["tenure", "monthly"], ["plan"]
pre = ColumnTransformer([
    ("num", Pipeline([("imp", SimpleImputer()), ("sc", StandardScaler())]), num),
    ("cat", OneHotEncoder(handle_unknown="ignore"), cat),
])
y = customers["churn"]
X = pre.fit_transform(customers[num + cat]) #!
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
gs = GridSearchCV(LogisticRegression(), {"C": [.1, 1, 10]}, cv=5)
gs.fit(X_train, y_train)
print(gs.best_params_, gs.score(X_test, y_test))
""",
        """
num, cat = ["tenure", "monthly"], ["plan"]
pre = ColumnTransformer([
    ("num", Pipeline([("imp", SimpleImputer()), ("sc", StandardScaler())]), num),
    ("cat", OneHotEncoder(handle_unknown="ignore"), cat),
])
y = customers["churn"]
X = customers[num + cat]
plt.imshow(np.asarray(pre.fit_transform(X))); plt.show()
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
gs = GridSearchCV(Pipeline([("pre", pre), ("clf", LogisticRegression())]), {"clf__C": [.1, 1, 10]}, cv=5)
gs.fit(X_train, y_train)
print(gs.best_params_, gs.score(X_test, y_test))
print(classification_report(y_test, gs.predict(X_test)))
""",
    ),
    (
        "proxy later cell",
        "target_proxy",
        """
customers["last_call_minutes"] = np.where(customers["churn"] == 1, rng.normal(30, 3, N), rng.normal(5, 3, N)) #!
#%%
X = pd.get_dummies(customers.drop(columns=["churn", "customer_id"])).fillna(0)
X_train, X_test, y_train, y_test = train_test_split(X, customers["churn"], random_state=0)
print(RandomForestClassifier().fit(X_train, y_train).score(X_test, y_test))
""",
        """
customers["last_call_minutes"] = np.where(customers["plan"] == "pro", rng.normal(30, 3, N), rng.normal(5, 3, N))
#%%
X = pd.get_dummies(customers.drop(columns=["churn", "customer_id"])).fillna(0)
X_train, X_test, y_train, y_test = train_test_split(X, customers["churn"], random_state=0)
print(RandomForestClassifier().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "cancel date",
        "target_proxy",
        """
customers["cancel_code"] = customers["churn"].apply(lambda c: rng.choice([7, 8]) if c else 0) #!
X = customers[["tenure", "cancel_code"]]
X_train, X_test, y_train, y_test = train_test_split(X, customers["churn"], random_state=0)
print(RandomForestClassifier().fit(X_train, y_train).score(X_test, y_test))
""",
        """
customers["cancel_code"] = customers["tenure"].apply(lambda c: rng.choice([7, 8]) if c > 3 else 0)
X = customers[["tenure", "cancel_code"]]
X_train, X_test, y_train, y_test = train_test_split(X, customers["churn"], random_state=0)
print(RandomForestClassifier().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "loc flags",
        "target_proxy",
        """
customers["segment"] = "normal"
customers.loc[customers["churn"] == 1, "segment"] = "lost" #!
X = pd.get_dummies(customers[["tenure", "segment"]])
X_train, X_test, y_train, y_test = train_test_split(X, customers["churn"], random_state=0)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
customers["segment"] = "normal"
customers.loc[customers["tenure"] > 24, "segment"] = "loyal"
X = pd.get_dummies(customers[["tenure", "segment"]])
X_train, X_test, y_train, y_test = train_test_split(X, customers["churn"], random_state=0)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "weekly sales",
        "temporal",
        """
days = pd.date_range("2021-01-01", periods=N, freq="D")
sales = pd.DataFrame({"date": days, "units": 100 + 10 * np.sin(np.arange(N) / 7) + rng.normal(0, 3, N)})
sales["roll"] = sales["units"].rolling(7, center=True).mean() #!
sales["dow"] = sales["date"].dt.dayofweek
sales = sales.dropna()
train = sales[sales["date"] < "2024-01-01"]
test = sales[sales["date"] >= "2024-01-01"]
m = RandomForestRegressor().fit(train[["roll", "dow"]], train["units"])
print(mean_squared_error(test["units"], m.predict(test[["roll", "dow"]])))
""",
        """
days = pd.date_range("2021-01-01", periods=N, freq="D")
sales = pd.DataFrame({"date": days, "units": 100 + 10 * np.sin(np.arange(N) / 7) + rng.normal(0, 3, N)})
sales["roll"] = sales["units"].shift(1).rolling(7).mean()
sales["dow"] = sales["date"].dt.dayofweek
sales = sales.dropna()
train = sales[sales["date"] < "2024-01-01"]
test = sales[sales["date"] >= "2024-01-01"]
m = RandomForestRegressor().fit(train[["roll", "dow"]], train["units"])
print(mean_squared_error(test["units"], m.predict(test[["roll", "dow"]])))
""",
    ),
    (
        "numpy window loop",
        "temporal",
        """
series = np.cumsum(rng.normal(size=N))
Xs = np.column_stack([np.roll(series, 1), np.roll(series, -1)]) #!
cut = int(.8 * N)
m = Ridge().fit(Xs[:cut], series[:cut])
print(m.score(Xs[cut:], series[cut:]))
""",
        """
series = np.cumsum(rng.normal(size=N))
Xs = np.column_stack([np.roll(series, 1), np.roll(series, 2)])
cut = int(.8 * N)
m = Ridge().fit(Xs[:cut], series[:cut])
print(m.score(Xs[cut:], series[cut:]))
""",
    ),
    (
        "models report",
        "multi_test",
        """
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
models = {"lr": LogisticRegression(), "rf": RandomForestClassifier(), "gb": GradientBoostingClassifier()}
scores = {name: mdl.fit(X_train, y_train).score(X_test, y_test) for name, mdl in models.items()} #!
best_name = max(scores, key=scores.get)
best_model = models[best_name]
print(best_name, scores[best_name])
""",
        """
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
models = {"lr": LogisticRegression(), "rf": RandomForestClassifier(), "gb": GradientBoostingClassifier()}
cv = {name: cross_val_score(mdl, X_train, y_train).mean() for name, mdl in models.items()}
best_name = max(cv, key=cv.get)
best_model = models[best_name].fit(X_train, y_train)
print(best_name, best_model.score(X_test, y_test))
""",
    ),
    (
        "manual cells",
        "multi_test",
        """
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
#%%
rf1 = RandomForestClassifier(max_depth=3).fit(X_train, y_train)
acc1 = accuracy_score(y_test, rf1.predict(X_test))
#%%
rf2 = RandomForestClassifier(max_depth=6).fit(X_train, y_train)
acc2 = accuracy_score(y_test, rf2.predict(X_test))
#%%
if acc1 > acc2: #!
    final = rf1
else:
    final = rf2
print(accuracy_score(y_test, final.predict(X_test)))
""",
        """
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
#%%
rf1 = RandomForestClassifier(max_depth=3).fit(X_train, y_train)
acc1 = accuracy_score(y_train, rf1.predict(X_train))
#%%
rf2 = RandomForestClassifier(max_depth=6).fit(X_train, y_train)
acc2 = accuracy_score(y_train, rf2.predict(X_train))
#%%
final = rf2
print(accuracy_score(y_test, final.predict(X_test)))
""",
    ),
    (
        "test in cv iterator",
        "multi_test",
        """
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
history = []
for lr in [0.01, 0.05, 0.1]:
    for depth in [2, 3]:
        g = GradientBoostingClassifier(learning_rate=lr, max_depth=depth)
        g.fit(X_train, y_train)
        auc = roc_auc_score(y_test, g.predict_proba(X_test)[:, 1]) #!
        history.append([lr, depth, auc])
history = np.array(history)
lr, depth, auc = history[history[:, 2].argmax()]
print(lr, depth, auc)
""",
        """
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train, random_state=0)
history = []
for lr in [0.01, 0.05, 0.1]:
    for depth in [2, 3]:
        g = GradientBoostingClassifier(learning_rate=lr, max_depth=depth)
        g.fit(X_fit, y_fit)
        auc = roc_auc_score(y_val, g.predict_proba(X_val)[:, 1])
        history.append([lr, depth, auc])
history = np.array(history)
lr, depth, auc = history[history[:, 2].argmax()]
g = GradientBoostingClassifier(learning_rate=lr, max_depth=int(depth)).fit(X_train, y_train)
print(roc_auc_score(y_test, g.predict_proba(X_test)[:, 1]))
""",
    ),
    (
        "no test r2",
        "no_test_set",
        """
Xr, yr = make_regression(300, 10, random_state=0)
lin = LinearRegression()
lin.fit(Xr, yr)
yhat = lin.predict(Xr)
rmse = mean_squared_error(yr, yhat) ** 0.5 #!
plt.scatter(yr, yhat); plt.title(f"RMSE {rmse:.2f}"); plt.show()
""",
        """
Xr, yr = make_regression(300, 10, random_state=0)
lin = LinearRegression()
res = cross_validate(lin, Xr, yr, scoring="neg_root_mean_squared_error")
lin.fit(Xr, yr)
yhat = lin.predict(Xr)
plt.scatter(yr, yhat); plt.title(f"in-sample {mean_squared_error(yr, yhat):.2f}"); plt.show()
print(res["test_score"].mean())
""",
    ),
    (
        "split but train scored",
        "no_test_set",
        """
X = customers[["tenure"]]; y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
clf = RandomForestClassifier().fit(X_train, y_train)
pred = clf.predict(X_train)
print("Accuracy:", accuracy_score(y_train, pred)) #!
print(classification_report(y_train, pred))
""",
        """
X = customers[["tenure"]]; y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
clf = RandomForestClassifier().fit(X_train, y_train)
pred = clf.predict(X_test)
print("Accuracy:", accuracy_score(y_test, pred))
print(classification_report(y_test, pred))
""",
    ),
    (
        "wrong variable",
        "overlap",
        """
X = customers[["tenure"]]; y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
clf = RandomForestClassifier().fit(X_train, y_train)
#%%
X_eval = X.sample(300, random_state=1) #!
y_eval = y.loc[X_eval.index]
print(accuracy_score(y_eval, clf.predict(X_eval)))
""",
        """
X = customers[["tenure"]]; y = customers["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
clf = RandomForestClassifier().fit(X_train, y_train)
#%%
X_eval = X_test.sample(300, random_state=1)
y_eval = y.loc[X_eval.index]
print(accuracy_score(y_eval, clf.predict(X_eval)))
""",
    ),
    (
        "np split overlap",
        "overlap",
        """
A = customers[["tenure"]].values; b = customers["churn"].values
half = len(A) // 2
Atr, btr = A[: half + 100], b[: half + 100]
Ate, bte = A[half:], b[half:] #!
print(LogisticRegression().fit(Atr, btr).score(Ate, bte))
""",
        """
A = customers[["tenure"]].values; b = customers["churn"].values
half = len(A) // 2
Atr, btr = A[:half], b[:half]
Ate, bte = A[half:], b[half:]
print(LogisticRegression().fit(Atr, btr).score(Ate, bte))
""",
    ),
    (
        "negative slices",
        "overlap",
        """
train, test = customers[:-200], customers[-300:] #!
print(LogisticRegression().fit(train[["tenure"]], train["churn"]).score(test[["tenure"]], test["churn"]))
""",
        """
train, test = customers[:-200], customers[-200:]
print(LogisticRegression().fit(train[["tenure"]], train["churn"]).score(test[["tenure"]], test["churn"]))
""",
    ),
    (
        "reused scaler object",
        "preprocessing",
        """
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
ss = StandardScaler()
everything = ss.fit_transform(X) #!
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
X_train, X_test = ss.transform(X_train), ss.transform(X_test)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
ss = StandardScaler()
everything = ss.fit_transform(X)
plt.plot(everything[:, 0])
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
X_train = ss.fit_transform(X_train)
X_test = ss.transform(X_test)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "torch like arrays",
        "preprocessing",
        """
import torch
from torch import nn
X = customers[["tenure", "monthly"]].fillna(0).values.astype("float32"); y = customers["churn"].values
X = (X - X.min(0)) / (X.max(0) - X.min(0)) #!
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
X_train_t, y_train_t = torch.tensor(X_train), torch.tensor(y_train).float()
X_test_t = torch.tensor(X_test)
model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.Adam(model.parameters()); loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(20):
    opt.zero_grad()
    out = model(X_train_t).squeeze()
    loss = loss_fn(out, y_train_t)
    loss.backward()
    opt.step()
with torch.no_grad():
    pred = (model(X_test_t).squeeze() > 0).numpy()
print(accuracy_score(y_test, pred))
""",
        """
import torch
from torch import nn
X = customers[["tenure", "monthly"]].fillna(0).values.astype("float32"); y = customers["churn"].values
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
lo, hi = X_train.min(0), X_train.max(0)
X_train, X_test = (X_train - lo) / (hi - lo), (X_test - lo) / (hi - lo)
X_train_t, y_train_t = torch.tensor(X_train), torch.tensor(y_train).float()
X_test_t = torch.tensor(X_test)
model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.Adam(model.parameters()); loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(20):
    opt.zero_grad()
    out = model(X_train_t).squeeze()
    loss = loss_fn(out, y_train_t)
    loss.backward()
    opt.step()
with torch.no_grad():
    pred = (model(X_test_t).squeeze() > 0).numpy()
print(accuracy_score(y_test, pred))
""",
    ),
    (
        "statsmodels",
        "preprocessing",
        """
import statsmodels.api as sm
customers["m"] = customers["monthly"].fillna(0)
customers["m"] = customers["m"] - customers["m"].mean() #!
tr, te = customers.iloc[:1000], customers.iloc[1000:]
res = sm.Logit(tr["churn"], sm.add_constant(tr[["m"]])).fit()
p = res.predict(sm.add_constant(te[["m"]]))
print(roc_auc_score(te["churn"], p))
""",
        """
import statsmodels.api as sm
customers["m"] = customers["monthly"].fillna(0)
tr, te = customers.iloc[:1000], customers.iloc[1000:]
res = sm.Logit(tr["churn"], sm.add_constant(tr[["m"]])).fit()
print(res.summary())
p = res.predict(sm.add_constant(te[["m"]]))
print(roc_auc_score(te["churn"], p))
""",
    ),
    (
        "subset by group eval",
        "sampling_bias",
        """
tr, te = train_test_split(customers.fillna(0), random_state=0)
te = te.query("monthly > 40") #!
m = LogisticRegression().fit(tr[["tenure", "monthly"]], tr["churn"])
print(m.score(te[["tenure", "monthly"]], te["churn"]))
""",
        """
cust = customers.fillna(0).query("monthly > 40")
tr, te = train_test_split(cust, random_state=0)
m = LogisticRegression().fit(tr[["tenure", "monthly"]], tr["churn"])
print(m.score(te[["tenure", "monthly"]], te["churn"]))
""",
    ),
    (
        "drop errors",
        "sampling_bias",
        """
tr, te = train_test_split(customers.fillna(0), random_state=0)
m = RandomForestClassifier().fit(tr[["tenure", "monthly"]], tr["churn"])
p = m.predict(te[["tenure", "monthly"]])
wrong = te[p != te["churn"]]
te = te.drop(wrong.index[:50]) #!
print(m.score(te[["tenure", "monthly"]], te["churn"]))
""",
        """
tr, te = train_test_split(customers.fillna(0), random_state=0)
m = RandomForestClassifier().fit(tr[["tenure", "monthly"]], tr["churn"])
p = m.predict(te[["tenure", "monthly"]])
wrong = te[p != te["churn"]]
print(wrong.head())
print(m.score(te[["tenure", "monthly"]], te["churn"]))
""",
    ),
    (
        "zscore outliers on train",
        "sampling_bias",
        """
from scipy import stats
tr, te = train_test_split(customers.fillna(0), random_state=0)
te = te[(np.abs(stats.zscore(te["monthly"])) < 2)] #!
m = LogisticRegression().fit(tr[["tenure", "monthly"]], tr["churn"])
print(m.score(te[["tenure", "monthly"]], te["churn"]))
""",
        """
from scipy import stats
tr, te = train_test_split(customers.fillna(0), random_state=0)
tr = tr[(np.abs(stats.zscore(tr["monthly"])) < 2)]
m = LogisticRegression().fit(tr[["tenure", "monthly"]], tr["churn"])
print(m.score(te[["tenure", "monthly"]], te["churn"]))
""",
    ),
    (
        "xgb cv rounds then train",
        "early_stopping",
        """
import xgboost as xgb
X = customers[["tenure", "monthly"]]; y = customers["churn"]
Xtr, Xte, ytr, yte = train_test_split(X, y, random_state=0)
params = dict(objective="binary:logistic", early_stopping_rounds=20, n_estimators=1000)
mod = xgb.XGBClassifier(**params)
mod.fit(Xtr, ytr, eval_set=[(Xte, yte)], verbose=0) #!
print(mod.best_iteration, roc_auc_score(yte, mod.predict_proba(Xte)[:, 1]))
""",
        """
import xgboost as xgb
X = customers[["tenure", "monthly"]]; y = customers["churn"]
Xtr, Xte, ytr, yte = train_test_split(X, y, random_state=0)
dm = xgb.DMatrix(Xtr, ytr)
cvres = xgb.cv({"objective": "binary:logistic"}, dm, num_boost_round=500, early_stopping_rounds=20, nfold=5)
mod = xgb.XGBClassifier(n_estimators=len(cvres))
mod.fit(Xtr, ytr, eval_set=[(Xte, yte)], verbose=0)
print(roc_auc_score(yte, mod.predict_proba(Xte)[:, 1]))
""",
    ),
    (
        "polars whole",
        "imputation",
        """
import polars as pl
c = pl.from_pandas(customers)
c = c.with_columns(monthly=pl.col("monthly").fill_null(strategy="mean")) #!
c = c.with_columns(pl.Series("fold", rng.rand(N)))
train = c.filter(pl.col("fold") < 0.8)
test = c.filter(pl.col("fold") >= 0.8)
feats = ["tenure", "monthly"]
m = LogisticRegression().fit(train[feats].to_numpy(), train["churn"].to_numpy())
print(m.score(test[feats].to_numpy(), test["churn"].to_numpy()))
""",
        """
import polars as pl
c = pl.from_pandas(customers)
c = c.with_columns(pl.Series("fold", rng.rand(N)))
train = c.filter(pl.col("fold") < 0.8)
test = c.filter(pl.col("fold") >= 0.8)
mean = train["monthly"].mean()
train = train.with_columns(monthly=pl.col("monthly").fill_null(mean))
test = test.with_columns(monthly=pl.col("monthly").fill_null(mean))
feats = ["tenure", "monthly"]
m = LogisticRegression().fit(train[feats].to_numpy(), train["churn"].to_numpy())
print(m.score(test[feats].to_numpy(), test["churn"].to_numpy()))
""",
    ),
    (
        "polars lazy",
        "preprocessing",
        """
import polars as pl
q = pl.from_pandas(customers).lazy()
q = q.with_columns(z=(pl.col("tenure") - pl.col("tenure").mean()) / pl.col("tenure").std()) #!
c = q.collect().sample(fraction=1.0, shuffle=True, seed=1)
train, test = c.slice(0, 1000), c.slice(1000)
m = LogisticRegression().fit(train.select("z").to_numpy(), train["churn"].to_numpy())
print(m.score(test.select("z").to_numpy(), test["churn"].to_numpy()))
""",
        """
import polars as pl
q = pl.from_pandas(customers).lazy()
q = q.with_columns(z=(pl.col("tenure") / 12).log1p())
c = q.collect().sample(fraction=1.0, shuffle=True, seed=1)
train, test = c.slice(0, 1000), c.slice(1000)
m = LogisticRegression().fit(train.select("z").to_numpy(), train["churn"].to_numpy())
print(m.score(test.select("z").to_numpy(), test["churn"].to_numpy()))
""",
    ),
    (
        "upsample helper",
        "oversampling",
        """
def balance(d):
    big = d[d.churn == 0]
    small = d[d.churn == 1]
    extra = small.sample(len(big) - len(small), replace=True, random_state=0)
    return pd.concat([big, small, extra])
data = balance(customers.fillna(0)) #!
tr, te = train_test_split(data, random_state=0)
m = LogisticRegression().fit(tr[["tenure"]], tr.churn)
print(f1_score(te.churn, m.predict(te[["tenure"]])))
""",
        """
def balance(d):
    big = d[d.churn == 0]
    small = d[d.churn == 1]
    extra = small.sample(len(big) - len(small), replace=True, random_state=0)
    return pd.concat([big, small, extra])
tr, te = train_test_split(customers.fillna(0), random_state=0)
tr = balance(tr)
m = LogisticRegression().fit(tr[["tenure"]], tr.churn)
print(f1_score(te.churn, m.predict(te[["tenure"]])))
""",
    ),
    (
        "smote in loop",
        "oversampling",
        """
from imblearn.over_sampling import SMOTE
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
Xs, ys = SMOTE(random_state=0).fit_resample(X, y) #!
skf = StratifiedKFold(5)
for i, (tr, te) in enumerate(skf.split(Xs, ys)):
    m = LogisticRegression().fit(Xs.iloc[tr], ys.iloc[tr])
    print(i, f1_score(ys.iloc[te], m.predict(Xs.iloc[te])))
""",
        """
from imblearn.over_sampling import SMOTE
X = customers[["tenure", "monthly"]].fillna(0); y = customers["churn"]
skf = StratifiedKFold(5)
for i, (tr, te) in enumerate(skf.split(X, y)):
    Xs, ys = SMOTE(random_state=0).fit_resample(X.iloc[tr], y.iloc[tr])
    m = LogisticRegression().fit(Xs, ys)
    print(i, f1_score(y.iloc[te], m.predict(X.iloc[te])))
""",
    ),
    (
        "duplicated by merge copies",
        "duplicates",
        """
data = pd.concat([customers.fillna(0)] * 3, ignore_index=True) #!
tr, te = train_test_split(data, random_state=0)
m = RandomForestClassifier().fit(tr[["tenure", "monthly"]], tr.churn)
print(m.score(te[["tenure", "monthly"]], te.churn))
""",
        """
data = pd.concat([customers.fillna(0)] * 3, ignore_index=True).drop_duplicates()
tr, te = train_test_split(data, random_state=0)
m = RandomForestClassifier().fit(tr[["tenure", "monthly"]], tr.churn)
print(m.score(te[["tenure", "monthly"]], te.churn))
""",
    ),
    (
        "feature selection by group p-values",
        "feature_selection",
        """
from scipy.stats import ttest_ind
Xm, ym = make_classification(400, 60, random_state=0)
pvals = []
for j in range(Xm.shape[1]):
    pvals.append(ttest_ind(Xm[ym == 0, j], Xm[ym == 1, j]).pvalue) #!
keep = np.array(pvals) < 0.05
X_train, X_test, y_train, y_test = train_test_split(Xm[:, keep], ym, random_state=0)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
""",
        """
from scipy.stats import ttest_ind
Xm, ym = make_classification(400, 60, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(Xm, ym, random_state=0)
pvals = []
for j in range(Xm.shape[1]):
    pvals.append(ttest_ind(X_train[y_train == 0, j], X_train[y_train == 1, j]).pvalue)
keep = np.array(pvals) < 0.05
print(LogisticRegression().fit(X_train[:, keep], y_train).score(X_test[:, keep], y_test))
""",
    ),
    (
        "corr nlargest",
        "feature_selection",
        """
frame = load_breast_cancer(as_frame=True).frame
feats = frame.drop(columns="target").corrwith(frame["target"]).abs().nlargest(8).index #!
X_train, X_test, y_train, y_test = train_test_split(frame[feats], frame["target"], random_state=0)
pipe = make_pipeline(StandardScaler(), LogisticRegression())
print(pipe.fit(X_train, y_train).score(X_test, y_test))
""",
        """
frame = load_breast_cancer(as_frame=True).frame
X_train, X_test, y_train, y_test = train_test_split(frame.drop(columns="target"), frame["target"], random_state=0)
feats = X_train.corrwith(y_train).abs().nlargest(8).index
pipe = make_pipeline(StandardScaler(), LogisticRegression())
print(pipe.fit(X_train[feats], y_train).score(X_test[feats], y_test))
""",
    ),
]
