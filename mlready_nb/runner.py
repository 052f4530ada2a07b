"""Subjects + checks -> Run: catches, times, budgets, stops. Knows nothing of items or views."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.metadata
import platform
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from mlready_nb.checks.declare import Check, Cost
from mlready_nb.config import Config
from mlready_nb.derived import Missing, Resolver, plain, thinned
from mlready_nb.finding import Finding, Outcome, Run, errored, not_applicable, not_run
from mlready_nb.fingerprints import fingerprint
from mlready_nb.frames import NotATable, TooLarge
from mlready_nb.guard import undisturbed
from mlready_nb.subjects import Budget, Cancelled, Subjects, Unusable

#: Seconds a check may take, as a share of the configured budget.
SHARE = {Cost.FAST: 0.5, Cost.MODERATE: 0.5, Cost.SLOW: 1.0}
#: Seconds a check is expected to take before it has ever run here.
EXPECTED = {Cost.FAST: 0.3, Cost.MODERATE: 2.0, Cost.SLOW: 12.0}
#: A check that does not heed its budget is left behind after this many times its share, and at least so many seconds.
PATIENCE, LEAST = 3.0, 30.0
#: Seconds that predictions may take which the checks share: whoever asks first must not lose them for all.
SHARED = 900.0

_LIBRARIES = ("mlready-nb", "numpy", "pandas", "polars", "scikit-learn", "xgboost", "lightgbm", "shap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands: what is shown while it goes on."""

    done: int
    total: int
    #: the check under way
    check: str
    elapsed: float
    #: seconds left, estimated from what the checks took before
    left: float


def run(
    subjects: Subjects,
    checks: Sequence[Check],
    *,
    config: Config | None = None,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    took: Mapping[str, float] | None = None,
) -> Run:
    """Run every check once and keep whatever each says.

    Parameters
    ----------
    stop
        Set it from anywhere to end the run within a second; finished findings are kept, the others are `not_run`.
    took
        Seconds each check took before, to estimate the time left.

    Raises
    ------
    BadConfig
        When a configured threshold fits no check.
    """
    config, stop, took = config or Config(), stop or threading.Event(), took or {}
    thresholds = {c.name: config.thresholds(c.name, c.thresholds) for c in checks}  # fail before anything runs
    expected = {c.name: took.get(c.name, EXPECTED[c.cost]) for c in checks}
    started, began = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    findings: list[Finding] = []
    resolver = Resolver(subjects)

    for done, check in enumerate(checks):
        ahead = sum(expected[c.name] for c in checks[done + 1 :])

        def report(spent: float, done: int = done, check: Check = check, ahead: float = ahead) -> None:
            left = ahead + max(0.0, expected[check.name] - spent)
            elapsed = time.monotonic() - began
            on_progress(Progress(done=done, total=len(checks), check=check.name, elapsed=elapsed, left=left))

        if stop.is_set():
            findings.append(_stamp(check, subjects, [not_run("stopped before it began; run it again")], 0.0)[0])
            continue
        report(0.0)
        seconds = config.budget_seconds * SHARE[check.cost]
        findings += _one(check, resolver, thresholds[check.name], Budget(seconds, stop), stop, report)
    return Run(
        findings=tuple(findings),
        fingerprints=fingerprint(subjects) if not stop.is_set() else {},
        versions=versions(),
        started=started,
        seconds=time.monotonic() - began,
        stopped=stop.is_set(),
    )


def versions() -> dict[str, str]:
    """Python and the libraries that the kernel has loaded."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        module = {"scikit-learn": "sklearn", "mlready-nb": "mlready_nb"}.get(name, name)
        if module in sys.modules:
            try:
                found[name] = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                found[name] = str(getattr(sys.modules[module], "__version__", "unknown"))
    return found


def waits_for(check: Check, subjects: Subjects) -> tuple[str, ...]:
    """Plain subjects that a check needs and the notebook does not give yet."""
    needed = dict.fromkeys(name for need in check.needs for name in plain(need))
    present = subjects.present()
    return tuple(name for name in needed if name not in present)


def advice(missing: Sequence[str]) -> str:
    """What to type when subjects are missing."""
    if missing[0] in ("cells", "notebook"):
        return "waits for the notebook's cells: this runs inside a notebook only"
    if missing[0] == "targets":
        return "waits for a stated goal: %mlready target recall>=0.8"
    words = {"sensitive_features": "sensitive=<column>"}
    hint = " ".join(words.get(name, f"{name}=<variable>") for name in missing)
    return f"waits for {', '.join(missing)}. If it is there under another name: %mlready use {hint}"


def _one(
    check: Check,
    resolver: Resolver,
    thresholds: Mapping[str, Any],
    budget: Budget,
    stop: threading.Event,
    report: Callable[[float], None],
) -> list[Finding]:
    """One check in a thread of its own, so that Stop and Ctrl-C are heard while it is inside native code."""
    said: list[Finding] = []
    subjects = resolver.subjects

    def work() -> None:
        with contextlib.suppress(Cancelled):  # an interrupt that comes just as it ends
            said.extend(_call(check, resolver, thresholds, budget))

    thread = threading.Thread(target=work, name=f"mlready-{check.name}", daemon=True)
    began = time.monotonic()
    with undisturbed():  # here, not in the thread: one that is left behind must not restore anything, later
        thread.start()
        why = _await(thread, budget, stop, report, began)
    spent, findings = time.monotonic() - began, list(said)
    if why and all(f.outcome is Outcome.NOT_RUN for f in findings):
        findings = [not_run(f"{why}; nothing is known of it")]
    return _stamp(check, subjects, findings, spent)


def _await(
    thread: threading.Thread, budget: Budget, stop: threading.Event, report: Callable[[float], None], began: float
) -> str:
    """Wait for a check; why it did not end by itself, empty when it did."""
    why, limit = "", max(LEAST, PATIENCE * budget.seconds)
    try:
        while thread.is_alive():
            thread.join(0.1 if time.monotonic() - began > 0.1 else 0.005)
            spent = time.monotonic() - began
            report(spent)
            over = budget.spent > limit if budget.begun else spent > SHARED
            if thread.is_alive() and (stop.is_set() or over):
                why = "stopped while it ran" if stop.is_set() else f"left behind after {spent:.0f} s"
                break
    except KeyboardInterrupt:
        stop.set()
        why = "stopped while it ran"
    if not thread.is_alive():
        return why
    try:
        thread.join(0.4)  # a check that polls its budget ends by itself
        if thread.is_alive():
            _interrupt(thread)
            thread.join(0.1)
    except KeyboardInterrupt:  # a second Ctrl-C: at once
        _interrupt(thread)
    if thread.is_alive():
        why += ", inside code that cannot be interrupted: it goes on in the background until it returns or the kernel is restarted"
    return why


def _interrupt(thread: threading.Thread) -> None:
    """Ask a thread that does not poll to end at its next line of Python."""
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(Cancelled))


def _call(check: Check, resolver: Resolver, thresholds: Mapping[str, Any], budget: Budget) -> list[Finding]:
    """What the check says; on a sample of the rows where all of them would not fit into memory."""
    try:
        return _said(check, resolver, thresholds, budget)
    except TooLarge as lack:
        try:
            subjects, (kept, of) = thinned(resolver.subjects, lack.share)
            findings = _said(check, Resolver(subjects), thresholds, budget)
        except TooLarge:
            return [not_run(f"{lack}: even a sample is too large. Give the notebook more memory, or fewer columns")]
        return [_of_sample(check, f, str(lack), kept, of) for f in findings]


def _of_sample(check: Check, finding: Finding, why: str, kept: int, of: int) -> Finding:
    """Says that it saw a sample; what compares rows of two splits cannot pass on that: most pairs were not looked at."""
    if finding.outcome in (Outcome.NOT_RUN, Outcome.NOT_APPLICABLE, Outcome.ERROR):
        return finding
    pairs = {"X_train", "X_test"} <= {p for name in (*check.needs, *check.wants) for p in plain(name)}
    outcome = Outcome.INCONCLUSIVE if pairs and finding.outcome is Outcome.PASS else finding.outcome
    message = f"{finding.message} (on {kept:,} of {of:,} rows: {why})"
    return replace(finding, outcome=outcome, message=message, sampled=finding.sampled or (kept, of))


def _said(check: Check, resolver: Resolver, thresholds: Mapping[str, Any], budget: Budget) -> list[Finding]:
    subjects = resolver.subjects
    if check.tasks is not None and subjects.task is not None and subjects.task not in check.tasks:
        return [not_applicable(f"does not arise for a {subjects.task} model")]
    missing = waits_for(check, subjects)
    if missing:
        return [not_run(advice(missing))]
    try:
        arguments = [budget if n == "budget" else resolver.need(n) for n in check.needs]
        optional = {n: _wanted(resolver, n) for n in check.wants}
        budget.begin()
        said = check.func(*arguments, **{n: v for n, v in optional.items() if v is not None}, **thresholds)
        return [said] if isinstance(said, Finding) else list(said)
    except Missing as lack:
        return [not_run(advice(lack.names))]
    except TooLarge:
        raise
    except (Unusable, NotATable) as bad:
        return [not_run(str(bad))]
    except Cancelled:
        return [not_run("stopped while it ran; run it again")]
    except MemoryError:
        return [
            errored("ran out of memory; try it on a sample: %mlready use X_test=X_test[:100000] y_test=y_test[:100000]")
        ]
    except ModuleNotFoundError as lack:
        extra = f"'mlready-nb[{check.extra}]'" if check.extra else lack.name
        return [not_run(f"needs {lack.name}, which is not installed: pip install {extra}")]
    except BaseException as error:  # a model may even call exit()
        if type(error).__name__ == "NotFittedError":  # scikit-learn's own word, whichever check met it first
            return [not_run("waits for a fitted model: run the cell that fits it, or %mlready use model=<variable>")]
        return [errored(f"the check broke: {type(error).__name__}: {_short(error)}", remedy=_whose_fault(error))]


def _wanted(resolver: Resolver, name: str) -> Any:
    try:
        return resolver.get(name)
    except (Missing, Unusable, NotATable):
        return None


def _short(error: BaseException, limit: int = 300) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _whose_fault(error: BaseException) -> str:
    """The innermost frame: the user's model raised, or we did."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = trace.tb_frame.f_globals.get("__name__", "?") if trace is not None else "?"
    return f"raised in {module}; if that is not your own code, please report it with the message above"


def _stamp(check: Check, subjects: Subjects, findings: Sequence[Finding], seconds: float) -> list[Finding]:
    read = tuple(dict.fromkeys(name for need in (*check.needs, *check.wants) for name in plain(need)))
    present = subjects.present()
    stamped = []
    for finding in findings or [not_run("looked at nothing")]:
        settles = {} if finding.outcome is Outcome.NOT_RUN else dict.fromkeys(check.points, finding.outcome)
        stamped.append(
            replace(
                finding,
                check=check.name,
                items=finding.items or check.items,
                seconds=seconds / max(len(findings), 1),
                based_on=tuple(name for name in read if name in present),
                points=dict(finding.points) or settles,
            )
        )
    return stamped
