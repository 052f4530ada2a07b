"""Every planted fault is found under its kind, and its clean twin stays quiet."""

import numpy as np
import pytest
from rows_honest import HONEST
from rows_zoo import ZOO

SCENARIOS = [(kind, scenario) for kind, scenarios in ZOO.items() for scenario in scenarios]
NAMES = [scenario.__name__ for _, scenario in SCENARIOS]


@pytest.mark.parametrize(("kind", "scenario"), SCENARIOS, ids=NAMES)
def test_the_planted_fault_is_found(kind, scenario):
    """The planted fault is found, and nothing else is said beside it."""
    assert scenario(np.random.default_rng(7), True).kinds() == [kind]


@pytest.mark.parametrize(("kind", "scenario"), SCENARIOS, ids=NAMES)
def test_the_clean_twin_is_quiet(kind, scenario):
    """The twin without the fault gives no evidence of any kind."""
    assert scenario(np.random.default_rng(7), False).kinds() == []


@pytest.mark.parametrize("scenario", HONEST, ids=[s.__name__ for s in HONEST])
def test_honest_splits_that_look_suspicious_are_quiet(scenario):
    """No evidence for traits of birth, categories, natural repeats, resampling after the split..."""
    assert scenario(np.random.default_rng(7)).kinds() == []
