"""How much memory there is, asked before much of it is taken: a kernel that the system kills loses everything."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from mlready_nb.frames.errors import TooLarge

#: Share of the free memory that one table of ours may take, and what is always granted.
SHARE, SMALL = 0.4, 64 * 1024 * 1024


def available() -> int | None:
    """Bytes that can be had without swapping: the system's, or the container's and the process's own limit where smaller."""
    found = [n for n in (_system(), _container(), _process()) if n is not None]
    return min(found) if found else None


def afford(needed: float, what: str) -> None:
    """Raise `TooLarge` when so many bytes would endanger the kernel."""
    if needed <= SMALL:
        return
    free = available()
    if free is not None and needed > SHARE * free:
        msg = f"{what} would take {needed / 2**30:,.1f} GB, {free / 2**30:,.1f} GB are free"
        raise TooLarge(msg, share=SHARE * free / needed)


def _system() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _container() -> int | None:
    """Control groups, second version and first."""
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        with suppress(OSError, ValueError):
            return max(0, int(Path(limit).read_text(encoding="ascii")) - int(Path(used).read_text(encoding="ascii")))
    return None


def _process() -> int | None:
    """What `ulimit -v` or a parent's limit leaves."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
        of = {resource.RLIMIT_AS: int(pages[0]), resource.RLIMIT_DATA: int(pages[5])}
        left = [
            soft - used * resource.getpagesize()
            for kind, used in of.items()
            if (soft := resource.getrlimit(kind)[0]) != resource.RLIM_INFINITY
        ]
        return max(0, min(left)) if left else None
    return None
