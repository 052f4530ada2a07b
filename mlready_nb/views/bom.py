"""The model as a component of a CycloneDX 1.6 bill of materials, with its model card."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from mlready_nb.checklist import Checklist
from mlready_nb.finding import Estimate, Finding
from mlready_nb.views import fields
from mlready_nb.views.card import name
from mlready_nb.views.document import visible
from mlready_nb.views.hub import library_of
from mlready_nb.views.payload import gate_reason

_SPACE = uuid.UUID("9e2c0f53-6c3e-4a55-9d8b-6f2a1f6c0c11")


def bom(checklist: Checklist) -> dict[str, Any]:
    """The document as plain values: https://cyclonedx.org/docs/1.6/json/."""
    from importlib.metadata import version

    run = checklist.run
    started = run.started if run is not None and run.started else ""
    mark = run.fingerprints.get("model", "") if run is not None else ""
    libraries = [_library(n, v) for n, v in (run.versions.items() if run is not None else ()) if n != "python"]
    model = _model(checklist, mark)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, f'{mark} {started} {checklist.gate}')}",
        "version": 1,
        "metadata": {
            "timestamp": _time(started),
            "tools": {"components": [{"type": "application", "name": "mlready-nb", "version": version("mlready-nb")}]},
            "component": {"type": "machine-learning-model", "bom-ref": "subject", "name": model["name"]},
        },
        "components": [model, *libraries],
        "dependencies": [{"ref": "model", "dependsOn": [c["bom-ref"] for c in libraries]}],
    }


def _model(checklist: Checklist, mark: str) -> dict[str, Any]:
    lines = fields.filled(checklist)

    def told(key: str) -> list[str]:
        return [_text(line.text) for line in lines.get(key, ()) if not line.stale]

    kind = next(iter(told("model_details.model_type")), "")
    parameters: dict[str, Any] = {
        "approach": {"type": "supervised"},
        "task": "regression" if fields.is_regression(checklist) else "classification",
        "datasets": [d for d in (_dataset(told, "training_data"), _dataset(told, "evaluation_data")) if d],
    }
    if kind:
        parameters |= {"architectureFamily": library_of(checklist) or kind.partition(" ")[0], "modelArchitecture": kind}
    metrics = [m for f in checklist.run or () if not f.stale for m in _metrics(f)]
    considerations: dict[str, Any] = {
        "useCases": [
            *told("intended_use.primary_use"),
            *(f"Out of scope: {t}" for t in told("intended_use.out_of_scope_uses")),
        ],
        "technicalLimitations": [
            t for key in ("list_known_limitations", "edge_cases_where_model_fails") for t in told(f"limitations.{key}")
        ],
        "ethicalConsiderations": [
            {"name": t}
            for key in ("privacy_considerations", "potential_misuse")
            for t in told(f"ethical_considerations.{key}")
        ],
        "fairnessAssessments": [{"groupAtRisk": t} for t in told("ethical_considerations.fairness_across_groups")],
    }
    card: dict[str, Any] = {"modelParameters": parameters}
    if metrics:
        card["quantitativeAnalysis"] = {"performanceMetrics": metrics}
    card["considerations"] = {k: v for k, v in considerations.items() if v}
    card["properties"] = [
        {"name": "mlready-nb:gate", "value": str(checklist.gate)},
        {"name": "mlready-nb:gate:why", "value": gate_reason(checklist)},
        *({"name": f"mlready-nb:item:{e.item.code}", "value": str(e.status)} for e in checklist.entries),
    ]
    return {
        "type": "machine-learning-model",
        "bom-ref": "model",
        "name": _text(name(checklist)),
        **({"version": mark} if mark else {}),
        "modelCard": card,
    }


def _dataset(told: Any, section: str) -> dict[str, Any] | None:
    facts = {key: told(f"{section}.{key}") for key in ("dataset", "size", "features", "date_range", "distribution")}
    if not any(facts.values()):
        return None
    texts = [f"{key.replace('_', ' ')}: {'; '.join(t)}" for key, t in facts.items() if t and key != "dataset"]
    named = "; ".join(facts["dataset"]) or section.replace("_", " ")
    return {"type": "dataset", "name": named, **({"description": ". ".join(texts)} if texts else {})}


def _metrics(finding: Finding) -> Iterable[dict[str, Any]]:
    """Of the overall metrics and of each class or group whose table names them."""
    if finding.check != fields.OVERALL:
        return
    for kind, value in finding.measured.items():
        if isinstance(value, Estimate):
            found: dict[str, Any] = {"type": kind, "value": f"{value.value:.6g}", "slice": "test set"}
            if value.low is not None and value.high is not None:
                found["confidenceInterval"] = {"lowerBound": f"{value.low:.6g}", "upperBound": f"{value.high:.6g}"}
            yield found


def _library(package: str, number: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{package.lower()}@{number}"
    return {"type": "library", "bom-ref": purl, "name": package, "version": number, "purl": purl}


def _time(started: str) -> str:
    try:
        when = datetime.fromisoformat(started)
    except ValueError:
        when = datetime.now(UTC)
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(text: str) -> str:
    return visible(text)[:1000]
