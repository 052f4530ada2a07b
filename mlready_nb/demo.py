"""The demo: a copy of the first notebook and its data in a folder of the person's own."""

from __future__ import annotations

import filecmp
import importlib.util
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

NOTEBOOK = "01-first-look.ipynb"


class NoDemo(ValueError):
    """The demo cannot be opened; the message says what is missing."""


def source() -> Path:
    """The folder of notebooks: in the wheel inside the package, in a checkout beside it."""
    home = Path(__file__).parent
    for folder in (home / "notebooks", home.parent / "notebooks"):
        if (folder / NOTEBOOK).is_file():
            return folder
    msg = f"{NOTEBOOK} is not part of this installation: pip install --force-reinstall mlready-nb"
    raise NoDemo(msg)


def copy_to(folder: Path) -> Path:
    """Copy notebook and data, never over a file that was changed: then into `folder-2`, and so on."""
    wanted = {Path(NOTEBOOK): source() / NOTEBOOK}
    wanted.update({Path("data") / p.name: p for p in sorted((source() / "data").iterdir()) if p.is_file()})
    for number in itertools.count(1):
        place = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        if _free(place, wanted):
            break
    for name, original in wanted.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        if not (place / name).exists():
            shutil.copyfile(original, place / name)
    return place / NOTEBOOK


def _free(place: Path, wanted: dict[Path, Path]) -> bool:
    """Nothing there that our files would replace."""
    if place.exists() and not place.is_dir():
        return False
    return all(not (place / n).exists() or filecmp.cmp(place / n, p, shallow=False) for n, p in wanted.items())


def open_lab(notebook: Path) -> int:
    """Open JupyterLab on the notebook and wait until it is closed."""
    if importlib.util.find_spec("jupyterlab") is None:
        msg = f"JupyterLab is not installed: {sys.executable} -m pip install 'mlready-nb[lab]', or mlready demo --headless"
        raise NoDemo(msg)
    command = [sys.executable, "-m", "jupyter", "lab", notebook.name]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        command.append("--allow-root")  # in a container there is nobody else, and Jupyter refuses without it
    return subprocess.run(command, cwd=notebook.parent, check=False).returncode  # noqa: S603
