"""Training that went on after the validation loss had turned."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlready_nb.subjects import Task
from mlready_nb.testing import find
from tests.checks.planted import Oracle, binary, fitted, halves

STEPS = np.arange(50)
TASK = {"model": Oracle((0, 1)), "task": Task.BINARY, "class_names": (0, 1)}


def losses(seed=0, turn=None, wobble=0.01):
    """(training, validation) losses; the second rises from step `turn` on."""
    rng = np.random.default_rng(seed)
    train = 0.6 * np.exp(-STEPS / 9) + 0.1
    valid = 0.5 * np.exp(-STEPS / 9) + 0.3 + wobble * rng.normal(size=50)
    if turn is not None:
        valid += np.maximum(0, STEPS - turn) * 0.012
    return train, valid


def kept(train, valid, how="history"):
    """A namespace that holds the losses in one of several shapes."""
    if how == "history":
        return {"history": type("History", (), {"history": {"loss": list(train), "val_loss": list(valid)}})()}
    if how == "lists":
        return {"train_losses": list(train), "val_losses": list(valid)}
    if how == "table":
        return {"log": pd.DataFrame({"train_loss": train, "val_loss": valid})}
    return {"log": {"train": {"loss": list(train)}, "valid": {"loss": list(valid)}}}


@pytest.mark.parametrize("how", ["history", "lists", "table", "nested"])
def test_a_loss_that_turned_warns_and_the_twin_passes(how):
    """However it was kept; the best step is said."""
    bad = find("diverging-validation", **TASK, namespace=kept(*losses(turn=15), how))
    twin = find("diverging-validation", **TASK, namespace=kept(*losses(), how))

    assert bad.outcome == "warn"
    assert "of 50" in bad.message
    assert 12 <= bad.measured["best_step"] <= 28
    assert twin.outcome == "pass"


@pytest.mark.parametrize("wobble", [0.0, 0.02, 0.06])
def test_noise_is_no_turn(wobble):
    """Twenty noisy runs that come to rest."""
    alarms = sum(
        find("diverging-validation", **TASK, namespace=kept(*losses(s, wobble=wobble))).outcome == "warn"
        for s in range(20)
    )

    assert alarms <= 1


def test_restored_weights_are_no_fault():
    """Early stopping with the best weights put back."""
    namespace = kept(*losses(turn=15)) | {"stop": type("EarlyStopping", (), {"restore_best_weights": True})()}

    assert find("diverging-validation", **TASK, namespace=namespace).outcome == "pass"


@pytest.mark.parametrize("wrapped", [False, True])
def test_boosting_is_replayed(wrapped):
    """Far too many deep members on noisy labels; a small ensemble is the twin."""
    data = halves(*binary(700, signal=0.7))
    deep, small = (
        HistGradientBoostingClassifier(max_iter=300, learning_rate=0.3),
        HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=4),
    )
    if wrapped:
        deep, small = make_pipeline(StandardScaler(), deep), make_pipeline(StandardScaler(), small)
    bad, twin = (find("diverging-validation", **fitted(data, m)) for m in (deep, small))

    assert bad.outcome == "warn"
    assert "member by member" in bad.message
    assert twin.outcome == "pass"


def test_other_boosters():
    """scikit-learn's older one, XGBoost with its own record and with early stopping, LightGBM."""
    lightgbm, xgboost = pytest.importorskip("lightgbm"), pytest.importorskip("xgboost")
    data = halves(*binary(700, signal=0.7))
    watch = [(data["X_train"], data["y_train"]), (data["X_test"], data["y_test"])]
    over = xgboost.XGBClassifier(n_estimators=120, n_jobs=1).fit(*watch[0], eval_set=watch, verbose=False)
    stopped = xgboost.XGBClassifier(n_estimators=120, n_jobs=1, early_stopping_rounds=5).fit(
        *watch[0], eval_set=watch[1:], verbose=False
    )

    assert find("diverging-validation", **data, model=over).outcome == "warn"
    assert find("diverging-validation", **data, model=stopped).outcome == "pass"
    for model in (
        lightgbm.LGBMClassifier(n_estimators=200, learning_rate=0.3, verbose=-1, n_jobs=1),
        GradientBoostingClassifier(n_estimators=150, max_depth=5, learning_rate=0.3),
    ):
        assert find("diverging-validation", **fitted(data, model)).outcome == "warn"


def test_it_names_what_is_missing():
    """A forest has no curve; a network without one is told how to keep it; no model."""

    class Module:
        def predict(self, X):
            return np.zeros(len(X), int)

    Net = type("Net", (Module,), {"__module__": "torch.nn"})
    assert (
        find("diverging-validation", **fitted(halves(*binary(200)), RandomForestClassifier(5))).outcome
        == "not_applicable"
    )
    lost = find("diverging-validation", model=Net(), task=Task.BINARY, class_names=(0, 1))
    assert lost.outcome == "not_run"
    assert "val_losses" in lost.message
    assert "model=<variable>" in find("diverging-validation", task=Task.BINARY, class_names=(0, 1)).message
