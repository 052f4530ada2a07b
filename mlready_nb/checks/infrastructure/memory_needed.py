"""Bytes of the model, and what predicting takes on top."""

from __future__ import annotations

import pickle
import tracemalloc
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Table, failed, passed
from mlready_nb.scores import RESOURCES, canonical
from mlready_nb.subjects import Target, Unusable

#: Rows of the batch that memory is taken from.
BATCH = 1_000
MEGA = 1024 * 1024


@check("INF-01.2")
def memory_needed(predictor: Predictor, X_test: Any, targets: tuple[Target, ...] = ()) -> Finding:
    """Size of the model and peak memory of a prediction, for one row and for a batch.

    What it measures: Bytes of the model's pickle, and the peak of what Python and NumPy allocate while it predicts one
    row and a batch of 1,000 (tracemalloc). Goals (%mlready target model_size_mb<=200 peak_memory_mb<=500) are held
    against them.

    Why it matters: A service that was never measured is killed for memory on its first busy day.

    Blind spots: What native code allocates for itself (boosters, networks, a GPU) is not seen, nor the libraries that
    are imported: a scikit-learn process starts at about 150 MB. A pickle may be smaller or larger than the model in
    memory.

    How to mend: Fewer or shallower trees, float32, a smaller vocabulary, compress=3 in joblib.dump; predict in batches
    that fit.
    """
    n = frames.n_rows(X_test)
    if n == 0:
        msg = "X_test is empty: 0 rows. Hint: %mlready use X_test=<a variable with rows>"
        raise Unusable(msg)
    size = _size(predictor.raw)
    rows = frames.take(X_test, np.linspace(0, n - 1, min(n, BATCH)).astype(np.intp))
    predictor.predict(frames.take(rows, np.array([0])))  # raises advice when the model cannot answer
    one, many = (_peak(predictor, part) for part in (frames.take(rows, np.array([0])), rows))
    seen = {"peak_memory_mb": many / MEGA} | ({"model_size_mb": size / MEGA} if size is not None else {})
    measured = {
        "model_bytes": size,
        "peak_bytes_one_row": one,
        "peak_bytes_batch": many,
        "batch_rows": frames.n_rows(rows),
    }
    goals = [t for t in targets if RESOURCES.get(canonical(t.metric)) in seen]
    table = Table(
        title="Memory",
        columns=("what", "MB"),
        rows=(
            ("the model, pickled", size / MEGA if size is not None else None),
            ("peak of predicting one row", one / MEGA),
            (f"peak of predicting {frames.n_rows(rows):,} rows", many / MEGA),
        ),
        note="what Python and NumPy allocate; native code keeps its own books",
    )
    shown = f"{size / MEGA:,.2f} MB pickled" if size is not None else "a model that cannot be pickled"
    said = f"{shown}; predicting takes up to {one / MEGA:,.2f} MB for one row and {many / MEGA:,.2f} MB for {frames.n_rows(rows):,}"
    missed = [t for t in goals if not _met(seen[RESOURCES[canonical(t.metric)]], t)]
    if missed:
        listed = "; ".join(f"{t} is missed: {seen[RESOURCES[canonical(t.metric)]]:,.1f}" for t in missed)
        return failed(
            f"{listed}. {said}",
            measured=measured,
            tables=(table,),
            points={"INF-01.2": Outcome.FAIL},
            remedy="Shrink the model (fewer or shallower trees, float32, a smaller vocabulary) or agree on more memory.",
        )
    return passed(f"{said}{''.join(f'; {t} is met' for t in goals)}", measured=measured, tables=(table,))


def _size(model: Any) -> int | None:
    class Counter:
        """A file that only counts."""

        total = 0

        def write(self, data: Any) -> int:
            self.total += memoryview(data).nbytes
            return memoryview(data).nbytes

    counter = Counter()
    try:
        pickle.Pickler(counter, protocol=5).dump(model)
    except Exception:
        return None
    return counter.total


def _peak(predictor: Predictor, X: Any) -> int:
    """Bytes allocated at the highest point while it predicts; a trace of the user's own goes on."""
    theirs = tracemalloc.is_tracing()
    if not theirs:
        tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        predictor.answer(X)
        return max(0, tracemalloc.get_traced_memory()[1] - before)
    finally:
        if not theirs:
            tracemalloc.stop()


def _met(value: float, goal: Target) -> bool:
    return value <= goal.value if goal.op == "<=" else value >= goal.value
