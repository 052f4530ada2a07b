"""Whole notebooks in which everything is done right; each with one line that would spoil it."""

HEAD = """
import numpy as np, pandas as pd, matplotlib.pyplot as plt
from sklearn.model_selection import *
from sklearn.pipeline import *
from sklearn.compose import *
from sklearn.preprocessing import *
from sklearn.impute import *
from sklearn.linear_model import *
from sklearn.ensemble import *
from sklearn.metrics import *
from sklearn.feature_selection import *
from sklearn.feature_extraction.text import *
df = pd.read_csv("data.csv")
#%%
"""


def _pair(name, kind, clean, good, bad):
    assert good in clean
    return (name, kind, clean.replace(good, bad, 1), clean)


MIXED = """
rng = np.random.default_rng(0)
made = pd.DataFrame(rng.normal(size=(500, 6)), columns=[f"x{i}" for i in range(6)])
label = (made["x0"] + made["x1"] + rng.normal(size=500) > 0).astype(int)
X_train, X_test, y_train, y_test = train_test_split(made, label, random_state=0)
model = LogisticRegression().fit(X_train, y_train)
print(model.score(X_test, y_test))
"""
QUANTILES = """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"], random_state=0)
for level in [0.05, 0.5, 0.95]:
    model = GradientBoostingRegressor(loss="quantile", alpha=level).fit(X_train, y_train)
    print(mean_pinball_loss(y_test, model.predict(X_test), alpha=level))
upper = GradientBoostingRegressor(loss="quantile", alpha=0.95).fit(X_train, y_train)
print(mean_pinball_loss(y_test, upper.predict(X_test), alpha=0.95))
"""
STAGES = """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"], random_state=0)
model = GradientBoostingClassifier(n_estimators=50).fit(X_train, y_train)
errors = pd.DataFrame({"trees": range(1, 51), "error": [1 - accuracy_score(y_test, p) for p in model.staged_predict(X_test)]}).set_index("trees")
plt.plot([errors.index.min(), errors.index.max()], [0.5, 0.5])
some = np.random.default_rng(0).choice(np.arange(len(X_test)), size=50, replace=True)
DecisionBoundaryDisplay.from_estimator(model, X_test.iloc[some])
"""
STACK = """
X, y = df.drop(columns="y"), df["y"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
base = [RandomForestClassifier(), LogisticRegression()]
meta_train = np.column_stack([cross_val_predict(b, X_train, y_train, method="predict_proba")[:, 1] for b in base])
meta_test = np.column_stack([b.fit(X_train, y_train).predict_proba(X_test)[:, 1] for b in base])
final = LogisticRegression().fit(meta_train, y_train)
print(final.score(meta_test, y_test))
"""
NESTED = """
X, y = df.drop(columns="y"), df["y"]
inner = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [1, 10]}, cv=3)
outer = cross_val_score(inner, X, y, cv=5)
print(outer.mean())
"""
SERIES = """
df["date"] = pd.to_datetime(df["date"])
df = df.sort_values("date").reset_index(drop=True)
for lag in (1, 2, 7):
    df[f"lag_{lag}"] = df["sales"].shift(lag)
df["mean_7"] = df["sales"].shift(1).rolling(7).mean()
df["dow"] = df["date"].dt.dayofweek
df = df.dropna()
features = [c for c in df.columns if c not in ("date", "sales")]
scores = []
for tr, te in TimeSeriesSplit(5).split(df):
    model = make_pipeline(StandardScaler(), Ridge())
    model.fit(df.iloc[tr][features], df.iloc[tr]["sales"])
    scores.append(mean_absolute_error(df.iloc[te]["sales"], model.predict(df.iloc[te][features])))
print(np.mean(scores))
"""
TEXT = """
df["text"] = df["text"].str.lower().str.replace(r"[^a-z ]", "", regex=True)
t_train, t_test, y_train, y_test = train_test_split(df["text"], df["label"], stratify=df["label"], random_state=0)
pipe = Pipeline([("tfidf", TfidfVectorizer()), ("clf", LogisticRegression())])
search = GridSearchCV(pipe, {"tfidf__min_df": [1, 5], "clf__C": [1, 10]}, cv=5)
search.fit(t_train, y_train)
print(search.best_params_, search.score(t_test, y_test))
print(confusion_matrix(y_test, search.predict(t_test)))
"""
KAGGLE = """
test = pd.read_csv("test.csv")
y = df.pop("y")
num = df.select_dtypes("number").columns
pre = ColumnTransformer([("n", make_pipeline(SimpleImputer(), StandardScaler()), num)])
model = make_pipeline(pre, GradientBoostingRegressor())
print(cross_val_score(model, df, y, scoring="neg_mean_squared_error").mean())
model.fit(df, y)
submission = pd.DataFrame({"id": test["id"], "y": model.predict(test)})
submission.to_csv("submission.csv", index=False)
"""
FLAG = """
scaler, imputer = StandardScaler(), SimpleImputer()
def prepare(frame, fit=False):
    out = frame.copy()
    if fit:
        out[:] = scaler.fit_transform(imputer.fit_transform(out))
    else:
        out[:] = scaler.transform(imputer.transform(out))
    return out
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"], random_state=0)
A = prepare(X_train, fit=True)
B = prepare(X_test, fit=False)
print(LogisticRegression().fit(A, y_train).score(B, y_test))
"""
THREE = """
import lightgbm as lgb
X, y = df.drop(columns="y"), df["y"]
X_rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
X_train, X_valid, y_train, y_valid = train_test_split(X_rest, y_rest, test_size=0.25, random_state=0)
gbm = lgb.LGBMClassifier(n_estimators=1000)
gbm.fit(X_train, y_train, eval_set=[(X_valid, y_valid)], callbacks=[lgb.early_stopping(50)])
p = gbm.predict_proba(X_valid)[:, 1]
prec, rec, thr = precision_recall_curve(y_valid, p)
best = thr[np.argmax(2 * prec * rec / (prec + rec + 1e-9))]
q = gbm.predict_proba(X_test)[:, 1]
print(f1_score(y_test, q >= best), roc_auc_score(y_test, q))
fpr, tpr, _ = roc_curve(y_test, q)
plt.plot(fpr, tpr)
"""
TORCH = """
import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader
X, y = df.drop(columns="y").values, df["y"].values
X_a, X_test, y_a, y_test = train_test_split(X, y, random_state=0)
X_train, X_val, y_train, y_val = train_test_split(X_a, y_a, random_state=0)
sc = StandardScaler().fit(X_train)
loader = DataLoader(TensorDataset(torch.tensor(sc.transform(X_train)), torch.tensor(y_train)), batch_size=32)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(10, 1)
    def forward(self, x):
        return self.layer(x)
net = Net(); loss_fn = nn.BCEWithLogitsLoss(); opt = torch.optim.Adam(net.parameters())
for epoch in range(10):
    for xb, yb in loader:
        opt.zero_grad()
        loss = loss_fn(net(xb).squeeze(), yb)
        loss.backward()
        opt.step()
pred = net(torch.tensor(sc.transform(X_test))).detach().numpy() > 0
print(accuracy_score(y_test, pred))
"""
GROUPS = """
X, y, g = df.drop(columns=["y", "patient"]), df["y"], df["patient"]
cv = GroupKFold(5)
pipe = make_pipeline(SimpleImputer(), RandomForestClassifier())
print(cross_val_score(pipe, X, y, groups=g, cv=cv).mean())
for tr, te in cv.split(X, y, g):
    pipe.fit(X.iloc[tr], y.iloc[tr])
    print(balanced_accuracy_score(y.iloc[te], pipe.predict(X.iloc[te])))
"""
FAIR = """
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"], random_state=0)
clf = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression()).fit(X_train, y_train)
y_pred = clf.predict(X_test)
print(accuracy_score(y_test, y_pred))
for group in X_test["sex"].unique():
    mask = X_test["sex"] == group
    print(group, accuracy_score(y_test[mask], y_pred[mask]), recall_score(y_test[mask], y_pred[mask]))
print(X_test.describe())
"""

PAIRS = [
    _pair(
        "a label mixed from features and noise", "preprocessing", MIXED,
        "X_train, X_test, y_train", "made = StandardScaler().fit_transform(made) #!\nX_train, X_test, y_train",
    ),
    _pair(
        "an interval of quantiles", "preprocessing", QUANTILES,
        'df.drop(columns="y"), df["y"], random_state=0)', 'StandardScaler().fit_transform(df.drop(columns="y")), df["y"], random_state=0) #!',
    ),
    _pair(
        "a curve over stages, drawn", "early_stopping", STAGES,
        '.set_index("trees")\nplt.plot([errors.index.min(),', '.set_index("trees") #!\nplt.plot([errors["error"].idxmin(),',
    ),
    _pair(
        "stacking", "preprocessing", STACK,
        'X, y = df.drop(columns="y"), df["y"]', 'X, y = MinMaxScaler().fit_transform(df.drop(columns="y")), df["y"] #!',
    ),
    _pair(
        "nested search", "feature_selection", NESTED,
        'X, y = df.drop(columns="y"), df["y"]',
        'X, y = SelectKBest(k=5).fit_transform(df.drop(columns="y"), df["y"]), df["y"] #!',
    ),
    _pair("series", "temporal", SERIES, 'df["sales"].shift(1).rolling(7).mean()', 'df["sales"].shift(1).rolling(7, center=True).mean() #!'),
    _pair(
        "text", "preprocessing", TEXT,
        't_train, t_test, y_train, y_test = train_test_split(df["text"], df["label"]',
        'V = CountVectorizer().fit_transform(df["text"]) #!\npipe_ = 0\nt_train, t_test, y_train, y_test = train_test_split(V, df["label"]',
    ),
    _pair("kaggle", "feature_selection", KAGGLE, "num = df.sel", "df = df[df.corrwith(y).abs().nlargest(5).index] #!\nnum = df.sel"),
    _pair("fit flag", "preprocessing", FLAG, "B = prepare(X_test, fit=False)", "B = prepare(X_test, fit=True) #!"),
    _pair("three parts", "early_stopping", THREE, "eval_set=[(X_valid, y_valid)], callbacks=[lgb.early_stopping(50)])", "eval_set=[(X_test, y_test)], callbacks=[lgb.early_stopping(50)]) #!"),
    _pair("torch", "preprocessing", TORCH, "sc = StandardScaler().fit(X_train)", "sc = StandardScaler().fit(X) #!"),
    _pair("groups", "imputation", GROUPS, "cv = GroupKFold(5)", "X = X.fillna(X.mean()) #!\ncv = GroupKFold(5)"),
    _pair(
        "fairness", "target_proxy", FAIR, 'train_test_split(df.drop(columns="y"), df["y"], random_state=0)',
        'train_test_split(df.drop(columns="id"), df["y"], random_state=0) #!',
    ),
]  # fmt: skip
