"""What test and load tools wrote: JUnit, coverage, Locust, k6, JMeter, wrk, scanners. Numbers only."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlready_nb.project.files import File, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class TestReport:
    """A JUnit file: how many ran, and how they ended."""

    path: str
    tests: int
    failed: int
    skipped: int
    #: ISO time, empty where the file does not say
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What a load tool measured over all requests; milliseconds and requests per second."""

    path: str
    tool: str
    requests: int
    errors: int
    rps: float | None = None
    p95: float | None = None
    p99: float | None = None

    @property
    def error_rate(self) -> float:
        """Share of requests that failed."""
        return self.errors / self.requests if self.requests else 0.0

    def __str__(self) -> str:
        parts = [f"{self.requests:,} requests"]
        parts += [f"{self.rps:.4g} per second"] if self.rps is not None else []
        parts += [f"P95 {self.p95:.4g} ms"] if self.p95 is not None else []
        parts += [f"P99 {self.p99:.4g} ms"] if self.p99 is not None else []
        return f"{self.tool}: {', '.join(parts)}, {self.error_rate:.2%} errors"


def junit(tree: Tree) -> Iterator[TestReport]:
    """Every JUnit file of the folder."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    for file in tree.files:
        if file.suffix != ".xml" or not 0 < file.size < 2_000_000:
            continue
        text = tree.text(file)
        if "<testsuite" not in text[:2000]:
            continue
        try:
            top = fromstring(text)
        except (ParseError, DefusedXmlException, ValueError):
            continue
        suites = [top] if top.tag == "testsuite" else list(top.iter("testsuite"))
        count = {k: sum(int(float(s.get(k) or 0)) for s in suites) for k in ("tests", "failures", "errors", "skipped")}
        when = next((s.get("timestamp") for s in suites if s.get("timestamp")), "") or ""
        yield TestReport(
            path=file.path,
            tests=count["tests"],
            failed=count["failures"] + count["errors"],
            skipped=count["skipped"],
            when=when,
        )


def coverage(tree: Tree) -> Iterator[tuple[str, float]]:
    """(file, share of lines covered) of every coverage report."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    for file in tree.named("coverage*.xml", "cobertura*.xml", "coverage*.json"):
        text = tree.text(file)
        try:
            if file.suffix == ".json":
                yield file.path, float(json.loads(text)["totals"]["percent_covered"]) / 100
            else:
                yield file.path, float(fromstring(text).get("line-rate"))
        except (ParseError, DefusedXmlException, ValueError, KeyError, TypeError, RecursionError):
            continue


def load_reports(tree: Tree) -> Iterator[LoadReport]:
    """Every report of a load tool that can be read."""
    for file in tree.files:
        if file.size > 2_000_000 or not file.size:
            continue
        try:
            if file.suffix in (".csv", ".jtl"):
                report = _table(file, tree.text(file))
            elif file.suffix == ".json" and re.search(
                r"k6|load|perf|bench|stress|summary|locust|statistics|artillery|vegeta", file.path.lower()
            ):
                report = _json(file, tree.text(file))
            elif file.suffix in (".txt", ".log", ".out") and re.search(
                r"wrk|load|bench|stress|perf|hey|\bab\b", file.path.lower()
            ):
                report = _text(file, tree.text(file))
            else:
                continue
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, csv.Error):
            continue
        if report is not None:
            yield report


def _number(text: object) -> float | None:
    try:
        return float(str(text).replace(",", "").strip())
    except ValueError:
        return None


def _table(file: File, text: str) -> LoadReport | None:
    head = text[:2000].lower()
    if "request count" in head and "failure count" in head:
        return _locust(file, text)
    if "elapsed" in head and "success" in head and "label" in head:
        return _jmeter(file, text)
    return None


def _locust(file: File, text: str) -> LoadReport | None:
    rows = list(csv.DictReader(io.StringIO(text)))
    total = next((r for r in rows if (r.get("Name") or "") in ("Aggregated", "Total")), None)
    if total is None and rows and "Timestamp" not in rows[0]:
        total = rows[-1]
    if total is None or "Timestamp" in total:
        return None
    return LoadReport(
        path=file.path, tool="Locust", requests=int(float(total["Request Count"])), errors=int(float(total["Failure Count"])),
        rps=_number(total.get("Requests/s")), p95=_number(total.get("95%")), p99=_number(total.get("99%")),
    )  # fmt: skip


def _jmeter(file: File, text: str) -> LoadReport | None:
    rows = list(csv.DictReader(io.StringIO(text)))
    took = sorted(float(r["elapsed"]) for r in rows if r.get("elapsed"))
    if not took:
        return None
    stamps = [float(r["timeStamp"]) for r in rows if _number(r.get("timeStamp")) is not None]
    span = (max(stamps) - min(stamps)) / 1000 if len(stamps) > 1 else 0
    return LoadReport(
        path=file.path, tool="JMeter", requests=len(took), errors=sum((r.get("success") or "").lower() != "true" for r in rows),
        rps=len(took) / span if span else None, p95=_rank(took, 0.95), p99=_rank(took, 0.99),
    )  # fmt: skip


def _rank(values: list[float], share: float) -> float:
    """The nearest-rank percentile of sorted values."""
    return values[min(len(values) - 1, max(0, -(-int(share * 1000) * len(values) // 1000) - 1))]


def _json(file: File, text: str) -> LoadReport | None:
    body = json.loads(text)
    if isinstance(body, list) and body and "num_requests" in body[0]:  # locust --json
        total = body[-1]
        return LoadReport(
            path=file.path,
            tool="Locust",
            requests=sum(b["num_requests"] for b in body),
            errors=sum(b["num_failures"] for b in body),
            rps=_number(total.get("total_rps")),
        )
    metrics = body["metrics"]
    took, sent = metrics["http_req_duration"], metrics["http_reqs"]
    took, sent = took.get("values", took), sent.get("values", sent)
    failed = metrics.get("http_req_failed", {})
    failed = failed.get("values", failed)
    count = int(sent["count"])
    rate = failed.get("rate", failed.get("value", 0)) or 0
    return LoadReport(
        path=file.path, tool="k6", requests=count, errors=round(rate * count), rps=_number(sent.get("rate")),
        p95=_number(took.get("p(95)")), p99=_number(took.get("p(99)")),
    )  # fmt: skip


_UNITS = {"us": 1e-3, "µs": 1e-3, "ms": 1.0, "s": 1e3, "secs": 1e3, "m": 6e4}


def _text(file: File, text: str) -> LoadReport | None:
    """wrk, hey and ab print text."""
    wrk = re.search(r"([\d,]+) requests in ([\d.]+)(s|m)", text)
    if wrk:
        failed = sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", text))
        bad = re.search(r"Non-2xx or 3xx responses:\s*(\d+)", text)
        rps = re.search(r"Requests/sec:\s*([\d.]+)", text)
        return LoadReport(
            path=file.path, tool="wrk", requests=int(wrk[1].replace(",", "")), errors=failed + (int(bad[1]) if bad else 0),
            rps=float(rps[1]) if rps else None, p95=_percent(text, 95), p99=_percent(text, 99),
        )  # fmt: skip
    ab = re.search(r"Complete requests:\s*(\d+)", text)
    if ab:
        failed_ab, rps = (
            re.search(r"Failed requests:\s*(\d+)", text),
            re.search(r"Requests per second:\s*([\d.]+)", text),
        )
        nine = {n: re.search(rf"^\s*{n}%\s+(\d+)", text, re.MULTILINE) for n in (95, 99)}
        return LoadReport(
            path=file.path, tool="ab", requests=int(ab[1]), errors=int(failed_ab[1]) if failed_ab else 0,
            rps=float(rps[1]) if rps else None, p95=float(nine[95][1]) if nine[95] else None, p99=float(nine[99][1]) if nine[99] else None,
        )  # fmt: skip
    hey = re.search(r"Requests/sec:\s*([\d.]+)", text)
    if hey and "Status code distribution" in text:
        codes = [(int(c), int(n)) for c, n in re.findall(r"\[(\d{3})\]\s+(\d+) responses", text)]
        seconds = {n: re.search(rf"{n}%+ in ([\d.]+) secs", text) for n in (95, 99)}
        return LoadReport(
            path=file.path, tool="hey", requests=sum(n for _, n in codes), errors=sum(n for c, n in codes if c >= 400), rps=float(hey[1]),
            p95=float(seconds[95][1]) * 1000 if seconds[95] else None, p99=float(seconds[99][1]) * 1000 if seconds[99] else None,
        )  # fmt: skip
    return None


def _percent(text: str, share: int) -> float | None:
    match = re.search(rf"^\s*{share}(?:\.0+)?%\s+([\d.]+)(us|µs|ms|s|m)\b", text, re.MULTILINE)
    return float(match[1]) * _UNITS[match[2]] if match else None


def vulnerabilities(tree: Tree) -> Iterator[tuple[str, str, int, int]]:
    """(file, scanner, critical, high) of Trivy's and Grype's JSON."""
    for file in tree.files:
        if (
            file.suffix != ".json"
            or file.size > 2_000_000
            or not re.search(r"trivy|grype|scan|vuln|security", file.path.lower())
        ):
            continue
        try:
            body = json.loads(tree.text(file))
            if "Results" in body:
                found = [v["Severity"] for r in body["Results"] for v in r.get("Vulnerabilities") or ()]
                scanner = "Trivy"
            elif "matches" in body:
                found, scanner = [m["vulnerability"]["severity"] for m in body["matches"]], "Grype"
            else:
                continue
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        yield file.path, scanner, sum(s.upper() == "CRITICAL" for s in found), sum(s.upper() == "HIGH" for s in found)
