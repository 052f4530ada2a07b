"""Files: written whole, with their figures, and advice where they cannot be."""

import json
import re

import pytest

from mlready_nb.finding import Table
from mlready_nb.views import export
from tests.views.cases import BINARY, CLASSES, GROUPS, SHAP, checklist, found


def test_the_card_brings_its_figures(tmp_path):
    """Each picture that is linked is there, and each that is there is linked; a second export changes nothing else."""
    path = tmp_path / "my card (1).md"
    written = export.WRITERS["card"](checklist(BINARY, CLASSES, GROUPS, SHAP), path)
    links = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", path.read_text())

    assert written[0] == path
    assert len(links) == 4
    assert sorted(links) == sorted(f"my%20card%20%281%29_files/{p.name}" for p in written[1:])
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in written[1:])
    assert export.WRITERS["card"](checklist(BINARY, CLASSES, GROUPS, SHAP), path) == written
    assert sorted(p.name for p in tmp_path.iterdir()) == ["my card (1).md", "my card (1)_files"]


def test_without_figures_no_folder(tmp_path):
    """Only the card."""
    assert export.WRITERS["card"](checklist(BINARY), tmp_path / "c.md") == [tmp_path / "c.md"]
    assert [p.name for p in tmp_path.iterdir()] == ["c.md"]


def test_names_of_checks_make_safe_paths(tmp_path):
    """A saved run may come from anybody."""
    bars = Table(title="T", columns=("a", "b"), rows=(("x", 1.0),), chart="bars")
    written = export.WRITERS["card"](checklist(found("../../evil](x)", tables=(bars,))), tmp_path / "c.md")

    assert [p.relative_to(tmp_path).as_posix() for p in written] == ["c.md", "c_files/evil--x-1.png"]


@pytest.mark.parametrize("kind", ["card", "runbook"])
def test_a_missing_folder_is_advice(tmp_path, kind):
    """What is missing and what to type; nothing is made."""
    with pytest.raises(OSError, match=r"mkdir -p .*nowhere"):
        export.WRITERS[kind](checklist(BINARY), tmp_path / "nowhere" / "c.md")
    with pytest.raises(OSError, match="is a folder; name a file in it"):
        export.WRITERS[kind](checklist(BINARY), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_document(tmp_path, monkeypatch):
    """All or nothing: no half file, no draft left behind."""
    path = tmp_path / "R.md"
    path.write_text("old")
    path.chmod(0o640)
    export.WRITERS["runbook"](checklist(BINARY), path)
    first = path.read_text()
    assert first.startswith("# Deployment Runbook")
    assert path.stat().st_mode & 0o777 == 0o640

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space"):
        export.WRITERS["runbook"](checklist(BINARY, card={"runbook_rollback.1": "new"}), path)
    assert path.read_text() == first
    assert [p.name for p in tmp_path.iterdir()] == ["R.md"]


def test_every_kind_has_a_name_and_a_text():
    """The same six everywhere."""
    kinds = {"card", "runbook", "html", "json", "hf", "bom"}
    assert set(export.NAMES) == set(export.WRITERS) == set(export.TEXTS) == kinds


def test_report_and_json_are_written_too(tmp_path):
    """The other two views come out of the same door."""
    for kind in ("html", "json"):
        path = tmp_path / export.NAMES[kind]
        assert export.WRITERS[kind](checklist(BINARY), path) == [path]
    assert json.loads((tmp_path / "readiness.json").read_text())["gate"] == "unknown"
    assert "<" in (tmp_path / "READINESS.html").read_text()
