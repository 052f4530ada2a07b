"""Wrappers and raw boosters of XGBoost and LightGBM."""

import pytest

from tests.discovery.notebook import RAW, SPLIT, XY, look, usual, variables

START = (RAW, XY, SPLIT)
THREE = "X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, random_state=1)"


def test_an_xgboost_wrapper_with_an_eval_set():
    """What stops the training early is the validation set."""
    pytest.importorskip("xgboost")
    found = look(
        *START, THREE,
        "from xgboost import XGBClassifier\nxgb = XGBClassifier(n_estimators=5, early_stopping_rounds=2)",
        "xgb.fit(X_tr, y_tr, eval_set=[(X_val, y_val)], verbose=False)",
        "print(accuracy_score(y_test, xgb.predict(X_test)))",
    )  # fmt: skip

    assert variables(found) == {
        "model": "xgb", "X_train": "X_tr", "y_train": "y_tr", "X_valid": "X_val", "y_valid": "y_val",
        "X_test": "X_test", "y_test": "y_test",
    }  # fmt: skip


def test_a_raw_xgboost_booster():
    """Data sits in DMatrix objects; the frames they were made from are the subjects."""
    pytest.importorskip("xgboost")
    found = look(
        *START,
        "import xgboost as xgb\ndtrain = xgb.DMatrix(X_train, label=y_train)\ndtest = xgb.DMatrix(X_test, label=y_test)",
        "bst = xgb.train({'objective': 'binary:logistic'}, dtrain, num_boost_round=4)",
        "proba = bst.predict(dtest)\nprint(roc_auc_score(y_test, proba))",
    )

    assert variables(found) == usual("bst", "X_train", "y_train", "X_test", "y_test")
    assert found.subjects.task == "binary"


def test_a_booster_watched_on_a_validation_set():
    """`evals=[(dtrain, ...), (dval, ...)]` names the validation set."""
    pytest.importorskip("xgboost")
    found = look(
        *START, THREE,
        "import xgboost as xgb\ndtr, dva, dte = xgb.DMatrix(X_tr, y_tr), xgb.DMatrix(X_val, y_val), xgb.DMatrix(X_test)",
        "bst = xgb.train({'objective': 'binary:logistic'}, dtr, 4, evals=[(dtr, 'train'), (dva, 'valid')], verbose_eval=False)",
        "label = (bst.predict(dte) > 0.5).astype(int)\nprint(f1_score(y_test, label))",
    )  # fmt: skip

    assert variables(found) == {
        "model": "bst", "X_train": "X_tr", "y_train": "y_tr", "X_valid": "X_val", "y_valid": "y_val",
        "X_test": "X_test", "y_test": "y_test",
    }  # fmt: skip


def test_a_raw_lightgbm_booster():
    """`lgb.train(params, lgb.Dataset(X, y))`."""
    pytest.importorskip("lightgbm")
    found = look(
        *START,
        "import lightgbm as lgb\ntrain_data = lgb.Dataset(X_train, label=y_train)\nvalid_data = lgb.Dataset(X_test, y_test, reference=train_data)",
        "gbm = lgb.train({'objective': 'binary', 'verbose': -1, 'min_data_in_leaf': 5}, train_data, num_boost_round=3)",
        "y_prob = gbm.predict(X_test)\ny_pred = np.where(y_prob > .5, 1, 0)\nprint(accuracy_score(y_test, y_pred))",
    )

    assert variables(found) == usual("gbm", "X_train", "y_train", "X_test", "y_test")
    assert found.subjects.task == "binary"


def test_a_lightgbm_wrapper():
    """The scikit-learn face."""
    pytest.importorskip("lightgbm")
    found = look(
        *START,
        "from lightgbm import LGBMClassifier\nlgbm = LGBMClassifier(n_estimators=3, verbose=-1)\nlgbm.fit(X_train, y_train)",
        "roc_auc_score(y_test, lgbm.predict_proba(X_test)[:, 1])",
    )

    assert variables(found) == usual("lgbm", "X_train", "y_train", "X_test", "y_test")
