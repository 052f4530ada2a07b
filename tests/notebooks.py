"""Small notebooks for the tests of what runs them."""

import nbformat

LOAD = """import numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
rng = np.random.default_rng(0)
df = pd.DataFrame(rng.normal(size=(600, 3)), columns=["a", "b", "c"])
df["sex"] = rng.integers(0, 2, 600)
y = (df["a"] + rng.normal(scale=.5, size=600) > 0).astype(int)
Xa, Xb, ya, yb = train_test_split(df, y, random_state=0)"""
FIT = "clf = LogisticRegression().fit(Xa, ya)"
SCORE = "clf.score(Xb, yb)"


def write(path, *sources, tags=None, **metadata):
    """A notebook of these code cells; `tags` by position; returns its path."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for position, tag in (tags or {}).items():
        cells[position].metadata["tags"] = [tag]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A model"), *cells], metadata=metadata)
    nbformat.write(nb, path)
    return path
