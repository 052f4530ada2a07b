"""Take the README's picture again: `python tests/browser/picture.py [dark]` runs the demo in a real JupyterLab."""

import shutil
import sys
import tempfile
from pathlib import Path

import driver

ROOT = Path(__file__).parents[2]


def main(dark=False):
    """Open the demo, run it, run the checks, open one item, and photograph the panel."""
    folder = Path(tempfile.mkdtemp())
    with driver.Server(folder, "lab") as server, driver.Browser() as browser:
        shutil.copytree(ROOT / "notebooks", server.root, dirs_exist_ok=True)
        page = browser.open(server, server.root / "01-first-look.ipynb", size=(1360, 1150))
        if dark:
            page.js("await app.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' });")
        page.js("await app.commands.execute('application:toggle-left-area');")
        page.run_all()
        page.page.wait_for_selector(".mlr-panel .mlr-verdict")
        page.find('[data-key="run"]').click()
        page.page.wait_for_selector('.mlr-panel button:has-text("Stop")')
        page.page.wait_for_selector('.mlr-panel button:has-text("Run checks")', timeout=180_000)
        page.find('[data-key="tab-stage-2"]').click()
        page.find('[data-key="row-INT-02"]').click()
        page.page.wait_for_selector(".mlr-panel .mlr-figure img")
        page.find('[data-key="row-INT-02"]').evaluate(
            "n => { const m = n.closest('.mlr-main'); m.scrollTop += n.getBoundingClientRect().top - m.getBoundingClientRect().top - 110; }"
        )
        page.page.wait_for_timeout(800)
        target = ROOT / "notebooks" / ("panel-dark.png" if dark else "panel.png")
        page.shot(target)
        page.close()
    shutil.rmtree(folder, ignore_errors=True)
    print(f"wrote {target}")


if __name__ == "__main__":
    main(dark="dark" in sys.argv[1:])
