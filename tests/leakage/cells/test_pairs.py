"""Every planted fault is found at its statement; its clean twin, nearly the same, is quiet."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from mlready_nb.leakage.cells import witness
from mlready_nb.leakage.cells.witness import _facts


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HERE = Path(__file__).parent
TOOLS = _load(HERE / "pairs.py")
PAIRS = [
    pytest.param(kind, module.HEAD + planted, module.HEAD + clean, id=f"{kind}: {name}")
    for path in sorted(HERE.glob("cases_*.py"))
    for module in [_load(path)]
    for name, kind, planted, clean in module.PAIRS
]


@pytest.mark.parametrize(("kind", "planted", "clean"), PAIRS)
def test_planted_fault_is_found_where_it_is(kind, planted, clean):
    """The marked statement is named, with its kind, and nothing else is."""
    found = [(str(e.kind), (e.place.cell, e.place.line)) for e in witness(TOOLS.cells(planted))]
    assert found == [(kind, TOOLS.guilty(planted))]


@pytest.mark.parametrize(("kind", "planted", "clean"), PAIRS)
def test_clean_twin_is_quiet(kind, planted, clean):
    """The twin that does it right gives no evidence at all."""
    assert [e.message for e in witness(TOOLS.cells(clean))] == []


@pytest.mark.parametrize(("kind", "planted", "clean"), PAIRS)
def test_no_statement_is_stumbled_over(kind, planted, clean):
    """The walk goes through every statement of both."""
    for text in (planted, clean):
        assert _facts(TOOLS.cells(text)).m.failures == []
