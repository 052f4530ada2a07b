"""The files around the notebook, read once and within bounds: how many, how large, how deep, how long."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

#: Entries looked at, folders deep, seconds walked; bytes read of one file and of all.
MAX_FILES, MAX_DEPTH, MAX_SECONDS = 30_000, 12, 2.5
MAX_BYTES, MAX_TOTAL = 2_000_000, 60_000_000

#: Folders that hold other people's code, caches, or what was built: not what a person of the project wrote.
SKIPPED = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        "node_modules",
        "bower_components",
        "__pycache__",
        ".venv",
        "venv",
        "env",
        ".env",
        ".tox",
        ".nox",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".ipynb_checkpoints",
        ".hypothesis",
        ".cache",
        ".eggs",
        "site-packages",
        "dist-packages",
        "vendor",
        "third_party",
        ".terraform",
        ".idea",
        ".vs",
        ".gradle",
        ".next",
        ".serverless",
        ".aws-sam",
        ".yarn",
        ".pixi",
        ".conda",
        "__MACOSX",
        "htmlcov",
    ]
)
#: What marks the top of a project where there is no repository.
MARKERS = (
    "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "environment.yml", "Pipfile", "Dockerfile",
    ".github", ".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml", "Makefile", "dvc.yaml", "MLproject",
)  # fmt: skip
#: What a project that stands on its own inside a larger repository has at least two of.
_SHAPE = (
    "pyproject.toml", "setup.py", "requirements.txt", "environment.yml", "Dockerfile", "app", "src", "tests", "api",
    "deploy", "k8s", "README.md",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One regular file: where it lies below the root, with slashes, and how large it is."""

    path: str
    size: int
    #: the last part, in lower case
    name: str = field(init=False, repr=False, compare=False)
    #: `.yaml`, in lower case; of `model.tar.gz` it is `.gz`, of `.env` it is nothing
    suffix: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        name = self.path.rpartition("/")[2].lower()
        stem, dot, end = name.rpartition(".")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "suffix", dot + end if stem else "")

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders above it, in lower case."""
        return tuple(self.path.lower().split("/")[:-1])


@dataclass(frozen=True, kw_only=True)
class Tree:
    """What lies below a root: names and sizes at once, texts when asked for, never more than the bounds allow."""

    root: Path
    #: the notebook's folder
    home: Path
    files: tuple[File, ...]
    #: what the walk left out, in words; empty when it saw everything
    left_out: str = ""
    #: has the root a repository
    repository: bool = False
    _texts: dict[str, str] = field(default_factory=dict, repr=False)
    _read: list[int] = field(default_factory=lambda: [0], repr=False)

    @cached_property
    def by_name(self) -> dict[str, list[File]]:
        """Lower-case name -> files of that name, those near the top first."""
        found: dict[str, list[File]] = {}
        for file in self.files:
            found.setdefault(file.name, []).append(file)
        return found

    def named(self, *patterns: str) -> Iterator[File]:
        """Files whose name matches one of the patterns, any case: `requirements*.txt`."""
        fits = _matcher(patterns)
        found = [file for name, files in self.by_name.items() if fits(name) for file in files]
        yield from sorted(found, key=lambda f: (f.path.count("/"), f.path))

    def text(self, file: File) -> str:
        """A file's text; empty where it is too large, binary or unreadable."""
        if file.path not in self._texts:
            self._texts[file.path] = self._load(file)
        return self._texts[file.path]

    def _load(self, file: File) -> str:
        if file.size > MAX_BYTES or self._read[0] + file.size > MAX_TOTAL:
            return ""
        raw = read_bytes(f"{self.root}/{file.path}", MAX_BYTES)
        self._read[0] += len(raw)
        return decode(raw)


@cache
def _matcher(patterns: tuple[str, ...]) -> Callable[[str], re.Match[str] | None]:
    return re.compile("|".join(fnmatch.translate(p) for p in patterns)).match


def read_bytes(path: str, limit: int) -> bytes:
    """The first bytes of a regular file; never waits on a pipe, never follows a link at the end of the path."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(path, flags)
    except (OSError, ValueError):
        return b""
    try:
        found = os.fstat(handle)
        return os.read(handle, min(limit, found.st_size)) if stat.S_ISREG(found.st_mode) else b""
    except OSError:
        return b""
    finally:
        os.close(handle)


def decode(raw: bytes) -> str:
    """Bytes as text: by its byte-order mark, else UTF-8, else Latin-1; binary as nothing."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    if b"\0" in raw[:8000]:
        return ""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def find_root(folder: Path) -> tuple[Path, bool]:
    """The top of the notebook's project, and whether a repository says so."""
    folder = Path(os.path.realpath(folder))
    for place in (folder, *folder.parents):
        if _there(place / ".git"):
            return _narrowed(folder, place), True
    shared = {Path.home(), Path(tempfile.gettempdir()).resolve(), Path(folder.anchor)}
    top = folder
    for place in list(folder.parents)[:2]:
        if place in shared or place.parent == Path(folder.anchor):
            break
        if any(_there(place / m) for m in MARKERS):
            top = place
    return top, False


def _narrowed(folder: Path, top: Path) -> Path:
    """In a repository of several projects, the one the notebook belongs to."""
    for place in (folder, *folder.parents):
        if place == top:
            break
        own = sum(_there(place / m) for m in _SHAPE)
        if own >= 3 and own > sum(_there(top / m) for m in _SHAPE):
            return place
    return top


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def walk(folder: Path, *, seconds: float = MAX_SECONDS, most: int = MAX_FILES) -> Tree:
    """Look at the names and sizes of all regular files of the project, those near the top first."""
    root, repository = find_root(folder)
    until = time.monotonic() + seconds
    files: list[File] = []
    seen = 0
    why = ""
    waiting: deque[tuple[str, int]] = deque([("", 0)])
    extra = _configuration_above(root) if repository else []
    while waiting and not why:
        below, depth = waiting.popleft()
        try:
            listing = os.scandir(root / below)
        except (OSError, ValueError):
            continue
        with listing:
            for entry in listing:
                seen += 1
                if seen > most:
                    why = f"stopped after {most:,} files"
                    break
                if not seen % 256 and time.monotonic() > until:
                    why = f"stopped after {seconds:g} s and {seen:,} files"
                    break
                path = f"{below}/{entry.name}" if below else entry.name
                try:
                    path.encode()
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name in SKIPPED or _is_venv(entry):
                            continue
                        if depth < MAX_DEPTH:
                            waiting.append((path, depth + 1))
                    elif entry.is_file(follow_symlinks=False):
                        files.append(File(path=path, size=entry.stat(follow_symlinks=False).st_size))
                except (OSError, UnicodeError):
                    continue
    files.sort(key=lambda f: (f.path.count("/"), f.path))
    return Tree(
        root=root,
        home=Path(os.path.realpath(folder)),
        files=(*files, *extra),
        left_out=why,
        repository=repository,
    )


def _is_venv(entry: os.DirEntry[str]) -> bool:
    return os.path.lexists(os.path.join(entry.path, "pyvenv.cfg"))  # noqa: PTH118  (thousands of folders)


def _configuration_above(root: Path) -> list[File]:
    """Pipelines of the whole repository, where the project is only a part of it: `../.github/workflows/ci.yml`."""
    if _there(root / ".git"):
        return []
    found: list[File] = []
    up = ""
    for place in root.parents:
        up += "../"
        if _there(place / ".git"):
            for pattern in (".github/workflows/*.y*ml", ".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml"):
                for path in sorted(place.glob(pattern))[:50]:
                    try:
                        if path.is_file() and not path.is_symlink():
                            found.append(File(path=up + path.relative_to(place).as_posix(), size=path.lstat().st_size))
                    except OSError:
                        continue
            break
    return found
