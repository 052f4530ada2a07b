"""What was found, in an experiment tracker: documents as artefacts, numbers as metrics, the gate as a tag."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlready_nb.finding import Estimate
from mlready_nb.session import UsageError

if TYPE_CHECKING:
    from mlready_nb.checklist import Checklist

#: Documents, and the names under which they are kept.
_DOCUMENTS = ("card", "runbook", "html", "json", "hf", "bom")


def log_to_mlflow(notebook: str | Path | None = None, *, run_id: str | None = None, folder: str = "mlready") -> str:
    """Log card, runbook, report and numbers to MLflow, and return the run's id.

    Parameters
    ----------
    notebook
        A notebook with saved findings; without it, this very notebook's session (after `%load_ext mlready_nb`).
    run_id
        The MLflow run to log to; without it the active one, else a new one.
    folder
        Where the artefacts go in the run.

    Raises
    ------
    UsageError
        When there is no session and no notebook, or MLflow is not installed.
    """
    try:
        import mlflow
    except ModuleNotFoundError:
        msg = "MLflow is not installed here: pip install mlflow"
        raise UsageError(msg) from None
    from mlready_nb.views import export

    checklist = _saved(Path(notebook)) if notebook is not None else _live()
    texts = {export.NAMES[kind]: export.TEXTS[kind](checklist) for kind in _DOCUMENTS}
    if run_id is not None or mlflow.active_run() is None:
        with mlflow.start_run(run_id=run_id) as run:
            _log(mlflow, checklist, texts, folder)
            return str(run.info.run_id)
    _log(mlflow, checklist, texts, folder)
    return str(mlflow.active_run().info.run_id)


def _log(mlflow: Any, checklist: Checklist, texts: dict[str, str], folder: str) -> None:
    for name, text in texts.items():
        mlflow.log_text(text, f"{folder}/{name}")
    done, total = checklist.progress()
    mlflow.set_tags({"mlready.gate": str(checklist.gate), "mlready.settled": f"{done} of {total}"})
    numbers = {"mlready.readiness": checklist.score}
    for finding in checklist.run or ():
        for key, value in finding.measured.items():
            number = value.value if isinstance(value, Estimate) else value
            if (
                isinstance(number, (int, float))
                and not isinstance(number, bool)
                and not finding.stale
                and math.isfinite(number)
            ):
                numbers[f"mlready.{finding.check}.{_name(key)}"] = float(number)
    mlflow.log_metrics(numbers)


def _name(key: str) -> str:
    """What MLflow takes in the name of a metric."""
    return re.sub(r"[^\w.\-/ ]", "_", key)[:120]


def _saved(path: Path) -> Checklist:
    from mlready_nb.saved import checklist, kept
    from mlready_nb.stores.ipynb import IpynbStore

    found = kept(IpynbStore(path))
    if found is None:
        msg = f"nothing is saved in {path}: mlready check {path} --save"
        raise UsageError(msg)
    return checklist(found.state, path.parent)


def _live() -> Checklist:
    import sys

    python = sys.modules.get("IPython")
    shell = python.get_ipython() if python is not None else None
    magics = getattr(shell, "mlready_magics", None)
    if magics is None:
        msg = "there is no session here: %load_ext mlready_nb first, or name a notebook: log_to_mlflow('nb.ipynb')"
        raise UsageError(msg)
    session = magics.session
    if session.discovery is None:
        session.refresh(tell=False)
    found: Checklist = session.checklist()
    return found
