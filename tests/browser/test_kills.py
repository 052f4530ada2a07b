"""Tabs and servers are killed at random moments while marks are being made: at most the last second is lost."""

import os
import random
import re
import time

from mlready_browser_driver import Server, notebook
from mlready_browser_story import STORY, panel

#: How many of each are killed; `MLREADY_KILLS=50` for a nightly run.
KILLS = int(os.environ.get("MLREADY_KILLS", "3"))

#: Attest one item over and over, as fast as the panel answers; remember what it has shown, and when.
MARKING = """
const root = document.querySelector('.mlr-panel'), item = (k) => root.querySelector(`[data-key="${k}"]`);
if (item('row-BUS-01').getAttribute('aria-expanded') === 'false') item('row-BUS-01').click();
window.__shown = [];
let number = arg;
const said = () => root.querySelector('.mlr-mark q')?.innerText ?? '';
const step = () => {
  if (said() === `note ${number}`) { window.__shown.push([number, Date.now() / 1000]); number += 1; }
  const note = item('BUS-01-note');
  if (note && note.value !== `note ${number}`) {
    note.value = `note ${number}`;
    note.dispatchEvent(new Event('input'));
    item('attest-BUS-01').click();
  }
  setTimeout(step, 25);
};
step();
"""


def note(page):
    """The number of the last note that the panel shows."""
    page.page.wait_for_selector(".mlr-panel [data-key=row-BUS-01] >> text=attested", timeout=30_000)
    found = re.search(r"note (\d+)", page.find('[data-key="row-BUS-01"]').inner_text())
    return int(found[1])


def mark_for(page, first, seconds):
    """Make marks for a while; what the panel has shown by then, as (number, time)."""
    page.js(MARKING, first)
    page.page.wait_for_function("() => window.__shown.length > 2", timeout=30_000)
    page.page.wait_for_timeout(seconds * 1000)
    return page.js("return window.__shown;")


def lost(shown, number, killed):
    """Seconds of work that are gone."""
    gone = [at for n, at in shown if n > number]
    return killed - min(gone) if gone else 0.0


def test_a_closed_tab_loses_at_most_the_last_second(browser, servers):
    """The kernel has heard it, whatever becomes of the page."""
    server, chance, worst = servers("lab"), random.Random(3), 0.0
    path = notebook(server.root / "tabs.ipynb", STORY)
    page = browser.open(server, path)
    page.run_all()
    first = 0
    try:
        for _ in range(KILLS):
            panel(page, timeout=60_000)
            shown = mark_for(page, first, chance.uniform(0.0, 0.6))
            page.close()
            killed = time.time()
            page = browser.open(server, path)
            page.run_all()  # the file on the disk has neither output nor marks
            panel(page, timeout=60_000)
            worst = max(worst, lost(shown, note(page), killed))
            first = shown[-1][0] + 100
    finally:
        page.close()
        server.end_kernels()
    print(f"{KILLS} tabs closed: at most {worst:.3f} s were lost")

    assert worst <= 1.0


def test_a_killed_server_loses_at_most_the_last_second(browser, tmp_path):
    """Server and kernel are gone, nothing was saved: the next kernel takes it in again, and says so."""
    chance, worst, first = random.Random(4), 0.0, 0
    with Server(tmp_path, "lab") as server:
        path = notebook(server.root / "server.ipynb", STORY)
        for _ in range(KILLS):
            page = browser.open(server, path)
            page.run_all()
            panel(page)
            shown = mark_for(page, first, chance.uniform(0.0, 0.6))
            server.kill()
            killed = time.time()
            page.close()
            server.start()
            again = browser.open(server, path)
            again.run_all()
            panel(again)
            worst = max(worst, lost(shown, note(again), killed))
            assert "not saved" in again.text()
            again.save()
            again.close()
            server.end_kernels()
            first = shown[-1][0] + 100
    print(f"{KILLS} servers killed: at most {worst:.3f} s were lost")

    assert worst <= 1.0
