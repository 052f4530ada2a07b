"""The pen: every block is written, and no text of a stranger becomes markup."""

import re
import time

import pytest

from mlready_nb.finding import Estimate, Table
from mlready_nb.views.document import (
    Fields,
    Figure,
    Grid,
    Items,
    Labelled,
    Paragraph,
    Section,
    Span,
    spans,
    to_markdown,
)

TABLE = Table(title="T", columns=("name", "share"), rows=(("a", Estimate(value=0.5, low=0.4, high=0.6)),), note="few")


def rendered(markdown):
    """The HTML that the renderer of nbconvert makes of it: raw HTML, links, tables, boxes and formulas let through."""
    import mistune

    plugins = ["strikethrough", "table", "url", "task_lists", "math", "footnotes", "def_list", "abbr"]
    return mistune.create_markdown(escape=False, plugins=plugins)(markdown)


def test_each_block_is_written():
    """Paragraph, labelled fields, lists of each form, table, figure, children one level down."""
    inner = Section(
        title="Inner",
        blocks=(
            Fields((Labelled("Size", (spans("12"),)), Labelled("Many", (spans("a"), spans("b"))))),
            Items((spans("one"), spans("two")), "number"),
            Items((spans("done"), spans("open")), "box", frozenset({0})),
            Grid(TABLE, source="some-check"),
            Figure("pic", TABLE),
            Figure("unseen", TABLE),
        ),
    )
    told = to_markdown(
        Section(title="Top", blocks=(Paragraph(spans("x ", Span("bold", "strong"))),), children=(inner,)),
        {"pic": "f/pic.png"},
    )

    for expected in (
        "# Top\n\nx **bold**\n\n## Inner\n\n- **Size:** 12\n- **Many:**\n  - a\n  - b\n",
        "1. one\n2. two\n",
        "- [x] done\n- [ ] open\n",
        "| a | 0.500 \\[0.400, 0.600\\] |",
        "![T](f/pic.png)",
        "_few_",
    ):
        assert expected in told
    assert "unseen" not in told


@pytest.mark.parametrize("stale", [True, False])
def test_a_stale_table_is_struck_through(stale):
    """And says so in a word."""
    told = to_markdown(Section(title="T", blocks=(Grid(TABLE, stale),)))

    assert ("~~a~~" in told) is stale
    assert ("**stale**" in told) is stale


HOSTILE = [
    "[click](https://evil.example)", "![x](https://evil.example/p.png)", "<img src=x onerror=alert(1)>", "<script>x</script>",
    "https://evil.example/a_b", "www.evil.example", "mail me@evil.example", "a\n# heading", "a\n\n- list", "# heading",
    "1. item", "> quote", "---", "===", "- [x] done", "`code`", "``` \nfence", "*a* **b** _c_ ~~d~~", "a | b | c", "a\r\n| - | - |",
    "$x^2$ $$y$$", "\\(x\\) \\[y\\]", "&lt;b&gt; &#60;", "\\", "\\*a\\*", "[ref]: https://evil.example", "[^1]", "<!-- -->", "<https://evil.example>",
    "\u202eevil\u2066\u200b\ufeff", "\x00\x1b[31m", "tab\there", "![[x]]", "\ud800", "HTTPS://EVIL.EXAMPLE", "1http://evil.example", "(see http://evil.example).", "éhttp://evil.example", "WWW.evil.example", "x`|`y",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("style", ["plain", "strong", "em", "strike", "code"])
def test_no_text_becomes_markup(text, style):
    """In a heading, a paragraph, a list, a label, a table: no link, picture, HTML or further block appears."""
    span = spans(Span(text, style), " end")
    table = Table(title=text, columns=(text, "n"), rows=((text, 1), ("b", 2)), note=text)
    tree = Section(
        title=text,
        blocks=(
            Paragraph(span),
            Items((span, span)),
            Fields((Labelled(text, (span,)), Labelled(None, (span,)), Labelled("two", (span, span)))),
            Grid(table),
            Figure("pic", table),
        ),
    )
    told = to_markdown(tree, {"pic": "pic.png"})
    html = rendered(told)

    assert not re.search(r"<a |<script|<h[2-6]|<hr|<blockquote|<pre|<!--|<dl|<sup|math", html)
    assert html.count("<img") == 1
    assert html.count("<h1") == 1
    assert html.count("<table>") == 1
    assert html.count("<tr>") == 3
    assert html.count("<td") == 4
    assert html.count("<li>") == 7
    assert html.count("<ul>") == 2  # list and fields stand one below the other; one field holds a list
    assert "<ol" not in html
    assert not re.search(r"(?<!\\)\$", re.sub(r"`[^`]*`", "", told))
    assert all(c.isprintable() or c == "\n" for c in told)
    told.encode()


def test_plain_words_stay_readable():
    """Names with underscores, numbers, comparisons are not littered with marks."""
    told = to_markdown(Section(title="t", blocks=(Paragraph(spans("hours_per_week is 0.87 (n = 12) >= 0.5 & more")),)))

    assert "hours_per_week is 0.87 (n = 12) >= 0.5 & more" in told


@pytest.mark.parametrize("piece", ["a", ".", "a@", "www.", ")", "http://", "://", "`", "_", "a.b@c."])
def test_long_hostile_text_takes_no_time(piece):
    """A column may be named with a million letters."""
    began = time.perf_counter()
    to_markdown(Section(title=piece * 50_000))
    assert time.perf_counter() - began < 2
