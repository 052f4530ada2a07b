"""What a notebook shows, as text: bounded, without pictures, live from the file and headless from the run."""

import json

import nbformat

from mlready_nb.outputs import PER_CELL, PER_NOTEBOOK, PER_OUTPUT, from_json, notebook_cells, to_json
from mlready_nb.stores.ipynb import IpynbStore
from tests.notebooks import write

V4 = nbformat.v4


def document(*outputs, count=1):
    """A notebook of one cell with these outputs."""
    cell = V4.new_code_cell("x", outputs=list(outputs), execution_count=count)
    return V4.new_notebook(cells=[V4.new_markdown_cell("# T"), cell])


def test_every_kind_of_output_is_text():
    """Streams, results, tables, tracebacks without colours; no picture, no widget."""
    shown = notebook_cells(
        document(
            V4.new_output("stream", text="one\n"),
            V4.new_output(
                "execute_result",
                {"text/plain": "two", "text/html": "<b>2</b>", "image/png": "iVBOR"},
                execution_count=1,
            ),
            V4.new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}}),
            V4.new_output("error", ename="E", evalue="three", traceback=["\x1b[31mE\x1b[0m: three"]),
        )
    )[0].shown

    assert [(s.mime, s.text) for s in shown] == [
        ("text/plain", "one\n"), ("text/html", "<b>2</b>"), ("text/plain", "two"), ("text/plain", "E: three"),
    ]  # fmt: skip


def test_sizes_are_bounded_and_pictures_in_markup_are_left_out():
    """Of an output, a cell and the whole notebook."""
    long = V4.new_output("stream", text="x" * 10 * PER_OUTPUT)
    assert len(notebook_cells(document(long))[0].shown[0].text) == PER_OUTPUT
    many = document(*(V4.new_output("stream", text=f"{i}" * PER_OUTPUT) for i in range(9)))
    assert sum(len(s.text) for s in notebook_cells(many)[0].shown) <= PER_CELL
    huge = {"cells": many.cells[1:] * 60}
    assert sum(len(s.text) for c in notebook_cells(huge) for s in c.shown) <= PER_NOTEBOOK
    picture = V4.new_output(
        "display_data", {"text/html": '<img src="data:image/png;base64,' + "iVBORw0KGgo" * 900 + '"> done'}
    )
    assert notebook_cells(document(picture))[0].shown[0].text == '<img src=""> done'


def test_saved_and_fresh_outputs_stand_beside_each_other():
    """The file is what is published; the run is what will be. Equal ones stand once; the saved count is kept."""
    saved, fresh = document(V4.new_output("stream", text="old"), count=7), document(V4.new_output("stream", text="new"))
    (cell,) = notebook_cells(saved, fresh)

    assert [s.text for s in cell.shown] == ["old", "new"]
    assert cell.execution_count == 7
    assert notebook_cells(saved, saved)[0].shown == notebook_cells(saved)[0].shown
    assert from_json(json.loads(json.dumps(to_json((cell,))))) == (cell,)


def test_whatever_stands_in_a_file_is_read():
    """Damaged notebooks give less, never an error."""
    for odd in (
        {},
        {"cells": None},
        {"cells": [None, {"cell_type": "code"}, {"cell_type": "code", "outputs": [1, {"data": 3}], "source": 7}]},
    ):
        notebook_cells(odd)


def test_a_headless_run_looks_at_what_the_cells_print(tmp_path, capsys):
    """The file holds no outputs; the run prints a key and a person's card: both are found, in their cells, masked."""
    from mlready_nb.cli import main
    from tests.privacy.test_personal import GROUPED

    key = "ghp_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA2bC5"
    halves = f"print('{key[:20]}' + '{key[20:]}')"
    card = f"print('{GROUPED[:9]}' + '{GROUPED[9:]}')"
    path = write(tmp_path / "nb.ipynb", "x = 1", halves, card)
    out = tmp_path / "out.json"
    main(["check", str(path), "--json", str(out), "--save", "--only", "hardcoded-credentials", "personal-data-shown"])
    text = out.read_text() + json.dumps(IpynbStore(path).read()["metadata"])
    found = {f["check"]: f for f in json.loads(out.read_text())["findings"]}

    assert found["hardcoded-credentials"]["outcome"] == "fail"
    assert found["hardcoded-credentials"]["cell"] == 2
    assert found["personal-data-shown"]["outcome"] == "fail"
    assert found["personal-data-shown"]["cell"] == 3
    assert key[4:20] not in text
    assert GROUPED[5:] not in text
    assert capsys.readouterr().out


def test_a_live_kernel_reads_its_file_again_when_it_changes(tmp_path, monkeypatch):
    """Where the front end tells which file it is."""
    import os

    from IPython.core.interactiveshell import InteractiveShell

    from mlready_nb.kernel import Kernel

    path = write(tmp_path / "nb.ipynb", "x = 1")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    kernel = Kernel(InteractiveShell.instance())
    assert kernel.session.subjects.notebook[0].shown == ()
    nbformat.write(document(V4.new_output("stream", text="shown")), path)
    os.utime(path, ns=(1, 1))
    assert kernel.session.subjects.notebook[0].shown[0].text == "shown"
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "gone.ipynb"))
    assert kernel.in_file() == ()
