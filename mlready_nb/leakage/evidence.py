"""What one witness of leakage says, before the witnesses are heard together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mlready_nb.finding import Measure, Place, Strength, Table


class Kind(StrEnum):
    """The kinds of leakage (Kapoor & Narayanan 2023, Yang et al. 2022)."""

    NO_TEST_SET = "no_test_set"
    PREPROCESSING = "preprocessing"
    IMPUTATION = "imputation"
    FEATURE_SELECTION = "feature_selection"
    TARGET_ENCODING = "target_encoding"
    OVERSAMPLING = "oversampling"
    DUPLICATES = "duplicates"
    OVERLAP = "overlap"
    TARGET_PROXY = "target_proxy"
    TEMPORAL = "temporal"
    GROUP = "group"
    SAMPLING_BIAS = "sampling_bias"
    MULTI_TEST = "multi_test"
    EARLY_STOPPING = "early_stopping"


class Witness(StrEnum):
    """Who says it."""

    CELLS = "cells"
    ROWS = "rows"
    REFIT = "refit"
    VALUES = "values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fault, as one witness saw it."""

    kind: Kind
    witness: Witness
    #: one sentence with the number or the statement: becomes the finding's message
    message: str
    strength: Strength
    #: the guilty statement; `None` when the witness saw objects only
    place: Place | None = None
    #: where the data were split, where known
    split: Place | None = None
    #: names in the notebook that it hangs on (transformers, frames): witnesses that share one speak of the same place
    variables: tuple[str, ...] = ()
    #: columns that it hangs on
    columns: tuple[str, ...] = ()
    measured: Mapping[str, Measure] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    #: code that mends it, with the notebook's own names
    remedy: str | None = None
    #: the chance of seeing this without the fault, where it was computed
    by_chance: float | None = None
    #: True when it is too small to move the score, so that it warns instead of failing
    minor: bool = False
    #: it says that rows are missing from the test set: where none are, it is wrong
    removes: bool = False
