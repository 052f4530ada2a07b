"""The few files that tell how a project is built, tested and shipped: known names, bounded, symlinks not followed out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

#: Bytes of one file, and files of one folder, that are read.
SIZE, FILES = 200_000, 40
#: Folders that hold manifests, beside the root itself.
_FOLDERS = (
    ".",
    ".github/workflows",
    ".circleci",
    "k8s",
    "kubernetes",
    "deploy",
    "deployment",
    "manifests",
    "helm",
    "infra",
    "ops",
)


@dataclass(frozen=True, kw_only=True)
class Shipping:
    """The files of a project's root, read once."""

    root: Path
    texts: dict[str, str] = field(default_factory=dict)

    def named(self, pattern: str) -> Iterator[tuple[str, str]]:
        """(path, text) of the files whose path matches."""
        yield from ((p, t) for p, t in self.texts.items() if re.search(pattern, p, re.IGNORECASE))

    @cached_property
    def documents(self) -> list[tuple[str, Any]]:
        """(path, content) of every YAML document that can be read."""
        try:
            import yaml
        except ModuleNotFoundError:
            return []
        found: list[tuple[str, Any]] = []
        for path, text in self.named(r"\.ya?ml$"):
            try:
                found += [(path, d) for d in yaml.safe_load_all(text) if isinstance(d, dict)]
            except (yaml.YAMLError, RecursionError, ValueError):
                continue
        return found


def shipping(folder: Path) -> Shipping:
    """Read what there is at the repository's root above a folder (the folder itself where there is none)."""
    root = next((p for p in (folder, *folder.parents) if (p / ".git").exists()), folder).resolve()
    texts: dict[str, str] = {}
    for name in _FOLDERS:
        for path in _listed(root / name):
            inside = path.resolve()
            if inside.is_relative_to(root) and inside.is_file() and inside.stat().st_size <= SIZE:
                text = inside.read_text(encoding="utf-8", errors="replace")
                texts[path.relative_to(root).as_posix()] = text
    return Shipping(root=root, texts=texts)


def _listed(folder: Path) -> list[Path]:
    wanted = re.compile(r"(^Dockerfile|\.ya?ml$|^Makefile$|^Jenkinsfile$|^Procfile$|^justfile$)", re.IGNORECASE)
    try:
        with os.scandir(folder) as entries:
            names = sorted(e.name for e in entries if wanted.search(e.name))
    except OSError:
        return []
    return [folder / n for n in names[:FILES]]
