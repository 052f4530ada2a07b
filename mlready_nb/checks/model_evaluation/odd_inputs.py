"""What the model does with the inputs that production sends in its first hour."""

from __future__ import annotations

import copy
import sys
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlready_nb import frames
from mlready_nb.adapters import Predictor
from mlready_nb.adapters.isolated import Answer, ask
from mlready_nb.adapters.loaded import ANSWERING, payload_of
from mlready_nb.adapters.odd import Probe, probes
from mlready_nb.adapters.parts import estimators
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import Finding, Outcome, Table, failed, inconclusive, passed, warned
from mlready_nb.subjects import Budget, Unusable

Array = np.ndarray[Any, Any]

#: Ordinary rows that odd ones are made from; training rows that the ends are taken from.
ROWS, RANGE_ROWS = 60, 100_000
#: Libraries that check their input before native code sees it: an error there cannot take the kernel with it.
TAME = ("sklearn", "imblearn", "numpy", "pandas", "scipy", "statsmodels", "builtins", "__main__")
#: Questions that no native code dies of.
HARMLESS = ("one row", "the smallest training values", "the largest training values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one odd input led to."""

    probe: Probe
    #: "handled", "refused", "not noticed", "nonsense", "died"
    word: str
    detail: str = ""
    #: 0 nothing, 1 a warning, 2 a failure
    grade: int = 0


@check("EVA-03.1", "EVA-03.3", cost=Cost.MODERATE)
def odd_inputs(
    predictor: Predictor, X_test: Any, budget: Budget, X_train: Any = None, *, tolerance: float = 1e-6
) -> Finding:
    """Odd inputs, each of which should get a sound answer or a clear refusal.

    What it measures: On copies of test rows: one row alone and none at all; NaN, infinity, text among numbers; an
    unseen and a missing category; columns left out or in another order; the ends of the training range, values ten
    ranges beyond it and absurd ones. A refusal is an exception. It fails where the model answers NaN or infinity, dies,
    cannot take a single row, or answers it otherwise than in a batch; it warns where a model of somebody's own that
    knows the names of its columns takes them in another order, or without one that it reads, and says nothing (LightGBM
    does so by design: that is said, not graded). Models with native code
    (boosters, networks) are asked in a child process.

    Why it matters: Production sends empty fields, new categories and absurd values in its first hour; an exception is
    seen at once, a silent wrong answer never (Ribeiro et al. 2020; Breck et al. 2017).

    Blind spots: An answer to a row that resembles nothing is not judged, only that it is finite: nothing here tells
    the caller that the row is strange. Order goes unnoticed by any model that was fitted on plain arrays.

    How to mend: Put the steps in a Pipeline with a ColumnTransformer that takes columns by name, an imputer, and
    OneHotEncoder(handle_unknown="ignore"); check inputs before the model and refuse clearly.
    """
    rows = _ordinary(X_test)
    low, high = _ends(X_train if X_train is not None else X_test, X_test)
    asked = list(
        probes(
            rows,
            frames.kinds(X_test) if not frames.is_sparse(X_test) else {},
            low,
            high,
            named=bool(predictor.info.feature_names),
        )
    )
    answers, how = _answers(predictor, rows, asked, budget)
    base, *rest = answers
    if not base.answered:
        msg = f"the model does not answer to ordinary test rows: {base.error}. Hint: %mlready use model=<variable> X_test=<variable>"
        raise Unusable(msg)
    if np.shape(base.value)[:1] != (frames.n_rows(rows),):
        msg = f"the model gives answers of shape {np.shape(base.value)} for {frames.n_rows(rows)} ordinary test rows"
        raise Unusable(msg)
    verdicts = [_judge(p, a, np.asarray(base.value), tolerance) for p, a in zip(asked, rest, strict=False)]
    habit = all(_home(part) for part in estimators(predictor.raw))
    if habit:  # a library that reads columns by their place does so by design, in every model of its kind
        verdicts = [replace(v, grade=0) if v.word == "not noticed" else v for v in verdicts]
    table = Table(
        title="Odd inputs",
        columns=("input", "column", "what the model did", "detail"),
        rows=tuple(
            (v.probe.name, ", ".join(v.probe.columns[:1]) if len(v.probe.columns) == 1 else "", v.word, v.detail[:160])
            for v in verdicts
        ),
        note=how,
    )
    words = [v.word for v in verdicts]
    measured = {
        "inputs": len(verdicts),
        **{w.replace(" ", "_"): words.count(w) for w in dict.fromkeys(words)},
        "rows": frames.n_rows(rows),
    }
    unasked = sorted({p.name for p in asked[len(verdicts) :]})
    faults = sorted((v for v in verdicts if v.grade), key=lambda v: -v.grade)
    points = {
        code: _point(verdicts, kind, bool(unasked))
        for code, kind in (("EVA-03.1", "out of distribution"), ("EVA-03.3", "boundary"))
    }
    points = {code: outcome for code, outcome in points.items() if outcome is not None}
    if faults:
        said = "; ".join(dict.fromkeys(_sentence(v) for v in faults[:3]))
        return (failed if faults[0].grade > 1 else warned)(
            said, measured=measured, tables=(table,), points=points, remedy=_remedy(faults[0])
        )
    if unasked:
        return inconclusive(
            f"{len(verdicts)} of {len(asked)} odd inputs were tried and none led to nonsense; not tried: {', '.join(unasked)} ({how})",
            measured=measured,
            tables=(table,),
            points=points,
        )
    return passed(
        f"all {len(verdicts)} odd inputs were answered soundly ({words.count('handled')}) or refused ({words.count('refused')})"
        + (
            f"; {words.count('not noticed')} went unnoticed: this library reads columns by their place"
            if "not noticed" in words and predictor.info.feature_names
            else f"; {words.count('not noticed')} could not be noticed: the model was fitted without column names"
            if "not noticed" in words
            else ""
        ),
        measured=measured,
        tables=(table,),
        points=points,
    )


def _ordinary(X: Any) -> Any:
    """Evenly spread test rows, without gaps where there are such."""
    n = frames.n_rows(X)
    if n == 0:
        msg = "X_test is empty: 0 rows. Hint: %mlready use X_test=<a variable with rows>"
        raise Unusable(msg)
    return frames.take(X, np.linspace(0, n - 1, min(n, ROWS)).astype(np.intp))


def _ends(X: Any, like: Any) -> tuple[dict[str, float], dict[str, float]]:
    """Smallest and largest value of each column of numbers, by the names of the test set."""
    if frames.is_sparse(like) or frames.is_sparse(X):
        return {}, {}
    low, high = {}, {}
    ours, theirs = frames.column_names(like), frames.column_names(X)
    by_position = len(ours) == len(theirs)
    for name, kind in frames.kinds(like).items():
        other = name if name in theirs else theirs[ours.index(name)] if by_position else None
        if kind != "numeric" or other is None:
            continue
        values = np.asarray(frames.column(X, other))
        values = values[np.isfinite(values)] if values.dtype.kind == "f" else values
        if len(values) and values.dtype.kind in "fiu":
            low[name], high[name] = float(values.min()), float(values.max())
    return low, high


def _answers(predictor: Predictor, rows: Any, asked: list[Probe], budget: Budget) -> tuple[list[Answer], str]:
    """Answers to the ordinary rows and to each probe, and how they were got."""
    questions = [rows, *(p.X for p in asked)]
    native = sorted({_home(part) for part in estimators(predictor.raw)} - {*TAME, ""})
    why = ""
    if native:
        try:
            payload = payload_of(predictor)
        except Exception as error:
            why = f"it cannot be pickled ({type(error).__name__})"
        else:
            child = ask(ANSWERING, payload, questions, budget)
            if child.answers:
                tail = "; the time was up" if child.timed_out else ""
                return list(child.answers), f"asked in a child process, for {', '.join(native)} is native code{tail}"
            why = (
                "the time was up before it answered in a child process"
                if child.timed_out
                else f"it does not load in a child process ({child.broken})"
            )
    predictor = _copied(predictor)
    answers = [_here(predictor, rows)]
    for probe in asked:
        budget.check()
        if budget.left <= 0:
            return answers, "the time was up"
        if native and probe.name not in HARMLESS:
            continue
        answers.append(_here(predictor, probe.X))
    if native:
        asked[:] = [p for p in asked if p.name in HARMLESS] + [p for p in asked if p.name not in HARMLESS]
        return answers, f"harmless inputs only, for {', '.join(native)} is native code and {why}"
    return answers, "asked in this process, on copies"


def _home(part: Any) -> str:
    """The installed library that a part comes from; empty for somebody's own module."""
    name = type(part).__module__.partition(".")[0]
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    return name if "site-packages" in file or "dist-packages" in file else ""


def _copied(predictor: Predictor) -> Predictor:
    """A model of somebody's own may write on itself while it predicts; it gets to do so on a copy."""
    if type(predictor.model).__module__.startswith(("sklearn.", "imblearn.")) or predictor.raw is not predictor.model:
        return predictor
    try:
        return replace(predictor, model=copy.deepcopy(predictor.model))
    except Exception:  # a lock or a handle inside: predict was called on it already, for the scores
        return predictor


def _here(predictor: Predictor, X: Any) -> Answer:
    try:
        return Answer(value=predictor.answer(X))
    except Exception as error:
        return Answer(error=f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")


def _judge(probe: Probe, answer: Answer, base: Array, tolerance: float) -> Verdict:
    if answer.died:
        return Verdict(probe=probe, word="died", detail=str(answer.error), grade=2)
    if not answer.answered:
        alone = probe.name == "one row"
        detail = str(answer.error) if alone else "an exception"  # whose text may quote a cell
        return Verdict(probe=probe, word="refused", detail=detail, grade=2 if alone else 0)
    said = np.asarray(answer.value)
    n = frames.n_rows(probe.X)
    if said.shape[:1] != (n,):
        grade = 2 if n else 1
        return Verdict(probe=probe, word="nonsense", detail=f"{said.shape} for {n} rows", grade=grade)
    numbers = said.astype(float) if said.dtype.kind in "fiub" else None
    gaps = np.isnan(numbers) if numbers is not None else frames.missing_mask(said)
    strange = probe.kind == "out of distribution"
    if numbers is not None and np.isinf(numbers).any() and not gaps.any() and strange:
        return Verdict(probe=probe, word="overflows", detail="infinite answers to absurd values")
    wrong = gaps if numbers is None else ~np.isfinite(numbers)
    if wrong.any():
        at = np.flatnonzero(wrong.reshape(n, -1).any(axis=1))
        column = f" for {probe.columns[at[0] % len(probe.columns)]!r}" if probe.columns else ""
        detail = f"NaN or infinity in {len(at)} of {n} answers{column}"
        return Verdict(probe=probe, word="nonsense", detail=detail, grade=1 if strange else 2)
    if probe.same_as is None:
        return Verdict(probe=probe, word="handled")
    if _equal(said, base[probe.same_as], tolerance):
        return Verdict(probe=probe, word="handled", detail="the same answers")
    if probe.name == "one row":
        return Verdict(probe=probe, word="nonsense", detail="another answer than in a batch", grade=2)
    return Verdict(
        probe=probe, word="not noticed", detail="other answers, and no word", grade=1 if probe.suspect else 0
    )


def _equal(a: Array, b: Array, tolerance: float) -> bool:
    if a.shape != b.shape:
        return False
    if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
        return bool(np.allclose(a.astype(float), b.astype(float), rtol=tolerance * 100, atol=tolerance, equal_nan=True))
    return bool((a == b).all())


def _point(verdicts: list[Verdict], kind: str, partly: bool) -> Outcome | None:
    mine = [v for v in verdicts if v.probe.kind == kind]
    if not mine:
        return Outcome.INCONCLUSIVE if partly else None
    worst = max(v.grade for v in mine)
    return (Outcome.INCONCLUSIVE if partly else Outcome.PASS, Outcome.WARN, Outcome.FAIL)[worst]


def _sentence(v: Verdict) -> str:
    column = f" ({v.probe.columns[0]!r})" if len(v.probe.columns) == 1 else ""
    if v.word == "died":
        return f"the process died of {v.probe.name}{column}: {v.detail}"
    if v.word == "refused":
        return f"the model cannot take a single row: {v.detail}"
    if v.word == "not noticed":
        return f"{v.probe.name}{column}: the model gives other answers and no word"
    return f"{v.probe.name}{column}: {v.detail}"


def _remedy(v: Verdict) -> str:
    if v.probe.name in ("NaN", "infinity", "far beyond the training range", "absurdly large"):
        return "Refuse or impute before the model: make_pipeline(SimpleImputer(), model) for gaps, and a check such as np.isfinite(X).all() that raises for the rest."
    if v.probe.name in ("columns in another order", "a column left out"):
        return "Take columns by name: make_pipeline(ColumnTransformer([('all', 'passthrough', list(X_train.columns))]), model), or check list(X.columns) before predicting."
    if v.probe.name in ("one row", "no row"):
        return "Make predict work row by row: nothing in it may be computed from the batch (means, encoders, ranks fitted at predict time)."
    return "Check inputs before the model and raise with the column's name, or train on such rows too."
