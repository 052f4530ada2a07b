"""Health check, one sample prediction, latency: each asked of the endpoint, each a finding."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlready_nb.adapters import as_predictor
from mlready_nb.finding import Estimate, Finding, Strength, errored, failed, inconclusive, not_run, passed
from mlready_nb.subjects import Subjects
from mlready_nb.verify.loopback import Answer, Endpoint, endpoint
from mlready_nb.verify.synthetic import as_row, requests, typical

HEALTH, PREDICTION, LATENCY = "endpoint-health", "endpoint-prediction", "endpoint-latency"
#: Requests whose times are taken, and seconds they may take together.
REQUESTS, SECONDS = 100, 10.0
_HEALTH_PATHS = ("/health", "/healthz", "/livez", "/readyz", "/ready", "/ping", "/v2/health/ready", "/status")
_PREDICT_PATHS = ("/predict", "/invocations", "/score", "/v1/predict", "/api/predict")
_PREDICTS = re.compile(r"predict|infer|score|invocation|classif", re.IGNORECASE)
_HEALTHY = re.compile(r"health|live|ready|ping|status", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A request that was answered: what latency is taken of."""

    path: str
    body: Any
    answer: Answer


def verify(address: str, subjects: Subjects) -> tuple[Finding, ...]:
    """Ask the endpoint for the three boxes; raises `NotLocal` before anything is sent elsewhere."""
    at = endpoint(address)
    described = at.ask("GET", "/openapi.json")
    document = described.content if described.ok else None
    found, sample = [_health(at, document)], None
    try:
        prediction, sample = _prediction(at, document, subjects)
    except Exception as error:
        prediction = errored(f"no request could be made: {type(error).__name__}: {' '.join(str(error).split())[:200]}")
    found += [prediction, _latency(at, sample, subjects)]
    names = (HEALTH, PREDICTION, LATENCY)
    items = (("FIN-05",), ("FIN-05",), ("LAT-01",))
    based = tuple(n for n in ("model",) if subjects.model is not None)
    return tuple(
        f.stamped(check=n, items=i, based_on=based if n != HEALTH else ())
        for f, n, i in zip(found, names, items, strict=True)
    )


def _health(at: Endpoint, document: Any) -> Finding:
    paths = [*(p for p, _ in _routes(document, "get") if _HEALTHY.search(p)), *_HEALTH_PATHS]
    last = Answer(status=0, error="nothing answers there")
    for path in dict.fromkeys(paths):
        answer = at.ask("GET", path)
        if answer.ok:
            took = f"{answer.seconds * 1000:.0f} ms"
            return passed(
                f"GET {path} of {at} answered {answer.status} in {took}",
                measured={"milliseconds": answer.seconds * 1000},
            )
        if answer.status == 0:
            last = answer
            break
        if answer.status != 404 or last.status in (0, 404):
            last = answer
    said = last.error or f"status {last.status}"
    return failed(
        f"no health check of {at} answers with 2xx: {said}",
        remedy="Start the service, and give it a route GET /health that answers 200 when the model is loaded.",
    )


def _prediction(at: Endpoint, document: Any, subjects: Subjects) -> tuple[Finding, Sample | None]:
    X = subjects.X_test if subjects.X_test is not None else subjects.X_train
    if X is None:
        return not_run("waits for X_test: a synthetic row is made of its columns: %mlready use X_test=<variable>"), None
    row = typical(X)
    routes = [
        *((p, s) for p, s in _routes(document, "post") if _PREDICTS.search(p)),
        *((p, None) for p in _PREDICT_PATHS),
    ]
    last: Answer | None = None
    for path, schema in dict(reversed(routes)).items() if not document else routes:
        for body in requests(schema, document, row):
            answer = at.ask("POST", path, body)
            if answer.ok:
                sample = Sample(path=path, body=body, answer=answer)
                return _judged(at, sample, subjects, X, row), sample
            if answer.status in (0, 401, 403):
                return failed(
                    f"POST {path} of {at}: {answer.error or f'status {answer.status}'}",
                    remedy="Start the service without authentication on this machine, or verify it in staging.",
                ), None
            last = answer if last is None or answer.status != 404 else last
            if answer.status == 404:
                break
    said = f"status {last.status}" if last is not None else "no route"
    return failed(
        f"no prediction route of {at} accepts one synthetic row ({said})",
        remedy="Describe the route's body in OpenAPI with the model's column names, or accept {column: value}.",
    ), None


def _judged(at: Endpoint, sample: Sample, subjects: Subjects, X: Any, row: Mapping[str, Any]) -> Finding:
    said = list(_scalars(sample.answer.content))
    where = f"POST {sample.path} of {at}"
    if subjects.model is None or subjects.task is None:
        return inconclusive(
            f"{where} answered {sample.answer.status}, and there is no live model here to compare it with"
        )
    predictor = as_predictor(subjects.model, task=subjects.task, class_names=subjects.class_names)
    one = as_row(X, row)
    wanted = np.asarray(predictor.predict(one)).ravel()[0]
    wanted = wanted.item() if hasattr(wanted, "item") else wanted
    proba = predictor.predict_proba(one)
    numbers = [float(p) for p in np.asarray(proba).ravel()] if proba is not None else []
    if any(_equal(v, wanted) for v in said):
        return passed(f"{where} gives what the live model gives for one synthetic row", strength=Strength.MEASURED)
    floats = [v for v in said if isinstance(v, float) and 0 < v < 1]
    if numbers and any(math.isclose(v, p, rel_tol=1e-4, abs_tol=1e-6) for v in floats for p in numbers if 0 < p < 1):
        return passed(f"{where} gives the live model's probability for one synthetic row", strength=Strength.MEASURED)
    alike = [
        v for v in said if type(v) is type(wanted) or (isinstance(v, (int, float)) and isinstance(wanted, (int, float)))
    ]
    if len(said) == 1 and alike:
        return failed(
            f"{where} gives another answer than the live model for one synthetic row",
            remedy="The service may run another version, or another preprocessing; deploy the model that was checked.",
        )
    return inconclusive(
        f"{where} answered {sample.answer.status}, and which of its {len(said)} values is the prediction cannot be told"
    )


def _latency(at: Endpoint, sample: Sample | None, subjects: Subjects) -> Finding:
    if sample is None:
        return not_run("waits for a sample prediction that is answered: only its time says something")
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < REQUESTS and time.perf_counter() - began < SECONDS:
        answer = at.ask("POST", sample.path, sample.body)
        if not answer.ok:
            said = answer.error or f"status {answer.status}"
            return failed(f"request {len(times) + 2} of POST {sample.path} failed: {said}; the limit is none")
        times.append(answer.seconds * 1000)
    p95 = _percentile(np.sort(np.array(times)), 0.95)
    measured = {"p95_latency_ms": p95}
    told = f"P95 of {len(times)} requests one after another to {at}: {p95} ms"
    goal = next((t for t in subjects.targets if t.metric == "p95_latency_ms"), None)
    if goal is None:
        return inconclusive(f"{told}; no goal is stated: %mlready target p95_latency_ms<=100", measured=measured)
    if p95.high is not None and p95.high <= goal.value:
        return passed(f"{told}; the goal is {goal}", measured=measured)
    if p95.low is not None and p95.low > goal.value:
        return failed(
            f"{told}; the goal is {goal}",
            measured=measured,
            remedy="Profile the route; load the model once, at the start.",
        )
    return inconclusive(f"{told}; whether {goal} is met cannot be told", measured=measured)


def _percentile(ordered: Any, q: float) -> Estimate:
    """With an interval that needs no distribution: order statistics by the binomial (Conover 1999)."""
    from scipy.stats import binom

    n = len(ordered)
    low, high = int(binom.ppf(0.025, n, q)), int(binom.ppf(0.975, n, q))
    upper = float(ordered[high]) if high < n else None
    return Estimate(
        value=float(np.quantile(ordered, q)),
        low=float(ordered[max(low - 1, 0)]),
        high=upper,
        n=n,
        method="order statistics",
    )


def _routes(document: Any, method: str) -> Iterator[tuple[str, Any]]:
    """(path, schema of its JSON body) of an OpenAPI document; paths with parameters are left out."""
    paths = document.get("paths") if isinstance(document, Mapping) else None
    for path, operations in (paths or {}).items() if isinstance(paths, Mapping) else ():
        operation = operations.get(method) if isinstance(operations, Mapping) else None
        if isinstance(operation, Mapping) and "{" not in path and str(path).startswith("/"):
            body: Any = operation
            for key in ("requestBody", "content", "application/json", "schema"):
                body = body.get(key) if isinstance(body, Mapping) else None
            yield str(path), body


def _scalars(content: Any, depth: int = 6) -> Iterator[Any]:
    if isinstance(content, Mapping) and depth:
        for value in content.values():
            yield from _scalars(value, depth - 1)
    elif isinstance(content, list) and depth:
        for value in content[:100]:
            yield from _scalars(value, depth - 1)
    elif isinstance(content, (str, int, float, bool)):
        yield content


def _equal(one: Any, two: Any) -> bool:
    numbers = isinstance(one, (int, float)) and isinstance(two, (int, float))
    if numbers and (isinstance(one, float) or isinstance(two, float)):
        return math.isclose(one, two, rel_tol=1e-4, abs_tol=1e-9)
    return bool(one == two) or (not numbers and str(one) == str(two))
