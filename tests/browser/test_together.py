"""Several views of one notebook: two views of a person, two panels, two people in a shared document."""

import pytest
from mlready_browser_driver import notebook
from mlready_browser_story import STORY, attest, kept, panel

SLOW = STORY[1] + (
    "\nimport time\n"
    "class Slow(type(clf)):\n"
    "    def predict(self, X):\n"
    "        time.sleep(0.3)\n"
    "        return super().predict(X)\n"
    "clf = Slow().fit(Xa, ya); clf.score(Xb, yb)"
)


def marks(page):
    """What the open document holds."""
    return set(page.js("return Object.keys(shown.context.model.getMetadata('mlready')?.marks ?? {});"))


def test_two_panels_and_two_views_show_the_same(opened):
    """A tick in one panel of one view is shown in all four places, and is in the document once."""
    page = opened("lab", "views", [*STORY, "%mlready"], size=(1500, 1400))
    page.run_all()
    panel(page)
    page.js("await app.commands.execute('docmanager:clone');")
    page.page.wait_for_function(
        "() => document.querySelectorAll('.mlr-panel .mlr-verdict').length === 4", timeout=60_000
    )
    page.find('[data-key="row-BUS-01"]').first.click()
    page.find('[data-key="BUS-01-note"]').first.fill("seen")
    page.find('[data-key="attest-BUS-01"]').first.click()
    page.page.wait_for_function(
        "() => [...document.querySelectorAll('.mlr-panel [data-key=row-BUS-01]')].filter(n => n.innerText.includes('attested')).length === 4"
    )
    assert marks(page) == {"BUS-01"}


def test_ticks_while_checks_run_are_kept(opened):
    """Marks made during a run are in the notebook with the run's findings."""
    page = opened("lab", "busy", [STORY[0], SLOW, "%mlready"])
    page.run_all()
    panel(page)
    page.find('[data-key="run"]').click()
    page.page.wait_for_selector('.mlr-panel button:has-text("Stop")')
    for code in ("BUS-01", "BUS-02", "DRQ-02"):
        attest(page, code, f"during the run: {code}")
    page.page.wait_for_selector('.mlr-panel button:has-text("Run checks")', timeout=120_000)
    kept(page)
    page.page.wait_for_timeout(500)
    page.save()
    held = page.disk()["metadata"]["mlready"]
    assert set(held["marks"]) == {"BUS-01", "BUS-02", "DRQ-02"}
    assert held["run"]["findings"]


def test_two_people_in_one_document_lose_nothing(browser, servers):
    """Real-time collaboration: both tick different items at once, and the same item one after the other."""
    pytest.importorskip("jupyter_collaboration")
    server = servers("together")
    path = notebook(server.root / "shared.ipynb", STORY)
    ann = browser.open(server, path)
    ann.run_all()
    panel(ann)
    bob = browser.open(server, path)
    bob.page.wait_for_selector(".mlr-panel .mlr-verdict", timeout=90_000)
    try:
        for page, code in ((ann, "BUS-01"), (bob, "BUS-02")):
            page.find(f'[data-key="row-{code}"]').click()
            page.find(f'[data-key="{code}-note"]').fill(f"note of {code}")
        ann.find('[data-key="attest-BUS-01"]').click(no_wait_after=True)
        bob.find('[data-key="attest-BUS-02"]').click(no_wait_after=True)
        for page in (ann, bob):
            for code in ("BUS-01", "BUS-02"):
                page.page.wait_for_selector(f'.mlr-panel [data-key="row-{code}"] >> text=attested')
            page.page.wait_for_function(
                "() => ['BUS-01', 'BUS-02'].every(c => window.jupyterapp.shell.currentWidget.context.model.getMetadata('mlready')?.marks?.[c])"
            )
        # somebody's own script writes into the shared document: merged, nothing lost
        bob.js(
            """const held = shown.context.model.getMetadata('mlready');
            const mark = { kind: 'attested', note: 'by hand', by: 'x', at: '2099-01-01T00:00:00.000+00:00' };
            shown.context.model.setMetadata('mlready', { ...held, marks: { 'BUS-03': mark } });"""
        )
        for page in (ann, bob):
            page.page.wait_for_selector('.mlr-panel [data-key="row-BUS-03"] >> text=attested')
            page.page.wait_for_function(
                "() => ['BUS-01', 'BUS-02', 'BUS-03'].every(c => window.jupyterapp.shell.currentWidget.context.model.getMetadata('mlready')?.marks?.[c])"
            )
    finally:
        ann.close()
        bob.close()
        server.end_kernels()
