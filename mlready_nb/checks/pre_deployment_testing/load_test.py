"""What did the load test measure, and does it meet the goals: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.reports import LoadReport
from mlready_nb.subjects import Target

_SCRIPTS = re.compile(r"from locust|import locust|k6/http|<jmeterTestPlan|io\.gatling|artillery", re.IGNORECASE)
_LATENCY = {"p95_latency_ms": "p95", "p99_latency_ms": "p99"}
_RATE = frozenset(("rps", "requests_per_second", "throughput_rps", "throughput"))


@check("API-03.3", "STG-02.1", "STG-02.2", "THR-01.1")
def load_test(
    project_files: Project, targets: tuple[Target, ...] = (), *, most_errors: float = 0.01, least_requests: int = 100
) -> Finding:
    """The report of a load test: requests per second, P95, P99 and errors, against the stated goals.

    What it measures: Locust's and JMeter's tables, k6's summary, what wrk, hey and ab print. Goals are those of %mlready
    target p95_latency_ms<=100 rps>=50; errors above one per cent fail in any case.

    Why it matters: A service that answers one request in 20 ms can answer fifty at once in five seconds.

    Blind spots: Whether the traffic was like the real one, and the machine like production's.

    How to mend: locust --headless -u 50 -r 10 -t 5m --csv load/report, and keep the table.
    """
    reports = project_files.load_reports
    goals = [t for t in targets if t.metric in _LATENCY or t.metric in _RATE]
    said = [s for r in reports for s in _judged(r, goals, most_errors, least_requests)]
    latency = [
        s
        for r, s in ((r, s) for r in reports for s in _judged(r, goals, most_errors, least_requests))
        if r.p95 is not None or r.p99 is not None
    ]
    if not said and (script := _script(project_files)):
        said = [
            weak(
                "is a load test, and no report of it is kept",
                script,
                "Run it with --csv (Locust) or --summary-export (k6).",
            )
        ]
        alone = {"API-03.3": said, "STG-02.1": said, "STG-02.2": None, "THR-01.1": None}
        return settle(project_files.tree, alone, "no load test")
    return settle(
        project_files.tree,
        {
            "API-03.3": said,
            "STG-02.1": said,
            "STG-02.2": latency,
            "THR-01.1": [
                s for r in reports if r.rps is not None for s in _judged(r, goals, most_errors, least_requests)
            ],
        },
        "no load test and no report of one (Locust, k6, JMeter, wrk, hey, ab)",
    )


def _judged(report: LoadReport, goals: list[Target], most_errors: float, least: int) -> Iterator[Said]:
    faults = []
    if report.error_rate > most_errors:
        faults.append(f"{report.error_rate:.2%} errors, the limit is {most_errors:.0%}")
    for goal in goals:
        value = report.rps if goal.metric in _RATE else getattr(report, _LATENCY[goal.metric])
        if value is not None and not (value <= goal.value if goal.op == "<=" else value >= goal.value):
            faults.append(f"{goal.metric} is {value:.4g}, the goal {goal}")
    if faults:
        yield bad(
            f"{report}: {'; '.join(faults)}",
            report.path,
            "Find what is slow under load: more workers, batching, a smaller model.",
        )
    elif report.requests < least:
        yield weak(f"{report}: fewer than {least} requests tell nothing of a P99", report.path, "Run it for minutes.")
    else:
        yield good(str(report), report.path)


def _script(project: Project) -> str:
    for file in project.tree.named(
        "*locust*.py",
        "*.jmx",
        "*k6*.js",
        "*load*.js",
        "*load*.py",
        "*load*.y*ml",
        "*.scala",
        "*stress*.py",
        "*stress*.js",
    ):
        if file.size < 400_000 and _SCRIPTS.search(project.tree.text(file)):
            return file.path
    return ""
