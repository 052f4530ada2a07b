"""Columns that describe people: by name, recovered from the raw frame by index, or put together from dummies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from mlready_nb import frames

#: word -> the attribute it names; whole words only (`average`, `passage` and `message` hold "age")
WORDS = {
    **dict.fromkeys(
        (
            "sex",
            "gender",
            "geschlecht",
            "sexe",
            "sexo",
            "genre",
            "genero",
            "geslacht",
            "kjonn",
            "isfemale",
            "ismale",
            "female",
            "male",
        ),
        "sex",
    ),
    **dict.fromkeys(("race", "ethnicity", "ethnic", "ethnie", "etnia", "raza", "raca", "ethnicgroup", "skin"), "race"),
    **dict.fromkeys(
        ("age", "alter", "edad", "idade", "leeftijd", "alder", "agegroup", "ageband", "agecat", "birthyear", "dob"),
        "age",
    ),
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
     "loan", "credit", "claim", "machine", "battery", "tree", "stand", "pipe", "wine", "ratio", "rate", "count", "pct", "percent", "horse", "music", "film", "movie", "book", "game"}
)  # fmt: skip


#: A sex, race or religion with more distinct values than this is something else.
MOST_GROUPS = 30
#: How surprising it must be that values agree by chance.
BITS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """What else is known of the test rows."""

    #: (expression, value) of what the test set was made from
    aligned: Sequence[tuple[str, Any]] = ()
    #: (expression, value) of what was handed over as sensitive in a call
    given: Sequence[tuple[str, Any]] = ()
    labels: Any = None
    #: variables that the test set was cut from
    lineage: frozenset[str] = frozenset()


@lru_cache(maxsize=8192)
def attribute(name: str) -> str | None:
    """The protected attribute that a column's name speaks of, or `None`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", str(name)) if not unicodedata.combining(c))
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", plain).lower()
    words = [w for w in re.split(r"[^a-z]+", spaced) if w]
    if not words or set(words) & _OTHER:
        return None
    joined = "".join(words)
    if joined in WORDS:
        return WORDS[joined]
    pairs = ["".join(p) for p in pairwise(words)]
    for word in (*pairs, *words):
        if word in WORDS and (len(words) <= 3 or word in pairs):
            return WORDS[word]
    return None


def find(
    namespace: Mapping[str, Any], X_test: Any, names: Sequence[str] = (), kin: Kin | None = None
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """(column -> values aligned with X_test, column -> how it was found, names that are nowhere).

    Parameters
    ----------
    names
        Columns asked for by name; without them, all whose name speaks of a protected attribute.
    kin
        What else is known of the test rows.
    """
    found: dict[str, Any] = {}
    how: dict[str, str] = {}
    if X_test is None:
        return found, how, list(names)
    kin = kin or Kin()
    rows = frames.n_rows(X_test)
    same = [(n, v) for n, v in kin.aligned if frames.is_frame(v) and _length(v) == rows]
    if frames.is_frame(X_test):
        same.insert(0, ("the test set", X_test))
    for source, value in kin.given if not names else ():
        if _length(value) == rows and not isinstance(value, (str, dict)):
            for name in frames.column_names(value) if frames.is_frame(value) else (source,):
                found[name] = frames.column(value, name) if frames.is_frame(value) else frames.labels(value)
                how[name] = f"handed over as sensitive_features={source}"
    for source, frame in same:
        for name, values, why in _own(source, frame, names):
            if name not in found and (names or not _known(name, found)):
                found[name], how[name] = values, why
    if not names or any(n not in found for n in names):

        def lacking(name: str) -> bool:
            if name in found:
                return False
            return name in names if names else attribute(name) is not None and not _known(name, found)

        for source, raw, at in raw_frames(namespace, X_test, kin, lacking):
            for name in filter(lacking, frames.column_names(raw)):
                values = frames.column(raw, name)[at]
                if names or plausible(name, values):
                    found[name], how[name] = values, f"{source}[{name!r}], matched by index"
    for name in [n for n in names if n not in found]:
        value = namespace.get(name)
        if value is not None and _length(value) == rows and not isinstance(value, str):
            found[name], how[name] = frames.labels(value), f"the variable {name}"
    return found, how, [n for n in names if n not in found]


def _known(name: str, found: Mapping[str, Any]) -> bool:
    """True when another column of the same attribute was found already."""
    return attribute(name) in {attribute(n) for n in found} - {None, "other"}


def _own(source: str, frame: Any, names: Sequence[str]) -> Iterator[tuple[str, Any, str]]:
    """Columns of a frame that holds the test rows: plain ones, then those put together from dummies."""
    columns = frames.column_names(frame)
    for name in columns if not names else [n for n in names if n in columns]:
        if not names and attribute(name) is None:
            continue
        values = frames.column(frame, name)
        if not names and _dummy_of(name, columns) is not None and _indicates(values):
            continue
        if names or plausible(name, values):
            yield name, values, f"the column {name!r} of {source}"
    for base, members in _dummies(columns, names).items():
        if all(_indicates(frames.column(frame, m)) for m in members):
            yield base, _undummied(frame, base, members), f"put together from {', '.join(members[:3])}"


def plausible(name: str, values: Any) -> bool:
    """False where the values belie the name: a `race` with 400 numbers is a contest, a `genre` of films no gender."""
    kind = attribute(name)
    gaps = frames.missing_mask(values)
    words = {str(v).strip().lower() for v in values[~gaps][:5000].tolist()}
    if kind in ("age", "other", "origin"):
        return True
    if kind == "sex" and "genre" in str(name).lower():
        return bool(words & {"m", "f", "h", "homme", "femme", "male", "female", "masculin", "féminin"})
    return len(words) <= MOST_GROUPS


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


def _indicates(values: Any) -> bool:
    """True for a column of zeros and ones: `marital_status` is no dummy of `marital`."""
    values = np.asarray(values)
    return values.dtype.kind in "biuf" and bool(np.isin(values, (0, 1)).all())


def _undummied(X: Any, base: str, members: list[str]) -> Any:
    columns = [np.asarray(frames.column(X, m)) for m in members]
    labels = [m.rpartition("__")[2][len(base) + 1 :] for m in members]
    matrix = np.column_stack(columns).astype(bool)
    values = np.array([*labels, "other" if len(members) > 1 else f"not {labels[0]}"], dtype=object)
    return values[np.where(matrix.any(axis=1), matrix.argmax(axis=1), len(members))]


def raw_frames(
    namespace: Mapping[str, Any], X_test: Any, kin: Kin, wanted: Callable[[str], bool]
) -> list[tuple[str, Any, Any]]:
    """(variable, frame, rows of it that are the test rows): larger frames whose index holds the test set's.

    An index is only counted numbers in most frames, so values have to agree too: a column that both have, or the
    labels. Where the cells say that the test set was cut from this frame, an index that was not renumbered will do.
    """
    rows = frames.n_rows(X_test)
    held = [X_test, *(v for _, v in kin.aligned), kin.labels]
    known = [v for v in held if v is not None and _indexed(v) and _length(v) == rows]
    if not known:
        return []
    index = known[0].index
    if not index.is_unique:
        return []
    named = {str(n): v for v in reversed(known) for n, v in _columns(v)}
    counted = all(_counted(v.index) for v in known)
    found = []
    for name, value in namespace.items():
        if (
            name.startswith("_")
            or any(value is v for v in held)
            or not _indexed(value)
            or not hasattr(value, "columns")
        ):
            continue
        try:
            if len(value) < rows or not any(wanted(str(c)) for c in value.columns) or not value.index.is_unique:
                continue
            at = value.index.get_indexer(index)
            if (at < 0).any():
                continue
            cut_from = name in kin.lineage and not counted and len(value) > rows
            if cut_from or any(_agree(value, c, at, v) for c, v in named.items()):
                found.append((len(value), name, value, at))
        except Exception:  # noqa: S112  (a frame of another library with an index of its own)
            continue
    return [(name, value, at) for _, name, value, at in sorted(found, key=lambda f: f[0])]


def _indexed(value: Any) -> bool:
    return type(value).__name__ in ("DataFrame", "Series") and hasattr(getattr(value, "index", None), "get_indexer")


def _columns(value: Any) -> list[tuple[Any, Any]]:
    if hasattr(value, "columns"):
        return [(c, value[c]) for c in list(value.columns)[:40]]
    return [(value.name, value)]


def _agree(raw: Any, name: str, at: Any, there: Any) -> bool:
    """True when the frame's values at these rows are the test set's, and that is no chance."""
    if name not in frames.column_names(raw):
        return False
    a, b = frames.column(raw, name)[at], frames.column(there, str(there.name))
    if (a.dtype.kind in "biuf") != (b.dtype.kind in "biuf"):
        return False
    full = ~(frames.missing_mask(a) | frames.missing_mask(b))
    if not full.any() or np.mean(np.asarray(a[full] == b[full], dtype=bool)) < 0.99:
        return False
    _, counts = np.unique(b[full].astype(str), return_counts=True)
    chance = float(((counts / counts.sum()) ** 2).sum())
    return chance < 1 and int(full.sum()) * -np.log2(chance) > BITS


def _counted(index: Any) -> bool:
    ids = np.sort(np.asarray(index))
    return ids.dtype.kind in "iu" and len(ids) > 0 and int(ids[0]) == 0 and int(ids[-1]) == len(ids) - 1


def _length(value: Any) -> int:
    try:
        return len(value)
    except TypeError:
        return -1
