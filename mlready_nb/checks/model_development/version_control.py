"""Is the code in version control, as it ran, and are models and data tracked beside it: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb import git
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.files import Tree
from mlready_nb.project.imports import imported
from mlready_nb.subjects import Cell

_TRACKERS = {"mlflow": "MLflow", "wandb": "Weights & Biases", "neptune": "Neptune", "comet_ml": "Comet", "clearml": "ClearML", "aim": "Aim",
             "dvclive": "DVCLive", "sacred": "Sacred", "tensorboard": "TensorBoard", "trackio": "trackio", "vertexai": "Vertex AI"}  # fmt: skip
_LOGS = re.compile(
    r"(log_(metrics?|params?|model|artifact)|autolog|start_run|wandb\.(init|log)|register_model|Task\.init|init_run|Experiment\(|aim\.Run|SummaryWriter|dvclive|Live\()"
)


@check("DEV-04.1", "DEV-04.2", "DRQ-03.3")
def version_control(project_files: Project, cells: tuple[Cell, ...] = ()) -> Finding:
    """A repository that holds the notebook as it is, a tracker that holds the runs, versions of the data.

    What it measures: git: is there a repository with a commit, are notebooks left out or ignored; MLflow, Weights &
    Biases and their like in cells or code that log something; DVC, Git LFS, lakeFS or Delta files for data.

    Why it matters: When the model misbehaves, somebody has to find the code, the run and the data that made it.

    Blind spots: Whether what was committed is what ran: run the notebook from top to bottom before the commit.

    How to mend: git add notebook.ipynb && git commit; mlflow.autolog(); dvc add data/.
    """
    return settle(
        project_files.tree,
        {
            "DEV-04.1": list(_git(project_files)),
            "DEV-04.2": list(_tracked(project_files, cells)),
            "DRQ-03.3": list(_data(project_files)),
        },
        "no repository and no tracker",
    )


def _git(project: Project) -> Iterator[Said]:
    tree = project.tree
    if not tree.repository:
        copied = any(f.name in (".gitignore", ".gitattributes") or ".github" in f.folders for f in tree.files)
        if not copied and (len(tree.files) > 3 or project.requirements):  # a copy of a checkout says nothing
            yield weak(
                "is in no git repository", tree.root.name, "git init && git add -A && git commit -m 'First model'"
            )
        return
    head = git.ask(tree.root, "log", "-1", "--format=%h of %cs")
    if not head:
        if _has_commits(tree):  # git answers nobody but the owner
            yield good("is a git repository with commits", tree.root.name)
        else:
            yield weak("has no commit", tree.root.name, "git add -A && git commit")
        return
    home = str(tree.home)
    notebook = git.ask(tree.root, "ls-files", "--", f"{home}/*.ipynb")
    loose = git.ask(tree.root, "ls-files", "--others", "--exclude-standard", "--", f"{home}/*.ipynb")
    ignored = git.ask(tree.root, "ls-files", "--others", "--ignored", "--exclude-standard", "--", f"{home}/*.ipynb")
    tag = git.ask(tree.root, "describe", "--tags", "--abbrev=0")
    if ignored and not notebook:
        yield weak(f"ignores {ignored}", ".gitignore", f"git add -f {ignored}")
    elif loose:
        yield weak(f"does not hold {loose}", tree.root.name, f"git add {loose} && git commit")
    else:
        yield good(f"is committed: {head}" + (f", last tag {tag}" if tag else ""), tree.root.name)


def _has_commits(tree: Tree) -> bool:
    place = next((p / ".git" for p in (tree.root, *tree.root.parents) if (p / ".git").exists()), None)
    if place is None or not place.is_dir():
        return place is not None
    return (place / "packed-refs").is_file() or any((place / "refs" / "heads").glob("*"))


def _tracked(project: Project, cells: tuple[Cell, ...]) -> Iterator[Said]:
    for cell in cells:
        for package in imported(cell.source) & set(_TRACKERS):
            uses = next((c for c in cells if _LOGS.search(c.source)), None)
            if uses:
                yield good(f"tracks runs with {_TRACKERS[package]}", f"cell {uses.number}" if uses.number else "a cell")
                return
            yield weak(
                f"imports {_TRACKERS[package]} and logs nothing",
                f"cell {cell.number}",
                "mlflow.autolog() before fit, or mlflow.log_metric(...).",
            )
            return
    for module in project.code:
        for package in sorted(module.packages & set(_TRACKERS)):
            if match := _LOGS.search(module.text):
                yield good(
                    f"tracks runs with {_TRACKERS[package]}",
                    f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}",
                )
                return
    for file in project.tree.named("dvc.lock", "mlproject"):
        yield good("records the runs of its stages", file.path)
        return


def _data(project: Project) -> Iterator[Said]:
    for file in project.tree.files:
        parts = (*file.folders, file.name)
        if (file.suffix == ".dvc" and file.name != ".dvc") or file.name == "dvc.lock":
            yield good("versions data with DVC", file.path)
            return
        if (
            "_delta_log" in parts
            or file.name in ("lakectl.yaml", ".lakefs_ref.yaml", "quilt.json")
            or "_hoodie" in parts
        ):
            yield good("versions data in a table format with history", file.path)
            return
        if file.name == ".gitattributes" and re.search(
            r"\.(csv|parquet|zip|npz|jsonl)\S*\s+filter=lfs|data/\S*\s+filter=lfs", project.tree.text(file)
        ):
            yield good("versions data with Git LFS", file.path)
            return
