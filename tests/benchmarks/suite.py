"""Seconds of the whole suite, by check, beside those that deepchecks needs for less on the same kind of data.

python tests/benchmarks/suite.py [--train 10000] [--test 10000] [--columns 30] [--only leakage ...] [--profile]

SHAP has a budget of its own and is reported apart. Deepchecks 0.19.1: 63 CPU-seconds for its full suite, 14 for its
three leakage checks, on 10,000 + 10,000 rows x 30 columns.
"""

import argparse
import contextlib
import cProfile
import io
import pstats
import time

from mlready_nb.session import Session
from mlready_nb.subjects import Cell

#: CPU-seconds of deepchecks' full suite at 10,000 + 10,000 x 30.
DEEPCHECKS = 63.0
SHAP = "feature-importance"
CELLS = (
    """
import numpy as np, pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
rng = np.random.default_rng(0)
df = pd.DataFrame(rng.normal(size=(ROWS, COLUMNS - 4)).round(3), columns=[f"x{i}" for i in range(COLUMNS - 4)])
for name in ("region", "job", "plan", "channel"):
    df[name] = rng.choice(["a", "b", "c", "d"], ROWS)
y = (df["x0"] + df["x1"] * df["x2"] + rng.normal(size=ROWS) > 0.5).astype(int)
""",
    "X_train, X_test, y_train, y_test = train_test_split(df, y, train_size=TRAIN, random_state=0)",
    """
columns = make_column_transformer(
    (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["region", "job", "plan", "channel"]),
    remainder=StandardScaler(),
)
model = make_pipeline(columns, HistGradientBoostingClassifier(random_state=0))
model.fit(X_train, y_train)
""",
    "print(model.score(X_test, y_test))",
)


def notebook(train, test, columns):
    """The namespace and the cells of a plain, clean notebook."""
    namespace = {"ROWS": train + test, "TRAIN": train, "COLUMNS": columns}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in CELLS:
            exec(source, namespace)
    del namespace["__builtins__"]
    return namespace, tuple(Cell(number=n, source=s, execution_count=n) for n, s in enumerate(CELLS, 1))


def main():
    """Each check once, in a session that has looked at the notebook, as a person runs it for the first time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", type=int, default=10_000)
    parser.add_argument("--test", type=int, default=10_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--profile", action="store_true")
    said = parser.parse_args()
    namespace, cells = notebook(said.train, said.test, said.columns)
    session = Session(lambda: namespace, lambda: cells)
    names = said.only or [c.name for c in session.checks]
    began, wall = time.process_time(), time.perf_counter()
    session.refresh()
    print(f"{time.process_time() - began:8.2f} CPU-s  {time.perf_counter() - wall:8.2f} s  discovery and fingerprints")
    profile, rows, total = cProfile.Profile(), [], 0.0
    for name in names:
        began, wall = time.process_time(), time.perf_counter()
        run = session.check([name], look=False)
        took = time.process_time() - began
        rows.append((took, time.perf_counter() - wall, name, run[name].outcome))
        total += took if name != SHAP else 0.0
    for took, clock, name, outcome in sorted(rows, reverse=True):
        print(f"{took:8.2f} CPU-s  {clock:8.2f} s  {name:<28} {outcome}")
    print(f"{total:8.2f} CPU-s one by one without {SHAP}")
    if not said.only:
        whole = Session(lambda: namespace, lambda: cells)
        if said.profile:
            profile.enable()
        began = time.process_time()
        whole.check([c.name for c in whole.checks if c.name != SHAP])
        took = time.process_time() - began
        profile.disable()
        print(
            f"{took:8.2f} CPU-s in one run without {SHAP}: {DEEPCHECKS / took:.0f} times less than deepchecks' {DEEPCHECKS:g}"
        )
        if said.profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
