"""The HTML report in a browser, the card and the runbook in JupyterLab's Markdown viewer: strangers' text stays text."""

import itertools

import pytest

from mlready_nb import saved
from mlready_nb.finding import Estimate, Finding, Outcome, Place, Run, Table
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.state import State
from mlready_nb.subjects import Origin
from mlready_nb.views.export import WRITERS
from mlready_nb.views.fields import fillable
from tests.fuzz.hostile import PAYLOADS

CORPUS = [p.encode("utf-8", "replace").decode() for p in PAYLOADS if len(p) < 200]


def hostile_checklist():
    """Every text that can come from data, metadata or a person is a payload; every payload is used."""
    more = itertools.cycle(CORPUS)
    findings = []
    for i, payload in enumerate(CORPUS):
        rows = tuple((next(more), Estimate(value=0.5, low=0.4, high=0.6, n=9)) for _ in range(3))
        charts = ("bars", "intervals", None)
        findings.append(
            Finding(
                outcome=list(Outcome)[i % 7],
                message=payload,
                remedy=f"{payload}\n{next(more)}",
                kind=next(more),
                check=("row-overlap", "weak-class", "overall-metrics", "feature-importance", payload)[i % 5],
                items=("EVA-01", "DAT-03", "INT-01", "INT-02")[i % 4 : i % 4 + 1],
                measured={payload: payload, "accuracy": Estimate(value=0.5, n=9, method=payload)},
                tables=(
                    Table(
                        title=payload, columns=(next(more), next(more)), rows=rows, chart=charts[i % 3], note=payload
                    ),
                ),
                where=Place(cell=1, line=1, cell_id=payload),
                stale=i % 9 == 0,
            )
        )
    codes = ("BUS-01", "BUS-02", "DAT-02", "API-01", "PKG-02", "CON-01")
    marks = {
        c: Mark(code=c, kind=MarkKind.ATTESTED, note=next(more), link=next(more), by=next(more), at=next(more))
        for c in codes
    }
    run = Run(findings=tuple(findings), versions={p: p for p in CORPUS}, started=CORPUS[0], dropped=CORPUS[1])
    state = State(
        marks=marks,
        run=run,
        subjects={n: Origin(variable=next(more), how=next(more), shape=(3, 2)) for n in ("model", "X_test", "y_test")},
        targets=tuple(CORPUS[:5]),
        facts={"model_details.model_type": (next(more), next(more))},
    )
    keys = [f.key for template in ("card", "runbook") for f in fillable(saved.checklist(state), template)]
    return saved.checklist(
        State(**{**{n: getattr(state, n) for n in State.__dataclass_fields__}, "card": {k: next(more) for k in keys}})
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The documents in a folder."""
    folder = tmp_path_factory.mktemp("documents")
    checklist = hostile_checklist()
    for kind in ("html", "card", "runbook"):
        WRITERS[kind](checklist, folder / f"{kind}.{'html' if kind == 'html' else 'md'}")
    return folder


POKE = """() => { for (const e of document.querySelectorAll('*'))
    for (const kind of ['mouseover', 'focus', 'click', 'error', 'load', 'toggle', 'animationend'])
        if (!(kind === 'click' && e.closest('a, .jp-SideBar, .lm-MenuBar'))) e.dispatchEvent(new Event(kind)); }"""


def test_the_report_runs_nothing_and_fetches_nothing(browser, written):
    """Opened from the disk: no script ran, nothing was asked of any server, nothing leads out of the page."""
    context = browser._chromium.new_context()
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))

    page.set_content("<body><img src=x onerror='window.pwned = 1'></body>")  # the trap works
    page.wait_for_function("() => window.pwned === 1")
    page.goto("about:blank")
    asked.clear()
    page.goto((written / "html.html").as_uri())
    page.evaluate(POKE)
    page.wait_for_timeout(400)

    assert page.evaluate("() => window.pwned ?? null") is None
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
    assert (
        page.evaluate("() => [...document.querySelectorAll('script, iframe, object, embed, base, form, svg')].length")
        == 0
    )
    leads = "() => [...document.querySelectorAll('[href], [src]')].map(e => e.getAttribute('href') ?? e.getAttribute('src'))"
    assert [a for a in page.evaluate(leads) if not a.startswith(("#", "data:image/svg+xml;base64,"))] == []
    text = page.inner_text("body")
    assert "<script>window.pwned=1</script>" in text
    context.close()


@pytest.mark.parametrize("name", ["card", "runbook"])
def test_markdown_in_jupyterlab_shows_text(opened, written, name):
    """No script ran, no link and no picture but our own figures, whatever the payload."""
    page = opened("lab", f"documents-{name}", ["1"], kernel=False)
    for path in (p for p in written.rglob("*") if p.is_file()):
        target = page.server.root / path.relative_to(written)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    page.js("await app.commands.execute('docmanager:open', {path: arg, factory: 'Markdown Preview'});", f"{name}.md")
    page.page.wait_for_selector(".jp-MarkdownViewer h1, .jp-MarkdownViewer h2")
    page.page.wait_for_timeout(800)
    page.page.evaluate(
        POKE.replace("document.querySelectorAll", "document.querySelector('.jp-MarkdownViewer').querySelectorAll")
    )
    page.page.wait_for_timeout(300)

    assert page.js("return window.pwned ?? null;") is None
    inside = "document.querySelector('.jp-MarkdownViewer')"
    links = page.js(f"return [...{inside}.querySelectorAll('a[href]')].map(a => a.getAttribute('href'));")
    assert [a for a in links if not a.startswith("#")] == []
    pictures = page.js(f"return [...{inside}.querySelectorAll('img')].map(i => decodeURIComponent(i.src));")
    assert [p for p in pictures if f"{name}_files/" not in p] == []
    assert page.js(f"return {inside}.querySelectorAll('script, iframe, object, embed, form').length;") == 0
    assert page.js(f"return {inside}.querySelectorAll('mjx-container, .MathJax, math').length;") == 0
    shown = page.js(f"return {inside}.innerText;")
    assert sum(payload in shown for payload in ("window.pwned", "evil.example", "{{7*7}}", "%(a)s", "OR 1=1")) >= 1
