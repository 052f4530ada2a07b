"""Pairs on how the test set was made and used."""

HEAD = """
import numpy as np, pandas as pd
from sklearn.model_selection import train_test_split, cross_val_score, KFold, GridSearchCV
from sklearn.preprocessing import StandardScaler, MinMaxScaler
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.metrics import accuracy_score, f1_score, mean_squared_error
df = pd.read_csv("data.csv")
#%%
"""

PAIRS = [
    (
        "bad slices",
        "overlap",
        """
train = df[:800]
test = df[700:] #!
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
        """
train = df[:800]
test = df[800:]
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
    ),
    (
        "bad fractions",
        "overlap",
        """
X, y = df.drop(columns="y").values, df.y.values
k = int(len(X) * 0.8)
X_train, y_train = X[:k], y[:k]
X_test, y_test = X[int(len(X) * 0.7):], y[int(len(X) * 0.7):] #!
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
X, y = df.drop(columns="y").values, df.y.values
k = int(len(X) * 0.8)
X_train, y_train = X[:k], y[:k]
X_test, y_test = X[k:], y[k:]
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "fitted on everything after the split",
        "overlap",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression()
m.fit(X, y) #!
print(m.score(X_test, y_test))
""",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression()
m.fit(X_train, y_train)
print(m.score(X_test, y_test))
m.fit(X, y)
""",
    ),
    (
        "test taken from train",
        "overlap",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_hold, y_train, y_hold = train_test_split(X, y)
X_test, y_test = X_train[:200], y_train[:200] #!
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_hold, y_train, y_hold = train_test_split(X, y)
X_test, y_test = X_hold[:200], y_hold[:200]
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "train and test put together",
        "overlap",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_test, y_train, y_test = train_test_split(X, y)
X_all, y_all = pd.concat([X_train, X_test]), pd.concat([y_train, y_test])
m = RandomForestClassifier()
m.fit(X_all, y_all) #!
p = m.predict(X_test)
print(accuracy_score(y_test, p))
""",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = RandomForestClassifier()
m.fit(X_train, y_train)
p = m.predict(X_test)
print(accuracy_score(y_test, p))
X_all, y_all = pd.concat([X_train, X_test]), pd.concat([y_train, y_test])
final = RandomForestClassifier().fit(X_all, y_all)
""",
    ),
    (
        "two samples",
        "overlap",
        """
train = df.sample(frac=0.8, random_state=1)
test = df.sample(frac=0.2, random_state=2) #!
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
        """
train = df.sample(frac=0.8, random_state=1)
test = df.drop(train.index)
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
    ),
    (
        "grid on all",
        "overlap",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
gs = GridSearchCV(RandomForestClassifier(), {"max_depth": [2, 4]}, cv=5)
gs.fit(X, y) #!
print(gs.best_estimator_.score(X_test, y_test))
""",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
gs = GridSearchCV(RandomForestClassifier(), {"max_depth": [2, 4]}, cv=5)
gs.fit(X_train, y_train)
print(gs.best_params_, gs.best_score_)
print(gs.best_estimator_.score(X_test, y_test))
""",
    ),
    (
        "second split",
        "overlap",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
m = LogisticRegression().fit(X_train, y_train)
#%%
a, X_test, b, y_test = train_test_split(X, y, random_state=7) #!
print(m.score(X_test, y_test))
""",
        """
X, y = df.drop(columns="y"), df.y
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
m = LogisticRegression().fit(X_train, y_train)
#%%
a, X_test, b, y_test = train_test_split(X, y, random_state=0)
print(m.score(X_test, y_test))
""",
    ),
    (
        "random positions",
        "overlap",
        """
idx = np.random.choice(len(df), 800, replace=False)
test_idx = np.random.choice(len(df), 200, replace=False) #!
train = df.iloc[idx]
test = df.iloc[test_idx]
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
        """
idx = np.random.choice(len(df), 800, replace=False)
test_idx = np.setdiff1d(np.arange(len(df)), idx)
train = df.iloc[idx]
test = df.iloc[test_idx]
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
    ),
    (
        "scored on what it was fitted on",
        "no_test_set",
        """
X, y = df.drop(columns="y"), df.y
m = RandomForestClassifier()
m.fit(X, y)
y_pred = m.predict(X)
print("accuracy", accuracy_score(y, y_pred)) #!
""",
        """
X, y = df.drop(columns="y"), df.y
m = RandomForestClassifier()
m.fit(X, y)
y_pred = m.predict(X)
print("train accuracy", accuracy_score(y, y_pred))
print("cv", cross_val_score(RandomForestClassifier(), X, y).mean())
""",
    ),
    (
        "score on train only",
        "no_test_set",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
m = RandomForestClassifier().fit(X_train, y_train)
print(m.score(X_train, y_train)) #!
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
m = RandomForestClassifier().fit(X_train, y_train)
print(m.score(X_train, y_train))
print(m.score(X_test, y_test))
""",
    ),
    (
        "r2 by hand",
        "no_test_set",
        """
X, y = df[["a", "b"]].values, df["y"].values
reg = Ridge().fit(X, y)
res = y - reg.predict(X)
rmse = np.sqrt(np.mean(res ** 2)) #!
print(rmse)
""",
        """
X, y = df[["a", "b"]].values, df["y"].values
n = len(X) // 2
reg = Ridge().fit(X[:n], y[:n])
res = y[n:] - reg.predict(X[n:])
rmse = np.sqrt(np.mean(res ** 2))
print(rmse)
""",
    ),
    (
        "best C on the test set",
        "multi_test",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
best, best_acc = None, 0
for C in [0.01, 0.1, 1, 10]:
    clf = LogisticRegression(C=C).fit(X_train, y_train)
    acc = clf.score(X_test, y_test) #!
    if acc > best_acc:
        best, best_acc = clf, acc
print(best_acc)
""",
        """
X_tr, X_test, y_tr, y_test = train_test_split(df.drop(columns="y"), df.y)
X_train, X_val, y_train, y_val = train_test_split(X_tr, y_tr)
best, best_acc = None, 0
for C in [0.01, 0.1, 1, 10]:
    clf = LogisticRegression(C=C).fit(X_train, y_train)
    acc = clf.score(X_val, y_val)
    if acc > best_acc:
        best, best_acc = clf, acc
print(best.score(X_test, y_test))
""",
    ),
    (
        "scores in a list",
        "multi_test",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
ks = range(1, 30)
scores = [KNeighborsClassifier(k).fit(X_train, y_train).score(X_test, y_test) for k in ks] #!
best_k = ks[int(np.argmax(scores))]
print(best_k, max(scores))
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
ks = range(1, 30)
scores = [cross_val_score(KNeighborsClassifier(k), X_train, y_train).mean() for k in ks]
best_k = ks[int(np.argmax(scores))]
print(KNeighborsClassifier(best_k).fit(X_train, y_train).score(X_test, y_test))
""",
    ),
    (
        "elbow and a number by hand",
        "multi_test",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
error_rate = []
for i in range(1, 40):
    knn = KNeighborsClassifier(n_neighbors=i)
    knn.fit(X_train, y_train)
    pred_i = knn.predict(X_test)
    error_rate.append(np.mean(pred_i != y_test)) #!
#%%
knn = KNeighborsClassifier(n_neighbors=17)
knn.fit(X_train, y_train)
print(accuracy_score(y_test, knn.predict(X_test)))
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
error_rate = []
for i in range(1, 40):
    knn = KNeighborsClassifier(n_neighbors=i)
    error_rate.append(1 - cross_val_score(knn, X_train, y_train).mean())
#%%
knn = KNeighborsClassifier(n_neighbors=17)
knn.fit(X_train, y_train)
print(accuracy_score(y_test, knn.predict(X_test)))
""",
    ),
    (
        "dict of models and the best",
        "multi_test",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
models = {"lr": LogisticRegression(), "rf": RandomForestClassifier(), "knn": KNeighborsClassifier()}
results = {}
for name, model in models.items():
    model.fit(X_train, y_train)
    results[name] = accuracy_score(y_test, model.predict(X_test)) #!
best = max(results, key=results.get)
print(best)
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
models = {"lr": LogisticRegression(), "rf": RandomForestClassifier(), "knn": KNeighborsClassifier()}
results = {}
for name, model in models.items():
    model.fit(X_train, y_train)
    results[name] = accuracy_score(y_test, model.predict(X_test))
print(pd.Series(results))
""",
    ),
    (
        "threshold",
        "multi_test",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
clf = LogisticRegression().fit(X_train, y_train)
proba = clf.predict_proba(X_test)[:, 1]
best_t, best_f = 0.5, 0
for t in np.arange(0.1, 0.9, 0.05):
    f = f1_score(y_test, (proba >= t).astype(int)) #!
    if f > best_f:
        best_f, best_t = f, t
print(best_t)
""",
        """
X_a, X_test, y_a, y_test = train_test_split(df.drop(columns="y"), df.y)
X_train, X_val, y_train, y_val = train_test_split(X_a, y_a)
clf = LogisticRegression().fit(X_train, y_train)
proba = clf.predict_proba(X_val)[:, 1]
best_t, best_f = 0.5, 0
for t in np.arange(0.1, 0.9, 0.05):
    f = f1_score(y_val, (proba >= t).astype(int))
    if f > best_f:
        best_f, best_t = f, t
print(f1_score(y_test, (clf.predict_proba(X_test)[:, 1] >= best_t).astype(int)))
""",
    ),
    (
        "curve threshold",
        "multi_test",
        """
from sklearn.metrics import precision_recall_curve
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
clf = LogisticRegression().fit(X_train, y_train)
proba = clf.predict_proba(X_test)[:, 1]
prec, rec, thr = precision_recall_curve(y_test, proba)
f1 = 2 * prec * rec / (prec + rec)
best = thr[np.argmax(f1)] #!
print(f1_score(y_test, proba >= best))
""",
        """
from sklearn.metrics import precision_recall_curve
import matplotlib.pyplot as plt
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
clf = LogisticRegression().fit(X_train, y_train)
proba = clf.predict_proba(X_test)[:, 1]
prec, rec, thr = precision_recall_curve(y_test, proba)
plt.plot(rec, prec)
print(f1_score(y_test, proba >= 0.5))
""",
    ),
    (
        "optuna",
        "multi_test",
        """
import optuna
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
def objective(trial):
    d = trial.suggest_int("d", 2, 10)
    m = RandomForestClassifier(max_depth=d).fit(X_train, y_train)
    return m.score(X_test, y_test) #!
study = optuna.create_study(direction="maximize")
study.optimize(objective, n_trials=30)
""",
        """
import optuna
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
def objective(trial):
    d = trial.suggest_int("d", 2, 10)
    return cross_val_score(RandomForestClassifier(max_depth=d), X_train, y_train).mean()
study = optuna.create_study(direction="maximize")
study.optimize(objective, n_trials=30)
m = RandomForestClassifier(**study.best_params).fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "seeds",
        "multi_test",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
runs = []
for seed in range(20):
    m = RandomForestClassifier(random_state=seed).fit(X_train, y_train)
    runs.append((m.score(X_test, y_test), seed)) #!
runs.sort(reverse=True)
best_acc, best_seed = runs[0]
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
runs = []
for seed in range(20):
    m = RandomForestClassifier(random_state=seed).fit(X_train, y_train)
    runs.append(m.score(X_test, y_test))
print(np.mean(runs), np.std(runs))
""",
    ),
    (
        "lightgbm",
        "early_stopping",
        """
import lightgbm as lgb
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
m = lgb.LGBMClassifier(n_estimators=2000)
m.fit(X_train, y_train, eval_set=[(X_test, y_test)], callbacks=[lgb.early_stopping(50)]) #!
print(accuracy_score(y_test, m.predict(X_test)))
""",
        """
import lightgbm as lgb
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
m = lgb.LGBMClassifier(n_estimators=200)
m.fit(X_train, y_train, eval_set=[(X_test, y_test)], callbacks=[lgb.log_evaluation(50)])
print(accuracy_score(y_test, m.predict(X_test)))
""",
    ),
    (
        "xgboost train",
        "early_stopping",
        """
import xgboost as xgb
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
dtrain, dtest = xgb.DMatrix(X_train, label=y_train), xgb.DMatrix(X_test, label=y_test)
bst = xgb.train({"eta": 0.1}, dtrain, 1000, evals=[(dtrain, "train"), (dtest, "test")], early_stopping_rounds=20) #!
print(mean_squared_error(y_test, bst.predict(dtest)))
""",
        """
import xgboost as xgb
X_a, X_test, y_a, y_test = train_test_split(df.drop(columns="y"), df.y)
X_train, X_val, y_train, y_val = train_test_split(X_a, y_a)
dtrain, dval, dtest = xgb.DMatrix(X_train, label=y_train), xgb.DMatrix(X_val, label=y_val), xgb.DMatrix(X_test)
bst = xgb.train({"eta": 0.1}, dtrain, 1000, evals=[(dtrain, "train"), (dval, "val")], early_stopping_rounds=20)
print(mean_squared_error(y_test, bst.predict(dtest)))
""",
    ),
    (
        "xgboost classifier",
        "early_stopping",
        """
from xgboost import XGBClassifier
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
m = XGBClassifier(n_estimators=1000, early_stopping_rounds=10)
m.fit(X_train, y_train, eval_set=[(X_train, y_train), (X_test, y_test)], verbose=False) #!
print(m.score(X_test, y_test))
""",
        """
from xgboost import XGBClassifier
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
X_t, X_v, y_t, y_v = train_test_split(X_train, y_train)
m = XGBClassifier(n_estimators=1000, early_stopping_rounds=10)
m.fit(X_t, y_t, eval_set=[(X_t, y_t), (X_v, y_v)], verbose=False)
print(m.score(X_test, y_test))
""",
    ),
    (
        "keras",
        "early_stopping",
        """
from tensorflow import keras
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
model = keras.Sequential([keras.layers.Dense(10), keras.layers.Dense(1)])
model.compile("adam", "mse")
es = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
hist = model.fit(X_train, y_train, epochs=100, validation_data=(X_test, y_test), callbacks=[es]) #!
model.evaluate(X_test, y_test)
""",
        """
from tensorflow import keras
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
model = keras.Sequential([keras.layers.Dense(10), keras.layers.Dense(1)])
model.compile("adam", "mse")
es = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
hist = model.fit(X_train, y_train, epochs=100, validation_split=0.2, callbacks=[es])
model.evaluate(X_test, y_test)
""",
    ),
    (
        "catboost",
        "early_stopping",
        """
from catboost import CatBoostClassifier, Pool
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
cb = CatBoostClassifier(iterations=500)
cb.fit(Pool(X_train, y_train), eval_set=Pool(X_test, y_test), early_stopping_rounds=30) #!
print(accuracy_score(y_test, cb.predict(X_test)))
""",
        """
from catboost import CatBoostClassifier, Pool
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
cb = CatBoostClassifier(iterations=500)
cb.fit(Pool(X_train, y_train), eval_set=Pool(X_test, y_test), use_best_model=False)
print(accuracy_score(y_test, cb.predict(X_test)))
""",
    ),
    (
        "staged predictions",
        "early_stopping",
        """
from sklearn.ensemble import GradientBoostingRegressor
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
gb = GradientBoostingRegressor(n_estimators=500).fit(X_train, y_train)
errors = [mean_squared_error(y_test, p) for p in gb.staged_predict(X_test)] #!
n = np.argmin(errors) + 1
gb2 = GradientBoostingRegressor(n_estimators=n).fit(X_train, y_train)
print(mean_squared_error(y_test, gb2.predict(X_test)))
""",
        """
from sklearn.ensemble import GradientBoostingRegressor
X_a, X_test, y_a, y_test = train_test_split(df.drop(columns="y"), df.y)
X_train, X_val, y_train, y_val = train_test_split(X_a, y_a)
gb = GradientBoostingRegressor(n_estimators=500).fit(X_train, y_train)
errors = [mean_squared_error(y_val, p) for p in gb.staged_predict(X_val)]
n = np.argmin(errors) + 1
gb2 = GradientBoostingRegressor(n_estimators=n).fit(X_train, y_train)
print(mean_squared_error(y_test, gb2.predict(X_test)))
""",
    ),
    (
        "label kept",
        "target_proxy",
        """
y = df["y"]
X = df.drop(columns=["id"]) #!
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
y = df["y"]
X = df.drop(columns=["id", "y"])
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "copy of the label",
        "target_proxy",
        """
df["label_num"] = df["y"].map({"yes": 1, "no": 0}) #!
X, y = df.drop(columns=["y"]), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = RandomForestClassifier().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
df["label_num"] = df["y"].map({"yes": 1, "no": 0})
X, y = df.drop(columns=["y", "label_num"]), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = RandomForestClassifier().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "flag of the label",
        "target_proxy",
        """
df["is_expensive"] = (df["price"] > 100).astype(int) #!
feats = ["rooms", "area", "is_expensive"]
X_train, X_test, y_train, y_test = train_test_split(df[feats], df["price"])
m = Ridge().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
df["is_expensive"] = (df["area"] > 100).astype(int)
feats = ["rooms", "area", "is_expensive"]
X_train, X_test, y_train, y_test = train_test_split(df[feats], df["price"])
m = Ridge().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "ratio of the label",
        "target_proxy",
        """
df["per_m2"] = df["price"] / df["area"] #!
y = np.log(df["price"])
X = df.drop(["price"], axis=1)
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = Ridge().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
df["per_room"] = df["area"] / df["rooms"]
y = np.log(df["price"])
X = df.drop(["price"], axis=1)
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = Ridge().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "what the label was cut from",
        "target_proxy",
        """
df["late"] = (df["delay"] > 15).astype(int)
X = df[["hour", "carrier", "delay"]] #!
X_train, X_test, y_train, y_test = train_test_split(X, df["late"])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
df["late"] = (df["delay"] > 15).astype(int)
X = df[["hour", "carrier"]]
X_train, X_test, y_train, y_test = train_test_split(X, df["late"])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "polars label copy",
        "target_proxy",
        """
import polars as pl
d = pl.read_csv("x.csv")
d = d.with_columns((pl.col("y") * 2).alias("twice")) #!
X, y = d.drop("y"), d["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
import polars as pl
d = pl.read_csv("x.csv")
d = d.with_columns((pl.col("a") * 2).alias("twice"))
X, y = d.drop("y"), d["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "shift ahead",
        "temporal",
        """
df = df.sort_values("date")
df["next_temp"] = df["temp"].shift(-1) #!
df["lag"] = df["temp"].shift(1)
n = int(len(df) * 0.8)
train, test = df.iloc[:n], df.iloc[n:]
m = Ridge().fit(train[["next_temp", "lag"]], train["load"])
print(m.score(test[["next_temp", "lag"]], test["load"]))
""",
        """
df = df.sort_values("date")
df["prev_temp"] = df["temp"].shift(2)
df["lag"] = df["temp"].shift(1)
n = int(len(df) * 0.8)
train, test = df.iloc[:n], df.iloc[n:]
m = Ridge().fit(train[["prev_temp", "lag"]], train["load"])
print(m.score(test[["prev_temp", "lag"]], test["load"]))
""",
    ),
    (
        "the label lies ahead",
        "temporal",
        """
df = df.sort_values("date")
df["target"] = df["close"].shift(-1)
df["ma"] = df["close"].rolling(5, center=True).mean() #!
df = df.dropna()
split = int(len(df) * 0.75)
X, y = df[["ma", "volume"]], df["target"]
m = Ridge().fit(X[:split], y[:split])
print(mean_squared_error(y[split:], m.predict(X[split:])))
""",
        """
df = df.sort_values("date")
df["target"] = df["close"].shift(-1)
df["ma"] = df["close"].rolling(5).mean()
df = df.dropna()
split = int(len(df) * 0.75)
X, y = df[["ma", "volume", "close"]], df["target"]
m = Ridge().fit(X[:split], y[:split])
print(mean_squared_error(y[split:], m.predict(X[split:])))
""",
    ),
    (
        "rolling over the label itself",
        "temporal",
        """
df = df.sort_values("day")
df["avg7"] = df["sales"].rolling(7).mean() #!
train, test = df[df["day"] < "2020-01-01"], df[df["day"] >= "2020-01-01"]
m = Ridge().fit(train[["avg7"]], train["sales"])
print(m.score(test[["avg7"]], test["sales"]))
""",
        """
df = df.sort_values("day")
df["avg7"] = df["sales"].shift(1).rolling(7).mean()
train, test = df[df["day"] < "2020-01-01"], df[df["day"] >= "2020-01-01"]
m = Ridge().fit(train[["avg7"]], train["sales"])
print(m.score(test[["avg7"]], test["sales"]))
""",
    ),
    (
        "backward fill",
        "temporal",
        """
df["date"] = pd.to_datetime(df["date"])
df = df.sort_values("date").set_index("date")
df["temp"] = df["temp"].bfill() #!
train, test = df.loc[:"2019"], df.loc["2020":]
m = Ridge().fit(train[["temp"]], train["load"])
print(m.score(test[["temp"]], test["load"]))
""",
        """
df["date"] = pd.to_datetime(df["date"])
df = df.sort_values("date").set_index("date")
df["temp"] = df["temp"].ffill()
train, test = df.loc[:"2019"], df.loc["2020":]
m = Ridge().fit(train[["temp"]], train["load"])
print(m.score(test[["temp"]], test["load"]))
""",
    ),
    (
        "earlier test",
        "temporal",
        """
train = df[df["year"] >= 2015]
test = df[df["year"] < 2015] #!
m = Ridge().fit(train[["a"]], train["y"])
print(m.score(test[["a"]], test["y"]))
""",
        """
train = df[df["year"] < 2015]
test = df[df["year"] >= 2015]
m = Ridge().fit(train[["a"]], train["y"])
print(m.score(test[["a"]], test["y"]))
""",
    ),
    (
        "hard rows dropped",
        "sampling_bias",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
ok = X_test["confidence"] > 0.8
X_test, y_test = X_test[ok], y_test[ok] #!
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
ok = X_test["confidence"] > 0.8
print("sure ones", m.score(X_test[ok], y_test[ok]))
""",
    ),
    (
        "test balanced",
        "sampling_bias",
        """
from imblearn.under_sampling import RandomUnderSampler
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
X_test, y_test = RandomUnderSampler().fit_resample(X_test, y_test) #!
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
from imblearn.under_sampling import RandomUnderSampler
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df.y)
X_train, y_train = RandomUnderSampler().fit_resample(X_train, y_train)
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    ),
    (
        "classes cut to size before the split",
        "sampling_bias",
        """
fraud = df[df["Class"] == 1]
normal = df[df["Class"] == 0].sample(n=len(fraud), random_state=1)
bal = pd.concat([fraud, normal]) #!
X_train, X_test, y_train, y_test = train_test_split(bal.drop(columns="Class"), bal["Class"])
m = LogisticRegression().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
        """
tr, te = train_test_split(df, stratify=df["Class"])
fraud = tr[tr["Class"] == 1]
normal = tr[tr["Class"] == 0].sample(n=len(fraud), random_state=1)
bal = pd.concat([fraud, normal])
m = LogisticRegression().fit(bal.drop(columns="Class"), bal["Class"])
print(m.score(te.drop(columns="Class"), te["Class"]))
""",
    ),
    (
        "drop missing in the test set only",
        "sampling_bias",
        """
train, test = train_test_split(df, random_state=0)
train = train.fillna(0)
test = test.dropna() #!
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
        """
train, test = train_test_split(df, random_state=0)
train = train.dropna()
test = test.dropna()
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
    ),
    (
        "test by a condition",
        "sampling_bias",
        """
test = df[df["income"] > 50000] #!
train = df.drop(test.index)
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
        """
test = df[df["split"] == "test"]
train = df.drop(test.index)
m = LogisticRegression().fit(train.drop(columns="y"), train.y)
print(m.score(test.drop(columns="y"), test.y))
""",
    ),
]
