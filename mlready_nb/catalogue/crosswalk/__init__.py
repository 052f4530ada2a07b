"""Our items against the points of other frameworks."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mlready_nb.catalogue.model import Catalogue, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """Another list, and which edition its numbers are of."""

    key: str
    title: str
    source: str


@cache
def frameworks() -> tuple[Framework, ...]:
    """The lists, in their order."""
    return tuple(Framework(key=k, title=v["title"], source=v["source"]) for k, v in _raw()["frameworks"].items())


def crosswalk(item: Item) -> dict[str, tuple[str, ...]]:
    """Framework's key -> its points that ask for what the item asks; a computed item has those under it."""
    table: Mapping[str, Mapping[str, list[str]]] = _raw()["items"]
    codes = (item.code, *(c.partition(".")[0] for c in item.computed_from))
    found = {
        f.key: tuple(dict.fromkeys(p for c in codes for p in table.get(c, {}).get(f.key, ()))) for f in frameworks()
    }
    return {key: points for key, points in found.items() if points}


def as_markdown(catalogue: Catalogue) -> str:
    """One row an item."""
    titles = [f.title for f in frameworks()]
    lines = [f"| code | item | {' | '.join(titles)} |", "| --- " * (len(titles) + 2) + "|"]
    for item in catalogue.items():
        told = crosswalk(item)
        cells = [", ".join(told.get(f.key, ())) for f in frameworks()]
        lines.append(f"| {item.code} | {item.title.replace('|', '¦')} | {' | '.join(cells)} |")
    lines += ["", *(f"- {f.title}: {f.source}" for f in frameworks())]
    return "\n".join(lines)


def as_csv(catalogue: Catalogue) -> str:
    """One row an item; several points in a cell are apart by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "item", *(f.key for f in frameworks())])
    for item in catalogue.items():
        told = crosswalk(item)
        writer.writerow([item.code, item.title, *("; ".join(told.get(f.key, ())) for f in frameworks())])
    return out.getvalue().rstrip("\n")


@cache
def _raw() -> dict[str, dict[str, Any]]:
    text = (files("mlready_nb.catalogue.crosswalk") / "frameworks.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
