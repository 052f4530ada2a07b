"""Names: identifiers, moments, traits, kinds."""

import pytest

from mlready_nb.leakage.rows import words


@pytest.mark.parametrize(
    "name", ["patient_id", "userId", "customer_number", "unit_number", "SUBJECT", "pid", "id", "loan_id", "groups"]
)
def test_identifiers_are_read(name):
    """Names of things that can occur in many rows."""
    assert words.entity(name)


@pytest.mark.parametrize(
    "name",
    [
        "age",
        "n_patients",
        "patient_age",
        "unit_price",
        "household_size",
        "product_id",
        "store_id",
        "zipcode",
        "idea",
        "valid",
        "paid",
    ],
)
def test_quantities_and_kinds_are_no_identifiers(name):
    """Numbers of things, and kinds of things that a model meets again."""
    assert not words.entity(name)


@pytest.mark.parametrize("name", ["date", "timestamp", "invoiceDate", "created_at", "pickup_datetime", "YrSold", "t"])
def test_moments_are_read(name):
    """Times of an observation."""
    assert words.moment(name)


@pytest.mark.parametrize(
    "name", ["birth_date", "dob", "signup_date", "year_built", "hire_date", "candidate", "update", "price"]
)
def test_traits_and_lookalikes_are_no_moments(name):
    """Times that belong to the thing itself, and words that only end like one."""
    assert not words.moment(name)
