"""A document as a tree of sections, and the pen that writes it as Markdown.

A `Section` has a title, blocks and children. The blocks are these and no others; a pen needs one branch for each:

- `Paragraph`: spans of text
- `Fields`: lines `**Label:** spans`
- `Items`: a list: bullets, numbers, or boxes that are ticked or not
- `Grid`: a `Table` of a finding
- `Figure`: a `Table` to be drawn, under a file name; a pen that has no picture for it leaves it out

A `Span` is a text with a style. Texts come from data (column names, classes, notes of strangers): a pen escapes them
all, whatever the style, so a tree holds plain words and never markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mlready_nb.finding import Table
from mlready_nb.views.words import measure

#: Rows of a table that are written; the rest is counted.
ROWS = 30


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style: "plain", "strong", "em", "strike" or "code"."""

    text: str
    style: str = "plain"


Spans: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line of `Fields`: a label (or none) and what stands after it, in one line or several."""

    label: str | None
    lines: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled values."""

    rows: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list: "bullet", "number" or "box"; `ticked` holds the positions of ticked boxes."""

    items: tuple[Spans, ...]
    form: str = "bullet"
    ticked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; struck through when what it was measured on has changed since."""

    table: Table
    stale: bool = False
    #: the check that measured it
    source: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of a table, under a name that is safe in a path."""

    name: str
    table: Table
    caption: str = ""


Block: TypeAlias = Paragraph | Fields | Items | Grid | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, what stands under it, and its parts."""

    title: str
    blocks: tuple[Block, ...] = ()
    children: tuple[Section, ...] = ()

    def figures(self) -> Iterable[Figure]:
        """Every figure, in the order in which it is read."""
        yield from (b for b in self.blocks if isinstance(b, Figure))
        for child in self.children:
            yield from child.figures()


def spans(*parts: str | Span) -> Spans:
    """Plain strings and spans, as spans; empty ones left out."""
    made = (p if isinstance(p, Span) else Span(p) for p in parts)
    return tuple(s for s in made if s.text)


# -- the pen --------------------------------------------------------------------
def to_markdown(section: Section, pictures: Mapping[str, str] | None = None) -> str:
    """GitHub's Markdown of a section and all below it.

    Parameters
    ----------
    pictures
        Name of a figure -> relative address of its picture; figures without one are left out.
    """
    return "\n\n".join(_section(section, 1, pictures or {})) + "\n"


def _section(section: Section, depth: int, pictures: Mapping[str, str]) -> Iterable[str]:
    yield f"{'#' * min(depth, 6)} {_name(section.title)}"
    for block in section.blocks:
        written = _block(block, pictures)
        if written:
            yield written
    for child in section.children:
        yield from _section(child, depth + 1, pictures)


def _block(block: Block, pictures: Mapping[str, str]) -> str:
    match block:
        case Paragraph(spans=of):
            return _line(of)
        case Fields(rows=rows):
            return "\n".join(_labelled(row) for row in rows)
        case Items(items=items, form=form, ticked=ticked):
            return "\n".join(f"{_mark(form, i, i in ticked)} {_line(item)}" for i, item in enumerate(items))
        case Grid():
            return _grid(block)
        case Figure(name=name, table=table, caption=caption):
            words = _name(caption or table.title)
            return f"![{words}]({pictures[name]})" if name in pictures else ""


def _mark(form: str, position: int, ticked: bool) -> str:
    return {"number": f"{position + 1}.", "box": f"- [{'x' if ticked else ' '}]"}.get(form, "-")


def _labelled(row: Labelled) -> str:
    if row.label is None:
        return "\n".join(f"- {_line(line)}" for line in row.lines)
    head = f"- **{_name(row.label)}:**"
    if len(row.lines) == 1:
        return f"{head} {_joined(row.lines[0])}"
    return "\n".join((head, *(f"  - {_line(line)}" for line in row.lines)))


def _joined(of: Spans) -> str:
    return "".join(_span(s) for s in of).strip()


def _line(of: Spans) -> str:
    """Spans at the beginning of a line, where a mark would begin a heading, a list, a quotation or a rule."""
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", re.sub(r"^([#>+\-=:])", r"\\\1", _joined(of)))


def _span(span: Span) -> str:
    if span.style == "code":
        return _code(visible(span.text).strip())
    mark = {"strong": "**", "em": "_", "strike": "~~"}.get(span.style, "")
    if not mark:
        return _inline(span.text)
    text = _inline(span.text)
    bare = text.strip()
    if not bare:
        return text
    before, _, after = text.partition(bare)  # a mark holds only where no blank stands inside it
    return f"{before}{mark}{bare}{mark}{after}"


def _grid(grid: Grid) -> str:
    table = grid.table
    aside = f" ({grid.source})" if grid.source else ""
    lines = [f"**{_name(table.title)}**{_inline(aside)}" + (" **stale**" if grid.stale else ""), ""]
    lines.append("| " + " | ".join(_inline(c) or " " for c in table.columns) + " |")
    numeric = [all(not isinstance(r[i], str) for r in table.rows if i < len(r)) for i in range(len(table.columns))]
    lines.append("|" + "|".join(" ---: " if right else " :--- " for right in numeric) + "|")
    for row in table.rows[:ROWS]:
        cells = [_inline(measure(c)) for c in row]
        lines.append("| " + " | ".join(f"~~{c}~~" if grid.stale and c else c or " " for c in cells) + " |")
    notes = [table.note] if table.note else []
    notes += [f"{len(table.rows) - ROWS:,} more rows are left out here"] if len(table.rows) > ROWS else []
    return "\n".join(lines + (["", _span(Span("; ".join(notes), "em"))] if notes else []))


# -- text that strangers wrote ----------------------------------------------------
#: What a renderer would make a link of by itself.
_TAIL = r"""(?:[^\s<>]*[^\s<>)\]'",.;:!?])?"""
_WORD = r"(?<![\w.+\-])[\w.+\-]+"  # tried once for each run of letters: a long name must not take long
_ADDRESS = re.compile(
    rf"{_WORD}://{_TAIL}|www\.{_TAIL}|(?:mailto|xmpp):{_TAIL}|{_WORD}@[\w\-]+(?:\.[\w\-]+)+", re.IGNORECASE
)
#: Where JupyterLab's MathJax begins a formula: it reads the finished page, so no escape in Markdown reaches it, and
#: its \\href makes links. The wide forms of the signs look alike and begin nothing.
_FORMULA = re.compile(r"\$|\\(?=[(\[]|(?:begin|(?:eq)?ref)\s*\{)")
_MARKS = re.compile(r"[`*\[\]<~|]|(?<![^\W_])_|_(?![^\W_])|&(?=[#A-Za-z])|\\|@@")
_REPLACED = {"<": "&lt;", "\\": "&#92;", "&": "&amp;", "@@": "&#64;&#64;"}


def visible(text: str) -> str:
    """One line without control, bidirectional or other unprintable characters."""
    return re.sub(r" {2,}", " ", "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in text))


def _inline(text: str) -> str:
    """Text that Markdown shows as it stands: no emphasis, link, picture, HTML, formula or table border."""
    text = _FORMULA.sub(lambda m: "＄" if m[0] == "$" else "＼", visible(text))
    out, last = [], 0
    for found in _ADDRESS.finditer(text):
        out += [_marked(text[last : found.start()]), _code(found[0])]
        last = found.end()
    return "".join([*out, _marked(text[last:])])


def _name(text: str) -> str:
    """A heading or a label: something to read, without blanks at its ends."""
    return _inline(text).strip() or "(no name)"


def _marked(text: str) -> str:
    return _MARKS.sub(lambda m: _REPLACED.get(m[0], f"\\{m[0]}"), text)


def _code(text: str) -> str:
    """A code span: nothing in it is read, but for the borders of a table."""
    if not text:
        return ""
    text = text.replace("|", "¦")  # a backslash would show in a code span outside a table
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}"
