"""The runbook's verification boxes, asked of an endpoint on this machine."""

from mlready_nb.verify.boxes import verify
from mlready_nb.verify.loopback import NotLocal

__all__ = ["NotLocal", "verify"]
