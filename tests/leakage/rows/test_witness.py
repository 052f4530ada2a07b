"""What an evidence holds, what the witness leaves alone, and what it does with strange subjects."""

import random
import threading

import numpy as np
import pandas as pd
import pytest
import rows_tables as tables
import rows_zoo as zoo
from sklearn.model_selection import train_test_split

from mlready_nb.finding import Estimate, Strength
from mlready_nb.leakage.evidence import Kind, Witness
from mlready_nb.leakage.rows import witness
from mlready_nb.subjects import Budget, Cancelled, Cell, Origin, Subjects


def rng():
    """The same numbers for every test."""
    return np.random.default_rng(11)


def test_a_copied_row_is_counted_with_its_interval_and_its_chance():
    """The share, its Wilson interval, the chance level; no row of the data in the tables."""
    (evidence,) = zoo.dup_numpy(rng(), True).says()
    share = evidence.measured["share"]
    assert isinstance(share, Estimate)
    assert share.low < share.value < share.high
    assert evidence.measured["chance_share"] < 0.5
    assert evidence.witness is Witness.ROWS
    assert sum(len(t.rows) for t in evidence.tables) <= 12
    assert "drop_duplicates" in evidence.remedy


def test_an_overlap_with_the_same_index_is_proven():
    """One and the same row, by index and content, is proof."""
    (evidence,) = zoo.over_samples(rng(), True).says()
    assert evidence.kind is Kind.OVERLAP
    assert evidence.strength is Strength.PROVEN
    assert evidence.measured["identical_rows"] > 100


def test_a_group_is_named_with_its_variable_and_a_remedy_that_uses_it():
    """The raw frame's column is named, with code that splits by it."""
    (evidence,) = zoo.group_in_raw(rng(), True).says()
    assert evidence.columns == ("user",)
    assert "data" in evidence.variables
    assert "groups=data['user']" in evidence.remedy
    assert evidence.measured["label_told"].low > 0.02
    assert evidence.by_chance <= 0.011


def test_a_time_is_named_with_a_remedy_that_sorts_by_it():
    """The column, the share of later training rows, and a split by time."""
    (evidence,) = zoo.time_in_raw(rng(), True).says()
    assert evidence.columns == ("Date",)
    assert evidence.measured["later"].value == pytest.approx(0.5, abs=0.1)
    assert "raw.sort_values('Date')" in evidence.remedy


def test_a_renamed_label_is_proven_and_a_noisy_one_measured():
    """A recode without exception is proof; a flag with a few errors is a measurement."""
    (sure,) = zoo.proxy_rename(rng(), True).says()
    (noisy,) = zoo.proxy_flag(rng(), True).says()
    assert sure.strength is Strength.PROVEN
    assert sure.columns == ("status",)
    assert noisy.strength is Strength.MEASURED
    assert noisy.measured["told_alone"].low > 0.9


def test_columns_that_make_the_label_together_are_both_named():
    """Price a metre times area is the price."""
    (evidence,) = zoo.proxy_product(rng(), True).says()
    assert set(evidence.columns) == {"per_metre", "area"}


def test_a_filtered_test_set_names_the_column():
    """The bound and the share of training rows beyond it."""
    (evidence,) = zoo.bias_filtered(rng(), True).says()
    assert evidence.columns[0] == "age"
    assert "above 69" in evidence.message


def test_sampling_up_before_the_split_is_told_from_other_copies():
    """Only the rarer class repeats, and the classes are level: oversampling."""
    df = tables.credit(rng(), 2000)
    rare, common = df[df.default == 1], df[df.default == 0]
    df = pd.concat([common, rare.sample(len(common), replace=True, random_state=1)], ignore_index=True)
    split = tables.Split(*tables.split(df, "default", 3), namespace={"df": df})
    assert split.kinds() == ["oversampling"]


@pytest.mark.parametrize("engine", ["pandas", "polars", "pyarrow"])
def test_every_engine_says_the_same(engine):
    """The same evidence from pandas, polars and pyarrow."""
    df = tables.visits(rng())
    a, b, c, d = tables.split(df, "outcome", 3)
    made = (a, b) if engine == "pandas" else None
    if engine == "polars":
        pl = pytest.importorskip("polars")
        made = pl.from_pandas(a), pl.from_pandas(b)
    elif engine == "pyarrow":
        pa = pytest.importorskip("pyarrow")
        made = pa.Table.from_pandas(a, preserve_index=False), pa.Table.from_pandas(b, preserve_index=False)
    (evidence,) = tables.Split(*made, c.to_numpy(), d.to_numpy()).says()
    assert evidence.columns == ("patient_id",)
    assert evidence.measured["label_told"].value == pytest.approx(0.349, abs=0.15)


def test_subjects_are_left_as_they_were():
    """Data, random states and the index are bit-identical afterwards."""
    split = zoo.time_sales(rng(), True)
    before = [split.X_train.copy(), split.X_test.copy(), split.namespace["df"].copy()]
    random.seed(3)
    np.random.seed(3)
    states = random.getstate(), np.random.get_state()[1].copy()
    split.says()
    assert random.getstate() == states[0]
    assert (np.random.get_state()[1] == states[1]).all()
    for old, new in zip(before, (split.X_train, split.X_test, split.namespace["df"]), strict=True):
        pd.testing.assert_frame_equal(old, new)


def test_a_missing_side_gives_nothing():
    """Without one of the sides, or with an empty one, there is nothing to say."""
    X, y = tables.measured(rng())
    assert witness(Subjects(X_train=X), y, None) == ()
    assert witness(Subjects(X_train=X, X_test=X[:0]), y, y[:0]) == ()


def test_missing_labels_leave_the_questions_that_need_none():
    """Copies are found without labels, and with labels of the wrong length or of several columns."""
    split = zoo.dup_numpy(rng(), True)
    subjects = Subjects(X_train=split.X_train, X_test=split.X_test)
    for y in (None, split.y_train[:-1], np.column_stack([split.y_train] * 2)):
        assert [e.kind for e in witness(subjects, y, split.y_test, strict=True)] == [Kind.DUPLICATES]


@pytest.mark.parametrize(
    "column",
    [
        [None] * 400,
        [[1, 2]] * 400,
        [{"a": 1}] * 400,
        [1, "a"] * 200,
        [pd.Timestamp("2020")] * 400,
        [np.inf, np.nan] * 200,
    ],
    ids=["none", "lists", "records", "mixed", "one moment", "infinite"],
)
def test_strange_columns_break_nothing(column):
    """Columns of gaps, lists, records, mixed types and infinities raise nothing."""
    X, y = tables.measured(rng(), n=400)
    df = pd.DataFrame(X).rename(columns=str).assign(odd=column)
    assert tables.Split(*train_test_split(df, y, random_state=0), namespace={"df": df}).kinds() == []


def test_sparse_and_very_wide_data_are_read():
    """A sparse matrix and 784 pixels, in both forms quiet."""
    from scipy.sparse import csr_matrix

    X = rng().poisson(0.3, size=(400, 784)).astype(float)
    y = (X[:, :40].sum(axis=1) > 12).astype(int)
    for table in (X, csr_matrix(X)):
        assert tables.Split(*train_test_split(table, y, random_state=0)).kinds() == []


def test_a_question_that_breaks_takes_no_other_with_it(monkeypatch):
    """What one question raises leaves the others' answers."""
    import importlib

    module = importlib.import_module("mlready_nb.leakage.rows.witness")

    def broken(*_):
        raise ValueError

    monkeypatch.setattr(module, "moments", broken)
    split = zoo.proxy_rename(rng(), True)
    subjects = Subjects(X_train=split.X_train, X_test=split.X_test)
    assert [e.kind for e in witness(subjects, split.y_train, split.y_test)] == [Kind.TARGET_PROXY]
    with pytest.raises(ValueError):
        witness(subjects, split.y_train, split.y_test, strict=True)


def test_stop_is_heard():
    """Stop ends the witness."""
    stop = threading.Event()
    stop.set()
    split = zoo.dup_concat(rng(), True)
    with pytest.raises(Cancelled):
        witness(Subjects(X_train=split.X_train, X_test=split.X_test), budget=Budget(stop=stop))


def test_the_names_of_the_notebook_are_used():
    """Remedies and variables speak of the user's own names."""
    split = zoo.dup_concat(rng(), True)
    subjects = Subjects(
        X_train=split.X_train,
        X_test=split.X_test,
        origin={n: Origin(variable=v, how="given") for n, v in (("X_train", "Xtr"), ("X_test", "Xte"))},
    )
    (evidence,) = witness(subjects, tables.flat(split.y_train), tables.flat(split.y_test))
    assert evidence.variables == ("Xtr", "Xte")
    assert "Xtr, Xte" in evidence.remedy


@pytest.mark.parametrize(
    ("cells", "quiet"),
    [
        (("m.fit(a, c)", "m.score(hold, d)", "m = m.fit(df[cols], y)"), True),
        (("m.fit(df[cols], y)", "m.score(hold, d)"), False),
        (("m.fit(a, c)", "m.score(hold, d)", "m.fit(df[cols], y)", "print(m.score(hold, d))"), False),
        (("m.fit(df[cols], y)", "def broken(:"), False),
        ((), False),
    ],
    ids=["scored, then refitted", "refitted, then scored", "scored again", "never scored by name", "no cells"],
)
def test_the_order_of_score_and_refit_decides(cells, quiet):
    """All rows in the training set are honest only where each score was taken before the refit."""
    X, y = tables.measured(rng(), n=400)
    subjects = Subjects(
        X_train=X,
        X_test=X[300:],
        cells=tuple(Cell(number=i, source=source) for i, source in enumerate(cells, 1)),
        origin={
            n: Origin(variable=v, how="given") for n, v in (("X_train", "df[cols]"), ("X_test", "hold[['x', 'z']]"))
        },
    )
    found = witness(subjects, y, y[300:], strict=True)
    assert [e.kind for e in found] == ([] if quiet else [Kind.OVERLAP])
