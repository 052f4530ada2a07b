"""Who is told when it breaks, and where can it be seen: what the files say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.manifests import Doc
from mlready_nb.project.yamls import Map, dig, listed

_CRITICAL = re.compile(
    r"\bup\b|absent|error|5\.\.|5xx|down|unavailable|crash|OutOf|\boom|unhealthy|notready|killed|status|fail|critical|page",
    re.IGNORECASE,
)
_SLOW = re.compile(
    r"latenc|duration|p9[59]|quantile|drift|accuracy|f1|auc|psi|confiden|score|performance|degrad|slow", re.IGNORECASE
)
_DRIFT = re.compile(r"drift|psi|ks_|distribution|wasserstein", re.IGNORECASE)


@check("MON-03.1", "MON-03.2", "MON-04.1", "MON-04.2", "OBS-02.3", "CST-01.1", "CST-01.4", "OBS-01.2", "OBS-01.3")
def alerts_and_dashboards(project_files: Project) -> Finding:
    """Alert rules on failures, slowness, drift and cost, and dashboards that show what happens.

    What it measures: Prometheus rules (files and PrometheusRule objects), Grafana dashboards and their panels, alarms and
    budgets in Terraform or CloudFormation; whether alertmanager sends anything to anybody.

    Why it matters: A metric that nobody is woken by is looked at after the complaint.

    Blind spots: Alerts and dashboards made by hand in a console: link them when you attest.

    How to mend: - alert: HighErrorRate, expr: rate(errors_total[5m]) / rate(requests_total[5m]) > 0.05, for: 5m
    """
    rules = [r for d in project_files.manifests for r in _rules(d)]
    alarms = list(_alarms(project_files))
    told = [(f"{name} {expr}", at, name) for name, expr, at in rules] + alarms
    panels = list(_panels(project_files))

    def alerts(pattern: re.Pattern[str]) -> list[Said]:
        return [good(f"alerts: {name}", at) for text, at, name in told if pattern.search(text)][:3]

    def shows(pattern: re.Pattern[str]) -> list[Said]:
        return [good(f"shows {title}", at) for title, text, at in panels if pattern.search(text)][:2]

    silent = _silent(project_files.manifests)
    critical, slow = alerts(_CRITICAL), alerts(_SLOW)
    if told and not critical:
        critical = [weak("alerts on no failure", told[0][1], "Add an alert on the error rate and on up == 0.")]
    if told and not slow:
        slow = [
            weak(
                "alerts on no slowness or loss of quality",
                told[0][1],
                "Add an alert on the P95 and on the model's metric.",
            )
        ]
    if critical and silent:
        critical = [*critical, silent]
    return settle(
        project_files.tree,
        {
            "MON-03.1": critical,
            "MON-03.2": slow,
            "OBS-02.3": alerts(_DRIFT),
            "CST-01.4": [
                good(f"has a budget: {name}", at)
                for text, at, name in told
                if re.search(r"budget|billing|cost", text, re.IGNORECASE)
            ],
            "MON-04.1": [good(f"has a dashboard of {len(panels)} panels", panels[0][2])]
            if panels
            else list(_empty(project_files)),
            "MON-04.2": [
                good("shows metrics over time", at)
                for _, text, at in panels
                if re.search(r"timeseries|graph|rate\(|heatmap", text)
            ][:1],
            "OBS-01.2": shows(re.compile(r"latenc|duration|quantile|p9[59]", re.IGNORECASE)) or slow[:1]
            if told or panels
            else [],
            "OBS-01.3": shows(re.compile(r"cpu|memory|gpu|resident|container_", re.IGNORECASE))
            or alerts(re.compile(r"cpu|memory|gpu|disk", re.IGNORECASE)),
            "CST-01.1": shows(re.compile(r"cpu|memory|gpu|resident|container_", re.IGNORECASE)),
        },
        "no alert rule (Prometheus, CloudWatch...) and no Grafana dashboard",
    )


def _rules(doc: Doc) -> Iterator[tuple[str, str, str]]:
    groups = doc.dig("spec", "groups") if doc.kind == "PrometheusRule" else doc.body.get("groups")
    for group in listed(groups):
        for rule in listed(dig(group, "rules")):
            if isinstance(rule, Map) and "alert" in rule and rule.get("expr"):
                labels = (
                    " ".join(map(str, (rule.get("labels") or {}).values()))
                    if isinstance(rule.get("labels"), dict)
                    else ""
                )
                yield str(rule["alert"]), f"{rule['expr']} {labels}", doc.at(rule.lines["alert"])
            elif isinstance(rule, Map) and "title" in rule and "condition" in rule:  # Grafana's own alerting
                yield str(rule["title"]), json.dumps(rule, default=str)[:2000], doc.at(rule.line)


def _alarms(project: Project) -> Iterator[tuple[str, str, str]]:
    for resource in project.terraform:
        if re.search(
            r"metric_alarm|alert_policy|metric_alert|budget|monitor_action|datadog_monitor|scheduled_query_rules_alert",
            resource.kind,
        ):
            yield f"{resource.kind} {str(resource.body)[:2000]}", resource.at, resource.name
    for doc in project.manifests:
        for name, value in (
            (doc.body.get("Resources") or {}).items() if isinstance(doc.body.get("Resources"), dict) else ()
        ):
            if re.search(r"Alarm|Budget", str(dig(value, "Type"))):
                yield f"{name} {json.dumps(value, default=str)[:2000]}", doc.at(doc.body["Resources"].lines[name]), name


def _panels(project: Project) -> Iterator[tuple[str, str, str]]:
    for file in project.tree.files:
        if file.suffix != ".json" or file.size > 1_000_000:
            continue
        text = project.tree.text(file)
        if '"panels"' not in text and '"dashboard"' not in text:
            continue
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            continue
        body = body.get("dashboard", body) if isinstance(body, dict) else {}
        for panel in (
            body.get("panels") or () if isinstance(body, dict) and isinstance(body.get("panels"), list) else ()
        ):
            if isinstance(panel, dict) and (panel.get("targets") or panel.get("panels")):
                yield str(panel.get("title") or panel.get("type")), json.dumps(panel)[:4000], file.path


def _empty(project: Project) -> Iterator[Said]:
    for file in project.tree.named("*dashboard*.json", "*grafana*.json"):
        if '"panels"' in project.tree.text(file):
            yield weak("is a dashboard whose panels ask for nothing", file.path, "Give its panels queries.")
            return


def _silent(docs: list[Doc]) -> Said | None:
    """An alertmanager whose receivers reach nobody."""
    for doc in docs:
        if "route" in doc.body and "receivers" in doc.body:
            reached = any(
                k.endswith("_configs") and v
                for r in listed(doc.body["receivers"])
                if isinstance(r, dict)
                for k, v in r.items()
            )
            if not reached:
                return weak(
                    "has alertmanager receivers that reach nobody",
                    doc.at(doc.body.lines["receivers"]),
                    "Give a receiver slack_configs, pagerduty_configs or email_configs.",
                )
    return None
