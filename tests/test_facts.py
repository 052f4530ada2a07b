"""What live objects tell for the model card, quickly, and whatever they are."""

import subprocess
import time
from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlready_nb.catalogue import load_catalogue
from mlready_nb.facts import collect
from mlready_nb.subjects import Cell, Origin, Subjects, Task


def frame(n=200):
    """A table with a column of each kind."""
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "age": rng.integers(18, 90, n),
            "pay": rng.normal(size=n),
            "town": rng.choice(["a", "b"], n),
            "seen": pd.date_range("2023-01-05", periods=n, freq="D"),
        }
    )


def subjects(X=None, **rest):
    """Subjects with a fitted pipeline."""
    X = frame() if X is None else X
    numbers = frame()[["age", "pay"]]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5)).fit(numbers, numbers["pay"] > 0)
    origin = {"model": Origin(variable="clf", how=""), "X_train": Origin(variable="Xa", how="")}
    given = {"model": model, "X_train": X, "X_test": X[:50], "task": Task.BINARY, "origin": origin}
    return Subjects(**(given | rest))


def cells(*sources):
    """Code cells in order."""
    return tuple(Cell(number=i + 1, source=s) for i, s in enumerate(sources))


def read(*sources):
    """What is said of the data set."""
    return collect(subjects(), cells(*sources)).get("training_data.dataset", ("", ""))


def test_model_and_data_are_described():
    """Class, steps, settings that are no defaults, sizes, kinds, dates; each with the variable."""
    told = collect(subjects(), cells("df = pd.read_csv('data/x.csv')"))

    text, source = told["model_details.model_type"]
    assert text.startswith("LogisticRegression (sklearn ")
    assert "binary classification" in text
    assert "StandardScaler → LogisticRegression" in text
    assert "C=0.5" in text
    assert "max_iter" not in text
    assert source == "clf"
    assert told["training_data.size"] == ("200 rows × 4 columns", "Xa")
    assert told["evaluation_data.size"] == ("50 rows × 4 columns", "X_test")
    assert told["training_data.features"][0].startswith("4 columns: 2 numeric (age, pay); ")
    assert "1 datetime (seen)" in told["training_data.features"][0]
    assert told["training_data.date_range"] == ("2023-01-05 to 2023-07-23 (seen)", "Xa")
    assert told["evaluation_data.dataset"] == ("data/x.csv", "read in cell 1")
    assert told["model_details.date"][0] == date.today().isoformat()


def test_only_fields_of_the_card_are_filled():
    """Each key stands in the template."""
    known = {f.key for f in load_catalogue().templates["card"].fields()}

    assert set(collect(subjects(), cells("load_iris()"))) <= known


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["df = pd.read_parquet(path='s3://bucket/t.parquet')"], "s3://bucket/t.parquet"),
        (["HERE = Path('data')", "%matplotlib inline\ndf = pd.read_csv(HERE / 'a' / 'x.csv')"], "data/a/x.csv"),
        (["p = 'data/'\ndf = pl.scan_csv(f'{p}x.csv')"], "data/x.csv"),
        (["X, y = load_breast_cancer(return_X_y=True)"], "load_breast_cancer()"),
        (["d = fetch_openml('adult', version=2)"], "fetch_openml(adult)"),
        (["ds = load_dataset('imdb')", "a = pd.read_csv('b.csv')"], "load_dataset(imdb), b.csv"),
        (["pd.read_csv(os.path.join('data', 'x.csv'))"], "data/x.csv"),
        (["pd.read_csv('https://me:secret@host.example/x.csv?token=123')"], "https://host.example/x.csv"),
        (["pd.read_sql('select secret', 'postgres://u:p@h/d')"], "read_sql(…)"),
        (["!wget x\n%%bash"], ""),
        (["m = load_model('m.h5')\nload_dotenv()\npath.read_text()\nx.load()"], ""),
        (["def broken(:\n  read_csv('a')"], ""),
        (["# pd.read_csv('old.csv')\ns = \"pd.read_csv('no.csv')\""], ""),
    ],
)
def test_the_data_set_is_read_off_the_cells(sources, expected):
    """Paths, put together or not; no credentials; nothing that is no data."""
    assert read(*sources)[0] == expected


@pytest.mark.parametrize("make", [pl.from_pandas, lambda X: X[["age", "pay"]].to_numpy(), lambda X: csr_matrix(X[["age", "pay"]]), lambda X: X.set_index("seen")])  # fmt: skip
def test_every_holder_of_rows(make):
    """Polars, arrays, sparse matrices, a time index."""
    told = collect(subjects(make(frame())), ())

    assert told["training_data.size"][0].startswith("200 rows × ")
    assert "2 numeric" in told["training_data.features"][0]
    assert ("training_data.date_range" in told) == (not hasattr(make(frame()), "nonzero"))


class Odd:
    """Raises whatever it is asked."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __len__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    "make", [Odd, object, int, str, list, lambda: [[1], [2, 3]], lambda: np.zeros((2, 2, 2)), pd.DataFrame, dict]
)
def test_odd_objects_give_fewer_facts(make):
    """And never an error."""
    odd = make()
    told = collect(Subjects(model=odd, X_train=odd, X_test=odd, task=None), cells("x" * 3))

    assert all(isinstance(t, str) and isinstance(s, str) for t, s in told.values())


def test_nothing_live_gives_nothing_of_the_data():
    """Before any model."""
    told = collect(Subjects(), cells("pd.read_csv('x.csv')"))

    assert not {k for k in told if k.startswith(("training", "evaluation"))}
    assert "model_details.model_type" not in told


def test_git_names_version_and_author(tmp_path, monkeypatch):
    """Of the project's own folder; where there is no repository, no version."""
    for word in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(word, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    repo = tmp_path / "repo"
    repo.mkdir()
    for words in (["init", "-q"], ["config", "user.name", "Ann Example"], ["config", "user.email", "a@b.c"], ["commit", "-q", "--allow-empty", "-m", "x"], ["tag", "v1.2"]):  # fmt: skip
        subprocess.run(["git", *words], cwd=repo, check=True)
    told = collect(subjects(project=repo), ())
    outside = tmp_path / "outside"
    outside.mkdir()

    assert told["model_details.version"] == ("v1.2", "git describe")
    assert told["model_details.developers"] == ("Ann Example", "suggested: git user.name")
    assert "model_details.version" not in collect(subjects(project=outside), ())


def test_it_is_quick_on_a_million_rows():
    """It runs at every refresh."""
    n = 1_000_000
    columns = {f"c{i}": np.zeros(n) for i in range(26)} | {
        f"d{i}": pd.date_range("2000-01-01", periods=n, freq="min") for i in range(2)
    }
    X = pd.DataFrame(columns | {"s": pd.Series(["a", "b"] * (n // 2), dtype=object), "t": ["x"] * n})
    given = subjects(X)
    collect(given, ())
    took = []
    for _ in range(5):
        began = time.perf_counter()
        told = collect(given, ())
        took.append(time.perf_counter() - began)

    print(f"{min(took) * 1000:.1f} ms")
    assert told["training_data.size"][0] == "1,000,000 rows × 30 columns"
    assert "2 text" in told["training_data.features"][0]
    assert min(took) < 0.1  # 20 ms on a quiet machine
