"""The statement that a witness of objects speaks of."""

import textwrap

from mlready_nb.finding import Strength
from mlready_nb.leakage.evidence import Evidence, Kind, Witness
from mlready_nb.leakage.places import guilty, place_of, scored_after_fit, split_of
from mlready_nb.subjects import Cell


def cells(*sources):
    return tuple(Cell(number=i, source=textwrap.dedent(s).strip("\n")) for i, s in enumerate(sources, 1))


def said(kind, *variables, witness=Witness.VALUES):
    return Evidence(kind=kind, witness=witness, message="x", strength=Strength.PROVEN, variables=variables)


def spot(place):
    return (place.cell, place.line) if place else None


SCALED = cells(
    "import pandas as pd",
    """
    df = pd.read_csv("a.csv")
    X, y = df.drop(columns="y"), df["y"]
    """,
    """
    scaler = StandardScaler()
    X_scaled = scaler.fit_transform(X)
    X_train, X_test, y_train, y_test = train_test_split(X_scaled, y)
    """,
    "model.fit(X_train, y_train)",
)


def test_where_a_name_was_fitted():
    """The fit wins over the assignment, the assignment over nothing."""
    assert spot(place_of(SCALED, "scaler")) == (3, 2)
    assert spot(place_of(SCALED, "X")) == (2, 2)
    assert place_of(SCALED, "nobody") is None
    assert spot(split_of(SCALED, ["X_train", "X_test"])) == (3, 3)


def test_tables_alone_lead_back_to_the_statement():
    """From the model's tables back through the split to what may have scaled them."""
    assert spot(guilty(SCALED, said(Kind.PREPROCESSING, "X_train", "X_test"))) == (3, 2)


def test_in_place_and_through_functions():
    """Filled in place; encoded in a function of the notebook; chosen in a loop."""
    filled = cells(
        """
        df["age"].fillna(df["age"].mean(), inplace=True)
        train, test = train_test_split(df)
        """,
    )
    assert spot(guilty(filled, said(Kind.IMPUTATION, "train[cols]", "test[cols]"))) == (1, 1)
    encoded = cells(
        """
        def encode(frame):
            return frame.assign(c=frame["city"].map(frame.groupby("city")["y"].mean()))
        """,
        "df = encode(df)\nprint(df)\ntrain, test = train_test_split(df)",
    )
    assert spot(guilty(encoded, said(Kind.TARGET_ENCODING, "train", "test"))) == (2, 1)
    chosen = cells(
        """
        good = []
        for c in d.columns:
            rho = np.corrcoef(d[c], d["y"])[0, 1]
            if abs(rho) > 0.1:
                good.append(c)
        a, b, ya, yb = train_test_split(d[good], d["y"])
        """,
    )
    assert spot(guilty(chosen, said(Kind.FEATURE_SELECTION, "d", "a", "b"))) == (1, 3)


def test_nothing_that_can_have_done_it():
    """Loaded, split, modelled: no statement scales."""
    plain = cells("X, y = load()\nX_train, X_test, y_train, y_test = train_test_split(X, y)")
    assert guilty(plain, said(Kind.PREPROCESSING, "X_train", "X_test")) is None


def test_score_then_refit_is_told_from_refit_then_score():
    """The order of the last fit and the last look."""
    honest = cells("m.fit(X_train, y_train)\nprint(m.score(X_test, y_test))\nm.fit(X, y)")
    guilty_one = cells("m.fit(X_train, y_train)\nm.fit(X, y)\nprint(m.score(X_test, y_test))")
    assert scored_after_fit(honest, "m", "X_test") is False
    assert scored_after_fit(guilty_one, "m", "X_test") is True
    assert scored_after_fit(cells("pass"), "m", "X_test") is None


def test_cells_that_are_no_python():
    """Magics, shell lines and broken cells are passed over, and lines stay true."""
    odd = cells(
        "%matplotlib inline\n!pip list\nX = scaler.fit_transform(X)", "def broken(:", "a, b = train_test_split(X)"
    )
    assert spot(guilty(odd, said(Kind.PREPROCESSING, "a", "b"))) == (1, 3)


def test_a_fit_after_the_split_on_the_training_rows_is_not_guilty():
    """What cannot have touched the test rows is not named for what came with the data."""
    honest = cells(
        """
        df = pd.read_csv("published.csv")
        X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
        """,
        """
        sc = StandardScaler()
        X_train["amount"] = sc.fit_transform(X_train[["amount"]])
        X_test["amount"] = sc.transform(X_test[["amount"]])
        """,
    )
    assert guilty(honest, said(Kind.PREPROCESSING, "X_train", "X_test")) is None
    joined = cells(
        "X_train, X_test = train_test_split(df)",
        "both = scale(pd.concat([X_train, X_test]))\nX_train, X_test = both[:90], both[90:]",
    )
    assert spot(guilty(joined, said(Kind.PREPROCESSING, "X_train", "X_test"))) == (2, 1)
    called = cells(
        "X, y = load()\nX_train, X_test, y_train, y_test = train_test_split(X, y)",
        "Z_train, Z_test = [PCA(3).fit(X).transform(part) for part in (X_train, X_test)]",
    )
    assert spot(guilty(called, said(Kind.PREPROCESSING, "Z_train", "Z_test"))) == (2, 1)


def test_masks_and_folds_part_the_rows():
    """Without a call that splits: the first statement on the way to one side alone; for folds, the loop."""
    masked = (Cell(number=1, source="df = load()\nkeep = rng.random(9) < 0.5\na = df.loc[keep]\nb = df.loc[~keep]"),)
    assert split_of(masked, ("a", "b")).line == 3
    folded = (Cell(number=1, source="X = load()\nfor tr, te in kf.split(X):\n    m.fit(X[tr])"),)
    assert split_of(folded, ("X[tr]", "X[te]")).line == 2
