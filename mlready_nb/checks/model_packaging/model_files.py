"""Are there saved models, in a sound format, with a version, and kept out of git: what the files say."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import File, Project, Said, good, settle, weak

_SAFE = frozenset(
    [
        ".onnx",
        ".safetensors",
        ".skops",
        ".pmml",
        ".tflite",
        ".mlmodel",
        ".ubj",
        ".cbm",
        ".gguf",
        ".torchscript",
        ".keras",
        ".bst",
    ]
)
_PICKLED = frozenset([".pkl", ".pickle", ".joblib", ".pt", ".pth", ".dill", ".cloudpickle", ".h5", ".hdf5", ".ckpt"])
_MODEL = re.compile(
    r"model|clf|classifier|regressor|estimator|pipeline|weights|checkpoint|ckpt|xgb|lgb|forest|net|best", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"(^|[/_.-])(data|dataset|features?|encoder|scaler|vocab|tokenizer|columns|cache|embeddings?|x_train|y_train|x_test|y_test|train|test)([/_.-]|$)",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(^|[/_.-])v?\d+(\.\d+)+|(^|[/_-])v\d+|\d{4}-?\d{2}-?\d{2}|(^|/)\d+/|[0-9a-f]{7,40}(?=[/._-])")
_CHECKPOINT = re.compile(r"checkpoint|ckpt|epoch|step[-_=]?\d+|iter[-_]?\d+", re.IGNORECASE)


@check("PKG-01.1", "PKG-01.3", "TRN-03.1", "TRN-03.2", "SEC-03.1")
def model_files(project_files: Project) -> Finding:
    """Saved models: their format, their version, checkpoints, and whether git carries the weights.

    What it measures: Files of models by their endings and names, MLmodel folders; a version in the path, the MLmodel or a
    file beside them; several checkpoints; weights tracked by git itself (not by LFS or DVC).

    Why it matters: Weights in git are handed to everyone who can clone, for ever; a file without a version is the wrong
    one some day.

    Blind spots: Models kept in a bucket or registry; what is inside the files: nothing is loaded.

    How to mend: models/churn-1.4.0.skops, with *.skops in .gitignore or under DVC.
    """
    tree = project_files.tree
    models = [f for f in tree.files if _is_model(f)]
    wrapped = list(tree.named("mlmodel"))
    everything = [*models, *wrapped]
    versioned = next((f for f in everything if _VERSION.search(f.path)), None)
    manifest = _metadata(project_files)
    return settle(
        tree,
        {
            "PKG-01.1": [_format(f) for f in models[:6]]
            + [good("is saved as an MLflow model", f.path) for f in wrapped[:2]],
            "PKG-01.3": (
                good("has its version in its path", versioned.path)
                if versioned
                else good("has its version in a file beside it", manifest)
                if manifest
                else weak(
                    "carries no version",
                    everything[0].path,
                    "Name it models/<name>-1.0.0, or write model_version into a file beside it.",
                )
            )
            if everything
            else None,
            "TRN-03.1": good(f"{len(everything)} saved models", everything[0].path) if everything else None,
            "TRN-03.2": list(_checkpoints(models)),
            "SEC-03.1": list(_public(project_files, models)),
        },
        "no file of a model (.joblib, .pkl, .onnx, .skops, .pt, .safetensors, MLmodel)",
        measured={"models": len(everything)},
    )


def _is_model(file: File) -> bool:
    if file.size == 0 or "test" in "/".join(file.folders):
        return False
    if file.suffix in _SAFE:
        return True
    if file.suffix not in _PICKLED:
        return False
    return bool(
        _MODEL.search(file.name) or "models" in file.folders or "checkpoints" in file.folders
    ) and not _NO_MODEL.search(file.name)


def _format(file: File) -> Said:
    if file.suffix in _SAFE:
        return good(f"is saved as {file.suffix.lstrip('.')}", file.path)
    return good(
        f"is saved as {file.suffix.lstrip('.')}, which must be loaded with the versions that wrote it", file.path
    )


def _metadata(project: Project) -> str:
    for file in project.tree.named(
        "*metadata*.json",
        "model*.json",
        "model*.y*ml",
        "mlmodel",
        "model-settings.json",
        "bentofile.yaml",
        "version*",
        "*.dvc",
    ):
        text = project.tree.text(file)
        if (
            file.size < 100_000
            and '"panels"' not in text
            and re.search(r"\"?(model_)?version\"?\s*[:=]\s*\"?v?\d", text)
        ):
            return file.path
    return ""


def _checkpoints(models: list[File]) -> Iterator[Said]:
    kept = [f for f in models if _CHECKPOINT.search(f.path)]
    if len(kept) > 1:
        yield good(f"keeps {len(kept)} checkpoints", kept[0].path)
        return
    families: dict[str, list[File]] = {}
    for file in models:
        families.setdefault(re.sub(r"[\d.]+", "#", file.path), []).append(file)
    largest = max(families.values(), key=len, default=[])
    if len(largest) > 1:
        yield good(f"keeps {len(largest)} versions of the model", largest[0].path)


def _public(project: Project, models: list[File]) -> Iterator[Said]:
    if not project.tree.repository or not models:
        return
    pointers = [f for f in models if f.size < 300 and project.tree.text(f).startswith("version https://git-lfs")]
    paths = [f.path for f in models[:200] if f not in pointers]
    try:
        said = subprocess.run(  # noqa: S603
            ["git", "-c", "core.fsmonitor=false", "ls-files", "-z", "--", *paths],  # noqa: S607
            cwd=project.tree.root, capture_output=True, timeout=3, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, ValueError):
        return
    if said.returncode:
        return
    tracked = [p for p in said.stdout.decode(errors="replace").split("\0") if p]
    if tracked:
        yield weak(
            f"is tracked by git: whoever can clone has the weights ({len(tracked)} files)",
            tracked[0],
            "git rm --cached it, add it to .gitignore, keep it in DVC, LFS or a registry.",
        )
    elif paths:
        yield good("is kept out of git", paths[0])
