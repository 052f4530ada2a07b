"""Columns that describe people: in the test set, in the raw frame, as dummies; and words that are none."""

import pytest

from mlready_nb.discovery.sensitive import attribute
from tests.discovery.notebook import RAW, look

PEOPLE = RAW + "\ndf['age'] = rng.integers(18, 80, n)\ndf['gender'] = rng.choice(['female', 'male'], n)"
FIT = "clf = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)\nprint(clf.score(X_test, y_test))"


def split(columns):
    """A split of these columns."""
    return f"X_train, X_test, y_train, y_test = train_test_split({columns}, df['churned'], random_state=0)"


def test_columns_of_the_test_set():
    """Numbers and categories alike, aligned with the test rows."""
    found = look(PEOPLE, "df['sex'] = (df['gender'] == 'male').astype(int)", split("df[['tenure', 'age', 'sex']]"), FIT)

    assert {"age", "sex"} <= set(found.subjects.sensitive_features)
    assert list(found.subjects.sensitive_features["age"]) == list(found.subjects.X_test["age"])


def test_recovered_from_the_raw_frame_by_index():
    """Dropped before the fit; the index leads back."""
    found = look(PEOPLE, split("df[['tenure', 'charges']]"), FIT)
    raw = found.subjects.namespace["df"]

    assert set(found.subjects.sensitive_features) == {"age", "gender"}
    assert list(found.subjects.sensitive_features["gender"]) == list(
        raw.loc[found.subjects.X_test.index, "gender"]
    )  # fmt: skip
    assert "matched by index" in found.subjects.origin["sensitive_features"].how


def test_recovered_behind_a_scaler():
    """The model took an array, which has no index; the frame it was made from has."""
    found = look(
        PEOPLE, split("df[['tenure', 'charges']]"),
        "sc = StandardScaler()\nA = sc.fit_transform(X_train)\nB = sc.transform(X_test)",
        "clf = LogisticRegression().fit(A, y_train)\nprint(clf.score(B, y_test))",
    )  # fmt: skip
    raw = found.subjects.namespace["df"]

    assert list(found.subjects.sensitive_features["gender"]) == list(
        raw.loc[found.subjects.namespace["X_test"].index, "gender"]
    )  # fmt: skip


def test_a_renumbered_index_is_not_matched():
    """After `reset_index` row 0 of the test set is not row 0 of the frame."""
    found = look(
        PEOPLE,
        split("df[['tenure', 'charges']]"),
        "X_test = X_test.reset_index(drop=True)\ny_test = y_test.reset_index(drop=True)",
        FIT,
    )

    assert not found.subjects.sensitive_features


def test_a_frame_of_other_people_is_not_matched():
    """An unrelated frame with a longer index is no source."""
    found = look(
        PEOPLE, "staff = pd.DataFrame({'religion': rng.choice(['a', 'b'], 500), 'wage': rng.normal(size=500)})",
        split("df[['tenure', 'charges']]"), FIT,
    )  # fmt: skip

    assert set(found.subjects.sensitive_features) == {"age", "gender"}


def test_put_together_from_dummies():
    """`gender_male` and `gender_female` are one column of people."""
    found = look(PEOPLE, "D = pd.get_dummies(df[['tenure', 'charges', 'gender']])", split("D"), FIT)

    values = found.subjects.sensitive_features["gender"]
    assert set(values) == {"female", "male"}
    assert list(values == "male") == list(found.subjects.X_test["gender_male"])


def test_put_together_from_dummies_with_the_first_dropped():
    """`gender_male` alone says two groups."""
    found = look(
        PEOPLE, "D = pd.get_dummies(df[['tenure', 'gender']], drop_first=True)\ndel df['gender']", split("D"), FIT
    )

    values = found.subjects.sensitive_features["gender"]
    assert len(set(values)) == 2
    assert list(values == "male") == list(found.subjects.X_test["gender_male"])


def test_dummies_behind_a_transformers_prefix():
    """`cat__gender_male` from a ColumnTransformer with frame output."""
    found = look(
        PEOPLE, "from sklearn.compose import make_column_transformer\nfrom sklearn.preprocessing import OneHotEncoder",
        split("df[['tenure', 'gender']]"),
        "ct = make_column_transformer((OneHotEncoder(sparse_output=False), ['gender']), remainder='passthrough').set_output(transform='pandas')\n"
        "P, Q = ct.fit_transform(X_train), ct.transform(X_test)\ndel df['gender'], X_train['gender'], X_test['gender']",
        "clf = LogisticRegression(max_iter=500).fit(P, y_train)\nprint(clf.score(Q, y_test))",
    )  # fmt: skip

    assert set(found.subjects.sensitive_features["gender"]) == {"female", "male"}


def test_names_that_were_asked_for():
    """`use sensitive=...` takes any column, of the test set or of the raw frame."""
    found = look(PEOPLE, split("df[['tenure', 'charges']]"), FIT, overrides={"sensitive_features": "tenure, gender"})

    assert list(found.subjects.sensitive_features) == ["tenure", "gender"]


def test_columns_of_the_configuration_always_count():
    """`sensitive = ["calls"]` adds a column that no name gives away."""
    found = look(PEOPLE, split("df[['tenure', 'calls', 'age']]"), FIT, sensitive=("calls",))

    assert {"calls", "age", "gender"} == set(found.subjects.sensitive_features)


def test_none_switches_it_off():
    """`use sensitive=none`."""
    found = look(PEOPLE, split("df[['tenure', 'age']]"), FIT, overrides={"sensitive_features": "none"})

    assert not found.subjects.sensitive_features


def test_polars_columns():
    """A polars test set gives its own columns."""
    pytest.importorskip("polars")
    found = look(
        PEOPLE, "import polars as pl\nframe = pl.DataFrame(df[['tenure', 'age', 'churned']].to_dict('list'))",
        "X_train, X_test = frame[:180].drop('churned'), frame[180:].drop('churned')\ny_train, y_test = frame[:180]['churned'], frame[180:]['churned']",
        FIT,
    )  # fmt: skip

    assert list(found.subjects.sensitive_features) == ["age"]


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("sex", "sex"), ("Gender", "sex"), ("applicant_gender", "sex"), ("is_female", "sex"), ("Geschlecht", "sex"), ("sexo", "sex"),
        ("genero", "sex"), ("género", "sex"), ("race", "race"), ("Race_Ethnicity", "race"), ("age", "age"), ("AgeGroup", "age"), ("idade", "age"),
        ("age_years", "age"), ("Alter", "age"), ("native-country", "origin"), ("foreign_worker", "origin"), ("marital-status", "marital status"),
        ("religion", "religion"), ("disability_status", "disability"), ("SEX", "sex"), ("RIDAGEYR_age", "age"), ("personal_status", "marital status"),
    ],
)  # fmt: skip
def test_words_that_speak_of_people(name, meaning):
    """Whole words, in the languages that data comes in."""
    assert attribute(name) == meaning


@pytest.mark.parametrize(
    "name",
    ["message", "average", "passage", "mileage", "page_views", "stage", "package", "usage", "race_time", "horse_race", "trace",
     "house_age", "car_age", "HouseAge", "account_age_days", "wage", "language", "image_id", "sextant", "essex", "voltage", "percentage",
     "agent", "engagement", "cabin", "Embarked", "mean_age_of_building", "genre_music", "female_ratio"],
)  # fmt: skip
def test_words_that_do_not(name):
    """Words that hold others, and ages of things."""
    assert attribute(name) is None
