"""Every view of any state: written, and nothing in it is markup, script or a steering character."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlready_nb import saved
from tests.fuzz.conftest import cases
from tests.fuzz.shown import VIEWS, figures
from tests.fuzz.test_state import bent, readable, states
from tests.views.test_document import rendered

pytestmark = pytest.mark.filterwarnings("ignore")

HTML = ("html", "snapshot", "run html")
MARKDOWN = ("card", "runbook")
TERMINAL = ("status", "run text")
#: What a document of ours may hold; whatever else turns up came from the data.
OURS = frozenset({"html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2", "h3", "h4", "p", "div", "span", "b", "i", "em", "strong", "small", "br", "hr",
                  "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "code", "pre", "img", "figure", "figcaption", "nav", "a", "del", "input", "s"})  # fmt: skip


class Markup(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self):
        super().__init__()
        self.bad = []

    def handle_starttag(self, tag, attrs):
        """A tag that is not ours, a handler, an address that leads out."""
        if tag not in OURS:
            self.bad.append(tag)
        for name, value in attrs:
            leads = name in (
                "href",
                "src",
                "action",
                "srcdoc",
                "formaction",
                "xlink:href",
                "data",
                "poster",
                "background",
            )
            if name.startswith("on") or (
                leads and not (value or "").startswith(("#", "data:image/svg+xml;base64,", "data:image/png;base64,"))
            ):
                self.bad.append((tag, name, value))


def acted_on(html):
    """What a browser would act on that we did not write."""
    parser = Markup()
    parser.feed(html)
    return parser.bad


def harmless(name, text):
    """Nothing of the data's steers who shows it."""
    text.encode()
    if name in HTML:
        assert acted_on(text) == []
    elif name in MARKDOWN:
        assert acted_on(rendered(text)) == []
        assert all(c.isprintable() or c == "\n" for c in text)
    elif name in TERMINAL:
        assert all(c.isprintable() or c == "\n" for c in text), [c for c in text if not c.isprintable() and c != "\n"]
    elif name == "junit":
        ET.fromstring(text.encode())
    elif name == "github":
        assert all(re.match(r"::(error|warning|notice) |[^:]|$", line) for line in text.splitlines())
    elif name in ("json", "sarif", "live", "details"):
        json.loads(text)


@cases(120)
@given(states)
def test_every_view_of_any_state_is_written_and_harmless(tried, state):
    """All of them."""
    tried()
    checklist = saved.checklist(state)
    for name, write in VIEWS.items():
        harmless(name, write(checklist))


@cases(500)
@given(bent(), st.sampled_from(sorted(VIEWS)))
def test_a_bent_state_that_is_read_can_be_shown(tried, raw, name):
    """One view each."""
    tried()
    state = readable(json.loads(json.dumps(raw)))
    if state is not None:
        harmless(name, VIEWS[name](saved.checklist(state)))


@cases(40)
@given(states)
def test_figures_of_any_table_are_pictures_without_script(tried, state):
    """Drawn, or left out."""
    tried()
    for svg in figures(saved.checklist(state)):
        if svg is not None:
            root = ET.fromstring(svg)
            tags = {e.tag.rpartition("}")[2].lower() for e in root.iter()}
            assert not tags & {"script", "foreignobject", "a", "iframe"}
            for name, value in ((k.rpartition("}")[2].lower(), v) for e in root.iter() for k, v in e.attrib.items()):
                assert not name.startswith("on")
                assert name != "href" or value.startswith(("#", "data:image/png;base64,"))
