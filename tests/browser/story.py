"""A small notebook, and what a person does in its panel."""

import time

TRAIN = """
import numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
rng = np.random.default_rng(0)
df = pd.DataFrame(rng.normal(size=(900, 3)), columns=["a", "b", "c"])
df["sex"] = rng.choice(["f", "m"], 900)
y = (df["a"] + rng.normal(scale=.7, size=900) > 0).astype(int)
X = df.assign(sex=(df["sex"] == "m").astype(int))
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0, test_size=.5)
clf = LogisticRegression().fit(Xa, ya)
print(clf.score(Xb, yb))
"""
STORY = ["%load_ext mlready_nb", TRAIN, "%mlready"]


def panel(page, timeout=15_000):
    """Wait until it is there."""
    page.page.wait_for_selector(".mlr-panel .mlr-verdict", timeout=timeout)
    return page


def run_checks(page):
    """Click Run and wait for the end; what the progress said on the way."""
    page.find('[data-key="run"]').click()
    said, end = set(), time.monotonic() + 90
    page.page.wait_for_selector('.mlr-panel button:has-text("Stop")')
    while time.monotonic() < end:
        bar = page.find(".mlr-bar")
        if bar.is_hidden():
            break
        said.add(bar.inner_text(timeout=2000) if bar.is_visible() else "")
        page.page.wait_for_timeout(60)
    page.page.wait_for_selector('.mlr-panel button:has-text("Run checks")')
    return said


def attest(page, code, note):
    """Open an item and vouch for it."""
    if page.find(f'[data-key="row-{code}"]').get_attribute("aria-expanded") == "false":
        page.find(f'[data-key="row-{code}"]').click()
    page.find(f'[data-key="{code}-note"]').fill(note)
    page.find(f'[data-key="attest-{code}"]').click()
    page.page.wait_for_selector(f'.mlr-panel [data-key="row-{code}"] >> text=attested')


def kept(page, timeout=10):
    """Wait until the panel says that the notebook has it."""
    page.page.wait_for_selector(".mlr-panel .mlr-saved.mlr-saved", timeout=timeout * 1000)
    page.page.wait_for_function(
        "() => [...document.querySelectorAll('.mlr-panel .mlr-actions .mlr-saved')].some(n => n.textContent.startsWith('✓'))",
        timeout=timeout * 1000,
    )
