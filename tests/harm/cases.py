"""Subjects of several kinds, complete: every check finds something to read in one of them."""

import copy

import numpy as np
import pandas as pd
import polars as pl
from scipy.sparse import csr_matrix
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mlready_nb.subjects import Cell, Origin, Subjects, Target, Task

ROWS = 160


class Moody:
    """A model of one's own that draws from the global random state, prints, warns and remembers."""

    def __init__(self):
        self.seen_, self.weights_ = 0, np.zeros(3)

    def predict(self, X):
        """Labels."""
        import random
        import warnings

        warnings.warn("deprecated", FutureWarning, stacklevel=2)
        np.random.rand(3), random.random()
        return (np.asarray(X)[:, 0] > 0).astype(int)

    def predict_proba(self, X):
        """Probabilities."""
        score = 1 / (1 + np.exp(-np.asarray(X)[:, 0].astype(float) + np.random.normal(scale=1e-9)))
        return np.column_stack([1 - score, score])


class Clumsy(Moody):
    """A model whose predict counts, learns, and writes into what it is given."""

    def _harm(self, X):
        self.seen_ += 1
        self.weights_ += 1
        if isinstance(X, pd.DataFrame):
            X.insert(0, f"bias{X.shape[1]}", 1.0)
            X.iloc[:, 1] = X.iloc[:, 1] + 1
            return X.iloc[:, 1:]
        X[:, 1] += 1
        return X

    def predict(self, X):
        """Labels."""
        return super().predict(self._harm(X))

    def predict_proba(self, X):
        """Probabilities."""
        return super().predict_proba(self._harm(X))


def table(seed=0, n=ROWS):
    """Numbers with a gap, a category, a text, a time, a group; labels that hang on the first."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "amount": rng.normal(size=n),
            "age": rng.integers(18, 80, n),
            "city": pd.Categorical(rng.choice(["Ulm", "Bonn", "Kiel"], n), categories=["Ulm", "Bonn", "Kiel", "Jena"]),
            "sex": rng.choice(["f", "m"], n),
            "at": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.sort(rng.integers(0, 10**7, n)), unit="s"),
        }
    )
    X.loc[rng.random(n) < 0.05, "age"] = np.nan
    return X, pd.Series((X["amount"] + rng.logistic(scale=0.4, size=n) > 0).astype(int), name="y")


def _split(X, y):
    a, b = int(0.5 * len(y)), int(0.7 * len(y))
    parts = (("train", slice(0, a)), ("valid", slice(a, b)), ("test", slice(b, None)))
    return {f"{what}_{name}": data[where] for name, where in parts for what, data in (("X", X), ("y", y))}


def pandas_pipeline():
    """Binary, mixed columns, scikit-learn."""
    X, y = table()
    split = _split(X, y)
    steps = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["city", "sex"]), (StandardScaler(), ["amount"])
    )
    model = make_pipeline(steps, LogisticRegression()).fit(split["X_train"], split["y_train"])
    return {**split, "model": model}


def polars_forest():
    """Regression, polars, a forest whose seed is set."""
    X, _ = table(1)
    plain = pl.from_pandas(X[["amount", "age"]]).fill_nan(None).fill_null(40.0)
    y = pl.Series("y", (3 * X["amount"] + np.random.default_rng(1).normal(size=ROWS)).to_numpy())
    split = _split(plain, y)
    model = RandomForestRegressor(10, random_state=0).fit(split["X_train"], split["y_train"].to_numpy())
    return {**split, "model": model}


def numpy_lightgbm():
    """Three classes, arrays with NaN, LightGBM."""
    from lightgbm import LGBMClassifier

    rng = np.random.default_rng(2)
    X = rng.normal(size=(ROWS, 4))
    y = np.array(["low", "mid", "high"])[np.digitize(X[:, 0] + rng.normal(scale=0.3, size=ROWS), [-0.5, 0.5])]
    X[rng.random(X.shape) < 0.02] = np.nan
    split = _split(X, y)
    model = LGBMClassifier(n_estimators=8, verbose=-1, n_jobs=1).fit(split["X_train"], split["y_train"])
    return {**split, "model": model}


def sparse_linear():
    """Sparse counts whose indices are not sorted and whose zeros are stored."""
    rng = np.random.default_rng(3)
    dense = rng.poisson(0.3, size=(ROWS, 12)).astype(float)
    X = csr_matrix(dense)
    X.data[::7] = 0.0
    for i in range(ROWS):  # unsorted on purpose
        part = slice(X.indptr[i], X.indptr[i + 1])
        X.indices[part], X.data[part] = X.indices[part][::-1].copy(), X.data[part][::-1].copy()
    X.has_sorted_indices = False
    y = (dense[:, 0] + dense[:, 1] > 0).astype(int)
    split = _split(X, y)
    return {**split, "model": LogisticRegression().fit(dense[: ROWS // 2], split["y_train"])}


def pandas_moody():
    """A model of one's own on a frame."""
    X, y = table(4)
    return {**_split(X[["amount", "age"]].fillna(40.0), y), "model": Moody()}


def numpy_clumsy():
    """A model that harms what it is given, on arrays."""
    X, y = table(5)
    return {**_split(X[["amount", "age"]].fillna(40.0).to_numpy(), y.to_numpy()), "model": Clumsy()}


def pandas_clumsy():
    """A model that harms what it is given, on a frame."""
    X, y = table(6)
    return {**_split(X[["amount", "age"]].fillna(40.0), y), "model": Clumsy()}


KINDS = {f.__name__: f for f in (pandas_pipeline, polars_forest, numpy_lightgbm, sparse_linear, pandas_moody)}
CLUMSY = {f.__name__: f for f in (numpy_clumsy, pandas_clumsy)}

STORY = """\
import numpy as np
from sklearn.model_selection import train_test_split
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
"""


def subjects(parts, project, secret=None):
    """Everything a check can ask for."""
    model = parts["model"]
    kind = {"RandomForestRegressor": Task.REGRESSION, "LGBMClassifier": Task.MULTICLASS}
    task = kind.get(type(model).__name__, Task.BINARY)
    names = tuple(np.asarray(getattr(model, "classes_", (0, 1))).tolist()) if task.classifies else None
    n = parts["X_test"].shape[0]
    groups = {"sex": np.array(["f", "m"] * n)[:n], "region": pd.Series((["a", "b", "c"] * n)[:n])}
    namespace = {**parts, "note": ["a", {"b": np.arange(3)}], "frame": table(9, 30)[0]}
    return Subjects(
        **parts,
        task=task,
        class_names=names,
        sensitive_features=groups,
        targets=(Target(metric="accuracy", op=">=", value=0.5), Target(metric="p95_latency_ms", op="<=", value=5000)),
        cells=(Cell(number=1, source=STORY, execution_count=1, cell_id="c1"),),
        project=project,
        namespace=namespace,
        origin={k: Origin(variable=k, how="given", shape=None) for k in parts},
    )


def fresh(parts):
    """A deep copy, so that one test cannot spoil another's data."""
    return copy.deepcopy(parts)
