"""Dockerfiles, taken apart by dockerfile-parse into stages that know what they inherit."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mlready_nb.project.files import File, Tree

#: Not what is shipped: images for development, tests, documentation and other people's examples.
_ASIDE = re.compile(
    r"(^|[/._-])(devcontainer|dev|develop|development|test|tests|docs?|examples?|ci|debug|local)([/._-]|$)"
)
_PYTHON = re.compile(
    r"\b(python3?|pip3?|uv|poetry|conda|mamba|uvicorn|gunicorn|mlflow|bentoml|torchserve|tritonserver)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One line of a Dockerfile, continuation lines joined."""

    name: str
    value: str
    line: int


@dataclass(slots=True, kw_only=True)
class Stage:
    """What stands between one FROM and the next."""

    base: str
    alias: str
    line: int
    instructions: list[Instruction] = field(default_factory=list)
    #: the earlier stage it begins with, when `base` is that stage's name
    parent: Stage | None = None

    def chain(self) -> Iterator[Stage]:
        """The stage itself and those it inherits from, the nearest first."""
        stage: Stage | None = self
        while stage is not None:
            yield stage
            stage = stage.parent

    @property
    def image(self) -> str:
        """The image that everything begins with."""
        return list(self.chain())[-1].base

    def last(self, name: str) -> Instruction | None:
        """The instruction of that name that counts: the last one, of the nearest stage that has any."""
        for stage in self.chain():
            own = [i for i in stage.instructions if i.name == name]
            if own:
                return own[-1]
        return None

    def all(self, *names: str) -> list[Instruction]:
        """Every instruction of these names that the image ends up with, in order."""
        return [i for stage in reversed(list(self.chain())) for i in stage.instructions if i.name in names]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dockerfile:
    """One Dockerfile; `stages` is empty when it has no FROM."""

    path: str
    stages: tuple[Stage, ...]

    @property
    def final(self) -> Stage:
        """The stage that is shipped."""
        return self.stages[-1]

    def at(self, line: int) -> str:
        """`Dockerfile:12`."""
        return f"{self.path}:{line}"


def dockerfiles(tree: Tree) -> list[Dockerfile]:
    """Those that may be shipped: of several, the ones that run Python when any does."""
    files = [f for f in tree.named("dockerfile", "dockerfile.*", "*.dockerfile", "containerfile") if _is_one(f)]
    shipped = [f for f in files if not _ASIDE.search(f.path.lower())] or files
    parsed = [parse(f, tree.text(f)) for f in shipped[:20]]
    python = [d for d in parsed if _PYTHON.search(tree.text(File(path=d.path, size=0)).lower())]
    return python or parsed


def _is_one(file: File) -> bool:
    return file.suffix not in (".md", ".dockerignore", ".bak", ".txt", ".j2", ".tmpl", ".jinja") and file.size < 200_000


def parse(file: File, text: str) -> Dockerfile:
    """Stages with their instructions; build arguments in FROM take their defaults."""
    from dockerfile_parse import DockerfileParser

    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    parser = DockerfileParser(fileobj=io.BytesIO(_without_heredocs(text).encode()))
    for part in parser.structure:
        name, value, line = part["instruction"], part["value"], part["startline"] + 1
        if name == "ARG" and not stages:
            key, _, default = value.partition("=")
            arguments[key.strip()] = default.strip().strip("\"'")
        elif name == "FROM":
            words = [w for w in _filled(value, arguments).split() if not w.startswith("--")]
            base = words[0] if words else ""
            alias = words[2] if len(words) > 2 and words[1].lower() == "as" else ""
            parent = next((s for s in stages if s.alias and s.alias.lower() == base.lower()), None)
            stages.append(Stage(base=base, alias=alias, line=line, parent=parent))
        elif stages and name not in ("COMMENT", ""):
            stages[-1].instructions.append(Instruction(name=name, value=value, line=line))
    return Dockerfile(path=file.path, stages=tuple(stages))


def _filled(value: str, arguments: dict[str, str]) -> str:
    def fill(match: re.Match[str]) -> str:
        return arguments.get(match["name"]) or match["default"] or match[0]

    return re.sub(r"\$\{?(?P<name>\w+)(?::-(?P<default>[^}]*))?\}?", fill, value)


def _without_heredocs(text: str) -> str:
    """`RUN <<EOF` blocks as continuation lines, which the parser knows."""
    lines, end = [], ""
    for line in text.split("\n"):
        opened = re.match(r"\s*(?:RUN|COPY)\b.*<<-?[\"']?(\w+)[\"']?", line)
        if end:
            closes = line.strip() == end
            lines.append("true" if closes else line.rstrip().rstrip("\\") + " ; \\" if line.strip() else "\\")
            end = "" if closes else end
        elif opened:
            lines.append(re.sub(r"<<-?[\"']?\w+[\"']?", "", line).rstrip() + " \\")
            end = opened[1]
        else:
            lines.append(line)
    return "\n".join(lines)
