"""mlready-nb: is this model ready to go live? A readiness checklist that lives in the notebook.

In a notebook: ``%load_ext mlready_nb`` and ``%mlready``. In any Python: ``mlready_nb.check(model=..., X_test=...)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from mlready_nb.explain import RowExplanation
    from mlready_nb.finding import Run

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "check",
    "explain_row",
    "load_ipython_extension",
    "log_to_mlflow",
    "unload_ipython_extension",
]


def check(
    model: Any = None,
    X_train: Any = None,
    y_train: Any = None,
    X_test: Any = None,
    y_test: Any = None,
    *,
    X_valid: Any = None,
    y_valid: Any = None,
    sensitive_features: Any = None,
    targets: Sequence[str] = (),
    only: Sequence[str] = (),
) -> Run:
    """Run the checks on these objects, with no notebook.

    Parameters
    ----------
    model
        Anything fitted that has `predict`: scikit-learn, XGBoost, LightGBM, a pipeline, a search, a raw Booster.
    X_train, X_test, X_valid
        (n, k) frames or arrays: pandas, polars, pyarrow, NumPy, SciPy sparse.
    y_train, y_test, y_valid
        (n,) labels, or (n, k) indicators for multi-label.
    sensitive_features
        Column names of `X_test`, a frame, or a mapping from names to (n_test,) values.
    targets
        Stated goals such as `"recall>=0.8"`.
    only
        Names of checks or codes of items; all checks without it.

    Returns
    -------
    Run
        Iterate over its findings, take one by name (`run["row-overlap"]`), or `run.to_frame()`.

    Raises
    ------
    CheckNotFound, UsageError, SubjectNotFound
        With what was found, what was expected and what to write instead.
    """
    from mlready_nb.session import Session

    given = {
        "model": model,
        "X_train": X_train,
        "y_train": y_train,
        "X_valid": X_valid,
        "y_valid": y_valid,
        "X_test": X_test,
        "y_test": y_test,
    }
    namespace = {name: value for name, value in given.items() if value is not None}
    use = {name: name if name in namespace else "none" for name in given}
    if sensitive_features is not None:
        names = [sensitive_features] if isinstance(sensitive_features, str) else sensitive_features
        if isinstance(names, (list, tuple)) and all(isinstance(n, str) for n in names):
            use["sensitive"] = ",".join(names)
        else:
            namespace["sensitive_features"] = names
            use["sensitive"] = "sensitive_features"
    session = Session(lambda: namespace)
    session.use(use)
    if targets:
        session.target(list(targets))
    return session.check(only)


def explain_row(model: Any, X: Any, row: int = 0, *, background: Any = None, y: Any = None) -> RowExplanation:
    """What each column added to the answer for one row (SHAP); print it, or `.to_frame()`.

    Parameters
    ----------
    model, X, row
        A fitted model, the table that holds the row, and its position.
    background
        Rows that stand for the usual case, such as X_train; X without it.
    y
        Labels, where the model does not tell its task and classes.
    """
    from mlready_nb import explain

    return explain.explain_row(model, X, row, background=background, y=y)


def log_to_mlflow(notebook: str | Path | None = None, *, run_id: str | None = None, folder: str = "mlready") -> str:
    """Log card, runbook, report and numbers to MLflow; see `mlready_nb.tracking.log_to_mlflow`."""
    from mlready_nb import tracking

    return tracking.log_to_mlflow(notebook, run_id=run_id, folder=folder)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext mlready_nb`: registers `%mlready`; nothing heavy is imported before it is used."""
    from mlready_nb import magic

    magic.load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext mlready_nb`."""
    from mlready_nb import magic

    magic.unload(shell)
