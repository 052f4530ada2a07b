"""Notebooks as the checks of cells and outputs see them."""

from mlready_nb.subjects import Cell, NotebookCell, Shown


def cells(*sources):
    """Code cells as they ran, in order."""
    return tuple(Cell(number=n, source=s, execution_count=n) for n, s in enumerate(sources, 1))


def notebook(*pairs, counts=None):
    """(source, output) of each code cell, as the file has them."""
    return tuple(
        NotebookCell(
            number=n,
            source=source,
            execution_count=counts[n - 1] if counts else n,
            shown=(Shown(mime="text/html" if output.startswith("<") else "text/plain", text=output),) if output else (),
        )
        for n, (source, output) in enumerate(pairs, 1)
    )
