"""For tests of checks, ours and plug-ins': run one check on what you hand it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlready_nb.checks.registry import select
from mlready_nb.config import Config
from mlready_nb.discovery import discover
from mlready_nb.finding import Finding, Run
from mlready_nb.rules import plugin_subjects
from mlready_nb.runner import run
from mlready_nb.subjects import Subjects


def find(name: str, *, thresholds: Mapping[str, Any] | None = None, **subjects: Any) -> Finding:
    """The (worst) finding of one check.

    `task` and `class_names` are worked out from the model and the labels unless given.

    Examples
    --------
    >>> find("row-overlap", X_train=X, X_test=X[:10]).outcome  # doctest: +SKIP
    <Outcome.FAIL: 'fail'>
    """
    return _run(name, thresholds, subjects)[name]


def findings(name: str, *, thresholds: Mapping[str, Any] | None = None, **subjects: Any) -> tuple[Finding, ...]:
    """Every finding of one check, in its order."""
    return _run(name, thresholds, subjects).findings


def _run(name: str, thresholds: Mapping[str, Any] | None, subjects: Mapping[str, Any]) -> Run:
    plugin_subjects()
    (check,) = select([name])
    config = Config(checks={check.name: dict(thresholds or {})})
    return run(subjects_of(**subjects), [check], config=config)


def subjects_of(**given: Any) -> Subjects:
    """Subjects from plain objects, with task and class names worked out as in a notebook."""
    if "task" in given and "class_names" in given:
        return Subjects(**given)
    names = ("model", "X_train", "y_train", "X_valid", "y_valid", "X_test", "y_test")
    namespace = {n: given[n] for n in names if given.get(n) is not None}
    found = discover(namespace, (), overrides={n: n if n in namespace else "none" for n in names}).subjects
    return Subjects(**{"task": found.task, "class_names": found.class_names, "origin": found.origin, **given})
