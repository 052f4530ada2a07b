"""What git says of a folder, and who is speaking."""

from __future__ import annotations

import getpass
import subprocess
import time
from pathlib import Path

#: Seconds that git's answers are kept.
KEEP = 30.0

_ANSWERS: dict[tuple[Path | None, tuple[str, ...]], tuple[float, str]] = {}


def ask(folder: Path | None, *words: str) -> str:
    """The first line of git's answer in that folder, kept for a while; empty where there is none."""
    key, now = (folder, words), time.monotonic()
    kept = _ANSWERS.get(key)
    if kept is None or now - kept[0] > KEEP:
        try:
            # a stranger's repository may name a program as its file monitor
            said = subprocess.run(  # noqa: S603
                ["git", "-c", "core.fsmonitor=false", *words],  # noqa: S607
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=2,
                check=False,
            )
            answer = said.stdout.strip().partition("\n")[0] if said.returncode == 0 else ""
        except (OSError, subprocess.SubprocessError, ValueError):
            answer = ""
        kept = _ANSWERS[key] = (now, answer[:200])
    return kept[1]


def author(folder: Path | None = None) -> str:
    """Git's user.name, else the login."""
    name = ask(folder, "config", "user.name")
    if name:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
