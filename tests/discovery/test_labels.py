"""Labels in every form, and the task they mean."""

import pytest

from mlready_nb.discovery import discover
from tests.discovery.notebook import RAW, SPLIT, XY, look, usual, variables


@pytest.mark.parametrize(
    "form",
    [
        "df['churned']",
        "df['churned'].to_numpy()",
        "df[['churned']]",
        "df['churned'].tolist()",
        "df[['churned']].values",
    ],
)
def test_labels_of_any_form(form):
    """Series, array, one-column frame, list."""
    found = look(
        RAW, f"X, y = df[['tenure', 'charges', 'calls']], {form}", SPLIT,
        "clf = LogisticRegression(max_iter=500).fit(X_train, np.ravel(y_train))",
        "print(accuracy_score(y_test, clf.predict(X_test)))",
    )  # fmt: skip

    assert variables(found, "model", "X_train", "X_test", "y_test") == {
        "model": "clf", "X_train": "X_train", "X_test": "X_test", "y_test": "y_test"
    }  # fmt: skip
    assert len(found.subjects.y_train) == 180
    assert found.subjects.task == "binary"
    assert found.subjects.class_names == (0, 1)


def test_dummies_as_labels():
    """One column a class: the argmax is compared, the dummies are the labels."""
    found = look(
        RAW, "X = df[['tenure', 'charges', 'calls']]\nY = pd.get_dummies(pd.cut(df['spent'], 3, labels=['low', 'mid', 'high']))",
        "X_train, X_test, Y_train, Y_test = train_test_split(X, Y, random_state=0)",
        "tree = DecisionTreeClassifier(max_depth=4)\ntree.fit(X_train, Y_train.values.argmax(axis=1))",
        "print(accuracy_score(Y_test.values.argmax(axis=1), tree.predict(X_test)))",
    )  # fmt: skip

    assert variables(found, "X_train", "X_test") == {"X_train": "X_train", "X_test": "X_test"}
    assert found.subjects.task == "multiclass"
    assert len(found.subjects.y_test) == 60


def test_encoded_beside_not_encoded():
    """The model knows 0 and 1; `y_train` still holds words."""
    found = look(
        RAW, "X, y = df[['tenure', 'charges']], df['churned'].map({0: 'stays', 1: 'leaves'})", SPLIT,
        "le = LabelEncoder()\ny_train_enc = le.fit_transform(y_train)\ny_test_enc = le.transform(y_test)",
        "clf = LogisticRegression().fit(X_train, y_train_enc)\nprint(f1_score(y_test_enc, clf.predict(X_test)))",
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train_enc", "X_test", "y_test_enc")


def test_encoded_and_never_scored():
    """The labels of the test set are the ones in the model's own classes."""
    found = look(
        RAW, "X, y = df[['tenure', 'charges']], df['churned'].map({0: 'stays', 1: 'leaves'})", SPLIT,
        "le = LabelEncoder()\ny_train_enc = le.fit_transform(y_train)\ny_test_enc = le.transform(y_test)",
        "clf = LogisticRegression().fit(X_train, y_train_enc)",
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train_enc", "X_test", "y_test_enc")


def test_words_as_classes():
    """Binary with strings, in the order of `predict_proba`."""
    found = look(
        RAW, "X, y = df[['tenure', 'charges']], df['churned'].map({0: 'stays', 1: 'leaves'})", SPLIT,
        "clf = LogisticRegression().fit(X_train, y_train)",
    )  # fmt: skip

    assert found.subjects.task == "binary"
    assert found.subjects.class_names == ("leaves", "stays")


def test_whole_numbers_can_be_a_regression():
    """A regressor on counts stays a regression."""
    found = look(
        RAW, "X, y = df[['tenure', 'charges']], df['calls']", SPLIT, "reg = RandomForestRegressor(5).fit(X_train, y_train)",
        "print(mean_squared_error(y_test, reg.predict(X_test)))",
    )  # fmt: skip

    assert variables(found) == usual("reg", "X_train", "y_train", "X_test", "y_test")
    assert found.subjects.task == "regression"
    assert found.subjects.class_names is None


def test_several_labels_a_row():
    """Indicators that are not one-hot: multi-label."""
    found = look(
        RAW, "X = df[['tenure', 'charges', 'calls']]\nY = pd.DataFrame({'late': df.charges > 70, 'angry': df.calls > 2}).astype(int)",
        "X_train, X_test, Y_train, Y_test = train_test_split(X, Y, random_state=0)",
        "forest = RandomForestClassifier(5, random_state=0).fit(X_train, Y_train)",
        "print(f1_score(Y_test, forest.predict(X_test), average='macro'))",
    )  # fmt: skip

    assert variables(found) == usual("forest", "X_train", "Y_train", "X_test", "Y_test")
    assert found.subjects.task == "multilabel"


def test_predictions_are_no_labels():
    """`y_test_pred` and `y_proba` have the length of the labels, and are none."""
    found = look(
        RAW, XY, SPLIT, "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)",
        "y_test_pred = clf.predict(X_test)\ny_proba = clf.predict_proba(X_test)[:, 1]\ny_train_pred = clf.predict(X_train)",
    )  # fmt: skip

    assert variables(found) == usual("clf", "X_train", "y_train", "X_test", "y_test")


def test_predictions_are_no_labels_without_cells():
    """The same from the namespace alone: a copy that equals what the model says is a prediction."""
    first = look(
        RAW, XY, SPLIT, "clf = LogisticRegression(max_iter=500).fit(X_train, y_train)",
        "y_test_hat = clf.predict(X_test)\nlabels_test = y_test\ndel y_test",
    )  # fmt: skip
    found = discover(first.subjects.namespace, ())

    assert variables(found, "y_test") in ({"y_test": "labels_test"}, {})


def test_a_log_transformed_target():
    """Fitted on the logarithm; the metric compares what was turned back."""
    found = look(
        RAW, "X, y = df[['tenure', 'charges']], df['spent'].clip(1)", SPLIT,
        "y_train_log = np.log1p(y_train)\nreg = Ridge().fit(X_train, y_train_log)",
        "pred = np.expm1(reg.predict(X_test))\nprint(mean_squared_error(y_test, pred))",
    )  # fmt: skip

    assert variables(found, "model", "X_train", "y_train", "X_test") == {
        "model": "reg", "X_train": "X_train", "y_train": "y_train_log", "X_test": "X_test"
    }  # fmt: skip
