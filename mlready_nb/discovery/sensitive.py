"""Columns that describe people: by name, recovered from the raw frame by index, or put together from dummies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlready_nb import frames

#: word -> the attribute it names; whole words only (`average`, `passage` and `message` hold "age")
WORDS = {
    **dict.fromkeys(
        ("sex", "gender", "geschlecht", "sexe", "sexo", "genre", "genero", "isfemale", "ismale", "female", "male"),
        "sex",
    ),
    **dict.fromkeys(("race", "ethnicity", "ethnic", "ethnie", "etnia", "raza", "ethnicgroup", "skin"), "race"),
    **dict.fromkeys(("age", "alter", "edad", "agegroup", "ageband", "agecat", "birthyear", "dob"), "age"),
    **dict.fromkeys(("religion", "religious", "faith"), "religion"),
    **dict.fromkeys(("disability", "disabled", "handicap", "behinderung"), "disability"),
    **dict.fromkeys(
        ("nationality", "citizenship", "nativecountry", "birthcountry", "foreign", "foreignworker", "immigrant"),
        "origin",
    ),
    **dict.fromkeys(("maritalstatus", "marital", "married", "familienstand", "personalstatus"), "marital status"),
    **dict.fromkeys(("pregnant", "pregnancy", "sexualorientation", "veteran"), "other"),
}
#: words beside which the word above means something else
_OTHER = frozenset(
    {"content", "offender", "abuse", "time", "condition", "track", "car", "house", "building", "account", "vehicle", "company",
     "device", "page", "tenure", "employment", "property", "policy", "customer_age_days", "listing", "domain", "mean", "avg",
     "loan", "credit", "claim", "machine", "battery", "tree", "stand", "pipe", "wine", "ratio", "rate", "count", "pct", "percent"}
)  # fmt: skip


def attribute(name: str) -> str | None:
    """The protected attribute that a column's name speaks of, or `None`."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", str(name)).lower()
    words = [w for w in re.split(r"[^a-zà-ÿ]+", spaced) if w]
    if not words or set(words) & _OTHER:
        return None
    joined = "".join(words)
    if joined in WORDS:
        return WORDS[joined]
    pairs = ["".join(p) for p in zip(words, words[1:], strict=False)]
    for word in (*pairs, *words):
        if word in WORDS and (len(words) <= 3 or word in pairs):
            return WORDS[word]
    return None


def find(
    namespace: Mapping[str, Any], X_test: Any, names: Sequence[str] = ()
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """(column -> values aligned with X_test, column -> how it was found, names that are nowhere).

    Parameters
    ----------
    names
        Columns asked for by name; without them, all whose name speaks of a protected attribute.
    """
    found: dict[str, Any] = {}
    how: dict[str, str] = {}
    if X_test is None:
        return found, how, list(names)
    if frames.is_frame(X_test):
        columns = frames.column_names(X_test)
        for name in columns if not names else [n for n in names if n in columns]:
            if names or (attribute(name) is not None and _dummy_of(name, columns) is None):
                found[name], how[name] = frames.column(X_test, name), f"the column {name!r} of the test set"
        for base, members in _dummies(columns, names).items():
            if base not in found:
                found[base], how[base] = (
                    _undummied(X_test, base, members),
                    f"put together from {', '.join(members[:3])}",
                )
    wanted = [n for n in names if n not in found]
    if not names or wanted:
        for source, raw in _raw_frames(namespace, X_test):
            for name in frames.column_names(raw):
                fits = name in wanted if names else attribute(name) is not None
                taken = {attribute(n) for n in found} if not names else set()
                if not fits or name in found or attribute(name) in taken - {None, "other"}:
                    continue
                values = _by_index(raw, X_test, name)
                if values is not None:
                    found[name], how[name] = values, f"{source}[{name!r}], matched by index"
    for name in [n for n in names if n not in found]:
        value = namespace.get(name)
        if value is not None and _length(value) == frames.n_rows(X_test) and not isinstance(value, str):
            found[name], how[name] = frames.labels(value), f"the variable {name}"
    return found, how, [n for n in names if n not in found]


def _dummy_of(name: str, columns: Sequence[str]) -> str | None:
    base, cut, _ = name.rpartition("_")
    if not cut or attribute(base) is None:
        return None
    return base if sum(c.startswith(f"{base}_") for c in columns) >= 1 and attribute(name) is not None else None


def _dummies(columns: Sequence[str], names: Sequence[str]) -> dict[str, list[str]]:
    """`sex_male`, `sex_female` -> sex; prefixes of transformers (`cat__`) are looked through."""
    groups: dict[str, list[str]] = {}
    for column in columns:
        bare = column.rpartition("__")[2]
        parts = bare.split("_")
        for cut in range(len(parts) - 1, 0, -1):
            base = "_".join(parts[:cut])
            if (base in names) if names else attribute(base) is not None:
                groups.setdefault(base, []).append(column)
                break
    return groups


def _undummied(X: Any, base: str, members: list[str]) -> Any:
    columns = [np.asarray(frames.column(X, m)) for m in members]
    if any(c.dtype.kind not in "biuf" or not np.isin(c, (0, 1)).all() for c in columns):
        return columns[0]
    labels = [m.rpartition("__")[2][len(base) + 1 :] for m in members]
    matrix = np.column_stack(columns).astype(bool)
    values = np.array([*labels, "other" if len(members) > 1 else f"not {labels[0]}"], dtype=object)
    return values[np.where(matrix.any(axis=1), matrix.argmax(axis=1), len(members))]


def _raw_frames(namespace: Mapping[str, Any], X_test: Any) -> list[tuple[str, Any]]:
    """Larger pandas frames whose index holds the test set's, the smallest first."""
    if frames.row_ids(X_test) is None:
        return []
    found = []
    for name, value in namespace.items():
        if (
            name.startswith("_")
            or value is X_test
            or type(value).__name__ != "DataFrame"
            or not hasattr(value, "index")
        ):
            continue
        try:
            if len(value) >= len(X_test) and value.index.is_unique and X_test.index.isin(value.index).all():
                found.append((len(value), name, value))
        except Exception:  # noqa: S112  (a frame of another library with an index of its own)
            continue
    return [(name, value) for _, name, value in sorted(found, key=lambda f: f[0])]


def _by_index(raw: Any, X_test: Any, name: str) -> Any:
    """The raw frame's column for the test rows, where a column that both have agrees: the index was not renumbered."""
    common = [c for c in frames.column_names(X_test) if c in frames.column_names(raw)]
    rows = raw.index.get_indexer(X_test.index)
    agreeing = 0
    for column in common[:20]:
        a, b = frames.column(X_test, column), frames.column(raw, column)[rows]
        if a.dtype.kind != b.dtype.kind:
            continue
        gaps = frames.missing_mask(a) | frames.missing_mask(b)
        same = np.asarray(a[~gaps] == b[~gaps])
        if len(same) and same.mean() > 0.99 and len(np.unique(a[~gaps].astype(str)[:500])) > 2:
            agreeing += 1
    if not agreeing and not (len(raw) > len(X_test) and not _counted(X_test)):
        return None
    return frames.column(raw, name)[rows]


def _counted(X_test: Any) -> bool:
    ids = np.sort(np.asarray(X_test.index))
    return ids.dtype.kind in "iu" and len(ids) > 0 and int(ids[0]) == 0 and int(ids[-1]) == len(ids) - 1


def _length(value: Any) -> int:
    try:
        return len(value)
    except TypeError:
        return -1
