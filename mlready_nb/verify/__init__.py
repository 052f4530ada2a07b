"""The runbook's verification boxes, asked of an endpoint on this machine."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from mlready_nb.finding import Run
from mlready_nb.fingerprints import fingerprint
from mlready_nb.runner import versions
from mlready_nb.subjects import Subjects
from mlready_nb.verify.boxes import verify
from mlready_nb.verify.loopback import NotLocal

__all__ = ["NotLocal", "verification", "verify"]


def verification(address: str, subjects: Subjects) -> Run:
    """What the endpoint answers, as a run; raises `NotLocal` before anything is sent elsewhere."""
    started, began = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    findings = verify(address, subjects)
    return Run(
        findings=findings,
        fingerprints=fingerprint(subjects),
        versions=versions(),
        started=started,
        seconds=time.monotonic() - began,
    )
