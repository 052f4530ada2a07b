"""Seeded tables and splits that the tests of the witnesses share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from mlready_nb.leakage.evidence import Evidence
from mlready_nb.subjects import Subjects, Task


def table(seed: int = 0, n: int = 600) -> tuple[pd.DataFrame, pd.Series]:
    """Columns of many natures: whole numbers, skewed, normal, shares, flags, a city; and a binary label."""
    r = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "age": r.integers(18, 90, n),
            "income": r.lognormal(10, 1, n),
            "height": r.normal(170, 9, n),
            "dose": r.gamma(2, 2, n),
            "share": np.round(r.beta(0.5, 0.5, n), 2),
            "flag": r.integers(0, 2, n),
            "rate": r.binomial(20, 0.3, n) / 20,
        }
    )
    return X, pd.Series((X["height"] + r.normal(0, 9, n) > 174).astype(int), name="y")


def gaps(X: pd.DataFrame, seed: int = 1, share: float = 0.08) -> pd.DataFrame:
    """The table with holes."""
    holes = np.random.default_rng(seed).random(X.shape) < share
    return X.astype(float).mask(holes)


def split(X: Any, y: Any, seed: int = 3) -> tuple[Any, Any, Any, Any]:
    """X_train, X_test, y_train, y_test, shuffled."""
    return tuple(train_test_split(X, y, test_size=0.25, random_state=seed))


def subjects(
    X_train: Any, X_test: Any, y_train: Any, y_test: Any, model: Any = None, task: Task = Task.BINARY, **namespace: Any
) -> Subjects:
    """Subjects of these sides; further variables are those of the notebook."""
    sides = {"X_train": X_train, "X_test": X_test, "y_train": y_train, "y_test": y_test}
    names = {**sides, **namespace} if model is None else {**sides, **namespace, "model": model}
    return Subjects(**sides, model=model, task=task, namespace=names)


def kinds(evidence: list[Evidence]) -> list[str]:
    """What was said, by kind."""
    return [str(e.kind) for e in evidence]
