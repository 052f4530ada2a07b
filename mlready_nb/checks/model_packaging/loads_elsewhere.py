"""The model saved, loaded in a fresh process, and asked again."""

from __future__ import annotations

import ast
import sys
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.adapters.artefact import Culprit, culprits, native, needs, pickled
from mlready_nb.adapters.isolated import Child, ask
from mlready_nb.adapters.loaded import ANSWERING, payload_of
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Finding, Outcome, Strength, Table, failed, inconclusive, passed
from mlready_nb.source import parse
from mlready_nb.subjects import Budget, Unusable

#: Test rows that are asked on both sides.
ROWS = 40


@check("PKG-01.2", cost=Cost.MODERATE)
def loads_elsewhere(
    predictor: Predictor, X_test: Any, budget: Budget, cells: Any = (), origin: Any = None, *, tolerance: float = 1e-6
) -> Finding:
    """Save the model, load it in a process that knows nothing of this notebook, and compare the answers.

    What it measures: The model is pickled (as joblib does; with cloudpickle where a cell uses it), loaded by a fresh
    interpreter, and asked about test rows: the answers must equal those of this kernel. What cannot be saved, or is
    found in this notebook only (a class, a function, a lambda, an open handle, a lock), is named with its path.
    XGBoost and LightGBM are saved in their own formats too. Shown: bytes, and the libraries with the versions that the
    artefact needs.

    Why it matters: An artefact that loads only in the notebook that wrote it is found out on the day of the release
    (scikit-learn, Model persistence).

    Blind spots: The fresh process has this machine's libraries: other versions may load it otherwise. Pickle runs code
    on loading: share it only with those who trust you, or use skops or ONNX.

    How to mend: Move classes and functions of the notebook into a module that is installed where the model runs;
    replace a lambda by a named function there; keep files, connections and locks out of the model's attributes.
    """
    name = origin["model"].variable if origin and "model" in origin else "model"
    by_value = _by_value(cells)
    try:
        artefact = pickled(predictor.raw, by_value=by_value)
    except Exception as error:
        found = list(culprits(predictor.raw, name))[:5]
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
        return _refused(f"the model cannot be saved ({said})", found, name)
    rows = _rows(X_test)
    try:
        here = predictor.answer(rows)
    except Exception as error:
        msg = f"{name} cannot answer the rows of X_test ({type(error).__name__}: {' '.join(str(error).split())[:160]}). Hint: fit it, or %mlready use X_test=<variable>"
        raise Unusable(msg) from error
    formats = [("cloudpickle" if by_value else "pickle", len(artefact))]
    own = None if by_value else native(predictor.raw)
    child = ask(ANSWERING, payload_of(predictor, artefact), [rows], budget)
    libraries, modules = needs(artefact)
    measured: dict[str, Any] = {
        "bytes": len(artefact),
        "rows_compared": frames.n_rows(rows),
    }
    if own is not None:
        formats.append((own[0], len(own[1])))
        measured["bytes_in_own_format"] = len(own[1])
    tables = (
        Table(title="Saved as", columns=("format", "bytes"), rows=tuple(formats)),
        Table(
            title="Needs",
            columns=("library", "version"),
            rows=(
                ("python", sys.version.split()[0]),
                *libraries.items(),
                *((m, "a module of your own") for m in modules),
            ),
        ),
    )
    rest: dict[str, Any] = {"measured": measured, "tables": tables}
    if child.broken is not None:
        return _refused(
            f"saved in {len(artefact):,} bytes, but a fresh process cannot load it ({child.broken})",
            list(culprits(predictor.raw, name))[:5],
            name,
            **rest,
        )
    trouble = _trouble(child)
    if trouble is not None:
        return (inconclusive if child.timed_out else failed)(
            trouble,
            strength=Strength.PROVEN,
            remedy="Raise budget_seconds in [tool.mlready], or look at what the model does on its first call in a new process.",
            **rest,
        )
    there = np.asarray(child.answers[0].value)
    if not _equal(here, there, tolerance):
        return failed(
            f"loaded in a fresh process the model gives other answers on {_differing(here, there, tolerance)} of {len(here):,} test rows",
            strength=Strength.PROVEN,
            remedy="Look for what is not saved with it: module-level settings, random states, files it reads, __getstate__ and __setstate__ of its classes.",
            **rest,
        )
    travel = f"; the module{'s' if len(modules) > 1 else ''} {', '.join(modules)} must travel along" if modules else ""
    return passed(
        f"saved in {len(artefact):,} bytes, loaded in a fresh process, and the answers on {len(here):,} test rows are the same{travel}",
        strength=Strength.PROVEN,
        **rest,
    )


def _rows(X: Any) -> Any:
    n = frames.n_rows(X)
    return frames.take(X, np.linspace(0, max(n - 1, 0), min(n, ROWS)).astype(np.intp))


def _refused(said: str, found: list[Culprit], name: str, **rest: Any) -> Finding:
    where = "; ".join(f"{c.path} is {c.what}" for c in found[:3]) or "the part in the way could not be made out"
    first = found[0] if found else None
    remedy = (
        f"Move it into a module (say, features.py) and import it from there, then fit {name} again."
        if first is None or "notebook" in first.what or "lambda" in first.what or "function" in first.what
        else f"Open it when it is needed instead of keeping it: leave {first.path.rpartition('.')[2]} out in __getstate__."
    )
    return failed(
        f"{said}: {where}", strength=Strength.PROVEN, points={"PKG-01.2": Outcome.FAIL}, remedy=remedy, **rest
    )


def _trouble(child: Child) -> str | None:
    if child.timed_out:
        return f"a fresh process did not answer within {child.seconds:.0f} s"
    if not child.answers or not child.answers[0].answered:
        return f"a fresh process loads the model but cannot predict with it: {child.answers[0].error if child.answers else 'no answer'}"
    return None


def _equal(a: Any, b: Any, tolerance: float) -> bool:
    return a.shape == b.shape and _differing(a, b, tolerance) == 0


def _differing(a: Any, b: Any, tolerance: float) -> int:
    if a.shape != b.shape:
        return len(a)
    if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
        same = np.isclose(a.astype(float), b.astype(float), rtol=100 * tolerance, atol=tolerance, equal_nan=True)
    else:
        same = np.asarray(a == b)
    return int((~same.reshape(len(a), -1).all(axis=1)).sum())


def _by_value(cells: Any) -> bool:
    """True where a cell saves with cloudpickle."""
    for cell in cells or ():
        tree = parse(cell.source)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("cloudpickle.dump", "cloudpickle.dumps"):
                return True
    return False
