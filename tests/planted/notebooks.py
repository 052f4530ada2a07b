"""Cases as notebook files, and as live namespaces."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import types
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat

from tests.planted.case import Case
from tests.planted.data import write_tables

_MAGIC = re.compile(r"^(\s*)[%!].*$", flags=re.MULTILINE)


class CellFailed(RuntimeError):
    """A cell of a planted notebook raised: the set is broken, not the detector."""


def write(case: Case, folder: Path) -> dict[str, Path]:
    """`fault.ipynb` and `clean.ipynb` (clean alone, where nothing is planted) and the tables they read."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for half in ("fault", "clean"):
        if cells := getattr(case, half):
            written[half] = folder / f"{half}.ipynb"
            write_tables(cells, folder, case.seed)
            nbformat.write(notebook(case.name, cells), written[half])
    return written


def notebook(title: str, cells: Sequence[str]) -> nbformat.NotebookNode:
    """These code cells under a heading."""
    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(f"# {title}"), *map(nbformat.v4.new_code_cell, cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    for number, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{number}"  # the same file each time
    return nb


@contextlib.contextmanager
def executed(cells: Sequence[str], folder: Path, seed: int) -> Iterator[dict[str, Any]]:
    """Run the cells in this process, as a kernel would; gives the live namespace while the folder is the current one.

    Raises
    ------
    CellFailed
        With the cell's number and source.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    write_tables(cells, folder, seed)
    main = types.ModuleType("__main__")
    with contextlib.chdir(folder), _as_main(main):
        with _silence(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, source in enumerate(cells, 1):
                _run(number, source, vars(main))
        yield vars(main)


def _run(number: int, source: str, namespace: dict[str, Any]) -> None:
    """One cell; its magics are left out."""
    import matplotlib.pyplot as plt

    try:
        exec(compile(_MAGIC.sub(r"\1pass", source), f"<cell {number}>", "exec"), namespace)
    except Exception as error:
        msg = f"cell {number}: {type(error).__name__}: {error}\n{source}"
        raise CellFailed(msg) from error
    finally:
        plt.close("all")


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


@contextlib.contextmanager
def _as_main(module: types.ModuleType) -> Iterator[None]:
    """Let classes and functions of the cells belong to `__main__`, as in a kernel."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        yield
    finally:
        sys.modules["__main__"] = before
