"""Can the training be started by one command, and picked up again: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle

_FITS = re.compile(
    r"\.fit\(|\.fit_transform\(|trainer\.train\(|Trainer\(|lgb\.train|xgb\.train|loss\.backward\(|train_model\(|\.partial_fit\("
)
_RESUMES = re.compile(
    r"resume_from_checkpoint|load_state_dict\(|ckpt_path|--resume|warm_start\s*=\s*True|init_model\s*=|xgb_model\s*=|load_checkpoint|restore_checkpoint|partial_fit\("
)


@check("TRN-01.3", "TRN-03.3")
def training_entry(project_files: Project) -> Finding:
    """A script, target or pipeline that trains from a clean checkout, and a way to resume.

    What it measures: train*.py with a main guard or command line that fits something; targets that train in a Makefile,
    dvc.yaml, MLproject; pipelines that train; papermill or nbconvert runs of a notebook; checkpoints that are loaded.

    Why it matters: A training that only works in one person's notebook cannot be repeated by the next.

    Blind spots: Whether the command still works: run it from a fresh clone.

    How to mend: Makefile: train: ; python -m churn.train --config configs/base.yaml
    """
    resumed = [
        good("resumes from a checkpoint", f"{m.path}:{m.text[: x.start()].count(chr(10)) + 1}")
        for m in project_files.code
        if (x := _RESUMES.search(m.text))
    ]
    return settle(
        project_files.tree,
        {"TRN-01.3": list(_entries(project_files))[:3], "TRN-03.3": resumed[:2]},
        "no training script, Makefile target, dvc.yaml or pipeline that trains",
    )


def _entries(project: Project) -> Iterator[Said]:
    tree = project.tree
    for file in tree.named("makefile", "justfile", "taskfile.y*ml"):
        if match := re.search(r"^\s*(re-?)?train[\w-]*\s*:", tree.text(file), re.MULTILINE):
            yield good("has a target that trains", f"{file.path}:{tree.text(file)[: match.start()].count(chr(10)) + 1}")
    for file in tree.named("dvc.yaml", "mlproject"):
        if re.search(r"train|fit", tree.text(file)):
            yield good("runs the training as a stage", file.path)
    for file in tree.named("*train*.py", "*fit*.py", "main.py", "run.py", "pipeline.py", "cli.py"):
        text = tree.text(file)
        if (
            file.size < 400_000
            and "__main__" in text
            and (_FITS.search(text) or "train" in file.name)
            and not file.name.startswith("test")
        ):
            yield good("trains when it is run", file.path)
    for pipeline in project.pipelines:
        for job in pipeline.jobs:
            if match := re.search(
                r"papermill [^\n]*|nbconvert [^\n]*--execute[^\n]*|python3? (-m )?\S*train\S*|dvc repro", job.text
            ):
                yield good(f"is trained by the job {job.name}: {match[0][:40]}", pipeline.at(job))
