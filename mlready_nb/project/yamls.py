"""YAML from strangers: no tags are obeyed, aliases cannot explode, and every key knows its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

#: Values taken out of one file; beyond it the file is not looked at.
MAX_NODES = 40_000
MAX_TEXT = 400_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEMPLATE = re.compile(r"\{\{.*?\}\}")


class Map(dict[str, Any]):
    """A mapping whose keys are as they were written (`on` stays `on`), with the line of each."""

    line: int = 0
    lines: dict[str, int]


class TooLarge(ValueError):
    """More values than any hand-written file has: an alias bomb, or data."""


def load(text: str) -> list[Any]:
    """The documents of a YAML (or JSON) text; empty where it cannot be read."""
    if len(text) > MAX_TEXT:
        return []
    if "{{" in text:
        text = _untemplated(text)
    documents = []
    left = [MAX_NODES]
    try:
        for node in yaml.compose_all(text, Loader=_LOADER):
            documents.append(_value(node, left, 0))  # noqa: PERF401  (what stands before a broken one is kept)
    except (yaml.YAMLError, TooLarge, RecursionError, ValueError):
        return documents  # what stood before the broken document is still there
    return documents


def broken(text: str) -> str | None:
    """Why a text is no YAML, with its line; `None` when it is."""
    try:
        for _ in yaml.compose_all(text[:MAX_TEXT], Loader=_LOADER):
            pass
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return f"line {line}: {error.problem or error.context}"
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return str(error).partition("\n")[0]
    return None


def _untemplated(text: str) -> str:
    """A Helm or Jinja template with its control lines blank and its values replaced by a word."""
    lines = []
    for line in text.split("\n"):
        bare = line.strip()
        lone = bare.startswith("{{") and bare.endswith("}}")
        lines.append("" if lone else _TEMPLATE.sub("templated", line))
    return "\n".join(lines)


def _value(node: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth > 60:
        raise TooLarge
    if isinstance(node, yaml.MappingNode):
        found = Map()
        found.line, found.lines = node.start_mark.line + 1, {}
        for key, value in node.value:
            name = key.value if isinstance(key.value, str) else "?"
            inner = _value(value, left, depth + 1)
            if name == "<<" and isinstance(inner, dict):
                for k, v in inner.items():
                    found.setdefault(k, v)
                continue
            found[name] = inner
            found.lines[name] = key.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, left, depth + 1) for child in node.value]
    return _scalar(node)


def _scalar(node: Any) -> Any:
    text = str(node.value)
    kind = node.tag.rpartition(":")[2]
    if node.style in ("'", '"', "|", ">"):
        return text
    if kind == "int":
        try:
            return int(text.replace("_", ""), 0)
        except ValueError:
            return text
    if kind == "float":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    return None if kind == "null" else text


def visit(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, int]]:
    """Every key below a value: (its path, its value, its line)."""
    if isinstance(value, Map):
        for key, inner in value.items():
            yield (*path, key), inner, value.lines.get(key, value.line)
            yield from visit(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from visit(inner, path)


def dig(value: Any, *keys: str) -> Any:
    """`dig(doc, "spec", "replicas")`: `None` where one of the keys is not there."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def listed(value: Any) -> list[Any]:
    """A list as it is, a single value as a list of one, nothing as none."""
    return value if isinstance(value, list) else [] if value is None else [value]
