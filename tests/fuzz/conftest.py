"""How much is tried, and the counts at the end: `MLREADY_FUZZ=nightly` tries twenty times as much."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

FACTOR = 20 if os.environ.get("MLREADY_FUZZ") == "nightly" else 1
TRIED: Counter[str] = Counter()


def cases(n):
    """Settings of a test that tries `n` cases in a CI-sized run, the same ones each time."""
    return settings(
        max_examples=n * FACTOR,
        deadline=None,
        derandomize=FACTOR == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def tried(request):
    """Call it once a case."""
    name = request.node.originalname

    def count():
        TRIED[name] += 1

    return count


def pytest_terminal_summary(terminalreporter):
    """The counts: bad inputs tried."""
    if TRIED:
        said = ", ".join(f"{name.removeprefix('test_')} {n:,}" for name, n in sorted(TRIED.items()))
        terminalreporter.write_line(f"fuzz: {sum(TRIED.values()):,} bad inputs tried ({said})")
