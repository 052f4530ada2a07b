"""Training that was cut off, blew up, or went in steps too large or too small."""

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import ElasticNet, LogisticRegression, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import Oracle, binary, fitted, halves

TASK = {"model": Oracle((0, 1)), "task": Task.BINARY, "class_names": (0, 1)}
DATA = halves(*binary(400))
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (LogisticRegression(max_iter=2), LogisticRegression()),
        (
            make_pipeline(StandardScaler(), LogisticRegression(max_iter=2)),
            make_pipeline(StandardScaler(), LogisticRegression()),
        ),
        (
            MLPClassifier((8,), max_iter=10, random_state=0),
            MLPClassifier((4,), max_iter=3000, random_state=0, learning_rate_init=0.02),
        ),
        (SGDClassifier(max_iter=2, random_state=0), SGDClassifier(random_state=0)),
        (SVC(max_iter=3), SVC(max_iter=100_000)),
        (OneVsRestClassifier(LogisticRegression(max_iter=2)), OneVsRestClassifier(LogisticRegression())),
    ],
    ids=["logistic", "pipeline", "network", "sgd", "svc", "members"],
)
def test_a_solver_that_was_cut_off_warns(short, long):
    """Stopped at max_iter; the same with enough iterations passes."""
    bad, twin = find("not-converged", **fitted(DATA, short)), find("not-converged", **fitted(DATA, long))

    assert bad.outcome == "warn"
    assert "max_iter=" in bad.message
    assert twin.outcome == "pass"


def test_regressions():
    """Coordinate descent that was cut off."""
    X, _ = binary(200)
    split = halves(X, X["a"] * 3 + X["b"])

    assert find("not-converged", **fitted(split, ElasticNet(alpha=1e-6, max_iter=1))).outcome == "warn"
    assert find("not-converged", **fitted(split, ElasticNet(alpha=0.1))).outcome == "pass"


def curve(values):
    """A namespace with one training loss."""
    return {"history": type("History", (), {"history": {"loss": list(values)}})()}


STEPS = np.arange(60)
REST = 0.6 * np.exp(-STEPS / 10) + 0.1


@pytest.mark.parametrize(
    ("values", "outcome", "word"),
    [
        (np.r_[REST[:20], [np.nan] * 40], "fail", "blew up"),
        (np.r_[REST[:20], [np.inf] * 40], "fail", "NaN or infinite"),
        (0.7 + 0.01 * STEPS, "warn", "nothing was learnt"),
        (0.7 - 1e-6 * STEPS, "warn", "hardly moves"),
        (0.7 - 0.005 * STEPS, "warn", "last fifth"),
        (0.7 * np.exp(-STEPS / 6) + 0.2 + 0.5 * (STEPS % 2), "warn", "swings"),
        (REST, "pass", "steadily"),
        (REST + 0.01 * np.random.default_rng(0).normal(size=60), "pass", "steadily"),
    ],
    ids=["nan", "inf", "rising", "flat", "too slow", "swinging", "clean", "noisy"],
)
def test_losses_tell_of_the_learning_rate(values, outcome, word):
    """Each way to go wrong has its sentence; the clean ones pass."""
    found = find("not-converged", **TASK, namespace=curve(values))

    assert found.outcome == outcome
    assert word in found.message


@pytest.mark.parametrize("seed", range(15))
def test_clean_runs_are_quiet(seed):
    """Runs of five to a hundred epochs that come to rest, with noise."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 100))
    values = rng.uniform(0.5, 5) * np.exp(-np.arange(n) / (n / rng.uniform(3, 6))) + rng.uniform(0.05, 1)

    assert find("not-converged", **TASK, namespace=curve(values * (1 + 0.01 * rng.normal(size=n)))).outcome == "pass"


def test_boosting_with_a_tiny_learning_rate():
    """A hundred members that hardly move; with the default rate it passes."""
    assert find("not-converged", **fitted(DATA, GradientBoostingClassifier(learning_rate=1e-4))).outcome == "warn"
    assert find("not-converged", **fitted(DATA, GradientBoostingClassifier())).outcome == "pass"


def test_it_names_what_is_missing():
    """A forest has no solver to converge; no model."""
    assert find("not-converged", **fitted(DATA, RandomForestClassifier(5))).outcome == "not_applicable"
    assert "model=<variable>" in find("not-converged", task=Task.BINARY, class_names=(0, 1)).message
