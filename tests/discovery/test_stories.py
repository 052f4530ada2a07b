"""Longer stories: names used twice, loops, functions, cells run out of order, splits by hand."""

import pytest

from tests.discovery.notebook import RAW, SPLIT, XY, asked, look, usual, variables

START = (RAW, XY, SPLIT)


def test_a_name_used_for_two_models():
    """`clf` was scored on X_test, then became another model on other data: X_test is not the new one's."""
    found = look(
        *START,
        "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nprint(clf.score(X_test, y_test))",
        "F, t = df[['tenure', 'calls', 'charges']].to_numpy() * 2.0, df['spent'].to_numpy()\nclf = Ridge().fit(F[:150], t[:150])",
        "print(mean_squared_error(t[150:], clf.predict(F[150:])))",
    )

    assert variables(found) == usual("clf", "F[:150]", "t[:150]", "F[150:]", "t[150:]")


def test_a_loop_over_settings_then_the_best():
    """The loop leaves its last model behind; the best setting is fitted again."""
    found = look(
        *START,
        "best_score = 0\nfor depth in (1, 2, 3):\n    m = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X_train, y_train)\n"
        "    s = m.score(X_test, y_test)\n    if s > best_score:\n        best_score, best_depth = s, depth",
        "final = DecisionTreeClassifier(max_depth=best_depth, random_state=0)\nfinal.fit(X_train, y_train)\nfinal.score(X_test, y_test)",
    )

    assert variables(found, "model") == {"model": "final"}


def test_clones_collected_in_a_dict_ask():
    """`fitted[name] = m` in a loop: the one that the loop variable still holds is not the final one for that."""
    found = look(
        *START,
        "from sklearn.base import clone\nbases = {'lr': LogisticRegression(max_iter=500), 'dt': DecisionTreeClassifier(max_depth=2)}\nfitted = {}",
        "for name, b in bases.items():\n    m = clone(b)\n    m.fit(X_train, y_train)\n    fitted[name] = m\n    print(name, m.score(X_test, y_test))",
    )

    assert found.subjects.model is None
    assert len(asked(found)["model"]) == 2


def test_models_collected_in_a_list_ask():
    """`fitted.append(m)`, then a table of scores by comprehension."""
    found = look(
        *START,
        "fitted = []\nfor depth in (1, 2, 3):\n    m = DecisionTreeClassifier(max_depth=depth)\n    m.fit(X_train, y_train)\n    fitted.append(m)",
        "table = pd.DataFrame([{'score': f.score(X_test, y_test)} for f in fitted])",
    )

    assert found.subjects.model is None
    assert len(asked(found)["model"]) == 3


def test_a_dict_comprehension_of_fits():
    """Fitted in a comprehension; one is picked by its key."""
    found = look(
        *START,
        "made = {k: DecisionTreeClassifier(max_depth=k).fit(X_train, y_train) for k in (1, 2)}",
        "print(f1_score(y_test, made[2].predict(X_test)))",
    )

    assert variables(found, "model", "X_test", "y_test") == {"model": "made[2]", "X_test": "X_test", "y_test": "y_test"}


def test_models_zipped_with_their_names():
    """`for name, m in zip(names, models)`."""
    found = look(
        *START,
        "labels, ms = ['a', 'b'], [LogisticRegression(max_iter=500), DecisionTreeClassifier(max_depth=3)]",
        "for label, m in zip(labels, ms):\n    m.fit(X_train, y_train)\n    print(label, f1_score(y_test, m.predict(X_test)))",
    )

    assert found.subjects.model is None
    assert asked(found)["model"] == {"ms[0]", "ms[1]"}


def test_a_loop_over_variables_asks():
    """`for m in (lr, dt)`: the loop variable holds the second, which means nothing."""
    found = look(
        *START,
        "lr, dt = LogisticRegression(max_iter=500).fit(X_train, y_train), DecisionTreeClassifier(max_depth=3).fit(X_train, y_train)",
        "for m in (lr, dt):\n    print(m.score(X_test, y_test))",
    )

    assert found.subjects.model is None
    assert asked(found)["model"] == {"lr", "dt"}


def test_a_report_function_for_each_model():
    """The last one that was reported is final; `model` inside the function is a parameter."""
    found = look(
        *START,
        "def report(model, feats, labels):\n    p = model.predict(feats)\n    print(classification_report(labels, p))\n    return f1_score(labels, p)",
        "one = LogisticRegression(max_iter=500).fit(X_train, y_train)\ntwo = DecisionTreeClassifier(max_depth=3).fit(X_train, y_train)",
        "report(one, X_test, y_test)\nf_two = report(two, X_test, y_test)",
    )

    assert variables(found) == usual("two", "X_train", "y_train", "X_test", "y_test")


def test_a_function_that_returns_a_dict():
    """`res['model']`, `res['X_test']`."""
    found = look(
        RAW,
        XY,
        "def run(X, y):\n    a, b, c, d = train_test_split(X, y, random_state=0)\n    est = LogisticRegression(max_iter=500)\n    est.fit(a, c)\n"
        "    print(est.score(b, d))\n    return {'model': est, 'tr': a, 'te': b, 'ytr': c, 'yte': d}",
        "res = run(X, y)",
    )

    assert variables(found) == usual("res['model']", "res['tr']", "res['ytr']", "res['te']", "res['yte']")


def test_predictions_under_one_name():
    """`y_pred` is overwritten by the second model, and the metric belongs to that one."""
    found = look(
        *START,
        "second = DecisionTreeClassifier(max_depth=2).fit(X_train, y_train)\nfirst = LogisticRegression(max_iter=500).fit(X_train, y_train)",
        "y_pred = first.predict(X_test)\nprint(f1_score(y_test, y_pred))\ny_pred = second.predict(X_test)\nprint(f1_score(y_test, y_pred))",
    )

    assert variables(found, "model") == {"model": "second"}


def test_the_split_run_again_with_a_seed():
    """The same line with the same seed gives the same rows: nothing was overwritten."""
    found = look(
        *START, "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nclf.score(X_test, y_test)", SPLIT
    )

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")
    assert found.notes == ()


def test_the_split_run_again_without_a_seed():
    """Other rows now: the model saw some of the new test set, so it is not passed off as one."""
    split = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25)"
    found = look(
        RAW, XY, split, "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nclf.score(X_test, y_test)", split
    )

    assert "X_train" not in found.subjects.origin
    assert "X_test" not in found.subjects.origin
    assert any("overwritten" in n for n in found.notes)


def test_a_column_added_to_the_test_set():
    """`X_test['pred'] = ...` made it wider; what the model takes is still there."""
    found = look(
        *START,
        "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nprint(accuracy_score(y_test, clf.predict(X_test)))",
        "X_test = X_test.copy()\nX_test['pred'] = clf.predict(X_test)",
    )

    assert list(found.subjects.X_test.columns) == ["tenure", "charges", "calls"]
    assert variables(found, "y_test") == {"y_test": "y_test"}


def test_a_cut_by_hand_that_was_never_scored():
    """`df[:k]` and `df[k:]` are a split, whatever they are called."""
    found = look(
        RAW,
        "k, cols = 180, ['tenure', 'charges']\nearlier, later = df[:k], df.iloc[k:]",
        "clf = LogisticRegression().fit(earlier[cols], earlier['churned'])",
    )

    assert variables(found) == usual("clf", "earlier[cols]", "earlier['churned']", "later[cols]", "later['churned']")


def test_masks_kept_in_variables_that_were_never_scored():
    """`df[m]` and `df[~m]`."""
    found = look(
        RAW,
        "m = rng.random(n) < .7\nones, others = df[m], df[~m]\nA, B = ones[['tenure', 'charges']], others[['tenure', 'charges']]\na, b = ones['churned'], others['churned']",
        "clf = LogisticRegression().fit(A, a)",
    )

    assert variables(found) == usual("clf", "A", "a", "B", "b")


def test_years_before_and_after():
    """`df[df.year < 2021]` and `df[df.year >= 2021]`, never scored."""
    found = look(
        RAW,
        "df['year'] = rng.integers(2015, 2023, n)\nold = df[df['year'] < 2021]\nnew = df[df['year'] >= 2021]\nf = ['tenure', 'charges']",
        "clf = LogisticRegression().fit(old[f], old.churned)",
    )

    assert variables(found) == usual("clf", "old[f]", "old.churned", "new[f]", "new.churned")


def test_sampled_and_dropped_and_never_scored():
    """`part = df.sample(...)`, `rest = df.drop(part.index)`."""
    found = look(
        RAW,
        "part = df.sample(frac=.7, random_state=1)\nrest = df.drop(part.index)\nf = ['tenure', 'charges']",
        "clf = LogisticRegression().fit(part[f], part['churned'])",
    )

    assert variables(found) == usual("clf", "part[f]", "part['churned']", "rest[f]", "rest['churned']")


def test_scaled_in_place_of_the_training_set_only():
    """The test set was never scaled: what the model would have to see is its scaled form."""
    found = look(
        *START,
        "sc = StandardScaler()\nZ = sc.fit_transform(X_train)\nclf = LogisticRegression().fit(Z, y_train)",
    )

    assert variables(found, "X_train", "y_test") == {"X_train": "Z", "y_test": "y_test"}
    assert abs(found.subjects.X_test.mean()) < 1


def test_values_of_a_frame():
    """`.values` in every call."""
    found = look(
        *START,
        "clf = LogisticRegression(max_iter=500)\nclf.fit(X_train.values, y_train.values)\nprint(clf.score(X_test.values, y_test.values))",
    )

    assert variables(found) == usual("clf", "X_train.values", "y_train.values", "X_test.values", "y_test.values")


def test_what_was_dumped_and_loaded():
    """The model that was read back is the one that was written."""
    found = look(
        *START,
        "import pickle\nclf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nprint(clf.score(X_test, y_test))",
        "blob = pickle.dumps(clf)\nloaded = pickle.loads(blob)\nprint(accuracy_score(y_test, loaded.predict(X_test)))",
    )

    assert variables(found, "model", "X_test", "y_test", "X_train") == {
        "model": "loaded", "X_test": "X_test", "y_test": "y_test", "X_train": "X_train"
    }  # fmt: skip


def test_an_eval_set_without_speaking_names():
    """What is watched while fitting is validation, if something else was scored."""
    pytest.importorskip("xgboost")
    found = look(
        RAW, XY, "P, Q, p, q = train_test_split(X, y, random_state=0)\nR, S, r, s = train_test_split(P, p, random_state=0)",
        "from xgboost import XGBClassifier\ngb = XGBClassifier(n_estimators=3, early_stopping_rounds=2)\ngb.fit(R, r, eval_set=[(S, s)], verbose=False)",
        "print(roc_auc_score(q, gb.predict_proba(Q)[:, 1]))",
    )  # fmt: skip

    assert variables(found) == {**usual("gb", "R", "r", "Q", "q"), "X_valid": "S", "y_valid": "s"}


def test_a_test_set_that_was_watched_too():
    """The only other data was watched and scored: it is the test set, for a check to frown at."""
    pytest.importorskip("xgboost")
    found = look(
        RAW, XY, "P, Q, p, q = train_test_split(X, y, random_state=0)",
        "from xgboost import XGBClassifier\ngb = XGBClassifier(n_estimators=3)\ngb.fit(P, p, eval_set=[(P, p), (Q, q)], verbose=False)",
        "print(gb.score(Q, q))",
    )  # fmt: skip

    assert variables(found) == usual("gb", "P", "p", "Q", "q")


def test_people_split_off_beside_the_data():
    """`A_test` came out of the same split."""
    found = look(
        RAW, "who = pd.DataFrame({'sex': rng.choice(['f', 'm'], n)})\nwho.index = range(5000, 5000 + n)\nX, y = df[['tenure', 'charges']].to_numpy(), df['churned'].to_numpy()",
        "X_train, X_test, y_train, y_test, A_train, A_test = train_test_split(X, y, who['sex'], random_state=0)",
        "clf = LogisticRegression().fit(X_train, y_train)\nprint(clf.score(X_test, y_test))",
    )  # fmt: skip

    assert list(found.subjects.sensitive_features) == ["sex"]
    assert list(found.subjects.sensitive_features["sex"]) == list(found.subjects.namespace["A_test"])


def test_people_named_in_a_call():
    """`MetricFrame(..., sensitive_features=groups)` says who they are."""
    found = look(
        *START, "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\ngroups = np.where(X_test['tenure'] > 30, 'old', 'new')",
        "def MetricFrame(**kw):\n    return kw\nframe = MetricFrame(metrics=accuracy_score, y_true=y_test, y_pred=clf.predict(X_test), sensitive_features=groups)",
        "print(clf.score(X_test, y_test))",
    )  # fmt: skip

    assert list(found.subjects.sensitive_features) == ["groups"]


def test_results_of_statsmodels_without_speaking_names():
    """`OLS(y, X).fit()`: the labels stand first."""
    found = look(
        RAW, "X, y = df[['tenure', 'charges']].astype(float), df['spent']",
        "class Results:\n    def __init__(self, params):\n        self.params = params\n    def predict(self, exog):\n        return np.asarray(exog) @ self.params",
        "class OLS:\n    def __init__(self, endog, exog):\n        self.endog, self.exog = endog, exog\n    def fit(self):\n        return Results(np.linalg.lstsq(self.exog.to_numpy(), self.endog.to_numpy(), rcond=None)[0])",
        "k = 150\nU, V, u, v = X[:k], X[k:], y[:k], y[k:]\nres = OLS(u, U).fit()\nprint(mean_squared_error(v, res.predict(V)))",
    )  # fmt: skip

    assert variables(found) == usual("res", "U", "u", "V", "v")


def test_differences_of_scores_say_nothing():
    """`acc_b - acc_a` is no look at a model."""
    found = look(
        *START, "a = LogisticRegression(max_iter=500).fit(X_train, y_train)\nacc_a = (a.predict(X_test) == y_test).mean()",
        "b = DecisionTreeClassifier(max_depth=3).fit(X_train, y_train)\nacc_b = (b.predict(X_test) == y_test).mean()",
        "zero = 0.5\ngain = acc_a - zero",
    )  # fmt: skip

    assert variables(found) == usual("b", "X_train", "y_train", "X_test", "y_test")


def test_calibrated_on_the_validation_set():
    """The calibrator was fitted on validation data; the model inside learnt from the training set."""
    found = look(
        *START,
        "from sklearn.calibration import CalibratedClassifierCV\nfrom sklearn.frozen import FrozenEstimator\n"
        "X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, random_state=1)",
        "rf = RandomForestClassifier(5, random_state=0).fit(X_tr, y_tr)\ncal = CalibratedClassifierCV(FrozenEstimator(rf))\ncal.fit(X_val, y_val)",
        "print(roc_auc_score(y_test, cal.predict_proba(X_test)[:, 1]))",
    )

    assert variables(found) == {
        **usual("cal", "X_tr", "y_tr", "X_test", "y_test"),
        "X_valid": "X_val",
        "y_valid": "y_val",
    }


def test_fitted_again_on_train_and_validation():
    """`pd.concat` of both is the training set then."""
    found = look(
        *START,
        "X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, random_state=1)",
        "clf = LogisticRegression(max_iter=500).fit(X_tr, y_tr)\nprint(clf.score(X_val, y_val))",
        "clf.fit(pd.concat([X_tr, X_val]), pd.concat([y_tr, y_val]))\nprint(clf.score(X_test, y_test))",
    )

    assert found.subjects.X_train.shape == (180, 3)
    assert variables(found, "X_test", "y_test") == {"X_test": "X_test", "y_test": "y_test"}


def test_polars_cut_by_hand():
    """Slices of polars frames are halves like any."""
    pytest.importorskip("polars")
    found = look(
        RAW,
        "import polars as pl\nframe = pl.DataFrame(df.to_dict('list')).sample(fraction=1, seed=0, shuffle=True)\nc = ['tenure', 'charges']\none, two = frame[:170], frame[170:]",
        "clf = LogisticRegression().fit(one[c], one['churned'])",
    )

    assert variables(found) == usual("clf", "one[c]", "one['churned']", "two[c]", "two['churned']")


def test_the_larger_half_is_not_always_for_training():
    """Fitted on `df[~recent]`, scored on `df[recent]`: the fit tells which half is which."""
    found = look(
        RAW,
        "recent = df['tenure'] < 20\nf = ['charges', 'calls']\nN, O = df[recent], df[~recent]",
        "clf = LogisticRegression().fit(O[f], O['churned'])\nprint(clf.score(N[f], N['churned']))",
    )

    assert variables(found) == usual("clf", "O[f]", "O['churned']", "N[f]", "N['churned']")


def test_a_pipeline_over_raw_columns():
    """A ColumnTransformer picks its columns from a wider frame with text in it."""
    found = look(
        RAW,
        "from sklearn.compose import make_column_transformer\nfrom sklearn.preprocessing import OneHotEncoder\ndf['plan'] = rng.choice(['a', 'b'], n)\ndf['id'] = range(n)",
        "train_set, test_set = train_test_split(df, random_state=0)",
        "ct = make_column_transformer((OneHotEncoder(), ['plan']), (StandardScaler(), ['charges', 'calls']))\npipe = make_pipeline(ct, LogisticRegression())",
        "pipe.fit(train_set, train_set['churned'])\nprint(pipe.score(test_set, test_set['churned']))",
    )

    assert variables(found) == usual("pipe", "train_set", "train_set['churned']", "test_set", "test_set['churned']")


def test_sparse_text_features():
    """Vectorised words: sparse matrices, labels from the split."""
    found = look(
        RAW,
        "from sklearn.feature_extraction.text import TfidfVectorizer\ntexts = pd.Series(np.where(df.churned == 1, 'bad line again', 'all good here'))\n"
        "t_train, t_test, y_train, y_test = train_test_split(texts, df['churned'], random_state=0)",
        "vec = TfidfVectorizer()\nV_train = vec.fit_transform(t_train)\nV_test = vec.transform(t_test)\nnb = LogisticRegression().fit(V_train, y_train)",
    )

    assert variables(found) == usual("nb", "V_train", "y_train", "V_test", "y_test")


def test_a_text_pipeline_over_a_series():
    """The features are one column of texts."""
    found = look(
        RAW,
        "from sklearn.feature_extraction.text import TfidfVectorizer\ntexts = pd.Series(np.where(df.churned == 1, 'bad line again', 'all good here'))\n"
        "t_train, t_test, y_train, y_test = train_test_split(texts, df['churned'], random_state=0)",
        "pipe = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(t_train, y_train)\nprint(pipe.score(t_test, y_test))",
    )

    assert variables(found) == usual("pipe", "t_train", "y_train", "t_test", "y_test")


def test_a_surrogate_drawn_at_the_end():
    """A shallow tree is fitted on what the forest says: it explains, and is not the model."""
    found = look(
        *START,
        "rf = RandomForestClassifier(5, random_state=0).fit(X_train, y_train)\nprint(rf.score(X_test, y_test))",
        "tree = DecisionTreeClassifier(max_depth=2).fit(X_train, rf.predict(X_train))\nprint(tree.tree_.node_count)",
    )

    assert variables(found) == usual("rf", "X_train", "y_train", "X_test", "y_test")


def test_a_baseline_scored_last_is_still_a_baseline():
    """A dummy for comparison was looked at after the model."""
    found = look(
        *START,
        "from sklearn.dummy import DummyClassifier\nrf = RandomForestClassifier(5, random_state=0).fit(X_train, y_train)\nprint(rf.score(X_test, y_test))",
        "base = DummyClassifier().fit(X_train, y_train)\nprint(base.score(X_test, y_test))",
    )

    assert variables(found, "model") == {"model": "rf"}


def test_the_final_model_is_asked_for_new_rows():
    """`predict` on a single new row after the evaluation is no test set."""
    found = look(
        *START,
        "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nprint(clf.score(X_test, y_test))",
        "new = pd.DataFrame({'tenure': [3], 'charges': [70.0], 'calls': [1]})\nprint(clf.predict(new), clf.predict(X_test[:3]))",
    )

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_three_scored_sets_with_names():
    """Train, validation and test are all reported in a loop over pairs."""
    found = look(
        *START,
        "X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, random_state=1)\nclf = LogisticRegression(max_iter=500).fit(X_tr, y_tr)",
        "for name, a, b in [('train', X_tr, y_tr), ('valid', X_val, y_val), ('test', X_test, y_test)]:\n    print(name, clf.score(a, b))",
    )

    assert variables(found) == {
        **usual("clf", "X_tr", "y_tr", "X_test", "y_test"),
        "X_valid": "X_val",
        "y_valid": "y_val",
    }


def test_sets_kept_in_a_dict():
    """`for part, (a, b) in parts.items()`: the loop's variables have lasting names."""
    found = look(
        *START,
        "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nparts = {'train': (X_train, y_train), 'test': (X_test, y_test)}",
        "for part, (a, b) in parts.items():\n    print(part, f1_score(b, clf.predict(a)))",
    )

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_only_a_baseline():
    """A dummy alone is a model all the same."""
    found = look(
        *START,
        "from sklearn.dummy import DummyClassifier\nbase = DummyClassifier().fit(X_train, y_train)\nbase.score(X_test, y_test)",
    )

    assert variables(found, "model") == {"model": "base"}


def test_labels_made_by_a_function_in_the_call():
    """What the regressor was fitted on cannot be read without running code: the raw target does not stand in for it."""
    found = look(*START[:1], "X, y = df[['tenure', 'charges']], df['spent']", SPLIT,
        "reg = Ridge().fit(X_train, y_train.map(lambda v: -v))\nprint(reg.predict(X_test)[:2])",
    )  # fmt: skip

    assert variables(found, "X_train", "X_test") == {"X_train": "X_train", "X_test": "X_test"}
    assert "y_train" not in found.subjects.origin
    assert any("cannot be read" in n for n in found.notes)
