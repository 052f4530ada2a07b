"""Is the model trained again by a schedule, and on new data: what the files say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.code import keyword
from mlready_nb.project.manifests import kinds
from mlready_nb.project.yamls import visit

_TRAINS = re.compile(
    r"\b(re-?)?train(ing|er|_\w+)?\b|(re)?train[._-]\w+|dvc repro|fit_model|mlflow run|build_model|pipeline\.py|training",
    re.IGNORECASE,
)
_FETCHES = re.compile(
    r"ingest|extract|load_(new_)?data|fetch|download|dvc (pull|update)|read_sql|query|new[_-]data|refresh|dvc repro|etl|features?",
    re.IGNORECASE,
)


@check("MNT-01.1", "MNT-01.2", "MNT-01.3", "OBS-03.3")
def retraining(project_files: Project) -> Finding:
    """A schedule that trains the model anew.

    What it measures: Schedules of GitHub Actions, GitLab, Azure, CircleCI, Jenkins, Kubernetes CronJobs, crontab files,
    Airflow DAGs, Prefect and Dagster, Terraform event rules, whose work is a training; whether that work fetches data
    first; whether drift can start it.

    Why it matters: Every model ages; without a date the ageing is found by those it harms.

    Blind spots: Schedules set in a console; a procedure by hand, which is a fair answer: attest it.

    How to mend: on: {schedule: [{cron: "0 3 * * 1"}]} with a job that runs python train.py.
    """
    found = [*_pipelines(project_files), *_manifests(project_files), *_code(project_files)]
    every = [s for s, _ in found]
    automatic = [good(f"is automatic: {s.text}", s.at) for s in every if s.outcome == "pass"]
    fresh = [
        good("fetches data before it trains", s.at)
        for s, text in found
        if _FETCHES.search(text) and s.outcome == "pass"
    ]
    return settle(
        project_files.tree,
        {
            "MNT-01.1": every,
            "MNT-01.2": automatic,
            "MNT-01.3": fresh,
            "OBS-03.3": [
                good(f"is triggered: {s.text}", s.at)
                for s, text in found
                if re.search(r"drift|degrad", text, re.IGNORECASE) and s.outcome == "pass"
            ],
        },
        "no schedule that trains (Actions, Airflow, Prefect, cron...)",
    )


def _pipelines(project: Project) -> Iterator[tuple[Said, str]]:
    for pipeline in project.pipelines:
        for cron, line in pipeline.schedules:
            text = "\n".join(f"{j.name} {j.text}" for j in pipeline.jobs)
            if _TRAINS.search(text) or _TRAINS.search(pipeline.path):
                yield good(f"trains on the schedule {cron}", f"{pipeline.path}:{line}"), text


def _manifests(project: Project) -> Iterator[tuple[Said, str]]:
    for doc in kinds(project.manifests, "CronJob", "CronWorkflow", "ScheduledWorkflow", "ScheduledSparkApplication"):
        text = " ".join(str(v) for _, v, _ in visit(doc.body) if not isinstance(v, dict))
        schedule = doc.dig("spec", "schedule") or doc.dig("spec", "schedules") or "its own"
        if not _TRAINS.search(text):
            continue
        if doc.dig("spec", "suspend") is True:
            yield weak("is a schedule that is suspended", doc.at(), "Set suspend: false."), text
        else:
            yield good(f"trains on the schedule {schedule}", doc.at()), text
    for file in project.tree.named("crontab*", "*.cron", "*cron*.txt"):
        for number, line in enumerate(project.tree.text(file).splitlines(), start=1):
            if re.match(r"\s*(@\w+|[\d*/,-]+(\s+[\w*/,-]+){4})\s+\S", line) and _TRAINS.search(line):
                yield good(f"trains by cron: {' '.join(line.split()[:5])}", f"{file.path}:{number}"), line
    for resource in project.terraform:
        text = str(resource.body)[:3000]
        if re.search(r"event_rule|scheduler_job|scheduler_schedule", resource.kind) and _TRAINS.search(
            f"{resource.name} {text}"
        ):
            yield good(f"trains on a schedule of {resource.kind}", resource.at), text


def _code(project: Project) -> Iterator[tuple[Said, str]]:
    for module in project.code:
        if not module.packages & {
            "airflow",
            "prefect",
            "dagster",
            "schedule",
            "celery",
            "apscheduler",
            "metaflow",
            "zenml",
            "kfp",
        }:
            continue
        if not _TRAINS.search(module.text):
            continue
        for name, call in module.calls:
            last = name.rpartition(".")[2]
            for key in ("schedule", "schedule_interval", "cron", "cron_schedule", "interval", "cron_expression"):
                value = keyword(call, key)
                if value is None or (isinstance(value, ast.Constant) and value.value is None):
                    continue
                if last in (
                    "DAG",
                    "dag",
                    "serve",
                    "deploy",
                    "build_from_flow",
                    "Deployment",
                    "ScheduleDefinition",
                    "schedule",
                    "flow",
                    "CronSchedule",
                    "Schedule",
                    "IntervalSchedule",
                    "create_recurring_run",
                    "add_job",
                ):
                    yield (
                        good(f"trains on the schedule {ast.unparse(value)[:40]}", module.at(call)),
                        module.text[:20_000],
                    )
            if name.startswith("schedule.every"):
                yield good("trains on a schedule", module.at(call)), module.text[:20_000]
                break
