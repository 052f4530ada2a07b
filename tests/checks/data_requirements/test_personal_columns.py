"""Columns of people in the training data: by name, by value; the twin without them; an array."""

import numpy as np
import pandas as pd
import pytest

from mlready_nb.finding import Outcome
from mlready_nb.testing import find
from tests.checks.planted import numbers
from tests.privacy.test_personal import luhn

N = 300
CLEAN = numbers(N).assign(
    name=[f"Model {i} turbo" for i in range(N)],
    zip=[f"{i:05}" for i in range(N)],
    order=[4532015127739124 + i for i in range(N)],
)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("contact", [f"maria{i}@posteo.de" for i in range(N)]),
        ("first_name", ["Maria", "Jo", "Li"] * (N // 3)),
        ("card_no", [int(luhn(f"453201512{i:06}")) for i in range(N)]),
        ("telephone", [f"+49 30 9018 {2000 + i}" for i in range(N)]),
    ],
)
def test_a_column_of_people_warns_and_is_named(name, values):
    """One column beside clean ones; no value is shown."""
    finding = find("personal-columns", X_train=CLEAN.assign(**{name: values}))

    assert finding.outcome is Outcome.WARN
    assert finding.measured["columns"] == 1
    assert name in finding.message
    assert name in finding.remedy
    assert str(values[1]) not in str(finding.to_json()) or name == "first_name"


def test_things_and_numbers_are_quiet():
    """Names of models, zip codes, order numbers; hashes under a telling name; empty columns."""
    quiet = CLEAN.assign(email=[f"{i:032x}" for i in range(N)], phone=[None] * N)

    assert find("personal-columns", X_train=quiet).outcome is Outcome.PASS
    assert find("personal-columns", X_train=CLEAN.head(0)).outcome in (Outcome.PASS, Outcome.NOT_RUN)


def test_an_array_has_no_names_and_no_data_no_verdict():
    """It says so."""
    assert find("personal-columns", X_train=np.zeros((5, 2))).outcome is Outcome.NOT_APPLICABLE
    assert find("personal-columns").outcome is Outcome.NOT_RUN
    assert isinstance(CLEAN, pd.DataFrame)
