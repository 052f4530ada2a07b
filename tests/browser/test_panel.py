"""The panel in a real JupyterLab 4 and Notebook 7: painted, run, attested, saved, reopened."""

import json
import time

import pytest
from mlready_browser_story import STORY, TRAIN, attest, kept, panel, run_checks

SLOW = """
import time
from mlready_nb.checks import registry
from mlready_nb.checks.declare import Cost, check
from mlready_nb.finding import passed

@check("EVA-03.1", cost=Cost.SLOW)
def waits_long(X_test):
    '''Waits.'''
    for _ in range(600):
        time.sleep(.1)
    return passed("never said")

plain = registry.load_checks()
registry.load_checks = lambda: (*plain, waits_long)
import mlready_nb.session as session
session.load_checks = registry.load_checks
"""


@pytest.mark.parametrize("kind", ["lab", "notebook"])
def test_the_story(opened, kind):
    """Run all, run checks, attest, fill the card, Ctrl+S: the file holds it, and every way of reopening shows it."""
    page = opened(kind, f"story-{kind}", STORY)
    before = len(page.path.read_bytes())
    page.run_all()
    panel(page)
    assert "LogisticRegression" in page.text()
    assert "clf" in page.text()

    said = run_checks(page)
    assert len(said) >= 2, said
    page.find('[data-key="tab-stage-2"]').click()
    page.find('[data-key="row-EVA-01"]').click()
    page.page.wait_for_selector(".mlr-panel .mlr-figure img")
    assert "Accuracy" in page.text()

    page.find('[data-key="tab-stage-1"]').click()
    attest(page, "BUS-01", "see the charter")
    page.find('[data-key="tab-card"]').click()
    page.find('[data-key="card-intended_use.primary_use"]').fill("Rank requests")
    page.find('[data-key="card-intended_use.primary_use"]').press("Tab")
    kept(page)
    page.page.wait_for_timeout(300)
    page.save()

    held = page.disk()["metadata"]["mlready"]
    assert held["marks"]["BUS-01"]["note"] == "see the charter"
    assert held["card"]["intended_use.primary_use"] == "Rank requests"
    assert {f["check"] for f in held["run"]["findings"]} >= {"overall-metrics", "row-overlap", "weak-class"}
    assert len(json.dumps(held).encode()) < 64 * 1024
    outputs = len(json.dumps([c.get("outputs") for c in page.disk()["cells"]]))
    assert len(page.path.read_bytes()) - before - outputs < 100_000

    page.load()  # the page again, the kernel lives
    panel(page)
    page.find('[data-key="tab-stage-1"]').click()
    assert "attested" in page.find('[data-key="row-BUS-01"]').inner_text()

    page.server.end_kernels()  # another day: a fresh kernel, nothing run yet
    page.load()
    page.page.wait_for_selector(".jp-OutputArea-output >> text=A snapshot", timeout=30_000)
    shown = page.page.locator(".jp-Notebook").inner_text()
    assert "Error displaying widget" not in shown

    page.run_all()
    panel(page)
    page.find('[data-key="tab-stage-1"]').click()
    assert "attested" in page.find('[data-key="row-BUS-01"]').inner_text()
    assert page.disk()["metadata"]["mlready"]["marks"]["BUS-01"]["note"] == "see the charter"
    assert not [c for c in page.console if "mlr" in c.lower() and "error" in c.lower()]


def test_painted_quickly_with_few_messages(opened):
    """From the kernel's comm_open to the drawn panel: at most 4 comm messages, below 0.3 s beyond the machine's noise."""
    page = opened("lab", "paint", [*STORY[:2], "%mlready status", "%mlready"])
    page.run_cell(0)
    page.run_cell(1)
    page.run_cell(2)  # modules are imported: what is measured is the painting
    page.js(
        """window.__seen = 0;
        new MutationObserver(() => {
          if (!window.__seen && document.querySelector('.mlr-panel .mlr-verdict')) window.__seen = performance.now();
        }).observe(document.body, { childList: true, subtree: true });
        shown.sessionContext.session.kernel.iopubMessage.connect((_, m) => {
          if (m.header.msg_type === 'comm_open' && !window.__opened) window.__opened = performance.now();
        });"""
    )
    page.run_cell(3)
    panel(page)
    comms = [c for c in page.comms if str(c[2]).startswith("comm_")]
    seen, first = page.js("return [window.__seen, window.__opened];")
    print(
        f"painted {seen - first:.0f} ms after the first comm_open; {len(comms)} comm messages, {sum(c[3] for c in comms):,} bytes"
    )

    assert seen - first < 1500  # the target is 300 ms; a shared machine may stutter
    until = [c for c in comms if "open" in c[2]]
    assert len(until) <= 4
    assert sum(c[3] for c in until) < 120_000


def test_it_is_useful_before_any_model_and_notices_one(opened):
    """Stage 1 can be attested, checks say what they wait for, and a model that appears is shown."""
    page = opened(
        "lab",
        "early",
        ["%load_ext mlready_nb\n%mlready", TRAIN, "clf = clf.set_params(C=1e-4).fit(Xa, ya); clf.score(Xb, yb)"],
    )
    page.run_cell(0)
    panel(page)
    assert "No fitted model yet" in page.text()
    attest(page, "BUS-03", "agreed on 3 Nov")
    page.find('[data-key="tab-stage-2"]').click()
    assert "waits for" in page.text()

    page.run_cell(1)
    page.page.wait_for_selector(".mlr-panel .mlr-bound >> text=LogisticRegression")
    run_checks(page)
    page.run_cell(2)  # trained again: what looked at the model is stale
    page.page.wait_for_selector('.mlr-panel button:has-text("stale")')


def test_stop_keeps_what_is_finished(opened):
    """Stop ends a run within a second or so."""
    page = opened("lab", "stop", [*STORY[:2], SLOW, "%mlready"])
    page.run_all()
    panel(page)
    page.find('[data-key="run"]').click()
    page.page.wait_for_selector(".mlr-panel .mlr-bar >> text=waits long", timeout=60_000)
    began = time.monotonic()
    page.find('[data-key="run"]').click()
    page.page.wait_for_selector('.mlr-panel button:has-text("Run checks")')
    assert time.monotonic() - began < 4
    page.page.wait_for_function("() => !document.querySelector('.mlr-bar').checkVisibility()")
    page.find('[data-key="tab-stage-2"]').click()
    page.find('[data-key="row-EVA-01"]').click()
    page.page.wait_for_selector(".mlr-panel .mlr-finding")


@pytest.mark.parametrize("kind", ["lab", "notebook"])
def test_keys_stay_in_the_panel(opened, kind):
    """`d d`, `a`, `b`, Shift+Enter and Enter on buttons and in fields change no cell."""
    page = opened(kind, f"keys-{kind}", STORY)
    page.run_all()
    panel(page)
    count = "return shown.content.model.cells.length;"
    cells = page.js(count)
    for key in ("tab-stage-2", "row-DAT-01"):
        page.find(f'[data-key="{key}"]').click()
    for key in ("row-DAT-01", "attest-DAT-01", "DAT-01-note", "filter"):
        if page.find('[data-key="row-DAT-01"]').get_attribute("aria-expanded") == "false":
            page.find('[data-key="row-DAT-01"]').click()  # Shift+Enter on the row has closed it
        page.find(f'[data-key="{key}"]').focus()
        for press in ("d", "d", "a", "b", "x", "Shift+Enter"):
            page.page.keyboard.press(press)
        page.page.wait_for_timeout(100)
    assert page.js(count) == cells

    page.find('[data-key="filter"]').fill("")
    page.find('[data-key="tab-stage-1"]').focus()
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    assert page.find('[data-key="tab-stage-2"]').get_attribute("aria-current") == "page"


def test_hostile_names_are_text(opened):
    """A column, a class and a note that hold markup run no script."""
    hostile = '<img src=x onerror="window.__pwned = 1">'
    train = (
        TRAIN
        + f"\nX = X.rename(columns={{'b': {hostile!r}, 'sex': {hostile + 'sex'!r}}})\n"
        + (
            f"yc = np.where(y > 0, {hostile!r}, 'no')\n"
            "Xa, Xb, ya, yb = train_test_split(X, yc, random_state=0)\nclf = LogisticRegression().fit(Xa, ya)\nclf.score(Xb, yb)"
        )
    )
    page = opened("lab", "hostile", [STORY[0], train, "%mlready"])
    page.run_all()
    panel(page)
    run_checks(page)
    page.find('[data-key="tab-stage-1"]').click()
    attest(page, "BUS-01", hostile)
    page.find('[data-key="tab-stage-2"]').click()
    for code in ("EVA-01", "INT-01", "DAT-01"):
        page.find(f'[data-key="row-{code}"]').click()
    page.page.wait_for_selector(".mlr-panel .mlr-figure img")
    page.page.wait_for_timeout(500)
    assert page.js("return window.__pwned ?? null;") is None
    assert hostile in page.text()
    kept(page)
    page.save()
    page.server.end_kernels()
    page.load()
    page.page.wait_for_selector(".jp-OutputArea-output >> text=A snapshot", timeout=30_000)
    assert page.js("return window.__pwned ?? null;") is None


def test_a_restarted_kernel_takes_up_where_it_was(opened):
    """Restart and run all: marks and findings are there again."""
    page = opened("lab", "restart", STORY)
    page.run_all()
    panel(page)
    attest(page, "BUS-01", "noted")
    kept(page)
    page.restart()
    page.run_all()
    panel(page)
    page.page.wait_for_function(
        "() => document.querySelector('.mlr-panel [data-key=row-BUS-01]')?.innerText.includes('attested')"
    )


def test_it_fits_light_dark_and_narrow(opened, servers, tmp_path):
    """Nothing sticks out at 400 px; dark is dark; pictures are left for a person to look at."""
    page = opened("lab", "looks", STORY, size=(1280, 1500))
    page.run_all()
    panel(page)
    run_checks(page)
    page.find('[data-key="tab-stage-2"]').click()
    page.find('[data-key="row-EVA-01"]').click()
    page.page.wait_for_selector(".mlr-panel .mlr-figure img")
    page.shot(tmp_path / "light.png")
    page.js("await app.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' });")
    page.page.wait_for_function("() => document.querySelector('.mlr-panel').dataset.dark === 'true'")
    page.page.wait_for_timeout(600)
    page.shot(tmp_path / "dark.png")
    back = (
        "getComputedStyle(document.querySelector('.mlr-panel')).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
    )
    assert max(page.js(f"return {back};")) < 90
    page.js("document.querySelector('.mlr-panel').style.width = '400px';")
    page.page.wait_for_timeout(400)
    page.shot(tmp_path / "narrow.png")
    wide = page.js(
        """const root = document.querySelector('.mlr-panel'), edge = root.getBoundingClientRect().right + 1;
        const inside = (n) => n.closest('.mlr-scroll, .mlr-nav') !== null;
        return [...root.querySelectorAll('*')].filter(n => !inside(n) && n.getBoundingClientRect().right > edge).map(n => n.className);"""
    )
    assert wide == []
    print(f"look at {tmp_path}")
