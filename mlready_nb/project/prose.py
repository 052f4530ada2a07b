"""Documents people wrote: sections with what stands in them, and whether that is more than a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlready_nb.project.files import Tree

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_UNDERLINE = re.compile(r"^(=+|-+|~+|\^+)\s*$")
_HOLE = re.compile(
    r"\[[^\]\n]{2,60}\](?!\(|\[|:)|<[a-z][^>\n/]{2,40}>|\b(TODO|TBD|FIXME|XXX|lorem ipsum|to be (added|done|written|defined|completed)|coming soon|fill (this )?in|More Information Needed|your[- ](name|team|email|model)|placeholder|N/?A)\b|\.\.\.$|_{3,}",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"^\s*(\$\s|>\s*\w|(sudo )?(kubectl|helm|docker|git|make|python3?|pip|gcloud|aws|az|terraform|mlflow|dvc|curl|uv|poetry|airflow|prefect|\./|bash|sh|systemctl|argo)\b)|`[^`]*(kubectl|helm|docker|make|python|git|mlflow|dvc|curl|\./)[^`]*`",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading and what stands under it, sections below it included."""

    title: str
    level: int
    line: int
    body: str

    @property
    def words(self) -> int:
        """Words that say something: template holes and headings do not."""
        bare = "\n".join(x for x in self.body.split("\n") if not _HEADING.match(x))
        bare = re.sub(r"<!--.*?-->", " ", bare, flags=re.DOTALL)
        bare = _HOLE.sub(" ", re.sub(r"\[[ xX]\]", " ", bare))
        return len(re.findall(r"[^\W_][\w'/.-]*", bare))

    @property
    def holes(self) -> int:
        """Places that are still to be filled in."""
        text = re.sub(r"```.*?```|`[^`]*`|\[[ xX]\]", " ", self.body, flags=re.DOTALL)
        return len(_HOLE.findall(text))

    @property
    def commands(self) -> bool:
        """Does it hold something to type."""
        return bool(_COMMAND.search(self.body))

    @property
    def filled(self) -> bool:
        """Has it content of its own, more than holes."""
        return self.words >= 6 and self.words >= 3 * self.holes


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One Markdown or reStructuredText file."""

    path: str
    text: str
    sections: tuple[Section, ...]

    @property
    def whole(self) -> Section:
        """The document as one section."""
        return Section(title=self.path, level=0, line=1, body=self.text)

    def section(self, pattern: str) -> Section | None:
        """The fullest section whose title fits."""
        fits = [s for s in self.sections if re.search(pattern, s.title, re.IGNORECASE)]
        return max(fits, key=lambda s: (s.filled, s.words), default=None)


def documents(tree: Tree) -> list[Document]:
    """Every document of the folder, those near the top first."""
    found: list[Document] = []
    for file in tree.named("*.md", "*.rst", "*.markdown", "*.adoc"):
        if file.size < 500_000 and len(found) < 400:
            text = tree.text(file)
            found.append(Document(path=file.path, text=text, sections=tuple(_sections(text))))
    return found


def _sections(text: str) -> Iterator[Section]:
    lines = text.split("\n")
    heads: list[tuple[int, int, str]] = []
    fenced = False
    for i, line in enumerate(lines):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if fenced:
            continue
        match = _HEADING.match(line)
        if match:
            heads.append((i, len(match[1]), match[2]))
        elif re.match(r"={1,5}\s+\S", line):
            heads.append((i, len(line) - len(line.lstrip("=")), line.strip("= ")))
        elif (
            i
            and _UNDERLINE.match(line)
            and lines[i - 1].strip()
            and len(line.strip()) >= min(3, len(lines[i - 1].strip()))
            and not lines[i - 1].lstrip().startswith(("|", "-", "*"))
        ):
            heads.append((i - 1, 1 if line[0] == "=" else 2, lines[i - 1].strip()))
    for n, (i, level, title) in enumerate(heads):
        end = next((j for j, other, _ in heads[n + 1 :] if other <= level), len(lines))
        yield Section(
            title=re.sub(r"[*_`]|\[|\]\(.*?\)", "", title), level=level, line=i + 1, body="\n".join(lines[i + 1 : end])
        )
