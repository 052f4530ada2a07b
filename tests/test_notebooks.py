"""The notebooks that ship: valid, saved without outputs, their data named with source and licence."""

from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_notebooks_are_saved_without_outputs(path):
    """No output, no count, no state of ours; cells have names for ids."""
    document = nbformat.read(path, as_version=4)
    nbformat.validate(document)

    assert "mlready" not in document.metadata
    for cell in document.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert cell.id.replace("-", "").isalpha()


def test_the_data_name_their_source_and_licence():
    """UCI, the DOI, CC BY 4.0."""
    said = (ROOT / "notebooks" / "data" / "README.md").read_text()

    assert "10.24432/C5XW20" in said
    assert "CC BY 4.0" in said


def test_binder_installs_the_package_with_jupyterlab():
    """What mybinder.org reads."""
    assert (ROOT / "binder" / "requirements.txt").read_text().strip() == ".[lab]"
    assert (ROOT / "binder" / "runtime.txt").read_text().startswith("python-3.")
