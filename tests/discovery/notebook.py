"""Small notebooks, run and then looked at."""

from mlready_nb.discovery import discover
from mlready_nb.subjects import Cell

RAW = """
import numpy as np, pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, classification_report, f1_score, mean_squared_error, roc_auc_score
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
rng = np.random.default_rng(0)
n = 240
df = pd.DataFrame({
    "tenure": rng.integers(1, 72, n), "charges": rng.normal(70, 20, n).round(2), "calls": rng.poisson(2, n),
})
df["churned"] = (df["charges"] + 8 * df["calls"] + rng.normal(scale=15, size=n) > 85).astype(int)
df["spent"] = (df["charges"] * 3 + rng.normal(scale=9, size=n)).round(2)
"""
XY = 'X, y = df[["tenure", "charges", "calls"]], df["churned"]'
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)"
DATA = ("X_train", "y_train", "X_valid", "y_valid", "X_test", "y_test")


def look(*sources, overrides=None, sensitive=(), extra=None):
    """Run these cells one after the other, then discover; cells with magics are looked at but not run."""
    namespace = {"__name__": "__main__", **(extra or {})}
    for source in sources:
        if not any(line.lstrip().startswith(("%", "!", "?")) for line in source.splitlines()):
            exec(compile(source, "<cell>", "exec"), namespace)
    cells = [Cell(number=i, source=source) for i, source in enumerate(sources, 1)]
    return discover(namespace, cells, overrides=overrides, sensitive=sensitive)


def variables(found, *subjects):
    """Subject -> the variable that was taken, for these subjects or for the model and all data."""
    wanted = subjects or ("model", *DATA)
    return {s: found.subjects.origin[s].variable for s in wanted if s in found.subjects.origin}


def usual(model, train, labels, test, test_labels):
    """What `variables` gives for a model with a training and a test set."""
    return {"model": model, "X_train": train, "y_train": labels, "X_test": test, "y_test": test_labels}


def asked(found):
    """Subject -> what the person is asked to choose from."""
    return {q.subject: set(q.options) for q in found.questions}
