"""Strategies: frames, labels, models and texts as strangers send them. A recipe is drawn, the values follow from a seed."""

import datetime as dt
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import strategies as st
from scipy import sparse

PAYLOADS = (
    "<script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", '"><svg onload=window.pwned=1>', "javascript:window.pwned=1",
    "</title><script>window.pwned=1</script>", "'-window.pwned=1-'", "{{7*7}}${7*7}<%= 7*7 %>", "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "[x](javascript:window.pwned=1)", "![x](https://evil.example/p.png)", "[click](https://evil.example)", "<https://evil.example>", "https://evil.example/?q=1",
    "[ref]: https://evil.example", "<a href='https://evil.example'>x</a>", "`</code><script>window.pwned=1</script>", "a|b\n| - | - |", "# heading\n\n---",
    "\x1b[31mred\x1b[0m\x07\x1b]0;title\x07", "\u202etxt.exe\u2066", "\u200b\ufeff", "\x00\x01", "a\r\nb\ttab", "$\\alpha$ $x_", "\\(\\href{https://evil.example}{x}\\)", "\\begin{align}x\\end{align}", "%s %(a)s {0}", "\ud800", "]]>&amp;<!--",
    "", " ", "nan", "None", "0", "é\u0301", "😀" * 3, "x" * 3000, "' OR 1=1 --", "=cmd|' /C calc'!A0", "../../etc/passwd", "con\\nul",
)  # fmt: skip

texts = st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=12))
safe_texts = texts.map(lambda t: t.encode("utf-8", "replace").decode())

#: How values of a column are made: (rng, n) -> values
COLUMNS = {
    "normal": lambda r, n: r.normal(size=n),
    "integers": lambda r, n: r.integers(-3, 4, n),
    "huge": lambda r, n: r.normal(size=n) * 1e300,
    "tiny": lambda r, n: r.normal(size=n) * 1e-310,
    "inf": lambda r, n: np.where(r.random(n) < 0.5, np.inf, r.normal(size=n)),
    "negative inf": lambda r, n: np.full(n, -np.inf),
    "nan": lambda r, n: np.full(n, np.nan),
    "gaps": lambda r, n: np.where(r.random(n) < 0.5, np.nan, r.normal(size=n)),
    "constant": lambda r, n: np.full(n, 7.25),
    "float32": lambda r, n: r.normal(size=n).astype(np.float32),
    "float16": lambda r, n: r.normal(size=n).astype(np.float16),
    "int8": lambda r, n: r.integers(-128, 128, n).astype(np.int8),
    "uint64": lambda r, n: r.integers(0, 2**64, n, dtype=np.uint64),
    "int64 far": lambda r, n: r.integers(-(2**63), 2**63 - 1, n),
    "bool": lambda r, n: r.random(n) < 0.5,
    "complex": lambda r, n: r.normal(size=n) + 1j,
    "text": lambda r, n: r.choice(np.array([p for p in PAYLOADS if p != "\ud800"], dtype=object), n),
    "half pairs": lambda r, n: r.choice(np.array(["\ud800", "a"], dtype=object), n),
    "few texts": lambda r, n: r.choice(np.array(["a", "b"], dtype=object), n),
    "text and gaps": lambda r, n: r.choice(np.array(["a", None, np.nan, ""], dtype=object), n),
    "numbers as text": lambda r, n: r.integers(0, 9, n).astype(str).astype(object),
    "mixed": lambda r, n: _objects([r.choice([0, 1, 2, 3, 4]) for _ in range(n)], [1, "a", 2.5, None, b"x"]),
    "booleans and gaps": lambda r, n: _objects(r.integers(0, 3, n), [True, False, None]),
    "lists": lambda r, n: _objects(r.integers(0, 3, n), [[1, 2], [], [[3], "a"]]),
    "arrays": lambda r, n: _objects(r.integers(0, 2, n), [np.arange(3), np.zeros((2, 2))]),
    "records": lambda r, n: _objects(r.integers(0, 2, n), [{"a": 1}, {"b": [2]}]),
    "sets": lambda r, n: _objects(r.integers(0, 2, n), [{1, 2}, frozenset()]),
    "bytes": lambda r, n: _objects(r.integers(0, 2, n), [b"\xff", b""]),
    "decimals": lambda r, n: _objects(r.integers(0, 3, n), [decimal.Decimal("1.1"), decimal.Decimal("NaN"), decimal.Decimal("1E+400")]),
    "far integers": lambda r, n: _objects(r.integers(0, 2, n), [10**400, -1]),
    "dates": lambda r, n: _objects(r.integers(0, 3, n), [dt.date(1, 1, 1), dt.date(9999, 12, 31), None]),
    "datetimes": lambda r, n: np.datetime64("2026-01-01") + r.integers(0, 10**6, n).astype("m8[s]"),
    "far datetimes": lambda r, n: np.array(["0001-01-01", "9999-12-31"], "M8[us]")[r.integers(0, 2, n)],
    "NaT": lambda r, n: np.full(n, np.datetime64("NaT", "ns")),
    "spans": lambda r, n: r.integers(0, 10**6, n).astype("m8[ns]"),
    "objects": lambda r, n: _objects(r.integers(0, 2, n), [object(), Ellipsis]),
    "nasty objects": lambda r, n: _objects(r.integers(0, 2, n), [Nasty(), 1]),
}  # fmt: skip

#: pandas' own kinds
EXTENSION = {
    "category": lambda r, n: pd.Categorical(r.choice(["a", "b"], n), categories=["b", "a", "unused", "<b>"]),
    "ordered category": lambda r, n: pd.Categorical(r.integers(0, 3, n), categories=[2, 1, 0, 9], ordered=True),
    "empty category": lambda r, n: pd.Categorical([None] * n, categories=["x"]),
    "zoned": lambda r, n: pd.Series(COLUMNS["datetimes"](r, n)).dt.tz_localize("UTC").dt.tz_convert("Asia/Kathmandu").array,
    "Int64": lambda r, n: pd.array(_objects(r.integers(0, 3, n), [1, 2**62, None]), dtype="Int64"),
    "boolean": lambda r, n: pd.array(_objects(r.integers(0, 3, n), [True, False, None]), dtype="boolean"),
    "Float64": lambda r, n: pd.array(_objects(r.integers(0, 3, n), [1.5, -0.0, None]), dtype="Float64"),
    "string": lambda r, n: pd.array(_objects(r.integers(0, 3, n), ["a", "<b>", None]), dtype="string"),
    "arrow ints": lambda r, n: pd.array(_objects(r.integers(0, 2, n), [1, None]), dtype="int64[pyarrow]"),
    "arrow lists": lambda r, n: pd.arrays.ArrowExtensionArray(pa.array([[1], None, []] * n, pa.list_(pa.int64()))[:n]),
    "arrow decimals": lambda r, n: pd.arrays.ArrowExtensionArray(pa.array([decimal.Decimal("1.10"), None] * n, pa.decimal128(9, 2))[:n]),
    "period": lambda r, n: pd.period_range("2020-01", periods=max(n, 1), freq="M")[:n],
    "interval": lambda r, n: pd.arrays.IntervalArray.from_breaks(range(n + 1)),
    "sparse": lambda r, n: pd.arrays.SparseArray(np.where(r.random(n) < 0.7, 0.0, 1.0)),
}  # fmt: skip


MAKERS = {**COLUMNS, **EXTENSION}


class Nasty:
    """Answers every question wrongly."""

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __hash__(self):
        raise TypeError("no hash")

    def __bool__(self):
        raise ValueError("no truth")


def _objects(picks, values):
    out = np.empty(len(picks), dtype=object)
    for i, pick in enumerate(picks):
        out[i] = values[int(pick)]
    return out


names = st.one_of(
    safe_texts, st.sampled_from([0, 1, 1.5, None, ("a", 1), True, np.nan, "x", "x", "a", dt.date(2020, 1, 1)])
)
rows = st.sampled_from([0, 1, 2, 3, 7, 30])


@st.composite
def pandas_frames(draw, n=None, kinds=tuple(COLUMNS) + tuple(EXTENSION), most=5):
    """A frame of drawn column kinds, names and index."""
    n = draw(rows) if n is None else n
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    chosen = draw(st.lists(st.sampled_from(kinds), max_size=most))
    parts = [pd.Series(MAKERS[kind](rng, n), dtype=object if kind == "half pairs" else None) for kind in chosen]
    frame = pd.concat(parts, axis=1) if parts else pd.DataFrame(index=range(n))
    style = draw(st.sampled_from(["names", "names", "same", "levels", "numbers"]))
    width = len(parts)
    if style == "same":
        frame.columns = ["x"] * width
    elif style == "levels" and width:
        frame.columns = pd.MultiIndex.from_tuples([("a", i % 2, "<b>") for i in range(width)])
    elif style == "names":
        frame.columns = pd.Index([draw(names) for _ in range(width)], dtype=object)
    index = draw(st.sampled_from(["range", "text", "same", "levels", "times", "gaps"]))
    if index == "text":
        frame.index = [f"<i>{i}" for i in range(n)]
    elif index == "same":
        frame.index = [0] * n
    elif index == "levels":
        frame.index = pd.MultiIndex.from_arrays([[0] * n, list(range(n))])
    elif index == "times":
        frame.index = pd.date_range("2020", periods=n, tz="UTC")
    elif index == "gaps":
        frame.index = [np.nan] * n
    return frame


@st.composite
def arrays(draw, n=None):
    """NumPy arrays of 0 to 3 dimensions and any type; masked, structured and read-only ones."""
    n = draw(rows) if n is None else n
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    kind = draw(st.sampled_from(sorted(COLUMNS)))
    form = draw(
        st.sampled_from(
            ["2-D", "2-D", "1-D", "3-D", "0-D", "wide", "no columns", "structured", "masked", "strided", "matrix"]
        )
    )
    if form == "0-D":
        return np.array(3.5)
    column = COLUMNS[kind](rng, n)
    if form == "1-D":
        return column
    if form == "no columns":
        return np.zeros((n, 0))
    if form == "3-D":
        return np.zeros((n, 2, 2))
    if form == "wide":
        return rng.normal(size=(n, 200))
    if form == "structured":
        return np.array([(1, 2.5, "a")] * n, dtype=[("a", "i4"), ("b", "f8"), ("<c>", "U3")])
    values = (
        np.stack([column, COLUMNS[kind](rng, n)], axis=1)
        if column.dtype != object
        else np.array([column, column[::-1]], dtype=object).T
        if not any(hasattr(c, "__len__") for c in column)
        else column
    )
    if form == "masked" and values.dtype.kind == "f":
        return np.ma.masked_invalid(values)
    if form == "strided":
        values = values[::-1]
        values.flags.writeable = False
    return np.asmatrix(values) if form == "matrix" and values.ndim == 2 and values.dtype.kind == "f" else values


@st.composite
def sparse_matrices(draw, n=None):
    """Every format, with stored zeros, NaN and no column at all."""
    n = draw(rows) if n is None else n
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    dense = rng.poisson(0.4, size=(n, draw(st.sampled_from([0, 1, 5])))).astype(
        draw(st.sampled_from([float, np.float32, int, bool]))
    )
    made = sparse.csr_matrix(dense)
    if made.nnz and made.dtype.kind == "f":
        made.data[0] = draw(st.sampled_from([0.0, np.nan, np.inf, 1.0]))
    form = draw(st.sampled_from(["csr_matrix", "csc_matrix", "coo_array", "csr_array", "lil_matrix", "dok_matrix"]))
    return getattr(sparse, form)(made)


@st.composite
def engine_frames(draw, n=None):
    """Polars (eager and lazy), pyarrow."""
    n = draw(rows) if n is None else n
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    columns = {
        "f": pl.Series(rng.normal(size=n)), "<b>": pl.Series(["<i>"] * n, dtype=pl.String), "n": pl.Series([None] * n),
        "l": pl.Series([[1, 2]] * n, dtype=pl.List(pl.Int64)), "s": pl.Series([{"a": 1}] * n, dtype=pl.Struct({"a": pl.Int64})),
        "c": pl.Series(["x"] * n, dtype=pl.Categorical), "e": pl.Series(["x"] * n, dtype=pl.Enum(["x", "y"])),
        "d": pl.Series([decimal.Decimal("1.10")] * n, dtype=pl.Decimal(9, 2)), "t": pl.Series([dt.datetime(2026, 1, 1)] * n, dtype=pl.Datetime("ms", "UTC")),
        "day": pl.Series([dt.date(9999, 12, 31)] * n, dtype=pl.Date), "time": pl.Series([dt.time(1)] * n, dtype=pl.Time), "b": pl.Series([b"\xff"] * n, dtype=pl.Binary),
        "u": pl.Series([None if i % 2 else 2**63 + 5 for i in range(n)], dtype=pl.UInt64), "dur": pl.Series([dt.timedelta(1)] * n, dtype=pl.Duration),
        "nan": pl.Series([float("nan")] * n, dtype=pl.Float32), "a": pl.Series([[1.0, 2.0]] * n, dtype=pl.Array(pl.Float64, 2)),
    }  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(sorted(columns)), unique=True, max_size=5))
    frame = pl.DataFrame({name: columns[name] for name in chosen})
    form = draw(st.sampled_from(["polars", "lazy", "pyarrow", "series"]))
    if form == "lazy":
        return frame.lazy()
    if form == "pyarrow":
        keep = [c for c in chosen if c != "e"]
        table = frame.select(keep).to_arrow()
        return table.rename_columns(["x"] * len(keep)) if draw(st.booleans()) else table
    return frame[chosen[0]] if form == "series" and chosen else frame


def lists(n=None):
    """Rows as lists, ragged and empty ones."""
    return st.sampled_from(
        [[], [[]], [[1, 2], [3]], [1, 2, 3], [[1, "a"], [2, None]], (), [[np.nan, 1.0]] * 3, ["a"], [None]]
    )


tables = st.one_of(pandas_frames(), pandas_frames(), arrays(), sparse_matrices(), engine_frames(), lists())


def tables_of(n):
    """Tables of n rows that are at least shaped as tables."""
    return st.one_of(pandas_frames(n), pandas_frames(n), arrays(n), sparse_matrices(n), engine_frames(n))
