"""What stands in each field of a template: a person's words first, then the live objects, then what checks measured."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlready_nb.catalogue.model import Field
from mlready_nb.checklist import Checklist
from mlready_nb.finding import ORDER, Estimate, Finding, Outcome
from mlready_nb.views.words import measured

#: Outcomes of a check that has looked.
LOOKED = (Outcome.FAIL, Outcome.WARN, Outcome.INCONCLUSIVE, Outcome.PASS)
#: Outcomes that a reader must know of.
TROUBLE = LOOKED[:3]

#: Field of the card -> metric of `overall-metrics`.
METRICS = {
    "performance.accuracy": "accuracy",
    "performance.precision": "precision",
    "performance.recall": "recall",
    "performance.f1_score": "f1",
    "performance.auc_roc": "roc_auc",
}
#: What a regression is measured by, in the place of those.
REGRESSION = {"r2": "R²", "mae": "MAE", "rmse": "RMSE"}
#: Checks that hold the test set against the training set.
COMPARING = ("schema-mismatch", "missing-values", "row-overlap")
FAIRNESS, CLASSES, OVERALL = "group-disparity", "weak-class", "overall-metrics"
#: Box of the runbook -> the verification that ticks it (`%mlready verify`).
BOXES = {
    "runbook_verification.health_check_passing": "endpoint-health",
    "runbook_verification.sample_predictions_correct": "endpoint-prediction",
    "runbook_verification.latency_acceptable": "endpoint-latency",
}
#: Findings that are listed as limitations; the rest is counted.
LISTED = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One statement in a field."""

    text: str
    #: where it comes from: a check's name, a variable; empty for a person's own words
    source: str = ""
    stale: bool = False
    #: True when a check gave it
    measured: bool = False


Lines = tuple[Line, ...]


def filled(checklist: Checklist, template: str = "card") -> dict[str, Lines]:
    """Key of each field that is not empty -> its lines."""
    known = suggested(checklist)
    found: dict[str, Lines] = {}
    for field in checklist.catalogue.templates[template].fields():
        own = checklist.card.get(field.key, "").strip()
        if own:
            found[field.key] = tuple(Line(t) for t in map(_unlisted, own.splitlines()) if t)
        elif known.get(field.key):
            found[field.key] = known[field.key]
    return found


def _unlisted(text: str) -> str:
    """A line without the dash of a list: it becomes one anyway."""
    return re.sub(r"^\s*[-*•]\s+", "", text).strip()


def empty(checklist: Checklist, template: str = "card") -> tuple[Field, ...]:
    """Fields that wait for words; a step or a box that the template words itself does not."""
    there = filled(checklist, template)
    return tuple(f for f in fillable(checklist, template) if f.key not in there)


def fillable(checklist: Checklist, template: str = "card") -> tuple[Field, ...]:
    """Fields that somebody or something must fill."""
    return tuple(f for f in checklist.catalogue.templates[template].fields() if f.placeholder)


def suggested(checklist: Checklist) -> dict[str, Lines]:
    """What objects and checks give, whether or not a person has written something else."""
    found = _measured(checklist)
    for key, (text, source) in checklist.facts.items():
        if text:
            found[key] = tuple(Line(line, source) for line in text.splitlines() if line.strip())
    return _dated(checklist, found)


def facts(checklist: Checklist) -> dict[str, list[str]]:
    """The same for the panel: key -> [text, source]."""
    told = {}
    for key, lines in suggested(checklist).items():
        texts = [f"{line.text} (stale)" if line.stale else line.text for line in lines]
        sources = dict.fromkeys(line.source for line in lines if line.source)
        told[key] = [_cut("; ".join(texts)), ", ".join(sources)]
    return told


def _cut(text: str, limit: int = 400) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _dated(checklist: Checklist, found: dict[str, Lines]) -> dict[str, Lines]:
    """Version and date, which the run knows better than the clock."""
    run = checklist.run
    if run is None:
        return found
    version = list(found.get("model_details.version", ()))
    if "model" in run.fingerprints:
        stale = any(f.stale and "model" in f.based_on for f in run)
        version.append(
            Line(f"model fingerprint {run.fingerprints['model']}", "hash of the model that was checked", stale)
        )
    libraries = [f"{name} {number}" for name, number in run.versions.items()]
    if libraries:
        version.append(Line(", ".join(libraries), "loaded when the checks ran"))
    if version:
        found["model_details.version"] = tuple(version)
    if run.started and "model" in run.fingerprints:
        found["model_details.date"] = (Line(run.started[:10], "the day the checks ran"),)
    return found


def findings(checklist: Checklist, check: str) -> tuple[Finding, ...]:
    """What a check said when it last looked."""
    return tuple(f for f in checklist.run or () if f.check == check and f.outcome in LOOKED)


def is_regression(checklist: Checklist) -> bool:
    """True when the metrics are those of a regression."""
    return any("r2" in f.measured for f in findings(checklist, OVERALL))


def estimated(estimate: Estimate) -> str:
    """`0.853 (95 % interval 0.845 to 0.861, n = 8,141)`."""
    aside = []
    if estimate.low is not None and estimate.high is not None:
        aside.append(f"95 % interval {measured(estimate.low)} to {measured(estimate.high)}")
    if estimate.n is not None:
        aside.append(f"n = {estimate.n:,}")
    return measured(estimate.value) + (f" ({', '.join(aside)})" if aside else "")


def _measured(checklist: Checklist) -> dict[str, Lines]:
    found: dict[str, Lines] = {}
    for finding in findings(checklist, OVERALL):
        for key, metric in METRICS.items():
            value = finding.measured.get(metric)
            if metric == "accuracy" and value is None:
                value = finding.measured.get("subset_accuracy")
            if isinstance(value, Estimate):
                found[key] = (_line(finding, estimated(value) + _averaged(checklist, metric, value, finding)),)
        if "r2" in finding.measured:
            said = Line("does not apply to a regression", OVERALL, finding.stale, measured=True)
            found |= dict.fromkeys(METRICS, (said,))
    found["evaluation_data.distribution"] = tuple(
        _line(f, f.message) for name in COMPARING for f in findings(checklist, name)
    )
    found["limitations.list_known_limitations"] = _limitations(checklist)
    found["limitations.edge_cases_where_model_fails"] = tuple(
        _line(f, _judged(f)) for f in findings(checklist, CLASSES)
    )
    found["limitations.bias_or_fairness_concerns"] = tuple(_line(f, _judged(f)) for f in findings(checklist, FAIRNESS))
    found["ethical_considerations.fairness_across_groups"] = tuple(_gaps(findings(checklist, FAIRNESS)))
    return {key: lines for key, lines in found.items() if lines}


def _averaged(checklist: Checklist, metric: str, value: Estimate, finding: Finding) -> str:
    """What the number is of: the positive class, or a mean over the classes."""
    if metric == "accuracy":
        return "" if "accuracy" in finding.measured else ", all labels of a row right"
    origin = checklist.subjects.get("task")
    binary = origin.variable == "binary" if origin is not None else "pr_auc" in finding.measured
    # the interval of one class's share is Wilson's, that of a mean over classes is not
    if binary or value.method == "wilson":
        positive = _positive(checklist)
        return f", of the positive class{f' {positive!r}' if positive else ''}" if metric != "roc_auc" else ""
    return ", each class against the rest, mean" if metric == "roc_auc" else ", mean over the classes"


def _positive(checklist: Checklist) -> str | None:
    for finding in findings(checklist, CLASSES):
        for table in finding.tables:
            if table.title == "Results by class" and len(table.rows) == 2:
                return str(table.rows[1][0])
    return None


def _limitations(checklist: Checklist) -> Lines:
    told = [f for f in checklist.run or () if f.outcome in TROUBLE and f.check not in (FAIRNESS, CLASSES)]
    told.sort(key=lambda f: ORDER.index(f.outcome))
    lines = [_line(f, _judged(f)) for f in told[:LISTED]]
    if len(told) > LISTED:
        lines.append(Line(f"{len(told) - LISTED} more findings stand in the report", "all checks", measured=True))
    return tuple(lines)


def _judged(finding: Finding) -> str:
    """The message with its verdict where that is no pass."""
    words = {"warn": "warning", "fail": "failed", "inconclusive": "not decided"}
    verdict = words.get(str(finding.outcome))
    return f"{verdict}: {finding.message}" if verdict else finding.message


def _gaps(of: Iterable[Finding]) -> Iterable[Line]:
    """For each sensitive column the rate in which two groups surely differ most; error rates before selection rates."""
    for finding in of:
        if not _differences(finding.measured):
            yield _line(finding, _judged(finding))
        for column, (rate, value) in _differences(finding.measured).items():
            yield _line(finding, f"by {column}: largest difference in {rate} {estimated(value)}")


def _differences(measured: Mapping[str, object]) -> dict[str, tuple[str, Estimate]]:
    found: dict[str, tuple[str, Estimate]] = {}
    for name, value in measured.items():
        rate, _, column = name.partition("_difference (")
        if not column or not isinstance(value, Estimate) or rate == "accuracy":  # accuracy follows the base rates
            continue
        column = column.removesuffix(")")
        rank = _rank(rate, value)
        if column not in found or rank > _rank(*found[column]):
            found[column] = (rate, value)
    return {column: (rate.replace("_", " "), value) for column, (rate, value) in found.items()}


def _rank(rate: str, value: Estimate) -> tuple[bool, float]:
    """Selection rates follow the base rates too."""
    return rate != "selection_rate", value.low if value.low is not None else -math.inf


def _line(finding: Finding, text: str) -> Line:
    return Line(text, finding.check, finding.stale, measured=True)
