"""SHAP values of any model, in terms of the columns its user knows, within a time budget.

Lundberg & Lee 2017; trees by Lundberg et al. 2020. The shap library does the explaining; what is decided here is
which explainer, on which rows, and how parts of a column are summed back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters.predict import Predictor
from mlready_nb.subjects import Budget, Cancelled, Unusable

Array = np.ndarray[Any, Any]

#: Rows explained first, and at most; the sample is doubled in between.
FIRST, MOST = 32, 2048
#: Rows that stand for "not known" in the model-agnostic explainer.
BACKGROUND = 20
#: Columns up to which a pipeline that mixes columns is permuted as a whole.
PERMUTED = 60
#: Kendall's tau between halves from which the first ten are taken as settled.
STABLE = 0.95

_TREES = ("Forest", "Tree", "Boosting", "XGB", "LGBM", "Booster", "CatBoost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Mean absolute SHAP value of each column, largest first."""

    names: tuple[str, ...]
    importance: tuple[float, ...]
    #: "TreeExplainer", "LinearExplainer" or "PermutationExplainer"
    explainer: str
    #: of how many rows
    rows: int
    of: int
    #: (5 %, median, 95 %) of the signed values of each column: towards the last class, or the number
    spread: tuple[tuple[float, float, float], ...]
    #: mean absolute value by column and output, where there are more than two outputs
    by_output: tuple[tuple[float, ...], ...] | None
    #: Kendall's tau of the first ten between two halves of the rows; `None` with fewer than 3 columns
    tau: float | None
    #: what did not go as planned, one clause each
    notes: tuple[str, ...] = ()


#: positions of rows -> (rows, columns, outputs) signed values
Explain = Callable[[Array], Array]


def explainers(
    predictor: Predictor, X: Any, background: Any, notes: list[str]
) -> Iterator[tuple[Explain, Sequence[str], str]]:
    """(explain, names of columns, its own name) of every explainer that fits the model, the fastest first."""
    X, background = (as_fitted(predictor, data) for data in (X, background))
    for make in (_tree, _linear, _agnostic):
        try:
            made = make(predictor, X, background)
        except Cancelled:
            raise
        except Exception as error:
            _note(notes, make.__name__[1:], error)
            continue
        if made is not None:
            yield made


def _note(notes: list[str], name: str, error: Exception) -> None:
    notes.append(f"{name} explainer failed: {type(error).__name__}: {' '.join(str(error).split())[:120]}")


def attribution(predictor: Predictor, X: Any, background: Any, budget: Budget) -> Attribution:
    """Explain growing samples of X until the first ten columns keep their order or the time is up.

    Raises
    ------
    Unusable
        When every explainer fails, with the reason of each.
    """
    notes: list[str] = []
    n = frames.n_rows(X)
    order = np.random.default_rng(0).permutation(n)[:MOST]
    for explain, names, name in explainers(predictor, X, background, notes):
        try:
            values, _used = _grow(explain, order, budget, notes)
        except Cancelled:
            raise
        except Exception as error:  # shap raises whatever its explainers meet; the next one may do
            _note(notes, name, error)
            continue
        return _summary(values, names, name, n, notes)
    msg = "no explainer could be used: " + "; ".join(notes)
    raise Unusable(msg)


def _summary(values: Array, names: Sequence[str], name: str, of: int, notes: list[str]) -> Attribution:
    sizes = np.abs(values).mean(axis=0)
    importance = sizes.mean(axis=1)
    ranked = np.argsort(-importance, kind="stable")
    quantiles = np.quantile(values[:, :, -1], [0.05, 0.5, 0.95], axis=0)
    return Attribution(
        names=tuple(names[i] for i in ranked),
        importance=tuple(float(importance[i]) for i in ranked),
        explainer=name,
        rows=len(values),
        of=of,
        spread=tuple((float(quantiles[0, i]), float(quantiles[1, i]), float(quantiles[2, i])) for i in ranked),
        by_output=tuple(tuple(map(float, sizes[i])) for i in ranked) if sizes.shape[1] > 2 else None,
        tau=_tau(values),
        notes=tuple(notes),
    )


def _grow(explain: Explain, order: Array, budget: Budget, notes: list[str]) -> tuple[Array, int]:
    parts: list[Array] = []
    done, size = 0, min(FIRST, len(order))
    while done < len(order):
        budget.check()
        began = time.monotonic()
        parts.append(_in_pieces(explain, order[done : done + size], budget))
        per_row = (time.monotonic() - began) / len(parts[-1])
        done += len(parts[-1])
        values = np.concatenate(parts)
        tau = _tau(values)
        if (tau is None or tau >= STABLE) and done >= min(4 * FIRST, len(order)):
            break
        size = min(done, len(order) - done, max(1, int((budget.left - 1) / max(per_row, 1e-6))))
        if budget.left < 1 or (budget.left - 1) / max(per_row, 1e-6) < 1:
            notes.append("the time was up")
            break
    return np.concatenate(parts), done


def _in_pieces(explain: Explain, rows: Array, budget: Budget) -> Array:
    """A few rows at a time: Stop is heard between them, and shap shows no progress bar, which it does after 10 s."""
    parts: list[Array] = []
    done, size = 0, 4
    while done < len(rows) and (not parts or budget.left > 0):
        budget.check()
        began = time.monotonic()
        parts.append(np.asarray(explain(rows[done : done + size])))
        done += size
        size = max(1, min(len(rows), int(2 * size / max(time.monotonic() - began, 1e-3))))
    return np.concatenate(parts)


def _tau(values: Array) -> float | None:
    """Agreement of two halves on the order of the first ten columns."""
    from scipy.stats import kendalltau

    values = np.abs(values).mean(axis=2)
    top = np.argsort(-values.mean(axis=0))[:10]
    if values.shape[1] < 3 or len(values) < 4:
        return None
    tau = kendalltau(values[::2, top].mean(axis=0), values[1::2, top].mean(axis=0)).statistic
    return float(tau) if np.isfinite(tau) else 1.0


# -- explainers ------------------------------------------------------------------
def _tree(predictor: Predictor, X: Any, _: Any) -> tuple[Explain, Sequence[str], str] | None:
    steps, final = _parts(predictor.model)
    if not any(word in type(final).__name__ for word in _TREES):
        return None
    import shap

    names, back = _columns(steps, X)
    if _mixed(names, steps, X):
        return None
    explainer = shap.TreeExplainer(final)
    state = {"check": True}

    def explain(rows: Array) -> Array:
        Z = _through(steps, frames.take(X, rows))
        try:
            values = explainer.shap_values(Z, check_additivity=state["check"])
        except Exception as error:
            if "dditivity" not in str(error):
                raise
            state["check"] = False
            values = explainer.shap_values(Z, check_additivity=False)
        return _summed(values, len(rows), back, len(names))

    return explain, names, "TreeExplainer"


def _linear(predictor: Predictor, X: Any, background: Any) -> tuple[Explain, Sequence[str], str] | None:
    steps, final = _parts(predictor.model)
    if not hasattr(final, "coef_") or not hasattr(final, "intercept_"):
        return None
    import shap

    names, back = _columns(steps, X)
    if _mixed(names, steps, X):
        return None
    sample = _through(steps, _sample(background, 200))
    explainer = shap.LinearExplainer(final, sample)

    def explain(rows: Array) -> Array:
        return _summed(explainer.shap_values(_through(steps, frames.take(X, rows))), len(rows), back, len(names))

    return explain, names, "LinearExplainer"


def _agnostic(predictor: Predictor, X: Any, background: Any) -> tuple[Explain, Sequence[str], str] | None:
    """Permutation SHAP on the whole model; each cell is written as the number of the row it comes from."""
    import shap

    names = frames.column_names(X)
    if len(names) > 200:
        msg = f"{len(names):,} columns are too many to be permuted one by one"
        raise Unusable(msg)
    known, n = _sample(background, BACKGROUND), frames.n_rows(X)
    k = frames.n_rows(known)
    pool = frames.stacked(known, X)

    def answer(cells: Array) -> Array:
        mixture = frames.recombined(pool, np.asarray(cells, dtype=np.intp))
        proba = predictor.predict_proba(mixture)
        if proba is not None:
            return proba[:, 1] if proba.shape[1] == 2 else proba
        said = predictor.predict(mixture)
        if predictor.task.classifies:
            classes = predictor.class_names or tuple(np.unique(said))
            return np.column_stack([said == c for c in classes]).astype(float)
        return np.asarray(said, dtype=float)

    masker = shap.maskers.Independent(np.tile(np.arange(k)[:, None], (1, len(names))).astype(float), max_samples=k)
    explainer = shap.PermutationExplainer(answer, masker, seed=0)

    def explain(rows: Array) -> Array:
        cells = np.tile((rows + k)[:, None], (1, len(names))).astype(float)
        values = explainer(cells, max_evals=max(2 * len(names) + 1, 3 * (2 * len(names) + 1)), silent=True).values
        return _summed(values, len(rows), np.arange(len(names)), len(names))

    return (explain, names, "PermutationExplainer") if n else None


def as_fitted(predictor: Predictor, X: Any) -> Any:
    """A frame's columns in the order the model was fitted with: a booster finds them by name, its explainer by place."""
    names = predictor.info.feature_names
    if not names or not frames.is_frame(X):
        return X
    columns = frames.column_names(X)
    if columns == tuple(names) or not set(names) <= set(columns):
        return X
    import narwhals as nw

    return nw.from_native(X, eager_only=True).select(list(names)).to_native()


# -- pipelines -------------------------------------------------------------------
def _parts(model: Any) -> tuple[list[Any], Any]:
    """(transformers, final estimator) of searches and pipelines, however nested."""
    model = getattr(model, "best_estimator_", model)
    steps = getattr(model, "steps", None)
    if not isinstance(steps, list) or not steps:
        return [], model
    inner, final = _parts(steps[-1][1])
    before = [step for _, step in steps[:-1] if step not in (None, "passthrough") and hasattr(step, "transform")]
    return before + inner, final


def _through(steps: Sequence[Any], X: Any) -> Any:
    for step in steps:
        X = step.transform(X)
    if frames.is_sparse(X):
        return X.toarray() if X.shape[1] <= 5000 else X
    if not steps and type(X).__module__.startswith(("polars", "pyarrow")):
        return frames.table(X).to_numpy()
    return X


def _columns(steps: Sequence[Any], X: Any) -> tuple[tuple[str, ...], Array]:
    """Names to report, and for each column that the final estimator sees the position of the name it belongs to."""
    original = frames.column_names(X)
    current: Sequence[str] = original
    for step in steps:
        try:
            current = tuple(map(str, step.get_feature_names_out(np.asarray(current, dtype=object))))
        except Exception:
            try:
                current = tuple(map(str, step.get_feature_names_out()))
            except Exception:
                width = (
                    frames.n_columns(step.transform(frames.take(X, np.arange(1)))) if step is steps[0] else len(current)
                )
                current = (
                    current if width == len(current) else tuple(f"{type(step).__name__} {i}" for i in range(width))
                )
    homes = [_home(name, original) for name in current]
    names = tuple(dict.fromkeys(homes))
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place[h] for h in homes], dtype=np.intp)


def _home(name: str, original: Sequence[str]) -> str:
    """The column that `cat__workclass_Private` was made from: the longest that fits, with as few prefixes off as can be."""
    parts = name.split("__")
    for start in range(len(parts)):
        bare = "__".join(parts[start:])
        fits = [c for c in original if bare == c or bare.startswith(f"{c}_")]
        if fits:
            return max(fits, key=len)
    return name


def _mixed(names: Sequence[str], steps: Sequence[Any], X: Any) -> bool:
    """True where a step made new columns out of several (PCA, products): the whole pipeline is asked then."""
    width = frames.n_columns(X)
    if not steps or not 1 < width <= PERMUTED:
        return False
    fitted = getattr(steps[0], "feature_names_in_", None)
    known = {*frames.column_names(X), *(() if fitted is None else map(str, fitted))}
    return any(name not in known for name in names)


def _summed(values: Any, n: int, back: Array, k: int) -> Array:
    """(n, k, outputs) signed values: parts of a column are summed."""
    if isinstance(values, list):
        values = np.stack(values, axis=-1)
    values = np.asarray(values.toarray() if hasattr(values, "toarray") else values, dtype=float)
    values = values.reshape(n, values.shape[1], -1)
    if values.shape[1] == len(back) + 1:
        values = values[:, :-1]  # a bias column
    together = np.zeros((n, k, values.shape[2]))
    np.add.at(together.transpose(1, 0, 2), back, values.transpose(1, 0, 2))
    return together


def _sample(X: Any, size: int) -> Any:
    n = frames.n_rows(X)
    return X if n <= size else frames.take(X, np.sort(np.random.default_rng(0).choice(n, size, replace=False)))
