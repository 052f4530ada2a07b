"""How long the model takes for one row and for many, in this process."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Estimate, Finding, Outcome, Strength, Table, failed, inconclusive, passed
from mlready_nb.metrics.quantiles import quantile
from mlready_nb.scores import RESOURCES, canonical
from mlready_nb.subjects import Budget, Target, Unusable

Array = np.ndarray[Any, Any]

#: Different rows that are asked in turn; calls before the clock counts.
ROWS, WARM_UP = 50, 5
#: Rows of the batch that throughput is taken from.
BATCH = 1_000


@check("LAT-01.1", "LAT-01.2", cost=Cost.MODERATE)
def prediction_latency(
    predictor: Predictor,
    X_test: Any,
    budget: Budget,
    targets: tuple[Target, ...] = (),
    *,
    calls: int = 400,
    quick_calls: int = 40,
    quick_seconds: float = 0.2,
) -> Finding:
    """P50, P95 and P99 of single-row calls and rows a second in a batch, in process, against stated goals.

    What it measures: After a warm-up, `calls` single-row predictions on different test rows (at least 200, within the
    budget), with distribution-free intervals of the percentiles; and the best of three batches of 1,000 rows. A goal
    (%mlready target p95_latency_ms<=50) is held against the bound of the interval that counts; P99 is held against
    twice the goal for P95 unless it has its own. Without a goal a quick measurement is shown and decides nothing.

    Why it matters: A score that arrives after the page has loaded is a score of zero; what is too slow here will not
    be faster behind a network.

    Blind spots: In process, on this machine and under its load: no network, no serialisation, no queue, no cold start.
    A load test stays needed.

    How to mend: Smaller or fewer trees, a lighter pipeline (pandas in, NumPy inside), ONNX or another compiled form,
    batching of requests.
    """
    n = frames.n_rows(X_test)
    if n == 0:
        msg = "X_test is empty: 0 rows. Hint: %mlready use X_test=<a variable with rows>"
        raise Unusable(msg)
    goals = {RESOURCES[canonical(t.metric)]: t for t in targets if canonical(t.metric) in RESOURCES}
    timed = [k for k in goals if k.endswith("_latency_ms")]
    singles = [frames.take(X_test, np.array([i])) for i in np.linspace(0, n - 1, min(n, ROWS)).astype(int)]
    predictor.predict(singles[0])  # raises advice when the model cannot answer
    most, limit = (calls, max(2.0, 0.6 * budget.seconds)) if timed else (quick_calls, quick_seconds)
    times = _singles(predictor, singles, most, limit, budget)
    size, per_second = _batch(predictor, X_test, n, budget)
    seen = {f"p{round(100 * q)}_latency_ms": _estimate(times, q) for q in (0.5, 0.95, 0.99)}
    seen["rows_per_second"] = Estimate(value=per_second, n=size)
    measured = {k: _finite(e) for k, e in seen.items()} | {"calls": len(times)}
    table = Table(
        title="Time to predict, in process",
        columns=("what", "measured", "goal"),
        rows=tuple((_words(k), _finite(e), str(goals[k]) if k in goals else None) for k, e in seen.items()),
        note=f"{len(times):,} single-row calls after {WARM_UP} to warm up; a batch of {size:,} rows",
    )
    rest: dict[str, Any] = {"measured": measured, "tables": (table,)}
    said = f"one row takes {seen['p50_latency_ms'].value:.2g} ms (P50), {seen['p95_latency_ms'].value:.2g} ms (P95), {seen['p99_latency_ms'].value:.2g} ms (P99) in process; a batch {per_second:,.0f} rows a second"
    relevant = {k: g for k, g in goals.items() if k in seen}
    if not relevant:
        return passed(
            f"{said}. No goal is stated, so none is met: %mlready target p95_latency_ms<=50",
            strength=Strength.HEURISTIC,
            points=dict.fromkeys(("LAT-01.1", "LAT-01.2"), Outcome.NOT_RUN),
            **rest,
        )
    verdicts = {k: _verdict(seen[k], g) for k, g in relevant.items()}
    points = {
        "LAT-01.1": verdicts.get("p95_latency_ms", Outcome.NOT_RUN),
        "LAT-01.2": verdicts.get("p99_latency_ms", Outcome.NOT_RUN),
    }
    if "p95_latency_ms" in goals and "p99_latency_ms" not in goals:
        goal = goals["p95_latency_ms"]
        points["LAT-01.2"] = _verdict(
            seen["p99_latency_ms"], Target(metric="p99_latency_ms", op=goal.op, value=2 * goal.value)
        )
    missed = [k for k, v in verdicts.items() if v is Outcome.FAIL]
    unsure = [k for k, v in verdicts.items() if v is Outcome.INCONCLUSIVE]
    if missed:
        listed = "; ".join(f"{relevant[k]} is missed: {_finite(seen[k])}" for k in missed)
        return failed(
            f"{listed}. {said}",
            points=points,
            remedy="See where the time goes: %lprun or cProfile on predict of one row; then lighten the pipeline, shrink the model, or compile it (ONNX).",
            **rest,
        )
    if unsure:
        return inconclusive(
            f"{'; '.join(f'{relevant[k]} cannot be told: {_finite(seen[k])}' for k in unsure)}. {said}",
            points=points,
            remedy="Measure again on a quiet machine, with more calls: [tool.mlready.checks.prediction-latency] calls = 2000.",
            **rest,
        )
    if points["LAT-01.2"] is Outcome.FAIL:
        return failed(
            f"P99 is more than twice the goal for P95: {_finite(seen['p99_latency_ms'])} ms. {said}",
            points=points,
            remedy="Look for what happens now and then: garbage collection, a cache that fills, a thread pool.",
            **rest,
        )
    return passed(
        f"{'; '.join(f'{g} is met: {_finite(seen[k])}' for k, g in relevant.items())}. {said}", points=points, **rest
    )


def _singles(predictor: Predictor, singles: list[Any], most: int, limit: float, budget: Budget) -> Array:
    """Milliseconds of each single-row call."""
    times: list[float] = []
    began = time.perf_counter()
    for i in range(most + WARM_UP):
        if i % 10 == 0:
            budget.check()
        start = time.perf_counter()
        predictor.answer(singles[i % len(singles)])
        end = time.perf_counter()
        if i >= WARM_UP:
            times.append(1000 * (end - start))
        if end - began > limit and len(times) >= min(10, most):
            break
    return np.asarray(times)


def _estimate(times: Array, q: float) -> Estimate:
    value, low, high = quantile(times, q)
    return Estimate(value=value, low=low, high=high, n=len(times), method="order statistics")


def _batch(predictor: Predictor, X: Any, n: int, budget: Budget) -> tuple[int, float]:
    rows = frames.take(X, np.linspace(0, n - 1, min(n, BATCH)).astype(np.intp))
    best = math.inf
    for _ in range(3):
        budget.check()
        start = time.perf_counter()
        predictor.answer(rows)
        best = min(best, time.perf_counter() - start)
        if best > 0.5:
            break
    return frames.n_rows(rows), frames.n_rows(rows) / max(best, 1e-9)


def _verdict(seen: Estimate, goal: Target) -> Outcome:
    low, high = (seen.value if b is None else b for b in (seen.low, seen.high))
    if goal.op == ">=":
        return Outcome.PASS if low >= goal.value else Outcome.FAIL if high < goal.value else Outcome.INCONCLUSIVE
    return Outcome.PASS if high <= goal.value else Outcome.FAIL if low > goal.value else Outcome.INCONCLUSIVE


def _finite(e: Estimate) -> Estimate:
    """An open end is none."""
    return (
        e
        if e.high is None or math.isfinite(e.high)
        else Estimate(value=e.value, low=None, high=None, n=e.n, method="too few calls for an interval")
    )


def _words(key: str) -> str:
    return "rows a second, in a batch" if key == "rows_per_second" else f"{key[:3].upper()} of one row (ms)"
