"""Are models registered, with one of them marked as the one in production: what the files say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle
from mlready_nb.subjects import Cell

_REGISTERS = re.compile(
    r"register_model\(|registered_model_name\s*=|create_model_version\(|create_registered_model\(|ModelRegistry|link_model|log_artifact\([^)]*type=['\"]model|ModelPackageGroup|Model\.upload\(|Model\.register\(|bentoml\.\w+\.save_model\(|gto register|push_to_hub\("
)
_TAGS = re.compile(
    r"set_registered_model_alias\(|transition_model_version_stage\(|models:/[\w-]+(@\w+|/(Production|Staging|champion))|aliases\s*=\s*\[|link_artifact\(|gto assign|stage\s*=\s*['\"]Production|ModelApprovalStatus|promote_model\(",
    re.IGNORECASE,
)
_ARCHIVES = re.compile(
    r"archive_existing_versions\s*=\s*True|stage\s*=\s*['\"]Archived|delete_model_version\(|archive[d_]*\w*model|gto deprecate|deprecat\w+[^\n]{0,40}model",
    re.IGNORECASE,
)


@check("MNT-02.1", "MNT-02.2", "MNT-02.3")
def model_registry(project_files: Project, cells: tuple[Cell, ...] = ()) -> Finding:
    """A registry that knows all versions, the one in production, and the retired ones.

    What it measures: Calls that register, alias or stage models (MLflow, W&B, SageMaker, Azure ML, Vertex, BentoML, GTO) in
    code and cells; a registry file (registry.json, artifacts.yaml) with versions and stages.

    Why it matters: At three in the morning somebody must know which file to go back to.

    Blind spots: What the registry holds now: it is not asked.

    How to mend: mlflow.sklearn.log_model(model, name="model", registered_model_name="churn"), then
    client.set_registered_model_alias("churn", "champion", version).
    """
    texts = [(m.text, m.path) for m in project_files.code]
    texts += [(c.source, f"cell {c.number}" if c.number else "a cell") for c in cells]
    texts += [(p.text, p.path) for p in project_files.pipelines]

    def found(pattern: re.Pattern[str], words: str) -> list[Said]:
        said = []
        for text, where in texts:
            if match := pattern.search(text):
                line = "" if where.startswith(("cell", "a cell")) else f":{text[: match.start()].count(chr(10)) + 1}"
                said.append(good(words, f"{where}{line}"))
        return said[:2]

    files = list(_files(project_files))
    return settle(
        project_files.tree,
        {
            "MNT-02.1": found(_REGISTERS, "registers the model") + [s for s, _ in files],
            "MNT-02.2": found(_TAGS, "marks the model in production")
            + [
                good("marks the model in production", s.at)
                for s, text in files
                if re.search(r"production|champion|live", text, re.IGNORECASE)
            ],
            "MNT-02.3": found(_ARCHIVES, "retires old models")
            + [
                good("retires old models", s.at)
                for s, text in files
                if re.search(r"archived|retired|deprecated", text, re.IGNORECASE)
            ],
        },
        "no registry (MLflow, W&B, SageMaker..., or a registry file)",
    )


def _files(project: Project) -> Iterator[tuple[Said, str]]:
    for file in project.tree.named(
        "registry.json", "model*registry.json", "registry.y*ml", "model*registry.y*ml", "artifacts.yaml"
    ):
        text = project.tree.text(file)
        if file.suffix == ".json":
            try:
                json.loads(text)
            except (ValueError, RecursionError):
                continue
        if file.size < 500_000 and "version" in text.lower() and "model" in text.lower():
            yield good("lists the versions of the model", file.path), text
