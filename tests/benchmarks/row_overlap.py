"""Rows of a test set that also stand in the training set: ours beside the field's quickest, on continuous data.

python tests/benchmarks/row_overlap.py [--rows 1000000] [--columns 30] [--runs 5]
"""

import argparse
import statistics
import time

import numpy as np
import pandas as pd
import polars as pl

from mlready_nb.leakage.rows.repeats import repeats


def data(rows, columns, seed=0):
    """Two pandas frames of continuous numbers; one row in a hundred of the second stands in the first."""
    rng = np.random.default_rng(seed)
    names = [f"x{i}" for i in range(columns)]
    a, b = (pd.DataFrame(rng.normal(size=(rows, columns)), columns=names) for _ in range(2))
    copies = rows // 100
    b.iloc[:copies] = a.iloc[copies : 2 * copies].to_numpy()
    return a, b, copies


def ours(a, b):
    """What the check and the witness ask: twins within training, chance level and p-value too."""
    return repeats(a, b, None, None).seen.shared


def polars_semi_join(a, b):
    """Hashes of the rows, then a semi-join, from pandas."""
    one, two = (pl.from_pandas(x).hash_rows().to_frame("h") for x in (a, b))
    return two.join(one.unique(), on="h", how="semi").height


def polars_is_in(a, b):
    """Hashes of the rows, then membership, from pandas."""
    return int(pl.from_pandas(b).hash_rows().is_in(pl.from_pandas(a).hash_rows().implode()).sum())


def pandas_hash(a, b):
    """Pandas' own row hashes, then membership."""
    return int(pd.util.hash_pandas_object(b, index=False).isin(pd.util.hash_pandas_object(a, index=False)).sum())


def main():
    """Take turns, so that a busy moment hits every line alike."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--runs", type=int, default=5)
    said = parser.parse_args()
    a, b, copies = data(said.rows, said.columns)
    methods = (ours, polars_semi_join, polars_is_in, pandas_hash)
    cpu = {m.__name__: [] for m in methods}
    wall = {m.__name__: [] for m in methods}
    for _ in range(said.runs):
        for method in methods:
            started, clock = time.process_time(), time.perf_counter()
            found = method(a, b)
            cpu[method.__name__].append(time.process_time() - started)
            wall[method.__name__].append(time.perf_counter() - clock)
            if found != copies:
                raise SystemExit(f"{method.__name__} found {found:,} rows, {copies:,} are there")
    base = statistics.median(cpu["polars_semi_join"])
    print(
        f"{said.rows:,} + {said.rows:,} rows x {said.columns} columns, {copies:,} shared; medians of {said.runs} runs"
    )
    for name, values in cpu.items():
        middle = statistics.median(values)
        print(
            f"{name:18} {middle:7.3f} s CPU  {statistics.median(wall[name]):7.3f} s wall   polars semi-join / this: {base / middle:5.1f}"
        )


if __name__ == "__main__":
    main()
