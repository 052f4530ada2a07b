"""Every check on every hostile subject: a finding each, no error of ours, and every view bears the run."""

import contextlib
import io
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlready_nb import runner, saved
from mlready_nb.checks.registry import load_checks
from mlready_nb.config import Config
from mlready_nb.discovery import SubjectNotFound
from mlready_nb.finding import Outcome
from mlready_nb.fingerprints import fingerprint
from mlready_nb.state import State
from mlready_nb.subjects import Cell, Subjects, Target, Task
from mlready_nb.testing import subjects_of
from tests.fuzz.conftest import cases
from tests.fuzz.hostile import COLUMNS, MAKERS, pandas_frames, safe_texts, tables, tables_of
from tests.fuzz.models import LABELS, PROBABILITIES, Proxy, Raiser, Scripted, Shy, fitted
from tests.fuzz.shown import VIEWS
from tests.fuzz.test_views import harmless

pytestmark = pytest.mark.filterwarnings("ignore")

CONFIG = Config(budget_seconds=1.0)
NUMBERS = (
    "normal",
    "gaps",
    "integers",
    "constant",
    "bool",
    "inf",
    "float32",
    "huge",
    "few texts",
    "category",
    "datetimes",
    "text and gaps",
)

LABELLINGS = {
    "binary": lambda r, n: r.integers(0, 2, n),
    "one class": lambda r, n: np.zeros(n, int),
    "texts": lambda r, n: r.choice(np.array(["<b>0", "<b>1"], dtype=object), n),
    "booleans": lambda r, n: r.random(n) < 0.5,
    "three": lambda r, n: r.integers(0, 3, n),
    "one each": lambda r, n: np.arange(n),
    "numbers": lambda r, n: r.normal(size=n),
    "gaps": lambda r, n: np.where(r.random(n) < 0.3, np.nan, r.integers(0, 2, n)),
    "nothing": lambda r, n: np.full(n, np.nan),
    "indicators": lambda r, n: np.eye(3)[r.integers(0, 3, n)],
    "multilabel": lambda r, n: r.integers(0, 2, (n, 3)),
    "column": lambda r, n: r.integers(0, 2, (n, 1)),
    "series": lambda r, n: pd.Series(r.integers(0, 2, n), name="<script>"),
    "category": lambda r, n: pd.Series(pd.Categorical(r.choice(["a", "b"], n), categories=["z", "b", "a"])),
    "frame": lambda r, n: pd.DataFrame({"y": r.integers(0, 2, n)}),
    "infinite": lambda r, n: np.full(n, np.inf),
    "mixed": lambda r, n: COLUMNS["mixed"](r, n),
    "too long": lambda r, n: r.integers(0, 2, n + 2),
}  # fmt: skip


@st.composite
def models(draw, y):
    """Scripted ones most of the time."""
    how = draw(st.sampled_from(["scripted"] * 6 + ["dummy", "regressor", "proxy", "raiser", "shy", "none", "text"]))
    if how == "scripted":
        k = draw(st.sampled_from([1, 2, 2, 3]))
        classes = draw(st.sampled_from([None, np.arange(k), [f"<b>{i}" for i in range(k)], ["a"], "ab", np.array([])]))
        return Scripted(
            draw(st.sampled_from(["sound", "sound", *LABELS])), draw(st.sampled_from(sorted(PROBABILITIES))), k, classes
        )
    others = {"proxy": Proxy, "raiser": Raiser, "shy": Shy, "none": lambda: None, "text": lambda: "model"}
    return others[how]() if how in others else fitted(how, len(y), y)


@st.composite
def everything(draw):
    """Subjects that somebody hands over."""
    n, m = draw(st.sampled_from([(40, 20), (12, 12), (3, 2), (1, 1), (0, 0), (30, 0), (7, 30)]))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    style = draw(st.sampled_from(["same kinds", "same kinds", "same kinds", "any table", "anything"]))
    if style == "same kinds":
        kinds = tuple(draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4)))
        X_train = pd.concat([pd.Series(MAKERS[k](rng, n)) for k in kinds], axis=1)
        X_test = pd.concat([pd.Series(MAKERS[k](rng, m)) for k in kinds], axis=1)
        X_train.columns = X_test.columns = [draw(safe_texts) for _ in kinds]
    elif style == "any table":
        X_train, X_test = draw(tables_of(n)), draw(tables_of(m))
    else:
        X_train, X_test = draw(tables), draw(tables)
    labelling = LABELLINGS[draw(st.sampled_from(sorted(LABELLINGS)))]
    y_train, y_test = labelling(rng, n), labelling(rng, m)
    given_ = {
        "model": draw(models(y_train)),
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
    }
    if draw(st.booleans()):
        given_["X_valid"], given_["y_valid"] = draw(pandas_frames(5)), labelling(rng, 5)
    for name in draw(st.sets(st.sampled_from(sorted(given_)), max_size=1)):
        del given_[name]
    given_["sensitive_features"] = draw(
        st.sampled_from(
            [
                None,
                {},
                {"<b>": rng.choice(["a", "b"], m)},
                {"g": np.full(m, np.nan)},
                {"g": np.arange(m)},
                {"g": np.zeros(m + 1)},
                {"g": np.array([{}] * m + [1], dtype=object)[:m]},
            ]
        )
    )
    given_["targets"] = draw(
        st.sampled_from(
            [(), (Target(metric="recall", op=">=", value=0.8), Target(metric="<b>", op="<=", value=float("inf")))]
        )
    )
    given_["cells"] = tuple(
        Cell(number=draw(st.sampled_from([None, 1, 2])), source=draw(st.sampled_from(SOURCES) | safe_texts))
        for _ in range(draw(st.integers(0, 3)))
    )
    return given_


SOURCES = (
    "model.fit(X_train, y_train)\nmodel.score(X_test, y_test)", "%%bash\nls", "!pip install x", "def f(:\n", "library(caret)\nx <- train(y ~ ., data = d)", "SELECT * FROM t;",
    "x = '" + "a" * 5000 + "'", "(" * 150 + ")" * 150, "\x00", "if True:\n\tx = 1\n        y = 2", "np.random.seed(0)\nX_train, X_test = train_test_split(X)", "await f()", "# only a comment",
)  # fmt: skip


def subjects(parts):
    """With the task worked out as in a notebook; where that is refused, a plain guess."""
    try:
        return subjects_of(**parts)
    except SubjectNotFound as refusal:
        assert "%mlready use" in str(refusal)
        return Subjects(**parts, task=Task.BINARY, class_names=(0, 1))


@cases(25)
@given(parts=everything())
def test_every_check_says_something_of_anything(tried, parts, tmp_path_factory):
    """A finding a check; `error` only where the user's own code raised; the run can be kept and shown."""
    tried()
    state = random.getstate(), np.random.get_state()[1].copy()
    with contextlib.redirect_stdout(io.StringIO()):
        found = subjects(parts)
        fingerprint(found)
        run = runner.run(found, load_checks(), config=CONFIG)
    assert {f.check for f in run} == {c.name for c in load_checks()}
    ours = [
        f"{f.check}: {f.message} {f.remedy}"
        for f in run
        if f.outcome is Outcome.ERROR and "raised in tests." not in (f.remedy or "")
    ]
    assert ours == []
    assert random.getstate() == state[0]
    assert (np.random.get_state()[1] == state[1]).all()
    kept = State.from_json(State(run=run, subjects=found.origin).to_json(), trust=False)
    checklist = saved.checklist(kept)
    for name, write in VIEWS.items():
        harmless(name, write(checklist))
