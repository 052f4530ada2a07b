"""Terraform's resources by type, read by python-hcl2; without it there is nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlready_nb.project.files import Tree

MAX_FILES, MAX_SIZE, MAX_SECONDS = 40, 60_000, 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One `resource "type" "name"`."""

    kind: str
    name: str
    path: str
    line: int
    body: Mapping[str, Any]

    @property
    def at(self) -> str:
        """`main.tf:12`."""
        return f"{self.path}:{self.line}"


def resources(tree: Tree) -> list[Resource]:
    """Every resource of the .tf files, within bounds."""
    files = [f for f in tree.files if f.suffix == ".tf" and 0 < f.size < MAX_SIZE][:MAX_FILES]
    if not files:
        return []
    try:
        import hcl2
    except ImportError:
        return []
    found: list[Resource] = []
    until = time.monotonic() + MAX_SECONDS
    for file in files:
        if time.monotonic() > until:
            break
        text = tree.text(file)
        try:
            body = hcl2.loads(text)
        except Exception:  # noqa: S112  (lark has many ways to say that this is no HCL)
            continue
        for block in body.get("resource", ()):
            for kind, named in block.items():
                for name, inner in named.items() if isinstance(named, dict) else ():
                    kind_bare, name_bare = kind.strip('"'), name.strip('"')
                    at = text.find(f'"{kind_bare}" "{name_bare}"')
                    if isinstance(inner, dict):
                        found.append(
                            Resource(
                                kind=kind_bare,
                                name=name_bare,
                                path=file.path,
                                line=text[: max(at, 0)].count("\n") + 1,
                                body=inner,
                            )
                        )
    return found
