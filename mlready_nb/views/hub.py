"""The model card as the Hugging Face hub reads it: metadata in YAML with a model-index, then the card's Markdown."""

from __future__ import annotations

import math
import re
from typing import Any

from mlready_nb.checklist import Checklist
from mlready_nb.finding import Estimate
from mlready_nb.views import fields
from mlready_nb.views.card import model_card, name
from mlready_nb.views.document import to_markdown, visible

#: Our metric -> the hub's name of it.
METRICS = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "precision": "precision",
    "recall": "recall",
    "f1": "f1",
    "roc_auc": "roc_auc",
    "log_loss": "log_loss",
    "r2": "r_squared",
    "mae": "mae",
    "rmse": "rmse",
}
#: Distribution -> the hub's library_name.
LIBRARIES = {
    "scikit-learn": "sklearn",
    "xgboost": "xgboost",
    "lightgbm": "lightgbm",
    "catboost": "catboost",
    "torch": "pytorch",
    "keras": "keras",
}


def hub_card(checklist: Checklist) -> str:
    """One file: what `huggingface_hub.ModelCard` loads."""
    import yaml

    head = yaml.safe_dump(metadata(checklist), sort_keys=False, allow_unicode=False, width=10_000)
    return f"---\n{head}---\n\n{to_markdown(model_card(checklist))}"


def metadata(checklist: Checklist) -> dict[str, Any]:
    """The card's YAML as plain values; what is not known is left out, and stale numbers too."""
    regression = fields.is_regression(checklist)
    task = "tabular-regression" if regression else "tabular-classification"
    results = _results(checklist)
    library = library_of(checklist)
    found: dict[str, Any] = {}
    if library:
        found["library_name"] = LIBRARIES.get(library, library)
    if results:
        found["pipeline_tag"] = task
    found["tags"] = ["tabular", "mlready-nb", f"gate:{checklist.gate}", *([task] if results else [])]
    if results:
        found["metrics"] = [r["type"] for r in results]
        dataset = {"type": "tabular", "name": _dataset(checklist), "split": "test"}
        entry = {
            "task": {"type": task, "name": task.replace("-", " ").capitalize()},
            "dataset": dataset,
            "metrics": results,
        }
        found["model-index"] = [{"name": visible(name(checklist)), "results": [entry]}]
    return found


def library_of(checklist: Checklist) -> str:
    """The distribution that the model's class comes from, as the card names it."""
    text = checklist.facts.get("model_details.model_type", ("", ""))[0]
    named = re.search(r"\(([A-Za-z][\w.\-]*)", text)
    return named[1] if named else ""


def _results(checklist: Checklist) -> list[dict[str, Any]]:
    found = []
    for finding in fields.findings(checklist, fields.OVERALL):
        for ours, theirs in METRICS.items():
            value = finding.measured.get(ours)
            if isinstance(value, Estimate) and math.isfinite(value.value) and not finding.stale:
                interval = (
                    ""
                    if value.low is None or value.high is None
                    else f" (95 % interval {value.low:.4g} to {value.high:.4g})"
                )
                found.append({"type": theirs, "value": round(float(value.value), 6), "name": f"{ours}{interval}"})
    return found


def _dataset(checklist: Checklist) -> str:
    said = checklist.card.get("evaluation_data.dataset", "").strip()
    known = checklist.facts.get("evaluation_data.dataset", ("", ""))[0]
    return visible(said or known or "the notebook's test set")[:120]
