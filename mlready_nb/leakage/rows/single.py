"""What one column alone tells of the labels, learnt on one side and tried on the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlready_nb import frames

Array = np.ndarray[Any, Any]


def class_errors(a: Array, b: Array, y: Array, z: Array, classes: int) -> tuple[Array, Array]:
    """((m,), (n,)) whether each row's class is told wrongly by the column, each side told by the other one.

    Parameters
    ----------
    a, b
        The column on both sides: numbers, or codes with -1 for a gap (as integers).
    y, z
        Codes of the classes.
    """
    tell = _by_level if a.dtype.kind == "i" else _by_tree
    return tell(b, a, z, classes) != y, tell(a, b, y, classes) != z


def _by_level(seen: Array, asked: Array, y: Array, classes: int) -> Array:
    """The weighted majority class of each level; a level never seen, or a gap, is a level of its own."""
    size = int(max(seen.max(initial=0), asked.max(initial=0))) + 2
    weight = 1 / np.maximum(np.bincount(y, minlength=classes), 1)
    table = np.bincount((seen + 1) * classes + y, weights=weight[y], minlength=size * classes).reshape(size, classes)
    return np.asarray(table.argmax(axis=1)[asked + 1])  # levels never seen: the first class


def _by_tree(seen: Array, asked: Array, y: Array, classes: int) -> Array:
    from sklearn.tree import DecisionTreeClassifier

    leaf = max(2, len(seen) // 500)
    tree = DecisionTreeClassifier(
        max_leaf_nodes=max(4, 2 * classes), min_samples_leaf=leaf, class_weight="balanced", random_state=0
    )
    tree.fit(_column(seen), y)
    return np.asarray(tree.predict(_column(asked)))


def _column(values: Array) -> Array:
    with np.errstate(over="ignore"):
        column = values.astype(np.float32)[:, None]
    return np.where(np.isinf(column), np.nan, column)


def r2_alone(a: Array, b: Array, y: Array, z: Array, near: int = 7) -> float:
    """R2 of the labels told by the nearest values of the column, each side by the other one; both as ranks."""
    wrong = float(((_nearest(b, a, z, near) - y) ** 2).sum() + ((_nearest(a, b, y, near) - z) ** 2).sum())
    both = np.concatenate([y, z])
    blind = float(((both - both.mean()) ** 2).sum())
    return 1 - wrong / blind if blind > 0 else 0.0


def _nearest(seen: Array, asked: Array, y: Array, near: int) -> Array:
    """Mean of the labels of the rows whose values stand nearest in rank; ties are taken together."""
    distinct, code = np.unique(seen, return_inverse=True)
    counts = np.bincount(code).astype(float)
    sums = np.bincount(code, y)
    if len(distinct) > 0.5 * len(seen):  # a quantity: smooth
        order = np.argsort(seen, kind="stable")
        total = np.concatenate([[0.0], np.cumsum(y[order])])
        at = np.searchsorted(seen[order], asked)
        low = np.clip(at - near // 2, 0, max(len(seen) - near, 0))
        high = np.minimum(low + near, len(seen))
        return np.asarray((total[high] - total[low]) / np.maximum(high - low, 1))
    at = np.clip(np.searchsorted(distinct, asked), 0, len(distinct) - 1)
    return np.asarray((sums / counts)[at])


def rest_errors(train: Array, test: Array, y: Array, z: Array) -> Array:
    """(m + n,) whether each row's class is told wrongly by all the other columns together: by trees or by a plane."""
    told = [
        np.concatenate([fit(test, train, z, True) != y, fit(train, test, y, True) != z]) for fit in (_boosted, _line)
    ]
    return min(told, key=lambda wrong: int(wrong.sum()))


def rest_r2(train: Array, test: Array, y: Array, z: Array) -> float:
    """R2 of the labels (as ranks) told by all the other columns together; boosted trees or a line, whichever is better."""
    both = np.concatenate([y, z])
    blind = float(((both - both.mean()) ** 2).sum())
    scores = []
    for fit in (_boosted, _line):
        wrong = ((fit(test, train, z, False) - y) ** 2).sum() + ((fit(train, test, y, False) - z) ** 2).sum()
        scores.append(1 - float(wrong) / blind if blind > 0 else 0.0)
    return max(scores)


def _boosted(seen: Array, asked: Array, y: Array, classes: bool) -> Array:
    if seen.shape[1] == 0 or len(np.unique(y)) < 2:
        return np.full(len(asked), np.bincount(y).argmax() if classes else y.mean())
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    given = {"max_iter": 40, "max_leaf_nodes": 15, "learning_rate": 0.15, "min_samples_leaf": min(20, max(3, len(seen) // 30)), "random_state": 0,
             "early_stopping": False}  # fmt: skip
    model = (
        HistGradientBoostingClassifier(class_weight="balanced", **given)
        if classes
        else HistGradientBoostingRegressor(**given)
    )
    return np.asarray(model.fit(seen, y).predict(asked))


def _line(seen: Array, asked: Array, y: Array, classes: bool) -> Array:
    """A ridge: on the label, or on the indicator of each class."""
    if seen.shape[1] == 0 or len(np.unique(y)) < 2:
        return np.full(len(asked), np.bincount(y).argmax() if classes else y.mean())
    middle, scale = seen.mean(axis=0), seen.std(axis=0) + 1e-9
    one = np.column_stack([(seen - middle) / scale, np.ones(len(seen))])
    two = np.column_stack([np.clip((asked - middle) / scale, -20, 20), np.ones(len(asked))])
    weight = 1 / np.bincount(y)[y] if classes else np.ones(len(y))
    wanted = np.eye(int(y.max()) + 1)[y] if classes else y[:, None]
    gram = (one * weight[:, None]).T @ one
    solved = np.linalg.solve(
        gram + 1e-4 * np.trace(gram) / len(gram) * np.eye(len(gram)), (one * weight[:, None]).T @ wanted
    )
    told = two @ solved
    return np.asarray(told.argmax(axis=1) if classes else told[:, 0])


def joint_codes(a: Array, b: Array) -> tuple[Array, Array, int]:
    """(codes of a, codes of b, how many): -1 for gaps, as integers."""
    codes, distinct = frames.codes(np.concatenate([a.astype(object), b.astype(object)]))
    codes = codes.astype(np.int64)
    return codes[: len(a)], codes[len(a) :], len(distinct)
