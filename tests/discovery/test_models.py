"""Which model: the saved or last scored one, wherever it is kept, whatever it is called."""

import pytest

from mlready_nb.discovery import discover
from tests.discovery.notebook import RAW, SPLIT, XY, asked, look, usual, variables

START = (RAW, XY, SPLIT)


def test_a_variable_called_model_can_be_a_decoy():
    """The first attempt is called `model`; the forest was scored last."""
    found = look(
        *START,
        "model = LogisticRegression(max_iter=500).fit(X_train, y_train)\nprint(model.score(X_test, y_test))",
        "rf = RandomForestClassifier(5, random_state=0)\nrf.fit(X_train, y_train)",
        "pred = rf.predict(X_test)\nprint(classification_report(y_test, pred))",
    )

    assert variables(found) == usual("rf", "X_train", "y_train", "X_test", "y_test")


def test_the_saved_model_wins_over_the_one_scored_last(tmp_path):
    """A comparison after the save does not change what was shipped."""
    found = look(
        *START,
        "import joblib\nfirst = LogisticRegression(max_iter=500).fit(X_train, y_train)",
        f"joblib.dump(first, {str(tmp_path / 'm.joblib')!r})",
        "second = DecisionTreeClassifier(max_depth=3).fit(X_train, y_train)\nsecond.score(X_test, y_test)",
    )

    assert variables(found, "model") == {"model": "first"}


def test_saving_a_scaler_says_nothing_about_the_model(tmp_path):
    """`dump(scaler)` beside two models: the last scored is taken."""
    found = look(
        *START,
        "import pickle\nscaler = StandardScaler().fit(X_train)",
        "a = LogisticRegression().fit(scaler.transform(X_train), y_train)",
        "b = DecisionTreeClassifier(max_depth=3).fit(scaler.transform(X_train), y_train)",
        "accuracy_score(y_test, b.predict(scaler.transform(X_test)))",
        "with open(path, 'wb') as f:\n    pickle.dump(scaler, f)",
        extra={"path": str(tmp_path / "s.pkl")},
    )

    assert variables(found, "model") == {"model": "b"}


def test_pickled_to_bytes_is_saved():
    """`pickle.dumps(clf)` is a save too."""
    found = look(
        *START,
        "import pickle\nclf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nblob = pickle.dumps(clf)",
        "other = DecisionTreeClassifier(max_depth=2).fit(X_train, y_train)\nother.score(X_test, y_test)",
    )

    assert variables(found, "model") == {"model": "clf"}


def test_a_loop_over_a_dict_asks_which():
    """Every entry was fitted and scored by the same lines: nobody can tell which is final."""
    found = look(
        *START,
        "models = {'lr': LogisticRegression(max_iter=500), 'dt': DecisionTreeClassifier(max_depth=3)}",
        "for name, m in models.items():\n    m.fit(X_train, y_train)\n    print(name, m.score(X_test, y_test))",
    )

    assert found.subjects.model is None
    assert asked(found)["model"] == {"models['lr']", "models['dt']"}
    assert variables(found) == {
        "X_train": "X_train", "y_train": "y_train", "X_test": "X_test", "y_test": "y_test"
    }  # fmt: skip


def test_the_best_of_a_dict_by_score_is_taken():
    """`best = models[max(scores, key=scores.get)]`, then scored by name."""
    found = look(
        *START,
        "models = {'lr': LogisticRegression(max_iter=500), 'dt': DecisionTreeClassifier(max_depth=3)}\nscores = {}",
        "for name in models:\n    models[name].fit(X_train, y_train)\n"
        "    scores[name] = models[name].score(X_test, y_test)",
        "best = models[max(scores, key=scores.get)]\nprint(roc_auc_score(y_test, best.predict_proba(X_test)[:, 1]))",
    )

    assert variables(found) == usual("best", "X_train", "y_train", "X_test", "y_test")
    assert found.questions == ()


def test_a_list_of_pairs_then_one_by_hand():
    """A comparison in a loop over pairs; the final one is then fitted and scored on its own."""
    found = look(
        *START,
        "clfs = [('lr', LogisticRegression(max_iter=500)), ('dt', DecisionTreeClassifier(max_depth=3))]",
        "for label, clf in clfs:\n    clf.fit(X_train, y_train)\n    print(label, accuracy_score(y_test, clf.predict(X_test)))",
        "final = RandomForestClassifier(5, random_state=1).fit(X_train, y_train)",
        "final.score(X_test, y_test)",
    )

    assert variables(found, "model") == {"model": "final"}


def test_a_function_that_trains_and_returns_a_model():
    """The arguments of the call are the data of the model."""
    found = look(
        RAW,
        "def prepare(frame):\n    f, t = frame.drop(columns=['churned', 'spent']), frame['churned']\n"
        "    return train_test_split(f, t, random_state=0)",
        "def train(feats, labels, depth=3):\n    tree = DecisionTreeClassifier(max_depth=depth)\n"
        "    tree.fit(feats, labels)\n    return tree",
        "def evaluate(estimator, feats, labels):\n    said = estimator.predict(feats)\n    return f1_score(labels, said)",
        "tr_x, te_x, tr_y, te_y = prepare(df)",
        "fitted = train(tr_x, tr_y)\nprint(evaluate(fitted, te_x, te_y))",
    )

    assert variables(found) == usual("fitted", "tr_x", "tr_y", "te_x", "te_y")


def test_a_main_function_that_returns_everything():
    """Split, fit and score happen inside; the caller gets the pieces."""
    found = look(
        RAW,
        "def run(frame):\n    X, y = frame[['tenure', 'charges']], frame['churned']\n"
        "    a, b, c, d = train_test_split(X, y, random_state=1)\n"
        "    m = LogisticRegression().fit(a, c)\n    print(m.score(b, d))\n    return m, a, b, c, d",
        "clf, A, B, C, D = run(df)",
    )

    assert variables(found) == usual("clf", "A", "C", "B", "D")


def test_a_class_that_holds_model_and_data():
    """Attributes of an object of the notebook are looked at."""
    found = look(
        RAW,
        "class Experiment:\n"
        "    def __init__(self, frame):\n"
        "        X, y = frame[['tenure', 'charges', 'calls']], frame['churned']\n"
        "        self.X_tr, self.X_te, self.y_tr, self.y_te = train_test_split(X, y, random_state=0)\n"
        "        self.clf = LogisticRegression(max_iter=500)\n"
        "    def fit(self):\n        self.clf.fit(self.X_tr, self.y_tr)\n        return self\n"
        "    def report(self):\n        return accuracy_score(self.y_te, self.clf.predict(self.X_te))",
        "exp = Experiment(df).fit()\nprint(exp.report())",
    )

    assert variables(found) == usual("exp.clf", "exp.X_tr", "exp.y_tr", "exp.X_te", "exp.y_te")


def test_an_unfitted_model_beside_a_fitted_one():
    """`base` was only cloned."""
    found = look(
        *START,
        "from sklearn.base import clone\nbase = LogisticRegression(max_iter=500)\nclf2 = clone(base)",
        "clf2.fit(X_train, y_train)\nclf2.score(X_test, y_test)",
    )

    assert variables(found, "model") == {"model": "clf2"}


def test_only_an_unfitted_model_is_said():
    """The model is shown, with the advice to fit it."""
    found = look(*START, "clf = LogisticRegression()")

    assert variables(found, "model") == {"model": "clf"}
    assert "not fitted" in found.notes[0]


def test_a_pipeline_wins_over_its_steps():
    """The scaler and the forest live on as variables of their own."""
    found = look(
        *START,
        "scaler, forest = StandardScaler(), RandomForestClassifier(5, random_state=0)",
        "pipe = Pipeline([('s', scaler), ('m', forest)])\npipe.fit(X_train, y_train)\nprint(pipe.score(X_test, y_test))",
        "importances = forest.feature_importances_",
    )

    assert variables(found) == usual("pipe", "X_train", "y_train", "X_test", "y_test")


def test_a_step_taken_out_of_its_pipeline():
    """`clf = pipe.named_steps['m']` for its coefficients is no final model."""
    found = look(
        *START,
        "pipe = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)",
        "print(accuracy_score(y_test, pipe.predict(X_test)))",
        "model = pipe.named_steps['logisticregression']\nprint(model.coef_)",
    )

    assert variables(found, "model") == {"model": "pipe"}


def test_the_best_estimator_of_a_search():
    """The found estimator was scored; the search's own fit tells its data."""
    found = look(
        *START,
        "gs = GridSearchCV(DecisionTreeClassifier(random_state=0), {'max_depth': [2, 3]}, cv=3)\ngs.fit(X_train, y_train)",
        "best = gs.best_estimator_\nprint(accuracy_score(y_test, best.predict(X_test)))",
    )

    assert variables(found) == usual("best", "X_train", "y_train", "X_test", "y_test")


def test_a_search_scored_itself():
    """`gs.score` means the search, although `best` is there too."""
    found = look(
        *START,
        "gs = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {'logisticregression__C': [.1, 1]}, cv=3)",
        "gs.fit(X_train, y_train)\nbest = gs.best_estimator_\nprint(best)",
        "gs.score(X_test, y_test)",
    )

    assert variables(found) == usual("gs", "X_train", "y_train", "X_test", "y_test")


def test_best_estimator_without_a_variable():
    """`gs.best_estimator_.predict(...)`: the search is the model."""
    found = look(
        *START,
        "gs = GridSearchCV(DecisionTreeClassifier(random_state=0), {'max_depth': [2, 3]}, cv=3).fit(X_train, y_train)",
        "print(f1_score(y_test, gs.best_estimator_.predict(X_test)))",
    )

    assert variables(found, "X_train", "X_test", "y_test") == {
        "X_train": "X_train", "X_test": "X_test", "y_test": "y_test"
    }  # fmt: skip
    assert found.subjects.model.predict is not None
    assert variables(found, "model")["model"] in ("gs", "gs.best_estimator_")


def test_two_fitted_models_and_no_word_on_either_asks():
    """Without cells nothing tells two fitted models apart."""
    first = look(
        RAW + XY + "\n" + SPLIT + "\na = LogisticRegression().fit(X_train, y_train)\n"
        "b = DecisionTreeClassifier().fit(X_train, y_train)",
    )
    found = discover(first.subjects.namespace, ())

    assert found.subjects.model is None
    assert asked(found)["model"] == {"a", "b"}


def test_a_clusterer_and_an_outlier_detector_are_no_final_model():
    """Both have `predict`, and were asked last."""
    found = look(
        *START,
        "from sklearn.cluster import KMeans\nfrom sklearn.ensemble import IsolationForest",
        "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nprint(clf.score(X_test, y_test))",
        "km = KMeans(3, n_init=1, random_state=0).fit(X_train)\nsegments = km.predict(X_test)",
        "iso = IsolationForest(n_estimators=10, random_state=0).fit(X_train)\nodd = iso.predict(X_test)",
    )

    assert variables(found, "model") == {"model": "clf"}


def test_two_problems_in_one_notebook():
    """The first half classifies, the second regresses: the last is final and gets its own data."""
    found = look(
        RAW,
        XY,
        "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)",
        "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\nprint(clf.score(X_test, y_test))",
        "F, t = df[['tenure', 'calls']], df['spent']\nF_a, F_b, t_a, t_b = train_test_split(F, t, random_state=0)",
        "reg = Ridge().fit(F_a, t_a)\nprint(mean_squared_error(t_b, reg.predict(F_b)))",
    )

    assert variables(found) == usual("reg", "F_a", "t_a", "F_b", "t_b")
    assert found.subjects.task == "regression"


def test_a_rerun_cell_counts_where_it_ran_last():
    """Cells come in the order of execution: running the first model again makes it final."""
    a = "a = LogisticRegression(max_iter=500).fit(X_train, y_train)\na.score(X_test, y_test)"
    b = "b = DecisionTreeClassifier(max_depth=3).fit(X_train, y_train)\nb.score(X_test, y_test)"

    assert variables(look(*START, a, b), "model") == {"model": "b"}
    assert variables(look(*START, a, b, a), "model") == {"model": "a"}


def test_a_custom_class_with_predict():
    """A rule of the notebook's own is a model when it was scored."""
    found = look(
        *START,
        "class Rule:\n    def fit(self, X, y):\n        self.cut = X['charges'].median()\n        return self\n"
        "    def predict(self, X):\n        return (X['charges'] > self.cut).astype(int).to_numpy()",
        "rule = Rule().fit(X_train, y_train)\nprint(accuracy_score(y_test, rule.predict(X_test)))",
    )

    assert variables(found) == usual("rule", "X_train", "y_train", "X_test", "y_test")


def test_a_keras_like_network():
    """`fit(x, y, validation_data=...)`, `evaluate`, probabilities from `predict`."""
    found = look(
        *START,
        "class Sequential:\n"
        "    def compile(self, **kw): ...\n"
        "    def fit(self, x=None, y=None, validation_data=None, epochs=1, verbose=0):\n"
        "        self.w = np.linalg.lstsq(np.asarray(x, float), np.asarray(y, float), rcond=None)[0]\n        return self\n"
        "    def predict(self, x, verbose=0):\n        return (np.asarray(x, float) @ self.w).clip(0, 1).reshape(-1, 1)\n"
        "    def evaluate(self, x, y, verbose=0):\n        return 0.1, 0.9",
        "X_tr, X_va, y_tr, y_va = train_test_split(X_train, y_train, random_state=1)",
        "net = Sequential()\nnet.compile(optimizer='adam', loss='binary_crossentropy')",
        "history = net.fit(X_tr, y_tr, validation_data=(X_va, y_va), epochs=3)",
        "loss, acc = net.evaluate(X_test, y_test)\nproba = net.predict(X_test)",
    )

    assert variables(found) == {
        "model": "net", "X_train": "X_tr", "y_train": "y_tr", "X_valid": "X_va", "y_valid": "y_va",
        "X_test": "X_test", "y_test": "y_test",
    }  # fmt: skip
    assert found.subjects.task == "binary"


def test_statsmodels_like_results():
    """`sm.OLS(y, X).fit()`: labels come first, and the results predict."""
    found = look(
        RAW,
        "X, y = df[['tenure', 'charges']].astype(float), df['spent']",
        "class Results:\n    def __init__(self, model, params):\n        self.model, self.params = model, params\n"
        "    def predict(self, exog=None):\n"
        "        return np.asarray(self.model.exog if exog is None else exog) @ np.asarray(self.params)\n"
        "class OLS:\n    def __init__(self, endog, exog):\n        self.endog, self.exog = endog, exog\n"
        "    def fit(self, disp=0):\n"
        "        return Results(self, np.linalg.lstsq(self.exog.to_numpy(), self.endog.to_numpy(), rcond=None)[0])\n"
        "    def predict(self, params, exog=None):\n        return (self.exog if exog is None else exog) @ params",
        "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)",
        "ols = OLS(y_train, X_train)\nresult = ols.fit()",
        "print(mean_squared_error(y_test, result.predict(X_test)))",
    )

    assert variables(found) == usual("result", "X_train", "y_train", "X_test", "y_test")


def test_an_ensemble_wins_over_its_members():
    """The members were fitted and scored first, the vote last."""
    found = look(
        *START,
        "from sklearn.ensemble import VotingClassifier\nlr = LogisticRegression(max_iter=500).fit(X_train, y_train)\n"
        "dt = DecisionTreeClassifier(max_depth=3).fit(X_train, y_train)\nfor m in (lr, dt):\n    print(m.score(X_test, y_test))",
        "vote = VotingClassifier([('lr', lr), ('dt', dt)], voting='soft').fit(X_train, y_train)",
        "print(vote.score(X_test, y_test))",
    )

    assert variables(found) == usual("vote", "X_train", "y_train", "X_test", "y_test")


def test_a_member_scored_last_is_final():
    """The vote was tried, then dropped: the plain tree was scored and saved."""
    found = look(
        *START,
        "from sklearn.ensemble import VotingClassifier\nlr, dt = LogisticRegression(max_iter=500), DecisionTreeClassifier(max_depth=3)",
        "vote = VotingClassifier([('lr', lr), ('dt', dt)]).fit(X_train, y_train)\nprint(vote.score(X_test, y_test))",
        "dt.fit(X_train, y_train)\nprint(dt.score(X_test, y_test))\nimport pickle\nblob = pickle.dumps(dt)",
    )

    assert variables(found, "model") == {"model": "dt"}


@pytest.mark.parametrize("name", ["model", "clf", "est", "modelo", "regr_final_v2"])
def test_the_name_does_not_matter(name):
    """One fitted model is the model."""
    found = look(*START, f"{name} = LogisticRegression(max_iter=500)\n{name}.fit(X_train, y_train)")

    assert variables(found) == usual(name, "X_train", "y_train", "X_test", "y_test")
