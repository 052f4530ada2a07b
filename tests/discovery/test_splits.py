"""Which data: what was fitted on and scored on, however it was cut and whatever it is called."""

import pytest

from mlready_nb.discovery import SubjectNotFound, discover
from tests.discovery.notebook import RAW, SPLIT, XY, asked, look, usual, variables

FIT = "clf = LogisticRegression(max_iter=500).fit({X}, {y})"
SCORE = "print(accuracy_score({y}, clf.predict({X})))"


@pytest.mark.parametrize(
    "names",
    [
        ("Xtr", "Xte", "ytr", "yte"),
        ("train_x", "test_x", "train_y", "test_y"),
        ("features_train", "features_test", "labels_train", "labels_test"),
        ("x_treino", "x_teste", "y_treino", "y_teste"),
        ("X_entrenamiento", "X_prueba", "y_entrenamiento", "y_prueba"),
        ("lernmenge", "pruefmenge", "lernziel", "pruefziel"),
        ("a", "b", "c", "d"),
        ("foo", "bar", "baz", "qux"),
    ],
)
def test_names_of_any_kind(names):
    """What was passed to fit and to the metric counts, in every language."""
    train, test, labels, test_labels = names
    found = look(
        RAW, XY,
        f"{', '.join(names)} = train_test_split(X, y, random_state=0)",
        FIT.format(X=train, y=labels),
        f"said = clf.predict({test})\nprint(classification_report({test_labels}, said))",
    )  # fmt: skip

    assert variables(found) == usual("clf", train, labels, test, test_labels)


@pytest.mark.parametrize("names", [("Xtr", "Xte", "ytr", "yte"), ("eins", "zwei", "drei", "vier")])
def test_a_split_that_was_never_scored(names):
    """Fitted only: the other part of the split is the test set."""
    train, test, labels, test_labels = names
    found = look(RAW, XY, f"{', '.join(names)} = train_test_split(X, y, random_state=0)", FIT.format(X=train, y=labels))

    assert variables(found) == usual("clf", train, labels, test, test_labels)


def test_scaled_beside_unscaled():
    """The model was fitted on the scaled copy; the unscaled one has the same width."""
    found = look(
        RAW, XY, SPLIT,
        "sc = StandardScaler()\nX_tr_sc = sc.fit_transform(X_train)\nX_te_sc = sc.transform(X_test)",
        FIT.format(X="X_tr_sc", y="y_train"), SCORE.format(X="X_te_sc", y="y_test"),
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_tr_sc", "y_train", "X_te_sc", "y_test")


def test_scaled_beside_unscaled_and_never_scored():
    """The test set has to be of the form that the training set has."""
    found = look(
        RAW, XY, SPLIT,
        "sc = StandardScaler().fit(X_train)\nA = sc.transform(X_train)\nB = sc.transform(X_test)",
        FIT.format(X="A", y="y_train"),
    )  # fmt: skip

    assert variables(found) == usual("clf", "A", "y_train", "B", "y_test")


def test_two_scalings_and_the_model_took_one():
    """Min-max was tried first; the model that was kept saw the standardised data."""
    found = look(
        RAW, XY, SPLIT,
        "mm, ss = MinMaxScaler(), StandardScaler()\n"
        "X_train_mm, X_test_mm = mm.fit_transform(X_train), mm.transform(X_test)\n"
        "X_train_ss, X_test_ss = ss.fit_transform(X_train), ss.transform(X_test)",
        "old = LogisticRegression().fit(X_train_mm, y_train)\nprint(old.score(X_test_mm, y_test))",
        FIT.format(X="X_train_ss", y="y_train"), SCORE.format(X="X_test_ss", y="y_test"),
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train_ss", "y_train", "X_test_ss", "y_test")


def test_scaled_in_the_call():
    """`clf.predict(sc.transform(X_test))`: the subject is what the model sees."""
    found = look(
        RAW, XY, SPLIT, "sc = StandardScaler().fit(X_train)",
        "clf = LogisticRegression().fit(sc.transform(X_train), y_train)",
        "print(f1_score(y_test, clf.predict(sc.transform(X_test))))",
    )  # fmt: skip

    assert variables(found, "y_train", "y_test") == {"y_train": "y_train", "y_test": "y_test"}
    assert abs(found.subjects.X_test.mean()) < 1
    assert found.subjects.X_train.shape == (180, 3)
    assert abs(found.subjects.X_train.mean()) < 1e-9


def test_data_overwritten_in_place():
    """`X_train = sc.fit_transform(X_train)`: the name is used again, and holds what the model took."""
    found = look(
        RAW, XY, SPLIT,
        "sc = StandardScaler()\nX_train = sc.fit_transform(X_train)\nX_test = sc.transform(X_test)",
        FIT.format(X="X_train", y="y_train"), SCORE.format(X="X_test", y="y_test"),
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_data_overwritten_after_the_fit():
    """`X_train` belongs to another problem now: it is not passed off as the model's."""
    found = look(
        RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"), "print(clf.score(X_test, y_test))",
        'X = df[["tenure", "charges", "calls", "spent"]]\nX_train, X_test = train_test_split(X, random_state=3)',
    )  # fmt: skip

    assert "X_train" not in found.subjects.origin
    assert any("overwritten" in note for note in found.notes)


def test_data_overwritten_after_the_fit_with_the_same_width():
    """Same names, same columns, other rows: labels of another length show it."""
    found = look(
        RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"), "print(clf.score(X_test, y_test))",
        "X_train = X_train.head(50)",
    )  # fmt: skip

    assert found.subjects.X_train is None or any("overwritten" in note for note in found.notes)


def test_the_variable_x_is_used_again():
    """`X` is first the frame, then its scaled form, then split."""
    found = look(
        RAW, XY, "X = X.drop(columns='calls')\nX = StandardScaler().fit_transform(X)", SPLIT,
        FIT.format(X="X_train", y="y_train"), SCORE.format(X="X_test", y="y_test"),
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_train_valid_and_test():
    """Two splits; the model was looked at on both parts."""
    found = look(
        RAW, XY,
        "X_rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=.2, random_state=0)\n"
        "X_train, X_val, y_train, y_val = train_test_split(X_rest, y_rest, test_size=.25, random_state=0)",
        FIT.format(X="X_train", y="y_train"), SCORE.format(X="X_val", y="y_val"), SCORE.format(X="X_test", y="y_test"),
    )  # fmt: skip

    assert variables(found) == {
        **usual("clf", "X_train", "y_train", "X_test", "y_test"), "X_valid": "X_val", "y_valid": "y_val"
    }  # fmt: skip


def test_train_valid_and_test_without_speaking_names():
    """The place in the two splits tells which is which."""
    found = look(
        RAW, XY,
        "A, E, a, e = train_test_split(X, y, test_size=.2, random_state=0)\n"
        "B, D, b, d = train_test_split(A, a, test_size=.25, random_state=0)",
        FIT.format(X="B", y="b"), SCORE.format(X="D", y="d"), SCORE.format(X="E", y="e"),
    )  # fmt: skip

    assert variables(found) == {**usual("clf", "B", "b", "E", "e"), "X_valid": "D", "y_valid": "d"}


def test_a_rest_that_is_halved():
    """`X_tmp` is cut into validation and test."""
    found = look(
        RAW, XY,
        "X_train, X_tmp, y_train, y_tmp = train_test_split(X, y, test_size=.4, random_state=0)\n"
        "X_val, X_test, y_val, y_test = train_test_split(X_tmp, y_tmp, test_size=.5, random_state=0)",
        FIT.format(X="X_train", y="y_train"), SCORE.format(X="X_val", y="y_val"),
    )  # fmt: skip

    assert variables(found) == {
        **usual("clf", "X_train", "y_train", "X_test", "y_test"), "X_valid": "X_val", "y_valid": "y_val"
    }  # fmt: skip


def test_a_test_set_without_labels():
    """Kaggle: test.csv has no target, so the scored part stands for the test set."""
    found = look(
        RAW,
        "train, test = df.iloc[:180], df.iloc[180:].drop(columns=['churned', 'spent'])",
        "X = train.drop(columns=['churned', 'spent'])\ny = train['churned']\n"
        "X_train, X_val, y_train, y_val = train_test_split(X, y, random_state=0)",
        FIT.format(X="X_train", y="y_train"), SCORE.format(X="X_val", y="y_val"),
        "submission = pd.DataFrame({'id': test.index, 'churned': clf.predict(test)})",
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "X_val", "y_val")
    assert any("test was predicted" in note and "X_val" in note for note in found.notes)


def test_an_unlabelled_test_set_called_x_test():
    """No labels of its length are invented for it, even where some are about."""
    found = look(
        RAW,
        "train, X_test = df.iloc[:180], df.iloc[180:][['tenure', 'charges', 'calls']]",
        "X_train, X_val, y_train, y_val = train_test_split(train[['tenure', 'charges', 'calls']], train['churned'], random_state=0)",
        FIT.format(X="X_train", y="y_train"), SCORE.format(X="X_val", y="y_val"),
        "submission = clf.predict(X_test)",
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "X_val", "y_val")


def test_cross_validation_only():
    """No test set: what was cross-validated is the training set, and nothing else is claimed."""
    found = look(
        RAW, XY, "clf = LogisticRegression(max_iter=500)\nprint(cross_val_score(clf, X, y, cv=3).mean())",
        "clf.fit(X, y)",
    )  # fmt: skip

    assert variables(found) == {"model": "clf", "X_train": "X", "y_train": "y"}


def test_cross_validation_of_an_unfitted_model():
    """Never fitted by itself; the data is known all the same, so that the advice can be given."""
    found = look(RAW, XY, "clf = LogisticRegression(max_iter=500)\nprint(cross_val_score(clf, X, y, cv=3).mean())")

    assert variables(found) == {"model": "clf", "X_train": "X", "y_train": "y"}
    assert "not fitted" in found.notes[0]


def test_a_split_in_time_by_position():
    """`iloc` before and after a cut."""
    found = look(
        RAW, "cut = int(len(df) * .8)\npast, future = df.iloc[:cut], df.iloc[cut:]\ncols = ['tenure', 'charges', 'calls']",
        "clf = LogisticRegression(max_iter=500).fit(past[cols], past['churned'])",
        "print(accuracy_score(future['churned'], clf.predict(future[cols])))",
    )  # fmt: skip

    assert variables(found) == usual("clf", "past[cols]", "past['churned']", "future[cols]", "future['churned']")
    assert found.subjects.X_test.shape == (48, 3)


def test_a_split_by_a_mask():
    """`df[df.is_train]` in the calls themselves."""
    found = look(
        RAW, "df['is_train'] = rng.random(n) < .75\ncols = ['tenure', 'charges']",
        "clf = LogisticRegression().fit(df[df.is_train][cols], df[df.is_train]['churned'])",
        "print(f1_score(df[~df.is_train]['churned'], clf.predict(df[~df.is_train][cols])))",
    )  # fmt: skip

    assert found.subjects.X_train.equals(found.subjects.namespace["df"].query("is_train")[["tenure", "charges"]])
    assert found.subjects.X_test.equals(found.subjects.namespace["df"].query("~is_train")[["tenure", "charges"]])
    assert len(found.subjects.y_test) == len(found.subjects.X_test)


def test_a_split_by_a_comparison():
    """`df[df.year < 2020]` and `df.loc[mask, cols]`."""
    found = look(
        RAW, "df['year'] = rng.integers(2015, 2023, n)\ncols = ['tenure', 'charges']\nnew = df.year >= 2021",
        "clf = LogisticRegression().fit(df.loc[df['year'] < 2021, cols], df.loc[df['year'] < 2021, 'churned'])",
        "print(f1_score(df.loc[new, 'churned'], clf.predict(df.loc[new, cols])))",
    )  # fmt: skip

    frame = found.subjects.namespace["df"]
    assert found.subjects.X_train.equals(frame.loc[frame.year < 2021, ["tenure", "charges"]])
    assert found.subjects.X_test.equals(frame.loc[frame.year >= 2021, ["tenure", "charges"]])


def test_sample_and_drop():
    """`train = df.sample(...)`, `test = df.drop(train.index)`, with pop for the labels."""
    found = look(
        RAW, "df = df.drop(columns='spent')\ntrain = df.sample(frac=.8, random_state=0)\ntest = df.drop(train.index)",
        "train_labels = train.pop('churned')\ntest_labels = test.pop('churned')",
        FIT.format(X="train", y="train_labels"), SCORE.format(X="test", y="test_labels"),
    )  # fmt: skip

    assert variables(found) == usual("clf", "train", "train_labels", "test", "test_labels")


def test_labels_dropped_in_the_call():
    """`clf.fit(train.drop(columns='churned'), train.churned)`."""
    found = look(
        RAW, "df_train, df_test = train_test_split(df.drop(columns='spent'), random_state=0)",
        "clf = LogisticRegression(max_iter=500)\nclf.fit(df_train.drop(columns='churned'), df_train.churned)",
        "print(clf.score(df_test.drop('churned', axis=1), df_test['churned']))",
    )  # fmt: skip

    assert found.subjects.X_train.shape == (180, 3)
    assert found.subjects.X_test.shape == (60, 3)
    assert variables(found, "y_train", "y_test") == {"y_train": "df_train.churned", "y_test": "df_test['churned']"}


def test_what_a_k_fold_loop_leaves():
    """The last fold's parts stand in X_train and X_test; the model was fitted on them last."""
    found = look(
        RAW, XY,
        "scores = []\nfor tr, te in KFold(4, shuffle=True, random_state=0).split(X):\n"
        "    X_train, X_test = X.iloc[tr], X.iloc[te]\n    y_train, y_test = y.iloc[tr], y.iloc[te]\n"
        "    clf = LogisticRegression(max_iter=500).fit(X_train, y_train)\n"
        "    scores.append(accuracy_score(y_test, clf.predict(X_test)))",
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")
    assert found.subjects.X_test.shape == (60, 3)


def test_folds_then_a_fit_on_everything():
    """The folds only estimated; the model that is kept saw all rows, so the last fold is no test set."""
    found = look(
        RAW, XY,
        "for tr, te in KFold(4, shuffle=True, random_state=0).split(X):\n"
        "    X_tr, X_te, y_tr, y_te = X.iloc[tr], X.iloc[te], y.iloc[tr], y.iloc[te]\n"
        "    fold = LogisticRegression(max_iter=500).fit(X_tr, y_tr)\n    print(fold.score(X_te, y_te))",
        "final = LogisticRegression(max_iter=500).fit(X, y)\nimport pickle\nblob = pickle.dumps(final)",
    )  # fmt: skip

    assert variables(found, "model", "X_train", "y_train") == {"model": "final", "X_train": "X", "y_train": "y"}


def test_refitted_on_all_rows_for_release():
    """Score on the test set first, refit on everything after: both are known, and the order shows in the reasons."""
    found = look(
        RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"), SCORE.format(X="X_test", y="y_test"), "clf.fit(X, y)"
    )

    assert variables(found, "model", "X_test", "y_test") == {"model": "clf", "X_test": "X_test", "y_test": "y_test"}
    assert variables(found, "X_train", "y_train") == {"X_train": "X", "y_train": "y"}


def test_scored_on_the_training_set_too():
    """The training score comes last, and is no test."""
    found = look(
        RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"),
        "print(clf.score(X_test, y_test), clf.score(X_train, y_train))",
        "p_train = clf.predict(X_train)\nprint(classification_report(y_train, p_train))",
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_numpy_only():
    """Arrays cut by a permutation."""
    found = look(
        "import numpy as np\nfrom sklearn.linear_model import LogisticRegression\nrng = np.random.default_rng(0)",
        "data = rng.normal(size=(200, 4))\nlab = (data[:, 0] > 0).astype(int)\norder = rng.permutation(200)",
        "tr, te = order[:150], order[150:]",
        "clf = LogisticRegression().fit(data[tr], lab[tr])\nprint((clf.predict(data[te]) == lab[te]).mean())",
    )  # fmt: skip

    assert variables(found) == usual("clf", "data[tr]", "lab[tr]", "data[te]", "lab[te]")


def test_columns_of_one_matrix():
    """`M[:, :-1]` and `M[:, -1]`."""
    found = look(
        "import numpy as np\nfrom sklearn.linear_model import LogisticRegression\nrng = np.random.default_rng(0)",
        "M = rng.normal(size=(200, 4))\nM[:, -1] = M[:, 0] > 0\nfit_part, test_part = M[:150], M[150:]",
        "clf = LogisticRegression().fit(fit_part[:, :-1], fit_part[:, -1])",
        "print(clf.score(test_part[:, :-1], test_part[:, -1]))",
    )  # fmt: skip

    assert found.subjects.X_test.shape == (50, 3)
    assert found.subjects.y_test.shape == (50,)


def test_polars():
    """Frames and series of polars."""
    pytest.importorskip("polars")
    found = look(
        RAW, "import polars as pl\nframe = pl.DataFrame(df.to_dict('list'))\ncols = ['tenure', 'charges', 'calls']",
        "train, test = frame[:180], frame[180:]\nclf = LogisticRegression(max_iter=500)",
        "clf.fit(train.select(cols), train['churned'])\nprint(clf.score(test.select(cols), test['churned']))",
    )  # fmt: skip

    assert variables(found, "y_train", "y_test") == {"y_train": "train['churned']", "y_test": "test['churned']"}
    assert type(found.subjects.X_test).__module__.startswith("polars")
    assert found.subjects.X_test.shape == (60, 3)


def test_polars_expressions():
    """`train.drop(...)` and `train.get_column(...)`."""
    pytest.importorskip("polars")
    found = look(
        RAW, "import polars as pl\nframe = pl.DataFrame(df.to_dict('list')).with_row_index('row')",
        "train, test = frame.filter(pl.col('row') < 180), frame.filter(pl.col('row') >= 180)",
        "X_train, y_train = train.drop('row', 'churned', 'spent'), train.get_column('churned')\n"
        "X_test, y_test = test.drop('row', 'churned', 'spent'), test.get_column('churned')",
        "clf = LogisticRegression(max_iter=500).fit(X_train.to_numpy(), y_train.to_numpy())",
        "print(accuracy_score(y_test, clf.predict(X_test.to_numpy())))",
    )  # fmt: skip

    assert variables(found, "y_test") == {"y_test": "y_test"}
    assert found.subjects.X_train.shape == (180, 3)
    assert found.subjects.X_test.shape == (60, 3)


def test_a_half_whose_name_was_used_again():
    """`two` is another table by now: it is not the test part of the split any more."""
    found = look(RAW, XY, "one, two, a, b = train_test_split(X, y, random_state=0)", "two = rng.normal(size=(50, 1))")

    assert "X_test" not in found.subjects.origin


def test_a_split_of_another_story():
    """The last model was fitted on other rows than those that were split: their test part is not its own."""
    other = "A = rng.normal(size=(90, 3)); b = (A[:, 0] > 0).astype(int)\nlast = LogisticRegression().fit(A, b)\nlast.predict(A)"
    found = look(RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"), "del clf", other)

    assert variables(found) == {"model": "last", "X_train": "A", "y_train": "b"}


def test_no_cells_and_the_usual_names():
    """Only a namespace: names and widths decide."""
    first = look(RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"))
    found = discover(first.subjects.namespace, ())

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_no_cells_and_two_copies_asks():
    """Scaled and unscaled arrays of one width, neither scores better: the person decides."""
    first = look(
        RAW, XY, SPLIT,
        "X_test_a, X_test_b = X_test.to_numpy() * 1.0001, X_test.to_numpy() * .9999\ndel X_test",
        "clf = DecisionTreeClassifier(max_depth=1, random_state=0).fit(X_train.to_numpy(), y_train)",
    )  # fmt: skip
    found = discover(first.subjects.namespace, ())

    assert "X_test" not in found.subjects.origin
    assert asked(found)["X_test"] == {"X_test_a", "X_test_b"}


def test_no_model_but_a_split():
    """Before any model: the split is known already."""
    found = look(RAW, XY, SPLIT)

    assert variables(found) == {
        "X_train": "X_train", "y_train": "y_train", "X_test": "X_test", "y_test": "y_test"
    }  # fmt: skip


def test_two_splits_of_one_frame_and_the_model_saw_the_second():
    """The first split's test set was overwritten nowhere, but belongs to another model."""
    found = look(
        RAW, XY, SPLIT, "old = LogisticRegression(max_iter=500).fit(X_train, y_train)\nprint(old.score(X_test, y_test))",
        "U, V, u, v = train_test_split(X, y, test_size=.5, random_state=7)", FIT.format(X="U", y="u"), SCORE.format(X="V", y="v"),
    )  # fmt: skip

    assert variables(found) == usual("clf", "U", "u", "V", "v")


def test_predictions_in_a_column_of_the_test_frame():
    """`test['pred'] = clf.predict(test[cols])`, then a metric over two columns."""
    found = look(
        RAW, "cols = ['tenure', 'charges']\ntrain, test = train_test_split(df, random_state=0)\ntest = test.copy()",
        "clf = LogisticRegression().fit(train[cols], train['churned'])",
        "test['pred'] = clf.predict(test[cols])\nprint(f1_score(test['churned'], test['pred']))",
    )  # fmt: skip

    assert variables(found) == usual("clf", "train[cols]", "train['churned']", "test[cols]", "test['churned']")


def test_pieces_kept_in_a_dict():
    """`data['X_train']`."""
    found = look(
        RAW, XY, "data = {}\ndata['X_train'], data['X_test'], data['y_train'], data['y_test'] = train_test_split(X, y, random_state=0)",
        FIT.format(X="data['X_train']", y="data['y_train']"), SCORE.format(X="data['X_test']", y="data['y_test']"),
    )  # fmt: skip

    assert variables(found) == usual(
        "clf", "data['X_train']", "data['y_train']", "data['X_test']", "data['y_test']"
    )  # fmt: skip


def test_given_variables_win():
    """What the person chose counts, with its own reason; nothing is asked about it."""
    found = look(
        RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"), "other = X.tail(20)\nlab = y.tail(20)",
        overrides={"X_test": "other", "y_test": "lab"},
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "other", "lab")
    assert found.subjects.origin["X_test"].how == "given"


def test_none_means_none():
    """`use X_valid=none` drops it."""
    found = look(RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"), overrides={"X_test": "none", "y_test": "none"})

    assert found.subjects.X_test is None
    assert found.subjects.y_test is None


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"X_test": "X_tst"}, "Did you mean"),
        ({"model": "X_train"}, "no predict"),
        ({"task": "clustering"}, "binary"),
        ({"y_test": "np"}, "expected a table"),
        ({"sensitive_features": "gendr"}, "gendr"),
    ],
)
def test_what_is_not_there_is_said(overrides, words):
    """An override that leads nowhere names what is there and what to type."""
    with pytest.raises(SubjectNotFound, match=words) as error:
        look(RAW, XY, SPLIT, FIT.format(X="X_train", y="y_train"), overrides=overrides)
    assert "Hint: %mlready use" in str(error.value)
